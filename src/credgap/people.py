"""A folder of profiles, or a list of people (CSV, JSONL, Parquet, YAML) -> Persons."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from credgap import profile as profiles
from credgap import yamlfile
from credgap.cohort import Person
from credgap.errors import CredgapError, UsageError
from credgap.models import Catalogue, Profile
from credgap.profile import Names
from credgap.tables import Table

YAML = (".yaml", ".yml")
ROLES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "person", "full name", "employee", "student", "id"),
    "have": ("have", "skills", "skills held", "has"),
    "profile": ("profile", "profile path", "profile file"),
    "budget": ("budget", "money"),
    "hours": ("hours", "hours limit"),
    "hours_per_week": ("hours per week", "weekly hours", "pace"),
}
"""What a column can be, and the names by which it is known, the surest first."""
OWN = ("name", "have", "budget", "hours")
"""Keys of a person that no profile has."""
HINT = "People are a folder of profiles (YAML), or a list of name, have, budget, hours, hours_per_week as CSV or YAML."


class PeopleError(CredgapError):
    """A list of people that cannot be read."""


def read(path: Path, names: Names, catalogue: Catalogue, *, given: Mapping[str, str] | None = None) -> tuple[list[Person], list[str]]:
    """The people of a file or folder, and in words what was guessed about its columns.

    `given` says which column plays which role. Raises PeopleError, which names every person that cannot be read.
    """
    if not path.exists():
        raise PeopleError(f"{path}: no such file or folder", hint=HINT)
    notes: list[str] = []
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in YAML and not p.name.startswith((".", "_")))
        asked: Iterable[tuple[str, Any, Path]] = ((f.name, f, f) for f in files)
    elif path.suffix.lower() in YAML:
        asked = _listed(path)
    else:
        table = Table(path)
        roles, notes = columns(table.columns, given or {})
        asked = _rows(table, roles)
        notes += table.notes
    found, faults = [], []
    for number, (where, entry, file) in enumerate(asked, 1):
        try:
            found.append(_person(entry, f"{path.name}, {where}", number, file, names, catalogue))
        except CredgapError as error:
            faults.append(error)
    if faults:
        hint = faults[0].hint if len(faults) == 1 else None
        raise PeopleError("\n".join(f.message for f in faults), hint=hint or HINT)
    if not found:
        raise PeopleError(f"{path}: nobody is in it", hint=HINT)
    return list(_apart(found)), notes


def columns(names: Sequence[str], given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Which column plays which role, and what was guessed. Raises UsageError for a role or column that there is not, or where none says
    what people have.
    """
    for role, name in given.items():
        if role not in ROLES:
            raise UsageError(f"--column {role}={name}: {role!r} is no role of a column", hint=f"Roles are {', '.join(ROLES)}.")
        if name not in names:
            raise UsageError(f"--column {role}={name}: there is no such column", hint=f"The columns are {', '.join(names)}.")
    found, notes = dict(given), list[str]()
    free = [n for n in names if n not in given.values()]
    for role, known in ROLES.items():
        folded = {" ".join(n.replace("_", " ").replace("-", " ").casefold().split()): n for n in reversed(free)}
        guess = next((folded[k] for k in known if k in folded), None)
        if role in found or guess is None:
            continue
        found[role] = guess
        free.remove(guess)
        if guess != role:
            notes.append(f"the column {guess!r} is read as {role} (else: --column {role}=COLUMN).")
    if "have" not in found and "profile" not in found:
        raise UsageError("no column says what people have", hint="Say which: --column have=COLUMN, with skills such as “python; sql:3”.")
    return found, notes


def _listed(path: Path) -> Iterator[tuple[str, Any, Path]]:
    document, fault = yamlfile.parse(path, path.read_bytes())
    if fault is not None:
        raise PeopleError(str(fault), hint=HINT)
    entries = document.get("people") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise PeopleError(f"{path}: no list of people", hint=HINT)
    for n, entry in enumerate(entries, 1):
        yield f"person {n}", entry, path


def _rows(table: Table, roles: Mapping[str, str]) -> Iterator[tuple[str, Any, Path]]:
    for r in table.records():
        if r.fault is not None:
            raise PeopleError(f"{table.path.name}, row {r.number}: {r.fault[1]}", hint="Mend this row.")
        own = {role: r.cells.get(name) for role, name in roles.items()}
        if any(not _blank(v) for v in own.values()):
            yield f"row {r.number}", {k: v for k, v in own.items() if not _blank(v)}, table.path


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or (isinstance(value, str) and not value.strip())


def _person(entry: Any, where: str, number: int, file: Path, names: Names, catalogue: Catalogue) -> Person:
    """A person from a profile file, from an entry of a list, or from a row."""
    whole, name = None, f"Person {number}"
    if isinstance(entry, Path):
        name, whole = entry.stem, entry.read_bytes()
        document, fault = yamlfile.parse(entry, whole)
        if fault is not None:
            raise PeopleError(str(fault))
        entry = document if document is not None else {}
    if not isinstance(entry, dict):
        raise PeopleError(f"{where}: a person is a mapping with name, have, budget, hours, hours_per_week, or the keys of a profile")
    own = {k: entry[k] for k in OWN if not _blank(entry.get(k))}
    rest = {k: v for k, v in entry.items() if k not in OWN}
    pace = _number(rest.get("hours_per_week"), where, "hours_per_week", least=0.0)
    name = str(own.get("name", name)).strip()
    where = f"{where} ({name})"
    base = Profile()
    try:
        if isinstance(rest.get("profile"), str):
            base = profiles.read(file.parent / rest.pop("profile"), names, catalogue)
            rest.pop("hours_per_week", None)
        elif whole is not None and not own:
            base = profiles.of_text(file, whole, names, catalogue)
        elif rest:
            import yaml

            document = rest if pace is None else rest | {"hours_per_week": pace}
            base = profiles.of_text(Path(where), yaml.safe_dump(document).encode(), names, catalogue)
        have = own.get("have")
        if have is not None:
            text = ", ".join(map(str, have)) if isinstance(have, list) else str(have)
            base = profiles.lay_over(base, profiles.have(text.replace(";", ","), names))
    except CredgapError as error:
        raise PeopleError(error.message if str(where) in error.message else f"{where}: {error.message}", hint=error.hint) from None
    budget, hours = (_number(own.get(k), where, k, least=-1.0) for k in ("budget", "hours"))
    return Person(name, base, budget, hours, pace if whole is None else None)


def _number(value: Any, where: str, what: str, *, least: float) -> float | None:
    """A number over `least`."""
    if _blank(value):
        return None
    try:
        number = float(str(value).strip().lstrip("$€£").replace(",", ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number <= least or number < 0 or (what == "hours_per_week" and number > 100):
        raise PeopleError(f"{where}: {what} {str(value)!r} is no number that it can be", hint="Write it as 300 or 1200.50.")
    return number


def _apart(people: Iterable[Person]) -> Iterator[Person]:
    """People of one name told apart by a number."""
    seen: Counter[str] = Counter()
    for p in people:
        seen[p.name] += 1
        yield p if seen[p.name] == 1 else replace(p, name=f"{p.name} ({seen[p.name]})")
