"""Fit data/weights.json, by which a find counts as asked for and a phrase as an unknown term, to labelled postings.

    python scripts/fit_weights.py POSTINGS.jsonl LABELS.jsonl [... ...] [--sentences SPANS.json ...] [--bulk POSTINGS.jsonl]

A posting: {"id", "text"}; its labels: {"id", "requirements": [{"kind", "mentions": [...]}]}. `--sentences` takes sentences with labelled
spans in the format of SkillSpan ("tokens", "tags_knowledge", "source", "idx"): only for whether a find is asked for. Needs scikit-learn.
`--bulk` takes postings without labels, for unknown terms: names that few of them have are hidden, and what is hidden counts as labelled,
so that words are weighed that no labelled posting has. Prints, for the postings that were held out in turn, what the
fitted weights keep and how much of that is right.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from credgap import asking, catalogue, cues, posting, requirements, skills, terms
from credgap.skills import SkillIndex

SEEN = 6
"""A sign that stands at fewer rows is left out."""
SENTENCES = 1.0
"""What a row of labelled sentences counts, beside one of a posting: they are fewer."""
SEEN_IN_BULK = 8
"""The same where rows without labels are among them."""
HIDDEN = 6
"""A name is hidden if the skill is named in so many postings without labels at most."""
LIKENESS = 0.15
"""What a row without a label counts, beside one with a label."""
PHRASES = 20
"""How many phrases that hide nothing are taken for one that does."""
TARGET = Path(__file__).parents[1] / "data" / "weights.json"
SPAN = tuple[int, int]


class Row(NamedTuple):
    """One find or phrase: its posting, its skill or words, its signs, and whether a label meets it."""

    posting: str
    key: str
    signs: list[str]
    right: bool


def _records(path: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def _spans(text: str, mention: str) -> list[SPAN]:
    whole = [m.span() for m in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(mention)}(?![A-Za-z0-9])", text)]
    return whole or [m.span() for m in re.finditer(re.escape(mention), text)]


def _meets(a: SPAN, b: SPAN, share: float) -> bool:
    common = min(a[1], b[1]) - max(a[0], b[0])
    return common > 0 and common >= share * (max(a[1], b[1]) - min(a[0], b[0]))


def _labelled(paths: list[str]) -> Iterator[tuple[str, str, list[SPAN]]]:
    for texts, labels in zip(paths[::2], paths[1::2], strict=True):
        text = {str(r["id"]): str(r["text"]) for r in _records(texts)}
        for g in _records(labels):
            t = text[str(g["id"])]
            yield str(g["id"]), t, [s for r in g["requirements"] for m in r["mentions"] for s in _spans(t, m)]  # type: ignore[attr-defined]


def _sentences(paths: list[str]) -> Iterator[tuple[str, str, list[SPAN]]]:
    for path in paths:
        texts: dict[str, str] = defaultdict(str)
        spans: dict[str, list[SPAN]] = defaultdict(list)
        for row in _records(path):
            key, start = f"{row['source']}-{row['idx']}", None
            at, ends = len(texts[key]), []
            tokens: list[str] = row["tokens"]  # type: ignore[assignment]
            for token in tokens:
                ends.append((at, at + len(token)))
                at += len(token) + 1
            for i, tag in enumerate([*row["tags_knowledge"], "O"]):  # type: ignore[misc]
                if start is not None and tag[0] in "BO":
                    spans[key].append((ends[start][0], ends[i - 1][1]))
                    start = None
                if tag[0] == "B" or (tag[0] == "I" and start is None):
                    start = i
            texts[key] += " ".join(tokens) + "\n"
        for key, text in texts.items():
            yield key, text, spans[key]


def _finds(index: SkillIndex, id: str, text: str, labels: list[SPAN], share: float) -> Iterator[Row]:
    p = posting.read(text, id=id, source=id)
    wanted, _ = requirements.named(p.clean, cues.items(p), index.find(p))
    for f, _, _, signs in requirements.weighed(wanted, p.clean):
        if f.skill.kind in requirements.WEIGHED:
            span = p.place(f.start), p.place(f.end - 1) + 1
            yield Row(id, f.skill.id, signs, any(_meets(span, label, share) for label in labels))


def _phrases(index: SkillIndex, id: str, text: str, labels: list[SPAN]) -> Iterator[Row]:
    p = posting.read(text, id=id, source=id)
    finds = [(f.start, f.end) for f in index.find(p)]
    for a, b, signs in terms.candidates(p.clean, cues.items(p), finds, index.words):
        if index.knows(p.clean[a:b]):
            continue
        span = p.place(a), p.place(b - 1) + 1
        yield Row(id, p.clean[a:b].lower(), signs, any(_meets(span, label, 0.5) for label in labels))


def _hidden(index: SkillIndex, path: str, most: int) -> list[Row]:
    """Phrases of postings without labels, from which the names that few of them have are hidden."""
    with gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    chosen = random.Random(1)
    read = []
    for r in chosen.sample(records, min(most, len(records))):
        p = posting.read(r["text"], id=str(r["id"]), source=str(r["id"]))
        read.append((p, cues.items(p), index.find(p)))
    often = Counter(id for _, _, finds in read for id in {f.skill.id for f in finds})
    asked = asking.model("asked")
    right: list[Row] = []
    wrong: list[Row] = []
    for p, items, finds in read:
        wanted, _ = requirements.named(p.clean, items, finds)
        hidden = {
            (f.start, f.end)
            for f, _, _, signs in requirements.weighed(wanted, p.clean)
            if f.skill.kind in requirements.WEIGHED and often[f.skill.id] <= HIDDEN and asked.likelihood(signs) >= asked.least
        }
        shown = [(f.start, f.end) for f in finds if (f.start, f.end) not in hidden]
        for a, b, signs in terms.candidates(p.clean, items, shown, index.words):
            met = any(_meets((a, b), span, 0.5) for span in hidden)
            if met or not index.knows(p.clean[a:b]):
                (right if met else wrong).append(Row(p.id, p.clean[a:b].lower(), signs, met))
    return right + chosen.sample(wrong, min(len(wrong), PHRASES * len(right)))


def _fit(name: str, rows: list[Row], other: list[Row], least: float, strength: float, weight: float, seen: int) -> dict[str, object]:
    """Weights of a logistic regression; its likelihoods on postings held out are printed beside what comes of each limit.

    A row of `other` counts `weight`; a sign that stands at fewer than `seen` rows is left out.
    """
    often = Counter(sign for r in rows + other for sign in set(r.signs))
    vectorizer = DictVectorizer()
    x = vectorizer.fit_transform([{s: 1.0 for s in r.signs if often[s] >= seen} for r in rows + other]).tocsr()
    y = np.array([r.right for r in rows + other])
    heed = np.array([1.0] * len(rows) + [weight] * len(other))
    model = LogisticRegression(C=strength, max_iter=5000)
    groups = [r.posting for r in rows + other]
    p = np.zeros(len(rows))
    for learnt, left_out in GroupKFold(10).split(x, y, groups):
        if (mine := left_out[left_out < len(rows)]).size:
            p[mine] = model.fit(x[learnt], y[learnt], sample_weight=heed[learnt]).predict_proba(x[mine])[:, 1]
    for limit in sorted({0.0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, least}):
        kept: dict[tuple[str, str], bool] = {}
        for row, likelihood in zip(rows, p, strict=True):
            if likelihood >= limit:
                kept[row.posting, row.key] = kept.get((row.posting, row.key), False) or row.right
        right = sum(kept.values())
        print(f"{name}: limit {limit:.2f}  kept {len(kept)}  right {right}  share {right / max(1, len(kept)):.3f}", file=sys.stderr)
    model.fit(x, y, sample_weight=heed)
    weights = {str(n): round(float(w), 3) for n, w in zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True)}
    return {
        "base": round(float(model.intercept_[0]), 3),
        "least": least,
        "weights": {n: w for n, w in sorted(weights.items()) if abs(w) >= 0.02},
    }


def main() -> None:
    """Read the labels, fit, write."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("labelled", nargs="+")
    ap.add_argument("--unseen", nargs="*", default=[], help="more postings and labels, on which alone `unknown` is fitted")
    ap.add_argument("--sentences", nargs="*", default=[])
    ap.add_argument("--bulk", help="postings without labels (.jsonl, also .gz), for `unknown` alone")
    ap.add_argument("--most", type=int, default=3000, help="how many of them are read")
    ap.add_argument("--least-asked", type=float, default=0.5)
    ap.add_argument("--least-unknown", type=float, default=0.32)
    ap.add_argument("--strength-asked", type=float, default=0.05, help="inverse of the regularisation")
    ap.add_argument("--strength-unknown", type=float, default=0.3)
    a = ap.parse_args()
    built = catalogue.load()
    index = skills.index(built.skills)
    asked, unknown, sentences = [], [], []
    for id, text, labels in _labelled(a.labelled):
        asked += list(_finds(index, id, text, labels, 0.5))
    for id, text, labels in _labelled(a.unseen or a.labelled):
        unknown += list(_phrases(index, id, text, labels))
    for id, text, labels in _sentences(a.sentences):
        sentences += list(_finds(index, id, text, labels, 0.0))
    hidden = _hidden(index, a.bulk, a.most) if a.bulk else []
    fitted = {
        "asked": _fit("asked", asked, sentences, a.least_asked, a.strength_asked, SENTENCES, SEEN),
        "unknown": _fit("unknown", unknown, hidden, a.least_unknown, a.strength_unknown, LIKENESS, SEEN_IN_BULK if hidden else SEEN),
    }
    TARGET.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
