"""What takes long to make, as plain data -> a copy in a cache folder, found again by a digest of what it was made from."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

KEPT_COPIES = 4
"""How many copies stay, so that a few catalogues can be used in turn."""


def kept(folder: Path | None, noun: str, digest: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The copy of `noun` for this digest, or what `make` gives, kept for the next run.

    `folder` None keeps nothing. A copy that cannot be read is made anew; a folder that cannot be written costs time, nothing else.
    """
    if folder is None:
        return make()
    path = folder / f"{noun}-{digest}.json"
    try:
        found = json.loads(path.read_bytes())
        if isinstance(found, dict):
            return found
    except (OSError, ValueError):
        pass
    made = make()
    _write(path, noun, made)
    return made


def _write(path: Path, noun: str, data: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False, suffix=".tmp") as file:
            file.write(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())
        os.replace(file.name, path)
        copies = sorted(path.parent.glob(f"{noun}-*.json"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in copies[KEPT_COPIES:]:
            old.unlink(missing_ok=True)
    except OSError:
        return
