"""Private parts of Pulumi's SDK in `engine.dynamic`: each works, and can be missed.

Each first test tells when an installed SDK has changed under us; each second one runs
the provider on an SDK that has, and shows what is left.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pulumi.runtime.proto import engine_pb2, provider_pb2
from stripe import StripeClient

from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.sandbox import Sandbox

from .plugin import Change, Plugin, Refusal, refusal, started
from .wire import laid

Start = Callable[..., AbstractContextManager[Plugin]]

NO_CREDIT: dict[str, Any] = {
    "features": {"subscription_cancel": {"enabled": True, "mode": "immediately"}}
}
OFF: dict[str, Any] = {"features": {}, "active": False}
WARNED = "gives no credit for the time paid"


@pytest.fixture
def start(tmp_path: Path, stripe_sandbox: Sandbox) -> Start:
    """Starts a provider process for an account that has a default."""
    features: Any = {"invoice_history": {"enabled": True}}
    client = stripe_sandbox.client()
    client.v1.billing_portal.configurations.create({"features": features})

    def start(
        change: Change | None = None, **environ: str
    ) -> AbstractContextManager[Plugin]:
        environ = {**stripe_sandbox.environ, **environ}
        return started(tmp_path, PortalConfigurationProvider, environ, change=change)

    return start


def renamed(*names: tuple[str, str]) -> Change:
    """Return what renames things in the SDK's source."""

    def change(source: str) -> str:
        for old, new in names:
            assert old in source
            source = source.replace(old, new)
        return source

    return change


class TestRequest:
    """The engine's request is found in a calling frame: it names the resource."""

    def test_works(self, start: Start) -> None:
        """Errors begin with the resource's name; warnings carry its URN."""
        with start() as plugin:
            plugin.check(NO_CREDIT)
            error = refusal(lambda: plugin.update("bpc_none", OFF, NO_CREDIT))

            assert error.text.startswith(f"{plugin.title}: bpc_none is gone")
            assert {each.urn for each in plugin.logged} == {plugin.urn}

    def test_absent(self, start: Start) -> None:
        """Without it they are the same, but for the name."""
        with start(renamed(("request", "asked"))) as plugin:
            plugin.check(NO_CREDIT)
            error = refusal(lambda: plugin.update("bpc_none", OFF, NO_CREDIT))

            assert error.text.startswith("bpc_none is gone")
            assert [each.urn for each in plugin.logged] == [""]


class TestOldInputs:
    """A read is told the state's inputs, which the SDK doesn't pass on."""

    declared: ClassVar[dict[str, Any]] = {"features": {}, "default_return_url": ""}

    def drift(self, plugin: Plugin, dashboard: StripeClient) -> Any:
        """Declare a field without an update, let it be edited, and read it."""
        id_, outputs = plugin.create({"features": {}})
        assert not plugin.diff(id_, outputs, self.declared)
        edit: Any = {"default_return_url": "https://example.com/edited"}
        dashboard.v1.billing_portal.configurations.update(id_, edit)
        read = plugin.read(id_, outputs, self.declared)
        return read and read.get("default_return_url")

    def test_works(self, start: Start, dashboard: StripeClient) -> None:
        """A field that was declared later, with the value it had, is looked at."""
        with start() as plugin:
            assert self.drift(plugin, dashboard) == "https://example.com/edited"

    def test_absent(self, start: Start, dashboard: StripeClient) -> None:
        """Without them, only what the last write recorded is looked at."""
        with start(renamed(("request", "asked"))) as plugin:
            assert self.drift(plugin, dashboard) is None


