"""What the resources of a generated program are called. Pure."""

from __future__ import annotations

import builtins
import itertools
import keyword
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.offer import products_of
from pulumi_stripe_portal.schema.resources import WEBHOOK_ENDPOINTS, type_of
from pulumi_stripe_portal.schema.visible import split_address
from pulumi_stripe_portal.stripe_api.owners import owner_of

from .declaring import PriceNames

__all__ = ["Name", "Names", "suggestions"]

_LONGEST = 40
_MOST_PLANS = 3
# What the program itself calls something else.
_TAKEN = {"config", "profile", "pulumi", *keyword.kwlist, *dir(builtins)}


@dataclass(frozen=True)
class Name:
    """What one resource is called."""

    resource: str
    """Its name in Pulumi, e.g. `basic-and-pro`."""
    variable: str
    """Its variable in the program, e.g. `basic_and_pro`."""
    setting: str
    """The stack setting that holds its secret, e.g. `basicAndProSecret`."""


class Names:
    """Gives names that differ in more than case and separators.

    Whoever asks first has the plain name, so asking in the order of creation leaves
    the names of what is older alone when something is added.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Begin with the names that are taken already."""
        self._taken = {_bare(name) for name in taken}

    def give(self, candidates: Iterable[str], id_: str) -> Name:
        """Return the first candidate that is free, or one with a piece of the id."""
        named = [each for each in candidates if re.search("[A-Za-z]", each)]
        wanted = named or ["portal"]
        tail = re.sub(r"[^a-z0-9]", "", id_.lower())
        spare = (f"{wanted[0]}-{tail[-size:]}" for size in range(4, len(tail) + 1))
        numbered = (f"{wanted[0]}-{number}" for number in itertools.count(2))
        name = next(filter(self._is_free, itertools.chain(wanted, spare, numbered)))
        self._taken.add(_bare(name))
        return Name(name, _variable(name), f"{_camel_case(name)}Secret")

    def _is_free(self, name: str) -> bool:
        return _bare(name) not in self._taken


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _variable(name: str) -> str:
    variable = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower()
    if variable[0].isdigit():
        return f"_{variable}"
    return f"{variable}_" if variable in _TAKEN else variable


def _camel_case(name: str) -> str:
    words = re.findall("[A-Za-z0-9]+", name)
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined[0].lower() + joined[1:]


def suggestions(found: Mapping[str, Any], names: PriceNames) -> Iterator[str]:
    """Yield what an object could be called, the best first; the last always works."""
    owner = owner_of(found)
    if owner is not None:
        yield _slug(owner.name)
    type_ = type_of(found)
    if type_.kind is WEBHOOK_ENDPOINTS:
        yield from _endpoint_suggestions(found)
        return
    if type_.is_default:
        yield "default"
    profile = found.get("business_profile") or {}
    yield _slug(found.get("name"))
    yield _slug(profile.get("headline"))
    yield _slug(_audience(found, names))
    yield "portal"


def _endpoint_suggestions(found: Mapping[str, Any]) -> Iterator[str]:
    address = split_address(found["url"])
    yield _slug(found.get("description"))
    if address is not None:
        yield _slug(address.path)
        yield _slug(f"{address.hostname}{address.path}")
    yield "events"


def _audience(found: Mapping[str, Any], names: PriceNames) -> str:
    """Return who a configuration is for: customers on the plans that it offers."""
    products: Sequence[str] = [
        names.products.get(entry["product"], "") for entry in products_of(found)
    ]
    return " ".join(products) if len(products) <= _MOST_PLANS else ""


def _slug(text: Any) -> str:
    """Return a text in lower case with hyphens, cut after a word."""
    letters = unicodedata.normalize("NFKD", str(text or "").casefold())
    plain = re.sub("['\u2019]", "", letters).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", plain)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        slug = longer
    return slug
