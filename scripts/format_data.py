"""The files of data/ in one form: a fixed order of keys, a line for each fact, credentials by field and skills by category.

    python scripts/format_data.py [--check] [FILE...]

With --check nothing is written, and the exit code is 1 where a file is not in this form. A comment survives only at the top of a file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from credgap.catalogue import BUILTIN, ENTRY, Section
from credgap.files import data_folder

GROUP: Mapping[Section, str] = {"skills": "category", "credentials": "field", "goals": "category"}
"""By what the entries of a file are grouped, each group under its name."""
ON_ONE_LINE: tuple[Section, ...] = ("skills", "issuers")


class Dumper(yaml.SafeDumper):
    """YAML without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value that stands twice out twice."""
        return True


def main() -> int:
    """Rewrite the files, or say which are not in form."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("files", nargs="*", type=Path, default=[data_folder() / name for name in BUILTIN])
    arguments.add_argument("--check", action="store_true")
    given = arguments.parse_args()
    wrong = 0
    for path in given.files:
        before = path.read_text(encoding="utf-8")
        after = formatted(before)
        if after == before:
            continue
        wrong += 1
        print(f"{path}: {'is not in form' if given.check else 'rewritten'}", file=sys.stderr)
        if not given.check:
            path.write_text(after, encoding="utf-8")
    return int(given.check and wrong > 0)


def formatted(text: str) -> str:
    """A catalogue file in form."""
    head = [line for line in text.split("\n", 20)[:20] if line.startswith("#")]
    document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return "".join(line + "\n" for section, entries in document.items() for line in (*top(head), *lines(section, entries or [])))


def top(head: Sequence[str]) -> list[str]:
    """The comments that stand at the top of a file."""
    return [line for line in head if line == head[0] or line.startswith("# yaml-language-server")]


def lines(section: Section, entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """A section of a catalogue file in form: sorted by group and id, except goals, which keep their order."""
    group = GROUP.get(section)
    ordered = list(entries)
    ordered.sort(key=lambda e: (str(e.get(group or "", "")), "" if section == "goals" else e["id"]))
    found, last = [f"{section}:"], None
    for entry in ordered:
        here = entry.get(group) if group else None
        if group and here != last:
            found.append(f"# {here}")
            last = here
        found += one(section, entry)
    return found


def one(section: Section, entry: Mapping[str, Any]) -> list[str]:
    """One entry: its keys in the order of the model, each on a line, lists of mappings with a line for each."""
    keys = [k for k in ENTRY[section].model_fields if k in entry and entry[k] not in (None, [], {})]
    unknown = [k for k in entry if k not in ENTRY[section].model_fields]
    if section in ON_ONE_LINE:
        return ["- " + _flow({k: entry[k] for k in (*keys, *unknown)})]
    return _item({k: entry[k] for k in (*keys, *unknown)})


def _item(entry: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for key, value in entry.items():
        if isinstance(value, list) and any(isinstance(v, dict) for v in value):
            wide = any(isinstance(x, list) and x and isinstance(x[0], dict) for v in value for x in v.values())
            found += [f"{key}:", *(line for v in value for line in (_item(v) if wide else ["- " + _flow(v)]))]
        else:
            found.append(f"{key}: {_flow(value)}")
    return ["- " + found[0], *("  " + line for line in found[1:])]


def _flow(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=Dumper, default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf"))
    return text.removesuffix("\n...\n").rstrip("\n")


if __name__ == "__main__":
    sys.exit(main())
