"""Questions on a terminal -> the text of a profile. Nothing is written before the last of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, get_args

from credgap import entries, yamledit
from credgap.cli import output
from credgap.errors import CredgapError

if TYPE_CHECKING:
    from credgap.cli.inputs import Data

NONE = ("none", "no", "-")


def ask(text: str, path: Path, source: Data) -> str | None:
    """The text of a profile with what was answered; None where it is not to be written. Ctrl-C raises KeyboardInterrupt."""
    questions = _Questions(source)
    _say("This asks what you have, and writes it to a file that you can edit.")
    _say("Enter alone goes on, Tab completes, Ctrl-C stops and writes nothing.")
    _say("\nSkills, one at a time. A level can follow a colon, and years another: sql:3, excel:2:4y.")
    for n, meaning in entries.LEVELS.items():
        _say(f"  {n} {meaning}")
    text = questions.several("Skill: ", questions.skills, text, level=True)
    _say("\nCredentials you hold, by id or name.")
    text = questions.several("Credential: ", questions.credentials, text, level=False)
    text = questions.degree(text)
    text = questions.some("languages", "Languages you speak, with a comma between (none; Enter: not said): ", text)
    text = questions.some("licences", "Licences you hold, such as a driver's licence (none; Enter: not said): ", text)
    text = questions.hours(text)
    _say("\n" + text)
    return None if questions.answer(f"Write this to {path}? [Y/n] ").casefold().startswith("n") else text


def _say(text: str) -> None:
    """Talk, wrapped between words."""
    width = output.columns(at_terminal=True)
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()))
        print(fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False), file=sys.stderr)


class _Questions:
    def __init__(self, source: Data) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.output import create_output

        catalogue = source.catalogue
        self.source = source
        self.skills = [s.name for s in catalogue.skills if s.kind in ("hard", "soft")]
        self.credentials = [*catalogue.credential]
        self._session: PromptSession[str] = PromptSession(output=create_output(stdout=sys.stderr))

    def answer(self, question: str, known: Sequence[str] = ()) -> str:
        """What is typed; nothing where the input ends."""
        from prompt_toolkit.completion import WordCompleter

        completer = WordCompleter(list(known), ignore_case=True, sentence=True, match_middle=True) if known else None
        try:
            return self._session.prompt(question, completer=completer, complete_while_typing=False).strip()
        except EOFError:
            return ""

    def several(self, question: str, known: Sequence[str], text: str, *, level: bool) -> str:
        """The text with what is named, one after the other, until nothing is."""
        while word := self.answer(question, known):
            if level and ":" not in word and self._is_learnt(word):
                word += self._level()
            text = self._with(text, word)
        return text

    def degree(self, text: str) -> str:
        """The text with the highest degree, if one is said."""
        from credgap.models import DegreeLevel

        known = get_args(DegreeLevel)
        while word := self.answer(f"\nHighest degree ({', '.join(known)}, none; Enter: not said): ", known):
            if word.casefold() in NONE:
                return yamledit.put(text, "education", [])
            if word.casefold().replace(" ", "_") in known:
                return yamledit.added(text, "education", {"degree": word.casefold().replace(" ", "_")})
            _say(f"  {word!r} is none of these.")
        return text

    def some(self, key: str, question: str, text: str) -> str:
        """The text with what is named of one kind, if anything is said."""
        while words := self.answer(question):
            if words.casefold() in NONE:
                return yamledit.put(text, key, [])
            new = self._with(text, words, only=key)
            if new != text:
                return new
        return text

    def hours(self, text: str) -> str:
        """The text with the hours of study a week, if they are said."""
        while word := self.answer("Hours of study a week (Enter: not said): "):
            if word.replace(".", "", 1).isdigit() and 0 < float(word) <= 100:
                return yamledit.put(text, "hours_per_week", float(word) if "." in word else int(word))
            _say("  A number from 1 to 100.")
        return text

    def _is_learnt(self, word: str) -> bool:
        skill = self.source.lookup(word)
        return skill is not None and skill.kind in ("hard", "soft")

    def _level(self) -> str:
        while (word := self.answer("  level 1, 2 or 3 [2]: ") or "2") not in ("1", "2", "3"):
            _say("  1, 2 or 3.")
        years = self.answer("  years of practice (Enter: not said): ")
        return f":{word}" + (f":{years}" if years else "")

    def _with(self, text: str, words: str, only: str | None = None) -> str:
        """The text with what is named; as it was, where that is not understood or belongs elsewhere."""
        new = text
        try:
            for entry in entries.of_words(words, self.source, self.source.catalogue):
                if only is not None and entry.key != only:
                    raise CredgapError(f"{entry.name} is none of these", hint=f"It belongs to {entry.key}.")
                new = entries.add(new, entry, self.source, self.source.catalogue)
                _say(f"  {entry.name}")
        except CredgapError as error:
            _say(f"  {error.message}. {error.hint or ''}")
            return text
        return new
