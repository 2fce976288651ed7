"""What programs declare: the three resources, `Provider`, and their registration.

Runs in the program's process. May import `inputs`, `errors`, `events`, `schema`,
`engine`, `stripe_api` and `providers`.
"""
