"""The probes, by subject, in the order in which they are sent.

Those that make what others need stand first in their file. A probe that Stripe might
answer otherwise than the sandbox spoils little for those behind it: it changes an
object that few of them use, or stands last.
"""

from __future__ import annotations

from itertools import chain

from pulumi_stripe_portal.verifying.probe import Probe

from . import (
    catalogue,
    configurations,
    customers,
    known,
    requests,
    sessions,
    subscriptions,
)

__all__ = ["PROBES"]

PROBES: tuple[Probe, ...] = tuple(
    chain(
        catalogue.PROBES,
        customers.FIRST,
        sessions.PROBES,
        configurations.PROBES,
        customers.PROBES,
        subscriptions.PROBES,
        requests.PROBES,
        known.PROBES,
    )
)
"""All of them, in order."""
