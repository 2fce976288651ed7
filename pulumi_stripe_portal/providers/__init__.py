"""What happens at Stripe: one provider for each resource, run in the plugin process.

The module and class names here are part of every user's state (Pulumi stores where a
dynamic provider is found): they never change.
"""
