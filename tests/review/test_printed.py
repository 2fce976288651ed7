"""A preview is found in whatever the Pulumi CLI's output has become on its way."""

from __future__ import annotations

import codecs
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_stripe_portal.cli import main

from .material import CATALOGUE, HERE, SNAPSHOTS, preview

TEXT = json.dumps(preview("plan_removed"), indent=4)
SNAPSHOT = (SNAPSHOTS / "plan_removed.md").read_text(encoding="utf-8")


def _review(printed: bytes, *flags: str) -> Result:
    arguments = ["review", "-", "--catalogue", str(CATALOGUE), *flags]
    return CliRunner().invoke(main, arguments, input=printed)


AROUND = {
    "text before": f"Loading policy packs...\n\n{TEXT}\n",
    "text after": f"{TEXT}\nwarning: a new version of Pulumi is available\n",
    "no end of line": f"Loading policy packs...{TEXT}",
    "braces before": f"{{not JSON}}\n{{}}\n[1]\n{TEXT}\n{{",
    "other JSON": f'{{"level": "info", "steps": 3}}\n{TEXT}\n{{"level": "info"}}',
    "one line": f"hello\n{json.dumps(json.loads(TEXT))}\n",
    "a key twice": TEXT.replace('"steps":', '"steps": [],\n    "steps":'),
}


@pytest.mark.parametrize("printed", AROUND.values(), ids=AROUND.keys())
def test_text_around_it(printed: str) -> None:
    """What policy packs and warnings print before and after it is passed over."""
    done = _review(printed.encode())

    assert (done.exit_code, done.stdout) == (0, SNAPSHOT), done.stderr


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode("utf-16"),
    ],
    ids=["BOM", "UTF-16", "UTF-16BE", "CRLF"],
)
def test_encodings(encode: Any, tmp_path: Path) -> None:
    """What PowerShell's `>` makes of a preview, or a catalogue, is read alike."""
    file = tmp_path / "catalogue.json"
    file.write_bytes(encode(CATALOGUE.read_text(encoding="utf-8")))
    done = _review(encode(TEXT), "--catalogue", str(file))

    assert (done.exit_code, done.stdout) == (0, SNAPSHOT), done.stderr


REFUSED = {
    "nothing": (b"", "Expecting value"),
    "cut short": (TEXT[:-200].encode(), "Unterminated string|Expecting"),
    "no preview inside": (TEXT[:-200].encode() + b"\n{}", "Unterminated|Expecting|Inv"),
    "not a number": (b'{"steps": [NaN]}', "it holds NaN, which is no JSON"),
    "deep": (b'{"steps":' + b"[" * 100_000, "nested too deeply"),
    "deep, after text": (b"x\n" + b'{"a":' * 100_000, "nested too deeply"),
    "not text": (b"\xff\xfe\x00", "codec can't decode|truncated"),
    "two": (f"{TEXT}\n{TEXT}".encode(), "it holds 2 previews; give each its own"),
}


@pytest.mark.parametrize(("printed", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(printed: bytes, why: str) -> None:
    """What holds no preview is refused in one line, which says why."""
    done = _review(printed)

    assert (done.exit_code, done.stdout) == (2, "")
    assert re.match(rf"Error: -: .*({why})", done.stderr)
    assert done.stderr.endswith("; give the output of `pulumi preview --json`\n")
    assert done.stderr.count("\n") == 1


def _events(told: Any) -> list[Any]:
    """Return a preview as the engine's events; the real ones are in `test_engine`."""
    events: list[Any] = [{"preludeEvent": {"config": told["config"]}}]
    for step in told["steps"]:
        metadata = {k: step.get(k) for k in ("op", "urn", "provider")}
        metadata |= {"old": step.get("oldState"), "new": step.get("newState")}
        events.append({"resourcePreEvent": {"metadata": metadata, "planning": True}})
    for entry in told["diagnostics"]:
        prefix, _, words = entry["message"].partition(": ")
        coloured = {"prefix": f"<{{%fg 11%}}>{prefix}: <{{%reset%}}>", "message": words}
        events.append({"diagnosticEvent": {**entry, **coloured}})
    events += [{"summaryEvent": {"isPreview": True}}, {"cancelEvent": {}}]
    return [{"sequence": n, "timestamp": 1, **e} for n, e in enumerate(events)]


def _lines(events: list[Any]) -> str:
    return "".join(f"{json.dumps(event)}\n" for event in events)


NAMES = sorted(file.stem for file in (HERE / "previews").glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_events(name: str) -> None:
    """A preview that comes as events, one on a line, is the same preview."""
    told = preview(name)
    done = _review(f"some text\n{_lines(_events(told))}".encode())

    assert done.exit_code == 0, done.stderr
    assert done.stdout == _review(json.dumps(told).encode()).stdout


def test_events_cut_short() -> None:
    """Events that end before the preview does are a preview that failed."""
    done = _review(
        _lines(_events(preview("pause_on"))[:-2]).encode(), "--fail-on", "money"
    )

    assert done.exit_code == 1
    assert "the stream of events ends before the preview does" in done.stdout


def test_events_of_an_update() -> None:
    """What `pulumi up --json` prints tells of the past, and is refused."""
    events = _events(preview("pause_on"))
    events[-2]["summaryEvent"]["isPreview"] = False
    done = _review(_lines(events).encode())

    assert done.exit_code == 2
    assert "it tells of an update that ran" in done.stderr


def test_ephemeral_messages() -> None:
    """What the engine only shows while it works is no warning."""
    events = _events(preview("pause_on"))
    shown = {
        "severity": "warning",
        "message": "<{%reset%}>Installing…",
        "ephemeral": True,
    }
    events.insert(1, {**events[0], "diagnosticEvent": shown})
    done = _review(_lines(events).encode())

    assert "Installing" not in done.stdout


def test_any_locale(tmp_path: Path) -> None:
    """A review is UTF-8 where the runner's locale has no such letters."""
    file = tmp_path / "preview.json"
    file.write_text(json.dumps(preview("hostile")), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pulumi_stripe_portal", "review", str(file)],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("utf-8") == _review(file.read_bytes()).stdout
