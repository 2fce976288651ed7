"""Makes a review fit its place: what is last and least is left out first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .text import counted

__all__ = ["Block", "fitted"]

_ROOM_FOR_NOTE = 300
_BETWEEN = "\n\n"


@dataclass(frozen=True)
class Block:
    """A piece of the review that is shortened as one."""

    heading: str
    lines: tuple[str, ...] = ()
    details: str = ""

    def at(self, level: int) -> str:
        """Return the heading; from level 1 with its lines, at 2 with the details."""
        pieces = (self.heading, "\n".join(self.lines), self.details)
        return _BETWEEN.join(filter(None, pieces[: level + 1]))


def fitted(
    head: Sequence[str], blocks: Sequence[Block], tail: Sequence[str], limit: int
) -> str:
    """Join everything, or as much of it as fits, in the order of the blocks.

    The limit is in characters; bytes are counted, as nobody knows whose characters.
    """
    whole = _joined([*head, *(block.at(2) for block in blocks), *tail])
    if _size(whole) <= limit:
        return whole
    head = [head[0], *(_clipped(piece, limit // 8) for piece in head[1:])]
    tail = [_clipped(piece, limit // 8) for piece in tail]
    room = limit - _size(_joined([*head, *tail])) - _ROOM_FOR_NOTE
    levels: list[int] = []
    for level in range(3):
        for index, block in enumerate(blocks):
            longer = _size(block.at(level)) + len(_BETWEEN)
            if level:
                longer -= _size(block.at(level - 1)) + len(_BETWEEN)
            if longer > room or (level and levels[index] < level - 1):
                break
            room -= longer
            if level:
                levels[index] = level
            else:
                levels.append(0)
    shown = [block.at(level) for block, level in zip(blocks, levels, strict=False)]
    return _joined([*head, *shown, _note(levels, len(blocks)), *tail])


def _note(levels: Sequence[int], number: int) -> str:
    left_out = [
        f"{words} of {counted(count, 'resource')}"
        for words, count in (
            ("the exact values", sum(level < 2 for level in levels)),
            ("what changes about", sum(level < 1 for level in levels)),
            ("all", number - len(levels)),
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
