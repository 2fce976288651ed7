"""Makes a review fit its place: what is last and least is left out first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Protocol

from .text import count_of

__all__ = ["Block", "truncate"]

_ROOM_FOR_NOTE = 300
_BETWEEN = "\n\n"


class Tail(Protocol):
    """Returns the end of a review.

    In one that is cut, each block says by itself what is announced of it.
    """

    def __call__(self, *, cut: bool) -> Sequence[str]:
        """Return the end of a review that is cut, or of one that is not."""
        ...


class Block:
    """A piece of the review that is shortened as one, written as far as it is asked."""

    def __init__(
        self,
        heading: Callable[[], str],
        lines: Callable[[], Iterable[str]],
        details: Callable[[], str],
        announced: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        """Take how each part is written: in full, as details, or only announced."""
        self._heading, self._lines, self._details = heading, lines, details
        self._announced = announced

    @cached_property
    def heading(self) -> str:
        """What it is about."""
        return self._heading()

    @cached_property
    def lines(self) -> str:
        """The sentences."""
        return "\n".join(self._lines())

    @cached_property
    def details(self) -> str:
        """The exact values."""
        return self._details()

    @cached_property
    def announced(self) -> str:
        """What must be said even where nearly all is cut."""
        return "\n".join(self._announced()) if self._announced else ""

    @property
    def announces(self) -> bool:
        """Whether there is such a thing."""
        return self._announced is not None

    def at(self, level: int, *, cut: bool = False) -> str:
        """Return the heading; from level 1 with its lines, at 2 with the details.

        A review that is `cut` keeps what is announced under each heading.
        """
        pieces = [self.heading]
        if cut:
            pieces.append(self.announced)
        if level > 0:
            pieces.append(self.lines)
        if level > 1:
            pieces.append(self.details)
        return _BETWEEN.join(filter(None, pieces))


def truncate(
    head: Sequence[str],
    blocks: Sequence[Block],
    tail: Tail,
    limit: int,
) -> str:
    """Join everything, or as much of it as fits, in the order of the blocks.

    The limit is in characters; bytes are counted, as nobody knows whose characters.
    """
    whole = _whole(head, blocks, tail, limit)
    if whole is not None:
        return whole
    head = [head[0], *(_clipped(piece, limit // 8) for piece in head[1:])]
    end = [_clipped(piece, limit // 8) for piece in tail(cut=True)]
    room = limit - _size(_joined([*head, *end])) - _ROOM_FOR_NOTE
    levels, room = _headings(blocks, room)
    for level in (1, 2):
        for index, block in enumerate(blocks):
            if levels[index] < level - 1:
                continue
            longer = _size(block.at(level, cut=True))
            longer -= _size(block.at(level - 1, cut=True))
            if longer > room:
                break
            room -= longer
            levels[index] = level
    shown = [
        block.at(level, cut=True)
        for block, level in zip(blocks, levels, strict=True)
        if level >= 0
    ]
    return _joined([*head, *shown, _note(levels), *end])


def _whole(
    head: Sequence[str],
    blocks: Iterable[Block],
    tail: Tail,
    limit: int,
) -> str | None:
    """Return everything, None as soon as it is clear that it doesn't fit."""
    pieces = list(head)
    size = sum(map(_size, head))
    for block in blocks:
        pieces.append(block.at(2))
        size += _size(pieces[-1])
        if size > limit:
            return None
    whole = _joined([*pieces, *tail(cut=False)])
    return whole if _size(whole) <= limit else None


def _headings(blocks: Sequence[Block], room: int) -> tuple[list[int], int]:
    """Return 0 for each block whose heading fits, else -1, and the room that is left.

    Those that announce something come first.
    """
    levels = [-1] * len(blocks)
    for is_first in (True, False):
        for index, block in enumerate(blocks):
            if block.announces is is_first:
                longer = _size(block.at(0, cut=True)) + len(_BETWEEN)
                if longer > room:
                    break
                room -= longer
                levels[index] = 0
    return levels, room


def _note(levels: Sequence[int]) -> str:
    left_out = [
        f"{words} of {count_of(count, 'resource')}"
        for words, count in (
            ("the exact values", sum(0 <= level < 2 for level in levels)),
            ("what changes about", sum(level == 0 for level in levels)),
            ("all", sum(level < 0 for level in levels)),
        )
        if count
    ]
    return (
        f"*Cut to fit: {'; '.join(left_out)} left out. "
        "`pulumi preview --diff` shows everything.*"
    )


def _joined(pieces: Sequence[str]) -> str:
    return _BETWEEN.join(filter(None, pieces)) + "\n"


def _size(text: str) -> int:
    return len(text.encode())


def _clipped(text: str, most: int) -> str:
    """Keep the lines that fit."""
    lines: list[str] = []
    for line in text.splitlines():
        most -= _size(line) + 1
        if most < 0:
            return "\n".join([*lines, "- …"])
        lines.append(line)
    return text
