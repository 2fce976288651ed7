"""Every field of a portal configuration, as the installed `stripe` package types it."""

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

from tests.sandbox.payloads import EXPAND, MINIMAL, RESETS, every_field

PRODUCT = (
    "adjustable_quantity",
    "adjustable_quantity.enabled",
    "adjustable_quantity.maximum",
    "adjustable_quantity.minimum",
    "prices",
    "product",
)


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

    assert "/p/login/test_" in answer.pop("login_page")["url"]
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
