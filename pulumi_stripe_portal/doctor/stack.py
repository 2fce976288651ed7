"""Whether a stack's settings and what it has recorded are right."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from pulumi_stripe_portal.errors import RequestRefused, SettingsError, StripePortalError
from pulumi_stripe_portal.schema.failures import nearest
from pulumi_stripe_portal.schema.offer import AT, lookup_keys
from pulumi_stripe_portal.schema.resources import BY_NAME, PORTAL, WEBHOOK_ENDPOINT
from pulumi_stripe_portal.schema.shape import find_misshapen
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stacks import pulumi_cli
from pulumi_stripe_portal.stacks.commands import SOON
from pulumi_stripe_portal.stacks.recorded import Recorded
from pulumi_stripe_portal.stripe_api.catalogue import catalogue_of
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.markers import objects_of
from pulumi_stripe_portal.stripe_api.offer_checks import findings
from pulumi_stripe_portal.stripe_api.settings import (
    NAMESPACE,
    SETTINGS,
    STRIPE,
    USUAL_RATE,
)

from .findings import Finding
from .marks import mark_problems

__all__ = ["check_resources", "check_settings"]

Config = Mapping[str, Mapping[str, Any]]


def check_settings(stack: str) -> Generator[Finding, None, Config | None]:
    """Look at a stack's settings, those that Stripe has no part in.

    Returns them, None where they could not be read at all.
    """
    try:
        config = pulumi_cli.config(stack, seconds=SOON)
    except pulumi_cli.StackError as error:
        yield Finding("settings", f"stack {stack} can't be read", error.why)
        return None
    yield from _settings_findings(config)
    return config


def _settings_findings(config: Config) -> Iterator[Finding]:
    for key, setting in config.items():
        namespace, _, name = key.partition(":")
        if namespace != NAMESPACE:
            continue
        known = SETTINGS.get(name)
        if known is None:
            near = nearest(name, SETTINGS)
            meant = f"did you mean {NAMESPACE}:{near}? " if near else ""
            todo = f"{meant}`pulumi config rm {key}`"
            yield Finding("settings", f"{key} is no setting", todo)
        elif known.is_secret and not setting.get("secret"):
            yield Finding(
                "settings",
                f"{key} is stored in clear",
                "make a new key, revoke this one, and `pulumi config set --secret "
                f"{key}`",
            )
    try:
        settings = pulumi_cli.settings_in(config)
    except SettingsError as error:
        yield Finding("settings", "one can't be right", str(error))
        return
    notes = [f"{settings.mode} mode"]
    if settings.account:
        notes.append(f"connected account {settings.account}")
    if settings.api_base != STRIPE:
        notes.append(f"requests go to {settings.api_base}, not to Stripe")
    if not settings.preflight:
        notes.append("products and prices are not looked up at preview")
    if settings.requests_per_second != USUAL_RATE:
        notes.append(f"{settings.requests_per_second} requests a second")
    yield Finding("settings", ", ".join(notes))


def check_resources(
    connection: Connection, resources: Sequence[Recorded]
) -> Iterator[Finding]:
    """Look at what a stack has recorded: where, whether it is there, its products.

    Resources of an explicit provider are only named: its key is not the stack's.
    """
    if not resources:
        yield Finding("resources", "the stack has none yet")
    for each in resources:
        if not each.own_provider:
            at = connection
            if each.account:
                at = Connection.to(connection.settings, each.account)
            yield from _resource_findings(each, at)
    apart = ", ".join(each.name for each in resources if each.own_provider)
    if apart:
        yield Finding("resources", f"with a Provider of their own, not seen: {apart}")


def _resource_findings(each: Recorded, at: Connection) -> Iterator[Finding]:
    topic = f"{each.type} {each.name!r}"
    fine = True
    try:
        for text, todo in _problems(each, at):
            fine = False
            yield Finding(topic, text, todo)
    except StripePortalError as error:
        # A missing permission is a finding about the key.
        lacking = isinstance(error, RequestRefused) and error.lacks_permission
        yield (
            Finding(topic, "not all of it can be seen: the key lacks a permission")
            if lacking
            else Finding(topic, "it can't be looked at", str(error))
        )
    else:
        if fine:
            yield Finding(topic, "there, and as the stack needs it")


def _problems(each: Recorded, at: Connection) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, and what to do about it."""
    elsewhere = list(_elsewhere(each, at))
    yield from elsewhere
    if not elsewhere:
        yield from _changed_at_stripe(each, at)
        yield from _not_on_offer(each.inputs, at)


def _elsewhere(each: Recorded, at: Connection) -> Iterator[tuple[str, str]]:
    """Yield in which other mode or account a resource was recorded."""
    livemode = each.outputs.get("livemode")
    if isinstance(livemode, bool) and livemode != at.settings.livemode:
        was = "live" if livemode else "test"
        yield (
            f"was recorded in {was} mode, but the stack's mode is {at.settings.mode}",
            f"`pulumi config set {NAMESPACE}:mode {was}`, or use another stack",
        )
        return
    before, now = each.outputs.get("account_id"), at.account_id()
    if before and now and before != now:
        yield (
            f"belongs to account {before}, but the key is of {now}",
            "give the stack the key of its own account",
        )


def _changed_at_stripe(each: Recorded, at: Connection) -> Iterator[tuple[str, str]]:
    """Yield what somebody removed, switched off or took over that the stack manages."""
    endpoint = each.type == WEBHOOK_ENDPOINT.name
    everyone = objects_of(at, BY_NAME[each.type].kind).all()
    found = next((item for item in everyone if item["id"] == each.id), None)
    again = "`pulumi up --refresh` puts it back"
    if found is None:
        yield f"{each.id} is gone at Stripe", again
        return
    if endpoint and found["status"] == "disabled" and not each.inputs.get("disabled"):
        yield f"{each.id} was disabled at Stripe, so it gets no events", again
    elif not endpoint and not found["active"] and each.inputs.get("active", True):
        yield f"{each.id} was deactivated at Stripe", again
    yield from mark_problems(each, found, everyone)


def _not_on_offer(
    inputs: Mapping[str, Any], at: Connection
) -> Iterator[tuple[str, str]]:
    """Yield which products and prices of a configuration can't be offered."""
    path, products = PORTAL.root.by_path[AT]
    odd = find_misshapen(products, value_at(inputs, path), AT)
    if odd is not None:  # a secret, for example, which an export doesn't tell
        yield f"`{odd}` is no plain value in the state, so it can't be looked at", ""
        return
    catalogue = catalogue_of(at)
    catalogue.want(lookup_keys(inputs))
    for finding in findings(catalogue, inputs):
        remedy = finding.failure.remedy
        yield finding.failure.text().removesuffix(f"; {remedy}"), remedy
