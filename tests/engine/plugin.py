"""A provider process of Pulumi's SDK, spoken to as the engine speaks to it.

A whole run of the CLI tells little about one call. Here the process is the same one,
but the test makes the calls, and sees each answer as it is.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import grpc
import pulumi.dynamic
from google.protobuf.empty_pb2 import Empty
from google.rpc import status_pb2  # type: ignore[import-untyped]
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    provider_pb2_grpc,
)

from pulumi_stripe_portal.providers.base import StripeProvider
from tests.managed import plain, struct

from . import warm_python

__all__ = ["Change", "Plugin", "Refusal", "refusal", "running", "started"]

Values = dict[str, Any]
Change = Callable[[str], str]
"""What a later SDK might have made of its `pulumi/dynamic/__main__.py`."""

Running: TypeAlias = tuple[
    subprocess.Popen[str],
    provider_pb2_grpc.ResourceProviderStub,
    grpc.Server,
    list[engine_pb2.LogRequest],
]
"""The process, what calls it, the engine that it belongs to and what that was told."""

_SDK = Path(pulumi.dynamic.__file__).with_name("__main__.py")


@dataclass
class Plugin:
    """The running process; its methods are the engine's calls for one resource."""

    process: subprocess.Popen[str]
    stub: Any
    kind: type[StripeProvider]
    engine: grpc.Server
    logged: list[engine_pb2.LogRequest]
    """What the provider told the engine to show."""
    name: str = "plans"
    _provider: str = field(init=False)

    def __post_init__(self) -> None:
        self._provider = serialize_provider(self.kind())

    @property
    def title(self) -> str:
        """What the resource is called in messages."""
        return f"{self.kind.__name__.removesuffix('Provider')} '{self.name}'"

    @property
    def urn(self) -> str:
        """The resource's URN."""
        kind = self.kind.__name__.removesuffix("Provider")
        token = f"pulumi-python:dynamic/stripe-portal:{kind}"
        return f"urn:pulumi:test::shop::{token}::{self.name}"

    def check(self, news: Values, olds: Values | None = None) -> list[str]:
        """Return what is wrong with new inputs."""
        request = provider_pb2.CheckRequest(
            urn=self.urn, olds=self._sent(olds), news=self._sent(news)
        )
        return [failure.reason for failure in self.stub.Check(request).failures]

    def diff(self, id_: str, olds: Values, news: Values) -> bool:
        """Tell whether new inputs change anything."""
        request = provider_pb2.DiffRequest(
            urn=self.urn, id=id_, olds=self._sent(olds), news=self._sent(news)
        )
        changed = provider_pb2.DiffResponse.DIFF_SOME
        return bool(self.stub.Diff(request).changes == changed)

    def create(self, inputs: Values) -> tuple[str, Values]:
        """Return the id and the outputs of what was created."""
        request = provider_pb2.CreateRequest(
            urn=self.urn, properties=self._sent(inputs)
        )
        answer = self.stub.Create(request)
        return answer.id, self._told(answer.properties)

    def read(self, id_: str, outputs: Values, inputs: Values) -> Values | None:
        """Return the inputs as they are read back, None where the object is gone."""
        request = provider_pb2.ReadRequest(
            urn=self.urn,
            id=id_,
            properties=self._sent(outputs),
            inputs=self._sent(inputs),
        )
        answer = self.stub.Read(request)
        return self._told(answer.inputs) if answer.id else None

    def update(self, id_: str, olds: Values, news: Values) -> Values:
        """Return the new outputs."""
        request = provider_pb2.UpdateRequest(
            urn=self.urn, id=id_, olds=self._sent(olds), news=self._sent(news)
        )
        return self._told(self.stub.Update(request).properties)

    def delete(self, id_: str, outputs: Values) -> None:
        """Delete it, or what comes nearest to that."""
        request = provider_pb2.DeleteRequest(
            urn=self.urn, id=id_, properties=self._sent(outputs)
        )
        self.stub.Delete(request)

    def _sent(self, values: Values | None) -> Any:
        return struct(values and {"marker": self.urn, **values, **self._own})

    @property
    def _own(self) -> Values:
        return {"__provider": self._provider}

    @staticmethod
    def _told(message: Any) -> Values:
        values = plain(message)
        values.pop("__provider", None)
        return values


@dataclass(frozen=True)
class Refusal:
    """How a call failed."""

    text: str
    failed: provider_pb2.ErrorResourceInitFailed | None
    """What exists nevertheless, if the provider told of it."""


def refusal(call: Callable[[], Any]) -> Refusal:
    """Return how a call fails."""
    try:
        call()
    except grpc.RpcError as error:
        trailing: Any = error.trailing_metadata()
        told = {item.key: item.value for item in trailing}.get(_DETAILS)
        return Refusal(error.details() or "", told and _failed(told))
    raise AssertionError("the call succeeded")


_DETAILS = "grpc-status-details-bin"


def _failed(told: bytes) -> provider_pb2.ErrorResourceInitFailed:
    failed = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(told).details[0].Unpack(failed)
    return failed


@contextmanager
def started(
    folder: Path,
    kind: type[StripeProvider],
    environ: dict[str, str],
    settings: Values | None = None,
    change: Change | None = None,
) -> Iterator[Plugin]:
    """Start the process for one kind of resource, perhaps from a changed SDK."""
    program = ["-m", "pulumi.dynamic"]
    if change is not None:
        source = _SDK.read_text()
        changed = change(source)
        assert changed != source, "the SDK has not what is to be changed"
        (folder / "later_sdk.py").write_text(changed)
        program = [str(folder / "later_sdk.py")]
    with running("-u", *program, environ=environ) as (process, stub, engine, logged):
        config = {f"stripe-portal:{k}": v for k, v in (settings or {}).items()}
        stub.Configure(provider_pb2.ConfigureRequest(args=struct(config)))
        yield Plugin(process, stub, kind, engine, logged)


@contextmanager
def running(*program: str, environ: dict[str, str]) -> Iterator[Running]:
    """Start Python with a provider's program, as the engine does it."""
    logged: list[engine_pb2.LogRequest] = []
    engine, address = _fake_engine(logged)
    process = subprocess.Popen(
        [warm_python.interpreter(), *program, address],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        port = process.stdout.readline().strip()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            yield process, stub, engine, logged
    finally:
        process.kill()
        process.communicate()
        engine.stop(None)


def _fake_engine(logged: list[engine_pb2.LogRequest]) -> tuple[grpc.Server, str]:
    """Serve the part of the engine that providers call."""

    class Engine(engine_pb2_grpc.EngineServicer):
        def Log(self, request: engine_pb2.LogRequest, context: Any) -> Empty:
            logged.append(request)
            return Empty()

    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    engine_pb2_grpc.add_EngineServicer_to_server(Engine(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, f"127.0.0.1:{port}"
