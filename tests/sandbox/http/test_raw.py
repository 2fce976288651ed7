"""Bytes that are hardly a request: each is answered, in the error envelope."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.http import connections
from pulumi_stripe_portal.sandbox.http.server import MAX_BODY, MAX_HEAD

from .raw import answers, send

KEY = b"Authorization: Bearer sk_test_123\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
HOST = b"Host: 127.0.0.1\r\n"


def post(*headers: bytes, body: bytes = b"") -> bytes:
    """Write a request by hand."""
    lines = b"".join(line + b"\r\n" for line in headers)
    return (
        b"POST /v1/customers HTTP/1.1\r\n" + HOST + KEY + FORM + lines + b"\r\n" + body
    )


def get(target: bytes = b"/v1/prices", *headers: bytes) -> bytes:
    """Write a request without a body by hand."""
    lines = b"".join(line + b"\r\n" for line in headers)
    return b"GET " + target + b" HTTP/1.1\r\n" + HOST + KEY + lines + b"\r\n"


CHUNKED = b"Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(post(b"Content-Length: x"), 400, id="length-x"),
        pytest.param(post(b"Content-Length: -1"), 400, id="length-negative"),
        pytest.param(post(b"Content-Length: +1", body=b"a"), 400, id="length-plus"),
        pytest.param(post("Content-Length: ²".encode()), 400, id="length-squared"),
        pytest.param(post(b"Content-Length: " + b"9" * 5000), 400, id="length-long"),
        pytest.param(post(b"Content-Length: 1e3"), 400, id="length-float"),
        pytest.param(post(b"Content-Length: 10", body=b"a=b"), 400, id="too-short"),
        pytest.param(
            post(b"Content-Length: 3", b"Content-Length: 4", body=b"a=bc"),
            400,
            id="two-lengths",
        ),
        pytest.param(post(CHUNKED, body=b"x\r\n"), 400, id="chunk-x"),
        pytest.param(post(CHUNKED, body=b"-1\r\n"), 400, id="chunk-negative"),
        pytest.param(post(CHUNKED, body=b"5\r\nab"), 400, id="chunk-short"),
        pytest.param(post(CHUNKED, body=b"1\r\nab\r\n0\r\n"), 400, id="chunk-unended"),
        pytest.param(post(CHUNKED, body=b"1" * 9000), 400, id="chunk-size-long"),
        pytest.param(post(b"Transfer-Encoding: gzip"), 501, id="encoding"),
        pytest.param(b"\x00\xff\x16\x03\r\n\r\n", 400, id="no-http"),
        pytest.param(b"GET\r\n\r\n", 400, id="no-target"),
        pytest.param(b"GET /v1/prices HTTP/1.1", 400, id="no-end"),
        pytest.param(get(b"http://[::1/v1/prices"), 400, id="target-ipv6"),
        pytest.param(get(b"/v1/prices", b"Host"), 400, id="no-colon"),
        pytest.param(get(b"/v1/prices?\xff=\xfe"), 400, id="query-no-utf-8"),
        pytest.param(get(b"/v1/prices/%ff%00"), 404, id="path-no-utf-8"),
        pytest.param(
            b"GET /v1/prices HTTP/1.1\r\nHost: [::1\r\n\r\n", 403, id="host-ipv6"
        ),
        pytest.param(get(b"/_sandbox", b"Origin: http://[::1"), 403, id="origin-ipv6"),
        pytest.param(
            b"GET /v1/prices HTTP/1.0\r\nAuthorization: Bearer \xe9\r\n\r\n",
            401,
            id="bearer-no-ascii",
        ),
        pytest.param(
            b"GET /v1/prices HTTP/1.0\r\nAuthorization: Basic \xe9\r\n\r\n",
            401,
            id="basic-no-ascii",
        ),
        pytest.param(get(b"/v1/" + b"x" * MAX_HEAD), 431, id="head-too-long"),
        pytest.param(get(b"/_sandbox/nothing"), 404, id="admin"),
        pytest.param(get(b"*"), 404, id="asterisk"),
        pytest.param(
            post(b"Content-Length: 99999999", b"Expect: 100-continue"),
            413,
            id="too-much-announced",
        ),
    ],
)
def test_refused(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str], data: bytes, status: int
) -> None:
    """What can't be read or isn't allowed is refused in Stripe's envelope."""
    ((found, body),) = answers(send(sandbox, data))

    assert found == status
    assert body["error"]["message"]
    assert body["error"]["type"] in ("invalid_request_error", "sandbox_error")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("chunked", [False, True])
