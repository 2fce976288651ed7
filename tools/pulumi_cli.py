"""The Pulumi CLI with its Python helpers: found, installed or built, then proven."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tools import go_build
from tools.console import SetupError, replace_link, run, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PROGRAMS = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)

# A provider with no methods still has its plugin started and asked to check.
PROOF = """\
from pulumi.dynamic import Resource, ResourceProvider

class Provider(ResourceProvider):
    pass

class Thing(Resource):
    pass

Thing(Provider(), "thing", {})
"""


def version() -> str:
    """Tell the CLI version that the tests were written against."""
    return go_build.required("pulumi", "github.com/pulumi/pulumi/pkg/v3")


def cached_in(cache: Path) -> Path:
    """Tell where the installed or built CLI stays, keyed by what it is made of."""
    host = go_build.required("language-host", "github.com/pulumi/pulumi/sdk/v3")
    return cache / f"pulumi-{version()}-python-host-{host}"


def provide(
    bin_folder: Path, *, cache: Path, go: go_build.GoWorkspace, logs: Path
) -> None:
    """Link a working CLI into `bin_folder`; the caller holds the cache's lock."""
    tried: list[str] = []
    for name, files in (
        ("the one on PATH", on_path(os.environ.get("PATH", ""), without=bin_folder)),
        ("the one made before", in_folder(cached_in(cache))),
    ):
        failure = prove(files, bin_folder) if files else "there is none"
        if failure is None:
            say(f"Pulumi CLI: {name}, {files['pulumi'].parent}")
            link(files, bin_folder)
            return
        tried.append(f"{name}: {failure}")

    ways: list[tuple[str, Callable[[Path], None]]] = [
        ("Pulumi's installer", lambda folder: _run_installer(folder, bin_folder, logs)),
        ("built from Go modules", lambda folder: _build(folder, go)),
    ]
    for number, (name, make) in enumerate(ways):
        folder = go.folder / f"pulumi-{number}"
        folder.mkdir()
        try:
            make(folder)
        except SetupError as error:
            tried.append(f"{name}: {error}")
            say(f"  no Pulumi CLI that way: {str(error).splitlines()[0]}")
            continue
        files = in_folder(folder)
        failure = prove(files, bin_folder) if files else "its helpers are missing"
        if failure is None:
            link(in_folder(_keep(folder, cached_in(cache))), bin_folder)
            say(f"Pulumi CLI: {name}, now in {cached_in(cache)}")
            return
        tried.append(f"{name}: {failure}")
    raise SetupError(nothing_works(tried))


def nothing_works(tried: Sequence[str]) -> str:
    """Word the one message for a machine where no way leads to a CLI."""
    return "\n".join(
        [
            "no working Pulumi CLI could be had. Tried:",
            *(f"  - {line}" for line in tried),
            f"What to do: put Pulumi {version()} or newer on PATH"
            " (pulumi.com/docs/install), or let this machine reach a Go module proxy"
            " (GOPROXY); then run `make setup` again.",
        ]
    )


def on_path(path: str, *, without: Path) -> dict[str, Path]:
    """Find the programs of the CLI on `path`; our own links are no find."""
    folders = [
        folder
        for folder in path.split(os.pathsep)
        if folder and Path(folder).resolve() != without.resolve()
    ]
    found = shutil.which("pulumi", path=os.pathsep.join(folders))
    if found is None:
        return {}
    # The helpers lie beside the real program, or are on PATH themselves.
    beside = [str(Path(found).parent), str(Path(found).resolve().parent)]
    places = os.pathsep.join([*beside, *folders])
    helpers = {name: shutil.which(name, path=places) for name in PROGRAMS[1:]}
    return {
        "pulumi": Path(found),
        **{name: Path(place) for name, place in helpers.items() if place is not None},
    }


def in_folder(folder: Path) -> dict[str, Path]:
    """Tell the programs of a CLI in one folder; empty unless all are there."""
    files = {name: folder / name for name in PROGRAMS}
    return files if all(os.access(file, os.X_OK) for file in files.values()) else {}


def link(files: Mapping[str, Path], bin_folder: Path) -> None:
    """Link the programs, each as a whole or not at all."""
    for name, file in files.items():
        replace_link(bin_folder / name, file.absolute())


