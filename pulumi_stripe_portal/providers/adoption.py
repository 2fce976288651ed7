"""Adoption, `import_`: what exists comes under code without a write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import CreateResult, ReadResult

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.engine.options import IMPORT
from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.providers.naming import name_resource
from pulumi_stripe_portal.providers.ownership import Owning
from pulumi_stripe_portal.providers.resource import Values
from pulumi_stripe_portal.schema.validate import literals, shown_value
from pulumi_stripe_portal.schema.values import Path, differing, has_opaque, value_at
from pulumi_stripe_portal.schema.visible import HIDDEN
from pulumi_stripe_portal.stacks.holders import is_held
from pulumi_stripe_portal.stripe_api.markers import maker_of, marker_of, marker_of_urn
from pulumi_stripe_portal.stripe_api.views import declaration_of, with_connect

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["Adopting"]


class Adopting(Owning):
    """Compares the code with an object, and takes it as it is."""

    def _find(self, connection: Connection, id_: str) -> Values:
        try:
            return self.objects(connection).read_to_adopt(id_)
        except RequestRefused as refused:
            if not refused.is_missing:
                raise
            raise InvalidInputs(
                f"there is no {self.manages.kind.noun} '{id_}' in "
                f"{self.settings.mode} mode; {refused}"
            ) from None

    def _adoption_failures(self, inputs: Values, id_: str, hints: Values) -> list[str]:
        """Return each difference between the code and the object to adopt."""
        connection = self.connection(inputs)
        try:
            self._refuse_other_kind(id_)
            found = self._find(connection, id_)
            _refuse_replacement(id_)
            self._refuse_shared(id_)
            self.refuse_other_owner(found, hints["marker"])
            self.adoptable(found)
        except InvalidInputs as invalid:
            return [f"{IMPORT}: {invalid}"]
        view = self.adopted_view(connection, inputs, found)
        lines = [f"{IMPORT}: {line}" for line in self._differences(view, inputs, hints)]
        if not lines:
            engine.tell(
                f"{engine.resource_name() or id_}: adopts {id_} as it is; nothing is "
                "written to Stripe"
            )
            self.warn_of_adopted(inputs, found)
        return lines

    def _refuse_other_kind(self, id_: str) -> None:
        kind = self.manages.kind
        if not id_.startswith(kind.prefix):
            raise InvalidInputs(
                f"'{id_}' is no id of a {kind.noun}; give one that begins with "
                f"'{kind.prefix}'"
            )

    def _differences(
        self, view: Values, inputs: Values, hints: Mapping[str, Any]
    ) -> list[str]:
        plain = literals(hints.get("outputs") or ())
        return [
            _difference(path, view, inputs, plain)
            for path, leaf in differing(self.root, view, inputs)
            if not leaf.mark.ours and not has_opaque(value_at(inputs, path))
        ]

    @name_resource
    def import_object(self, id_: str) -> ReadResult:
        """Read an object of which no state holds anything: all that it declares.

        That is how the engine itself imports, and reads what is not managed. Which
        account it is in is asked for with the first write.

        Args:
            id_: The object's id.

        Returns:
            The inputs that declare the object, in as few words as can be, and the
            outputs.

        Raises:
            InvalidInputs: It is of another kind, or there is none.
        """
        self._refuse_other_kind(id_)
        connection = self.connection({})
        found = self._find(connection, id_)
        self.adoptable(found)
        connected = bool(connection.account)
        inputs = declaration_of(self.root, with_connect(found, connected=connected))
        outs = {
            **inputs,
            **self.outputs(found),
            **self.adopted_extras({}, found),
            "imported": True,
        }
        held, urn = marker_of(found), engine.door().resource_urn()
        if held is not None and urn is not None:
            own = marker_of_urn(urn)
            is_own = maker_of(held) == maker_of(self.mark({**inputs, "marker": own}))
            outs |= {"marker": own} if is_own else {"marked_by": maker_of(held)}
        if self.settings.account:
            outs["stack_account"] = self.settings.account
        return ReadResult(id_, self.seal(outs), inputs)

    def tell_of_import(self, id_: str, olds: Values, news: Values) -> None:
        """Say how the code differs from what the engine is importing.

        Raises:
            InvalidInputs: It is another resource's.
        """
        self.refuse_recorded_owner(id_, olds)
        lines = self._differences(
            self.comparable(olds, news), news, engine.door().hints()
        )
        if lines:
            text = "".join(f"\n  - {line}" for line in lines)
            engine.warn(
                f"{id_} is imported, and then changed where the code has it "
                f"otherwise:{text}"
            )
        self.warn_of_adopted(news, {**olds, "id": id_})

    def _adopt(self, connection: Connection, props: Values) -> CreateResult:
        id_ = str(props["adopt"])
        found = self._find(connection, id_)
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
        f"{where} is {at_stripe} at Stripe, but {in_code} in the code; "
        f"{line}, or change it at Stripe first"
    )
