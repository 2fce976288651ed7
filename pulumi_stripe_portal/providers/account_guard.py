"""Whose an object is: nothing is done in another account or mode than recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi.dynamic import ReadResult

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.errors import OtherAccount
from pulumi_stripe_portal.providers.resource import StripeResource, Values

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["AccountGuard"]


class AccountGuard(StripeResource):
    """Refuses what was recorded in another account or mode than the key's."""

    def refuse_other_account(self, olds: Values, news: Values) -> None:
        """Raise if the state was recorded in another mode or account than now."""
        livemode = olds.get("livemode")
        if isinstance(livemode, bool) and livemode != self.settings.livemode:
            was = "live" if livemode else "test"
            raise OtherAccount(
                f"it was recorded in {was} mode, but the stack's mode is now "
                f"{self.settings.mode}; set it back with `pulumi config set "
                f"stripe-portal:mode {was}`, or use another stack. Nothing was sent"
            )
        if olds.get("account") or news.get("account"):
            return  # a change of the resource's own account replaces it
        recorded, now = olds.get("stack_account"), self.settings.account
        if "account_id" in olds and recorded != now:
            raise OtherAccount(
                f"it was recorded in account {recorded or olds['account_id']}, but "
                f"stripe-portal:account is now {now or 'not set'}; set it back, or "
                "give the resource its own `account`. Nothing was sent"
            )

    def _require_same_account(
        self, connection: Connection, props: Values, verb: str
    ) -> None:
        recorded, now = props.get("account_id"), connection.account_id()
        if recorded and now != recorded:
            raise OtherAccount(
                f"it belongs to account {recorded}, but the key is of "
                f"{now or 'an account that Stripe does not name'}; it was not {verb}. "
                "Give the key of its own account"
            )

    def _answer_gone(
        self, connection: Connection, id_: str, props: Values
    ) -> ReadResult:
        """Believe that an object is gone only where the account is the same."""
        recorded, now = props.get("account_id"), connection.account_id()
        if recorded and now != recorded:
            engine.warn(
                f"{engine.resource_name() or id_}: it belongs to account {recorded}, "
                f"but the key is of {now or 'an account that Stripe does not name'}; "
                "its recorded state is kept"
            )
            return ReadResult(id_, self.seal(self._bare(props)))
        return ReadResult("", {})
