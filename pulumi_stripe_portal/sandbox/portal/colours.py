"""A company's accent colour, made readable on light and on dark ground.

Contrast is that of https://www.w3.org/TR/WCAG22/#contrast-minimum: 4.5 to 1.
"""

from __future__ import annotations

import re

__all__ = ["DEFAULT_ACCENT", "accent_of", "contrast", "palette"]

DEFAULT_ACCENT = "#4f46e5"

_ENOUGH = 4.5
_WHITE, _BLACK = "#ffffff", "#000000"
_LIGHT, _DARK = "#f5f6f8", "#1b1f29"
"""The grounds of the stylesheet on which the accent is hardest to read."""

_HEX = re.compile(r"#[0-9a-f]{6}")


def accent_of(colour: str | None, otherwise: str = DEFAULT_ACCENT) -> str:
    """Return *colour* if it is one, `#635bff`, else the default."""
    colour = (colour or "").lower()
    return colour if _HEX.fullmatch(colour) else otherwise


def palette(accent: str, second: str) -> dict[str, str]:
    """Return the CSS variables that follow from *accent* and the *second* colour."""
    return {
        "--second": second,
        "--on-second": max(_WHITE, _BLACK, key=lambda each: contrast(each, second)),
        "--accent": accent,
        "--on-accent": max(_WHITE, _BLACK, key=lambda each: contrast(each, accent)),
        "--accent-on-light": _readable(accent, _LIGHT, _BLACK),
        "--accent-on-dark": _readable(accent, _DARK, _WHITE),
    }


def contrast(one: str, other: str) -> float:
    """Return how well one colour is read on the other, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, ground: str, towards: str) -> str:
    """Move *colour* *towards* an extreme until it reads on *ground*."""
    for step in range(21):
        mixed = _mix(colour, towards, step / 20)
        if contrast(mixed, ground) >= _ENOUGH:
            return mixed
    return towards


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return list(bytes.fromhex(colour.removeprefix("#")))


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, _channels(colour))
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)
