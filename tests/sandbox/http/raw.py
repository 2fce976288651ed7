"""Bytes as they are, and what comes back until the end of the connection."""

from __future__ import annotations

import json
import re
import socket
from typing import Any

from pulumi_stripe_portal.sandbox import Sandbox


def send(sandbox: Sandbox, data: bytes) -> bytes:
    """Send *data*, say that it was all, and read to the end."""
    port = int(sandbox.url.rpartition(":")[2])
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while chunk := connection.recv(65_536):
            answer += chunk
    return answer


def answers(data: bytes) -> list[tuple[int, Any]]:
    """Take what came back apart: the status and the JSON of each answer."""
    found = []
    data = data.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    while data:
        head, end, rest = data.partition(b"\r\n\r\n")
        status = re.match(rb"HTTP/1\.[01] (\d{3}) ", head)
        length = re.search(rb"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
        assert status, data
        assert length, data
        assert end, data
        body, data = rest[: int(length[1])], rest[int(length[1]) :]
        found.append((int(status[1]), json.loads(body)))
    return found
