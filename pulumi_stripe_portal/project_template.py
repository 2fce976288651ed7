"""The files that `stripe-portal init` adds to a project: those of `templates/python`.

They are what `pulumi new` makes a new project of as well, and stand nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.stacks.project_file import ProjectFile

__all__ = ["PARTS", "missing_files", "plan", "stacks_there", "write_files"]

PARTS = {
    "program": ("portal.py",),
    "stacks": ("Pulumi.test.yaml", "Pulumi.live.yaml"),
    "workflow": (".github/workflows/portal-review.yml",),
    "test": ("tests/test_portal.py",),
}
"""What can be left out, and the template's files of each."""
_WANTED = ("__main__.py", "requirements.txt")
"""What a program needs besides; most projects have them, and keep theirs."""


def plan(project: ProjectFile, without: Collection[str] = ()) -> dict[Path, str]:
    """Return the files to write, each with its text.

    Args:
        project: A project in Python.
        without: The names of `PARTS` that are left out.

    Raises:
        SettingsError: The project is in another language, or has such a file already;
            a stack's file, which Pulumi makes with the stack, is left as it is.
    """
    if project.runtime != "python":
        raise SettingsError(
            f"{project.folder}: the project is in {project.runtime}, and only one in "
            "Python can be added to; templates/ of the repository has whole projects "
            "in TypeScript and YAML for `pulumi new`"
        )
    names = [
        name for part, files in PARTS.items() if part not in without for name in files
    ]
    kept = stacks_there(project)
    planned = {
        _place(project, name): _text(project, name)
        for name in names
        if name not in kept
    }
    there = [path for path in planned if path.exists() or path.is_symlink()]
    if there:
        listed = "".join(f"\n  {path}" for path in there)
        parts = ", ".join(part for part in PARTS if _is_there(project, part, there))
        raise SettingsError(
            "nothing was written, as nothing that is there is written over; move the "
            f"files away, or leave out what they are of ({parts}) by --without:{listed}"
        )
    if "program" not in without:
        wanted = {_place(project, name): name for name in missing_files(project)}
        planned |= {path: _text(project, name) for path, name in wanted.items()}
    return planned


def missing_files(project: ProjectFile) -> list[str]:
    """Return what the program needs besides, and the project doesn't have."""
    wanted = _WANTED[1:] if _is_module(project) else _WANTED
    return [name for name in wanted if not _place(project, name).exists()]


def stacks_there(project: ProjectFile) -> list[str]:
    """Return the template's files of stacks that the project has its own of."""
    return [name for name in PARTS["stacks"] if _place(project, name).exists()]


def write_files(planned: dict[Path, str]) -> None:
    """Write all files, or none.

    Args:
        planned: The text of each, by its path.

    Raises:
        OSError: One can't be written.
    """
    made: list[Path] = []
    try:
        for path, text in planned.items():
            folders = [each for each in path.parents if not each.exists()]
            for folder in reversed(folders):
                folder.mkdir()
                made.append(folder)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
    except OSError:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _is_there(project: ProjectFile, part: str, there: Collection[Path]) -> bool:
    return any(_place(project, name) in there for name in PARTS[part])


def _place(project: ProjectFile, name: str) -> Path:
    """Return where a file of the template goes to."""
    if name in PARTS["stacks"]:
        return project.stack_folder / name
    if name in PARTS["workflow"]:
        return _repository(project.folder) / name
    program = project.main.parent if _is_module(project) else project.main
    home = project.folder if name == "requirements.txt" else program
    return home / name


def _is_module(project: ProjectFile) -> bool:
    """Tell whether `main` is a file, and not a folder with `__main__.py`."""
    return project.main.is_file() or project.main.suffix == ".py"


def _repository(folder: Path) -> Path:
    """Return the root of the repository that a folder is in; itself where in none."""
    return next(
        (each for each in (folder, *folder.parents) if (each / ".git").exists()), folder
    )


def _text(project: ProjectFile, name: str) -> str:
    text = (_folder() / PurePosixPath(name)).read_text(encoding="utf-8")
    if name in PARTS["workflow"]:
        inside = project.folder.relative_to(_repository(project.folder)).as_posix()
        text = text if inside == "." else "\n".join(_moved(text, inside)) + "\n"
    return text.replace("${PROJECT}", project.name)


def _moved(workflow: str, folder: str) -> Iterator[str]:
    """Yield the lines of a workflow for a project in a folder of the repository.

    Commands run in it; the paths of what is kept are those of the repository.
    """
    for line in workflow.splitlines():
        before, key, path = line.partition(" path: ")
        yield f"{before}{key}{folder}/{path}" if key and not before.strip() else line
        if line == "permissions: {}":
            yield from ("", "defaults:", "  run:", f"    working-directory: {folder}")


def _folder() -> Path:
    """Return the template: beside this module, or where the repository has it."""
    here = Path(__file__).parent
    installed = here / "templates" / "python"
    return installed if installed.exists() else here.parent / "templates" / "python"
