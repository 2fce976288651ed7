"""`stripe-portal sandbox serve` and `sandbox run`, as a shell uses them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.sandbox import Sandbox

STRIPE_PORTAL = [sys.executable, "-m", "pulumi_stripe_portal"]
RUN = [*STRIPE_PORTAL, "sandbox", "run"]
CREATE = """
import os, stripe
client = stripe.StripeClient(
    os.environ["STRIPE_API_KEY"], base_addresses={"api": os.environ["STRIPE_API_BASE"]}
)
client.v1.billing_portal.configurations.create(
    {"features": {"invoice_history": {"enabled": True}}}
)
print(len(client.v1.billing_portal.configurations.list().data))
"""


def run(
    folder: Path, arguments: Sequence[str], text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command in *folder*, without a terminal of its own."""
    return subprocess.run(
        arguments,
        cwd=folder,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        start_new_session=True,
    )


def test_data_is_kept_between_runs(tmp_path: Path) -> None:
    """Two runs in one folder share their data, which git is told to ignore."""
    first = run(tmp_path, [*RUN, "--", sys.executable, "-c", CREATE])
    second = run(tmp_path, [*RUN, "--", sys.executable, "-c", CREATE])

    assert (first.stdout, second.stdout) == ("1\n", "2\n")
    assert first.stderr == "Requests to the sandbox: GET 1, POST 1\n"
    files = sorted(path.name for path in (tmp_path / ".sandbox").iterdir())
    assert files == [".gitignore", "stripe.json", "stripe.json.lock"]


def test_connected_accounts(tmp_path: Path) -> None:
    """`--connect` makes accounts that the key reaches, once; others it doesn't."""
    program = (
        "import sys, os, stripe\n"
        "client = stripe.StripeClient(os.environ['STRIPE_API_KEY'],"
        " base_addresses={'api': os.environ['STRIPE_API_BASE']})\n"
        "for account in ('acct_bakery', 'acct_cinema', 'acct_nobody'):\n"
        "    try: print(client.v1.accounts.retrieve_current("
        "options={'stripe_account': account}).id)\n"
        "    except stripe.PermissionError as error: print(error)"
    )
    options = ["--connect", "acct_bakery", "--connect", "acct_cinema"]
    command = [*RUN, *options, "--", sys.executable, "-c", program]

    first, second = (run(tmp_path, command) for _ in range(2))

    bakery, cinema, nobody = first.stdout.splitlines()
    assert (bakery, cinema) == ("acct_bakery", "acct_cinema")
    assert "does not have access to account 'acct_nobody'" in nobody
    assert (second.stdout, second.returncode) == (first.stdout, 0)


@pytest.mark.parametrize("account", ["bakery", Sandbox.account])
def test_accounts_that_cannot_be_connected(tmp_path: Path, account: str) -> None:
    """An id that is none, or the platform's own, is told before the command runs."""
    result = run(tmp_path, [*RUN, "--connect", account, "echo", "ran"])

    assert result.returncode == 2
    assert result.stdout == ""
    assert account in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "left"),
    [(["--memory"], []), (["--data", "mine.json"], ["mine.json", "mine.json.lock"])],
    ids=["memory", "data"],
)
def test_where_data_is_kept(
    tmp_path: Path, options: list[str], left: list[str]
) -> None:
    """`--data` names another file, `--memory` leaves none."""
    run(tmp_path, [*RUN, *options, sys.executable, "-c", CREATE])

    assert sorted(path.name for path in tmp_path.iterdir()) == left


@pytest.mark.parametrize("options", [["--data", "file/x.json"], []], ids=str)
def test_where_no_data_can_be_kept(tmp_path: Path, options: list[str]) -> None:
    """A folder that can't be made, and a file that can't grow, are one sentence."""
    (tmp_path / "file").touch()
    (tmp_path / ".sandbox").touch()

    done = run(tmp_path, [*RUN, *options, "--", "true"])

    assert done.returncode == 2
    assert "The sandbox cannot start: " in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_on_no_port(tmp_path: Path) -> None:
    """A port above 65535 is refused as what it is."""
    done = run(tmp_path, [*STRIPE_PORTAL, "sandbox", "serve", "--port", "99999"])

    assert done.returncode == 2
    assert "99999 is not in the range" in done.stderr
    with pytest.raises(ValueError, match="no port 99999"):
        Sandbox(port=99999).start()


