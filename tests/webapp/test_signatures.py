"""Only what Stripe has signed, a moment ago and whole, is believed."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace
from typing import Any

import pytest
import stripe

from examples.webapp.store import Store

from .deliveries import (
    customer_updated,
    held_upgrade,
    post,
    received,
    send,
)
from .serving import Site, serving
from .shop import ADA, GRACE, Shop, eventually

BODY = b'{"id": "evt_1", "object": "event", "type": "customer.updated"}'


@pytest.mark.parametrize(
    "disturbed",
    [{"forged": True}, {"truncated": True}, {"age": 301}, {"age": 86_400}],
    ids=["forged", "truncated", "five minutes old", "a day old"],
)
def test_a_bad_delivery_does_no_harm(
    shop: Shop, site: Site, disturbed: dict[str, Any]
) -> None:
    """It is refused and leaves no trace, and the good one that follows is taken."""
    api = site.api(ADA)
    assert api.account()["plan"] == "basic"
    delivery = held_upgrade(shop)

    attempt = shop.sandbox.deliveries.resend(delivery.id, **disturbed)

    assert attempt.status == 400
    assert delivery.event not in [event["event"] for event in received(shop)]
    assert api.account()["plan"] == "basic"
    shop.sandbox.deliveries.release()
    assert eventually(lambda: api.account()["plan"] == "pro")


def test_a_delivery_may_be_some_minutes_old(shop: Shop, site: Site) -> None:
    """Clocks differ and networks are slow: within five minutes it is good."""
    delivery = held_upgrade(shop)

    assert shop.sandbox.deliveries.resend(delivery.id, age=280).status == 200
    assert eventually(lambda: site.api(ADA).account()["plan"] == "pro")


def test_a_header_that_is_no_signature_is_refused(shop: Shop, site: Site) -> None:
    """Whatever it is made of."""
    headers: list[str | bytes] = [
        "",
        "t=1",
        "v1=abc",
        "t=,v1=",
        "t=x,v1=x",
        "t=1,v1=" + "0" * 64,
        "t=99999999999999999999,v1=" + "0" * 64,
        "t=1,v0=" + "0" * 64,
        ",,,===",
        "t=1,v1=é".encode("latin-1"),
        b"t=1,v1=\xff\xfe",
    ]

    for header in headers:
        assert post(shop, BODY, header).status_code == 400, header


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff", b"null"], ids=repr)
def test_a_body_that_is_no_event_is_refused(
    shop: Shop, site: Site, payload: bytes
) -> None:
    """Unsigned, nothing of it is believed."""
    signature = stripe.WebhookSignature.generate_signature_header("x", "whsec_other")

    assert post(shop, payload, signature).status_code == 400


def test_a_changed_body_breaks_the_signature(shop: Shop, site: Site) -> None:
    """What was signed for one customer can't be turned to another."""
    event = json.dumps(customer_updated("evt_1", shop.customers[ADA]))
    signature = stripe.WebhookSignature.generate_signature_header(
        event, shop.settings.webhook_secrets[0]
    )
    changed = event.replace(shop.customers[ADA], shop.customers[GRACE])

    assert post(shop, changed.encode(), signature).status_code == 400
    assert post(shop, event.encode(), signature).status_code == 200


def test_deliveries_of_another_endpoint_are_refused(shop: Shop, site: Site) -> None:
    """Each endpoint has its own secret."""
    event = customer_updated("evt_1", shop.customers[ADA])

    assert send(shop, event, secret="whsec_other").status_code == 400


def test_both_secrets_are_good_while_one_is_rotated(shop: Shop) -> None:
    """The old endpoint's deliveries are taken until it is gone."""
    secrets = ("whsec_new", *shop.settings.webhook_secrets)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        shop.settings = replace(
            shop.settings,
            origin=f"http://127.0.0.1:{listening.getsockname()[1]}",
            webhook_secrets=secrets,
        )
        event = customer_updated("evt_1", shop.customers[ADA])
        with serving(shop.settings, listening):
            for secret in secrets:
                assert send(shop, event, secret=secret).status_code == 200
            assert send(shop, event, secret="whsec_other").status_code == 400


GOOD = customer_updated("evt_1", "cus_1")
ODD: dict[str, dict[str, Any]] = {
    "no type": {"type": None},
    "a list of types": {"type": ["customer.updated"]},
    "an object for an id": {"id": {"a": 1}},
    "half a character": {"id": "\ud800"},
    "the end of time": {"created": 10**30},
    "no time": {"created": "now"},
    "true for a time": {"created": True},
    "no data": {"data": None},
    "a list for an object": {"data": {"object": []}},
    "a number for a subject": {"data": {"object": {"id": 5}}},
    "a list of what was before": {
        "type": "payment_method.detached",
        "data": {"object": {}, "previous_attributes": []},
    },
    "an expanded customer": {
        "type": "invoice.paid",
        "data": {"object": {"customer": {"id": "cus_1"}}},
    },
}
PAYLOADS = {
    **{name: json.dumps({**GOOD, **odd}) for name, odd in ODD.items()},
    **{text[:4]: text for text in ("null", "[]", "5", "{", "[" * 100_000)},
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_signed_event_of_an_odd_shape_is_kept(
    shop: Shop, site: Site, payload: str
) -> None:
    """It is Stripe's: it is answered 2xx, once kept, and disturbs nothing."""
    secret = shop.settings.webhook_secrets[0]
    signed = stripe.WebhookSignature.generate_signature_header(
        payload, secret, int(time.time())
    )

    assert [post(shop, payload.encode(), signed).status_code] * 2 == [200, 200]
    with Store(shop.settings.database).transaction() as db:
        kept = [row["payload"] for row in db.execute("SELECT payload FROM odd")]
    assert kept == [payload.encode()]
    assert send(shop, customer_updated("evt_2", "cus_1")).status_code == 200
    assert [event["event"] for event in received(shop)][-1:] == ["evt_2"]
