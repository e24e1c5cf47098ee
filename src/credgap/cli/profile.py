"""The commands of `credgap profile`: init, add, remove, show, path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from credgap.cli import folders, inputs, options, output, prompt
from credgap.cli.helptext import Command, Group
from credgap.cli.options import SheetForm
from credgap.errors import ProfileError, UsageError

if TYPE_CHECKING:
    from credgap.cli.inputs import Data
    from credgap.entries import Entry
    from credgap.models import Catalogue, Profile
    from credgap.report.story import Block

profile = typer.Typer(
    cls=Group,
    help="Show and change what you have.\n\nThe profile is the file that is used where no --profile is given.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ADDED = "What to add"

Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="ENTRY", help="Skills (sql, sql:3, excel:2:4y), ids of credentials, licences, languages.", show_default=False),
]
Earned = Annotated[
    dt.date | None,
    typer.Option(parser=options.date, metavar="DAY", help="Day on which the credentials named were earned.", rich_help_panel=ADDED),
]
Expires = Annotated[
    dt.date | None, typer.Option(parser=options.date, metavar="DAY", help="Day on which they expire.", rich_help_panel=ADDED)
]
Degree = Annotated[
    list[str] | None,
    typer.Option(metavar="DEGREE", help="A degree finished, as bachelor or 'bachelor:Business'; repeatable.", rich_help_panel=ADDED),
]
Subscription = Annotated[
    list[str] | None,
    typer.Option(metavar="PLAN", help="A subscription somebody already pays, as linkedin-learning; repeatable.", rich_help_panel=ADDED),
]
InProgress = Annotated[list[str] | None, typer.Option(metavar="ID", help="A credential begun; repeatable.", rich_help_panel=ADDED)]
Pace = Annotated[float | None, typer.Option(parser=options.amount, metavar="HOURS", help="Hours of study a week.", rich_help_panel=ADDED)]
Years = Annotated[float | None, typer.Option(parser=options.amount, metavar="N", help="Years worked in the field.", rich_help_panel=ADDED)]
Clearance = Annotated[
    bool | None, typer.Option("--clearance/--no-clearance", help="Whether you have a security clearance.", rich_help_panel=ADDED)
]
Force = Annotated[bool, typer.Option("--force", help="Begin anew where there is a profile; the old one is kept as a backup.")]


@profile.command("init", cls=Command)
def init(
    have: options.Have = None,
    profile: options.ProfileFile = None,
    force: Force = False,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
) -> None:
    """Begin a profile: on a terminal by questions, else from --have.

    Example: credgap profile init --have "sql, excel:3" --no-input
    """
    from credgap import entries

    path = profile or folders.profile_path()
    if path.exists() and not force:
        raise UsageError(f"{path} is there already", hint="`credgap profile add` adds to it; --force begins anew and keeps a backup.")
    source = inputs.data(catalog, no_builtin)
    text = entries.beginning(path)
    text = _with(text, [have] if have else [], source)
    if prompt.possible(no_input=no_input):
        from credgap.cli import interview

        answered = interview.ask(text, path, source)
        if answered is None:
            inputs.note("nothing was written.", quiet=quiet)
            return
        text = answered
    _save(path, text, source, "written", quiet=quiet)


@profile.command("add", cls=Command)
def add(
    words: Words = None,
    earned: Earned = None,
    expires: Expires = None,
    degree: Degree = None,
    subscription: Subscription = None,
    in_progress: InProgress = None,
    hours_per_week: Pace = None,
    years: Years = None,
    clearance: Clearance = None,
    profile: options.ProfileFile = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    quiet: options.Quiet = False,
) -> None:
    """Add to the profile, or change what it says; its comments and order stay.

    Levels: 1 foundational, you know the basics and do simple tasks with help; 2 working, you do everyday work with it on your own;
    3 advanced, you solve hard problems with it and others ask you.

    Example: credgap profile add sql:3 "customer service" comptia-security-plus
    """
    from credgap import entries, yamledit

    source = inputs.data(catalog, no_builtin)
    catalogue = source.catalogue
    new = [e for w in words or () for e in entries.of_words(w, source, catalogue, earned=earned, expires=expires)]
    if (earned or expires) and not any(e.key == "credentials" for e in new):
        raise UsageError("--earned and --expires go with a credential", hint="Name one: credgap profile add ID --earned 2026-05-01.")
    new += [entries.Entry("education", d, d, _degree(d)) for d in degree or ()]
    new += [entries.Entry("subscriptions", s, s, inputs.known("--subscription", s, catalogue.subscription)) for s in subscription or ()]
    new += [entries.Entry("in_progress", c, c, inputs.known("--in-progress", c, catalogue.credential)) for c in in_progress or ()]
    single = {k: v for k, v in (("hours_per_week", hours_per_week), ("years", years), ("clearance", clearance)) if v is not None}
    if not new and not single:
        raise UsageError("nothing to add was named", hint="Name a skill, as in: credgap profile add sql:3.")
    path = profile or folders.profile_path()
    text = _text(path, source) or entries.beginning(path)
    for entry in new:
        text = entries.add(text, entry, source, catalogue)
    for key, value in single.items():
        text = yamledit.put(text, key, int(value) if isinstance(value, float) and value.is_integer() else value)
    _save(path, text, source, "; ".join([*map(_said, new), *(f"{k}: {_plain(v)}" for k, v in single.items())]), quiet=quiet)


@profile.command("remove", cls=Command)
def remove(
    words: Annotated[list[str], typer.Argument(metavar="ENTRY", help="What the profile holds: a skill, a credential, hours_per_week.")],
    profile: options.ProfileFile = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    quiet: options.Quiet = False,
) -> None:
    """Take something out of the profile; its comments and order stay.

    Example: credgap profile remove sql
    """
    from credgap import entries

    source = inputs.data(catalog, no_builtin)
    path = profile or folders.profile_path()
    if not path.is_file():
        raise ProfileError(f"{path}: no such file", hint="`credgap profile init` begins a profile.")
    text, gone = _text(path, source), []
    for word in (p.strip() for w in words for p in w.split(",") if p.strip()):
        text, names = entries.remove(text, word, source, source.catalogue)
        gone += names
    _save(path, text, source, f"no longer held: {', '.join(gone)}", quiet=quiet)


@profile.command("show", cls=Command)
def show(
    profile: options.ProfileFile = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
) -> None:
    """Show what the profile holds, and what it does not say.

    Example: credgap profile show --profile examples/profile.yaml
    """
    from credgap import profile as profiles

    source = inputs.data(catalog, no_builtin)
    path = profile or folders.profile_path()
    if profile is None and not path.is_file():
        raise ProfileError(f"{path}: no such file", hint="`credgap profile init` begins a profile.")
    person = profiles.read(path, source, source.catalogue)
    from credgap.cli.browse import write
    from credgap.report.sheet import Sheet

    catalogue = source.catalogue
    body = _body(person, path, catalogue)
    made = Sheet(
        "profile show",
        lambda: _blocks(person, path, catalogue),
        lambda: body,
        COLUMNS,
        lambda: _rows(person, catalogue),
        lambda: [body],
    )
    write(made, format, output_file)


@profile.command("path", cls=Command)
def show_path() -> None:
    """Show where your profile stands, or would stand.

    Example: credgap profile path
    """
    output.write(f"{folders.profile_path()}\n", None)


def extend(path: Path, have: str, source: Data, *, quiet: bool) -> None:
    """Add skills such as "sql:3, excel" to a profile, which is begun where there is none."""
    from credgap import entries

    text = _with(_text(path, source) or entries.beginning(path), [have], source)
    _save(path, text, source, "kept in your profile", quiet=quiet)


def _with(text: str, words: Iterable[str], source: Data) -> str:
    from credgap import entries

    for word in words:
        for entry in entries.of_words(word, source, source.catalogue):
            text = entries.add(text, entry, source, source.catalogue)
    return text


def _text(path: Path, source: Data) -> str:
    """The text of the profile, once it is seen to be well formed; empty where there is none."""
    from credgap import profile as profiles
    from credgap import yamledit

    text = yamledit.read(path)
    profiles.of_text(path, text.encode(), source, source.catalogue)
    return text


def _save(path: Path, text: str, source: Data, done: str, *, quiet: bool) -> None:
    """Write the profile, once what is to be written is seen to be well formed."""
    from credgap import profile as profiles
    from credgap import yamledit

    profiles.of_text(path, text.encode(), source, source.catalogue)
    if path.is_file() and yamledit.read(path) == text:
        inputs.note(f"{path} says so already.", quiet=quiet)
        return
    backup = yamledit.save(path, text)
    inputs.note(f"{done} ({path}{f'; before: {backup.name}' if backup else ''})", quiet=quiet)


def _degree(text: str) -> dict[str, str]:
    from typing import get_args

    from credgap.models import DegreeLevel

    level, _, field = (p.strip() for p in text.partition(":"))
    known = get_args(DegreeLevel)
    if level.casefold().replace(" ", "_") not in known:
        raise UsageError(f"--degree {level!r} is none", hint=f"There are: {', '.join(known)}; the field behind a colon.")
    return {"degree": level.casefold().replace(" ", "_")} | ({"field": field} if field else {})


def _said(entry: Entry) -> str:
    item = entry.item
    if entry.key == "skills":
        return (
            entry.name + (f", level {item['level']}" if "level" in item else "") + (f", {item['years']:g} years" if "years" in item else "")
        )
    return f"{entry.name} ({entry.key.replace('_', ' ')})"


def _plain(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value:g}"


COLUMNS = ("part", "id", "name", "level", "years", "earned", "expires", "value")
"""The columns of CSV: a row for each skill, credential and further fact."""


def _body(person: Profile, path: Path, catalogue: Catalogue) -> dict[str, Any]:
    body: dict[str, Any] = person.model_dump(mode="json", exclude={"assumed"})
    for held in body["skills"]:
        held["name"] = catalogue.skill[held["skill"]].name
    for held in body["credentials"]:
        held["name"] = _credential(held["id"], catalogue)
    return {"file": str(path), "profile": body}


def _rows(person: Profile, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    for h in person.skills:
        yield {"part": "skill", "id": h.skill, "name": catalogue.skill[h.skill].name, "level": h.level, "years": h.years}
    for c in person.credentials:
        yield {"part": "credential", "id": c.id, "name": _credential(c.id, catalogue), "earned": c.earned, "expires": c.expires}
    yield from ({"part": label, "value": value} for label, value in _facts(person, catalogue) if value is not None)


def _credential(name: str, catalogue: Catalogue) -> str:
    return catalogue.credential[name].name if name in catalogue.credential else catalogue.skill[name].name


def _blocks(person: Profile, path: Path, catalogue: Catalogue) -> Iterator[Block]:
    from credgap.entries import LEVELS
    from credgap.report.story import Heading, Items, Paragraph, Table

    yield Heading(1, str(path))
    yield Heading(2, "Skills")
    rows = tuple(
        (catalogue.skill[h.skill].name, f"{h.level} {LEVELS[h.level].partition(':')[0]}", "" if h.years is None else f"{h.years:g}")
        for h in person.skills
    )
    if rows:
        yield Table(("Skill", "Level", "Years"), rows, frozenset({2}))
        yield Items(tuple(f"{n} {text}" for n, text in LEVELS.items()))
    else:
        yield Paragraph("none said")
    if person.credentials:
        yield Heading(2, "Credentials")
        yield Items(
            tuple(
                _credential(h.id, catalogue)
                + (f", earned {h.earned}" if h.earned else "")
                + (f", expires {h.expires}" if h.expires else "")
                for h in person.credentials
            )
        )
    facts = _facts(person, catalogue)
    yield Heading(2, "Further")
    if said := tuple(f"{label}: {value}" for label, value in facts if value is not None):
        yield Items(said)
    if unsaid := [label for label, value in facts if value is None]:
        yield Paragraph(f"Not said, so unknown: {', '.join(unsaid)}.")


def _facts(person: Profile, catalogue: Catalogue) -> list[tuple[str, str | None]]:
    """What else a profile can say, in words; None where it does not."""

    def listed(items: Iterable[str] | None) -> str | None:
        return None if items is None else ", ".join(items) or "none"

    def named(ids: tuple[str, ...] | None) -> str | None:
        return None if ids is None else listed(catalogue.skill[i].name for i in ids)

    degrees = person.education
    return [
        (
            "degrees",
            None if degrees is None else listed(e.degree.replace("_", " ") + (f" ({e.field})" if e.field else "") for e in degrees),
        ),
        ("licences", named(person.licences)),
        ("languages", named(person.languages)),
        ("security clearance", None if person.clearance is None else _plain(person.clearance)),
        ("years in the field", None if person.years is None else f"{person.years:g}"),
        ("hours of study a week", None if person.hours_per_week is None else f"{person.hours_per_week:g}"),
        *([("memberships", listed(person.memberships))] if person.memberships else []),
        *([("subscriptions", listed(catalogue.subscription[s].name for s in person.subscriptions))] if person.subscriptions else []),
        *([("begun", listed(_credential(b.id, catalogue) for b in person.in_progress))] if person.in_progress else []),
    ]
