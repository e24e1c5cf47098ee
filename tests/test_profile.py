from __future__ import annotations

from pathlib import Path

import pytest

from credgap import profile
from credgap.cli.inputs import Data
from credgap.errors import ProfileError
from credgap.models import Catalogue


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sql", [("sql", 2, None)]),
        (" SQL:3 , postgres:1:4y,", [("sql", 3, None), ("postgresql", 1, 4.0)]),
        ("sql::2 years", [("sql", 2, 2.0)]),
        ("", []),
    ],
)
def test_have(text: str, expected: list[tuple[str, int, float | None]], small: Catalogue) -> None:
    assert [(h.skill, h.level, h.years) for h in profile.have(text, Data(small))] == expected


@pytest.mark.parametrize(("text", "message"), [("sqll", "sqll"), ("sql:4", "level is 1, 2 or 3"), ("sql:2:many", "years are a number")])
def test_have_says_what_is_wrong(text: str, message: str, small: Catalogue) -> None:
    with pytest.raises(ProfileError, match=message) as error:
        profile.have(text, Data(small))
    assert error.value.hint


def test_an_unknown_skill_names_its_nearest(small: Catalogue) -> None:
    with pytest.raises(ProfileError) as error:
        profile.have("Tablau", Data(small))
    assert "Tableau" in str(error.value.hint)


def test_a_comment_is_never_a_skill(tmp_path: Path, small: Catalogue) -> None:
    """A comment "not using Python" once counted as held in another tool."""
    path = tmp_path / "p.yaml"
    path.write_text("skills:\n# not using Python\n- {skill: sql, level: 1}  # nor Tableau\n")
    assert [h.skill for h in profile.read(path, Data(small), small).skills] == ["sql"]


def test_names_are_resolved_and_what_is_not_said_stays_unknown(tmp_path: Path, small: Catalogue) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("skills: [Postgres]\ncredentials: [pmp, {id: CAPM, expires: 2020-01-01}]\nlanguages: [Spanish]\nlicences: []\n")
    got = profile.read(path, Data(small), small)
    assert [c.id for c in got.credentials] == ["pmp", "capm"]
    assert (got.languages, got.licences, got.education) == (("spanish",), (), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("skills: [sqll]", "sqll"),
        ("skils: []", "skils"),
        ("skills: sql", "not a list"),
        ("hours_per_week: many", ":1: hours_per_week"),
        ("skills: [{skill: sql, level: 9}]", "skills.0.level"),
        ("credentials: [{id: nope}]", "nope"),
        ("subscriptions: [schol-plus]", "schol-plus"),
        ("- a", "mapping"),
        ("a: [", "YAML"),
    ],
)
def test_a_broken_profile_says_where(text: str, message: str, tmp_path: Path, small: Catalogue) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text)
    with pytest.raises(ProfileError, match=message) as error:
        profile.read(path, Data(small), small)
    assert str(path) in error.value.message
