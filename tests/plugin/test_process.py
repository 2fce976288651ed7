"""The executable that the engine starts, as a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import grpc
import pytest
from pulumi.runtime.proto import engine_pb2

from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.plugin import running

from .served import Log, Resource, Served

FEATURES = {"features": {"invoice_history": {"enabled": True}}}


@dataclass
class Process:
    """The running executable, and the engine that it belongs to."""

    running: subprocess.Popen[str]
    engine: grpc.Server
    plugin: Served
    logged: list[engine_pb2.LogRequest]


@pytest.fixture
def process(stripe_sandbox: Sandbox) -> Iterator[Process]:
    """The executable, started as the engine does it, flags and all."""
    program = ("-m", "pulumi_stripe_portal.plugin", "--logtostderr")
    with running(*program, environ={}) as (executable, stub, engine, logged):
        plugin = Served(stub, Log())
        plugin.configure(apiKey=stripe_sandbox.api_key, apiBase=stripe_sandbox.url)
        yield Process(executable, engine, plugin, logged)


def test_the_engine_shows_warnings(process: Process) -> None:
    """They are told to the engine that started the process, at the resource."""
    plans = Resource(process.plugin)

    plans.check(FEATURES)

    (logged,) = process.logged
    assert logged.severity == engine_pb2.WARNING
    assert logged.urn == plans.urn


def test_it_ends_with_the_engine(process: Process, stripe_sandbox: Sandbox) -> None:
    """Without its engine it sends nothing more, and ends."""
    plans = Resource(process.plugin)
    plans.up(FEATURES)
    checked = plans.checked({**FEATURES, "name": "Other"})
    process.engine.stop(None).wait()
    stripe_sandbox.clear_requests()

    words = process.plugin.refused("Update", plans.update_request(checked))

    assert "Pulumi's engine has ended; nothing was sent" in words
    assert stripe_sandbox.requests == []
    assert process.running.wait(timeout=30) == 1
