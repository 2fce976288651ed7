"""Rules of the sandbox altered on purpose: what `verify` has to find.

The altered sandbox runs from a copy of the package, in which these texts are replaced.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pulumi_stripe_portal

__all__ = ["ALTERATIONS", "MARK", "Alteration", "copy_altered"]

PACKAGE = Path(pulumi_stripe_portal.__file__).parent

MARK = "(altered)"
"""What every refusal of the altered sandbox ends with."""


@dataclass(frozen=True)
class Alteration:
    """A text of the sandbox's code and another one; who finds it, and where."""

    file: str
    old: str
    new: str
    probe: str
    field: str
    """The field in which its probe has to find it."""


_PMC = 'features["payment_method_update"]["payment_method_configuration"]'
_FEEDBACK = 'features["subscription_cancel"]["cancellation_reason"]["feedback_options"]'
_PAUSE = '    pause = features["subscription_pause"]["duration"]\n'
_CHECKS = f"""\
    for missing in ({_PMC}, {_FEEDBACK}):
        if missing:
            yield StripeError("No such object", Evidence.OURS("altered"))
"""
_SPAN = "    span = Span(now, trial_end)\n"
_CREDIT = """\
    for item in before["items"]:
        prorations.credit(context, before, item, now)
"""

WORDS = Alteration(
    "errors.py",
    '{"message": self.message,',
    f'{{"message": f"{{self.message}} {MARK}",',
    "each refusal",
    "error.message",
)
ALTERATIONS = (
    Alteration(
        "http/validation.py",
        "_LENGTH = 5_000",
        "_LENGTH = 6_000",
        "a text of 5,001 characters, as a price's nickname",
        "HTTP status",
    ),
    Alteration(
        "objects/ranges.py",
        "_TWELVE_DIGITS = 999_999_999_999",
        "_TWELVE_DIGITS = 9_999_999_999_999",
        "a coupon with a number of thirteen digits",
        "HTTP status",
    ),
    Alteration(
        "objects/ranges.py",
        '"quantity": Range(0, 999_999_999)',
        '"quantity": Range(0, 9_999_999_999)',
        "a quantity of ten digits",
        "HTTP status",
    ),
    Alteration(
        "objects/ranges.py",
        '"adjustable_quantity.maximum": Range(0, 999_999)',
        '"adjustable_quantity.maximum": Range(0, 9_999_999)',
        "a maximum of 1,000,000",
        "HTTP status",
    ),
    Alteration(
        "objects/ranges.py",
        "_TIME = Range(0, LATEST)",
        "_TIME = Range(0, 10 * LATEST)",
        "a time after the year 2099",
        "HTTP status",
    ),
    Alteration(
        "objects/ranges.py",
        '"trial_period_days": Range(0, 2 * 365)',
        '"trial_period_days": Range(0, 3 * 365)',
        "a trial of 731 days",
        "HTTP status",
    ),
    Alteration(
        "routes/feedback_options.py",
        'prefix="fbo_1"',
        'prefix="opt_1"',
        "a feedback option",
        "id",
    ),
    Alteration(
        "routes/configurations.py",
        '            "options": [],\n        },\n        "enabled": False,',
        '            "options": ["other"],\n        },\n        "enabled": False,',
        "a configuration without features",
        "features.subscription_cancel.cancellation_reason.options.length",
    ),
    Alteration(
        "routes/configurations.py",
        '"adjustable_quantity", {"enabled": True})',
        '"adjustable_quantity", {"enabled": False})',
        "a product without an adjustable quantity",
        "features.subscription_update.products.0.adjustable_quantity.enabled",
    ),
    Alteration(
        "routes/configurations.py",
        'duration.setdefault("interval_options", [])',
        'duration.setdefault("interval_options", [{"interval": "year"}])',
        "a pause without an end",
        "features.subscription_pause.duration.interval_options.length",
    ),
    Alteration(
        "routes/configurations.py",
        "{alphanumeric(seed, 18)}",
        "{alphanumeric(changed['id'], 18)}",
        "a login page that is turned on again",
        "login_page.url",
    ),
    Alteration(
        "portal_session/configuration_rules.py",
        "and name not in update",
        "and not update.get(name)",
        "an empty list of what can be updated",
        "HTTP status",
    ),
    *(
        Alteration(
            "portal_session/configuration_rules.py",
            _PAUSE,
            _CHECKS + _PAUSE,
            f"a {each} that there is not",
            "HTTP status",
        )
        for each in ("payment method configuration", "feedback option")
    ),
    Alteration(
        "billing/params.py",
        "{name: given.get(name) for name in _ADDRESS}",
        '{name: given.get(name, "x" * (name == "line1")) or None for name in _ADDRESS}',
        "a part of an address",
        "address.line1",
    ),
    Alteration(
        "billing/tax_ids.py",
        "pattern is None or bool(",
        "pattern is not None and bool(",
        "a tax id of a type that isn't checked",
        "HTTP status",
    ),
    Alteration(
        "billing/items.py",
        "for each in found}) > 1:",
        "for each in found}) > 2:",
        "a subscription with two intervals",
        "HTTP status",
    ),
    Alteration(
        "billing/plan_switch.py",
        _SPAN,
        _SPAN + _CREDIT,
        "what is credited where a trial begins in a paid period",
        "data.length",
    ),
    Alteration(
        "billing/cancellation.py",
        '        "canceled_at": context.clock.now(),\n        "cancellation',
        '        "canceled_at": None,\n        "cancellation',
        "an end at the end of the period",
        "canceled_at",
    ),
)
"""Rules that are no refusal, or whose refusal tells of another rule as well."""


def copy_altered(folder: Path) -> None:
    """Make a copy of the package in *folder*, with all alterations."""
    target = folder / PACKAGE.name
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, target, ignore=ignored)
    done: set[tuple[str, str]] = set()
    for each in (WORDS, *ALTERATIONS):
        if (each.file, each.old) in done:
            continue
        done.add((each.file, each.old))
        file = target / "sandbox" / each.file
        text = file.read_text(encoding="utf-8")
        assert text.count(each.old) == 1, f"{each.file} has no longer: {each.old}"
        file.write_text(text.replace(each.old, each.new), encoding="utf-8")
