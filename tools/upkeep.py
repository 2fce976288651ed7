"""Name what newer packages have moved: `python -m tools.upkeep`.

Runs the tests that compare this package with the `stripe` and `pulumi` that are
installed: parameters and events of Stripe's, private parts of Pulumi's SDK, states of
earlier releases. `.github/workflows/upkeep.yml` installs the newest ones first.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import requires, version
from pathlib import Path

from packaging.requirements import Requirement

__all__ = ["CHECKS", "main"]

ROOT = Path(__file__).resolve().parent.parent
CHECKS = {
    "Stripe's parameters and events": ["tests/test_stripe_contract.py"],
    "Private parts of Pulumi's SDK": ["tests/engine/test_private_parts.py"],
    "States of earlier releases": ["tests/engine/test_states.py"],
}
"""What is compared, and the tests that do it."""


def main() -> int:
    """Print a report in Markdown; 1 where something has moved."""
    print(f"# Upkeep\n\n{_versions()}")
    moved = 0
    for title, tests in CHECKS.items():
        command = [sys.executable, "-m", "pytest", "-q", "--tb=short", *tests]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False
        )
        failed = done.returncode != 0
        moved += failed
        print(f"\n## {title}: {'moved' if failed else 'as they were'}\n")
        if failed:
            print(f"```text\n{done.stdout.strip()}\n```")
    return 1 if moved else 0


def _versions() -> str:
    """Return which packages are there, and which our limits would not let in."""
    lines = []
    for needed in map(Requirement, requires("pulumi-stripe-portal") or ()):
        if needed.name in ("stripe", "pulumi"):
            found = version(needed.name)
            fits = needed.specifier.contains(found, prereleases=True)
            said = "" if fits else f", which `{needed.specifier}` does not let in yet"
            lines.append(f"- {needed.name} {found}{said}\n")
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
