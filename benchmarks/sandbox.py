"""`python -m benchmarks.sandbox [REQUESTS] [CONNECTIONS]`: the sandbox under load.

One sandbox in a process of its own, many connections at once, three reads for each
write: requests a second, how long the slowest hundredth took, and its memory.
"""

from __future__ import annotations

import http.client
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

CONFIGURATIONS = "/v1/billing_portal/configurations"
FORM = "application/x-www-form-urlencoded"


def main(requests: int = 25_000, connections: int = 200) -> int:
    """Measure and print; 0 always, for nothing is asserted here."""
    began = time.perf_counter()
    serve = ["stripe-portal", "sandbox", "serve", "--memory", "--port", "0"]
    with subprocess.Popen(serve, stderr=subprocess.PIPE, text=True) as process:
        talk: IO[str] = process.stderr  # type: ignore[assignment]
        (address,) = re.findall(r"http://(127\.0\.0\.1:\d+)", talk.readline())
        started = time.perf_counter() - began
        threading.Thread(target=talk.read, daemon=True).start()
        try:
            _measure(address, process.pid, requests, connections)
        finally:
            process.terminate()
    print(f"| from the command to its first line | {started:.2f} s |")
    return 0


def _measure(address: str, pid: int, requests: int, connections: int) -> None:
    took: list[float] = []
    wrong: list[int] = []
    each = requests // connections

    def ask() -> None:
        connection = http.client.HTTPConnection(address, timeout=120)
        for n in range(each):
            start = time.perf_counter()
            status = _request(connection, n)
            took.append(time.perf_counter() - start)
            if status != 200:
                wrong.append(status)

    before = _megabytes(pid)
    threads = [threading.Thread(target=ask) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    middle = 0
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.2)
        if not middle and len(took) > requests / 2:
            middle = _megabytes(pid)
    total = time.perf_counter() - began
    slowest = statistics.quantiles(took, n=100)[98]
    print(f"| {connections} connections, {len(took)} requests | |\n|---|---|")
    print(f"| requests a second | {len(took) / total:.0f} |")
    print(f"| median, 99th of 100 | {statistics.median(took):.2f}, {slowest:.2f} s |")
    print(f"| answered otherwise than 200 | {len(wrong)} |")
    print(f"| memory at first, half-way, at last | {before}, {middle}, ", end="")
    print(f"{_megabytes(pid)} MB |")


def _request(connection: http.client.HTTPConnection, n: int) -> int:
    headers = {"Authorization": "Bearer sk_test_123"}
    if n % 4:
        connection.request("GET", f"{CONFIGURATIONS}?limit=10", headers=headers)
    else:
        body = "features[invoice_history][enabled]=true"
        headers |= {"Content-Type": FORM, "Idempotency-Key": os.urandom(8).hex()}
        connection.request("POST", CONFIGURATIONS, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _megabytes(pid: int) -> int:
    (line,) = (
        line
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
