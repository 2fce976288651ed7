"""Every use of a private part of Pulumi's Python SDK, each with its fallback.

Python dynamic providers can't say a warning, don't learn the resource's name, answer an
error with a traceback and serve four calls at a time. What is done about it here works
by looking at the provider process from inside; `tests/engine/test_private_parts.py`
tells when a new SDK breaks one. Without them everything still works, only less nicely.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import traceback
import types
import weakref
from typing import Any

from pulumi_stripe_portal.errors import StripePortalError

__all__ = [
    "current_request",
    "ignored_paths",
    "incomplete",
    "install",
    "is_gone",
    "is_installed",
    "old_inputs",
    "resource_name",
    "resource_urn",
    "tell",
    "warn",
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


def resource_name(urn: str | None = None) -> str | None:
    """Return `Type 'name'` of a resource; of the one that the engine is asking about.

    Fallback: None, and the resource is named by its id where that matters.
    """
    urn = urn or resource_urn()
    if not urn:
        return None
    kind, _, name = urn.rpartition("::")
    return f"{kind.rpartition(':')[2]} '{name}'"


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


def warn(message: str) -> None:
    """Show a warning on the resource that the engine is asking about.

    Fallback: a line under the stack.
    """
    if not _logged("WARNING", message):
        sys.stderr.write(f"warning: {message}\n")


def tell(message: str) -> None:
    """Say something on the way, which is nobody's fault.

    Fallback: a line under the stack.
    """
    if not _logged("INFO", message):
        sys.stderr.write(f"{message}\n")


def _logged(severity: str, message: str) -> bool:
    if not _installed.is_set():
        return False
    urn = getattr(current_request(), "urn", "")
    import grpc

    try:
        from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

        request = engine_pb2.LogRequest(
            severity=engine_pb2.LogSeverity.Value(severity), message=message, urn=urn
        )
        # The engine is on this machine, which no proxy of the environment reaches.
        direct = [("grpc.enable_http_proxy", 0)]
        with grpc.insecure_channel(sys.argv[1], direct) as channel:
            engine_pb2_grpc.EngineStub(channel).Log(request, timeout=10)
    except (AttributeError, ImportError, IndexError, TypeError, grpc.RpcError):
        return False
    return True


def install() -> None:
    """Prepare the provider process, once; do nothing elsewhere."""
    main = sys.modules.get("__main__")
    if main is None or not hasattr(main, _SERVICER) or _installed.is_set():
        return
    _installed.set()
    _show_our_errors_plainly(main)
    _serve_more_calls()
    threading.Thread(target=_end_with_the_engine, daemon=True).start()


_installed = threading.Event()


def is_installed() -> bool:
    """Tell whether this is a provider process that an engine has started."""
    return _installed.is_set()


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

    Its parent does not tell: where the CLI was killed, the shell script between them
    lives on. Outside of a provider process there is no engine to be gone.
    """
    if not _installed.is_set():
        return False
    try:
        host, _, port = sys.argv[1].rpartition(":")
        with socket.create_connection((host, int(port)), timeout=10):
            return False
    except ConnectionRefusedError:
        return True
    except (IndexError, OSError, ValueError):
        return False


def _end_with_the_engine() -> None:
    """End this process when the one that started it is gone.

    A provider outlives a killed CLI for ever otherwise. A call under way is given a
    few seconds to finish first.
    """
    while not is_gone():
        time.sleep(1)
    time.sleep(5)
    os._exit(1)


def incomplete(id_: str, outs: dict[str, Any], reason: str) -> bool:
    """Tell the engine that an object was created, but not all of it is as declared.

    The engine then records the object with the error, and the next `up` updates it
    instead of creating a second one. Return False where the SDK leaves no way to say
    so; the caller then raises, and the ownership marker finds the object next time.
    """
    context: Any = _local_of_a_caller("context", "set_trailing_metadata")
    if context is None:
        return False
    try:
        import asyncio

        import grpc
        from google.rpc import status_pb2  # type: ignore[import-untyped]
        from pulumi.runtime import rpc
        from pulumi.runtime.proto import provider_pb2

        loop = asyncio.new_event_loop()
        properties = loop.run_until_complete(rpc.serialize_properties(outs, {}))
        loop.close()
        # The SDK adds the provider to what `create` returns only; without it in the
        # state, nothing could delete the object.
        given = current_request().properties
        properties["__provider"] = given["__provider"]
        detail = provider_pb2.ErrorResourceInitFailed(
            id=id_, properties=properties, reasons=[reason]
        )
        status = status_pb2.Status(
            code=grpc.StatusCode.UNKNOWN.value[0], message=reason
        )
        status.details.add().Pack(detail)
        context.set_code(grpc.StatusCode.UNKNOWN)
        context.set_details(reason)
        context.set_trailing_metadata(
            (("grpc-status-details-bin", status.SerializeToString()),)
        )
    except (ImportError, AttributeError, KeyError, TypeError, ValueError):
        return False
    return True
