"""Billing: what happens to customers, subscriptions and invoices, each rule once.

Stripe's API (`routes`), the customer in the portal (`visits`) and the passing of time
(`passing`) all change data through the modules here, which record the events. Objects
are stored as Stripe shows them, but for lists inside of them and links, which the
`view` of their resource adds. Nothing stored is ever changed in place.
"""
