"""The command `credgap doctor`: what is installed, how old the data is, what of one's own is found, and whether anything is wrong."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from credgap import __version__
from credgap.cli import folders, inputs, options, output, settings
from credgap.cli.options import SheetForm
from credgap.errors import CredgapError, Exit
from credgap.files import data_folder

if TYPE_CHECKING:
    from credgap.report.story import Block


class Finding(NamedTuple):
    """One thing looked at. `absent` is an extra or a file that need not be there; `wrong` needs mending, by `hint`."""

    section: str
    name: str
    value: str
    state: Literal["ok", "absent", "wrong"] = "ok"
    hint: str | None = None


SECTIONS = ("program", "libraries", "extras", "data", "cache", "configuration", "profile", "terminal")
_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9._-]+)[^;>=<~!]*(?:>=\s*(?P<least>[0-9.]+))?[^;]*(?:;.*extra\s*==\s*['\"](?P<extra>[^'\"]+)['\"])?"
)


def doctor(format: options.SheetFormat = SheetForm.terminal, output_file: options.Output = None, today: options.Today = None) -> int:
    """Show what is installed and found, and what is wrong with it.

    Looked at are versions, the age of the data, cache, configuration, profile and terminal; the exit code is 3 where something is wrong.

    Example: credgap doctor
    """
    found = [f for part in (_program, _libraries, lambda: _data(inputs.today(today)), _cache, _own, _terminal) for f in part()]
    wrong = sum(f.state == "wrong" for f in found)
    from credgap.cli.browse import write
    from credgap.report.sheet import Sheet

    rows = [f._asdict() for f in found]
    made = Sheet("doctor", lambda: _blocks(found, wrong), lambda: {"wrong": wrong, "findings": rows}, Finding._fields, lambda: rows)
    write(made, format, output_file)
    return int(Exit.BAD_INPUT if wrong else Exit.DONE)


def _program() -> Iterator[Finding]:
    yield Finding("program", "credgap", f"{__version__}, in {Path(__file__).resolve().parents[1]}")
    yield Finding("program", "Python", f"{sys.version.split()[0]}, {sys.executable}")
    yield Finding("program", "system", sys.platform)


def _libraries() -> Iterator[Finding]:
    """The libraries that the package names, and those of its extras."""
    from importlib import metadata

    for name, least, extra in sorted(_requirements(), key=lambda r: (r[2] or "", r[0].lower())):
        section = "libraries" if extra is None else "extras"
        label = name if extra is None else f"{name} ({extra})"
        hint = f"pip install {name}" if extra is None else f'pip install "credgap[{extra}]"'
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding(section, label, "not installed", "wrong" if extra is None else "absent", hint)
            continue
        old = least is not None and _numbers(version) < _numbers(least)
        yield Finding(section, label, f"{version}, older than {least}" if old else version, "wrong" if old else "ok", hint if old else None)


def _requirements() -> list[tuple[str, str | None, str | None]]:
    """Name, least version and extra of each library, from the installed package or from the source tree; those for tests aside."""
    from importlib import metadata

    source = data_folder().parent / "pyproject.toml"
    if source.is_file():
        import tomllib

        project = tomllib.loads(source.read_text(encoding="utf-8"))["project"]
        lines = [*project["dependencies"]]
        lines += [f"{r}; extra == '{extra}'" for extra, rs in project.get("optional-dependencies", {}).items() for r in rs]
    else:
        try:
            lines = metadata.requires("credgap") or []
        except metadata.PackageNotFoundError:
            lines = []
    matches = [m for line in lines if (m := _REQUIREMENT.match(line))]
    return [(m["name"], m["least"], m["extra"]) for m in matches if m["extra"] not in ("test", "dev")]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def _data(today: dt.date) -> Iterator[Finding]:
    from credgap.models import STALE_DAYS, last_day

    try:
        found = settings.of_file(folders.configuration()) | settings.of_environment(os.environ)
        files = settings.given(found["catalog"], flag=False, several=True) if "catalog" in found else []
    except CredgapError:
        files = []  # said under the configuration
    names = files if isinstance(files, list) else []
    try:
        catalogue = inputs.data([Path(f) for f in names], no_builtin=False).catalogue
    except CredgapError as error:
        yield Finding("data", "catalogue", error.message, "wrong", error.hint)
        return
    current = [c for c in catalogue.credentials if c.status == "current"]
    yield Finding("data", "files", ", ".join([str(data_folder()), *names]))
    yield Finding("data", "credentials", f"{len(catalogue.credential)}, of which {len(current)} can be taken")
    for noun in ("skill", "goal", "provider"):
        yield Finding("data", f"{noun}s", str(len(getattr(catalogue, noun))))
    checked = [
        max((s.checked for s in those), key=last_day)
        for c in current
        for n in range(len(c.offers))
        if (those := catalogue.price_sources(c, n))
    ]
    days = [c for c in checked if len(c) == len("2026-11-22")]
    if checked:
        stale = sum((today - last_day(c)).days > STALE_DAYS for c in checked)
        yield Finding("data", "newest price check", max(days, default=max(checked)))
        oldest = min(checked, key=last_day)
        yield Finding("data", "oldest price check", f"{oldest}; {stale} of {len(checked)} prices are older than {STALE_DAYS} days")


def _cache() -> Iterator[Finding]:
    folder = folders.cache()
    files = [p for p in folder.rglob("*") if p.is_file()] if folder.is_dir() else []
    size = sum(p.stat().st_size for p in files)
    yield Finding("cache", "folder", str(folder))
    yield Finding("cache", "size", f"{size / 1_000_000:.1f} MB in {len(files)} files")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        yield Finding("cache", "writable", "yes")
    except OSError as error:
        hint = "Every run reads the whole catalogue anew. Give yourself the folder, or set XDG_CACHE_HOME."
        yield Finding("cache", "writable", f"no: {(error.strerror or str(error)).lower()}", "wrong", hint)


def _own() -> Iterator[Finding]:
    """The configuration, the environment and the profile."""
    from typer.main import get_command

    from credgap.cli.app import app

    path = folders.configuration()
    try:
        found = settings.read(path, os.environ)
        for setting in found.values():
            settings.check(setting, get_command(app))
        value = f"{path}: {', '.join(found) or 'nothing set'}"
        yield Finding("configuration", "file", value if path.is_file() else f"{path}: not there", "ok" if path.is_file() else "absent")
    except CredgapError as error:
        yield Finding("configuration", "file", error.message, "wrong", error.hint)
        found = {}
    set_here = [s.origin.removeprefix("the variable ") for s in found.values() if s.base is None]
    if set_here:
        yield Finding("configuration", "environment", ", ".join(set_here))
    for name in settings.unknown(os.environ):
        yield Finding(
            "configuration", name, "a variable that sets nothing", "wrong", settings.nearest(name.removeprefix(settings.PREFIX).lower())
        )
    yield _profile(settings.given(found["profile"], flag=False, several=False) if "profile" in found else None)


def _profile(named: Any) -> Finding:
    from credgap import profile as profiles

    path = Path(named) if named else folders.profile_path()
    if not path.is_file():
        return Finding("profile", "file", f"{path}: not there", "absent", "`credgap profile init` begins one.")
    try:
        source = inputs.data([], no_builtin=False)
        held = profiles.read(path, source, source.catalogue)
    except CredgapError as error:
        return Finding("profile", "file", error.message, "wrong", error.hint)
    return Finding("profile", "file", f"{path}: {len(held.skills)} skills, {len(held.credentials)} credentials")


def _terminal() -> Iterator[Finding]:
    at_terminal = sys.stdout.isatty()
    yield Finding("terminal", "standard output", "a terminal" if at_terminal else "a file or a pipe")
    yield Finding("terminal", "columns", str(shutil.get_terminal_size((output.PIPED_COLUMNS, 24)).columns))
    why = "NO_COLOR is set" if os.environ.get("NO_COLOR") else f"TERM is {os.environ.get('TERM', 'not set')}"
    yield Finding("terminal", "colour", f"{'yes' if at_terminal and output.colored() else 'no'} ({why})")
    encoding = getattr(sys.stdout, "encoding", None) or "unknown"
    plain = "utf" not in encoding.lower()
    yield Finding("terminal", "encoding", encoding + (": signs it lacks are shown as ?" if plain else ""))


def _blocks(found: list[Finding], wrong: int) -> Iterator[Block]:
    from credgap.report.story import Heading, Items, Paragraph

    for section in SECTIONS:
        if those := [f for f in found if f.section == section]:
            yield Heading(2, section.capitalize())
            yield Items(
                tuple(
                    f"{'WRONG ' if f.state == 'wrong' else ''}{f.name}: {f.value}" + (f" ({f.hint.rstrip('.')})" if f.hint else "")
                    for f in those
                )
            )
    yield Heading(2, "In all")
    yield Paragraph("Nothing is wrong." if not wrong else f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong: look for WRONG.")
