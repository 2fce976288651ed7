"""Pictures of the portal, for whoever reviews a change of its configuration.

They are made from the same templates as the portal, with a sample customer, and
nothing in them can be used: no scripts, no forms, no links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pulumi_stripe_portal.sandbox.portal.colours import DEFAULT_ACCENT
from pulumi_stripe_portal.sandbox.portal.pages import Frame, piece, stylesheet
from pulumi_stripe_portal.sandbox.portal.texts.languages import choose
from pulumi_stripe_portal.sandbox.portal.texts.texts import texts_in
from pulumi_stripe_portal.sandbox.portal.texts.words import Words
from pulumi_stripe_portal.sandbox.portal.views import change_views, view
from pulumi_stripe_portal.sandbox.portal.views.home_view import HomeContents, home
from pulumi_stripe_portal.sandbox.portal.views.subscription_view import subscription

from . import sample
from .sample_portal import SamplePortal

__all__ = ["PREVIEW_CSS", "render_preview"]

PREVIEW_CSS = stylesheet(DEFAULT_ACCENT)
"""The CSS for any number of pictures on a page; all of it is inside `.portal`."""


def render_preview(
    configuration: Mapping[str, Any],
    catalogue: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    locale: str = "en",
    marks: Mapping[str, str] | None = None,
    prefix: str = "portal-",
    business: str = "Example",
) -> str:
    """Return a piece of HTML that shows the portal with *configuration*.

    The configuration is Stripe's object or what a program declares of one: a feature
    that is not in it is off, a price may be `{"lookup_key": …}`. *catalogue* maps ids
    and lookup keys to prices and products as Stripe shows them.

    *marks* maps paths of the configuration to `added`, `changed` or `removed`, as
    `features.subscription_cancel.mode`; what they are about carries that word. An
    element of a list is named by its value: `….allowed_updates.email`, and a price
    of any product by `features.subscription_update.products.<id or lookup key>`.

    Two pictures on one page need two *prefix*es, for the ids of their elements.

        render_preview(before, marks=marks, prefix="before-")
        render_preview(after, marks=marks, prefix="after-")
    """
    texts = texts_in(choose(locale))
    portal = SamplePortal(configuration, catalogue or {})
    frame = Frame(
        text=texts,
        brand=portal.brand(business),
        is_static=True,
        prefix=prefix,
        marks=marks or {},
    )
    pages = "\n".join(_pages(frame, portal))
    return f'<div class="portal preview" lang="{texts.tag}">{pages}</div>\n'


def _pages(frame: Frame, portal: SamplePortal) -> Iterator[str]:
    """Draw the first page, and the pages behind its buttons."""
    words, text = Words(frame.text), frame.text
    allowed, current = portal.allowed, portal.subscription
    price = current.object["items"]["data"][0]["price"]
    known = HomeContents(
        customer=sample.CUSTOMER,
        now=sample.NOW,
        subscriptions=[current],
        methods=[sample.METHOD],
        default_method=sample.METHOD["id"],
        tax_ids=sample.TAX_IDS,
        invoices=[sample.invoice(price)],
    )
    shown = home(words, known, allowed)
    yield piece("home", frame, text("home.title"), home=shown)
    inner = replace(frame, brand=None)
    plan = subscription(words, current)
    if plan.can_change:
        yield piece(
            "planning",
            _with_prefix(inner, "change-"),
            text("planning.title"),
            planning=change_views.planning(
                words, plan, portal.options, _chosen(portal, plan)
            ),
        )
    if plan.can_pause:
        yield piece(
            "pause",
            _with_prefix(inner, "pause-"),
            text("pause.title"),
            plan=plan,
            pauses=change_views.pauses(words, portal.pauses()),
        )
    if plan.can_cancel:
        preview = portal.cancellation()
        yield piece(
            "cancel",
            _with_prefix(inner, "cancel-"),
            text("cancel.title"),
            cancellation=change_views.cancellation(words, plan, preview),
        )
        reasons = change_views.reasons(words, preview)
        if reasons:
            yield piece(
                "reason",
                _with_prefix(inner, "reason-"),
                text(
                    "reason.title"
                    if preview.mode == "immediately"
                    else "reason.title.later"
                ),
                reasons=reasons,
                action="",
            )
    if portal.has_login_page:
        name = frame.brand.name if frame.brand else ""
        yield piece(
            "login",
            _with_prefix(inner, "login-"),
            text("login.title"),
            lead=text("login.lead", name=name),
            email="",
        )


def _with_prefix(frame: Frame, page: str) -> Frame:
    """Keep the ids of one page apart from those of the others."""
    return replace(frame, prefix=frame.prefix + page)


def _chosen(portal: SamplePortal, plan: view.Subscription) -> view.Chosen:
    current = next(iter(portal.options), None)
    return view.Chosen(
        price=current.price["id"] if current and plan.can_change_price else None,
        quantity=1 if plan.can_change_quantity else None,
        code="" if plan.can_use_code else None,
    )
