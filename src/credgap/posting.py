"""A file, a folder or text -> postings: clean text, lines and sections, with every character traced to the text as given."""

# ruff: noqa: RUF001  (odd characters are the matter of this file)

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import compress, islice
from operator import ne, sub
from pathlib import Path

from credgap import markup, sections
from credgap.errors import PostingError
from credgap.models import Line, Posting
from credgap.traced import Traced, rewrite, whole

ENDINGS = (".txt", ".md", ".html", ".htm", ".json", ".jsonl")
_TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".parquet")

# --- Cleaning --------------------------------------------------------------------------------------

_LINE_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_TABBED = re.compile(r"(?<=[a-z.;,:)]) ?\t[ \t]*(?=[A-Z•])")
_BLANKS = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\x00-\x08\x0e-\x1f\x7f]")
_UNPRINTABLE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff\ud800-\udfff]")
_COMPATIBLE = re.compile("[\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff\u2460-\u2473\u1d2c-\u1d6a]")
_SAME_WIDTH = (("‐‑‒–—―−", "-"), ("‘’‚‛`´ʼ′", "'"), ("“”„‟″", '"'), ("⁄∕", "/"), ("＆", "&"))

# What UTF-8 looks like when it was read as Windows-1252, Latin-1 or Mac Roman: only then is the slow look of ftfy worth it.
_SUSPECT = re.compile("[ÃÂâ‚√¬ƒ≈][^ -~\\s]|[ÃÂ][\u00a0 ]|â€|ï»¿|√[a-z©®∂§º±]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+(?:(?<=[ÃÂ]) )?")


def _mended(traced: Traced) -> Traced:
    """Mojibake undone where a text has any."""
    if not _SUSPECT.search(traced.text):
        return traced
    import ftfy
    from ftfy.badness import is_bad

    if not is_bad(traced.text):
        return traced
    return rewrite(traced, _FOREIGN, lambda m: _reread(m.group(), ftfy.fix_encoding(m.group())))


def _reread(run: str, fixed: str) -> str:
    """A run of odd characters as ftfy mends it, or else read as the bytes that a whole text full of mojibake shows them to be."""
    if fixed != run:
        return fixed
    for codec in ("mac_roman", "sloppy-windows-1252"):
        try:
            return run.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return run


def _clean(text: str) -> Traced:
    traced = markup.plain(whole(text))
    traced = rewrite(traced, _LINE_BREAK, lambda m: "\n")
    if not traced.text.isascii():
        traced = _mended(traced)
        traced = rewrite(traced, _COMPATIBLE, lambda m: unicodedata.normalize("NFKC", m.group()))
        traced = rewrite(traced, _UNPRINTABLE, lambda m: "•")
        traced = Traced(_plain_signs(traced.text), traced.places)
    traced = rewrite(traced, _INVISIBLE, lambda m: "")
    if 0 < 4 * traced.text.count("\t") < traced.text.count(" "):  # tabs between items, not for the blanks of a PDF
        traced = rewrite(traced, _TABBED, lambda m: "\n")
    return rewrite(traced, _BLANKS, lambda m: " ")


def _plain_signs(text: str) -> str:
    """Dashes, quotes and the like as on a keyboard; most of them are absent, so that this is quicker than `str.translate`."""
    for signs, plain in _SAME_WIDTH:
        for sign in signs:
            text = text.replace(sign, plain)
    return text


def _cut(traced: Traced) -> Traced:
    """A text with line ends where its lines must be cut; each stands at the place of the character behind it."""
    text, places = traced
    parts: list[str] = []
    kept: list[int] = []
    done = start = 0
    for line in text.split("\n"):
        for cut in sections.cuts(line):
            parts.append(text[done : start + cut])
            kept += places[done : start + cut + 1]
            done = start + cut
        start += len(line) + 1
    return Traced("\n".join([*parts, text[done:]]), kept + places[done:]) if parts else traced


def _steps(places: list[int]) -> tuple[tuple[int, int], ...]:
    ahead = list(map(sub, places, range(len(places))))
    turns = compress(range(1, len(places)), map(ne, ahead, islice(ahead, 1, None)))
    return tuple((i, places[i]) for i in (0, *turns)) if places else ((0, 0),)


