"""`python -m pulumi_stripe_portal` is the command `stripe-portal`."""

from pulumi_stripe_portal.cli import main

main(prog_name="stripe-portal")
