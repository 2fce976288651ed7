"""The whole story in a real browser: the code, the portal, the app around it.

The pictures of the way are in `.cache/story`. Those of the README's film are copied to
`examples/webapp/film` where `FILM=1` asks for it:

    FILM=1 .venv/bin/python -m pytest -n 0 tests/browser/test_story.py -k renew
"""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Error, Page, expect

from examples.webapp.settings import Settings
from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.stack import Stack
from tests.webapp.deliveries import received
from tests.webapp.serving import PASSWORD, SITE, Site, serving
from tests.webapp.shop import ADA, EVE, GRACE, Shop, eventually
from tools.app import BRANDING

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / ".cache" / "story"
FILM = ROOT / "examples" / "webapp" / "film"

Form: TypeAlias = "dict[str, str | float | bool]"

pytestmark = [pytest.mark.browser, pytest.mark.engine]


class Example(Stack):
    """The repository's example on stack `test`, in a copy that can be changed."""

    def __post_init__(self) -> None:
        """Copy the project and make the stack."""
        (self.folder / "state").mkdir(parents=True)
        shutil.copy(ROOT / "Pulumi.yaml", self.folder)
        shutil.copytree(ROOT / "examples" / "portal", self.folder / "examples/portal")
        self.pulumi("stack", "init", self.name)

    @property
    def source(self) -> Path:
        """The program."""
        return self.folder / "examples" / "portal" / "__main__.py"

    def outputs(self) -> str:
        """Return all outputs as the app takes them."""
        return self.pulumi("stack", "output", "--json", "--show-secrets").stdout


@dataclass
class World:
    """The stack, what it made, and the app in front of it."""

    stack: Example
    shop: Shop
    site: Site


@pytest.fixture
def world(tmp_path: Path, stripe_sandbox: Sandbox) -> Iterator[World]:
    """`pulumi up`, the app with the stack's outputs, and three customers."""
    stack = Example(tmp_path / "example", stripe_sandbox)
    stack.up()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        environ = {
            **stripe_sandbox.environ,
            "STACK_OUTPUTS": stack.outputs(),
            "APP_DATABASE": str(tmp_path / "app.sqlite3"),
            "APP_OUTBOX": "1",
        }
        settings = Settings.from_environ(environ, port)
        shop = Shop(stripe_sandbox, stripe_sandbox.client(), settings, listening)
        shop.client.v1.accounts.update(stripe_sandbox.account, BRANDING)
        for email, plan in ((ADA, "basic"), (GRACE, "pro"), (EVE, "enterprise")):
            shop.enroll(email, plan)
        with serving(settings, listening) as site:
            stripe_sandbox.forward(SITE, site.origin)
            yield World(stack, shop, site)


def sign_in(page: Page, world: World, email: str) -> None:
    """Sign in with a password."""
    page.goto(world.site.origin)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Account")).to_be_visible()


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    _screenshot(page, name, full_page=True)


def shoot(page: Page, name: str) -> None:
    """Keep a picture for the film, of what is on the screen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    _screenshot(page, name)
    if os.environ.get("FILM"):
        FILM.mkdir(exist_ok=True)
        shutil.copy(PICTURES / f"{name}.png", FILM)


def _screenshot(page: Page, name: str, *, full_page: bool = False) -> None:
    path = PICTURES / f"{name}.png"
    try:
        page.screenshot(path=path, full_page=full_page)
    except Error:  # Chromium on a busy machine: «Unable to capture screenshot»
        page.screenshot(path=path, full_page=full_page)


def plan_is(page: Page, name: str) -> None:
    """Expect the account page to show this plan."""
    expect(page.get_by_role("region", name="Current plan")).to_contain_text(name)


def back(page: Page) -> None:
    """Take the portal's way back to the app."""
    page.get_by_role("link", name=re.compile("^Return to")).click()
    expect(page.get_by_role("heading", name="Account")).to_be_visible()


def processed(world: World, event: str, at_least: int = 1) -> None:
    """Expect that the app heard of something by webhook, and is done with it."""

    def count() -> int:
        every = received(world.shop)
        return len(
            [each for each in every if each["type"] == event and each["processed"]]
        )

    assert eventually(lambda: count() >= at_least), event


def price_key(shop: Shop, email: str) -> str | None:
    """Return the lookup key of the price that somebody pays."""
    found = shop.client.v1.subscriptions.retrieve(shop.subscription(email))
    return found.items.data[0].price.lookup_key


