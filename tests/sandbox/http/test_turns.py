"""Requests are answered one after the other, as they came."""

from __future__ import annotations

import threading
import time

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
