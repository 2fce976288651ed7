"""`stripe-portal review`: a preview in words for people who don't read code."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from pulumi_stripe_portal import review
from pulumi_stripe_portal.errors import StripePortalError
from pulumi_stripe_portal.review.answers import (
    Answer,
    answers_in,
    file_of,
    known_of,
)
from pulumi_stripe_portal.review.online import ask
from pulumi_stripe_portal.review.text import clean
from pulumi_stripe_portal.stacks import pulumi_cli
from pulumi_stripe_portal.stacks.files import decode_text
from pulumi_stripe_portal.stacks.printed import parse_json, preview_in
from pulumi_stripe_portal.stripe_api.settings import Settings

from ._common import WrongUse, no_collections, tell
from ._progress import Progress

__all__ = ["command"]

CLASSES = (*(risk.value for risk in review.Risk), "drift")
"""What `--fail-on` takes."""
_LONGEST = 1000
"""How much is said of what Stripe did not answer."""


def _classes(
    _context: click.Context, _option: click.Parameter, value: Sequence[str]
) -> list[str]:
    """Split what `--fail-on` was given."""
    chosen = [
        word.strip() for text in value for word in text.split(",") if word.strip()
    ]
    for word in chosen:
        if word not in CLASSES:
            raise click.BadParameter(f"{word!r} is none of {', '.join(CLASSES)}")
    return chosen


@click.command(short_help="Say what a preview changes for customers, in plain words.")
@click.argument("previews", nargs=-1, metavar="[PREVIEW.json]...")
@click.option(
    "--stack", "stacks", multiple=True, help="Preview this stack; repeatable."
)
@click.option(
    "--refresh", is_flag=True, help="With --stack: also find what drifted at Stripe."
)
@click.option("--online", is_flag=True, help="Ask Stripe for names and customers.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --online: write what Stripe said, for --catalogue.",
)
@click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="What `stripe prices list` printed, or --save wrote; repeatable.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a page with the portal before and after.",
)
@click.option("--json", "for_programs", is_flag=True, help="Print JSON, not Markdown.")
@click.option(
    "--fail-on",
    multiple=True,
    callback=_classes,
    metavar="CLASSES",
    help=f"Exit with 1 on such changes: {', '.join(CLASSES)}.",
)
@no_collections()
def command(
    previews: tuple[str, ...],
    stacks: tuple[str, ...],
    refresh: bool,
    online: bool,
    save: Path | None,
    catalogues: tuple[Path, ...],
    html: Path | None,
    for_programs: bool,
    fail_on: list[str],
) -> None:
    """Say in plain words what a preview would change for customers, as Markdown.

    PREVIEW.json is what `pulumi preview --json` printed, `-` reads it from stdin; with
    --stack the preview is made here. Several previews, as of test and live, stand side
    by side. The first line is a hidden mark by which a workflow finds the comment that
    it made before. Nothing secret is shown, and the review fits the longest comment
    that GitHub takes. --html writes it as a page of its own as well, with the portal
    as customers see it before and after.

    --online adds names, amounts, and how many customers may be concerned: who has a
    subscription that has not ended, to the prices concerned or to any. The key is the
    --stack's, else STRIPE_API_KEY; each resource's own account is asked, and stderr
    names those that the key doesn't reach. With --save the answers, customers numbered,
    go into a file too, and --catalogue reviews with them where there is no key.

    Exits with 0, or with 1 where --fail-on finds a change of such a class or a preview
    that failed.

    \b
    Examples:
        pulumi preview --json | stripe-portal review -
        stripe-portal review --stack test --stack live --fail-on money
        stripe-portal review test.json live.json --html review.html
        stripe-portal review live.json --online --save live.answers.json
        stripe-portal review test.json live.json --catalogue live.answers.json
        stripe-portal review --stack live --json | jq '.stacks[0].risks'
    """  # noqa: D301 - click needs the backspace itself
    if not previews and not stacks:
        raise click.UsageError(
            "Give a preview's file, `-` for stdin, or --stack; for example "
            "`stripe-portal review --stack test`."
        )
    if refresh and not stacks:
        raise click.UsageError("--refresh goes with --stack; a file is what it is.")
    if save is not None and not online:
        raise click.UsageError(
            "--save writes what Stripe said; give it together with --online."
        )
    named, answers = _catalogue(catalogues)
    say = Progress()
    sources = [_from_file(name) for name in previews]
    for stack in stacks:
        sources.append(_from_stack(stack, say, refresh=refresh))
    sources = _distinct(sources)
    known = {}
    for source in sources:
        offline = review.offline(source.plan, named)
        if online:
            answers[source.origin] = _ask(source, named, say)
        said = known_of(source.plan, answers.get(source.origin, ()), named)
        known[source.plan.stack] = replace(offline, apart={**offline.apart, **said})
    report = review.report_of([source.plan for source in sources], known)
    if save is not None:
        _write(save, json.dumps(file_of(answers), indent=2))
    if html is not None:
        _write(html, _page(report))
    if for_programs:
        click.echo(json.dumps(review.data(report), indent=2))
    else:
        tell(review.markdown(report))
    _fail(report, fail_on)


@dataclass(frozen=True)
class _Source:
    """Where a review comes from."""

    plan: review.Plan
    settings: Callable[[], Settings]
    """Asked for only where Stripe is."""
    origin: tuple[str, str]
    """Its project, and its stack's own name."""


