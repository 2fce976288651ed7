"""Parameters that are newer than the installed stripe package."""

from __future__ import annotations

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.conftest import Wire

CONFIGURATIONS = "/v1/billing_portal/configurations"
ENDPOINTS = "/v1/webhook_endpoints"
NEW = "features[gift][enabled]=true&features[gift][days]=30&features[gift][to][0]=a"


def test_unknown_until_accepted(wire: Wire, sandbox: Sandbox) -> None:
    """It is refused, as Stripe refuses it, until a test says that Stripe has it."""
    assert wire("POST", CONFIGURATIONS, NEW).status == 400

    sandbox.accept_param(CONFIGURATIONS, "features[gift]")
    answer = wire("POST", CONFIGURATIONS, NEW)

    assert answer.status == 200
    gift = {"enabled": True, "days": 30, "to": ["a"]}
    assert answer.body["features"]["gift"] == gift
    id_ = answer.body["id"]
    changed = wire("POST", f"{CONFIGURATIONS}/{id_}", "features[gift][days]=")
    assert changed.body["features"]["gift"] == {**gift, "days": None}
    assert wire("GET", f"{CONFIGURATIONS}/{id_}").body == changed.body
    assert wire("POST", ENDPOINTS, NEW).status == 400

    sandbox.reset()

    assert wire("POST", CONFIGURATIONS, NEW).status == 400


def test_new_choices_of_a_known_parameter(wire: Wire, sandbox: Sandbox) -> None:
    """Any choice passes then; everything else is checked as before."""
    form = "url=https://example.com&enabled_events[0]=invoice.gifted"
    assert wire("POST", ENDPOINTS, form).status == 400

    sandbox.accept_param(ENDPOINTS, "enabled_events")

    answer = wire("POST", ENDPOINTS, form)
    assert answer.body["enabled_events"] == ["invoice.gifted"]
    assert wire("POST", ENDPOINTS, "url=https://example.com").status == 400


@pytest.mark.parametrize(
    ("path", "param"), [("configurations", "theme"), (CONFIGURATIONS, "a[b")]
)
def test_what_is_no_parameter(sandbox: Sandbox, path: str, param: str) -> None:
    """A slip in the test is told."""
    with pytest.raises(ValueError, match="is no pa"):
        sandbox.accept_param(path, param)
