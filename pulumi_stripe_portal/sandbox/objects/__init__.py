"""What all of Stripe's objects share: declaration, parameters, expansion, lists.

May import `data` and `errors`.
"""
