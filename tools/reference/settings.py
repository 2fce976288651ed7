"""The page of the stack's settings and the environment's variables."""

from __future__ import annotations

from pulumi_stripe_portal.stripe_api.settings import NAMESPACE, SETTINGS
from tools.reference.markdown import MADE, cell, table

__all__ = ["page"]

_HEAD = f"""\
# Settings

A stack's settings are Pulumi configuration, in the namespace `{NAMESPACE}`. They are for
all resources of the stack that name no [`Provider`](accounts.md) of their own.

```console
$ pulumi config set --secret {NAMESPACE}:apiKey
$ pulumi config set {NAMESPACE}:mode live
```

"""

_TAIL = f"""
What an explicit `Provider` takes has the same names in Python's spelling (`api_key`, `mode`,
`account`, `api_base`, `preflight`, `requests_per_second`); in other languages those above, without the namespace. It
takes nothing from the stack's settings.

## Environment variables

| variable | meaning |
|---|---|
| `STRIPE_API_KEY` | the key where the stack, or the explicit provider, sets none |
| `STRIPE_API_BASE` | the address that requests go to; wins over every setting, explicit providers included. On this machine only |
| `STRIPE_PORTAL_SANDBOX` | set to 1 by `stripe-portal sandbox run`: there the environment's key wins over the stack's |
| `STRIPE_PORTAL_RATE_LIMIT` | set by `stripe-portal fleet` for the runs that it starts: where on this machine the fleet's one rate limit is asked for |
| `HTTPS_PROXY`, `NO_PROXY` | used for api.stripe.com; addresses on this machine are never asked through a proxy, and `~/.netrc` is never read |

A key goes to api.stripe.com or to an address of this machine, and nowhere else.

## Which key is used when

| command | key |
|---|---|
| `pulumi up`, `pulumi preview` | the stack's now, else `STRIPE_API_KEY` |
| `pulumi refresh`, `pulumi destroy` | that of the last `up`, which Pulumi's engine keeps encrypted in the state; with `--run-program`, the stack's now |
| `stripe-portal … --stack NAME` | the stack's now, else `STRIPE_API_KEY` |
| `stripe-portal …` | `STRIPE_API_KEY`, whose mode is the mode |

A key is asked for only when a request is to be made: with `{NAMESPACE}:preflight` at `false` a
preview needs none.
"""


def page() -> str:
    """Return the page in Markdown."""
    rows = [
        (
            f"`{NAMESPACE}:{name}`",
            cell(
                each.text
                + (" Set it with `--secret`." if each.is_secret else "")
                + (" Read by programs in Python only." if each.is_programs else "")
            ),
        )
        for name, each in SETTINGS.items()
    ]
    return f"{_HEAD}{table(('setting', 'meaning'), rows)}{_TAIL}\n{MADE}"
