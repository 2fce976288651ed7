"""What must hold through either door is tried with the engine through each."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.sources import nodes_of

ENGINE = Path(__file__).parents[1] / "engine"
TRIED = {
    "converge": "test_lifecycle.py::"
    "test_a_configuration_with_products_converges_at_once",
    "reset": "test_fields.py::test_each_field_set_at_creation_and_removed",
    "drift": "test_drift.py::test_gone_is_created_again",
    "import": "test_import.py::test_each_difference_fails_the_preview",
    "secrets": "test_secrets.py::test_no_secret_is_seen_or_stored",
    "kill": "test_exactly_once.py::"
    "test_a_run_killed_at_any_request_leaves_nothing_twice",
    "orphan": "test_exactly_once.py::test_an_orphan_writes_nothing_and_ends",
    "rate limit": "test_lifecycle.py::test_a_rate_limit_is_waited_for",
    "account": "test_accounts.py::test_gone_is_believed_for_the_same_account_only",
    "mode": "test_accounts.py::test_two_modes_in_one_stack",
    "default": "test_default_portal_configuration.py::"
    "test_restore_writes_back_what_was_before_the_first_write",
    "rotation": "test_webhook_endpoint.py::test_each_part_of_its_identity_replaces_it",
}
"""By what it is about, a test of the engine's."""


@pytest.mark.parametrize("about", TRIED)
def test_each_is_tried_through_both(about: str) -> None:
    """Its test has the mark, or names the doors itself."""
    file, _, name = TRIED[about].partition("::")
    (found,) = [
        node
        for node in nodes_of(ENGINE / file)
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]

    marks = "\n".join(ast.unparse(each) for each in found.decorator_list)

    named = "'door'" in marks and "'dynamic'" in marks and "'plugin'" in marks
    assert "pytest.mark.both_doors" in marks or named
