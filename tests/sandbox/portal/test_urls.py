"""Addresses that lead away from the portal."""

from __future__ import annotations

import pytest

from pulumi_stripe_portal.sandbox.portal.handlers.urls import origin_of, safe


@pytest.mark.parametrize(
    "url",
    [
        "javascript://example.com/%0aalert(1)",
        "JavaScript://example.com/%0aalert(1)",
        " javascript://x",
        "data://text/html,x",
        "file:///etc/passwd",
        "//example.com",
        "/account",
        "https://",
        "ht tps://example.com",
        "",
        None,
    ],
)
def test_refused(url: str | None) -> None:
    """What a browser would run, read itself or take for its own site is no address."""
    assert safe(url) is None


@pytest.mark.parametrize("url", ["https://example.com/a?b=c", "acme-app://billing"])
def test_kept(url: str) -> None:
    """Sites and apps are addresses."""
    assert safe(url) == url


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://example.com/account?x=1", "https://example.com"),
        ("http://user@127.0.0.1:4242/", "http://127.0.0.1:4242"),
        ("https://a.example;script-src *", "https://a.examplescript-src"),
        ("acme-app://billing", "acme-app:"),
    ],
)
def test_origin(url: str, origin: str) -> None:
    """A policy gets the origin alone, and no more than one directive of it."""
    assert origin_of(url) == origin
