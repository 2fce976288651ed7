"""The words for each field: one table, from the path in the code to plain language.

A field that `inputs` declares and that has no words here fails a test; should one get
through, it is told by its own name.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .text import Quoted, Text

__all__ = ["ABILITIES", "EVENTS", "EXTRA", "FIELDS", "Risk", "Words"]


class Risk(enum.Enum):
    """What a change is about that a reviewer should look at, most serious first."""

    OUTAGE = "outage"
    MONEY = "money"
    SECRET = "secret"  # noqa: S105 - a class of changes
    ACCESS = "access"
    LEGAL = "legal"
    DEFAULT = "default"
    EVENTS = "events"


@dataclass(frozen=True)
class Words:
    """How one field is spoken of."""

    label: str
    """What the field is, for somebody who never saw the code."""
    topic: str = ""
    """Which sentences tell of a change; empty inside a value that is told as one."""
    risk: Risk | None = None
    choices: Mapping[Any, str] = field(default_factory=dict)
    """What each of Stripe's choices means; a clause where `when` is given."""
    when: str = ""
    """The beginning of a sentence: one that a choice's clause completes, or what a
    text is called there, where that is more than its label."""

    own: str = ""
    """What Stripe calls a field that has no words: it is told by that name."""

    def where(self, when: str = "", /, **choices: str) -> Words:
        """Return the words with `when`, and with what each choice means."""
        return replace(self, when=when, choices=choices)

    @property
    def noun(self) -> str:
        """The label inside a sentence."""
        return self.label[:1].lower() + self.label[1:]

    @property
    def inside(self) -> Text:
        """What the field is called inside a sentence."""
        return (Quoted(self.own) if self.own else self.noun,)

    @property
    def lead(self) -> Text:
        """What it is called at the beginning of a sentence."""
        return (Quoted(self.own) if self.own else self.label,)

    def say(self, choice: Any) -> str:
        """Return a choice in words."""
        return self.choices.get(choice, str(choice))

    def texts(self, choices: Iterable[Any]) -> list[Text]:
        """Return several choices in words."""
        return [(self.say(choice),) for choice in choices]

    def sentence(self, choice: Any) -> str:
        """Return what holds where this is chosen, as a sentence without its end."""
        return self.when + self.say(choice)


EXTRA = "extra"
"""The topic of what no declaration names: it is told by its own name."""
_MID_PERIOD = "When customers change plan or quantity in the middle of a period, "


def _in(feature: str, fields: Mapping[str, Words]) -> dict[str, Words]:
    return {f"features.{feature}.{name}": words for name, words in fields.items()}


_CUSTOMER_UPDATE = {
    "enabled": Words("Changing billing details", "details", Risk.ACCESS),
    "allowed_updates": Words(
        "Billing details that customers can change", "details", Risk.ACCESS
    ).where(
        address="billing address",
        email="email address",
        name="name",
        phone="phone number",
        shipping="shipping address",
        tax_id="tax IDs",
    ),
}
_PAYMENT_METHOD_UPDATE = {
    "enabled": Words("Managing payment methods", "payment_methods", Risk.ACCESS),
    "payment_method_configuration": Words(
        "Kinds of payment method on offer", "payment_methods", Risk.ACCESS
    ),
}
_SUBSCRIPTION_CANCEL = {
    "enabled": Words("Cancelling", "cancelling", Risk.ACCESS),
    "mode": Words("When a cancellation takes effect", "cancelling", Risk.MONEY).where(
        at_period_end="at the end of the paid period", immediately="at once"
    ),
    "proration_behavior": Words(
        "Credit for unused time after cancelling at once", "cancelling", Risk.MONEY
    ).where(
        none="no credit",
        create_prorations="credit for the unused time",
        always_invoice="credit for the unused time, invoiced at once",
    ),
    "cancellation_reason.enabled": Words("Asking why customers cancel", "survey"),
    "cancellation_reason.options": Words(
        "Reasons that customers can choose when cancelling", "survey"
    ).where(
        customer_service="customer service was less than expected",
        low_quality="quality was less than expected",
        missing_features="some features are missing",
        other="other reason",
        switched_service="switching to another service",
        too_complex="too complex to use",
        too_expensive="too expensive",
        unused="not used enough",
    ),
    "cancellation_reason.feedback_options": Words(
        "Your own reasons that customers can choose when cancelling", "survey"
    ),
}
_SUBSCRIPTION_PAUSE = {
    "enabled": Words("Pausing", "pausing", Risk.ACCESS),
    "duration": Words("How long customers can pause", "pausing", Risk.ACCESS),
}
_CONDITIONS = "schedule_at_period_end.conditions"
_SUBSCRIPTION_UPDATE = {
    "enabled": Words("Changing plan", "changing_plan", Risk.ACCESS),
    "default_allowed_updates": Words(
        "What customers can change about a subscription", "changing_plan", Risk.ACCESS
    ).where(
        price="the plan",
        promotion_code="the promotion code",
        quantity="the quantity (seats)",
    ),
    "products": Words("Plans on offer", "changing_plan", Risk.MONEY),
    "proration_behavior": Words(
        "Billing of a change in the middle of a period",
        "billing_of_changes",
        Risk.MONEY,
    ).where(
        _MID_PERIOD,
        none="the rest of the period is neither charged nor credited",
        create_prorations="the difference goes on the next invoice",
        always_invoice="the difference is invoiced at once",
    ),
    "billing_cycle_anchor": Words(
        "Billing date after a change of plan", "billing_of_changes", Risk.MONEY
    ).where(
        _MID_PERIOD,
        now="a new billing period begins that day",
        unchanged="the billing date stays the same",
    ),
    "trial_update_behavior": Words(
        "Change of plan during a trial", "billing_of_changes", Risk.MONEY
    ).where(
        "When customers change plan during a trial, ",
        continue_trial="the trial goes on",
        end_trial="the trial ends and billing begins",
    ),
    _CONDITIONS: Words(
        "Changes that wait for the end of the period", "waiting_changes", Risk.MONEY
    ),
    f"{_CONDITIONS}.type": Words("Which changes wait").where(
        decreasing_item_amount="to a lower price",
        shortening_interval="to a shorter billing period",
    ),
}

