"""A YAML file -> plain data, and the file, line and field of everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

if TYPE_CHECKING:
    import yaml

Loc = tuple[str | int, ...]
"""A way into a document: keys of mappings and positions in lists."""


@dataclass(frozen=True)
class Fault:
    """Something wrong in a file: which file, line (from 1; 0 unknown), field, and what."""

    file: str
    line: int
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}{f':{self.line}' if self.line else ''}: {self.field + ': ' if self.field else ''}{self.what}"


def parse(path: Path, text: bytes) -> tuple[Any, Fault | None]:
    """The one document of a YAML file, or the fault that keeps it from being read."""
    import yaml

    try:
        return yaml.load(text, Loader=_loader()), None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, Fault(str(path), mark.line + 1 if mark else 0, "", f"not well-formed YAML: {error.problem or error.context}")
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        return None, Fault(str(path), 0, "", f"not readable as YAML: {str(error).splitlines()[0]}")


def faults_of(error: ValidationError, path: Path, text: bytes, at: Loc, label: str) -> Iterator[Fault]:
    """A model's validation error as faults. `at` is where the entry stands in the document, `label` how to call it."""
    item = _item(error)
    for e in error.errors(include_url=False):
        if _other_branch(e["loc"], item):
            continue
        loc = tuple(x for x in e["loc"] if not _is_branch(x))
        what = e["msg"].removeprefix("Value error, ")
        if e["type"] in {"string_pattern_mismatch", "literal_error", "string_type"} and not isinstance(e["input"], dict | list):
            what += f", got {e['input']!r}"
        field = ".".join(x for x in (label, *map(str, loc)) if x)
        yield Fault(str(path), line_of(text, (*at, *loc)), field, what)


def line_of(text: bytes, loc: Sequence[str | int]) -> int:
    """The line (from 1) of the deepest node along `loc` that exists; 0 if the text has no nodes."""
    import yaml

    node = _composed(text)
    line = node.start_mark.line + 1 if node else 0
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


@lru_cache(maxsize=4)
def _composed(text: bytes) -> yaml.Node | None:
    """The tree of nodes with their lines; kept, since a file with one fault often has more."""
    import yaml

    try:
        node: yaml.Node | None = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return None
    return node


def _loader() -> type[yaml.SafeLoader]:
    """PyYAML's safe loader (in C where built), refusing a key that stands twice in one mapping."""
    import yaml

    parent: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Strict(parent):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            mapping = super().construct_mapping(node, deep)
            if len(mapping) != len(node.value):
                keys = [k.value for k, _ in node.value]
                twice = next((k for k in keys if keys.count(k) > 1), keys[0])
                raise yaml.constructor.ConstructorError(None, None, f"the key {twice!r} stands twice", node.start_mark)
            return mapping

    return Strict


def _item(error: ValidationError) -> Any:
    """The input the hours of which were at fault, if any: tells in which of its two forms they were written."""
    return next((e["input"] for e in error.errors(include_url=False) if any(_is_branch(x) for x in e["loc"])), None)


def _is_branch(step: int | str) -> bool:
    """Whether a step of pydantic's error path names a branch of `hours: number | {low, high}`, not a field."""
    return isinstance(step, str) and ("HoursRange" in step or step == "constrained-float")


def _other_branch(loc: Sequence[int | str], hours: Any) -> bool:
    """Whether the error is about the form of `hours` that was not written."""
    return any(_is_branch(x) and ("HoursRange" in str(x)) != isinstance(hours, dict) for x in loc)
