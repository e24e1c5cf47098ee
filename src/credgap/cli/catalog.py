"""The commands of `credgap catalog`: list, search, show, stats, check, schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from credgap.cli import inputs, options, output
from credgap.cli.browse import did_you_mean, holding, write
from credgap.cli.helptext import Command, Group
from credgap.cli.options import SheetForm
from credgap.errors import CatalogueError, Exit, UsageError

if TYPE_CHECKING:
    from credgap.lint import Finding
    from credgap.models import Catalogue, Credential

catalog = typer.Typer(cls=Group, help="Show, search, count and check credentials.", no_args_is_help=True, rich_markup_mode=None)

LIKE = 75
"""How like a wanted word a word of a credential must be, of 100, where none has it as it is."""

Field = Annotated[str | None, typer.Option("--field", metavar="FIELD", help="Only those of this field, such as data.")]
Kind = Annotated[str | None, typer.Option("--kind", metavar="KIND", help="Only those of this kind, such as exam or bootcamp.")]
ProviderId = Annotated[str | None, typer.Option("--provider", metavar="ID", help="Only those of this provider, such as coursera.")]


@catalog.command("list", cls=Command)
def list_credentials(
    word: Annotated[str | None, typer.Argument(metavar="WORD", help="A word to look for. None: all.", show_default=False)] = None,
    field: Field = None,
    kind: Kind = None,
    provider: ProviderId = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
    today: options.Today = None,
) -> None:
    """List the credentials, or those that a word finds.

    The word is looked for in name, issuer, provider, field and skills.

    Example: credgap catalog list security --kind exam
    """
    found = inputs.data(catalog, no_builtin).catalogue
    hits = holding(_those(found, field, kind, provider), word, lambda c: _names(c, found))
    if not hits:
        raise UsageError(f"no credential has {word!r} in its name, issuer, provider, field or skills")
    _write_list(hits, found, "catalog list", format, output_file, inputs.today(today))


@catalog.command("search", cls=Command)
def search_credentials(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="What to look for; slips of the pen are forgiven.")],
    field: Field = None,
    kind: Kind = None,
    provider: ProviderId = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
    today: options.Today = None,
) -> None:
    """Search the credentials for words, in any order, best first.

    Example: credgap catalog search google data analytics
    """
    found = inputs.data(catalog, no_builtin).catalogue
    hits = _best_first(" ".join(words), _those(found, field, kind, provider), found)
    if not hits:
        raise UsageError(f"no credential is like {' '.join(words)!r}", hint="`credgap catalog list` shows all.")
    _write_list(hits, found, "catalog search", format, output_file, inputs.today(today))


@catalog.command("show", cls=Command)
def show_credential(
    credential: Annotated[str, typer.Argument(metavar="ID", help="Id of a credential.")],
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
    today: options.Today = None,
) -> None:
    """Show a credential: prices, hours, sources, trust.

    Example: credgap catalog show comptia-security-plus
    """
    from credgap.report import listing

    found = inputs.data(catalog, no_builtin).catalogue
    one = found.credential.get(credential)
    if one is None:
        raise UsageError(f"no credential has the id {credential!r}", hint=did_you_mean(credential, found.credential))
    write(listing.credentials([one], found, today=inputs.today(today), command="catalog show", one=True), format, output_file)


@catalog.command("stats", cls=Command)
def count_credentials(
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
    today: options.Today = None,
) -> None:
    """Count the credentials by field.

    Of how many the price and the hours are known, and how old the prices are.

    Example: credgap catalog stats
    """
    from credgap import stats
    from credgap.report import listing

    found = stats.stats(inputs.data(catalog, no_builtin).catalogue, inputs.today(today))
    write(listing.counted(found), format, output_file)


@catalog.command("check", cls=Command)
def check_catalogue(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Catalogue files (YAML). None: the built-in data.", show_default=False)
    ] = None,
    no_builtin: options.NoBuiltin = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 where there are doubts, too.")] = False,
    notes: Annotated[bool, typer.Option("--notes/--no-notes", help="Show notes, such as old prices, too.")] = True,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
    today: options.Today = None,
) -> int:
    """Check catalogue files for faults and doubts.

    Looked at are form, references, contradictions, prices and hours hard to believe, missing and old sources, doubles.
    Faults keep a file from being used: exit 3. Doubts should be looked at; notes are worth knowing.

    Example: credgap catalog check examples/mine.yaml
    """
    from credgap import lint
    from credgap.report import listing

    found = [f for f in lint.check(files or [], builtin=not no_builtin, today=inputs.today(today)) if notes or f.severity != "note"]
    names = ", ".join(map(str, files or [])) or "the built-in data"
    faults = [f for f in found if f.severity == "fault"]
    if faults and format is SheetForm.terminal:
        raise CatalogueError("\n".join(str(f.place) for f in faults), hint=f"{len(faults)} fault{'s' if len(faults) > 1 else ''}.")
    if format is SheetForm.terminal:
        output.write(listing.finding_lines(found, names), output_file)
    else:
        write(listing.findings(found, names), format, output_file)
    return int(Exit.BAD_INPUT if _fails(found, strict=strict) else Exit.DONE)


@catalog.command("schema", cls=Command)
def write_schema(output_file: options.Output = None) -> None:
    """Write the JSON Schema of catalogue files.

    Editors complete and check YAML by it.

    Example: credgap catalog schema --output catalogue.schema.json
    """
    from credgap import schema

    output.write(schema.text(), output_file)


def _write_list(
    hits: Sequence[Credential], found: Catalogue, command: str, format: SheetForm, output_file: Path | None, today: dt.date
) -> None:
    from credgap.report import listing

    write(listing.credentials(hits, found, today=today, command=command), format, output_file)


def _fails(found: Iterable[Finding], *, strict: bool) -> bool:
    return any(f.severity == "fault" or (strict and f.severity == "doubt") for f in found)


def _those(found: Catalogue, field: str | None, kind: str | None, provider: str | None) -> tuple[Credential, ...]:
    """The credentials of a field, kind and provider. Raises UsageError where nothing is of one of them."""
    these = found.credentials
    for key, wanted in (("field", field), ("kind", kind), ("provider", provider)):
        if wanted is not None:
            known = sorted({getattr(c, key) for c in found.credentials} - {None})
            if wanted not in known:
                raise UsageError(f"--{key} {wanted!r}: no credential has it", hint=f"There are: {', '.join(known)}.")
            these = tuple(c for c in these if getattr(c, key) == wanted)
    if not these:
        raise UsageError("no credential meets all of these options")
    return these


def _names(c: Credential, found: Catalogue) -> tuple[str, ...]:
    skills = (*(t.skill for t in c.teaches), *c.awards)
    return c.id, c.name, c.issuer, c.provider, c.field or "", *skills, *(found.skill[s].name for s in skills)


def _best_first(words: str, these: Iterable[Credential], found: Catalogue) -> list[Credential]:
    """Those that hold every word in some name, then those that hold words like them; those that name it themselves first."""
    from rapidfuzz import fuzz

    wanted, scored = words.casefold().split(), []
    for c in these:
        text = " ".join(_names(c, found)).casefold()
        held = text.replace("-", " ").split()
        each = [100.0 if w in text else max((fuzz.ratio(w, h) for h in held), default=0.0) for w in wanted]
        if min(each) >= LIKE:
            scored.append((-min(each), -fuzz.token_set_ratio(words.casefold(), c.name.casefold()), c.id, c))
    return [c for *_, c in sorted(scored, key=lambda x: x[:3])]
