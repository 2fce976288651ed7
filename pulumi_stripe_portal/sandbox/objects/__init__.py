"""What all of Stripe's objects share: declaration, parameters, expansion, lists.

May import `addresses`, `data`, `errors` and `evidence`.
"""
