"""Adoption, `import_`: what exists comes under code without a write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pulumi.dynamic import CreateResult

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.providers.ownership import Owning
from pulumi_stripe_portal.providers.resource import Values
from pulumi_stripe_portal.schema.validate import literals, shown_value
from pulumi_stripe_portal.schema.values import Path, differing, has_opaque, value_at
from pulumi_stripe_portal.schema.visible import HIDDEN
from pulumi_stripe_portal.stacks.holders import is_held
from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["Adopting"]


class Adopting(Owning):
    """Compares the code with an object, and takes it as it is."""

    def _found(self, connection: Connection, id_: str) -> Values:
        try:
            return self.objects(connection).adopted(id_)
        except RequestRefused as refused:
            if not refused.is_missing:
                raise
            raise InvalidInputs(
                f"there is no {self.manages.kind.noun} '{id_}' in "
                f"{self.settings.mode} mode; {refused}"
            ) from None

    def _adoption_failures(self, inputs: Values, id_: str, hints: Values) -> list[str]:
        """Return each difference between the code and the object to adopt."""
        kind = self.manages.kind
        if not id_.startswith(kind.prefix):
            return [
                f"import_: '{id_}' is no id of a {kind.noun}; give one that "
                f"begins with '{kind.prefix}'"
            ]
        connection = self.connection(inputs)
        try:
            found = self._found(connection, id_)
            _refuse_replacement(id_)
            self._refuse_shared(id_)
            self.refuse_other_owner(found, hints["marker"])
            self.adoptable(found)
        except InvalidInputs as invalid:
            return [f"import_: {invalid}"]
        view = self.adopted_view(connection, inputs, found)
        plain = literals(hints.get("outputs") or ())
        lines = [
            _difference(path, view, inputs, plain)
            for path, leaf in differing(self.root, view, inputs)
            if not leaf.mark.ours and not has_opaque(value_at(inputs, path))
        ]
        if not lines:
            engine.warn(
                f"{engine.resource_name() or id_}: adopts {id_} as it is; nothing is "
                "written to Stripe"
            )
            self.warn_of_adopted(inputs, found)
        return lines

    def _adopt(self, connection: Connection, props: Values) -> CreateResult:
        id_ = str(props["adopt"])
        found = self._found(connection, id_)
        self.refuse_other_owner(found, self.mark(props))
        self.adoptable(found)
        extras = self.adopted_extras(self._inputs(props), found)
        outs = {**self.outs(connection, props, found), **extras}
        return CreateResult(id_, self.seal(outs))


def _refuse_replacement(id_: str) -> None:
    """Raise if the object that is to be adopted is the one to be replaced."""
    if is_held(id_):
        raise InvalidInputs(
            "the object is to be replaced, but the code still adopts it; take that "
            "line out first"
        )


def _difference(
    path: Path, view: Values, inputs: Values, plain: Callable[[str, Any], bool]
) -> str:
    """Say how code and object differ, and which line to change.

    Both values are hidden where the code has its own from an Output.
    """
    where = ".".join(path)
    live, coded = value_at(view, path), value_at(inputs, path)
    at_stripe, in_code = (
        shown_value(where, value) if plain(where, value) else HIDDEN
        for value in (live, coded)
    )
    entry = f"{path[-1]!r}: {at_stripe}"
    for depth in range(len(path) - 1, 0, -1):
        if value_at(inputs, path[:depth]) is None:  # what it belongs into isn't there
            entry = f"{path[depth - 1]!r}: {{{entry}}}"
    unset = live is None or live == ""
    line = f"remove {path[-1]!r} there" if unset else f"write {entry}"
    if HIDDEN in at_stripe:
        line = "write what Stripe holds"
    return (
        f"import_: {where} is {at_stripe} at Stripe, but {in_code} in the code; "
        f"{line}, or change it at Stripe first"
    )
