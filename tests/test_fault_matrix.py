"""Whatever comes in the place of an answer: a plain re-run makes account and code one.

Every request of every operation of the three resources meets everything that a
network, a gateway or Stripe can do to it, once and until the run gives up. The
providers are the real ones, over the real `stripe` package, against the sandbox.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from pulumi_stripe_portal.errors import StripePortalError
from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.providers.default_portal_configuration import (
    DefaultPortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api import catalogue, retries

from .engine.wire import Answer, Trouble, Wire, laid
from .managed import Managed

HTML = b"<html><body>nginx</body></html>"
FORGOTTEN = ("id", "object", "livemode", "data", "has_more", "deleted", "metadata")


def says(
    status: int, body: Any, *headers: tuple[str, str]
) -> Callable[[Answer], Answer]:
    """Answer this, whatever Stripe said."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = ("Content-Length", str(len(content)))
    return lambda _answer: (status, [*headers, length], content)


def error(type_: str, **more: str) -> dict[str, Any]:
    """Return an error object as Stripe has it."""
    return {"error": {"type": type_, "message": "An unknown error occurred", **more}}


def lacking(*names: str) -> Callable[[Answer], Answer]:
    """Answer what Stripe said, without some fields."""

    def answer(given: Answer) -> Answer:
        status, headers, content = given
        kept = {k: v for k, v in json.loads(content).items() if k not in names}
        _, more, content = says(status, kept)(given)
        others = [each for each in headers if each[0].lower() != "content-length"]
        return status, others + more, content

    return answer


LIMITED = error("invalid_request_error", code="rate_limit")
AWAY = ("Location", "https://login.example.com/?next=x")
TROUBLES: dict[str, Trouble] = {
    "cut before": Trouble(),
    "cut after the commit": Trouble("after"),
    "429": Trouble(answer=says(429, LIMITED)),
    "429, Retry-After": Trouble(answer=says(429, LIMITED, ("Retry-After", "2"))),
    "500": Trouble(answer=says(500, error("api_error"))),
    "500 after the commit": Trouble("after", says(500, error("api_error"))),
    "503 HTML": Trouble(answer=says(503, HTML)),
    "404 HTML": Trouble(answer=says(404, HTML)),
    "404 HTML after the commit": Trouble("after", says(404, HTML)),
    "302": Trouble(answer=says(302, b"", AWAY)),
    "307": Trouble(answer=says(307, b"", AWAY)),
    "null": Trouble("after", says(200, None)),
    "a list": Trouble("after", says(200, [{}])),
    "missing fields": Trouble("after", lacking(*FORGOTTEN)),
    "hang": Trouble(answer=says(200, {}), pace=30),
    "trickle": Trouble("after", lacking(), pace=0.05),
}

PORTAL: dict[str, Any] = {
    "features": {
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [{"prices": [{"lookup_key": "pro_monthly"}]}],
        },
    },
    "metadata": {"team": "billing"},
}
ENDPOINT: dict[str, Any] = {
    "url": "https://example.com/stripe",
    "enabled_events": ["customer.updated"],
    "disabled": True,
}


@dataclass(frozen=True)
class Resource:
    """A resource of a program: what it declares, and what it does later."""

    provider: type[StripeProvider]
    inputs: dict[str, Any]
    change: dict[str, Any] = field(default_factory=dict)
    path: str = "/v1/billing_portal/configurations"

    @property
    def changed(self) -> dict[str, Any]:
        """The inputs after the change."""
        return {**self.inputs, **self.change}


RESOURCES = {
    "PortalConfiguration": Resource(
        PortalConfigurationProvider, PORTAL, {"name": "Plans", "metadata": {}}
    ),
    "PortalConfiguration, inactive": Resource(
        PortalConfigurationProvider, {"features": {}, "active": False}, {"name": "Off"}
    ),
    "DefaultPortalConfiguration": Resource(
        DefaultPortalConfigurationProvider, PORTAL, {"name": "Plans"}
    ),
    "WebhookEndpoint": Resource(
        WebhookEndpointProvider, ENDPOINT, {"disabled": False}, "/v1/webhook_endpoints"
    ),
}
OPERATIONS = ("create", "adopt", "update", "refresh", "delete")


@pytest.fixture
def wire(stripe_sandbox: Sandbox) -> Iterator[Wire]:
    """What the providers' requests go over."""
    with laid(stripe_sandbox.url) as wire:
        yield wire


def hurried(monkeypatch: pytest.MonkeyPatch, trouble: Trouble, times: int) -> None:
    """Wait less than a user waits, and least for an answer that never is whole.

    For others it is longer than a busy machine's sandbox takes; *times* as long.
    """
    for name, seconds in {
        "DEADLINE": 0.5 if trouble.pace else 2.0,
        "ONE_TRY": 0.2 if trouble.pace else 0.6,
        "FIRST_WAIT": 0.0005,
        "LONGEST_WAIT": 0.01,
    }.items():
        monkeypatch.setattr(retries, name, seconds * times)


