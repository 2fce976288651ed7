"""What happens at Stripe: one provider for each resource, run in a provider process.

The module and class names of the three resources' providers are part of every user's
state (Pulumi stores where a dynamic provider is found): they never change. What all of
them do stands beside them, each module built on the one before: `naming`, `claims`
(what may be taken back), `soundness` (of what the engine hands over), `resource` (hooks
and views), `account_guard`, `writing`, `ownership`, `adoption` (`import_`) and `base`
(the engine's calls). May import `inputs`, `errors`, `engine`, `schema`, `stripe_api`
and `stacks`.
"""
