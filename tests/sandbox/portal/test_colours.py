"""The accent colour stays readable, whatever a company picks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox.portal.colours import (
    DEFAULT_ACCENT,
    accent_of,
    contrast,
    palette,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS, COLOURS)
def test_accent_is_readable(colour: str, second: str) -> None:
    """Text in the accent, and on it, has the contrast that WCAG 2.2 AA wants."""
    found = palette(colour, second)

    assert contrast(found["--accent-on-light"], "#f5f6f8") >= 4.5
    assert contrast(found["--accent-on-dark"], "#1b1f29") >= 4.5
    assert contrast(found["--on-accent"], colour) >= 4.5
    assert contrast(found["--on-second"], second) >= 4.5


def test_contrast() -> None:
    """Black on white is 21 to 1, a colour on itself 1 to 1."""
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert contrast(DEFAULT_ACCENT, DEFAULT_ACCENT) == 1


@given(st.text())
def test_only_a_colour_becomes_css(text: str) -> None:
    """What comes from a request is a colour, or is not used."""
    assert len(accent_of(text)) == 7
    assert accent_of("#635BFF") == "#635bff"
    assert accent_of("red;}body{display:none") == DEFAULT_ACCENT
