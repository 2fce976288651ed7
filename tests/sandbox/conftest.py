"""Fixtures: a sandbox as new for each test, clients, plain HTTP, and a shop."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from typing import Any
from urllib.parse import urlencode

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox

from .happenings import Happenings
from .portal.shop import Customer, Shop


@dataclass(frozen=True)
class Reply:
    """What came back over the wire."""

    status: int
    headers: HTTPMessage
    body: Any


class Wire:
    """One HTTP connection that is kept, and nothing between the test and the bytes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.connection = HTTPConnection(
            sandbox.url.removeprefix("http://"), timeout=10
        )

    def __call__(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request with the test key, unless *headers* say otherwise."""
        body = form if isinstance(form, str) else urlencode(form)
        sent = {
            "Authorization": f"Bearer {self._sandbox.api_key}",
            "Content-Type": "application/x-www-form-urlencoded",
            **(headers or {}),
        }
        sent = {name: value for name, value in sent.items() if value}
        self.connection.request(method, path, body, sent)
        response = self.connection.getresponse()
        return Reply(response.status, response.headers, json.loads(response.read()))


@pytest.fixture
def sandbox(stripe_sandbox: Sandbox) -> Sandbox:
    """Hand out the fixture that users get, under a shorter name."""
    return stripe_sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> stripe.StripeClient:
    """Stripe's client with the test key."""
    return sandbox.client()


@pytest.fixture
def live(sandbox: Sandbox) -> stripe.StripeClient:
    """Stripe's client with the live key."""
    return sandbox.client(livemode=True)


@pytest.fixture
def wire(sandbox: Sandbox) -> Iterator[Wire]:
    """Plain HTTP to the sandbox."""
    wire = Wire(sandbox)
    yield wire
    wire.connection.close()


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    """A company's account, with a configuration that allows everything."""
    shop = Shop(sandbox)
    shop.configure()
    return shop


@pytest.fixture
def jenny(shop: Shop) -> Customer:
    """A customer with a Visa card, on Basic by the month."""
    return shop.customer()


@pytest.fixture
def happenings(sandbox: Sandbox) -> Happenings:
    """The events from here on."""
    return Happenings(sandbox)
