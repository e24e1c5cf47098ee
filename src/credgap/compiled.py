"""What takes long to make, as lines of text -> a copy in a cache folder, found again by a digest of what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from credgap.files import keep_copy

KEPT_COPIES = 4
"""How many copies stay, so that a few catalogues can be used in turn."""

END = "end"
"""The last line of every copy: one cut short is no copy."""

Tables = Mapping[str, Mapping[str, str]]
"""Texts without line breaks or tabs, by table and key."""


def kept(folder: Path | None, noun: str, digest: str, make: Callable[[], Tables]) -> Tables:
    """The copy of `noun` for this digest, or what `make` gives, kept for the next run.

    `folder` None keeps nothing. A copy that cannot be read is made anew; a folder that cannot be written costs time, nothing else.
    """
    if folder is None:
        return make()
    path = folder / f"{noun}-{digest}.tsv"
    found = _read(path)
    if found is not None:
        return found
    made = make()
    lines = [f"{table}\t{key}\t{text}" for table, rows in made.items() for key, text in rows.items()]
    keep_copy(path, "\n".join([*lines, END]), among=f"{noun}-*.tsv", most=KEPT_COPIES)
    return made


def _read(path: Path) -> Tables | None:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        tables: dict[str, dict[str, str]] = {}
        if lines[-1] != END:
            return None
        for line in lines[:-1]:
            table, key, text = line.split("\t", 2)
            tables.setdefault(table, {})[key] = text
    except (OSError, ValueError):
        return None
    return tables
