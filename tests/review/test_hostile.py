"""Texts that users wrote stay texts: nothing breaks out of the comment."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_stripe_portal.review import markdown, offline, read_plan, report_of

from .hostile_texts import EVIL
from .material import preview

markdown_it = pytest.importorskip("markdown_it", reason="a Markdown renderer")

texts = st.text(max_size=60) | st.text("`|\\*_<>[]()!#@\n&-~ :/.a1", max_size=40)


def _hostile(text: str, message: str = "a message") -> str:
    """Return a review in which all that users can write is this text."""
    told: Any = copy.deepcopy(preview("hostile"))
    for step in told["steps"]:
        inputs = step.get("newState", {}).get("inputs", {})
        if "features" in inputs and "subscription_update" in inputs["features"]:
            step["urn"] += text
            inputs["name"] = text
            inputs["business_profile"] = {
                "headline": text,
                "privacy_policy_url": text,
                "terms_of_service_url": text,
            }
            inputs["metadata"] = {text: text, "key": text}
            inputs["default_return_url"] = text
            update = inputs["features"]["subscription_update"]
            update["products"][0]["prices"].append({"lookup_key": text})
            update["products"].append({"product": text, "prices": [text]})
    told["diagnostics"] = [
        {
            "severity": "warning",
            "message": f"warning: {message}",
            "urn": f"::::::{text}",
        },
        {"severity": "error", "message": f"error: first\n- {message}"},
    ]
    objects = [
        {
            "id": "price_1",
            "object": "price",
            "lookup_key": "pro_monthly",
            "nickname": text,
            "product": {"id": "prod_1", "name": text},
        }
    ]
    plan = read_plan(told)
    return markdown(report_of([plan], {plan.stack: offline(plan, objects)}))


def _tokens(text: str) -> list[Any]:
    reader = markdown_it.MarkdownIt("commonmark", {"html": True})
    found: list[Any] = reader.enable(["table", "strikethrough"]).parse(text)
    return found


def _cells(row: str) -> int:
    """Count a table row's cells as GitHub does: a backslash escapes what follows."""
    return len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) - 1


def _shape(review: str) -> list[str]:
    return [f"{token.type} {token.tag}" for token in _tokens(review)]


CALM = _shape(_hostile("calm"))


@settings(max_examples=30, deadline=None)
@given(texts)
def test_any_text(text: str) -> None:
    """Whatever the text, the review keeps its shape."""
    if text.strip() and text != "a message":
        assert _shape(_hostile(text)) == CALM
    _assert_calm(_hostile(text, text))


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_evil_text(text: str) -> None:
    """Texts made to break out don't."""
    if text.strip():
        assert _shape(_hostile(text)) == CALM
    _assert_calm(_hostile(text, text))


def _assert_calm(review: str) -> None:
    """Fail if anything in a review is markup that the review did not write."""
    tokens = _tokens(review)

    blocks = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert len(blocks) == CALM.count("html_block ")
    assert all(re.fullmatch(r"<!-- [^<>]* -->|</?details>.*", each) for each in blocks)
    inside = [child for token in tokens for child in token.children or ()]
    kinds = {child.type for child in inside}
    assert kinds <= {
        "text",
        "text_special",
        "code_inline",
        "strong_open",
        "strong_close",
        "em_open",
        "em_close",
        "html_inline",
    }
    assert {c.content for c in inside if c.type == "html_inline"} <= {"<br>"}
    rows = [line for line in review.splitlines() if line.startswith("| ")]
    assert {_cells(row) for row in rows} == {2}
    prose = "".join(child.content for child in inside if child.type == "text")
    assert not re.search(r"(?<![\w`])@\w|://|www\.|\bGH-\d|#\d", prose)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066\u2067]", review)
    assert len(review.encode()) <= 65_536


def test_secrets_are_blanked() -> None:
    """A key or signing secret is never shown, wherever somebody wrote it."""
    text = _hostile("whsec_abc sk_live_abc (rk_test_abc) desk_test_monthly")

    assert not re.search(r"_abc", text)
    assert "[hidden]" in text
    assert "desk" in text


def test_login_in_an_address_is_blanked() -> None:
    """A user name and password in an address are never shown."""
    assert "hunter2" not in _hostile("https://admin:hunter2@acme.example/")
