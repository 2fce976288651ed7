"""What only the tests need: stripe-mock, language hosts, a Chromium, PostgreSQL."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tools import apt, go_build
from tools.console import SetupError, replace_link, say

if TYPE_CHECKING:
    from pathlib import Path

PULUMI = "github.com/pulumi/pulumi"
# Each has a Go module of its own name below `tools/go`: the Go module that its version
# is that of, and the package that is built.
PROGRAMS = {
    "actionlint": (
        "github.com/rhysd/actionlint",
        "github.com/rhysd/actionlint/cmd/actionlint",
    ),
    "generate-sdks": (f"{PULUMI}/pkg/v3", "."),
    # The last release that has Node.js's host where a plain build finds it.
    "pulumi-language-nodejs": (
        f"{PULUMI}/sdk/v3",
        f"{PULUMI}/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    ),
    "pulumi-language-yaml": (
        f"{PULUMI}-yaml",
        f"{PULUMI}-yaml/cmd/pulumi-language-yaml",
    ),
    "stripe-mock": ("github.com/stripe/stripe-mock", "github.com/stripe/stripe-mock"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN_PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-noto-cjk")
POSTGRESQL = "postgresql"


def kept_in(cache: Path, name: str) -> Path:
    """Tell where a built program lies."""
    return cache / f"{name}-{go_build.required(name, PROGRAMS[name][0])}"


def provide_programs(
    bin_folder: Path, *, cache: Path, go: go_build.GoWorkspace
) -> None:
    """Link the programs into `bin_folder`; the caller holds the cache's lock."""
    for name, (_, package) in PROGRAMS.items():
        kept = kept_in(cache, name)
        if not kept.exists():
            made = go.folder / name
            go.build(name, package, made, usually="half a minute")
            made.rename(kept)
        replace_link(bin_folder / name, kept)


def has_programs(bin_folder: Path, *, cache: Path) -> bool:
    """Tell whether the links are there and lead to the wanted versions."""
    return all(
        (bin_folder / name).exists()
        and (bin_folder / name).resolve() == kept_in(cache, name).resolve()
        for name in PROGRAMS
    )


def provide_postgresql(*, logs: Path) -> None:
    """Install PostgreSQL where that is allowed; elsewhere the tests with it fail."""
    if not apt.missing([POSTGRESQL]):
        return
    if not apt.can_install():
        say(
            "no PostgreSQL: the tests of a team's state will fail. Install it as root: "
            f"apt-get install {POSTGRESQL}"
        )
        return
    try:
        apt.install([POSTGRESQL], logs=logs, usually="1 minute, 50 MB to download")
    except SetupError as error:
        say(str(error))


def provide_chromium(*, logs: Path) -> None:
    """Install Chromium and its fonts where that is allowed.

    Where it is not, the browser tests fail: a skipped test would look like a pass.
    """
    present = any(shutil.which(name) for name in BROWSERS)
    lacking = apt.missing(DEBIAN_PACKAGES if not present else DEBIAN_PACKAGES[1:])
    if present and not (lacking and apt.can_install()):
        return
    if apt.can_install():
        try:
            apt.install(lacking, logs=logs, usually="1 minute, 120 MB to download")
        except SetupError as error:
            say(str(error))
        else:
            return
    if not present:
        say(
            "no Chromium: the browser tests will fail. Install it as root: "
            f"apt-get install {' '.join(DEBIAN_PACKAGES)}"
        )
