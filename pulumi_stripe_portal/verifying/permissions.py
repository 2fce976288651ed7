"""Whether a restricted key may do all that probes ask for, before anything is made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.exchange import exchange

__all__ = ["WRITES", "require_permissions"]

_NONE = "sandbox_verify_none"  # an id that no object has
WRITES = (
    "/v1/billing_portal/configurations/{}",
    "/v1/billing/feedback_options/{}/deactivate",
    "/v1/coupons/{}",
    "/v1/customers/{}",
    "/v1/customers/{}/tax_ids",
    "/v1/invoices/{}/void",
    "/v1/payment_methods/{}/detach",
    "/v1/prices/{}",
    "/v1/products/{}",
    "/v1/promotion_codes/{}",
    "/v1/subscriptions/{}",
    "/v1/webhook_endpoints/{}",
)
"""What writes one of each kind; where there is no such object, nothing is written."""


def require_permissions(connection: Connection) -> None:
    """Let pass a key that may do everything, and a restricted one that may do enough.

    Raises:
        SettingsError: With all that the key lacks.
        RequestRefused: Stripe can't be asked.
    """
    if not connection.settings.require_key().startswith("rk_"):
        return
    lacking = dict.fromkeys(_lacking(connection))
    if lacking:
        wanted = "&".join(f"permissions[]={each}" for each in lacking)
        raise SettingsError(
            f"the restricted key lacks {', '.join(lacking)}; add them, or make a key "
            f"that has them: https://dashboard.stripe.com/test/apikeys/create?{wanted}."
            " Nothing was made"
        )


def _lacking(connection: Connection) -> Iterator[str]:
    for path in WRITES:
        answer = exchange(connection, "POST", path.format(_NONE), {})
        if answer.status == 403:
            words = str(answer.error.get("message"))
            named = re.findall(r"\brak_\w+", words)
            yield named[0] if named else f"the permission for POST {path}"
