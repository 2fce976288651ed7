"""Whose portal it is: the name and the colour of the account, wherever it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox

from .browsing import Browsing, Reply
from .shop import Shop

BRANDED: Any = {
    "business_profile": {"name": "Tidemark"},
    "settings": {"branding": {"primary_color": "#0f766e"}},
}


def is_branded(page: Reply, name: str, colour: str) -> bool:
    """Whether a page has the name of a company and asks for its colour."""
    return name in page.text and f"accent={colour}" in page.html


def test_the_account_is_branded(shop: Shop) -> None:
    """What the API writes is what the API shows, in both modes, and what pages show."""
    shop.configure()
    ours = shop.sandbox.account

    shop.api.accounts.update(ours, BRANDED)

    live = shop.sandbox.client(livemode=True).v1.accounts.retrieve_current()
    assert live.business_profile
    assert live.settings
    assert live.business_profile.name == "Tidemark"
    assert live.settings.branding.primary_color == "#0f766e"
    customer = shop.customer()
    link = shop.link(customer)
    assert is_branded(Browsing().get(link), "Tidemark", "0f766e")
    assert is_branded(Browsing().get(link), "Return to Tidemark", "0f766e")  # expired
    [invoice] = shop.api.invoices.list().data
    assert invoice.account_name == "Tidemark"


def test_a_part_of_it_changes(shop: Shop) -> None:
    """What isn't sent stays."""
    ours = shop.sandbox.account
    shop.api.accounts.update(ours, BRANDED)

    found = shop.api.accounts.update(ours, {"business_profile": {"name": "Acme"}})

    assert found.business_profile
    assert found.settings
    assert found.business_profile.name == "Acme"
    assert found.settings.branding.primary_color == "#0f766e"


def test_login_page(shop: Shop) -> None:
    """It has the branding, the headline and the legal links of the portal."""
    shop.api.accounts.update(shop.sandbox.account, BRANDED)
    made = shop.api.billing_portal.configurations.update(
        shop.configure(), {"login_page": {"enabled": True}}
    )
    assert made.login_page.url
    token = made.login_page.url.rpartition("/")[2]

    page = Browsing().get(f"{shop.sandbox.url}/p/login/{token}")

    assert is_branded(page, "Tidemark", "0f766e")
    assert "Acme partners with nobody." in page.text
    assert "https://shop.example/privacy" in page.html
    assert "https://shop.example/terms" in page.html


def test_on_behalf_of(shop: Shop) -> None:
    """A session on behalf of a connected account has that account's branding."""
    shop.configure()
    shop.sandbox.connect("acct_shop")
    shop.api.accounts.update("acct_shop", BRANDED)
    customer = shop.customer(subscription={"on_behalf_of": "acct_shop"})
    link = shop.link(customer, on_behalf_of="acct_shop")

    assert is_branded(Browsing().get(link), "Tidemark", "0f766e")
    assert is_branded(Browsing().get(link), "Return to Tidemark", "0f766e")
    own = Browsing().get(shop.link(customer))
    assert "Portal Sandbox" in own.text
    assert "Tidemark" not in own.text
    [invoice] = shop.api.invoices.list().data
    assert invoice.account_name == "Tidemark"


def test_an_account_of_its_own(shop: Shop) -> None:
    """Who isn't connected can't be branded, and looks as before."""
    shop.sandbox.add_account("acct_other")

    with pytest.raises(stripe.PermissionError, match="acct_other"):
        shop.api.accounts.update("acct_other", BRANDED)


@pytest.mark.parametrize("colour", ["red", "#12", "#12345g", "#123456;}"])
def test_a_colour_is_hexadecimal(shop: Shop, colour: str) -> None:
    """Nothing else gets into the stylesheet."""
    with pytest.raises(stripe.InvalidRequestError, match="hex"):
        shop.api.accounts.update(
            shop.sandbox.account, {"settings": {"branding": {"primary_color": colour}}}
        )


def test_other_settings_are_not_dropped(shop: Shop) -> None:
    """What the sandbox doesn't keep it doesn't take."""
    with pytest.raises(stripe.APIError, match="does not support it"):
        shop.api.accounts.update(
            shop.sandbox.account,
            {"settings": {"payouts": {"statement_descriptor": "x"}}},
        )


def test_kept_for_the_next_run(tmp_path: Path) -> None:
    """The file has it; what the program asks for comes first."""
    file = tmp_path / "stripe.json"

    with Sandbox(file, business="Acme", accent="#635bff") as sandbox:
        sandbox.connect("acct_shop")
        sandbox.client().v1.accounts.update("acct_shop", BRANDED)

    with Sandbox(file, business="Acme 2") as again:
        accounts = again.client().v1.accounts
        mine, theirs = accounts.retrieve_current(), accounts.retrieve("acct_shop")
        assert mine.settings
        assert mine.settings.branding.primary_color == "#635bff"
        assert mine.settings.dashboard.display_name == "Acme 2"
        assert theirs.settings
        assert theirs.settings.branding.primary_color == "#0f766e"
        assert theirs.settings.dashboard.display_name == "Tidemark"
        again.reset()
        mine = accounts.retrieve_current()
        assert mine.settings
        assert mine.settings.dashboard.display_name == "Acme 2"
        assert mine.settings.branding.primary_color is None
