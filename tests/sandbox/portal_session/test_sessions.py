"""Portal sessions over the API: shapes, flows, and Stripe's refusals word for word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.happenings import Happenings
from tests.sandbox.portal.shop import FEATURES, Customer, Shop

SETTINGS = "settings/billing/portal"


def create(shop: Shop, customer: str, **params: Any) -> stripe.billing_portal.Session:
    """Create a session."""
    wanted: Any = {"customer": customer, **params}
    return shop.api.billing_portal.sessions.create(wanted)


def refused(shop: Shop, customer: str, **params: Any) -> stripe.InvalidRequestError:
    """Return the refusal of a session; no event tells of it."""
    events = len(shop.api.events.list().data)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        create(shop, customer, **params)
    assert len(shop.api.events.list().data) == events
    return caught.value


def evidence(error: stripe.StripeError) -> str:
    """Return where the words are from."""
    return (error.headers or {})["Sandbox-Evidence"].partition(";")[0]


def test_created(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A session has the default configuration and return URL, and is an event."""
    made = create(shop, jenny.id)

    default = shop.api.billing_portal.configurations.list({"is_default": True}).data[0]
    assert made.to_dict() == {
        "after_expiration": None,
        "configuration": default.id,
        "created": made.created,
        "customer": jenny.id,
        "customer_account": None,
        "flow": None,
        "id": made.id,
        "livemode": False,
        "locale": None,
        "object": "billing_portal.session",
        "on_behalf_of": None,
        "return_url": "https://shop.example/account",
        "url": made.url,
    }
    assert made.url.startswith(f"{shop.sandbox.url}/p/session?secret=test_")
    assert happenings.types == ["billing_portal.session.created"]


def test_given(shop: Shop, jenny: Customer) -> None:
    """What is given is answered, and the configuration can be expanded."""
    other = shop.configure("other")
    made = create(
        shop,
        jenny.id,
        configuration=other,
        return_url="https://shop.example/elsewhere",
        locale="fr-CA",
        on_behalf_of=shop.sandbox.account,
        after_expiration={
            "type": "customer_login",
            "customer_login": {"expires_at": 2_000_000_000},
        },
        expand=["configuration"],
    )

    assert isinstance(made.configuration, stripe.billing_portal.Configuration)
    assert made.configuration.name == "other"
    assert made.return_url == "https://shop.example/elsewhere"
    assert (made.locale, made.on_behalf_of) == ("fr-CA", shop.sandbox.account)
    assert made.after_expiration is not None
    assert made.after_expiration.to_dict() == {
        "customer_login": {"expires_at": 2_000_000_000},
        "type": "customer_login",
    }


def test_older_links() -> None:
    """The older shape of link is made on demand: never parse it [V]."""
    with Sandbox(older_links=True) as sandbox:
        shop = Shop(sandbox)
        shop.configure()
        jenny = shop.customer(price=None)
        made = create(shop, jenny.id)
        session = sandbox.open_session(made.url)

        assert made.url.startswith(f"{sandbox.url}/p/session/test_")
        assert session.customer["id"] == jenny.id


@pytest.mark.parametrize(
    ("livemode", "mode", "path"),
    [(False, "test", "test/"), (True, "live", "")],
    ids=["test", "live"],
)
def test_no_default(sandbox: Sandbox, livemode: bool, mode: str, path: str) -> None:
    """Without a default every session without a configuration fails [V]."""
    api = sandbox.client(livemode=livemode).v1
    customer = api.customers.create({})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.billing_portal.sessions.create({"customer": customer.id})

    assert caught.value.user_message == (
        f"No configuration provided and your {mode} mode default configuration has not "
        "been created. Provide a configuration or create your default by saving your "
        f"customer portal settings in {mode} mode at "
        f"https://dashboard.stripe.com/{path}{SETTINGS}."
    )
    assert evidence(caught.value) == "observed"


def test_no_default_in_a_connected_account(sandbox: Sandbox) -> None:
    """There the address names the account."""
    sandbox.connect("acct_1Connected")
    api = sandbox.client(stripe_account="acct_1Connected").v1
    customer = api.customers.create({})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.billing_portal.sessions.create({"customer": customer.id})

    address = f"https://dashboard.stripe.com/acct_1Connected/test/{SETTINGS}"
    assert str(caught.value.user_message).endswith(f"at {address}.")


