"""Rows of a batch -> CSV, JSONL, Parquet or a folder of reports, written as they come, so that a run that was killed can go on.

Beside OUTPUT stand, while a run is unfinished, OUTPUT.part with the rows so far and OUTPUT.journal: what the run was asked, and then,
after each chunk that is safe on the disk, how many rows and bytes there are. What was written after its last whole line is cut off.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from credgap.errors import CredgapError, UsageError
from credgap.report.shown import cell, escaped
from credgap.report.shown import line as on_a_line
from credgap.tables import missing

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["text", "count", "number", "list", "day"]
Columns = Mapping[str, Kind]
"""The columns of a result, in order, and what each holds."""
Cells = Mapping[str, Any]

OK = "ok"
PART_ROWS = 4096
"""Rows of each part of a Parquet file: where a run is cut must not show in the bytes."""
NAMED = 10
"""How many rows of each kind of failure are remembered by their number."""
JOINT = "; "
"""What stands between the entries of a list in a CSV cell."""
SEEN = (0.1, 0.5, 2.0, 10.0, 30.0)
"""Seconds to wait between looks for a file that another machine has written: shared folders are slow to show what is new."""


@dataclass
class Tally:
    """How many rows are done, and of those that failed, how many for each reason, and the numbers of the first ones.

    `noted` counts rows that are ok and have a note, in the same way.
    """

    rows: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    noted: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)

    def add(self, cells: Cells) -> None:
        """Count a row."""
        self.rows += 1
        status, note = cells["status"], cells["note"]
        if status != OK:
            self._count(self.failed, status, cells["row"])
        elif note:
            self._count(self.noted, note, cells["row"])

    def join(self, later: Tally) -> None:
        """Count what was counted of later rows."""
        self.rows += later.rows
        for mine, theirs in ((self.failed, later.failed), (self.noted, later.noted)):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count
        for name, numbers in later.numbers.items():
            self.numbers[name] = [*self.numbers.get(name, ()), *numbers][:NAMED]

    def _count(self, kinds: dict[str, int], name: str, row: int) -> None:
        kinds[name] = kinds.get(name, 0) + 1
        numbers = self.numbers.setdefault(name, [])
        if len(numbers) < NAMED:
            numbers.append(row)


class Output(Protocol):
    """Where rows go."""

    tally: Tally

    def add(self, rows: Iterable[Cells]) -> None:
        """Take rows, in order; what `tally` counts after it may be more than what is safe."""

    def finish(self) -> None:
        """Make the result whole and drop what stood beside it."""

    def close(self) -> None:
        """Leave off, finished or not."""


# --- The journal --------------------------------------------------------------------------------------------


def journal_of(path: Path) -> Path:
    """Where the journal of an output stands."""
    return path.with_name(path.name + ".journal")


def part_of(path: Path) -> Path:
    """Where the rows of an unfinished output stand."""
    return path.with_name(path.name + ".part")


def begun(path: Path) -> dict[str, Any] | None:
    """What the unfinished run into this output was asked, or None where there is none.

    Where only the last step of a run is wanting, which is to clear away what stood beside its result, it is made up for.
    """
    lines = _lines(journal_of(path))
    if lines and lines[-1].get("whole"):
        _clear(path)
        return None
    return lines[0] if lines else None


def _clear(path: Path) -> None:
    """Take away what stands beside a whole result, the journal last."""
    part = part_of(path)
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)
    journal_of(path).unlink(missing_ok=True)


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return []
    found = []
    for line in text.split(b"\n")[:-1]:
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found


class _Journal:
    """The journal of a run: begun anew, or taken up where it stopped."""

    def __init__(self, path: Path, question: Mapping[str, Any], *, resume: bool) -> None:
        self._output, self.path = path, journal_of(path)
        self.tally, self.bytes, self.parts = Tally(), 0, 0
        lines = _lines(self.path) if resume else []
        if lines:
            _same(lines[0], question, path)
            if len(lines) > 1:
                last = lines[-1]
                self.bytes, self.parts = last["bytes"], last["parts"]
                self.tally = Tally(last["rows"], last["failed"], last["noted"], last["numbers"])
            kept = b"".join(_line(x) for x in lines)
            os.truncate(self.path, len(kept))
            self._file = self.path.open("ab")
        else:
            self._file = self.path.open("wb")
            self._write(question)

    def mark(self, tally: Tally, *, bytes: int = 0, parts: int = 0) -> None:
        """Note what is safe on the disk."""
        now = {"rows": tally.rows, "bytes": bytes, "parts": parts, "failed": tally.failed, "noted": tally.noted, "numbers": tally.numbers}
        self._write(now)

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(_line(line))
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    def end(self) -> None:
        """Note that the result is in its place, and take away what stood beside it."""
        self._write({"whole": True})
        self._file.close()
        _clear(self._output)


def _line(cells: Mapping[str, Any]) -> bytes:
    return json.dumps(cells, ensure_ascii=True).encode() + b"\n"


def _same(before: Mapping[str, Any], now: Mapping[str, Any], path: Path) -> None:
    now = json.loads(_line(now))
    other = [k for k in now if before.get(k) != now[k]]
    if other:
        raise UsageError(
            f"--resume: the unfinished run into {path} was asked something else ({', '.join(other)})",
            hint="Give the same input and options, or leave --resume out to begin anew.",
        )


# --- Lines: CSV and JSONL -----------------------------------------------------------------------------------


def csv_line(cells: Cells, columns: Columns) -> str:
    """A row as a line of CSV. Text never starts a formula, and a list is one cell."""
    return _csv([_cell(cells.get(name), kind) for name, kind in columns.items()])


def _csv(values: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(values)
    return out.getvalue()


def _cell(value: Any, kind: Kind) -> Any:
    if value is None:
        return ""
    if kind == "number":
        return round(value, 4)
    if kind == "list":
        value = JOINT.join(value)
    return value if kind == "count" else cell(str(value))


def json_line(cells: Cells, columns: Columns) -> str:
    """A row as a line of JSON."""
    head: dict[str, Any] = {"format_version": 1, "command": "batch"}
    return escaped(json.dumps(head | {name: cells.get(name) for name in columns}, ensure_ascii=False)) + "\n"


class Stream:
    """Rows written one after the other to a stream, which keeps nothing for later."""

    def __init__(self, write: Callable[[str], Any], format: str, columns: Columns) -> None:
        self.tally, self._write, self._columns = Tally(), write, columns
        self._line = csv_line if format == "csv" else json_line
        if format == "csv":
            write(_csv([*map(cell, columns)]))

    def add(self, rows: Iterable[Cells]) -> None:
        """Write rows."""
        for cells in rows:
            self._write(self._line(cells, self._columns))
            self.tally.add(cells)

    def finish(self) -> None:
        """Nothing is left to be done."""

    def close(self) -> None:
        """Nothing is held."""


class Lines:
    """A CSV or JSONL file."""

    def __init__(self, path: Path, format: str, columns: Columns, question: Mapping[str, Any], *, resume: bool) -> None:
        self._path, self._part, self._columns = path, part_of(path), columns
        self._journal = _Journal(path, question, resume=resume)
        self.tally = self._journal.tally
        self._line = csv_line if format == "csv" else json_line
        if self._journal.bytes and not self._part.exists() and path.exists():  # the last run ended between its last two steps
            os.replace(path, self._part)
        self._file = self._part.open("r+b" if self._journal.bytes else "wb")
        self._file.truncate(self._journal.bytes)
        self._file.seek(self._journal.bytes)
        if format == "csv" and not self._journal.bytes:
            self._file.write(_csv([*map(cell, columns)]).encode())

    def add(self, rows: Iterable[Cells]) -> None:
        """Write a chunk of rows, and note that it is there."""
        for cells in rows:
            self._file.write(self._line(cells, self._columns).encode())
            self.tally.add(cells)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._journal.mark(self.tally, bytes=self._file.tell())

    def finish(self) -> None:
        """Move the file to its place."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self._part, self._path)
        self._journal.end()

    def close(self) -> None:
        """Leave the part and the journal as they are."""
        self._file.close()
        self._journal.close()