def read(text: str, *, id: str, source: str, title: str | None = None) -> Posting:
    """A posting out of its text (plain, Markdown or HTML). Raises PostingError where there is no text."""
    if not text.strip():
        raise PostingError(f"{source}: the posting is empty", hint="Paste the text of the posting, or name a file that holds it.")
    clean, places = _cut(_clean(text))
    lines = clean.split("\n")
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    numbers, seen, last = [], 1, 0
    for start in starts:
        place = places[start] if start < len(places) else len(text)
        seen += text.count("\n", last, place)
        last = max(last, place)
        numbers.append(seen)
    built = tuple(
        Line(n, s, s + len(line), role, heading)
        for n, s, line, (heading, role) in zip(numbers, starts, lines, sections.roles(lines), strict=True)
    )
    return Posting.made(id=id, source=source, title=title, text=text, clean=clean, steps=_steps(places), lines=built, warnings=())


# --- Bytes and files -------------------------------------------------------------------------------

_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)


_MERGE_MARK = re.compile(r"^(?:<{7} \S|>{7} \S).*", re.MULTILINE)


def decode(data: bytes, *, source: str) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, else Windows-1252. Raises PostingError for what is no text."""
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise PostingError(
                f"{source} is {what}, not text", hint="Open it, copy its text, and pass that as a .txt file or on standard input."
            )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    control = sum(c < " " and c not in "\t\n\r\f\v" for c in text[:10_000])
    if "\x00" in text or control > 0.05 * len(text[:10_000]):
        raise PostingError(f"{source} is a binary file, not text", hint="Copy the text of the posting into a .txt file.")
    if mark := _MERGE_MARK.search(text):
        raise PostingError(
            f"{source}, line {text.count(chr(10), 0, mark.start()) + 1}: marks of an unfinished merge ({mark.group()[:20]})",
            hint="Decide between the two versions of the file first, and take the marks out.",
        )
    if not text.strip():
        raise PostingError(f"{source} is empty", hint="Paste the text of the posting, or name a file that holds it.")
    return text


def each(path: Path) -> Iterator[Posting]:
    """The postings of a file, of a folder (in the order of the names) or of a .jsonl file, one at a time."""
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in ENDINGS and p.is_file())
        if not files:
            raise PostingError(f"{path}: no posting in this folder", hint=f"A folder is read for files that end in {', '.join(ENDINGS)}.")
        for file in files:
            yield from each(file)
    elif path.suffix.lower() == ".jsonl":
        yield from _each_record(path)
    elif path.suffix.lower() in _TABLES and path.exists():
        raise PostingError(
            f"{path}: a table of many rows, not a posting",
            hint='Write the text of each row as a line of a .jsonl file: {"id": "a1", "text": "..."}.',
        )
    else:
        yield read(decode(_bytes(path), source=str(path)), id=path.stem, source=str(path))


def load(path: Path) -> tuple[Posting, ...]:
    """All that `each` gives. Raises PostingError for a file that is missing, no text, or wrong in one of its lines."""
    return tuple(each(path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise PostingError(f"{path}: no such file", hint="Check the path; a posting can also be pasted on standard input (`-`).") from None
    except OSError as error:
        raise PostingError(f"{path}: {error.strerror or error}") from None


def _each_record(path: Path) -> Iterator[Posting]:
    text = decode(_bytes(path), source=str(path))
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise PostingError(
                f"{where}: not JSON ({error.msg})", hint='Each line is an object such as {"id": "a1", "text": "..."}.'
            ) from None
        if not isinstance(record, dict) or not isinstance(record.get("text"), str) or not isinstance(record.get("id"), (str, int)):
            raise PostingError(f"{where}: `id` and `text` are needed", hint='Each line is an object such as {"id": "a1", "text": "..."}.')
        title = record.get("title")
        yield read(record["text"], id=str(record["id"]), source=where, title=title if isinstance(title, str) else None)
