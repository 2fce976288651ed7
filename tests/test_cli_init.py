"""`stripe-portal init`: the template's files in a project that exists."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from click.testing import CliRunner, Result

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.project_template import PARTS

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "templates" / "python"
WORKFLOW = ".github/workflows/portal-review.yml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a program, in a folder of a repository."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "infra"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: {name: python}\n")
    (folder / "__main__.py").write_text("import pulumi\n")
    return folder


def init(folder: Path, *args: str) -> Result:
    """Run the command for a folder."""
    return CliRunner().invoke(main, ["init", "--dir", str(folder), *args])


def tree(folder: Path) -> dict[str, str]:
    """Return all that is in a folder, with its text."""
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else ""
        for path in folder.rglob("*")
    }


def test_what_it_writes_runs(project: Path) -> None:
    """The test passes as it stands; what was there stays; stdout has the files."""
    result = init(project)

    assert result.exit_code == 0, result.output
    written = {Path(line).name for line in result.stdout.splitlines()}
    assert written == {
        *(Path(name).name for files in PARTS.values() for name in files),
        "requirements.txt",
    }
    assert (project / "__main__.py").read_text() == "import pulumi\n"
    assert "`import portal`" in result.stderr
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-W", "error"], cwd=project, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_nothing_is_written_over(project: Path) -> None:
    """Where one file is there, nothing is written, and all that are there are named."""
    (project / "tests").mkdir()
    (project / "tests" / "test_portal.py").write_text("mine")
    (project / "portal.py").symlink_to("nowhere.py")
    before = sorted(project.parent.rglob("*"))
    result = init(project)

    assert result.exit_code == 2
    assert sorted(project.parent.rglob("*")) == before
    for named in ("infra/portal.py", "infra/tests/test_portal.py", "(program, test)"):
        assert named in result.stderr

    left_out = init(project, "--without", "program", "--without", "test")
    assert left_out.exit_code == 0
    assert (project / "tests" / "test_portal.py").read_text() == "mine"
    assert (project / "Pulumi.live.yaml").exists()
    assert "import portal" not in left_out.stderr


def test_a_stack_that_is_there_stays_as_it_is(project: Path) -> None:
    """Pulumi makes its file with the stack; what the program asks of it is said."""
    own = project / "Pulumi.test.yaml"
    own.write_text("encryptionsalt: mine\n")
    result = init(project)

    assert result.exit_code == 0, result.output
    assert own.read_text() == "encryptionsalt: mine\n"
    assert (project / "Pulumi.live.yaml").exists()
    assert "`pulumi config set shop:site https://" in result.stderr


def test_a_second_time_changes_nothing(project: Path) -> None:
    """It says that all is there."""
    init(project)
    before = tree(project.parent)

    assert init(project).exit_code == 2
    assert tree(project.parent) == before


def test_what_cannot_be_written_leaves_nothing(project: Path) -> None:
    """A file in the place of a folder: what was written before it goes again."""
    (project / "tests").write_text("a file")
    before = tree(project.parent)
    result = init(project)

    assert result.exit_code == 1
    assert "nothing was written" in result.stderr
    assert tree(project.parent) == before


def test_a_project_that_is_all_of_its_repository(project: Path) -> None:
    """The files are the template's to the byte, but for the project's name."""
    (project.parent / ".git").rmdir()
    (project / "__main__.py").unlink()
    assert init(project).exit_code == 0

    given = {
        name: text.replace("${PROJECT}", "shop")
        for name, text in tree(TEMPLATE).items()
        if name not in ("Pulumi.yaml", ".gitignore") and "__pycache__" not in name
    }
    made = tree(project)
    assert {name: made.get(name) for name in given} == given


def test_the_workflow_finds_a_project_in_a_folder(project: Path) -> None:
    """It lies where GitHub looks, runs in the folder, and keeps what lies there."""
    assert init(project).exit_code == 0
    workflow = yaml.safe_load((project.parent / WORKFLOW).read_text())

    assert workflow["defaults"] == {"run": {"working-directory": "infra"}}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    paths = [step["with"]["path"] for step in steps if "path" in step.get("with", {})]
    assert len(paths) == 6
    assert all(path.startswith("infra/") for path in paths)


def test_places_that_the_project_names(project: Path) -> None:
    """`main` and `stackConfigDir` are where Pulumi will look."""
    (project / "Pulumi.yaml").write_text(
        "name: shop\nruntime: python\nmain: src\nstackConfigDir: stacks\n"
    )
    (project / "src").mkdir()
    assert init(project).exit_code == 0

    assert {"src/portal.py", "src/__main__.py", "src/tests/test_portal.py"} <= {
        *tree(project)
    }
    assert (project / "stacks" / "Pulumi.test.yaml").exists()
    assert (project / "requirements.txt").exists()


def test_a_program_that_is_one_file(project: Path) -> None:
    """The module lies beside it, and is imported there."""
    (project / "Pulumi.yaml").write_text(
        "name: shop\nruntime: python\nmain: src/app.py\n"
    )
    (project / "src").mkdir()
    (project / "src" / "app.py").touch()
    result = init(project)

    assert result.exit_code == 0
    assert (project / "src" / "portal.py").exists()
    assert not (project / "src" / "__main__.py").exists()
    assert "`import portal`" in result.stderr


def test_the_workflow_is_the_examples() -> None:
    """One review of pull requests: the template has the example's, to the byte."""
    example = ROOT / "examples" / "ci" / "portal-review.yml"

    assert (TEMPLATE / WORKFLOW).read_text() == example.read_text()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "there is no Pulumi.yaml"),
        ("name: shop\nruntime: nodejs", "only one in Python"),
        ("name: [", "it is no YAML"),
        ("name: 2001-99-99", "it is no YAML"),
        ("name: " + "[" * 3000, "it is no YAML"),
    ],
)
def test_no_such_project(tmp_path: Path, file: str | None, words: str) -> None:
    """One line says what is wrong, and nothing is written."""
    if file is not None:
        (tmp_path / "Pulumi.yaml").write_text(file)
    result = init(tmp_path)

    assert result.exit_code == 2
    assert words in result.stderr
    assert len(list(tmp_path.iterdir())) == (file is not None)
