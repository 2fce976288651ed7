"""`stripe-portal compare`: what one stack lacks, or has otherwise, than another."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.review.compare import Comparison, compare
from pulumi_stripe_portal.review.comparison import as_json, as_markdown
from pulumi_stripe_portal.stacks import pulumi_cli

from .review.material import assert_kept, preview

States = list[dict[str, Any]]
CIPHERTEXT = {"4dabf18193072939515e22adb298388d": "1b47", "ciphertext": "v1:abc"}


def _states(*names: str, stack: str = "test") -> States:
    """Return the states that recorded previews began with, as in a stack's export."""
    found = [
        copy.deepcopy(step["oldState"])
        for name in names
        for step in preview(name)["steps"]
        if "oldState" in step and "dynamic/stripe-portal" in step["urn"]
    ]
    for state in found:
        state["urn"] = state["urn"].replace("urn:pulumi:test:", f"urn:pulumi:{stack}:")
    return found


def _price(id_: str, stack: str, **terms: Any) -> States:
    """Return the states of a price and its product, made by another package."""
    product = {"id": f"prod_{id_}", "name": "Team"}
    recurring = {"interval": "month", "intervalCount": 1}
    price = {
        "id": f"price_{id_}",
        "product": product["id"],
        "unitAmount": 4900,
        "currency": "usd",
        "recurring": recurring,
        **terms,
    }
    return [
        {
            "urn": f"urn:pulumi:{stack}::shop::stripe:index/{kind}::{id_}",
            "type": f"stripe:index/{kind}",
            "id": outputs["id"],
            "outputs": outputs,
        }
        for kind, outputs in (("product:Product", product), ("price:Price", price))
    ]


def _set(states: States, path: str, value: Any) -> States:
    """Return the states with one input of the last of them set."""
    changed = copy.deepcopy(states)
    for side in ("inputs", "outputs"):
        inside = changed[-1][side]
        *parents, last = path.split(".")
        for name in parents:
            inside = inside.setdefault(name, {})
        inside[last] = value
    return changed


def _compared(one: States, other: States, *ignore: str) -> Comparison:
    return compare(("test", "live"), (one, other), ignore)


TEST = _states("portal_destroyed")
LIVE = _states("portal_destroyed", stack="live")


def test_the_same() -> None:
    """The same program in both modes is the same, though every id differs."""
    for state in LIVE:
        state["id"] += "Live"
    found = _compared(TEST, LIVE)

    assert found.same
    assert as_markdown(found) == "## live has all that test has, and nothing differs\n"


def test_all_that_can_differ() -> None:
    """What is missing, what is extra, what differs, and prices that aren't there."""
    team = copy.deepcopy(TEST[-1])
    team["urn"] += "-team"
    team["inputs"]["name"] = team["outputs"]["name"] = "Team portal"
    one = [*_states("endpoint_destroyed"), team, *TEST]
    two = _set(LIVE, "features.invoice_history.enabled", False)
    two = _set(two, "features.subscription_cancel.mode", "immediately")
    one = _set(
        one,
        "features.subscription_update.products",
        [{"prices": [{"lookup_key": "team_monthly"}]}],
    )
    extra = copy.deepcopy(LIVE[-1])
    extra["urn"] += "-partners"
    extra["inputs"]["name"] = extra["outputs"]["name"] = "Partners"
    found = _compared(one, [*two, extra])

    assert_kept("compare", as_markdown(found))


def test_matched_by_name() -> None:
    """A portal that the code calls otherwise is known by its `name`."""
    renamed = copy.deepcopy(LIVE)
    renamed[-1]["urn"] += "-2"

    assert _compared(TEST, renamed).same


def test_matched_by_address() -> None:
    """An endpoint that the code calls otherwise is known by its URL."""
    one = _states("endpoint_destroyed")
    two = copy.deepcopy(one)
    two[-1]["urn"] += "-2"

    assert _compared(one, two).same
    assert not _compared(one, _set(two, "url", "https://acme.example/other")).same


def test_the_default_is_the_default() -> None:
    """An account has one default: it is matched whatever it is called."""
    one = _states("default_let_go")
    two = copy.deepcopy(one)
    two[-1]["urn"] += "-2"
    two[-1]["inputs"]["name"] = two[-1]["outputs"]["name"] = "Default of live"
    found = _compared(one, two)

    assert [s.path for d in found.different for s in d.settings] == ["name"]


