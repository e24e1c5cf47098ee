"""The commands that show what credgap knows of roles and skills, and what these share with `credgap catalog`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from credgap.cli import inputs, options, output
from credgap.cli.options import SheetForm
from credgap.errors import UsageError

if TYPE_CHECKING:
    from credgap.models import Catalogue, Skill
    from credgap.report.sheet import Sheet

Entry = TypeVar("Entry")
Word = Annotated[str | None, typer.Argument(metavar="WORD", help="An id to show, or a word to search for. None: all.", show_default=False)]


def goals(
    word: Word = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
) -> None:
    """List, search or show the goal roles.

    Example: credgap goals data-scientist
    """
    from credgap.report import listing

    found = inputs.data(catalog, no_builtin).catalogue
    _show(found, found.goals, word, "goal", lambda g: (g.id, g.name, *g.aliases), listing.goals, format, output_file)


def skills(
    word: Word = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
) -> None:
    """List, search or show the skills.

    Example: credgap skills sql
    """
    from credgap.report import listing

    found = inputs.data(catalog, no_builtin).catalogue
    _show(found, found.skills, word, "skill", _skill_names, listing.skills, format, output_file)


def _show(
    catalogue: Catalogue,
    entries: Sequence[Any],
    word: str | None,
    noun: str,
    names: Callable[[Any], Iterable[str]],
    sheet: Callable[..., Sheet],
    format: SheetForm,
    output_file: Path | None,
) -> None:
    """Write the entry of that id, or those that a word finds, or all."""
    exact = [e for e in entries if e.id == word]
    hits = exact or holding(entries, word, names)
    if not hits:
        raise UsageError(f"no {noun} has {word!r} in its name", hint=did_you_mean(word or "", [n for e in entries for n in names(e)]))
    write(sheet(hits, catalogue, one=bool(exact)), format, output_file)


def write(sheet: Sheet, format: SheetForm, output_file: Path | None) -> None:
    """Write a result that is a list, an entry or a text."""
    from credgap.report import sheet as sheets

    output.write(sheets.render(sheet, format.value, width=width_of(output_file)), output_file)


def holding(entries: Sequence[Entry], word: str | None, names: Callable[[Entry], Iterable[str]]) -> list[Entry]:
    """The entries one of whose names holds the word, case aside; all where there is none."""
    wanted = (word or "").casefold()
    return [e for e in entries if any(wanted in n.casefold() for n in names(e))]


def _skill_names(s: Skill) -> tuple[str, ...]:
    return (s.id, s.name, *(a.name for a in s.aliases))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint that names the three likest of what is known, or None."""
    from rapidfuzz import fuzz, process

    names = {name.casefold(): name for name in reversed(list(known))}
    near = [
        (names[x], score, n) for x, score, n in process.extract(word.casefold(), list(names), scorer=fuzz.ratio, limit=3, score_cutoff=60)
    ]
    return f"Did you mean {', '.join(x for x, _, _ in near)}?" if near else None


def width_of(output_file: Path | None) -> int:
    """The width of the page, in columns."""
    import sys

    return output.columns(output_file is None and sys.stdout.isatty())
