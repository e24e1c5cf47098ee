"""The built-in data: form and references are checked when it is loaded; here what a loader cannot know."""

from __future__ import annotations

from collections import Counter

import pytest

from credgap import catalogue
from credgap.models import Catalogue, Credential

FACTS = {
    "price": lambda c: any(o.pay != "subscription" for o in c.offers),
    "hours": lambda c: c.hours is not None and c.hours_basis != "estimate",
    "renewal": lambda c: c.renewal is not None,
}


@pytest.fixture(scope="module")
def builtin(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The built-in catalogue."""
    return catalogue.load(cache=tmp_path_factory.getbasetemp() / "cache" / "credgap")


def test_it_is_broad(builtin: Catalogue) -> None:
    fields = Counter(s.category for s in builtin.skills)
    assert len(builtin.skills) >= 1200
    assert sum(n >= 10 for n in fields.values()) >= 14
    assert len(builtin.credentials) >= 120
    assert sum(n >= 5 for n in Counter(c.field for c in builtin.credentials).values()) >= 12
    assert len(builtin.goals) >= 30
    assert len({g.category for g in builtin.goals}) >= 14
    assert "data-scientist" in builtin.goal


@pytest.mark.parametrize("fact", FACTS)
def test_every_figure_has_a_page_that_states_it(fact: str, builtin: Catalogue) -> None:
    def stated(c: Credential) -> bool:
        return any(fact in s.states for s in c.sources)

    assert [c.id for c in builtin.credentials if FACTS[fact](c) and not stated(c)] == []


def test_every_plan_and_credential_has_a_dated_source(builtin: Catalogue) -> None:
    assert [p.id for p in builtin.subscription.values() if not p.sources] == []
    assert [c.id for c in builtin.credentials if not c.sources] == []


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
