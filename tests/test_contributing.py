"""CONTRIBUTING.md leads to what is there, and its recipes work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import pulumi_stripe_portal

from .test_public_api import LAYERS

PACKAGE = Path(pulumi_stripe_portal.__file__).parent
ROOT = PACKAGE.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text()


def chapter(title: str) -> str:
    """Return a chapter, without its title."""
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def mapped() -> list[str]:
    """Return the folders and modules that the map has, in its order."""
    lines = [line for line in chapter("The map").splitlines() if line.startswith("- ")]
    return [
        name.removesuffix(".py").removesuffix("/")
        for line in lines
        for name in re.findall(r"`(\w+(?:/|\.py))`", line)
        if (PACKAGE / name).exists()
    ]


def test_the_map_is_complete() -> None:
    """Each folder and module at the top of the package is in it once, and no other."""
    here = {path.stem for path in PACKAGE.iterdir() if path.suffix in (".py", "")}

    assert sorted(mapped()) == sorted(here - {"__pycache__"})


def test_the_map_has_the_order_of_dependence() -> None:
    """What may be imported stands above."""
    level = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    levels = [level[name] for name in mapped() if name != "__init__"]

    assert levels == sorted(levels)


def test_every_path_exists() -> None:
    """Whatever looks like a file or folder is one, of the package or of the project."""
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.S)
    names = re.findall(r"`([\w./-]+(?:/|\.(?:py|md|toml|json)))`", prose)
    names += re.findall(r"`(tests/[\w/]+)`", prose)
    known = {path.name for path in PACKAGE.rglob("*.json")}

    assert names
    for name in names:
        there = (PACKAGE / name).exists() or (ROOT / name).exists()
        inside = (PACKAGE / "sandbox" / name).exists()  # its folders, by their own name
        assert there or inside or name in known, name


def functions(file: Path) -> set[str]:
    """Return the functions and methods of a module."""
    return {*re.findall(r"^ *def (\w+)", file.read_text(), re.M)}


def test_every_answer_is_there() -> None:
    """In «Where is it», each function is in one of the row's files."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", chapter("Where is it"), re.M)
    rows = [row for row in rows if "`" in row[1]]

    assert {
        "where drift is decided",
        "where a webhook is signed",
        "where a plan switch is priced",
        "what is written into users' states",
        "what to touch for a new input",
    } <= {question for question, *_ in rows}
    for question, *cells in rows:
        words = re.findall(r"`([\w./]+)`", " ".join(cells))
        files = [PACKAGE / word for word in words if word.endswith(".py")]
        there = {name for file in files for name in functions(file)}
        assert {word for word in words if not word.endswith(".py")} <= there, question


def test_every_target_is_there() -> None:
    """`make` knows what is told to be made."""
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M)

    assert set(re.findall(r"`make (\w+)", TEXT)) <= set(targets)


def test_every_test_that_is_named_is_there() -> None:
    """A recipe says by what name it is tried."""
    names = {
        name for file in (ROOT / "tests").rglob("*.py") for name in functions(file)
    }

    assert set(re.findall(r"\b(test_\w+)\b(?!\.py)", TEXT)) <= names


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", TEXT, re.S))
def test_code_runs(code: str) -> None:
    """Each block of Python is right as it stands."""
    exec(code, {})


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package, to be changed as a contributor would."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=ignored)
    return tmp_path / PACKAGE.name


