"""Reads from sources what their messages say, with names for what is filled in."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["Module", "is_passed_on", "is_text", "shared_constants"]

_MOST = 6  # of one message's variants; one with more is shown with a placeholder


def is_passed_on(text: str) -> bool:
    """Tell whether a message is another one's words, which are listed there."""
    return not re.sub(r"‹[^›]*›|\W", "", text)


def shared_constants(trees: Iterable[ast.Module]) -> dict[str, ast.expr]:
    """Return the texts and numbers that modules give names to, each name's only one."""
    found: dict[str, list[ast.expr]] = {}
    for tree in trees:
        for name, value in _constants(tree):
            found.setdefault(name, []).append(value)
    single = {name: values[0] for name, values in found.items() if len(values) == 1}
    for name, value in list(single.items()):  # one that is only another name of it
        if isinstance(value, ast.Name) and value.id in single:
            single[name] = single[value.id]
    return {name: one for name, one in single.items() if is_text(one)}


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
                elif isinstance(target, ast.Tuple) and isinstance(
                    node.value, ast.Tuple
                ):
                    names = [ast.unparse(each) for each in target.elts]
                    yield from zip(names, node.value.elts, strict=True)


@dataclass
class Module:
    """The source of a module, for what its calls are given."""

    tree: ast.Module
    shared: Mapping[str, ast.expr] = field(default_factory=dict)
    """The constants of other modules."""

    def __post_init__(self) -> None:
        """Find the constants and the functions that messages are made of."""
        self._functions = {
            node.name: node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef)
        }
        self._constants = {**dict(_constants(self.tree)), **self.shared}

    def calls(self) -> Iterator[tuple[str, ast.Call, dict[str, ast.expr]]]:
        """Yield each call by the last part of its name, with its function's names."""
        inside: dict[ast.AST, dict[str, ast.expr]] = {}
        for function in self._functions.values():
            names = _assigned(function)
            for node in ast.walk(function):
                inside[node] = names
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                yield name, node, inside.get(node, {})

    def yielded(self, suffix: str) -> Iterator[ast.expr]:
        """Yield what functions yield whose name ends so."""
        for name, function in self._functions.items():
            if not name.endswith(suffix):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Yield) and node.value:
                    yield node.value

    def returned(self, suffix: str) -> Iterator[ast.expr]:
        """Yield what functions return whose name ends so."""
        for name, function in self._functions.items():
            if not name.endswith(suffix):
                continue
            for node in _own_nodes(function):
                if isinstance(node, ast.Return) and node.value:
                    yield from _branches(node.value)

    def pairs(self) -> Iterator[tuple[ast.expr, ast.expr]]:
        """Yield what is wrong and what to do, where a function returns them in one."""
        everyone = [*self.returned("_problem"), *self._constants.values()]
        for node in everyone:
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                said, remedy = node.elts
                if all(
                    is_text(each) or isinstance(each, ast.Name) for each in node.elts
                ):
                    yield said, remedy

    def texts(self, node: ast.expr, names: dict[str, ast.expr]) -> list[str]:
        """Return what an expression may say."""
        found = list(dict.fromkeys(self._texts(node, names, 3)))
        return found if len(found) <= _MOST else found[:_MOST]

    def _texts(
        self, node: ast.expr, names: dict[str, ast.expr], depth: int
    ) -> list[str]:
        if isinstance(node, ast.Constant):
            return [str(node.value)]
        if isinstance(node, ast.JoinedStr):
            return self._joined(node.values, names, depth)
        if isinstance(node, ast.FormattedValue):
            told = self._texts(node.value, names, depth)
            return told if len(told) == 1 else [_placeholder(node.value)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            left, right = (
                self._texts(n, names, depth) for n in (node.left, node.right)
            )
            return [str(int(left[0]) - int(right[0]))]  # a limit less what is ours
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._joined([node.left, node.right], names, depth)
        if isinstance(node, ast.IfExp):
            return [
                text
                for branch in (node.body, node.orelse)
                for text in self._texts(branch, names, depth)
            ]
        known = names.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Name):
            known = known or self._constants.get(node.id)
        if known is not None and depth and is_text(known):
            return self._texts(known, {}, depth - 1)
        if isinstance(node, ast.Call) and depth:
            returned = self._returned(ast.unparse(node.func).rpartition(".")[2], depth)
            if returned:
                return returned
        return [_placeholder(node)]

    def _joined(
        self, parts: list[ast.expr], names: dict[str, ast.expr], depth: int
    ) -> list[str]:
        each = [self._texts(part, names, depth) for part in parts]
        return ["".join(chosen) for chosen in itertools.product(*each)]

    def _returned(self, name: str, depth: int) -> list[str]:
        """Return what a function of this module returns, where that is a message."""
        function = self._functions.get(name)
        if function is None or ast.unparse(function.returns or function) != "str":
            return []
        names = _assigned(function)
        return [
            text
            for node in _own_nodes(function)
            if isinstance(node, ast.Return) and node.value and is_text(node.value)
            for text in self._texts(node.value, names, depth - 1)
        ]


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield what is in a function, but not what is in functions inside of it."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef):
            todo += ast.iter_child_nodes(node)


def _assigned(function: ast.FunctionDef) -> dict[str, ast.expr]:
    """Return the names that a function gives one value each."""
    found: dict[str, ast.expr] = {}
    twice = {each.arg for each in function.args.args}
    for node in _own_nodes(function):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name):
                if target.id in found:
                    twice.add(target.id)
                found[target.id] = node.value
    return {name: value for name, value in found.items() if name not in twice}


def is_text(node: ast.expr) -> bool:
    """Tell whether an expression is words, or a number in them."""
    if isinstance(node, ast.IfExp):
        return is_text(node.body) and is_text(node.orelse)
    if isinstance(node, ast.BinOp):
        return is_text(node.left) or is_text(node.right)
    is_words = isinstance(node, ast.Constant) and isinstance(node.value, (str, int))
    return is_words or isinstance(node, ast.JoinedStr)


def _placeholder(node: ast.expr) -> str:
    """Return the name of what is filled in."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "len":
        return "‹number›"
    names: list[str] = re.findall(r"[A-Za-z]\w*", ast.unparse(node)) or ["…"]
    plain = [name for name in names if name not in ("self", "str", "repr", "join")]
    return f"‹{(plain or names)[-1].strip('_').lower()}›"