FIELDS: Mapping[str, Words] = {
    **_in("customer_update", _CUSTOMER_UPDATE),
    "features.invoice_history.enabled": Words(
        "Seeing past invoices", "switch", Risk.ACCESS
    ),
    **_in("payment_method_update", _PAYMENT_METHOD_UPDATE),
    **_in("subscription_cancel", _SUBSCRIPTION_CANCEL),
    **_in("subscription_pause", _SUBSCRIPTION_PAUSE),
    **_in("subscription_update", _SUBSCRIPTION_UPDATE),
    "account": Words("Connected account", "account", Risk.ACCESS),
    "active": Words("In use", "in_use", Risk.OUTAGE),
    "business_profile.headline": Words("Headline", "texts"),
    "business_profile.privacy_policy_url": Words(
        "Link to the privacy policy", "texts", Risk.LEGAL
    ),
    "business_profile.terms_of_service_url": Words(
        "Link to the terms of service", "texts", Risk.LEGAL
    ),
    "default_return_url": Words(
        "Where the return link leads",
        "return_link",
        Risk.ACCESS,
        when="The link back to the app",
    ),
    "extra_params": Words("Parameter newer than this package", EXTRA),
    "login_page.enabled": Words("Sign-in page by email", "login_page", Risk.ACCESS),
    "metadata": Words("Metadata, your own notes", "team"),
    "name": Words("Name for your team", "team", when="The name that your team sees"),
    "on_delete": Words(
        "When the code lets go of the default", "choice", Risk.DEFAULT
    ).where(
        "When the code lets go of the default, ",
        keep="its settings stay as they are",
        restore="its earlier settings are written back",
    ),
    "undeclared_features": Words(
        "Features that the code doesn't declare", "choice", Risk.DEFAULT
    ).where(
        "Features that the code doesn't declare ",
        keep="stay as they are",
        off="are off",
    ),
    "url": Words("Address that receives the events", "address", Risk.EVENTS),
    "enabled_events": Words("Events that are sent", "events", Risk.EVENTS),
    "api_version": Words("API version of the events", "version", Risk.EVENTS),
    "connect": Words(
        "Events of connected accounts",
        "whose",
        Risk.EVENTS,
        {True: "connected accounts", False: "the account itself"},
        "The events are those of ",
    ),
    "description": Words(
        "Description", "team", when="The description that your team sees"
    ),
    "disabled": Words("Switched off", "sending", Risk.EVENTS),
    "secret": Words("Signing secret of an imported endpoint", "secret", Risk.SECRET),
    "secret_version": Words("Version of the signing secret", "secret", Risk.SECRET),
}
"""The fields of portals and webhook endpoints, by dotted path."""

ABILITIES = {
    "customer_update": "change their billing details",
    "invoice_history": "see their past invoices",
    "payment_method_update": "manage their payment methods",
    "subscription_cancel": "cancel their subscription",
    "subscription_pause": "pause their subscription",
    "subscription_update": "change their plan",
}
"""What customers can do where a feature is on."""

EVENTS = {
    "billing_portal.configuration.created": "a portal is set up",
    "billing_portal.configuration.updated": "a portal's settings change",
    "billing_portal.session.created": "a customer is sent to the portal",
    "customer.subscription.created": "a subscription begins",
    "customer.subscription.deleted": "a subscription ends",
    "customer.subscription.paused": "a subscription is paused",
    "customer.subscription.resumed": "a subscription is resumed",
    "customer.subscription.updated": "a subscription changes",
    "customer.tax_id.created": "a customer adds a tax ID",
    "customer.tax_id.deleted": "a customer removes a tax ID",
    "customer.tax_id.updated": "a tax ID is verified or changes",
    "customer.updated": "a customer's details change",
    "invoice.paid": "an invoice is paid",
    "payment_method.attached": "a payment method is added",
    "payment_method.detached": "a payment method is removed",
}
"""When Stripe sends an event."""
