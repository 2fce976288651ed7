"""What users write: Stripe's own names and nesting, as plain dict literals.

This is the one declaration of every field. Validation, requests, diffs, drift, import
and review read it (through `schema.tree`): a field is declared here and nowhere else.

Each field mirrors the one of the same name in Stripe's API:
https://docs.stripe.com/api/customer_portal/configurations/create and
https://docs.stripe.com/api/webhook_endpoints/create. `Input[...]` marks where an Output
of another resource may stand.
"""

# Annotations are resolved at run time: no `from __future__ import annotations` here.
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from typing_extensions import NotRequired, TypedDict

from pulumi_stripe_portal.schema.field import Field, Input, ListOf

from .events import EVENT_FORM, WebhookEvent

__all__ = [
    "AdjustableQuantity",
    "BusinessProfile",
    "CancellationReason",
    "CustomerUpdate",
    "DefaultPortalConfigurationInputs",
    "Features",
    "IntervalOption",
    "InvoiceHistory",
    "LoginPage",
    "PauseDuration",
    "PaymentMethodUpdate",
    "PortalConfigurationInputs",
    "PriceByLookupKey",
    "ScheduleAtPeriodEnd",
    "ScheduleCondition",
    "SubscriptionCancel",
    "SubscriptionPause",
    "SubscriptionUpdate",
    "SubscriptionUpdateProduct",
    "WebhookEndpointInputs",
]

Switch: TypeAlias = Annotated[Input[bool], Field(default=False)]
RequiredSwitch: TypeAlias = Annotated[Input[bool], Field(default=False, travels=True)]
Text: TypeAlias = Annotated[Input[str], Field()]
FilledText: TypeAlias = Annotated[Input[str], Field(filled=True)]
Url: TypeAlias = Annotated[Input[str], Field(url=True)]
Account: TypeAlias = Annotated[
    Input[str], Field(ours=True, create_only=True, prefix="acct_")
]
Metadata: TypeAlias = Annotated[
    Mapping[str, Annotated[Input[str], Field()]], Field(default={})
]
ExtraParams: TypeAlias = Annotated[Mapping[str, Any], Field(default={})]


class BusinessProfile(TypedDict):
    """The business information that customers see in the portal."""

    headline: NotRequired[Annotated[Input[str], Field(max_length=60)]]
    """The line shown to customers, at most 60 characters; `""` for none."""
    privacy_policy_url: NotRequired[Url]
    """Link to the business's privacy policy."""
    terms_of_service_url: NotRequired[Url]
    """Link to the business's terms of service."""


class CustomerUpdate(TypedDict):
    """Customers may change their own billing details."""

    enabled: Switch
    """Whether the feature is on."""
    allowed_updates: NotRequired[
        Annotated[
            ListOf[
                Input[
                    Literal["address", "email", "name", "phone", "shipping", "tax_id"]
                ]
            ],
            Field(default=[], unordered=True),
        ]
    ]
    """What customers may change. When empty, nothing."""


class InvoiceHistory(TypedDict):
    """Customers see their past invoices."""

    enabled: RequiredSwitch
    """Whether the feature is on."""


class PaymentMethodUpdate(TypedDict):
    """Customers may add, choose and remove payment methods."""

    enabled: RequiredSwitch
    """Whether the feature is on."""
    payment_method_configuration: NotRequired[Text]
    """Id (`pmc_…`) of the payment method configuration; `""` for the account's own."""


class CancellationReason(TypedDict):
    """The survey that customers see when they cancel."""

    enabled: RequiredSwitch
    """Whether reasons are asked for."""
    options: NotRequired[
        Annotated[
            ListOf[
                Input[
                    Literal[
                        "customer_service",
                        "low_quality",
                        "missing_features",
                        "other",
                        "switched_service",
                        "too_complex",
                        "too_expensive",
                        "unused",
                    ]
                ]
            ],
            Field(default=[], unordered=True),
        ]
    ]
    """The reasons offered. Required when `enabled`."""
    feedback_options: NotRequired[
        Annotated[ListOf[FilledText], Field(default=[], unordered=True)]
    ]
    """Ids of custom feedback options to offer as well."""


class SubscriptionCancel(TypedDict):
    """Customers may cancel their subscriptions."""

    enabled: Switch
    """Whether the feature is on."""
    mode: NotRequired[
        Annotated[
            Input[Literal["at_period_end", "immediately"]],
            Field(default="at_period_end"),
        ]
    ]
    """When a cancellation takes effect. Stripe's default: `at_period_end`."""
    proration_behavior: NotRequired[
        Annotated[
            Input[Literal["none", "create_prorations", "always_invoice"]],
            Field(default="none"),
        ]
    ]
    """Whether unused time is credited. `create_prorations` needs `mode: immediately`;
    Stripe's type also lists `always_invoice`, which it refuses here."""
    cancellation_reason: NotRequired[CancellationReason]
    """The survey shown on cancelling."""


