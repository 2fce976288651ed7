"""How requests travel: over which way, and what counts as an answer of Stripe's.

Imported with the first request only, like the `stripe` package itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import requests
import stripe
import urllib3

from pulumi_stripe_portal.schema.visible import is_loopback
from pulumi_stripe_portal.stripe_api.answers import check_answer

__all__ = ["Transport"]

_CALLS = 32  # connections that are kept; the engine asks for 16 things at a time
_LARGEST = 64 * 1024 * 1024  # bytes; a hundred configurations have less than one
_CHUNK = 64 * 1024


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Find none: an address that can't be one would be an error otherwise."""
        return None


class Transport(stripe.HTTPClient):
    """Sends requests to Stripe and nowhere else.

    `requests` left to itself sends the key to HTTP_PROXY in clear, also for an address
    on this machine, lets a `default` entry of ~/.netrc replace it, and follows
    redirects, of which Stripe's API has none:
    https://requests.readthedocs.io/en/latest/user/advanced/#proxies
    """

    name = "requests"

    def __init__(self, timeout: float) -> None:
        """Give each request a time in seconds, and keep proxies away from it."""
        super().__init__()
        self._timeout = timeout
        self._session = _Session()
        self._session.trust_env = False
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=_CALLS)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._state = threading.local()

    @property
    def has_answered(self) -> bool:
        """Whether this thread's last request got an answer of Stripe's form."""
        return getattr(self._state, "answered", False)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Send one request.

        Raises:
            NotStripe: What answered was something else.
            stripe.APIConnectionError: Nothing did.
        """
        self._state.answered = False
        try:
            with self._session.request(
                method,
                url,
                headers=headers,
                data=post_data,
                timeout=self._timeout,
                verify=stripe.ca_bundle_path,
                proxies=_proxies(url),
                stream=True,
            ) as answer:
                content = self._content(answer)
        except requests.exceptions.SSLError as error:
            raise _unreachable(error, again=False) from error
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            HTTPException,
            OSError,
            ValueError,
        ) as error:
            raise _unreachable(error, again=True) from error
        text = check_answer(answer.status_code, answer.headers, content)
        self._state.answered = True
        return text, answer.status_code, answer.headers

    def _content(self, answer: requests.Response) -> bytes:
        """Read the body; one that never ends is given up, to free its thread."""
        began = time.monotonic()
        parts = []
        size = 0
        for part in answer.iter_content(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > _LARGEST or time.monotonic() - began > self._timeout:
                raise requests.exceptions.ReadTimeout("the answer does not end")
        return b"".join(parts)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _unreachable(error: Exception, *, again: bool) -> stripe.APIConnectionError:
    made: Any = stripe.APIConnectionError  # without types in stripe 16.1
    found: stripe.APIConnectionError = made(str(error), should_retry=again)
    return found


def _proxies(url: str) -> dict[str, str]:
    """Return the proxies for an address: a company's, where the key stays encrypted."""
    parts = urlsplit(url)
    if parts.scheme != "https" or is_loopback(parts.hostname):
        return {}
    return requests.utils.get_environ_proxies(url)
