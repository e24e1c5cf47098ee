"""A question on a terminal -> the line that is typed. Questions go to stderr; nothing is asked where nobody can answer."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

from credgap.cli import output

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer

UNSET = ("", "0", "false", "no")
YES = ("y", "yes")


class EndedError(Exception):
    """Ctrl-D: no further question is wanted."""


def possible(*, no_input: bool) -> bool:
    """Whether somebody can be asked: a terminal on all three sides, no --no-input, and no CI."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return (
        not no_input
        and os.environ.get("CI", "").casefold() in UNSET
        and all(s is not None and not s.closed and s.isatty() for s in streams)
    )


def say(text: str = "") -> None:
    """Talk, wrapped between words, with signs that steer a terminal made visible."""
    from credgap.report.shown import shown

    width = output.columns(at_terminal=True)
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()))
        print(fill(shown(line), width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False), file=sys.stderr)


def talk(text: str) -> None:
    """A note or a message, which goes to stderr: wrapped between words at a terminal, else on the lines it has."""
    from credgap.report.shown import shown

    if sys.stderr.isatty():
        say(text)
    else:
        print(shown(text), file=sys.stderr)


def write_to() -> Any:
    """Where a prompt is drawn: stderr. The terminal is not asked where its cursor stands: an answer that comes late lands in the shell."""
    from prompt_toolkit.output import create_output

    os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")
    return create_output(stdout=sys.stderr)


@contextlib.contextmanager
def keys_at_once(*, signals: bool) -> Iterator[None]:
    """Have the terminal hand on each key as it is, also those that come before a prompt stands.

    It would cut a line at 4,095 bytes. Without `signals`, Ctrl-C is a key, too, for the prompt to take: as a signal it would fall into
    the midst of its machinery.
    """
    try:
        import termios
    except ImportError:  # Windows
        yield
        return
    try:
        here = sys.stdin.fileno()
        before = termios.tcgetattr(here)
    except (OSError, ValueError, AttributeError, termios.error):  # standard input is no terminal
        yield
        return
    now = [*before]
    now[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR)
    now[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN | (0 if signals else termios.ISIG))
    try:
        termios.tcsetattr(here, termios.TCSANOW, now)
        yield
    finally:
        termios.tcsetattr(here, termios.TCSANOW, before)


class Prompt:
    """Asks for lines. `plain`: no line is drawn anew while it is typed, as for screen readers and terminals that cannot."""

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain or os.environ.get("TERM") == "dumb"
        self._session: PromptSession[str] | None = None

    def line(self, question: str, known: Sequence[str] = (), *, listed: bool = False) -> str:
        """What is typed, blanks around it aside. `known` complete it; where `listed`, each part of a list with commas between.

        Raises EndedError at Ctrl-D and KeyboardInterrupt at Ctrl-C.
        """
        if self.plain:
            print(question, end="", file=sys.stderr, flush=True)
            try:
                typed = sys.stdin.readline()
            except KeyboardInterrupt:
                print(file=sys.stderr)
                raise
            if not typed:
                print(file=sys.stderr)
                raise EndedError
            return typed.strip()
        try:
            return self._asked(question, _completer(known, listed=listed) if known else None)
        except EOFError:
            raise EndedError from None

    def yes(self, question: str, *further: str) -> bool:
        """Whether the answer is yes; Enter alone is no. The question stands above the line on which it is answered."""
        say("\n".join((question, *further)))
        return self.line("[y/N] ").casefold() in YES

    def _asked(self, question: str, completer: Completer | None) -> str:
        if self._session is None:
            from prompt_toolkit import PromptSession

            self._session = PromptSession(output=write_to())
        with keys_at_once(signals=False):
            return self._session.prompt(question, completer=completer, complete_while_typing=False).strip()


def _completer(known: Sequence[str], *, listed: bool) -> Completer:
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

    class Names(Completer):
        """Names that hold what is typed, those first that begin with it."""

        def get_completions(self, document: Document, complete_event: CompleteEvent) -> Any:
            typed = document.text_before_cursor
            begun = (typed.rpartition(",")[2] if listed else typed).lstrip().casefold()
            first = [n for n in known if n.casefold().startswith(begun)]
            for name in [*first, *(n for n in known if begun in n.casefold() and n not in first)] if begun else known:
                yield Completion(name, start_position=-len(begun))

    return Names()
