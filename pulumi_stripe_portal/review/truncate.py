"""Makes a review fit its place: what is last and least is left out first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
        shown = [n for n in range(level + 2) if level >= 0 and (cut or n != 1)]
        for number in shown:
            if number not in self._written:
                self._written[number] = self._writers[number]()
        return _BETWEEN.join(filter(None, map(self._written.get, shown)))


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
    pieces, size = list(head), sum(map(_size, head))
    for block in blocks:
        if size > limit:
            break  # the rest need not be written
        pieces.append(block.at(2))
        size += _size(pieces[-1])
    else:
        whole = _join([*pieces, *tail(cut=False)])
        if _size(whole) <= limit:
            return whole
    head = [head[0], *(_clip(piece, limit // 8) for piece in head[1:])]
    end = [_clip(piece, limit // 8) for piece in tail(cut=True)]
    room = limit - _size(_join([*head, *end])) - _ROOM_FOR_NOTE
    levels = _levels(blocks, room)
    shown = [block.at(levels[n], cut=True) for n, block in enumerate(blocks)]
    return _join([*head, *shown, _note(levels), *end])


def _levels(blocks: Sequence[Block], room: int) -> list[int]:
    """Return how much of each block fits, -1 for nothing.

    Headings come first, and of those the ones that announce something.
    """
    levels = [-1] * len(blocks)
    everyone = range(len(blocks))
    first = [n for n in everyone if blocks[n].announces]
    rest = [n for n in everyone if not blocks[n].announces]
    for level, numbers in ((0, first), (0, rest), (1, everyone), (2, everyone)):
        for number in numbers:
            if levels[number] != level - 1:
                continue
            longer = _size(blocks[number].at(level, cut=True))
            longer -= _size(blocks[number].at(level - 1, cut=True))
            longer += len(_BETWEEN) * (level == 0)
            if longer > room:
                break
            room -= longer
            levels[number] = level
    return levels


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
