"""Pictures of the portal for a review: from a configuration, without a server."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox.portal.preview.pictures import (
    PREVIEW_CSS,
    render_preview,
)
from pulumi_stripe_portal.sandbox.portal.texts.languages import LANGUAGES

from .shop import FEATURES


def price(name: str, amount: int, interval: str) -> dict[str, Any]:
    """Return a price as Stripe shows it with its product expanded."""
    return {
        "id": f"price_{name}",
        "currency": "usd",
        "unit_amount": amount,
        "recurring": {"interval": interval, "interval_count": 1},
        "product": {"id": f"prod_{name}", "name": name.capitalize()},
    }


CATALOGUE = {
    "basic_monthly": price("basic", 900, "month"),
    "basic_annual": price("basic", 9_000, "year"),
    "price_pro": price("pro", 2_900, "month"),
}

CONFIGURATION: dict[str, Any] = {
    "business_profile": {
        "headline": "Ours & yours",
        "privacy_policy_url": "https://shop.example/privacy",
    },
    "features": {
        **FEATURES,
        "subscription_update": {
            **FEATURES["subscription_update"],
            "products": [
                {
                    "prices": [
                        {"lookup_key": "basic_monthly"},
                        {"lookup_key": "basic_annual"},
                    ]
                },
                {"product": "prod_pro", "prices": ["price_pro"]},
            ],
        },
    },
}


def without(*names: str) -> dict[str, Any]:
    """Return the configuration without some features."""
    changed = deepcopy(CONFIGURATION)
    for name in names:
        del changed["features"][name]
    return changed


def test_everything_is_in_the_picture() -> None:
    """The first page, and the pages behind its buttons, with the catalogue's prices."""
    html = render_preview(CONFIGURATION, CATALOGUE, business="Acme")

    for text in (
        "Acme",
        "Ours &amp; yours",
        "Privacy policy",
        "$9.00 per month",
        "$90.00 per year",
        "$29.00 per month",
        "Change your plan",
        "Quantity of 1 or more",
        "Promotion code",
        "Pause your plan",
        "3 months",
        "Cancel your plan",
        "Some features are missing",
        "Payment methods",
        "Billing information",
        "Shipping address",
        "Tax ID",
        "Invoice history",
    ):
        assert text in html
    assert "Terms of service" not in html


@pytest.mark.parametrize(
    ("feature", "texts"),
    [
        ("customer_update", ["Billing information", "Tax ID"]),
        ("invoice_history", ["Invoice history"]),
        ("payment_method_update", ["Payment methods"]),
        ("subscription_cancel", ["Cancel plan", "Cancel your plan", "Why did you"]),
        ("subscription_pause", ["Pause plan", "Pause your plan"]),
        ("subscription_update", ["Change plan", "Change your plan"]),
    ],
)
def test_what_is_not_declared_is_not_there(feature: str, texts: list[str]) -> None:
    """A feature that the configuration hasn't, or has off, is not in the picture."""
    off = deepcopy(CONFIGURATION)
    off["features"][feature]["enabled"] = False

    for configuration in (without(feature), off):
        html = render_preview(configuration, CATALOGUE)
        for text in texts:
            assert text not in html


def test_nothing_can_be_used() -> None:
    """A picture has no links, forms, scripts, and no address of a server."""
    html = render_preview(CONFIGURATION, CATALOGUE)

    for forbidden in ("<a ", "<form", "<button", "<script", "href=", "action=", "/p/"):
        assert forbidden not in html
    assert set(re.findall(r"<(?:input|textarea|select)[^>]*>", html))
    for field in re.findall(r"<(?:input|textarea|select)[^>]*>", html):
        assert " disabled" in field


def test_two_pictures_on_one_page() -> None:
    """With prefixes no id is there twice, and no radio button turns another off."""
    html = render_preview(CONFIGURATION, CATALOGUE, prefix="before-")
    html += render_preview(CONFIGURATION, CATALOGUE, prefix="after-")
    ids = re.findall(r' id="([^"]*)"', html)
    groups = re.findall(r'type="radio" name="([^"]*)"', html)

    assert sorted(ids) == sorted(set(ids))
    assert all(each.startswith(("before-", "after-")) for each in groups)
    for used in re.findall(r'(?:for|aria-labelledby|aria-describedby)="([^"]*)"', html):
        assert used in ids


def test_no_headings_or_landmarks() -> None:
    """A picture is inside of another page, and leaves that page's outline alone."""
    html = render_preview(CONFIGURATION, CATALOGUE)

    assert not re.search(r"<(h[1-6]|main|header|footer|html|body)\b", html)


def test_marks() -> None:
    """What a review found is told where it shows, in words."""
    marks = {
        "features.subscription_pause.enabled": "added",
        "features.subscription_cancel.mode": "changed",
        "features.customer_update.allowed_updates.phone": "removed",
        "features.subscription_update.products.basic_annual": "added",
    }
    html = render_preview(CONFIGURATION, CATALOGUE, marks=marks)

    def flagged(kind: str) -> list[str]:
        found = re.findall(rf'([^<>]+)(?:</[^>]+>)*\s*<mark class="flag {kind}">', html)
        return [each.strip() for each in found]

    assert flagged("added") == ["Pause plan", "Basic"]
    assert flagged("removed") == ["Phone"]
    assert "Change plan" in flagged("changed")
    assert "Cancel plan" in flagged("changed")
    assert render_preview(CONFIGURATION, CATALOGUE).count("<mark") == 0


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language(language: str) -> None:
    """A picture can be in each of the portal's languages, and says which."""
    html = render_preview(CONFIGURATION, CATALOGUE, locale=language)

    assert f'lang="{LANGUAGES[language]}"' in html


def test_unknown_prices() -> None:
    """Without a catalogue a plan is called what the configuration calls it."""
    html = render_preview(CONFIGURATION)

    assert "basic_monthly" in html
    assert "price_pro" in html
    assert "Price not known" in html
    assert "depends on use" not in html
    assert "$" not in html
    assert '<td class="number">—</td>' in html


def test_only_card() -> None:
    """The one card of a subscription can't be removed, as in the portal."""
    html = render_preview(without("customer_update"), CATALOGUE)

    assert "Visa •••• 4242" in html
    assert "Remove" not in html


def test_same_input_same_bytes() -> None:
    """A picture doesn't depend on when it is made."""
    first = render_preview(CONFIGURATION, CATALOGUE)

    assert first == render_preview(deepcopy(CONFIGURATION), CATALOGUE)
    assert first == render_preview(CONFIGURATION, dict(CATALOGUE))


def test_css_is_for_the_portal_alone() -> None:
    """No rule of the stylesheet reaches outside of `.portal`."""
    rules = re.sub(r"/\*.*?\*/", "", PREVIEW_CSS, flags=re.DOTALL)
    depth, outside = 0, ""
    for character in rules:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            outside += character

    assert depth == 0
    assert outside.replace("}", "").split() == [".portal", ".portal"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(object()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.data())
def test_any_configuration_has_a_picture(data: st.DataObject) -> None:
    """What is unknown or of another type counts as not given, and breaks nothing."""
    configuration = deepcopy(CONFIGURATION)
    node: Any = configuration
    while isinstance(node, (dict, list)) and node:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()):
            node[key] = data.draw(JSON)
            break
        node = node[key]

    assert "</div>" in render_preview(configuration, CATALOGUE)
