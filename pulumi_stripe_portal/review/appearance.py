"""What a portal looks like, where it leads, and what only the team sees.

Each function tells one topic of `fields`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .before_after import BeforeAfter, Effect, fact, gain, loss
from .fields import PORTAL_FIELDS, Risk
from .text import Quoted, Text, joined

__all__ = [
    "account",
    "headline",
    "in_use",
    "legal",
    "letting_go",
    "offline",
    "refusal",
    "return_link",
    "team",
    "undeclared",
]


def in_use(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell whether sessions can be made with the configuration."""
    was, will = pair.was.at("active"), pair.will.at("active")
    if pair.new:
        if will is False:
            yield fact("It is made deactivated: Stripe refuses sessions with it.")
    elif will is False and was is not False:
        yield offline(sign_in=pair.was.at("login_page.enabled") is True)
    elif was is False and will is not False:
        then = " again: sessions can be made with it"
        yield gain("use this portal", Risk.ACCESS, then=then)


def offline(*, sign_in: bool) -> Effect:
    """Say that a portal is switched off, and whether a sign-in link goes with it."""
    link = ", and its sign-in link stops working" if sign_in else ""
    then = f": it is deactivated; Stripe refuses sessions with it{link}"
    return loss("use this portal", Risk.OUTAGE, then=then)


def headline(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of the line that customers see at the top."""
    path = "business_profile.headline"
    was, will = pair.was.at(path), pair.will.at(path)
    if was != will:
        yield _replaced("The headline", was, will)


def return_link(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell where the link back to the app leads, and what comes of having none."""
    was, will = (side.at("default_return_url") for side in (pair.was, pair.will))
    if was == will:
        return
    risk = None if will else Risk.ACCESS
    yield _replaced("The link back to the app", was, will, "leads to", risk)
    if not will:
        yield refusal(risk)


def refusal(risk: Risk | None) -> Effect:
    """Say what Stripe does where a portal has no link back to the app.

    «Your PortalConfiguration does not have a `default_return_url`, and you did not
    provide a `return_url`.» (fjordllc/bootcamp #4623)
    """
    holds: Text = (
        "Stripe refuses sessions that don't say where to return to (",
        Quoted("return_url"),
        "): the portal itself doesn't say it (",
        Quoted("default_return_url"),
        ")",
    )
    return fact((*holds, "."), risk, holds=holds)


def legal(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of the links to the privacy policy and the terms of service."""
    for name, words in (
        ("privacy_policy_url", "The link to the privacy policy"),
        ("terms_of_service_url", "The link to the terms of service"),
    ):
        path = f"business_profile.{name}"
        was, will = pair.was.at(path), pair.will.at(path)
        if was != will:
            yield _replaced(words, was, will, "leads to", Risk.LEGAL)


def _replaced(
    what: str, was: Any, will: Any, verb: str = "reads", risk: Risk | None = None
) -> Effect:
    """Say what a text or link reads now, and what it read before."""
    before: Text = (Quoted(str(was)),) if was else ()
    if not will:
        return fact(f"{what} is removed.", risk, before=before)
    now = "now" if was else "is new and"
    return fact(
        (f"{what} {now} {verb} ", Quoted(str(will)), "."),
        risk,
        before=before,
        holds=(f"{what} {verb} ", Quoted(str(will))),
    )


def team(pair: BeforeAfter) -> Iterator[Effect]:
    """Name, description and metadata, which customers never see."""
    for path, words in (("name", "The name"), ("description", "The description")):
        if path not in pair.was.leaves:
            continue
        was, will = pair.was.at(path), pair.will.at(path)
        if was != will and not pair.new:
            yield _replaced(f"{words} that your team sees", was, will)
    was, will = pair.was.at("metadata"), pair.will.at("metadata")
    keys = [key for key in sorted({*was, *will}) if was.get(key) != will.get(key)]
    if keys and not pair.new:
        noun = "note" if len(keys) == 1 else "notes"
        names = joined([(Quoted(key),) for key in keys])
        yield fact(
            (
                f"Your own {noun} on it (metadata) change, unseen by customers: ",
                *names,
                ".",
            )
        )


def letting_go(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell what happens to the default when the code lets go of it."""
    words = PORTAL_FIELDS["on_delete"]
    was, will = pair.was.at("on_delete"), pair.will.at("on_delete")
    if was != will:
        clause = f"When the code lets go of the default, {words.say(will)}"
        yield fact(f"{clause}.", Risk.DEFAULT, holds=clause)


def undeclared(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell what becomes of features that the code doesn't declare."""
    words = PORTAL_FIELDS["undeclared_features"]
    was, will = pair.was.at("undeclared_features"), pair.will.at("undeclared_features")
    if was != will:
        clause = f"Features that the code doesn't declare {words.say(will)}"
        yield fact(f"{clause}.", Risk.DEFAULT, holds=clause)


def account(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell which connected account it belongs to."""
    was, will = pair.was.at("account"), pair.will.at("account")
    if was != will and not pair.new:
        where = (
            ("the connected account ", *pair.book.label(will))
            if will
            else ("the account of the key",)
        )
        yield fact(("It is made anew in ", *where, "."), Risk.ACCESS)