class TestWarnings:
    """The engine's address is an argument of the process: it takes log messages."""

    def test_works(self, start: Start) -> None:
        """A warning is one for the engine, not a line among others."""
        with start() as plugin:
            plugin.check(NO_CREDIT)

            (logged,) = plugin.logged
            assert logged.severity == engine_pb2.WARNING
            assert WARNED in logged.message

    def test_past_proxies(self, start: Start) -> None:
        """No proxy of the environment is between a provider and its engine."""
        with start(http_proxy="http://127.0.0.1:9", no_proxy="") as plugin:
            plugin.check(NO_CREDIT)

            assert len(plugin.logged) == 1

    def test_progress(self, start: Start, stripe_sandbox: Sandbox) -> None:
        """What is waited for long is told on the resource, as no warning."""
        stripe_sandbox.fail("GET", latency=1)
        sooner = "import pulumi_stripe_portal.stripe_api.retries as r; r.TALK = 0.1"
        with start(renamed(("PROVIDER_KEY =", f"{sooner}\nPROVIDER_KEY ="))) as plugin:
            plugin.create({"features": {}})

            logged, *_ = plugin.logged  # a busy machine waits for others as well
            assert logged.severity == engine_pb2.INFO
            assert logged.urn == plugin.urn
            assert logged.message.startswith("still waiting for Stripe after 0 seconds")

    @pytest.mark.parametrize(
        "missing",
        [
            "sys.argv = sys.argv[:1]",
            "del proto.engine_pb2_grpc\n"
            "sys.modules['pulumi.runtime.proto.engine_pb2_grpc'] = None",
        ],
        ids=["address", "service"],
    )
    def test_absent(self, start: Start, missing: str) -> None:
        """Without it the warning is a line, which the engine shows under the stack."""
        change = renamed(("PROVIDER_KEY =", f"{missing}\nPROVIDER_KEY ="))
        with start(change) as plugin:
            plugin.check(NO_CREDIT)

            assert plugin.logged == []
            plugin.process.kill()
            assert plugin.process.stderr
            assert WARNED in plugin.process.stderr.read()


class TestPlainErrors:
    """The SDK's `traceback.format_exc()` is made to say our errors' message alone."""

    def test_works(self, start: Start) -> None:
        """An error of ours has no traceback; a bug would still have one."""
        with start() as plugin:
            ours = refusal(lambda: plugin.update("bpc_none", OFF, NO_CREDIT))
            bug = refusal(lambda: plugin.stub.Delete(provider_pb2.DeleteRequest()))

            assert "Traceback" not in ours.text
            assert bug.text.startswith("Traceback (most recent call last):")

    @pytest.mark.parametrize(
        "change",
        [
            renamed(("DynamicResourceProviderServicer", "Servicer")),
            renamed(
                ("import traceback", "from traceback import format_exc"),
                ("traceback.format_exc()", "format_exc()"),
            ),
        ],
        ids=["servicer", "traceback"],
    )
    def test_absent(self, start: Start, change: Change) -> None:
        """Without it there is a traceback, whose last line has the message."""
        with start(change) as plugin:
            error = refusal(lambda: plugin.update("bpc_none", OFF, NO_CREDIT))

            *lines, last = error.text.strip().split("\n")
            assert lines[0] == "Traceback (most recent call last):"
            assert "bpc_none is gone at Stripe" in last


class TestPool:
    """The pool of the process's server is made to serve more than four calls."""

    def busiest(
        self, start: Start, sandbox: Sandbox, change: Change | None = None
    ) -> int:
        """Return how many requests were under way together, at most."""
        with (
            laid(sandbox.url) as wire,
            start(change, STRIPE_API_BASE=wire.url) as plugin,
            ThreadPoolExecutor(12) as calls,
        ):
            id_, outputs = plugin.create({"features": {}})
            sandbox.fail("POST", latency=0.5, times=None)
            list(calls.map(plugin.update, [id_] * 12, [outputs] * 12, [OFF] * 12))
            return wire.busiest

    def test_works(self, start: Start, stripe_sandbox: Sandbox) -> None:
        """Calls wait for Stripe together."""
        assert self.busiest(start, stripe_sandbox) > 8

    def test_absent(self, start: Start, stripe_sandbox: Sandbox) -> None:
        """Where the pool is another thing, it is left as it is."""
        change = renamed(
            ("PROVIDER_KEY =", f"{FOUR_THREADS}\nPROVIDER_KEY ="),
            ("futures.ThreadPoolExecutor(max_workers=4)", "FourThreads()"),
        )
        assert self.busiest(start, stripe_sandbox, change) == 4


