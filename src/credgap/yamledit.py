"""A YAML file written by hand, and one change -> the same file with that change; every other line, comments and all, stays as it is.

Changes are made to the text, at the places that the parser names: reading and writing the whole anew loses comments inside lists.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from credgap.errors import CredgapError
from credgap.files import write_whole

Document = dict[str, Any]
Node = Any
"""A node of PyYAML: a scalar, or a list or mapping, which alone have `flow_style`."""


def data(text: str) -> Document:
    """What the text says, as plain data; an empty file is an empty mapping."""
    import yaml

    found = yaml.safe_load(text)
    return {} if found is None else found


def added(text: str, key: str, item: Any) -> str:
    """The text with one more item in the list under `key`, which is begun where there is none."""

    def change(document: Document) -> None:
        document[key] = [*(document.get(key) or []), item]

    pair = _pair(text, key)
    if pair is None:
        new = _with_line(text, f"{key}:{_newline(text)}- {_flow(item)}")
    elif _is_empty(pair[1]):
        new = _in_place(text, pair, f"[{_flow(item)}]")
    else:
        last = _end(pair[1].value[-1])
        if pair[1].flow_style:
            new = text[:last] + ", " + _flow(item) + text[last:]
        else:
            dash = " " * pair[1].start_mark.column + "- "
            new = _with_line_at(text, _line_end(text, last), dash + _flow(item))
    return _checked(text, new, change)


def replaced(text: str, key: str, index: int, item: Any) -> str:
    """The text with another item in the place of one of the list under `key`."""

    def change(document: Document) -> None:
        document[key] = [item if n == index else x for n, x in enumerate(document[key])]

    pair = _pair(text, key)
    assert pair is not None, "the caller has seen the item"
    old = pair[1].value[index]
    return _checked(text, text[: old.start_mark.index] + _flow(item) + text[_end(old) :], change)


def removed(text: str, key: str, index: int) -> str:
    """The text without one item of the list under `key`; a list that loses its last item stays, empty."""

    def change(document: Document) -> None:
        document[key] = [x for n, x in enumerate(document[key]) if n != index]

    pair = _pair(text, key)
    assert pair is not None, "the caller has seen the item"
    items: Sequence[Node] = pair[1].value
    if pair[1].flow_style:
        new = _without_in_line(text, items, index)
    else:
        item = items[index]
        before = _end(items[index - 1]) if index else pair[1].start_mark.index
        start, end = _line_start(text, text.rindex("-", before, item.start_mark.index + 1)), _line_end(text, _end(item))
        new = text[:start] + text[end:]
        if len(items) == 1:
            colon = _colon(text, pair[0])
            new = new[: colon + 1] + " []" + new[colon + 1 :]
    return _checked(text, new, change)


def put(text: str, key: str, value: Any) -> str:
    """The text with this value under `key`."""

    def change(document: Document) -> None:
        document[key] = value

    pair = _pair(text, key)
    new = _with_line(text, f"{key}: {_flow(value)}") if pair is None else _in_place(text, pair, _flow(value))
    return _checked(text, new, change)


def dropped(text: str, key: str) -> str:
    """The text without `key` and what stands under it; comments on lines of their own stay."""

    def change(document: Document) -> None:
        del document[key]

    pair = _pair(text, key)
    assert pair is not None, "the caller has seen the key"
    end = max(_end(pair[1]), _colon(text, pair[0]) + 1)
    start, end = _line_start(text, pair[0].start_mark.index), _line_end(text, end)
    comments = "".join(line for line in text[start:end].splitlines(keepends=True) if line.lstrip().startswith("#"))
    return _checked(text, text[:start] + comments + text[end:], change)


def read(path: Path) -> str:
    """The text of a file, line ends as they are; empty where there is none. Raises CredgapError where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = (getattr(error, "strerror", None) or "is not UTF-8 text").lower()
        raise CredgapError(f"{path}: {reason}") from error


