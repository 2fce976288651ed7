"""Finds the preview in what the Pulumi CLI printed. Pure.

It stands alone only at best. Policy packs print before the JSON
(https://github.com/pulumi/pulumi/issues/19775), so do warnings where both streams go
into one file; and with `PULUMI_ENABLE_STREAMING_JSON_PREVIEW` set it comes as events,
one on each line: https://github.com/pulumi/pulumi/pull/8275.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["NotAPreview", "parse_json", "preview_in", "without_colours"]

_BEGINNING = re.compile(
    r'^\{|\{\r?\n {4}"(?:config|steps|diagnostics|duration|changeSummary)":', re.M
)
"""Where a preview, or an event, can begin: in a line of its own, or with the first of
a preview's keys. What is inside a preview cut short is indented deeper."""
_MOST_TRIES = 1_000
_EXACT = 19
"""How many digits a number surely has that a machine's integer holds."""
_COLOUR = re.compile(r"<\{%.*?%\}>")
_FROM_PROGRAMS = ("info", "info#err", "warning", "error")


class NotAPreview(ValueError):
    """The text is not what `pulumi preview --json` prints."""


def parse_json(text: str) -> Any:
    """Return what JSON says.

    Raises:
        ValueError: If it is no JSON, or none that a program wrote in earnest.
    """
    try:
        return _decoder.decode(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


_TOO_DEEP = "it is nested too deeply"


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _EXACT else float(digits)


def _constant(name: str) -> Any:
    raise ValueError(f"it holds {name}, which is no JSON")


_decoder = json.JSONDecoder(parse_int=_number, parse_constant=_constant)


def preview_in(text: str) -> Any:
    """Return the preview in a text, or the JSON that the whole of it is.

    Raises:
        NotAPreview: If there is none, or more than one.
    """
    try:
        whole = parse_json(text)
    except ValueError as error:
        why = error
    else:
        return _digest([whole]) if _is_event(whole) else whole
    found: list[Any] = []
    for value in _values(text):
        if isinstance(value, ValueError):
            why = value
        elif is_preview(value) or _is_event(value):
            found.append(value)
    previews = [value for value in found if is_preview(value)]
    if len(previews) > 1:
        raise NotAPreview(f"it holds {len(previews)} previews; give each its own file")
    if previews:
        return previews[0]
    if found:
        return _digest(found)
    raise NotAPreview(str(why))


def is_preview(value: Any) -> bool:
    """Tell whether JSON has the form of a preview."""
    return isinstance(value, Mapping) and (
        isinstance(value.get("steps"), list)
        or isinstance(value.get("diagnostics"), list)
    )


def _values(text: str) -> Iterator[Any]:
    """Yield the objects in a text, and why what seems to be one is none."""
    at = tries = 0
    while (found := _BEGINNING.search(text, at)) and tries < _MOST_TRIES:
        try:
            value, at = _decoder.raw_decode(text, found.start())
            yield value
        except (ValueError, RecursionError) as error:
            at, tries = found.start() + 1, tries + 1
            yield error if isinstance(error, ValueError) else ValueError(_TOO_DEEP)


def _is_event(value: Any) -> bool:
    return isinstance(value, Mapping) and {"sequence", "timestamp"} <= value.keys()


def _digest(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what `pulumi preview --json` makes of the engine's events.

    https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
    """
    config: Any = {}
    steps: list[Any] = []
    diagnostics: list[Any] = []
    ended = False
    for event in events:
        ended = ended or "cancelEvent" in event or "summaryEvent" in event
        if _of(event, "summaryEvent").get("isPreview") is False:
            raise NotAPreview("it tells of an update that ran, not of a preview")
        if "preludeEvent" in event:
            config = _of(event, "preludeEvent").get("config")
        if "resourcePreEvent" in event:
            steps.append(_step(_of(event, "resourcePreEvent").get("metadata")))
        told = _of(event, "diagnosticEvent")
        if told.get("severity") in _FROM_PROGRAMS and not told.get("ephemeral"):
            diagnostics.append(_diagnostic(told))
    if not ended:
        words = "the stream of events ends before the preview does"
        diagnostics.append({"severity": "error", "message": words})
    return {"config": config, "steps": steps, "diagnostics": diagnostics}


def _of(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    payload = event.get(name)
    return payload if isinstance(payload, Mapping) else {}


def _step(metadata: Any) -> Any:
    if not isinstance(metadata, Mapping):
        return metadata
    told = {"oldState": metadata.get("old"), "newState": metadata.get("new")}
    return {**metadata, **told}


def _diagnostic(told: Mapping[str, Any]) -> dict[str, Any]:
    words = [told.get("prefix") or "", told.get("message")]
    message = "".join(word for word in words if isinstance(word, str))
    return {**told, "message": without_colours(message)}


def without_colours(message: str) -> str:
    """Return a message of the engine's without the marks of its colours."""
    return _COLOUR.sub("", message)
