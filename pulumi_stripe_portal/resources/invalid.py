"""How a program is told that what it declares can't be."""

from __future__ import annotations

import pulumi

from pulumi_stripe_portal.errors import InvalidInputs

__all__ = ["InvalidProgram"]


class InvalidProgram(InvalidInputs, pulumi.RunError):
    """The program's values break a rule.

    Pulumi shows a `RunError` as its message alone, without a traceback; a test catches
    it as the `InvalidInputs` that it is.
    """
