"""The resources as a Pulumi plugin for every language: `pulumi-resource-stripe-portal`.

`servicer` gives the engine's calls to the providers, `settings` are those of a stack or
of an explicit provider, `functions` answer what programs look up, and `schema.json`
says all of that to Pulumi's code generators; `python -m tools.plugin_schema` writes it.
`installing` puts it where Pulumi finds it. May import `engine`, `errors`, `schema`,
`stripe_api`, `stacks` and `providers`.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Serve the engine that started this process, with its address as last argument."""
    from pulumi_stripe_portal.engine.host import Host
    from pulumi_stripe_portal.engine.plugin import serve

    from .servicer import StripePortal

    *_, last = ["", *sys.argv[1:]]
    serve(StripePortal(Host(last) if ":" in last else None))
