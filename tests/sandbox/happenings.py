"""The events since a moment, as tests look at them."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox import Sandbox

__all__ = ["INVOICED", "Happenings"]

INVOICED = [
    "invoice.created",
    "payment_intent.created",
    "invoice.finalized",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice_payment.paid",
    "invoice.paid",
    "invoice.payment_succeeded",
]
"""What is told of an invoice that is made and paid."""


class Happenings:
    """The events that come after it was made, or after `forget`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._api = sandbox.client().v1
        self._known: set[str] = set()
        self.forget()

    def forget(self) -> None:
        """Count the events so far as known."""
        self._known |= {event["id"] for event in self._all()}

    def all(self) -> list[dict[str, Any]]:
        """Return the events, oldest first."""
        return [event for event in self._all() if event["id"] not in self._known]

    @property
    def types(self) -> list[str]:
        """The types of the events, oldest first."""
        return [event["type"] for event in self.all()]

    def previous(self, type_: str) -> list[dict[str, Any]]:
        """Return the `previous_attributes` of the events of a type, oldest first."""
        return [
            event["data"].get("previous_attributes")
            for event in self.all()
            if event["type"] == type_
        ]

    def object(self, type_: str) -> dict[str, Any]:
        """Return the object of the latest event of a type."""
        found: dict[str, Any]
        found = [each for each in self.all() if each["type"] == type_][-1]
        data: dict[str, Any] = found["data"]["object"]
        return data

    def _all(self) -> list[dict[str, Any]]:
        events = self._api.events.list({"limit": 100}).auto_paging_iter()
        return [event.to_dict() for event in events][::-1]
