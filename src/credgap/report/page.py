"""Headings, sentences, tables and bars -> text of a given width, with or without colour; no box drawing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from credgap import pricing
from credgap.report.shown import shown

Cell = str | Text
Inset = Padding
TEXT = 100
"""Columns beyond which a line of sentences is hard to read."""
_HERE = "\ue000"
"""A sign that no text has use for: where a heading across a table is to stand."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, side, and whether it is the one that gives way when space is short."""

    heading: str
    justify: Literal["left", "right"] = "left"
    flexible: bool = False
    min_width: int | None = None


@dataclass(frozen=True)
class Across:
    """A heading that stands across the columns of a table."""

    text: str


class Page:
    """A page that grows from the top. Text is never read as markup."""

    def __init__(self, *, width: int, color: bool) -> None:
        self._out, self._width, self._color = io.StringIO(), width, color
        self._console = Console(
            file=self._out,
            width=width,
            force_terminal=color,
            color_system="standard" if color else None,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=False,
            legacy_windows=False,
        )

    def heading(self, text: str, *, style: str = "bold") -> None:
        """A heading with a blank line above it."""
        self._out.write("\n")
        self.line(text, indent=0, style=style)

    def line(self, text: Cell, *, indent: int = 2, hang: int = 0, style: str = "", raw: bool = False) -> None:
        """A paragraph, wrapped, every line of it indented, those after the first by `hang` more; `raw`: blanks stay as they are."""
        if raw and isinstance(text, str):
            self._console.print(Text(" " * indent + shown(text), style=style, no_wrap=True, overflow="ignore"), crop=False)
            return
        if raw:
            self._whole(text, indent)
            return
        self._paragraph(text, " " * indent, " " * (indent + hang), style)

    def blank(self) -> None:
        """An empty line."""
        self._out.write("\n")

    def items(
        self, texts: Iterable[Cell | Sequence[tuple[Cell, bool]]], *, indent: int = 2, style: str = "", ordered: bool = False
    ) -> None:
        """A list, each item behind a dash or its number, wrapped under itself.

        An item in parts has each on lines of its own, and those that are marked never wrapped.
        """
        for n, text in enumerate(texts, 1):
            sign = f"{n}. " if ordered else "- "
            first, further = " " * indent + sign, " " * (indent + len(sign))
            parts = [(text, False)] if isinstance(text, str | Text) else text
            for at, (part, whole) in enumerate(parts):
                if whole and at:
                    self._whole(part, len(further))
                else:
                    self._paragraph(part, further if at else first, further, style)

    def _whole(self, text: Cell, indent: int) -> None:
        """Text on a line of its own, as long as it is: the terminal wraps it, and what is copied from there is whole."""
        text = _shown(text)
        body = Text(" " * indent, no_wrap=True, overflow="ignore").append_text(Text(text) if isinstance(text, str) else text)
        self._console.print(body, crop=False, soft_wrap=True)

    def _paragraph(self, text: Cell, first: str, further: str, style: str) -> None:
        text = _shown(text)
        plain = text if isinstance(text, str) else text.plain
        width = min(self._width, max(TEXT, len(further) + max(map(len, plain.split()), default=0)))  # no address is cut without need
        if not self._color and plain.isascii():  # the same as below, a hundred times as fast
            for at, part in enumerate(plain.split("\n")):
                self._out.write("".join(f"{x}\n" for x in _lines(part, width, further if at else first, further)))
            return
        body = Text(text, style=style) if isinstance(text, str) else text
        if not first:
            self._console.print(body, width=width)
            return
        grid = Table.grid(padding=0)
        grid.add_column(width=len(first), no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(first, body)
        self._console.print(grid, width=width)

    def inset(self, cell: Cell) -> Inset:
        """A cell that stands two columns to the right in all its lines."""
        text = _shown(cell)
        return Padding(text if isinstance(text, Text) else Text(text), (0, 0, 0, 2))

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell | Inset] | Across], *, indent: int = 2) -> None:
        """A table without rules: the headings, then the rows, columns two spaces apart."""
        across: list[str] = []
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        for c in columns:
            table.add_column(c.heading, justify=c.justify, overflow="fold", no_wrap=not c.flexible, ratio=None, min_width=c.min_width)
        for row in rows:
            if isinstance(row, Across):
                across.append(row.text)
                table.add_row(_HERE)
                continue
            table.add_row(*(x if isinstance(x, Padding) else y if isinstance(y := _shown(x), Text) else Text(y) for x in row))
        padded = Padding(table, (0, 0, 0, indent), expand=False)
        if not across:
            self._console.print(padded)
            return
        with self._console.capture() as drawn:  # rich has no cells that span columns
            self._console.print(padded)
        before, *rest = re.split(f"[^\n]*{_HERE}[^\n]*\n", drawn.get())
        self._out.write(before)
        for text, part in zip(across, rest, strict=True):
            self.line(text, indent=indent, style="bold")
            self._out.write(part)

    def text(self) -> str:
        """The page, without spaces at the ends of lines, ending in one line break."""
        return "\n".join(x.rstrip() for x in self._out.getvalue().strip("\n").split("\n")) + "\n"


