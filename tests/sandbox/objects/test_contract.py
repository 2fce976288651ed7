"""Requests that the param types of the installed `stripe` package do not allow."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Wire

PATH = "/v1/billing_portal/configurations"
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
        pytest.param(
            f"{INVOICES}&name[b]=c&name=a",
            "Invalid request: name is both a value and an object.",
            "name",
            None,
            id="object-and-value",
        ),
        pytest.param(
            f"{INVOICES}&[name]=a",
            "Received unknown parameter: [name]",
            "[name]",
            "parameter_unknown",
            id="no-name",
        ),
        pytest.param(
            f"{INVOICES}&name[a]=b",
            "Invalid string: {'a': 'b'}",
            "name",
            None,
            id="string",
        ),
        pytest.param(
            f"{INVOICES}&default_return_url=https://[1",
            "Not a valid URL",
            "default_return_url",
            "url_invalid",
            id="url-host",
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
