"""Stripe's search query language, as a function that matches objects. Pure.

See https://docs.stripe.com/search#search-query-language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["Field", "Kind", "matcher"]

Kind = Literal["token", "string", "numeric"]
"""What can be asked of a field: an exact value, a part of it, or a range."""

_MOST = 10
_SHORTEST = 3

_CLAUSE = re.compile(
    r"""\s*(?P<not>-)?(?P<field>\w+)
    (?:\[(?P<quote>["'])(?P<key>.+?)(?P=quote)\])?
    \s*(?P<operator>>=|<=|[:~><])\s*
    (?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w.+-]+)
    (?P<rest>\s+|$)""",
    re.VERBOSE,
)
_JOINT = re.compile(r"(AND|OR)\s+", re.IGNORECASE)


class Field(NamedTuple):
    """A field that a resource can be searched by.

    Attributes:
        kind: What can be asked of it.
        read: From an object to the value, where the field's name doesn't say it.
    """

    kind: Kind
    read: Callable[[Json], Any] | None = None


class _Clause(NamedTuple):
    field: str
    key: str | None
    operator: str
    value: str | None
    is_negated: bool


def matcher(
    query: str, fields: Mapping[str, Field], plural: str
) -> Callable[[Json], bool]:
    """Return what tells whether an object of the resource *plural* matches *query*.

    Raises:
        StripeError: It is no query, or asks what can't be asked.
    """
    clauses, joints = [], []
    for clause, joint in _parse(query):
        clauses.append(_check(clause, fields, plural))
        joints += [joint] if joint else []
    if len(set(joints)) > 1 or len(clauses) > _MOST:
        raise _unparsable()
    combine = any if "OR" in joints else all

    def matches(item: Json) -> bool:
        return combine(_matches(item, each, fields) for each in clauses)

    return matches


def _parse(query: str) -> Iterator[tuple[_Clause, str]]:
    """Yield the clauses, each with what joins it to the next one: AND by default."""
    place = 0
    while True:
        found = _CLAUSE.match(query, place)
        if found is None:
            raise _unparsable()
        place = found.end()
        joint = _JOINT.match(query, place)
        last = place >= len(query)
        place = joint.end() if joint else place
        word = joint[1].upper() if joint else "AND"
        yield _clause(found), "" if last else word
        if last:
            return


def _clause(found: re.Match[str]) -> _Clause:
    value: str | None = found["value"]
    if value == "null":
        value = None
    elif value and value[0] in "\"'":
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    negated = found["not"] is not None
    return _Clause(found["field"], found["key"], found["operator"], value, negated)


def _check(clause: _Clause, fields: Mapping[str, Field], plural: str) -> _Clause:
    field = fields.get(clause.field)
    if field is None or (clause.field == "metadata") != (clause.key is not None):
        raise StripeError(
            f"Field `{clause.field}` is an unsupported search field for resource "
            f"`{plural}`. See http://stripe.com/docs/search#query-fields-for-{plural} "
            "for a list of supported fields.",
            Evidence.REPORTED("stripe-ruby-mock/stripe-ruby-mock, its live tests"),
            param="query",
        )
    known = {"token": ":", "string": ":~", "numeric": ":><>=<="}[field.kind]
    short = clause.operator == "~" and len(clause.value or "") < _SHORTEST
    wrong = field.kind == "numeric" and not _is_number(clause.value)
    if clause.operator not in known or short or wrong:
        raise StripeError(
            f"The operator `{clause.operator}` with this value can't be used on the "
            f"field `{clause.field}`.",
            Evidence.OURS("the rules are documented, the words are not"),
            param="query",
        )
    return clause


def _is_number(value: str | None) -> bool:
    return value is None or bool(re.fullmatch(r"-?\d{1,15}", value))


def _matches(item: Json, clause: _Clause, fields: Mapping[str, Field]) -> bool:
    return _holds(item, clause, fields[clause.field]) is not clause.is_negated


def _holds(item: Json, clause: _Clause, field: Field) -> bool:
    if clause.key is not None:
        stored = item["metadata"].get(clause.key)
    else:
        stored = field.read(item) if field.read else item.get(clause.field)
    if clause.value is None or stored is None:
        return stored is None and clause.value is None
    if field.kind == "numeric":
        return _compare(int(stored), clause.operator, int(clause.value))
    if isinstance(stored, bool):
        stored = str(stored).lower()
    # An exact match does not depend on the case
    # [DOCUMENTED: docs.stripe.com/search].
    wanted, there = clause.value.casefold(), str(stored).casefold()
    return wanted in there if clause.operator == "~" else wanted == there


def _compare(stored: int, operator: str, wanted: int) -> bool:
    return {
        ":": stored == wanted,
        ">": stored > wanted,
        "<": stored < wanted,
        ">=": stored >= wanted,
        "<=": stored <= wanted,
    }[operator]


def _unparsable() -> StripeError:
    return StripeError(
        "We were unable to parse your search query. Try using the format "
        '`metadata["key"]:"value"` to query for metadata or key:"value" to query for '
        "other fields.",
        Evidence.REPORTED("stripe-ruby-mock/stripe-ruby-mock, its live tests"),
        param="query",
    )
