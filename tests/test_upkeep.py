"""The scheduled upkeep runs tests that there are, and says which of them fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import upkeep

ROOT = Path(__file__).parent.parent


def test_what_is_run_is_there() -> None:
    """Each check is of a file with tests; docs/releasing.md tells of it."""
    told = (ROOT / "docs" / "releasing.md").read_text()
    for files in upkeep.CHECKS.values():
        for name in files:
            assert "def test_" in (ROOT / name).read_text()
            assert name in told


def test_what_moved_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The report has the failure in it; all the same it goes on to the next check."""
    moved, same = tmp_path / "test_moved.py", tmp_path / "test_same.py"
    moved.write_text("def test_field():\n    assert 'pause' in ['cancel']\n")
    same.write_text("def test_field():\n    pass\n")
    checks = {"Fields": [str(moved)], "States": [str(same)]}
    monkeypatch.setattr(upkeep, "CHECKS", checks)

    assert upkeep.main() == 1
    report = capsys.readouterr().out
    assert "## Fields: moved" in report
    assert "'pause' in ['cancel']" in report
    assert "## States: as they were" in report
    assert "- stripe " in report
