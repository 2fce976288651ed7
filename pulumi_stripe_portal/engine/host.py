"""The engine as both doors see it: a process at an address, and what it is answered."""

from __future__ import annotations

import os
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct

__all__ = ["Host", "say_incomplete"]


@dataclass(frozen=True)
class Host:
    """The engine that started this process."""

    address: str
    """Where it listens, `127.0.0.1:port`."""

    def log(self, severity: str, message: str, urn: str) -> bool:
        """Show a message on a resource; return False where the engine can't be told.

        Args:
            severity: A name of Pulumi's `LogSeverity`: `WARNING` or `INFO`.
            message: The text, without the resource's name.
            urn: The resource's URN, "" for the whole stack.
        """
        import grpc

        try:
            from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

            level = engine_pb2.LogSeverity.Value(severity)
            request = engine_pb2.LogRequest(severity=level, message=message, urn=urn)
            # The engine is on this machine, which no proxy of the environment reaches.
            direct = [("grpc.enable_http_proxy", 0)]
            with grpc.insecure_channel(self.address, direct) as channel:
                engine_pb2_grpc.EngineStub(channel).Log(request, timeout=10)
        except (AttributeError, ImportError, TypeError, grpc.RpcError):
            return False
        return True

    def is_gone(self) -> bool:
        """Tell whether the engine has ended.

        The parent process does not tell: where the CLI was killed, the shell script
        between them lives on.
        """
        try:
            host, _, port = self.address.rpartition(":")
            with socket.create_connection((host, int(port)), timeout=10):
                return False
        except ConnectionRefusedError:
            return True
        except (OSError, ValueError):
            return False

    def end_with_it(self) -> None:
        """End this process when the engine is gone; return at once.

        A provider outlives a killed CLI for ever otherwise. A call under way is given
        a few seconds to finish first.
        """
        threading.Thread(target=self._wait_for_its_end, daemon=True).start()

    def _wait_for_its_end(self) -> None:
        while not self.is_gone():
            time.sleep(1)
        time.sleep(5)
        os._exit(1)


def say_incomplete(context: Any, id_: str, properties: Struct, reason: str) -> bool:
    """Answer that an object was created, but not all of it is as declared.

    The engine then records the object with the error, and the next `up` updates it
    instead of creating a second one.

    Args:
        context: The gRPC context of the call that created it.
        id_: The object's id.
        properties: What the state is to hold of it.
        reason: What is not as declared, and why.

    Returns:
        Whether the context and the installed packages have a way to say so.
    """
    try:
        import grpc

        # Pulumi's own `status_pb2` declares the same message, and the two can't be
        # loaded together; this one is what its tracing loads.
        from google.rpc import status_pb2  # type: ignore[import-untyped]
        from pulumi.runtime.proto import provider_pb2

        code = grpc.StatusCode.UNKNOWN
        status = status_pb2.Status(code=code.value[0], message=reason)
        status.details.add().Pack(
            provider_pb2.ErrorResourceInitFailed(
                id=id_, properties=properties, reasons=[reason]
            )
        )
        context.set_code(code)
        context.set_details(reason)
        context.set_trailing_metadata(
            (("grpc-status-details-bin", status.SerializeToString()),)
        )
    except (ImportError, AttributeError, TypeError, ValueError):
        return False
    return True
