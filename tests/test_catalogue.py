from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from credgap import catalogue, lint
from credgap.errors import CatalogueError

TODAY = dt.date(2026, 11, 22)
SKILL = "- {id: sql, name: SQL, category: data}\n"
HEAD = "skills:\n" + SKILL
CREDENTIAL = """credentials:
- id: c
  name: C
  provider: p
  issuer: P
  kind: badge
  url: https://example.org
"""
PROVIDER = "providers:\n- {id: p, name: P, url: 'https://example.org'}\n"

FAULTS = {
    "tab": ("skills:\n\t- x", "2: not well-formed YAML"),
    "twice the key": ("skills:\n- {id: a, id: b, name: A, category: x}\n", "2: not well-formed YAML: the key 'id' stands twice"),
    "list at the top": ("- a\n", "1: a catalogue is a mapping"),
    "unknown key": (HEAD + "skils: []\n", "3: skils: unknown key"),
    "not a list": ("skills: {a: b}\n", "1: skills: is not a list"),
    "unknown field": ("skills:\n- {id: sql, name: SQL, category: data, nmae: x}\n", "2: skills.sql.nmae"),
    "bad id": ("skills:\n- {id: A b, name: SQL, category: data}\n", "2: skills.A b.id"),
    "twice the id": (HEAD + SKILL, "3: skills.sql.id: stands twice"),
    "no such skill": (
        "skills:\n- {id: a, name: A, category: x, implies: [{skill: nix, share: 1}]}\n",
        "2: skills.a.implies.0.skill: names the skill 'nix'",
    ),
    "no such provider": (HEAD + CREDENTIAL + "  teaches: [{skill: sql}]\n", "6: credentials.c.provider: names the provider 'p'"),
    "no such plan": (
        HEAD + PROVIDER + CREDENTIAL + "  teaches: [{skill: sql}]\n  offers:\n  - {pay: subscription, plan: q}\n",
        "14: credentials.c.offers.0.plan: names the plan 'q'",
    ),
    "half an offer": (
        HEAD + PROVIDER + CREDENTIAL + "  teaches: [{skill: sql}]\n  offers: [{pay: once}]\n",
        "13: credentials.c.offers.0: an offer paid 'once'",
    ),
    "hours without a basis": (
        HEAD + PROVIDER + CREDENTIAL + "  teaches: [{skill: sql}]\n  hours: 3\n",
        "6: credentials.c: hours without hours_basis",
    ),
    "hours upside down": (
        HEAD + PROVIDER + CREDENTIAL + "  teaches: [{skill: sql}]\n  hours_basis: stated\n  hours: {low: 9, high: 3}\n",
        "14: credentials.c.hours: low is more than high",
    ),
    "nan": (
        HEAD + PROVIDER + CREDENTIAL + "  teaches: [{skill: sql}]\n  offers: [{pay: once, amount: .nan, currency: USD}]\n",
        "13: credentials.c.offers.0.amount",
    ),
    "awards no certification": (HEAD + PROVIDER + CREDENTIAL + "  awards: [sql]\n", "12: credentials.c.awards.0: 'sql' is a hard skill"),
    "requires itself": (
        HEAD + PROVIDER + CREDENTIAL + "  teaches: [{skill: sql}]\n  requires: {credentials: [c]}\n",
        "13: credentials.c.requires.credentials: requires itself",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_file_line_and_field(name: str, tmp_path: Path) -> None:
    text, expected = FAULTS[name]
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    faults = [str(f.place) for f in lint.check([path], builtin=False, today=TODAY) if f.severity == "fault"]
    assert any(f.startswith(f"{path}:{expected}") for f in faults), faults
    with pytest.raises(CatalogueError):
        catalogue.load([path], builtin=False)


WHOLE = HEAD + PROVIDER + CREDENTIAL + "  teaches: [{skill: sql, level: 1}]\n"
SOURCE = "  sources: [{url: 'https://example.org/c', states: [price, hours], checked: 2026-11-01}]\n"
DOUBTS = {
    "no source": (WHOLE, "6: credentials.c.sources: no source"),
    "a price that nobody believes": (
        WHOLE + SOURCE + "  offers: [{pay: once, amount: 90000, currency: USD}]\n",
        "offers.0.amount: 90000 USD",
    ),
    "a figure without its page": (
        WHOLE + "  hours: 9\n  hours_basis: stated\n  sources: [{url: 'https://example.org/c', states: [price], checked: 2026-11-01}]\n",
        "sources: no source states its hours",
    ),
    "too few hours": (
        WHOLE.replace("level: 1", "level: 2") + "  hours: 2\n  hours_basis: stated\n" + SOURCE,
        "hours: 2 hours for 1 core skills at a working level",
    ),
    "an estimate that is no range": (WHOLE + "  hours: 20\n  hours_basis: estimate\n" + SOURCE, "hours: an estimate is a range"),
    "advanced without proof": (WHOLE.replace("level: 1", "level: 3") + SOURCE, "teaches: level 3 in sql"),
    "the same name twice": (
        WHOLE + SOURCE + WHOLE[WHOLE.index("- id: c") :].replace("id: c", "id: d") + SOURCE,
        "d.name: is the name of 'c' too",
    ),
}


@pytest.mark.parametrize("name", DOUBTS)
def test_a_doubt_names_line_and_field(name: str, tmp_path: Path) -> None:
    text, expected = DOUBTS[name]
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    found = lint.check([path], builtin=False, today=TODAY)
    assert [f for f in found if f.severity == "fault"] == []
    assert any(expected in str(f) for f in found if f.severity == "doubt"), list(map(str, found))


def test_old_prices_and_what_no_goal_asks_for_are_notes(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(WHOLE + SOURCE + "  offers: [{pay: once, amount: 9, currency: USD}]\n")
    later = lint.check([path], builtin=False, today=dt.date(2027, 11, 1))
    assert [f.severity for f in later] == ["note", "note"]
    assert "365 days ago" in str(later[0])


def test_an_unknown_id_comes_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + "goals:\n- {id: g, name: G, skills: [{skill: sqll, weight: 1}]}\n")
    assert "nearest: 'sql'" in str(lint.check([path], builtin=False, today=TODAY)[0])


def test_an_overlay_replaces_entries_of_the_same_id_and_adds_others(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(HEAD)
    second.write_text("skills:\n- {id: sql, name: Sequel, category: data}\n- {id: r, name: R, category: data}\n")
    assert [s.name for s in catalogue.load([first, second], builtin=False).skills] == ["R", "Sequel"]


def test_the_compiled_copy_is_used_and_never_stale(tmp_path: Path) -> None:
    path, cache = tmp_path / "a.yaml", tmp_path / "cache"
    path.write_text(HEAD)
    first, second = (catalogue.load([path], builtin=False, cache=cache) for _ in range(2))
    assert first.plain() == second.plain()
    assert len(list(cache.iterdir())) == 1
    path.write_text(HEAD.replace("SQL", "Sequel"))
    assert catalogue.load([path], builtin=False, cache=cache).skills[0].name == "Sequel"
    for copy in cache.iterdir():
        copy.write_text("{broken")
    assert catalogue.load([path], builtin=False, cache=cache).skills[0].name == "Sequel"


def test_shares_multiply_along_the_best_chain(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "skills:\n- {id: a, name: A, category: x, implies: [{skill: b, share: 0.5}, {skill: c, share: 0.2}]}"
        "\n"
        "- {id: b, name: B, category: x, implies: [{skill: c, share: 0.8}]}\n"
        "- {id: c, name: C, category: x, implies: [{skill: a, share: 0.1}]}\n"
    )
    assert catalogue.load([path], builtin=False).shares["a"] == pytest.approx({"a": 1.0, "b": 0.5, "c": 0.4})
