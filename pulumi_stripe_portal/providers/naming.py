"""Errors that begin with the resource that they are about."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.errors import StripePortalError

__all__ = ["name_resource"]

Method = TypeVar("Method", bound=Callable[..., Any])


def name_resource(method: Method) -> Method:
    """Begin every error of ours with the resource that it is about."""

    @functools.wraps(method)
    def wrapper(self: Any, *args: Any) -> Any:
        try:
            return method(self, *args)
        except StripePortalError as error:
            name = engine.resource_name()
            if name and not str(error).startswith(name):
                error.args = (f"{name}: {error}",)
            raise

    return wrapper  # type: ignore[return-value]
