"""The one table of words: every field has some, and every choice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pulumi_stripe_portal.inputs import (
    DefaultPortalConfigurationInputs,
    Features,
    WebhookEndpointInputs,
)
from pulumi_stripe_portal.review.fields import ABILITIES, FIELDS
from pulumi_stripe_portal.review.labels import words_at
from pulumi_stripe_portal.review.sentences import TOPICS
from pulumi_stripe_portal.schema.tree import Node, schema_of

PORTAL = schema_of(DefaultPortalConfigurationInputs)
ENDPOINT = schema_of(WebhookEndpointInputs)

TOLD_AS_ONE_VALUE = {
    "features.subscription_pause.duration": {
        "type",
        "interval_options",
        "interval_options.interval",
        "interval_options.interval_count",
    },
    "features.subscription_update.products": {
        "product",
        "prices",
        "prices.lookup_key",
        "adjustable_quantity",
        "adjustable_quantity.enabled",
        "adjustable_quantity.minimum",
        "adjustable_quantity.maximum",
    },
    "features.subscription_update.schedule_at_period_end.conditions": {"type"},
}
"""What is inside a field that sentences tell as a whole (`features`, `offers`)."""


def _inside(node: Node, at: str = "") -> Iterator[str]:
    for name, child in node.children.items():
        yield f"{at}{name}"
        yield from _inside(child, f"{at}{name}.")


def _fields(root: Node) -> list[tuple[str, Node]]:
    return [(".".join(path), leaf) for path, leaf in root.leaves()]


@pytest.mark.parametrize("root", [PORTAL, ENDPOINT], ids=["portal", "endpoint"])
def test_every_field_has_words(root: Node) -> None:
    """A field that is declared has a label and a topic that tells of its change."""
    for path, _ in _fields(root):
        words = words_at(root, path.split("."))
        assert words.label, path
        assert words.topic in TOPICS, f"{path}: nothing tells of {words.topic!r}"


@pytest.mark.parametrize("root", [PORTAL, ENDPOINT], ids=["portal", "endpoint"])
def test_every_choice_has_words(root: Node) -> None:
    """A choice that Stripe offers is said in words; events may go by their names."""
    for path, leaf in _fields(root):
        if path != "enabled_events":
            told = set(words_at(root, path.split(".")).choices)
            assert set(leaf.choices) <= told, path


def test_what_is_inside_a_field_is_told() -> None:
    """A field that is added inside a field told as one value is told as well."""
    found = {
        path: set(_inside(leaf))
        for path, leaf in [*_fields(PORTAL), *_fields(ENDPOINT)]
        if leaf.children
    }

    assert found == TOLD_AS_ONE_VALUE


def test_no_words_without_a_field() -> None:
    """Words of a field that no longer exists are gone."""
    extra = "features.subscription_update.schedule_at_period_end.conditions.type"

    declared = [*_fields(PORTAL), *_fields(ENDPOINT)]

    assert set(FIELDS) == {path for path, _ in declared} | {extra}


def test_every_topic_is_used() -> None:
    """Every topic belongs to some field."""
    topics = {words.topic for words in FIELDS.values() if words.topic}

    assert topics == set(TOPICS)


def test_every_feature_is_an_ability() -> None:
    """Each of Stripe's features says what customers can do."""
    assert set(ABILITIES) == set(Features.__annotations__)
