"""Looks whether everything is as it should be, and says what to do where it isn't.

`tools` looks at what is installed, `plugin` at where Pulumi finds this package's,
`stack` at a stack's settings and recorded resources, `account` at Stripe. Nothing is
written anywhere. May import `errors`, `schema`, `stripe_api`, `stacks`, `providers` and
`plugin`.
"""

from .account import check_account
from .findings import Finding
from .plugin import check_plugin
from .stack import check_resources, check_settings
from .tools import check_tools

__all__ = [
    "Finding",
    "check_account",
    "check_plugin",
    "check_resources",
    "check_settings",
    "check_tools",
]
