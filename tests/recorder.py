"""A server that records what reaches it: a proxy that nothing should ask."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Recorder", "listening"]


class Recorder:
    """Listens on this machine, and answers nothing of use."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.heard: list[bytes] = []
        """What was sent here, a connection each."""
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                self.heard.append(connection.recv(65536))
                connection.sendall(
                    b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
                )

    def environ(self, home: Path) -> Mapping[str, str]:
        """Return an environment in which all is to go here, with a key of its own."""
        (home / ".netrc").write_text("default login of-netrc password x\n")
        names = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")
        proxies = dict.fromkeys(names, self.url)
        upper = dict.fromkeys(map(str.upper, names), self.url)
        none = {"no_proxy": "", "NO_PROXY": ""}
        netrc = {"HOME": str(home), "NETRC": str(home / ".netrc")}
        return {**proxies, **upper, **none, **netrc}

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def listening() -> Iterator[Recorder]:
    """Listen for a while."""
    recorder = Recorder()
    try:
        yield recorder
    finally:
        recorder.close()
