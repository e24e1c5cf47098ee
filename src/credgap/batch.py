"""Records of a table -> one row each: what a posting asks for, the gap, or the plan. A bad one is a row too, with its reason."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from credgap import analyse, engines, posting, profile, results, tables
from credgap import gap as gaps
from credgap import goal as goals
from credgap.errors import CredgapError, DoesNotFitError, NothingRecognisedError, PostingError, ProfileError, UnknownGoalError, UsageError
from credgap.models import Catalogue, Goal, Importance, Limits, Profile, Report, Requirements, SkillKind
from credgap.results import OK, Cells, Columns, Written
from credgap.tables import Piece, Record

if TYPE_CHECKING:
    import pyarrow as pa

What = Literal["extract", "gap", "plan"]
LONGEST = 1_000_000
"""Characters of a text beyond which it is not read: the longest postings have some 30,000."""
ROWS, BYTES = 32, 1_000_000
"""A chunk has at most so many rows to be worked, and about so many characters."""
REPEATS = 8192
"""How many answers are remembered for rows that ask the same again."""
KEPT = 64
"""How many roles, profiles and postings named by rows a worker remembers."""
PIECE = 2048
"""Rows of a Parquet piece that a worker reads by itself."""

T = TypeVar("T")

# --- Columns ------------------------------------------------------------------------------------------------

ROLES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "job id", "posting id", "person id", "key", "uid", "uuid", "ref", "reference", "number"),
    "text": (
        "text",
        "description",
        "job description",
        "posting text",
        "posting body",
        "job text",
        "full description",
        "body",
        "content",
        "advert",
        "ad text",
    ),
    "title": ("title", "job title", "position", "position title", "name"),
    "have": ("have", "skills held", "skills", "has"),
    "profile": ("profile", "profile path", "profile file"),
    "goal": ("goal", "goal role", "role", "target role"),
    "posting": ("posting", "posting path", "posting file"),
    "budget": ("budget", "money"),
    "hours": ("hours", "hours limit"),
    "hours_per_week": ("hours per week", "weekly hours", "pace"),
    "by": ("by", "deadline"),
}
"""What a column can be, and the names by which it is known, the surest first."""
ASKED = ("text", "goal", "posting")
PERSONAL = ("have", "profile")


def columns(names: Iterable[str], given: Mapping[str, str], *, people: bool = False) -> tuple[dict[str, str], list[str]]:
    """Which column plays which role, and in words what was guessed. Raises UsageError for a role or a column that there is not.

    `given` are roles with their columns, "" for a role that none plays. Beside texts of postings, a column of skills or of hours is the
    posting's own matter: there only `have` and `profile`, by these names, make the rows people as well. `people`: the rows are held
    against one role or posting, so that no column is guessed to be the text of a posting.
    """
    names = list(names)
    for role, name in given.items():
        if role not in ROLES:
            raise UsageError(f"--column {role}={name}: {role!r} is no role of a column", hint=f"Roles are {', '.join(ROLES)}.")
        if name and name not in names:
            raise UsageError(f"--column {role}={name}: there is no such column", hint=f"The columns are {', '.join(names)}.")
    found, notes = dict(given), list[str]()
    free = {_folded(n): n for n in reversed(names) if n not in given.values()}
    for role, known in ROLES.items():
        postings = role not in ("id", "text", "title") and bool(found.get("text"))
        if role in found or (people and role == "text") or (postings and role not in PERSONAL and not any(found.get(r) for r in PERSONAL)):
            continue
        guess = next((free[k] for k in known[: 1 if postings else None] if k in free), None)
        if guess is None:
            continue
        found[role] = free.pop(_folded(guess))
    if "id" not in found and "text" not in found and "title" in found and "title" not in given:
        found["id"] = found.pop("title")  # people go by their names; their title is that of what they are held against
    for role, guess in found.items():
        if role not in given and guess != role:
            notes.append(f"the column {guess!r} is read as {role} (else: --column {role}=COLUMN).")
    return {role: name for role, name in found.items() if name}, notes


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


# --- Rows ---------------------------------------------------------------------------------------------------


class Ask(NamedTuple):
    """All of a row that its answer depends on."""

    text: str | None = None
    have: str | None = None
    profile: str | None = None
    goal: str | None = None
    posting: str | None = None
    budget: str | None = None
    hours: str | None = None
    hours_per_week: str | None = None
    by: str | None = None
    id: str | None = None
    title: str | None = None


ASIDE = ("id", "title")
"""What an answer depends on only where it is a report that names its row."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is to be worked: `ask`, or `fault` (kind, reason) where it cannot be. `carried` goes through as it is."""

    number: int
    id: str
    title: str | None
    carried: Mapping[str, str | None]
    ask: Ask | None
    fault: tuple[str, str] | None = None
    note: str | None = None

    def key(self) -> bytes:
        """What tells rows that ask the same: a digest."""
        return hashlib.blake2b(repr(self.ask).encode("utf-8", "replace"), digest_size=16).digest()