def test_environment(tmp_path: Path) -> None:
    """The command finds the sandbox by three variables; stdout is its alone."""
    program = "env | grep ^STRIPE_ | sort"

    test = run(tmp_path, [*RUN, "--memory", "sh", "-c", program])
    live = run(tmp_path, [*RUN, "--memory", "--mode", "live", "sh", "-c", program])

    assert re.fullmatch(
        r"STRIPE_API_BASE=http://127\.0\.0\.1:\d+\n"
        r"STRIPE_API_KEY=sk_test_123\n"
        r"STRIPE_PORTAL_SANDBOX=1\n",
        test.stdout,
    )
    assert "STRIPE_API_KEY=sk_live_123\n" in live.stdout


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param(["true"], 0, id="success"),
        pytest.param(["sh", "-c", "exit 7"], 7, id="failure"),
        pytest.param(["sh", "-c", "kill -TERM $$"], 143, id="killed"),
        pytest.param(
            ["sh", "-c", 'test "$*" = "-x --data y"', "sh", "-x", "--data", "y"],
            0,
            id="options-of-the-command",
        ),
        pytest.param(["no-such-command"], 127, id="not-found"),
        pytest.param([], 2, id="nothing"),
        pytest.param(["--mode", "prod", "true"], 2, id="wrong-option"),
    ],
)
def test_exit_code(tmp_path: Path, command: list[str], code: int) -> None:
    """The exit code is the command's, 127 if there is none, 2 if used wrongly."""
    result = run(tmp_path, [*RUN, *command])

    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr


def test_deletes_are_counted(tmp_path: Path) -> None:
    """DELETE is shown where there was one."""
    program = (
        "import os, urllib.request as u; r = u.Request("
        "os.environ['STRIPE_API_BASE'] + '/v1/webhook_endpoints/we_1', method='DELETE')"
        "\ntry: u.urlopen(r)\nexcept u.HTTPError: pass"
    )

    result = run(tmp_path, [*RUN, "--memory", sys.executable, "-c", program])

    assert result.stderr == "Requests to the sandbox: GET 0, POST 0, DELETE 1\n"


def test_input_reaches_the_command(tmp_path: Path) -> None:
    """Standard input is the command's."""
    assert run(tmp_path, [*RUN, "--memory", "cat"], "hello").stdout == "hello"


def test_second_run_on_the_same_data(tmp_path: Path) -> None:
    """While a run uses a data file, another one is refused, and says why."""
    nested = [*RUN, *RUN, "true"]

    result = run(tmp_path, nested)

    assert result.returncode == 2
    assert "is in use by another sandbox" in result.stderr


@pytest.fixture
def served(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start `sandbox serve` on a free port."""
    child = subprocess.Popen(
        [*STRIPE_PORTAL, "sandbox", "serve", "--port", "0", "--mode", "live"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield child
    child.kill()
    child.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve(served: subprocess.Popen[str], number: signal.Signals) -> None:
    """`serve` prints what to export, answers, and ends cleanly."""
    assert served.stdout
    assert served.stderr
    base = served.stdout.readline().removeprefix("export STRIPE_API_BASE=").strip()
    key = served.stdout.readline().removeprefix("export STRIPE_API_KEY=").strip()
    request = Request(f"{base}/v1/account", headers={"Authorization": f"Bearer {key}"})
    with urlopen(request) as answer:
        assert answer.status == 200

    began = time.monotonic()
    served.send_signal(number)
    code = served.wait(timeout=10)

    assert (code, key) == (0, "sk_live_123")
    assert time.monotonic() - began < 1
    assert served.stderr.read().splitlines() == [
        f"Stripe sandbox at {base}, Ctrl-C ends it.",
        "Requests to the sandbox: GET 1, POST 0",
    ]


def test_another_version(tmp_path: Path) -> None:
    """A program made for an older API is told once that its answers are of this one."""
    older = CREATE.replace(
        "base_addresses", 'stripe_version="2024-06-20", base_addresses'
    )

    result = run(tmp_path, [*RUN, "--memory", "--", sys.executable, "-c", older])

    assert result.stdout == "1\n"
    assert result.stderr.splitlines() == [
        "Requests to the sandbox: GET 1, POST 1",
        "Answered as of Stripe's API 2026-10-28.endive, though asked for 2024-06-20.",
    ]


def test_serve_on_a_taken_port(tmp_path: Path, served: subprocess.Popen[str]) -> None:
    """A port that is taken is told in one line."""
    assert served.stdout
    port = served.stdout.readline().strip().rpartition(":")[2]

    result = run(
        tmp_path, [*STRIPE_PORTAL, "sandbox", "serve", "--port", port, "--memory"]
    )

    assert result.returncode == 2
    assert "in use" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "command", [[], ["sandbox"], ["sandbox", "serve"], ["sandbox", "run"]]
)
def test_help(command: list[str]) -> None:
    """Each command has help with a real example."""
    result = CliRunner().invoke(main, [*command, "--help"])

    assert result.exit_code == 0
    assert "Example" in result.output
    assert "  stripe-portal sandbox " in result.output
