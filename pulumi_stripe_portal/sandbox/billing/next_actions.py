"""3-D Secure: where a customer is sent, to say that it is them."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

__all__ = ["CHALLENGES", "to_authenticate"]

CHALLENGES = "/p/3d-secure/"
"""Where the pages of the challenges are: with the intent's client secret."""


def to_authenticate(context: Context, intent: Json, return_url: str | None) -> Json:
    """Return the field `next_action`: the challenge's page, and where it leads.

    Without a `return_url` it is Stripe.js that opens the page: in `stripe_js` there
    [REPORTED: public code]. Here it is the same page.
    """
    url = f"{context.origin}{CHALLENGES}{intent['client_secret']}"
    if return_url:
        target = {"return_url": return_url, "url": url}
        return {"redirect_to_url": target, "type": "redirect_to_url"}
    page = {"stripe_js": url, "type": "three_d_secure_redirect"}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": page}
