"""How customers come in: a link once, for one browser, for a while; or by email."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox, portal_session
from tests.sandbox.happenings import Happenings
from tests.sandbox.portal.shop import Customer, Shop

MINUTE = 60
HOUR = 60 * MINUTE


def test_one_browser(shop: Shop, jenny: Customer) -> None:
    """The first browser to open a link is the one; its cookie opens it again."""
    url = shop.link(jenny)
    first = shop.sandbox.open_session(url)
    again = shop.sandbox.open_session(url, first.cookie)

    assert again.customer["id"] == first.customer["id"] == jenny.id
    for stranger in (
        None,
        "",
        "guess",
        shop.sandbox.open_session(shop.link(jenny)).cookie,
    ):
        with pytest.raises(portal_session.LinkExpired) as caught:
            shop.sandbox.open_session(url, stranger)
        assert caught.value.return_url == "https://shop.example/account"
        assert caught.value.branding
        assert not caught.value.recoverable


@pytest.mark.parametrize(
    ("waits", "open_"),
    [
        pytest.param([60 * MINUTE - 2], True, id="in-time"),
        pytest.param([60 * MINUTE], False, id="never-opened"),
        pytest.param([MINUTE, 59 * MINUTE, 59 * MINUTE], True, id="in-use"),
        pytest.param([MINUTE, 61 * MINUTE], False, id="left-alone"),
    ],
)
def test_expiry(shop: Shop, jenny: Customer, waits: list[int], open_: bool) -> None:
    """A link waits an hour, and so does an open session."""
    url, cookie = shop.link(jenny), None
    *before, last = waits
    for seconds in before:
        shop.sandbox.advance(seconds)
        cookie = shop.sandbox.open_session(url, cookie).cookie
    shop.sandbox.advance(last)

    if open_:
        assert shop.sandbox.open_session(url, cookie).customer["id"] == jenny.id
    else:
        with pytest.raises(portal_session.LinkExpired):
            shop.sandbox.open_session(url, cookie)


@pytest.mark.parametrize("secret", ["", "test_guess", "nonsense", "é"])
def test_unknown_link(shop: Shop, secret: str) -> None:
    """A secret that nobody has tells nothing, not even whose it is not."""
    with pytest.raises(portal_session.LinkExpired) as caught:
        shop.sandbox.open_session(f"{shop.sandbox.url}/p/session?secret={secret}")

    assert caught.value.return_url is None
    assert caught.value.branding is None


def test_customer_is_gone(shop: Shop, jenny: Customer) -> None:
    """The session of a deleted customer is over."""
    url = shop.link(jenny)
    cookie = shop.sandbox.open_session(url).cookie
    shop.api.customers.delete(jenny.id)

    with pytest.raises(portal_session.LinkExpired):
        shop.sandbox.open_session(url, cookie)


def test_survives_a_restart(tmp_path: Any) -> None:
    """An open session is kept in the data file, with the browser it belongs to."""
    path = tmp_path / "stripe.json"
    with Sandbox(path) as sandbox:
        shop = Shop(sandbox)
        shop.configure()
        url = shop.link(shop.customer())
        cookie = sandbox.open_session(url).cookie
    with Sandbox(path) as sandbox:
        session = sandbox.open_session(url, cookie)

        assert [each.amount for each in portal_session.subscriptions(session)] == [900]


def test_only_what_is_theirs(shop: Shop, jenny: Customer) -> None:
    """A session shows one customer's data, and acts on nobody else's."""
    other = shop.customer("other@example.com", price="price_ProMonthlyTest")
    (card,) = shop.api.customers.payment_methods.list(other.id).data
    tax_id = shop.api.customers.tax_ids.create(
        other.id, {"type": "us_ein", "value": "12-3456789"}
    )
    invoice = shop.api.invoices.list({"customer": other.id}).data[0]
    session = shop.sandbox.open_session(shop.link(jenny))

    assert [s.object["id"] for s in portal_session.subscriptions(session)] == [
        jenny.subscription
    ]
    assert {i["customer"] for i in portal_session.invoices(session)} == {jenny.id}
    assert {m["customer"] for m in portal_session.payment_methods(session)} == {
        jenny.id
    }
    assert portal_session.tax_ids(session) == []
    for act in (
        lambda: portal_session.subscription(session, other.subscription),
        lambda: portal_session.options(session, other.subscription),
        lambda: portal_session.next_invoice(session, other.subscription),
        lambda: portal_session.switch(session, other.subscription, quantity=2),
        lambda: portal_session.cancel(session, other.subscription),
        lambda: portal_session.pause(session, other.subscription, option=0),
        lambda: portal_session.survey(session, other.subscription),
        lambda: portal_session.set_default_payment_method(session, card.id),
        lambda: portal_session.remove_payment_method(session, card.id),
        lambda: portal_session.remove_tax_id(session, tax_id.id),
        lambda: portal_session.pay_invoice(session, invoice.id),
    ):
        with pytest.raises(portal_session.NotFound):
            act()


def test_on_behalf_of(shop: Shop, jenny: Customer) -> None:
    """A session on behalf of an account shows that account's share only."""
    account = shop.sandbox.account
    theirs = shop.api.subscriptions.create(
        {
            "customer": jenny.id,
            "items": [{"price": "price_ProMonthlyTest"}],
            "on_behalf_of": account,
        }
    )
    session = shop.sandbox.open_session(shop.link(jenny, on_behalf_of=account))

    assert [s.object["id"] for s in portal_session.subscriptions(session)] == [
        theirs.id
    ]
    assert [i["total"] for i in portal_session.invoices(session)] == [2900]


