"""What differs between the kinds of resources, and what all of them have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi.dynamic import CreateResult, DiffResult, ResourceProvider
from pulumi.output import UNKNOWN

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.providers.claims import Claims
from pulumi_stripe_portal.providers.soundness import require_sound
from pulumi_stripe_portal.schema.resources import ResourceType
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.validate import Failure
from pulumi_stripe_portal.schema.values import (
    Path,
    differing,
    order_like,
    tidy,
    with_earlier,
)
from pulumi_stripe_portal.stripe_api.markers import Objects, marker_of, objects_of
from pulumi_stripe_portal.stripe_api.settings import Settings
from pulumi_stripe_portal.stripe_api.views import project_onto_inputs, undeclared_values

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["CONTROLS", "Differences", "StripeResource", "Values", "is_importing"]

Values = dict[str, Any]

# What the program's side hands over beside the inputs themselves.
CONTROLS = ("marker", "adopt")


class Differences(DiffResult):
    """What a diff finds, with the paths of what differs."""

    def __init__(self, paths: Sequence[Path], replaces: list[str]) -> None:
        """Take the paths, and the inputs whose change replaces the object."""
        # Always an explicit answer: the engine's own comparison would show noise.
        super().__init__(changes=bool(paths), replaces=replaces)
        self.paths = paths


def is_importing(olds: Values) -> bool:
    """Tell whether the engine has just imported the object, and compares the code.

    Its state holds the inputs of this package's check after that, the marker too.
    """
    return bool(olds.get("imported")) and "marker" not in (
        engine.door().old_inputs() or {}
    )


class StripeResource(ResourceProvider):
    """One kind of resource: its declaration, and the hooks that make it another one.

    Instances hold nothing but the settings: they are shared by all threads, and an
    attribute set before they are configured would become part of users' state.
    """

    serialize_as_secret_always = False

    manages: ClassVar[ResourceType]
    """What the resource is."""

    settings: Settings

    def switches(self, inputs: Values) -> tuple[str, ...]:
        """Return the features that are off unless declared."""
        return ()

    def rules(self, inputs: Values) -> Iterator[Failure]:
        """Yield what breaks a rule that types can't say."""
        yield from self.manages.rules(inputs)

    def outputs(self, found: Values) -> Values:
        """Return the outputs that are not inputs, from a Stripe object."""
        raise NotImplementedError

    def advice(self, inputs: Values, *, new: bool) -> list[str]:
        """Return what new or changed inputs can't be; warn of what they rarely mean.

        `new` is true for a resource that is to be created, not adopted.
        """
        return []

    def preflight(
        self, olds: Values | None, inputs: Values, hints: Values
    ) -> list[str]:
        """Return what Stripe would refuse, asking it; warn of what it may refuse.

        `olds` is None for a resource that is to be created.
        """
        return []

    def resolve(
        self, connection: Connection, inputs: Values, sent: Values | None = None
    ) -> Mapping[str, Any]:
        """Return the inputs as Stripe is to be sent them, as far as `sent` needs it."""
        return inputs

    def reword(
        self,
        connection: Connection,
        inputs: Values,
        found: Values,
        sent: Values | None = None,
    ) -> Values:
        """Return a Stripe object in the words of the inputs.

        `sent` is what the write changed that the object answered.
        """
        return found

    def comparable(self, olds: Values, news: Values) -> Values:
        """Return the recorded inputs that new ones are compared with.

        What only the new ones declare stands there as it was before the resource's
        first write, if it had a life before: Stripe may hold no default.
        """
        before = tidy(self.root, olds.get("before") or {})
        return with_earlier(self.root, self._recorded_inputs(olds, news), before, news)

    def _recorded_inputs(self, olds: Values, news: Values) -> Values:
        """Return the inputs that the state holds.

        What the engine has imported has all that the object says as outputs, and as
        inputs what the code declares since.
        """
        if is_importing(olds):
            return self.view(self.connection(news), news, olds)
        declared = engine.door().old_inputs() if olds.get("imported") else None
        return self._inputs(olds if declared is None else declared)

    def notes(self, inputs: Values, found: Values) -> Values:
        """Return what the state is to remember of an object besides."""
        return {}

    def name_what_stays(self, inputs: Values, found: Values) -> None:
        """Warn of what is at Stripe, and stays, without being declared."""

    def plan(self, props: Values, olds: Values | None = None) -> Values:
        """Return the outputs of what a create or update is to make, in a preview.

        Args:
            props: The inputs.
            olds: The state of an object that exists already.

        Returns:
            The state, with Pulumi's `Unknown` for what only the request will tell.
        """
        require_sound(self.manages, props, olds or {})
        inputs, was = self._inputs(props), self._inputs(olds or {})
        changed = {"", *(path[0] for path, _ in differing(self.root, was, inputs))}
        later = [
            name
            for name, follows in self.manages.outputs.items()
            if olds is None or follows in changed
        ]
        extras = self._extras(olds or {})
        return self.seal({**extras, **inputs, **dict.fromkeys(later, UNKNOWN)})

    def make(self, connection: Connection, props: Values) -> CreateResult:
        """Create the object, or take back the resource's own."""
        raise NotImplementedError

    def remove(self, connection: Connection, id_: str, props: Values) -> None:
        """Delete the object, or what comes nearest to it."""
        raise NotImplementedError

    def announce(self, connection: Connection, found: Claims) -> None:
        """Say what becomes of the objects that an earlier run left."""

    def adoptable(self, found: Values) -> None:
        """Raise if an object can't be adopted by this resource."""

    def adopted_view(
        self, connection: Connection, inputs: Values, found: Values
    ) -> Values:
        """Return what the code is compared with where an object is to be adopted."""
        return self.view(connection, inputs, found)

    def adopted_extras(self, inputs: Values, found: Values) -> Values:
        """Return what the state of an adopted object is to remember besides."""
        before = undeclared_values(self.root, inputs, found)
        return {"before": before} if before else {}

    def warn_of_adopted(self, inputs: Values, found: Values) -> None:
        """Warn of what adopting does not bring under code."""
        self.name_what_stays(inputs, found)

    def expect(self, connection: Connection, inputs: Values) -> None:
        """Prepare what a read will need, so that it goes in few requests."""

    def seal(self, outs: Values) -> Values:
        """Return the state with its secrets marked as such."""
        return outs

    def mark(self, props: Mapping[str, Any]) -> str:
        """Return what marks the resource's object at Stripe as its own."""
        return str(props["marker"])

    @property
    def root(self) -> Node:
        """The tree of the inputs."""
        return self.manages.root

    def connection(self, props: Mapping[str, Any]) -> Connection:
        """Return Stripe, for the account that the resource names."""
        # Where nothing has changed, nothing is asked, and this costs half of a start.
        from pulumi_stripe_portal.stripe_api.connection import Connection

        return Connection.to(self.settings, props.get("account"))

    def objects(self, connection: Connection) -> Objects:
        """Return the objects of this kind."""
        return objects_of(connection, self.manages.kind)

    def _inputs(self, props: Mapping[str, Any], *, strict: bool = False) -> Values:
        """Return the declared inputs among what the engine hands over.

        `strict` keeps keys that don't exist, so that they can be refused.
        """
        passed = (*CONTROLS, "__provider", "declaration")
        kept = {
            key: value
            for key, value in props.items()
            if key in self.root.children or (strict and key not in passed)
        }
        tidied: Values = tidy(self.root, kept)
        return tidied

    def _controls(self, props: Values) -> Values:
        inputs = engine.door().old_inputs() or props
        return {name: inputs[name] for name in CONTROLS if inputs.get(name)}

    def _extras(self, props: Values) -> Values:
        """Return what the state holds beside inputs and outputs."""
        return {
            name: value
            for name, value in props.items()
            if name not in self.root.children and name != "__provider"
        }

    def _bare(self, props: Values) -> Values:
        return {key: value for key, value in props.items() if key != "__provider"}

    def view(
        self,
        connection: Connection,
        inputs: Values,
        found: Values,
        sent: Values | None = None,
    ) -> Values:
        """Return what a Stripe object says about what the inputs declare."""
        told = self.reword(connection, inputs, found, sent)
        view = project_onto_inputs(
            self.root, inputs, told, switches=self.switches(inputs)
        )
        ordered: Values = order_like(self.root, inputs, view)
        return ordered

    def outs(self, connection: Connection, props: Values, found: Values) -> Values:
        """Return the state of a resource that was created, taken back or adopted."""
        inputs = self._inputs(props)
        outs = {
            **self.view(connection, inputs, found),
            **self.outputs(found),
            **self.notes(inputs, found),
            "account_id": connection.account_id(),
        }
        if marker_of(found) == self.mark(props):
            outs["marker"] = props["marker"]
        if self.settings.account:
            outs["stack_account"] = self.settings.account
        return outs
