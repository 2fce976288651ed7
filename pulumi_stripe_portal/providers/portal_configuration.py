"""Portal configurations at Stripe: created, changed, deactivated, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import CreateResult

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.inputs import Features
from pulumi_stripe_portal.providers.base import StripeProvider, Values
from pulumi_stripe_portal.providers.claims import Claims, age
from pulumi_stripe_portal.providers.naming import name_resource
from pulumi_stripe_portal.providers.resource import Differences
from pulumi_stripe_portal.schema.metadata_rules import MARKER_KEY
from pulumi_stripe_portal.schema.offer import lookup_keys, products_of, with_products
from pulumi_stripe_portal.schema.resources import PORTAL
from pulumi_stripe_portal.schema.rules import portal_warnings
from pulumi_stripe_portal.schema.validate import literals
from pulumi_stripe_portal.stripe_api.catalogue import catalogue_of
from pulumi_stripe_portal.stripe_api.markers import default_of
from pulumi_stripe_portal.stripe_api.offer_checks import findings
from pulumi_stripe_portal.stripe_api.views import without_idle_durations

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["PortalConfigurationProvider"]


# «You cannot set `active: false` on your default PortalConfiguration.»
_NEVER_IDLE = (
    "active: the account's default configuration, which its first one is, can't be "
    "deactivated; remove `active`, or declare a DefaultPortalConfiguration before it"
)


class PortalConfigurationProvider(StripeProvider):
    """The life of a `PortalConfiguration`."""

    manages = PORTAL

    def switches(self, inputs: Values) -> tuple[str, ...]:
        """Return all features: the code is the whole truth about them."""
        return tuple(Features.__annotations__)

    def outputs(self, found: Values) -> Values:
        """Return `is_default`, `livemode`, `created`, `updated`, `login_page_url`."""
        return {
            "is_default": found["is_default"],
            "livemode": found["livemode"],
            "created": found["created"],
            "updated": found["updated"],
            "login_page_url": (found.get("login_page") or {}).get("url"),
        }

    def advice(self, inputs: Values, *, new: bool) -> list[str]:
        """Warn of what Stripe accepts but a team rarely means."""
        for words in portal_warnings(inputs, livemode=self.settings.livemode):
            engine.warn(words)
        return []

    def preflight(
        self, olds: Values | None, inputs: Values, hints: Values
    ) -> list[str]:
        """Look the products and prices up, and warn of a first configuration."""
        connection = self.connection(inputs)
        failures = []
        if olds is None or products_of(olds) != products_of(inputs):
            failures = self._catalogue_failures(connection, inputs, hints)
        if olds is None and not failures:
            failures = self._idle_default(connection, inputs, hints)
        if olds is None and not failures:
            self.warn_of_first(connection, hints)
        return failures

    def _idle_default(
        self, connection: Connection, inputs: Values, hints: Values
    ) -> list[str]:
        """Return why an account's first configuration can't be made inactive."""
        idle = inputs.get("active") is False
        return [_NEVER_IDLE] if idle and self._is_first(connection, hints) else []

    def _is_first(self, connection: Connection, hints: Values) -> bool:
        """Tell whether a new configuration becomes the account's default.

        A program in Python says whether it waits for one that the program declares;
        elsewhere, one whose check came before is made before.
        """
        managed = self.objects(connection).default_is_managed
        return not hints.get("default", managed) and default_of(connection) is None

    @name_resource
    def diff(self, _id: str, _olds: Values, _news: Values) -> Differences:
        """Refuse to deactivate the account's default, as Stripe does."""
        result = super().diff(_id, _olds, _news)
        if result.changes and _olds.get("is_default") and _news.get("active") is False:
            raise InvalidInputs(_NEVER_IDLE)
        return result

    def warn_of_first(self, connection: Connection, hints: Values) -> None:
        """Warn that an account's first configuration is its default for ever."""
        if not self._is_first(connection, hints):
            return
        engine.warn(
            f"the account has no portal configuration in {self.settings.mode} mode "
            "yet: the first one becomes its default for ever, and can never be "
            "deactivated. Declare a DefaultPortalConfiguration before it to decide "
            "which one that is"
        )

    def _catalogue_failures(
        self, connection: Connection, inputs: Values, hints: Values
    ) -> list[str]:
        if not products_of(inputs):
            return []
        catalogue = catalogue_of(connection)
        catalogue.want(hints.get("lookup_keys") or ())
        plain = literals(hints.get("outputs") or ())
        failures = []
        try:
            for finding in findings(catalogue, inputs):
                text = finding.failure.text(plain)
                later = hints.get("depends_on") or not plain(finding.failure.path, None)
                if finding.missing and later:
                    engine.warn(f"{text} (it may be made by this program)")
                else:
                    failures.append(text)
        except RequestRefused as refused:
            if not refused.lacks_permission:
                raise
            engine.warn(
                f"products and prices were not checked before the update: {refused}"
            )
        return failures

    def resolve(
        self, connection: Connection, inputs: Values, sent: Values | None = None
    ) -> Mapping[str, Any]:
        """Return the inputs with ids for lookup keys, if products are to be sent."""
        if sent is not None and not products_of(sent):
            return inputs
        return catalogue_of(connection).resolve(inputs)

    def reword(
        self,
        connection: Connection,
        inputs: Values,
        found: Mapping[str, Any],
        sent: Values | None = None,
    ) -> Values:
        """Return a configuration with its prices named as in the inputs.

        Products that a write did not touch are as they were recorded: no lookup key
        is asked for then.
        """
        found = without_idle_durations(found)
        if sent is not None and not products_of(sent):
            return with_products(found, products_of(inputs))
        return catalogue_of(connection).reword(inputs, found)

    def expect(self, connection: Connection, inputs: Values) -> None:
        """Say which lookup keys the read will ask for."""
        keys = lookup_keys(inputs)
        if keys:
            catalogue_of(connection).want(keys, gather=True)

    def announce(self, connection: Connection, found: Claims) -> None:
        """Say which configuration is taken back instead of making another one."""
        for each in found.leftovers[:1]:
            engine.warn(
                f"takes back {each['id']}, which an interrupted `up` left "
                f"{age(connection, each)} ago"
            )
        for each in found.idle[:1] if not found.leftovers else ():
            engine.warn(
                f"takes back {each['id']}, this resource's own, which is deactivated; "
                "Stripe can't delete configurations"
            )

    def make(self, connection: Connection, props: Values) -> CreateResult:
        """Take back the configuration with the resource's marker, or create one."""
        inputs = self._inputs(props)
        claims = self.find_claims(connection, inputs, props["marker"])
        own = next(iter([*claims.leftovers, *claims.idle]), None)
        if own is not None:
            if not self.settings.preflight:  # else its check has said so
                self.announce(connection, claims)
            found = self.take_back(connection, props, own)
        else:
            if not self.settings.preflight:  # else its check has warned
                self.warn_of_first(connection, {})
            found = self.new_object(connection, props)
            if props.get("active") is False:  # Stripe creates active ones only
                outs = self.outs(connection, props, found)
                found = self.second_step(connection, found, {"active": False}, outs)
        return CreateResult(found["id"], self.outs(connection, props, found))

    def remove(self, connection: Connection, id_: str, props: Values) -> None:
        """Deactivate the configuration; the account's default can only be released."""
        if props.get("is_default"):
            self.let_go(connection, id_, props)
            return
        try:
            found = connection.update(self.manages.kind, id_, {"active": False})
        except RequestRefused as refused:
            # «You cannot set `active: false` on your default PortalConfiguration.»
            if not (refused.is_invalid and "default PortalConf" in str(refused)):
                raise
            self.let_go(connection, id_, props)
            return
        self.objects(connection).put(found)

    def let_go(self, connection: Connection, id_: str, props: Values) -> None:
        """Leave the account's default as it is, without the marker."""
        engine.warn(
            f"{id_} is the account's default configuration, which Stripe never "
            "lets go; it stays active as it is, and is no longer managed"
        )
        if self.is_marked(props):
            metadata = {MARKER_KEY: ""}
            found = connection.update(self.manages.kind, id_, {"metadata": metadata})
            self.objects(connection).put(found)
