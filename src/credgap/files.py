"""Where the built-in data stands, and text -> a file that is never left half written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def data_folder() -> Path:
    """The folder of the built-in data: inside the installed package, or at the root of a source tree."""
    here = Path(__file__).resolve().parent
    return here / "data" if (here / "data").is_dir() else here.parents[1] / "data"


def write_whole(path: Path, text: str) -> None:
    """Write a file in one move; until then what stood there stays. Only its owner may read it. Raises OSError.

    Whatever stops it, Ctrl-C among it, leaves no half-written file behind.
    """
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, suffix=".tmp", encoding="utf-8", newline="") as file:
        try:
            file.write(text)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            file.close()
            Path(file.name).unlink(missing_ok=True)
            raise


def keep_copy(path: Path, text: str, *, among: str, most: int) -> None:
    """Write a copy that only saves time, and drop all but the latest `most` of those its folder has under the pattern `among`.

    A folder that cannot be written costs time on the next run, nothing else.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
        copies = sorted(path.parent.glob(among), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in copies[most:]:
            old.unlink(missing_ok=True)
    except OSError:
        return