def _ask(
    source: _Source, named: Sequence[Mapping[str, Any]], say: Progress
) -> list[Answer]:
    """Ask Stripe; where it doesn't answer, the review goes without."""
    try:
        with say.during(f"Asking Stripe about stack {source.plan.stack}"):
            answers, troubles = ask(source.settings(), source.plan, named, say)
    except (StripePortalError, pulumi_cli.StackError) as error:
        answers, troubles = [], [str(error)]
    for trouble in troubles:
        words = clean(trouble, _LONGEST)
        click.echo(f"{source.plan.stack}: Stripe was not asked: {words}", err=True)
    return answers


def _from_file(name: str) -> _Source:
    try:
        preview = preview_in(_text(name))
        stem = "" if name == "-" else Path(name).stem
        plan = review.read_plan(preview, stem)
    except OSError as error:
        raise WrongUse(f"{name}: {error.strerror}") from None
    except ValueError as error:
        raise WrongUse(
            f"{name}: {error}; give the output of `pulumi preview --json`"
        ) from None
    origin = plan.project, plan.stack
    return _Source(plan, lambda: Settings.of_config(plan.config.get), origin)


def _text(name: str) -> str:
    with click.open_file(name, "rb") as file:
        data: bytes = file.read()
    return decode_text(data)


def _from_stack(stack: str, say: Progress, *, refresh: bool) -> _Source:
    try:
        with say.during(f"Previewing stack {stack}"):
            preview = pulumi_cli.preview(stack, refresh=refresh)
            states = pulumi_cli.resources(stack)
        plan = review.read_plan(preview, stack, states)
    except (pulumi_cli.StackError, review.NotAPreview) as error:
        raise WrongUse(str(error)) from None
    return _Source(plan, lambda: pulumi_cli.settings(stack), (plan.project, plan.stack))


def _distinct(sources: Sequence[_Source]) -> list[_Source]:
    """Give stacks of the same name, of two projects or files, different ones."""
    seen: Counter[str] = Counter()
    distinct = []
    for source in sources:
        name = source.plan.stack
        seen[name] += 1
        if seen[name] > 1:
            name = f"{name} {seen[name]}"
        distinct.append(replace(source, plan=replace(source.plan, stack=name)))
    return distinct


def _catalogue(
    paths: Sequence[Path],
) -> tuple[list[Mapping[str, Any]], dict[tuple[str, str], Sequence[Answer]]]:
    """Return the objects in catalogues, and what Stripe said of which stack."""
    objects: list[Mapping[str, Any]] = []
    answers: dict[tuple[str, str], Sequence[Answer]] = {}
    for path in paths:
        try:
            file = parse_json(_text(str(path)))
            objects += review.stripe_objects(file)
            answers.update(answers_in(file))
        except OSError as error:
            raise WrongUse(f"{path}: {error.strerror}") from None
        except ValueError as error:
            raise WrongUse(f"{path}: {error}") from None
    return objects, answers


def _page(report: review.Report) -> str:
    from pulumi_stripe_portal.review.page import page  # its templates are costly

    return page(report)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"{path}: {error.strerror}") from None


def _fail(report: review.Report, classes: Sequence[str]) -> None:
    """Exit with 1 where there is what `--fail-on` names."""
    if not classes:
        return
    for plan in report.plans:
        found = [risk.value for risk in report.risks(plan.stack)]
        if review.Risk.OUTAGE.value in found:  # nothing is left that customers can do
            found.append(review.Risk.ACCESS.value)
        found += ["drift"] * bool(report.drifted(plan.stack))
        hits = [name for name in classes if name in found]
        if plan.errors:
            hits.append("the preview failed")
        if plan.unread:
            hits.append("a part of the preview could not be read")
        if hits:
            click.echo(f"{plan.stack}: {', '.join(hits)}", err=True)
            sys.exit(1)
