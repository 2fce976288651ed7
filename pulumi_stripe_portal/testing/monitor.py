"""The engine, as a program that runs here sees it.

It is passed to Pulumi's own `set_mocks`. The program's messages are those of Pulumi's
protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2

from pulumi_stripe_portal.engine.urn import Urn
from pulumi_stripe_portal.engine.values import pack, unpack
from pulumi_stripe_portal.errors import StripePortalError
from pulumi_stripe_portal.schema.resources import PROVIDER_TYPES, type_name
from pulumi_stripe_portal.stripe_api.settings import Settings

from .lives import Goal, Key, LiveResource, Lives

__all__ = ["Monitor", "Others"]

_UNSENT = ("declaration", "__provider")
"""What goes from a program to its providers, but into no state."""


class Others(Mocks):
    """Resources of other providers: each is as it was declared."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Answer with the inputs."""
        return args.resource_id or f"{args.name}-id", dict(args.inputs)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        """Answer no function: nobody has said what it would tell.

        Raises:
            StripePortalError: Always, with the remedy.
        """
        raise StripePortalError(
            f"the program calls {args.token}, and nothing answers it; give `mocks`, a "
            "pulumi.runtime.Mocks whose `call` does"
        )


class Monitor(MockMonitor):
    """What the program registers its resources with."""

    runs_programs = True

    def __init__(
        self,
        lives: Lives,
        mocks: Mocks,
        place: tuple[str, str],
        settings: Callable[[Mapping[str, Any] | None], Settings],
    ) -> None:
        """Take who does what the program asks for.

        Args:
            lives: What becomes of this package's resources.
            mocks: What answers for all others.
            place: The stack and the project.
            settings: Returns the settings of an explicit provider, by what the program
                gives it; for None those of the stack.
        """
        super().__init__(mocks)
        self.failure: Exception | None = None
        """What went wrong first: what follows from it is of no use."""
        self.outputs: dict[str, Any] = {}
        """What the stack exports, secrets in clear."""
        self._lives, self._place, self._settings = lives, place, settings
        self._providers: dict[str, Settings] = {}
        self._lock = threading.Lock()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return the URN of a resource."""
        above = Urn.of(parent)
        inside = above and above.types != "pulumi:pulumi:Stack"
        types = f"{above.types}${type_}" if above and inside else type_
        return str(Urn(*self._place, types, name))

    def RegisterResource(self, request: Any) -> Any:
        """Make a resource."""
        return self._answer(self._register, super().RegisterResource, request)

    def ReadResource(self, request: Any) -> Any:
        """Read a resource."""
        return self._answer(self._read, super().ReadResource, request)

    def Invoke(self, request: Any) -> Any:
        """Call a function of another provider."""
        return self._answer(None, super().Invoke, request)

    def RegisterResourceOutputs(self, request: Any) -> Any:
        """Take what the stack exports."""
        if "::pulumi:pulumi:Stack::" in request.urn:
            self.outputs = unpack(request.outputs)[0]
        return empty_pb2.Empty()

    def _answer(
        self,
        ours: Callable[[Any], Any] | None,
        others: Callable[[Any], Any],
        request: Any,
    ) -> Any:
        """Answer one request after the other, in the order in which they come."""
        with self._lock:
            if self.failure is not None:
                raise self.failure
            try:
                if ours and type_name(request.type):
                    return ours(request)
                with _event_loop():
                    answer = others(request)
            except Exception as error:
                self.failure = error
                raise
            if ours and request.type in PROVIDER_TYPES:
                given = unpack(request.object)[0]
                self._providers[f"{answer.urn}::{answer.id}"] = self._settings(given)
            return answer

    def _goal(self, request: Any, message: Any, **options: Any) -> Goal:
        inputs, secrets = unpack(message)
        inputs.pop("__provider", None)
        return Goal(
            type=type_name(request.type),
            name=request.name,
            urn=self.make_urn(request.parent, request.type, request.name),
            inputs=inputs,
            secrets=frozenset(path for path in secrets if path[0] not in _UNSENT),
            settings=self._providers.get(request.provider) or self._settings(None),
            **options,
        )

    def _register(self, request: Any) -> Any:
        goal = self._goal(
            request,
            request.object,
            protect=bool(request.protect),
            retain_on_delete=bool(request.retainOnDelete),
            ignore_changes=tuple(request.ignoreChanges),
        )
        done = self._lives.declare(goal, _earlier(request))
        return resource_pb2.RegisterResourceResponse(
            urn=goal.urn, id=done.id, object=_message(done)
        )

    def _read(self, request: Any) -> Any:
        goal = self._goal(request, request.properties)
        done = self._lives.read(goal, request.id)
        return resource_pb2.ReadResourceResponse(
            urn=goal.urn, properties=_message(done)
        )


def _message(done: LiveResource) -> Any:
    return pack(done.outs, done.secrets)


def _earlier(request: Any) -> Iterator[Key]:
    """Yield what a resource may have been called before, by its aliases."""
    for alias in request.aliases:
        urn = Urn.of(alias.urn)
        name = urn.name if urn else alias.spec.name or request.name
        yield type_name(request.type), name


@contextmanager
def _event_loop() -> Iterator[None]:
    """Give this thread a loop, which Pulumi's mocks need and would leave open."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()