def run(copy: Path, code: str) -> str:
    """Run a program with the changed package, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=copy.parent,
        env={"PATH": "", "PYTHONPATH": f"{copy.parent}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_a_resource_type_is_a_line_and_its_files(copy: Path) -> None:
    """A type more lives as the others do: made, changed, found drifted, deleted."""
    inputs, types = copy / "inputs.py", copy / "schema" / "resources.py"
    _add(
        inputs,
        "class WebhookEndpointInputs(TypedDict):",
        "class ProductInputs(TypedDict):\n"
        "    name: Annotated[Input[str], Field(filled=True)]\n"
        "    account: NotRequired[Account]\n"
        "    extra_params: NotRequired[ExtraParams]\n"
        "    metadata: NotRequired[Metadata]\n\n\n",
    )
    _add(types, "    WebhookEndpointInputs,\n)", "    ProductInputs,\n")
    _add(
        types,
        "KINDS = (",
        'PRODUCTS = Kind("product", "prod_", "product", "products")\n',
    )
    _add(
        types,
        "RESOURCE_TYPES = (",
        "PRODUCT = ResourceType(\n"
        '    "Product", ProductInputs, PRODUCTS, lambda _inputs: iter(()),\n'
        '    label="product", aside="product", known_by="name",\n'
        '    outputs={"livemode": None},\n'
        ")\n",
    )
    for name, more in (("KINDS", "PRODUCTS"), ("RESOURCE_TYPES", "PRODUCT")):
        text = types.read_text()
        assert text.count(f"\n{name} = (") == 1
        types.write_text(text.replace(f"\n{name} = (", f"\n{name} = ({more}, "))
    (copy / "providers" / "product.py").write_text(
        textwrap.dedent(
            """
            from pulumi.dynamic import CreateResult
            from pulumi_stripe_portal.providers.base import StripeProvider
            from pulumi_stripe_portal.schema.resources import PRODUCT


            class ProductProvider(StripeProvider):
                manages = PRODUCT

                def outputs(self, found):
                    return {"livemode": found["livemode"]}

                def make(self, connection, props):
                    self.find_claims(connection, self._inputs(props), self.mark(props))
                    made = self.new_object(connection, props)
                    return CreateResult(made["id"], self.outs(connection, props, made))

                def remove(self, connection, id_, props):
                    connection.delete(self.manages.kind, id_)
            """
        )
    )
    asked = """
        from pulumi_stripe_portal import Sandbox
        from pulumi_stripe_portal.providers.product import ProductProvider
        from tests.managed import Managed

        with Sandbox() as sandbox:
            products = sandbox.client().v1.products
            it = Managed(ProductProvider, sandbox)
            print(it.up({"name": "Seats"}), it.up({"name": "Seats"}))
            print(it.up({"name": "Places", "metadata": {"team": "billing"}}))
            found = products.retrieve(it.id)
            print(found.name, found.metadata.to_dict())
            products.update(it.id, {"name": "Clicked"})
            print(it.refresh(), it.up({"name": "Places"}), it.refresh())
            try:
                it.up({"name": "Places", "nam": "x"})
            except Exception as error:
                print("did you mean" in str(error))
            id_ = it.id
            it.destroy()
            print(id_ in [each.id for each in products.list()])
    """

    assert run(copy, asked).splitlines() == [
        "create same",
        "update",
        "Places {'pulumi': 'shop/test/Product/it', 'team': 'billing'}",
        "True update False",
        "True",
        "False",
    ]


@pytest.mark.slow
def test_a_route_is_one_file(copy: Path) -> None:
    """A `RESOURCE` in a file of its own is created, listed and found by its id."""
    asked = """
        from pulumi_stripe_portal import Sandbox

        with Sandbox() as sandbox:
            products = sandbox.client().v1.entitlements.features
            made = products.create({"name": "Seats", "lookup_key": "seats"})
            print(made.object, [each.id == made.id for each in products.list().data])
            print(products.retrieve(made.id).name)
    """
    (copy / "sandbox" / "routes" / "entitlement_features.py").write_text(
        textwrap.dedent(
            '''
            """Features that a product entitles to."""

            from pulumi_stripe_portal.sandbox.objects.resource import Resource


            def _create(call, params):
                return call.new(RESOURCE) | {"active": True, "metadata": {}, **params}


            RESOURCE = Resource(
                object="entitlements.feature",
                path="/v1/entitlements/features",
                noun="feature",
                prefix="feat_",
                scope="entitlements_feature",
                params="entitlements.Feature",
                missing_param="id",
                create=_create,
            )
            '''
        )
    )

    assert run(copy, asked) == "entitlements.feature [True]\nSeats"


@pytest.mark.slow
def test_a_language_is_a_file_and_its_lines(copy: Path) -> None:
    """A session in the new language shows its texts, and money as it is written."""
    portal = copy / "sandbox" / "portal"
    english = (portal / "texts" / "en.json").read_text()
    translated = english.replace('"Plan and billing"', '"Plano e pagamento"')
    (portal / "texts" / "pt.json").write_text(translated)
    _add(portal / "texts" / "languages.py", '    "ja": "ja",\n', '    "pt": "pt",\n')
    money = copy / "sandbox" / "billing" / "money.py"
    _add(money, '    "en": (', '    "pt": (".", ",", False),\n')
    _add(money, '    "en": {', '    "pt": {"usd": "US$"},\n')
    asked = """
        from urllib.request import build_opener, HTTPCookieProcessor
        from pulumi_stripe_portal import Sandbox

        with Sandbox() as sandbox:
            client = sandbox.client()
            client.v1.billing_portal.configurations.create(
                {
                    "features": {"invoice_history": {"enabled": True}},
                    "default_return_url": "https://example.com",
                }
            )
            session = client.v1.billing_portal.sessions.create(
                {"customer": sandbox.demo()["ada"], "locale": "pt"}
            )
            with build_opener(HTTPCookieProcessor()).open(session.url) as page:
                text = page.read().decode()
            print('<html lang="pt"' in text, "Plano e pagamento" in text, "US$" in text)
    """

    assert run(copy, asked) == "True True True"


def _add(file: Path, before: str, line: str) -> None:
    """Write a line before another one, which is there once."""
    text = file.read_text()
    assert text.count(before) == 1, f"{file}: {before!r}"
    file.write_text(text.replace(before, line + before))
