"""The door of Python's dynamic providers: every use of a private part of Pulumi's SDK.

Dynamic providers can't say a warning, don't learn the resource's name, answer an error
with a traceback and serve four calls at a time. What is done about it here works by
looking at the provider process from inside; `tests/engine/test_private_parts.py` tells
when a new SDK breaks one. Without them everything still works, only less nicely. All of
it is this door's only: `plugin` uses public parts alone.
"""

from __future__ import annotations

import sys
import threading
import traceback
import types
import weakref
from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.engine.host import Host, say_incomplete
from pulumi_stripe_portal.errors import StripePortalError

__all__ = [
    "current_request",
    "hints",
    "ignored_paths",
    "install",
    "is_gone",
    "is_installed",
    "is_python",
    "log",
    "old_inputs",
    "resource_urn",
    "tell_incomplete",
]

_SERVICER = "DynamicResourceProviderServicer"


def current_request() -> Any:
    """Return the gRPC request that the engine is making, None where it can't be told.

    Fallback: the resource is named by its id, and drift is looked for in the fields
    that the last write recorded instead of those that the state's inputs declare.
    """
    return _local_of_a_caller("request", "urn")


def _local_of_a_caller(name: str, attribute: str) -> Any:
    """Return the nearest caller's variable that has the attribute, None if none has."""
    frame = sys._getframe(1)
    while frame is not None:
        found = frame.f_locals.get(name)
        if hasattr(found, attribute):
            return found
        frame = frame.f_back  # type: ignore[assignment]
    return None


def resource_urn() -> str | None:
    """Return the URN of the resource that the engine is asking about.

    Fallback: None, and two resources with one object are not told from each other.
    """
    return getattr(current_request(), "urn", None) or None


def old_inputs() -> dict[str, Any] | None:
    """Return the inputs that the state holds, in a read, None where they can't be told.

    The SDK passes only the outputs on (pulumi/dynamic/__main__.py, `Read`).
    """
    request = current_request()
    inputs = getattr(request, "inputs", None)
    if inputs is None or not len(inputs):
        return None
    from pulumi.runtime import rpc

    found = rpc.deserialize_properties(inputs)
    return dict(found) if isinstance(found, dict) else None


def log(severity: str, message: str) -> bool:
    """Show a message on the resource that the engine is asking about.

    The engine's address is the process's argument. Fallback: False, and the message is
    a line under the stack.
    """
    host = _host()
    urn = getattr(current_request(), "urn", "")
    return host is not None and host.log(severity, message, urn)


def _host() -> Host | None:
    """Return the engine that started this provider process, None elsewhere."""
    started = _installed.is_set() and len(sys.argv) > 1
    return Host(sys.argv[1]) if started else None


def hints() -> Mapping[str, Any]:
    """Return nothing: the program tells all with its inputs."""
    return {}


def install() -> None:
    """Prepare the provider process, once; do nothing elsewhere."""
    main = sys.modules.get("__main__")
    if main is None or not hasattr(main, _SERVICER) or _installed.is_set():
        return
    _installed.set()
    _show_our_errors_plainly(main)
    _serve_more_calls()
    host = _host()
    if host is not None:
        host.end_with_it()


_installed = threading.Event()


def is_installed() -> bool:
    """Tell whether this is a provider process that an engine has started."""
    return _installed.is_set()


def is_python() -> bool:
    """Say that the program is one in Python: it is for these alone."""
    return True


def ignored_paths() -> list[str]:
    """Return the paths of `ignore_changes` of the update that is under way.

    Fallback: none, and a warning may name a path that is ignored on purpose.
    """
    return list(getattr(current_request(), "ignoreChanges", ()))


def _show_our_errors_plainly(main: types.ModuleType) -> None:
    """Make the SDK's `traceback.format_exc()` say only our own errors' message.

    Fallback: a traceback, whose last line is the message.
    """

    def format_exc(*args: Any, **kwargs: Any) -> str:
        error = sys.exc_info()[1]
        if isinstance(error, StripePortalError):
            return str(error)
        return traceback.format_exc(*args, **kwargs)

    shim = types.ModuleType("traceback")
    shim.__dict__.update(vars(traceback))
    shim.format_exc = format_exc  # type: ignore[attr-defined]
    main.traceback = shim  # type: ignore[attr-defined]


_CALLS = 16


def _serve_more_calls() -> None:
    """Let the gRPC server's pool grow; every create otherwise waits for four others.

    Fallback: four calls at a time.
    """
    try:
        from concurrent.futures import ThreadPoolExecutor

        reference = threading.current_thread()._args[0]  # type: ignore[attr-defined]
        pool = reference() if isinstance(reference, weakref.ref) else None
        if isinstance(pool, ThreadPoolExecutor):
            pool._max_workers = max(pool._max_workers, _CALLS)
            for _ in range(_CALLS):
                pool.submit(int)  # calls that wait already get a thread now
    except (AttributeError, IndexError, TypeError):
        return


def is_gone() -> bool:
    """Tell whether the engine that started this process has ended.

    Outside of a provider process there is no engine to be gone.
    """
    host = _host()
    return host is not None and host.is_gone()


def tell_incomplete(id_: str, outs: dict[str, Any], reason: str) -> bool:
    """Tell the engine that an object was created, but not all of it is as declared.

    Return False where the SDK leaves no way to say so.
    """
    context: Any = _local_of_a_caller("context", "set_trailing_metadata")
    if context is None:
        return False
    try:
        import asyncio

        from pulumi.runtime import rpc

        loop = asyncio.new_event_loop()
        properties = loop.run_until_complete(rpc.serialize_properties(outs, {}))
        loop.close()
        # The SDK adds the provider to what `create` returns only; without it in the
        # state, nothing could delete the object.
        given = current_request().properties
        properties["__provider"] = given["__provider"]
    except (ImportError, AttributeError, KeyError, TypeError, ValueError):
        return False
    return say_incomplete(context, id_, properties, reason)
