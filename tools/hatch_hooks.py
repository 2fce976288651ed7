"""What hatchling adds: where a release says that it is from, and what a wheel has.

https://hatch.pypa.io/latest/plugins/metadata-hook/reference/
https://hatch.pypa.io/latest/plugins/builder/wheel/#build-data
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import (  # type: ignore[import-not-found]
    BuildHookInterface,
)
from hatchling.metadata.plugin.interface import (  # type: ignore[import-not-found]
    MetadataHookInterface,
)

_RELATIVE = re.compile(r'(\]\(|src=")([^():"#\s]+)(?=[)"#])')


class CustomMetadataHook(MetadataHookInterface):  # type: ignore[misc]
    """Gives a release its addresses, and the README links that PyPI can follow.

    `RELEASED_FROM` is the repository's address; the workflow of a release sets it.
    Where it isn't set nothing is added: variables of GitHub's own are in everybody's
    workflows, also in those that only install this package from its source.
    """

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in what pyproject.toml leaves to this hook.

        Args:
            metadata: The table `[project]`, with its static fields.
        """
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        home = os.environ.get("RELEASED_FROM", "")
        urls = {}
        if home:
            tag = f"v{metadata['version']}"
            forms = {"](": f"{home}/blob/{tag}", 'src="': f"{home}/raw/{tag}"}
            text = _RELATIVE.sub(
                lambda found: f"{found[1]}{forms[found[1]]}/{found[2]}", text
            )
            urls = {
                "Documentation": f"{home}/blob/{tag}/README.md#documentation",
                "Source": home,
                "Changelog": f"{home}/blob/HEAD/CHANGELOG.md",
                "Issues": f"{home}/issues",
            }
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        metadata["urls"] = urls


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
    """Leaves the templates out of an editable installation, which finds them itself.

    pytest takes every Python file that an installation lists for a module to rewrite:
    with the template's `__main__.py` it fails at its start where warnings are errors.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what an editable installation has, which is built as any other.

        Args:
            version: `editable` or `standard`.
            build_data: What the wheel is made from.
        """
        marker = "pulumi_stripe_portal/pulumi-plugin.json"
        build_data["force_include_editable"] = {f"{self.root}/{marker}": marker}
