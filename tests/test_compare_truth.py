"""What `compare` says of a stack is true of it, whichever stack is named first.

Every clause has its meaning below, written apart from the product: which inputs it is
true of. A clause without one fails.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings

from pulumi_stripe_portal._comparison import as_markdown
from pulumi_stripe_portal._schema import Node
from pulumi_stripe_portal.compare import Comparison, compare
from pulumi_stripe_portal.review.text import plain

from .review.leaves import BASES, LEAVES, Path, Values, pairs, put, state_of, variants
from .strategies import configurations, endpoints

OF_A_CHANGE = re.compile(
    r"\b(now|no longer|again|stops|is new and|any more)\b",
    re.IGNORECASE,
)
"""Words that are true of a change only: between two stacks nothing changes."""


def _at(inputs: Values, path: str, default: Any = None) -> Any:
    for name in path.split("."):
        inputs = inputs.get(name) or {} if isinstance(inputs, Mapping) else {}
    return default if inputs in ({}, "") else inputs


def _on(inputs: Values, feature: str) -> bool:
    awake = inputs.get("active") is not False
    return awake and _at(inputs, f"features.{feature}.enabled") is True


def _feature(feature: str) -> Callable[..., bool]:
    return lambda inputs: _on(inputs, feature)


DETAILS = {
    "billing address": "address",
    "email address": "email",
    "name": "name",
    "phone number": "phone",
    "shipping address": "shipping",
    "tax IDs": "tax_id",
}


def _details(inputs: Values, words: str) -> bool:
    chosen = _at(inputs, "features.customer_update.allowed_updates", [])
    named = {DETAILS[each] for each in re.split(", | and ", words)}
    return _on(inputs, "customer_update") and named <= set(chosen)


def _lengths(inputs: Values) -> set[str]:
    if not _on(inputs, "subscription_pause"):
        return set()
    duration = _at(inputs, "features.subscription_pause.duration", {})
    if duration.get("type") == "indefinite":
        return {"for ever"}
    found = duration.get("interval_options") or [{"interval": "month"}]
    return {f"{each.get('interval_count', 1)} {each['interval']}" for each in found}


def _pause(inputs: Values, words: str) -> bool:
    named = set()
    numbers: list[str] = []
    if words.startswith("until"):
        named.add("for ever")
    for word in re.findall(r"\d+|day|week|month|year", words.partition("for ")[2]):
        if word.isdigit():
            numbers.append(word)
        else:
            named |= {f"{number} {word}" for number in numbers}
            numbers = []
    return bool(named) and named <= _lengths(inputs)


def _allowed(inputs: Values, what: str) -> bool:
    chosen = _at(inputs, "features.subscription_update.default_allowed_updates", [])
    return _on(inputs, "subscription_update") and what in chosen


IDS = {
    f"price_{tier}{period}Test": f"{tier.lower()}_{period.lower()}"
    for tier in ("Basic", "Pro", "Enterprise")
    for period in ("Monthly", "Annual")
}


def _offers(inputs: Values) -> Iterator[tuple[set[str], Values]]:
    for entry in _at(inputs, "features.subscription_update.products", []):
        given = entry["prices"]
        keys = {p if isinstance(p, str) else p["lookup_key"] for p in given}
        yield (
            keys,
            {"enabled": True, "minimum": 1, **(entry.get("adjustable_quantity") or {})},
        )


def _named(words: str) -> set[str]:
    return set(re.findall(r"[\w]*_\w+", words))


def _plans(inputs: Values, words: str) -> bool:
    offered = set().union(*(keys for keys, _ in _offers(inputs)))
    return _allowed(inputs, "price") and _named(words) <= offered


def _range(quantity: Values) -> str:
    most = quantity.get("maximum")
    reach = "or more" if most is None else f"to {most}"
    return f"{quantity['minimum'] or 1} {reach}"


def _seats(inputs: Values, names: str, reach: str = "") -> bool:
    can = set()
    for keys, quantity in _offers(inputs):
        if quantity["enabled"] and (not reach or _range(quantity) == reach):
            can |= keys
    return _allowed(inputs, "quantity") and _named(names) <= can


REASONS = {
    "too expensive": "too_expensive",
    "some features are missing": "missing_features",
    "switching to another service": "switched_service",
    "not used enough": "unused",
    "customer service was less than expected": "customer_service",
    "too complex to use": "too_complex",
    "quality was less than expected": "low_quality",
    "other reason": "other",
}


def _asked(inputs: Values, words: str) -> bool:
    survey = _at(inputs, "features.subscription_cancel.cancellation_reason", {})
    offered = [*(survey.get("options") or ()), *(survey.get("feedback_options") or ())]
    named = {REASONS.get(each, each) for each in re.split(", | or ", words)}
    on = _on(inputs, "subscription_cancel") and survey.get("enabled") is True
    return on and named <= set(offered)


def _terms(inputs: Values, words: str) -> bool:
    mode = _at(inputs, "features.subscription_cancel.mode", "at_period_end")
    credit = _at(inputs, "features.subscription_cancel.proration_behavior", "none")
    if mode == "at_period_end":
        return "until the end of the period" in words
    meant = {
        "none": "at once, without a credit for the time they paid for",
        "create_prorations": "at once, with a credit for the unused time",
        "always_invoice": "with a credit for the unused time, invoiced at once",
    }
    return words.endswith(meant[credit])


def _choice(path: str, default: str, meant: Mapping[str, str]) -> Callable[..., bool]:
    return lambda inputs, words: meant[_at(inputs, path, default)] == words


UPDATE = "features.subscription_update"
CONDITIONS = {"to a lower price": "decreasing_item_amount"}
CONDITIONS["to a shorter billing period"] = "shortening_interval"


def _waits(inputs: Values, words: str) -> bool:
    found = _at(inputs, f"{UPDATE}.schedule_at_period_end.conditions", [])
    named = {"type": CONDITIONS[words]}
    return _on(inputs, "subscription_update") and named in found


def _text(path: str) -> Callable[..., bool]:
    return lambda inputs, words: str(_at(inputs, path, "")) == words


def _awake(inputs: Values) -> bool:
    return inputs.get("active") is not False


def _told_of(inputs: Values, words: str) -> bool:
    events = inputs["enabled_events"]
    if "nearly anything" in words:
        return "*" in events and not inputs.get("disabled")
    named = set(re.findall(r"[\w]+\.[\w.]+", words))
    told = named <= set(events) or "*" in events
    return bool(named) and told and not inputs.get("disabled")


MEANING: Mapping[str, Callable[..., bool]] = {
    "Customers can use this portal": _awake,
    "Customers can change their billing details": _feature("customer_update"),
    "Customers can change their (.+)": _details,
    "Customers can see their past invoices": _feature("invoice_history"),
    "Customers can manage their payment methods": _feature("payment_method_update"),
    "Which kinds .+ payment method configuration (.+)": _text(
        "features.payment_method_update.payment_method_configuration"
    ),
    "Customers can add the kinds of payment method that .+ allow": lambda inputs: (
        _on(inputs, "payment_method_update")
        and not _at(
            inputs, "features.payment_method_update.payment_method_configuration"
        )
    ),
    "Customers can cancel their subscription": _feature("subscription_cancel"),
    "Customers can pause their subscription": _feature("subscription_pause"),
    "Customers can pause (.+)": _pause,
    "Customers can enter a promotion code when they change plan": lambda inputs: (
        _allowed(inputs, "promotion_code")
    ),
    "Customers can change plan to (.+)": _plans,
    r"Customers can change the quantity \(seats\) of (.+): (.+)": _seats,
    r"The quantity \(seats\) of (.+) can be (.+)": lambda inputs, names, reach: any(
        _seats(inputs, name, reach) for name in _named(names)
    ),
    "Customers can sign in to the portal by email, at a link that can be shared": (
        lambda inputs: _at(inputs, "login_page.enabled") is True and _awake(inputs)
    ),
    "Customers who cancel are asked why: (.+)": _asked,
    "Customers who cancel can say: (.+)": _asked,
    "When customers cancel, (.+)": _terms,
    "When customers change plan or quantity in the middle of a period, (.+)": (
        lambda inputs, words: (
            words
            in (
                {
                    "none": "the rest of the period is neither charged nor credited",
                    "create_prorations": "the difference goes on the next invoice",
                    "always_invoice": "the difference is invoiced at once",
                }[_at(inputs, f"{UPDATE}.proration_behavior", "none")],
                {
                    "now": "a new billing period begins that day",
                    "unchanged": "the billing date stays the same",
                }[_at(inputs, f"{UPDATE}.billing_cycle_anchor", "unchanged")],
            )
        )
    ),
    "When customers change plan during a trial, (.+)": _choice(
        f"{UPDATE}.trial_update_behavior",
        "end_trial",
        {
            "continue_trial": "the trial goes on",
            "end_trial": "the trial ends and billing begins",
        },
    ),
    "A change (.+) waits until the end of the paid period": _waits,
    "The headline reads (.+)": _text("business_profile.headline"),
    "The link to the privacy policy leads to (.+)": _text(
        "business_profile.privacy_policy_url"
    ),
    "The link to the terms of service leads to (.+)": _text(
        "business_profile.terms_of_service_url"
    ),
    "The link back to the app leads to (.+)": _text("default_return_url"),
    "Stripe refuses sessions that don't say where to return to .+": lambda inputs: (
        not _at(inputs, "default_return_url") and _awake(inputs)
    ),
    "The name that your team sees reads (.+)": _text("name"),
    "The description that your team sees reads (.+)": _text("description"),
    "When the code lets go of the default, (.+)": _choice(
        "on_delete",
        "keep",
        {
            "keep": "its settings stay as they are",
            "restore": "its earlier settings are written back",
        },
    ),
    "Features that the code doesn't declare (.+)": _choice(
        "undeclared_features", "keep", {"keep": "stay as they are", "off": "are off"}
    ),
    "The app is told when (.+)": _told_of,
    "Stripe sends no events: it is switched off": lambda inputs: (
        inputs.get("disabled") is True
    ),
    "Events come in the shape of the account's own API version": lambda inputs: (
        not inputs.get("api_version")
    ),
    "Events come in the shape of (.+)": _text("api_version"),
    "The events are those of connected accounts": lambda inputs: (
        inputs.get("connect") is True
    ),
    "The events are those of the account itself": lambda inputs: (
        not inputs.get("connect")
    ),
}


def _true(clause: str, inputs: Values) -> bool:
    for pattern, meaning in MEANING.items():
        found = re.fullmatch(pattern, clause)
        if found:
            return meaning(inputs, *found.groups())
    raise AssertionError(f"no meaning is known of {clause!r}")


def _compared(kind: str, one: Values, other: Values) -> Comparison:
    states = [state_of(kind, one)], [state_of(kind, other, "live")]
    return compare(("test", "live"), states)


def _clauses(found: Comparison) -> Iterator[tuple[str, str]]:
    for difference in found.different:
        for contrast in difference.contrasts:
            one, other = (plain(text) for text in contrast.holds)
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
                assert _true(clause, here), context
                assert not _true(clause, there), context
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
    for entry in _at(inputs, "features.subscription_update.products", []):
        entry.pop("product", None)
        entry["prices"] = [
            {"lookup_key": IDS[price]} if isinstance(price, str) else price
            for price in entry["prices"]
        ]
    return inputs


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