def _lines(text: str, width: int, first: str, further: str) -> Iterator[str]:
    """A text in lines; a word that is longer than a line, as addresses are, begins on a line of its own."""
    wrapped = wrap(text, width, initial_indent=first, subsequent_indent=further, break_on_hyphens=False, break_long_words=False)
    for x in wrapped or [first]:
        if len(x) <= width:
            yield x
            continue
        word = x.strip()
        if "://" in word:
            yield x
            continue
        yield from wrap(word, width, initial_indent=x[: x.index(word[0])], subsequent_indent=further, break_on_hyphens=False)


def _shown(text: Cell) -> Cell:
    """The text without what colours or moves; one that held such a thing loses its styles with it."""
    if isinstance(text, str):
        return shown(text)
    return text if shown(text.plain) == text.plain else Text(shown(text.plain))


def money(amount: float | None, currency: str = "USD") -> str:
    """An amount as `pricing.money` writes it, or "unknown"."""
    return "unknown" if amount is None else pricing.money(amount, currency)


def hours(value: float | None, *, estimated: bool = False) -> str:
    """ "61 h", "61 h (est.)", or "unknown"."""
    return "unknown" if value is None else f"{value:,.0f} h" + (" (est.)" if estimated else "")


def percent(share: float) -> str:
    """A share as whole percent, never rounded up to 100% or down to 0% where it is neither."""
    whole = round(share * 100)
    if whole >= 100 and share < 1 - 1e-9:
        return "99%"
    return "<1%" if whole <= 0 and share > 1e-9 else f"{whole}%"


@dataclass(frozen=True)
class Signs:
    """The signs bars are made of: for what is, for what is not, and for a share to reach."""

    full: str
    empty: str
    mark: str


SIGNS, BLOCKS = Signs("#", ".", "|"), Signs("█", "░", "|")
"""Signs that every terminal and every mail has, and those of terminals that show Unicode."""


def bar(share: float, width: int = 20, signs: Signs = SIGNS, mark: float | None = None) -> str:
    """A share as a bar of `width` signs, such as "#####.....", for eyes; the figure stands beside it. `mark`: a share to reach."""
    full = min(width, round(share * width) or int(share > 0))
    drawn = signs.full * full + signs.empty * (width - full)
    at = None if mark is None else min(width - 1, round(mark * width))
    return drawn if at is None else drawn[:at] + signs.mark + drawn[at + 1 :]


def span(start: float, end: float, width: int, signs: Signs = SIGNS) -> str:
    """A part of the whole time, from one share of it to another, as a bar of `width` signs."""
    first = min(width - 1, round(start * width))
    length = max(1, round(end * width) - first)
    return signs.empty * first + signs.full * length + signs.empty * (width - first - length)
