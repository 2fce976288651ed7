"""What a review says besides the settings: outages, renames, markers, take-backs."""

from __future__ import annotations

import pytest

from pulumi_stripe_portal.review import Risk, markdown, read_plan, report_of
from pulumi_stripe_portal.review.text import plain

from .leaves import BASES, preview_of, put
from .material import preview, previewed
from .steps import DEFAULT, ENDPOINT, PORTAL, resource, review, step, updated


class TestOutage:
    """A portal that goes offline comes first."""

    @pytest.mark.parametrize("op", ["deactivated", "destroyed", "replaced"])
    def test_first(self, op: str) -> None:
        """Before money, in the summary, among the resources and within one."""
        base = BASES[PORTAL]
        money = put(base, ("features", "subscription_cancel", "mode"), "at_period_end")
        going = {
            "deactivated": preview_of(
                "update",
                resource(PORTAL),
                resource(PORTAL, put(base, ("active",), False)),
            ),
            "destroyed": preview_of("delete", resource(PORTAL), None),
            "replaced": preview_of(
                "replace",
                resource(PORTAL),
                resource(PORTAL, put(money, ("account",), "acct_1")),
            ),
        }[op]["steps"][0]
        other = resource(PORTAL, money, "another")
        more = preview_of("update", resource(PORTAL, name="another"), other)["steps"]
        text = review(*more, going)

        assert ". Look at: a portal goes offline, money" in text
        assert text.index("**A portal goes offline**") < text.index("**Money**")

    def test_sign_in_link(self) -> None:
        """Its sign-in link goes with it, where it has one."""
        without = put(BASES[PORTAL], ("login_page", "enabled"), False)

        assert "its sign-in link stops working" in review(
            step("delete", resource(PORTAL))
        )
        assert "link" not in review(step("delete", resource(PORTAL, without)))

    def test_never_the_default(self) -> None:
        """Stripe never deactivates the account's default."""
        for state in (resource(PORTAL, is_default=True), resource(DEFAULT)):
            assert "goes offline" not in review(step("delete", state))

    def test_off_already(self) -> None:
        """One that was deactivated before goes nowhere."""
        off = put(BASES[PORTAL], ("active",), False)

        assert "goes offline" not in review(step("delete", resource(PORTAL, off)))


class TestRename:
    """One resource goes and another with the same inputs comes: a rename."""

    def test_portal(self) -> None:
        """Both are told so, and what keeps the portal."""
        text = review(
            step("create", resource(PORTAL, name="new")),
            step("delete", resource(PORTAL)),
        )

        assert (
            "- The code seems to rename it to `new`; with `aliases` nothing would "
            "change for customers.\n"
        ) in text
        assert (
            "- It looks like a rename of `it`; with `aliases` nothing would change for "
            "customers.\n"
        ) in text
        assert text.startswith("<!--")
        assert "Look at: a portal goes offline" in text

    def test_nearly_the_same(self) -> None:
        """What differs besides is named, and no more is promised."""
        other = put(BASES[PORTAL], ("features", "invoice_history", "enabled"), False)
        text = review(
            step("create", resource(PORTAL, other, "new")),
            step("delete", resource(PORTAL)),
        )

        assert "customers would notice only what differs: seeing past invoices." in text
        assert "nothing would change" not in text

    def test_another_portal(self) -> None:
        """A portal that is set up otherwise is another portal."""
        other = {"features": {"invoice_history": {"enabled": True}}, "name": "Other"}
        text = review(
            step("create", resource(PORTAL, other, "new")),
            step("delete", resource(PORTAL)),
        )

        assert "rename" not in text

    def test_each_with_its_own(self) -> None:
        """Of several, those that are most alike belong together."""
        free = put(BASES[PORTAL], ("features", "subscription_cancel", "mode"), None)
        text = review(
            step("delete", resource(PORTAL, name="a")),
            step("delete", resource(PORTAL, free, "b")),
            step("create", resource(PORTAL, free, "b2")),
            step("create", resource(PORTAL, name="a2")),
        )

        assert "a rename of `a`; with `aliases` nothing would change" in text
        assert "a rename of `b`; with `aliases` nothing would change" in text

    def test_moved_into_a_component(self) -> None:
        """The same name inside a component is another resource for Pulumi."""
        moved = resource(PORTAL)
        moved["urn"] = moved["urn"].replace(
            "pulumi-python:", "my:index:Team$pulumi-python:"
        )
        text = review(step("create", moved), step("delete", resource(PORTAL)))

        assert "1 new, 1 switched off" in text
        assert "- The code seems to move it elsewhere; with `aliases` nothing" in text

    def test_endpoint(self) -> None:
        """A renamed endpoint has another signing secret, whatever else changes."""
        other = put(BASES[ENDPOINT], ("enabled_events",), ["*"])
        text = review(
            step("create", resource(ENDPOINT, other, "new")),
            step("delete", resource(ENDPOINT)),
        )

        assert (
            "It looks like a rename of `it`: the signing secret changes; with "
            "`aliases` the endpoint and its signing secret would stay."
        ) in text
        assert "Look at: a secret" in text

    def test_another_address(self) -> None:
        """An endpoint for another address is another endpoint."""
        other = put(BASES[ENDPOINT], ("url",), "https://acme.example/other")
        text = review(
            step("create", resource(ENDPOINT, other, "new")),
            step("delete", resource(ENDPOINT)),
        )

        assert "rename" not in text

    def test_not_the_default(self) -> None:
        """The default stays what it is, whatever the code calls it."""
        for old, new in (
            (resource(DEFAULT), resource(DEFAULT, name="new")),
            (resource(PORTAL, is_default=True), resource(PORTAL, name="new")),
        ):
            assert "rename" not in review(step("create", new), step("delete", old))