def test_configuration_is_read_anew(shop: Shop, jenny: Customer) -> None:
    """A change of the configuration shows at once, in a session that is open."""
    configuration = shop.configure("no pause", subscription_pause=None)
    session = shop.sandbox.open_session(shop.link(jenny, configuration=configuration))
    before = portal_session.subscription(session, jenny.subscription).may
    features: Any = {"subscription_pause": {"enabled": True}}
    shop.api.billing_portal.configurations.update(configuration, {"features": features})

    assert "pause" not in before
    assert "pause" in portal_session.subscription(session, jenny.subscription).may


LOGIN: Any = {"login_page": {"enabled": True}}


def login_page(shop: Shop, token: str) -> portal_session.LoginPage:
    """Return the login page with the *token*."""
    return shop.sandbox.portal_sessions.login_page(token, origin=shop.sandbox.url)


def recovery(shop: Shop, url: str) -> portal_session.LoginPage:
    """Return the page to recover a session with."""
    secret = portal_session.secret_in(url)
    return shop.sandbox.portal_sessions.recovery(secret, origin=shop.sandbox.url)


def login_token(shop: Shop) -> str:
    """Give the default configuration a login page, and return the end of its link."""
    default = shop.api.billing_portal.configurations.list().data[0]
    page = shop.api.billing_portal.configurations.update(default.id, LOGIN).login_page
    assert page.url is not None
    return page.url.rpartition("/")[2]


def test_login(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """The code that is mailed signs in, once; the session is an event."""
    page = login_page(shop, login_token(shop))
    happenings.forget()
    page.send_code(" Jenny@Example.com ")
    (mail,) = shop.sandbox.outbox
    url = page.sign_in("jenny@example.com", mail.code)
    session = shop.sandbox.open_session(url)

    assert mail.to == "jenny@example.com"
    assert mail.code in mail.text
    assert session.customer["id"] == jenny.id
    assert happenings.types == ["billing_portal.session.created"]
    with pytest.raises(portal_session.Invalid):
        page.sign_in("jenny@example.com", mail.code)


def test_login_tells_nothing(shop: Shop, jenny: Customer) -> None:
    """Whether there is a customer with an address shows in no answer."""
    page = login_page(shop, login_token(shop))
    page.send_code("nobody@example.com")
    page.send_code("")

    assert shop.sandbox.outbox == []
    with pytest.raises(portal_session.Invalid) as caught:
        page.sign_in("nobody@example.com", "000000")
    assert (caught.value.code, caught.value.field) == ("wrong_code", "code")


def test_guessing_codes(shop: Shop, jenny: Customer) -> None:
    """After five wrong codes, and after ten minutes, the right one is of no use."""
    page = login_page(shop, login_token(shop))
    page.send_code(jenny.email)
    code = shop.sandbox.outbox[0].code
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(portal_session.Invalid):
            page.sign_in(jenny.email, wrong)
    with pytest.raises(portal_session.Invalid):
        page.sign_in(jenny.email, code)
    page.send_code(jenny.email)
    late = shop.sandbox.outbox[0].code
    shop.sandbox.advance(10 * MINUTE)

    with pytest.raises(portal_session.Invalid):
        page.sign_in(jenny.email, late)


def test_login_of_two_customers(shop: Shop, jenny: Customer) -> None:
    """Of several customers with an address, the subscribed one signs in."""
    shop.customer(jenny.email, price=None)
    page = login_page(shop, login_token(shop))
    page.send_code(jenny.email)
    url = page.sign_in(jenny.email, shop.sandbox.outbox[0].code)

    assert shop.sandbox.open_session(url).customer["id"] == jenny.id


def test_no_login_page(shop: Shop) -> None:
    """A login page is gone once it is disabled, and there is none by guessing."""
    token = login_token(shop)
    default = shop.api.billing_portal.configurations.list().data[0].id
    off: Any = {"login_page": {"enabled": False}}
    shop.api.billing_portal.configurations.update(default, off)

    for each in (token, "", "test_guess"):
        with pytest.raises(portal_session.PageGone):
            login_page(shop, each)


def test_recovery(shop: Shop, jenny: Customer) -> None:
    """An expired session with `after_expiration` lets its customer sign in again."""
    url = shop.link(jenny, after_expiration={"type": "customer_login"}, locale="de")
    shop.sandbox.advance(HOUR)
    with pytest.raises(portal_session.LinkExpired) as caught:
        shop.sandbox.open_session(url)
    page = recovery(shop, url)
    page.send_code("somebody@else.example")
    (mail,) = shop.sandbox.outbox
    again = shop.sandbox.open_session(page.sign_in("", mail.code))

    assert caught.value.recoverable
    assert page.email == "j•••@example.com"
    assert mail.to == jenny.email
    assert again.customer["id"] == jenny.id
    assert again.locale == "de"


def test_no_recovery(shop: Shop, jenny: Customer) -> None:
    """Without `after_expiration`, or after its time, a session stays expired."""
    until = shop.sandbox.now + 30 * MINUTE
    login = {"type": "customer_login", "customer_login": {"expires_at": until}}
    urls = [shop.link(jenny), shop.link(jenny, after_expiration=login)]
    shop.sandbox.advance(HOUR)

    for url in urls:
        with pytest.raises(portal_session.LinkExpired) as caught:
            shop.sandbox.open_session(url)
        assert not caught.value.recoverable
        with pytest.raises(portal_session.PageGone):
            recovery(shop, url)
