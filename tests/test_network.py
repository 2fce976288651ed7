"""Requests: which way they go, what counts as an answer, and how long one is tried."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from stripe import APIConnectionError

from examples.webapp.billing import stripe_client
from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.errors import (
    RequestRefused,
    SettingsError,
    StripePortalError,
)
from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.schema.resources import CONFIGURATIONS, WEBHOOK_ENDPOINTS
from pulumi_stripe_portal.stripe_api import retries
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.settings import Settings

from .engine.wire import Answer, Trouble, Wire, laid
from .managed import Managed
from .recorder import Recorder, listening

HISTORY: Any = {"features": {"invoice_history": {"enabled": True}}}
ENDPOINT: Any = {
    "url": "https://example.com/stripe",
    "enabled_events": ["invoice.paid"],
}


@pytest.fixture
def wire(stripe_sandbox: Sandbox) -> Iterator[Wire]:
    """What requests go over."""
    with laid(stripe_sandbox.url) as wire:
        yield wire


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait next to nothing between tries."""
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.0005)
    monkeypatch.setattr(retries, "LONGEST_WAIT", 0.01)


def connection(address: str, key: str = Sandbox.api_key, **more: Any) -> Connection:
    """Return Stripe at an address, with nothing known of it."""
    config = {
        "stripe-portal:apiKey": key,
        "stripe-portal:apiBase": address,
        **{f"stripe-portal:{name}": value for name, value in more.items()},
    }
    return Connection(Settings.of_config(config.get), more.get("account"))


