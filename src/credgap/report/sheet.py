"""A result that is not about one posting -> a page of a terminal, sentences, Markdown, JSON, JSON lines or CSV."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from credgap.report.json import FORMAT_VERSION
from credgap.report.shown import cell, escaped
from credgap.report.story import Block


@dataclass(frozen=True)
class Sheet:
    """A result in the shapes that forms are made of; each is worked out only where it is wanted.

    `blocks` are for readers; `body` is what the JSON document holds; `records` are the rows of CSV, of which `columns` are taken, and the
    lines of JSON, unless these have `lines` of their own.
    """

    command: str
    blocks: Callable[[], Iterable[Block]]
    body: Callable[[], Mapping[str, Any]]
    columns: Sequence[str]
    records: Callable[[], Iterable[Mapping[str, Any]]]
    lines: Callable[[], Iterable[Mapping[str, Any]]] | None = None


def render(sheet: Sheet, format: str, *, width: int, color: bool = False, drawn: bool = False) -> str:
    """The result as terminal, plain, markdown, csv, json or jsonl. `width` and `color` are for the terminal alone."""
    if format == "json":
        return document(sheet.command, sheet.body())
    if format == "jsonl":
        return lines((sheet.lines or sheet.records)())
    if format == "csv":
        return rows(sheet.columns, sheet.records())
    return told(sheet.blocks(), format, width=width, color=color, drawn=drawn)


def told(blocks: Iterable[Block], format: str, *, width: int, color: bool = False, drawn: bool = False) -> str:
    """Blocks as terminal, plain or markdown."""
    if format in ("plain", "markdown"):
        from importlib import import_module

        text: str = import_module(f"credgap.report.{format}").write(blocks)
        return text
    return page(blocks, width=width, color=color, drawn=drawn)


def page(blocks: Iterable[Block], *, width: int, color: bool, drawn: bool = False) -> str:
    """The blocks as a page of `width` columns."""
    from credgap.report import terminal

    return terminal.write(blocks, width=width, color=color, drawn=drawn)


def plain(value: Any) -> Any:
    """A result as JSON knows it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (tuple, list)):
        return [plain(x) for x in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def document(command: str, body: Mapping[str, Any]) -> str:
    """One indented JSON document."""
    whole = {"format_version": FORMAT_VERSION, "command": command, **body}
    return escaped(json.dumps(whole, ensure_ascii=False, indent=1)) + "\n"


def lines(records: Iterable[Mapping[str, Any]]) -> str:
    """A line of JSON for each record."""
    return "".join(escaped(json.dumps(r, ensure_ascii=False)) + "\n" for r in records)


def rows(columns: Sequence[str], records: Iterable[Mapping[str, Any]]) -> str:
    """CSV with these columns; lists stand with semicolons, and no cell of text starts a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for r in records:
        writer.writerow(_cell(r.get(c)) for c in columns)
    return out.getvalue()


def _cell(value: Any) -> str | float | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return cell("; ".join(map(str, value)))
    return value if isinstance(value, (int, float)) else cell(str(value))
