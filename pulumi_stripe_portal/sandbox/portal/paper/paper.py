"""An invoice or a receipt on A4 paper."""

from __future__ import annotations

from datetime import datetime, timezone

from fpdf import FPDF

from pulumi_stripe_portal.sandbox.data.store import Branding
from pulumi_stripe_portal.sandbox.portal.colours import accent_of
from pulumi_stripe_portal.sandbox.portal.texts.texts import Texts
from pulumi_stripe_portal.sandbox.portal.views.document_view import Document

from .fonts import BOLD, REGULAR, FontFolders, characters, fonts_for, write

__all__ = ["pdf"]

_FAMILY = "sans"
_LEFT, _RIGHT, _MIDDLE = 18.0, 192.0, 112.0
"""Where columns begin and end, in millimetres."""


def pdf(
    document: Document,
    text: Texts,
    branding: Branding,
    moment: int,
    logo: str | None = None,
    folders: FontFolders | None = None,
) -> bytes:
    """Return *document* as PDF, with every font that it needs embedded.

    *folders* are where to look for fonts, where not in those of the machine.
    *logo* is a `data:` URL.
    """
    paper = _Paper(document, text, branding, moment, logo, folders)
    return bytes(paper.output())


class _Paper(FPDF):
    def __init__(
        self,
        document: Document,
        text: Texts,
        branding: Branding,
        moment: int,
        logo: str | None,
        folders: FontFolders | None,
    ) -> None:
        super().__init__(format="A4")
        self._text = text
        self._fonts = fonts_for(_letters(document, text), text.language, folders)
        self._lacks = False
        self.set_creation_date(datetime.fromtimestamp(moment, timezone.utc))
        self.set_title(f"{document.title} {document.facts[0][1]}")
        self.set_lang(text.tag)
        self.set_margins(_LEFT, 16, 210 - _RIGHT)
        self.set_auto_page_break(auto=True, margin=22)
        self.c_margin = 0
        self._style = ("", 9.5)
        accent = accent_of(branding.primary_color)
        self._colour = accent_of(branding.secondary_color, accent)
        self.add_font(_FAMILY, "", REGULAR.file)
        self.add_font(_FAMILY, "B", BOLD.file)
        others = [f"other{place}" for place, _ in enumerate(self._fonts[1:])]
        for name, font in zip(others, self._fonts[1:], strict=True):
            self.add_font(name, "", font.file, collection_font_number=font.number)
        self.set_fallback_fonts(others, exact_match=False)
        self._page = f"{branding.name} · {document.facts[0][1]}"
        self.add_page()
        if logo:
            self.image(logo, x=_RIGHT - 60, y=14, w=60, h=18, keep_aspect_ratio=True)
        self._head(document)
        self._rows(document)
        self._sums(document)
        self._notes(document)

    def footer(self) -> None:
        """Say what page it is of, as the library asks at the end of each."""
        self.set_y(-15)
        self._font(8, grey=True)
        self._put(self._page)
        self.set_x(_MIDDLE)
        self._put(f"{self.page_no()} / {{nb}}", align="R")

    def _head(self, document: Document) -> None:
        self.set_xy(_LEFT, 16)
        self._font(22, bold=True)
        self._put(document.title, height=11)
        self.ln(13)
        labels = [label for label, _ in document.facts]
        self._font(9.5)
        self._select("".join(labels))
        width = max(self.get_string_width(self._known(each)) for each in labels) + 6
        for label, value in document.facts:
            self._font(9.5, grey=True)
            self.set_x(_LEFT)
            self._put(label, width)
            self._font(9.5)
            self._put(value)
            self.ln(5.5)
        self.ln(6)
        top = self.get_y()
        self._block(_LEFT, top, document.issuer)
        below = self.get_y()
        bill_to = (self._text("document.bill_to"), *document.bill_to)
        self._block(_MIDDLE, top, bill_to)
        self.set_xy(_LEFT, max(below, self.get_y()) + 7)
        self._font(15, bold=True)
        self._paragraph(document.headline, height=8)
        self.ln(5)

    def _block(self, left: float, top: float, lines: tuple[str, ...]) -> None:
        self.set_xy(left, top)
        for place, line in enumerate(lines):
            self._font(9.5, bold=place == 0)
            self.set_x(left)
            width = (_MIDDLE if left == _LEFT else _RIGHT) - left - 4
            self._paragraph(line, width, 5.2)

    def _rows(self, document: Document) -> None:
        text = self._text
        heads = [
            text("invoice.about"),
            text("planning.quantity"),
            text("document.unit"),
            *([text("document.tax")] if document.is_taxed else []),
            text("invoice.total"),
        ]
        widths = [78, 18, 28, 20, 30] if document.is_taxed else [92, 20, 30, 32]
        self._font(8.5, grey=True)
        self._line(heads, widths, 5)
        self._rule(0.5, self._colour)
        for row in document.rows:
            cells = [row.text, row.quantity, row.unit]
            cells += [row.tax] if document.is_taxed else []
            cells.append(row.amount)
            self._font(9.5)
            if self.will_page_break(14):
                self.add_page()
            self._line(cells, widths, 5.4)
            if row.period:
                self._font(8.5, grey=True)
                self._put(row.period)
                self.ln(5)
            self.ln(1)
        self._rule(0.2)

    def _line(self, cells: list[str], widths: list[int], height: float) -> None:
        """Write a row of the table; the first cell takes as many lines as it needs."""
        top, below = self.get_y(), 0.0
        left = _LEFT
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            self.set_xy(left, top)
            self._paragraph(cell, width - 2, height, "R" if place else "L")
            below = max(below, self.get_y())
            left += width + (2 if place == 0 else 0)
        self.set_xy(_LEFT, below)

    def _sums(self, document: Document) -> None:
        self.ln(2)
        for each in document.sums:
            if self.will_page_break(8):
                self.add_page()
            self._font(9.5, bold=each.is_strong)
            top = self.get_y()
            self.set_xy(_MIDDLE - 8, top)
            self._paragraph(each.label, 52, 5.6)
            below = self.get_y()
            self.set_xy(_MIDDLE + 44, top)
            self._put(each.amount, align="R")
            self.set_xy(_LEFT, max(below, top + 5.6) + 0.8)

    def _notes(self, document: Document) -> None:
        self.ln(6)
        lacks = (self._text("document.lacks_font"),) if self._lacks else ()
        for note in (*document.notes, *lacks):
            self._font(9, grey=True)
            self._paragraph(note)
            self.ln(1.5)

    def _font(self, size: float, *, bold: bool = False, grey: bool = False) -> None:
        self._style = ("B" if bold else "", size)
        self.set_text_color(*((95, 100, 112) if grey else (26, 29, 36)))

    def _put(
        self, text: str, width: float = 0, height: float = 5, align: str = "L"
    ) -> None:
        self._select(text)
        self.cell(width, height, self._known(text), align=align)

    def _paragraph(
        self, text: str, width: float = 0, height: float = 5, align: str = "L"
    ) -> None:
        self._select(text)
        self.multi_cell(width, height, self._known(text), align=align)

    def _select(self, text: str) -> None:
        """Name the font again, which the library forgets after one that filled in.

        What fills in is not bold, and so is the rest of its line.
        """
        self.font_family = ""
        style, size = self._style
        is_ours = characters(REGULAR).issuperset(text)
        self.set_font(_FAMILY, style if is_ours else "", size)

    def _rule(self, width: float, colour: str = "#c8ccd4") -> None:
        self.set_draw_color(colour)
        self.set_line_width(width)
        top = self.get_y() + 1
        self.line(_LEFT, top, _RIGHT, top)
        self.set_y(top + 2.5)

    def _known(self, text: str) -> str:
        """Return *text* in one line, with codes in place of what no font has."""
        written = write(" ".join(text.split()), self._fonts)
        self._lacks = self._lacks or written != " ".join(text.split())
        return written


def _letters(document: Document, text: Texts) -> str:
    """Return everything that may be written."""
    parts = [document.title, document.headline, *document.issuer, *document.bill_to]
    parts += [each for pair in document.facts for each in pair]
    parts += [f"{row.text}{row.period}{row.unit}{row.amount}" for row in document.rows]
    parts += [f"{each.label}{each.amount}" for each in document.sums]
    parts += document.notes
    for key in ("invoice.about", "invoice.total", "planning.quantity"):
        parts.append(text(key))
    for key in ("bill_to", "unit", "tax", "lacks_font"):
        parts.append(text(f"document.{key}"))
    return "".join(parts)
