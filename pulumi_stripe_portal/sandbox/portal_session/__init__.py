"""Portal sessions: what they are made of, and what customers do in an open one.

`PortalSessions.open` turns the secret of a link into an `OpenSession`, which the other
functions take. They refuse what its configuration and flow do not allow, whatever the
page has shown, by a `PortalError`. Every function that changes something does so in one
transaction and has the events recorded and sent.

May import `billing`, `data`, `errors`, `evidence`, `objects`, `verbs` and `webhooks`.
"""

from .brand_images import BrandImages, brand_images, file_of
from .cancel import (
    CancelPreview,
    Survey,
    accept_offer,
    cancel,
    cancel_preview,
    give_reason,
    renew,
    retention_offer,
    survey,
)
from .challenges import Challenge
from .details import add_tax_id, remove_tax_id, tax_id_types, tax_ids, update_details
from .hosted_pages import HostedPages
from .login import LoginPage
from .open_checkout import CheckoutEntry, CheckoutSummary, OpenCheckout
from .open_invoice import OpenInvoice
from .open_session import Allowed, Completion, OpenSession, complete
from .outbox import Mail, Outbox
from .overview import (
    CustomerSubscription,
    invoices,
    next_invoice,
    subscription,
    subscriptions,
)
from .pause import pause, resume
from .pause_options import PauseOption, pause_options
from .payment import (
    add_payment_method,
    authentication_url,
    clear_subscription_payment_method,
    default_payment_method,
    is_removable,
    pay_invoice,
    payment_methods,
    remove_payment_method,
    set_default_payment_method,
)
from .portal_errors import (
    CardDeclined,
    Invalid,
    LinkExpired,
    NotAllowed,
    NotFound,
    PageGone,
    PortalError,
)
from .portal_sessions import LINK_LIFE, PortalSessions, secret_in
from .switch import (
    SwitchPreview,
    confirm_preview,
    confirm_switch,
    preview_switch,
    switch,
    undo_switch,
)
from .switch_options import Option, Quantity, options

__all__ = [
    "LINK_LIFE",
    "Allowed",
    "BrandImages",
    "CancelPreview",
    "CardDeclined",
    "Challenge",
    "CheckoutEntry",
    "CheckoutSummary",
    "Completion",
    "CustomerSubscription",
    "HostedPages",
    "Invalid",
    "LinkExpired",
    "LoginPage",
    "Mail",
    "NotAllowed",
    "NotFound",
    "OpenCheckout",
    "OpenInvoice",
    "OpenSession",
    "Option",
    "Outbox",
    "PageGone",
    "PauseOption",
    "PortalError",
    "PortalSessions",
    "Quantity",
    "Survey",
    "SwitchPreview",
    "accept_offer",
    "add_payment_method",
    "add_tax_id",
    "authentication_url",
    "brand_images",
    "cancel",
    "cancel_preview",
    "clear_subscription_payment_method",
    "complete",
    "confirm_preview",
    "confirm_switch",
    "default_payment_method",
    "file_of",
    "give_reason",
    "invoices",
    "is_removable",
    "next_invoice",
    "options",
    "pause",
    "pause_options",
    "pay_invoice",
    "payment_methods",
    "preview_switch",
    "remove_payment_method",
    "remove_tax_id",
    "renew",
    "resume",
    "retention_offer",
    "secret_in",
    "set_default_payment_method",
    "subscription",
    "subscriptions",
    "survey",
    "switch",
    "tax_id_types",
    "tax_ids",
    "undo_switch",
    "update_details",
]
