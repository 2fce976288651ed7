"""What the pages show: ready texts, amounts and dates, and what can be done.

Templates get these and decide nothing. A part that is None is not on the page.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Brand",
    "Cancellation",
    "Card",
    "Change",
    "Checkout",
    "CheckoutDetails",
    "Choice",
    "Chosen",
    "Detail",
    "Home",
    "Invoice",
    "Line",
    "Plan",
    "PlanGroup",
    "Planning",
    "Statement",
    "Status",
    "Subscription",
    "TaxId",
]


@dataclass(frozen=True)
class Brand:
    """Whose portal it is; without a *headline* it has the usual one, but for ""."""

    name: str
    headline: str | None = None
    return_url: str | None = None
    privacy_url: str | None = None
    terms_url: str | None = None
    logo: str | None = None
    """The logo as a `data:` URL, which stands in place of icon and name."""
    icon: str | None = None


@dataclass(frozen=True)
class Status:
    """A word about a thing, and how good it is: `good`, `warn`, `bad` or `calm`."""

    label: str
    tone: str = "calm"


@dataclass(frozen=True)
class Line:
    """A line of an invoice."""

    text: str
    amount: str


@dataclass(frozen=True)
class Statement:
    """An amount to be paid, when, and all that it is made of: the lines add up."""

    total: str
    date: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Card:
    """A payment method."""

    id: str
    title: str
    detail: str
    is_default: bool = False
    is_expired: bool = False
    is_removable: bool = True


@dataclass(frozen=True)
class Subscription:
    """What a customer pays for, and what can be done about it."""

    id: str
    name: str
    price: str
    status: Status
    notes: tuple[str, ...] = ()
    warning: str | None = None
    quantity: str | None = None
    discount: str | None = None
    upcoming: Statement | None = None
    method: Card | None = None
    """Its own payment method, where it overrides the customer's default."""
    is_method_removable: bool = False
    can_change_price: bool = False
    can_change_quantity: bool = False
    can_use_code: bool = False
    can_cancel: bool = False
    can_renew: bool = False
    can_pause: bool = False
    can_resume: bool = False
    can_add_method: bool = False
    """Whether a card that is added resumes it."""
    can_undo: bool = False
    """Whether a switch at the period's end can be dropped."""

    @property
    def can_change(self) -> bool:
        """Whether there is anything to change about the plan itself."""
        return self.can_change_price or self.can_change_quantity or self.can_use_code


@dataclass(frozen=True)
class Detail:
    """A billing detail and its value, over as many lines as it has."""

    name: str
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class TaxId:
    """A tax id of the customer."""

    id: str
    kind: str
    value: str
    status: Status | None = None


@dataclass(frozen=True)
class Invoice:
    """A past invoice."""

    id: str
    number: str
    date: str
    total: str
    status: Status
    about: str = ""
    url: str | None = None
    pdf: str | None = None
    is_payable: bool = False


@dataclass(frozen=True)
class Home:
    """The first page of the portal."""

    subscriptions: tuple[Subscription, ...]
    methods: tuple[Card, ...] | None = None
    details: tuple[Detail, ...] | None = None
    tax_ids: tuple[TaxId, ...] | None = None
    invoices: tuple[Invoice, ...] | None = None
    more_invoices: int | None = None
    """How many there are to show next, None where these are all."""


@dataclass(frozen=True)
class Plan:
    """A price that the customer can switch to."""

    id: str
    name: str
    price: str
    description: str = ""
    quantity: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class PlanGroup:
    """The plans of one billing interval."""

    title: str
    plans: tuple[Plan, ...]


@dataclass(frozen=True)
class Chosen:
    """What is entered so far; None where it can't be changed."""

    price: str | None = None
    quantity: int | None = None
    code: str | None = None
    asks_code: bool = True
    """Whether the code is entered here, and not where the change is confirmed."""


@dataclass(frozen=True)
class Planning:
    """The page on which a plan, a quantity and a promotion code are chosen."""

    subscription: Subscription
    chosen: Chosen
    groups: tuple[PlanGroup, ...] = ()
    minimum: int = 1
    maximum: int | None = None
    quantity_hint: str = ""


@dataclass(frozen=True)
class Change:
    """What confirming a change of plan means."""

    was: str
    plan: str
    is_same_plan: bool
    """Whether only the quantity or the discount changes."""
    notes: tuple[str, ...]
    due: Statement
    """What is charged at once."""
    upcoming: Statement | None = None
    discount: str | None = None


@dataclass(frozen=True)
class CheckoutDetails:
    """What is asked of a customer before they see what it costs, and is entered so far.

    *address* has the fields that are asked for, or is None for no address.
    """

    address: dict[str, str] | None
    is_whole_address: bool
    takes_tax_id: bool
    business_name: str
    tax_id: str
    tax_id_type: str
    tax_id_types: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Checkout:
    """The page of a Checkout Session; without amounts it only saves a card."""

    title: str
    email: str
    is_email_known: bool
    card: dict[str, str] | None
    """What is entered of a card so far, None where none is asked for."""
    confirm: str
    terms: str
    prices: tuple[str, ...] = ()
    trial: str | None = None
    due: Statement | None = None
    upcoming: Statement | None = None
    discount: str | None = None
    takes_code: bool = False
    code: str = ""
    details: CheckoutDetails | None = None
    is_ready: bool = True
    """Whether the details are known, and what it costs: then it can be paid."""
    is_untaxed: bool = False
    """Whether the amounts lack the tax still."""
    carried: tuple[tuple[str, str], ...] = ()
    """What the form for the card has to carry of the others."""


@dataclass(frozen=True)
class Cancellation:
    """What cancelling means."""

    subscription: Subscription
    text: str
    credit: str | None = None
    offer: str | None = None
    """The discount for staying."""


@dataclass(frozen=True)
class Choice:
    """One of several radio buttons."""

    value: str
    label: str
    hint: str = ""
