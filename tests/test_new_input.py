"""An input that Stripe has just added: what is written for it, and what tells of it.

The recipe of CONTRIBUTING.md, tried with a switch that no portal has.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, get_args, get_origin

import pytest
from stripe.params.billing_portal import (
    ConfigurationCreateParams,
    ConfigurationModifyParams,
)
from typing_extensions import (
    NotRequired,
    TypedDict,
    get_type_hints,
    is_typeddict,
)

from pulumi_stripe_portal.errors import InvalidInputs
from pulumi_stripe_portal.inputs import PortalConfigurationInputs, Switch
from pulumi_stripe_portal.providers import portal_configuration
from pulumi_stripe_portal.review import markdown, read_plan, report_of
from pulumi_stripe_portal.review.fields import FIELDS, Risk, Words
from pulumi_stripe_portal.review.states import SCHEMAS
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.schema.resources import PORTAL
from pulumi_stripe_portal.schema.tree import schema_of
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stripe_api.views import inputs_from_object

from . import test_stripe_contract
from .managed import Managed
from .review import test_words
from .review.leaves import BASES, preview_of, put, state_of

CONFIGURATIONS = "/v1/billing_portal/configurations"
PATH = ("features", "subscription_cancel", "ask_again")
NAME = ".".join(PATH)


def with_field(declaration: Any, path: tuple[str, ...], annotation: Any) -> Any:
    """Return a copy of a TypedDict of `inputs` with a field at a path, or without."""
    hints = get_type_hints(declaration, include_extras=True)
    name, *rest = path
    if rest:
        hints[name] = _inside(hints[name], tuple(rest), annotation)
    elif annotation is None:
        del hints[name]
    else:
        hints[name] = annotation
    return TypedDict(declaration.__name__, hints)  # type: ignore[operator]


def _inside(hint: Any, path: tuple[str, ...], annotation: Any) -> Any:
    if is_typeddict(hint):
        return with_field(hint, path, annotation)
    assert get_origin(hint) in (NotRequired, Annotated)
    inner, *marks = get_args(hint)
    changed = _inside(inner, path, annotation)
    return Annotated[(changed, *marks)] if marks else NotRequired[changed]


DECLARED = with_field(PortalConfigurationInputs, PATH, NotRequired[Switch])


class PortalConfigurationProvider(portal_configuration.PortalConfigurationProvider):
    """The provider with one line more in `inputs`."""

    manages = replace(PORTAL, inputs=DECLARED)


def inputs(value: Any) -> dict[str, Any]:
    """Return a configuration with the new field."""
    cancel = {"enabled": True, PATH[-1]: value}
    return {"features": {"subscription_cancel": cancel}}


@pytest.fixture
def sandbox(stripe_sandbox: Sandbox) -> Sandbox:
    """A Stripe that has the field, and an account with a default configuration."""
    stripe_sandbox.accept_param(
        CONFIGURATIONS, "features[subscription_cancel][ask_again]"
    )
    features: Any = {"customer_update": {"enabled": False}}
    stripe_sandbox.client().v1.billing_portal.configurations.create(
        {"features": features}
    )
    return stripe_sandbox


def test_what_stripe_has_and_inputs_lacks_is_named() -> None:
    """The `stripe` package that adds it turns a test red, with the field's path."""
    lacking = with_field(
        PortalConfigurationInputs, ("features", "subscription_cancel", "mode"), None
    )
    theirs = (ConfigurationCreateParams, ConfigurationModifyParams)
    with pytest.raises(AssertionError, match=r"features.subscription_cancel.mode"):
        test_stripe_contract.test_every_parameter_is_an_input(lacking, theirs)


def test_a_line_in_inputs_is_validated(sandbox: Sandbox) -> None:
    """Without the line it is an unknown key; with it, its type is checked."""
    before = Managed(portal_configuration.PortalConfigurationProvider, sandbox)
    after = Managed(PortalConfigurationProvider, sandbox)

    with pytest.raises(InvalidInputs, match="ask_again: there is no such"):
        before.up(inputs(True))
    with pytest.raises(InvalidInputs, match="ask_again: "):
        after.up(inputs("perhaps"))
    assert after.up(inputs(True)) == "create"


def test_a_line_in_inputs_is_sent_and_read_back(sandbox: Sandbox) -> None:
    """What is declared is sent; what was changed at Stripe is drift, and written again.

    It is imported, too. Taken out of the code, it is reset to its `Field`'s default.
    """
    resource = Managed(PortalConfigurationProvider, sandbox)
    configurations = sandbox.client().v1.billing_portal.configurations

    def asks() -> Any:
        found: Any = configurations.retrieve(resource.id)
        return found.features.subscription_cancel.ask_again

    resource.up(inputs(True))
    assert asks() is True
    found = configurations.retrieve(resource.id).to_dict()
    imported = inputs_from_object(schema_of(DECLARED), found)
    assert value_at(imported, PATH) is True
    assert not resource.refresh()
    edit: Any = inputs(False)
    configurations.update(resource.id, edit)
    assert resource.refresh()
    assert resource.up(inputs(True)) == "update"
    assert asks() is True
    assert resource.up({"features": {"subscription_cancel": {"enabled": True}}})
    assert asks() is False


def review() -> str:
    """Return what a pull request is told of a change of the field."""
    was, will = (put(BASES["PortalConfiguration"], PATH, on) for on in (False, True))
    states = (state_of("PortalConfiguration", each) for each in (was, will))
    return markdown(report_of([read_plan(preview_of("update", *states))]))


def test_a_sentence_of_the_review(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one it is told by its own name, and a test names it.

    It is an entry of a table of words.
    """
    root = schema_of(DECLARED)
    monkeypatch.setitem(SCHEMAS, "PortalConfiguration", root)
    assert f"`{NAME}` changes from no to yes." in review()
    with pytest.raises(AssertionError, match=NAME):
        test_words.test_every_field_has_words(root)

    words = Words("Asking again before they cancel", "cancelling", Risk.ACCESS)
    monkeypatch.setitem(FIELDS, NAME, words)
    assert "- Asking again before they cancel: changes from no to yes." in review()
    test_words.test_every_field_has_words(root)
