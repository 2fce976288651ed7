"""The account's default portal configuration: found, managed, never deactivated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pulumi.dynamic import CreateResult

from pulumi_stripe_portal import _engine
from pulumi_stripe_portal._check import Failure
from pulumi_stripe_portal._ownership import marker_of
from pulumi_stripe_portal._params import declared, everything, update_params
from pulumi_stripe_portal._rules import MARKER_KEY
from pulumi_stripe_portal._stripe import Connection
from pulumi_stripe_portal._values import value_at
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

    def make(self, connection: Connection, props: Values) -> CreateResult:
        """Take the account's default under management, or create it."""
        found = default_of(connection)
        if found is None:
            if self.objects(connection).all():
                raise InvalidInputs(
                    "the account has portal configurations but no default; save the "
                    "portal's settings once in the Dashboard, then run again"
                )
            created = self.new_object(connection, props)
            return CreateResult(created["id"], self.outs(connection, props, created))
        self._refuse_other_owner(found, props)
        before = everything(self.root, found)
        before.pop("metadata", None)
        inputs = self._inputs(props)
        self._name_what_is_left_on(inputs, found)
        view = self.view(connection, inputs, found)
        params = self._params(connection, view, inputs)
        if params or marker_of(found) != props["marker"]:
            held = value_at(found, ("metadata",)) or {}
            before["metadata"] = {
                key: held.get(key, "") for key in inputs.get("metadata", {})
            }
            found = self._write(connection, found["id"], params, {}, props)
        outs = self.outs(connection, props, found)
        return CreateResult(found["id"], {**outs, "before": before})

    def _refuse_other_owner(self, found: Values, props: Values) -> None:
        owner = marker_of(found)
        if owner not in (None, props["marker"]):
            raise InvalidInputs(
                f"the account's default {found['id']} is managed by the resource "
                f"{owner!r}; manage it there, or declare the default before every "
                "PortalConfiguration in an account that has none"
            )

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
                f"import_: {found['id']} is not the account's default; declare it as "
                "a PortalConfiguration"
            )
        self._name_what_is_left_on({}, found)

    def adopted_extras(self, found: Values) -> Values:
        """Remember how the configuration was before the first write."""
        return {"before": everything(self.root, found)}

    def remove(self, connection: Connection, id_: str, props: Values) -> None:
        """Write the earlier values back if that is wanted; remove the marker."""
        params: dict[str, Any] = {}
        before = props.get("before")
        if props.get("on_delete") == "restore" and before is not None:
            inputs = self._inputs(props)
            earlier = declared(self.root, inputs, before)
            params = update_params(self.root, inputs, earlier)
        metadata = {**params.get("metadata", {})}
        if props.get("marker"):
            metadata[MARKER_KEY] = ""
        if metadata:
            params["metadata"] = metadata
        if not params:
            return
        try:
            connection.update(self.kind, id_, params)
        except RequestRefused as refused:
            if refused.status not in (400, 402):
                raise
            _engine.warn(
                f"{id_} is the account's default configuration; Stripe refused to "
                f"restore it, so it stays as it is, no longer managed. {refused}"
            )
