"""Values that a request can carry: what else a program hands over is named, not sent.

Pulumi answers a set, a dataclass or a number of numpy's with a traceback of its own;
here it is one line that says where it stands and what to write.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi_stripe_portal.schema.failures import Failure
from pulumi_stripe_portal.schema.field import is_opaque

__all__ = ["plain", "text_failures"]

_DEEPEST = 30
_LARGEST = 2**53  # Pulumi carries every number as a float

# What Pulumi's `Output.__str__` returns, and Python's own for what it wraps.
_NOT_A_VALUE = (
    "Calling __str__ on an Output[T] is not supported",
    "<pulumi.output.Output object at ",
    "<pulumi.output.Unknown object at ",
    "<coroutine object ",
    "<Task pending name=",
)


def plain(value: Any) -> tuple[Any, list[Failure]]:
    """Copy a program's values as Pulumi can carry them, and say which it can't.

    In place of those stands a value that is not known yet, so that all other checks
    pass them. An enumeration's member is its value, as for Pulumi; an awaitable
    becomes an Output, which can be waited for more than once.
    """
    failures: list[Failure] = []
    return _copy(value, "", 0, failures), failures


def _copy(value: Any, path: str, depth: int, failures: list[Failure]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return _copy(value.value, path, depth, failures)
    if isinstance(value, str):
        text = str.__str__(value)
        if _is_unicode(text):
            return text
        failures.append(Failure(path, *_HALF))
        return _unknown()
    if isinstance(value, (int, float)):
        number = int(value) if isinstance(value, int) else float(value)
        if not abs(number) <= _LARGEST:  # not a number is neither
            failures.append(_number(path))
            return _unknown()
        return number
    if is_opaque(value):
        import pulumi

        is_output = isinstance(value, pulumi.Output) or value is _unknown()
        return value if is_output else pulumi.Output.from_input(value)
    if isinstance(value, (Mapping, list, tuple)) and depth > _DEEPEST:
        failures.append(Failure(path, "is nested too deeply", "give a flatter value"))
        return _unknown()
    if isinstance(value, Mapping):
        return dict(_items(value, path, depth, failures))
    if isinstance(value, (list, tuple)):
        return [
            _copy(item, f"{path}[{index}]", depth + 1, failures)
            for index, item in enumerate(value)
        ]
    failures.append(_strange(value, path))
    return _unknown()


def _unknown() -> Any:
    # Commands check inputs too, and with Pulumi they would start half as fast.
    from pulumi.output import UNKNOWN

    return UNKNOWN


def _items(
    value: Mapping[Any, Any], path: str, depth: int, failures: list[Failure]
) -> Iterator[tuple[str, Any]]:
    for key, item in value.items():
        name = key.value if isinstance(key, enum.Enum) else key
        if isinstance(name, str) and _is_unicode(name):
            at = f"{path}.{name}".lstrip(".")
            yield str.__str__(name), _copy(item, at, depth + 1, failures)
        else:
            problem = f"has a key that is no text ({type(key).__name__})"
            failures.append(Failure(path, problem, "write every key as a text"))


def _number(path: str) -> Failure:
    return Failure(
        path,
        "is a number that can't be sent exactly",
        "give a finite one of at most 15 digits",
    )


def _strange(value: Any, path: str) -> Failure:
    name = type(value).__qualname__
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return Failure(path, f"is {article} {name}, which can't be sent", _remedy(value))


def _remedy(value: Any) -> str:
    import pulumi

    kind = type(value)
    bases = {f"{base.__module__}.{base.__qualname__}" for base in kind.__mro__}
    if isinstance(value, pulumi.Resource):
        return "give one of its outputs, such as its `id`"
    if isinstance(value, (set, frozenset)):
        return "give a list, e.g. sorted(…)"
    if dataclasses.is_dataclass(kind):
        return "give a dict, e.g. dataclasses.asdict(…)"
    if "pydantic.main.BaseModel" in bases:
        return "give a dict, e.g. its .model_dump()"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "give a text, e.g. its .decode()"
    if bases & {"decimal.Decimal", "fractions.Fraction", "numpy.number"}:
        return "give an int, e.g. int(…)"
    if "datetime.date" in bases or "datetime.time" in bases:
        return "give a text, e.g. its .isoformat()"
    if isinstance(value, (Iterator, Sequence)) or hasattr(kind, "__iter__"):
        return "give a list, e.g. list(…)"
    return "give a text, a number, a boolean, a list or a dict"


def text_failures(value: Any, path: str = "") -> Iterator[Failure]:
    """Yield the texts, keys included, that no request can carry as they are meant."""
    if isinstance(value, str):
        problem = _text_problem(value)
        if problem:
            yield Failure(path, *problem)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            problem = _text_problem(key)
            if problem:
                yield Failure(path, f"a key of it {problem[0]}", problem[1])
            else:
                yield from text_failures(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from text_failures(item, f"{path}[{index}]")


_HALF = "holds half a character (a lone surrogate)", "give valid Unicode"


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text)


def _text_problem(text: str) -> tuple[str, str] | None:
    if any(words in text for words in _NOT_A_VALUE):
        return (
            "holds the description of an Output instead of its value",
            "an f-string can't wait for it: use pulumi.Output.concat(…), "
            "pulumi.Output.format(…) or its .apply(…)",
        )
    if "\0" in text:
        return "holds a NUL character", "remove it"
    return None
