"""Webhook endpoints at Stripe: changed in place, so that the secret survives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import CreateResult
from pulumi.output import UNKNOWN

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.engine import wire
from pulumi_stripe_portal.engine.options import IMPORT, option
from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.providers.base import StripeProvider, Values
from pulumi_stripe_portal.providers.claims import Claims, age
from pulumi_stripe_portal.providers.naming import name_resource
from pulumi_stripe_portal.providers.resource import Differences
from pulumi_stripe_portal.schema.endpoint_rules import (
    ENDPOINT_LIMIT,
    endpoint_failures,
    endpoint_warnings,
)
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.resources import WEBHOOK_ENDPOINT
from pulumi_stripe_portal.schema.validate import Failure
from pulumi_stripe_portal.schema.visible import shown_address
from pulumi_stripe_portal.stacks.holders import is_held
from pulumi_stripe_portal.stripe_api.markers import Objects, marker_of, replaceable
from pulumi_stripe_portal.stripe_api.views import with_disabled

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["IDENTITY", "WebhookEndpointProvider"]

IDENTITY = ("secret_version", "api_version", "connect", "account")
"""What makes another endpoint of it: Stripe takes it at creation only, or we do."""

_NOT_YOURS = (
    "secret: is only for an imported endpoint, until it is replaced; remove it, since "
    "Stripe gives a new endpoint a secret of its own (the output `secret`)"
)


class WebhookEndpointProvider(StripeProvider):
    """The life of a `WebhookEndpoint`."""

    manages = WEBHOOK_ENDPOINT

    def rules(self, inputs: Values) -> Iterator[Failure]:
        """Yield what breaks a rule of webhook endpoints."""
        yield from endpoint_failures(inputs, livemode=self.settings.livemode)

    def outputs(self, found: Values) -> Values:
        """Return `status` and `livemode`; the secret is told at creation only."""
        return {"status": found["status"], "livemode": found["livemode"]}

    def advice(self, inputs: Values, *, new: bool) -> list[str]:
        """Refuse a secret that Stripe tells; warn of what a team rarely means."""
        if new and "secret" in inputs:
            return [_NOT_YOURS]
        for words in endpoint_warnings(inputs):
            engine.warn(words)
        return []

    def preflight(
        self, olds: Values | None, inputs: Values, hints: Values
    ) -> list[str]:
        """Return why there is no room for a new endpoint under Stripe's limit."""
        if olds is not None:
            return []
        objects, urn = (
            self.objects(self.connection(inputs)),
            engine.door().resource_urn(),
        )
        everyone = objects.all()
        # One that an interrupted run left makes room. With more than the limit, Stripe
        # has raised the account's.
        left = any(marker_of(found) == hints["marker"] for found in everyone)
        staying = [each for each in everyone if each["id"] not in objects.replaced_ids]
        count = len(staying) + len(objects.planned_urns - {urn})
        if len(everyone) == ENDPOINT_LIMIT and is_held(
            *(each["id"] for each in everyone)
        ):
            engine.warn(
                f"the account has {ENDPOINT_LIMIT} webhook endpoints, which is all "
                f"that Stripe allows: only {_room()} makes room for the one that "
                "replaces it"
            )
        elif left or len(everyone) > ENDPOINT_LIMIT:
            return []
        elif count >= ENDPOINT_LIMIT:
            return [self._too_many(objects, inputs.get("url"))]
        objects.planned_urns.add(urn)
        return []

    def reword(
        self,
        connection: Connection,
        inputs: Values,
        found: Values,
        sent: Values | None = None,
    ) -> Values:
        """Return an endpoint in the words of the inputs."""
        return with_disabled(found)

    def comparable(self, olds: Values, news: Values) -> Values:
        """Leave the secret out where the code doesn't give it: Stripe told that one."""
        recorded = super().comparable(olds, news)
        if "secret" not in news:
            recorded.pop("secret", None)
        return recorded

    @name_resource
    def diff(self, _id: str, _olds: Values, _news: Values) -> Differences:
        """Refuse a secret from code where Stripe tells, or will tell, its own."""
        result = super().diff(_id, _olds, _news)
        if "secret" in _news and (result.replaces or not _olds.get("adopted")):
            raise InvalidInputs(_NOT_YOURS)
        return result

    def _extras(self, props: Values) -> Values:
        """Keep the secret too: Stripe tells it only once."""
        return {**super()._extras(props), "secret": props.get("secret")}

    def seal(self, outs: Values) -> Values:
        """Mark the secret as one, on every way into the state."""
        secret = outs.get("secret")
        is_one = (isinstance(secret, str) and secret != "") or is_opaque(secret)
        return {**outs, "secret": wire.secret(secret) if is_one else None}

    def plan(self, props: Values, olds: Values | None = None) -> Values:
        """Return the outputs in a preview; a new endpoint's secret is Stripe's."""
        later = {"secret": UNKNOWN} if olds is None else {}
        return super().plan({**later, **props}, olds)

    def mark(self, props: Mapping[str, Any]) -> str:
        """Return the marker, apart from that of the endpoint that replaces it."""
        identity = {name: props.get(name) for name in IDENTITY}
        return replaceable(super().mark(props), identity)

    def make(self, connection: Connection, props: Values) -> CreateResult:
        """Create the endpoint; one that an interrupted run left has lost its secret."""
        objects = self.objects(connection)
        objects.planned_urns.discard(engine.door().resource_urn())
        inputs = self._inputs(props)
        claims = self.find_claims(connection, inputs, self.mark(props))
        lost = list(claims.leftovers)
        if not self.settings.preflight:  # else its check has said so
            self.announce(connection, claims)
        self._warn_of_twins(objects, lost, props["url"])
        if lost and len(objects.all()) >= ENDPOINT_LIMIT:
            self._drop(connection, lost)
            lost = []
        # With more than that, Stripe has raised the account's limit.
        if len(objects.all()) == ENDPOINT_LIMIT and self.settings.preflight:
            raise InvalidInputs(self._too_many(objects, props["url"]))
        try:
            created = self.new_object(connection, props)
        except RequestRefused as refused:
            if "reached the maximum" not in str(refused):
                raise
            words = self._too_many(objects, props["url"])
            raise InvalidInputs(f"{words}\n{refused}") from None
        self._drop(connection, lost)
        outs = self._with_secret(connection, props, created, created["secret"])
        if props.get("disabled") is True:  # Stripe creates enabled ones only
            found = self.second_step(connection, created, {"disabled": True}, outs)
            outs = self._with_secret(connection, props, found, created["secret"])
        return CreateResult(created["id"], outs)

    def _with_secret(
        self, connection: Connection, props: Values, found: Values, secret: str
    ) -> Values:
        return self.seal({**self.outs(connection, props, found), "secret": secret})

    def announce(self, connection: Connection, found: Claims) -> None:
        """Say which endpoints are deleted, and why."""
        for each in found.leftovers:
            engine.warn(
                f"deletes {each['id']}, which an interrupted `up` left "
                f"{age(connection, each)} ago, once its successor exists: Stripe "
                "tells an endpoint's secret only once"
            )

    def _drop(self, connection: Connection, lost: list[Values]) -> None:
        for found in lost:
            try:
                connection.delete(self.manages.kind, found["id"])
            except RequestRefused as refused:
                if not refused.says_missing(found["id"]):
                    raise
            self.objects(connection).drop(found["id"])

    def _warn_of_twins(self, objects: Objects, lost: list[Values], url: str) -> None:
        """Name what gets the same events, what a killed replacement left as well."""
        going = {*objects.replaced_ids, *(found["id"] for found in lost)}
        twins = [
            found["id"]
            for found in objects.all()
            if found["url"] == url and found["id"] not in going
        ]
        if twins:
            engine.warn(
                f"{', '.join(twins)} has the same URL: each endpoint gets every event, "
                "signed with a secret of its own; delete what nothing uses"
            )

    def _too_many(self, objects: Objects, url: Any) -> str:
        def said(found: Values) -> str:
            if found["id"] in objects.replaced_ids:
                return f"the one to replace: {_room()} makes room"
            same = " (the same URL)" if found["url"] == url else ""
            return f"{shown_address(found['url'])}{same}"

        everyone = objects.all()
        more = len(objects.planned_urns)
        planned = f" ({more} more with what this run is to make)" if more else ""
        names = "".join(f"\n  - {found['id']} {said(found)}" for found in everyone)
        return (
            f"the account has {len(everyone)} webhook endpoints in "
            f"{self.settings.mode} mode{planned}, and Stripe allows {ENDPOINT_LIMIT}; "
            f"delete one that is not needed, or adopt it with {option(IMPORT)}. "
            "Where Stripe has raised your limit, set stripe-portal:preflight to false "
            f"once.{names}"
        )

    def remove(self, connection: Connection, id_: str, props: Values) -> None:
        """Delete the endpoint."""
        connection.delete(self.manages.kind, id_)
        self.objects(connection).drop(id_)

    def adopted_view(
        self, connection: Connection, inputs: Values, found: Values
    ) -> Values:
        """Compare what only a creation sets, too: a change of it later replaces.

        `connect` is not told itself: such an endpoint names its application, and so
        does each one that a platform made in a connected account.
        """
        view = super().adopted_view(connection, inputs, found)
        view["api_version"] = found["api_version"] or ""
        if connection.account is None:
            view["connect"] = found["application"] is not None
        return view

    def adopted_extras(self, inputs: Values, found: Values) -> Values:
        """Record that the endpoint is one whose secret may come from code."""
        told = super().adopted_extras(inputs, with_disabled(found))
        return {**told, "adopted": True}

    def warn_of_adopted(self, inputs: Values, found: Values) -> None:
        """Say how to get the secret of an adopted endpoint, and what is not told."""
        if found.get("application") is not None and inputs.get("account"):
            engine.warn(
                "Stripe does not tell whether an endpoint in a connected account gets "
                "the events of accounts connected to that one; `connect` is taken as "
                "declared, and a change of it later replaces the endpoint"
            )
        if not inputs.get("secret"):
            engine.warn(
                "Stripe does not tell the secret of an existing endpoint, so the "
                "output `secret` is null; give it as `secret`, or set "
                "`secret_version` later to replace it by one with a new secret"
            )


def _room() -> str:
    """Return what lets an endpoint go before the one that replaces it is made."""
    return option("delete_before_replace", "True")
