"""Pulumi's own options, as documented."""

from __future__ import annotations

from typing import Any

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


def test_ignored_features_are_not_switched_off(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Nor are those that the code doesn't declare, whatever is to become of them."""
    clicked: Any = {"payment_method_update": {"enabled": True}}
    made = dashboard.v1.billing_portal.configurations.create({"features": clicked})
    code = 'DefaultPortalConfiguration("main", features={}, {more})\n'
    stack.up(code.replace("{more}", ""))
    ignoring = 'undeclared_features="off", opts=ResourceOptions(ignore_changes=["{0}"])'

    for path in ("features", "features.payment_method_update"):
        run = stack.up(code.replace("{more}", ignoring.replace("{0}", path)))
        assert "switches payment_method_update off" not in run.text
        found = dashboard.v1.billing_portal.configurations.retrieve(made.id)
        assert found.features.payment_method_update.enabled

    run = stack.up(code.replace("{more}", 'undeclared_features="off"'))
    assert "switches payment_method_update off" in run.text
    found = dashboard.v1.billing_portal.configurations.retrieve(made.id)
    assert not found.features.payment_method_update.enabled
    stack.assert_converged()


def test_delete_before_replace(stack: Stack) -> None:
    """With the option the old endpoint goes first, else the new one comes first."""
    program = """
    for first in (True, False):
        WebhookEndpoint(
            str(first),
            url=f"https://example.com/{first}",
            enabled_events=["invoice.paid"],
            secret_version="1",
            opts=ResourceOptions(delete_before_replace=first),
        )
    """
    stack.up(program)
    old = {stack.resource(name)["id"]: name for name in ("True", "False")}
    stack.sandbox.clear_requests()

    stack.up(program.replace('"1"', '"2"'))

    writes: dict[str, list[str]] = {"True": [], "False": []}
    for request in stack.sandbox.requests:
        if request.method == "POST":
            writes[request.params["url"].rpartition("/")[2]].append("POST")
        elif request.method == "DELETE":
            writes[old[request.path.rpartition("/")[2]]].append("DELETE")
    assert writes == {"True": ["DELETE", "POST"], "False": ["POST", "DELETE"]}


def test_aliases_and_the_marker(stack: Stack, dashboard: StripeClient) -> None:
    """Renaming by alias writes the new marker alone; another change goes with it."""
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
    (sent,) = stack.sandbox.requests
    marker = "shop/test/PortalConfiguration/tiers"
    assert sent.params["metadata"] == {"pulumi": marker}
    assert set(sent.params) == {"metadata", "expand"}
    assert stack.output("id") == id_
    stack.assert_converged()

    stack.sandbox.clear_requests()
    again = renamed.replace('"plans"', '"tiers"').replace('"tiers", ', '"all", ', 1)
    stack.up(again.replace('"all", ', '"all", name="T", '))
    (sent,) = stack.sandbox.requests
    assert set(sent.params) == {"metadata", "name", "expand"}
    found = dashboard.v1.billing_portal.configurations.retrieve(id_)
    assert found.to_dict()["metadata"] == {
        "pulumi": "shop/test/PortalConfiguration/all"
    }
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


def test_import_from_a_transformation_says_that_it_cannot_work(stack: Stack) -> None:
    """The id reaches us too late: one clear error, before anything is sent."""
    program = """
    def inject(args):
        opts = ResourceOptions(import_="bpc_1")
        return pulumi.ResourceTransformationResult(
            args.props, ResourceOptions.merge(args.opts, opts)
        )
    """
    own = f"""
    PortalConfiguration(
        "plans", {HISTORY}, opts=ResourceOptions(transformations=[inject])
    )
    """
    every = f"""
    pulumi.runtime.register_stack_transformation(inject)
    PortalConfiguration("plans", {HISTORY})
    """
    for source in (program + own, program + every):
        stack.program(source)
        refused = stack.preview(check=False)
        assert refused.code != 0
        assert (
            "import_ was set by a transformation, which has no effect" in refused.text
        )
        assert "set it in the resource's own `opts`" in refused.text
        assert "Traceback" not in refused.text
    assert stack.sandbox.requests == []


def test_inherited_providers_and_outputs_in_depends_on(
    stack: Stack, dashboard: StripeClient
) -> None:
    """A component hands its provider down; a dependency may come as an Output."""
    live = stack.sandbox.live_api_key
    stack.up(
        f"""
        class Portal(pulumi.ComponentResource):
            def __init__(self, name, opts):
                super().__init__("shop:index:Portal", name, None, opts)
                inside = ResourceOptions(parent=self)
                WebhookEndpoint(
                    "hook",
                    url="https://example.com/hook",
                    enabled_events=["invoice.paid"],
                    opts=inside,
                )

        acct = Provider("acct", api_key="{live}", mode="live")
        portal = Portal("live", ResourceOptions(providers=[acct], protect=True))
        {DEFAULT}
        waits = ResourceOptions(depends_on=Output.from_input([default, portal]))
        PortalConfiguration("plans", {HISTORY}, opts=waits)
        """
    )

    (hook,) = stack.sandbox.client(livemode=True).v1.webhook_endpoints.list().data
    assert hook.livemode
    assert dashboard.v1.webhook_endpoints.list().data == []
    assert stack.resource("hook")["protect"] is True
    assert stack.resource("plans")["dependencies"]
    posts = [r.path for r in stack.sandbox.requests if r.method == "POST"]
    assert posts[-1] == "/v1/billing_portal/configurations"
    stack.assert_converged()


def test_a_renamed_endpoint_keeps_its_secret(
    stack: Stack, dashboard: StripeClient
) -> None:
    """An alias is no replacement, and ignored fields of an endpoint stay."""
    program = """
    hook = WebhookEndpoint(
        "hook",
        url="https://example.com/hook",
        enabled_events=["invoice.paid"],
        opts=ResourceOptions(ignore_changes=["url"]),
    )
    pulumi.export("secret", hook.secret)
    """
    stack.up(program)
    secret = stack.output("secret")
    stack.sandbox.clear_requests()

    renamed = program.replace('"hook"', '"events"').replace(
        '["url"]', '["url"], aliases=[pulumi.Alias(name="hook")]'
    )
    stack.up(renamed.replace("com/hook", "com/other"))
    (sent,) = stack.sandbox.requests
    assert set(sent.params) == {"metadata"}
    stack.up(renamed.replace('"invoice.paid"', '"customer.updated"'))

    assert stack.output("secret") == secret
    (found,) = dashboard.v1.webhook_endpoints.list().data
    assert found.url == "https://example.com/hook"
    assert found.enabled_events == ["customer.updated"]
    marker = found.to_dict()["metadata"]["pulumi"]
    assert marker.startswith("shop/test/WebhookEndpoint/events#")
    stack.assert_converged()
