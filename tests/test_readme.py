"""The README says what the program does: its commands, its options, its exit codes and its shown output."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from credgap.errors import Exit

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\| `credgap ([a-z]+(?: [a-z]+)?)", README, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_it_lists_has_help_with_an_example(command: str, credgap: Callable[..., Run]) -> None:
    run = credgap(*command.split(), "--help")
    assert run.code == 0
    assert "Example:" in run.out


def test_every_option_it_names_exists(credgap: Callable[..., Run]) -> None:
    helps = "".join(credgap(*c.split(), "--help").out for c in COMMANDS)
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {"--quiet", "--help", "--install-completion"}
    assert len(named) > 15
    assert not {o for o in named if o not in helps}


def test_its_exit_codes_are_those_of_the_program() -> None:
    assert {int(n) for n in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)} == {int(e) for e in Exit}


def test_every_file_it_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(links) > 20
    assert [x for x in links if not (ROOT / x).exists()] == []


def test_what_it_shows_is_what_the_commands_print() -> None:
    """Where this fails, look at the new output, and if it is better, run scripts/update_readme.py."""
    spec = importlib.util.spec_from_file_location("update_readme", ROOT / "scripts" / "update_readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.filled(README) == README
