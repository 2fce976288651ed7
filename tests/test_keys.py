"""Stripe's keys: told from everything else before a request, and shown nowhere."""

from __future__ import annotations

import base64
import re

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from examples.webapp.settings import SettingsError as WebappError
from examples.webapp.settings import stripe_key
from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.keys import (
    is_organization_key,
    key_mode,
    key_trouble,
    without_secrets,
)
from pulumi_stripe_portal.stripe_api.settings import Settings

KEYS = [
    ("sk_test_123", "test"),
    ("sk_live_123", "live"),
    ("rk_test_123", "test"),
    ("rk_live_123", "live"),
    ("sk_org_test_123", "test"),
    ("sk_org_live_123", "live"),
    ("sk_test_5_1a", "test"),
]
NO_KEYS = {
    "  sk_live_123": "has a blank or a line end around it",
    "sk_live_123\n": "has a blank or a line end around it",
    "sk_live_123\r\n": "has a blank or a line end around it",
    "sk_test_12\n3": "that no key has: U+000A",
    "sk_test_12 3": "that no key has: U+0020, SPACE",
    "sk_test_\u200b123": "that no key has: U+200B, ZERO WIDTH SPACE",
    "\ufeffsk_test_123": "that no key has: U+FEFF, ZERO WIDTH NO-BREAK SPACE",
    "sk_test_123\xa0": "has a blank or a line end around it",
    "\u0455k_test_123": "that no key has: U+0455, CYRILLIC SMALL LETTER DZE",
    "sk_test_12-3": "has a character in it that no key has",
    "sk_test_12…": "is shortened, not the whole key",
    "sk_test_...": "is shortened, not the whole key",
    "sk_test_****abc": "has its middle hidden",
    "SK_LIVE_123": "begins in upper case",
    "Sk_test_123": "begins in upper case",
    "pk_live_123": "is a publishable key",
    "whsec_123": "is the signing secret of a webhook endpoint",
    "Bearer sk_test_123": "is a whole header",
    '"sk_test_123"': "is in quotes",
    "sk_test_": "begins with none of",
    "sk_123": "begins with none of",
    "rk_org_test_123": "begins with none of",
    "acct_123": "begins with none of",
    "   ": "is blank",
}


def settings(key: str) -> Settings:
    """Return the settings of a stack with this key."""
    config = {"stripe-portal:apiKey": key, "stripe-portal:mode": key_mode(key)}
    return Settings.of_config(config.get)


@pytest.mark.parametrize(("key", "mode"), KEYS)
def test_what_stripe_issues(key: str, mode: str) -> None:
    """Its mode is told by the key, organisations' included."""
    assert key_mode(key) == mode
    assert key_trouble(key) is None
    assert settings(key).require_key() == key
    assert is_organization_key(key) == ("org" in key)


@pytest.mark.parametrize("key", NO_KEYS)
def test_what_is_no_key(key: str) -> None:
    """Is refused by name, with what to do, and without being shown."""
    with pytest.raises(SettingsError) as caught:
        settings(key).require_key()

    message = str(caught.value)
    assert message.startswith("the stack's key ")
    assert NO_KEYS[key] in message
    assert "https://dashboard.stripe.com/apikeys" in message
    assert message.endswith("Nothing was sent")
    assert "123" not in message


@pytest.mark.parametrize("key", NO_KEYS)
def test_everywhere(
    key: str, stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands and the web app refuse the same, and send nothing."""
    environ = {**stripe_sandbox.environ, "STRIPE_API_KEY": key}
    for command in (["session", "--customer", "cus_1"], ["import", "--all"]):
        done = CliRunner(env=environ).invoke(main, command)
        assert done.exit_code == 2, done.output
        assert "STRIPE_API_KEY " in done.output
        assert "123" not in done.output
    with pytest.raises(WebappError):
        stripe_key(environ)

    assert stripe_sandbox.requests == []


@given(key=st.text(max_size=20))
def test_any_text(key: str) -> None:
    """Has a mode and no trouble, or trouble and no mode."""
    assert (key_mode(key) is None) == (key_trouble(key) is not None)


SECRETS = st.builds(
    "{}{}".format,
    st.sampled_from(
        ["whsec_", *(key.removesuffix("123") for key, _ in KEYS[:6]), "SK_LIVE_"]
    ),
    st.text("abcXYZ0189_", min_size=4, max_size=40),
)
AROUND = st.text(" .,:;'\"()[]{}*=/+-_abcZ9é\n", max_size=12)


@example("sk_test_123", "", "", "basic")
@given(SECRETS, AROUND, AROUND, st.sampled_from(["plain", "basic", "url"]))
def test_no_secret_is_shown(secret: str, before: str, after: str, form: str) -> None:
    """Whatever stands around it, and in Basic authentication's form as well."""
    basic = f"{secret}:".encode()
    sent = {
        "plain": secret,
        "basic": base64.b64encode(basic).decode(),
        "url": base64.urlsafe_b64encode(basic).decode(),
    }[form]

    shown = without_secrets(f"{before}{sent}{after}")

    assert sent not in shown
    assert secret not in shown


@given(st.text(max_size=30))
def test_the_own_key_is_hidden(key: str) -> None:
    """Whatever it looks like."""
    shown = without_secrets(f"bad key: {key}!", key)

    assert not key.strip() or key in "bad key: [hidden]!" or key not in shown


@pytest.mark.parametrize(
    "words",
    [
        "The provided key 'rk_test_***' does not have the required permissions for "
        "this endpoint on account 'acct_1PortalSandbox00'.",
        "No such price: 'price_1MoBy5LkdIwHu7ixZhnattbh'",
        "Invalid API Key provided: sk_test_****abcd",
    ],
)
def test_other_words_stay(words: str) -> None:
    """What Stripe says is told as it is, its own masks included."""
    assert without_secrets(words) == words


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_mistake_is_rehearsed_in_the_sandbox(
    key: str, stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Around a command the sandbox has the key; a wrong one is refused as outside."""
    with pytest.raises(SettingsError) as outside:
        settings(key).require_key()

    for name, value in {**stripe_sandbox.environ, "STRIPE_PORTAL_SANDBOX": "1"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as inside:
        settings(key).require_key()

    assert str(inside.value) == str(outside.value)


@pytest.mark.parametrize(
    ("key", "mode", "words"),
    [
        ("sk_live_123", "test", "is a live key, but the stack's mode is test"),
        ("sk_test_123", "live", "is a test key, but the stack's mode is live"),
        ("sk_test_9", "test", None),
        ("rk_test_9", None, None),
    ],
)
def test_another_mode_is_rehearsed_in_the_sandbox(
    key: str,
    mode: str | None,
    words: str | None,
    stripe_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A key of the other mode is refused there too; a right one gives way."""
    for name, value in {**stripe_sandbox.environ, "STRIPE_PORTAL_SANDBOX": "1"}.items():
        monkeypatch.setenv(name, value)
    config = {"stripe-portal:apiKey": key, "stripe-portal:mode": mode}
    found = Settings.of_config(config.get)

    if words is None:
        assert found.require_key() == stripe_sandbox.api_key
    else:
        with pytest.raises(SettingsError, match=re.escape(words)):
            found.require_key()
