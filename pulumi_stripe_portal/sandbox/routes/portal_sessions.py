"""Portal sessions, which are only ever created.

See https://docs.stripe.com/api/customer_portal/sessions.
"""

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.limits import at_most, url
from pulumi_stripe_portal.sandbox.objects.resource import Call, Resource
from pulumi_stripe_portal.sandbox.portal_session import sessions
from pulumi_stripe_portal.sandbox.verbs import answer

__all__ = ["OPERATIONS", "RESOURCE"]

_COMPLETION = "flow_data[after_completion]"


def _create(call: Call) -> Json:
    return answer(RESOURCE, call, sessions.create(call, call.params))


RESOURCE = Resource(
    object="billing_portal.session",
    path="",
    noun="session",
    prefix="bps_1",
    id_length=23,
    scope="customer_portal",
    params="billing_portal.Session",
    expands={"configuration": "billing_portal.configuration"},
    hidden=("browser", "done", "opened", "secret", "seen"),
)

OPERATIONS = (
    RESOURCE.operation(
        "POST",
        "/v1/billing_portal/sessions",
        "billing_portal.SessionCreateParams",
        _create,
        {
            "return_url": url,
            f"{_COMPLETION}[redirect][return_url]": url,
            f"{_COMPLETION}[hosted_confirmation][custom_message]": at_most(500),
        },
    ),
)
