"""Pulumi's own options, as documented."""

from __future__ import annotations

from stripe import StripeClient

from .stack import Stack

HISTORY = 'features={"invoice_history": {"enabled": True}}'
DEFAULT = 'default = DefaultPortalConfiguration("default", features={})'


def test_protect(stack: Stack, dashboard: StripeClient) -> None:
    """A protected resource is deleted neither from code nor by destroy."""
    protected = f"""
    {DEFAULT}
    kept = PortalConfiguration("kept", {HISTORY}, opts=ResourceOptions(protect=True))
    pulumi.export("id", kept.id)
    """
    stack.up(protected)
    id_ = stack.output("id")

    refused = stack.up(DEFAULT, check=False)

    assert refused.code != 0
    assert "protected" in refused.text
    assert stack.destroy(check=False).code != 0
    assert dashboard.v1.billing_portal.configurations.retrieve(id_).active is True


def test_retain_on_delete(stack: Stack, dashboard: StripeClient) -> None:
    """A retained one leaves the state and stays as it is at Stripe."""
    stack.up(
        f"""
        {DEFAULT}
        kept = PortalConfiguration(
            "kept", {HISTORY}, opts=ResourceOptions(retain_on_delete=True)
        )
        pulumi.export("id", kept.id)
        """
    )
    id_ = stack.output("id")
    stack.sandbox.clear_requests()

    stack.up(DEFAULT)

    assert stack.sandbox.requests == []
    assert dashboard.v1.billing_portal.configurations.retrieve(id_).active is True


def test_ignore_changes_of_nested_fields(stack: Stack) -> None:
    """An ignored field keeps the recorded value, the others follow the code."""
    program = f"""
    {DEFAULT}
    PortalConfiguration(
        "plans",
        features={{"invoice_history": {{"enabled": True}}}},
        business_profile={{"headline": "Hello", "privacy_policy_url": "https://a.example"}},
        opts=ResourceOptions(ignore_changes=["business_profile.headline"]),
    )
    """
    stack.up(program)
    stack.sandbox.clear_requests()

    stack.up(program.replace("Hello", "Welcome"))
    assert stack.sandbox.requests == []

    stack.up(program.replace("Hello", "Welcome").replace("a.example", "b.example"))
    (sent,) = stack.sandbox.requests
    assert sent.params["business_profile"] == {
        "privacy_policy_url": "https://b.example"
    }
    stack.assert_converged()


def test_delete_before_replace(stack: Stack) -> None:
    """With the option the old endpoint goes first, else the new one comes first."""
    program = """
    WebhookEndpoint(
        "hook",
        url="https://example.com/hook",
        enabled_events=["invoice.paid"],
        secret_version="1",
        opts=ResourceOptions(delete_before_replace=%s),
    )
    """
    for first, order in ((True, ["DELETE", "POST"]), (False, ["POST", "DELETE"])):
        stack.up(program % first)
        stack.sandbox.clear_requests()
        stack.up((program % first).replace('"1"', f'"{first}"'))
        writes = [r.method for r in stack.sandbox.requests if r.method != "GET"]

        assert writes == order
        stack.destroy()


def test_aliases_and_the_marker(stack: Stack, dashboard: StripeClient) -> None:
    """Renaming by alias writes nothing; the new marker goes with the next write."""
    stack.up(
        f"""
        {DEFAULT}
        plans = PortalConfiguration("plans", {HISTORY})
        pulumi.export("id", plans.id)
        """
    )
    id_ = stack.output("id")
    renamed = f"""
    {DEFAULT}
    tiers = PortalConfiguration(
        "tiers", {HISTORY}, opts=ResourceOptions(aliases=[pulumi.Alias(name="plans")])
    )
    pulumi.export("id", tiers.id)
    """
    stack.sandbox.clear_requests()

    stack.up(renamed)
    assert stack.sandbox.requests == []
    assert stack.output("id") == id_
    stack.assert_converged()

    stack.up(renamed.replace("HISTORY", "").replace('"tiers", ', '"tiers", name="T", '))
    found = dashboard.v1.billing_portal.configurations.retrieve(id_)
    assert found.metadata is not None
    assert found.metadata["pulumi"] == "shop/test/PortalConfiguration/tiers"
    assert found.name == "T"
    stack.assert_converged()


def test_parent_in_a_component(stack: Stack) -> None:
    """A component's children converge; two of one name would share an owner."""
    component = f"""
    class Portal(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("shop:index:Portal", name)
            opts = ResourceOptions(parent=self)
            self.plans = PortalConfiguration("plans", {HISTORY}, opts=opts)

    {DEFAULT}
    Portal("a")
    """
    stack.up(component)
    stack.assert_converged()
    stack.sandbox.clear_requests()

    twins = stack.up(component + '\n    Portal("b")\n', check=False)

    assert twins.code != 0
    assert "has the same ownership marker" in twins.text
    assert "give one of the two another name" in twins.text
    assert stack.sandbox.requests == []


def test_depends_on(stack: Stack) -> None:
    """A resource waits for what it depends on."""
    stack.up(
        f"""
        {DEFAULT}
        one = PortalConfiguration("one", name="first", {HISTORY})
        PortalConfiguration(
            "two", name="second", {HISTORY}, opts=ResourceOptions(depends_on=[one])
        )
        """
    )
    names = [
        request.params.get("name")
        for request in stack.sandbox.requests
        if request.method == "POST"
    ]

    assert names[1:] == ["first", "second"]


def test_options_that_cannot_work_say_so(stack: Stack) -> None:
    """`replace_on_changes` and `version` have no effect, and a warning tells."""
    run = stack.up(
        f"""
        {DEFAULT}
        PortalConfiguration(
            "plans",
            {HISTORY},
            opts=ResourceOptions(replace_on_changes=["name"], version="1.2.3"),
        )
        """
    )

    assert "replace_on_changes has no effect" in run.text
    assert "version has no effect" in run.text
    assert "resource plugin" not in run.text
