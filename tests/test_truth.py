"""What `compare` says of a stack is true of it, and what a review says of a change."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings

from pulumi_stripe_portal.review.compare import Comparison, compare
from pulumi_stripe_portal.review.comparison import as_markdown
from pulumi_stripe_portal.review.prices import PriceBook
from pulumi_stripe_portal.review.sentences import tell
from pulumi_stripe_portal.review.states import SCHEMAS
from pulumi_stripe_portal.review.text import plain
from pulumi_stripe_portal.schema.tree import Node

from .meanings import IDS, at, is_true
from .review.leaves import BASES, LEAVES, Path, Values, pairs, put, state_of, variants
from .strategies import configurations, endpoints

OF_A_CHANGE = re.compile(
    r"\b(now|no longer|again|stops|is new and|any more)\b",
    re.IGNORECASE,
)
"""Words that are true of a change only: between two stacks nothing changes."""


def _compared(kind: str, one: Values, other: Values) -> Comparison:
    states = [state_of(kind, one)], [state_of(kind, other, "live")]
    return compare(("test", "live"), states)


def _clauses(found: Comparison) -> Iterator[tuple[str, str]]:
    for difference in found.different:
        for contrast in difference.contrasts:
            one, other = (plain(text) for text in contrast)
            yield one, other


def _assert_true(kind: str, one: Values, other: Values) -> None:
    """Fail unless each clause is true of its stack, and of the other is not."""
    clauses = list(_clauses(_compared(kind, one, other)))
    for first, second in clauses:
        context = (first, second, one, other)
        assert not OF_A_CHANGE.search(first + second), context
        if first and second:
            lead = re.match(r"When .+?, |.+ leads to |.+ reads |.+ can be ", first)
            assert lead, context
            second = lead[0] + second
        for clause, here, there in ((first, one, other), (second, other, one)):
            if clause:
                assert is_true(clause, here), context
                assert not is_true(clause, there), context
    back = list(_clauses(_compared(kind, other, one)))
    mirrored = [(b, a) for a, b in back]
    both = [any(a and b for a, b in found) for found in (clauses, back)]

    assert both[0] == both[1], (clauses, back)
    assert {c for c in clauses if not all(c)} == {c for c in mirrored if not all(c)}


@pytest.mark.parametrize(("kind", "path", "leaf"), LEAVES)
def test_every_leaf(kind: str, path: Path, leaf: Node) -> None:
    """Every field, from each of its values to each other."""
    for one, other in pairs(path, leaf):
        _assert_true(kind, *(put(BASES[kind], path, each) for each in (one, other)))


@pytest.mark.parametrize(("kind", "path", "leaf"), LEAVES)
def test_every_leaf_against_nothing(kind: str, path: Path, leaf: Node) -> None:
    """Every field, where the other stack has none of it: no feature, nothing set."""
    bare: Values = {"features": {}}
    if kind == "WebhookEndpoint":
        bare = {"url": "https://acme.example/other", "enabled_events": ["invoice.paid"]}
    for value in variants(path[-1], leaf):
        if value is None and leaf.required and kind == "WebhookEndpoint":
            continue
        full = put(BASES[kind], path, value)
        if kind != "DefaultPortalConfiguration":
            _assert_true(kind, full, bare)
        _assert_true(kind, full, {**copy.deepcopy(BASES[kind]), "name": "Other"})


@settings(max_examples=80, deadline=None)
@given(configurations(), configurations())
def test_any_two_portals(one: Values, other: Values) -> None:
    """Any two portals, whatever differs at once."""
    _assert_true("PortalConfiguration", *map(_spoken, (one, other)))


@settings(max_examples=20, deadline=None)
@given(endpoints(), endpoints())
def test_any_two_endpoints(one: Values, other: Values) -> None:
    """Any two endpoints."""
    same_address = {"url": "https://acme.example/hook"}
    _assert_true(
        "WebhookEndpoint", *({**each, **same_address} for each in (one, other))
    )


def _spoken(inputs: Values) -> Values:
    """Return inputs whose texts can be found again in a sentence."""
    inputs = copy.deepcopy(inputs)
    for text in ("name",):
        if inputs.get(text):
            inputs[text] = "One" if len(inputs[text]) % 2 else "Two"
    profile = inputs.get("business_profile", {})
    if profile.get("headline"):
        profile["headline"] = "One" if len(profile["headline"]) % 2 else "Two"
    for entry in at(inputs, "features.subscription_update.products", []):
        entry.pop("product", None)
        entry["prices"] = [
            {"lookup_key": IDS[price]} if isinstance(price, str) else price
            for price in entry["prices"]
        ]
    return inputs


def _assert_gained_and_lost(kind: str, was: Values, will: Values) -> None:
    """Fail unless a review's gains are true afterwards, and its losses were before."""
    for effect in tell(SCHEMAS[kind], was, will, PriceBook()):
        sides = {"gain": (will, was), "loss": (was, will)}.get(effect.kind)
        if sides:
            clause = plain(("Customers can ", *effect.text))
            assert is_true(clause, sides[0]), (clause, was, will)
            assert not is_true(clause, sides[1]), (clause, was, will)


