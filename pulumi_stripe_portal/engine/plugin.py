"""The door of plugins: calls that this process serves by itself, over gRPC."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable, Container, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from pulumi_stripe_portal.engine.call import resource_name, use_door
from pulumi_stripe_portal.engine.host import Host, say_incomplete
from pulumi_stripe_portal.engine.values import Path, pack, unpack
from pulumi_stripe_portal.errors import InvalidInputs, StripePortalError

__all__ = ["Call", "Plugin", "answers", "serve"]

_CALLS = 64
"""How many calls are served at a time; the engine makes as many as `--parallel`."""
_FRAMES = 20
"""How many of its last steps the traceback of a bug shows."""
_LONGEST = 7000
"""How long the words of an error may be: gRPC allows 8 KiB for all headers."""
_LARGEST = 400 * 1024 * 1024
"""The largest message (bytes), as everywhere in Pulumi."""


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """What the engine calls; the process that it started serves it."""

    def __init__(self, host: Host | None = None) -> None:
        """Take the engine that started the process, None where there is none."""
        self.host = host
        self.is_python = False
        """Whether the program that the process runs for is known to be in Python."""


class Call:
    """One call of the engine's: the plugin's side of `engine.call.Door`."""

    def __init__(self, plugin: Plugin, request: Any, context: Any) -> None:
        """Take the request, and the context that its answer goes through."""
        self._plugin, self._host = plugin, plugin.host
        self._request = request
        self._context = context
        self.secrets: frozenset[Path] = frozenset()
        """Where the values stand that are marked as secrets again in the answer."""

    def take(self, name: str, besides: Container[str] = ()) -> dict[str, Any]:
        """Return the values of one of the request's messages, and note its secrets.

        Args:
            name: The message's name in the request.
            besides: Names at the top of which another message tells what is secret.
        """
        values, secrets = self._values(name)
        self.secrets |= {path for path in secrets if path[0] not in besides}
        return values

    def look(self, name: str) -> dict[str, Any]:
        """Return the values of one of the request's messages."""
        return self._values(name)[0]

    def _values(self, name: str) -> tuple[dict[str, Any], frozenset[Path]]:
        try:
            return unpack(getattr(self._request, name))
        except InvalidInputs as invalid:
            about = resource_name(self.resource_urn())
            invalid.args = (f"{about}: {invalid}" if about else str(invalid),)
            raise

    def clear_secrets(self, name: str) -> list[Path]:
        """Return where a message of the request has in clear what is noted as secret.

        Args:
            name: The message's name in the request.
        """
        if not self.secrets:
            return []
        values, marked = self._values(name)
        return [
            path
            for path in sorted(self.secrets)
            if marked.isdisjoint(path[:end] for end in range(1, len(path) + 1))
            and _holds(values, path)
        ]

    def give(self, values: Mapping[str, Any] | None) -> Any:
        """Return a message of the answer, with what is secret marked again.

        So is what the state remembers of such values, under `before`.
        """
        earlier = {("before", *path) for path in self.secrets}
        return pack(values or {}, {*self.secrets, *earlier})

    def install(self) -> None:
        """Do nothing: the process was prepared when it began to serve."""

    def is_installed(self) -> bool:
        """Tell whether an engine has started this process."""
        return self._host is not None

    def is_gone(self) -> bool:
        """Tell whether that engine has ended."""
        return self._host is not None and self._host.is_gone()

    def is_python(self) -> bool:
        """Tell whether the program is known to be one in Python."""
        return self._plugin.is_python

    def resource_urn(self) -> str | None:
        """Return the URN of the resource in question."""
        return getattr(self._request, "urn", "") or None

    def old_inputs(self) -> dict[str, Any] | None:
        """Return the inputs that the state holds, None for one that has none yet."""
        names = ("inputs", "old_inputs")
        name = next((each for each in names if hasattr(self._request, each)), None)
        return (self.look(name) or None) if name else None

    def ignored_paths(self) -> list[str]:
        """Return the paths of `ignore_changes`."""
        return list(getattr(self._request, "ignoreChanges", ()))

    def hints(self) -> Mapping[str, Any]:
        """Return what is secret; what Stripe doesn't know, the program may make."""
        outputs = [".".join(path) for path in sorted(self.secrets)]
        return {"depends_on": True, "outputs": outputs}

    def log(self, severity: str, message: str) -> bool:
        """Show a message on the resource in question."""
        urn = self.resource_urn() or ""
        return self._host is not None and self._host.log(severity, message, urn)

    def tell_incomplete(self, id_: str, outs: dict[str, Any], reason: str) -> bool:
        """Tell that an object was created, but not all of it is as declared."""
        return say_incomplete(self._context, id_, self.give(outs), reason)


def _holds(values: Any, path: Path) -> bool:
    for name in path:
        if not isinstance(values, dict) or name not in values:
            return False
        values = values[name]
    return True


def answers(method: Callable[[Any, Any, Call], Any]) -> Callable[..., Any]:
    """Make a plugin's method answer a call, errors of ours in plain words.

    Args:
        method: Takes the request and the `Call`, instead of gRPC's context.

    Returns:
        What gRPC calls.
    """

    @functools.wraps(method)
    def answer(self: Plugin, request: Any, context: Any) -> Any:
        call = Call(self, request, context)
        try:
            with use_door(call):
                return method(self, request, call)
        except StripePortalError as error:
            words = str(error)
        except Exception:
            words = traceback.format_exc(limit=-_FRAMES)
        return context.abort(grpc.StatusCode.UNKNOWN, _fit_header(words))

    return answer


def _fit_header(words: str) -> str:
    """Return words that fit into a header of HTTP/2, in which gRPC sends them."""
    if len(quote(words)) <= _LONGEST:
        return words
    while len(quote(words)) > _LONGEST:
        words = words[: len(words) * 9 // 10]
    return f"{words} …"


def serve(plugin: Plugin) -> None:
    """Serve a plugin until the engine ends, or ends this process.

    The port goes to stdout first, as the engine expects it of an executable:
    https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/plugin.go
    """
    sizes = [
        (f"grpc.max_{way}_message_length", _LARGEST) for way in ("receive", "send")
    ]
    server = grpc.server(ThreadPoolExecutor(_CALLS), options=sizes)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(plugin, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    if plugin.host is not None:
        plugin.host.end_with_it()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(None)
