"""What the portal would have for the sample customer, from a configuration alone.

The configuration may be incomplete, and some of it unknown: whatever has not the
type that Stripe has there counts as not given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.billing.periods import after
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.views import view

from . import sample

__all__ = ["SamplePortal"]


_Kind = TypeVar("_Kind")

_INTERVALS = ("day", "week", "month", "year")
_THREE_YEARS = 3 * 366
"""In days: no pause is longer, in whatever interval."""


class SamplePortal:
    """A *configuration*, with a *catalogue* of what its ids and lookup keys name."""

    def __init__(
        self,
        configuration: Mapping[str, Any],
        catalogue: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Take a configuration and what its ids and lookup keys name."""
        self._configuration = configuration
        self._catalogue = catalogue

    def brand(self, name: str) -> view.Brand:
        """Return the company's part of the page."""
        return view.Brand(
            name=name,
            headline=self._get(str, "business_profile.headline"),
            # A session names a return_url where the configuration has none.
            return_url=self._get(str, "default_return_url") or "https://example.com",
            privacy_url=self._get(str, "business_profile.privacy_policy_url"),
            terms_url=self._get(str, "business_profile.terms_of_service_url"),
        )

    @property
    def has_login_page(self) -> bool:
        """Whether customers can sign in without a link from the app."""
        return bool(self._get(bool, "login_page.enabled"))

    @property
    def allowed(self) -> portal_session.Allowed:
        """What the customer may do."""
        details: list[str] = []
        if self._on("customer_update"):
            details = self._list("features.customer_update.allowed_updates")
        updates: list[str] = []
        if self._on("subscription_update"):
            at = "features.subscription_update"
            updates = self._list(f"{at}.default_allowed_updates")
        return portal_session.Allowed(
            customer_update=tuple(details),
            invoice_history=self._on("invoice_history"),
            payment_method_update=self._on("payment_method_update"),
            subscription_cancel=self._on("subscription_cancel"),
            subscription_update=self._on("subscription_update"),
            subscription_pause=self._on("subscription_pause"),
            update=tuple(updates),
        )

    @property
    def subscription(self) -> portal_session.CustomerSubscription:
        """The customer's subscription: to the first plan that is listed."""
        options = self.options
        price = options[0].price if options else sample.PRICE
        stripe = sample.subscription(price)
        allowed = self.allowed
        may = {
            "switch": "price" in allowed.update and len(options) > 1,
            "quantity": "quantity" in allowed.update and self._has_quantity(options),
            "promotion_code": "promotion_code" in allowed.update,
            "cancel": allowed.subscription_cancel,
            "pause": allowed.subscription_pause,
        }
        return portal_session.CustomerSubscription(
            object=stripe,
            may=frozenset(name for name, possible in may.items() if possible),
            ends_at=None,
            next_switch=None,
            period_end=stripe["current_period_end"],
            amount=price.get("unit_amount") or 0,
        )

    @staticmethod
    def _has_quantity(options: list[portal_session.Option]) -> bool:
        return bool(options) and options[0].quantity is not None

    @property
    def options(self) -> list[portal_session.Option]:
        """The plans that are listed."""
        return list(self._options())

    def _options(self) -> Iterator[portal_session.Option]:
        changeable = "quantity" in self.allowed.update
        current = True
        for listed in self._list("features.subscription_update.products", Mapping):
            given = listed.get("adjustable_quantity")
            given = given if isinstance(given, Mapping) else {"enabled": True}
            quantity = None
            if changeable and given.get("enabled"):
                highest = _whole(given.get("maximum"))
                quantity = portal_session.Quantity(
                    _whole(given.get("minimum")) or 1, highest
                )
            prices = listed.get("prices")
            for each in prices if isinstance(prices, (list, tuple)) else ():
                price = self._price(each, listed.get("product"))
                yield portal_session.Option(price["product"], price, current, quantity)
                current = False

    def _price(self, given: Any, product: Any) -> Json:
        key = given.get("lookup_key") if isinstance(given, Mapping) else given
        name = key if isinstance(key, str) else "…"
        price = dict(self._catalogue.get(name, {}))
        found = price.get("product") or product
        if not isinstance(found, Mapping):
            found = self._catalogue.get(str(found), {})
        title = found.get("name") or price.get("nickname") or name
        return {**price, "id": name, "product": {**found, "name": title}}

    def cancellation(self) -> portal_session.CancelPreview:
        """Show what cancelling means."""
        at = "features.subscription_cancel"
        reason = f"{at}.cancellation_reason"
        asks = self._get(bool, f"{reason}.enabled")
        mode = self._get(str, f"{at}.mode") or "at_period_end"
        prorated = self._get(str, f"{at}.proration_behavior") == "create_prorations"
        current = self.subscription
        return portal_session.CancelPreview(
            mode="immediately" if mode == "immediately" else "at_period_end",
            ends_at=current.period_end,
            credit=current.amount // 2 if prorated else 0,
            currency=current.object["currency"],
            reasons=tuple(self._list(f"{reason}.options")) if asks else (),
            feedback_options=[
                dict(self._catalogue.get(each, {"id": each, "description": each}))
                for each in (self._list(f"{reason}.feedback_options") if asks else ())
            ],
        )

    def pauses(self) -> list[portal_session.PauseOption]:
        """For how long the customer can pause; nothing: until it is resumed."""
        at = "features.subscription_pause.duration"
        if self._get(str, f"{at}.type") == "indefinite":
            return []
        options = self._list(f"{at}.interval_options", Mapping)
        found = []
        for each in options or [{"interval": "month"}]:
            interval = each.get("interval")
            count = _whole(each.get("interval_count"), _THREE_YEARS) or 1
            if interval in _INTERVALS:
                until = after(sample.NOW, interval, count)
                found.append(portal_session.PauseOption(interval, count, until))
        return found

    def _on(self, feature: str) -> bool:
        return bool(self._get(bool, f"features.{feature}.enabled"))

    def _list(self, path: str, kind: type[_Kind] | type[str] = str) -> list[Any]:
        found = self._get((list, tuple), path) or ()
        return [each for each in found if isinstance(each, kind)]

    def _get(self, kind: Any, path: str) -> Any:
        found: Any = self._configuration
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        return found if isinstance(found, kind) else None


def _whole(value: Any, most: int = 1_000_000_000) -> int | None:
    plain = isinstance(value, int) and not isinstance(value, bool)
    return int(value) if plain and 0 < value <= most else None
