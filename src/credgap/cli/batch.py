"""The command that works many postings or people: batch."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from credgap.cli import inputs, options
from credgap.errors import CredgapError, Exit, UsageError

if TYPE_CHECKING:
    from credgap.batch import Task
    from credgap.results import Cells, Output, Tally, Written
    from credgap.tables import Piece, Record, Table

LARGE = 1_000_000
"""Bytes of an input from which on several processes are worth their start."""
FEW = 200
"""Rows, of those that were asked for, below which they are not."""
EVERY = 30.0
"""Seconds between two lines of progress where there is no terminal."""
RUN = "The run"


class What(StrEnum):
    """What is worked out for each row."""

    extract = "extract"
    gap = "gap"
    plan = "plan"


class RowFormat(StrEnum):
    """Forms in which rows can be written; the last five are a folder with a report for each, html with an index."""

    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"
    json = "json"
    html = "html"
    markdown = "markdown"
    plain = "plain"
    terminal = "terminal"


class EngineName(StrEnum):
    """Where the rows are worked."""

    serial = "serial"
    processes = "processes"
    dask = "dask"


ENDINGS = {".csv": RowFormat.csv, ".jsonl": RowFormat.jsonl, ".ndjson": RowFormat.jsonl, ".parquet": RowFormat.parquet}

Input = Annotated[
    Path,
    typer.Argument(metavar="INPUT", help="CSV, TSV, JSONL (also .gz, .zst), Parquet, or a folder of these, of postings or profiles."),
]
WhatOption = Annotated[What, typer.Option("--what", help="What is worked out for each row.", rich_help_panel=options.WHAT)]
PostingFile = Annotated[
    str | None, typer.Option("--posting", metavar="FILE", help="One posting for all rows, which are people.", rich_help_panel=options.WHAT)
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="ROLE=COLUMN",
        help="Which column is what, as text=Description; repeatable. Roles: id, text, title, have, profile, goal, posting, budget, hours, "
        "hours_per_week, by.",
        rich_help_panel=options.DATA,
    ),
]
Carry = Annotated[
    list[str] | None,
    typer.Option("--carry", metavar="COLUMN", help="A column to keep in the result; repeatable.", rich_help_panel=options.DATA),
]
RowFormatOption = Annotated[
    RowFormat | None,
    typer.Option(
        "--format",
        "-f",
        help="Form of the result; by the ending of --output, else csv. html: a folder of pages with an index; json, markdown, plain, "
        "terminal: a folder of reports; parquet: a file, or, where --output does not end in .parquet, a folder of parts.",
        rich_help_panel=options.OUT,
    ),
]
RowOutput = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="PATH", help="File of the result, or folder of reports.", rich_help_panel=options.OUT),
]
EngineOption = Annotated[
    EngineName | None, typer.Option("--engine", help="Where rows are worked; processes where the input is large.", rich_help_panel=RUN)
]
Jobs = Annotated[
    int | None, typer.Option(min=1, max=1024, metavar="N", help="How many processes or workers; one for each core.", rich_help_panel=RUN)
]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler of a cluster, as tcp://host:8786.", rich_help_panel=RUN)
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run into --output that was stopped.", rich_help_panel=RUN)]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first row that fails, with exit 3.", rich_help_panel=RUN)]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 3 where rows failed.", rich_help_panel=RUN)]
Limit = Annotated[int | None, typer.Option(min=0, metavar="N", help="Only the first N rows.", rich_help_panel=RUN)]
Sample = Annotated[int | None, typer.Option(min=0, metavar="N", help="Only N rows drawn at random, in input order.", rich_help_panel=RUN)]
Seed = Annotated[int, typer.Option(metavar="N", help="Seed of the draw.", rich_help_panel=RUN)]


@options.choosing
def batch(
    input: Input,
    chosen: options.Choosing,
    what: WhatOption = What.plan,
    goal: options.GoalName = None,
    posting: PostingFile = None,
    column: ColumnOption = None,
    carry: Carry = None,
    format: RowFormatOption = None,
    output_file: RowOutput = None,
    engine: EngineOption = None,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    resume: Resume = False,
    fail_fast: FailFast = False,
    strict: Strict = False,
    limit: Limit = None,
    sample: Sample = None,
    seed: Seed = 0,
) -> int:
    """Work many postings or people: one row out for each row in.

    Example: credgap batch examples/tables/postings.jsonl --what plan --budget 300
    """
    form = _form(format, output_file, resume=resume)
    from credgap import batch as batches
    from credgap import engines, results, tables

    begun = results.begun(output_file) if output_file is not None else None
    if resume and output_file is not None and begun is None and output_file.exists():
        inputs.note(f"{output_file} is whole already, and no run into it was stopped: there is nothing to go on with.", quiet=chosen.quiet)
        return int(Exit.DONE)
    if begun is not None and not resume:
        inputs.note(f"an unfinished run into {output_file} is begun anew (--resume would have gone on).", quiet=chosen.quiet)
    if begun is not None and resume and chosen.today is None:
        chosen = dataclasses.replace(chosen, today=dt.date.fromisoformat(begun["today"]))
    given = inputs.choosing(chosen)
    table = tables.Table(input)
    roles, guesses = batches.columns(table.columns, _pairs(column), people=goal is not None or posting is not None)
    for said in (*table.notes, *guesses):
        inputs.note(said, quiet=chosen.quiet)
    kept = tuple(carry or ())
    for name in kept:
        if name not in table.columns:
            raise UsageError(f"--carry {name}: there is no such column", hint=f"The columns are {', '.join(table.columns)}.")
    task = _task(what, given, chosen, goal, posting, input, form)
    batches.asked_of(roles, task)
    shown = batches.result_columns(what.value, kept)
    chosen_engine = _engine(engine, jobs, scheduler, large=table.size > LARGE and limit not in range(FEW))
    question = {
        "input": [list(x) for x in table.identity()],
        "today": given.limits.today.isoformat(),
        "catalogue": given.source.catalogue.digest,
        "profile": given.profile.model_dump_json(),
        "options": repr(
            (dataclasses.replace(chosen, today=None, quiet=False), what, goal, task.posting, roles, kept, form, limit, sample, seed)
        ),
    }
    wanted = _wanted(table, limit, sample, seed)
    output: Output
    if output_file is None:
        output = results.Stream(sys.stdout.write, form, shown)
    else:
        output = results.into(output_file, form, shown, question, resume=resume)
    done = output.tally.rows
    if done:
        inputs.note(f"going on after row {done:,}.", quiet=chosen.quiet)
    worked = partial(engines.run, chosen_engine, jobs=jobs, scheduler=scheduler)
    chunks: Iterator[list[Cells] | Written]
    if table.parquet and form == "parts" and isinstance(output, results.Parquet):
        chunks = batches.written(wanted.pieces(table), roles, kept, task, worked, output)
    elif table.parquet and chosen_engine == EngineName.dask and task.reports is None:
        chunks = batches.by_piece(wanted.pieces(table, done), roles, kept, task, worked)
    else:
        only = [*roles.values(), *kept]
        common = task.goal is not None or task.posting is not None
        found = batches.rows(wanted.of(table.records(only), done), roles, kept, common=common, named=task.reports is not None)
        chunks = batches.answered(found, task, worked)
    clock = _Clock(lambda: wanted.share(table, output.tally.rows), done)
    try:
        stopped = _write(chunks, output, clock, fail_fast=fail_fast, quiet=chosen.quiet)
        if stopped is None:
            output.finish()
    finally:
        output.close()
    _summary(output.tally, clock, quiet=chosen.quiet)
    if stopped is not None:
        raise CredgapError(
            f"{input}, row {stopped['row']} ({stopped['id']}): {stopped['status']}: {stopped['note']}",
            hint="Stopped by --fail-fast. Without it, bad rows are counted and the others are worked.",
        )
    return int(Exit.BAD_INPUT if strict and output.tally.failed else Exit.DONE)


def _form(format: RowFormat | None, output: Path | None, *, resume: bool) -> str:
    """The form of the result."""
    from credgap import results

    if format is None:
        format = ENDINGS.get(output.suffix.lower()) if output is not None else RowFormat.csv
    if format is None:
        if output is not None and output.suffix:
            raise UsageError(f"--output {output}: no form by its ending", hint=f"Endings are {', '.join(ENDINGS)}; or give --format.")
        format = RowFormat.json
    parts = format is RowFormat.parquet and output is not None and output.suffix.lower() != ".parquet"
    if output is None and format not in (RowFormat.csv, RowFormat.jsonl):
        raise UsageError(f"--format {format.value} needs --output", hint="Name a file, or a folder for reports.")
    if output is None and resume:
        raise UsageError("--resume needs --output", hint="What goes to standard output cannot be taken up again.")
    folder = parts or format.value in results.FOLDERS
    if output is not None and output.exists() and output.is_dir() != folder:
        raise UsageError(
            f"--output {output} is {'a folder' if output.is_dir() else 'a file'}",
            hint="csv, jsonl and .parquet are written to a file; reports (json, html, markdown, plain, terminal), and parquet under a name "
            "without ending, to a folder.",
        )
    if parts and output is not None and output.exists() and not resume:
        raise UsageError(f"--output {output} exists", hint="Parts would be mixed up: remove it, or name another folder.")
    return "parts" if parts else format.value


def _engine(engine: EngineName | None, jobs: int | None, scheduler: str | None, *, large: bool) -> str:
    """The engine that was named; else Dask where a scheduler is, and several processes where there is much to do, or where asked for."""
    if engine is not None:
        return engine.value
    if scheduler is not None:
        return EngineName.dask.value
    several = jobs != 1 and (large or jobs is not None)
    return (EngineName.processes if several else EngineName.serial).value


def _pairs(given: Sequence[str] | None) -> dict[str, str]:
    pairs = {}
    for text in given or ():
        role, equals, name = text.partition("=")
        if not equals:
            raise UsageError(f"--column {text!r} is not understood", hint="Write --column text=Description.")
        pairs[role.strip().replace("-", "_")] = name.strip()
    return pairs


def _task(what: What, given: inputs.Given, chosen: options.Choosing, goal: str | None, posting: str | None, input: Path, form: str) -> Task:
    from credgap import batch as batches
    from credgap import compiled, results, skills
    from credgap import posting as postings
    from credgap.cli import folders
    from credgap.cli.output import PIPED_COLUMNS

    catalogue = given.source.catalogue
    if goal is not None and posting is not None:
        raise UsageError("--posting and --goal contradict each other", hint="Give the one or the other.")
    if goal is not None:
        from credgap import goal as goals

        role, guessed = goals.find(goal, catalogue)
        if guessed:
            inputs.note(f"--goal {goal!r} is read as {role.name} ({role.id}).", quiet=chosen.quiet)
        goal = role.id
    text = None
    if posting is not None:
        read = postings.load(Path(posting))
        if len(read) != 1:
            raise UsageError(f"--posting {posting} holds {len(read)} postings", hint="Name the file of one.")
        text = read[0].text
    prepared = compiled.kept(folders.cache(), "names", catalogue.digest, lambda: {"forms": skills.prepare(catalogue.skills)})
    return batches.Task(
        what.value,
        catalogue,
        given.limits,
        given.profile,
        forms=prepared.get("forms", {}),
        paced=chosen.hours_per_week is not None,
        weights=given.weights,
        count=given.kinds,
        fit=chosen.fit,
        anyway=chosen.anyway,
        goal=goal,
        posting=text,
        folder=(input if input.is_dir() else input.parent).resolve(),
        reports=form if form in results.FOLDERS else None,
        width=PIPED_COLUMNS,
    )


# --- Which rows ---------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class _Wanted:
    """Which records are worked: the first `limit`, those whose numbers were drawn, or all."""

    limit: int | None
    drawn: list[int] | None

    def of(self, records: Iterable[Record], done: int) -> Iterator[Record]:
        """The records that are wanted, but for the first `done` of them."""
        if self.drawn is not None:
            left = iter(self.drawn[done:])
            next_one = next(left, None)
            for r in records:
                if next_one is None:
                    return
                if r.number == next_one:
                    yield r
                    next_one = next(left, None)
            return
        for r in records:
            if self.limit is not None and r.number > self.limit:
                return
            if r.number > done:
                yield r

    def pieces(self, table: Table, after: int = 0) -> Iterator[Piece]:
        """The wanted rows of a Parquet input in pieces, but for the first `after` of them."""
        from credgap.batch import PIECE

        if self.drawn is not None:
            return table.pieces(PIECE, drawn=self.drawn[after:])
        return table.pieces(PIECE, limit=self.limit, after=after)

    def share(self, table: Table, rows: int) -> float:
        """About what share of the work is done, in [0, 1]."""
        total = len(self.drawn) if self.drawn is not None else self.limit
        if table.parquet:
            total = min(total or table.rows, table.rows)
        by_rows = rows / total if total else 0.0
        return min(1.0, by_rows if self.drawn is not None or table.parquet else max(by_rows, table.share()))


def _wanted(table: Table, limit: int | None, sample: int | None, seed: int) -> _Wanted:
    if sample is None:
        return _Wanted(limit, None)
    if limit is not None:
        raise UsageError("--limit and --sample contradict each other", hint="Give the one or the other.")
    total = table.count()
    return _Wanted(None, sorted(random.Random(seed).sample(range(1, total + 1), min(sample, total))))


# --- The run ------------------------------------------------------------------------------------------------


def _write(chunks: Iterator[list[Cells] | Written], output: Output, clock: _Clock, *, fail_fast: bool, quiet: bool) -> Cells | None:
    """Write the rows as they come. Gives the row that stopped it, if one did."""
    with contextlib.closing(chunks) as each, _progress(clock, quiet=quiet) as show:  # type: ignore[type-var]
        for chunk in each:
            bad = _add(chunk, output, fail_fast=fail_fast)
            clock.rows = output.tally.rows
            if bad is not None:
                return bad
            show()
    return None


def _add(chunk: list[Cells] | Written, output: Output, *, fail_fast: bool) -> Cells | None:
    """Write a chunk, or note a part that a worker has written. Gives the row that is to stop the run: nothing from it on is counted."""
    if isinstance(chunk, list):
        bad = next((c for c in chunk if c["status"] != "ok"), None) if fail_fast else None
        output.add(chunk if bad is None else chunk[: chunk.index(bad)])
        return bad
    if fail_fast and chunk.bad:
        return chunk.bad
    from credgap import results

    assert isinstance(output, results.Parquet), "nothing else has parts"
    output.took(chunk)
    return None


class _Clock:
    """Rows done, their rate, and the time that is left."""

    def __init__(self, share: Callable[[], float], before: int) -> None:
        self._share, self._before, self.rows, self._start = share, before, before, time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the start of this run."""
        return max(1e-9, time.monotonic() - self._start)

    @property
    def rate(self) -> float:
        """Rows a second of this run."""
        return (self.rows - self._before) / self.seconds

    def share(self) -> float:
        """The share that is done, in [0, 1]."""
        return self._share()

    def text(self) -> str:
        """Rows, rate and time left in words."""
        share = self.share()
        own = self.rows - self._before
        left = self.seconds * (1 - share) / share * (own / max(1, self.rows)) if share > 0.005 else None
        return f"{self.rows:,} rows, {self.rate:,.1f} a second" + (f", {_span(left)} left" if left is not None else "")


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d} h" if minutes >= 60 else f"{minutes}:{rest:02d} min"