FOUR_THREADS = """
import queue, threading

class FourThreads(futures.Executor):
    def __init__(self):
        self.calls = queue.SimpleQueue()
        for _ in range(4):
            threading.Thread(target=self.work, args=(self.put,), daemon=True).start()

    def put(self, *call):
        self.calls.put(call)

    def submit(self, fn, /, *args, **named):
        future = futures.Future()
        self.put(future, fn, args, named)
        return future

    def work(self, _put):
        while True:
            future, fn, args, named = self.calls.get()
            future.set_result(fn(*args, **named))
"""


class TestIncomplete:
    """The call's context takes the details that say "created, but incomplete"."""

    def created(self, plugin: Plugin, sandbox: Sandbox) -> Refusal:
        """Create what needs a second write, which is refused."""
        sandbox.fail("POST", "/v1/billing_portal/configurations/*", status=400)
        return refusal(lambda: plugin.create(OFF))

    def test_works(
        self, start: Start, stripe_sandbox: Sandbox, dashboard: StripeClient
    ) -> None:
        """The engine learns the id and the outputs together with the error."""
        with start() as plugin:
            error = self.created(plugin, stripe_sandbox)

        failed = error.failed
        assert failed is not None
        made = dashboard.v1.billing_portal.configurations.list().data[0]
        assert failed.id == made.id
        assert failed.properties["active"] is True
        assert list(failed.reasons) == [error.text]
        assert "An unknown error occurred" in error.text

    @pytest.mark.parametrize(
        "missing",
        [
            "import grpc._server; del grpc._server._Context.set_trailing_metadata",
            "sys.modules['google.rpc'] = None",
        ],
        ids=["context", "details"],
    )
    def test_absent(
        self,
        start: Start,
        stripe_sandbox: Sandbox,
        dashboard: StripeClient,
        missing: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Without it the create fails, and the next one takes the object back."""
        stack = {"urn": "urn:pulumi:test::shop::pulumi:pulumi:Stack::shop-test"}
        stack |= {"type": "pulumi:pulumi:Stack", "created": "2026-01-01T00:00:00Z"}
        exported = json.dumps({"version": 3, "deployment": {"resources": [stack]}})
        cli = tmp_path / "pulumi"
        cli.write_text(f"#!/bin/sh\necho '{exported}'\n")
        cli.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        change = renamed(("PROVIDER_KEY =", f"{missing}\nPROVIDER_KEY ="))
        with start(change) as plugin:
            error = self.created(plugin, stripe_sandbox)
            assert error.failed is None
            assert "An unknown error occurred" in error.text

        with start(change) as plugin:
            id_, outputs = plugin.create(OFF)

        found = dashboard.v1.billing_portal.configurations.list().data
        assert [(item.id, item.active) for item in found if not item.is_default] == [
            (id_, False)
        ]
        assert outputs["active"] is False


class TestEngine:
    """The engine's address tells whether it is still there."""

    def test_works(self, start: Start, stripe_sandbox: Sandbox) -> None:
        """Without its engine, the process sends nothing more, and ends."""
        with start() as plugin:
            id_, outputs = plugin.create({"features": {}})
            plugin.engine.stop(None).wait()
            stripe_sandbox.clear_requests()

            error = refusal(lambda: plugin.update(id_, outputs, OFF))

            assert "Pulumi's engine has ended; nothing was sent" in error.text
            assert stripe_sandbox.requests == []
            assert plugin.process.wait(timeout=30) == 1

    def test_absent(self, start: Start) -> None:
        """Without the address, it works and stays."""
        change = renamed(("PROVIDER_KEY =", "sys.argv = sys.argv[:1]\nPROVIDER_KEY ="))
        with start(change) as plugin:
            plugin.create({"features": {}})
            time.sleep(2)

            assert plugin.process.poll() is None
