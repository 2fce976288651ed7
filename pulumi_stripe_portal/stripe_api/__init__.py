"""Stripe as the API answers it: requests, answers, errors, settings, prices, markers.

The only place that imports `stripe`. May import `schema`, `engine` and `errors`.
"""
