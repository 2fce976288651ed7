"""What to do about a refusal of Stripe's, by its words."""

from __future__ import annotations

import re

__all__ = ["BY_STATUS", "REMEDIES", "remedy"]

# Verbatim messages and where they were observed: the threads named beside them.
REMEDIES = (
    # stripe/terraform-provider-stripe and others, 2026
    (
        r"active: false.* on your default",
        "the account's default configuration can't be deactivated; keep it active",
    ),
    (
        r"unique billing intervals",
        "keep one price per billing interval in each product",
    ),
    (
        r"payment method update is disabled",
        "switch features.payment_method_update on as well",
    ),
    (
        r"similar object exists in (live|test) mode",
        "use an id of this stack's mode; ids differ between test and live",
    ),
    (
        r"^No such ",
        "use an id that exists in this account and mode",
    ),
    (
        r"default configuration has not been created",
        "declare a DefaultPortalConfiguration, or name a configuration",
    ),
    (  # fjordllc/bootcamp #4623, 2022
        r"does not have a `default_return_url`",
        "say where the link back leads: `--return-url`, or the configuration's "
        "default_return_url",
    ),
    (
        r"maximum of \d+ ",
        "delete an endpoint that is not needed, or ask Stripe's support for more",
    ),
    (
        r"publicly accessible",
        "use a public address; for your own machine `stripe listen --forward-to …` "
        "passes events on",
    ),
    (
        r"begin with .https://",
        "use an https address in live mode",
    ),
)

BY_STATUS = {
    401: "give this stack a valid key (`refresh` and `destroy` use the key of the last "
    "`up`, unless they are run with `--run-program`)",
    429: "Stripe's rate limit did not pass within our tries; run again later",
}


def remedy(status: int | None, words: str) -> str:
    """Return what the user can do, as the beginning of a sentence."""
    scope = re.search(r"'(rak_\w+)' permission", words)
    if scope:
        return f"add the permission {scope.group(1)} to the restricted key"
    for pattern, text in REMEDIES:
        if re.search(pattern, words):
            return text
    if status is not None and status >= 500:
        return "Stripe had a fault of its own; run again"
    return BY_STATUS.get(status or 0, "correct what Stripe names, and run again")
