"""Web addresses as anybody may write them: read, or known to be none."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

__all__ = ["INVOICES", "LOOPBACK", "PORTAL", "host_of", "split"]

_NOTHING = SplitResult("", "", "", "", "")

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""What this machine is called by itself."""

PORTAL = "/p/"
"""Every path of the portal's pages begins with it."""
INVOICES = "/i/"
"""Every path of an invoice's pages begins with it."""


def split(url: str) -> SplitResult:
    """Return the parts of *url*, all of them empty where it is malformed.

    Python refuses some addresses when they are split, such as `http://[::1`, and some
    when their port is asked for, such as `http://localhost:99999`.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return _NOTHING
    return parts


def host_of(url: str) -> str | None:
    """Return the host that *url* names, without its port; None where there is none."""
    return split(url).hostname
