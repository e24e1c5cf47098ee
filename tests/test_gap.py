from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from credgap import gap, goal
from credgap.models import Catalogue, Profile, Requirements

TODAY = dt.date(2026, 11, 20)


def wants(catalogue: Catalogue, *skills: dict[str, Any], gates: tuple[dict[str, Any], ...] = ()) -> Requirements:
    """Requirements written short: each {skill, and what differs from a required working skill}."""
    known = catalogue.skill
    full = [{"name": known[s["skill"]].name, "kind": known[s["skill"]].kind, "importance": "required", **s} for s in skills]
    return Requirements.model_validate({"id": "x", "source": "x", "requirements": full, "gates": gates})


HELD = {
    "level short": ({"skill": "sql", "level": 3}, {"skills": [{"skill": "sql", "level": 1}]}, 1 / 3),
    "level beyond": ({"skill": "sql", "level": 1}, {"skills": [{"skill": "sql", "level": 3}]}, 1.0),
    "implied": ({"skill": "sql"}, {"skills": [{"skill": "postgresql", "level": 2}]}, 1.0),
    "implied in part": ({"skill": "python"}, {"skills": [{"skill": "pandas", "level": 2}]}, 0.7),
    "never from the wide to the narrow": ({"skill": "postgresql"}, {"skills": [{"skill": "sql", "level": 3}]}, 0.0),
    "taught in passing": ({"skill": "tableau"}, {"credentials": [{"id": "sql-course"}]}, 0.3),
    "years not shown": ({"skill": "sql", "years": 3}, {"skills": [{"skill": "sql"}]}, 0.5),
    "years short": ({"skill": "sql", "years": 3}, {"skills": [{"skill": "sql", "years": 2}]}, 0.5),
    "years held": ({"skill": "sql", "years": 3}, {"skills": [{"skill": "postgresql", "years": 3}]}, 1.0),
    "one year is no wall": ({"skill": "sql", "years": 1}, {"skills": [{"skill": "sql"}]}, 1.0),
    "certification held": ({"skill": "pmp"}, {"credentials": [{"id": "pmp", "earned": "2024-01-01"}]}, 1.0),
    "certification lapsed": ({"skill": "pmp"}, {"credentials": [{"id": "pmp", "earned": "2023-11-01"}]}, 0.0),
    "certification said to have expired": ({"skill": "capm"}, {"credentials": [{"id": "capm", "expires": "2026-11-19"}]}, 0.0),
    "a higher certification": ({"skill": "pmp"}, {"skills": [{"skill": "pgmp"}]}, 1.0),
    "a lower certification": ({"skill": "pgmp"}, {"skills": [{"skill": "pmp"}]}, 0.0),
}


@pytest.mark.parametrize("name", HELD)
def test_held(name: str, small: Catalogue) -> None:
    want, profile, expected = HELD[name]
    got = gap.compare(wants(small, want), Profile.model_validate(profile), small, today=TODAY)
    assert got.needs[0].held == pytest.approx(expected)
    assert got.fit == pytest.approx(expected)


def test_fit_weighs_by_importance_and_counts_alternatives_once(small: Catalogue) -> None:
    asked = wants(
        small,
        {"skill": "sql"},
        {"skill": "tableau", "group": 1, "importance": "preferred"},
        {"skill": "power-bi", "group": 1, "importance": "preferred"},
        {"skill": "python", "importance": "context"},
        {"skill": "research"},
        {"skill": "communication"},
    )
    got = gap.compare(asked, Profile.model_validate({"skills": [{"skill": "power-bi"}]}), small, today=TODAY)
    assert got.total == pytest.approx(1.0 + 0.4 + 0.1)
    assert got.fit == pytest.approx(0.4 / 1.5)
    assert [n.counted for n in got.needs] == [True, True, True, True, False, False]


