"""axe over every page: the portal, Checkout, invoices, the example app, a review."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pulumi_stripe_portal.review import report_of
from pulumi_stripe_portal.review.page import page as review_page
from pulumi_stripe_portal.sandbox import Sandbox
from tests.review.material import known_of, previewed
from tests.sandbox.portal.shop import Shop
from tests.webapp.serving import PASSWORD, serving
from tests.webapp.shop import ADA, NEW, PAT, PLANS, open_shop

from .test_portal_accessibility import PATHS, VIEWS, customer_of, hosted

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async tags => {
  const found = await axe.run({runOnly: {type: 'tag', values: tags}});
  const violations = found.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.target} ${node.html.slice(0, 120)}`));
  return [found.passes.length, violations];
}"""

MORE = (
    "subscriptions/{}/update?price=price_BasicAnnualTest",
    "subscriptions/{}/update/confirm?price=price_ProMonthlyTest&promotion_code=NOTHING",
    "subscriptions/{}/reason",
    "?notice=changed",
)
"""Pages of the portal that those of its own checks don't have."""

Found = dict[str, list[str]]


class Axe:
    """The engine, on pages that one browser shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: Found = {}
        if find_spec("axe_playwright_python") is None:
            pytest.fail("axe-playwright-python is missing: `make test` installs it.")
        folder = files("axe_playwright_python")
        self._source = folder.joinpath("axe.min.js").read_text(encoding="utf-8")

    def look(self, name: str, url: str | None = None) -> None:
        """Look at a page, or at what the browser shows now."""
        if url:
            self.page.goto(url)
        self.page.evaluate(self._source)
        passes, violations = self.page.evaluate(RUN, LEVELS)
        assert passes > 5, "axe has looked at nothing"
        if violations:
            self.found[name] = violations


@pytest.fixture(params=VIEWS)
def axe(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Axe]:
    """Axe in a browser of some size, light or dark."""
    context = browser.new_context(locale="en-US", **VIEWS[request.param])
    yield Axe(context.new_page())
    context.close()


def test_portal(axe: Axe, shop: Shop) -> None:
    """Every page that a customer can come to, the ones that say what is wrong too."""
    customer = customer_of(shop)
    axe.look("home", shop.link(customer))
    base = axe.page.url
    for path in (*PATHS, *MORE):
        axe.look(path, f"{base}/{path}".rstrip("/").format(customer.subscription))
    for name, url in hosted(shop):
        axe.look(name, url)
    axe.look("expired", f"{shop.sandbox.url}/p/session/test_nothing")
    axe.look("outbox", f"{shop.sandbox.url}/p/outbox")

    assert axe.found == {}


def test_ways_in_and_out(axe: Axe, shop: Shop) -> None:
    """Signing in by email, links to one thing to do, and what is said after it."""
    login: Any = {"login_page": {"enabled": True}}
    customer = customer_of(shop)
    made = shop.api.billing_portal.configurations.update(shop.configure(), login)
    token = str(made.login_page.url).rpartition("/")[2]
    axe.look("sign in", f"{shop.sandbox.url}/p/login/{token}")
    axe.page.get_by_label("Email").fill(customer.email)
    axe.page.get_by_role("button", name="Send code").click()
    axe.look("code")
    axe.page.get_by_label("Code").fill("000000")
    axe.page.get_by_role("button", name="Sign in").click()
    axe.look("wrong code")
    axe.look("mails", f"{shop.sandbox.url}/p/outbox")
    after: Any = {"type": "hosted_confirmation"}
    flow = shop.flow(customer, "subscription_cancel", after_completion=after)
    axe.look("to cancel", flow)
    axe.page.get_by_role("button", name="Cancel plan").click()
    axe.look("reason")
    axe.page.get_by_role("button", name="No, thanks").click()
    axe.look("done")
    for kind in ("payment_method_update", "subscription_update"):
        other = shop.customer(f"{kind}@example.com")
        axe.look(kind, shop.flow(other, kind))

    assert axe.found == {}


def test_review(axe: Axe, tmp_path: Path) -> None:
    """The page of a review, with all of its parts unfolded."""
    for name in ("side_by_side_test", "cancel_at_once"):
        plan = previewed(name)
        file = tmp_path / f"{name}.html"
        html = review_page(report_of([plan], known_of(plan)))
        file.write_text(html, encoding="utf-8")
        axe.page.goto(file.as_uri())
        axe.page.evaluate(
            "document.querySelectorAll('details').forEach(d=>d.open=true)"
        )
        axe.look(name)

    assert axe.found == {}


@contextmanager
def app(sandbox: Sandbox, folder: Path) -> Iterator[str]:
    """Serve the example app, with a customer on each plan."""
    shop = open_shop(sandbox, folder)
    with shop.listening:
        for email, plan in PLANS.items():
            shop.enroll(email, plan)
        shop.admit(NEW)
        with serving(shop.settings, shop.listening) as site:
            yield site.origin


def test_example_app(axe: Axe, stripe_sandbox: Sandbox, tmp_path: Path) -> None:
    """Its pages, for who has a plan and for who has none."""
    with app(stripe_sandbox, tmp_path) as origin:
        for path in ("sign-in", "privacy", "terms", "nowhere", "sign-in/link/x"):
            axe.look(path, f"{origin}/{path}")
        for email in (ADA, PAT, NEW):
            axe.page.context.clear_cookies()
            axe.page.goto(f"{origin}/sign-in")
            axe.page.get_by_label("Email").first.fill(email)
            axe.page.get_by_label("Password").fill("wrong")
            axe.page.get_by_role("button", name="Sign in").first.click()
            axe.look(f"{email}, wrong")
            axe.page.get_by_label("Email").first.fill(email)
            axe.page.get_by_label("Password").fill(PASSWORD)
            axe.page.get_by_role("button", name="Sign in").first.click()
            for path in ("account", "dashboard/settings/billing", "reports"):
                axe.look(f"{email}, {path}", f"{origin}/{path}")

    assert axe.found == {}
