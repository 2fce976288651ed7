"""Sends the probes to Stripe and to a sandbox beside it, and clears up afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.exchange import exchange
from pulumi_stripe_portal.stripe_api.settings import Settings

from .cleaning import COLLECTIONS, Cleaner
from .declared import PROBES
from .differences import Difference, differences
from .permissions import require_permissions
from .probe import Probe
from .side import Side

__all__ = ["Outcome", "Verification", "plan", "prepare", "verify"]

_CONFIGURATIONS = "/v1/billing_portal/configurations"
_DAY = 86400


@dataclass(frozen=True)
class Outcome:
    """What came of a probe."""

    probe: Probe
    differences: Sequence[Difference]
    lacking: Sequence[str] = ()
    """What it needed and Stripe's answers didn't give: it wasn't sent then."""


@dataclass
class Verification:
    """What came of all probes."""

    outcomes: list[Outcome] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What could not be cleared up, in words."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing has stopped it."""
        return len(self.outcomes) == len(PROBES)

    @property
    def agrees(self) -> bool:
        """Whether all were sent and nothing differs."""
        odd = [each for each in self.outcomes if each.differences or each.lacking]
        return self.is_whole and not odd


def plan() -> str:
    """Say what will be made, what of it stays, and how many requests there are."""
    counts = Counter(probe.path for probe in PROBES if probe.makes)
    made = [(each, counts[each.path]) for each in COLLECTIONS if counts[each.path]]
    requests = len(PROBES) + len(COLLECTIONS) + sum(count for _, count in made)
    gone = [_count(count, each.noun) for each, count in made if not each.kept]
    stays = [_count(count, each.noun) for each, count in made if each.kept]
    subscriptions = counts["/v1/subscriptions"]
    return (
        f"About {requests} requests, fewer than 25 a second.\n"
        f"Made and deleted: {', '.join(gone)}, with {subscriptions} subscriptions and "
        "their test payments.\n"
        f"Made and switched off, as Stripe deletes none: {', '.join(stays)}.\n"
        "Invoices and events of the deleted customers stay. Nothing else of the "
        "account is changed; its webhook endpoints get the events of all this."
    )


def prepare(settings: Settings) -> Connection:
    """Look whether the account can be tried; nothing is written.

    Raises:
        SettingsError: The key is of live mode or lacks permissions, or the account has
            no portal configuration yet.
        RequestRefused: Stripe can't be asked.
    """
    if settings.livemode:
        raise SettingsError(
            "the key is a live key, and rules are tried in test mode only; give a "
            "test key. Nothing was sent"
        )
    connection = Connection.to(settings, None)
    require_permissions(connection)
    answer = exchange(connection, "GET", _CONFIGURATIONS, {"limit": 1})
    if not answer.is_done:
        raise SettingsError(
            "the key can't read portal configurations; give one that can. Stripe: "
            f"{answer.error.get('message')}"
        )
    if not answer.body.get("data"):
        raise SettingsError(
            "the account has no portal configuration yet, and the first one is its "
            "default for ever; save the portal's settings first at "
            "https://dashboard.stripe.com/test/settings/billing/portal. Nothing was "
            "made"
        )
    return connection


def verify(
    connection: Connection,
    say: Callable[[str], None],
    is_stopped: Callable[[], bool],
    result: Verification,
    probes: Sequence[Probe] = PROBES,
) -> None:
    """Send the probes, and clear up whatever happens.

    Args:
        connection: Stripe, as `prepare` returned it.
        say: Tells the user how far the work is.
        is_stopped: Asked before each probe; true ends it.
        result: Takes what comes of it, also where an error ends it.
        probes: What is sent, in this order.

    Raises:
        RequestRefused: Stripe can't be asked any more.
    """
    cleaner = Cleaner(connection)
    with _beside() as (reference, now):
        given = {
            "run": cleaner.run,
            "past": str(now - 40 * _DAY),
            "soon": str(now + 10 * _DAY),
        }
        stripe, sandbox = Side(connection, given), Side(reference, given)
        try:
            for number, probe in enumerate(probes, 1):
                if is_stopped():
                    break
                say(f"Asking Stripe: {number} of {len(probes)}")
                result.outcomes.append(_try(probe, stripe, sandbox, cleaner))
        finally:
            result.left += cleaner.clean(say)


def _try(probe: Probe, stripe: Side, sandbox: Side, cleaner: Cleaner) -> Outcome:
    params = cleaner.tag(probe)
    expected = sandbox.ask(probe, params)
    lacking = stripe.lacks(probe)
    if lacking:
        sandbox.keep(probe, expected)
        return Outcome(probe, (), lacking)
    found = stripe.ask(probe, params)
    cleaner.note(probe, found)
    differing = differences(found, expected, stripe.kept, sandbox.kept)
    stripe.keep(probe, found)
    sandbox.keep(probe, expected)
    return Outcome(probe, differing)


@contextmanager
def _beside() -> Iterator[tuple[Connection, int]]:
    """Run the sandbox that is asked too; it has a default configuration already."""
    with Sandbox(catalogue=False) as sandbox:
        settings = Settings(sandbox.api_key, "test", sandbox.url, None, preflight=False)
        connection = Connection(settings, None)
        features = {"invoice_history": {"enabled": True}}
        exchange(connection, "POST", _CONFIGURATIONS, {"features": features})
        yield connection, sandbox.now


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
