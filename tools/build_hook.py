"""What a wheel has besides the package, and what an editable installation has of it.

https://hatch.pypa.io/latest/plugins/builder/wheel/#build-data
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import (  # type: ignore[import-not-found]
    BuildHookInterface,
)


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
