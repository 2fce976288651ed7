"""Nobody is sent anywhere but to the portal and back to the app."""

from __future__ import annotations

import pytest

from .serving import Site, assert_refused
from .shop import ADA, NEW, Shop

EVIL = [
    "https://evil.example",
    "//evil.example/account",
    "{origin}.evil.example/account",
    "{origin}@evil.example/account",
    "{origin}:80/account",
    "{origin}1/account",
    "{origin}\\@evil.example",
    "{origin}/\\evil.example",
    "{origin}\t.evil.example",
    "{origin}/ evil",
    "{origin}/\r\nLocation: https://evil.example",
    " {origin}/account",
    "\x00{origin}/account",
    "javascript:alert(1)//{origin}/",
    "data:text/html,{origin}/",
    "https://evil.example/?{origin}/",
    "https://evil.example#{origin}/",
    "{origin}/\u2028",
    "{origin}/" + "x" * 3000,
    "{upper}/account",
]


def test_return_url_is_limited_to_the_apps_own_origin(shop: Shop, site: Site) -> None:
    """Whatever a browser might read another host into is refused, before Stripe."""
    api = site.api(ADA)
    shop.sandbox.clear_requests()

    for url in EVIL:
        url = url.format(origin=site.origin, upper=site.origin.upper())
        assert_refused(api.open_portal(returnUrl=url), 400, "VALIDATION_ERROR")
        assert shop.sessions() == [], url


def test_every_address_of_the_app_is_allowed(shop: Shop, site: Site) -> None:
    """What `window.location.href` may be is passed on as it is."""
    api = site.api(ADA)

    for path in ("", "/", "/a?b=c#d", "?a", "#a", "/%0d%0a", "/a//b"):
        answer = api.open_portal(returnUrl=site.origin + path)
        assert answer.status_code == 200, path
        assert shop.sessions()[-1]["return_url"] == site.origin + path


def test_paths_lead_nowhere_else(site: Site) -> None:
    """No address of the app redirects to what its path spells."""
    browser = site.browser(ADA)

    for path in ("//evil.example", "//evil.example/..", "/\\evil.example", "/account/"):
        answer = browser.get(path)
        assert answer.status_code in (303, 404), path
        assert "evil" not in answer.headers.get("Location", "")


def test_next_is_no_parameter(site: Site) -> None:
    """Signing in always leads to the account."""
    browser = site.browser()

    answer = browser.send(
        "POST",
        "/sign-in?next=https://evil.example&return_url=https://evil.example",
        data={
            "csrf": browser.csrf(),
            "email": ADA,
            "password": "correct horse",
            "next": "https://evil.example",
        },
    )

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/account"


def test_the_app_answers_only_to_its_own_names(site: Site) -> None:
    """A page that got another name pointed at this machine reads nothing."""
    answer = site.browser().get("/sign-in", headers={"Host": "evil.example"})

    assert answer.status_code == 400


def test_localhost_leads_to_where_one_comes_back_to(site: Site) -> None:
    """Who typed `localhost` isn't signed out by the way back from the portal."""
    host = {"Host": site.origin.replace("http://127.0.0.1", "localhost")}

    answer = site.browser().get("/account/back?a=b", headers=host)

    assert answer.status_code == 307
    assert answer.headers["Location"] == f"{site.origin}/account/back?a=b"


def test_the_form_redirects_to_the_portal(shop: Shop, site: Site) -> None:
    """The button's form is answered with 303 and the session's address."""
    answer = site.browser(ADA).post("/create-customer-portal-session")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(shop.sandbox.url)
    (asked,) = shop.sessions()
    assert asked == {
        "customer": shop.customers[ADA],
        "configuration": shop.settings.portal_standard,
        "return_url": f"{site.origin}/account/back",
    }


def test_the_form_needs_somebody_signed_in(shop: Shop, site: Site) -> None:
    """Others are sent to sign in, and Stripe isn't asked."""
    answer = site.browser().post("/create-customer-portal-session")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in"
    assert shop.sessions() == []


def test_without_a_billing_record_there_is_no_portal(site: Site) -> None:
    """Neither as a button nor by request."""
    browser = site.browser(NEW)

    assert "Manage billing" not in browser.text("/account")
    assert browser.post("/create-customer-portal-session").status_code == 404


@pytest.mark.parametrize(
    ("flow", "kind"),
    [
        ("payment-method", "payment_method_update"),
        ("details", "customer_update"),
        ("change-plan", "subscription_update"),
        ("upgrade", "subscription_update_confirm"),
        ("pause", "subscription_pause"),
        ("cancel", "subscription_cancel"),
    ],
)
def test_deep_links_lead_to_one_task_and_back(
    shop: Shop, site: Site, flow: str, kind: str
) -> None:
    """Each names its task, the customer's own subscription, and the way back."""
    answer = site.browser(ADA).post("/create-customer-portal-session", flow=flow)

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(shop.sandbox.url)
    data = shop.sessions()[-1]["flow_data"]
    back = f"{site.origin}/account/back"
    assert data["type"] == kind
    assert data["after_completion"] == {
        "type": "redirect",
        "redirect": {"return_url": back},
    }
    if kind.startswith("subscription_"):
        assert data[kind]["subscription"] == shop.subscription(ADA)
    if flow == "upgrade":
        assert data[kind]["items"][0]["price"] == shop.price("pro_monthly")


def test_an_unknown_deep_link_is_not_found(shop: Shop, site: Site) -> None:
    """What flows there are is for the app to say."""
    browser = site.browser(ADA)

    answer = browser.post("/create-customer-portal-session", flow="subscription_cancel")

    assert answer.status_code == 404
    assert shop.sessions() == []


def test_a_refused_session_leads_back_with_a_message(shop: Shop, site: Site) -> None:
    """The page says that it didn't work, in its own words."""
    browser = site.browser(ADA)
    shop.sandbox.fail("POST", "/v1/billing_portal/sessions", status=500, times=9)

    answer = browser.post("/create-customer-portal-session")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/account"
    assert "can't be opened now" in browser.text("/account")
