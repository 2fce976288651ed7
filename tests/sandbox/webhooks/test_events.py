"""Events about what the API changed."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from stripe.params import EventListParams

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.payloads import MINIMAL


def data(event: stripe.Event) -> dict[str, Any]:
    """Return the data of *event*."""
    found: dict[str, Any] = event.to_dict()["data"]
    return found


def test_created(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    """A new configuration is an event with the object and its cause."""
    created = client.v1.billing_portal.configurations.create(
        MINIMAL, {"idempotency_key": "once"}
    )
    (event,) = client.v1.events.list().data

    assert event.type == "billing_portal.configuration.created"
    assert data(event) == {"object": created.to_dict()}
    assert event.request is not None
    assert event.request.to_dict() == {
        "id": sandbox.requests[0].request_id,
        "idempotency_key": "once",
    }
    assert client.v1.events.retrieve(event.id).to_dict() == event.to_dict()


def test_previous_attributes(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    """An update's event has the old values: objects key by key, lists whole."""
    configurations = client.v1.billing_portal.configurations
    created = configurations.create({**MINIMAL, "name": "A", "metadata": {"a": "1"}})
    sandbox.advance(5)

    configurations.update(
        created.id,
        {
            "name": "B",
            "metadata": {"b": "2"},
            "features": {
                "customer_update": {"enabled": True, "allowed_updates": ["email"]}
            },
        },
    )
    event = client.v1.events.list().data[0]

    assert event.type == "billing_portal.configuration.updated"
    assert data(event)["object"]["name"] == "B"
    assert data(event)["previous_attributes"] == {
        "name": "A",
        "metadata": {"b": None},
        "features": {"customer_update": {"allowed_updates": [], "enabled": False}},
        "updated": created.updated,
    }


def test_nothing_happened(client: stripe.StripeClient) -> None:
    """An update that changes nothing, or is refused, is no event."""
    configurations = client.v1.billing_portal.configurations
    created = configurations.create({**MINIMAL, "name": "A"})

    configurations.update(created.id, {"name": "A"})
    with pytest.raises(stripe.InvalidRequestError):
        configurations.update(created.id, {"active": False})

    assert len(client.v1.events.list().data) == 1


@pytest.mark.parametrize(
    ("filters", "types"),
    [
        ({"type": "product.created"}, ["product.created"]),
        (
            {"type": "billing_portal.*"},
            ["billing_portal.configuration.created"],
        ),
        (
            {"types": ["price.created", "product.created"]},
            ["price.created", "product.created"],
        ),
        ({"created": {"lt": 1}}, []),
    ],
)
def test_filters(
    client: stripe.StripeClient, filters: EventListParams, types: list[str]
) -> None:
    """Events are found by type, by several types, by `*` and by time."""
    client.v1.billing_portal.configurations.create(MINIMAL)
    product = client.v1.products.create({"name": "Seats"})
    client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 1}
    )

    assert [event.type for event in client.v1.events.list(filters)] == types


def test_kept_for_30_days(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    """An event that is older than 30 days is gone when the next one comes."""
    client.v1.products.create({"name": "Old"})
    sandbox.advance(31 * 24 * 60 * 60)
    client.v1.products.create({"name": "New"})

    (event,) = client.v1.events.list().data
    assert data(event)["object"]["name"] == "New"


def test_modes_are_apart(
    client: stripe.StripeClient, live: stripe.StripeClient
) -> None:
    """Events belong to the mode they happened in."""
    client.v1.billing_portal.configurations.create(MINIMAL)

    assert live.v1.events.list().data == []
