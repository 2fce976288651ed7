"""Everything here drives the portal in Debian's Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    sync_playwright,
)

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.portal.shop import Shop

HERE = Path(__file__).parent

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Without them Chromium talks to its maker, and looks for updates.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Stand in for pytest-playwright's own, which pytest 9 warns of."""


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """Use the Chromium of the system; a test that can't run is no test that passed."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.fail(
            "No Chromium: `apt-get install chromium` (or `make test`, which does it).",
            pytrace=False,
        )
    return {**browser_type_launch_args, "executable_path": found, "args": [*_QUIET]}


# pytest-playwright keeps these for the whole session, and Playwright an event loop that
# runs in the tests' thread: no later test in the same worker could run one of its own.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Stop Playwright when the last test of this folder has run."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(
    playwright: Playwright, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """Debian's Chromium."""
    with playwright.chromium.launch(**browser_type_launch_args) as browser:
        yield browser


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Read English, unless a test asks for something else."""
    return {"locale": "en-US"}


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """A browser without a word of complaint in its console."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A page that is refused says so by its status, which the console repeats.
        refused = "Failed to load resource: the server responded with" in message.text
        if message.type in ("error", "warning") and not refused:
            complaints.append(f"{message.type}: {message.text}")

    context.set_default_timeout(5_000)
    context.on("console", hear)
    context.on("weberror", lambda each: complaints.append(str(each.error)))
    context.route("https://**/*", _elsewhere)
    yield context
    assert complaints == []


def _elsewhere(route: Any) -> None:
    """Stand in for the company's website, without asking the network."""
    html = f"<title>Elsewhere</title><h1>{route.request.url}</h1>"
    route.fulfill(status=200, content_type="text/html", body=html)


@pytest.fixture
def shop(stripe_sandbox: Sandbox) -> Shop:
    """A company's account."""
    return Shop(stripe_sandbox)


@pytest.fixture
def says(page: Page) -> Callable[[str], None]:
    """Look for the notice that an action leaves."""

    def check(text: str) -> None:
        notice = page.get_by_role("status")
        notice.wait_for()
        assert notice.inner_text() == text

    return check
