"""What Pulumi imports by itself, through the plugin."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.review import markdown, read_plan, report_of

URN = "urn:pulumi:test::shop::stripe-portal:index:{}::{}"
FOUND: dict[str, Any] = {
    "name": "Clicked",
    "metadata": {"team": "support"},
    "business_profile": {"headline": "Hi"},
    "features": {
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
    },
}
CODE: dict[str, Any] = {
    "name": "Mine",
    "features": {"invoice_history": {"enabled": True}},
}


def step(op: str, kind: str = "PortalConfiguration", **states: Any) -> dict[str, Any]:
    """Return a step of a preview of one resource."""
    urn = URN.format(kind, "plans")
    type_ = f"stripe-portal:index:{kind}"
    whole = {
        side: {"urn": urn, "type": type_, "id": "bpc_1", **state}
        for side, state in states.items()
    }
    return {"op": op, "urn": urn, **whole}


def review(*steps: dict[str, Any]) -> str:
    """Return the review of a preview."""
    return markdown(report_of([read_plan({"steps": list(steps)})]))


def update(**old: Any) -> dict[str, Any]:
    """Return the update of an imported configuration to what the code says."""
    outputs = {**FOUND, "livemode": False, "imported": True}
    news = {**CODE, "marker": "shop/test/PortalConfiguration/plans"}
    return step(
        "update", oldState={"outputs": outputs, **old}, newState={"inputs": news}
    )


def test_an_import_as_it_is() -> None:
    """It is taken under code, as where the package's own classes adopt."""
    text = review(step("import", newState={"inputs": FOUND}))

    assert "Clicked: taken under code" in text
    assert "nothing changes" in text


def test_an_import_of_what_the_code_has_otherwise() -> None:
    """The update is told: of what the code declares, and of the features it lacks."""
    text = review(step("import", newState={"inputs": CODE}), update(inputs=FOUND))

    assert "now reads `Mine`" in text
    assert "payment methods" in text  # a feature that the code doesn't declare is off
    assert "team" not in text.replace("your team", "")
    assert "Hi" not in text
    assert "ownership marker" not in text


def test_an_update_of_what_was_imported_before() -> None:
    """What the code has declared since the import counts, and not all outputs."""
    marked = {**CODE, "marker": "shop/test/PortalConfiguration/plans"}

    text = review(update(inputs={**marked, "name": "Before"}))

    assert "now reads `Mine`. Before: `Before`" in text
    assert "payment methods" not in text


def test_both_types_are_one_resource() -> None:
    """A resource that takes the other door is told by its name, not made anew."""
    plugin = read_plan({"steps": [update(inputs=CODE)]}).changes[0]
    dynamic = update(inputs=CODE)
    urn = dynamic["urn"].replace(
        "stripe-portal:index:", "pulumi-python:dynamic/stripe-portal:"
    )

    (change,) = read_plan({"steps": [{**dynamic, "urn": urn}]}).changes

    assert change.key == plugin.key
