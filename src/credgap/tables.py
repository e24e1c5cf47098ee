"""A file or a folder -> a stream of records, each with its number; a broken one is a record too, with what is wrong.

Read are CSV, TSV and JSONL (also .gz and .zst), Parquet, and folders of these, of postings or of profiles. One record is held at a time.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import json
import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from credgap.errors import CredgapError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST = 8_000_000
"""Bytes of one record beyond which it is skipped, so that no file can fill the memory."""
TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
PACKED = (".gz", ".zst")
POSTINGS = (".txt", ".md", ".html", ".htm", ".json")
PROFILES = (".yaml", ".yml")
BATCH = 256
"""Rows of a Parquet file that are held at once."""
BUFFER = 1 << 18
"""Bytes of each column of it that are read ahead. What Arrow does unasked, which is to read whole columns ahead, grows with the file."""
SHAPES = 8
"""Beyond so many shapes of a first cell, the shape no longer tells where a row begins."""
NAMED = 3
"""How many files that are not read are named."""
PEEKED = 20
"""Records of a JSONL file that are looked at for the names of its columns."""


class TableError(CredgapError):
    """A table that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it stands in the input, counted from 1.

    `fault` is (kind, reason) where it could not be read; `note` says what is to be known of one that could.
    """

    number: int
    cells: Mapping[str, Any]
    fault: tuple[str, str] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows [start, stop) of a row group of a Parquet file; `number` is that of the first in the whole input, counted from 1.

    `drawn`: of these rows only the ones with these numbers.
    """

    path: Path
    group: int
    start: int
    stop: int
    number: int
    drawn: tuple[int, ...] | None = None


def _kind(path: Path) -> str:
    """The ending that says what a file is, without the one that says how it is packed."""
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _unread(path: Path, reason: str) -> TableError:
    return TableError(
        f"{path}: {reason}", hint=f"A batch reads {', '.join(TABLES)} (.csv, .tsv and .jsonl also as .gz or .zst), and folders."
    )


