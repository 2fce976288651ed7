"""Numbers: each has a range, in every parameter of every operation."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.objects.contract import Shape, shape_of
from pulumi_stripe_portal.sandbox.objects.resource import Operation
from pulumi_stripe_portal.sandbox.routes import OPERATIONS
from tests.sandbox.conftest import Wire

DAY = 24 * 60 * 60


def numbers(shape: Shape, path: str = "") -> Iterator[str]:
    """Yield the paths of all numbers in *shape*, as a form has them."""
    if shape.scalar in (int, float, Decimal):
        yield path
    for name, inside in (shape.fields or {}).items():
        yield from numbers(inside, f"{path}[{name}]" if path else name)
    if shape.item:
        yield from numbers(shape.item, f"{path}[0]")
    if shape.values:
        yield from numbers(shape.values, f"{path}[eur]")


LARGE = (str(10**18), str(-(10**18)), "1e99999999", "9" * 5000, "²")
WITH_NUMBERS = [each for each in OPERATIONS if [*numbers(shape_of(each.params))]]


@pytest.mark.parametrize(
    "operation", WITH_NUMBERS, ids=lambda each: f"{each.method} {each.path}"
)
def test_every_number_has_a_range(wire: Wire, operation: Operation) -> None:
    """No number is taken that is none, or too large to be meant."""
    path = operation.path.replace("<", "").replace(">", "")
    for param in numbers(shape_of(operation.params)):
        for value in (
            str(10**18),
            str(-(10**18)),
            "1e99999999",
            "9" * 5000,
            "²",
            "nan",
        ):
            sent = {param: value}
            if operation.method == "GET":
                reply = wire("GET", f"{path}?{param}={value}".replace("²", "%C2%B2"))
            else:
                reply = wire(operation.method, path, sent)

            assert (reply.status, reply.body["error"].get("param")) == (400, param), (
                sent
            )
            assert len(reply.body["error"]["message"]) < 1000


PRICE = {"currency": "usd", "product_data[name]": "A", "recurring[interval]": "month"}


@pytest.mark.parametrize(
    ("path", "form", "param"),
    [
        ("/v1/prices", {**PRICE, "unit_amount": "-1"}, "unit_amount"),
        (
            "/v1/prices",
            {**PRICE, "unit_amount_decimal": "0.1234567890123"},
            "unit_amount_decimal",
        ),
        (
            "/v1/prices",
            {**PRICE, "unit_amount": "1", "recurring[interval_count]": "37"},
            "recurring[interval_count]",
        ),
        (
            "/v1/prices",
            {**PRICE, "unit_amount": "1", "recurring[interval_count]": "0"},
            "recurring[interval_count]",
        ),
        (
            "/v1/prices",
            {**PRICE, "unit_amount": "1", "currency_options[eur]": ""},
            "currency_options[eur]",
        ),
        ("/v1/coupons", {"percent_off": "101", "duration": "once"}, "percent_off"),
        ("/v1/customers", {"preferred_locales[²]": "de"}, "preferred_locales"),
        ("/v1/customers", {f"preferred_locales[{'1' * 4301}]": "de"}, None),
        ("/v1/customers", {"name" + "[a]" * 3000: "x"}, None),
        ("/v1/customers", {"x" * 30_000: "x"}, None),
        ("/v1/customers", {"email": "x" * 6000}, "email"),
    ],
)
def test_out_of_bounds(
    wire: Wire, path: str, form: dict[str, str], param: str | None
) -> None:
    """What is too small, too large, too long or too deep is refused by its name."""
    reply = wire("POST", path, form)

    assert reply.status == 400
    assert param is None or reply.body["error"]["param"] == param
    assert len(str(reply.body)) < 2_000


@pytest.mark.parametrize(
    "params",
    [
        {"cancel_at": "{far}"},
        {"trial_end": "{far}"},
        {"trial_period_days": "731"},
        {"items[0][quantity]": "-1"},
        {"items[0][quantity]": str(10**12)},
    ],
    ids=str,
)
def test_subscriptions(wire: Wire, sandbox: Sandbox, params: dict[str, str]) -> None:
    """A subscription doesn't begin or end in a time that nobody sees."""
    customer = wire("POST", "/v1/customers", {"payment_method": "pm_card_visa"}).body
    far = str(sandbox.now + 6 * 366 * DAY)
    form = {
        "customer": customer["id"],
        "items[0][price]": "price_ProMonthlyTest",
        **{name: value.format(far=far) for name, value in params.items()},
    }
    reply = wire("POST", "/v1/subscriptions", form)

    assert reply.status == 400
    assert reply.body["error"]["param"] == next(iter(params))


def test_many_parameters(wire: Wire) -> None:
    """A form has a bound on its parameters, so that it is read in time."""
    reply = wire("POST", "/v1/customers", "&".join(["a=b"] * 20_000))

    assert reply.status == 400


@pytest.mark.parametrize("seconds", [10**12, 11 * 366 * DAY, 1.5, True, "1", None])
def test_clock_stays_in_range(wire: Wire, sandbox: Sandbox, seconds: object) -> None:
    """A move that leads nowhere is refused, and the sandbox goes on as before."""
    before = sandbox.now

    with pytest.raises((ValueError, TypeError)):
        sandbox.advance(seconds)  # type: ignore[arg-type]
    assert sandbox.now - before < 100
    assert wire("POST", "/v1/customers").status == 200


def test_to_the_end_of_time(wire: Wire, sandbox: Sandbox) -> None:
    """At the clock's last moment everything still works, and a reset leads back."""
    before = sandbox.now
    for _ in range(8):
        sandbox.advance(min(10 * 365 * DAY, 4_102_444_799 - sandbox.now))
    price = {**PRICE, "unit_amount": "1", "recurring[interval_count]": "36"}
    customer = wire("POST", "/v1/customers", {"payment_method": "pm_card_visa"}).body
    form = {
        "customer": customer["id"],
        "default_payment_method": customer["id"] and "pm_card_visa",
        "items[0][price]": wire("POST", "/v1/prices", price).body["id"],
    }
    statuses = [
        wire("POST", "/v1/subscriptions", form).status,
        wire("GET", "/v1/subscriptions").status,
        wire("GET", "/v1/events").status,
    ]
    sandbox.reset()

    assert 500 not in statuses
    assert sandbox.now - before < 100
