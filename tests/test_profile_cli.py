"""Profiles changed from the command line: what is written, what stays, and what is asked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import SMALL, Run
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from credgap import yamledit
from credgap.cli import inputs, interview
from credgap.errors import CredgapError

Cli = Callable[..., Run]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin")

BY_HAND = """# what I have
skills:
  # learnt at work
  - sql      # every day
  # about pandas
  - {skill: pandas, level: 3}  # since 2019
  - skill: Power BI
    level: 1   # a course

# exams
credentials: []  # none yet
languages: [english,   # native
  spanish]
hours_per_week: 6 # at most
# the end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "mine.yaml"
    found.write_text(BY_HAND)
    return found


def comments(text: str) -> list[str]:
    return [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]


# words to add or remove, and what the file then says
CHANGES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "a skill at a level": (
        ("add", "tableau:3"),
        {"skills": ["sql", {"skill": "pandas", "level": 3}, {"skill": "Power BI", "level": 1}, {"skill": "tableau", "level": 3}]},
    ),
    "a new level": (
        ("add", "pandas:1:4y"),
        {"skills": ["sql", {"skill": "pandas", "level": 1, "years": 4}, {"skill": "Power BI", "level": 1}]},
    ),
    "the same again": (("add", "power bi"), {}),
    "a certification": (("add", "pmp", "--earned", "2026-05-01"), {"credentials": [{"id": "pmp", "earned": dt.date(2026, 5, 1)}]}),
    "a licence": (("add", "RN license"), {"licences": ["rn-license"]}),
    "a degree and hours": (
        ("add", "--degree", "bachelor:Business", "--hours-per-week", "7.5"),
        {"education": [{"degree": "bachelor", "field": "Business"}], "hours_per_week": 7.5},
    ),
    "a skill gone": (("remove", "SQL"), {"skills": [{"skill": "pandas", "level": 3}, {"skill": "Power BI", "level": 1}]}),
    "one of two languages gone": (("remove", "english"), {"languages": ["spanish"]}),
    "a value gone": (("remove", "hours-per-week"), {"hours_per_week": None}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_says_what_it_should_and_leaves_the_rest(name: str, credgap: Cli, path: Path) -> None:
    words, expected = CHANGES[name]
    run = credgap("profile", *words, "--profile", path, *CATALOGUE)
    assert run.code == 0, run.err
    before, after = yaml.safe_load(BY_HAND), yaml.safe_load(path.read_text())
    assert {k: v for k, v in {**before, **expected}.items() if v is not None} == after
    if words[0] == "add":
        assert comments(path.read_text()) == comments(BY_HAND)
        assert set(BY_HAND.splitlines()) - set(path.read_text().splitlines()) <= {
            "  - {skill: pandas, level: 3}  # since 2019",
            "credentials: []  # none yet",
            "hours_per_week: 6 # at most",
        }
    assert credgap("gap", "--goal", "data-analyst", "--profile", path, *CATALOGUE).code == 0


def test_a_last_language_taken_out_is_unknown_again_and_not_none(credgap: Cli, path: Path) -> None:
    assert credgap("profile", "remove", "english, spanish", "--profile", path, *CATALOGUE).code == 0
    assert "languages" not in yaml.safe_load(path.read_text())


ERRORS = {
    "a skill misspelt": (("add", "pythn"), 3, "Did you mean Python"),
    "a credential misspelt": (("add", "python-curse"), 3, "python-course"),
    "a level for a language": (("add", "english:3"), 3, "only skills have a level"),
    "a level that is none": (("add", "sql:7"), 3, "1, 2 or 3"),
    "nothing named": (("add",), 2, "nothing to add"),
    "a day without a credential": (("add", "sql", "--earned", "2026-01-01"), 2, "go with a credential"),
    "a degree that is none": (("add", "--degree", "batchelor"), 2, "bachelor"),
    "hours nobody has": (("add", "--hours-per-week", "200"), 3, "100"),
    "something not held": (("remove", "tableau"), 3, "holds no 'tableau'"),
    "something held, misspelt": (("remove", "pandsa"), 3, "Did you mean pandas"),
    "begun already": (("init", "--no-input"), 2, "there already"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_cannot_be_done_is_said_and_changes_nothing(name: str, credgap: Cli, path: Path) -> None:
    words, code, said = ERRORS[name]
    run = credgap("profile", *words, "--profile", path, *CATALOGUE)
    assert (run.code, run.out) == (code, "")
    assert said in run.err
    assert path.read_text() == BY_HAND
    assert [p.name for p in path.parent.iterdir()] == ["mine.yaml"]


def test_every_content_there_was_is_kept_and_no_backup_is_written_over(credgap: Cli, path: Path) -> None:
    contents = [path.read_text()]
    for word in ("tableau", "python:3", "python:1"):
        credgap("profile", "add", word, "--profile", path, *CATALOGUE)
        contents.append(path.read_text())
    assert credgap("profile", "init", "--force", "--no-input", "--have", "sql", "--profile", path, *CATALOGUE).code == 0
    assert [p.read_text() for p in sorted(path.parent.glob("*.bak*"))] == contents


def test_a_link_to_the_profile_stays_a_link_and_its_rights_stay(credgap: Cli, path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    assert credgap("profile", "add", "tableau", "--profile", link, *CATALOGUE).code == 0
    assert link.is_symlink()
    assert "tableau" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_own_profile_begins_without_a_question_and_is_shown(credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = Path(credgap("profile", "path").out.strip())
    assert path == tmp_path / "credgap" / "profile.yaml"
    assert credgap("profile", "show", *CATALOGUE).code == 3
    assert credgap("profile", "init", "--have", "sql:3, english", "--no-input", *CATALOGUE).code == 0
    assert yaml.safe_load(path.read_text()) == {"skills": [{"skill": "sql", "level": 3}], "languages": ["english"]}
    shown = credgap("profile", "show", *CATALOGUE).out
    assert "3 advanced" in shown
    assert "Not said, so unknown: degrees, licences" in shown
    got = json.loads(credgap("profile", "show", "--format", "json", *CATALOGUE).out)
    assert (got["format_version"], got["command"], got["profile"]["skills"][0]["name"]) == (1, "profile show", "SQL")


@pytest.fixture
def answered() -> Callable[[str], str | None]:
    """The interview, with what is typed."""

    def ask(typed: str) -> str | None:
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            keys.send_text(typed)
            return interview.ask("", Path("p.yaml"), inputs.data([SMALL], no_builtin=True))

    return ask


def test_the_interview_asks_and_forgives(answered: Callable[[str], str | None], capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["sqll", "sql", "3", "2", "pandas:1", "tableau", "", "", "", "pmp", "", "bachelor", "english", "none", "6", "y"]
    text = answered("\r".join(typed) + "\r")
    assert text is not None
    assert yaml.safe_load(text) == {
        "skills": [{"skill": "sql", "level": 3, "years": 2}, {"skill": "pandas", "level": 1}, {"skill": "tableau", "level": 2}],
        "credentials": ["pmp"],
        "education": [{"degree": "bachelor"}],
        "languages": ["english"],
        "licences": [],
        "hours_per_week": 6,
    }
    said = capsys.readouterr()
    assert said.out == ""
    assert "advanced: you solve hard problems" in said.err


def test_the_interview_stopped_or_refused_gives_nothing(answered: Callable[[str], str | None]) -> None:
    assert answered("\r" * 6 + "n\r") is None
    with pytest.raises(KeyboardInterrupt):
        answered("sql\r\x03")


ITEMS = st.sampled_from(
    ["a", "b-1", "no", "on", "2024", "x: y", "# z", {"skill": "s", "level": 2}, {"id": "k", "earned": dt.date(2026, 1, 2)}]
)
TEXTS = st.sampled_from(
    [
        BY_HAND,
        "",
        "# only this\n",
        "skills:\n- a\n- b # c\nother: 1",
        "skills: [a, {skill: b}, c] # d\r\nmore: x\r\n",
        "skills:\n\n# t\nmore: [1]\n",
        "more: |\n  text # no comment\n  - a\nskills: [a,]\n",
    ]
)


@given(
    text=TEXTS,
    steps=st.lists(st.tuples(st.sampled_from(["added", "removed", "put"]), st.sampled_from(["skills", "more"]), ITEMS), max_size=6),
)
def test_an_edit_changes_what_it_should_and_keeps_every_line_of_comment(text: str, steps: list[tuple[str, str, Any]]) -> None:
    own_lines = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    for step, key, item in steps:
        said = yamledit.data(text)
        try:
            if step == "put":
                text, said[key] = yamledit.put(text, key, item), item
                own_lines = []  # a value put in the place of a list takes the comments within it along
            elif not isinstance(said.get(key, []), list | None):
                continue
            elif step == "added":
                text, said[key] = yamledit.added(text, key, item), [*(said.get(key) or []), item]
            elif said.get(key):
                text, said[key] = (
                    yamledit.removed(text, key, len(said[key]) // 2),
                    [x for n, x in enumerate(said[key]) if n != len(said[key]) // 2],
                )
        except CredgapError:
            continue
        assert yamledit.data(text) == said
        assert [line for line in own_lines if line not in text.splitlines()] == []
