"""The commands that show what credgap knows: goals, skills, catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from credgap.cli import inputs, options, output
from credgap.cli.options import Format
from credgap.errors import CatalogueError, Exit, UsageError

if TYPE_CHECKING:
    from credgap.models import Catalogue, Credential, Skill

Entry = TypeVar("Entry")
Word = Annotated[
    str | None, typer.Argument(metavar="[WORD]", help="An id to show, or a word to search for. None: all.", show_default=False)
]
catalog = typer.Typer(help="Show, search and check credentials.", no_args_is_help=True, rich_markup_mode=None)


def goals(
    word: Word = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.FormatOption = Format.terminal,
    output_file: options.Output = None,
) -> None:
    """List, search or show the goal roles.

    Example: credgap goals data-scientist
    """
    from credgap.report import listing

    found = inputs.data(catalog, no_builtin).catalogue
    _show(found, found.goals, word, "goal", lambda g: (g.id, g.name, *g.aliases), listing.goal, listing.goals, format, output_file)


def skills(
    word: Word = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.FormatOption = Format.terminal,
    output_file: options.Output = None,
) -> None:
    """List, search or show the skills.

    Example: credgap skills sql
    """
    from credgap.report import listing

    found = inputs.data(catalog, no_builtin).catalogue
    _show(found, found.skills, word, "skill", _skill_names, listing.skill, listing.skills, format, output_file)


@catalog.command("list")
def list_credentials(
    word: Word = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.FormatOption = Format.terminal,
    output_file: options.Output = None,
) -> None:
    """List the credentials, or those whose name, issuer, provider or skills hold a word.

    Example: credgap catalog list security
    """
    from credgap.report import listing

    found = inputs.data(catalog, no_builtin).catalogue
    hits = _search(found.credentials, word, _credential_names)
    if not hits:
        raise UsageError(f"no credential has {word!r} in its name, issuer, provider or skills")
    output.write(listing.rows(hits, format, lambda: listing.credentials(hits, found, width=_width(output_file))), output_file)


@catalog.command("show")
def show_credential(
    credential: Annotated[str, typer.Argument(metavar="ID", help="Id of a credential.")],
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.FormatOption = Format.terminal,
    output_file: options.Output = None,
) -> None:
    """Show a credential with its prices, hours and sources.

    Example: credgap catalog show comptia-security-plus
    """
    from credgap.report import listing

    found = inputs.data(catalog, no_builtin).catalogue
    one = found.credential.get(credential)
    if one is None:
        raise UsageError(f"no credential has the id {credential!r}", hint=_did_you_mean(credential, found.credential))
    output.write(listing.rows([one], format, lambda: listing.credential(one, found, width=_width(output_file))), output_file)


@catalog.command("check")
def check_catalogue(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A catalogue file (YAML).")],
    no_builtin: options.NoBuiltin = False,
) -> int:
    """Check a catalogue file: form, references, contradictions. Exit 3 with every fault on standard error.

    Example: credgap catalog check mine.yaml
    """
    from credgap import catalogue

    faults = catalogue.check(file, builtin=not no_builtin)
    if faults:
        raise CatalogueError("\n".join(map(str, faults)), hint=f"{len(faults)} fault{'s' if len(faults) > 1 else ''}.")
    output.write(f"{file}: no fault found\n", None)
    return int(Exit.DONE)


def _show(
    catalogue: Catalogue,
    entries: Sequence[Any],
    word: str | None,
    noun: str,
    names: Callable[[Any], Iterable[str]],
    one: Callable[..., str],
    several: Callable[..., str],
    format: Format,
    output_file: Path | None,
) -> None:
    """Write the entry of that id, or those that a word finds, or all."""
    from credgap.report import listing

    exact = [e for e in entries if e.id == word]
    hits = exact or _search(entries, word, names)
    if not hits:
        raise UsageError(f"no {noun} has {word!r} in its name", hint=_did_you_mean(word or "", [n for e in entries for n in names(e)]))
    width = _width(output_file)
    text = listing.rows(hits, format, lambda: one(hits[0], catalogue, width=width) if exact else several(hits, catalogue, width=width))
    output.write(text, output_file)


def _search(entries: Sequence[Entry], word: str | None, names: Callable[[Entry], Iterable[str]]) -> list[Entry]:
    wanted = (word or "").casefold()
    return [e for e in entries if any(wanted in n.casefold() for n in names(e))]


def _skill_names(s: Skill) -> tuple[str, ...]:
    return (s.id, s.name, *(a.name for a in s.aliases))


def _credential_names(c: Credential) -> tuple[str, ...]:
    return (c.id, c.name, c.issuer, c.provider, c.field or "", *(t.skill for t in c.teaches), *c.awards)


def _did_you_mean(word: str, known: Iterable[str]) -> str | None:
    from rapidfuzz import fuzz, process

    near = process.extract(word.casefold(), list(dict.fromkeys(known)), scorer=fuzz.ratio, processor=str.casefold, limit=3, score_cutoff=60)
    return f"Did you mean {', '.join(x for x, _, _ in near)}?" if near else None


def _width(output_file: Path | None) -> int:
    import sys

    return output.columns(output_file is None and sys.stdout.isatty())
