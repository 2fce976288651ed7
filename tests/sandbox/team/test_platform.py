"""Webhooks, events, time, files, accounts; and the parts of Stripe left out."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from pulumi_stripe_portal.sandbox import Sandbox

from .calls import THERE, Call, Refused, Team, left_out, try_call

HOOK = {"url": "https://shop.example/hook", "enabled_events": ["invoice.paid"]}


def hook(team: Team, **fields: Any) -> Any:
    """Make an endpoint."""
    return team.v1.webhook_endpoints.create({**HOOK, **fields})


def clock(team: Team) -> Any:
    """Make a test clock."""
    wanted = {"frozen_time": team.now, "name": "Renewals"}
    return team.v1.test_helpers.test_clocks.create(wanted)


def renewed(team: Team) -> Any:
    """Move a customer's clock by 32 days, and list their invoices."""
    moved = clock(team)
    customer = team.customer(test_clock=moved.id)
    team.subscribe(customer)
    wanted = {"frozen_time": team.now + 32 * 86400}
    team.v1.test_helpers.test_clocks.advance(moved.id, wanted)
    return team.v1.invoices.list({"customer": customer})


def logo(team: Team) -> Any:
    """Upload a logo."""
    png = BytesIO()
    Image.new("RGB", (200, 200), "#204080").save(png, "PNG")
    png.seek(0)
    return team.v1.files.create({"purpose": "business_logo", "file": png})


def of_account(team: Team) -> Any:
    """Create a customer of a connected account."""
    shop = team.sandbox.connect("acct_shop").id
    made = team.v1.customers.create({}, {"stripe_account": shop})
    return [team.v1.customers.retrieve(made.id, None, {"stripe_account": shop})]


def left(route: str, make: Callable[[Any], Any], at: str = "v1") -> Call:
    """Return a call of a part of Stripe that is left out."""
    return route, lambda t: make(getattr(t.client, at)), left_out(route)


CALLS: list[Call] = [
    ("webhook_endpoints.create", hook, {"secret": THERE, "status": "enabled"}),
    (
        "webhook_endpoints.create for all events",
        lambda t: hook(t, enabled_events=["*"], description="All"),
        {"enabled_events": ["*"]},
    ),
    (
        "webhook_endpoints.create for an event that isn't there",
        lambda t: hook(t, enabled_events=["invoice.gone"]),
        Refused(400, None, "Invalid enabled_events"),
    ),
    (
        "webhook_endpoints.update",
        lambda t: t.v1.webhook_endpoints.update(hook(t).id, {"disabled": True}),
        {"status": "disabled"},
    ),
    (
        "webhook_endpoints.delete",
        lambda t: t.v1.webhook_endpoints.delete(hook(t).id),
        {"deleted": True},
    ),
    (
        "webhook_endpoints.list",
        lambda t: [hook(t), t.v1.webhook_endpoints.list()][1],
        {"data.#": 1},
    ),
    (
        "events.list by type",
        lambda t: [
            t.subscribe(),
            t.v1.events.list({"types": ["invoice.paid"], "limit": 1}),
        ][1],
        {"data.0.data.object.status": "paid", "data.0.api_version": THERE},
    ),
    (
        "events.retrieve",
        lambda t: t.v1.events.retrieve(
            [t.customer(), t.v1.events.list().data[0].id][1]
        ),
        {"object": "event", "request.id": THERE},
    ),
    ("test_clocks.create", clock, {"status": "ready", "name": "Renewals"}),
    ("test_clocks.advance", renewed, {"data.#": 2, "data.0.status": "paid"}),
    (
        "test_clocks.delete",
        lambda t: t.v1.test_helpers.test_clocks.delete(clock(t).id),
        {"deleted": True},
    ),
    ("files.create", logo, {"purpose": "business_logo", "type": "png", "url": THERE}),
    (
        "files.create of evidence",
        lambda t: t.v1.files.create(
            {"purpose": "dispute_evidence", "file": BytesIO(b"x")}
        ),
        left_out("the purpose dispute_evidence of files"),
    ),
    (
        "accounts.retrieve_current",
        lambda t: t.v1.accounts.retrieve_current(),
        {"object": "account", "charges_enabled": True},
    ),
    ("customers.create of a connected account", of_account, {"0.object": "customer"}),
    (
        "accounts.update, its branding",
        lambda t: t.v1.accounts.update(
            t.sandbox.account, {"settings": {"branding": {"primary_color": "#204080"}}}
        ),
        {"settings.branding.primary_color": "#204080"},
    ),
    (
        "a wrong key",
        lambda t: t.v1.customers.list({}, {"api_key": "sk_test_987"}),
        Refused(401, None, "Invalid API Key provided"),
    ),
    (
        "a wrong account",
        lambda t: t.v1.customers.list({}, {"stripe_account": "acct_wrong"}),
        Refused(403, "account_invalid", "does not have access to account"),
    ),
    (
        "a path that isn't Stripe's",
        lambda t: t.client.raw_request("get", "/v1/custommers"),
        Refused(404, None, "Unrecognized request URL"),
    ),
    left("POST /v1/accounts", lambda v1: v1.accounts.create({"country": "US"})),
    left(
        "POST /v1/account_links",
        lambda v1: v1.account_links.create(
            {"account": "acct_1", "type": "account_onboarding"}
        ),
    ),
    left(
        "POST /v1/account_sessions",
        lambda v1: v1.account_sessions.create({"account": "acct_1", "components": {}}),
    ),
    left("GET /v1/application_fees", lambda v1: v1.application_fees.list()),
    left("GET /v1/file_links", lambda v1: v1.file_links.list()),
    left("GET /v1/reporting/report_types", lambda v1: v1.reporting.report_types.list()),
    left("GET /v1/radar/value_lists", lambda v1: v1.radar.value_lists.list()),
    left("GET /v1/reviews", lambda v1: v1.reviews.list()),
    left("GET /v1/country_specs", lambda v1: v1.country_specs.list()),
    left("GET /v1/exchange_rates", lambda v1: v1.exchange_rates.list()),
    left("GET /v1/topups", lambda v1: v1.topups.list()),
    left("GET /v1/terminal/readers", lambda v1: v1.terminal.readers.list()),
    left("GET /v1/issuing/cards", lambda v1: v1.issuing.cards.list()),
    left(
        "GET /v1/identity/verification_sessions",
        lambda v1: v1.identity.verification_sessions.list(),
    ),
    left(
        "GET /v1/apps/secrets",
        lambda v1: v1.apps.secrets.list({"scope": {"type": "account"}}),
    ),
    left("GET /v2/core/events", lambda v2: v2.core.events.list(), at="v2"),
    left(
        "POST /v2/core/event_destinations",
        lambda v2: v2.core.event_destinations.create(
            {
                "name": "Mine",
                "type": "webhook_endpoint",
                "event_payload": "thin",
                "enabled_events": ["v1.billing.meter.no_meter_found"],
            }
        ),
        at="v2",
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_call(sandbox: Sandbox, call: Call) -> None:
    """It has the outcome that is written beside it."""
    try_call(Team(sandbox), call)
