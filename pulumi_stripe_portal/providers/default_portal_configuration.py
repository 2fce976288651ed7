"""The account's default portal configuration: found, managed, never deactivated."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import CreateResult

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.engine.options import argument, import_of
from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.inputs import Features
from pulumi_stripe_portal.providers.base import Values
from pulumi_stripe_portal.providers.claims import (
    Claims,
    claims,
    refuse_replacement,
    release_command,
)
from pulumi_stripe_portal.providers.naming import name_resource
from pulumi_stripe_portal.providers.resource import Differences
from pulumi_stripe_portal.providers.writing import is_within
from pulumi_stripe_portal.schema.extras import (
    EXTRA,
    extra_leaves,
    held_extras,
    with_extras,
)
from pulumi_stripe_portal.schema.metadata_rules import MARKER_KEY
from pulumi_stripe_portal.schema.resources import DEFAULT_PORTAL
from pulumi_stripe_portal.schema.validate import Failure
from pulumi_stripe_portal.schema.values import differing, tidy, value_at
from pulumi_stripe_portal.stripe_api.markers import default_of, maker_of, marker_of
from pulumi_stripe_portal.stripe_api.params import update_params
from pulumi_stripe_portal.stripe_api.views import inputs_from_object

from .portal_configuration import PortalConfigurationProvider
from .restoring import earlier_values

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["DefaultPortalConfigurationProvider"]


class DefaultPortalConfigurationProvider(PortalConfigurationProvider):
    """The life of a `DefaultPortalConfiguration`.

    Of the features, only those that are declared are managed, unless the code says
    `undeclared_features="off"`: the default was set up by somebody before, and
    switching off what the code forgot would hurt customers.
    """

    manages = DEFAULT_PORTAL

    def switches(self, inputs: Values) -> tuple[str, ...]:
        """Return all features where the code is to be the whole truth."""
        off = inputs.get("undeclared_features") == "off"
        return tuple(Features.__annotations__) if off else ()

    def rules(self, inputs: Values) -> Iterator[Failure]:
        """Yield what breaks a rule of the default configuration."""
        yield from super().rules(inputs)
        if "active" in inputs:
            yield Failure(
                "active",
                "is no input of the default configuration",
                "remove it; Stripe never deactivates the default",
            )

    def warn_of_first(self, connection: Connection, hints: Values) -> None:
        """Say nothing: to be the default is what this resource is for."""

    def preflight(
        self, olds: Values | None, inputs: Values, hints: Values
    ) -> list[str]:
        """Say besides what taking the account's default under management changes."""
        failures = super().preflight(olds, inputs, hints)
        connection = self.connection(inputs)
        found = default_of(connection) if olds is None else None
        if found is not None and not failures and _is_free(found, hints["marker"]):
            self._name_what_changes(connection, inputs, found)
            self.name_what_stays(inputs, found)
        return failures

    def find_claims(
        self, connection: Connection, inputs: Values, marker: str
    ) -> Claims:
        """Return the account's default where an interrupted run has taken it over.

        Raises:
            InvalidInputs: If it is another resource's, or in use with this marker.
        """
        self.objects(connection).all()  # which PortalConfigurations search as well
        found = default_of(connection)
        if found is None:
            return Claims()
        refuse_replacement(found)
        self._refuse_other_owner(found, marker)
        self._refuse_shared(found["id"])
        return claims(
            connection,
            [found] if marker_of(found) else [],
            is_as_declared=partial(self.is_as_declared, connection, inputs),
        )

    def missing_params(
        self, connection: Connection, inputs: Values, found: Values
    ) -> Values:
        """Return what to send so that the declared fields are as declared."""
        held = held_extras(inputs.get(EXTRA), found)
        view = {**self.view(connection, inputs, found), EXTRA: held}
        return self._params(connection, view, inputs)

    def make(self, connection: Connection, props: Values) -> CreateResult:
        """Take the account's default under management, or create it."""
        # Not as the check saw it: another run, or a click, may have come since.
        found = self._default_now(connection)
        if found is None:
            if self.objects(connection).all():
                raise InvalidInputs(
                    "the account has portal configurations but no default; save the "
                    "portal's settings once in the Dashboard, then run again"
                )
            created = self.new_object(connection, props)
            if created["is_default"]:
                outs = self.outs(connection, props, created)
                return CreateResult(created["id"], outs)
            found = self._came_second(connection, created)
        inputs = self._inputs(props)
        self.find_claims(connection, inputs, props["marker"])
        if not self.settings.preflight:  # else its check has said so
            self.name_what_stays(inputs, found)
        before = self._before(inputs, found)
        params = self.missing_params(connection, inputs, found)
        if params:  # the marker goes with a write, and never by itself
            found = self._write(connection, found["id"], params, {}, props)
        outs = self.outs(connection, props, found)
        return CreateResult(found["id"], {**outs, "before": before})

    def _default_now(self, connection: Connection) -> Values | None:
        """Ask for the account's default anew: there may be one since the check."""
        connection.forget("default")
        filters = {"is_default": True}

        def ask() -> Values | None:
            return next(connection.list_all(self.manages.kind, filters), None)

        return connection.share("default", ask)

    def _came_second(self, connection: Connection, created: Values) -> Values:
        """Deactivate what was created when another one became the default first."""
        default = self._default_now(connection)
        idle = connection.update(self.manages.kind, created["id"], {"active": False})
        self.objects(connection).put(idle)
        if default is None:
            raise InvalidInputs(
                f"Stripe made {created['id']} no default of the account, and names no "
                "other; save the portal's settings once in the Dashboard"
            )
        engine.warn(
            f"{default['id']} became the account's default first; {created['id']} is "
            "deactivated again"
        )
        return default

    def _refuse_other_owner(self, found: Values, marker: str) -> None:
        if not _is_free(found, marker):
            owner = maker_of(marker_of(found) or "")
            raise InvalidInputs(
                f"the account's default {found['id']} is managed by the resource "
                f"{owner!r}; manage it there, or clear its marker with "
                f"`{release_command(found['id'])}` and take it over with "
                f"{import_of(found['id'])}. In an account that has none yet, declare "
                "the default before every PortalConfiguration"
            )

    def _name_what_changes(
        self, connection: Connection, inputs: Values, found: Values
    ) -> None:
        try:
            view = self.view(connection, inputs, found)
        except RequestRefused:
            return  # the catalogue can't be read, which has been said
        paths = [
            ".".join(path)
            for path, leaf in differing(self.root, view, inputs)
            if not leaf.mark.ours
        ]
        changing = f"changes {', '.join(paths)}" if paths else "changes nothing in it"
        engine.warn(
            f"manages the account's default {found['id']} from now on, and {changing}"
        )

    def _before(self, inputs: Values, found: Values) -> Values:
        """Return all that `on_delete="restore"` may have to write back."""
        before = inputs_from_object(self.root, found)
        before.get("metadata", {}).pop(MARKER_KEY, None)
        held = held_extras(inputs.get(EXTRA), found)
        return with_extras(before, dict(extra_leaves(held)))

    def notes(self, inputs: Values, found: Values) -> Values:
        """Return which features are on without being declared, for reviews."""
        return {"undeclared_on": self._undeclared_on(inputs, found) or None}

    def name_what_stays(self, inputs: Values, found: Values) -> None:
        """Name the features that are on, and left so, without being declared."""
        on = self._undeclared_on(inputs, found)
        if on:
            engine.warn(
                f"the default {found['id']} has {', '.join(on)} on; the code doesn't "
                "declare it, so it is left as it is "
                f"({argument('undeclared_features', 'off')} switches it off)"
            )

    def _undeclared_on(self, inputs: Values, found: Values) -> list[str]:
        if self.switches(inputs):
            return []
        features = inputs.get("features", {})
        return [
            name
            for name in Features.__annotations__
            if name not in features and value_at(found, ("features", name, "enabled"))
        ]

    def comparable(self, olds: Values, news: Values) -> Values:
        """Count what is on without being declared where that is to be off now."""
        recorded = super().comparable(olds, news)
        if not self.switches(news):
            return recorded
        on = {name: {"enabled": True} for name in self._to_switch_off(olds)}
        return {**recorded, "features": {**on, **recorded.get("features", {})}}

    def _to_switch_off(self, olds: Values) -> list[str]:
        """Return the features that "off" switches off, but for those ignored."""
        ignored = tuple(engine.door().ignored_paths())
        return [
            name
            for name in olds.get("undeclared_on") or ()
            if not is_within(f"features.{name}.enabled", ignored)
        ]

    @name_resource
    def diff(self, _id: str, _olds: Values, _news: Values) -> Differences:
        """Name the features that are switched off without standing in the code."""
        result = super().diff(_id, _olds, _news)
        off = self._to_switch_off(_olds) if self.switches(self._inputs(_news)) else []
        if off:
            names = ", ".join(off)
            engine.warn(f"switches {names} off, which the code doesn't declare")
        return result

    def adoptable(self, found: Values) -> None:
        """Raise if the configuration is not the account's default."""
        if not found["is_default"]:
            raise InvalidInputs(
                f"{found['id']} is not the account's default; declare it as a "
                "PortalConfiguration"
            )

    def adopted_extras(self, inputs: Values, found: Values) -> Values:
        """Remember how the configuration was before the first write."""
        return {"before": self._before(inputs, found)}

    def remove(self, connection: Connection, id_: str, props: Values) -> None:
        """Write the earlier values back if that is wanted; remove the marker."""
        params: dict[str, Any] = {}
        before = props.get("before")
        if props.get("on_delete") == "restore" and before is not None:
            inputs = self._inputs(props)
            was = tidy(self.root, before)
            earlier = earlier_values(self.root, inputs, was, self.switches(inputs))
            params = update_params(self.root, inputs, earlier)
        unmarked = {MARKER_KEY: ""} if self.is_marked(props) else {}
        metadata = {**params.pop("metadata", {}), **unmarked}
        last = {**params, "metadata": metadata} if metadata else params
        refused = bool(last) and not self._release(connection, id_, last)
        if refused and unmarked and last != {"metadata": unmarked}:
            self._release(connection, id_, {"metadata": unmarked})

    def _release(self, connection: Connection, id_: str, params: Values) -> bool:
        """Send the last write; what Stripe refuses of it is no failure of a destroy."""
        try:
            connection.update(self.manages.kind, id_, params)
        except RequestRefused as refused:
            if not refused.is_invalid or refused.says_missing(id_):
                raise  # which a later run may do, or finds done
            engine.warn(
                f"{id_} is the account's default configuration, and stays as it is, no "
                f"longer managed: Stripe refused its last change. {refused}"
            )
            return False
        return True


def _is_free(found: Values, marker: str) -> bool:
    """Tell whether an object carries no marker of another resource."""
    return maker_of(marker_of(found) or marker) == maker_of(marker)
