"""Requests as such: how parameters are nested, and how large numbers are."""

from __future__ import annotations

from pulumi_stripe_portal.verifying.probe import Probe, Rule

__all__ = ["PROBES"]

_PRODUCT = "/v1/products/{product}"

PROBES = (
    Probe(
        "a parameter that is a value and an object",
        "POST",
        _PRODUCT,
        {"description": "a value", "description[inside]": "an object"},
        Rule("«Invalid request: {key} is both a value and an object.»"),
    ),
    Probe(
        "parameters that are nested forty deep",
        "POST",
        _PRODUCT,
        {"metadata" + "[a]" * 40: "deep"},
        Rule("«Invalid request: {what}.»"),
    ),
    Probe(
        "a time after the year 2099",
        "GET",
        "/v1/products",
        {"limit": 1, "created": {"gt": 5_000_000_000}},
        Rule("A time is between 1970 and 2099."),
    ),
)