def test_soft_skills_count_when_told_to(small: Catalogue) -> None:
    asked = wants(small, {"skill": "communication"})
    assert gap.compare(asked, Profile(), small, today=TODAY).total == 0
    assert gap.compare(asked, Profile(), small, today=TODAY, count=("hard", "soft")).total == 1


NURSE = {"kind": "licence", "text": "RN", "hard": True, "skill": "rn-license"}
DEGREE = {"kind": "degree", "text": "a bachelor's degree", "hard": True, "degree": "bachelor"}
VERDICTS = {
    "fit": ({"skills": [{"skill": "sql"}]}, (), "apply_now"),
    "no fit": ({"skills": [{"skill": "python"}]}, (), "study_then_apply"),
    "empty profile": ({}, (), "study_then_apply"),
    "licence missing": ({"skills": [{"skill": "sql"}], "licences": []}, (NURSE,), "blocked"),
    "licence held": ({"skills": [{"skill": "sql"}], "licences": ["rn-license"]}, (NURSE,), "apply_now"),
    "licence not spoken of": ({"skills": [{"skill": "sql"}]}, (NURSE,), "unknown"),
    "a licence preferred": ({"skills": [{"skill": "sql"}], "licences": []}, ({**NURSE, "hard": False},), "apply_now"),
    "degree too low": ({"skills": [{"skill": "sql"}], "education": [{"degree": "associate"}]}, (DEGREE,), "blocked"),
    "degree higher": ({"skills": [{"skill": "sql"}], "education": [{"degree": "master"}]}, (DEGREE,), "apply_now"),
    "unmet beats unknown": ({"licences": []}, (NURSE, DEGREE), "blocked"),
    "years": ({"skills": [{"skill": "sql"}], "years": 2}, ({"kind": "years", "text": "5 years", "hard": True, "years": 5},), "blocked"),
    "clearance": ({"skills": [{"skill": "sql"}], "clearance": True}, ({"kind": "clearance", "text": "Secret", "hard": True},), "apply_now"),
    "bilingual": (
        {"skills": [{"skill": "sql"}], "languages": ["spanish", "english"]},
        ({"kind": "human_language", "text": "bilingual", "hard": True, "skill": "bilingual"},),
        "apply_now",
    ),
    "language": (
        {"skills": [{"skill": "sql"}], "languages": []},
        ({"kind": "human_language", "text": "Spanish", "hard": True, "skill": "spanish"},),
        "blocked",
    ),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_verdict(name: str, small: Catalogue) -> None:
    profile, gates, expected = VERDICTS[name]
    got = gap.judge(gap.compare(wants(small, {"skill": "sql"}, gates=gates), Profile.model_validate(profile), small, today=TODAY))
    assert got.answer == expected
    assert got.reasons


def test_an_empty_profile_is_said_to_be_empty(small: Catalogue) -> None:
    got = gap.compare(wants(small, {"skill": "sql"}), Profile(), small, today=TODAY)
    assert got.profile_empty
    assert "empty" in gap.judge(got).reasons[0]


def test_nearest_goals_leave_out_those_with_an_unmet_gate(small: Catalogue) -> None:
    held = Profile.model_validate({"skills": [{"skill": "postgresql"}], "licences": []})
    assert [g for g, _ in gap.nearest_goals(held, small, today=TODAY)] == ["data-analyst"]


def test_a_goals_weights_are_scaled_and_sorted_into_importance(small: Catalogue) -> None:
    got = goal.requirements(small.goal["data-analyst"], small)
    assert {r.skill: (r.importance, r.weight) for r in got.requirements} == {
        "sql": ("required", 1.0),
        "python": ("preferred", 0.5),
        "communication": ("required", 0.625),
        "tableau": ("context", 0.125),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [("data-analyst", "data-analyst"), ("reporting analyst", "data-analyst"), ("data analst", "data-analyst"), ("Nurse", "nurse")],
)
def test_a_goal_is_found_by_id_name_alias_or_nearly(text: str, expected: str, small: Catalogue) -> None:
    assert goal.find(text, small)[0].id == expected
