"""The commands about many at once: demand (postings), cohort (people)."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from credgap.cli import inputs, options, output
from credgap.cli.batch import FEW, LARGE, EngineOption, Input, Jobs, Limit, Scheduler, _Clock, _engine, _pairs, _progress
from credgap.errors import Exit, NothingRecognisedError, UsageError

if TYPE_CHECKING:
    from credgap.demand import Placed, Row, Task
    from credgap.models import Requirements
    from credgap.tables import Record, Table


class CrowdForm(StrEnum):
    """Forms of a result about many."""

    terminal = "terminal"
    plain = "plain"
    html = "html"
    markdown = "markdown"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"


class Rows(StrEnum):
    """What the rows of a demand are."""

    skills = "skills"
    unknown = "unknown"
    credentials = "credentials"


POSTINGS = "The postings"

By = Annotated[
    str | None,
    typer.Option("--by", metavar="COLUMN", help="Count apart by a column, or by `month` of the date column.", rich_help_panel=POSTINGS),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against", metavar="OTHER", help="Compare with another input, or with a month of this one (2026-09).", rich_help_panel=POSTINGS
    ),
]
Month = Annotated[
    str | None, typer.Option("--month", metavar="YYYY-MM", help="Count the postings of this month alone.", rich_help_panel=POSTINGS)
]
DateColumn = Annotated[
    str | None, typer.Option("--date", metavar="COLUMN", help="The column with the date; guessed by its name.", rich_help_panel=POSTINGS)
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="COLUMN=VALUE", help="Only rows with this value; repeatable.", rich_help_panel=POSTINGS),
]
Repeats = Annotated[
    bool, typer.Option("--repeats", help="Count a text that stands several times as often as it stands.", rich_help_panel=POSTINGS)
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        "--column", metavar="ROLE=COLUMN", help="Which column is what, as text=Description; repeatable.", rich_help_panel=options.DATA
    ),
]
NoLifts = Annotated[
    bool, typer.Option("--no-lifts", help="Count only; look for no credentials, which is faster.", rich_help_panel=options.CHOICE)
]
SampleOption = Annotated[
    int, typer.Option("--sample", min=1, metavar="N", help="On how many postings sets are looked for.", rich_help_panel=options.CHOICE)
]
Most = Annotated[int, typer.Option("--most", min=1, metavar="N", help="How many skills to show.", rich_help_panel=options.OUT)]
RowsOption = Annotated[Rows, typer.Option("--rows", help="csv, jsonl: what the rows are.", rich_help_panel=options.OUT)]
Form = Annotated[CrowdForm, typer.Option("--format", "-f", help="Form of the result.", rich_help_panel=options.OUT)]
People = Annotated[
    Path,
    typer.Argument(
        metavar="PEOPLE",
        help="A folder of profiles (YAML), or a list of name, have, budget, hours, hours_per_week as CSV, JSONL or YAML.",
    ),
]
PostingFile = Annotated[
    str | None, typer.Option("--posting", metavar="FILE", help="A posting, or - for standard input.", rich_help_panel=options.WHAT)
]
Anonymous = Annotated[bool, typer.Option("--anonymous", help="Call people Person 1, 2, ...", rich_help_panel=options.OUT)]


def _changed(command: Callable[..., int], without: Sequence[str], **defaults: Any) -> Callable[..., int]:
    """A command without some of its options, and with other defaults for some."""
    shape = inspect.signature(command)
    fixed = {name: shape.parameters[name].default for name in without}
    kept = [p.replace(default=defaults[name]) if name in defaults else p for name, p in shape.parameters.items() if name not in without]

    def run(**given: Any) -> int:
        return command(**fixed, **given)

    run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
    run.__signature__ = inspect.Signature(kept)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in kept} | {"return": int}
    return run


# --- Demand -------------------------------------------------------------------------------------------------------


@options.choosing
def _demand(
    input: Input,
    chosen: options.Choosing,
    column_by: By = None,
    against: Against = None,
    month: Month = None,
    date_column: DateColumn = None,
    where: Where = None,
    repeats: Repeats = False,
    column: Column = None,
    limit: Limit = None,
    engine: EngineOption = None,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    no_lifts: NoLifts = False,
    sample: SampleOption = 300,
    most: Most = 20,
    rows: RowsOption = Rows.skills,
    format: Form = CrowdForm.terminal,
    output_file: options.Output = None,
) -> int:
    """Count what many postings ask for, and what would answer it.

    Found are the credentials that lift most of the postings over the fit you need.

    A difference is called more than chance by the test of two proportions (Fisher's exact one where few are expected), at a false
    discovery rate of 5% over all names compared (Benjamini and Hochberg).

    Example: credgap demand examples/tables/postings.jsonl --by field --have "excel:3, sql" --budget 300
    """
    from credgap import compiled, engines, skills
    from credgap import demand as demands
    from credgap.cli import folders
    from credgap.report import demand as report

    given = inputs.choosing(chosen)
    catalogue = given.source.catalogue
    wanted = _Wanted.of(column_by, month, date_column, where)
    if against is not None and demands.is_month(against):
        sides = [_Side(input, False, month, not_month=against), _Side(input, True, against)]
    else:
        sides = [_Side(input, False, month), *([] if against is None else [_Side(Path(against), True, None)])]
    prepared = compiled.kept(folders.cache(), "names", catalogue.digest, lambda: {"forms": skills.prepare(catalogue.skills)})
    task = demands.Task(
        catalogue,
        given.limits.today,
        given.profile,
        forms=prepared.get("forms", {}),
        weights=given.weights,
        count=given.kinds,
        anyway=chosen.anyway,
        lifts=not no_lifts,
    )
    source = _Source(sides, wanted, _pairs(column), limit, quiet=chosen.quiet)
    large = source.size > LARGE and limit not in range(FEW)
    placed = source.placed(
        task, partial(engines.run, _engine(engine, jobs, scheduler, large=large), jobs=jobs, scheduler=scheduler), repeats=repeats
    )
    label = input.name + (f", {month}" if month else "") + "".join(f", {w}" for w in where or ())
    found = demands.demand(
        placed,
        task,
        given.limits,
        source=label,
        by=column_by,
        against=None if against is None else against if demands.is_month(against) else Path(against).name,
        fit=chosen.fit,
        sample=sample,
    )
    if not found.postings:
        why = ", ".join(f"{reason} {n:,}" for reason, n in found.left_out)
        raise NothingRecognisedError(
            f"{input}: in none of {found.rows:,} rows a skill was recognised" + (f" ({why})" if why else ""),
            hint="This is not “no demand”. Is it the right column (--column text=COLUMN), the right --where, the right --month?",
        )
    text = report.render(found, format.value, most=most, rows=rows.value, **output.screen(output_file).drawing())
    output.write(text, output_file)
    return int(Exit.DONE)


_demand.__name__ = "demand"
demand = _changed(_demand, ("by", "solve_seconds"), min_gain=0.0)


@dataclasses.dataclass(frozen=True)
class _Side:
    """An input, on which side of a comparison it counts, and which of its months: this one, or all but that one."""

    path: Path
    before: bool
    month: str | None
    not_month: str | None = None


@dataclasses.dataclass(frozen=True)
class _Wanted:
    """The column to count by, the one with the date, and what rows must have."""

    by: str | None
    date: str | None
    values: tuple[tuple[str, str], ...]

    @staticmethod
    def of(by: str | None, month: str | None, date: str | None, where: Sequence[str] | None) -> _Wanted:
        """What the options say. Raises UsageError for what is not understood."""
        from credgap.demand import is_month

        if month is not None and not is_month(month):
            raise UsageError(f"--month {month!r} is no month", hint="Write it as 2026-10.")
        values = []
        for text in where or ():
            name, equals, value = text.partition("=")
            if not equals:
                raise UsageError(f"--where {text!r} is not understood", hint="Write --where field=data_analytics.")
            values.append((name.strip(), value.strip().casefold()))
        return _Wanted(by, date, tuple(values))


class _Source:
    """The rows of one input, or of two that are compared."""

    def __init__(self, sides: Sequence[_Side], wanted: _Wanted, given: dict[str, str], limit: int | None, *, quiet: bool) -> None:
        from credgap import tables

        self._wanted, self._given, self._limit, self._quiet = wanted, given, limit, quiet
        opened = {s.path: tables.Table(s.path) for s in sides}
        self._sides = [(s, opened[s.path]) for s in sides]
        self._columns = {path: self._columns_of(table, path) for path, table in opened.items()}
        self.size = sum(t.size for t in opened.values())
        self._done = 0

    def _columns_of(self, table: Table, path: Path) -> tuple[dict[str, str], str | None]:
        """The columns of text, id and title, and that of the date where one is needed. Raises UsageError for those that there are not."""
        from credgap import batch
        from credgap.demand import date_column

        roles, notes = batch.columns(table.columns, self._given)
        for said in (*table.notes, *(n for n in notes if " is read as text " in n)):
            inputs.note(f"{path.name}: {said}", quiet=self._quiet)
        if "text" not in roles:
            raise UsageError(f"{path}: no column is known to hold the text of a posting", hint="Say which: --column text=COLUMN.")
        named = [("--where", name) for name, _ in self._wanted.values]
        if self._wanted.by is not None and self._wanted.by != "month":
            named.append(("--by", self._wanted.by))
        if self._wanted.date is not None:
            named.append(("--date", self._wanted.date))
        for option, name in named:
            if name not in table.columns:
                raise UsageError(
                    f"{option} {name}: there is no such column in {path.name}", hint=f"The columns are {', '.join(table.columns)}."
                )
        monthly = any(s.month or s.not_month for s, t in self._sides if t is table) or (
            self._wanted.by == "month" and "month" not in table.columns
        )
        date = self._wanted.date or (date_column(table.columns) if monthly else None)
        if monthly and date is None:
            raise UsageError(
                f"{path}: no column is known to hold the date of a posting",
                hint=f"Say which: --date COLUMN. The columns are {', '.join(table.columns)}.",
            )
        if monthly and self._wanted.date is None:
            inputs.note(f"{path.name}: the column {date!r} is read as the date (else: --date COLUMN).", quiet=self._quiet)
        return {"text": roles["text"], **{r: roles[r] for r in ("id", "title") if r in roles}}, date

    def placed(self, task: Task, run: Callable[..., Any], *, repeats: bool) -> Iterator[Placed]:
        """The rows as they are counted, with progress on standard error."""
        from credgap import demand as demands

        clock = _Clock(self._share, 0)
        each = demands.read(self._rows(), task, run, repeats=repeats)
        with _progress(clock, quiet=self._quiet) as show:
            for one in each:
                self._done += 1
                clock.rows = self._done
                if self._done % demands.CHUNK == 0:
                    show()
                yield one

    def _share(self) -> float:
        shares = [t.share() for _, t in self._sides]
        by_limit = self._done / (self._limit * len(shares)) if self._limit else 0.0
        return min(1.0, max(by_limit, sum(shares) / len(shares)))

    def _rows(self) -> Iterator[Row]:
        for side, table in self._sides:
            roles, date = self._columns[side.path]
            taken = 0
            names = {*roles.values(), *(n for n, _ in self._wanted.values), *([date] if date else []), *self._by(table)}
            for record in table.records([n for n in table.columns if n in names]):
                row = self._row(record, side, roles, date, table)
                if row is None:
                    continue
                if self._limit is not None and taken >= self._limit:
                    break
                taken += 1
                yield row

    def _by(self, table: Table) -> Iterable[str]:
        return [self._wanted.by] if self._wanted.by in table.columns else []

    def _row(self, record: Record, side: _Side, roles: dict[str, str], date: str | None, table: Table) -> Row | None:
        """The row as it counts; None for one that is not asked about."""
        from credgap import batch
        from credgap.demand import Row, month

        cells = record.cells
        if record.fault is None and any(_text(cells.get(n)).casefold() != v for n, v in self._wanted.values):
            return None
        when = month(_text(cells.get(date))) if date else None
        if (side.month is not None and when != side.month) or (side.not_month is not None and (when is None or when == side.not_month)):
            return None
        by = self._wanted.by
        value = None if by is None else (_text(cells.get(by)) if by in table.columns else when) or None
        (row,) = batch.rows([record], roles)
        return Row(row.ask.text if row.ask is not None else None, row.fault[0] if row.fault else None, side.before, value)


def _text(value: Any) -> str:
    """A cell as text on one line."""
    return "" if value is None else " ".join(str(value).split())


# --- Cohort -------------------------------------------------------------------------------------------------------


@options.choosing
def cohort(
    input: People,
    chosen: options.Choosing,
    goal: options.GoalName = None,
    posting: PostingFile = None,
    column: Column = None,
    anonymous: Anonymous = False,
    jobs: Jobs = None,
    most: Most = 20,
    format: Form = CrowdForm.terminal,
    output_file: options.Output = None,
) -> int:
    """Hold a team against a role, and plan within one budget.

    Shown are who has what, and a plan for each within one common budget.

    --budget is what all plans together may cost; a budget in the list of people holds for that person. --hours and --hours-per-week
    hold for each who says nothing; --have, --profile and --from are what everyone has.

    Example: credgap cohort examples/tables/team.csv --goal data-analyst --budget 1500
    """
    from credgap import cohort as cohorts
    from credgap import engines
    from credgap import people as crowd
    from credgap.report import cohort as report

    if (goal is None) == (posting is None):
        raise UsageError("a cohort is held against one role: --goal ROLE, or --posting FILE", hint="Give one of the two.")
    given = inputs.choosing(chosen, own=False)
    source = given.source
    wants = _wants(goal, posting, source, quiet=chosen.quiet)
    people, notes = crowd.read(input, source, source.catalogue, given=_pairs(column))
    for said in notes:
        inputs.note(said, quiet=chosen.quiet)
    people = [dataclasses.replace(p, profile=_beside(p.profile, given.profile)) for p in people]
    if anonymous:
        people = cohorts.anonymous(people)
    task = cohorts.Task(
        wants,
        source.catalogue,
        given.limits,
        weights=given.weights,
        count=given.kinds,
        fit=chosen.fit,
        anyway=chosen.anyway,
        paced=chosen.hours_per_week is not None,
    )
    found = cohorts.cohort(people, task, run=partial(engines.run, _engine(None, jobs, None, large=len(people) >= 6), jobs=jobs))
    text = report.render(found, format.value, most=most, **output.screen(output_file).drawing())
    output.write(text, output_file)
    return int(Exit.DONE)


def _wants(goal: str | None, posting: str | None, source: inputs.Data, *, quiet: bool) -> Requirements:
    """What the role or the one posting asks for."""
    names = None if posting is None else [posting]
    asked = inputs.asked(inputs.read(names, goal, no_input=True), names, goal, source, quiet=quiet)
    if len(asked.wants) != 1:
        raise UsageError(f"--posting {posting} holds {len(asked.wants)} postings", hint="Name the file of one.")
    return asked.wants[0]


def _beside(own: Any, common: Any) -> Any:
    """A profile with what everyone has laid under it."""
    from credgap import profile as profiles

    merged = profiles.lay_over(common, own.skills)
    credentials = {h.id: h for h in (*common.credentials, *own.credentials)}
    said = {
        name: value
        for name in ("education", "licences", "languages", "clearance", "years", "hours_per_week")
        if (value := getattr(own, name)) is not None
    }
    joined = {name: (*getattr(common, name), *getattr(own, name)) for name in ("memberships", "subscriptions", "in_progress")}
    return merged.model_copy(update={"credentials": tuple(credentials.values()), **said, **joined})
