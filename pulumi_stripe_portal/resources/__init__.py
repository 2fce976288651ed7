"""What programs declare: the three resources, `Provider`, and their registration.

Runs in the program's process. May import `providers`, `engine`, `schema`, `stripe_api`.
"""
