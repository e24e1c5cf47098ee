"""Text that others wrote -> text that can only be read: it colours, moves, hides and reckons nothing where it is shown."""

from __future__ import annotations

import re

_SEQUENCE = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]"  # colours, and where the cursor stands
    "|\x1b[\\]PX^_][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\\\)"  # titles, links and the like, up to their end
    "|\x9b[0-?]*[ -/]*[@-~]"
)
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
HIDDEN = "\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f"
"""Signs that are not seen and change how others are: control signs, marks of direction, tags; as a set of a pattern."""
_HIDDEN = re.compile(f"[{HIDDEN}]")
_ANY = re.compile(f"[{HIDDEN}\r\x0b\x0c\u2028\u2029\ud800-\udfff]")
_UNPAIRED = re.compile("[\ud800-\udfff]")
_FORMULA = re.compile(r"(^|[;\t])([\s\u00a0]*)(?=[=+\-@＝＋－＠])")  # noqa: RUF001  (a spreadsheet takes the wide ones, too)


def shown(text: str) -> str:
    """The text without control sequences, control signs and marks of direction; its line breaks are newlines, tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    if not _ANY.search(text):
        return text
    text = _BREAK.sub("\n", _SEQUENCE.sub("", text))
    return _UNPAIRED.sub("\ufffd", _HIDDEN.sub("", text))


def line(text: str) -> str:
    """The same on one line, blanks run together."""
    return " ".join(shown(text).split())


def cell(text: str) -> str:
    """The same as a cell of a table for spreadsheets: an apostrophe stands before whatever would start a formula.

    It stands there, too, behind a semicolon within the text, at which some spreadsheets cut cells.
    """
    return _FORMULA.sub(r"\1\2'", line(text))


def escaped(document: str) -> str:
    """A JSON document in which the signs that are not seen are written as JSON escapes, so that it reads back as the same."""
    return _ANY.sub(_escape, document)


def _escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[i : i + 2]):04x}" for i in range(0, len(units), 2))
