"""`POST /api/billing/portal`, row by row as its documentation has it."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from .serving import Site, assert_refused
from .shop import ADA, EVE, GRACE, NEW, PAT, Shop

NO_CUSTOMER = {
    "success": False,
    "error": {"code": "NOT_FOUND", "message": "No billing customer record found"},
}


def test_success_is_the_url_of_a_portal_session(shop: Shop, site: Site) -> None:
    """The example request of the documentation gets its success response."""
    api = site.api(ADA)
    shop.sandbox.clear_requests()
    return_url = f"{site.origin}/dashboard/settings/billing"

    answer = api.post("/api/billing/portal", {"returnUrl": return_url})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    url = answer.json()["data"]["url"]
    assert answer.json() == {"success": True, "data": {"url": url}}
    assert url.startswith(("https://billing.stripe.com/", shop.sandbox.url))
    (asked,) = shop.sessions()
    assert asked == {
        "customer": shop.customers[ADA],
        "configuration": shop.settings.portal_standard,
        "return_url": return_url,
    }


def test_each_request_makes_a_new_url(site: Site) -> None:
    """The URL is for one visit, so each visit gets its own."""
    api = site.api(ADA)

    urls = {api.open_portal().json()["data"]["url"] for _ in range(3)}

    assert len(urls) == 3


def test_somebody_without_a_billing_record_is_not_found(site: Site) -> None:
    """Who signed up and was never a customer gets the documented 404."""
    answer = site.api(NEW).open_portal()

    assert answer.status_code == 404
    assert answer.json() == NO_CUSTOMER


def test_a_customer_who_was_deleted_is_not_found(shop: Shop, site: Site) -> None:
    """Where Stripe no longer knows the customer, it is the documented 404 too."""
    api = site.api(PAT)
    shop.client.v1.customers.delete(shop.customers[PAT])

    answer = api.open_portal()

    assert answer.status_code == 404
    assert answer.json() == NO_CUSTOMER


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"returnUrl": None},
        {"returnUrl": ""},
        {"returnUrl": 5},
        {"returnUrl": ["a"]},
        {"returnUrl": {"url": "a"}},
        {"returnUrl": "/account"},
        {"returnUrl": "\ud800"},
    ],
    ids=str,
)
def test_return_url_is_required(site: Site, body: dict[str, Any]) -> None:
    """It must be there, a string, and a whole address."""
    answer = site.api(ADA).post("/api/billing/portal", body)

    assert "returnUrl" in assert_refused(answer, 400, "VALIDATION_ERROR")


@pytest.mark.parametrize("value", [5, [], {}, "", True], ids=str)
def test_a_configuration_is_a_string(site: Site, value: object) -> None:
    """Anything else is a validation error that names the field."""
    answer = site.api(ADA).open_portal(configuration=value)

    assert "configuration" in assert_refused(answer, 400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '"text"', "null", "5", "[" * 100_000, b"\xff\xfe", '{"a":1}{'],
    ids=lambda body: repr(body)[:10],
)
def test_a_body_that_is_no_json_object_is_refused(site: Site, body: Any) -> None:
    """Truncated, nested without end, of another type: 400, never 500."""
    answer = site.api(ADA).send(
        "POST",
        "/api/billing/portal",
        data=body,
        headers={"Content-Type": "application/json"},
    )

    assert_refused(answer, 400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded"], ids=str
)
def test_only_json_is_taken(site: Site, content_type: str | None) -> None:
    """A form can't be sent here: browsers would send one for another site."""
    answer = site.api(ADA).send(
        "POST",
        "/api/billing/portal",
        data=b'{"returnUrl": "x"}',
        headers={"Content-Type": content_type},
    )

    assert_refused(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_post_is_taken(site: Site, method: str) -> None:
    """Other methods get 405 and are told which one it is."""
    answer = site.api(ADA).send(method, "/api/billing/portal")

    assert_refused(answer, 405, "METHOD_NOT_ALLOWED")
    assert "POST" in answer.headers["Allow"]


def test_an_unknown_address_has_the_envelope_too(site: Site) -> None:
    """Below /api every answer is of the one form."""
    assert_refused(site.api().get("/api/billing/nothing"), 404, "NOT_FOUND")


def test_a_body_without_end_is_not_read(site: Site) -> None:
    """More than a megabyte is refused."""
    answer = site.api(ADA).open_portal(filler="x" * 1_100_000)

    assert_refused(answer, 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize(
    ("email", "own", "others"),
    [
        (PAT, "default", ["standard", "all_plans"]),
        (ADA, "standard", ["all_plans"]),
        (GRACE, "standard", ["all_plans"]),
        (EVE, "all_plans", []),
    ],
)
def test_the_plan_decides_which_configurations_may_be_used(
    shop: Shop, site: Site, email: str, own: str, others: list[str]
) -> None:
    """Without one, the plan's own is used; of those named, only what the plan may."""
    api = site.api(email)
    ids = {
        name: getattr(shop.settings, f"portal_{name}")
        for name in ("default", "standard", "all_plans")
    }
    shop.sandbox.clear_requests()

    assert api.open_portal().status_code == 200
    assert shop.sessions()[-1]["configuration"] == ids[own]
    assert api.open_portal(configuration=None).status_code == 200
    assert shop.sessions()[-1]["configuration"] == ids[own]
    for name, id_ in ids.items():
        made = len(shop.sessions())
        answer = api.open_portal(configuration=id_)
        if name in others:
            assert_refused(answer, 403, "FORBIDDEN")
            assert len(shop.sessions()) == made
        else:
            assert answer.status_code == 200
            assert shop.sessions()[-1]["configuration"] == id_


def test_a_configuration_that_is_none_of_ours_is_forbidden(
    shop: Shop, site: Site
) -> None:
    """Whether it exists at Stripe or not makes no difference."""
    foreign = shop.client.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    ).id
    api = site.api(EVE)

    real = assert_refused(api.open_portal(configuration=foreign), 403, "FORBIDDEN")
    made_up = assert_refused(api.open_portal(configuration="bpc_1"), 403, "FORBIDDEN")

    assert real == made_up


@pytest.mark.parametrize(
    "fault",
    [{"status": 500}, {"status": 429}, {"cut": True}],
    ids=["error", "too many requests", "connection cut"],
)
def test_a_failing_stripe_is_a_bad_gateway(
    shop: Shop, site: Site, fault: dict[str, Any]
) -> None:
    """The client is told to try later, in the envelope and without Stripe's words."""
    api = site.api(ADA)
    shop.sandbox.fail("POST", "/v1/billing_portal/sessions", times=10, **fault)

    message = assert_refused(api.open_portal(), 502, "BILLING_UNAVAILABLE")

    assert shop.sandbox.url not in message


def test_a_refusal_by_stripe_is_a_bad_gateway(shop: Shop, site: Site) -> None:
    """A configuration that somebody switched off is our mistake, not the caller's."""
    api = site.api(ADA)
    shop.client.v1.billing_portal.configurations.update(
        shop.settings.portal_standard, {"active": False}
    )

    assert_refused(api.open_portal(), 502, "BILLING_UNAVAILABLE")


def test_a_short_failure_is_not_noticed(shop: Shop, site: Site) -> None:
    """Stripe's client tries again by itself."""
    api = site.api(ADA)
    shop.sandbox.fail("POST", "/v1/billing_portal/sessions", cut=True)

    assert api.open_portal().status_code == 200


def test_past_invoices_are_there_without_a_subscription(shop: Shop, site: Site) -> None:
    """Users without an active subscription can still access the portal."""
    api = site.api(ADA)
    shop.client.v1.subscriptions.cancel(shop.subscription(ADA))

    assert api.open_portal().status_code == 200


def test_the_key_is_never_told(shop: Shop, site: Site) -> None:
    """Whatever goes wrong with the key, the answer doesn't hold it."""
    api = site.api(ADA)
    shop.sandbox.fail("POST", "/v1/billing_portal/sessions", status=401, times=5)

    assert stripe.api_key is None
    assert shop.settings.stripe_key not in api.open_portal().text
    assert shop.settings.stripe_key not in repr(shop.settings)
