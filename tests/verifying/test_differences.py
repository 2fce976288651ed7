"""What is compared, and what is never shown."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.stripe_api.exchange import Answer
from pulumi_stripe_portal.verifying.differences import Difference, differences

HERS: dict[str, Any] = {
    "id": "cus_N1cePersonsId0",
    "email": "ada@example.com",
    "name": "ada",
    "phone": "+44 20 7946 0000",
    "created": 1_790_000_000,
    "url": "https://dashboard.stripe.com/acct_1Hers0000000000/x",
    "status": "active",
    "livemode": False,
    "items": ["sk_test_123", {"secret": "whsec_Abcdefgh12345678"}],
}


def told(stripe: Any, sandbox: Any, *statuses: int, **kept: str) -> list[Difference]:
    """Compare two answers, of the same status where none is given."""
    one, other = statuses or (200, 200)
    return differences(
        Answer(one, stripe, {}),
        Answer(other, sandbox, {}),
        kept,
        dict.fromkeys(kept, ""),
    )


def test_nothing_of_a_person_is_shown() -> None:
    """Whatever an account has in its objects, only what it is stands in a report."""
    shown = str(told(HERS, {}))
    assert not told(HERS, {}, 200, 400)[1:]

    for each in (
        "cus_N1",
        "ada",
        "Ada",
        "+44",
        "1790000000",
        "acct_",
        "sk_",
        "Abcdefgh",
    ):
        assert each not in shown
    assert "active" in shown


def test_nothing_of_an_account_is_shown_in_a_message() -> None:
    """Words of Stripe's are shown without what is filled into them."""
    words = (
        "No such sub_1Abcdefgh2345 of ada@example.com, key sk_test_123, see "
        "https://dashboard.stripe.com/acct_1Abcdefgh2345/logs and 4242424242424242"
    )
    (message,) = told({"error": {"message": words}}, {"error": {}}, 400, 400)

    assert message.stripe == (
        "No such <id> of <address>, key [hidden], see <address> and <number>"
    )


def test_a_value_of_an_earlier_answer_has_its_name() -> None:
    """So that the same value and another one differ."""
    one = Answer(200, {"url": "https://a.example/1"}, {})
    same = {"login": "https://a.example/1"}
    other = {"login": "https://a.example/2"}

    assert differences(one, one, same, same) == []
    assert differences(one, one, same, other) == [
        Difference("url", "{login}", "<address>")
    ]


def test_each_kind_of_difference_is_found() -> None:
    """A status, a field, null, a type, a number, a word and a length."""
    one = {"a": 1, "b": None, "c": "x", "d": [1], "e": {"f": True}, "g": "none"}
    other = {"b": 2, "c": ["x"], "d": [1, 2], "e": {"f": False}, "g": "always"}
    found = told(one, other, 200, 201)

    assert [each.path for each in found] == [
        "HTTP status",
        "a",
        "b",
        "c",
        "d.length",
        "e.f",
        "g",
    ]
    assert found[1] == Difference("a", "1", "(missing)")


def test_what_differs_from_one_account_to_another_is_no_difference() -> None:
    """Ids, times, texts, addresses, and fields that every account has of its own."""
    one = {
        "id": "cus_Abcdefgh1234",
        "created": 1_790_000_000,
        "name": "A",
        "number": "1",
    }
    other = {
        "id": "cus_Zyxwvuts9876",
        "created": 1_790_000_009,
        "name": "B c",
        "number": "",
    }

    assert told(one, other) == []
