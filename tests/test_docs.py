"""What is documented is so: every command and option has its words, every example runs, and what is shown is what the program prints."""

from __future__ import annotations

import importlib.util
import io
import re
import runpy
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from credgap import catalogue
from credgap.cli import folders, inputs, main
from credgap.errors import Exit
from credgap.models import Limits

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
POSTING = (ROOT / "examples" / "data-analyst.txt").read_bytes()


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update_docs", ROOT / "scripts" / "update_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["update_docs"] = module
    spec.loader.exec_module(module)
    return module


docs: Any = _script()
COMMANDS = [one for top in docs.commands() for one in (docs.inside(top) or (top,))]


@pytest.fixture(scope="module", autouse=True)
def _once() -> Iterator[None]:
    """The data is read and indexed once for all examples."""
    read = inputs.data
    docs.once()
    yield
    inputs.data = read


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.name)
def test_every_command_and_option_says_what_it_is_for_and_has_an_example(command: Any) -> None:
    assert command.paragraphs
    assert command.examples
    assert all(line.startswith(command.name) for line in command.examples)
    told = {p.name: (p.get_help_record(command.context) or ("", ""))[1].partition("[")[0].strip() for p in command.parsed.params}
    assert [name for name, words in told.items() if not words] == []


@pytest.mark.parametrize("top", docs.commands(), ids=lambda c: c.name)
def test_the_list_of_commands_has_every_purpose_whole(top: Any) -> None:
    assert "..." not in top.parsed.get_short_help_str(limit=64)


def test_what_the_pages_show_is_what_the_program_prints() -> None:
    """Where this fails, look at the new output, and if it is better, run scripts/update_docs.py."""
    pages = docs.made()
    assert [p.name for p, text in pages.items() if not p.is_file() or p.read_text(encoding="utf-8") != text] == []
    assert {*(ROOT / "docs" / "commands").iterdir()} <= {*pages}
    assert "<!-- run: --help -->" in (ROOT / "README.md").read_text(encoding="utf-8")


def _blocks(page: Path) -> list[str]:
    """The command lines of a page; not those of a block under <!-- not run: why -->."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"(<!-- not run: [^\n]+ -->\n)?```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for marked, block in blocks if not marked for line in block.splitlines()]
    return [line for line in lines if line.startswith("credgap ") and "--scheduler" not in line]  # which takes a cluster


EXAMPLES = {str(p.relative_to(ROOT)): lines for p in PAGES if p.parent.name != "commands" and (lines := _blocks(p))}
EXAMPLES |= {f"{top.name} --help": [e for one in (docs.inside(top) or (top,)) for e in one.examples] for top in docs.commands()}


RUN: set[str] = set()
"""Command lines that have run, and would do the same again: they leave nothing behind."""


@pytest.mark.parametrize("place", EXAMPLES)
def test_every_example_runs(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In the order in which they stand, as somebody would who types them one after the other, in a folder with the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "own"))
    for line in EXAMPLES[place]:
        if line in RUN:
            continue
        command, _, note = line.partition("#")
        stated = re.search(r"exit (\d+)", note)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(POSTING), encoding="utf-8"))
        code = main(shlex.split(command)[1:])
        assert code == (int(stated[1]) if stated else 0), f"{line}\n{capsys.readouterr().err}"
        if not re.search(r"credgap (profile|config)|--save|--diff", line):
            RUN.add(line)


@pytest.mark.parametrize("name", ["library.py", "library_rows.py"])
def test_the_examples_of_the_library_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if name == "library_rows.py":
        pytest.importorskip("pyarrow")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    kept = catalogue.load(cache=folders.cache())
    monkeypatch.setattr(catalogue, "load", lambda: kept)
    runpy.run_path(str(tmp_path / "examples" / name))
    assert "study_then_apply" in capsys.readouterr().out


def test_every_option_the_pages_name_exists() -> None:
    known = {o for one in COMMANDS for p in one.parsed.params for o in (*p.opts, *p.secondary_opts)}
    known |= {"--help", "--version", "--install-completion", "--show-completion"}
    spoken = {*re.findall(r"`(?:credgap [^`]*?)?(--[a-z][a-z-]+)", "".join(p.read_text(encoding="utf-8") for p in PAGES))}
    assert len(spoken) > 40
    assert spoken - known - {"--nthreads", "--memory-limit"} == set()


def test_the_exit_codes_are_those_of_the_program() -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert {int(n) for n in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == {int(e) for e in Exit}


def test_the_defaults_are_those_of_the_program() -> None:
    text = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `--([a-z-]+)` \| ([\d.]+) \|$", text, re.MULTILINE)
    assert len(rows) == 5
    assert {name: float(value) for name, value in rows} == {
        name: float(Limits.model_fields[name.replace("-", "_")].default) for name, _ in rows
    }


def test_the_counts_are_true() -> None:
    data = catalogue.load(cache=folders.cache())
    counts = {"skills": data.skills, "credentials": data.credentials, "goal roles": data.goals, "providers": data.provider}
    text = "".join(p.read_text(encoding="utf-8") for p in (*PAGES, ROOT / "CHANGELOG.md"))
    stated = re.findall(r"[Mm]ore than ([\d,]+) (skills|credentials|goal roles|providers)", text)
    assert {what for _, what in stated} == {*counts}
    assert [x for x in stated if not 0.8 < int(x[0].replace(",", "")) / len(counts[x[1]]) < 1] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link, _, anchor in (x.partition("#") for x in re.findall(r"\]\(((?!https?:)[^)]+)\)", page.read_text(encoding="utf-8"))):
        target = (page.parent / link).resolve() if link else page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}, f"{link}#{anchor}"