def test_no_return_url(sandbox: Sandbox) -> None:
    """One is needed where the configuration has none."""
    shop = Shop(sandbox)
    features: Any = {"invoice_history": {"enabled": True}}
    shop.api.billing_portal.configurations.create({"features": features})
    jenny = shop.customer(price=None)

    error = refused(shop, jenny.id)
    assert error.user_message == (
        "Your PortalConfiguration does not have a `default_return_url`, and you did "
        "not provide a `return_url`."
    )
    assert evidence(error) == "observed"
    create(shop, jenny.id, return_url="https://shop.example")


@pytest.mark.parametrize(
    ("params", "message", "code", "said"),
    [
        pytest.param(
            {"configuration": "bpc_gone"},
            "No such configuration: 'bpc_gone'",
            "resource_missing",
            "reported",
            id="configuration",
        ),
        pytest.param(
            {"customer": "cus_gone"},
            "No such customer: 'cus_gone'",
            "resource_missing",
            "reported",
            id="customer",
        ),
        pytest.param(
            {"return_url": "shop.example"},
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            "url_invalid",
            "observed",
            id="return-url",
        ),
        pytest.param(
            {"on_behalf_of": "acct_gone"},
            "No such on_behalf_of account: 'acct_gone'",
            "resource_missing",
            "ours",
            id="on-behalf-of",
        ),
        pytest.param(
            {"flow_data": {"type": "subscription_cancel"}},
            "Missing required param: flow_data[subscription_cancel].",
            "parameter_missing",
            "documented",
            id="sub-object",
        ),
        pytest.param(
            {
                "flow_data": {
                    "type": "payment_method_update",
                    "after_completion": {"type": "redirect"},
                }
            },
            "Missing required param: flow_data[after_completion][redirect].",
            "parameter_missing",
            "documented",
            id="redirect",
        ),
    ],
)
def test_refusals(
    shop: Shop,
    jenny: Customer,
    params: dict[str, Any],
    message: str,
    code: str,
    said: str,
) -> None:
    """What a session names has to be there."""
    error = refused(shop, **{"customer": jenny.id, **params})

    assert (error.user_message, error.code) == (message, code)
    assert evidence(error) == said


def test_customer_account(shop: Shop) -> None:
    """Accounts in place of customers are refused by name."""
    wanted: Any = {"customer_account": "acct_123"}
    with pytest.raises(stripe.APIError, match="customer_account of portal sessions"):
        shop.api.billing_portal.sessions.create(wanted)


def test_inactive_configuration(shop: Shop, jenny: Customer) -> None:
    """An inactive configuration is refused [V]; the words are ours [U]."""
    other = shop.configure("other")
    shop.api.billing_portal.configurations.update(other, {"active": False})

    error = refused(shop, jenny.id, configuration=other)
    assert error.user_message == (
        f"The configuration `{other}` is inactive and cannot be used."
    )
    assert error.param == "configuration"


def test_configuration_of_the_other_mode(shop: Shop, jenny: Customer) -> None:
    """A live configuration in test mode is told from one that there never was [D]."""
    live = shop.sandbox.client(livemode=True).v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )

    error = refused(shop, jenny.id, configuration=live.id)
    assert error.user_message == (
        f"No such configuration: '{live.id}'; a similar object exists in live mode, "
        "but a test mode key was used to make this request."
    )


Flow = Callable[[Customer, str], dict[str, Any]]


def update_to(price: str, **more: Any) -> Flow:
    """Return the flow that confirms a switch to *price*."""

    def flow(customer: Customer, item: str) -> dict[str, Any]:
        wanted = {"id": item, "price": price, **more}
        return {
            "type": "subscription_update_confirm",
            "subscription_update_confirm": {
                "subscription": customer.subscription,
                "items": [wanted],
            },
        }

    return flow


def about(type_: str, **more: Any) -> Flow:
    """Return the flow of *type_* for the customer's subscription."""

    def flow(customer: Customer, _item: str) -> dict[str, Any]:
        return {"type": type_, type_: {"subscription": customer.subscription, **more}}

    return flow


