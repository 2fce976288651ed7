"""Pulumi's stacks as its command line tells them: states, previews, settings.

May import `stripe_api.settings`, `engine` and `errors`.
"""
