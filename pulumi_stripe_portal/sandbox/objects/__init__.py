"""What all of Stripe's objects share: declaration, parameters, expansion, lists.

May import `data`, `errors` and `evidence`.
"""
