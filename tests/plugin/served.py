"""The plugin in this process, spoken to over gRPC as the engine speaks to it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.rpc import status_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import provider_pb2_grpc

from pulumi_stripe_portal.engine.host import Host
from pulumi_stripe_portal.engine.values import pack, unpack
from pulumi_stripe_portal.plugin.servicer import StripePortal
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.markers import _managers

__all__ = ["Log", "Resource", "Served", "served"]

Values = dict[str, Any]


@dataclass(frozen=True)
class Log(Host):
    """An engine that keeps what it is told."""

    address: str = ""
    shown: list[tuple[str, str, str]] = field(default_factory=list)
    """Severity, message and URN."""

    def log(self, severity: str, message: str, urn: str) -> bool:
        """Keep a message."""
        self.shown.append((severity, message, urn))
        return True

    def is_gone(self) -> bool:
        """Stay for ever."""
        return False


@dataclass
class Served:
    """The running plugin."""

    stub: Any
    log: Log
    answers: list[Message] = field(default_factory=list)
    """Everything that it has answered."""

    def ask(self, method: str, request: Message) -> Any:
        """Make a call, and keep the answer."""
        answer: Message = getattr(self.stub, method)(request)
        self.answers.append(answer)
        return answer

    def refused(self, method: str, request: Message) -> str:
        """Make a call that fails; return the words that it fails with."""
        try:
            answer = getattr(self.stub, method)(request)
        except grpc.RpcError as error:
            return str(error.details())
        raise AssertionError(f"{method} answered {answer}")

    def incomplete(self, method: str, request: Message) -> Any:
        """Make a call that makes an object, but not as declared; return the details."""
        try:
            getattr(self.stub, method)(request)
        except grpc.RpcError as error:
            told = {item.key: item.value for item in error.trailing_metadata()}
            status = status_pb2.Status.FromString(told["grpc-status-details-bin"])
            failed = pb.ErrorResourceInitFailed()
            assert status.details[0].Unpack(failed)
            self.answers.append(failed)
            return failed
        raise AssertionError(f"{method} succeeded")

    def configure(self, **settings: Any) -> Any:
        """Give the plugin its settings."""
        return self.ask("Configure", pb.ConfigureRequest(args=pack(settings)))

    def warnings(self) -> list[str]:
        """Return what was told so far, and forget it."""
        told = [message for _, message, _ in self.log.shown]
        self.log.shown.clear()
        return told


@dataclass
class Resource:
    """One resource of a stack, kept as the engine keeps it."""

    plugin: Served
    kind: str = "PortalConfiguration"
    name: str = "plans"
    id: str = ""
    inputs: Struct = field(default_factory=Struct)
    outputs: Struct = field(default_factory=Struct)

    @property
    def urn(self) -> str:
        """Its URN."""
        token = f"stripe-portal:index:{self.kind}"
        return f"urn:pulumi:test::shop::{token}::{self.name}"

    def check(self, news: Values) -> Any:
        """Return the answer to new inputs."""
        forget()
        request = pb.CheckRequest(urn=self.urn, olds=self.inputs, news=pack(news))
        return self.plugin.ask("Check", request)

    def failures(self, news: Values) -> list[str]:
        """Return what is wrong with new inputs."""
        return [each.reason for each in self.check(news).failures]

    def diff(self, news: Values) -> Any:
        """Return what new inputs change."""
        return self.plugin.ask("Diff", self.diff_request(news))

    def diff_request(self, news: Values) -> Any:
        """Return the request that compares new inputs, checked first."""
        return pb.DiffRequest(
            id=self.id,
            urn=self.urn,
            olds=self.outputs,
            old_inputs=self.inputs,
            news=self.checked(news),
        )

    def checked(self, news: Values) -> Struct:
        """Return new inputs as they come out of the check."""
        answer = self.check(news)
        assert not answer.failures, answer.failures
        checked: Struct = answer.inputs
        return checked

    def up(self, news: Values) -> str:
        """Make it as the inputs say; return what the engine calls that."""
        checked = self.checked(news)
        if not self.id:
            request = pb.CreateRequest(urn=self.urn, properties=checked)
            made = self.plugin.ask("Create", request)
            self.id, self.inputs, self.outputs = made.id, checked, made.properties
            return "create"
        found = self.diff(news)
        if found.changes == pb.DiffResponse.DIFF_SOME:
            answer = self.plugin.ask("Update", self.update_request(checked))
            self.outputs = answer.properties
        self.inputs = checked
        return "update" if found.changes == pb.DiffResponse.DIFF_SOME else "same"

    def update_request(self, checked: Struct, *, preview: bool = False) -> Any:
        """Return the request that changes it."""
        return pb.UpdateRequest(
            id=self.id,
            urn=self.urn,
            olds=self.outputs,
            old_inputs=self.inputs,
            news=checked,
            preview=preview,
        )

    def refresh(self) -> Any:
        """Read it back, and keep what was read."""
        forget()
        request = pb.ReadRequest(
            id=self.id, urn=self.urn, properties=self.outputs, inputs=self.inputs
        )
        read = self.plugin.ask("Read", request)
        self.id, self.outputs = read.id, read.properties
        self.inputs = read.inputs
        return read

    def read(self, id_: str) -> Any:
        """Import it: read an object of which nothing is known but its id."""
        forget()
        read = self.plugin.ask("Read", pb.ReadRequest(id=id_, urn=self.urn))
        self.id, self.inputs, self.outputs = read.id, read.inputs, read.properties
        return read

    def delete(self) -> None:
        """Delete it, or what comes nearest to that."""
        forget()
        request = pb.DeleteRequest(id=self.id, urn=self.urn, properties=self.outputs)
        self.plugin.ask("Delete", request)

    def told(self) -> Values:
        """Return the outputs, secrets in clear."""
        return unpack(self.outputs)[0]

    def declared(self) -> Values:
        """Return the inputs, secrets in clear."""
        return unpack(self.inputs)[0]


def forget() -> None:
    """Begin as a new process: without what another one has listed."""
    Connection._all.clear()
    _managers.clear()


@contextmanager
def served(**settings: Any) -> Iterator[Served]:
    """Serve the plugin for a while, with settings."""
    log = Log()
    server = grpc.server(ThreadPoolExecutor(4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(StripePortal(log), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    forget()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            plugin = Served(provider_pb2_grpc.ResourceProviderStub(channel), log)
            plugin.configure(**settings)
            yield plugin
    finally:
        server.stop(None)