class TestWay:
    """To this machine no proxy is asked, and ~/.netrc is never read."""

    @pytest.fixture
    def recorder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Recorder]:
        """What everything is told to go to."""
        with listening() as recorder:
            for name, value in recorder.environ(tmp_path).items():
                monkeypatch.setenv(name, value)
            yield recorder

    def provider(self, sandbox: Sandbox) -> None:
        """Let a provider create, refresh and destroy."""
        managed = Managed(WebhookEndpointProvider, sandbox)
        managed.up(ENDPOINT)
        assert not managed.refresh()
        managed.destroy()

    def client(self, sandbox: Sandbox) -> None:
        """Ask with the sandbox's own client."""
        sandbox.client().v1.billing_portal.configurations.list()

    def webapp(self, sandbox: Sandbox) -> None:
        """Ask as the web app does."""
        stripe_client(sandbox.api_key, sandbox.url).v1.prices.list()

    def doctor(self, sandbox: Sandbox) -> None:
        """Run a command."""
        Connection._all.clear()
        done = CliRunner(env=sandbox.environ).invoke(main, ["doctor", "--json"])
        findings = {each["topic"]: each for each in json.loads(done.stdout)["findings"]}
        assert findings["account"]["ok"], done.stdout

    @pytest.mark.parametrize("who", ["provider", "client", "webapp", "doctor"])
    def test_this_machine(
        self, who: str, recorder: Recorder, stripe_sandbox: Sandbox
    ) -> None:
        """All of it works, with the key that was given, and the proxy hears nothing."""
        getattr(self, who)(stripe_sandbox)

        assert stripe_sandbox.requests
        assert all(each.status == 200 for each in stripe_sandbox.requests)
        # `pulumi about`, which the doctor runs, asks Pulumi who is signed in.
        pulumi = b"CONNECT api.pulumi.com:443"
        assert [each for each in recorder.heard if not each.startswith(pulumi)] == []

    @pytest.mark.usefixtures("hurried")
    def test_a_companys_proxy(self, recorder: Recorder) -> None:
        """Stripe itself is asked through it, and the key stays encrypted."""
        with pytest.raises(RequestRefused) as caught:
            connection("https://api.stripe.com").retrieve(CONFIGURATIONS, "bpc_1")

        assert "the proxy in HTTPS_PROXY can't be used" in str(caught.value)
        assert recorder.heard
        for heard in recorder.heard:
            assert heard.startswith(b"CONNECT api.stripe.com:443 ")
            assert Sandbox.api_key.encode() not in heard
            assert b"authorization" not in heard.lower()

    @pytest.mark.usefixtures("hurried")
    def test_no_proxy(
        self, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What NO_PROXY names is asked without one, as everywhere."""
        monkeypatch.setenv("no_proxy", "api.stripe.com")
        monkeypatch.setattr("socket.getaddrinfo", _unknown)

        with pytest.raises(RequestRefused, match="could not be reached"):
            connection("https://api.stripe.com").retrieve(CONFIGURATIONS, "bpc_1")

        assert recorder.heard == []


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("who", ["provider", "webapp"])
def test_redirects_are_not_followed(who: str, wire: Wire) -> None:
    """Nothing is sent to where one leads, the key least of all."""
    with listening() as recorder:
        away = body(b"", 307, Location=f"{recorder.url}/v1/prices")
        wire.disturb(1, Trouble("before", away), lasting=True)
        app = stripe_client(Sandbox.api_key, wire.url).v1.prices
        provider = connection(wire.url)
        with pytest.raises((RequestRefused, APIConnectionError)):
            provider.account_id() if who == "provider" else app.list()

        assert wire.struck
        assert recorder.heard == []


def _unknown(*_: Any, **__: Any) -> Any:
    raise OSError("Name or service not known")


def test_an_organisations_key(wire: Wire) -> None:
    """Goes with the account in the header that Stripe wants, and nowhere without."""
    key = "sk_org_test_123"

    with pytest.raises(SettingsError, match="name it with `pulumi config set"):
        connection(wire.url, key).retrieve(CONFIGURATIONS, "bpc_1")
    with pytest.raises(RequestRefused):
        connection(wire.url, key, account="acct_1").retrieve(CONFIGURATIONS, "bpc_1")
    (headers,) = wire.headers

    assert headers["Stripe-Context"] == "acct_1"
    assert "Stripe-Account" not in headers


def body(content: Any, status: int = 200, **headers: str) -> Callable[[Answer], Answer]:
    """Answer this in place of what Stripe said."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    named = [*headers.items(), ("Content-Length", str(len(raw)))]
    return lambda _answer: (status, named, raw)


def edited(edit: Callable[[Any], Any]) -> Callable[[Answer], Answer]:
    """Answer what Stripe said, changed."""
    return lambda answer: body(edit(json.loads(answer[2])))(answer)


def less(name: str) -> Callable[[Answer], Answer]:
    """Answer what Stripe said, but for a field."""
    return edited(lambda found: {k: v for k, v in found.items() if k != name})


def more(**fields: Any) -> Callable[[Answer], Answer]:
    """Answer what Stripe said, with other values in some fields."""
    return edited(lambda found: {**found, **fields})


ANSWERS: dict[str, tuple[Callable[[Answer], Answer], str]] = {
    "null": (body(None), "status 200 with JSON that is no object"),
    "a list": (body([{"id": "x"}]), "no object"),
    "a number": (body(7), "no object"),
    "nothing": (body(b""), "status 200 with no JSON"),
    "half of it": (body(b'{"id": "bpc_1", "ob'), "no JSON"),
    "HTML": (body(b"<html>Sign in</html>"), "no JSON"),
    "bad UTF-8": (body(b'{"id": "\xff"}'), "no JSON"),
    "half a character": (body(b'{"id": "\\ud800"}'), "no JSON"),
    "no number": (body(b'{"id": NaN}'), "no JSON"),
    "too large a number": (body(b'{"created": 1%s}' % (b"0" * 400)), "no JSON"),
    "too deep": (body(b'{"a":' * 100 + b"1" + b"}" * 100), "no object"),
    "much too deep": (body(b"[" * 10**5 + b"]" * 10**5), "no JSON"),
    "no fields": (body({}), "whose `id` is missing"),
    "an error": (body({"error": {"type": "x"}}), "whose `id` is missing"),
    "404 HTML": (body(b"<html>", 404), "status 404 with no JSON"),
    "404": (body({}, 404), "status 404 without Stripe's error object"),
    "403": (body({"message": "Forbidden"}, 403), "status 403 without"),
    "401, text": (body({"error": "denied"}, 401), "status 401 without"),
    "400, null": (body({"error": None}, 400), "status 400 without"),
    "400, a list": (body({"error": ["x"]}, 400), "status 400 without"),
    "400, no type": (body({"error": {"message": "x"}}, 400), "status 400 without"),
    "400, odd": (body({"error": {"type": "x", "code": [1]}}, 400), "without"),
    "503 HTML": (body(b"<html>", 503), "status 503 with no JSON"),
    "301": (body(b"", 301, Location="https://a.example/x?y"), "(301, to a.example)"),
    "302": (body(b"", 302, Location="/login"), "answered with a redirect (302)"),
    "307": (body(b"", 307, Location="http://[bad"), "answered with a redirect (307)"),
    "308": (body(b"", 308), "answered with a redirect (308)"),
    "no livemode": (less("livemode"), "whose `livemode` is missing"),
    "no object": (less("object"), "whose `object` is missing"),
    "no status": (less("status"), "a webhook_endpoint whose `status` is missing"),
    "text as mode": (more(livemode="false"), "whose `livemode` is missing or of"),
    "another kind": (more(object="price"), "an object of kind 'price' in place of"),
    "another one": (more(id="we_other"), "another object in place of we_"),
    "odd metadata": (more(metadata=["x"]), "whose `metadata` is missing or of"),
    "odd events": (more(enabled_events=[1]), "whose `enabled_events` is missing or"),
    "odd URL": (more(url=5), "whose `url` is missing or of another type"),
}


@pytest.mark.usefixtures("hurried")
class TestAnswers:
    """Only what has the form of Stripe's answers is believed."""

    @pytest.fixture
    def endpoint(self, stripe_sandbox: Sandbox) -> str:
        """The id of one that is there."""
        return stripe_sandbox.client().v1.webhook_endpoints.create(ENDPOINT).id

    @pytest.mark.parametrize("name", ANSWERS)
    def test_what_is_not_stripes(self, name: str, wire: Wire, endpoint: str) -> None:
        """Is tried again like a fault, then told in one error that no status has."""
        answer, words = ANSWERS[name]
        wire.disturb(1, Trouble("after", answer), lasting=True)

        with pytest.raises(RequestRefused) as caught:
            connection(wire.url).retrieve(WEBHOOK_ENDPOINTS, endpoint)

        assert str(caught.value).startswith(f"what answered at {wire.url} was not ")
        assert words in str(caught.value)
        assert "6 tries in 1 s; check the network" in str(caught.value)
        assert len(wire.struck) == 6
        assert (caught.value.status, caught.value.code) == (None, None)
        assert not caught.value.says_missing(endpoint)

    @pytest.mark.parametrize("name", ANSWERS)
    def test_once(self, name: str, wire: Wire, endpoint: str) -> None:
        """The second try's answer counts; a write's carries the same key."""
        wire.disturb(1, Trouble("after", ANSWERS[name][0]), lasting=False)

        told: Any = {"description": "Orders"}
        found = connection(wire.url).update(WEBHOOK_ENDPOINTS, endpoint, told)

        assert (found["id"], found["description"]) == (endpoint, "Orders")
        assert len({each["Idempotency-Key"] for each in wire.headers}) == 1
        assert len(wire.headers) == 2

    def test_a_deletion(self, wire: Wire, endpoint: str) -> None:
        """Is believed only where the answer says so."""
        said = more(deleted=False)
        wire.disturb(
            1, Trouble("before", lambda _: said((200, [], b"{}"))), lasting=True
        )

        with pytest.raises(RequestRefused, match=f"than that {endpoint} is deleted"):
            connection(wire.url).delete(WEBHOOK_ENDPOINTS, endpoint)

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            pytest.param(less("data"), "in place of a list", id="no data"),
            pytest.param(less("has_more"), "in place of a list", id="no has_more"),
            pytest.param(more(data={}), "in place of a list", id="odd data"),
            pytest.param(more(data=[5]), "in place of a list", id="odd items"),
            pytest.param(more(data=[{}]), "whose `id` is", id="empty items"),
            pytest.param(
                more(has_more=True, data=[]), "an empty page", id="nothing more"
            ),
        ],
    )
    @pytest.mark.usefixtures("endpoint")
    def test_lists(
        self, answer: Callable[[Answer], Answer], words: str, wire: Wire
    ) -> None:
        """A list that lacks something, or never ends, is none."""
        wire.disturb(1, Trouble("after", answer), lasting=True)

        with pytest.raises(RequestRefused, match=words):
            list(connection(wire.url).list_all(WEBHOOK_ENDPOINTS))

    def test_a_list_that_never_ends(self, wire: Wire, endpoint: str) -> None:
        """The same page again and again is found out at the second one."""
        page = {
            "object": "list",
            "has_more": True,
            "data": [connection(wire.url).retrieve(WEBHOOK_ENDPOINTS, endpoint)],
        }
        wire.disturb(1, Trouble("before", body(page)), lasting=True)

        with pytest.raises(RequestRefused, match="a list that repeats itself"):
            list(connection(wire.url).list_all(WEBHOOK_ENDPOINTS))

    def test_the_field_that_stripe_names(self, wire: Wire) -> None:
        """Is in the message, where Stripe's words lack it."""
        said = {
            "error": {
                "type": "invalid_request_error",
                "message": "Not a valid URL",
                "param": "default_return_url",
            }
        }
        answer = body(said, 400, **{"Request-Id": "req_1"})
        wire.disturb(1, Trouble("before", answer), lasting=True)

        with pytest.raises(RequestRefused) as caught:
            connection(wire.url).create(CONFIGURATIONS, HISTORY)

        words = "Stripe: Not a valid URL (param default_return_url, request req_1)"
        assert str(caught.value).endswith(words)
        assert caught.value.param == "default_return_url"
        assert len(wire.struck) == 1

    def test_a_key_that_stripe_repeats(self, wire: Wire) -> None:
        """Is hidden, whosever it is."""
        keys = ("sk_live_5", "rk_test_6", "sk_org_live_7", "whsec_8")
        said = {"error": {"type": "x", "message": f"bad: {', '.join(keys)}"}}
        wire.disturb(1, Trouble("before", body(said, 400)), lasting=True)

        with pytest.raises(RequestRefused) as caught:
            connection(wire.url).retrieve(CONFIGURATIONS, "bpc_1")

        assert not any(key in str(caught.value) for key in keys)

    def test_accounts(self, wire: Wire) -> None:
        """A gateway's 403 that names an account is none of Stripe's."""
        wire.disturb(1, Trouble("before", body(b"no acct_9 here", 403)), lasting=True)

        with pytest.raises(RequestRefused, match="was not Stripe"):
            connection(wire.url).account_id()


