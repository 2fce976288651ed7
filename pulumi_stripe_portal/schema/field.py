"""What a field of `inputs` needs to be told beyond its type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypeVar

__all__ = ["Field", "Input", "ListOf", "NotYetKnown", "is_opaque"]

if TYPE_CHECKING:
    from pulumi import Input

    T = TypeVar("T")
    ListOf: TypeAlias = Input[Sequence[T] | Literal[""]]
else:

    class Input:
        """At run time `Input[T]` is T, or a value that is not known yet."""

        def __class_getitem__(cls, item: Any) -> Any:
            """Annotate the type so that pydantic lets such values pass."""
            return Annotated[item, NotYetKnown]

    class ListOf:
        """A list; `""`, Stripe's way to clear one, has become `[]` before checks."""

        def __class_getitem__(cls, item: Any) -> Any:
            """Annotate the type so that pydantic lets unknown values pass."""
            return Annotated[Sequence[item], NotYetKnown]


class NotYetKnown:
    """Lets Outputs, awaitables and Pulumi's `Unknown` pass validation."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: Callable[[Any], Any]
    ) -> Any:
        """Wrap the schema of the type; pydantic is only imported when it asks."""
        from pydantic_core import core_schema

        def check(value: Any, check_known: Callable[[Any], Any]) -> Any:
            return value if is_opaque(value) else check_known(value)

        return core_schema.no_info_wrap_validator_function(check, handler(source))


def is_opaque(value: Any) -> bool:
    """Tell whether a value must be passed on without being looked at.

    That is an Output or awaitable in the program, and in the provider process
    Pulumi's `Unknown`, which stands for a value that only the update will know.
    """
    if value is None or type(value) in _PLAIN:
        return False
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
