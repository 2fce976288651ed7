"""Write docs/evidence.md: each rule of the sandbox, and where it is known from.

Rules are read from the sources: what a refusal says and is based on, and the sentences
of docstrings and comments that end with their evidence in brackets.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pulumi_stripe_portal.sandbox import evidence
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.verifying import PROBES, reason

__all__ = ["PAGE", "Rule", "page", "rules", "rules_in"]

ROOT = Path(__file__).resolve().parent.parent
SANDBOX = ROOT / "pulumi_stripe_portal" / "sandbox"
PAGE = ROOT / "docs" / "evidence.md"

_ORDER = ("OURS", "REPORTED", "DOCUMENTED", "SPECIFIED", "OBSERVED")
_MARK = re.compile(rf"\s*\[({'|'.join(_ORDER)}): ([^\]]+)\]")
_BEGUN = re.compile(rf"\[({'|'.join(_ORDER)}):")
_TRIED = {(p.rule.evidence, p.rule.words) for p in PROBES if p.rule}
_SENTENCE = re.compile(r"(?<=\.)\s+")

_HEAD = """\
# Where the sandbox's rules are known from

What the sandbox refuses, in «its words», and how it behaves where Stripe's own types
don't say. Each refusal carries the same in the header `Sandbox-Evidence`. What is ours
comes first: that is what `stripe-portal sandbox verify` tries on a real account, and
beside each such rule stands whether it can.

Made by `python -m tools.evidence`; a test compares.
"""


@dataclass(frozen=True)
class Rule:
    """What the sandbox does, what that is based on, and the file that says so."""

    place: str
    words: str
    evidence: Evidence
    source: str


@dataclass(frozen=True)
class Refuser:
    """What makes a refusal of a message: its place among the arguments, its basis."""

    place: int
    basis: ast.expr | None


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, by file and in the order of its lines."""
    texts = {
        file.relative_to(SANDBOX).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(SANDBOX.rglob("*.py"))
    }
    public: dict[str, Refuser] = {}
    for text in texts.values():
        found = _refusers(_parse(text), public)
        public |= {name: each for name, each in found.items() if name[0] != "_"}
    return tuple(rule for name in texts for rule in rules_in(name, texts[name], public))


def rules_in(
    place: str, text: str, public: dict[str, Refuser] | None = None
) -> Iterator[Rule]:
    """Yield the rules of one file.

    Raises:
        ValueError: A refusal is based on nothing, or its words can't be read.
    """
    tree = _parse(text)
    constants = _constants(tree)
    known = _refusers(tree, public or {})
    found: list[tuple[int, Rule]] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        message = name in known and _argument(node, known[name].place, "message")
        if not message or ast.unparse(message).rpartition(".")[2] == "message":
            continue
        basis = known[name].basis or _argument(node, 1, "basis")
        where = f"{place}:{node.lineno}"
        for kind, source in _bases(basis, constants, where):
            for words in _words(message, constants, where):
                found.append((node.lineno, Rule(place, f"«{words}»", kind, source)))
    for line, prose in _prose(tree, text) if _BEGUN.search(text) else ():
        for words, kind, source in _marked(prose):
            found.append((line, Rule(place, words, kind, source)))
    yield from (rule for _, rule in sorted(found, key=lambda each: each[0]))


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


def _name(function: ast.expr) -> str:
    """Return how what is called is called where it is declared."""
    return (
        function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
    )


def page() -> str:
    """Return the page in Markdown."""
    every = dict.fromkeys(rules())
    legend = _legend()
    parts = [_HEAD]
    for name in _ORDER:
        rows = [rule for rule in every if rule.evidence is Evidence[name]]
        parts.append(f"\n## {name} ({len(rows)})\n\n{legend[name]}\n\n")
        more = " tried |" if name == "OURS" else ""
        parts.append(
            f"| rule | source | file |{more}\n|---|---|---|{more and '---|'}\n"
        )
        parts += [
            f"| {_cell(r.words)} | {_cell(_link(r.source))} | `{r.place}` |"
            f"{more and f' {_tried(r)} |'}\n"
            for r in rows
        ]
    return "".join(parts)


def _tried(rule: Rule) -> str:
    """Say whether `sandbox verify` tries a rule, and if not, why."""
    why = reason(rule.place, rule.words)
    tried = (rule.evidence, rule.words) in _TRIED
    return "yes" if tried and not why else f"no: {why or 'not yet'}"


def _refusers(tree: ast.Module, public: dict[str, Refuser]) -> dict[str, Refuser]:
    """Add to *public* what takes a `message`: Stripe's error, its factories, others."""
    found = {"StripeError": Refuser(0, None), **public}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and _makes_error(node):
            names = [each.arg for each in node.args.args]
            if "message" in names:
                found[node.name] = Refuser(names.index("message"), _inner(node))
        elif isinstance(node, ast.ClassDef) and node.name != "StripeError":
            own = _class(node, found)
            if own:
                found[node.name] = own
                found["__init__"] = own  # what those that extend it call of theirs
    return found