class TestPrices:
    """Prices are matched by what both modes know them by."""

    PATH = "features.subscription_update.products"

    def _both(self, test: Any, live: Any, **terms: Any) -> Comparison:
        one = _set([*_price("Test", "test", **terms), *TEST], self.PATH, test)
        two = _set([*_price("Live", "live", **terms), *LIVE], self.PATH, live)
        return _compared(one, two)

    def test_by_lookup_key(self) -> None:
        """An id and a lookup key that name the same price are the same."""
        test = [{"prices": [{"lookup_key": "team_monthly"}]}]
        live = [{"product": "prod_Live", "prices": ["price_Live"]}]

        assert self._both(test, live, lookupKey="team_monthly").same

    def test_by_product_and_amount(self) -> None:
        """Without a lookup key, product, interval and amount tell a price."""
        test = [{"product": "prod_Test", "prices": ["price_Test"]}]
        live = [{"product": "prod_Live", "prices": ["price_Live"]}]

        assert self._both(test, live).same

    def test_of_another_amount(self) -> None:
        """A price that costs something else in live is another price."""
        test = [{"product": "prod_Test", "prices": ["price_Test"]}]
        live = [{"product": "prod_Live", "prices": ["price_Live"]}]
        one = _set([*_price("Test", "test"), *TEST], self.PATH, test)
        two = _set([*_price("Live", "live", unitAmount=5900), *LIVE], self.PATH, live)
        found = _compared(one, two)

        assert "Team monthly (49.00 USD)" in as_markdown(found)
        assert len(found.prices) == 1

    def test_known_by_nothing(self) -> None:
        """An id that no name is known for can't be matched, and is said to be so."""
        test = [{"product": "prod_a", "prices": ["price_a"]}]
        live = [{"product": "prod_b", "prices": ["price_b"]}]
        text = as_markdown(self._both(test, live))

        assert "`price_a`, on offer in *Pro portal*; it has no lookup key" in text

    def test_that_live_has_already(self) -> None:
        """A price that live makes but doesn't offer yet is not missing there."""
        test = [{"prices": [{"lookup_key": "team_monthly"}]}]
        found = self._both(test, [], lookupKey="team_monthly")

        assert found.prices == {}
        assert not found.same

    def test_order_means_nothing(self) -> None:
        """The order of products and prices is no difference."""
        products = TEST[-1]["inputs"]["features"]["subscription_update"]["products"]
        turned = [{"prices": entry["prices"][::-1]} for entry in reversed(products)]

        assert _compared(TEST, _set(LIVE, self.PATH, turned)).same


def test_money() -> None:
    """How cancelling and changes of plan are billed is told, not only in the table."""
    other = _set(LIVE, "features.subscription_cancel.mode", "immediately")
    other = _set(other, "features.subscription_update.proration_behavior", "none")
    text = as_markdown(_compared(TEST, other))

    assert (
        "- In test: When customers cancel, the subscription runs on until the end of "
        "the period they paid for. In live: the subscription ends at once, "
    ) in text
    assert (
        "- In test: When customers change plan or quantity in the middle of a period, "
        "the difference goes on the next invoice. In live: the rest of the period is "
        "neither charged nor credited."
    ) in text


def test_money_of_nothing() -> None:
    """Where one stack has no cancelling, how it goes in the other is no difference."""
    off = _set(LIVE, "features.subscription_cancel.enabled", False)
    other = _set(off, "features.subscription_cancel.mode", "immediately")

    assert "When customers cancel" not in as_markdown(_compared(TEST, other))


def test_ignored() -> None:
    """What is named to be ignored is no difference, and what is inside it isn't."""
    other = _set(_set(LIVE, "name", "Pro (live)"), "metadata", {"tier": "pro"})

    assert not _compared(TEST, other, "name").same
    assert _compared(TEST, other, "name", "metadata").same


def test_secrets() -> None:
    """A secret is each stack's own: it is no difference, and is never shown."""
    one = _states("endpoint_destroyed")
    two = _set(one, "secret", CIPHERTEXT)
    two[-1]["outputs"]["secret_version"] = two[-1]["inputs"]["secret_version"] = "7"

    assert _compared(one, two).same


