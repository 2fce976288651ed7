"""Requests against the param types of the installed `stripe` package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
import stripe
from stripe.params.billing_portal import (
    ConfigurationCreateParams,
    ConfigurationUpdateParams,
)
from typing_extensions import get_type_hints, is_typeddict

from .conftest import Wire
from .payloads import EXPAND, MINIMAL, RESETS, every_field

PATH = "/v1/billing_portal/configurations"


def declared(hint: Any, path: str = "") -> Iterator[str]:
    """Walk the paths of all fields of a TypedDict of stripe's, however wrapped."""
    if is_typeddict(hint):
        options = stripe.RequestOptions.__annotations__
        names = {"StripeContext": Any, "Mapping": dict, "RequestOptions": Any}
        for name, inner in get_type_hints(hint, localns=names).items():
            if name not in options:
                yield f"{path}.{name}"
                yield from declared(inner, f"{path}.{name}")
    elif get_origin(hint) is not None:
        for inner in get_args(hint):
            yield from declared(inner, path)


def sent(value: Any, path: str = "") -> Iterator[str]:
    """Walk the paths of all fields of a payload; metadata is one field."""
    if isinstance(value, list):
        for each in value:
            yield from sent(each, path)
    elif isinstance(value, dict) and path != ".metadata":
        for name, inner in value.items():
            yield f"{path}.{name}"
            yield from sent(inner, f"{path}.{name}")


@pytest.fixture
def complete(client: stripe.StripeClient) -> ConfigurationCreateParams:
    """Return a payload with every field, referring to objects that exist."""
    option = client.v1.billing.feedback_options.create({"description": "Too fast"})
    methods = client.v1.payment_method_configurations.list()
    return every_field(option.id, methods.data[0].id)


def test_payload_is_complete(complete: ConfigurationCreateParams) -> None:
    """Each field that the SDK can send on create is in the test below this one."""
    assert set(sent(complete)) == set(declared(ConfigurationCreateParams))


def test_every_field_is_stored(
    client: stripe.StripeClient, complete: ConfigurationCreateParams
) -> None:
    """Every field of ConfigurationCreateParams comes back as it was sent."""
    client.v1.billing_portal.configurations.create(MINIMAL)
    created = client.v1.billing_portal.configurations.create(complete)

    answer = created.to_dict()
    retrieved = client.v1.billing_portal.configurations.retrieve(
        created.id, {"expand": EXPAND}
    )

    assert answer.pop("login_page")["url"].startswith(
        "https://billing.stripe.com/p/login/test_"
    )
    wanted = {k: v for k, v in complete.items() if k not in ("expand", "login_page")}
    assert {name: answer[name] for name in wanted} == wanted
    assert retrieved.to_dict() == created.to_dict()


def test_every_field_is_reset(
    client: stripe.StripeClient, complete: ConfigurationCreateParams
) -> None:
    """Every field of ConfigurationUpdateParams is applied; "" gives null or []."""
    client.v1.billing_portal.configurations.create(MINIMAL)
    created = client.v1.billing_portal.configurations.create(complete)

    reset = client.v1.billing_portal.configurations.update(created.id, RESETS)

    unwritten = {".features.subscription_update.products." + rest for rest in PRODUCT}
    unwritten |= {
        ".features.subscription_update.schedule_at_period_end.conditions.type"
    }
    pause = ".features.subscription_pause.duration.interval_options."
    unwritten |= {pause + "interval", pause + "interval_count"}
    assert set(sent(RESETS)) == set(declared(ConfigurationUpdateParams)) - unwritten
    assert reset.to_dict() == {
        "active": True,
        "application": None,
        "business_profile": {
            "headline": None,
            "privacy_policy_url": None,
            "terms_of_service_url": None,
        },
        "created": created.created,
        "default_return_url": None,
        "features": {
            "customer_update": {"allowed_updates": [], "enabled": False},
            "invoice_history": {"enabled": False},
            "payment_method_update": {
                "enabled": False,
                "payment_method_configuration": None,
            },
            "subscription_cancel": {
                "cancellation_reason": {
                    "enabled": False,
                    "feedback_options": [],
                    "options": [],
                },
                "enabled": False,
                "mode": "at_period_end",
                "proration_behavior": "none",
            },
            "subscription_pause": {
                "duration": {"interval_options": [], "type": "indefinite"},
                "enabled": False,
            },
            "subscription_update": {
                "billing_cycle_anchor": "unchanged",
                "default_allowed_updates": [],
                "enabled": False,
                "products": [],
                "proration_behavior": "none",
                "schedule_at_period_end": {"conditions": []},
                "trial_update_behavior": "end_trial",
            },
        },
        "id": created.id,
        "is_default": False,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "name": None,
        "object": "billing_portal.configuration",
        "updated": reset.updated,
    }


