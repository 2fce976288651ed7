"""What the sandbox answers, one file per Stripe resource.

To add a resource, write its file with a `RESOURCE`: it is found here by itself. What it
answers besides the operations that all resources share are its `OPERATIONS`.

May import `addresses`, `billing`, `data`, `errors`, `evidence`, `objects`,
`portal_session`, `verbs` and `webhooks`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from pkgutil import iter_modules

from pulumi_stripe_portal.sandbox.billing.test_clocks import in_time
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Call, Operation, Resource
from pulumi_stripe_portal.sandbox.verbs import operations

__all__ = ["OPERATIONS", "RESOURCES"]

_MODULES = [
    import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)
]


def _resources() -> Iterator[Resource]:
    for module in _MODULES:
        if hasattr(module, "RESOURCE"):
            yield module.RESOURCE


RESOURCES: Mapping[str, Resource] = {each.object: each for each in _resources()}
"""The resources by `object`, which is how `expand` and references find them."""


def _operations() -> Iterator[Operation]:
    for module in _MODULES:
        yield from getattr(module, "OPERATIONS", ())
    for resource in _resources():
        yield from operations(resource)


def _in_time(run: Callable[[Call], Json], call: Call) -> Json:
    """Run a request at the time of the test clock of what it is about."""
    return run(in_time(call))


OPERATIONS: tuple[Operation, ...] = tuple(
    replace(each, run=partial(_in_time, each.run)) for each in _operations()
)
"""Every method and path that has an answer."""
