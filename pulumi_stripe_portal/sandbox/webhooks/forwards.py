"""Where deliveries really go: from an endpoint's public address to this machine."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.addresses import LOOPBACK, split

__all__ = ["Forwards"]


class Forwards:
    """A table of forwards; the longest address that fits a URL decides."""

    def __init__(self) -> None:
        """Begin with no forward: nothing is sent."""
        self._table: dict[str, str] = {}

    def add(self, address: str, target: str) -> None:
        """Send what is meant for *address*, an origin or a whole URL, to *target*.

        The path stays, unless *target* has one of its own.

        Raises:
            ValueError: One is no web address, or *target* is not on this machine.
        """
        for url in (address, target):
            parts = split(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(
                    f"A forward needs two web addresses, not {url[:200]!r}."
                )
        parts = split(target)
        if parts.scheme != "http" or parts.hostname not in LOOPBACK:
            raise ValueError(
                f"Deliveries stay on this machine: {target[:200]!r} does not begin "
                "with http://127.0.0.1 or http://localhost."
            )
        self._table[address.rstrip("/")] = target.rstrip("/")

    def clear(self) -> None:
        """Forget all forwards."""
        self._table.clear()

    def all(self) -> dict[str, str]:
        """Return the table."""
        return dict(self._table)

    def target(self, url: str) -> str | None:
        """Return where a delivery to *url* goes, None if nowhere."""
        fitting = [each for each in self._table if _fits(each, url)]
        if not fitting:
            return None
        address = max(fitting, key=len)
        target = self._table[address]
        if split(target).path:
            return target
        parts = split(url)
        query = f"?{parts.query}" if parts.query else ""
        return target + parts.path + query


def _fits(address: str, url: str) -> bool:
    rest = url.removeprefix(address)
    return rest != url and (rest == "" or rest[0] in "/?")
