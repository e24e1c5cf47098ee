"""A question asked before -> the answer given then, where nothing has changed that could change it.

A question is a command line whose words, files, day, program, data and terminal are all the same. Only questions about a goal or about
files are kept, never what is piped in or pasted. CREDGAP_NO_ANSWERS=1 keeps and recalls nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from credgap.cli import folders
from credgap.files import data_folder, keep_copy

COMMANDS = ("plan", "gap", "extract", "frontier", "why")
KEPT = 32
"""How many answers stay, the latest."""
LARGEST = 1_000_000
"""Bytes of a file beyond which reading it to recognise a question is not worth the time."""
UNKEPT = ("-", "-o", "--output", "-h", "--help", "--save", "--diff")
"""Words of a command line whose answer depends on more than it says, or is no answer."""
NAMES_FILES = re.compile(r"\b(catalog|profile)\b")
SURROUNDINGS = ("CI", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "LANG", "LC_ALL", "TZ")


_spoken_with = False
"""Whether this run has asked at the terminal: then its answer depends on more than its words."""


def unkept() -> None:
    """Have the answer of this run not kept, because somebody was asked for a part of the question."""
    global _spoken_with
    _spoken_with = True


class Kept:
    """Where the answer to one question stands, or will stand."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self) -> bool:
        """Write the answer given before, if there is one, and say whether there was."""
        try:
            notes, mark, result = self._path.read_text(encoding="utf-8").partition("\0")
        except (OSError, ValueError):
            return False
        if not mark:
            return False
        sys.stderr.write(notes)
        sys.stdout.write(result)
        sys.stdout.flush()
        return True

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Hear what is written meanwhile."""
        heard = _Heard(sys.stdout), _Heard(sys.stderr)
        out, err = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = heard
        try:
            yield
        finally:
            sys.stdout, sys.stderr = out, err
        self._text = heard[1].text() + "\0" + heard[0].text()

    def keep(self) -> None:
        """Keep what was heard, if the words alone led to it."""
        if _spoken_with:
            return
        keep_copy(self._path, self._text, among="*.txt", most=KEPT)


class _Heard:
    """A stream that remembers what is written to it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._written: list[str] = []

    def write(self, text: str) -> int:
        self._written.append(text)
        return int(self._stream.write(text))

    def text(self) -> str:
        return "".join(self._written)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def question(argv: Sequence[str]) -> Kept | None:
    """Where the answer to this command line is kept, or None for one that is not to be kept."""
    global _spoken_with
    _spoken_with = False
    if not argv or argv[0] not in COMMANDS or os.environ.get("CREDGAP_NO_ANSWERS"):
        return None
    if any(a in UNKEPT or a.startswith(("--output=", "--save=", "--diff=")) or _glued(a) for a in argv):
        return None
    try:
        if not _is_whole(argv) or _settings_name_files():
            return None
        files = [f for a in argv[1:] for f in _files(a)]
        return Kept(folders.cache() / "answers" / f"{_digest(argv, files)}.txt")
    except (OSError, ValueError, RuntimeError):
        return None


def _settings_name_files() -> bool:
    """Whether the configuration or the environment names files, or hides it: what stands in these cannot be told from outside."""
    path = folders.configuration()
    named = NAMES_FILES.search(path.read_text(encoding="utf-8")) if path.is_file() else None
    return named is not None or any(os.environ.get(name) for name in ("CREDGAP_CATALOG", "CREDGAP_PROFILE"))


def _glued(word: str) -> bool:
    """Whether a word is short options written together, or with their value ("-oFILE"): what they name cannot be told from outside."""
    return len(word) > 2 and word.startswith("-") and not word.startswith("--")


def _is_whole(argv: Sequence[str]) -> bool:
    """Whether the words say all that is asked: a goal, or a file in the place of a posting; else a posting comes from elsewhere."""
    goal = any(a in ("-g", "--goal") or a.startswith("--goal=") for a in argv)
    return goal or any(not before.startswith("-") and Path(word).is_file() for before, word in pairwise(argv))


def _files(word: str) -> list[Path]:
    """The file a word of the command line names, alone or behind an equals sign; ValueError for what cannot be recognised again."""
    for name in (word, word.partition("=")[2]):
        path = Path(name)
        if not name or not path.exists():
            continue
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
            raise ValueError(f"{name} is no small file")
        return [path]
    return []


def _digest(argv: Sequence[str], files: Sequence[Path]) -> str:
    program = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(repr((sys.version, list(argv), time.strftime("%Y-%m-%d"))).encode())
    for name in (*SURROUNDINGS, *sorted(n for n in os.environ if n.startswith("CREDGAP_"))):
        digest.update(f"{name}={os.environ.get(name)}\n".encode())
    digest.update(
        repr(
            (*(s is not None and s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr)), tuple(shutil.get_terminal_size()), os.getcwd())
        ).encode()
    )
    for path in sorted([*program.rglob("*.py"), *program.glob("report/templates/*"), *data_folder().glob("*.*")]):
        about = path.stat()
        digest.update(f"{path}\t{about.st_size}\t{about.st_mtime_ns}\n".encode())
    own = [path for path in (folders.profile_path(), folders.configuration()) if path.is_file()]
    for path in [*files, *own]:
        digest.update(f"{path}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:40]
