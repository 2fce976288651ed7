"""Tidemark: a SaaS around the customer portal, as an example of a user's program.

It signs people in, shows their plan, sends them to the portal and keeps up with what
they do there. Read `portal.py` for the way to the portal, `webhooks.py` and `inbox.py`
for the way back, `billing.py` for what is kept, `entitlements.py` for what a plan
allows. `python -m examples.webapp --help` runs it.
"""
