"""The way to a first plan, and the settings page of the documentation."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.portal.browsing import Browsing, Reply

from .serving import Site
from .shop import ADA, NEW, PAT, Shop, eventually

SETTINGS = "/dashboard/settings/billing"
CARD = {
    "number": "4242 4242 4242 4242",
    "expiry": "12/40",
    "cvc": "123",
    "name": "New",
    "email": NEW,
}


def pay(answer: requests.Response) -> Reply:
    """Go where the button leads, and pay there."""
    assert answer.status_code == 303, answer.text
    url = answer.headers["Location"]
    assert urlsplit(url).path.startswith("/p/checkout/")
    return Browsing().send("POST", url, CARD)


@pytest.mark.parametrize("email", [NEW, PAT])
def test_upgrade(shop: Shop, site: Site, email: str) -> None:
    """Who has no plan buys one in Checkout, comes back, and has it."""
    browser = site.browser(email)
    assert "Upgrade" in browser.text(SETTINGS)

    paid = pay(browser.post("/upgrade", plan="pro_monthly"))

    assert paid.headers["Location"] == f"{site.origin}/account/back"
    back = browser.get("/account/back")
    assert back.headers["Location"] == "/account"
    page = browser.text("/account")
    assert "Pro Active" in page
    assert "Renews on" in page
    assert "Upgrade" not in browser.text(SETTINGS).replace("Upgrade to", "")
    assert "Manage billing" in browser.text(SETTINGS)
    assert site.api(email).account()["plan"] == "pro"


def test_who_never_comes_back(shop: Shop, site: Site) -> None:
    """The webhook's events are enough: the record is known before the checkout."""
    shop.sandbox.forward("https://test.shop.example.com", site.origin)
    pay(site.browser(NEW).post("/upgrade", plan="basic_monthly"))

    assert eventually(lambda: site.api(NEW).account()["plan"] == "basic")


def test_two_clicks_make_one_record(shop: Shop, site: Site) -> None:
    """Whoever goes back and presses again has still one billing record."""
    browser = site.browser(NEW)
    for plan in ("basic_monthly", "pro_annual"):
        assert browser.post("/upgrade", plan=plan).status_code == 303

    made = shop.client.v1.customers.list({"email": NEW}).data
    assert len(made) == 1


def test_who_has_a_plan_changes_it(shop: Shop, site: Site) -> None:
    """Nobody gets a second subscription here."""
    browser = site.browser(ADA)
    shop.sandbox.clear_requests()
    answer = browser.post("/upgrade", plan="pro_monthly")

    assert answer.headers["Location"] == "/account"
    assert "You have a plan" in browser.text("/account")
    assert not [each for each in shop.sandbox.requests if "checkout" in each.path]


@pytest.mark.parametrize("plan", ["", "enterprise_monthly", "nonsense", "é"])
def test_what_is_not_sold(site: Site, plan: str) -> None:
    """A plan that isn't offered leads back, with a word about it."""
    browser = site.browser(NEW)
    answer = browser.post("/upgrade", plan=plan)

    assert answer.headers["Location"] == SETTINGS
    assert "isn't sold here" in browser.text(SETTINGS)


def test_a_form_of_another_site(site: Site) -> None:
    """Without the token nothing is begun; without a session neither."""
    assert site.browser(NEW).send("POST", "/upgrade", data={}).status_code == 403
    out = site.browser().post("/upgrade", plan="pro_monthly")
    assert urlsplit(out.headers["Location"]).path == "/sign-in"
    out = site.browser().get(SETTINGS)
    assert urlsplit(out.headers["Location"]).path == "/sign-in"


def test_settings_page(shop: Shop, site: Site) -> None:
    """It is as documented: the plan, when it renews, and the way to the portal."""
    page = site.browser(ADA).text(SETTINGS)

    assert re.search(r"Current plan Basic Renews on \d+ \w+ \d{4} Manage billing", page)
    assert "Manage payment methods, view invoices, and update your" in page
    answer = site.api(ADA).open_portal(returnUrl=f"{site.origin}{SETTINGS}")
    portal = Browsing().get(answer.json()["data"]["url"])
    assert f'href="{site.origin}{SETTINGS}"' in portal.html


def test_the_documented_command(site: Site) -> None:
    """The curl example of the interface, with the app's own address, is answered."""
    program = shutil.which("curl")
    if program is None:
        pytest.skip("there is no curl")
    token = site.api(ADA).http.headers["Authorization"]
    command = [
        program,
        *("-sS", "--noproxy", "*", "-X", "POST", f"{site.origin}/api/billing/portal"),
        *("-H", f"Authorization: {token!s}", "-H", "Content-Type: application/json"),
        *("-d", json.dumps({"returnUrl": f"{site.origin}{SETTINGS}"})),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    answer = json.loads(done.stdout)
    assert answer == {"success": True, "data": {"url": answer["data"]["url"]}}


TYPESCRIPT = """
const window = {location: {origin: process.env.ORIGIN, href: ''}};
const sessionToken = process.env.TOKEN;
const fetched = globalThis.fetch;
globalThis.fetch = (path, init) => fetched(process.env.ORIGIN + path, init);

const response = await fetch('/api/billing/portal', {
  method: 'POST',
  headers: {
    'Authorization': `Bearer ${sessionToken}`,
    'Content-Type': 'application/json'
  },
  body: JSON.stringify({
    returnUrl: `${window.location.origin}/dashboard/settings/billing`
  })
});

const { data } = await response.json();
// Redirect to Stripe customer portal
window.location.href = data.url;

console.log(window.location.href);
"""
"""The example, with what it finds in a browser before it, and a line after it."""


def test_the_documented_script(site: Site) -> None:
    """The TypeScript example leads to the portal, and from there to the settings."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("there is no Node.js")
    header = str(site.api(ADA).http.headers["Authorization"])
    environ = {
        "ORIGIN": site.origin,
        "TOKEN": header.removeprefix("Bearer "),
        "PATH": os.environ["PATH"],
    }
    command = [program, "--input-type=module", "--eval", TYPESCRIPT]
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, check=True
    )

    portal = Browsing().get(done.stdout.strip())
    assert f'href="{site.origin}{SETTINGS}"' in portal.html
