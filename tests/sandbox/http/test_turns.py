"""Requests are answered one after the other, as they came, by few threads."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from werkzeug.wrappers import Request, Response

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.http.app import App
from pulumi_stripe_portal.sandbox.http.connections import _AT_WORK
from pulumi_stripe_portal.sandbox.http.turns import Turns

COUNT = 20


def queue(turns: Turns, came: int, order: list[int]) -> threading.Thread:
    """Start one that waits for its turn behind all that came before."""

    def take() -> None:
        with turns:
            order.append(came)

    thread = threading.Thread(target=take)
    thread.start()
    while len(turns._waiting) <= came:
        time.sleep(0.001)
    return thread


def test_who_came_first_is_first() -> None:
    """However many wait."""
    turns, order = Turns(), list[int]()
    with turns:
        threads = [queue(turns, came, order) for came in range(COUNT)]
        assert order == []
    for thread in threads:
        thread.join(10)
    assert order == list(range(COUNT))


def test_who_waits_for_something_else_lets_others_go() -> None:
    """And goes on behind them; afterwards the turn is free."""
    turns, order = Turns(), list[int]()
    with turns:
        threads = [queue(turns, came, order) for came in range(COUNT)]
        with turns.left():
            for thread in threads:
                thread.join(10)
            assert order == list(range(COUNT))
    with turns:
        order.append(COUNT)
    assert order[-1] == COUNT


def ask(sandbox: Sandbox, count: int) -> list[Future[int]]:
    """Ask for something at once on this many connections."""

    def get() -> int:
        request = urllib.request.Request(
            f"{sandbox.url}/v1/billing_portal/configurations",
            headers={"Authorization": f"Bearer {sandbox.api_key}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)

    with ThreadPoolExecutor(count) as pool:
        return [pool.submit(get) for _ in range(count)]


def until(holds: Callable[[], bool]) -> None:
    """Wait for something to hold."""
    for _ in range(3000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never did")


def answering() -> int:
    """Return how many threads answer requests, or have done so."""
    return sum(each.name.startswith("waitress-") for each in threading.enumerate())


def test_few_threads_answer_many_connections() -> None:
    """More of them would only keep each other from working."""
    before = answering()
    with Sandbox() as sandbox:
        statuses = [each.result() for each in ask(sandbox, 5 * COUNT)]
        assert statuses == [200] * (5 * COUNT)
        assert answering() - before <= _AT_WORK


def test_what_is_delayed_keeps_no_other_from_being_answered() -> None:
    """However many are: each has a thread of its own while it waits."""
    with Sandbox() as sandbox:
        turns, faults = sandbox._api.turns, sandbox._api.faults
        sandbox.fail(latency=600, times=COUNT)
        asking = threading.Thread(target=ask, args=(sandbox, COUNT))
        asking.start()
        until(lambda: turns.away == COUNT)
        assert [each.result() for each in ask(sandbox, 2)] == [200, 200]
        assert turns.away == COUNT
        with faults.without_delay():
            asking.join(60)
        assert turns.away == 0


def test_who_waits_for_what_nobody_knows_is_helped_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where all that answer are stuck, another one is started after a while."""
    stuck, meanwhile = threading.Event(), threading.Event()
    answer = App._respond

    def wait_or_answer(app: App, request: Request) -> Response:
        if not stuck.is_set():
            meanwhile.wait(600)
        return answer(app, request)

    monkeypatch.setattr(App, "_respond", wait_or_answer)
    with Sandbox() as sandbox:
        before = answering()
        asking = threading.Thread(target=ask, args=(sandbox, _AT_WORK))
        asking.start()
        until(lambda: answering() - before == _AT_WORK)
        stuck.set()
        assert [each.result() for each in ask(sandbox, 1)] == [200]
        meanwhile.set()
        asking.join(60)
