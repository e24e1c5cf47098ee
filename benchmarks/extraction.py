"""How well, how fast and in how much memory postings are read.

    python benchmarks/extraction.py POSTINGS [--labels LABELS.jsonl] [--most 2000] [--seed 1]

POSTINGS is a folder, a posting, or a .jsonl file (also .gz) whose lines have `id` and `text`, and may have `field`. With
labels ({"id", "requirements": [{"kind", "mentions": [...]}]} a line) it prints, for each field, how much of what was found is
labelled, and how much of what is labelled was found, and then the same with one slip of the pen in each long name. Speed is a
ratio within this run: to pyahocorasick (pip install pyahocorasick) with the same names over the same texts, lower-cased; each line
is the best of five runs in turn, in CPU time. Memory is the most this process ever held.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import random
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from credgap import catalogue, posting, requirements, skills
from credgap.models import Requirements
from credgap.skills import SkillIndex

CORE = ("hard", "certification")
LONG = 7
"""A name is long if one of its words has so many letters."""
Record = dict[str, Any]
Span = tuple[int, int]


def records(path: Path) -> Iterator[Record]:
    """The postings, one at a time."""
    if path.suffix in (".gz", ".jsonl"):
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())
    else:
        yield from ({"id": p.id, "text": p.text} for p in posting.each(path))


def read(record: Record, index: SkillIndex) -> Requirements:
    """What one posting asks for."""
    return requirements.find(posting.read(record["text"], id=str(record["id"]), source=str(record["id"])), index)


def spans(text: str, mention: str) -> list[Span]:
    """Where a mention stands, as whole words if it does."""
    whole = [m.span() for m in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(mention)}(?![A-Za-z0-9])", text)]
    return whole or [m.span() for m in re.finditer(re.escape(mention), text)]


def meets(a: Span, b: Span) -> bool:
    """Whether two spans share at least half of their joint length."""
    common = min(a[1], b[1]) - max(a[0], b[0])
    return common > 0 and 2 * common >= max(a[1], b[1]) - min(a[0], b[0])


def accuracy(wanted: Iterable[Record], labels: dict[str, Record], index: SkillIndex) -> None:
    """Precision and recall by field, and of all."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for record in wanted:
        text = record["text"]
        found = [[(m.start, m.end) for m in r.mentions] for r in read(record, index).requirements if r.kind in CORE]
        labelled = labels[str(record["id"])]["requirements"]
        everything = [s for r in labelled for m in r["mentions"] for s in spans(text, m)]
        for name in (str(record.get("field", "no field")), "all"):
            t = tally[name]
            t["found"] += len(found)
            t["right"] += sum(any(meets(a, b) for a in one for b in everything) for one in found)
            for r in labelled:
                if r["kind"] in CORE and not r.get("implicit"):
                    its = [s for m in r["mentions"] for s in spans(text, m)]
                    t["labelled"] += 1
                    t["met"] += any(meets(a, b) for one in found for a in one for b in its)
    print(f"\n{'field':34s} {'labelled':>8s} {'precision':>9s} {'recall':>7s}")
    for name, t in sorted(tally.items(), key=lambda item: (item[0] == "all", item[0])):
        print(f"{name:34s} {t['labelled']:8d} {t['right'] / max(1, t['found']):9.3f} {t['met'] / max(1, t['labelled']):7.3f}")


def slip(word: str, rng: random.Random) -> str:
    """A word with one slip of the pen, not in its first letter."""
    at, kind = rng.randrange(1, len(word) - 1), rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + rng.choice([c for c in "aeinorst" if c != word[at].lower()]) + word[at + 1 :]


