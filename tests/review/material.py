"""The recorded previews, and texts kept beside them.

After a change that is meant, write the texts anew and read their differences:

    UPDATE_SNAPSHOTS=1 python -m pytest tests/review tests/test_compare.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pulumi_stripe_portal.review import Known, Plan, offline, read_plan

__all__ = ["CATALOGUE", "SNAPSHOTS", "assert_kept", "known_of", "preview", "previewed"]

HERE = Path(__file__).parent
SNAPSHOTS = HERE / "snapshots"
CATALOGUE = HERE / "catalogue.json"


def preview(name: str) -> Any:
    """Return a recorded preview, as `pulumi preview --json` printed it."""
    return json.loads((HERE / "previews" / f"{name}.json").read_text(encoding="utf-8"))


def previewed(name: str) -> Plan:
    """Return a recorded preview, read."""
    return read_plan(preview(name))


def known_of(*plans: Plan) -> dict[str, Known]:
    """Return by stack what the catalogue and the preview tell."""
    objects = json.loads(CATALOGUE.read_text(encoding="utf-8"))["data"]
    return {plan.stack: offline(plan, objects) for plan in plans}


def assert_kept(name: str, text: str, suffix: str = ".md") -> None:
    """Fail unless the text is the one that is kept under this name."""
    file = SNAPSHOTS / f"{name}{suffix}"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"no {file.name} is kept yet; run with UPDATE_SNAPSHOTS=1"
    assert text == file.read_text(encoding="utf-8")
