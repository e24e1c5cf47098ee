"""HTML pages, escaped HTML and JSON records -> the words of the posting in them, traced.

A page is parsed by selectolax as a browser would. Marks put into its source before that say where each run of text came from.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from credgap.traced import Traced, join, rewrite

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_HTML = re.compile(r"</?(?:p|br|li|ul|ol|div|b|strong|em|i|span|h[1-6]|table|td|html|body|a)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE = frozenset(["b", "strong", "i", "em", "u", "font", "sup", "sub", "a", "mark", "code", "small", "s", "span", "abbr", "ins"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_MUTE = frozenset(["script", "style", "template", "svg", "noscript", "nav", "footer", "button", "select", "iframe", "dialog", "head"])
_MUTE_ROLES = frozenset(["navigation", "dialog", "banner", "contentinfo", "search", "alertdialog"])
_LONE_MARK = re.compile(r"(\n(?:#|•) )\s+(?=\S)")
_WRAPPED = re.compile(r"(?<=\S)[ \t]*\r?\n[ \t]*(?=\S)")
_DOCUMENT = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ENOUGH = 500
"""A description of so many characters is the posting, however much else stands on its page."""

# Marks around the place of a run of text, and stand-ins for characters that a parser would change: signs nobody writes.
_OPEN, _SHUT = "\U0010f000", "\U0010f001"
_HIDDEN = {"&": "\U0010f002", "\r": "\U0010f003", "\x00": "\U0010f004"}
_HIDE = str.maketrans(_HIDDEN)
_SHOW = str.maketrans({v: k for k, v in _HIDDEN.items()})
_RUN = re.compile(r"(?:\A|(?<=>))[^<>]+")
_MARK = re.compile(f"{_OPEN}(\\d+){_SHUT}")


def plain(traced: Traced) -> Traced:
    """Text without tags and entities, whether they stand plain, escaped, or escaped twice; what is no HTML stays as it is."""
    record = _record(traced)
    if record is not None:
        traced = record
    for _ in range(2):
        if len(_HTML.findall(traced.text, 0, 200_000)) > 1:
            traced = _page(traced)
        traced = rewrite(traced, _ENTITY, lambda m: html.unescape(m.group()))
    return traced


# --- Pages -------------------------------------------------------------------------------------------


def _page(traced: Traced) -> Traced:
    from selectolax.lexbor import LexborHTMLParser

    hidden = traced.text.translate(_HIDE)
    tree = LexborHTMLParser(_RUN.sub(lambda m: f"{_OPEN}{m.start()}{_SHUT}{m.group()}", hidden))
    description, root = None, None
    if "JobPosting" in traced.text:
        description, root = _job_posting(traced), tree.css_first("[itemprop=description]")
    shown = _shown(traced, root if root is not None else tree.root)
    if description is not None and len(description.text) >= min(_ENOUGH, len(shown.text.strip())):
        return description
    return rewrite(shown, _LONE_MARK, lambda m: m.group(1))


def _shown(traced: Traced, root: LexborNode | None) -> Traced:
    """The text that a page shows: a line for each block, "# " before a heading, "• " before an item of a list."""
    parts: list[Traced] = []
    wrapped = _DOCUMENT.match(traced.text) is not None
    stack: list[tuple[LexborNode | None, str]] = [(root, "")]
    last = 0
    while stack:
        node, after = stack.pop()
        if node is None:
            parts.append(Traced(after, [last] * len(after)))
            continue
        tag = node.tag
        if tag == "-text":
            for part in _runs(traced, node.text(deep=False)):
                piece = rewrite(part, _WRAPPED, lambda m: " ") if wrapped else part
                parts.append(piece)
                last = piece.places[-1] if piece.places else last
            continue
        if tag in _MUTE or (tag != "html" and _muted(node)):
            parts.append(Traced("\n", [last]))
            continue
        before = "\n# " if tag in _HEADINGS else "\n• " if tag == "li" else "" if tag in _INLINE else "\n"
        if before:
            parts.append(Traced(before, [last] * len(before)))
            stack.append((None, "\n"))
        stack += [(child, "") for child in reversed(list(node.iter(include_text=True)))]
    return join(parts)


def _muted(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or attributes.get("role") in _MUTE_ROLES or attributes.get("aria-modal") == "true"


def _runs(traced: Traced, text: str | None) -> list[Traced]:
    """The runs of a text node, cut out of the source by their marks."""
    edges = [*_MARK.finditer(text or "")]
    out = []
    for m, following in zip(edges, [*edges[1:], None], strict=True):
        start = int(m.group(1))
        size = (following.start() if following else len(text or "")) - m.end()
        out.append(traced.part(start, start + size))
    return out


# --- Records: JSON-LD in a page, or a file that is one JSON object -----------------------------------------

_SCRIPT = re.compile(r"<script\b[^>]*ld\+json[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_STRING = r'"((?:[^"\\]|\\.)*)"'
_FIELD = re.compile(rf'"(\w+)"\s*:\s*{_STRING}', re.DOTALL)
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_PLAIN = {"b": " ", "f": "\n", "n": "\n", "r": "\n", "t": "\t"}
_BODY = ("description", "text", "body", "content", "jobDescription", "job_description", "descriptionHtml", "descriptionPlain")
_MORE = (
    "responsibilities",
    "qualifications",
    "skills",
    "requirements",
    "experienceRequirements",
    "educationRequirements",
    "validThrough",
)
_TITLE = ("title", "job_title", "jobTitle", "position", "role")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _job_posting(traced: Traced) -> Traced | None:
    """The JobPosting record of a page, as text; None where there is none with a description."""
    for m in _SCRIPT.finditer(traced.text):
        if '"JobPosting"' in m.group(1):
            return _fields(traced.part(m.start(1), m.end(1)))
    return None


def _record(traced: Traced) -> Traced | None:
    """The words of a text that is one JSON object with the fields of a posting; None where it is none."""
    start = traced.text.lstrip("\ufeff \t\r\n[")[:1]
    if start != "{" or not any(f'"{name}"' in traced.text for name in _BODY):
        return None
    return _fields(traced)


def _fields(record: Traced) -> Traced | None:
    """Title and description, then what else a record tells of the demands, each under its name as a heading.

    Read by the look of a string, not as JSON: saved records have comments, line breaks and control characters in them.
    """
    found: dict[str, tuple[re.Match[str], Traced]] = {}
    for m in _FIELD.finditer(record.text):
        name = m.group(1)
        value = rewrite(record.part(m.start(2), m.end(2)), _ESCAPE, lambda e: chr(int(e[1], 16)) if e[1] else _PLAIN.get(e[2], e[2]))
        if name not in found or len(value.text) > len(found[name][1].text):
            found[name] = (m, value)
    bodies = [found[name] for name in _BODY if name in found]
    if not bodies:
        return None
    parts = [*[found[name][1] for name in _TITLE if name in found][:1], max(bodies, key=lambda b: len(b[1].text))[1]]
    for name in _MORE:
        if name in found:
            m, value = found[name]
            parts += [rewrite(record.part(m.start(1), m.end(1)), _WORDS, lambda w: " "), value]
    lines = [Traced(p.text + "\n\n", [*p.places, *[p.places[-1]] * 2]) for p in parts if p.text.strip()]
    return join(lines)
