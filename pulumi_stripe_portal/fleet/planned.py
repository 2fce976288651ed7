"""What a preview of a stack says about each account. Pure."""

from __future__ import annotations

from pulumi_stripe_portal import review
from pulumi_stripe_portal.stacks.preview import Step, preview_of
from pulumi_stripe_portal.stacks.printed import NotAPreview, preview_in

from .outcomes import Tally, message

__all__ = ["take_preview"]


def take_preview(tally: Tally, printed: str, trouble: str) -> None:
    """Count what `pulumi preview --json` printed; why it failed, where it did."""
    try:
        preview = preview_in(printed)
        plan = review.read_plan(preview, tally.stack)
        told = preview_of(preview)
    except NotAPreview:
        tally.trouble = message(trouble or "its preview can't be read")
        return
    accounts = {step.urn: _account(tally, step) for step in told.steps}
    for step in told.steps:
        if accounts[step.urn] and step.op == "same":
            tally.operations.setdefault(accounts[step.urn], set()).add("same")
    of_key = {review.key_of(urn): account for urn, account in accounts.items()}
    for change in plan.changes:
        account = of_key.get(change.key)
        if account:
            tally.operations.setdefault(account, set()).add(change.op)
    for entry in told.diagnostics:
        if entry["severity"] == "error":
            tally.fail(entry["urn"], entry["message"], accounts)
    if not plan.errors:  # a preview leaves out what stays as it is
        for account in tally.accounts:
            tally.operations.setdefault(account, {"same"})
    _sentences(tally, review.report_of([plan]), of_key)


def _account(tally: Tally, step: Step) -> str:
    states = {"old": step.old, "new": step.new}
    type_ = (step.new or step.old or {}).get("type")
    return tally.account_of({"urn": step.urn, "type": type_, **states})


def _sentences(
    tally: Tally, report: review.Report, of_key: dict[review.Key | None, str]
) -> None:
    """Keep what changes for customers, in words that fit every account."""
    for section in report.sections:
        account = of_key.get(section.key)
        for part in section.parts.values() if account else ():
            for risk, text in review.sentences(part):
                tally.affects(str(account), risk, text)
