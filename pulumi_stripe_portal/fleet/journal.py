"""Which stacks of a run are done: a file beside the project, a line for each.

It is for a run that was broken off, on the machine where that was. Everywhere else all
stacks are run again, and find done what is done: it takes longer, and does no harm.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from .outcomes import Outcome
from .project import Project, Shard
from .shard import Operation

__all__ = ["Journal"]


class Journal:
    """The stacks of one operation that are done, with what became of their accounts."""

    def __init__(self, project: Project, operation: Operation) -> None:
        """Take where it is; it is not read yet."""
        self._folder = project.file.folder / ".fleet"
        self._file = self._folder / f"{project.stack.replace('/', '-')}-{operation}"
        self._program = project.program_digest()

    def read(self, shards: Iterable[Shard]) -> dict[str, list[Outcome]]:
        """Return what is done, by stack: of the same program and settings alone."""
        wanted = {self._digest(shard): shard for shard in shards}
        found: dict[str, list[Outcome]] = {}
        for line in self._lines():
            shard = wanted.get(str(line.get("digest")))
            if shard is not None:
                found[shard.stack] = [_outcome(each) for each in line["outcomes"]]
        return found

    def _lines(self) -> list[dict[str, list[Mapping[str, object]]]]:
        if not self._file.exists():
            return []
        found = []
        for line in self._file.read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:  # an empty one, or the last of a run that was killed
                continue
        return found

    def begin(self, *, fresh: bool) -> None:
        """Make the file, or forget what an earlier run has written into it."""
        self._folder.mkdir(exist_ok=True)
        (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
        if fresh:
            self._file.unlink(missing_ok=True)

    def add(self, shard: Shard, outcomes: Iterable[Outcome]) -> None:
        """Write down a stack that is done; one with a failure is not."""
        found = list(outcomes)
        if any(each.status == "failed" for each in found):
            return
        line = {"digest": self._digest(shard), "outcomes": [asdict(o) for o in found]}
        with self._file.open("a", encoding="utf-8") as file:
            # A line of its own, also after half a one of a run that was killed.
            file.write(f"\n{json.dumps(line)}\n")

    def end(self) -> None:
        """Forget all of it: every stack is done."""
        self._file.unlink(missing_ok=True)

    def _digest(self, shard: Shard) -> str:
        return f"{shard.digest}-{self._program}"


def _outcome(told: Mapping[str, object]) -> Outcome:
    effects = told.get("effects")
    pairs = effects if isinstance(effects, list) else []
    return Outcome(
        **{**told, "effects": tuple((str(a), str(b)) for a, b in pairs)}  # type: ignore[arg-type]
    )
