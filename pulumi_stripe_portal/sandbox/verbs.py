"""Create, retrieve, update, list and delete, the same for every resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from .data.store import Json
from .errors import no_such, unsupported
from .objects.expand import expand_paths, render
from .objects.merge import merge_nested
from .objects.paging import PAGING, page
from .objects.resource import Call, Context, Operation, Resource
from .objects.search import matcher
from .webhooks import events

__all__ = ["answer", "find", "find_named", "list_page", "operations", "reference"]

_Verb = Callable[[Resource, Call], Json]


def operations(resource: Resource) -> Iterator[Operation]:
    """Return what *resource* answers: reading always, the rest as it declares.

    One without a path is only a part of others, and answers nothing.
    """
    if not resource.path:
        return

    def operation(method: str, suffix: str, verb: str, run: _Verb) -> Operation:
        params = f"{resource.params}{verb}Params"
        handler = partial(run, resource)
        return resource.operation(method, suffix, params, handler, resource.limits)

    yield operation("GET", "", "List", _list)
    if resource.searches:
        yield operation("GET", "/search", "Search", _search)
    yield operation("GET", "/<id>", "Retrieve", _retrieve)
    if resource.create:
        yield operation("POST", "", "Create", _create)
    if resource.update:
        yield operation("POST", "/<id>", "Modify", _update)
    if resource.delete:
        yield operation("DELETE", "/<id>", "Delete", _delete)


def find(
    context: Context, resource: Resource, id_: str, *, param: str, status: int = 400
) -> Json:
    """Find the object *id_* of the caller's account and mode.

    Raises:
        StripeError: There is none; the message says if it exists in the other mode.
    """
    found = context.partition.get(resource.object, id_)
    if found is not None and not found.get("deleted"):
        return found
    live = not context.partition.livemode
    elsewhere = context.store.partition(context.partition.account, livemode=live)
    other = None
    if elsewhere.get(resource.object, id_):
        other = "live" if live else "test"
    raise no_such(resource.noun, id_, param=param, status=status, other_mode=other)


def reference(context: Context, kind: str, id_: str, param: str) -> Json:
    """Find the object of type *kind* that the parameter *param* names; else a 400."""
    return find(context, context.resources[kind], id_, param=param)


def find_named(resource: Resource, call: Call) -> Json:
    """Find the object that the path names.

    Raises:
        StripeError: 404, there is none, or it belongs to another *parent*.
    """
    id_ = call.arguments["id"]
    item = find(call, resource, id_, param=resource.missing_param, status=404)
    if resource.parent and item[resource.parent] != _parent(resource, call):
        raise no_such(resource.noun, id_, param=resource.missing_param, status=404)
    return item


def answer(resource: Resource, call: Call, item: Json) -> Json:
    """Answer with *item*, expanded as the request wants it."""
    paths = expand_paths(call, resource)
    return render(call, resource, item, paths)


def list_page(resource: Resource, call: Call, everything: Iterable[Json]) -> Json:
    """Answer with a page of those of *everything* that the request asks for."""
    paths = expand_paths(call, resource, in_list=True)
    filters = []
    for name, wanted in call.params.items():
        if name in PAGING:
            continue
        if name not in resource.filters:
            raise unsupported(f"the filter {name} of GET {resource.path}")
        filters.append((resource.filters[name], wanted))

    def matches(item: Json) -> bool:
        return all(fits(item, wanted) for fits, wanted in filters)

    items, has_more = page(everything, matches, call.params, resource.noun)
    return {
        "object": "list",
        "data": [render(call, resource, item, paths) for item in items],
        "has_more": has_more,
        "url": call.path,
    }


def _retrieve(resource: Resource, call: Call) -> Json:
    gone = call.partition.get(resource.object, call.arguments["id"])
    if gone and gone.get("deleted"):
        return gone
    return answer(resource, call, find_named(resource, call))


def _list(resource: Resource, call: Call) -> Json:
    if resource.list:
        return resource.list(call)
    present = _present(resource, call)
    if resource.parent:
        parent = _parent(resource, call)
        present = (item for item in present if item[resource.parent] == parent)
    return list_page(resource, call, present)


def _present(resource: Resource, call: Call) -> Iterator[Json]:
    """Go through what was not deleted, newest first."""
    everything = call.partition.newest_first(resource.object)
    return (item for item in everything if not item.get("deleted"))


def _search(resource: Resource, call: Call) -> Json:
    """Answer with what matches a query, which is there at once.

    At Stripe it takes up to a minute [DOCUMENTED: docs.stripe.com/search].
    """
    paths = expand_paths(call, resource, in_list=True)
    plural = resource.path.rpartition("/")[2]
    matches = matcher(call.params["query"], resource.searches, plural)
    cursor = {"starting_after": call.params["page"]} if "page" in call.params else {}
    wanted = {"limit": call.params.get("limit", 10), **cursor}
    present = _present(resource, call)
    items, has_more = page(present, matches, wanted, resource.noun)
    return {
        "object": "search_result",
        "data": [render(call, resource, item, paths) for item in items],
        "has_more": has_more,
        "next_page": items[-1]["id"] if has_more else None,
        "url": call.path,
    }


def _create(resource: Resource, call: Call) -> Json:
    assert resource.create  # noqa: S101 - operations() has looked
    if resource.parent:
        _parent(resource, call)
    made = merge_nested(resource.create(call, call.params), call.accepted)
    call.partition.put(made)
    if resource.announces:
        events.record(call, made)
    shown = answer(resource, call, made)
    return shown | {name: made[name] for name in resource.private}


def _update(resource: Resource, call: Call) -> Json:
    assert resource.update  # noqa: S101 - operations() has looked
    before = find_named(resource, call)
    after = merge_nested(resource.update(call, before, call.params), call.accepted)
    if after != before:
        call.partition.put(after)
        if resource.announces:
            events.record(call, after, before)
    return answer(resource, call, after)


def _delete(resource: Resource, call: Call) -> Json:
    assert resource.delete  # noqa: S101 - operations() has looked
    item = find_named(resource, call)
    resource.delete(call, item)
    call.partition.remove(item)
    if resource.announces:
        events.record(call, item, verb="deleted")
    return {"id": item["id"], "object": resource.object, "deleted": True}


def _parent(resource: Resource, call: Call) -> str:
    """Return the id of the object in the path that the others belong to."""
    kind = call.resources[resource.parent]
    id_ = call.arguments[resource.parent]
    found: str = find(call, kind, id_, param=kind.missing_param, status=404)["id"]
    return found
