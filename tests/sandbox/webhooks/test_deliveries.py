"""Events on their way to webhook endpoints: signed, retried, disturbed on demand."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox

from .listener import Listener

HOUR = 60 * 60
ORIGIN = "https://test.shop.example.com"
HOOK = f"{ORIGIN}/webhooks/stripe"


@pytest.fixture
def listener(sandbox: Sandbox) -> Iterator[Listener]:
    """A listener to which the deliveries of the example's endpoint are forwarded."""
    listener = Listener()
    sandbox.forward(ORIGIN, listener.url)
    yield listener
    listener.close()


def endpoint(
    client: stripe.StripeClient, *events: str, url: str = HOOK, **more: Any
) -> stripe.WebhookEndpoint:
    """Make an endpoint for *events*, or for all."""
    wanted: Any = {"url": url, "enabled_events": list(events) or ["*"], **more}
    return client.v1.webhook_endpoints.create(wanted)


def statuses(sandbox: Sandbox) -> list[str]:
    """Return the state of each delivery once all that is due was tried."""
    assert sandbox.deliveries.settle()
    return [each.status for each in sandbox.deliveries.all()]


def test_signed(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """A delivery is the event, signed with the endpoint's secret as Stripe signs."""
    hook = endpoint(client, "customer.created")
    assert hook.secret is not None
    customer = client.v1.customers.create({"email": "jürgen@example.com"})

    assert statuses(sandbox) == ["delivered"]
    (received,) = listener.received
    event = received.event(hook.secret)
    assert received.path == "/webhooks/stripe"
    assert event.type == "customer.created"
    assert event.data.object["id"] == customer.id
    assert event.api_version == "2026-10-28.endive"
    assert event.pending_webhooks == 1
    assert client.v1.events.retrieve(event.id).pending_webhooks == 0
    with pytest.raises(stripe.SignatureVerificationError):
        received.event("whsec_other")


def test_a_pinned_version(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """An endpoint of another version gets events that say truly which they have."""
    made = endpoint(client, api_version="2024-06-20")
    assert made.secret is not None
    client.v1.customers.create({})

    assert statuses(sandbox) == ["delivered"]
    assert made.api_version == "2024-06-20"
    [received] = listener.received
    assert received.event(made.secret).api_version == "2026-10-28.endive"


def test_what_is_enabled(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """An endpoint gets the types that it has enabled, and only while it is enabled."""
    endpoint(client, "customer.created", "customer.updated")
    endpoint(client, "customer.deleted", url=f"{ORIGIN}/other")
    off = endpoint(client, url=f"{ORIGIN}/off")
    client.v1.webhook_endpoints.update(off.id, {"disabled": True})
    customer = client.v1.customers.create({})
    client.v1.customers.update(customer.id, {"name": "Ada"})
    client.v1.products.create({"name": "Seats"})
    client.v1.customers.delete(customer.id)

    assert statuses(sandbox) == ["delivered"] * 3
    assert [(each.path, each.type) for each in paths(sandbox, listener)] == [
        ("/webhooks/stripe", "customer.created"),
        ("/webhooks/stripe", "customer.updated"),
        ("/other", "customer.deleted"),
    ]


@dataclass(frozen=True)
class Seen:
    """Where an event of which type came."""

    path: str
    type: str


def paths(sandbox: Sandbox, listener: Listener) -> list[Seen]:
    """Return what the *listener* got."""
    types = {each.event: each.type for each in sandbox.deliveries.all()}
    seen = []
    for received in listener.received:
        (id_,) = [id_ for id_ in types if id_.encode() in received.body]
        seen.append(Seen(received.path, types[id_]))
    return seen


def test_modes_and_accounts_are_apart(
    sandbox: Sandbox,
    client: stripe.StripeClient,
    live: stripe.StripeClient,
    listener: Listener,
) -> None:
    """An endpoint hears of its own account and mode."""
    sandbox.connect("acct_1Connected")
    connected = sandbox.client(stripe_account="acct_1Connected")
    endpoint(live, url=f"{ORIGIN}/live")
    endpoint(connected, url=f"{ORIGIN}/connected")
    client.v1.customers.create({})

    assert statuses(sandbox) == []
    live.v1.customers.create({})
    connected.v1.customers.create({})

    assert statuses(sandbox) == ["delivered"] * 2
    assert {each.path for each in listener.received} == {"/live", "/connected"}


def test_connect_endpoint(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """An endpoint with `connect` hears of the connected accounts, and which it was."""
    sandbox.connect("acct_1Connected")
    hook = endpoint(client, connect=True)
    assert hook.secret is not None
    client.v1.customers.create({})
    sandbox.client(stripe_account="acct_1Connected").v1.customers.create({})

    assert statuses(sandbox) == ["delivered"]
    (received,) = listener.received
    assert received.event(hook.secret).account == "acct_1Connected"


def test_no_forward(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """What is not forwarded is recorded and not sent: nothing leaves this machine."""
    endpoint(client, url="https://elsewhere.example/hook")
    endpoint(client, url="https://test.shop.example.com.evil.example/hook")
    client.v1.customers.create({})

    assert statuses(sandbox) == ["not delivered: no forward"] * 2
    assert listener.received == []
    assert client.v1.events.list().data[0].pending_webhooks == 2


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://a.example", "http://192.0.2.1:80"),
        ("https://a.example", "https://b.example"),
        ("https://a.example", "http://localhost.evil.example"),
        ("https://a.example", "file:///etc/passwd"),
        ("a.example", "http://127.0.0.1:1"),
    ],
)
def test_forwards_stay_here(sandbox: Sandbox, address: str, target: str) -> None:
    """A forward leads to this machine, whatever it is called."""
    with pytest.raises(ValueError, match=r"this machine|web addresses"):
        sandbox.forward(address, target)

    assert sandbox.forwards == {}


def test_the_longest_forward(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """A forward of a whole URL goes before that of its origin, to its own path."""
    sandbox.forward(f"{ORIGIN}/special", f"{listener.url}/here")
    for path in ("/special", "/specialised", "/other?a=1"):
        endpoint(client, "customer.created", url=ORIGIN + path)
    client.v1.customers.create({})
    statuses(sandbox)

    got = [each.path for each in listener.received]
    assert got == ["/here", "/specialised", "/other?a=1"]


@pytest.mark.parametrize("status", [500, 302, 404])
def test_retried(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener, status: int
) -> None:
    """Anything but 2xx is a failure, redirects too; an hour brings the next attempt."""
    endpoint(client, "customer.created")
    listener.answers = [status, status, 204]
    client.v1.customers.create({})
    first = statuses(sandbox)
    for _ in range(2):
        sandbox.advance(HOUR)
        sandbox.deliveries.settle()

    (delivery,) = sandbox.deliveries.all()
    assert first == ["pending"]
    assert delivery.status == "delivered"
    assert [each.status for each in delivery.attempts] == [status, status, 204]
    assert len({each.body for each in listener.received}) == 1


def test_retried_by_itself(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """In real time the first retry comes after a second."""
    endpoint(client, "customer.created")
    listener.answers = [500]
    client.v1.customers.create({})
    statuses(sandbox)
    deadline = time.monotonic() + 5
    while len(listener.received) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)

    assert statuses(sandbox) == ["delivered"]


def test_given_up(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """After ten retries a delivery has failed; its endpoint stays as it is."""
    hook = endpoint(client, "customer.created")
    listener.answers = [500] * 20
    client.v1.customers.create({})
    statuses(sandbox)
    for _ in range(12):
        sandbox.advance(HOUR)
        sandbox.deliveries.settle()

    (delivery,) = sandbox.deliveries.all()
    assert (delivery.status, len(delivery.attempts)) == ("failed", 11)
    assert client.v1.webhook_endpoints.retrieve(hook.id).status == "enabled"


def test_nobody_listens(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    """A listener that is down is an error in the log, and tried again later."""
    sandbox.forward(ORIGIN, "http://127.0.0.1:9")
    endpoint(client, "customer.created")
    client.v1.customers.create({})

    assert statuses(sandbox) == ["pending"]
    (attempt,) = sandbox.deliveries.all()[0].attempts
    assert attempt.status is None
    assert str(attempt.error).startswith("ConnectionRefusedError")


@pytest.mark.parametrize("how", ["disabled", "deleted"])
def test_endpoint_goes(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener, how: str
) -> None:
    """A disabled or deleted endpoint gets no further retries."""
    hook = endpoint(client, "customer.created")
    listener.answers = [500]
    client.v1.customers.create({})
    statuses(sandbox)
    if how == "disabled":
        client.v1.webhook_endpoints.update(hook.id, {"disabled": True})
    else:
        client.v1.webhook_endpoints.delete(hook.id)
    sandbox.advance(HOUR)

    assert statuses(sandbox) == ["cancelled"]
    assert len(listener.received) == 1


def test_duplicates(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """`copies` sends each delivery more than once, as Stripe may."""
    endpoint(client, "customer.created")
    sandbox.deliveries.copies = 2
    client.v1.customers.create({})

    assert statuses(sandbox) == ["delivered"]
    first, second = listener.received
    assert first.body == second.body
    with pytest.raises(ValueError, match="at least once"):
        sandbox.deliveries.copies = 0


def test_reordered(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """What is held back leaves in reverse, as Stripe promises no order."""
    endpoint(client, "customer.created", "customer.updated")
    sandbox.deliveries.hold()
    customer = client.v1.customers.create({})
    client.v1.customers.update(customer.id, {"name": "Ada"})
    held = list(listener.received)
    sandbox.deliveries.release(reverse=True)

    assert held == []
    assert statuses(sandbox) == ["delivered"] * 2
    got = [each.type for each in paths(sandbox, listener)]
    assert got == ["customer.updated", "customer.created"]


def test_resent(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """A recorded delivery is sent again: as it was, too old, forged or cut off."""
    hook = endpoint(client, "customer.created")
    secret = str(hook.secret)
    client.v1.customers.create({})
    statuses(sandbox)
    (delivery,) = sandbox.deliveries.all()
    listener.received.clear()
    again = sandbox.deliveries.resend(delivery.id)
    sandbox.deliveries.resend(delivery.id, age=301)
    sandbox.deliveries.resend(delivery.id, forged=True)
    sandbox.deliveries.resend(delivery.id, truncated=True)

    fine, *bad = listener.received
    assert again.status == 200
    assert fine.event(secret).id == delivery.event
    for received in bad:
        with pytest.raises(stripe.SignatureVerificationError):
            received.event(secret)
    assert sandbox.deliveries.all() == [delivery]
    with pytest.raises(ValueError, match="no delivery"):
        sandbox.deliveries.resend("dlv_gone")


def test_refused_requests_send_nothing(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """A request that fails, or is only a preview, delivers nothing."""
    endpoint(client)
    customer = client.v1.customers.create({})
    statuses(sandbox)
    listener.received.clear()
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.create(
            {"customer": customer.id, "items": [{"price": "price_ProMonthlyTest"}]}
        )
    client.v1.invoices.create_preview(
        {
            "customer": customer.id,
            "subscription_details": {
                "items": [{"price": "price_ProMonthlyTest"}],
                "trial_end": sandbox.now + HOUR,
            },
        }
    )

    statuses(sandbox)
    assert listener.received == []


def test_time_that_passes(
    sandbox: Sandbox, client: stripe.StripeClient, listener: Listener
) -> None:
    """What falls due in a long step is all delivered, in the order it happened."""
    endpoint(client, "invoice.paid")
    customer = client.v1.customers.create(
        {
            "payment_method": "pm_card_visa",
            "invoice_settings": {"default_payment_method": "pm_card_visa"},
        }
    )
    client.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": "price_ProMonthlyTest"}]}
    )
    statuses(sandbox)
    sandbox.advance(366 * 24 * HOUR)

    assert statuses(sandbox) == ["delivered"] * 12
    assert len(listener.received) == 13
    numbers = [
        b'-%04d"' % place in each.body
        for place, each in enumerate(listener.received, 1)
    ]
    assert all(numbers)


def test_kept_for_the_next_run(tmp_path: Any) -> None:
    """A delivery that was not made is made by the next run of the sandbox."""
    path = tmp_path / "stripe.json"
    with Sandbox(path) as sandbox:
        client = sandbox.client()
        hook = endpoint(client, "customer.created")
        sandbox.deliveries.hold()
        client.v1.customers.create({})
    listener = Listener()
    try:
        with Sandbox(path) as sandbox:
            assert sandbox.deliveries.settle()
            early = [each.status for each in sandbox.deliveries.all()]
        with Sandbox(path) as sandbox:
            sandbox.forward(ORIGIN, listener.url)
            (delivery,) = sandbox.deliveries.all()
            sandbox.deliveries.resend(delivery.id)

        assert early == ["not delivered: no forward"]
        assert listener.received[0].event(str(hook.secret)).id == delivery.event
    finally:
        listener.close()


def test_by_http(sandbox: Sandbox, listener: Listener) -> None:
    """Other processes forward, disturb and read deliveries by `/_sandbox` routes."""

    def ask(method: str, path: str, **body: Any) -> Any:
        request = Request(
            f"{sandbox.url}/_sandbox{path}", json.dumps(body).encode(), method=method
        )
        with urlopen(request) as answer:
            return json.loads(answer.read())

    target = f"{listener.url}/hook"
    forwards = ask("POST", "/forwards", address="https://b.example", target=target)
    endpoint(sandbox.client(), "customer.created", url="https://b.example")
    ask("POST", "/deliveries", copies=2, hold=True)
    ask("POST", "/demo")
    ask("POST", "/deliveries/release", reverse=True)
    log = ask("GET", "/deliveries")["deliveries"]
    again = ask("POST", "/deliveries/resend", id=log[0]["id"])

    assert forwards["forwards"]["https://b.example"] == target
    assert ask("GET", "/forwards") == forwards
    assert [each["status"] for each in log] == ["delivered"] * 2
    assert len(listener.received) == 2 * 2 + 1
    assert again["status"] == 200
    assert ask("GET", "/outbox") == {"mails": []}
