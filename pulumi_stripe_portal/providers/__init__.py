"""What happens at Stripe: one provider for each resource, run in the plugin process.

The module and class names here are part of every user's state (Pulumi stores where a
dynamic provider is found): they never change. What all of them do stands in private
modules, each built on the one before: `_resource` (hooks, views), `_account_guard`,
`_writing`, `_owning` (markers), `_adoption` (`import_`), `_base` (the engine's calls).
"""