def save(path: Path, text: str) -> Path | None:
    """Write the file in one move, and say under which name its content before was kept (None: there was none, or the same).

    Backups are numbered (profile.yaml.bak1, .bak2 ...) and never written over. Raises CredgapError; then the file is as it was.
    """
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        old, mode = (target.read_bytes(), target.stat().st_mode) if target.exists() else (None, None)
        if old == text.encode():
            return None
        backup = None if old is None else _kept(target, old)
        write_whole(target, text)
        if mode is not None:
            os.chmod(target, mode & 0o777)
        return backup
    except OSError as error:
        raise CredgapError(f"{path}: {(error.strerror or str(error)).lower()}", hint="The file was not changed.") from error


def _kept(target: Path, old: bytes) -> Path:
    """The backup that holds these bytes: the latest, where it does, or a new one."""
    number = 1
    latest = None
    while (name := target.with_name(f"{target.name}.bak{number}")).exists():
        latest, number = name, number + 1
    if latest is not None and latest.read_bytes() == old:
        return latest
    with name.open("xb") as file:
        os.chmod(name, 0o600)
        file.write(old)
        file.flush()
        os.fsync(file.fileno())
    return name


def _checked(old: str, new: str, change: Callable[[Document], None]) -> str:
    """The new text, if it says what the old one says but for the change. Raises CredgapError for a form that cannot be edited so."""
    import yaml

    expected = dict(data(old))
    change(expected)
    try:
        if data(new) == expected:
            return new
    except yaml.YAMLError:
        pass
    raise CredgapError("the file is written in a form that cannot be edited from here", hint="Edit it by hand: nothing was changed.")


def _pair(text: str, key: str) -> tuple[Node, Node] | None:
    import yaml

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return None
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise CredgapError("the file is no mapping with a line for each key", hint="Edit it by hand: nothing was changed.")
    return next(((k, v) for k, v in root.value if k.value == key), None)


def _end(node: Node) -> int:
    """Where the content of a node ends: blanks and comments after it are not of it."""
    if isinstance(node.value, list) and not node.flow_style and node.value:
        last = node.value[-1]
        return max(map(_end, last)) if isinstance(last, tuple) else _end(last)
    return int(node.end_mark.index)


def _is_empty(node: Node) -> bool:
    """Whether a node holds nothing: null, or an empty list."""
    return bool(node.tag == "tag:yaml.org,2002:null" or node.value == [])


def _in_place(text: str, pair: tuple[Node, Node], value: str) -> str:
    """The text with another value behind a key."""
    colon = _colon(text, pair[0])
    start = pair[1].start_mark.index
    end = max(_end(pair[1]), colon + 1)
    if text[end - 1] == "\n":  # a text of several lines ends behind its last line break
        value += _newline(text)
    if "\n" in text[colon:start] or start <= colon + 1:
        return text[: colon + 1] + " " + value + text[end:]
    return text[:start] + value + text[end:]


def _colon(text: str, key: Node) -> int:
    return text.index(":", key.end_mark.index)


def _without_in_line(text: str, items: Sequence[Node], index: int) -> str:
    """The text without an item of a list in brackets, and without the comma that parted it from the next or the last."""
    start, end = items[index].start_mark.index, _end(items[index])
    if index:
        comma = text.index(",", _end(items[index - 1]))
        between = text[comma + 1 : start]
        return text[:comma] + (between.rstrip(" ") if between.strip() else "") + text[end:]
    comma = text.find(",", end, items[1].start_mark.index if len(items) > 1 else text.index("]", end))
    after = end if comma < 0 else comma + 1
    while len(items) > 1 and text[after] == " ":
        after += 1
    return text[:start] + text[after:]


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """Behind the line break of the line in which `at` stands; `at` itself where it stands behind one."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _with_line(text: str, line: str) -> str:
    return _with_line_at(text, len(text), line)


def _with_line_at(text: str, at: int, line: str) -> str:
    newline = _newline(text)
    before = newline if at and text[at - 1] != "\n" else ""
    return text[:at] + before + line + newline + text[at:]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _flow(value: Any) -> str:
    """A value as YAML on one line."""
    import yaml

    line: str = yaml.safe_dump(value, default_flow_style=True, width=1_000_000, allow_unicode=True, sort_keys=False)
    return line.removesuffix("\n").removesuffix("\n...")
