"""One of the two that are asked: Stripe, or the sandbox beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.exchange import Answer, exchange
from pulumi_stripe_portal.verifying.probe import Probe

__all__ = ["Side"]

_NAME = re.compile(r"\{(\w+)\}")


class Side:
    """Who is asked, and what was kept of the answers so far.

    Attributes:
        kept: The ids and other values that later probes need, by name.
    """

    def __init__(self, connection: Connection, given: Mapping[str, str]) -> None:
        """Take whom to ask, and what is known before the first answer."""
        self._connection = connection
        self.kept: dict[str, str] = dict(given)

    def lacks(self, probe: Probe) -> list[str]:
        """Return what the probe needs and no answer gave."""
        names = _NAME.findall(probe.path) + list(_names(probe.params))
        return [name for name in dict.fromkeys(names) if name not in self.kept]

    def ask(self, probe: Probe, params: Mapping[str, Any]) -> Answer:
        """Send a probe that lacks nothing, with *params* in place of its own.

        Raises:
            SettingsError: The key can't be right.
            RequestRefused: No answer came that says anything of the request.
        """
        path = self._fill(probe.path)
        return exchange(self._connection, probe.method, path, self._fill(params))

    def keep(self, probe: Probe, answer: Answer) -> None:
        """Keep of an answer what later probes need."""
        for name, where in probe.keep.items():
            value = _at(answer.body, where) if answer.is_done else None
            if isinstance(value, (str, int)):
                self.kept[name] = str(value)

    def _fill(self, value: Any) -> Any:
        if isinstance(value, str):
            return _NAME.sub(lambda found: self.kept[found[1]], value)
        if isinstance(value, Mapping):
            return {name: self._fill(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._fill(each) for each in value]
        return value


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return _NAME.findall(value)
    inside = value.values() if isinstance(value, Mapping) else value
    if not isinstance(value, (Mapping, list)):
        return []
    return [name for each in inside for name in _names(each)]


def _at(found: Any, where: str) -> Any:
    """Return what stands at a path such as `items.data.0.id`, None for nothing."""
    for name in where.split("."):
        if isinstance(found, list):
            found = dict(enumerate(found)).get(int(name) if name.isdigit() else -1)
        else:
            found = found.get(name) if isinstance(found, Mapping) else None
    return found
