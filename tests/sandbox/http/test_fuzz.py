"""Requests by chance: whatever is sent, it is answered, and never by a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.objects.contract import Shape, shape_of
from pulumi_stripe_portal.sandbox.objects.resource import Operation
from pulumi_stripe_portal.sandbox.routes import OPERATIONS
from tests.sandbox.kept import Kept
from tests.sandbox.portal.shop import Customer, Shop

DAY = 24 * 60 * 60
WORDS = ["usd", "eur", "now", "0", "x", "é\u0000", "gone", "https://a.example"]
NUMBERS = ["0", "1", "2", "30", "-1", str(10**17), "1795500000", "1900000000"]
UNSUPPORTED = (
    "application_fee_percent",
    "bill_for",
    "billing_cycle_anchor_config",
    "billing_schedules",
    "billing_thresholds",
    "customer_account",
    "default_source",
    "forgive",
    "issuer",
    "default_tax_rates",
    "invoice_settings",
    "invoicing_behavior",
    "mandate",
    "schedule",
    "source",
    "tax",
    "paid_out_of_band",
    "pending_invoice_item_interval",
    "radar_options",
    "schedule_details",
    "transfer_data",
    "trial_from_plan",
    "us_bank_account",
    "expand",
    "type",
)
"""Parameters whose answer is known, as the sandbox does not have them."""


class Ground:
    """A sandbox with one of everything, made once, and there again when it is gone."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.shop = Shop(sandbox)
        self.ids = self._ids()
        self.fresh = Kept(sandbox).restore

    def _ids(self) -> dict[str, list[str]]:
        """Make everything, and return the ids by kind."""
        api = self.shop.api
        self.shop.configure()
        jenny = self.shop.customer("jenny@example.com")
        poor = self.shop.customer("poor@example.com", price="price_ProMonthlyTest")
        self.shop.add_card(poor.id, "pm_card_chargeCustomerFail", default=True)
        coupon = api.coupons.create({"percent_off": 10, "duration": "forever"}).id
        code = api.promotion_codes.create(
            {"promotion": {"type": "coupon", "coupon": coupon}}
        ).id
        tax_id = api.customers.tax_ids.create(
            jenny.id, {"type": "eu_vat", "value": "DE123456789"}
        ).id
        found = api.subscriptions.retrieve(jenny.subscription)
        cards = [each.id for each in api.payment_methods.list().data]
        configurations = api.billing_portal.configurations.list().data
        hook = api.webhook_endpoints.create(
            {"url": "https://a.example", "enabled_events": ["*"]}
        )
        return self._more(jenny) | {
            "account": [self.sandbox.account],
            "configuration": [each.id for each in configurations],
            "coupon": [coupon],
            "customer": [jenny.id, poor.id],
            "id": [found["items"]["data"][0].id],
            "invoice": [str(each.id) for each in api.invoices.list().data],
            "payment_method": [*cards, "pm_card_visa", "pm_card_chargeDeclined"],
            "price": ["price_ProMonthlyTest", "price_BasicAnnualTest"],
            "product": ["prod_ProTest", "prod_BasicTest"],
            "promotion_code": [code],
            "subscription": [jenny.subscription, poor.subscription],
            "tax_id": [tax_id],
            "webhook_endpoint": [hook.id],
        }

    def _more(self, jenny: Customer) -> dict[str, list[str]]:
        """Make what is before and after the portal."""
        api: Any = self.shop.api
        poor: Any = {
            "customer": jenny.id,
            "items": [{"price": "price_ProMonthlyTest"}],
            "payment_behavior": "default_incomplete",
        }
        api.subscriptions.create(poor)
        checkout: Any = {
            "mode": "subscription",
            "line_items": [{"price": "price_ProMonthlyTest", "quantity": 1}],
            "success_url": "https://a.example",
        }
        item: Any = {"customer": jenny.id, "amount": 5, "currency": "usd"}
        feature: Any = {"name": "A", "lookup_key": "a"}
        planner = self.shop.customer("planner@example.com").subscription
        schedule: Any = {"from_subscription": planner}
        clock = api.test_helpers.test_clocks.create({"frozen_time": 1_900_000_000}).id
        found = api.subscriptions.retrieve(jenny.subscription)
        return {
            "entitlement_feature": [api.entitlements.features.create(feature).id],
            "frozen_time": ["1900000001", "1910000000"],
            "invoiceitem": [api.invoice_items.create(item).id],
            "meter": [api.prices.retrieve(self.shop.metered_price()).recurring.meter],
            "payment_intent": [e.id for e in api.payment_intents.list().data],
            "session": [api.checkout.sessions.create(checkout).id],
            "setup_intent": [api.setup_intents.create({"customer": jenny.id}).id],
            "subscription_item": [found["items"]["data"][0].id],
            "subscription_schedule": [api.subscription_schedules.create(schedule).id],
            "test_clock": [clock],
        }

    def ask(self, method: str, path: str, form: Mapping[str, str]) -> tuple[int, Any]:
        """Send a request, and let a day pass."""
        host = self.sandbox.url.removeprefix("http://")
        connection = HTTPConnection(host, timeout=10)
        headers = {
            "Authorization": f"Bearer {self.sandbox.api_key}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, path, urlencode(form), headers)
        response = connection.getresponse()
        body = json.loads(response.read())
        connection.close()
        self.sandbox.advance(DAY)
        return response.status, body


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    """One sandbox for all."""
    with Sandbox() as sandbox:
        yield Ground(sandbox)


def value(
    draw: st.DrawFn, name: str, shape: Shape, ids: Mapping[str, list[str]], depth: int
) -> Any:
    """Draw a value for a parameter: mostly one that it accepts, and that exists."""
    kinds = []
    if shape.fields is not None:
        kinds.append("fields")
    if shape.item is not None:
        kinds.append("item")
    if shape.values is not None:
        kinds.append("values")
    if shape.scalar is not None or not kinds:
        kinds.append("scalar")
    if shape.clearable:
        kinds.append("clear")
    kind = draw(st.sampled_from(kinds))
    if kind == "clear" or depth > 4:
        return ""
    if kind == "fields":
        return some(draw, shape, ids, depth + 1)
    if kind == "values":
        return {"a": "b"}
    if kind == "item" and shape.item:
        return {"0": value(draw, name, shape.item, ids, depth + 1)}
    if shape.choices:
        return draw(st.sampled_from(shape.choices))
    if shape.scalar is bool:
        return draw(st.sampled_from(["true", "false"]))
    if shape.scalar in (int, float, Decimal):
        return draw(st.sampled_from(NUMBERS))
    near = [id_ for known, found in ids.items() if known in name for id_ in found]
    return draw(st.sampled_from([*near, *near, "gone"] if near else WORDS))


def some(
    draw: st.DrawFn, shape: Shape, ids: Mapping[str, list[str]], depth: int
) -> dict[str, Any]:
    """Draw some of an object's parameters, with all that are required."""
    known = shape.fields or {}
    optional = sorted(set(known) - shape.required - set(UNSUPPORTED))
    chosen = sorted(shape.required)
    if optional:
        few = st.lists(st.sampled_from(optional), max_size=4, unique=True)
        chosen += draw(few)
    return {name: value(draw, name, known[name], ids, depth) for name in chosen}


def flat(params: Mapping[str, Any], path: str = "") -> dict[str, str]:
    """Encode nested parameters as a form has them."""
    form: dict[str, str] = {}
    for name, each in params.items():
        key = f"{path}[{name}]" if path else name
        form |= flat(each, key) if isinstance(each, dict) else {key: each}
    return form


def target(draw: st.DrawFn, path: str, ids: Mapping[str, list[str]]) -> str:
    """Fill a path with ids."""
    customer = draw(st.sampled_from(ids["customer"]))
    before, mark, after = path.replace("<customer>", customer).partition("<id>")
    if not mark:
        return before
    kind = before.rstrip("/").rpartition("/")[2].removesuffix("s")
    own = ids.get(kind, ["gone"])
    id_ = draw(st.sampled_from([*own, *own, *own, "gone"]))
    return before + quote(id_, safe="") + after


def test_the_ground_is_there_again(ground: Ground) -> None:
    """Whatever was done to it, and however much later: as if it had been made anew."""
    ground.fresh()
    store, now = ground.sandbox._store, ground.sandbox.now
    before = json.dumps([each.as_json() for each in store.partitions()])
    jenny = ground.ids["customer"][0]
    ground.ask("POST", f"/v1/customers/{jenny}", {"name": "Else"})
    ground.ask("DELETE", f"/v1/customers/{jenny}", {})
    assert json.dumps([each.as_json() for each in store.partitions()]) != before

    ground.fresh()

    assert json.dumps([each.as_json() for each in store.partitions()]) == before
    assert ground.sandbox.now - now < DAY


WRITES = [each for each in OPERATIONS if each.method != "GET"]
NEEDED = {
    "SubscriptionCreateParams": ("customer", "items"),
    "InvoiceCreatePreviewParams": ("subscription",),
    "PaymentMethodAttachParams": ("customer",),
    "billing_portal.SessionCreateParams": ("customer",),
}
"""What is required although the SDK does not say so."""


@st.composite
def requests(draw: st.DrawFn, operation: Operation, ids: Any) -> tuple[str, Any]:
    """Draw a path and the parameters for it."""
    shape = shape_of(operation.params)
    params = some(draw, shape, ids, 0)
    for name in NEEDED.get(operation.params, ()):
        fields = shape.fields or {}
        params.setdefault(name, value(draw, name, fields[name], ids, 0))
    return target(draw, operation.path, ids), flat(params)


@pytest.mark.parametrize(
    "operation", WRITES, ids=lambda each: f"{each.method} {each.path}"
)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_no_500(ground: Ground, operation: Operation, data: st.DataObject) -> None:
    """A request that the types allow is done or refused, and time goes on after it."""
    ground.fresh()
    for _ in range(3):
        path, form = data.draw(requests(operation, ground.ids))
        status, body = ground.ask(operation.method, path, form)

        assert status in (200, 400, 402, 403, 404, 501), (path, form, body)
        if status != 200:
            assert body["error"]["message"]
    assert ground.ask("GET", "/v1/events", {})[0] == 200
