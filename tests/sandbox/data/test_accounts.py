"""Keys, modes, permissions and connected accounts."""

from __future__ import annotations

import base64

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.conftest import Wire
from tests.sandbox.payloads import MINIMAL

CONFIGURATIONS = "/v1/billing_portal/configurations"


def test_account(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    """The account behind a key is the sandbox's, in both modes."""
    live = sandbox.client(livemode=True)

    assert client.v1.accounts.retrieve_current().id == sandbox.account
    assert live.v1.accounts.retrieve_current().id == sandbox.account
    assert client.v1.accounts.retrieve(sandbox.account).id == sandbox.account
    with pytest.raises(stripe.PermissionError, match="acct_gone"):
        client.v1.accounts.retrieve("acct_gone")
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.accounts.retrieve_current({"expand": ["settings"]})


def test_sample_keys(sandbox: Sandbox) -> None:
    """The keys are short enough that no scanner takes them for real ones."""
    assert (sandbox.api_key, sandbox.live_api_key) == ("sk_test_123", "sk_live_123")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        pytest.param(f"sk_test_{12345678}", "sk_test_****5678", id="test"),
        pytest.param(f"sk_live_{'0000abcd'}", "sk_live_****abcd", id="live"),
        pytest.param("sk_test_1", "sk_test_*", id="short"),
        pytest.param("nonsense", "****ense", id="no-key"),
    ],
)
def test_unknown_key(wire: Wire, key: str, shown: str) -> None:
    """A key that is not known is a 401, which shows its kind and its end only."""
    reply = wire("GET", CONFIGURATIONS, headers={"Authorization": f"Bearer {key}"})

    assert reply.status == 401
    assert reply.body["error"]["message"] == f"Invalid API Key provided: {shown}"


@pytest.mark.parametrize("header", ["", "Bearer", "Basic !!", "Digest x"])
def test_no_key(wire: Wire, header: str) -> None:
    """Without a key the answer is a 401 that tells how to send one."""
    reply = wire("GET", CONFIGURATIONS, headers={"Authorization": header})

    assert reply.status == 401
    assert reply.body["error"]["message"].startswith("You did not provide an API key.")


def test_basic(wire: Wire) -> None:
    """The key may be the user of Basic authentication, as `curl -u` sends it."""
    credentials = base64.b64encode(b"sk_test_123:").decode()

    reply = wire(
        "GET", "/v1/account", headers={"Authorization": f"Basic {credentials}"}
    )

    assert reply.status == 200


def test_other_account(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    """Accounts share nothing."""
    other = sandbox.add_account("acct_other")
    mine = client.v1.billing_portal.configurations.create(MINIMAL)
    theirs = stripe.StripeClient(other.test_key, base_addresses={"api": sandbox.url})

    created = theirs.v1.billing_portal.configurations.create(MINIMAL)

    assert created.is_default
    assert created.id != mine.id
    assert theirs.v1.accounts.retrieve_current().id == "acct_other"
    assert [each.id for each in theirs.v1.products.list()] == [
        "prod_EnterpriseTestOther",
        "prod_ProTestOther",
        "prod_BasicTestOther",
    ]
    with pytest.raises(stripe.InvalidRequestError, match="No such configuration"):
        theirs.v1.billing_portal.configurations.retrieve(mine.id)


@pytest.mark.parametrize("id_", ["other", "acct_1PortalSandbox00"])
def test_account_ids(sandbox: Sandbox, id_: str) -> None:
    """An account's id begins with `acct_`, and is there once."""
    with pytest.raises(ValueError, match="acct_"):
        sandbox.add_account(id_)


def test_connected_account(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    """A platform reaches a connected account by header, as its application."""
    sandbox.connect("acct_shop")
    platform = client.v1.billing_portal.configurations.create(MINIMAL)
    shop = sandbox.client(stripe_account="acct_shop")

    created = shop.v1.billing_portal.configurations.create(MINIMAL)

    assert platform.application is None
    assert isinstance(created.application, str)
    assert created.application.startswith("ca_")
    assert created.is_default
    assert [each.id for each in client.v1.billing_portal.configurations.list()] == [
        platform.id
    ]
    assert client.v1.accounts.retrieve("acct_shop").id == "acct_shop"
    assert sandbox.requests[-1].account == sandbox.account
    assert sandbox.requests[1].account == "acct_shop"


@pytest.mark.parametrize("id_", ["acct_unknown", "acct_other"])
def test_account_that_is_not_connected(sandbox: Sandbox, id_: str) -> None:
    """An account that is not connected is a 403, as is one that does not exist."""
    sandbox.add_account("acct_other")
    client = sandbox.client(stripe_account=id_)

    with pytest.raises(stripe.PermissionError) as caught:
        client.v1.billing_portal.configurations.list()

    assert caught.value.error is not None
    assert caught.value.error.code == "account_invalid"
    assert caught.value.user_message == (
        f"The provided key 'sk_test_***' does not have access to account '{id_}' (or "
        "that account does not exist). Application access may have been revoked."
    )


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/v1/account", "rak_accounts_kyc_basic_read"),
        ("GET", CONFIGURATIONS, "rak_customer_portal_read"),
        ("POST", CONFIGURATIONS, "rak_customer_portal_write"),
        ("GET", "/v1/prices", "rak_plan_read"),
        ("GET", "/v1/products/prod_ProTest", "rak_product_read"),
        ("DELETE", "/v1/webhook_endpoints/we_1", "rak_webhook_write"),
    ],
)
def test_restricted_key(
    sandbox: Sandbox, wire: Wire, method: str, path: str, scope: str
) -> None:
    """A restricted key without the scope is a 403 that names scope and account."""
    key = sandbox.restricted_key(permissions=["rak_charge_read"])

    reply = wire(method, path, headers={"Authorization": f"Bearer {key}"})

    assert reply.status == 403
    assert reply.body["error"]["message"] == (
        "The provided key 'rk_test_***' does not have the required permissions for "
        f"this endpoint on account '{sandbox.account}'. Having the '{scope}' "
        "permission would allow this request to continue."
    )


def test_write_includes_read(sandbox: Sandbox, wire: Wire) -> None:
    """A write scope reads as well; a read scope does not write."""
    writer = sandbox.restricted_key(permissions=["rak_customer_portal_write"])
    reader = sandbox.restricted_key(permissions=["rak_customer_portal_read"])
    form = "features[invoice_history][enabled]=true"

    def status(key: str, method: str, form: str = "") -> int:
        headers = {"Authorization": f"Bearer {key}"}
        return wire(method, CONFIGURATIONS, form, headers).status

    assert status(writer, "GET") == status(writer, "POST", form) == 200
    assert (status(reader, "GET"), status(reader, "POST", form)) == (200, 403)


def test_live_restricted_key(sandbox: Sandbox, wire: Wire) -> None:
    """A restricted key belongs to one mode."""
    key = sandbox.restricted_key(livemode=True, permissions=["rak_product_read"])

    reply = wire("GET", "/v1/products", headers={"Authorization": f"Bearer {key}"})

    assert key.startswith("rk_live_")
    assert reply.body["data"][0]["livemode"] is True


@pytest.mark.parametrize(
    "arguments",
    [{"permissions": ["customer_portal_write"]}, {"account": "acct_unknown"}],
)
def test_restricted_key_of_nothing(sandbox: Sandbox, arguments: dict[str, str]) -> None:
    """A misspelled scope or an unknown account is an error at once."""
    with pytest.raises(ValueError, match=r"rak_|acct_unknown"):
        sandbox.restricted_key(**arguments)  # type: ignore[arg-type]
