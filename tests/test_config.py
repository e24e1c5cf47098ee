"""Defaults of one's own: what holds, where it comes from, what is wrong with it, and completion in the shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import SMALL, Run

from credgap.cli import complete, settings

Cli = Callable[..., Run]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin")
GOAL = ("--goal", "data-analyst", "--today", "2026-11-20")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Write the configuration file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "config" / "credgap" / "config.yaml"

    def write(text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


Config = Callable[[str], Path]


def test_the_command_line_goes_before_the_environment_that_before_the_file_that_before_the_default(
    credgap: Cli, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def weeks(*words: str) -> float:
        run = credgap("plan", *GOAL, *CATALOGUE, "--format", "json", *words)
        assert run.code == 0, run.err
        return float(json.loads(run.out)["plan"]["weeks"])

    by_default = weeks()
    config("hours_per_week: 10\n")
    assert weeks() == by_default / 2
    monkeypatch.setenv("CREDGAP_HOURS_PER_WEEK", "2.5")
    assert weeks() == by_default * 2
    assert weeks("--hours-per-week", "5") == by_default


def test_every_command_that_has_an_option_takes_its_default(credgap: Cli, config: Config) -> None:
    config(f"catalog: [{SMALL}]\nno_builtin: true\nformat: json\nquiet: true\nmin_gain: 0.1\n")
    for words in (
        ("plan", *GOAL),
        ("gap", *GOAL),
        ("frontier", *GOAL),
        ("why", "sql-course", *GOAL),
        ("explore",),
        ("goals",),
        ("skills",),
    ):
        run = credgap(*words)
        assert (run.code, run.err) == (0, "")
        assert json.loads(run.out)["command"] == words[0]
    assert json.loads(credgap("catalog", "list").out)["command"] == "catalog list"
    assert json.loads(credgap("config", "show").out)["command"] == "config show"
    assert "Data Analyst" in credgap("goals", "--format", "terminal").out


def test_a_default_gives_way_to_what_it_would_contradict(credgap: Cli, config: Config) -> None:
    config("budget: 300\nformat: json\n")
    assert credgap("plan", *GOAL, *CATALOGUE, "--free-only").code == 0
    assert not credgap("plan", *GOAL, *CATALOGUE, "--plain").out.startswith("{")
    config("free_only: true\n")
    assert credgap("plan", *GOAL, *CATALOGUE, "--budget", "300").code == 0


def test_files_are_counted_from_the_folder_of_the_configuration(credgap: Cli, config: Config) -> None:
    path = config("catalog: mine.yaml\nprofile: me.yaml\nno_builtin: true\nformat: json\n")
    path.with_name("mine.yaml").write_text(SMALL.read_text())
    path.with_name("me.yaml").write_text("skills: [sql]\n")
    assert json.loads(credgap("gap", *GOAL).out)["gap"]["fit"] > 0


def test_a_form_that_one_command_has_does_not_keep_another_from_its_own(credgap: Cli, config: Config) -> None:
    config("format: html\n")
    assert credgap("gap", "--goal", "data-analyst", *CATALOGUE).out.startswith("<!doctype html>")
    assert credgap("showcase", "sql-course", *CATALOGUE).out.startswith("How to show it")


# the file, the words of a command, and what is said
WRONG = {
    "a key that is none": ("currency: EUR\n# mine\nbudgt: 3\n", "gap", ":3: 'budgt' is no key", "Did you mean budget"),
    "a value in words": ("\nbudget: much\n", "plan", ":2: budget: 'much' is not a number", "most money"),
    "a value out of range": ("max_credentials: 99\n", "plan", ":1: max_credentials:", "50"),
    "a currency that is none": ("currency: dollars\n", "plan", ":1: currency: 'dollars'", "as EUR"),
    "weights of nothing": ("weights: {must: 2}\n", "gap", ":1: weights:", "must=2"),
    "no truth": ("quiet: perhaps\n", "gap", ":1: quiet: 'perhaps' is neither true nor false", ""),
    "a form that no command has": ("format: docx\n", "gap", ":1: format: 'docx' is none of", "markdown"),
    "two budgets": ("budget: [1, 2]\n", "plan", ":1: budget:", "more than one value"),
    "a provider that is none": ("exclude: [school, nix]\n", "plan", ":1: --exclude 'nix'", "in no catalogue"),
    "a catalogue that is not there": ("catalog: nix.yaml\n", "gap", ":1: catalog: there is no file", "nix.yaml"),
    "a key twice": ("budget: 1\nbudget: 2\n", "gap", "stands twice", ""),
    "no YAML": ("budget: [\n", "gap", "not well-formed", ""),
    "a list": ("- budget\n", "gap", ":1: a configuration is a mapping", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_file_and_line(name: str, credgap: Cli, config: Config) -> None:
    text, command, said, further = WRONG[name]
    path = config(text)
    run = credgap(command, *GOAL, *(CATALOGUE if "catalog" not in text else ()))
    assert run.code in (2, 3)
    assert run.out == ""
    assert str(path) in run.err
    assert said in run.err
    assert further in run.err
    assert credgap(command, "--help").code == 0
    assert credgap("config", "path").out == f"{path}\n"


def test_a_wrong_variable_is_named(credgap: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDGAP_BUDGET", "much")
    run = credgap("plan", *GOAL, *CATALOGUE)
    assert (run.code, run.out) == (3, "")
    assert "the variable CREDGAP_BUDGET: budget: 'much' is not a number" in run.err


def test_set_and_unset_keep_the_rest_of_the_file(credgap: Cli, config: Config) -> None:
    path = config("# mine\nbudget: 100  # a year\nhours: 20\n")
    assert credgap("config", "set", "budget", "250").code == 0
    assert credgap("config", "set", "catalog", SMALL, SMALL).code == 0
    assert credgap("config", "unset", "hours").code == 0
    assert path.read_text() == f"# mine\nbudget: 250  # a year\ncatalog: [{SMALL}, {SMALL}]\n"
    for words, said in ((("set", "budgt", "1"), "budget"), (("set", "budget", "much"), "much"), (("unset", "hours"), "budget, catalog")):
        run = credgap("config", *words)
        assert run.code in (2, 3)
        assert said in run.err
    path.write_text("budgt: 3\n")
    assert credgap("config", "unset", "budgt").code == 0
    assert yaml.safe_load(path.read_text()) is None


def test_show_says_where_each_value_comes_from(credgap: Cli, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    path = config("\nbudget: 100\nhours: 20\n")
    monkeypatch.setenv("CREDGAP_HOURS", "30")
    entries = {e["key"]: e for e in json.loads(credgap("config", "show", "--format", "json").out)["entries"]}
    assert (entries["budget"]["value"], entries["budget"]["from"]) == (100, f"{path}:2")
    assert (entries["hours"]["value"], entries["hours"]["from"]) == ("30", "the variable CREDGAP_HOURS")
    assert (entries["currency"]["value"], entries["currency"]["from"]) == ("USD", "default")
    assert set(entries) == set(settings.KEYS)
    assert "file, line 2" in credgap("config", "show").out


def test_no_key_is_without_an_option(credgap: Cli) -> None:
    from typer.main import get_command

    from credgap.cli.app import app

    options = {p.name for _, p in settings.options_of(get_command(app))}
    assert set(settings.KEYS) <= options


def test_an_answer_given_before_is_not_given_again_where_a_default_changed(
    credgap: Cli, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDGAP_NO_ANSWERS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    ask = ("plan", *GOAL, *CATALOGUE)
    outs = [credgap(*ask).out]
    for text in ("budget: 0\n", "budget: 0\nhours_per_week: 1\n"):
        config(text)
        outs.append(credgap(*ask).out)
    monkeypatch.setenv("CREDGAP_MAX_CREDENTIALS", "0")
    outs.append(credgap(*ask).out)
    assert len(set(outs)) == 4
    monkeypatch.delenv("CREDGAP_MAX_CREDENTIALS")
    assert credgap(*ask).out == outs[2]
    config(f"profile: {tmp_path}/me.yaml\n")
    (tmp_path / "me.yaml").write_text("skills: [sql]\n")
    first = credgap(*ask).out
    (tmp_path / "me.yaml").write_text("skills: [python]\n")
    assert credgap(*ask).out != first


TREE: complete.Tree = {
    "commands": {
        "help": "",
        "options": {},
        "arguments": [],
        "commands": {
            "plan": {
                "help": "Choose.",
                "options": {
                    "--goal": {"help": "A role.", "value": True, "several": False, "choices": [], "of": ["goals"], "listed": False},
                    "--have": {"help": "", "value": True, "several": False, "choices": [], "of": ["skills"], "listed": True},
                    "--format": {"help": "", "value": True, "several": False, "choices": ["json", "jsonl"], "of": [], "listed": False},
                    "--quiet": {"help": "", "value": False, "several": False, "choices": [], "of": [], "listed": False},
                },
                "arguments": [{"help": "", "value": True, "several": True, "choices": [], "of": ["ids"], "listed": False}],
            }
        },
    },
    "words": {
        "goals": [["data-analyst", "Data Analyst"]],
        "skills": [["sql", "SQL"], ["microsoft-excel", "Microsoft Excel"], ["excel-vba", "VBA"]],
        "ids": [["a-1", "A"]],
    },
}
BEGUN = [
    ([], "p", ["plan"]),
    ([], "x", []),
    (["plan"], "--f", ["--format"]),
    (["plan", "--quiet"], "--", ["--goal", "--have", "--format"]),
    (["plan", "--goal"], "da", ["data-analyst"]),
    (["plan"], "--goal=da", ["--goal=data-analyst"]),
    (["plan", "--goal", "="], "da", ["data-analyst"]),
    (["plan", "--format"], "", ["json", "jsonl"]),
    (["plan", "--have"], "sql:3,mic", ["sql:3,microsoft-excel"]),
    (["plan", "--have"], "Microsoft E", ["microsoft-excel"]),
    (["plan", "--goal", "x"], "a", ["a-1"]),
    (["plan", "--quiet", "b"], "a", ["a-1"]),
]


@pytest.mark.parametrize(("words", "word", "expected"), BEGUN)
def test_what_is_begun_is_completed(words: list[str], word: str, expected: list[str]) -> None:
    assert [v for v, _ in complete.candidates(words, word, TREE)] == expected


ASKED = {
    "bash": ({"COMP_WORDS": "credgap goals data-ana", "COMP_CWORD": "2"}, "data-analyst\n"),
    "bash, behind a colon": ({"COMP_WORDS": "credgap plan --have sql : 3,data", "COMP_CWORD": "5"}, "3,data-entry\n"),
    "zsh": ({"_TYPER_COMPLETE_ARGS": "credgap goals data-ana"}, '_arguments \'*: :(("data-analyst":"Data Analyst"))\'\n'),
    "fish": ({"_TYPER_COMPLETE_ARGS": "credgap goals data-ana", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}, "data-analyst\tData Analyst\n"),
    "powershell": (
        {"_TYPER_COMPLETE_ARGS": "credgap goals data-ana", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "data-ana"},
        "data-analyst:::Data Analyst\n",
    ),
}


@pytest.fixture
def few_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of words that need not be read out of the built-in data, in a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(
        complete,
        "_words",
        lambda: {
            "skills": [("data-entry", "Data entry")],
            "goals": [("data-analyst", "Data Analyst")],
            "credentials": [("sql-course", "SQL")],
        },
    )


@pytest.mark.parametrize("shell", ASKED)
@pytest.mark.usefixtures("few_words")
def test_each_shell_is_answered_in_its_form(shell: str, credgap: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    environment, expected = ASKED[shell]
    for name, value in {**environment, "_CREDGAP_COMPLETE": f"complete_{shell.partition(',')[0]}"}.items():
        monkeypatch.setenv(name, value)
    assert credgap().out == expected


@pytest.mark.usefixtures("few_words")
def test_an_answer_to_a_shell_reads_neither_commands_nor_catalogue(credgap: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer keeps the list; from then on none of the slow libraries is imported."""
    environment = {"_CREDGAP_COMPLETE": "complete_bash", "COMP_WORDS": "credgap why sql", "COMP_CWORD": "2"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert credgap().out == "sql-course\n"
    code = "import sys; from credgap.cli import main; main([]); print(*sorted({'typer', 'pydantic', 'yaml', 'rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "sql-course\n\n"


def test_an_answer_to_a_shell_takes_under_150_milliseconds_of_work(credgap: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in time of the processor, the least of several runs; the first makes the list."""
    resource = pytest.importorskip("resource")
    environment = {**os.environ, "_CREDGAP_COMPLETE": "complete_bash", "COMP_WORDS": "credgap plan --have sq", "COMP_CWORD": "3"}

    def work() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-m", "credgap"], env=environment, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert "sql\n" in done.stdout
        return float(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    work()
    assert min(work() for _ in range(7)) < 0.150


def test_the_words_are_those_of_the_catalogues_configured(config: Config) -> None:
    config(f"catalog: {SMALL}\n")
    words = complete._words()
    assert ("sql-course", "SQL Course") in words["credentials"]
    assert ("data-analyst", "Data Analyst") in words["goals"]
    assert ("school-plus", "School Plus") in words["plans"]


@pytest.mark.parametrize(
    ("words", "meant"), [(("pln",), "plan"), (("profle",), "profile"), (("catalog", "serch"), "search"), (("config", "shw"), "show")]
)
def test_a_misspelt_command_is_answered_with_the_one_meant(words: tuple[str, ...], meant: str, credgap: Cli) -> None:
    run = credgap(*words)
    assert run.code == 2
    assert f"Did you mean '{meant}'" in run.err
