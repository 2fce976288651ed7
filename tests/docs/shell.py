"""Looks shell commands up: does the program take what is written?"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

from pulumi_stripe_portal.cli import main

__all__ = [
    "PROGRAMS",
    "commands_in",
    "options_of_ours",
    "options_of_pulumi",
    "problem",
]

ROOT = Path(__file__).parent.parent.parent
_PARTING = {"|", "||", "&&", ";", "&"}
_TAKEN = {
    "brew": {"install"},
    "cd": set(),
    "cp": set(),
    "curl": set(),
    "export": set(),
    "git": {"checkout", "push", "tag"},
    "gunzip": set(),
    "mkdir": set(),
    "mv": set(),
    "npm": {"ci", "install"},
    "npx": set(),
    "pip": {"install", "list"},
    "sed": set(),
    "sh": set(),
    "source": set(),
    "stripe": {"listen", "prices", "trigger", "webhook_endpoints"},
    "terraform": {"state"},
}
"""Programs of others, and of those that have them their subcommands."""
PROGRAMS = {"make", "pulumi", "python", "python3", "stripe-portal", *_TAKEN}
"""All that a page may tell of."""


def commands_in(text: str) -> Iterator[list[str]]:
    """Yield the words of each command of a console block, or of one line."""
    joined = text.replace("\\\n", " ")
    for line in joined.splitlines():
        bare = line.removeprefix("$ ")
        yield from _split(bare)
        for inside in re.findall(r"\$\(([^()]+)\)", bare):
            yield from _split(inside)


def _split(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words: list[str] = []
    skip = False
    for word in lexer:
        if word in _PARTING:
            yield words
            words = []
        elif skip or word in (">", ">>", "<"):
            skip = not skip
        elif words or not re.match(r"[A-Z_]+=", word):
            words.append(word)
    if words:
        yield words


def problem(words: list[str], *, whole: bool = True) -> str | None:
    """Return what is wrong with a command, None where it can be run.

    One that is not `whole` is only named: what it needs besides may be missing.
    """
    program, *rest = words
    if program == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M)
        named = [word for word in rest if "=" not in word]
        return None if set(named) <= set(targets) else f"make has no {named}"
    if program == "stripe-portal":
        return _ours(rest, whole=whole)
    if program == "pulumi":
        return _pulumi(rest)
    if program in ("python", "python3"):
        return _module(rest)
    if program not in _TAKEN:
        return f"{program} is a program that no test knows"
    taken = _TAKEN[program]
    return None if not taken or rest[0] in taken else f"{program} {rest[0]}"


def options_of_ours(command: click.Command = main) -> set[str]:
    """Return the options of a command and of those below it."""
    found = {option for each in command.params for option in each.opts}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            found |= options_of_ours(below) if below else set()
    return found


def options_of_pulumi(told: list[list[str]]) -> set[str]:
    """Return the options of those commands of Pulumi's that are among some commands."""
    paths = {_path(words[1:]) for words in told if words[0] == "pulumi"}
    return {option for path in paths for option in _flags(path)}


def _ours(words: list[str], *, whole: bool) -> str | None:
    """Parse a line as the command line does, without running it."""
    command: click.Command = main
    context = click.Context(main, **main.context_settings)
    while isinstance(command, click.Group):
        if not words or words[0].startswith("-"):
            return "it names no command" if whole else None
        found = command.get_command(context, words[0])
        if found is None:
            return f"there is no command {words[0]}"
        command, words = found, words[1:]
    inside = words[words.index("--") + 1 :] if "--" in words else []
    try:
        command.make_context("stripe-portal", list(words), context)
    except (click.MissingParameter, click.BadOptionUsage) as error:
        return error.format_message() if whole else None
    except click.BadParameter as error:
        if not isinstance(getattr(error.param, "type", None), (click.Path, click.File)):
            return error.format_message()
    except click.ClickException as error:
        return error.format_message()
    return problem(inside) if inside else None


def _pulumi(words: list[str]) -> str | None:
    path = _path(words)
    if not path and words and not words[0].startswith("-"):
        return f"pulumi has no command {words[0]}"
    known = _flags(path)
    flags = [word.partition("=")[0] for word in words if word.startswith("-")]
    odd = [flag for flag in flags if flag not in known and not flag.startswith("-v")]
    return f"pulumi {' '.join(path)} has no {odd}" if odd else None


def _path(words: list[str]) -> tuple[str, ...]:
    """Return the command of Pulumi's that a line begins with."""
    path: tuple[str, ...] = ()
    for word in words:
        if word.startswith("-") or not _is_command((*path, word)):
            break
        path = (*path, word)
    return path


def _flags(path: tuple[str, ...]) -> set[str]:
    return set(re.findall(r"(?<![\w-])--?[\w-]+", _help(path)))


def _is_command(path: tuple[str, ...]) -> bool:
    usage = re.search(r"^Usage:\n  pulumi (.*)$", _help(path), re.M)
    return bool(usage and f"{usage[1]} ".startswith(f"{' '.join(path)} "))


@cache
def _help(path: tuple[str, ...]) -> str:
    """Return what the real Pulumi CLI says of a command."""
    home = {"PULUMI_HOME": str(ROOT / ".cache" / "pulumi-home")}
    done = subprocess.run(
        ["pulumi", *path, "--help"],
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def _module(words: list[str]) -> str | None:
    if not words:
        return None
    if words[0] != "-m":
        return None if (ROOT / words[0]).exists() else f"there is no {words[0]}"
    try:
        found = importlib.util.find_spec(words[1])
    except ModuleNotFoundError:
        found = None
    return None if found else f"there is no module {words[1]}"