MANAGED: dict[str, tuple[type[StripeProvider], dict[str, Any]]] = {
    "PortalConfiguration": (
        PortalConfigurationProvider,
        {
            "features": {
                "customer_update": {"enabled": True, "allowed_updates": ["email"]},
                "payment_method_update": {"enabled": True},
                "subscription_cancel": {"enabled": True},
                "subscription_update": {
                    "enabled": True,
                    "default_allowed_updates": ["price"],
                    "products": [{"prices": [{"lookup_key": "pro_monthly"}]}],
                },
            },
            "business_profile": {"headline": "Hello"},
            "metadata": {"team": "billing"},
        },
    ),
    "WebhookEndpoint": (WebhookEndpointProvider, {**ENDPOINT, "metadata": {"a": "b"}}),
}


@pytest.fixture
def managed(
    stripe_sandbox: Sandbox, wire: Wire
) -> Callable[[str], tuple[Managed, Wire]]:
    """Makes a resource, once; returns it with the wire that it goes over."""
    made: dict[str, Managed] = {}

    def get(name: str) -> tuple[Managed, Wire]:
        if name not in made:
            provider, inputs = MANAGED[name]
            made[name] = Managed(provider, stripe_sandbox, wire.url)
            made[name].up(inputs)
        return made[name], wire

    return get


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.text(max_size=5), inside, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.usefixtures("hurried")
@given(data=st.data())
@pytest.mark.parametrize("name", MANAGED)
def test_any_answer_is_read_or_refused(
    name: str, managed: Callable[[str], tuple[Managed, Wire]], data: st.DataObject
) -> None:
    """One field of a true answer is anything: no error but ours comes out of it."""
    resource, wire = managed(name)

    def edit(answer: Answer) -> Answer:
        found = json.loads(answer[2])
        at, depth = found, data.draw(st.integers(0, 4))
        while depth and isinstance(at, (dict, list)) and at:
            keys: list[Any] = list(at) if isinstance(at, dict) else list(range(len(at)))
            key = data.draw(st.sampled_from(keys))
            if depth == 1 or not isinstance(at[key], (dict, list)):
                at[key] = data.draw(JSON)
                break
            at, depth = at[key], depth - 1
        return body(found)(answer)

    wire.disturb(1, Trouble("after", edit), lasting=True)
    state = (resource.id, resource.inputs, resource.outputs)
    try:
        with suppress(StripePortalError):
            resource.refresh()
    finally:
        resource.id, resource.inputs, resource.outputs = state
        wire.rest()


