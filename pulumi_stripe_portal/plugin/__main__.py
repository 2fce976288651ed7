"""Serve the plugin: `python -m pulumi_stripe_portal.plugin`."""

from pulumi_stripe_portal.plugin import main

main()
