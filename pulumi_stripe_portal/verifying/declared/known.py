"""Rules that are known of Stripe's, from its documentation or from those who met them.

They are tried last: that they hold is likely, and what was known may have changed.
"""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.verifying.probe import Probe, Rule

from .configurations import CONFIGURATIONS
from .subscriptions import MAIN

__all__ = ["PROBES"]

_PRODUCT = "/v1/products/{product}"
_CUSTOMER = "/v1/customers/{customer}"
_SHUT = f"{CONFIGURATIONS}/{{shut}}"
_REPORTED = Evidence.REPORTED
_DOCUMENTED = Evidence.DOCUMENTED
_OBSERVED = Evidence.OBSERVED


def _post(
    name: str, path: str, evidence: Evidence, words: str, params: dict[str, Any]
) -> Probe:
    return Probe(name, "POST", path, params, Rule(words, evidence))


def _get(name: str, path: str, evidence: Evidence, words: str, **params: Any) -> Probe:
    return Probe(name, "GET", path, params, Rule(words, evidence))


PROBES = (
    _post(
        "a product with the id of another",
        "/v1/products",
        _REPORTED,
        "«Product already exists.»",
        {"id": "{product}", "name": "Sandbox verify"},
    ),
    Probe(
        "the deletion of a product with prices",
        "DELETE",
        _PRODUCT,
        rule=Rule(
            "«This product cannot be deleted because it has one or more user-created "
            "prices.»",
            _REPORTED,
        ),
    ),
    _post(
        "an item that a subscription doesn't have",
        MAIN,
        _REPORTED,
        "«No such subscription item: '{id_}'»",
        {"items": [{"id": "{fixed_item}", "quantity": 2}]},
    ),
    _post(
        "a tax id that isn't of its type's form",
        f"{_CUSTOMER}/tax_ids",
        _REPORTED,
        "«Invalid value for {type_}.»",
        {"type": "us_ein", "value": "no such number"},
    ),
    _post(
        "a truth that is none",
        _PRODUCT,
        _REPORTED,
        "«Invalid {kind}: {value}»",
        {"active": "perhaps"},
    ),
    _get(
        "a list from both ends",
        "/v1/products",
        _REPORTED,
        "«Received both ending_before and starting_after parameters. Please pass in "
        "only one.»",
        limit=1,
        ending_before="{product}",
        starting_after="{fixed}",
    ),
    _get(
        "a list of 101",
        "/v1/customers/{customer}/tax_ids",
        _REPORTED,
        "«This value must be {bound}.»",
        limit=101,
    ),
    _get(
        "a list's expansion without the list",
        "/v1/customers/{stranger}/tax_ids",
        _REPORTED,
        "«This property cannot be expanded ({path}). You may want to try expanding "
        "'data.{path}' instead.»",
        expand=["customer"],
    ),
    _get(
        "the expansion of what isn't expandable",
        _PRODUCT,
        _OBSERVED,
        "«This property cannot be expanded ({path}).»",
        expand=["name"],
    ),
    _get(
        "an expansion of five levels",
        "/v1/subscriptions/{subscription}",
        _DOCUMENTED,
        "«You cannot expand more than 4 levels of a property. Property: {path}»",
        expand=["customer.default_source.customer.default_source.customer"],
    ),
    _post(
        "an empty text where none can be",
        _PRODUCT,
        _DOCUMENTED,
        "«You passed an empty string for '{path}'. We assume empty values are an "
        "attempt to unset a parameter; however '{path}' cannot be unset. You should "
        "remove '{path}' from your request or supply a non-empty value.»",
        {"name": ""},
    ),
    _post(
        "a metadata key of 41 characters",
        _PRODUCT,
        _DOCUMENTED,
        "«Metadata keys can have up to 40 characters, but you passed in a key that is "
        "{key} characters. Invalid key: {key}»",
        {"metadata": {"k" * 41: "value"}},
    ),
    _post(
        "a metadata value of 501 characters",
        _PRODUCT,
        _DOCUMENTED,
        "«Metadata values can have up to 500 characters, but you passed in a value "
        "that is {value} characters. Invalid value: {value}»",
        {"metadata": {"key": "v" * 501}},
    ),
    _post(
        "fifty-one metadata keys",
        _PRODUCT,
        _DOCUMENTED,
        "«You can only specify up to 50 metadata keys.»",
        {"metadata": {f"key_{number}": "value" for number in range(51)}},
    ),
    _post(
        "an email address that is none",
        _CUSTOMER,
        _DOCUMENTED,
        "«Invalid email address: {value}»",
        {"email": "nobody"},
    ),
    _post(
        "a choice that there is not",
        "/v1/customers/{customer}",
        _OBSERVED,
        "«Invalid {path}: must be one of {last}»",
        {"tax_exempt": "perhaps"},
    ),
    _post(
        "an address without a scheme",
        _SHUT,
        _OBSERVED,
        "«Invalid URL: An explicit scheme (such as https) must be provided.»",
        {"default_return_url": "example.com/account"},
    ),
    _post(
        "an address that is none",
        _SHUT,
        _REPORTED,
        "«Not a valid URL»",
        {"default_return_url": "https://"},
    ),
    _get(
        "eleven lookup keys",
        "/v1/prices",
        _OBSERVED,
        "«Array {path} exceeded maximum {count} allowed elements.»",
        lookup_keys=[f"sandbox_verify_{number}" for number in range(11)],
    ),
    _post(
        "a trial until the year 2100",
        MAIN,
        _OBSERVED,
        "«Invalid timestamp: can be no more than five years in the future»",
        {"trial_end": 4_102_444_800},
    ),
    _post(
        "a quantity below zero",
        MAIN,
        _OBSERVED,
        "«This value must be greater than or equal to {least}.»",
        {"items": [{"id": "{item}", "quantity": -1}]},
    ),
    _post(
        "a webhook endpoint on this machine",
        "/v1/webhook_endpoints",
        _OBSERVED,
        "«Invalid URL: URL must be publicly accessible. Consider using a tool like "
        "the Stripe CLI to test webhooks locally.»",
        {"url": "http://localhost:8000", "enabled_events": ["invoice.paid"]},
    ),
)
