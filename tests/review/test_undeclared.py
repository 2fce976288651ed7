"""Features of the account's default that its code doesn't declare."""

from __future__ import annotations

from typing import Any, ClassVar

from pulumi_stripe_portal.review import Known, markdown, read_plan, report_of

from .leaves import Values, preview_of
from .steps import DEFAULT, resource, review, updated


class TestUndeclared:
    """Features of the account's default that the code doesn't declare."""

    OLD: ClassVar[Values] = {"features": {"invoice_history": {"enabled": True}}}
    ON: ClassVar[list[str]] = ["subscription_cancel", "subscription_pause"]

    def _text(
        self, *, on: Any = None, was: str | None = None, will: str | None = None
    ) -> str:
        old, new = (
            {**self.OLD, **({"undeclared_features": each} if each else {})}
            for each in (was, will)
        )
        new = {**new, "name": "Everyone"}
        outputs = {} if on is None else {"undeclared_on": on}
        return updated(DEFAULT, old, new, **outputs)

    def test_kept(self) -> None:
        """What is on and stays on is named, as being about the account's default."""
        text = self._text(on=self.ON)

        assert (
            "- Customers can also cancel their subscription and pause their "
            "subscription: the code doesn't declare it, so it stays on.\n"
        ) in text
        assert "Look at: the account's default" in text
        assert "whether customers can change their billing details, manage" in text

    def test_switched_off(self) -> None:
        """With "off", what is on ends."""
        text = self._text(on=self.ON, will="off")

        for words in ("cancel their subscription", "pause their subscription"):
            assert f"**can no longer** {words}." in text
        assert "- Features that the code doesn't declare are off.\n" in text
        assert "left as it is" not in text
        assert (
            "| Cancelling<br>`features.subscription_cancel.enabled` | on | off" in text
        )

    def test_unknown(self) -> None:
        """Where it isn't known what is on, no more than the rule is said."""
        text = self._text(will="off")

        assert "- Features that the code doesn't declare are off.\n" in text
        assert "can no longer" not in text

    def test_let_go(self) -> None:
        """Back to "keep": nothing changes for customers today."""
        text = self._text(on=[], was="off", will="keep")

        assert "- Features that the code doesn't declare stay as they are.\n" in text
        assert "can no" not in text

    def test_newer_feature(self) -> None:
        """A feature that the package doesn't know is called what Stripe calls it."""
        assert "also use what Stripe calls `gift_cards`:" in self._text(
            on=["gift_cards"]
        )
        text = self._text(on=["gift_cards"], will="off")

        assert "**can no longer** use what Stripe calls `gift_cards`." in text

    def test_asked_online(self) -> None:
        """What the account's default is set to today tells it at creation."""
        today = {"features": {"subscription_cancel": {"enabled": True}}}
        for rule, words in (
            ("keep", "Customers can also"),
            ("off", "**can no longer**"),
        ):
            new = resource(DEFAULT, {**self.OLD, "undeclared_features": rule})
            plan = read_plan(preview_of("create", None, new))
            text = markdown(report_of([plan], {"test": Known(default=today)}))

            assert f"{words} cancel their subscription" in text

    def test_refreshed(self) -> None:
        """A refresh that finds another feature on is what counts."""
        old, found = (
            resource(DEFAULT, self.OLD, undeclared_on=on)
            for on in (self.ON[:0], self.ON)
        )
        new = resource(DEFAULT, {**self.OLD, "name": "Everyone"})
        refresh = {
            "op": "refresh",
            "urn": old["urn"],
            "oldState": old,
            "newState": found,
        }
        [update] = preview_of("update", found, new)["steps"]

        assert "Customers can also cancel" in review(refresh, update)
