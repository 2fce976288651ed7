"""One program for many connected accounts, cut into stacks that run side by side.

`accounts` reads who they are, `places` says in which stack each is, `project` makes a
stack's folder of the user's project, `shard` runs one stack over Pulumi's Automation
API, `outcomes` and `planned` say what became of each account, `cluster` runs all stacks
on Dask's workers, `limit` is their one rate limit, `ending` ends them, `leftovers`
knows those that were killed, `journal` those that are done, and `summary` adds up. Only
`cluster`, `limit` and `ending` need the extra `[fleet]`. May import `errors`, `schema`,
`engine`, `stripe_api`, `stacks` and `review`.
"""

from .accounts import FleetError

__all__ = ["FleetError"]
