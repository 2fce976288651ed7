"""What only the tests need: Stripe's stripe-mock and a Chromium."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tools import apt, go_build
from tools.console import SetupError, replace_link, say

if TYPE_CHECKING:
    from pathlib import Path

STRIPE_MOCK = "github.com/stripe/stripe-mock"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN_PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-noto-cjk")


def stripe_mock_in(cache: Path) -> Path:
    """Tell where the built stripe-mock lies."""
    return cache / f"stripe-mock-{go_build.required('stripe-mock', STRIPE_MOCK)}"


def provide_stripe_mock(
    bin_folder: Path, *, cache: Path, go: go_build.GoWorkspace
) -> None:
    """Link stripe-mock into `bin_folder`; the caller holds the cache's lock."""
    kept = stripe_mock_in(cache)
    if not kept.exists():
        made = go.folder / "stripe-mock"
        go.build("stripe-mock", STRIPE_MOCK, made, usually="half a minute")
        made.rename(kept)
    replace_link(bin_folder / "stripe-mock", kept)


def has_stripe_mock(bin_folder: Path, *, cache: Path) -> bool:
    """Whether the link is there and leads to the wanted version."""
    link = bin_folder / "stripe-mock"
    return link.exists() and link.resolve() == stripe_mock_in(cache).resolve()


def provide_chromium(*, logs: Path) -> None:
    """
    Install Chromium and its fonts where that is allowed.

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