@pytest.mark.parametrize(
    ("feature", "flow", "message", "said"),
    [
        pytest.param(
            "subscription_update",
            about("subscription_update"),
            "This subscription cannot be updated because the subscription update "
            "feature in the portal configuration is disabled.",
            "observed",
            id="update",
        ),
        pytest.param(
            "subscription_update",
            update_to("price_ProMonthlyTest"),
            "This subscription cannot be updated because the subscription update "
            "feature in the portal configuration is disabled.",
            "observed",
            id="confirm",
        ),
        pytest.param(
            "subscription_cancel",
            about("subscription_cancel"),
            "This subscription cannot be canceled because the subscription cancel "
            "feature in the portal configuration is disabled.",
            "ours",
            id="cancel",
        ),
        pytest.param(
            "subscription_pause",
            about("subscription_pause"),
            "This subscription cannot be paused because the subscription pause feature "
            "in the portal configuration is disabled.",
            "ours",
            id="pause",
        ),
        pytest.param(
            "customer_update",
            lambda _customer, _item: {"type": "customer_update"},
            "This customer cannot be updated because the customer update feature in "
            "the portal configuration is disabled.",
            "ours",
            id="customer",
        ),
    ],
)
def test_feature_disabled(
    shop: Shop, jenny: Customer, feature: str, flow: Flow, message: str, said: str
) -> None:
    """A flow needs its feature; only for updates Stripe's words are known [V, U]."""
    without = shop.configure(f"no {feature}", **{feature: None})

    error = refused(
        shop, jenny.id, configuration=without, flow_data=flow(jenny, item(shop, jenny))
    )
    assert error.user_message == message
    assert evidence(error) == said


def test_price_not_included(shop: Shop, jenny: Customer) -> None:
    """A price that the configuration does not list cannot be confirmed [V]."""
    item_ = item(shop, jenny)
    flow = update_to("price_EnterpriseMonthlyTest")(jenny, item_)
    default = shop.api.billing_portal.configurations.list().data[0].id

    error = refused(shop, jenny.id, flow_data=flow)
    assert error.user_message == (
        f"The item `{item_}` cannot be updated to price `price_EnterpriseMonthlyTest` "
        f"because the configuration `{default}` does not include the price in its "
        "`features[subscription_update][products]`."
    )
    assert evidence(error) == "observed"


def test_nothing_to_confirm(shop: Shop, jenny: Customer) -> None:
    """The same price and quantity are no change [V], but with a discount [U]."""
    coupon = shop.api.coupons.create({"percent_off": 20})
    flow = update_to("price_BasicMonthlyTest", quantity=1)(jenny, item(shop, jenny))

    error = refused(shop, jenny.id, flow_data=flow)
    flow["subscription_update_confirm"]["discounts"] = [{"coupon": coupon.id}]
    made = create(shop, jenny.id, flow_data=flow)

    assert error.user_message == (
        "Cannot update the subscription because there are no changes to confirm."
    )
    assert made.flow is not None


@pytest.mark.parametrize("by", ["cancel_at_period_end", "cancel_at"])
def test_already_canceled(shop: Shop, jenny: Customer, by: str) -> None:
    """A subscription that is to end cannot be cancelled, however it came to it [V]."""
    at = shop.sandbox.now + 1000
    wanted: Any = {by: True if by == "cancel_at_period_end" else at}
    shop.api.subscriptions.update(jenny.subscription, wanted)
    flow = about("subscription_cancel")(jenny, "")

    error = refused(shop, jenny.id, flow_data=flow)
    assert error.user_message == (
        f"The subscription `{jenny.subscription}` is already set to be canceled at "
        "period end."
    )
    assert evidence(error) == "observed"


def test_several_items(shop: Shop) -> None:
    """A subscription with several items can be cancelled and nothing else [S, D]."""
    two = {"items": [{"price": f"price_{n}MonthlyTest"} for n in ("Basic", "Pro")]}
    jenny = shop.customer(subscription=two)
    item_ = shop.api.subscriptions.retrieve(jenny.subscription)["items"]["data"][0].id

    for flow in (
        about("subscription_update"),
        update_to("price_ProAnnualTest"),
    ):
        error = refused(shop, jenny.id, flow_data=flow(jenny, item_))
        assert "has multiple items" in str(error.user_message)
    create(shop, jenny.id, flow_data=about("subscription_cancel")(jenny, item_))


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        pytest.param(
            update_to("price_ProMonthlyTest", quantity=21),
            "at least 1 and at most 20",
            id="quantity",
        ),
        pytest.param(
            about(
                "subscription_cancel",
                retention={"type": "coupon_offer", "coupon_offer": {"coupon": "gone"}},
            ),
            "No such coupon: 'gone'",
            id="coupon",
        ),
    ],
)
def test_flow_details(shop: Shop, jenny: Customer, flow: Flow, words: str) -> None:
    """What a flow names has to be possible; the words are ours [U]."""
    error = refused(shop, jenny.id, flow_data=flow(jenny, item(shop, jenny)))

    assert words in str(error.user_message)


