"""The settings of a stack or an explicit provider, as the plugin takes them."""

from __future__ import annotations

import pytest
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_stripe_portal.engine.values import pack, unpack
from pulumi_stripe_portal.engine.wire import UNKNOWN

from .served import Resource, Served


def check(plugin: Served, **settings: object) -> pb.CheckResponse:
    """Return the answer to settings."""
    urn = "urn:pulumi:test::shop::pulumi:providers:stripe-portal::default"
    request = pb.CheckRequest(urn=urn, news=pack(settings))
    answer: pb.CheckResponse = plugin.ask("CheckConfig", request)
    return answer


def test_the_key_is_a_secret(plugin: Served) -> None:
    """It is one in the state also where the program gives it in clear."""
    answer = check(plugin, apiKey="sk_test_123", mode="test")

    inputs, secrets = unpack(answer.inputs)
    assert inputs == {"apiKey": "sk_test_123", "mode": "test"}
    assert secrets == {("apiKey",)}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mode": "prod"}, "stripe-portal:mode: 'prod' is not allowed"),
        ({"apiKey": "sk_live_123"}, "is a live key, but the stack's mode is test"),
        ({"account": "me"}, "stripe-portal:account: 'me' is no account id"),
        ({"engine": "go"}, "stripe-portal:engine: 'go' is not allowed"),
        *(
            ({"apiBase": given}, "is neither api.stripe.com nor on this machine")
            for given in ("http://[::1", "http://localhost:99999", "stripe.example")
        ),
        *(
            ({"requestsPerSecond": given}, "use a whole number from 1 to 10000")
            for given in ("0", "10001", "-5", "2.5", "many", "٣", "1e3")
        ),
    ],
)
def test_what_cannot_be_right(
    plugin: Served, settings: dict[str, str], words: str
) -> None:
    """It is said once, of the provider, before any resource is looked at."""
    (failure,) = check(plugin, **settings).failures

    assert words in failure.reason
    assert failure.property == ""
    assert "sk_" not in failure.reason


def test_what_is_not_known_yet(plugin: Served) -> None:
    """A key that another resource makes is judged when it is there."""
    answer = check(plugin, apiKey=UNKNOWN, mode="live")

    assert not answer.failures
    assert unpack(answer.inputs)[1] == {("apiKey",)}


def test_what_changes(plugin: Served) -> None:
    """Settings are compared by name, whole as a dynamic provider's or short."""
    olds = {"stripe-portal:apiKey": "sk_test_123", "stripe-portal:mode": "test"}
    same = {"apiKey": "sk_test_123", "mode": "test"}

    def diff(news: dict[str, str]) -> pb.DiffResponse:
        request = pb.DiffRequest(olds=pack(olds), news=pack(news))
        answer: pb.DiffResponse = plugin.ask("DiffConfig", request)
        return answer

    assert diff(same).changes == pb.DiffResponse.DIFF_NONE
    assert list(diff({**same, "mode": "live"}).detailedDiff) == ["mode"]
    assert not diff({**same, "mode": "live"}).replaces


def test_configure_says_what_it_can(plugin: Served) -> None:
    """Secrets arrive marked, and previews of writes are answered."""
    answer = plugin.configure(apiKey="sk_test_123")

    assert answer.acceptSecrets
    assert answer.supportsPreview


def test_handshake(plugin: Served) -> None:
    """The same is said before the settings are known."""
    request = pb.ProviderHandshakeRequest(engine_address="127.0.0.1:1")

    assert plugin.ask("Handshake", request).accept_secrets


def test_a_stack_without_a_key(plugin: Served) -> None:
    """Settings without a key are fine until a request is to be made."""
    plugin.configure(preflight="false")
    checked = Resource(plugin).checked({"features": {}})

    request = pb.CreateRequest(urn=Resource(plugin).urn, properties=checked)
    words = plugin.refused("Create", request)

    assert words.startswith("PortalConfiguration 'plans': no Stripe API key.")
