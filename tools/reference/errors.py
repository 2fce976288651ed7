"""The page of errors: what each says, and what to do."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pulumi_stripe_portal
from pulumi_stripe_portal import errors
from pulumi_stripe_portal.stripe_api import error_hints
from tools.reference.markdown import MADE, cell, table
from tools.reference.texts import Module, is_passed_on, is_text, shared_constants

__all__ = ["BESIDES", "Message", "messages", "page"]

PACKAGE = Path(pulumi_stripe_portal.__file__).parent

_CLASSES = errors.__all__
_COMMANDS = (
    "WrongUse",
    "UsageError",
    "ClickException",
    "StackError",
    "InstallError",
    "FleetError",
)
_WARNINGS = ("warn",)

_HEAD = f"""\
# Errors

Every message has the form *where: what is wrong; what to do*. Search this page for a few words
of yours (‹angle brackets› stand for what is filled in). Problems of the program are found
before anything is sent, all at once; nothing here ends in a traceback of this package's.

{MADE}"""

BESIDES = {
    "Pulumi's engine has ended": "run again",
    "`‹name›` failed": "read what it printed; the file named in the message has all of it",
    "has no portal configuration or webhook endpoint": "give the state that has them",
    "has no portal configuration in": "declare a DefaultPortalConfiguration first",
    "is neither ‹known›": "give an id that begins as it says",
    "is no URN of a resource": "the engine's call is not as Pulumi makes it: report it",
    "no price has the lookup key": "give the key to a price of this mode, or correct it",
    "pulumi ‹what› --stack ‹stack›` failed": "do what Pulumi's words ask for",
    "stack ‹stack› can't be read": "look at it with `pulumi stack export`",
    "The sandbox cannot start": "give another `--port`, or end what uses it",
    "there is no function": "make the SDK anew from this version of the plugin",
    "there is no resource type": "make the SDK anew from this version of the plugin",
    "there is no ‹": "give an id that exists in this account and mode",
    "this is no text": "give the file as the other tool wrote it",
    "--after redirect needs": "say where it leads",
    "What comes --after needs": "say which flow it comes after",
    "goes with --after ‹": "add that, or leave the option out",
    "goes with --all": "add --all, or leave it out",
    "has more than 500 characters": "shorten it",
    "is adopted by ‹": "adopt it once; take one of the two out",
    "opts: give a": "write opts=pulumi.ResourceOptions(…)",
    "goes without --format": "choose one of the two",
    "Give either --accounts": "the list decides whose portals are made and taken back",
    "is no CSV file": "give one as a spreadsheet exports it",
}
"""What to do where the message is too short to say it: of messages with such words."""

_PROGRAM = ("RunError", "InvalidProgram")
"""What the program's own process raises."""
_NAMED = "the message names what is allowed"

_GROUPS = {
    "InvalidInputs": "Whose an object is, and what can't be done with it",
    "SettingsError": "Settings and keys",
    "OtherAccount": "Another mode or account",
    "RequestRefused": "Stripe, and the way to it",
    "StripePortalError": "A test of a program",
}


@dataclass(frozen=True)
class Message:
    """What is said, what to do about it, and by which class of errors."""

    kind: str
    """The class of the errors; `Failure` for what is wrong with an input."""
    said: str
    remedy: str
    place: str
    """The file that says it, in the package."""


def messages() -> Iterator[Message]:
    """Yield what the package says where something can't be done, file by file."""
    trees = {
        file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text("utf-8"))
        for file in sorted(PACKAGE.rglob("*.py"))
        if "sandbox" not in file.parts
    }
    shared = shared_constants(trees.values())
    for place, tree in trees.items():
        yield from dict.fromkeys(_messages(Module(tree, shared), place))


def _messages(module: Module, place: str) -> Iterator[Message]:
    for name, call, names in module.calls():
        starred = any(isinstance(each, ast.Starred) for each in call.args)
        if name == "Failure" and len(call.args) >= 3 and not starred:
            yield from _failures(module, call.args[1], call.args[2], names, place)
        elif name == "Failure":
            for said, remedy in module.pairs():
                yield from _failures(module, said, remedy, {}, place)
        elif (
            name == "add" and len(call.args) == 2 and isinstance(call.args[1], ast.List)
        ):
            for each in call.args[1].elts:
                for text in module.texts(each, names):
                    yield from _parted("RunError", text, place)
        elif name in (*_PROGRAM, *_CLASSES, *_COMMANDS, *_WARNINGS):
            kind = "RunError" if name in _PROGRAM else name
            for text in module.texts(call.args[0], names) if call.args else ():
                yield from _parted(kind, text, place)
    for kind, values in (
        ("warn", module.yielded("_warnings")),
        (_of_program(place), module.yielded("_problems")),
        ("InvalidInputs", module.returned("_difference")),
        ("key", module.returned("_trouble")),
    ):
        for value in filter(is_text, values):
            for text in module.texts(value, {}):
                yield from _parted(kind, text, place)


