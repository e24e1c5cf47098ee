"""What is asked on a terminal: driven through a real one (a pty), as whoever sits before it would."""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from conftest import SMALL

pty = pytest.importorskip("pty", reason="terminals of this kind are for Unix")

CATALOGUE = ("--catalog", str(SMALL), "--no-builtin", "--today", "2026-11-20")
POSTING = (
    "Junior Data Analyst\n\nLocation: Lisbon\nSalary: $50,000 to $60,000 a year\n"
    "\nRequirements\n\n- SQL\n- Tableau\n\nNice to have\n- Python\n"
)
LONG = "Data Analyst. Requirements: SQL, Tableau. " + "We are a company of kind people. " * 200 + "Must have: pandas."
ANSWERS = ("Skills:", "Money:", "Hours a week:", "By when:", "profile for next time?", "default of yours?", "File [y:")
"""The prompts of `credgap plan`, in their order."""


CREDGAP = (sys.executable, "-m", "credgap")


class Seen(NamedTuple):
    """What stood on the terminal, and how the program ended."""

    code: int
    text: str


class Home:
    """A folder to live in, and the terminal of a program that runs in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("CREDGAP_", "XDG_CONFIG")) and k not in ("CI", "COLUMNS", "NO_COLOR")
        }
        self.environment |= {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "TERM": "xterm"}
        self.environment["PYTHONPATH"] = str(Path(__file__).parents[1] / "src")

    def files(self) -> set[str]:
        return {str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file()}

    def run(
        self, *words: str, steps: Sequence[tuple[str, str]], program: Sequence[str] = CREDGAP, columns: int = 80, **environment: str
    ) -> Seen:
        """Start `credgap`, or another program, and for each step wait for the first text, then type the second."""
        import fcntl
        import struct
        import termios

        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execve(program[0], [*program, *words], {**self.environment, **environment})
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        seen, after, end = b"", 0, time.monotonic() + 40
        waiting = list(steps)
        typing = b""
        while time.monotonic() < end:
            if waiting and not typing and (at := seen.find(waiting[0][0].encode(), after)) >= 0:
                after, typing = at + len(waiting[0][0].encode()), waiting.pop(0)[1].encode()
            readable, writable, _ = select.select([terminal], [terminal] if typing else [], [], 0.2)
            if writable:
                typing = typing[os.write(terminal, typing[:256]) :]
            if readable:
                try:
                    piece = os.read(terminal, 65536)
                except OSError:
                    break
                if not piece:
                    break
                seen += piece
        else:
            os.kill(child, 9)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.close(terminal)
        assert not waiting, f"never seen: {waiting[0][0]!r} in {seen.decode()}"
        return Seen(code, re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", seen.decode()).translate({7: None, 13: None}))

    def again(self, line: str) -> str:
        """What a command line as it was shown gives, without a terminal."""
        words = shlex.split(line)
        assert words[0] == "credgap"
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.folder,
            env={**self.environment, "COLUMNS": "100"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def pasted(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def typed(*answers: str) -> list[tuple[str, str]]:
    return [(prompt, f"{answer}\r") for prompt, answer in zip(ANSWERS, answers, strict=False)]


def test_a_plan_is_asked_for_kept_and_repeated_by_the_command_shown(home: Home) -> None:
    """The paste is understood, a misspelt skill asked about again, what is to be kept is kept, and the line shown gives the same answer."""
    paste = ("Ctrl-C stops.", pasted(POSTING.replace("\n", "\r\n")) + "\x04")
    answers = [paste, ("Skills:", "sqll:1, pandas:3\r"), ("Instead", "y\r"), *typed("", "$300", "6", "20 weeks", "y", "y", "y")[1:]]
    seen = home.run("plan", *CATALOGUE, "--output", "a.txt", steps=answers, COLUMNS="100")
    assert seen.code == 0, seen.text
    said = " ".join(seen.text.split())
    assert "Understood: Junior Data Analyst, Lisbon, $50,000 to $60,000 a year; 2 must-haves (SQL, Tableau) and 1 more that help" in said
    assert "Did you mean SQL" in said
    assert home.files() >= {"a.txt", "junior-data-analyst.txt", "config/credgap/profile.yaml", "config/credgap/config.yaml"}
    kept = yaml.safe_load((home.folder / "config/credgap/profile.yaml").read_text())
    assert kept["skills"] == [{"skill": "sql", "level": 1}, {"skill": "pandas", "level": 3}]
    assert yaml.safe_load((home.folder / "config/credgap/config.yaml").read_text()) == {"budget": 300, "hours_per_week": 6}
    answer = (home.folder / "a.txt").read_text()
    assert "SQL" in answer
    (home.folder / "a.txt").unlink()
    for name in ("profile", "config"):
        (home.folder / f"config/credgap/{name}.yaml").unlink()
    line = next(x.strip() for x in seen.text.splitlines() if x.strip().startswith("credgap plan "))
    home.again(line)
    assert (home.folder / "a.txt").read_text() == answer


@pytest.mark.parametrize("answered", range(len(ANSWERS) + 1))
def test_stopped_at_any_question_it_leaves_nothing_behind(answered: int, home: Home) -> None:
    given = typed("sql:1", "300", "6", "20 weeks", "y", "y", "y")[:answered]
    steps = [("Ctrl-C stops.", pasted(POSTING) + "\x04"), *given]
    following = ("Ctrl-C stops.", *ANSWERS, None)[answered + 1 if answered else 0]
    seen = home.run("plan", *CATALOGUE, steps=[*(steps if answered else []), *([(following, "\x03")] if following else [])])
    if following is None:
        assert seen.code == 0
        return
    assert seen.code == 130, seen.text
    assert "credgap: stopped" in seen.text
    assert "Traceback" not in seen.text
    assert home.files() == set()


ENDS = {"Ctrl-D": "\x04", "a full stop": "\r.\r", "a newline and a full stop": "\n.\n"}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("bracketed", [True, False])
def test_a_line_longer_than_a_terminal_takes_arrives_whole(bracketed: bool, end: str, home: Home) -> None:
    """It is sent the moment the prompt stands, with and without the marks of a paste."""
    text = pasted(LONG) if bracketed else LONG
    seen = home.run("extract", *CATALOGUE, "--format", "csv", steps=[("Ctrl-C stops.", text + ENDS[end])])
    assert seen.code == 0, seen.text
    assert "pandas" in seen.text.split("Tableau")[-1]


RUBBISH = {
    "nothing": ("", 3, "empty"),
    "blanks": ("\n \n", 3, "empty"),
    "no words": ("asdkjh qwoieu\nzxmcn", 6, "no skill was recognised"),
    "a page that is no posting": ("Sorry, this job is no longer available.\nSearch jobs\nSign in\nCookies", 6, "no posting"),
}


@pytest.mark.parametrize("name", RUBBISH)
def test_what_is_no_posting_is_said_before_anything_is_asked(name: str, home: Home) -> None:
    text, code, message = RUBBISH[name]
    seen = home.run("plan", *CATALOGUE, steps=[("Ctrl-C stops.", pasted(text) + "\x04")])
    assert (seen.code, "Skills:" in seen.text) == (code, False)
    assert message in " ".join(seen.text.split())


def test_the_end_of_input_ends_the_questions_and_not_the_answer(home: Home) -> None:
    (home.folder / "p.txt").write_text(POSTING)
    seen = home.run("plan", "p.txt", *CATALOGUE, steps=[("Skills:", "sql\r"), ("Money:", "\x04")])
    assert seen.code == 0
    assert "Hours a week:" not in seen.text
    assert "credgap plan p.txt --catalog" in seen.text.replace("\n", "")
    assert home.files() == {"p.txt"}


UNASKED = {
    "an option": (("--have", "sql"), {}),
    "--no-input": (("--no-input",), {}),
    "CI": ((), {"CI": "true"}),
    "a form for programs": (("--format", "json"), {}),
    "--quiet": (("--quiet",), {}),
}


@pytest.mark.parametrize("name", UNASKED)
def test_nothing_is_asked_of_whoever_has_said_enough(name: str, home: Home) -> None:
    words, environment = UNASKED[name]
    (home.folder / "p.txt").write_text(POSTING)
    seen = home.run("plan", "p.txt", *CATALOGUE, *words, steps=[], **environment)
    assert seen.code == 0
    assert "Skills:" not in seen.text
    assert "Understood" not in seen.text


def test_what_profile_and_configuration_say_is_not_asked(home: Home) -> None:
    folder = home.folder / "config" / "credgap"
    folder.mkdir(parents=True)
    (folder / "profile.yaml").write_text("skills: [sql]\nhours_per_week: 4\n")
    (folder / "config.yaml").write_text("budget: 100\n")
    seen = home.run("plan", "--goal", "data-analyst", *CATALOGUE, steps=[("By when:", "\r")])
    assert seen.code == 0
    assert not {p for p in ("Skills:", "Money:", "Hours a week:", "[y/N]") if p in seen.text}


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {}])
def test_a_plain_terminal_is_asked_without_colours_and_without_drawing_lines_anew(environment: dict[str, str], home: Home) -> None:
    words = () if environment else ("--plain",)
    steps = [
        ("Ctrl-C stops.", POSTING.replace("\n", "\r") + ".\r"),
        ("Skills:", "sql\r"),
        ("Money:", "0\r"),
        ("Hours a week:", "\x04"),
    ]
    seen = home.run(
        "gap" if environment else "plan",
        *CATALOGUE,
        *words,
        steps=[*steps[:2], ("next time?", "\r"), ("File [y:", "\r")] if environment else steps,
        **environment,
    )
    assert seen.code == 0, seen.text
    assert "Held: SQL" in seen.text
    assert "\x1b" not in seen.text


def test_bash_completes_skills_and_ids(home: Home) -> None:
    """With the script that `credgap --show-completion` prints."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    program = home.folder / "credgap"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(CREDGAP)} "$@"\n')
    program.chmod(0o755)
    steps = [
        ("$ ", 'eval "$(credgap --show-completion)"; echo rea""dy\r'),
        ("ready", "credgap why comptia-secu\t"),
        ("rity", "\x15credgap plan --have sql:3,postgres\t"),
        ("postgresql", "\x15exit\r"),
    ]
    path = f"{home.folder}:{os.environ['PATH']}"
    seen = home.run("--norc", "-i", program=(bash,), steps=steps, PATH=path, PS1="$ ", XDG_CACHE_HOME=str(home.folder / "cache"))
    assert "comptia-security" in seen.text
    assert "sql:3,postgresql" in seen.text
