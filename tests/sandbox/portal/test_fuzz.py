"""Whatever is sent to the portal, it answers with a page, not with a traceback."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox import Sandbox

from .browsing import Browsing
from .shop import Shop

TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "0",
        "1",
        "-1",
        "2",
        "1e9",
        "12/34",
        "4242424242424242",
        "price_ProMonthlyTest",
        "price_EnterpriseMonthlyTest",
        "too_expensive",
        "eu_vat",
        "DE123456789",
        "a@example.com",
        "US",
        "{{7*7}}",
        "../..",
    ]
)
KINDS = ["session", "login", "recover", "checkout", "3d-secure"]
FIELDS = st.dictionaries(
    st.sampled_from(
        [
            "address.country",
            "answer",
            "address.line1",
            "code",
            "comment",
            "cvc",
            "email",
            "expiry",
            "make_default",
            "name",
            "notice",
            "number",
            "option",
            "phone",
            "prefilled_email",
            "price",
            "promotion_code",
            "quantity",
            "reason",
            "secret",
            "shipping.line1",
            "shipping.name",
            "skip",
            "type",
            "value",
        ]
    ),
    TEXTS,
    max_size=6,
)
SUBSCRIPTION = (
    "cancel",
    "offer",
    "pause",
    "payment-method/remove",
    "reason",
    "renew",
    "resume",
    "undo",
    "update",
    "update/confirm",
)


def test_portal_under_fuzz(stripe_sandbox: Sandbox) -> None:
    """Any form to any page is answered below 500, and others' data stays theirs."""
    shop = Shop(stripe_sandbox)
    shop.configure()
    other = shop.customer("somebody.else@example.com")
    untouched = shop.subscription(other).to_dict()
    customer = shop.customer()
    card = shop.add_card(customer.id, "pm_card_mastercard")
    paths = (
        "",
        "confirm",
        "details",
        "done",
        "invoices/in_x/pay",
        "payment-methods/new",
        f"payment-methods/{card}/default",
        f"payment-methods/{card}/remove",
        "tax-ids/new",
        "tax-ids/txi_x/remove",
        *(f"subscriptions/{customer.subscription}/{what}" for what in SUBSCRIPTION),
        *(f"subscriptions/{other.subscription}/{what}" for what in SUBSCRIPTION),
    )
    browser = Browsing()
    page = browser.get(shop.link(customer))

    @given(st.sampled_from(paths) | TEXTS.map(quote), FIELDS, st.booleans())
    def send(path: str, form: dict[str, str], posts: bool) -> None:
        if posts:
            reply = browser.post(page, path, form)
        else:
            query = "&".join(f"{name}={quote(form[name])}" for name in form)
            reply = browser.get(f"{page.url}/{path}?{query}")

        assert reply.status < 500
        assert "somebody.else@example.com" not in reply.html

    send()

    assert shop.subscription(other).to_dict() == untouched


def test_hosted_pages_under_fuzz(stripe_sandbox: Sandbox) -> None:
    """Any form to a checkout, or to a bank's question, is answered below 500."""
    shop = Shop(stripe_sandbox)
    shop.promotion_code(code="12/34")
    params: Any = {
        "mode": "subscription",
        "line_items": [{"price": "price_ProMonthlyTest", "quantity": 1}],
        "success_url": "https://shop.example/done",
        "allow_promotion_codes": True,
    }
    checkout = shop.api.checkout.sessions.create(params).url
    shop.customer(card="pm_card_authenticationRequired")
    intent: Any = shop.api.payment_intents.list().data[0]
    question = intent.next_action["use_stripe_sdk"]["stripe_js"]

    @given(st.sampled_from([checkout, question]), FIELDS, st.booleans())
    def send(url: str, form: dict[str, str], posts: bool) -> None:
        query = "&".join(f"{name}={quote(form[name])}" for name in form)
        where = url if posts else f"{url}?{query}"
        reply = Browsing().send("POST" if posts else "GET", where, form)

        assert reply.status < 500

    send()


def test_secrets_under_fuzz(stripe_sandbox: Sandbox) -> None:
    """Any secret that is none is refused."""

    @given(st.sampled_from(KINDS), st.text(max_size=20))
    def send(kind: str, secret: str) -> None:
        reply = Browsing().get(f"{stripe_sandbox.url}/p/{kind}/{quote(secret)}")

        assert reply.status in (404, 410)

    send()
