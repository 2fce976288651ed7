"""Portal configurations: default, lifecycle, what an update leaves alone."""

from __future__ import annotations

import pytest
import stripe
from stripe.params.billing_portal import ConfigurationUpdateParams

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.payloads import EXPAND, MINIMAL, SWITCHING


def test_first_is_default(client: stripe.StripeClient) -> None:
    """The first configuration of an account and mode becomes its default for ever."""
    configurations = client.v1.billing_portal.configurations
    first, second = configurations.create(MINIMAL), configurations.create(MINIMAL)

    assert (first.is_default, second.is_default) == (True, False)
    assert [each.id for each in configurations.list({"is_default": True})] == [first.id]


def test_default_of_each_mode(
    client: stripe.StripeClient, live: stripe.StripeClient
) -> None:
    """Test and live mode have a default each."""
    test = client.v1.billing_portal.configurations.create(MINIMAL)
    real = live.v1.billing_portal.configurations.create(MINIMAL)

    assert (test.is_default, test.livemode) == (True, False)
    assert (real.is_default, real.livemode) == (True, True)


def test_features_are_off(client: stripe.StripeClient) -> None:
    """What an API-created configuration does not name is off."""
    created = client.v1.billing_portal.configurations.create(MINIMAL)

    features = created.features.to_dict()
    on = [name for name, feature in features.items() if feature["enabled"]]
    assert on == ["invoice_history"]


def test_deactivated_and_back(client: stripe.StripeClient) -> None:
    """A configuration that is not the default can be deactivated and reactivated."""
    configurations = client.v1.billing_portal.configurations
    configurations.create(MINIMAL)
    second = configurations.create(MINIMAL)

    configurations.update(second.id, {"active": False})
    inactive = [each.id for each in configurations.list({"active": False})]
    back = configurations.update(second.id, {"active": True})

    assert inactive == [second.id]
    assert back.active


def test_there_is_no_delete(client: stripe.StripeClient) -> None:
    """Stripe has no way to delete a configuration, and neither has the sandbox."""
    created = client.v1.billing_portal.configurations.create(MINIMAL)

    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.raw_request("delete", f"/v1/billing_portal/configurations/{created.id}")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"name": "Other"}, id="scalar"),
        pytest.param({"metadata": {"a": "1"}}, id="metadata"),
        pytest.param({"business_profile": {"headline": "Hi"}}, id="nested"),
        pytest.param(
            {"features": {"customer_update": {"allowed_updates": ["email"]}}},
            id="feature",
        ),
    ],
)
def test_omitted_is_unchanged(
    client: stripe.StripeClient, change: ConfigurationUpdateParams
) -> None:
    """An update changes what it names and leaves everything else as it is."""
    configurations = client.v1.billing_portal.configurations
    before = configurations.create({**SWITCHING, "expand": EXPAND}).to_dict()

    after = configurations.update(before["id"], {**change, "expand": EXPAND}).to_dict()
    unnamed = [name for name in before if name not in (*change, "updated")]

    assert after != before
    assert {name: after[name] for name in unnamed} == {
        name: before[name] for name in unnamed
    }
    if "features" in change:
        products = before["features"]["subscription_update"]["products"]
        assert after["features"]["subscription_update"]["products"] == products


def test_lists_are_replaced(client: stripe.StripeClient) -> None:
    """A list in an update takes the place of the whole list."""
    configurations = client.v1.billing_portal.configurations
    created = configurations.create(
        {
            "features": {
                "customer_update": {
                    "enabled": True,
                    "allowed_updates": ["email", "name"],
                }
            }
        }
    )

    updated = configurations.update(
        created.id, {"features": {"customer_update": {"allowed_updates": ["phone"]}}}
    )

    assert updated.features.customer_update.allowed_updates == ["phone"]