class _BadRowError(Exception):
    """A row that cannot be worked: kind and reason."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.fault = kind, reason


def rows(
    records: Iterable[Record], roles: Mapping[str, str], carry: Sequence[str] = (), *, common: bool = False, named: bool = False
) -> Iterator[Row]:
    """Records as rows. `common`: every row is held against the same posting or role, so that it need not name one.

    `named`: the answer is to name the row.
    """
    for r in records:
        own = {role: r.cells.get(name) for role, name in roles.items()}
        id, title = _plain(own.get("id")), _plain(own.get("title"))
        carried = {name: _carried(r.cells.get(name)) for name in carry}
        fault, note, ask = r.fault, r.note, None
        if fault is None:
            try:
                ask, said = _ask(own, common)
                note = note or said
                ask = ask._replace(id=id or str(r.number), title=title) if named else ask
            except _BadRowError as bad:
                fault = bad.fault
        yield Row(r.number, id or str(r.number), title, carried, ask, fault, note)


def _plain(value: Any) -> str | None:
    """A cell as text on one line; None where there is nothing in it."""
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    return " ".join(_sound(str(value)).split()) or None


def _carried(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return None if value is None else _sound(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _sound(text: str) -> str:
    """The text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _ask(own: Mapping[str, Any], common: bool) -> tuple[Ask, str | None]:
    values = {role: _list(own.get(role)) for role in Ask._fields if role != "text" and role not in ASIDE}
    text, note = _text(own.get("text"), needed=not (common or values["goal"] or values["posting"]))
    named = [r for r, v in (("text", text), ("goal", values["goal"]), ("posting", values["posting"])) if v]
    if len(named) > 1:
        raise _BadRowError("contradiction", f"it names {' and '.join(named)}; one of them is wanted")
    return Ask(text, **values), note


def _list(value: Any) -> str | None:
    return _plain(", ".join(map(str, value)) if isinstance(value, list) else value)


