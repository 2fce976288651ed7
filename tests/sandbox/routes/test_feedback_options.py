"""Feedback options: a team's own reasons for the cancellation survey."""

from __future__ import annotations

import stripe


def test_lifecycle(client: stripe.StripeClient) -> None:
    """An option is made, described anew, and deactivated for good."""
    options = client.v1.billing.feedback_options
    other = options.create({"description": "Too slow"})
    created = options.create({"description": "Too fast"})

    renamed = options.update(created.id, {"description": "Much too fast"})
    inactive = options.deactivate(created.id)
    again = options.deactivate(created.id)

    assert (created.status, renamed.description) == ("active", "Much too fast")
    assert inactive.status == "inactive"
    assert inactive.status_transitions.deactivated_at is not None
    assert again.to_dict() == inactive.to_dict()
    assert [each.id for each in options.list({"status": "active"})] == [other.id]
