"""Each parameter of the package, on each route: known, or left out by its name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.conftest import Reply, Wire

from .package import Parameter, Request, parameters, requests
from .test_routes import is_served
from .world import World

MONTHLY = {
    "currency": "usd",
    "product": "prod_ProTest",
    "recurring": {"interval": "month"},
    "unit_amount": 500,
}
ITEM = {"price": "price_BasicMonthlyTest"}
LINE = {"price": "price_ProMonthlyTest", "quantity": 1}

BESIDE: dict[str, Any] = {
    "GET /v1/prices/search": lambda _: {"query": "active:'true'"},
    "GET /v1/products/search": lambda _: {"query": "active:'true'"},
    "POST /v1/billing/meters": lambda world: {"event_name": world.word()},
    "POST /v1/billing_portal/sessions": lambda world: {"customer": world.known},
    "POST /v1/checkout/sessions": lambda _: {
        "mode": "subscription",
        "line_items": [LINE],
        "success_url": "https://shop.example/done",
    },
    "POST /v1/coupons": lambda _: {"percent_off": 10},
    "POST /v1/entitlements/features": lambda world: {"lookup_key": world.word()},
    "POST /v1/invoiceitems": lambda world: {
        "amount": 500,
        "currency": "usd",
        "customer": world.known,
    },
    "POST /v1/invoices": lambda world: {"customer": world.known},
    "POST /v1/invoices/create_preview": lambda world: {
        "subscription": world.samples["subscription"]
    },
    "POST /v1/payment_intents/{intent}/confirm": lambda _: {
        "payment_method": "pm_card_visa"
    },
    "POST /v1/payment_methods": lambda _: {
        "type": "card",
        "card": {"token": "tok_visa"},
    },
    "POST /v1/payment_methods/{payment_method}/attach": lambda world: {
        "customer": world.known
    },
    "POST /v1/prices": lambda _: MONTHLY,
    "POST /v1/products": lambda _: {"name": "Seats"},
    "POST /v1/products/{product}/features": lambda world: {
        "entitlement_feature": world.entitlements_features()
    },
    "POST /v1/promotion_codes": lambda world: {
        "promotion": {"type": "coupon", "coupon": world.samples["coupon"]}
    },
    "POST /v1/setup_intents/{intent}/confirm": lambda _: {
        "payment_method": "pm_card_visa"
    },
    "POST /v1/subscription_items": lambda world: {
        **ITEM,
        "subscription": world.subscriptions(),
    },
    "POST /v1/subscription_schedules": lambda world: {
        "from_subscription": world.subscriptions()
    },
    "POST /v1/subscriptions": lambda world: {
        "customer": world.known,
        "items": [LINE],
    },
}
"""What Stripe requires besides what the package's types do, by request."""

INSTEAD = {
    "amount_off": "percent_off",
    "customer_account": "customer",
    "product_data": "product",
    "pricing": "amount",
    "unit_amount_decimal": "unit_amount",
    "custom_unit_amount": "unit_amount",
}
"""Parameters in whose place others stand."""

UNSEEN = re.compile(
    # How something is done, not what it becomes.
    r".*(^|\[| )(billing_address_collection|invoice_now|off_session|payment_behavior"
    r"|pending_invoice_items_behavior|preserve_cancel_date|preview_mode|prorate"
    r"|proration_behavior|proration_date|return_url|use_stripe_sdk|validate)\]?"
    # What belongs to another object, or is only answered where it is expanded.
    r"|POST /v1/checkout/sessions (line_items|subscription_data).*"
    r"|POST /v1/invoiceitems tax_behavior|POST /v1/prices product_data.*"
    r"|POST /v1/customers (payment_method|tax_id_data.*)"
    r"|POST /v1/prices(/\{price\})? (currency_options|tiers)\[.*"
    # What is so already: the sample says what is there.
    r"|.*(discounts\[\].*|payment_method|price|plan\]?|card\[number\]|\[type\])"
    r"|.*(expand\[\]|price\]|trial_end\]?|unit_amount_decimal\]?)"
)
"""Parameters that may change nothing in the answer."""

SERVED = [each for each in requests() if is_served(each) and each.params]


def flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Write parameters as a form has them."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from flat(each, f"{name}[{key}]" if name else key)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from flat(each, f"{name}[{place}]")
    else:
        yield name, str(value).lower() if isinstance(value, bool) else value


def beside(request: Request, world: World, least: Any, tried: Parameter) -> Any:
    """Return all that is sent with the parameter that is tried."""
    wanted = {**least, **BESIDE.get(str(request), lambda _: {})(world)}
    head = tried.path[0]
    wanted.pop(INSTEAD.get(head, ""), None)
    own: Any = wanted.get(head)
    inside = tried.value
    if isinstance(own, dict) and isinstance(inside, dict):
        return {**wanted, head: {**own, **inside}}
    both = isinstance(own, list) and isinstance(inside, list)
    if both and isinstance(own[0], dict) and isinstance(inside[0], dict):
        return {**wanted, head: [{**own[0], **inside[0]}]}
    return {**wanted, head: inside}


def wrong(tried: Parameter, reply: Reply) -> str | None:
    """Say what is wrong with an answer, if something is."""
    if reply.status == 200:
        return None
    error = reply.body["error"]
    code, message = error.get("code"), error["message"]
    if code == "invoice_upcoming_none":  # a 404: the subscription would end before
        return None
    if code == "parameter_unknown" or reply.status not in (400, 402, 501):
        return f"{tried}: {reply.status} {message}"
    names = [name for name in tried.path if name != "[]"]
    if reply.status == 501 and not any(name in message for name in names):
        return f"{tried}: not named in «{message}»"
    return None


def plain(value: Any) -> Any:
    """Return an answer without what is another each time: ids, secrets and times."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, int) and value > 1_500_000_000:
        return "time"
    return re.sub(r"\w{8,}", "id", value) if isinstance(value, str) else value


def dropped(name: str, tried: Parameter, reply: Reply, without: Reply) -> bool:
    """Tell whether an answer is as if a parameter hadn't been sent."""
    if UNSEEN.fullmatch(name) or (reply.status, without.status) != (200, 200):
        return False
    shown = json.dumps(tried.scalar) in json.dumps(reply.body)
    return not shown and plain(reply.body) == plain(without.body)


@pytest.mark.parametrize("request_", SERVED, ids=str)
def test_each_is_known_or_left_out_by_name(
    sandbox: Sandbox, wire: Wire, request_: Request
) -> None:
    """No parameter of the package is unknown here, breaks anything, or is dropped."""
    world = World(sandbox)
    least, every = parameters(request_, world.samples)
    method, changes = request_.method.upper(), request_.method != "get"

    def send(path: str, params: Any) -> Reply:
        form = urlencode(list(flat(params)))
        return wire(method, path, form) if changes else wire("GET", f"{path}?{form}")

    without = send(
        world.fill(request_.path),
        {**least, **BESIDE.get(str(request_), lambda _: {})(world)},
    )
    path, found = world.fill(request_.path), []
    for tried in every:
        reply = send(path, beside(request_, world, least, tried))
        problem = wrong(tried, reply)
        if problem:
            found.append(problem)
        elif changes and dropped(f"{request_} {tried}", tried, reply, without):
            found.append(f"{tried}: changes nothing")
        if reply.status == 200 and changes and "{" in request_.path:
            path = world.fill(request_.path)
    assert found == []
