"""What a field of `inputs` needs to be told beyond its type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

__all__ = ["Field", "Input", "ListOf", "Untold", "is_opaque"]

if TYPE_CHECKING:
    from pulumi import Input

    T = TypeVar("T")
    ListOf: TypeAlias = Input[Sequence[T] | Literal[""]]
else:

    class Input:
        """At run time `Input[T]` is T; checks pass what is not known yet anywhere."""

        def __class_getitem__(cls, item: Any) -> Any:
            """Return the type itself."""
            return item

    class ListOf:
        """A list; `""`, Stripe's way to clear one, has become `[]` before checks."""

        def __class_getitem__(cls, item: Any) -> Any:
            """Return a list of the type."""
            return Sequence[item]


class Untold:
    """What whoever looks at inputs is not told; it passes as what is not known yet."""


def is_opaque(value: Any) -> bool:
    """Tell whether a value must be passed on without being looked at.

    That is an Output or awaitable in the program, and in the provider process
    Pulumi's `Unknown`, which stands for a value that only the update will know; and
    elsewhere `Untold`.
    """
    if value is None or type(value) in _PLAIN:
        return False
    if isinstance(value, Untold):
        return True
    from inspect import isawaitable

    from pulumi import Output
    from pulumi.output import Unknown

    return isinstance(value, (Output, Unknown)) or isawaitable(value)


_PLAIN = (str, bool, int, float, dict, list)


@dataclass(frozen=True)
class Field:
    """How Stripe treats a field.

    `default` is what Stripe holds where nothing was ever sent, and what a field is
    reset to when it is removed from code. None and `[]` are sent as `""`, Stripe's
    way to clear; other defaults have no such form and are sent themselves.
    """

    default: Any = None
    unordered: bool = False
    """The order of the list has no meaning."""
    travels: bool = False
    """Stripe requires it whenever its object is sent, in an update too."""
    whole: bool = False
    """The object is compared, sent and reset as one value."""
    create_only: bool = False
    """Stripe takes it at creation only; a change replaces the object."""
    ours: bool = False
    """Not a parameter of Stripe's: it tells this package what to do."""
    max_length: int | None = None
    """The longest text (characters) or list (elements) that Stripe takes."""
    url: bool = False
    """A web address with a scheme."""
    prefix: str = ""
    """What such an id begins with; letters and digits follow."""
    form: str = ""
    """The pattern of Stripe's choices: one that this package doesn't know may be newer
    than it, and is sent."""
    filled: bool = False
    """Stripe refuses `""` here."""