def let_arrive() -> None:
    """Wait for what was given up: it may be done after the next run looked."""
    for thread in threading.enumerate():
        if thread.name == retries.REQUEST:
            thread.join(timeout=30)


class Cell:
    """One resource in an account of its own, about to be operated upon."""

    def __init__(
        self, resource: Resource, operation: str, sandbox: Sandbox, wire: Wire
    ) -> None:
        sandbox.reset()
        self.resource, self.operation = resource, operation
        self.dashboard = sandbox.client().v1
        self.default = resource.provider is DefaultPortalConfigurationProvider
        if resource.path.endswith("configurations") and not self.default:
            features: Any = {"invoice_history": {"enabled": True}}
            self.dashboard.billing_portal.configurations.create({"features": features})
        self.managed = Managed(resource.provider, sandbox, wire.url)
        self.inputs = resource.inputs
        if operation == "adopt":
            self.inputs = self._found_before(sandbox)
        elif operation != "create":
            self.managed.up(self.inputs)
        if operation == "update":
            self.inputs = resource.changed

    def _found_before(self, sandbox: Sandbox) -> dict[str, Any]:
        """Let the object be there already, made by another; return what adopts it."""
        other = Managed(self.resource.provider, sandbox)
        other.up(self.resource.inputs)
        metadata: Any = {"metadata": {"pulumi": ""}}
        if self.resource.provider is WebhookEndpointProvider:
            self.dashboard.webhook_endpoints.update(other.id, metadata)
        else:
            self.dashboard.billing_portal.configurations.update(other.id, metadata)
        return {**self.resource.inputs, "adopt": other.id}

    def run(self) -> None:
        """Do what the engine does, which keeps its state where that fails."""
        if self.operation == "refresh":
            assert not self.managed.refresh()
            assert self.managed.id
        elif self.operation == "delete":
            if self.managed.id:
                self.managed.destroy()
        else:
            self.managed.up(self.inputs)

    def succeeds(self) -> bool:
        """Run, and tell whether that succeeded or failed by an error of ours."""
        try:
            self.run()
        except StripePortalError:
            return False
        return True

    def assert_as_declared(self) -> None:
        """Fail unless there is one object, as the code says; or none, once deleted."""
        if self.operation == "delete":
            assert self._ours() == []
            return
        (one,) = self._ours()
        assert one["id"] == self.managed.id
        assert not self.managed.refresh()
        assert self.managed.up(self.inputs) == "same"
        if self.resource.provider is WebhookEndpointProvider:
            adopted = self.operation == "adopt"
            assert adopted or self.managed.outputs["secret"]

    def _ours(self) -> list[dict[str, Any]]:
        """Return what is at Stripe besides what was there before, and is in use."""
        if self.resource.provider is WebhookEndpointProvider:
            return [each.to_dict() for each in self.dashboard.webhook_endpoints.list()]
        found = self.dashboard.billing_portal.configurations.list()
        every = [each.to_dict() for each in found]
        if self.default:  # which is never let go, and never twice
            assert len(every) == 1
            return every if self.operation != "delete" or self.managed.id else []
        every = [each for each in every if not each["is_default"]]
        active = [each for each in every if each["active"]]
        if self.resource.inputs.get("active") is False:
            assert not active
            return every if self.operation != "delete" or self.managed.id else []
        assert len(every) == 1
        return active


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        (name, operation)
        for name in RESOURCES
        for operation in (OPERATIONS if "inactive" not in name else ["create"])
    ],
)
def test_a_plain_run_mends_it(
    name: str,
    operation: str,
    stripe_sandbox: Sandbox,
    wire: Wire,
    record_property: Callable[[str, object], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One object each, as declared; deleted ones gone; and no error but our own."""
    monkeypatch.setattr(catalogue, "_GATHER", 0.0)  # nobody else asks
    resource = RESOURCES[name]

    def cell() -> Cell:
        return Cell(resource, operation, stripe_sandbox, wire)

    calm = cell()
    stripe_sandbox.clear_requests()
    calm.run()
    requests = len(stripe_sandbox.requests)
    calm.assert_as_declared()
    gave_up = tried = 0
    for nth in range(1, requests + 1):
        for trouble_name, trouble in TROUBLES.items():
            for lasting in (False, True):
                for times in (1, 20):  # the second where a slow machine gave up before
                    disturbed = cell()
                    with monkeypatch.context() as patched:
                        hurried(patched, trouble, times)
                        wire.disturb(nth, trouble, lasting=lasting)
                        failed = not disturbed.succeeds()
                    struck = bool(wire.struck)
                    wire.rest()
                    let_arrive()
                    if struck:
                        break
                gave_up += failed
                try:
                    assert struck
                    disturbed.run()
                    disturbed.assert_as_declared()
                except Exception as error:
                    where = f"{trouble_name} at request {nth}, lasting={lasting}"
                    raise AssertionError(where) from error
                tried += 1

    record_property("cells", tried)
    assert gave_up >= requests * len(TROUBLES) * 0.9  # of the lasting half
