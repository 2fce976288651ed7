"""A browser without a screen: cookies, redirects, forms; and nothing in between."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPMessage
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from pulumi_stripe_portal.sandbox.portal.handlers.portal_request import csrf_token

__all__ = ["Browsing", "Reply"]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


@dataclass(frozen=True)
class Reply:
    """A page, as it came."""

    status: int
    headers: HTTPMessage
    html: str
    url: str

    @property
    def text(self) -> str:
        """What there is to read, with single spaces."""
        parser = _Text()
        parser.feed(self.html)
        return " ".join(" ".join(parser.found).split())

    @property
    def actions(self) -> list[str]:
        """Where the page's forms and links lead, below the session's first page."""
        found = re.findall(r'(?:action|href)="(/p/session/[^"]*)"', self.html)
        paths = (unescape(each).split("/", 4)[4:] for each in found)
        return sorted({path[0] for path in paths if path})


class Browsing:
    """One browser of one person."""

    def __init__(self, language: str = "en-US") -> None:
        self.language = language
        self._cookies: dict[tuple[str, str], str] = {}

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Open a page, wherever it leads inside of the sandbox."""
        return self.send("GET", url, headers=headers)

    def post(
        self, page: Reply, path: str, form: Mapping[str, str] | None = None
    ) -> Reply:
        """Send a form of *page*'s session, whether the page has such a form or not."""
        base = "/".join(page.url.split("?")[0].split("/")[:6])
        url = f"{base}/{path}" if path else base
        return self.send("POST", url, {"csrf": self.csrf(base), **(form or {})})

    def csrf(self, url: str) -> str:
        """Return the token that the forms of a session carry."""
        [cookie] = self._cookies_for(urlsplit(url).path).values()
        return csrf_token(cookie)

    def send(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request and follow redirects that stay on the host."""
        for _ in range(5):
            reply = self._once(method, url, form, headers or {})
            target = urljoin(url, reply.headers.get("Location", url))
            leaves = urlsplit(target).netloc != urlsplit(url).netloc
            if reply.status != 303 or leaves:
                return reply
            method, url, form = "GET", target, None
        raise AssertionError("The redirects don't end.")

    def _cookies_for(self, path: str) -> dict[str, str]:
        return {
            name: value
            for (name, scope), value in self._cookies.items()
            if path == scope or path.startswith(f"{scope}/")
        }

    def _once(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None,
        headers: Mapping[str, str],
    ) -> Reply:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = {
            "Accept-Language": self.language,
            "Cookie": "; ".join(
                f"{name}={value}"
                for name, value in self._cookies_for(parts.path).items()
            ),
            "Content-Type": "application/x-www-form-urlencoded",
            **headers,
        }
        sent = {name: value for name, value in sent.items() if value}
        connection = HTTPConnection(parts.netloc, timeout=10)
        connection.request(method, path, urlencode(form or {}) if form else None, sent)
        response = connection.getresponse()
        html = response.read().decode()
        connection.close()
        for each in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(each).items():
                self._cookies[name, morsel["path"]] = morsel.value
        return Reply(response.status, response.headers, html, url)
