"""Which objects are the resource's own, told by their marker."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.engine.options import option
from pulumi_stripe_portal.errors import InvalidInputs
from pulumi_stripe_portal.providers.claims import Claims, claims, release_command
from pulumi_stripe_portal.providers.resource import Values
from pulumi_stripe_portal.providers.writing import Writing
from pulumi_stripe_portal.schema.values import has_opaque
from pulumi_stripe_portal.stripe_api.markers import (
    maker_of,
    marker_of,
    marker_of_urn,
    other_manager,
)

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["Owning"]


class Owning(Writing):
    """Finds what the resource has left at Stripe, and refuses what is another's."""

    def find_claims(
        self, connection: Connection, inputs: Values, marker: str
    ) -> Claims:
        """Return what the resource, which is to be created, has left at Stripe.

        Raises:
            InvalidInputs: If something carries its marker that it must not touch.
        """
        objects = self.objects(connection)
        return claims(
            connection,
            objects.with_marker(marker),
            is_as_declared=partial(self.is_as_declared, connection, inputs),
            default_is_managed=objects.default_is_managed,
        )

    def is_as_declared(
        self, connection: Connection, inputs: Values, found: Values
    ) -> bool:
        """Tell whether taking an object back would write nothing."""
        return not has_opaque(inputs) and not self.missing_params(
            connection, inputs, found
        )

    def _ownership_failures(self, inputs: Values, hints: Values) -> list[str]:
        """Return what keeps the resource from being created; announce the rest."""
        connection = self.connection(inputs)
        try:
            found = self.find_claims(connection, inputs, hints["marker"])
        except InvalidInputs as invalid:
            return [str(invalid)]
        self.announce(connection, found)
        return []

    def refuse_other_owner(self, found: Values, marker: str) -> None:
        """Raise if an object carries the marker of another resource."""
        owner = marker_of(found)
        if owner is not None and maker_of(owner) != maker_of(marker):
            raise _another(found["id"], maker_of(owner))

    def refuse_recorded_owner(self, id_: str, olds: Values) -> None:
        """Raise if a read has found that an object carries another's marker."""
        if olds.get("marked_by"):
            raise _another(id_, str(olds["marked_by"]))

    def is_marked(self, props: Values) -> bool:
        """Tell whether the state says that the object carries the own marker."""
        return bool(props.get("marker")) and not props.get("marked_by")

    def _refuse_shared(self, id_: str) -> None:
        """Raise if another resource of the stack manages the object."""
        other = other_manager(id_, engine.door().resource_urn())
        if other:
            raise InvalidInputs(
                f"{id_} is managed by {engine.resource_name(other)} as well; remove "
                "one of the two from the code"
            )

    def _owner_record(self, id_: str, props: Values, found: Values) -> Values:
        """Return what to record of the marker, "" where the object has lost it.

        Another resource's is named, and left: two stacks that take the object from
        each other would never come to an end. So the own one is recorded then too,
        and no update writes it; `marked_by` says that it isn't there. None is recorded
        for what was adopted as it is.
        """
        held, recorded = marker_of(found), props.get("marker")
        if held is None:
            return {"marker": None if recorded is None else "", "marked_by": None}
        urn = engine.door().resource_urn()
        own = str(recorded or (marker_of_urn(urn) if urn else maker_of(held)))
        if maker_of(held) != maker_of(self.mark({**props, "marker": own})):
            engine.warn(
                f"{id_} carries the ownership marker of another resource, "
                f"{maker_of(held)!r}, which may write to it as well; take it out of "
                "one of the two"
            )
            return {"marker": own, "marked_by": maker_of(held)}
        return {"marker": own, "marked_by": None}


def _another(id_: str, owner: str) -> InvalidInputs:
    return InvalidInputs(
        f"{id_} carries the ownership marker of another resource, {owner!r}; where "
        "that one is to let go of it, take it out of that one's code with "
        f"{option('retain_on_delete')}, and clear the marker with "
        f"`{release_command(id_)}`"
    )
