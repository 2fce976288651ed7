"""Which of the sandbox's own rules no probe tries, and why."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["reason"]

_PAGES = "needs Stripe's pages, which want a person"
_MAIL = "needs a mail"
_TIME = "needs time to pass"
_METER = "needs usage, which Stripe takes its time to count"
_OWN = "is of the sandbox alone"
_LOAD = "would burden Stripe"
_LIVE = "needs live mode"
_KEY = "needs a restricted key made for it"
_ACCOUNT = "would change the account itself"
_FORM = "no request can say that"
_LATER = "requests could try it: no probe is written yet"

_PLACES: Mapping[str, str] = {
    "errors.py": _OWN,
    "http/app.py": _LOAD,
    "http/faults.py": _LOAD,
    "http/idempotency.py": _TIME,
    "http/parameters.py": _LOAD,
    "http/server.py": _LOAD,
    "billing/cards.py": _LIVE,
    "billing/charges.py": _OWN,
    "billing/checkout_customer.py": _PAGES,
    "billing/checkout_params.py": _LATER,
    "billing/checkout_sessions.py": _LATER,
    "billing/collection.py": _TIME,
    "billing/entitlements.py": _LATER,
    "billing/first_period.py": _LATER,
    "billing/invoice_drafts.py": _LATER,
    "billing/lines.py": _LATER,
    "billing/prorations.py": _LATER,
    "billing/receipts.py": _PAGES,
    "billing/tax_params.py": _LATER,
    "billing/tax_table.py": _ACCOUNT,
    "billing/taxes.py": _LATER,
    "billing/waiting.py": _PAGES,
    "billing/schedule_requests.py": _LATER,
    "billing/test_clocks.py": _LATER,
    "billing/upcoming.py": _TIME,
    "billing/usage.py": _METER,
    "objects/search.py": _TIME,
    "portal_session/open_checkout.py": _PAGES,
    "portal_session/open_invoice.py": _PAGES,
    "routes/files.py": _LATER,
    "routes/invoice_items.py": _LATER,
    "routes/meters.py": _LATER,
    "billing/invoices.py": _TIME,
    "billing/renewal.py": _TIME,
    "billing/schedules.py": _PAGES,
    "portal/": _PAGES,
    "portal_session/cancel.py": _PAGES,
    "portal_session/details.py": _PAGES,
    "portal_session/login.py": _MAIL,
    "portal_session/offers.py": _PAGES,
    "portal_session/open_session.py": _PAGES,
    "portal_session/overview.py": _PAGES,
    "portal_session/own_subscriptions.py": _PAGES,
    "portal_session/pause.py": _PAGES,
    "portal_session/payment.py": _PAGES,
    "portal_session/portal_errors.py": _PAGES,
    "portal_session/portal_sessions.py": _TIME,
    "portal_session/switch.py": _PAGES,
    "portal_session/update_request.py": _PAGES,
    "routes/account.py": _ACCOUNT,
    "webhooks/events.py": _PAGES,
    "webhooks/sender.py": _TIME,
}
"""By the file that has the rules, or its folder."""

_RULES: Mapping[str, str] = {
    "A verification of a tax id takes five seconds.": _TIME,
    "Feedback options need the scope of the portal.": _KEY,
    "«A discount names a coupon or a promotion code.»": _FORM,
    "«The subscription `{id_}` has usage-based pricing and cannot be updated.»": _METER,
    "«The subscription `{id_}` is managed by the subscription schedule "
    "`{schedule}`.»": _PAGES,
}
"""By the words of a rule, in files of which probes try others."""


def reason(place: str, words: str) -> str | None:
    """Return why a rule isn't tried, None where there is no reason not to.

    Args:
        place: The file that has it, in the sandbox's folder.
        words: The rule, as docs/evidence.md has it.
    """
    folder = f"{place.partition('/')[0]}/"
    return _RULES.get(words) or _PLACES.get(place) or _PLACES.get(folder)
