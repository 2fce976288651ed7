"""What differs between two answers, without ids, keys and anything of a person. Pure.

An id, a time, an address and a free text are shown as what they are, not as which: only
whether both are such, or one is missing, is compared. A value that an earlier answer
gave has that one's name. Words of Stripe's, numbers and truths are compared as they
are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stripe_api.exchange import Answer
from pulumi_stripe_portal.stripe_api.keys import without_secrets

__all__ = ["Difference", "differences"]

_MISSING = "(missing)"

_ID_TEXT = r"\b(?:[a-z]+_)+(?=[A-Za-z]*[A-Z0-9])[A-Za-z0-9]{8,}\b"
_ID = re.compile(_ID_TEXT)
_MAIL = re.compile(r"[^\s@<>'\"`,;]+@[^\s@<>'\"`,;]+")
_NUMBER = re.compile(r"\b(?!9+\b)\d{9,}\b")  # but for a bound, such as 999999999
_ACCOUNT_URL = re.compile(r"https?://[^\s'\"`]*?(?:acct_|/p/)[^\s'\"`]*")
_WORD = re.compile(r"[a-z][a-z_.]{0,60}|")
_EARLIEST = 1_000_000_000
_LONGEST = 300

_ERROR = ("type", "code", "decline_code", "param", "message")
_MESSAGES = ("error.message", "error.param")
_FREE = frozenset(
    {
        "city",
        "custom_message",
        "customer_name",
        "description",
        "footer",
        "headline",
        "line1",
        "line2",
        "name",
        "nickname",
        "postal_code",
        "state",
        "statement_descriptor",
        "unit_label",
        "value",
    }
)
"""Fields that hold what somebody wrote, be it one word that looks like Stripe's."""
_OF_THE_ACCOUNT = frozenset(
    {
        "account_country",
        "account_name",
        "account_tax_ids",
        "application",
        "billing_version",
        "card",
        "doc_url",
        "invoice_prefix",
        "latest_charge",
        "metadata",
        "next_invoice_sequence",
        "number",
        "payment_method_configuration_details",
        "payment_method_options",
        "payment_method_types",
        "preferred_locales",
        "receipt_number",
        "request_log_url",
    }
)
"""Fields that every account has of its own: what they hold is no rule."""


@dataclass(frozen=True)
class Difference:
    """One field, and what each answer has in it."""

    path: str
    stripe: str
    sandbox: str


def differences(
    stripe: Answer,
    sandbox: Answer,
    of_stripe: Mapping[str, str],
    of_sandbox: Mapping[str, str],
) -> list[Difference]:
    """Return what differs.

    Args:
        stripe: What Stripe answered.
        sandbox: What the sandbox answered.
        of_stripe: What was kept of Stripe's answers before this one.
        of_sandbox: The same of the sandbox's.
    """
    whole = stripe.is_done and sandbox.is_done
    one = _plain(_comparable(stripe, whole=whole), _names(of_stripe))
    other = _plain(_comparable(sandbox, whole=whole), _names(of_sandbox))
    return list(_compare("", one, other))


def _comparable(answer: Answer, *, whole: bool) -> dict[str, Any]:
    """Return what is compared: the object only where the other side has one too."""
    told = {"HTTP status": answer.status}
    if whole:
        return {**told, **answer.body}
    return told | {f"error.{name}": answer.error.get(name) for name in _ERROR}


def _names(kept: Mapping[str, str]) -> dict[str, str]:
    """Return the names of what was kept, by value; the first name counts."""
    return {value: f"{{{name}}}" for name, value in reversed(list(kept.items()))}


def _plain(value: Any, names: Mapping[str, str], field: str = "") -> Any:
    """Return a value without what is of one account or moment alone."""
    if field in _OF_THE_ACCOUNT and value is not None:
        return "(of the account)"
    if isinstance(value, Mapping):
        return {
            visible(str(name)): _plain(each, names, name)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_plain(each, names) for each in value]
    if isinstance(value, str):
        if field in _MESSAGES:
            return _message(value, names)
        return "<text>" if field in _FREE else _text(value, names)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return "<time>" if is_number and value >= _EARLIEST else value


def _text(value: str, names: Mapping[str, str]) -> str:
    if value in names:
        return names[value]
    if _ID.fullmatch(value):
        return f"<{value.rpartition('_')[0]}_…>"
    if value.startswith(("https://", "http://", "/v1/")):
        return "<address>"
    return value if _WORD.fullmatch(value) else "<text>"


def _message(value: str, names: Mapping[str, str]) -> str:
    """Return Stripe's words without what is filled into them."""
    value = _ACCOUNT_URL.sub("<address>", value)
    for each in sorted(names, key=len, reverse=True):
        if len(each) > 3:
            value = value.replace(each, names[each])
    value = _MAIL.sub("<address>", _NUMBER.sub("<number>", _ID.sub("<id>", value)))
    return without_secrets(value)[: 10 * _LONGEST]


def _compare(path: str, one: Any, other: Any) -> Iterator[Difference]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}):
            at = f"{path}.{name}" if path else name
            here, there = one.get(name, _Missing), other.get(name, _Missing)
            yield from _compare(at, here, there)
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield Difference(f"{path}.length", str(len(one)), str(len(other)))
        for place, (here, there) in enumerate(zip(one, other, strict=False)):
            yield from _compare(f"{path}.{place}", here, there)
    elif type(one) is not type(other) or one != other:
        yield Difference(path, _show(one), _show(other))


class _Missing:
    """Stands for a field that an answer doesn't have."""


def _show(value: Any) -> str:
    if value is _Missing:
        return _MISSING
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = visible(text)
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} … {text[-half:]}"