class TestPatience:
    """A call has an end, whatever comes, and says so when it takes long."""

    @pytest.mark.parametrize(
        "trouble",
        [
            pytest.param(Trouble("before", body({}), pace=30), id="hang"),
            pytest.param(Trouble("after", edited(dict), pace=0.02), id="trickle"),
        ],
    )
    def test_the_deadline(
        self,
        trouble: Trouble,
        wire: Wire,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        """All tries and waits end together, and progress is shown meanwhile."""
        monkeypatch.setattr(retries, "DEADLINE", 1.5)
        monkeypatch.setattr(retries, "ONE_TRY", 0.4)
        monkeypatch.setattr(retries, "TALK", 0.2)
        wire.disturb(1, trouble, lasting=True)
        began = time.monotonic()

        with pytest.raises(RequestRefused) as caught:
            connection(wire.url).create(CONFIGURATIONS, HISTORY)

        assert time.monotonic() - began < 5
        assert "there was no whole answer within" in str(caught.value)
        assert "tries in " in str(caught.value)
        said = capfd.readouterr().err
        assert said.count("still waiting for Stripe after 0 seconds") == 1

    @pytest.mark.parametrize("asked", ["3600", "inf", "nan", "-1", "x", "1e999"])
    def test_odd_waits(
        self, asked: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No `Retry-After` makes a call longer than it may be."""
        monkeypatch.setattr(retries, "FIRST_WAIT", 0.0005)
        monkeypatch.setattr(retries, "LONGEST_WAIT", 0.01)
        said = {"error": {"type": "x", "code": "rate_limit", "message": "slow"}}
        answer = body(said, 429, **{"Retry-After": asked})
        wire.disturb(1, Trouble("before", answer), lasting=False)

        made = connection(wire.url).create(CONFIGURATIONS, HISTORY)

        assert made["active"]


def test_the_client_waits_for_nobody(stripe_sandbox: Sandbox) -> None:
    """A thread that asks under the lock of the caches may need the client as well."""
    stripe = connection(stripe_sandbox.url)
    made = threading.Event()

    def make() -> None:
        assert stripe.client
        made.set()

    with stripe.lock:
        threading.Thread(target=make, daemon=True).start()

        assert made.wait(10)


HOUR = 60 * 60


@pytest.mark.parametrize(
    ("address", "ahead", "believed"),
    [
        ("https://api.stripe.com", 0.9 * HOUR, True),
        ("https://api.stripe.com", -0.9 * HOUR, True),
        ("https://api.stripe.com", 1.1 * HOUR, False),
        ("https://api.stripe.com", -20 * HOUR, False),
        ("http://127.0.0.1:1", 20 * HOUR, True),
    ],
)
def test_the_clock(address: str, ahead: float, believed: bool) -> None:
    """A date that a cache has kept is none; the sandbox's clock may be moved."""
    stripe = connection(address)
    headers = {"Date": formatdate(time.time() + ahead, usegmt=True)}

    stripe._clock.take(SimpleNamespace(last_response=SimpleNamespace(headers=headers)))

    expected = ahead if believed else 0
    assert stripe.now() - time.time() == pytest.approx(expected, abs=5)
