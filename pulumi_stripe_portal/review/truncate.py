"""Makes a review fit its place: what is last and least is left out first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .text import count_of

__all__ = ["Block", "truncate"]

_ROOM_FOR_NOTE = 300
_BETWEEN = "\n\n"
Writer = Callable[[], str]


class Block:
    """A piece of the review that is shortened as one, written as far as it is asked."""

    def __init__(
        self,
        heading: Writer,
        lines: Writer,
        details: Writer,
        announced: Writer | None = None,
    ) -> None:
        """Take what writes each part; some must be said even where the rest is cut."""
        self._writers = (heading, announced or str, lines, details)
        self._written: dict[int, str] = {}
        self.announces = announced is not None

    def at(self, level: int, *, cut: bool = False) -> str:
        """Return the heading; from level 1 with its lines, at 2 with the details.

        A review that is `cut` keeps what is announced under each heading.
        """
        for number, write in enumerate(self._writers[: level + 2]):
            if number not in self._written and (cut or number != 1):
                self._written[number] = write()
        parts = [self._written[n] for n in range(level + 2) if cut or n != 1]
        return _BETWEEN.join(filter(None, parts))


def truncate(
    head: Sequence[str],
    blocks: Sequence[Block],
    tail: Callable[..., Sequence[str]],
    limit: int,
) -> str:
    """Join everything, or as much of it as fits, in the order of the blocks.

    `tail` returns the end of a review, `cut` or not: in one that is cut, each block
    says by itself what is announced of it. The limit is in characters; bytes are
    counted, as nobody knows whose characters.
    """
    whole = _whole(head, blocks, tail, limit)
    if whole is not None:
        return whole
    head = [head[0], *(_clip(piece, limit // 8) for piece in head[1:])]
    end = [_clip(piece, limit // 8) for piece in tail(cut=True)]
    room = limit - _size(_join([*head, *end])) - _ROOM_FOR_NOTE
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
    return _join([*head, *shown, _note(levels), *end])


def _whole(
    head: Sequence[str],
    blocks: Iterable[Block],
    tail: Callable[..., Sequence[str]],
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
    whole = _join([*pieces, *tail(cut=False)])
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
            ("what changes about", levels.count(0)),
            ("all", levels.count(-1)),
        )
        if count
    ]
    return (
        f"*Cut to fit: {'; '.join(left_out)} left out. "
        "`pulumi preview --diff` shows everything.*"
    )


def _join(pieces: Sequence[str]) -> str:
    return _BETWEEN.join(filter(None, pieces)) + "\n"


def _size(text: str) -> int:
    return len(text.encode())


def _clip(text: str, most: int) -> str:
    """Keep the lines that fit."""
    lines: list[str] = []
    for line in text.splitlines():
        most -= _size(line) + 1
        if most < 0:
            return "\n".join([*lines, "- …"])
        lines.append(line)
    return text