# --- Parquet ------------------------------------------------------------------------------------------------


def schema(columns: Columns) -> pa.Schema:
    """The Arrow schema of a result."""
    arrow = _arrow()
    types = {
        "text": arrow.string(),
        "count": arrow.int64(),
        "number": arrow.float64(),
        "list": arrow.list_(arrow.string()),
        "day": arrow.date32(),
    }
    return arrow.schema([(name, types[kind]) for name, kind in columns.items()])


def arrow_table(rows: Sequence[Cells], columns: Columns) -> pa.Table:
    """Rows as an Arrow table."""
    arrow, wanted = _arrow(), schema(columns)
    arrays = [
        arrow.array([_typed(cells.get(name), kind) for cells in rows], type=wanted.field(name).type) for name, kind in columns.items()
    ]
    return arrow.Table.from_arrays(arrays, schema=wanted)


def _typed(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "number":
        return float(value)
    if kind == "text":
        return str(value)
    return dt.date.fromisoformat(value) if kind == "day" else value


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise missing("files", "Parquet", "pyarrow") from None
    return pyarrow


def write_part(rows: Sequence[Cells], columns: Columns, path: Path) -> int:
    """Write rows as a Parquet file that is there in whole or not at all. Gives its bytes."""
    from pyarrow import parquet

    begun = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    parquet.write_table(arrow_table(rows, columns), begun)
    with begun.open("rb") as file:
        os.fsync(file.fileno())
    size = begun.stat().st_size
    os.replace(begun, path)
    return size


class Written(NamedTuple):
    """A part that a worker wrote by itself: its place among the parts, its bytes, what is in it, and its first row that failed."""

    part: int
    bytes: int
    tally: Tally
    bad: Cells | None


class Parquet:
    """A Parquet file, kept in parts until it is whole; or, not `joined`, a folder with these parts.

    Parts are of PART_ROWS rows, or they are those that workers write by themselves. They stand in a folder that has its name from the
    question, so that a worker of an earlier run, which does not know yet that it is no longer wanted, writes nowhere else.
    """

    def __init__(self, path: Path, columns: Columns, question: Mapping[str, Any], *, resume: bool, joined: bool) -> None:
        _arrow()
        self._path, self._columns, self._joined = path, columns, joined
        self._journal = _Journal(path, question, resume=resume)
        self.tally, self.parts = self._journal.tally, self._journal.parts
        self.folder = part_of(path) / hashlib.sha256(_line(question)).hexdigest()[:12]
        if self.parts and not self.folder.exists() and path.is_dir():  # the last run ended between its last two steps
            self.folder.parent.mkdir(exist_ok=True)
            os.replace(path, self.folder)
        if not self.parts:
            shutil.rmtree(self.folder.parent, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._rows: list[Cells] = []

    def part(self, number: int) -> Path:
        """Where a part stands, counted from 0."""
        return self.folder / f"part-{number:08d}.parquet"

    def add(self, rows: Iterable[Cells]) -> None:
        """Take rows; a part is written when it is full."""
        for cells in rows:
            self._rows.append(cells)
            self.tally.add(cells)
            if len(self._rows) == PART_ROWS:
                self._flush()

    def took(self, part: Written) -> None:
        """Note that a worker has written the next part. Raises CredgapError where it cannot be seen from here."""
        path = self.part(part.part)
        for wait in (*SEEN, None):
            if path.exists() and path.stat().st_size == part.bytes:
                break
            if wait is None:
                raise CredgapError(
                    f"{path}: a worker has written it, and it cannot be seen from here",
                    hint="Name an --output that this machine and all workers see under the same path, or a single file (.parquet).",
                )
            time.sleep(wait)
        self.parts += 1
        self.tally.join(part.tally)
        self._journal.mark(self.tally, parts=self.parts)

    def _flush(self) -> None:
        write_part(self._rows, self._columns, self.part(self.parts))
        self.parts += 1
        self._rows = []
        self._journal.mark(self.tally, parts=self.parts)

    def finish(self) -> None:
        """Join the parts, or move them to their place."""
        if self._rows or not self.parts:
            self._flush()
        for left in self.folder.glob(".*"):
            left.unlink()
        if self._joined:
            self._join()
        else:
            os.replace(self.folder, self._path)
        self._journal.end()

    def _join(self) -> None:
        from pyarrow import parquet

        whole = self.folder / "whole"
        with parquet.ParquetWriter(whole, schema(self._columns)) as writer:
            for n in range(self.parts):
                writer.write_table(parquet.read_table(self.part(n)))
        os.replace(whole, self._path)

    def close(self) -> None:
        """Leave the parts and the journal as they are."""
        self._journal.close()


# --- A folder of reports ------------------------------------------------------------------------------------


FOLDERS: Mapping[str, str] = {"json": "json", "html": "html", "markdown": "md", "plain": "txt", "terminal": "txt"}
"""The forms that are a folder with a report for each row, and how the files end."""


class Folder:
    """A folder with a report for each row, named by its number and id; of pages, an index too.

    While a run into pages is unfinished, OUTPUT.part holds what the index will say of the rows so far.
    """

    def __init__(self, path: Path, format: str, columns: Columns, question: Mapping[str, Any], *, resume: bool) -> None:
        path.mkdir(exist_ok=True)
        self._path, self._format, self._columns = path, format, columns
        self._journal = _Journal(path, question, resume=resume)
        self.tally = self._journal.tally
        self._part: IO[bytes] | None = None
        if format == "html":
            self._part = part_of(path).open("r+b" if self._journal.bytes else "w+b")
            self._part.truncate(self._journal.bytes)
            self._part.seek(self._journal.bytes)

    def add(self, rows: Iterable[Cells]) -> None:
        """Write a chunk of reports, and note that they are there."""
        for cells in rows:
            name = re.sub(r"[^\w.-]+", "-", cells["id"])[:80].strip(".-")
            path = self._path / f"{cells['row']:06d}-{name}.{FOLDERS[self._format]}"
            with path.open("w", encoding="utf-8", newline="") as file:
                file.write(cells.get("report") or self._failure(cells))
            self.tally.add(cells)
            if self._part is not None:
                self._part.write(_line({k: cells.get(k) for k in self._columns} | {"file": path.name}))
        if self._part is not None:
            self._part.flush()
            os.fsync(self._part.fileno())
        self._journal.mark(self.tally, bytes=self._part.tell() if self._part is not None else 0)

    def _failure(self, cells: Cells) -> str:
        """The page of a row that failed."""
        if self._format == "json":
            head = {"format_version": 1, "command": "batch", "id": cells["id"], "title": cells["title"]}
            return escaped(json.dumps(head | {"status": cells["status"], "error": cells["note"]}, ensure_ascii=False, indent=1) + "\n")
        if self._format == "html":
            from credgap.report import crowdpage

            return crowdpage.failure(cells)
        if self._format == "markdown":
            from credgap.report import markdown

            return markdown.plain(f"{cells['id']}: {cells['status']}: {cells['note']}", first=True) + "\n"
        return on_a_line(f"{cells['id']}: {cells['status']}: {cells['note']}") + "\n"

    def finish(self) -> None:
        """Write the index of pages, and drop what stood beside the folder."""
        if self._part is not None:
            from credgap.report import crowdpage

            self._part.seek(0)
            what = "plan" if "fit_after" in self._columns else "gap" if "verdict" in self._columns else "extract"
            for name, text in crowdpage.index([json.loads(x) for x in self._part], what, self._path.resolve().name):
                with (self._path / name).open("w", encoding="utf-8", newline="") as file:
                    file.write(text)
            self._part.close()
        self._journal.end()

    def close(self) -> None:
        """Leave the journal as it is."""
        if self._part is not None:
            self._part.close()
        self._journal.close()


def into(path: Path, format: str, columns: Columns, question: Mapping[str, Any], *, resume: bool) -> Output:
    """The output at a path in a format; `question` is all that the rows depend on. Raises UsageError, CredgapError."""
    try:
        if format in ("csv", "jsonl"):
            return Lines(path, format, columns, question, resume=resume)
        if format in ("parquet", "parts"):
            return Parquet(path, columns, question, resume=resume, joined=format == "parquet")
        return Folder(path, format, columns, question, resume=resume)
    except OSError as error:
        raise CredgapError(
            f"--output {path}: {(error.strerror or str(error)).lower()}", hint="Name a file in a folder that exists."
        ) from error
