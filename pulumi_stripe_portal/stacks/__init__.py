"""Pulumi's stacks as its command line tells them: states, previews, settings.

May import `schema`, `stripe_api`, `engine` and `errors`.
"""