def test_body_too_large(sandbox: Sandbox, chunked: bool) -> None:
    """A body above the bound is refused, and the client gets to read that."""
    body = b"a" * (MAX_BODY + 1)
    if chunked:
        data = post(CHUNKED, body=b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
    else:
        data = post(b"Content-Length: %d" % len(body), body=body)

    assert [status for status, _ in answers(send(sandbox, data))] == [413]


def test_chunks(sandbox: Sandbox) -> None:
    """A body in chunks is as good as any."""
    body = b"5\r\nname=\r\n3;x=y\r\nAda\r\n0\r\n\r\n"
    ((status, made),) = answers(send(sandbox, post(CHUNKED, body=body)))

    assert (status, made["name"]) == (200, "Ada")


def test_expecting_to_continue(sandbox: Sandbox) -> None:
    """Who waits for leave to send a body, as curl does with large ones, gets it."""
    port = int(sandbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(post(b"Content-Length: 8", b"Expect: 100-continue"))
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"name=Ada")

        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 OK\r\n")


def test_one_after_the_other(sandbox: Sandbox) -> None:
    """Requests that are sent at once are answered one after the other."""
    data = get() + post(b"Content-Length: 8", body=b"name=Ada") + get(b"/v1/x")

    assert [status for status, _ in answers(send(sandbox, data))] == [200, 200, 404]


def test_200_connections(sandbox: Sandbox) -> None:
    """Those who say nothing, or half of it, keep nobody waiting."""
    port = int(sandbox.url.rpartition(":")[2])
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    halves = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    for half in halves:
        half.sendall(post(b"Content-Length: 8", body=b"name"))

    assert answers(send(sandbox, get()))[0][0] == 200
    for half in halves:
        half.sendall(b"=Ada")
    assert all(half.recv(12) == b"HTTP/1.1 200" for half in halves)
    for connection in [*silent, *halves]:
        connection.close()


def test_stop_answers_first() -> None:
    """What is being answered at the end is answered, without the delay of a fault.

    A hundred requests wait at the same time, and none for another.
    """
    sandbox = Sandbox()
    sandbox.start()
    sandbox.fail("POST", "/v1/customers", latency=600, times=None)

    def asking(number: int) -> bytes:
        key = b"Idempotency-Key: %d" % number
        return post(b"Content-Length: 8", key, body=b"name=Ada")

    with ThreadPoolExecutor(100) as pool:
        waiting = [pool.submit(send, sandbox, asking(each)) for each in range(100)]
        for number in range(100):
            elsewhere = asking(number).replace(b"customers", b"x")
            while answers(send(sandbox, elsewhere))[0][0] != 409:
                continue  # not asked yet: while it is, the key is taken
        sandbox.stop()

    assert {answers(each.result())[0][0] for each in waiting} == {200}


PIECES = [
    b"GET ", b"POST ", b"HEAD ", b"/v1/prices", b"/v1/customers", b"/_sandbox",
    b"/p/session", b" HTTP/1.1", b" HTTP/1.0", b" HTTP/9.9", b"\r\n", b"\n", b"\r",
    b"\r\n\r\n", b"Host: 127.0.0.1\r\n", b"Host: x\r\n", b"Content-Length: 3\r\n",
    b"Content-Length: 0\r\n", b"Content-Length: -3\r\n", b"Expect: 100-continue\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n", b"3\r\na=b\r\n",
    b"0\r\n\r\n", b"Connection: keep-alive\r\n", b"a[b]=c", b"?", b"%", b"\x00", b"[",
    b"Stripe-Account: acct_x\r\n", b": ", b" ", KEY, FORM, b"Origin: http://[::1\r\n",
]  # fmt: skip
BYTES = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=20)
REQUESTS = st.builds(
    lambda method, path, headers, body: (
        method + path + b" HTTP/1.1\r\n" + b"".join(headers) + b"\r\n" + body
    ),
    st.sampled_from([b"GET ", b"POST ", b"DELETE ", b"PUT ", b"X "]),
    st.sampled_from([b"/v1/prices", b"/v1/customers", b"/_sandbox/x", b"/p/x", b"/"]),
    st.lists(
        st.one_of(
            st.sampled_from([each for each in PIECES if b": " in each]),
            st.binary(max_size=12).map(lambda value: b"X: " + value + b"\r\n"),
        ),
        max_size=6,
    ),
    st.binary(max_size=12),
)


@given(data=st.one_of(BYTES.map(b"".join), REQUESTS))
def test_any_bytes(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str], data: bytes
) -> None:
    """Whatever is sent is answered, never by a 500, and nothing is left hanging."""
    came = send(sandbox, data)

    assert came or not data.strip(b"\r\n\t\x0b\x0c ")
    for head in came.split(b"\r\n\r\n")[:1]:
        assert not head or head.startswith(b"HTTP/1."), came
    assert b" 500 " not in came.split(b"\r\n")[0]
    assert answers(send(sandbox, get()))[0][0] == 200
    assert capfd.readouterr().err == ""


def test_half_a_request_times_out(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who doesn't finish is told so, and the connection ends."""
    monkeypatch.setattr(connections, "_REQUEST", 0.0)
    port = int(sandbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(post(b"Content-Length: 8", body=b"name"))
        came = b""
        while chunk := connection.recv(65_536):
            came += chunk

    ((status, body),) = answers(came)
    assert status == 408
    assert body["error"]["message"]


@pytest.mark.parametrize("data", [b"", get()], ids=["silent", "between-requests"])
def test_idle_connections_end(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    """A connection that nobody uses is closed."""
    monkeypatch.setattr(connections, "_IDLE", 0.0)
    port = int(sandbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        while connection.recv(65_536):
            pass


def test_answers_that_nobody_reads(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks and never reads holds nobody up, and is cut off in the end."""
    monkeypatch.setattr(connections, "_IDLE", 1.0)
    port = int(sandbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with pytest.raises(ConnectionError):
            connection.sendall(get() * 1_000_000)

    assert answers(send(sandbox, get()))[0][0] == 200
