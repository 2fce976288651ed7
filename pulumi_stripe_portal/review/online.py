"""What `stripe-portal review --online` asks Stripe: names, customers, the default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from pulumi_stripe_portal.errors import RequestRefused, StripePortalError
from pulumi_stripe_portal.schema.offer import lookup_keys, prices_of, products_of
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import has_opaque, value_at
from pulumi_stripe_portal.stripe_api.catalogue import catalogue_of
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.markers import default_of
from pulumi_stripe_portal.stripe_api.settings import Settings
from pulumi_stripe_portal.stripe_api.views import inputs_from_object

from .answers import Answer, known_of
from .plan import Change, Plan
from .prices import EVERYONE, Holders, together
from .report import Known, report_of
from .values import Values

__all__ = ["ask"]

Say = Callable[[str], None]
"""Tells the user how far the work is."""


def ask(
    settings: Settings, plan: Plan, named: Sequence[Values], say: Say
) -> tuple[list[Answer], list[str]]:
    """Ask for the names that a preview lacks, and for whom its changes concern.

    Each resource's own account is asked: with the stack's key, or with that of the
    environment where an explicit provider uses it.

    Returns:
        What Stripe says about each account, and what it did not answer.
    """
    answers: list[Answer] = []
    troubles: list[str] = []
    places: dict[Connection | None, list[Change]] = {}
    for change in plan.changes:
        if not change.key.is_endpoint:
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
            answer, trouble = _ask_account(place, part, named, say)
        except StripePortalError as error:
            troubles.append(f"{whose}{error}")
        else:
            answers.append(answer)
            troubles += [f"{whose}{trouble}"] if trouble else []
    return answers, troubles


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
) -> tuple[Answer, str]:
    """Return what one account says about the changes in it, and what it refuses."""
    default: Values | None = None
    for change in plan.changes:
        if change.key.is_default and change.op == "create":
            inputs = change.after or {}
            default = _default_as_declared(connection, change.root, inputs)
    sides = [
        side
        for change in plan.changes
        for side in (change.recorded, change.found, change.after)
        if side is not None
    ]
    objects = _named_objects(connection, [*sides, default or {}], say)
    keys = tuple(change.key for change in plan.changes)
    answer = Answer(keys, connection.settings.mode, objects, default)
    known = Known(apart=known_of(plan, [answer], named))
    prices = report_of([plan], {plan.stack: known}).prices(plan.stack)
    try:
        counts = _holders_of(connection, prices, say)
    except RequestRefused as refused:
        return answer, f"subscriptions: {refused}"
    return replace(answer, counts=counts), ""


_FEATURES = ("features",)
_KINDS = (*_FEATURES, "payment_method_update", "payment_method_configuration")
_CANCEL = (*_FEATURES, "subscription_cancel")
_REASONS = (*_CANCEL, "cancellation_reason", "feedback_options")


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


def _prices(connection: Connection, inputs: Sequence[Values]) -> Iterator[Values]:
    catalogue = catalogue_of(connection)
    entries = [entry for each in inputs for entry in products_of(each)]
    entries = [entry for entry in entries if isinstance(entry, Mapping)]
    keys = _ids(map(lookup_keys, inputs))
    catalogue.want(keys)
    found = [catalogue.by_key(key) for key in keys]
    for product in _ids(entry.get("product") for entry in entries):
        found += (catalogue.of_product(product) or {}).values()
    known = {price["id"] for price in found if price}
    retrieve = connection.client.v1.products.retrieve
    for id_ in _ids(map(prices_of, entries)):
        if id_ not in known:
            price = catalogue.price(id_)
            found += (
                [price, connection.find(retrieve, price["product"])] if price else []
            )
    yield from filter(None, found)


_MOST = 10_000
"""How many subscriptions are read for one question: a hundred requests."""
_NOT_ENDED = ("active", "trialing", "past_due", "unpaid", "paused")


def _holders_of(
    connection: Connection, prices: Sequence[str], say: Say
) -> dict[str, Holders]:
    """Return who has a subscription to each price, and who has any."""
    counts: dict[str, Holders] = {}
    if EVERYONE in prices:
        say("Counting subscriptions")
        counts = _subscriptions(connection, {}, say)
        counts[EVERYONE] = everyone = together(counts.values())
        if everyone.is_whole:
            return {price: counts.get(price, Holders()) for price in prices}
        counts = {EVERYONE: everyone}
    wanted = [price for price in prices if price != EVERYONE]
    for number, price in enumerate(wanted, 1):
        say(f"Counting subscriptions: price {number} of {len(wanted)}")
        found = _subscriptions(connection, {"price": price}, say)
        counts[price] = found.get(price, Holders())
    return counts


def _subscriptions(
    connection: Connection, filters: Mapping[str, str], say: Say
) -> dict[str, Holders]:
    """Return who has subscriptions, by the id of the price."""
    listed = connection.pages(connection.client.v1.subscriptions.list, filters)
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for number, subscription in enumerate(islice(listed, _MOST), 1):
        if number % 1000 == 0:
            say(f"Counting subscriptions: {number:,}")
        if subscription["status"] not in _NOT_ENDED:
            continue
        customer = subscription["customer"]
        customer = customer if isinstance(customer, str) else customer["id"]
        for item in subscription["items"]["data"]:
            of_price = found.setdefault(item["price"]["id"], {})
            of_price[subscription["id"]] = (customer, item.get("quantity", 1))
    is_whole = next(listed, None) is None
    return {price: Holders(held, is_whole) for price, held in found.items()}


def _default_as_declared(connection: Connection, root: Node, inputs: Values) -> Values:
    """Return what the account's default is set to, in the words of the code."""
    found = default_of(connection)
    if found is None:
        return {}
    return inputs_from_object(root, catalogue_of(connection).reword(inputs, found))
