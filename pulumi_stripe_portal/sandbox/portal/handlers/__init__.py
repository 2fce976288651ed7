"""The pages that answer: what a form asks for, and what it does when it is sent."""
