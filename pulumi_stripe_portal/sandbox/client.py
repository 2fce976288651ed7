"""Stripe's own client, pointed at a sandbox: on this machine, past every proxy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .addresses import LOOPBACK

if TYPE_CHECKING:
    import stripe

__all__ = ["client_of", "past_proxies"]

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def client_of(
    url: str, key: str, stripe_account: str | None = None
) -> stripe.StripeClient:
    """Return a client that asks what answers at *url* on this machine.

    Proxies of the environment and ~/.netrc, which `requests` obeys for addresses on
    this machine too, are left out: https://requests.readthedocs.io/en/latest/user/advanced/
    """
    import requests
    import stripe

    session = requests.Session()
    session.trust_env = False
    return stripe.StripeClient(
        key,
        stripe_account=stripe_account,
        base_addresses={"api": url, "files": url},
        http_client=stripe.RequestsClient(
            session=session, async_fallback_client=_asynchronous()
        ),
    )


def _asynchronous() -> stripe.HTTPClient | None:
    """Return what serves the client's `…_async` methods, where httpx is installed."""
    import stripe

    try:
        client = stripe.HTTPXClient()
    except ImportError:
        return None
    client._client_async = client.httpx.AsyncClient(trust_env=False)
    return client


def past_proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """Return variables that keep others' clients from asking a proxy for the sandbox.

    There are none where *environ* names no proxy.
    """
    if not any(environ.get(name) or environ.get(name.upper()) for name in _PROXIES):
        return {}
    given = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    hosts = [host.strip() for host in given.split(",") if host.strip()]
    if "*" not in hosts:
        hosts += [host for host in LOOPBACK if host not in hosts]
    return dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join(hosts))
