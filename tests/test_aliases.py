"""Each alias holds with the type of the other door, whatever form it has."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from pulumi_stripe_portal.resources.door import with_aliases
from pulumi_stripe_portal.schema.resources import PORTAL

DYNAMIC, PLUGIN = PORTAL.tokens
URN = "urn:pulumi:test::shop::{}::the::name"


def told(alias: Any) -> Any:
    """Return an alias as what it says."""
    if isinstance(alias, pulumi.Alias):
        return {k: v for k, v in vars(alias).items() if v is not ...}
    return alias


@pytest.mark.parametrize(
    ("given", "more"),
    [
        (pulumi.Alias(name="old"), [{"name": "old", "type_": PLUGIN}]),
        (
            pulumi.Alias(name="old", parent=None, project="p"),
            [{"name": "old", "parent": None, "project": "p", "type_": PLUGIN}],
        ),
        (pulumi.Alias(name="old", type_=PLUGIN), [{"name": "old", "type_": DYNAMIC}]),
        (pulumi.Alias(type_="aws:s3:Bucket"), []),
        (URN.format(DYNAMIC), [URN.format(PLUGIN)]),
        (URN.format(f"a:b:C${PLUGIN}"), [URN.format(f"a:b:C${DYNAMIC}")]),
        (URN.format("aws:s3:Bucket"), []),
        ("urn", []),
    ],
    ids=["name", "all", "type", "other-type", "urn", "child", "other-urn", "none"],
)
def test_an_alias(given: Any, more: list[Any]) -> None:
    """The own type is the dynamic one here; what is of another type stays alone."""
    opts = pulumi.ResourceOptions(aliases=[given], protect=True)

    found = with_aliases(PORTAL.tokens, opts)

    first, other, *rest = found.aliases or []
    assert first is given
    assert told(other) == {"type_": PLUGIN}
    assert [told(each) for each in rest] == more
    assert found.protect
    assert opts.aliases == [given]