def misspellings(wanted: Iterable[Record], labels: dict[str, Record], index: SkillIndex, seed: int) -> None:
    """One slip in each long labelled name that is found: how many are still found, and how many skills appear besides."""
    rng, tried, kept, false, shorter, postings = random.Random(seed), 0, 0, 0, 0, 0
    lost: Counter[str] = Counter()
    for record in wanted:
        text = record["text"]
        before = read(record, index)
        at = {(m.start, m.end): r.skill for r in before.requirements if r.kind in CORE for m in r.mentions}
        changes: list[tuple[int, int, str, str]] = []
        for r in labels[str(record["id"])]["requirements"]:
            for a, b in [s for m in r["mentions"] for s in spans(text, m)][:1]:
                long = max(re.finditer(r"[A-Za-z]+", text[a:b]), key=lambda w: w.end() - w.start(), default=None)
                if (a, b) not in at or long is None or long.end() - long.start() < LONG or any(x < b and a < y for x, y, _, _ in changes):
                    continue
                changes.append((a, b, text[a : a + long.start()] + slip(long.group(), rng) + text[a + long.end() : b], at[a, b]))
        shift, edited = 0, text
        places: list[tuple[int, int, str]] = []
        for a, b, new, skill in sorted(changes):
            edited = edited[: a + shift] + new + edited[b + shift :]
            places.append((a + shift, a + shift + len(new), skill))
            shift += len(new) - (b - a)
        after = read({**record, "text": edited}, index)
        where = [(m.start, m.end, r.skill) for r in after.requirements for m in r.mentions]
        postings += 1
        tried += len(places)
        for a, b, skill in places:
            if any(s == skill and x < b and a < y for x, y, s in where):
                kept += 1
            else:
                lost[edited[a:b]] += 1
        new = {r.skill: r.how for r in after.requirements if r.kind in CORE and r.skill not in {b.skill for b in before.requirements}}
        shorter += len(new)
        false += sum(how.startswith("misspelling") for how in new.values())
    print(f"\none slip in each long name: {kept} of {tried} still found ({kept / max(1, tried):.3f});", end=" ")
    print(f"{false} false names read out of a slip in {postings} postings ({false / max(1, postings):.3f} a posting);", end=" ")
    print(f"{shorter - false} shorter names where the long one was lost")
    print("lost, for example:", ", ".join(f"{name!r}" for name, _ in lost.most_common(12)))


ROUNDS = 5


def speed(wanted: list[Record], index: SkillIndex, names: Iterable[str]) -> None:
    """Rates within this run: the automaton alone, the finding of names, and the whole reading."""
    try:
        import ahocorasick
    except ImportError:
        print("\nspeed: pip install pyahocorasick, which it is measured against")
        return
    alone = ahocorasick.Automaton()
    for name in names:
        alone.add_word(name, name)
    alone.make_automaton()
    texts = [str(r["text"]).lower() for r in wanted]
    clean = [posting.read(r["text"], id=str(r["id"]), source="") for r in wanted]
    gc.collect()
    gc.freeze()

    def seconds(work: Callable[[Any], object], things: Sequence[Any]) -> float:
        start = time.process_time()
        for thing in things:
            work(thing)
        return time.process_time() - start

    measured: dict[str, Callable[[], float]] = {
        "pyahocorasick alone": lambda: seconds(lambda text: sum(1 for _ in alone.iter(text)), texts),
        "finding names in a clean text": lambda: seconds(index.find, clean),
        "reading the posting whole": lambda: seconds(lambda r: read(r, index), wanted),
    }
    best = dict.fromkeys(measured, float("inf"))
    for _ in range(ROUNDS):  # in turn, so that other work on the machine falls on all
        for name, measure in measured.items():
            best[name] = min(best[name], measure())
    base = best["pyahocorasick alone"]
    print(f"\n{'speed':34s} {'ms each':>8s} {'a second':>9s} {'ratio':>7s}")
    for name, took in best.items():
        print(f"{name:34s} {took / len(wanted) * 1000:8.2f} {len(wanted) / took:9.0f} {base / took:7.3f}")


def memory() -> float:
    """The most memory this process held, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 if sys.platform != "darwin" else 1024 * 1024)


def main() -> None:
    """Measure and print."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("postings", type=Path)
    ap.add_argument("--labels", type=Path)
    ap.add_argument("--most", type=int, default=2000, help="how many postings to time")
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    built = catalogue.load()
    prepared = skills.prepare(built.skills)
    index = skills.index(built.skills, prepared)
    print(f"{len(built.skills)} skills, {len(prepared)} names; {memory():.0f} MB after loading")
    n = 0
    for record in records(a.postings):
        read(record, index)
        n += 1
        if n in (500, 5000, 15000):
            print(f"{memory():.0f} MB after {n} postings")
    print(f"{memory():.0f} MB after all {n}")
    if a.labels is not None:
        labels = {str(r["id"]): r for r in map(json.loads, a.labels.read_text(encoding="utf-8").splitlines())}
        wanted = [r for r in records(a.postings) if str(r["id"]) in labels]
        accuracy(wanted, labels, index)
        misspellings(wanted, labels, index, a.seed)
    timed = [r for _, r in zip(range(a.most), records(a.postings), strict=False)]
    speed(timed, index, prepared)


if __name__ == "__main__":
    main()
