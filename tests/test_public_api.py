"""What users may import, and how the modules may depend on each other."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import pulumi_stripe_portal

from .sources import nodes_of, tree_of

PACKAGE = Path(pulumi_stripe_portal.__file__).parent

# A module may import those before it, never those after: the order of dependence.
LAYERS = [
    ["sandbox"],  # shares no code with what it is used to test
    ["errors", "events", "schema.field"],
    ["inputs"],
    ["schema"],
    ["engine"],
    ["stripe_api"],
    ["stacks"],
    ["providers"],
    ["resources", "plugin", "portal_links"],
    ["importing", "review"],
    ["doctor", "fleet", "project_template", "releasing", "testing", "verifying"],
    ["cli", "pytest_plugin"],
    ["__main__"],
]
APART = ("schema.field",)
"""Modules that stand lower than the rest of their folder."""

SANDBOX = [
    "evidence",
    "errors",
    "addresses",
    "data",
    "objects",
    "webhooks",
    "verbs",
    "billing",
    "portal_session",
    "routes",
    "portal",
    "http",
    *("catalogue", "client", "demo", "run_command"),
    "assembly",
    "setup",
]
"""The same for what is in the sandbox."""


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Return the modules that a file imports, in full, and the names it takes of them.

    A name may be a module of its own.
    """
    return tuple(_imports_of(path))


def _imports_of(path: Path) -> Iterator[str]:
    inside = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(inside[: len(inside) - node.level]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def ours(path: Path) -> set[str]:
    """Return the folders and modules of this package that a file imports."""
    names = (name.split(".")[1:] for name in imports_of(path))
    here = {entry.stem for entry in PACKAGE.iterdir()}
    return {
        ".".join(parts[:2]) if ".".join(parts[:2]) in APART else parts[0]
        for name, parts in zip(imports_of(path), names, strict=True)
        if name.startswith("pulumi_stripe_portal.") and parts[0] in here
    }


def in_sandbox(name: str) -> set[str]:
    """Return what a folder or module of the sandbox imports of the rest of it."""
    path = PACKAGE / "sandbox" / name
    files = path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]
    parts = {tuple(used.split(".")) for file in files for used in imports_of(file)}
    return {part[2] for part in parts if part[1:2] == ("sandbox",)} & set(SANDBOX)


def test_everything_public_is_documented() -> None:
    """Each name of `__all__` is real, and has a docstring of its own."""
    for name in pulumi_stripe_portal.__all__:
        found = getattr(pulumi_stripe_portal, name)
        if inspect.isclass(found):
            own = vars(found).get("__doc__")
            assert own, name
    assert pulumi_stripe_portal.__doc__


@pytest.mark.parametrize("level", range(len(LAYERS)))
def test_dependencies_point_one_way(level: int) -> None:
    """A module imports only what stands in its own folder, or before it."""
    allowed = {name for layer in LAYERS[:level] for name in layer}
    for name in LAYERS[level]:
        path = PACKAGE.joinpath(*name.split("."))
        for file in path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]:
            assert ours(file) <= {*allowed, name}, file


def said_to_import(folder: Path) -> set[str]:
    """Return what a folder's docstring says that it may import."""
    text = ast.get_docstring(tree_of(folder / "__init__.py"))
    said = re.search(
        r"May\s+import\s+(?:nothing|.*?)(?:\.|:)(?=\s|$)", text or "", re.S
    )
    assert said, f"{folder}/__init__.py lacks its sentence: May import …"
    return set(re.findall(r"`(\w+)`", said[0]))


@pytest.mark.parametrize(
    "folder", sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
)
def test_each_folder_says_what_it_may_import(folder: str) -> None:
    """Its docstring names all that it imports, and only what stands before it."""
    named = said_to_import(PACKAGE / folder)
    used = {name for file in (PACKAGE / folder).rglob("*.py") for name in ours(file)}
    level = next(number for number, layer in enumerate(LAYERS) if folder in layer)

    assert {name.split(".")[0] for name in used} <= {*named, folder}
    assert named <= {name for layer in LAYERS[:level] for name in layer}


@pytest.mark.parametrize("place", range(len(SANDBOX)), ids=SANDBOX)
def test_the_sandbox_points_one_way(place: int) -> None:
    """What is in it imports what stands before it, and a folder says what."""
    name = SANDBOX[place]
    used = in_sandbox(name) - {name}

    assert used <= set(SANDBOX[:place])
    if (PACKAGE / "sandbox" / name).is_dir():
        assert used == said_to_import(PACKAGE / "sandbox" / name)


def test_every_module_has_its_layer() -> None:
    """A new folder or module is given its place in the order."""
    here = {path.stem for path in PACKAGE.iterdir() if path.suffix in (".py", "")}

    layered = [name for layer in LAYERS for name in layer if name not in APART]
    assert sorted(layered) == sorted(here - {"__init__", "__pycache__"})
    inside = {path.stem for path in (PACKAGE / "sandbox").iterdir()}
    assert sorted(SANDBOX) == sorted(inside - {"__init__", "__pycache__"})