def prove(files: Mapping[str, Path], bin_folder: Path) -> str | None:
    """Preview a tiny program with a dynamic resource; tell what failed, or None.

    That takes the CLI, its language host, the SDK in `bin_folder`'s Python and the
    plugin of dynamic providers: all that the project needs of Pulumi.
    """
    absent = [name for name in PROGRAMS if name not in files]
    if absent:
        return f"{', '.join(absent)} not found"
    with tempfile.TemporaryDirectory(prefix="pulumi-proof-") as scratch:
        here = Path(scratch)
        programs, project, state = here / "bin", here / "project", here / "state"
        for folder in (programs, project, state):
            folder.mkdir()
        link(files, programs)
        (project / "Pulumi.yaml").write_text("name: proof\nruntime: python\n")
        (project / "__main__.py").write_text(PROOF)
        env = {k: v for k, v in os.environ.items() if not k.startswith("PULUMI_")}
        path = (str(programs), str(bin_folder), env.get("PATH", os.defpath))
        env.update(
            PATH=os.pathsep.join(path),
            PULUMI_HOME=str(here / "home"),
            PULUMI_BACKEND_URL=state.as_uri(),
            PULUMI_CONFIG_PASSPHRASE="",
            PULUMI_SKIP_UPDATE_CHECK="true",
        )
        for command in (
            ["pulumi", "version"],
            ["pulumi", "stack", "init", "proof", "--non-interactive"],
            ["pulumi", "preview", "--non-interactive", "--color=never"],
        ):
            try:
                answer = subprocess.run(
                    [programs / command[0], *command[1:]],
                    env=env,
                    cwd=project,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    timeout=120,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                return f"`{' '.join(command)}`: {error}"
            if answer.returncode != 0:
                lines = (answer.stderr.strip() or answer.stdout.strip()).splitlines()
                return f"`{' '.join(command)}` failed: " + " / ".join(lines[-4:])
            if command[1] == "version" and is_older(answer.stdout, version()):
                return f"it is {answer.stdout.strip()}, {version()} or newer is needed"
    return None


def is_older(given: str, needed: str) -> bool:
    """Compare two versions as `pulumi version` prints them; unreadable is old."""
    numbers = [re.findall(r"\d+", text)[:3] for text in (given, needed)]
    return [int(part) for part in numbers[0]] < [int(part) for part in numbers[1]]


def _keep(folder: Path, place: Path) -> Path:
    """Move a finished folder to its place in one step: no half of it is ever seen."""
    if place.exists():
        shutil.rmtree(place)
    return folder.rename(place)


def _run_installer(folder: Path, bin_folder: Path, logs: Path) -> None:
    # The SDK knows where the installer is and how to call it.
    code = (
        "import pulumi.automation, semver, sys; "
        "pulumi.automation.PulumiCommand.install("
        "root=sys.argv[1], version=semver.VersionInfo.parse(sys.argv[2]))"
    )
    root = folder.with_name(folder.name + "-root")
    log = logs / "pulumi-installer.log"
    try:
        run(
            [bin_folder / "python", "-c", code, root, version()],
            doing=f"running Pulumi's installer for {version()}",
            usually="20 seconds",
            log=log,
            timeout=300,
        )
    except SetupError:
        words = log.read_text(errors="replace").strip().splitlines()
        msg = words[-1] if words else "no answer"
        raise SetupError(msg) from None
    folder.rmdir()
    (root / "bin").rename(folder)


def _build(folder: Path, go: go_build.GoWorkspace) -> None:
    pulumi = "github.com/pulumi/pulumi"
    variable = f"{pulumi}/sdk/v3/go/common/version.Version"
    go.build(
        "pulumi",
        f"{pulumi}/pkg/v3/cmd/pulumi",
        folder / "pulumi",
        version_variable=f"{variable}=v{version()}",
        usually="2 to 5 minutes, 260 MB to download",
    )
    # The last release that has the language host where a plain build finds it.
    host = go_build.required("language-host", f"{pulumi}/sdk/v3")
    go.build(
        "language-host",
        f"{pulumi}/sdk/v3/python/cmd/pulumi-language-python",
        folder / "pulumi-language-python",
        version_variable=f"{variable}=v{host}",
        usually="half a minute",
    )
    python = go.source("pulumi", f"{pulumi}/sdk/v3") / "python"
    scripts = "cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python"
    for script in scripts:
        target = folder / Path(script).name
        shutil.copyfile(python / script, target)
        target.chmod(0o755)