@pytest.mark.parametrize(("kind", "path", "leaf"), LEAVES)
def test_every_leaf_in_a_review(kind: str, path: Path, leaf: Node) -> None:
    """What a review says that customers gain or lose, they do."""
    for one, other in pairs(path, leaf):
        was, will = (put(BASES[kind], path, each) for each in (one, other))
        _assert_gained_and_lost(kind, was, will)


@settings(max_examples=80, deadline=None)
@given(configurations(), configurations())
def test_any_change_in_a_review(was: Values, will: Values) -> None:
    """Whatever changes at once."""
    _assert_gained_and_lost("PortalConfiguration", *map(_spoken, (was, will)))


def test_sign_in_link() -> None:
    """The stack that has the link is the one in which it works."""
    without = put(BASES["PortalConfiguration"], ("login_page", "enabled"), False)
    text = as_markdown(
        _compared("PortalConfiguration", without, BASES["PortalConfiguration"])
    )

    assert (
        "- Customers can sign in to the portal by email, at a link that can be shared "
        "in live, not in test.\n"
    ) in text
    assert "stops working" not in text


def test_way_back() -> None:
    """A stack that lacks the link back to the app refuses sessions that name none."""
    base = BASES["PortalConfiguration"]
    without = put(base, ("default_return_url",), None)
    text = as_markdown(_compared("PortalConfiguration", base, without))

    assert (
        "- Stripe refuses sessions that don't say where to return to (`return_url`): "
        "the portal itself doesn't say it (`default_return_url`) in live, not in test."
    ) in text
    assert "leads to `https://acme.example/account` in test, not in live." in text


class TestDefault:
    """What the code of a default leaves alone is not known from the code."""

    KIND = "DefaultPortalConfiguration"
    DECLARED: ClassVar = {"features": {"invoice_history": {"enabled": True}}}

    def _text(self, outputs: Values, **inputs: Any) -> str:
        other: Values = {"features": {}, **inputs}
        states = (
            [state_of(self.KIND, self.DECLARED)],
            [state_of(self.KIND, other, "live", **outputs)],
        )
        return as_markdown(compare(("test", "live"), states))

    def test_unknown(self) -> None:
        """Nothing is claimed of a feature that one stack's code doesn't declare."""
        text = self._text({})

        assert "in test, not in live" not in text
        assert "| on | not in the code, left as it is |" in text

    def test_known_to_be_off(self) -> None:
        """The state knows which undeclared features are on: this one isn't."""
        assert "past invoices in test, not in live." in self._text(
            {"undeclared_on": []}
        )

    def test_known_to_be_on(self) -> None:
        """One that is on without being declared is no difference for customers."""
        text = self._text({"undeclared_on": ["invoice_history"]})

        assert "nothing differs" in text

    def test_off(self) -> None:
        """Where the code is the whole truth, what it doesn't declare is off."""
        text = self._text({}, undeclared_features="off")

        assert "Customers can see their past invoices in test, not in live." in text
