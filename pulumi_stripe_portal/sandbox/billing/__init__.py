"""Billing: what happens to customers, subscriptions and invoices, each rule once.

Stripe's API (`routes`), the customer in the portal (`portal_session`) and the passing
of time (`due_events`) all change data through the modules here, which record the
events. Objects are stored as Stripe shows them, but for lists inside of them and links,
which the `view` of their resource adds. Nothing stored is ever changed in place.

May import `data`, `errors`, `objects`, `verbs` and `webhooks`.
"""
