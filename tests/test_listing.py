"""How often an account is listed: the refresh of hundreds of objects is few pages."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.schema.resources import CONFIGURATIONS
from pulumi_stripe_portal.stripe_api import markers
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.settings import Settings

COUNT = 12
FEATURES: Any = {"invoice_history": {"enabled": True}}


class SlowClock:
    """A machine on which time passes faster than the work gets on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SlowClock:
    """Let the time of the lists be what the test says."""
    slow = SlowClock()
    monkeypatch.setattr(markers, "time", slow)
    return slow


def reads(clock: SlowClock, seconds: float) -> list[str]:
    """Read a dozen configurations with a pause before each; return the requests."""
    with Sandbox() as sandbox:
        configurations = sandbox.client().v1.billing_portal.configurations
        made = [configurations.create({"features": FEATURES}).id for _ in range(COUNT)]
        settings = Settings(sandbox.api_key, "test", sandbox.url, None, True)
        objects = markers.Objects(Connection(settings, None), CONFIGURATIONS)
        sandbox.clear_requests()
        for id_ in made:
            clock.now += seconds
            assert objects.read(id_)["id"] == id_
        return [each.path for each in sandbox.requests]


def listed(paths: list[str]) -> int:
    """Return how many of the requests asked for a list."""
    return sum(path.endswith("/configurations") for path in paths)


@pytest.mark.parametrize("seconds", [0.0, 10.0, 59.0])
def test_a_slow_refresh_reads_one_list(clock: SlowClock, seconds: float) -> None:
    """Also where it takes many minutes."""
    assert listed(reads(clock, seconds)) == 1


def test_a_list_that_nobody_read_for_long_is_asked_for_again(clock: SlowClock) -> None:
    """The third read lists, as do all after it."""
    assert listed(reads(clock, 61.0)) == COUNT - 2
