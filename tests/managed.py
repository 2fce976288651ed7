"""A resource as Pulumi's engine keeps it, without the engine: fast enough for many.

The providers are the real ones and the sandbox is asked over HTTP; values travel in
Pulumi's own protobuf messages, as between the engine and the provider process.
"""

from __future__ import annotations

import asyncio
import copy
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from pulumi_stripe_portal.errors import InvalidInputs
from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.markers import forget_process

__all__ = ["Managed", "plain", "struct"]


class Managed:
    """One resource of a stack: the inputs and outputs that the state holds."""

    def __init__(
        self,
        provider: type[StripeProvider],
        sandbox: Sandbox,
        address: str | None = None,
    ) -> None:
        self.kind = provider.__name__.removesuffix("Provider")
        self.marker = f"shop/test/{self.kind}/it"
        self.urn = f"urn:pulumi:test::shop::dynamic/stripe-portal:{self.kind}::it"
        self.id = ""
        self.inputs = Struct()
        self.outputs = Struct()
        self._provider = provider()
        config = {
            "stripe-portal:apiKey": sandbox.api_key,
            "stripe-portal:apiBase": address or sandbox.url,
        }
        self._provider.configure(ConfigureRequest(Config(config, "shop")))

    def up(self, inputs: dict[str, Any], ignored: tuple[str, ...] = ()) -> str:
        """Make it as the inputs say; return what the engine calls that.

        The field at the path `ignored` keeps what the state says, as the engine does
        it for `ignore_changes`.

        Raises:
            InvalidInputs: If the check of the inputs, or of what is there, fails.
        """
        forget_process()
        request = provider_pb2.CheckRequest(urn=self.urn, olds=self.inputs)
        inputs = copy.deepcopy(inputs)
        if ignored and self.id:
            _keep(ignored, plain(self.inputs), inputs)
        request.news.CopyFrom(struct({**inputs, "marker": self.marker}))
        checked = self._provider.check(plain(request.olds), plain(request.news))
        if checked.failures:
            raise InvalidInputs(checked.failures[0].reason)
        news = struct(checked.inputs)
        if not self.id:
            return self._create(news)
        diff = self._provider.diff(self.id, plain(self.outputs), plain(news))
        if diff.changes:
            assert not diff.replaces, "only ids and accounts replace"
            self._update(news)
        self.inputs = news
        return "update" if diff.changes else "same"

    def _create(self, news: Struct) -> str:
        request = provider_pb2.CreateRequest(urn=self.urn, properties=news)
        created = self._provider.create(plain(request.properties))
        self.id, self.inputs, self.outputs = created.id, news, struct(created.outs)
        return "create"

    def _update(self, news: Struct) -> None:
        request = provider_pb2.UpdateRequest(urn=self.urn, id=self.id, news=news)
        olds = plain(self.outputs)
        updated = self._provider.update(request.id, olds, plain(request.news))
        self.outputs = struct(updated.outs)

    def refresh(self) -> bool:
        """Read it back; tell whether anything that the code declares had changed."""
        forget_process()
        request = provider_pb2.ReadRequest(
            id=self.id, urn=self.urn, properties=self.outputs, inputs=self.inputs
        )
        found = self._provider.read(request.id, plain(request.properties))
        before = self._declared()
        self.id = found.id or ""
        self.outputs = struct(found.outs)
        self.inputs = struct(found.inputs)
        return before != self._declared()

    def _declared(self) -> tuple[Struct, dict[str, Any]]:
        told = plain(self.outputs)
        names = self._provider.root.children
        return self.inputs, {name: told[name] for name in told if name in names}

    def recorded(self) -> dict[str, Any]:
        """Return the inputs that the state holds."""
        return plain(self.inputs)

    def destroy(self) -> None:
        """Delete it, or what comes nearest to that."""
        forget_process()
        self._provider.delete(self.id, plain(self.outputs))
        self.id, self.inputs, self.outputs = "", Struct(), Struct()


def _keep(path: tuple[str, ...], olds: Any, news: Any) -> None:
    """Take over from the state what is at a path, or that nothing is.

    «cannot ignore changes in added or removed elements of the path», says the engine
    where only one of the two has what it is in, and goes on.
    """
    *parents, last = path
    for name in parents:
        if name not in olds or name not in news:
            return
        olds, news = olds[name], news[name]
    if last in olds:
        news[last] = olds[last]
    else:
        news.pop(last, None)


def struct(values: dict[str, Any] | None) -> Struct:
    """Put values into a message: None is dropped, numbers become floats."""
    return asyncio.run(rpc.serialize_properties(values or {}, {}))


def plain(message: Struct) -> dict[str, Any]:
    """Take values out of a message; secrets arrive in clear."""
    values = rpc.deserialize_properties(message)
    assert isinstance(values, dict)
    return {name: rpc.unwrap_rpc_secret(value) for name, value in values.items()}