def test_secret_settings() -> None:
    """Another setting that is secret in one stack differs, and isn't shown."""
    other = _set(LIVE, "business_profile", {"headline": CIPHERTEXT})
    found = _compared(TEST, other)

    assert "secret, not shown" in as_markdown(found)
    assert "ciphertext" not in json.dumps(as_json(found))


FEATURES = "features.subscription_update"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
PLAN = {"prices": [{"lookup_key": "pro_monthly"}]}
UNTOLD = [
    (
        "features.subscription_pause.duration",
        {"type": "interval_options", "interval_options": {}},
    ),
    (f"{FEATURES}.products", [{**PLAN, "adjustable_quantity": {"enabled": {}}}]),
    (f"{FEATURES}.products", [{"product": 7, "prices": ["price_1"]}]),
    (f"{FEATURES}.products", [*[PLAN] * 40, {"prices": [7]}]),
    (f"{FEATURES}.schedule_at_period_end.conditions", [{"type": {}}]),
    ("features.customer_update.allowed_updates", [*["name"] * 40, 7]),
    ("name", UNKNOWN),
    ("features.subscription_pause.duration", UNKNOWN),
]


@pytest.mark.parametrize(("path", "value"), UNTOLD)
def test_unreadable_with_itself(path: str, value: Any) -> None:
    """What has a form that it can't have is nothing known: it differs, and says why.

    To a program as to people, and nowhere that it is secret or still to come.
    """
    states = _set(TEST, path, value)
    found = _compared(states, states)
    [difference] = found.different

    assert len(difference.settings) == 1
    for text in (as_markdown(found), json.dumps(as_json(found))):
        assert text.count("not readable: it has a form that it can't have") >= 2
        assert not re.search("secret|before the update", text)


def test_no_query_of_an_address() -> None:
    """It may hold a token, as it does not stand in the Markdown either."""
    one = _states("endpoint_destroyed")
    two = _set(one, "url", "https://acme.example/hook?token=hunter2")
    found = _compared(one, two)

    for text in (json.dumps(as_json(found)), as_markdown(found)):
        assert "https://acme.example/hook?[hidden]" in text
        assert "hunter2" not in text


def test_pending_deletes() -> None:
    """What a replacement has still to delete is not there any more."""
    doomed = copy.deepcopy(TEST[-1])
    doomed["urn"] += "-old"
    doomed["delete"] = True

    assert _compared([*TEST, doomed], LIVE).same


class TestCommand:
    """The command reads both states, and asks Stripe nothing."""

    @pytest.fixture(autouse=True)
    def _stacks_as_recorded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stacks = {
            "test": TEST,
            "live": LIVE,
            "other": _set(LIVE, "features.invoice_history.enabled", False),
        }

        def resources(stack: str) -> States:
            if stack not in stacks:
                raise pulumi_cli.StackError(f"no stack named '{stack}' found")
            return stacks[stack]

        monkeypatch.setattr(pulumi_cli, "resources", resources)

    def _run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["compare", *arguments])

    def test_same(self) -> None:
        """Nothing differs: exit 0."""
        done = self._run("test", "live")

        assert (done.exit_code, done.stderr) == (0, "")
        assert "nothing differs" in done.stdout

    def test_different(self) -> None:
        """Something differs: exit 1, and it is told."""
        done = self._run("test", "other")

        assert done.exit_code == 1
        assert "Customers can see their past invoices in test, not in other." in (
            done.stdout
        )

    def test_ignored(self) -> None:
        """What is ignored doesn't count."""
        done = self._run("test", "other", "--ignore", "features.invoice_history")

        assert done.exit_code == 0

    def test_json(self) -> None:
        """`--json` says the same to a program."""
        done = self._run("test", "other", "--json")
        told = json.loads(done.stdout)

        assert done.exit_code == 1
        assert told["stacks"] == ["test", "other"]
        assert told["same"] is False
        [different] = told["different"]
        assert (different["type"], different["name"]) == ("PortalConfiguration", "pro")
        assert different["settings"] == [
            {
                "path": "features.invoice_history.enabled",
                "label": "Seeing past invoices",
                "values": [True, False],
            }
        ]

    def test_no_such_stack(self) -> None:
        """A stack that isn't there: exit 2, and stdout stays empty."""
        done = self._run("test", "nosuch")

        assert (done.exit_code, done.stdout) == (2, "")
        assert "no stack named 'nosuch' found" in done.stderr
