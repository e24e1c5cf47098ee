"""The built-in data: form and references are checked when it is loaded; here what a loader cannot know."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from credgap import catalogue, lint, schema
from credgap.files import data_folder
from credgap.models import Catalogue


@pytest.fixture(scope="module")
def builtin(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The built-in catalogue."""
    return catalogue.load(cache=tmp_path_factory.getbasetemp() / "cache" / "credgap")


def test_it_is_broad(builtin: Catalogue) -> None:
    taken = [c for c in builtin.credentials if c.status == "current"]
    assert len(builtin.skills) >= 4000
    assert len(taken) >= 400
    assert sum(n >= 12 for n in Counter(c.field for c in taken).values()) >= 20
    assert {c.kind for c in taken} >= {"badge", "certificate", "professional_certificate", "microdegree", "bootcamp", "exam"}
    assert sum(bool(c.offers) and c.hours is not None for c in taken) >= 250
    assert len(builtin.goals) >= 90
    assert sum(s.tutorial is not None for s in builtin.skills) >= 150


def test_it_stands_up_to_its_own_check() -> None:
    """Faults and doubts; notes (an old price, an address shared) are for readers."""
    found = lint.check([], today=dt.date(2026, 11, 22))
    assert [str(f) for f in found if f.severity != "note"] == []


def test_the_editor_schema_is_that_of_the_models() -> None:
    """Where this fails: credgap catalog schema --output data/catalogue.schema.json."""
    assert (data_folder() / "catalogue.schema.json").read_text(encoding="utf-8") == schema.text()


def test_every_credential_is_about_something(builtin: Catalogue) -> None:
    assert [c.id for c in builtin.credentials if not c.awards and not any(t.depth == "core" for t in c.teaches)] == []


def test_goals_carry_the_counts_their_weights_come_from(builtin: Catalogue) -> None:
    for g in builtin.goals:
        assert g.postings, g.id
        for s in g.skills:
            assert s.count, (g.id, s.skill)
            assert s.weight == pytest.approx(s.count / g.postings, abs=0.001)


def test_names_that_are_ordinary_words_carry_evidence_rules(builtin: Catalogue) -> None:
    for skill in ("go", "r", "c", "microsoft-excel", "microsoft-access", "apache-spark"):
        s = builtin.skill[skill]
        bare = [
            a
            for a in s.aliases
            if " " not in a.name and a.name.isalpha() and a.name.casefold() in {"go", "r", "c", "excel", "access", "spark"}
        ]
        rules = [s.name_rule] if " " not in s.name else bare
        assert rules, skill
        assert all(r.needs or r.unless or r.case for r in rules), skill