def test_no_module_imports_itself_in_the_end() -> None:
    """There is no circle of imports, in no folder either."""
    graph: dict[str, set[str]] = {}
    files = {
        ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts): file
        for file in PACKAGE.rglob("*.py")
    }
    for module, file in files.items():
        named = {
            n for name in imports_of(file) for n in (name, name.rpartition(".")[0])
        }
        graph[module] = {name for name in named if name in files} - {module}

    TopologicalSorter(graph).prepare()


FOLDERS = sorted(
    file.parent for file in PACKAGE.rglob("__init__.py") if file.parent != PACKAGE
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_what_is_in_a_folder_points_one_way(folder: Path) -> None:
    """Its folders and modules import each other in no circle; it says what it is."""
    assert ast.get_docstring(tree_of(folder / "__init__.py"))
    place = folder.relative_to(PACKAGE.parent).parts
    parts = {each.stem for each in folder.iterdir()} - {"__init__", "__pycache__"}
    graph: dict[str, set[str]] = {}
    for part in parts:
        path = folder / part
        files = path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]
        names = {name for each in files if each.exists() for name in imports_of(each)}
        used = [tuple(name.split(".")) for name in names]
        below = [each for each in used if each[:-1][: len(place)] == place]
        graph[part] = {each[len(place)] for each in below} & parts - {part}

    TopologicalSorter(graph).prepare()


def test_the_sandbox_shares_no_code_with_what_it_checks() -> None:
    """It imports nothing of the package but itself."""
    for file in (PACKAGE / "sandbox").rglob("*.py"):
        assert ours(file) <= {"sandbox"}, file


def test_only_what_talks_to_stripe_imports_it() -> None:
    """Requests are made and answers told in five; the sandbox reads types only."""
    users = {
        file.stem
        for file in PACKAGE.rglob("*.py")
        if "sandbox" not in file.parts
        and any(name.split(".")[0] == "stripe" for name in imports_of(file))
    }

    talking = {"connection", "exchange", "transport", "retries", "refusals"}
    assert users <= {*talking, "pytest_plugin"}


HEAVY = (
    "{'stripe', 'flask', 'requests', 'werkzeug', 'jinja2', 'click', 'rich', 'yaml', "
    "'pydantic'}"
)
"""Each costs more than all of a resource's own work: they wait until needed."""

PROGRAM = f"""
import sys
import pulumi
before = set(sys.modules)
from pulumi_stripe_portal import PortalConfiguration, WebhookEndpoint
pulumi.runtime.set_mocks(type("Mocks", (pulumi.runtime.Mocks,), {{
    "new_resource": lambda self, args: ("id", args.inputs),
    "call": lambda self, args: {{}},
}})())
PortalConfiguration("plans", features={{"invoice_history": {{"enabled": True}}}})
WebhookEndpoint("events", url="https://shop.example", enabled_events=["invoice.paid"])
print(sorted({HEAVY} & (set(sys.modules) - before)))
"""

PROVIDER = f"""
import sys
import pulumi.dynamic
before = set(sys.modules)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
provider = PortalConfigurationProvider()
config = pulumi.dynamic.Config({{}}, "shop")
provider.configure(pulumi.dynamic.ConfigureRequest(config))
inputs = {{
    "features": {{"invoice_history": {{"enabled": True}}}},
    "marker": "shop/test/PortalConfiguration/plans",
}}
checked = provider.check(inputs, dict(inputs))
assert not checked.failures and checked.inputs == inputs
state = {{**inputs, "livemode": False, "account_id": None}}
assert not provider.diff("bpc_1", state, inputs).changes
print(sorted({HEAVY} & (set(sys.modules) - before)))
"""


STARTED = f"""
import sys
before = set(sys.modules)
from pulumi_stripe_portal.sandbox import Sandbox
with Sandbox():
    pass  # the first request imports `stripe`, whose types say what it may hold
heavy = {HEAVY} - {{"werkzeug"}} | {{"pulumi", "fpdf", "PIL", "fontTools", "babel"}}
print(sorted(heavy & (set(sys.modules) - before)))
"""


COMMAND = f"""
import sys
before = set(sys.modules)
from pulumi_stripe_portal.review import markdown, online, read_plan, report_of
from pulumi_stripe_portal.importing import existing
print(sorted(({HEAVY} | {{"pulumi"}}) & (set(sys.modules) - before)))
"""


@pytest.mark.parametrize(
    "code",
    [PROGRAM, PROVIDER, STARTED, COMMAND],
    ids=["program", "provider", "sandbox", "command"],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    """What is imported before it is needed is paid for at each start."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
