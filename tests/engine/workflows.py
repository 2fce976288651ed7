"""Runs the steps of a GitHub Actions workflow: enough for those of `examples/ci`.

The scripts are run as they are, in a checkout of the repository. Of the actions, those
that keep and fetch artifacts do it in a folder; checkouts and installations are what
the tests already run in. `gh` is a command that keeps comments in a file.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

__all__ = ["GitHub", "JobRun"]

FOLDER = Path(__file__).parent.parent.parent / "examples" / "ci"

# What the workflows use of `gh api`; $COMMENTS_FILE has the comments.
_GH = """\
#!/bin/sh
set -eu
method=GET jq= body= path=
while [ $# -gt 0 ]; do
  case $1 in
    api|--paginate|--silent) ;;
    --method) shift; method=$1 ;;
    --jq) shift; jq=$1 ;;
    --field) shift; body=${1#body=@} ;;
    *) path=$1 ;;
  esac
  shift
done
case $method in
  GET) jq -r "$jq" "$COMMENTS_FILE" ;;
  POST) jq --rawfile body "$body" '. + [{id: (length + 1), body: $body,
      user: {login: "github-actions[bot]"}}]' "$COMMENTS_FILE" > "$COMMENTS_FILE.new"
    mv "$COMMENTS_FILE.new" "$COMMENTS_FILE" ;;
  PATCH) jq --rawfile body "$body" --argjson id "${path##*/}" \\
      'map(if .id == $id then .body = $body else . end)' "$COMMENTS_FILE" \\
      > "$COMMENTS_FILE.new"
    mv "$COMMENTS_FILE.new" "$COMMENTS_FILE" ;;
esac
"""


@dataclass
class JobRun:
    """What became of a job."""

    failed: str = ""
    """The name of the step that failed, and what it said; nothing else ran after it
    than what was to run anyway."""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


class GitHub:
    """A repository whose workflows are run here."""

    def __init__(self, folder: Path, repository: Path, environ: Mapping[str, str]):
        self.artifacts = folder / "artifacts"
        self._folder, self._repository = folder, repository
        self._comments = folder / "comments.json"
        folder.mkdir()
        self._comments.write_text(
            json.dumps([{"id": 1, "body": "LGTM", "user": {"login": "somebody"}}])
        )
        (folder / "gh").write_text(_GH)
        (folder / "gh").chmod(0o755)
        self._environ = {
            **environ,
            "PATH": f"{folder}:{environ['PATH']}",
            "COMMENTS_FILE": str(self._comments),
        }
        self._jobs = 0

    @property
    def comments(self) -> list[str]:
        """The pull request's comments."""
        return [each["body"] for each in json.loads(self._comments.read_text())]

    def run(
        self, workflow: str, job: str, secrets: Mapping[str, str], **context: str
    ) -> JobRun:
        """Run a job; `context` has what expressions name, with `_` for `.`."""
        found = yaml.safe_load((FOLDER / f"{workflow}.yml").read_text())["jobs"][job]
        values = {f"secrets.{name}": text for name, text in secrets.items()}
        values |= {name.replace("_", "."): text for name, text in context.items()}
        workplace = self._workplace()
        run = JobRun()
        for step in found["steps"]:
            wanted = step.get("if", "success()")
            runs = not run.failed if wanted == "success()" else True
            if wanted == "failure()":
                runs = bool(run.failed)
            if runs:
                self._step(step, found.get("env", {}), values, workplace, run)
        files = workplace / ".github"
        run.summary = (files / "summary").read_text()
        for name, expression in found.get("outputs", {}).items():
            run.outputs[name] = _filled(expression, values)
        return run

    def _workplace(self) -> Path:
        """Check the repository out anew."""
        self._jobs += 1
        workplace = self._folder / f"job-{self._jobs}"
        shutil.copytree(self._repository, workplace)
        (workplace / ".github").mkdir()
        for name in ("summary", "output"):
            (workplace / ".github" / name).touch()
        return workplace

    def _step(
        self,
        step: Mapping[str, Any],
        env: Mapping[str, str],
        values: dict[str, str],
        workplace: Path,
        run: JobRun,
    ) -> None:
        inputs = {
            name: _filled(str(text), values)
            for name, text in step.get("with", {}).items()
        }
        action = step.get("uses", "").partition("@")[0]
        if action == "actions/upload-artifact":
            kept = self.artifacts / inputs["name"]
            kept.mkdir(parents=True, exist_ok=True)
            shutil.copy(workplace / inputs["path"], kept)
            values[f"steps.{step.get('id')}.outputs.artifact-url"] = kept.as_uri()
        elif action == "actions/download-artifact":
            into = workplace / inputs.get("path", ".")
            into.mkdir(exist_ok=True)
            for kept in self.artifacts.glob(inputs.get("pattern") or inputs["name"]):
                shutil.copytree(kept, into, dirs_exist_ok=True)
        elif "run" in step and step["name"] != "Install":
            self._script(step, env, values, workplace, run)

    def _script(
        self,
        step: Mapping[str, Any],
        env: Mapping[str, str],
        values: dict[str, str],
        workplace: Path,
        run: JobRun,
    ) -> None:
        given = {**env, **step.get("env", {})}
        files = workplace / ".github"
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],  # as GitHub runs it
            cwd=workplace,
            env={
                **self._environ,
                **{name: _filled(text, values) for name, text in given.items()},
                "GITHUB_STEP_SUMMARY": str(files / "summary"),
                "GITHUB_OUTPUT": str(files / "output"),
            },
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            run.failed = run.failed or f"{step['name']}: {done.stdout}{done.stderr}"
        for line in (files / "output").read_text().splitlines():
            name, _, text = line.partition("=")
            values[f"steps.{step.get('id')}.outputs.{name}"] = text


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Replace expressions by what they stand for; what nobody gave is empty."""
    return re.sub(
        r"\$\{\{ ([\w.-]+) \}\}", lambda found: values.get(found[1], ""), str(text)
    )


def environment(*ours: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without the keys of the one that the tests run in."""
    merged = {name: text for each in (os.environ, *ours) for name, text in each.items()}
    return {
        name: text
        for name, text in merged.items()
        if not name.startswith("STRIPE_API_K")
    }
