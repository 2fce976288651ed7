"""The languages of the portal, and which one a customer gets."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.http import parse_accept_header

__all__ = ["LANGUAGES", "VARIANTS", "choose"]

LANGUAGES = {
    "de": "de",
    "en": "en",
    "es": "es",
    "fr": "fr",
    "it": "it",
    "ja": "ja",
    "zh": "zh-Hans",
}
"""Name of the file in `texts` without its ending: what the page says in `lang`."""

VARIANTS = {"en-GB": "en"}
"""What the page says in `lang`, also the name of a file in `texts/variants`: in which
language it has some texts that are different."""

_FALLBACK = "en"


def choose(
    locale: str | None, preferred: Iterable[str] = (), accepted: str | None = None
) -> str:
    """Choose the language of a session.

    A session's locale other than `auto` decides about the language
    [SPECIFIED: stripe 16.1.0, SessionCreateParams.locale]. Otherwise the customer's
    *preferred* locales do, then the header `Accept-Language`. A *locale* that the
    portal has no texts in becomes English, in the last two the next one is tried.
    """
    if locale and locale != "auto":
        return _known(locale) or _FALLBACK
    header = sorted(parse_accept_header(accepted), key=lambda each: -each[1])
    tags = [*preferred, *(tag for tag, quality in header if quality > 0)]
    return next(filter(None, map(_known, tags)), _FALLBACK)


def _known(tag: str) -> str | None:
    language, _, region = tag.replace("_", "-").partition("-")
    language = language.lower()
    variant = f"{language}-{region.upper()}"
    if variant in VARIANTS:
        return variant
    return language if language in LANGUAGES else None
