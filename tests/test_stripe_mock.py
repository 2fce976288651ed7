"""Requests against stripe-mock: Stripe's own server, which checks by Stripe's spec.

It keeps nothing and knows API 2026-08-26.dahlia: what came later, `subscription_pause`,
it lets pass unseen.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.events import PORTAL_EVENTS
from pulumi_stripe_portal.inputs import (
    PortalConfigurationInputs,
    WebhookEndpointInputs,
)
from pulumi_stripe_portal.schema.metadata_rules import MARKER_KEY
from pulumi_stripe_portal.schema.resources import CONFIGURATIONS, WEBHOOK_ENDPOINTS
from pulumi_stripe_portal.schema.tree import Node, schema_of
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stripe_api.catalogue import Catalogue
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.params import create_params, update_params
from pulumi_stripe_portal.stripe_api.settings import Settings

pytestmark = pytest.mark.stripe_mock

PORTAL = schema_of(PortalConfigurationInputs)
ENDPOINT = schema_of(WebhookEndpointInputs)

FEATURES: dict[str, Any] = {
    "customer_update": {"enabled": True, "allowed_updates": ["email", "tax_id"]},
    "invoice_history": {"enabled": True},
    "payment_method_update": {
        "enabled": True,
        "payment_method_configuration": "pmc_123",
    },
    "subscription_cancel": {
        "enabled": True,
        "mode": "immediately",
        "proration_behavior": "create_prorations",
        "cancellation_reason": {
            "enabled": True,
            "options": ["too_expensive", "other"],
            "feedback_options": ["fbo_123"],
        },
    },
    "subscription_pause": {
        "enabled": True,
        "duration": {
            "type": "interval_options",
            "interval_options": [{"interval": "month", "interval_count": 2}],
        },
    },
    "subscription_update": {
        "enabled": True,
        "default_allowed_updates": ["price", "quantity", "promotion_code"],
        "products": [
            {
                "product": "prod_123",
                "prices": ["price_123"],
                "adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 9},
            }
        ],
        "proration_behavior": "always_invoice",
        "billing_cycle_anchor": "now",
        "trial_update_behavior": "continue_trial",
        "schedule_at_period_end": {"conditions": [{"type": "shortening_interval"}]},
    },
}
ALL: dict[str, Any] = {
    "features": FEATURES,
    "active": False,
    "business_profile": {
        "headline": "Hello",
        "privacy_policy_url": "https://example.com/privacy",
        "terms_of_service_url": "https://example.com/terms",
    },
    "default_return_url": "https://example.com/account",
    "login_page": {"enabled": True},
    "metadata": {"team": "billing"},
    "name": "Everything",
}
HOOK: dict[str, Any] = {
    "url": "https://example.com/hook",
    "enabled_events": PORTAL_EVENTS,
    "api_version": "2026-08-26.dahlia",
    "connect": True,
    "description": "Everything",
    "disabled": True,
    "metadata": {"team": "billing"},
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where stripe-mock answers."""
    binary = shutil.which("stripe-mock")
    assert binary, "no stripe-mock on PATH: run the tests with `make test`"
    anywhere = "127.0.0.1:0"
    command = [binary, "-http-addr", anywhere, "-https-addr", anywhere]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = (
            line.partition("Listening for HTTP at address: ") for line in server.stdout
        )
        here = next(f"http://{address.strip()}" for _, found, address in said if found)
        # It tells of each request, and waits where nobody reads it.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        yield here
        server.terminate()


class MixedSettings(Settings):
    """stripe-mock takes test keys only, but its configurations are of live mode."""

    def require_key(self) -> str:
        """Return the key without asking for its mode."""
        return "sk_test_123"


@pytest.fixture
def connection(address: str) -> Connection:
    """Stripe, whose configurations are of live mode."""
    return Connection(MixedSettings(None, "live", address, None, True), None)


@pytest.fixture
def test_mode(address: str) -> Connection:
    """Stripe in test mode, as for stripe-mock's webhook endpoints."""
    return Connection(Settings("sk_test_123", "test", address, None, True), None)


