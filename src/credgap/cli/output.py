"""Reports -> stdout or a file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from credgap.errors import CredgapError
from credgap.files import write_whole

if TYPE_CHECKING:
    from credgap.models import Catalogue, Report

Item = TypeVar("Item")
PIPED_COLUMNS = 100
"""Width of a terminal report that does not go to a terminal and whose reader has not set COLUMNS."""


def show(reports: Sequence[Report], format: str, *, catalogue: Catalogue, many: bool, output: Path | None, details: bool = False) -> None:
    """Render the reports and write them whole, to `output` or to stdout."""
    from credgap.report import render

    page = screen(output)
    text = render(reports, format, catalogue=catalogue, many=many, details=details, rows=page.rows, **page.drawing())
    write(text, output)


class Screen(NamedTuple):
    """What a page can be: its columns, whether it has colours and block signs, and the rows of the screen where it is one."""

    columns: int
    color: bool
    drawn: bool
    rows: int | None

    def drawing(self) -> dict[str, Any]:
        """What the writers of pages take."""
        return {"width": self.columns, "color": self.color, "drawn": self.drawn}


def screen(output: Path | None) -> Screen:
    """Where a page is written to: the terminal, or a file or pipe, which has no colours and plain signs."""
    at_terminal = output is None and sys.stdout.isatty()
    signs = "utf" in (getattr(sys.stdout, "encoding", None) or "").lower() and os.environ.get("TERM") != "dumb"
    rows = shutil.get_terminal_size((80, 24)).lines if at_terminal else None
    return Screen(columns(at_terminal), at_terminal and colored(), at_terminal and signs, rows)


def watched(items: Sequence[Item], what: str, *, quiet: bool) -> Iterable[Item]:
    """The items one by one, with a bar on standard error where that is a terminal: how many are done, and how long it may take."""
    if quiet or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, description=what, console=Console(stderr=True), transient=True)


def write(text: str, output: Path | None) -> None:
    """Write a result to stdout, or to a file that is never left half written."""
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        if output.exists() and not output.is_file():
            output.write_text(text, encoding="utf-8")
            return
        write_whole(output, text)
        os.chmod(output, 0o666 & ~_umask())
    except OSError as error:
        raise CredgapError(
            f"--output {output}: {(error.strerror or str(error)).lower()}", hint="Name a file in a folder that exists."
        ) from error


def columns(at_terminal: bool) -> int:
    """Columns to fill: the terminal's, or COLUMNS, or 100; at least 40."""
    return max(40, shutil.get_terminal_size((80 if at_terminal else PIPED_COLUMNS, 24)).columns)


def colored() -> bool:
    """Whether colour is wanted: NO_COLOR and dumb terminals say no."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