def test_subscription_of_another(shop: Shop, jenny: Customer) -> None:
    """A flow is about the session's own customer."""
    other = shop.customer("other@example.com")

    error = refused(shop, other.id, flow_data=about("subscription_cancel")(jenny, ""))
    assert "does not belong to the customer" in str(error.user_message)


NOTHING = {
    "customer_update": None,
    "subscription_cancel": None,
    "subscription_pause": None,
    "subscription_update": None,
    "subscription_update_confirm": None,
}
HOME = {"hosted_confirmation": None, "redirect": None, "type": "portal_homepage"}


def test_flows(shop: Shop, jenny: Customer) -> None:
    """Each flow is answered with all of its parts, null where they are not used [S]."""
    coupon = shop.api.coupons.create({"percent_off": 20}).id
    offer = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon}}
    item_ = item(shop, jenny)
    redirect = {
        "type": "redirect",
        "redirect": {"return_url": "https://shop.example/done"},
    }
    thanks = {
        "type": "hosted_confirmation",
        "hosted_confirmation": {"custom_message": "Thank you"},
    }

    def flow(wanted: Flow, after: dict[str, Any] | None = None) -> Any:
        data = wanted(jenny, item_)
        data |= {"after_completion": after} if after else {}
        made = create(shop, jenny.id, flow_data=data)
        assert made.flow is not None
        return made.flow.to_dict()

    own = {"subscription": jenny.subscription}
    assert flow(lambda _c, _i: {"type": "payment_method_update"}) == {
        **NOTHING,
        "after_completion": HOME,
        "type": "payment_method_update",
    }
    assert flow(lambda _c, _i: {"type": "customer_update"}) == {
        **NOTHING,
        "after_completion": HOME,
        "customer_update": {},
        "type": "customer_update",
    }
    assert flow(about("subscription_cancel", retention=offer), redirect) == {
        **NOTHING,
        "after_completion": {
            "hosted_confirmation": None,
            "redirect": {"return_url": "https://shop.example/done"},
            "type": "redirect",
        },
        "subscription_cancel": {**own, "retention": offer},
        "type": "subscription_cancel",
    }
    assert flow(about("subscription_pause"), thanks) == {
        **NOTHING,
        "after_completion": {
            "hosted_confirmation": {"custom_message": "Thank you"},
            "redirect": None,
            "type": "hosted_confirmation",
        },
        "subscription_pause": own,
        "type": "subscription_pause",
    }
    assert flow(about("subscription_update"))["subscription_update"] == own
    confirmed = flow(update_to("price_ProMonthlyTest", quantity=2))
    assert confirmed["subscription_update_confirm"] == {
        **own,
        "discounts": None,
        "items": [{"id": item_, "price": "price_ProMonthlyTest", "quantity": 2}],
    }


def test_only_created(shop: Shop, jenny: Customer) -> None:
    """Sessions cannot be retrieved or listed: Stripe has no such routes [S]."""
    made = create(shop, jenny.id)
    client = shop.sandbox.client()

    assert client.raw_request("get", "/v1/prices").code == 200  # a route there is
    for path in ("", f"/{made.id}"):
        with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request"):
            client.raw_request("get", f"/v1/billing_portal/sessions{path}")


def test_secret_is_not_logged(shop: Shop, jenny: Customer) -> None:
    """The link is a secret of its bearer: the log of requests has none of it."""
    secret = create(shop, jenny.id).url.partition("secret=")[2]

    assert secret
    assert secret not in repr(shop.sandbox.requests)


def item(shop: Shop, customer: Customer) -> str:
    """Return the id of the only item that *customer* has subscribed to."""
    found = shop.api.subscriptions.retrieve(customer.subscription)
    id_: str = found["items"]["data"][0]["id"]
    return id_


def test_every_feature_is_on() -> None:
    """The shop's configuration has each feature that a flow needs."""
    assert all(feature["enabled"] for feature in FEATURES.values())