def _text(value: Any, *, needed: bool) -> tuple[str | None, str | None]:
    """The text of a posting and a note on how it was read. Raises _BadRowError for one that is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or (not needed and not value):
        if needed:
            raise _BadRowError("empty", "there is no text")
        return None, None
    if not isinstance(value, (str, bytes)):
        raise _BadRowError("no text", f"the text is {type(value).__name__}, not text")
    if len(value) > LONGEST:
        raise _BadRowError("too long", f"{len(value):,} characters; no posting has more than {LONGEST:,}: is it the right column?")
    if not value.strip():
        raise _BadRowError("empty", "there is no text")
    try:
        if isinstance(value, str):
            posting.decode(value.encode("utf-8", "replace"), source="the text")
            return _sound(value), None
        text = posting.decode(value, source="the text")
    except PostingError as error:
        raise _BadRowError("not text", error.message) from None
    return text, None if _is_utf8(value) else "read as Windows-1252, since it is no UTF-8"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return True


# --- The answer to a row ------------------------------------------------------------------------------------

_SKILLS: Columns = {"required": "list", "preferred": "list", "context": "list"}
ANSWERS: Mapping[What, Columns] = {
    "extract": {
        "required_count": "count",
        "preferred_count": "count",
        "context_count": "count",
        "gate_count": "count",
        "unknown_count": "count",
        **_SKILLS,
        "gates": "list",
        "degree": "text",
    },
    "gap": {"verdict": "text", "fit_before": "number", "missing_required": "list", "partly_required": "list", "gates_unmet": "list"},
    "plan": {
        "verdict": "text",
        "fit_before": "number",
        "fit_after": "number",
        "missing_required": "list",
        "plan_status": "text",
        "steps": "list",
        "step_names": "list",
        "cost_net": "number",
        "currency": "text",
        "hours": "number",
        "finish": "day",
    },
}
"""The columns of an answer. Skills and steps are ids."""


def result_columns(what: What, carry: Sequence[str] = ()) -> Columns:
    """All columns of a result, in order. Raises UsageError where a column to carry has the name of one of them."""
    first: Columns = {"row": "count", "id": "text", "title": "text", "status": "text", "note": "text"}
    if double := [name for name in carry if name in first or name in ANSWERS[what]]:
        raise UsageError(f"--carry {double[0]}: the result has a column of that name already", hint="Rename it in the input.")
    return {**first, **dict.fromkeys(carry, "text"), **ANSWERS[what]}


@dataclass(frozen=True)
class Task:
    """All that the answers depend on, beside the rows. It is sent once to each worker.

    `forms` are those of `skills.prepare`, or empty. `paced`: the hours a week were said and count before those of a row's profile.
    `goal`, `posting`: the role, or the text, that rows are held against that name none. `folder` is that of paths in rows.
    `reports`: the form, one of `results.FOLDERS`, where a whole report is wanted in the cell `report`.
    """

    what: What
    catalogue: Catalogue
    limits: Limits
    profile: Profile = field(default_factory=Profile)
    forms: Mapping[str, str] | None = None
    paced: bool = False
    weights: Mapping[Importance, float] | None = None
    count: tuple[SkillKind, ...] = gaps.COUNTED
    fit: float = gaps.FIT
    anyway: bool = False
    goal: str | None = None
    posting: str | None = None
    folder: Path = Path()
    reports: str | None = None
    width: int = 100


class Worker:
    """What answers rows: a catalogue, the index of its names, and what was read for rows before."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._read = analyse.Reader(task.catalogue, task.forms)
        self._roles = _Kept[str, Goal](KEPT)
        self._people = _Kept[tuple[str | None, str | None], Profile](KEPT)
        self._texts = _Kept[str, Requirements](KEPT)
        self._answers = _Kept[bytes, str](REPEATS)

    def __call__(self, chunk: Sequence[Ask] | _Part) -> list[str]:
        """The answers to rows as JSON, in order; for a part of a Parquet file its whole rows."""
        if isinstance(chunk, _Part):
            return [json.dumps(self._whole(row)) for row in chunk.rows()] if chunk.into is None else [self._written(chunk, chunk.into)]
        return [self.answer(ask) for ask in chunk]

    def _written(self, part: _Part, path: Path) -> str:
        """Write the rows of a part; what is to be known of them as JSON."""
        cells = [self._whole(row) for row in part.rows()]
        tally = results.Tally()
        for c in cells:
            tally.add(c)
        size = results.write_part(cells, result_columns(self._task.what, part.carry), path)
        bad = next((c for c in cells if c["status"] != OK), None)
        return json.dumps({"bytes": size, "tally": asdict(tally), "bad": bad and {k: bad[k] for k in ("row", "id", "status", "note")}})

    def _whole(self, row: Row) -> Cells:
        if row.ask is None:
            return _row(row, {})
        return _row(row, json.loads(self._answers.get(row.key(), partial(self.answer, row.ask))))

    def answer(self, ask: Ask) -> str:
        """The cells of an answer as JSON: `status` and `note`, and where the status is ok those of ANSWERS."""
        try:
            report = self.report(ask)
        except _BadRowError as bad:
            return json.dumps(_fault(*bad.fault))
        except NothingRecognisedError as error:
            return json.dumps(_fault("nothing recognised", error.message))
        except DoesNotFitError as error:
            return json.dumps(_fault("does not fit", error.message))
        except (ProfileError, UnknownGoalError, PostingError) as error:
            kind = {ProfileError: "profile", UnknownGoalError: "goal", PostingError: "posting"}[type(error)]
            return json.dumps(_fault(kind, error.message))
        except CredgapError as error:
            return json.dumps(_fault("failed", error.message))
        except Exception as error:  # one row that trips the program must not take the others with it
            return json.dumps(_fault("failed", f"this is a bug in credgap: {type(error).__name__}: {error}"))
        cells = {"status": OK, "note": None, "title": report.requirements.title, **_CELLS[self._task.what](report)}
        if self._task.reports is not None:
            cells["report"] = self._rendered(report, ask)
        return json.dumps(cells)

    def report(self, ask: Ask) -> Report:
        """The report on a row. Raises _BadRowError, CredgapError."""
        task = self._task
        wants = self._wants(ask)
        if task.what == "extract":
            return analyse.extract(wants, today=task.limits.today)
        person = self._people.get((ask.profile, ask.have), partial(self._person, ask))
        how: dict[str, Any] = {"count": task.count, "fit": task.fit, "weights": task.weights or gaps.WEIGHTS, "brief": task.reports is None}
        if task.what == "gap":
            return analyse.compare(wants, person, task.catalogue, today=task.limits.today, **how)
        limits = self._limits(ask, person)
        return analyse.advise(wants, person, task.catalogue, limits=limits, anyway=task.anyway, explain=False, **how)

    def _wants(self, ask: Ask) -> Requirements:
        task = self._task
        role = ask.goal or (task.goal if ask.text is None and ask.posting is None else None)
        if role is not None:
            return goals.requirements(self._roles.get(role, lambda: goals.find(role, task.catalogue)[0]), task.catalogue)
        if ask.text is not None:
            return self._read(ask.text)
        if ask.posting is not None:
            path = self._task.folder / ask.posting
            return self._texts.get("path " + ask.posting, lambda: self._read(_file(path)))
        text = task.posting
        if text is None:
            raise _BadRowError("empty", "it names no text, goal or posting")
        return self._texts.get("", lambda: self._read(text))

    def _person(self, ask: Ask) -> Profile:
        base = self._task.profile
        if ask.profile is not None:
            base = profile.read(self._task.folder / ask.profile, self._read, self._task.catalogue)
        return base if ask.have is None else self._read.profile(ask.have.replace(";", ","), base)

    def _limits(self, ask: Ask, person: Profile) -> Limits:
        task, given = self._task, dict[str, Any]()
        if ask.profile is not None and person.hours_per_week is not None and not task.paced:
            given["hours_per_week"] = person.hours_per_week
        for name in ("budget", "hours", "hours_per_week"):
            value = getattr(ask, name)
            if value is not None:
                given[name] = _number(name, value)
        if given.get("hours_per_week") is not None and not 0 < given["hours_per_week"] <= 100:
            raise _BadRowError("limit", f"hours_per_week {ask.hours_per_week!r} is not between 0 and 100")
        if ask.by is not None:
            given["by"] = _day(ask.by, task.limits.first_day)
        return task.limits.model_copy(update=given) if given else task.limits

    def _rendered(self, report: Report, ask: Ask) -> str:
        from credgap.report import crowdpage, render

        wants, form = report.requirements, self._task.reports or "json"
        row = {"id": ask.id, "source": ask.id, "title": ask.title or wants.title}
        report = report.model_copy(update={"requirements": wants.model_copy(update=row)})
        if form == "html" and (text := self._text(ask)) is not None:
            report = report.model_copy(update={"posting": posting.read(text, id="row", source="the posting")})
        home = crowdpage.INDEX if form == "html" else None
        return render([report], form, catalogue=self._task.catalogue, width=self._task.width, home=home)

    def _text(self, ask: Ask) -> str | None:
        """The text of the posting that a row is held against; None for a role."""
        if ask.goal or ask.text is not None:
            return ask.text
        if ask.posting is not None:
            return _file(self._task.folder / ask.posting)
        return None if self._task.goal is not None else self._task.posting