class IntervalOption(TypedDict):
    """One duration that customers can choose for a pause."""

    interval: Annotated[Input[Literal["day", "week", "month", "year"]], Field()]
    """The unit of the duration."""
    interval_count: NotRequired[Annotated[Input[int], Field(default=1)]]
    """How many of the unit, default 1; three years in all at most."""


class PauseDuration(TypedDict):
    """How long customers can pause."""

    type: Annotated[Input[Literal["indefinite", "interval_options"]], Field()]
    """Until they resume (`indefinite`), or for one of `interval_options`."""
    interval_options: NotRequired[
        Annotated[
            ListOf[IntervalOption],
            Field(default=[], unordered=True),
        ]
    ]
    """The durations offered. Required when `type` is `interval_options`."""


class SubscriptionPause(TypedDict):
    """Customers may pause their subscriptions (in Stripe's redesigned portal)."""

    enabled: NotRequired[Switch]
    """Whether the feature is on."""
    duration: NotRequired[
        Annotated[
            PauseDuration,
            Field(
                default={
                    "type": "interval_options",
                    "interval_options": [{"interval": "month", "interval_count": 1}],
                },
                whole=True,
            ),
        ]
    ]
    """How long. Stripe's default: `interval_options` with one month as the only one."""


class AdjustableQuantity(TypedDict):
    """Whether customers may change the quantity (seats) of a product."""

    enabled: Annotated[Input[bool], Field(default=True)]
    """Whether the quantity can be changed."""
    minimum: NotRequired[Annotated[Input[int], Field(default=1)]]
    """The smallest quantity, default 1."""
    maximum: NotRequired[Annotated[Input[int], Field()]]
    """The largest quantity, default none."""


class PriceByLookupKey(TypedDict):
    """A price named by its `lookup_key`, so that one program serves test and live.

    https://docs.stripe.com/products-prices/manage-prices#lookup-keys
    """

    lookup_key: Annotated[Input[str], Field(max_length=200, filled=True)]
    """The price's lookup key, e.g. `pro_monthly`."""


class SubscriptionUpdateProduct(TypedDict):
    """A product that customers can switch to, or whose quantity they can change."""

    product: NotRequired[FilledText]
    """The product's id (`prod_…`); may be left out where the prices are named by
    lookup key."""
    prices: Annotated[
        ListOf[Annotated[Input[str], Field(filled=True)] | PriceByLookupKey],
        Field(default=[], unordered=True),
    ]
    """The product's prices on offer, as ids (`price_…`) or `{"lookup_key": …}`:
    recurring, and one per billing interval."""
    adjustable_quantity: NotRequired[
        Annotated[AdjustableQuantity, Field(default={"enabled": True, "minimum": 1})]
    ]
    """Sent explicitly with every product; where the code is silent, as
    `{"enabled": True}`."""


class ScheduleCondition(TypedDict):
    """A kind of change that waits for the end of the period."""

    type: Annotated[
        Input[Literal["decreasing_item_amount", "shortening_interval"]], Field()
    ]
    """A lower amount, or a shorter interval."""


class ScheduleAtPeriodEnd(TypedDict):
    """Which changes wait for the end of the period."""

    conditions: NotRequired[
        Annotated[
            ListOf[ScheduleCondition],
            Field(default=[], unordered=True),
        ]
    ]
    """When any of them is true, the change is scheduled for the period's end."""


class SubscriptionUpdate(TypedDict):
    """Customers may switch price, change quantity or enter a promotion code."""

    enabled: Switch
    """Whether the feature is on. Needs `products`, `default_allowed_updates`, and
    `payment_method_update` on."""
    default_allowed_updates: NotRequired[
        Annotated[
            ListOf[Input[Literal["price", "promotion_code", "quantity"]]],
            Field(default=[], unordered=True),
        ]
    ]
    """What customers may change. When empty, nothing."""
    products: NotRequired[
        Annotated[
            ListOf[SubscriptionUpdateProduct],
            Field(default=[], unordered=True, max_length=10),
        ]
    ]
    """The products on offer, at most 10."""
    proration_behavior: NotRequired[
        Annotated[
            Input[Literal["none", "create_prorations", "always_invoice"]],
            Field(default="none"),
        ]
    ]
    """How a change in mid-period is billed. Stripe's default: `none`."""
    billing_cycle_anchor: NotRequired[
        Annotated[Input[Literal["now", "unchanged"]], Field(default="unchanged")]
    ]
    """Whether a change starts a new billing period. Stripe's default: `unchanged`."""
    trial_update_behavior: NotRequired[
        Annotated[Input[Literal["continue_trial", "end_trial"]], Field("end_trial")]
    ]
    """What a change does to a trial. Stripe's default: `end_trial`."""
    schedule_at_period_end: NotRequired[ScheduleAtPeriodEnd]
    """Which changes wait for the end of the period."""


