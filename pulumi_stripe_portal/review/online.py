"""What `stripe-portal review --online` asks Stripe: names, customers, the default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_stripe_portal.errors import RequestRefused, StripePortalError
from pulumi_stripe_portal.providers.portal_configuration import default_of
from pulumi_stripe_portal.review import Change, Key, Known, Plan, price_book, report_of
from pulumi_stripe_portal.review.values import Values
from pulumi_stripe_portal.schema.offer import products_of
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import has_opaque, value_at
from pulumi_stripe_portal.stripe_api.catalogue import catalogue_of
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.settings import Settings
from pulumi_stripe_portal.stripe_api.views import inputs_from_object

__all__ = ["Answers", "ask"]

Say = Callable[[str], None]
"""Tells the user how far the work is."""


@dataclass(frozen=True)
class Answers:
    """What Stripe says about one stack's changes."""

    known: Mapping[Key, Known] = field(default_factory=dict)
    """By resource: each may be in an account or mode of its own."""
    troubles: Sequence[str] = ()
    """What Stripe did not answer."""


def ask(settings: Settings, plan: Plan, named: Sequence[Values], say: Say) -> Answers:
    """Ask for the names that a preview lacks, and for whom its changes concern.

    Each resource's own account is asked: with the stack's key, or with that of the
    environment where an explicit provider uses it.
    """
    known: dict[Key, Known] = {}
    troubles: list[str] = []
    places: dict[Connection | None, list[Change]] = {}
    for change in plan.changes:
        if not change.is_endpoint:
            try:
                place = _connection(settings, change)
            except StripePortalError as error:
                troubles.append(f"{change.key.name}: {error}")
            else:
                places.setdefault(place, []).append(change)
    for place, changes in places.items():
        names = ", ".join(change.key.name for change in changes)
        whose = f"{names}: " if len(places) > 1 else ""
        if place is None:
            why = "the account, or the key of an explicit Provider, is not known"
            troubles.append(f"{names}: {why}")
            continue
        part = replace(plan, changes=tuple(changes))
        try:
            part_known, trouble = _ask_account(place, part, named, say)
        except StripePortalError as error:
            troubles.append(f"{whose}{error}")
        else:
            known |= part_known
            troubles += [f"{whose}{trouble}"] if trouble else []
    return Answers(known, troubles)


def _connection(settings: Settings, change: Change) -> Connection | None:
    """Return how the resource's account is asked, None where no known key reaches it.

    Where an explicit provider has a key of its own, the stack's serves as well if it
    reaches the account that the resource was recorded in.
    """
    inputs = change.after or change.recorded or {}
    account = inputs.get("account") or None
    if has_opaque(account):
        return None
    if change.own_settings is None:
        return Connection.to(settings, account)
    if not has_opaque(change.own_settings):
        return Connection.to(Settings.of_config(change.own_settings.get), account)
    if change.outputs.get("livemode") is not settings.livemode:
        return None
    place = Connection.to(settings, account or change.outputs.get("stack_account"))
    recorded = change.outputs.get("account_id")
    return place if recorded and recorded == place.account_id() else None


def _ask_account(
    connection: Connection, plan: Plan, named: Sequence[Values], say: Say
) -> tuple[dict[Key, Known], str]:
    """Return what one account says about the changes in it, and what it refuses."""
    defaults = {
        change.key: _default_as_declared(connection, change.root, change.after or {})
        for change in plan.changes
        if change.key.is_default and change.op == "create"
    }
    sides = [
        side
        for change in plan.changes
        for side in (change.recorded, change.found, change.after)
        if side is not None
    ]
    objects = _named_objects(connection, [*sides, *defaults.values()], say)
    book = price_book(plan.states, [*named, *objects], connection.settings.mode)
    known = {
        change.key: Known(book, defaults.get(change.key)) for change in plan.changes
    }
    report = report_of([plan], {plan.stack: Known(apart=known)})
    try:
        customers = _customers_of(connection, report.prices(plan.stack), say)
    except RequestRefused as refused:
        return known, f"subscriptions: {refused}"
    book = book.counted(customers)
    return {key: replace(each, book=book) for key, each in known.items()}, ""


_FEATURES = ("features",)
_KINDS = (*_FEATURES, "payment_method_update", "payment_method_configuration")
_REASONS = (
    *_FEATURES,
    "subscription_cancel",
    "cancellation_reason",
    "feedback_options",
)


def _named_objects(
    connection: Connection, inputs: Sequence[Values], say: Say
) -> list[Values]:
    """Return the prices and other objects that inputs name, as Stripe has them."""
    say("Asking Stripe for the names of prices")
    found = list(_prices(connection, inputs))
    v1 = connection.client.v1
    for path, retrieve in (
        (_KINDS, v1.payment_method_configurations.retrieve),
        (_REASONS, v1.billing.feedback_options.retrieve),
    ):
        for id_ in _ids(value_at(each, path) for each in inputs):
            named = connection.find(retrieve, id_)
            if named is not None:
                found.append(named)
    return found


def _ids(values: Iterable[Any]) -> list[str]:
    """Return the ids among some fields' values, each once."""
    lists = (value if isinstance(value, list) else [value] for value in values)
    ids = (item for each in lists for item in each if item and isinstance(item, str))
    return list(dict.fromkeys(ids))


def _prices(connection: Connection, inputs: Iterable[Values]) -> Iterator[Values]:
    catalogue = catalogue_of(connection)
    entries = [entry for each in inputs for entry in products_of(each)]
    entries = [entry for entry in entries if isinstance(entry, Mapping)]
    lists = [value_at(entry, ("prices",)) for entry in entries]
    prices = [each for prices in lists if isinstance(prices, list) for each in prices]
    keys = _ids(value_at(price, ("lookup_key",)) for price in prices)
    catalogue.want(keys)
    found = [catalogue.by_key(key) for key in keys]
    for product in _ids(entry.get("product") for entry in entries):
        found += (catalogue.of_product(product) or {}).values()
    known = {price["id"] for price in found if price}
    retrieve = connection.client.v1.products.retrieve
    for id_ in _ids(prices):
        if id_ not in known:
            price = catalogue.price(id_)
            found += (
                [price, connection.find(retrieve, price["product"])] if price else []
            )
    yield from filter(None, found)


def _customers_of(
    connection: Connection, prices: Sequence[str], say: Say
) -> dict[str, int]:
    """Return how many customers have an active subscription to each price."""
    subscriptions = connection.client.v1.subscriptions
    counts: dict[str, int] = {}
    for number, price in enumerate(prices, 1):
        say(f"Counting active subscriptions: price {number} of {len(prices)}")
        found: set[str] = set()
        for page, subscription in enumerate(
            connection.pages(subscriptions.list, {"price": price, "status": "active"})
        ):
            customer = subscription["customer"]
            found.add(customer if isinstance(customer, str) else customer["id"])
            if page % 100 == 99:
                say(f"Counting active subscriptions: {page + 1:,} of price {number}")
        counts[price] = len(found)
    return counts


def _default_as_declared(connection: Connection, root: Node, inputs: Values) -> Values:
    """Return what the account's default is set to, in the words of the code."""
    found = default_of(connection)
    if found is None:
        return {}
    return inputs_from_object(root, catalogue_of(connection).reword(inputs, found))