PRODUCT = (
    "adjustable_quantity",
    "adjustable_quantity.enabled",
    "adjustable_quantity.maximum",
    "adjustable_quantity.minimum",
    "prices",
    "product",
)
INVOICES = "features[invoice_history][enabled]=true"
CANCEL = "features[subscription_cancel]"
UPDATE = "features[subscription_update]"


@pytest.mark.parametrize(
    ("form", "message", "param", "code"),
    [
        pytest.param(
            "features[x][enabled]=true",
            "Received unknown parameter: features[x]",
            "features[x]",
            "parameter_unknown",
            id="unknown",
        ),
        pytest.param(
            f"{INVOICES}&a=1&is_default=true",
            "Received unknown parameters: a, is_default",
            "a",
            "parameter_unknown",
            id="several-unknown",
        ),
        pytest.param(
            f"{INVOICES}&active=true",
            "Received unknown parameter: active",
            "active",
            "parameter_unknown",
            id="active-on-create",
        ),
        pytest.param(
            f"{UPDATE}[products][0][product]=prod_BasicTest&"
            f"{UPDATE}[products][0][foo]=1",
            f"Received unknown parameter: {UPDATE}[products][0][foo]",
            f"{UPDATE}[products][0][foo]",
            "parameter_unknown",
            id="unknown-in-list",
        ),
        pytest.param(
            "name=x",
            "Missing required param: features.",
            "features",
            "parameter_missing",
            id="missing",
        ),
        pytest.param(
            f"{CANCEL}[enabled]=true&{CANCEL}[cancellation_reason][enabled]=true",
            f"Missing required param: {CANCEL}[cancellation_reason][options].",
            f"{CANCEL}[cancellation_reason][options]",
            "parameter_missing",
            id="missing-nested",
        ),
        pytest.param(
            f"{UPDATE}[enabled]=false&{UPDATE}[products][0][product]=prod_BasicTest",
            f"Missing required param: {UPDATE}[products][0][prices].",
            f"{UPDATE}[products][0][prices]",
            "parameter_missing",
            id="missing-in-list",
        ),
        pytest.param(
            f"{CANCEL}[enabled]=true&{CANCEL}[mode]=later",
            f"Invalid {CANCEL}[mode]: must be one of at_period_end or immediately",
            f"{CANCEL}[mode]",
            None,
            id="choice-of-two",
        ),
        pytest.param(
            f"{UPDATE}[enabled]=false&{UPDATE}[default_allowed_updates][]=colour",
            f"Invalid {UPDATE}[default_allowed_updates][0]: must be one of price, "
            "promotion_code, or quantity",
            f"{UPDATE}[default_allowed_updates][0]",
            None,
            id="choice-of-three",
        ),
        pytest.param(
            "features[invoice_history][enabled]=yes",
            "Invalid boolean: yes",
            "features[invoice_history][enabled]",
            None,
            id="boolean",
        ),
        pytest.param(
            "features[subscription_pause][duration][type]=interval_options&"
            "features[subscription_pause][duration][interval_options][0][interval]=day&"
            "features[subscription_pause][duration][interval_options][0]"
            "[interval_count]=2.5",
            "Invalid integer: 2.5",
            "features[subscription_pause][duration][interval_options][0]"
            "[interval_count]",
            "parameter_invalid_integer",
            id="integer",
        ),
        pytest.param(
            f"{INVOICES}&business_profile=x",
            "Invalid object",
            "business_profile",
            None,
            id="object",
        ),
        pytest.param(
            f"{UPDATE}[enabled]=false&{UPDATE}[products]=x",
            "Invalid array",
            f"{UPDATE}[products]",
            None,
            id="array",
        ),
        pytest.param(
            f"{UPDATE}[enabled]=false&{UPDATE}[products][x]=y",
            "Invalid array",
            f"{UPDATE}[products]",
            None,
            id="array-with-names",
        ),
        pytest.param(
            f"{INVOICES}&business_profile[privacy_policy_url]=",
            "You passed an empty string for 'business_profile[privacy_policy_url]'. We "
            "assume empty values are an attempt to unset a parameter; however "
            "'business_profile[privacy_policy_url]' cannot be unset. You should remove "
            "'business_profile[privacy_policy_url]' from your request or supply a "
            "non-empty value.",
            "business_profile[privacy_policy_url]",
            "parameter_invalid_empty",
            id="empty",
        ),
        pytest.param(
            f"{INVOICES}&name={'x' * 257}",
            f"Invalid string: {'x' * 257}; must be at most 256 characters",
            "name",
            None,
            id="name",
        ),
        pytest.param(
            f"{INVOICES}&default_return_url=acme.example",
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            "default_return_url",
            "url_invalid",
            id="url-scheme",
        ),
        pytest.param(
            f"{INVOICES}&default_return_url=https://",
            "Not a valid URL",
            "default_return_url",
            "url_invalid",
            id="url",
        ),
        pytest.param(
            f"{INVOICES}&name=a&name[b]=c",
            "Invalid request: name[b] is both a value and an object.",
            "name[b]",
            None,
            id="value-and-object",
        ),
    ],
)
def test_refusals(
    wire: Wire, form: str, message: str, param: str, code: str | None
) -> None:
    """What the types do not allow is refused as Stripe refuses it, and not kept."""
    reply = wire("POST", PATH, form)

    assert reply.status == 400
    error = reply.body["error"]
    assert (error["message"], error["param"]) == (message, param)
    assert error.get("code") == code
    assert error["type"] == "invalid_request_error"
    assert wire("GET", PATH).body["data"] == []


