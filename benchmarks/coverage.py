"""How much of what postings ask the catalogue can answer, field by field, and the largest gaps.

    python benchmarks/coverage.py POSTINGS.jsonl[.gz] [--gaps 50] [--limit N]

Counted are required hard and certification skills that are not generic, once for each posting that asks. A skill is answered by a
credential where one is about it or awards it (or what implies it in full), and otherwise where a free place to learn it is named.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from itertools import islice
from pathlib import Path

from extraction import read, records

from credgap import catalogue, skills
from credgap.models import Catalogue


def main() -> int:
    """Read the postings and print the shares."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("postings", type=Path)
    arguments.add_argument("--gaps", type=int, default=50)
    arguments.add_argument("--limit", type=int)
    given = arguments.parse_args()
    known = catalogue.load()
    demand = asked(given.postings, known, given.limit)
    total: Counter[str] = sum(demand.values(), Counter())
    sold, named = answered(known)
    print(f"{'field':32} {'asked':>7} {'credential':>11} {'or a place':>11}")
    for field, counts in [("all", total), *sorted(demand.items())]:
        every = sum(counts.values())
        by, either = (sum(n for s, n in counts.items() if s in found) / every for found in (sold, sold | named))
        print(f"{field:32} {every:7} {by:11.1%} {either:11.1%}")
    gaps = [(s, n) for s, n in total.most_common() if s not in sold and s not in named][: given.gaps]
    print("largest gaps: " + ", ".join(f"{s} {n}" for s, n in gaps))
    return 0


def asked(path: Path, known: Catalogue, limit: int | None) -> dict[str, Counter[str]]:
    """For each field of the postings, how many of them require each skill."""
    index, found = skills.index(known.skills), defaultdict[str, Counter[str]](Counter)
    for row in islice(records(path), limit):
        wants = read(row, index)
        required = {r.skill for r in wants.requirements if r.importance == "required" and r.kind in ("hard", "certification")}
        found[str(row.get("field") or "no field")].update(s for s in required if not known.skill[s].generic)
    return found


def answered(known: Catalogue) -> tuple[set[str], set[str]]:
    """The skills that a credential brings in full, and those with a free place to learn them."""
    given = {s for c in known.credentials if c.status == "current" for s in (*(t.skill for t in c.teaches if t.depth == "core"), *c.awards)}
    sold = {s for g in given for s, share in known.shares[g].items() if share >= 1}
    return sold, {s.id for s in known.skills if s.tutorial is not None}


if __name__ == "__main__":
    sys.exit(main())