class Table:
    """The records of a file or a folder. `columns` are the names of the cells, `files` what is read, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        self.files, left = _files(path)
        if left:
            named = ", ".join(f.name for f in left[:NAMED]) + (f" and {len(left) - NAMED} more" if len(left) > NAMED else "")
            self.notes.append(f"{path.name}: most of it is {'tables' if _kind(left[0]) in POSTINGS else 'postings'}; not read: {named}.")
        self._size = sum(f.stat().st_size for f in self.files) or 1
        self._before = 0
        self._raw: IO[bytes] | None = None
        self.columns = self._columns()

    @cached_property
    def parquet(self) -> bool:
        """Whether all of it is Parquet."""
        return all(_kind(f) == ".parquet" for f in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files as they stand."""
        return self._size

    def identity(self) -> list[tuple[str, int, int]]:
        """Name, size and time of change of every file: what tells one input from another."""
        about = [(f.name, f.stat()) for f in self.files]
        return [(name, a.st_size, a.st_mtime_ns) for name, a in about]

    def share(self) -> float:
        """The share of the bytes that has been read, in [0, 1]."""
        here = 0
        with contextlib.suppress(ValueError, OSError):
            here = self._raw.tell() if self._raw is not None else 0
        return min(1.0, (self._before + here) / self._size)

    def count(self) -> int:
        """How many records there are; reads all but Parquet once."""
        return self.rows if self.parquet else sum(1 for _ in self.records())

    @cached_property
    def rows(self) -> int:
        """How many rows a Parquet input has."""
        return sum(_parquet(f).metadata.num_rows for f in self.files)

    def records(self, only: Sequence[str] | None = None) -> Iterator[Record]:
        """The records in order, one at a time. `only`: the columns that are wanted, so that Parquet need not read others."""
        number = 0
        self._before = 0
        for file in self.files:
            for cells, fault, note in self._read(file, only):
                number += 1
                yield Record(number, cells, fault, note)
            self._raw = None
            self._before += file.stat().st_size

    def pieces(self, rows: int, *, limit: int | None = None, drawn: Sequence[int] | None = None, after: int = 0) -> Iterator[Piece]:
        """A Parquet input in pieces of at most `rows` rows, none over the end of a row group.

        `limit`: only the first so many rows; `drawn`: only those with these numbers, in order; `after`: only those after this number.
        """
        for piece in self._pieces(rows, limit):
            first, last = piece.number, piece.number + piece.stop - piece.start - 1
            if last <= after:
                continue
            if drawn is not None:
                held = tuple(drawn[bisect_left(drawn, max(first, after + 1)) : bisect_right(drawn, last)])
                if held:
                    yield replace(piece, drawn=held)
                continue
            gone = max(0, after + 1 - first)
            yield replace(piece, start=piece.start + gone, number=first + gone)

    def _pieces(self, rows: int, limit: int | None) -> Iterator[Piece]:
        number = 1
        for file in self.files:
            about = _parquet(file).metadata
            for group in range(about.num_row_groups):
                held = about.row_group(group).num_rows
                if limit is not None:
                    held = min(held, limit + 1 - number)
                for start in range(0, held, rows):
                    yield Piece(file, group, start, min(start + rows, held), number + start)
                number += max(0, held)

    def _columns(self) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for file in self.files:
            kind = _kind(file)
            if kind == ".parquet":
                names |= dict.fromkeys(_parquet(file).schema_arrow.names)
            elif kind in (".csv", ".tsv"):
                with self._open(file) as stream:
                    header, delimiter = _header(_Lines(stream), kind)
                    names |= dict.fromkeys(header or ())
                if header and kind == ".csv" and delimiter == b";":
                    self.notes.append(f"{file.name}: its cells are taken to be divided by semicolons.")
            elif kind in (".jsonl", ".ndjson"):
                with self._open(file) as stream:
                    for (cells, _, _), _ in zip(_jsonl(stream), range(PEEKED), strict=False):
                        names |= dict.fromkeys(cells)
            else:
                names |= dict.fromkeys(("id", "profile" if kind in PROFILES else "text"))
            if len(names) > 1 and len(self.files) > PEEKED:
                break
        return tuple(names)

    def _read(self, file: Path, only: Sequence[str] | None) -> Iterator[_Read]:
        kind = _kind(file)
        if kind == ".parquet":
            for batch in _batches(_parquet(file), None, only):
                yield from ((cells, None, None) for cells in batch.to_pylist())
        elif kind in PROFILES:
            yield {"id": file.stem, "profile": str(file.resolve())}, None, None
        elif kind in POSTINGS:
            if file.stat().st_size > LONGEST:
                yield {"id": file.stem}, _too_long(), None
            else:
                yield {"id": file.stem, "text": file.read_bytes()}, None, None
        else:
            with self._open(file) as stream:
                yield from _jsonl(stream) if kind in (".jsonl", ".ndjson") else _csv(stream, kind)

    @contextlib.contextmanager
    def _open(self, file: Path) -> Iterator[IO[bytes]]:
        """The unpacked bytes of a file, UTF-8 where it said UTF-16."""
        with file.open("rb") as raw:
            self._raw = raw
            stream: Any = raw
            if file.suffix.lower() == ".gz":
                stream = gzip.GzipFile(fileobj=raw)
            elif file.suffix.lower() == ".zst":
                stream = io.BufferedReader(_zstandard().ZstdDecompressor().stream_reader(raw, read_across_frames=True), 1 << 16)
            stream = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream, 1 << 16)
            try:
                mark = stream.peek(2)[:2]
                if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                    stream = codecs.EncodedFile(stream, "utf-8", "utf-16", errors="replace")
                yield stream
            except (EOFError, gzip.BadGzipFile, OSError) as error:
                raise TableError(f"{file}: it cannot be unpacked to its end ({error})", hint="Fetch or pack it anew.") from error
            except Exception as error:
                if type(error).__module__.startswith("zstandard"):
                    raise TableError(f"{file}: it cannot be unpacked to its end ({error})", hint="Fetch or pack it anew.") from error
                raise


