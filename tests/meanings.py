"""What each clause of `compare` means, written apart from the product.

Which inputs it is true of: a clause that has no meaning here fails a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["IDS", "at", "is_true"]

Values = dict[str, Any]


def at(inputs: Values, path: str, default: Any = None) -> Any:
    """Return the value at a dotted path."""
    for name in path.split("."):
        inputs = inputs.get(name) or {} if isinstance(inputs, Mapping) else {}
    return default if inputs in ({}, "") else inputs


def _on(inputs: Values, feature: str) -> bool:
    awake = inputs.get("active") is not False
    return awake and at(inputs, f"features.{feature}.enabled") is True


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
    chosen = at(inputs, "features.customer_update.allowed_updates", [])
    named = {DETAILS[each] for each in re.split(", | and ", words)}
    return _on(inputs, "customer_update") and named <= set(chosen)


def _lengths(inputs: Values) -> set[str]:
    if not _on(inputs, "subscription_pause"):
        return set()
    duration = at(inputs, "features.subscription_pause.duration", {})
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
    chosen = at(inputs, "features.subscription_update.default_allowed_updates", [])
    return _on(inputs, "subscription_update") and what in chosen


IDS = {
    f"price_{tier}{period}Test": f"{tier.lower()}_{period.lower()}"
    for tier in ("Basic", "Pro", "Enterprise")
    for period in ("Monthly", "Annual")
}


def _offers(inputs: Values) -> Iterator[tuple[set[str], Values]]:
    for entry in at(inputs, "features.subscription_update.products", []):
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
    survey = at(inputs, "features.subscription_cancel.cancellation_reason", {})
    offered = [*(survey.get("options") or ()), *(survey.get("feedback_options") or ())]
    named = {REASONS.get(each, each) for each in re.split(", | or ", words)}
    on = _on(inputs, "subscription_cancel") and survey.get("enabled") is True
    return on and named <= set(offered)


def _terms(inputs: Values, words: str) -> bool:
    mode = at(inputs, "features.subscription_cancel.mode", "at_period_end")
    credit = at(inputs, "features.subscription_cancel.proration_behavior", "none")
    if mode == "at_period_end":
        return "until the end of the period" in words
    meant = {
        "none": "at once, without a credit for the time they paid for",
        "create_prorations": "at once, with a credit for the unused time",
        "always_invoice": "with a credit for the unused time, invoiced at once",
    }
    return words.endswith(meant[credit])


def _choice(path: str, default: str, meant: Mapping[str, str]) -> Callable[..., bool]:
    return lambda inputs, words: meant[at(inputs, path, default)] == words


UPDATE = "features.subscription_update"
CONDITIONS = {"to a lower price": "decreasing_item_amount"}
CONDITIONS["to a shorter billing period"] = "shortening_interval"


def _waits(inputs: Values, words: str) -> bool:
    found = at(inputs, f"{UPDATE}.schedule_at_period_end.conditions", [])
    named = {"type": CONDITIONS[words]}
    return _on(inputs, "subscription_update") and named in found


def _text(path: str) -> Callable[..., bool]:
    return lambda inputs, words: str(at(inputs, path, "")) == words


def _awake(inputs: Values) -> bool:
    return inputs.get("active") is not False


def _told_of(inputs: Values, words: str) -> bool:
    events = inputs["enabled_events"]
    if "nearly anything" in words:
        return "*" in events and not inputs.get("disabled")
    named = set(re.findall(r"[\w]+\.[\w.]+", words))
    told = named <= set(events) or "*" in events
    return bool(named) and told and not inputs.get("disabled")


def _changes(inputs: Values, words: str) -> bool:
    seats = any(quantity["enabled"] for _, quantity in _offers(inputs))
    can = {
        "plan": _allowed(inputs, "price") and any(_offers(inputs)),
        "quantity": _allowed(inputs, "quantity") and seats,
    }
    return all(can[each] for each in words.split(" or "))


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
        and not at(
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
    "Customers can change (plan|quantity|plan or quantity)": _changes,
    r"Customers can change the quantity \(seats\) of (.+): (.+)": _seats,
    r"Customers can change the quantity \(seats\) of (.+)": lambda inputs, names: any(
        _seats(inputs, name) for name in _named(names)
    ),
    r"The quantity \(seats\) of (.+) can be (.+)": lambda inputs, names, reach: any(
        _seats(inputs, name, reach) for name in _named(names)
    ),
    "Customers can sign in to the portal by email(?:, at a link that can be shared)?": (
        lambda inputs: at(inputs, "login_page.enabled") is True and _awake(inputs)
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
                }[at(inputs, f"{UPDATE}.proration_behavior", "none")],
                {
                    "now": "a new billing period begins that day",
                    "unchanged": "the billing date stays the same",
                }[at(inputs, f"{UPDATE}.billing_cycle_anchor", "unchanged")],
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
        not at(inputs, "default_return_url") and _awake(inputs)
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


def is_true(clause: str, inputs: Values) -> bool:
    """Tell whether a clause is true of a stack's inputs."""
    for pattern, meaning in MEANING.items():
        found = re.fullmatch(pattern, clause)
        if found:
            return meaning(inputs, *found.groups())
    raise AssertionError(f"no meaning is known of {clause!r}")
