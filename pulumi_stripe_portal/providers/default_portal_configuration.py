"""The account's default portal configuration: found, managed, never deactivated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pulumi.dynamic import CreateResult

from pulumi_stripe_portal import _engine
from pulumi_stripe_portal._check import Failure
from pulumi_stripe_portal._extras import (
    EXTRA,
    extra_leaves,
    held_extras,
    with_extras,
)
from pulumi_stripe_portal._ownership import marker_of
from pulumi_stripe_portal._params import declared, everything, update_params
from pulumi_stripe_portal._rules import MARKER_KEY
from pulumi_stripe_portal._stripe import Connection
from pulumi_stripe_portal._values import differing, tidy, value_at
from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.inputs import DefaultPortalConfigurationInputs, Features

from ._base import Values
from .portal_configuration import PortalConfigurationProvider, default_of

__all__ = ["DefaultPortalConfigurationProvider"]


class DefaultPortalConfigurationProvider(PortalConfigurationProvider):
    """The life of a `DefaultPortalConfiguration`.

    Of the features, only those that are declared are managed: the default was set up
    by somebody before, and switching off what the code forgot would hurt customers.
    """

    declaration = DefaultPortalConfigurationInputs
    switches: ClassVar[tuple[str, ...]] = ()

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
        if found is not None:
            try:
                self._refuse_other_owner(found, hints["marker"])
            except InvalidInputs as invalid:
                return [*failures, str(invalid)]
            if not failures:
                self._name_what_changes(connection, inputs, found)
                self._name_what_is_left_on(inputs, found)
        return failures

    def make(self, connection: Connection, props: Values) -> CreateResult:
        """Take the account's default under management, or create it."""
        if default_of(connection) is None:
            everyone = self.objects(connection).all()
        else:  # not as preflight saw it: another resource may own it since
            everyone = list(connection.list_all(self.kind, {"is_default": True}))
        found = next((each for each in everyone if each["is_default"]), None)
        if found is None:
            if everyone:
                raise InvalidInputs(
                    "the account has portal configurations but no default; save the "
                    "portal's settings once in the Dashboard, then run again"
                )
            created = self.new_object(connection, props)
            return CreateResult(created["id"], self.outs(connection, props, created))
        self._refuse_other_owner(found, props["marker"])
        inputs = self._inputs(props)
        if not self.settings.preflight:  # else its check has said so
            self._name_what_is_left_on(inputs, found)
        held = held_extras(inputs.get(EXTRA), found)
        before = with_extras(self._before(found), dict(extra_leaves(held)))
        view = {**self.view(connection, inputs, found), EXTRA: held}
        params = self._params(connection, view, inputs)
        if params:  # the marker goes with a write, and never by itself
            found = self._write(connection, found["id"], params, {}, props)
        outs = self.outs(connection, props, found)
        return CreateResult(found["id"], {**outs, "before": before})

    def _refuse_other_owner(self, found: Values, marker: str) -> None:
        owner = marker_of(found)
        if owner not in (None, marker):
            raise InvalidInputs(
                f"the account's default {found['id']} is managed by the resource "
                f"{owner!r}; manage it there, or take it over with `opts="
                f'ResourceOptions(import_="{found["id"]}")`. In an account that has '
                "none yet, declare the default before every PortalConfiguration"
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
        _engine.warn(
            f"manages the account's default {found['id']} from now on, and {changing}"
        )

    def _before(self, found: Values) -> Values:
        """Return all that `on_delete="restore"` may have to write back."""
        before = everything(self.root, found)
        before.get("metadata", {}).pop(MARKER_KEY, None)
        return before

    def _name_what_is_left_on(self, inputs: Values, found: Values) -> None:
        features = inputs.get("features", {})
        on = [
            name
            for name in Features.__annotations__
            if name not in features and value_at(found, ("features", name, "enabled"))
        ]
        if on:
            _engine.warn(
                f"the default {found['id']} has {', '.join(on)} on; the code doesn't "
                "declare it, so it is left as it is"
            )

    def adoptable(self, found: Values) -> None:
        """Raise if the configuration is not the account's default."""
        if not found["is_default"]:
            raise InvalidInputs(
                f"{found['id']} is not the account's default; declare it as a "
                "PortalConfiguration"
            )

    def warn_of_adopted(self, inputs: Values, found: Values) -> None:
        """Name the features that are on without being declared."""
        self._name_what_is_left_on(inputs, found)

    def adopted_extras(self, found: Values) -> Values:
        """Remember how the configuration was before the first write."""
        return {"before": self._before(found)}

    def remove(self, connection: Connection, id_: str, props: Values) -> None:
        """Write the earlier values back if that is wanted; remove the marker."""
        params: dict[str, Any] = {}
        before = props.get("before")
        if props.get("on_delete") == "restore" and before is not None:
            inputs = self._inputs(props)
            earlier = self._earlier(inputs, tidy(self.root, before))
            params = update_params(self.root, inputs, earlier)
        unmarked = {MARKER_KEY: ""} if props.get("marker") else {}
        metadata = {**params.pop("metadata", {}), **unmarked}
        last = {**params, "metadata": metadata} if metadata else params
        refused = bool(last) and not self._released(connection, id_, last)
        if refused and unmarked and last != {"metadata": unmarked}:
            self._released(connection, id_, {"metadata": unmarked})

    def _earlier(self, inputs: Values, before: Values) -> Values:
        """Return the declared fields as they were.

        Stripe takes switching updates on with their products only, declared or not.
        """
        earlier = declared(self.root, inputs, before)
        at = ("features", "subscription_update")
        update, was = value_at(earlier, at), value_at(before, at)
        if value_at(update, ("enabled",)):
            for name in ("products", "default_allowed_updates"):
                if name in was:
                    update.setdefault(name, was[name])
        return earlier

    def _released(self, connection: Connection, id_: str, params: Values) -> bool:
        """Send the last write; what Stripe refuses of it is no failure of a destroy."""
        try:
            connection.update(self.kind, id_, params)
        except RequestRefused as refused:
            if refused.status not in (400, 402):
                raise
            _engine.warn(
                f"{id_} is the account's default configuration, and stays as it is, no "
                f"longer managed: Stripe refused its last change. {refused}"
            )
            return False
        return True
