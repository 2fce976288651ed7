"""What the test-suite of a team that sells subscriptions asks of Stripe.

Each call has the outcome that Stripe's documentation gives it, or, where the sandbox
leaves it out, a 501 that names it. None is a 400 or a 404 that Stripe wouldn't give.
"""