def test_upgrade_cancel_and_renew(page: Page, world: World) -> None:
    """What Ada does in the portal is what the app shows, at each step."""
    page.set_viewport_size({"width": 1000, "height": 700})
    sign_in(page, world, ADA)
    plan_is(page, "Basic")
    page.goto(f"{world.site.origin}/reports")
    expect(page.get_by_role("heading", name="Reports come with Pro")).to_be_visible()
    page.goto(f"{world.site.origin}/account")
    shoot(page, "1-basic")

    page.get_by_role("button", name="Manage billing").click()
    expect(page.get_by_role("link", name="Change plan")).to_be_visible()
    shoot(page, "2-portal")
    page.get_by_role("link", name="Change plan").click()
    page.get_by_role("radio", name="Pro").first.check()
    shoot(page, "3-choose")
    page.get_by_role("button", name="Continue").click()
    shoot(page, "4-confirm")
    page.get_by_role("button", name="Confirm").click()
    processed(world, "customer.subscription.updated")
    back(page)
    plan_is(page, "Pro")
    shoot(page, "5-pro")
    page.get_by_role("link", name="Reports").click()
    expect(page.get_by_text("Notes written")).to_be_visible()

    page.goto(f"{world.site.origin}/account")
    page.get_by_role("button", name="Manage billing").click()
    page.get_by_role("link", name="Cancel plan").click()
    page.get_by_role("button", name="Cancel plan").click()
    page.get_by_role("radio", name=re.compile("expensive", re.I)).check()
    shoot(page, "6-reason")
    page.get_by_role("button", name=re.compile("Send|Submit")).click()
    processed(world, "customer.subscription.updated", at_least=3)
    back(page)
    term = page.get_by_test_id("term")
    expect(term).to_have_text(re.compile(r"^Ends on \d+ \w+ \d{4}$"))
    shoot(page, "7-ends")
    stored = world.shop.client.v1.subscriptions.retrieve(world.shop.subscription(ADA))
    assert stored.cancellation_details
    assert stored.cancellation_details.feedback == "too_expensive"

    page.get_by_role("button", name="Manage billing").click()
    page.get_by_role("button", name=re.compile("^Don.t cancel plan")).click()
    shoot(page, "8-renewed")
    processed(world, "customer.subscription.updated", at_least=4)
    back(page)
    expect(term).to_have_text(re.compile("^Renews on "))
    plan_is(page, "Pro")


def test_enterprise_is_out_of_reach(page: Page, world: World) -> None:
    """Who isn't on Enterprise can't get it: not by click, nor by a made-up request."""
    shop = world.shop
    enterprise = [shop.price("enterprise_monthly"), shop.price("enterprise_annual")]
    sign_in(page, world, GRACE)

    page.get_by_role("button", name="Manage billing").click()
    page.get_by_role("link", name="Change plan").click()
    expect(page.get_by_role("radio", name="Basic").first).to_be_visible()
    expect(page.get_by_text("Enterprise")).to_have_count(0)
    page.get_by_role("radio", name="Basic").first.check()
    page.get_by_role("button", name="Continue").click()
    form = page.locator("form").filter(has=page.get_by_role("button", name="Confirm"))
    url = _absolute(page, str(form.get_attribute("action")))
    token = str(form.locator("input[name=csrf]").get_attribute("value"))
    for price in enterprise:
        made_up: Form = {"price": price, "csrf": token}
        shown = page.request.get(url, params=made_up)
        answer = page.request.post(url, form=made_up)
        assert price not in shown.text()
        assert "Enterprise" not in shown.text() + answer.text()
        assert answer.status in (400, 403)
        assert price_key(shop, GRACE) == "pro_monthly"
    allowed: Form = {"price": shop.price("basic_monthly"), "csrf": token}
    assert page.request.post(url, form=allowed).ok
    assert price_key(shop, GRACE) == "basic_monthly"

    refused = world.site.api(GRACE).open_portal(
        configuration=world.site.settings.portal_all_plans
    )
    assert refused.status_code == 403

    page.context.clear_cookies()
    sign_in(page, world, EVE)
    page.get_by_role("button", name="Manage billing").click()
    page.get_by_role("link", name="Change plan").click()
    expect(page.get_by_text("Enterprise").first).to_be_visible()


def test_pausing_comes_and_goes_with_the_code(page: Page, world: World) -> None:
    """Allowed in the code, `pulumi up`, reload: there. Taken out again: gone."""
    sign_in(page, world, ADA)
    account = page.url
    expect(page.get_by_role("button", name="Pause plan")).to_have_count(0)
    page.get_by_role("button", name="Manage billing").click()
    expect(page.get_by_role("link", name="Cancel plan")).to_be_visible()
    pause = page.get_by_role("link", name="Pause plan")
    expect(pause).to_have_count(0)
    original = world.stack.source.read_text()

    allowed = (
        '"subscription_pause": {"enabled": True},\n        "subscription_update": {'
    )
    changed = original.replace('"subscription_update": {', allowed)
    assert changed != original
    world.stack.source.write_text(changed)
    world.stack.up()
    page.reload()

    expect(pause).to_be_visible()
    picture(page, "11-pausing-allowed")
    portal = page.url
    processed(world, "billing_portal.configuration.updated")
    page.goto(account)
    page.get_by_role("button", name="Pause plan").click()
    picture(page, "12-pause")
    page.get_by_role("button", name="Pause plan").click()
    expect(page.get_by_test_id("term")).to_have_text(re.compile("^Paused until "))
    picture(page, "13-account-paused")
    page.get_by_role("button", name="Manage billing").click()
    page.get_by_role("button", name="Resume plan").click()
    back(page)
    expect(page.get_by_test_id("term")).to_have_text(re.compile("^Renews on "))

    world.stack.source.write_text(original)
    world.stack.up()
    page.goto(portal)

    expect(page.get_by_role("link", name="Cancel plan")).to_be_visible()
    expect(pause).to_have_count(0)
    page.goto(account)
    expect(page.get_by_role("button", name="Cancel plan")).to_be_visible()
    assert eventually(lambda: page.reload() and not _offers_pausing(page))


def _offers_pausing(page: Page) -> bool:
    return page.get_by_role("button", name="Pause plan").count() > 0


def _absolute(page: Page, path: str) -> str:
    return re.sub(r"^(https?://[^/]+).*", r"\1", page.url) + path
