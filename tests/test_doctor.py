"""What `credgap doctor` sees, and when it says that something is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from conftest import Run

from credgap.cli import doctor

Cli = Callable[..., Run]


def test_it_shows_every_part_and_finds_nothing_wrong(credgap: Cli) -> None:
    run = credgap("doctor")
    assert run.code == 0, run.out
    assert [line for line in run.out.splitlines() if line.lower() in doctor.SECTIONS] == [s.capitalize() for s in doctor.SECTIONS]
    assert "Nothing is wrong." in run.out
    got = json.loads(credgap("doctor", "--format", "json", "--today", "2026-11-22").out)
    assert (got["format_version"], got["command"], got["wrong"]) == (1, "doctor", 0)
    found = {(f["section"], f["name"]): f["value"] for f in got["findings"]}
    assert found["libraries", "pydantic"] == metadata.version("pydantic")
    assert int(found["data", "skills"]) > 1000
    assert found["data", "newest price check"] <= "2026-11-22"


def _unwritable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("")
    monkeypatch.setattr(doctor, "_data", lambda today: iter(()))  # without a cache it reads the whole catalogue anew
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "file"))


def _configuration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    (folder / "credgap").mkdir()
    (folder / "credgap" / "config.yaml").write_text("budget: much\n")


def _profile(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    (folder / "credgap").mkdir()
    (folder / "credgap" / "profile.yaml").write_text("skills: [pythn]\n")


def _variable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDGAP_BUDGT", "300")


def _library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    have = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "0.1" if name == "rapidfuzz" else have(name))


WRONG = {
    "a cache that cannot be written": (_unwritable, "writable: no"),
    "a wrong configuration": (_configuration, "config.yaml:1: budget"),
    "a wrong profile": (_profile, "pythn"),
    "a variable that sets nothing": (_variable, "Did you mean budget"),
    "an old library": (_library, "0.1, older than 3.10"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_exits_with_3(name: str, credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare, said = WRONG[name]
    prepare(tmp_path, monkeypatch)
    monkeypatch.setenv("COLUMNS", "400")
    run = credgap("doctor")
    assert run.code == 3
    assert "1 thing is wrong" in run.out
    assert said in " ".join(run.out.split())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rich>=13.9", ("rich", "13.9", None)),
        ("dask[distributed]>=2026.1; extra == 'dask'", ("dask", "2026.1", "dask")),
        ('pyarrow; extra == "files"', ("pyarrow", None, "files")),
        ("typer (>=0.26)", ("typer", "0.26", None)),
    ],
)
def test_a_requirement_is_read(line: str, expected: tuple[str | None, ...]) -> None:
    match = doctor._REQUIREMENT.match(line)
    assert match is not None
    assert (match["name"], match["least"], match["extra"]) == expected
