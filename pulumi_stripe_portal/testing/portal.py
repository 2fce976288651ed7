"""A portal configuration, asked what its customers can do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.inputs import PortalConfigurationInputs
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.portal_session import OpenSession
from pulumi_stripe_portal.schema.failures import nearest
from pulumi_stripe_portal.schema.tree import schema_of

__all__ = ["Portal"]

_FEATURES = schema_of(PortalConfigurationInputs).children["features"].children
_UPDATES = {
    "customer_update": "allowed_updates",
    "subscription_update": "default_allowed_updates",
}
"""The field of a feature that lists what can be changed."""


@dataclass(frozen=True)
class Portal:
    """A portal configuration in the sandbox, as it is there at each call.

    A name that doesn't exist is a `ValueError`, so that a test can't pass by a slip.

    Attributes:
        name: The resource's name in the program.
        id: The configuration's id, `bpc_…`.
        sandbox: Where it is.
        livemode: Whether it is of live mode.
        account: The connected account (`acct_…`) that it belongs to, if there is one.
    """

    name: str
    id: str
    sandbox: Sandbox
    livemode: bool = False
    account: str | None = None

    def __repr__(self) -> str:
        """Say what it allows: pytest shows it beside what failed."""
        allowed = ", ".join(name for name in _FEATURES if self.allows(name))
        offered = ", ".join(self.offered)
        return f"<Portal {self.name!r}: allows {allowed or 'nothing'}; offers " + (
            f"{offered or 'nothing'}>"
        )

    @property
    def _client(self) -> Any:
        account = self.account
        return self.sandbox.client(livemode=self.livemode, stripe_account=account)

    @property
    def configuration(self) -> dict[str, Any]:
        """The configuration as Stripe's API returns it, with its products.

        https://docs.stripe.com/api/customer_portal/configurations/object
        """
        found = self._client.v1.billing_portal.configurations.retrieve(
            self.id, {"expand": ["features.subscription_update.products"]}
        )
        return dict(found.to_dict())

    def allows(self, feature: str, update: str | None = None) -> bool:
        """Tell whether customers can do something.

        Args:
            feature: The feature, in Stripe's own words: `subscription_cancel`,
                `subscription_pause`, `subscription_update`, `customer_update`,
                `payment_method_update` or `invoice_history`.
            update: What they would change with it, for `customer_update` (such as
                `email`) and `subscription_update` (such as `quantity`); None for
                anything.

        Raises:
            ValueError: There is no such feature, or no such thing to change.
        """
        _require("feature", feature, _FEATURES)
        if update is not None:
            listed = _UPDATES.get(feature)
            choices = _FEATURES[feature].children[listed].choices if listed else ()
            _require(f"update of {feature}", update, choices)
        found = self.configuration
        told = found["features"][feature]
        if not found["active"] or not told["enabled"]:
            return False
        return update is None or update in told[_UPDATES[feature]]

    def offers(self, price: str) -> bool:
        """Tell whether customers can switch to a price.

        Args:
            price: Its lookup key, such as `pro_monthly`, or its id.

        Raises:
            ValueError: The sandbox has no such price.
        """
        known = {each["id"]: each["lookup_key"] for each in self._prices()}
        _require("price", price, [*filter(None, known.values()), *known])
        return price in self.offered or known.get(price) in self.offered

    @property
    def offered(self) -> list[str]:
        """The prices that customers can switch to, by lookup key where they have one.

        The order is the program's.
        """
        if not self.allows("subscription_update", "price"):
            return []
        known = {each["id"]: each["lookup_key"] for each in self._prices()}
        products = self.configuration["features"]["subscription_update"]["products"]
        ids = [price for product in products or () for price in product["prices"]]
        return [known.get(each) or each for each in ids]

    def open(self, customer: str | None = None) -> OpenSession:
        """Open it as a customer, for `sandbox.portal_session` to act on.

        Args:
            customer: The customer's id, `cus_…`; None for Ada, who is on the sandbox's
                plan Pro.

        Returns:
            What the customer sees, read anew at each access.
        """
        ada = customer or self.sandbox.demo(livemode=self.livemode)["ada"]
        session = self._client.v1.billing_portal.sessions.create(
            {
                "customer": ada,
                "configuration": self.id,
                "return_url": "https://shop.example.com/account",
            }
        )
        return self.sandbox.open_session(session.url)

    def _prices(self) -> list[dict[str, Any]]:
        found = self._client.v1.prices.list({"limit": 100})
        return [each.to_dict() for each in found.auto_paging_iter()]


def _require(what: str, name: str, known: Iterable[str]) -> None:
    """Refuse a name that doesn't exist.

    Raises:
        ValueError: It doesn't, with what was meant.
    """
    names = list(known)
    if name not in names:
        near = nearest(name, names)
        meant = f"did you mean {near!r}?" if near else f"there are: {names}"
        raise ValueError(f"there is no {what} {name!r}; {meant}")