@pytest.mark.parametrize(
    "form",
    [
        pytest.param("metadata[a]=1&metadata[b]=2", id="map"),
        pytest.param("metadata%5Ba%5D=1&metadata%5Bb%5D=2", id="escaped"),
    ],
)
def test_maps(wire: Wire, form: str) -> None:
    """Keys may be escaped or not, as curl and the SDKs send them."""
    reply = wire("POST", PATH, f"{INVOICES}&{form}")

    assert reply.body["metadata"] == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "items",
    [
        "[]=email&{0}[]=name",
        "[0]=email&{0}[1]=name",
        "[1]=name&{0}[0]=email",
    ],
)
def test_lists(wire: Wire, items: str) -> None:
    """Lists may be sent with positions or without."""
    name = "features[customer_update][allowed_updates]"
    reply = wire(
        "POST",
        PATH,
        f"features[customer_update][enabled]=true&{name}{items.format(name)}",
    )

    allowed = reply.body["features"]["customer_update"]["allowed_updates"]
    assert allowed == ["email", "name"]


def test_lists_of_objects_without_positions(wire: Wire) -> None:
    """`a[][x]=1&a[][y]=2&a[][x]=3` is two objects: a key seen before begins one."""
    name = "features[subscription_pause][duration][interval_options][]"
    reply = wire(
        "POST",
        PATH,
        "features[subscription_pause][duration][type]=interval_options&"
        f"{name}[interval]=day&{name}[interval_count]=5&{name}[interval]=month",
    )

    duration = reply.body["features"]["subscription_pause"]["duration"]
    assert duration["interval_options"] == [
        {"interval": "day", "interval_count": 5},
        {"interval": "month", "interval_count": 1},
    ]


def test_json_bodies(wire: Wire) -> None:
    """A body that is not a form is refused with a hint at the content type."""
    reply = wire("POST", PATH, "{}", {"Content-Type": "application/json"})

    assert reply.status == 400
    assert "application/x-www-form-urlencoded" in reply.body["error"]["message"]