class Features(TypedDict):
    """What customers can do. A feature that is not declared here is off."""

    customer_update: NotRequired[CustomerUpdate]
    """Change billing details."""
    invoice_history: NotRequired[InvoiceHistory]
    """See past invoices."""
    payment_method_update: NotRequired[PaymentMethodUpdate]
    """Manage payment methods."""
    subscription_cancel: NotRequired[SubscriptionCancel]
    """Cancel."""
    subscription_pause: NotRequired[SubscriptionPause]
    """Pause."""
    subscription_update: NotRequired[SubscriptionUpdate]
    """Switch plans, change quantities."""


class LoginPage(TypedDict):
    """A shareable link that lets customers sign in to the portal by email."""

    enabled: RequiredSwitch
    """Whether the link exists; it is the output `login_page_url`."""


class PortalConfigurationInputs(TypedDict):
    """The inputs of `PortalConfiguration`.

    `DefaultPortalConfiguration` has the same, but for `active`.
    """

    features: Features
    """What customers can do."""
    account: NotRequired[Account]
    """The connected account (`acct_…`) it belongs to. A change replaces."""
    active: NotRequired[Annotated[Input[bool], Field(default=True)]]
    """Whether sessions can be made with the configuration."""
    business_profile: NotRequired[BusinessProfile]
    """The business information shown to customers."""
    default_return_url: NotRequired[Url]
    """Where the portal's "return" link leads when the session names no other."""
    extra_params: NotRequired[ExtraParams]
    """Parameters that Stripe has and this package doesn't know yet, nested as in
    Stripe's reference; sent as given, and compared where Stripe returns them."""
    login_page: NotRequired[LoginPage]
    """The shareable sign-in page."""
    metadata: NotRequired[Metadata]
    """Your own keys and texts; keys that are not declared are left alone."""
    name: NotRequired[Annotated[Input[str], Field(max_length=256)]]
    """The configuration's name, shown to your team only."""


class DefaultPortalConfigurationInputs(PortalConfigurationInputs):
    """The inputs of `DefaultPortalConfiguration`; `active` is refused there."""

    on_delete: NotRequired[
        Annotated[Input[Literal["keep", "restore"]], Field(default="keep", ours=True)]
    ]
    """What `destroy` does: leave the default as it is, or write back the declared
    fields as they were before the first write."""
    undeclared_features: NotRequired[
        Annotated[Input[Literal["keep", "off"]], Field(default="keep", ours=True)]
    ]
    """What becomes of features that the code doesn't declare: they stay as they are,
    or they are switched off, as for a `PortalConfiguration`."""


class WebhookEndpointInputs(TypedDict):
    """The inputs of `WebhookEndpoint`."""

    url: Annotated[Input[str], Field(url=True, filled=True)]
    """Where events are sent."""
    enabled_events: Annotated[
        ListOf[Annotated[Input[WebhookEvent], Field(form=EVENT_FORM)]],
        Field(default=[], unordered=True),
    ]
    """The events to send, or `["*"]` for nearly all. One that is newer than this
    package is sent as well, with a warning."""
    account: NotRequired[Account]
    """The connected account (`acct_…`) it belongs to. A change replaces."""
    api_version: NotRequired[Annotated[Input[str], Field(create_only=True)]]
    """The API version of the events; default the account's. A change replaces."""
    connect: NotRequired[Annotated[Input[bool], Field(default=False, create_only=True)]]
    """Whether the events are those of connected accounts. A change replaces."""
    description: NotRequired[Annotated[Input[str], Field(max_length=5000)]]
    """What the endpoint is for."""
    disabled: NotRequired[Annotated[Input[bool], Field(default=False)]]
    """Whether Stripe stops sending."""
    extra_params: NotRequired[ExtraParams]
    """Parameters that Stripe has and this package doesn't know yet, nested as in
    Stripe's reference; sent as given, and compared where Stripe returns them."""
    metadata: NotRequired[Metadata]
    """Your own keys and texts; keys that are not declared are left alone."""
    secret: NotRequired[Annotated[Input[str], Field(ours=True)]]
    """The signing secret (`whsec_…`) of an imported one; Stripe doesn't tell it."""
    secret_version: NotRequired[
        Annotated[Input[str], Field(ours=True, create_only=True)]
    ]
    """Any text; a change replaces the endpoint, and so rotates its secret."""
