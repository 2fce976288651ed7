"""`python -m examples.webapp`: what it says in a shell, and who it lets sign in."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Mapping

import pytest

from examples.webapp.settings import database
from examples.webapp.store import Store

from .serving import ROOT, Site
from .shop import ADA, NEW, Shop

WEBAPP = [sys.executable, "-m", "examples.webapp"]
OUTPUTS = dict.fromkeys(("default", "standard", "allPlans"), "bpc_1")
OUTPUTS["webhookSecret"] = "whsec_1"


def run(
    *arguments: str, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without a terminal."""
    return subprocess.run(
        [*WEBAPP, *arguments],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        start_new_session=True,
    )


@pytest.fixture
def environ(shop: Shop) -> dict[str, str]:
    """What the commands are told."""
    return {
        **shop.sandbox.environ,
        "APP_DATABASE": shop.settings.database,
        "APP_PASSWORD": "a new password",
    }


def assert_error(done: subprocess.CompletedProcess[str], words: str) -> None:
    """Assert that it failed with one line."""
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert words in line


def shop_users(shop: Shop) -> dict[str, str | None]:
    """Return who may sign in, with their billing record."""
    with Store(shop.settings.database).transaction() as db:
        return dict(db.execute("SELECT email, customer FROM users").fetchall())


def test_serve_tells_its_address(shop: Shop, environ: dict[str, str]) -> None:
    """The address is there to open when it is printed."""
    port = str(shop.listening.getsockname()[1])
    shop.listening.close()
    serving = subprocess.Popen(
        [*WEBAPP, "serve", "--port", port],
        cwd=ROOT,
        env={**os.environ, **environ, "STACK_OUTPUTS": json.dumps(OUTPUTS)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout
    try:
        found = re.fullmatch(
            r"Open (http://127\.0\.0\.1:\d+), Ctrl-C ends it\.\n",
            serving.stdout.readline(),
        )

        assert found
        site = Site(found[1], shop.settings)
        assert site.browser(ADA).get("/account").status_code == 200
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.communicate(timeout=10)


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        ("", "lacks STACK_OUTPUTS"),
        ("no stack", "STACK_OUTPUTS is not what"),
        ("[]", "STACK_OUTPUTS is not what"),
        (json.dumps({**OUTPUTS, "webhookSecret": "[secret]"}), "lacks webhookSecret,"),
        (json.dumps({"webhookSecret": "whsec_1"}), "lacks default, an output of the"),
    ],
)
def test_serve_tells_which_output_is_missing(
    environ: dict[str, str], outputs: str, words: str
) -> None:
    """It is told from a setting, with the command that prints the outputs."""
    done = run("serve", environ={**environ, "STACK_OUTPUTS": outputs})

    assert_error(done, words)
    assert "`pulumi stack output --json --show-secrets`" in done.stderr


def test_user_tells_who_is_new(shop: Shop, environ: dict[str, str]) -> None:
    """Somebody who is there already is changed, which is said."""
    customer = shop.client.v1.customers.create({"email": "you@example.com"}).id

    first = run("user", "you@example.com", "--customer", customer, environ=environ)
    second = run("user", "You@example.com", environ=environ)

    assert first.stdout == f"you@example.com created, with {customer}\n"
    assert second.stdout == "You@example.com updated, with no billing record\n"
    assert shop_users(shop)["you@example.com"] is None


def test_user_asks_stripe_for_the_customer(shop: Shop, environ: dict[str, str]) -> None:
    """An unknown, a deleted and somebody else's customer change nothing."""
    deleted = shop.client.v1.customers.create({}).id
    shop.client.v1.customers.delete(deleted)

    for customer, words in (
        ("cus_unknown", "No such customer: 'cus_unknown'"),
        (deleted, "was deleted"),
        (shop.customers[ADA], "somebody else"),
    ):
        done = run("user", NEW, "--customer", customer, environ=environ)
        assert_error(done, words)
    assert shop_users(shop)[NEW] is None


def test_user_without_a_key(shop: Shop, environ: dict[str, str]) -> None:
    """Stripe is asked only where a customer is named."""
    environ["STRIPE_API_KEY"] = ""

    assert run("user", NEW, environ=environ).returncode == 0
    named = run("user", ADA, "--customer", shop.customers[ADA], environ=environ)
    assert_error(named, "lacks STRIPE_API_KEY")


def test_user_without_a_terminal(environ: dict[str, str]) -> None:
    """The password comes from the environment then, and it has a length."""
    nobody = run("user", NEW, environ={**environ, "APP_PASSWORD": ""})
    short = run("user", NEW, environ={**environ, "APP_PASSWORD": "seven77"})

    assert_error(nobody, "set APP_PASSWORD")
    assert_error(short, "8 characters")


@pytest.mark.parametrize(
    ("again", "code", "words"),
    [("a password", 0, "created"), ("b password", 1, "the two passwords differ")],
)
def test_user_asks_for_the_password_twice(
    environ: dict[str, str], again: str, code: int, words: str
) -> None:
    """What is typed is not seen, so it is typed twice."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(ROOT)
        told = {**os.environ, **environ, "APP_PASSWORD": ""}
        os.execve(sys.executable, [*WEBAPP, "user", "you@example.com"], told)
    seen = ""
    for prompt, typed in (("Password: ", "a password"), ("Again: ", again), ("", "")):
        while (prompt or words) not in seen:
            seen += os.read(terminal, 1000).decode()
        if typed:
            os.write(terminal, f"{typed}\n".encode())
    _, status = os.waitpid(process, 0)
    os.close(terminal)

    assert os.waitstatus_to_exitcode(status) == code
    assert "a password" not in seen


def test_git_ignores_the_database() -> None:
    """It holds who may sign in, and stands where the command was run."""
    ignored = (ROOT / ".gitignore").read_text().splitlines()

    assert f"/{database({})}" in ignored
