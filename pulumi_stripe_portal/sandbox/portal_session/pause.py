"""Staying: renewing, pausing, resuming, undoing; and why one did not."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.billing import cancellation, pauses, schedules
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from .cancel import survey
from .open_session import Visit, acting, allow
from .overview import shown, subscription
from .own_subscriptions import own
from .pause_options import pause_options
from .portal_errors import Invalid

__all__ = ["give_reason", "pause", "renew", "resume", "undo_switch"]

_COMMENT = 500


def give_reason(
    visit: Visit,
    id: str,
    *,
    reason: str | None = None,
    comment: str | None = None,
    feedback_option: str | None = None,
) -> Json:
    """Answer the survey after a cancellation; it is an event of its own [V].

    Raises:
        NotAllowed: Nothing is asked, or the subscription is not cancelled.
        Invalid: It is not among the answers.
        NotFound: There is no such subscription.
    """
    with acting(visit) as context:
        asked = survey(visit, id)
        own_reasons = [each["id"] for each in asked.feedback_options]
        if reason is not None and reason not in asked.reasons:
            raise Invalid("This is not one of the reasons.", "no_reason", "reason")
        if feedback_option is not None and feedback_option not in own_reasons:
            message = "This is not one of the reasons."
            raise Invalid(message, "no_reason", "feedback_option")
        if comment is not None and len(comment) > _COMMENT:
            message = f"At most {_COMMENT} characters."
            raise Invalid(message, "comment_too_long", "comment")
        found = own(visit, id)
        given: Json = {"feedback": reason, "comment": comment or None}
        given["feedback_option"] = feedback_option
        named = {name: value for name, value in given.items() if value is not None}
        details = {**found["cancellation_details"], **named}
        after = keep(context, {**found, "cancellation_details": details}, found)
        return shown(context, after)


def renew(visit: Visit, id: str) -> Json:
    """Take a cancellation back.

    Raises:
        NotAllowed: It is not cancelled, or cancelling is off.
        NotFound: There is no such subscription.
    """
    with acting(visit) as context:
        allow(possible="renew" in subscription(visit, id).may)
        found = own(visit, id)
        return shown(context, keep(context, cancellation.renewed(found), found))


def undo_switch(visit: Visit, id: str) -> Json:
    """Take a switch back that waits for the period's end.

    Whether the real portal offers this is not known [U].

    Raises:
        NotAllowed: Nothing is scheduled, or updating is off.
        NotFound: There is no such subscription.
    """
    with acting(visit) as context:
        allow(possible="undo_switch" in subscription(visit, id).may)
        id_ = own(visit, id)["schedule"]
        schedules.release(context, context.get("subscription_schedule", id_))
        return shown(context, own(visit, id))


def pause(visit: Visit, id: str, *, option: int | None = None) -> Json:
    """Pause the collection of payments, for the time of `pause_options` at *option*.

    Raises:
        NotAllowed: Pausing is off, or it is paused already.
        Invalid: There is no such option.
        NotFound: There is no such subscription.
    """
    with acting(visit) as context:
        allow(possible="pause" in subscription(visit, id).may)
        offered = pause_options(visit)
        resumes_at = None
        if offered or option is not None:
            if option is None or not 0 <= option < len(offered):
                message = "Choose for how long."
                raise Invalid(message, "no_pause_option", "option")
            resumes_at = offered[option].resumes_at
        found = own(visit, id)
        # `void` is what a pause in the portal always is [D].
        wanted = {"behavior": "void", "resumes_at": resumes_at}
        after = keep(context, pauses.collection(found, wanted), found)
        return shown(context, after)


def resume(visit: Visit, id: str) -> Json:
    """Resume a paused subscription, or the collection of its payments.

    A customer can always take their own pause back, even where pausing has been turned
    off since [ours].

    Raises:
        NotAllowed: It is not paused, or there is nothing to pay with.
        NotFound: There is no such subscription.
    """
    with acting(visit) as context:
        allow(possible="resume" in subscription(visit, id).may)
        found = own(visit, id)
        if found["status"] == "paused":
            return shown(context, pauses.resume(context, found))
        return shown(context, pauses.resumed(context, found))
