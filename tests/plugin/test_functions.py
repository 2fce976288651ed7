"""What programs look up at Stripe."""

from __future__ import annotations

from typing import Any

from pulumi.runtime.proto import provider_pb2 as pb
from stripe import StripeClient

from pulumi_stripe_portal.engine.values import pack, unpack
from pulumi_stripe_portal.sandbox import Sandbox

from .served import Served, forget


def request(function: str, **args: Any) -> pb.InvokeRequest:
    """Return the request that calls a function."""
    return pb.InvokeRequest(tok=f"stripe-portal:index:{function}", args=pack(args))


def test_a_price_by_lookup_key(plugin: Served, stripe_sandbox: Sandbox) -> None:
    """It is found by one request, with its product and interval."""
    answer = plugin.ask("Invoke", request("getPrice", lookup_key="pro_monthly"))

    found, _ = unpack(getattr(answer, "return"))
    assert found["id"].startswith("price_")
    assert found["product"].startswith("prod_")
    assert (found["interval"], found["interval_count"]) == ("month", 1)
    assert found["lookup_key"] == "pro_monthly"
    assert stripe_sandbox.count("GET") == 1


def test_a_price_that_is_not_there(plugin: Served) -> None:
    """The key is named."""
    words = plugin.refused("Invoke", request("getPrice", lookup_key="pro_monthyl"))

    assert words == "no price has the lookup key 'pro_monthyl' in test mode"


def test_no_lookup_key(plugin: Served) -> None:
    """What is missing is said."""
    words = plugin.refused("Invoke", request("getPrice"))

    assert words == "lookup_key: is missing; give the key of a price"


def test_the_default(plugin: Served, dashboard: StripeClient) -> None:
    """It is told as declared, with its outputs; that there is none is an error."""
    words = plugin.refused("Invoke", request("getDefaultPortalConfiguration"))
    features: Any = {"invoice_history": {"enabled": True}}
    made = dashboard.v1.billing_portal.configurations.create(
        {"features": features, "name": "Clicked"}
    )
    forget()

    answer = plugin.ask("Invoke", request("getDefaultPortalConfiguration"))

    assert words == "the account has no portal configuration in test mode yet"
    found, _ = unpack(getattr(answer, "return"))
    assert found["id"] == made.id
    assert found["features"] == features
    assert found["is_default"] is True
    assert found["name"] == "Clicked"


def test_a_function_that_is_not_there(plugin: Served) -> None:
    """It is named."""
    words = plugin.refused("Invoke", request("getCoupon"))

    assert words == "there is no function stripe-portal:index:getCoupon"