class TestAnnouncements:
    """What the provider will do besides stands with the resource."""

    @pytest.mark.parametrize(
        ("kind", "words", "risk"),
        [
            (
                PORTAL,
                "takes back bpc_1, which an interrupted `up` left 3 minutes ago",
                None,
            ),
            (ENDPOINT, "deletes we_1, which an interrupted `up` left", Risk.EVENTS),
            (DEFAULT, "adopts <b>bpc_1</b> @everyone\n# Heading", None),
        ],
    )
    def test_told(self, kind: str, words: str, risk: Risk | None) -> None:
        """In the provider's words, which can't break out of the list."""
        state = resource(kind)
        warning = {
            "severity": "warning",
            "urn": state["urn"],
            "message": f"warning: {words}\n",
        }
        plan = read_plan({"steps": [step("create", state)], "diagnostics": [warning]})
        report = report_of([plan])
        [section] = report.sections
        [told] = [
            effect
            for effect in section.parts["test"].effects
            if plain(effect.text).startswith("The update ")
        ]
        text = markdown(report)

        assert told.risk is risk
        assert "The update " + words.split()[0] in text
        assert "<b>" not in text
        assert "\n# Heading" not in text
        assert "@everyone" not in text

    def test_other_warnings(self) -> None:
        """Any other warning stays among the warnings."""
        state = resource(PORTAL)
        warning = {
            "severity": "warning",
            "urn": state["urn"],
            "message": "no legal links",
        }

        assert "The update" not in review(step("create", state), diagnostics=[warning])


class TestWayBack:
    """Without a link back to the app, sessions have to say where to return to."""

    REFUSED = (
        "- Stripe refuses sessions that don't say where to return to (`return_url`)"
    )

    def test_removed(self) -> None:
        """That it goes is a risk."""
        will = put(BASES[PORTAL], ("default_return_url",), None)
        text = updated(PORTAL, BASES[PORTAL], will)

        assert "Look at: what customers can do" in text
        assert "- The link back to the app is removed. Before: `https://acme" in text
        assert self.REFUSED in text

    def test_new(self) -> None:
        """A portal that is made without one is said to be so."""
        without = put(BASES[PORTAL], ("default_return_url",), None)

        assert self.REFUSED in review(step("create", resource(PORTAL, without)))
        assert self.REFUSED not in review(step("create", resource(PORTAL)))

    def test_unknown_of_a_default(self) -> None:
        """What an adopted default has is left as it is, and not known."""
        without = put(BASES[DEFAULT], ("default_return_url",), None)

        assert self.REFUSED not in review(step("create", resource(DEFAULT, without)))


def test_recorded_on_the_engine() -> None:
    """A rename in a program is what the engine shows as two resources."""
    ops = {step["op"] for step in preview("portal_renamed")["steps"]}
    changes = {change.op for change in previewed("portal_renamed").changes}

    assert {"create", "delete"} <= ops
    assert changes == {"create", "delete"}
