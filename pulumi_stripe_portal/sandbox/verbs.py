"""Create, retrieve, update, list and delete, the same for every resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from . import events
from .errors import no_such, unsupported
from .expand import checked, render
from .paging import PAGING, page
from .resource import Call, Operation, Resource
from .store import Json

__all__ = ["find", "operations", "reference"]

_Verb = Callable[[Resource, Call], Json]


def operations(resource: Resource) -> Iterator[Operation]:
    """Return what *resource* answers: reading always, the rest as it declares."""

    def operation(method: str, suffix: str, verb: str, run: _Verb) -> Operation:
        access = "read" if method == "GET" else "write"
        return Operation(
            method=method,
            path=resource.path + suffix,
            params=f"{resource.params}{verb}Params",
            permission=f"rak_{resource.scope}_{access}",
            run=partial(run, resource),
            limits=resource.limits,
        )

    yield operation("GET", "", "List", _list)
    yield operation("GET", "/<id>", "Retrieve", _retrieve)
    if resource.create:
        yield operation("POST", "", "Create", _create)
    if resource.update:
        yield operation("POST", "/<id>", "Modify", _update)
    if resource.delete:
        yield operation("DELETE", "/<id>", "Delete", _delete)


def find(
    call: Call, resource: Resource, id_: str, *, param: str, status: int = 400
) -> Json:
    """
    Find the object *id_* of the caller's account and mode.

    Raises:
        StripeError: there is none; the message says if it exists in the other mode.
    """
    found = call.partition.get(resource.object, id_)
    if found is not None:
        return found
    live = not call.partition.livemode
    elsewhere = call.store.partition(call.partition.account, livemode=live)
    other = None
    if elsewhere.get(resource.object, id_):
        other = "live" if live else "test"
    raise no_such(resource.noun, id_, param=param, status=status, other_mode=other)


def reference(call: Call, kind: str, id_: str, param: str) -> Json:
    """Find the object of type *kind* that the parameter *param* names; else a 400."""
    return find(call, call.resources[kind], id_, param=param)


def _retrieve(resource: Resource, call: Call) -> Json:
    return _answer(resource, call, _named(resource, call))


def _list(resource: Resource, call: Call) -> Json:
    paths = checked(call, resource, in_list=True)
    matching = everything = call.partition.all(resource.object)
    for name, wanted in call.params.items():
        if name in PAGING:
            continue
        if name not in resource.filters:
            raise unsupported(f"the filter {name} of GET {resource.path}")
        matches = resource.filters[name]
        matching = [item for item in matching if matches(item, wanted)]
    items, has_more = page(everything, matching, call.params, resource.noun)
    return {
        "object": "list",
        "data": [render(call, resource, item, paths) for item in items],
        "has_more": has_more,
        "url": resource.path,
    }


def _create(resource: Resource, call: Call) -> Json:
    assert resource.create  # noqa: S101 - operations() has looked
    made = resource.create(call, call.params)
    call.partition.put(made)
    if resource.announces:
        events.record(call, resource, made)
    answer = _answer(resource, call, made)
    return answer | {name: made[name] for name in resource.private}


def _update(resource: Resource, call: Call) -> Json:
    assert resource.update  # noqa: S101 - operations() has looked
    before = _named(resource, call)
    after = resource.update(call, before, call.params)
    if after != before:
        call.partition.put(after)
        if resource.announces:
            events.record(call, resource, after, before)
    return _answer(resource, call, after)


def _delete(resource: Resource, call: Call) -> Json:
    assert resource.delete  # noqa: S101 - operations() has looked
    item = _named(resource, call)
    resource.delete(call, item)
    call.partition.remove(item)
    return {"id": item["id"], "object": resource.object, "deleted": True}


def _named(resource: Resource, call: Call) -> Json:
    id_ = call.arguments["id"]
    return find(call, resource, id_, param=resource.missing_param, status=404)


def _answer(resource: Resource, call: Call, item: Json) -> Json:
    paths = checked(call, resource)
    return render(call, resource, item, paths)