def test_metadata_is_merged(client: stripe.StripeClient) -> None:
    """Metadata is merged key by key; "" deletes one key, or all of them."""
    configurations = client.v1.billing_portal.configurations
    created = configurations.create({**MINIMAL, "metadata": {"a": "1", "b": "2"}})

    merged = configurations.update(created.id, {"metadata": {"a": "", "c": "3"}})
    cleared = configurations.update(created.id, {"metadata": ""})

    assert merged.to_dict()["metadata"] == {"b": "2", "c": "3"}
    assert cleared.to_dict()["metadata"] == {}


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        pytest.param({"k" * 41: "v"}, "up to 40 characters", id="key"),
        pytest.param({"k": "v" * 501}, "up to 500 characters", id="value"),
        pytest.param({f"k{n}": "v" for n in range(51)}, "up to 50", id="count"),
    ],
)
def test_metadata_limits(
    client: stripe.StripeClient, metadata: dict[str, str], message: str
) -> None:
    """Metadata has at most 50 keys of 40 characters with values of 500."""
    with pytest.raises(stripe.InvalidRequestError, match=message):
        client.v1.billing_portal.configurations.create(
            {**MINIMAL, "metadata": metadata}
        )


def test_login_page(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    """A login page has a link to the sandbox, while it is enabled."""
    configurations = client.v1.billing_portal.configurations
    created = configurations.create({**MINIMAL, "login_page": {"enabled": True}})

    renamed = configurations.update(created.id, {"name": "Other"})
    disabled = configurations.update(created.id, {"login_page": {"enabled": False}})

    url = created.login_page.url
    assert url is not None
    assert url.startswith(f"{sandbox.url}/p/login/test_")
    assert renamed.login_page.url == url
    assert disabled.login_page.url is None


def test_login_page_of_live_mode(live: stripe.StripeClient) -> None:
    """A live login page's link does not say test."""
    created = live.v1.billing_portal.configurations.create(
        {**MINIMAL, "login_page": {"enabled": True}}
    )

    assert created.login_page.url is not None
    assert "test" not in created.login_page.url


def test_adjustable_quantity_is_filled(client: stripe.StripeClient) -> None:
    """An adjustable_quantity that is not sent reads as enabled from one up."""
    created = client.v1.billing_portal.configurations.create(
        {
            "features": {
                "payment_method_update": {"enabled": True},
                "subscription_update": {
                    "enabled": True,
                    "default_allowed_updates": ["quantity"],
                    "products": [
                        {"product": "prod_ProTest", "prices": ["price_ProAnnualTest"]}
                    ],
                },
            },
            "expand": EXPAND,
        }
    )

    products = created.features.subscription_update.products
    assert products
    assert products[0].adjustable_quantity.to_dict() == {
        "enabled": True,
        "maximum": None,
        "minimum": 1,
    }


def test_time_of_update(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    """`updated` moves with a change, and with nothing else."""
    configurations = client.v1.billing_portal.configurations
    created = configurations.create({**MINIMAL, "name": "A"})
    sandbox.advance(60)

    same = configurations.update(created.id, {"name": "A"})
    changed = configurations.update(created.id, {"name": "B"})

    assert same.updated == created.updated
    assert changed.updated >= created.updated + 60


def test_unknown_id(client: stripe.StripeClient) -> None:
    """An id that does not exist is a 404 with Stripe's words."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.billing_portal.configurations.retrieve("bpc_gone")

    assert caught.value.user_message == "No such configuration: 'bpc_gone'"
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    assert caught.value.param == "configuration"


def test_id_of_the_other_mode(
    client: stripe.StripeClient, live: stripe.StripeClient
) -> None:
    """An id of the other mode is not found, and the message says why."""
    test = client.v1.billing_portal.configurations.create(MINIMAL)
    real = live.v1.billing_portal.configurations.create(MINIMAL)

    with pytest.raises(stripe.InvalidRequestError) as from_test:
        client.v1.billing_portal.configurations.retrieve(real.id)
    with pytest.raises(stripe.InvalidRequestError) as from_live:
        live.v1.billing_portal.configurations.update(test.id, {"name": "x"})

    assert from_test.value.user_message == (
        f"No such configuration: '{real.id}'; a similar object exists in live mode, "
        "but a test mode key was used to make this request."
    )
    assert from_live.value.user_message == (
        f"No such configuration: '{test.id}'; a similar object exists in test mode, "
        "but a live mode key was used to make this request."
    )


def test_ids_are_the_same_on_every_run() -> None:
    """Ids look like Stripe's, differ, and do not depend on the run."""
    runs = []
    for _ in range(2):
        with Sandbox() as sandbox:
            create = sandbox.client().v1.billing_portal.configurations.create
            runs.append([create(MINIMAL).id, create(MINIMAL).id])

    first, second = runs
    assert first == second
    assert len(set(first)) == 2
    assert all(id_.startswith("bpc_1") and len(id_) == 28 for id_ in first)