K = TypeVar("K")


class _Kept(OrderedDict[K, T]):
    """The last few of what takes long to make."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def get(self, key: K, make: Callable[[], T]) -> T:  # type: ignore[override]
        """What is kept under the key, or what `make` gives, kept from now on."""
        if key in self:
            self.move_to_end(key)
            return self[key]
        made = self[key] = make()
        if len(self) > self._most:
            self.popitem(last=False)
        return made


def _fault(kind: str, reason: str) -> Cells:
    return {"status": kind, "note": reason}


def _file(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _BadRowError("posting", f"{path}: {(error.strerror or str(error)).lower()}") from None
    return _text(data, needed=True)[0] or ""


def _number(name: str, text: str) -> float:
    try:
        value = float(text.lstrip("$€£ ").replace(",", "").replace("_", ""))
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise _BadRowError("limit", f"{name} {text!r} is not a number of 0 or more")
    return value


def _day(text: str, first: dt.date) -> dt.date:
    try:
        day = dt.date.fromisoformat(text[:10])
    except ValueError:
        raise _BadRowError("limit", f"by {text!r} is not a day; write it as 2027-06-30") from None
    if day < first:
        raise _BadRowError("limit", f"by {text} is before {first}, the first day of study")
    return day


def _extracted(report: Report) -> Cells:
    wants = report.requirements
    named = {i: [r.skill for r in wants.requirements if r.importance == i] for i in _SKILLS}
    return {
        **{f"{i}_count": len(ids) for i, ids in named.items()},
        "gate_count": len(wants.gates),
        "unknown_count": len(wants.unknown_terms),
        **named,
        "gates": [f"{g.kind}: {g.text}" for g in wants.gates],
        "degree": wants.degree,
    }


def _compared(report: Report) -> Cells:
    assert report.gap is not None, "gap and plan set it"
    assert report.verdict is not None, "gap and plan set it"
    counted = [u for u in gaps.units(report.gap.needs) if u[0].importance == "required"]
    return {
        "verdict": report.verdict.answer,
        "fit_before": report.gap.fit,
        "missing_required": [_either(u) for u in counted if max(n.held for n in u) <= 1e-9],
        "partly_required": [_either(u) for u in counted if 1e-9 < max(n.held for n in u) < gaps.FULL],
        "gates_unmet": [f"{g.gate.kind}: {g.gate.text}" for g in report.gap.gates if g.state == "unmet"],
    }


def _either(unit: Sequence[Any]) -> str:
    """A skill, or alternatives of which one will do."""
    return " or ".join(n.skill for n in unit)


def _planned(report: Report) -> Cells:
    assert report.choice is not None, "plan sets it"
    plan = report.choice.plan
    return {
        **_compared(report),
        "fit_after": plan.cover_after,
        "plan_status": plan.status,
        "steps": [s.credential for s in plan.steps],
        "step_names": [s.name for s in plan.steps],
        "cost_net": plan.cost.net,
        "currency": plan.cost.currency,
        "hours": plan.hours,
        "finish": plan.finish.isoformat() if plan.finish else None,
    }


_CELLS: Mapping[What, Callable[[Report], Cells]] = {"extract": _extracted, "gap": _compared, "plan": _planned}


def _row(row: Row, answer: Cells) -> Cells:
    """A row of the result."""
    status, note = row.fault if row.fault is not None else (answer["status"], answer["note"] or row.note)
    head = {"row": row.number, "id": row.id, "title": row.title or answer.get("title"), "status": status, "note": note}
    return {**answer, **head, **row.carried}


# --- Many rows ----------------------------------------------------------------------------------------------

Engine = Callable[[Callable[[], Callable[[Any], list[str]]], Iterable[Any]], Iterator[list[str]]]
"""How chunks are worked: `engines.run` with its options given."""


class _Answer:
    """An answer that is on its way, or there; rows that ask the same share it."""

    __slots__ = ("asked", "text")

    def __init__(self) -> None:
        self.asked, self.text = False, ""


def answered(found: Iterable[Row], task: Task, engine: Engine) -> Iterator[list[Cells]]:
    """The rows of the result in input order, a chunk at a time; what is asked again is not worked again."""
    sent: deque[tuple[list[tuple[Row, _Answer | None]], list[_Answer]]] = deque()
    known = _Kept[bytes, _Answer](REPEATS)

    def chunks() -> Iterator[list[Ask]]:
        for group in _groups(found, known):
            sent.append((group.rows, group.new))
            yield group.asks

    for texts in engine(partial(Worker, task), chunks()):
        group, new = sent.popleft()
        for answer, text in zip(new, texts, strict=True):
            answer.text = text
        yield [_row(row, json.loads(answer.text) if answer is not None else {}) for row, answer in group]


class _Group(NamedTuple):
    """Rows that go together: each with its answer to come (None: a bad row); of these, what is asked for the first time."""

    rows: list[tuple[Row, _Answer | None]]
    new: list[_Answer]
    asks: list[Ask]


def _groups(found: Iterable[Row], known: _Kept[bytes, _Answer]) -> Iterator[_Group]:
    group, held = _Group([], [], []), 0
    for row in found:
        answer = None
        if row.ask is not None:
            answer = known.get(row.key(), _Answer)
            if not answer.asked:
                answer.asked = True
                group.new.append(answer)
                group.asks.append(row.ask)
                held += len(row.ask.text or "")
        group.rows.append((row, answer))
        if len(group.asks) >= ROWS or held >= BYTES or len(group.rows) >= 16 * ROWS:
            yield group
            group, held = _Group([], [], []), 0
    if group.rows:
        yield group


@dataclass(frozen=True)
class _Part:
    """A part of a Parquet file that a worker reads by itself, and, where it has a path to go `into`, writes as well."""

    piece: Piece
    roles: Mapping[str, str]
    carry: tuple[str, ...]
    common: bool
    into: Path | None = None

    def rows(self) -> Iterator[Row]:
        """The rows of the part."""
        wanted = [*self.roles.values(), *self.carry]
        return rows(tables.rows_of(self.piece, wanted), self.roles, self.carry, common=self.common)


def by_piece(pieces: Iterable[Piece], roles: Mapping[str, str], carry: Sequence[str], task: Task, engine: Engine) -> Iterator[list[Cells]]:
    """The same for a Parquet input whose parts the workers read by themselves, so that no text passes through this process."""
    for texts in engine(partial(Worker, task), (_part(p, roles, carry, task) for p in pieces)):
        yield [json.loads(t) for t in texts]


def written(
    pieces: Iterable[Piece], roles: Mapping[str, str], carry: Sequence[str], task: Task, engine: Engine, output: results.Parquet
) -> Iterator[Written]:
    """The same where the workers also write the parts of the result, so that nothing but counts passes through this process.

    A part of the result holds the rows of one piece; those that the output has already are not worked again.
    """
    first = output.parts
    parts = (replace(_part(p, roles, carry, task), into=output.part(n).resolve()) for n, p in enumerate(pieces) if n >= first)
    for n, (text,) in enumerate(engine(partial(Worker, task), parts), first):
        done = json.loads(text)
        yield Written(n, done["bytes"], results.Tally(**done["tally"]), done["bad"])


def _part(piece: Piece, roles: Mapping[str, str], carry: Sequence[str], task: Task) -> _Part:
    common = task.goal is not None or task.posting is not None
    return _Part(replace(piece, path=piece.path.resolve()), dict(roles), tuple(carry), common)


def frame(
    table: Any,
    catalogue: Catalogue,
    *,
    limits: Limits,
    what: What = "plan",
    person: Profile | None = None,
    goal: str | None = None,
    columns_are: Mapping[str, str] | None = None,
    carry: Sequence[str] = (),
    engine: str = "serial",
    jobs: int | None = None,
) -> pa.Table:
    """A pandas, polars, Arrow or other table -> an Arrow table with one row for each of its rows, in order.

    The table is taken through Arrow's C stream (`__arrow_c_stream__`) or the dataframe interchange protocol; pyarrow is needed. A row is
    a posting (`text`) or a person (`have` or `profile`, with `goal` or `posting`); ROLES has all names. `columns_are` says which column
    plays which role where their names do not ({"text": "Description"}); `carry` names columns that the result keeps as they are.
    A bad row has its reason under `status` and `note`. Raises UsageError where there is no column for a posting or a role,
    UnknownGoalError for a `goal` that there is not.

        >>> batch.frame(frame_of_postings, load(), limits=Limits(today=date(2026, 11, 20), budget=300)).to_pandas()
    """
    source = _arrow(table)
    goal = None if goal is None else goals.find(goal, catalogue)[0].id
    roles, _ = columns(source.column_names, columns_are or {}, people=goal is not None)
    task = Task(what, catalogue, limits, person or Profile(), goal=goal)
    asked_of(roles, task)
    for name in carry:
        if name not in source.column_names:
            raise UsageError(f"there is no column {name!r} to carry", hint=f"The columns are {', '.join(source.column_names)}.")
    result_columns(what, carry)
    needed = source.select([n for n in source.column_names if n in roles.values()])
    found = rows(tables.of_arrow(needed), roles, common=goal is not None)
    cells = [c for chunk in answered(found, task, partial(engines.run, engine, jobs=jobs)) for c in chunk]
    made = results.arrow_table(cells, result_columns(what))
    for name in carry:
        made = made.append_column(name, source.column(name))
    return made


def _arrow(table: Any) -> pa.Table:
    try:
        import pyarrow as arrow
    except ImportError:
        raise tables.missing("files", "a table", "pyarrow") from None
    if isinstance(table, arrow.Table):
        return table
    if hasattr(table, "__arrow_c_stream__"):
        return arrow.table(table)
    if hasattr(table, "__dataframe__"):
        from pyarrow import interchange

        return interchange.from_dataframe(table)
    raise UsageError(
        f"{type(table).__name__} is no table that Arrow can read", hint="Pass a pandas or polars DataFrame, or an Arrow table."
    )


def asked_of(roles: Mapping[str, str], task: Task) -> None:
    """Raises UsageError where neither a column nor the task says what the rows are held against."""
    if task.goal is not None or task.posting is not None:
        if set(roles) <= {"id", "title"}:
            raise UsageError(
                "all rows are to be held against one role or posting, and no column says anything of a person",
                hint="People: --column have=COLUMN. Postings: leave --goal and --posting out.",
            )
        return
    if any(r in roles for r in ASKED):
        return
    if any(r in roles for r in PERSONAL):
        raise UsageError("the rows are people, and nothing says for which role", hint="Give --goal ROLE or --posting FILE, or a column.")
    raise UsageError(
        "no column is known to hold the text of a posting",
        hint="Say which: --column text=COLUMN. Of people: --column have=COLUMN and --goal ROLE.",
    )