@contextlib.contextmanager
def _progress(clock: _Clock, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """What is called after each chunk: a bar on a terminal, else a line now and then."""
    if quiet:
        yield lambda: None
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        parts = (BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TextColumn("{task.description}", markup=False))
        with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
            line = bar.add_task("starting", total=1.0)
            yield lambda: bar.update(line, completed=clock.share(), description=clock.text())
    else:
        told = 0.0

        def tell() -> None:
            nonlocal told
            if clock.seconds - told >= EVERY:
                told = clock.seconds
                inputs.note(clock.text() + ".", quiet=False)

        yield tell


def _summary(tally: Tally, clock: _Clock, *, quiet: bool) -> None:
    """What came of the rows."""
    failed = sum(tally.failed.values())
    rate = f"{clock.rate:,.1f} rows a second" if clock.rate else "none in this run"
    inputs.note(f"{tally.rows:,} rows in {_span(clock.seconds)} ({rate}); {tally.rows - failed:,} ok, {failed:,} failed.", quiet=quiet)
    for kinds, what in ((tally.failed, "failed"), (tally.noted, "ok")):
        for name, count in sorted(kinds.items(), key=lambda x: (-x[1], x[0])):
            numbers = tally.numbers.get(name, [])
            more = ", ..." if count > len(numbers) else ""
            inputs.note(f"{count:,} {what}: {name} (row {', '.join(map(str, numbers))}{more})", quiet=quiet)