def _files(path: Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The files of an input, and those that are left out.

    Of tables and postings in one folder the kind of which there is more is read; profiles where there is nothing else in it.
    """
    if not path.exists():
        raise _unread(path, "no such file or folder")
    if not path.is_dir():
        if _kind(path) not in TABLES:
            raise _unread(path, "no table by its name")
        return (path,), ()
    files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith(("_", ".")))
    tables, postings, people = (tuple(f for f in files if _kind(f) in kinds) for kinds in (TABLES, POSTINGS, PROFILES))
    if not (tables or postings or people):
        raise _unread(path, "nothing in this folder can be read")
    if len(postings) > len(tables):
        return postings, tables
    return tables or people, postings


_Fault = tuple[str, str]
_Read = tuple[Mapping[str, Any], _Fault | None, str | None]


def _too_long() -> _Fault:
    return "too long", f"more than {LONGEST:,} bytes in one row"


# --- JSONL --------------------------------------------------------------------------------------------------


class _Lines:
    """Lines of bytes, which can be put back; None stands for one that is too long to be held."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._back = stream, deque[bytes | None]()

    def next(self) -> bytes | None:
        """The next line with its end; b"" after the last."""
        if self._back:
            return self._back.popleft()
        line = self._stream.readline(LONGEST)
        if len(line) < LONGEST or line.endswith(b"\n"):
            return line
        while (more := self._stream.readline(LONGEST)) and not more.endswith(b"\n"):
            pass
        return None

    def back(self, lines: Iterable[bytes | None]) -> None:
        """Put lines back, to be read again in this order."""
        self._back.extendleft(reversed(list(lines)))


def _decoded(data: bytes) -> tuple[str, str | None]:
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "read as Windows-1252, since it is no UTF-8"


def _jsonl(stream: IO[bytes]) -> Iterator[_Read]:
    lines, first = _Lines(stream), True
    while (line := lines.next()) != b"":
        if line is None:
            yield {}, _too_long(), None
            continue
        text, note = _decoded(line.removeprefix(codecs.BOM_UTF8) if first else line)
        first = False
        if not text.strip():
            continue
        try:
            cells = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            yield {}, ("not JSON", f"not JSON ({getattr(error, 'msg', 'too deep')})"), note
            continue
        if isinstance(cells, dict):
            yield cells, None, note
        else:
            yield {}, ("not JSON", "not a JSON object with named fields"), note


# --- CSV ----------------------------------------------------------------------------------------------------


class _BrokenError(Exception):
    """Quotes that do not close, or close in the middle of a cell."""


def _header(lines: _Lines, kind: str) -> tuple[list[str] | None, bytes]:
    first = lines.next()
    while first is not None and first != b"" and not first.strip():
        first = lines.next()
    if not first:
        return None, b","
    first = first.removeprefix(codecs.BOM_UTF8)
    delimiter = b"\t" if kind == ".tsv" else max((b",", b";", b"\t"), key=first.count)
    lines.back([first])
    try:
        cells = _record(lines, delimiter, [])
    except _BrokenError:
        return None, delimiter
    names = [_decoded(c)[0].strip() or f"column {n}" for n, c in enumerate(cells, 1)]
    return names, delimiter


def _record(lines: _Lines, delimiter: bytes, taken: list[bytes | None]) -> list[bytes]:
    """The cells of the record that begins with the next line (RFC 4180); `taken` gets its lines. Raises _BrokenError."""
    cells: list[bytes] = []
    line = _next(lines, taken)
    at, held = 0, len(line)
    while True:
        if line[at : at + 1] != b'"':
            end = line.find(delimiter, at)
            if end < 0:
                cells.append(line[at:].rstrip(b"\r\n"))
                return cells
            cells.append(line[at:end])
            at = end + 1
            continue
        parts, at = [], at + 1
        while True:
            end = line.find(b'"', at)
            if end < 0:
                parts.append(line[at:])
                line, at = _next(lines, taken), 0
                held += len(line)
                if not line or held > LONGEST:
                    raise _BrokenError
            elif line[end + 1 : end + 2] == b'"':
                parts.append(line[at : end + 1])
                at = end + 2
            else:
                parts.append(line[at:end])
                break
        cells.append(b"".join(parts))
        after = line[end + 1 :]
        if not after.strip(b"\r\n"):
            return cells
        if not after.startswith(delimiter):
            raise _BrokenError
        at = end + 2


def _next(lines: _Lines, taken: list[bytes | None]) -> bytes:
    line = lines.next()
    if line != b"":
        taken.append(line)
    if line is None:
        raise _BrokenError
    return line


def _shape(cell: bytes) -> str:
    """What a first cell looks like: "p00012" is a9."""
    text = re.sub(r"[^\W\d_]+", "a", cell.decode("utf-8", errors="replace").strip())
    return re.sub(r"\d+", "9", text)[:12]


def _csv(stream: IO[bytes], kind: str) -> Iterator[_Read]:
    """The rows under a header. After a row with broken quotes it goes on at the first line that begins a sound row again."""
    lines = _Lines(stream)
    header, delimiter = _header(lines, kind)
    if header is None:
        return
    seen: set[str] = set()
    while True:
        taken: list[bytes | None] = []
        try:
            cells = _record(lines, delimiter, taken)
        except _BrokenError:
            if taken and taken[0] is None:
                yield {}, _too_long(), None
                continue
            lines.back(taken[1:])
            _to_next(lines, delimiter, len(header), seen)
            start = _decoded((taken[0] or b"")[:40])[0].strip()
            first, cut, _ = (taken[0] or b"").partition(delimiter)
            known = {header[0]: _decoded(first)[0]} if cut and len(first) < 200 else {}
            yield known, ("broken quotes", f"its quotation marks do not close where a cell ends; it begins with {start!r}"), None
            continue
        if not taken:
            return
        if len(cells) == 1 and not cells[0].strip():
            continue
        if len(cells) > len(header):
            known = {header[0]: _decoded(cells[0])[0]}
            yield known, ("too many cells", f"{len(cells)} cells under {len(header)} headings"), None
            continue
        if len(seen) <= SHAPES:
            seen.add(_shape(cells[0]))
        pairs = [_decoded(c) for c in cells]
        note = next((n for _, n in pairs if n), None)
        yield dict(zip(header, (t for t, _ in pairs), strict=False)), None, note


def _to_next(lines: _Lines, delimiter: bytes, columns: int, seen: set[str]) -> None:
    """Skip what is left of a broken row: up to the first line that begins a whole row that looks like the ones before."""
    while True:
        taken: list[bytes | None] = []
        cells: list[bytes] | None = None
        with contextlib.suppress(_BrokenError):
            cells = _record(lines, delimiter, taken)
        if not taken:
            return
        begins = delimiter in (taken[0] or b"") and _shape((taken[0] or b"").split(delimiter, 1)[0].strip(b'"'))
        alike = bool(begins) and begins in seen and len(seen) <= SHAPES
        sound = cells is not None and len(cells) == columns and (columns == 1 or not seen or len(seen) > SHAPES)
        lines.back(taken)
        if alike or sound:
            return
        lines.next()


# --- Parquet ------------------------------------------------------------------------------------------------


def _parquet(file: Path) -> Any:
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise missing("files", "Parquet", "pyarrow") from None
    try:
        return parquet.ParquetFile(file, pre_buffer=False, buffer_size=BUFFER)
    except (arrow.ArrowException, OSError) as error:
        raise TableError(f"{file}: no Parquet file ({error})", hint="Write it anew, or pass it as CSV or JSONL.") from error


def _batches(file: Any, groups: Sequence[int] | None, only: Sequence[str] | None) -> Iterator[Any]:
    import pyarrow as arrow

    columns = None if only is None else [c for c in file.schema_arrow.names if c in only]
    try:
        for batch in file.iter_batches(batch_size=BATCH, row_groups=groups, columns=columns, use_threads=False):
            yield batch
            arrow.default_memory_pool().release_unused()
    except (arrow.ArrowException, OSError) as error:
        raise TableError(f"a Parquet file cannot be read to its end ({error})", hint="Fetch or write it anew.") from error


def rows_of(piece: Piece, only: Sequence[str]) -> Iterator[Record]:
    """The records of a piece, read where it is asked for."""
    at, drawn = 0, None if piece.drawn is None else frozenset(piece.drawn)
    for batch in _batches(_parquet(piece.path), [piece.group], only):
        if at >= piece.stop:
            return
        first, last = max(at, piece.start), min(at + batch.num_rows, piece.stop)
        for n, cells in enumerate(batch.slice(first - at, last - first).to_pylist() if first < last else (), first):
            number = piece.number + n - piece.start
            if drawn is None or number in drawn:
                yield Record(number, cells)
        at += batch.num_rows


def of_arrow(table: pa.Table) -> Iterator[Record]:
    """The records of an Arrow table."""
    number = 0
    for batch in table.to_batches(max_chunksize=BATCH):
        for cells in batch.to_pylist():
            number += 1
            yield Record(number, cells)


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise missing("files", ".zst", "zstandard") from None
    return zstandard


def missing(extra: str, what: str, library: str) -> UsageError:
    """The error for a library that is not installed."""
    return UsageError(f"{what} needs {library}, which is not installed", hint=f'pip install "credgap[{extra}]"')
