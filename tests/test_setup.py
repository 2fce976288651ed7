"""The set-up of a checkout: its decisions and messages, and what is not to be in it."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools import console, environment, go_build, pulumi_cli, up
from tools.console import SetupError

ROOT = Path(__file__).parent.parent


def make_program(file: Path, text: str = "exit 0") -> Path:
    """Write an executable shell script."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def make_cli(folder: Path, pulumi: str = "exit 0") -> Path:
    """Write a folder with all four programs; `pulumi` does what the text says."""
    for name in pulumi_cli.PROGRAMS:
        make_program(folder / name, pulumi if name == "pulumi" else "exit 0")
    return folder


class TestCacheFolder:
    """Where built programs stay."""

    def test_default(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Without XDG_CACHE_HOME it lies in the user's .cache, outside the checkout."""
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        monkeypatch.setenv("HOME", str(tmp_path))

        assert tmp_path / ".cache/pulumi-stripe-portal" == go_build.cache_folder()

    def test_xdg(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """XDG_CACHE_HOME moves it."""
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

        assert tmp_path / "pulumi-stripe-portal" == go_build.cache_folder()

    def test_relative_is_ignored(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """A relative XDG_CACHE_HOME counts as unset, as the XDG rules want."""
        monkeypatch.setenv("XDG_CACHE_HOME", "somewhere")
        monkeypatch.setenv("HOME", str(tmp_path))

        assert tmp_path / ".cache/pulumi-stripe-portal" == go_build.cache_folder()

    def test_keyed_by_version(self, tmp_path: Path) -> None:
        """Another pinned version is another folder, so an old build is never reused."""
        name = pulumi_cli.cached_in(tmp_path).name

        assert f"pulumi-{pulumi_cli.version()}-python-host-" in name

    def test_leftovers(self, tmp_path: Path) -> None:
        """What an interrupted build left goes; finished builds stay."""
        (tmp_path / "unfinished-abc/go-modules").mkdir(parents=True)
        (tmp_path / "pulumi-3.250.0").mkdir()

        go_build.drop_leftovers(tmp_path)

        assert [path.name for path in tmp_path.iterdir()] == ["pulumi-3.250.0"]


class TestStamp:
    """What tells a second run that nothing is to be done."""

    @pytest.fixture
    def inputs(self, tmp_path: Path) -> list[Path]:
        """Two files that decide about the environment."""
        files = [tmp_path / "pyproject.toml", tmp_path / "constraints.txt"]
        for file in files:
            file.write_text("old")
        return files

    def test_unwritten(self, tmp_path: Path, inputs: list[Path]) -> None:
        """Without a stamp, an interrupted first run included, nothing is ready."""
        assert not environment.stamp_matches(tmp_path / "stamp", inputs)

    def test_same(self, tmp_path: Path, inputs: list[Path]) -> None:
        """A second run with the same inputs has nothing to do."""
        environment.write_stamp(tmp_path / "stamp", inputs)

        assert environment.stamp_matches(tmp_path / "stamp", inputs)

    def test_changed_input(self, tmp_path: Path, inputs: list[Path]) -> None:
        """A changed pin makes the environment stale."""
        environment.write_stamp(tmp_path / "stamp", inputs)
        inputs[1].write_text("new")

        assert not environment.stamp_matches(tmp_path / "stamp", inputs)

    def test_other_python(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, inputs: list[Path]
    ) -> None:
        """An environment made by another Python is stale."""
        environment.write_stamp(tmp_path / "stamp", inputs)
        monkeypatch.setattr(sys, "version", "3.99.0 (main)")

        assert not environment.stamp_matches(tmp_path / "stamp", inputs)

    def test_dangling_link(self, tmp_path: Path) -> None:
        """A link whose target was removed is as good as no program."""
        target = make_program(tmp_path / "cache/pulumi")
        console.replace_link(tmp_path / "pulumi", target)
        before = environment.absent(tmp_path, ["pulumi"])
        target.unlink()

        assert before == []
        assert environment.absent(tmp_path, ["pulumi"]) == ["pulumi"]

    def test_replaced_link(self, tmp_path: Path) -> None:
        """A link is moved to a new target and leaves nothing beside it."""
        link = tmp_path / "bin/pulumi"
        link.parent.mkdir()
        console.replace_link(link, make_program(tmp_path / "old"))
        console.replace_link(link, make_program(tmp_path / "new"))

        assert tmp_path / "new" == link.readlink()
        assert [link] == list(link.parent.iterdir())


class TestFindingTheCli:
    """Which files count as a Pulumi CLI."""

    def test_nothing(self, tmp_path: Path) -> None:
        """A PATH without pulumi has no CLI."""
        assert pulumi_cli.on_path(str(tmp_path), without=tmp_path / "bin") == {}

    def test_own_links(self, tmp_path: Path) -> None:
        """In an activated environment our own links are not the user's CLI."""
        own = make_cli(tmp_path / "venv/bin")

        assert pulumi_cli.on_path(str(own), without=own) == {}

    def test_helpers_beside_the_real_program(self, tmp_path: Path) -> None:
        """A linked pulumi brings the helpers that lie where the link leads."""
        real = make_cli(tmp_path / "opt/pulumi")
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin/pulumi").symlink_to(real / "pulumi")

        found = pulumi_cli.on_path(str(tmp_path / "bin"), without=tmp_path / "venv")

        assert tmp_path / "bin/pulumi" == found["pulumi"]
        assert real / "pulumi-language-python" == found["pulumi-language-python"]
        assert set(pulumi_cli.PROGRAMS) == set(found)

    def test_incomplete_folder(self, tmp_path: Path) -> None:
        """A cached folder counts only with all four programs in it."""
        folder = make_cli(tmp_path / "pulumi")
        assert set(pulumi_cli.PROGRAMS) == set(pulumi_cli.in_folder(folder))
        (folder / "pulumi-language-python-exec").unlink()

        assert pulumi_cli.in_folder(folder) == {}


class TestProof:
    """A CLI is used only if it works."""

    def test_missing_helpers(self, tmp_path: Path) -> None:
        """A CLI without its Python helpers is refused by their names."""
        pulumi = make_program(tmp_path / "pulumi")

        failure = pulumi_cli.prove({"pulumi": pulumi}, tmp_path)

        assert failure is not None
        assert failure.startswith("pulumi-language-python, ")
        assert failure.endswith(" not found")

    def test_too_old(self, tmp_path: Path) -> None:
        """A CLI older than the one the tests ran with is refused with both versions."""
        files = pulumi_cli.in_folder(make_cli(tmp_path, "echo v3.100.0"))

        assert (
            f"it is v3.100.0, {pulumi_cli.version()} or newer is needed"
            == pulumi_cli.prove(files, tmp_path)
        )

    def test_broken(self, tmp_path: Path) -> None:
        """A CLI that fails is refused in its own words."""
        text = 'test "$1" = version && echo v9.9.9 && exit 0; echo no host >&2; exit 1'
        files = pulumi_cli.in_folder(make_cli(tmp_path, text))

        failure = pulumi_cli.prove(files, tmp_path)

        assert failure is not None
        assert failure.startswith("`pulumi stack init")
        assert failure.endswith("failed: no host")

    @pytest.mark.engine
    def test_working(self) -> None:
        """The CLI that the set-up linked passes its own proof."""
        bin_folder = ROOT / ".venv/bin"

        assert pulumi_cli.prove(pulumi_cli.in_folder(bin_folder), bin_folder) is None

    @pytest.mark.parametrize(
        ("given", "needed", "older"),
        [
            ("v3.250.0", "3.250.0", False),
            ("v3.251.0-dev.0", "3.250.0", False),
            ("v3.99.9", "3.250.0", True),
            ("v4.0.0", "3.250.0", False),
            ("", "3.250.0", True),
        ],
    )
    def test_versions(self, given: str, needed: str, older: bool) -> None:
        """Versions compare as numbers, and what is unreadable is old."""
        assert older is pulumi_cli.is_older(given, needed)

    def test_nothing_works(self) -> None:
        """The last message says what was tried, why it failed and what to do."""
        message = pulumi_cli.nothing_works(["the one on PATH: there is none"])

        assert "  - the one on PATH: there is none\n" in message
        assert f"put Pulumi {pulumi_cli.version()} or newer on PATH" in message
        assert message.endswith("then run `make setup` again.")


class TestRunning:
    """Commands that a step runs."""

    def test_output(self, tmp_path: Path) -> None:
        """What a command prints comes back and stays in its log."""
        log = tmp_path / "logs/step.log"

        assert console.run(["echo", "hello"], doing="greeting", log=log) == "hello\n"
        assert log.read_text() == "hello\n"

    def test_failure(self, tmp_path: Path) -> None:
        """A failure names the step, its status, the log and the last words."""
        log = tmp_path / "step.log"

        with pytest.raises(SetupError) as failure:
            console.run(["sh", "-c", "echo oops; exit 3"], doing="trying", log=log)

        expected = f"trying: failed with status 3; the end of {log}:\n    oops"
        assert expected == str(failure.value)

    def test_missing_program(self, tmp_path: Path) -> None:
        """A program that isn't there is a message, not a traceback."""
        with pytest.raises(SetupError, match=r"trying: .*no-such-program"):
            console.run(["no-such-program"], doing="trying", log=tmp_path / "log")

    def test_heartbeat(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        tmp_path: Path,
    ) -> None:
        """Long work says beforehand how long it takes, and then that it goes on."""
        monkeypatch.setattr(console, "HEARTBEAT_SECONDS", 0.05)

        console.run(
            ["sleep", "0.2"], doing="resting", usually="0.2 s", log=tmp_path / "log"
        )

        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == "setup: resting (usually 0.2 s)"
        assert lines[1].startswith("setup:   still resting, ")

    def test_timeout(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A command that never ends is stopped."""
        monkeypatch.setattr(console, "HEARTBEAT_SECONDS", 0.05)

        with pytest.raises(SetupError, match="given up"):
            console.run(["sleep", "60"], doing="x", log=tmp_path / "log", timeout=0.1)


class TestLock:
    """Two runs at once."""

    def test_one_at_a_time(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        """A second run waits for the first and says so."""
        order: list[str] = []

        def second() -> None:
            with console.lock(tmp_path / "lock", held_for="setting up"):
                order.append("second")

        with console.lock(tmp_path / "lock", held_for="setting up"):
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(0.2)
            order.append("first")
        thread.join(10)

        assert order == ["first", "second"]
        assert "waiting: another run is setting up" in capsys.readouterr().out

    def test_killed_holder(self, tmp_path: Path) -> None:
        """A killed run holds nobody up."""
        code = (
            "import sys, time; from pathlib import Path\n"
            "from tools.console import lock\n"
            "with lock(Path(sys.argv[1]), held_for='x'): print('held'); "
            "sys.stdout.flush(); time.sleep(60)"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code, tmp_path / "lock"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            holder.send_signal(signal.SIGKILL)

        with console.lock(tmp_path / "lock", held_for="x"):
            pass


class TestStackLocks:
    """What a killed `make up` leaves behind."""

    def test_dead(self, tmp_path: Path) -> None:
        """Only the lock of a process of this machine that is gone is dead."""
        here = socket.gethostname()
        holders = {
            "alive": {"pid": os.getpid(), "hostname": here},
            "elsewhere": {"pid": 99999999, "hostname": "another machine"},
            "gone": {"pid": 99999999, "hostname": here},
        }
        folder = tmp_path / ".pulumi/locks/organization/portal/test"
        folder.mkdir(parents=True)
        for name, holder in holders.items():
            (folder / f"{name}.json").write_text(json.dumps(holder))
        (folder / "half-written.json").write_text('{"pid":')

        assert up.dead_locks(tmp_path) == [folder / "gone.json"]


class TestEntry:
    """The ways in: Makefile, CI, tools/setup.py."""

    def test_guard_is_readable_for_old_pythons(self) -> None:
        """An old Python gets as far as the line that tells what it lacks."""
        text = (ROOT / "tools/setup.py").read_text()

        ast.parse(text, feature_version=(3, 7))
        assert text.index("sys.version_info") < text.index("from tools")

    @pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
    def test_help_is_the_default(self) -> None:
        """Plain `make` lists every target with one line each and does nothing."""
        answer = subprocess.run(
            ["make", "--no-print-directory"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        listed = re.findall(r"^  make ([\w-]+) +\S", answer.stdout, re.MULTILINE)

        assert {"help", "setup", "up", "test", "check", "bench", "clean"} <= set(listed)
        assert len(listed) == len(answer.stdout.splitlines())

    def test_ci_runs_the_tests(self) -> None:
        """CI is `make test` and nothing cleverer."""
        script = ROOT / ".ci/run"

        assert os.access(script, os.X_OK)
        assert script.read_text().splitlines()[-1] == "exec make test"


class TestPins:
    """Versions are fixed, and nothing but versions."""

    def test_every_direct_requirement_is_pinned(self) -> None:
        """What pyproject.toml asks for has its version in the constraints."""
        text = (ROOT / "pyproject.toml").read_text()
        lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.M | re.S)
        wanted = re.findall(r'^  "([A-Za-z][\w-]*)', "".join(lists), re.MULTILINE)
        pins = re.findall(r"^([a-z0-9-]+)==", read_constraints(), re.MULTILINE)

        assert {"pulumi", "pytest", "types-requests"} <= set(wanted)
        assert sorted({name.replace("_", "-") for name in wanted} - set(pins)) == []

    def test_pins_are_plain(self) -> None:
        """Constraints are names, versions and Python markers: no option, no address."""
        lines = read_constraints().splitlines()
        marker = r'( ; python_(full_)?version [<>=]+ "[\d.]+")?'
        pin = re.compile(rf"#.*|[a-z0-9-]+==[\w.]+{marker}")

        assert [line for line in lines if not pin.fullmatch(line)] == []

    @pytest.mark.parametrize("python", ["3.10.0", "3.11.0", "3.12.0", "3.13.0"])
    def test_each_python_may_have_its_pins(self, python: str) -> None:
        """None is for a later one, of which Debian's may be the first release."""
        minor = python.rpartition(".")[0]
        here = {"python_version": minor, "python_full_version": python}
        refused = []
        for line in read_constraints().splitlines():
            if line.startswith("#"):
                continue
            pin = Requirement(line)
            if pin.marker is not None and not pin.marker.evaluate(here):
                continue
            try:
                found = distribution(pin.name)
            except PackageNotFoundError:  # another Python's, or fetched when needed
                continue
            said = found.metadata.get_all("Requires-Python") or []
            wanted = ",".join(map(str, said))
            if found.version in pin.specifier and python not in SpecifierSet(wanted):
                refused.append(f"{line}: {wanted}")

        assert refused == []

    def test_go_modules(self) -> None:
        """Each Go module names its one program, or is one, and has its sums."""
        modules = sorted(path.parent for path in go_build.MODULES.glob("*/go.mod"))

        assert [m.name for m in modules] == [
            "actionlint",
            "generate-sdks",
            "language-host",
            "pulumi",
            "pulumi-language-nodejs",
            "pulumi-language-yaml",
            "stripe-mock",
        ]
        for module in modules:
            assert (module / "go.sum").stat().st_size > 0
            tools = re.findall(r"^tool ", (module / "go.mod").read_text(), re.M)
            assert len(tools) + (module / "main.go").exists() == 1


def read_constraints() -> str:
    """Read the pins of the Python packages."""
    return go_build.CONSTRAINTS.read_text()


# Written in pieces, so that this file keeps its own rules.
FORBIDDEN = {
    "registry address": "|".join(
        [
            r"proxy\.golang" + r"\.org",
            r"pypi\.org/" + "simple",
            "files\\.python" + r"hosted\.org",
            "registry\\.npm" + r"js\.org",
        ]
    ),
    "path of one machine": "(?<![\\w.])/(?:ro" + "ot|wo" + "rk)/",
    "key that looks real": r"\b[sr]k_(?:test|live)_[A-Za-z0-9]{4,}",
}


def committed_files() -> list[Path]:
    """List what is or would be committed."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    answer = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / name for name in answer.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_repository_is_clean(kind: str) -> None:
    """No committed text holds a registry's address, a machine's path or a real key."""
    pattern = re.compile(FORBIDDEN[kind])
    found = []
    for file in committed_files():
        content = file.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode(errors="replace").split("\n"), 1):
            if pattern.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}")

    assert found == []