def _of_program(place: str) -> str:
    """Return how what is wrong with a call is raised: of the program, or a command."""
    return "RunError" if place.startswith("resources/") else "UsageError"


def _failures(
    module: Module,
    said: ast.expr,
    remedy: ast.expr,
    names: dict[str, ast.expr],
    place: str,
) -> Iterator[Message]:
    """Yield each problem with its remedy; two that are told by the same choice match."""
    problems, remedies = module.texts(said, names), module.texts(remedy, names)
    pairs = [(one, other) for one in problems for other in remedies]
    if len(problems) == len(remedies):
        pairs = list(zip(problems, remedies, strict=True))
    for problem, cure in pairs:
        if not is_passed_on(problem):
            told = _NAMED if is_passed_on(cure) else cure
            yield Message("Failure", problem, told, place)


def _parted(kind: str, text: str, place: str) -> Iterator[Message]:
    """Yield a message in its two parts, unless it is another one's words."""
    said, parting, remedy = text.partition("; ")
    if not parting:
        said, parting, remedy = text.partition(". ")
    if not parting:
        said, parting, remedy = text.partition(": use ")
        remedy = parting[2:] + remedy
    if remedy and is_passed_on(remedy):
        remedy = _NAMED if kind == "RunError" else ""
    if is_passed_on(said) or "Stripe: ‹" in text:
        return
    if kind not in _WARNINGS and (not remedy or remedy.startswith("nothing was ")):
        more = next((told for words, told in BESIDES.items() if words in said), "")
        remedy = "; ".join(filter(None, [remedy, more]))
    yield Message(kind, said, remedy, place)


def page() -> str:
    """Return the page in Markdown."""
    every = list(messages())
    parts = [_HEAD]
    parts.append(
        "\n## What is wrong with an input\n\nSaid of a program's own values, each with the "
        "path of the input before it, such as `features.subscription_update.products[0]`. "
        "In Python all of a program's are said at once, as one `InvalidInputs`.\n\n"
    )
    parts.append(_rows(each for each in every if each.kind == "Failure"))
    for kind, title in _GROUPS.items():
        text = inspect.getdoc(getattr(errors, kind)) or ""
        parts.append(f"\n## {title}\n\n`{kind}`: {text}\n\n")
        parts.append(_rows(each for each in every if each.kind == kind))
        if kind == "SettingsError":
            troubles = (each for each in every if each.kind == "key")
            parts.append("\nWhat can be wrong with a key, which is never shown:\n\n")
            parts += sorted({f"- {cell(_shown(each.said))}\n" for each in troubles})
        if kind == "RequestRefused":
            parts.append(_refusals())
    parts.append(
        "\n## The program itself\n\nRaised as `pulumi.RunError`, and, where the values are wrong, as `InvalidInputs`.\n\n"
    )
    parts.append(_rows(each for each in every if each.kind == "RunError"))
    parts.append(
        "\n## The commands\n\nThey exit with 2 where they were used wrongly, else with 1."
        "\n\n"
    )
    parts.append(_rows(each for each in every if each.kind in _COMMANDS))
    parts.append(
        "\n## Warnings\n\nNothing fails; what is said changes how the result is to be "
        "read.\n\n"
    )
    warnings = (each for each in every if each.kind in _WARNINGS)
    parts.append(_rows(warnings, "what follows, or what to do"))
    return "".join(parts)


def _rows(found: Iterator[Message], second: str = "what to do") -> str:
    rows = {(cell(_shown(each.said)), cell(_shown(each.remedy))) for each in found}
    order = sorted(
        rows, key=lambda row: (re.sub(r"^(‹\w+›|\W)+", "", row[0]).lower(), row)
    )
    return table(("it says", second), order)


def _shown(text: str) -> str:
    return re.sub(r"\{(\w+)\}", r"‹\1›", " ".join(text.split()))


def _refusals() -> str:
    """Return what is made of Stripe's own words."""
    rows = [
        (cell(f"«{_words(pattern)}»"), cell(text))
        for pattern, text in error_hints.REMEDIES
    ]
    rows += [
        (f"HTTP {status}", cell(text)) for status, text in error_hints.BY_STATUS.items()
    ]
    rows.append(("HTTP 500 and above", cell(error_hints.remedy(500, ""))))
    rows.append(("anything else", cell(error_hints.remedy(400, ""))))
    return (
        "\nWhere Stripe refuses a request, its words and request id follow on what to do. "
        "A restricted key that lacks a permission is told which.\n\n"
        + table(("Stripe says", "what to do"), rows)
    )


def _words(pattern: str) -> str:
    bare = (
        pattern.replace(r"\d+", "16").replace(".*", " … ").replace(".https", "“https")
    )
    return re.sub(r"[\^$]", "", bare).replace("(live|test)", "live")
