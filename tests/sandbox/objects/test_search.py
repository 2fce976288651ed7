"""Search: Stripe's query language, on the resources that have it."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.portal.shop import Customer, Shop


def search(resource: Any, query: str) -> list[str]:
    """Return the ids that a search finds."""
    return [each.id for each in resource.search({"query": query}).data]


@pytest.fixture
def people(shop: Shop) -> dict[str, str]:
    """Three customers, by name."""
    make = shop.api.customers.create
    known: Any = [
        {"name": "Ada Lovelace", "email": "ada@example.com", "metadata": {"n": "1"}},
        {"name": "Bob Stone", "email": "bob@example.org", "phone": "+1 555"},
        {"name": "Cem", "metadata": {"n": "1", "team": "red"}},
    ]
    return {each["name"][:3]: make(each).id for each in known}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ('email:"ada@example.com"', ["Ada"]),
        ('email:"ADA@example.com"', ["Ada"]),
        ("email:'ada@example.com'", ["Ada"]),
        ('email~"example"', ["Bob", "Ada"]),
        ('-email~"example"', ["Cem"]),
        ('name:"ada"', []),
        ('metadata["n"]:"1"', ["Cem", "Ada"]),
        ('metadata["n"]:"1" AND metadata["team"]:"red"', ["Cem"]),
        ('metadata["n"]:"1" -metadata["team"]:"red"', ["Ada"]),
        ('metadata["team"]:null', ["Bob", "Ada"]),
        ('-metadata["team"]:null', ["Cem"]),
        ('name~"cem" OR phone:"+1 555"', ["Cem", "Bob"]),
        ('name:"cem" or phone:"+1 555"', ["Cem", "Bob"]),
        ("created>0", ["Cem", "Bob", "Ada"]),
        ("created<5 OR created:5", []),
    ],
)
def test_customers(
    shop: Shop, people: dict[str, str], query: str, names: list[str]
) -> None:
    """Exact, in part, not, and, or, nothing, more and less."""
    assert search(shop.api.customers, query) == [people[name] for name in names]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ada", "unable to parse your search query"),
        ("", "unable to parse|empty string|Missing required param"),
        ('name:"a" AND', "unable to parse"),
        ('name:"a" AND email:"b" OR phone:"c"', "unable to parse"),
        (" AND ".join(['name:"a"'] * 11), "unable to parse"),
        ('foo:"bar"', "Field `foo` is an unsupported search field for resource `cus"),
        ('metadata:"bar"', "Field `metadata` is an unsupported"),
        ('name~"ab"', "operator `~`"),
        ('created:"soon"', "operator `:`"),
        ('name>"a"', "operator `>`"),
    ],
)
def test_no_query(shop: Shop, query: str, words: str) -> None:
    """What is no query is told."""
    with pytest.raises(stripe.InvalidRequestError, match=words):
        shop.api.customers.search({"query": query})


def test_other_resources(shop: Shop, jenny: Customer) -> None:
    """Subscriptions, invoices, prices and products are found by what is theirs."""
    api = shop.api
    [invoice] = api.invoices.list().data
    ended = shop.customer("ended@example.com")
    api.subscriptions.cancel(ended.subscription)

    assert search(api.subscriptions, 'status:"active"') == [jenny.subscription]
    assert search(api.subscriptions, "canceled_at>0") == [ended.subscription]
    found = search(api.invoices, f'subscription:"{jenny.subscription}" total>899')
    assert found == [invoice.id]
    assert search(api.invoices, f'number:"{invoice.number}"') == [invoice.id]
    assert search(api.prices, 'lookup_key:"pro_monthly" active:"true"') == [
        "price_ProMonthlyTest"
    ]
    assert search(api.products, 'active:"true" name:"pro"') == ["prod_ProTest"]


def test_pages(shop: Shop) -> None:
    """What doesn't fit on a page is on the next one, as the SDK reads it."""
    made = [shop.api.customers.create({"name": "Many"}).id for _ in range(5)]
    first = shop.api.customers.search({"query": 'name:"many"', "limit": 2})

    assert (len(first.data), first.has_more) == (2, True)
    assert [each.id for each in first.auto_paging_iter()] == made[::-1]