def _class(node: ast.ClassDef, found: dict[str, Refuser]) -> Refuser | None:
    """Read a class with a `basis`, or one that extends such a class as it is."""
    basis, fields = None, []
    for each in node.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "basis":
            basis = each.value
        elif isinstance(each, ast.AnnAssign):
            name = ast.unparse(each.target)
            basis = each.value if name == "basis" else basis
            fields += [name] if name != "basis" else []
        elif isinstance(each, ast.FunctionDef) and each.name == "__init__":
            fields = [argument.arg for argument in each.args.args[1:]] or ["…"]
    if basis and "message" in fields:
        return Refuser(fields.index("message"), basis)
    above = [found.get(ast.unparse(base)) for base in node.bases]
    return next(filter(None, above), None) if not fields else None


def _makes_error(node: ast.FunctionDef) -> bool:
    return node.returns is not None and ast.unparse(node.returns) == "StripeError"


def _inner(function: ast.FunctionDef) -> ast.expr | None:
    """Return the basis of the error that a factory makes."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node.func) == "StripeError":
            return _argument(node, 1, "basis")
    return None


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    named = [each.value for each in call.keywords if each.arg == name]
    return named[0] if named else dict(enumerate(call.args)).get(place)


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the values that a module gives its names, once each."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name):
                found[target.id] = node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                names = [ast.unparse(name) for name in target.elts]
                found.update(zip(names, node.value.elts, strict=True))
    return found


def _bases(
    basis: ast.expr | None, constants: dict[str, ast.expr], where: str
) -> Iterator[tuple[Evidence, str]]:
    if isinstance(basis, ast.Name):
        basis = constants.get(basis.id)
    calls = [
        node
        for node in (ast.walk(basis) if basis else ())
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("Evidence.")
    ]
    if not calls:
        raise ValueError(f"{where}: a refusal that is based on nothing")
    for call in calls:
        name = ast.unparse(call.func).partition(".")[2]
        for source in _words(call.args[0], constants, where):
            yield Evidence[name], source


def _words(node: ast.expr, constants: dict[str, ast.expr], where: str) -> Iterator[str]:
    """Yield what a text says, with names for what it is filled with."""
    if isinstance(node, ast.IfExp):
        yield from _words(node.body, constants, where)
        yield from _words(node.orelse, constants, where)
    elif isinstance(node, ast.Name) and node.id in constants:
        yield from _words(constants[node.id], constants, where)
    elif isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(_piece(piece, constants, where) for piece in node.values)
    else:
        raise ValueError(f"{where}: the words of a refusal stand where it is made")


def _piece(piece: ast.expr, constants: dict[str, ast.expr], where: str) -> str:
    if isinstance(piece, ast.Constant):
        return str(piece.value)
    if not isinstance(piece, ast.FormattedValue):
        raise TypeError(f"{where}: no part of a text: {piece}")
    if isinstance(piece.value, ast.Name) and piece.value.id in constants:
        return next(_words(piece.value, constants, where))
    names: list[str] = re.findall(r"[a-z]\w*", ast.unparse(piece.value)) or ["…"]
    return "{" + names[-1] + "}"


def _prose(tree: ast.Module, text: str) -> Iterator[tuple[int, str]]:
    """Yield the docstrings and comments, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from (
                (node.lineno, part) for part in str(node.value.value).split("\n\n")
            )
    block: list[str] = []
    start = last = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        if block and line != last + 1:
            yield start, " ".join(block)
            block = []
        start, last = start if block else line, line
        block.append(token.string.lstrip("# "))
    yield start, " ".join(block)


def _marked(prose: str) -> Iterator[tuple[str, Evidence, str]]:
    """Yield the sentences that carry evidence."""
    marks = _MARK.findall(" ".join(prose.split()))
    hidden = iter(range(len(marks)))
    text = _MARK.sub(lambda _: f"\x00{next(hidden)}\x00", " ".join(prose.split()))
    for sentence in _SENTENCE.split(text):
        words = re.sub(r"\x00\d+\x00", "", sentence).strip()
        for number in re.findall(r"\x00(\d+)\x00", sentence):
            name, source = marks[int(number)]
            yield words, Evidence[name], source


def _legend() -> dict[str, str]:
    """Return what each member means: the docstrings below them."""
    tree = ast.parse(Path(evidence.__file__).read_text(encoding="utf-8"))
    (enum,) = [
        n for n in tree.body if isinstance(n, ast.ClassDef) if n.name == "Evidence"
    ]
    return {
        ast.unparse(one.targets[0]): str(ast.literal_eval(below.value))
        for one, below in zip(enum.body, enum.body[1:], strict=False)
        if isinstance(one, ast.Assign) and isinstance(below, ast.Expr)
    }


def _link(source: str) -> str:
    bare = re.sub(r"https://((?:docs|support)\.stripe\.com/)", r"\1", source)
    return re.sub(
        r"((?:docs|support)\.stripe\.com/[\w/#.-]*[\w/])", r"<https://\1>", bare
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
