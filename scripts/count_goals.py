"""Postings of roles -> data/goals.yaml: for each role the share of its postings that ask for each skill.

    python scripts/count_goals.py POSTINGS.jsonl[.gz] [--roles scripts/roles.yaml] [--output data/goals.yaml]

Each line of POSTINGS has `title` and `text`. A role's postings are those whose title meets one of its `titles` and none of its `not`.
A skill's weight is its share of them, in whatever section that asks; its level is the one most often asked. Run it on the postings
of a city or a firm to get goals for that place, and lay the result over the built-in ones with --catalog.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import format_data
import yaml

from credgap import catalogue, posting, requirements, skills
from credgap.files import data_folder
from credgap.models import Catalogue, Requirements

HEAD = (
    "# Made by scripts/count_goals.py from counted postings; edit scripts/roles.yaml and run it anew.",
    "# yaml-language-server: $schema=catalogue.schema.json",
)
KEPT = {"hard": 22, "certification": 6, "soft": 5, "licence": 2, "human_language": 0}
"""How many skills of each kind a role keeps, most asked first."""
LEAST_SHARE = 0.08
LEAST_COUNT = 2
MOST_POSTINGS = 600
"""Of a role with more postings every n-th is read, so that about so many are."""


def main() -> int:
    """Count, and write the goals."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("postings", type=Path)
    arguments.add_argument("--roles", type=Path, default=Path(__file__).with_name("roles.yaml"))
    arguments.add_argument("--output", type=Path, default=data_folder() / "goals.yaml")
    given = arguments.parse_args()
    names = data_folder() / "skills.yaml"
    vocabulary, faults, _ = catalogue.assemble([(names, names.read_bytes())])
    if faults:
        sys.exit("\n".join(map(str, faults)))
    index = skills.index(vocabulary.skills)
    roles = yaml.safe_load(given.roles.read_text(encoding="utf-8"))
    of_role = _by_role(given.postings, roles)
    goals = []
    for role in roles:
        texts = of_role[role["id"]]
        step = max(1, len(texts) // MOST_POSTINGS)
        read = [requirements.find(posting.read(t, id=str(i), source="x"), index) for i, t in enumerate(texts[::step])]
        goals.append(goal(role, read, vocabulary))
        print(f"{role['id']}: {len(texts)} postings, {len(goals[-1]['skills'])} skills", file=sys.stderr)
    given.output.write_text("\n".join([*HEAD, *format_data.lines("goals", [g for g in goals if g["skills"]])]) + "\n", encoding="utf-8")
    return 0


def goal(role: dict[str, Any], read: list[Requirements], vocabulary: Catalogue) -> dict[str, Any]:
    """The goal entry of a role, from the requirements of its postings."""
    count: collections.Counter[str] = collections.Counter()
    levels: dict[str, collections.Counter[int]] = collections.defaultdict(collections.Counter)
    for wants in read:
        for r in {r.skill: r for r in wants.requirements}.values():
            count[r.skill] += 1
            levels[r.skill][r.level] += 1
    kept: collections.Counter[str] = collections.Counter()
    rows = []
    for skill, n in sorted(count.items(), key=lambda x: (-x[1], x[0])):
        known = vocabulary.skill[skill]
        if n < LEAST_COUNT or n / len(read) < LEAST_SHARE or known.generic or kept[known.kind] >= KEPT[known.kind]:
            continue
        kept[known.kind] += 1
        level = min(levels[skill].most_common(), key=lambda x: (-x[1], x[0]))[0]
        rows.append({"skill": skill, "weight": round(n / len(read), 3), "level": level, "count": n})
    entry = {k: role[k] for k in ("id", "name", "aliases", "category", "onet") if k in role}
    return entry | {"postings": len(read)} | {k: role[k] for k in ("gates", "note") if k in role} | {"skills": rows}


def _by_role(path: Path, roles: list[dict[str, Any]]) -> dict[str, list[str]]:
    wanted = [(r["id"], _any(r["titles"]), _any(r.get("not") or [r"(?!)"])) for r in roles]
    found: dict[str, list[str]] = {r["id"]: [] for r in roles}
    for row in rows(path):
        title = row.get("title") or ""
        for role, titles, without in wanted:
            if titles.search(title) and not without.search(title):
                found[role].append(row["text"])
    return found


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The postings of a .jsonl or .jsonl.gz file, one at a time."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


if __name__ == "__main__":
    sys.exit(main())
