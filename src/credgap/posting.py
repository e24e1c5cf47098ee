"""A file, a folder or text -> postings: clean text, lines and sections, with every character traced to the text as given."""

# ruff: noqa: RUF001  (odd characters are the matter of this file)

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from credgap import sections
from credgap.errors import PostingError
from credgap.models import Line, Posting

ENDINGS = (".txt", ".md", ".html", ".htm", ".jsonl")

# --- Cleaning --------------------------------------------------------------------------------------

_Traced = tuple[str, list[int]]
"""A text, and for each of its characters the place it has in the text as given."""

_TAG = re.compile(r"<!--.*?-->|<!DOCTYPE[^>]*>|</?([a-zA-Z][a-zA-Z0-9:-]{0,30})(?:\s[^<>]{0,4000})?/?>", re.DOTALL)
_MUTE = re.compile(r"<(script|style|template|svg|noscript|nav|footer|button|select|iframe)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_HTML = re.compile(r"</?(?:p|br|li|ul|ol|div|b|strong|em|i|span|h[1-6]|table|td|html|body|a)\b[^<>]*>", re.IGNORECASE)
_INLINE = frozenset(["b", "strong", "i", "em", "u", "font", "sup", "sub", "a", "mark", "code", "small", "s", "span", "abbr", "ins"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_LONE_MARK = re.compile(r"(\n(?:#|•) )\s+(?=\S)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_TABBED = re.compile(r"(?<=[a-z.;,:)]) ?\t[ \t]*(?=[A-Z•])")
_BLANKS = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\x00-\x08\x0e-\x1f\x7f]")
_UNPRINTABLE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff\ud800-\udfff]")
_COMPATIBLE = re.compile("[\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff\u2460-\u2473\u1d2c-\u1d6a]")
_SAME_WIDTH = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’‚‛`´ʼ′", "'"), **dict.fromkeys("“”„‟″", '"'), "⁄": "/", "∕": "/", "＆": "&"}
)

# UTF-8 that was read as cp1252 or as Mac Roman, as it stands in postings.
_MOJIBAKE_PAIRS = {
    **dict.fromkeys(("â€™", "â€˜", "‚Äô", "‚Äò"), "'"),
    **dict.fromkeys(("â€œ", "â€\x9d", "â€\u009d", "‚Äú", "‚Äù"), '"'),
    **dict.fromkeys(("â€“", "â€”", "‚Äì", "‚Äî", "â€‘", "‚Äë"), "-"),
    **dict.fromkeys(("â€¢", "‚Ä¢", "Â·", "¬∑"), "•"),
    **dict.fromkeys(("â€¦", "‚Ä¶"), "..."),
    **dict.fromkeys(("Â\u00a0", "¬†", "Â ", "‚ÄØ", "â€¯", "‚Äã", "â€‹"), " "),
    **{
        "Ã©": "é",
        "√©": "é",
        "Ã¨": "è",
        "√®": "è",
        "Ã¼": "ü",
        "√º": "ü",
        "Ã¶": "ö",
        "√∂": "ö",
        "Ã¤": "ä",
        "√§": "ä",
        "Â®": "®",
        "¬Æ": "®",
        "â„¢": "™",
        "‚Ñ¢": "™",
    },
}
_MOJIBAKE = re.compile("|".join(map(re.escape, sorted(_MOJIBAKE_PAIRS, key=len, reverse=True))))


def _rewrite(traced: _Traced, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> _Traced:
    """`re.sub` that keeps every character traced: what replaces a match stands where the match began."""
    text, places = traced
    parts: list[str] = []
    kept: list[int] = []
    done = 0
    for m in pattern.finditer(text):
        new = replace(m)
        if new == m.group():
            continue
        parts += (text[done : m.start()], new)
        kept += places[done : m.start()]
        kept += places[m.start() : m.start() + len(new)] if len(new) == m.end() - m.start() else [places[m.start()]] * len(new)
        done = m.end()
    if not parts:
        return traced
    return "".join([*parts, text[done:]]), kept + places[done:]


def _tag_text(m: re.Match[str]) -> str:
    name = (m.group(1) or "").lower()
    if name in _HEADINGS:
        return "\n" if m.group().startswith("</") else "\n# "
    if name == "li":
        return "\n" if m.group().startswith("</") else "\n• "
    return "" if name in _INLINE else "\n"


def _clean(text: str) -> _Traced:
    traced: _Traced = (text, list(range(len(text))))
    for _ in range(2):  # twice: some sites escape the tags of a page, or its entities, once more
        if len(_HTML.findall(traced[0], 0, 200_000)) > 1:
            traced = _rewrite(traced, _MUTE, lambda m: "\n")
            traced = _rewrite(traced, _TAG, _tag_text)
            traced = _rewrite(traced, _LONE_MARK, lambda m: m.group(1))
        traced = _rewrite(traced, _ENTITY, lambda m: html.unescape(m.group()))
    traced = _rewrite(traced, _LINE_BREAK, lambda m: "\n")
    if not traced[0].isascii():
        traced = _rewrite(traced, _MOJIBAKE, lambda m: _MOJIBAKE_PAIRS[m.group()])
        traced = _rewrite(traced, _COMPATIBLE, lambda m: unicodedata.normalize("NFKC", m.group()))
        traced = _rewrite(traced, _UNPRINTABLE, lambda m: "•")
        traced = traced[0].translate(_SAME_WIDTH), traced[1]
    traced = _rewrite(traced, _INVISIBLE, lambda m: "")
    if 4 * traced[0].count("\t") < traced[0].count(" "):  # tabs between items, not for the blanks of a PDF
        traced = _rewrite(traced, _TABBED, lambda m: "\n")
    return _rewrite(traced, _BLANKS, lambda m: " ")


def _cut(traced: _Traced) -> _Traced:
    text, places = traced
    lines: list[str] = []
    kept: list[int] = []
    start = 0
    for line in text.split("\n"):
        edges = [0, *sections.cuts(line), len(line)]
        for a, b in pairwise(edges):
            if a:
                kept.append(places[start + a])
            lines.append(line[a:b])
            kept += places[start + a : start + b]
        kept += places[start + len(line) : start + len(line) + 1]
        start += len(line) + 1
    return "\n".join(lines), kept


def _steps(places: list[int]) -> tuple[tuple[int, int], ...]:
    return tuple((i, p) for i, p in enumerate(places) if i == 0 or p != places[i - 1] + 1) or ((0, 0),)


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
        Line(number=n, start=s, end=s + len(line), role=role, heading=heading)
        for n, s, line, (heading, role) in zip(numbers, starts, lines, sections.roles(lines), strict=True)
    )
    return Posting(id=id, source=source, title=title, text=text, clean=clean, steps=_steps(places), lines=built)


# --- Bytes and files -------------------------------------------------------------------------------

_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)


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