def paths(root: Node) -> list[tuple[str, ...]]:
    """Return the paths of Stripe's own fields."""
    leaves = (each for each in root.leaves() if each[1].kind != "open")
    return [path for path, leaf in leaves if not leaf.mark.ours]


def test_the_configuration_names_every_field() -> None:
    """So that a field which is added to the inputs is tried here too."""
    assert [path for path in paths(PORTAL) if value_at(ALL, path) is None] == []
    assert [path for path in paths(ENDPOINT) if value_at(HOOK, path) is None] == []


def test_a_configuration_of_all_fields(connection: Connection) -> None:
    """Stripe's spec accepts it, at creation and as an update of nothing."""
    params = create_params(PORTAL, ALL)
    params["metadata"][MARKER_KEY] = "shop/test/PortalConfiguration/all"

    made = connection.create(CONFIGURATIONS, params)
    empty: dict[str, Any] = {"features": {}}
    connection.update(CONFIGURATIONS, made["id"], update_params(PORTAL, empty, ALL))


@pytest.mark.parametrize(
    "path",
    paths(PORTAL),
    ids=".".join,
)
def test_each_field_alone_and_its_reset(
    connection: Connection, path: tuple[str, ...]
) -> None:
    """What is sent when one field is set, and when it is removed, is well formed."""
    one = _only(path)
    assert create_params(PORTAL, one)

    connection.create(CONFIGURATIONS, create_params(PORTAL, one))
    for old, new in (({"features": {}}, one), (one, {"features": {}})):
        params = update_params(PORTAL, old, new)
        assert params
        connection.update(CONFIGURATIONS, "bpc_123", params)


def _only(path: tuple[str, ...]) -> dict[str, Any]:
    inputs: dict[str, Any] = {"features": {}}
    target = inputs
    node = PORTAL
    for name in path[:-1]:
        node = node.children[name]
        target = target.setdefault(name, {})
        if "enabled" in node.children:
            target["enabled"] = False
    target[path[-1]] = value_at(ALL, path)
    return inputs


def test_the_other_requests_on_configurations(connection: Connection) -> None:
    """Deactivation, reading one, the list of all, and the search for the default."""
    connection.update(CONFIGURATIONS, "bpc_123", {"active": False})
    connection.retrieve(CONFIGURATIONS, "bpc_123")

    assert list(connection.list_all(CONFIGURATIONS))
    assert list(connection.list_all(CONFIGURATIONS, {"is_default": True}))
    assert list(connection.list_all(CONFIGURATIONS, {"active": True}))


def test_webhook_endpoints(test_mode: Connection) -> None:
    """Creation, update, reset of each field, and deletion."""
    empty = {"url": "https://example.com", "enabled_events": ["*"]}
    made = test_mode.create(WEBHOOK_ENDPOINTS, create_params(ENDPOINT, HOOK))
    for old, new in ((empty, HOOK), (HOOK, empty)):
        params = update_params(ENDPOINT, old, new)
        test_mode.update(WEBHOOK_ENDPOINTS, made["id"], params)
    test_mode.retrieve(WEBHOOK_ENDPOINTS, made["id"])

    assert list(test_mode.list_all(WEBHOOK_ENDPOINTS))
    test_mode.delete(WEBHOOK_ENDPOINTS, made["id"])


def test_the_catalogue_and_the_account(test_mode: Connection) -> None:
    """Prices by lookup key and by product, one price, and the account."""
    catalogue = Catalogue(test_mode)

    catalogue.by_key("pro_monthly")
    assert catalogue.of_product("prod_123") is not None
    assert catalogue.price("price_123") is not None
    assert test_mode.account_id()


def test_verify_reports_whatever_is_answered(address: str) -> None:
    """What keeps nothing and knows no rules differs everywhere, and breaks nothing."""
    environ = {"STRIPE_API_BASE": address, "STRIPE_API_KEY": "sk_test_123"}
    done = CliRunner().invoke(main, ["sandbox", "verify", "--yes"], env=environ)

    assert done.exit_code == 1, done.stderr
    assert isinstance(done.exception, SystemExit)
    assert done.stdout.startswith("# Where Stripe differs from the sandbox\n"), (
        done.stderr
    )
    assert "\n## OURS: " in done.stdout
    assert "Not cleared up" not in done.stderr
