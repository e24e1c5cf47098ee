"""Questions on a terminal -> the text of a profile. Nothing is written before the last of them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from credgap import entries, yamledit
from credgap.cli.prompt import EndedError, Prompt, say
from credgap.errors import CredgapError

if TYPE_CHECKING:
    from credgap.cli.inputs import Data

NONE = ("none", "no", "-")


def ask(text: str, path: Path, source: Data) -> str | None:
    """The text of a profile with what was answered; None where it is not to be written. Ctrl-C raises KeyboardInterrupt."""
    talk = _Interview(source, text)
    say("This asks what you have, and writes it to a file that you can edit.")
    say("Enter alone goes on, Tab completes, Ctrl-D ends the questions, Ctrl-C stops and writes nothing.")
    with contextlib.suppress(EndedError):
        talk.all()
    say("\n" + "\n".join(line for line in talk.text.splitlines() if not line.startswith("#")))
    say(f"\nWrite this to {path}?")
    try:
        refused = talk.prompt.line("[Y/n] ").casefold().startswith("n")
    except EndedError:
        return None
    return None if refused else talk.text


class _Interview:
    """The questions in their order; what is answered stands in `text`."""

    def __init__(self, source: Data, text: str) -> None:
        catalogue = source.catalogue
        self.source = source
        self.text = text
        self.prompt = Prompt()
        self.answer = self.prompt.line
        self.skills = [s.name for s in catalogue.skills if s.kind in ("hard", "soft")]
        self.credentials = [*catalogue.credential]

    def all(self) -> None:
        """Ask everything. Ctrl-D raises EndedError."""
        say("\nSkills, one at a time. A level can follow a colon, and years another: sql:3, excel:2:4y.")
        for n, meaning in entries.LEVELS.items():
            say(f"  {n} {meaning}")
        self.several("Skill: ", self.skills, level=True)
        say("\nCredentials you hold, by id or name.")
        self.several("Credential: ", self.credentials, level=False)
        self.degree()
        self.some("languages", "Languages you speak, with a comma between.")
        self.some("licences", "Licences you hold, such as a driver's licence, with a comma between.")
        self.hours()

    def several(self, question: str, known: Sequence[str], *, level: bool) -> None:
        """Take in what is named, one after the other, until nothing is."""
        while word := self.answer(question, known):
            if level and ":" not in word and self._is_learnt(word):
                word += self._level()
            self._take(word)

    def degree(self) -> None:
        """Take in the highest degree, if one is said."""
        from credgap.models import DegreeLevel

        known = get_args(DegreeLevel)
        say(f"\nYour highest degree: {', '.join(k.replace('_', ' ') for k in known)}, or none. Enter alone: not said, so unknown.")
        while word := self.answer("Degree: ", [k.replace("_", " ") for k in known]):
            level = word.casefold().replace("'s", "").replace(" degree", "").replace(" ", "_")
            if level in NONE:
                self.text = yamledit.put(self.text, "education", [])
                return
            if level in known:
                self.text = yamledit.added(self.text, "education", {"degree": level})
                return
            say(f"  {word!r} is none of these.")

    def some(self, key: str, question: str) -> None:
        """Take in what is named of one kind, if anything is said."""
        say(f"\n{question} “none” says that there are none; Enter alone: not said, so unknown.")
        while words := self.answer(f"{key.capitalize()}: "):
            if words.casefold() in NONE:
                self.text = yamledit.put(self.text, key, [])
                return
            if self._take(words, only=key):
                return

    def hours(self) -> None:
        """Take in the hours of study a week, if they are said."""
        say("\nHours of study a week. Enter alone: not said; then 5 are taken.")
        while word := self.answer("Hours a week: "):
            if word.replace(".", "", 1).isdigit() and 0 < float(word) <= 100:
                self.text = yamledit.put(self.text, "hours_per_week", float(word) if "." in word else int(word))
                return
            say("  A number from 1 to 100.")

    def _is_learnt(self, word: str) -> bool:
        skill = self.source.lookup(word)
        return skill is not None and skill.kind in ("hard", "soft")

    def _level(self) -> str:
        while (word := self.answer("  level 1, 2 or 3 [2]: ") or "2") not in ("1", "2", "3"):
            say("  1, 2 or 3.")
        years = self.answer("  years of practice (Enter: not said): ")
        return f":{word}" + (f":{years}" if years else "")

    def _take(self, words: str, only: str | None = None) -> bool:
        """Take in what is named, and say whether it was understood; nothing of it where a part is not, or belongs elsewhere."""
        new, names = self.text, []
        try:
            for entry in entries.of_words(words, self.source, self.source.catalogue):
                if only is not None and entry.key != only:
                    raise CredgapError(f"{entry.name} is none of these", hint=f"It belongs to {entry.key}.")
                new = entries.add(new, entry, self.source, self.source.catalogue)
                names.append(entry.name)
        except CredgapError as error:
            say(f"  {error.message[:1].upper()}{error.message[1:]}. {error.hint or ''}")
            return False
        say(f"  {', '.join(names)}")
        self.text = new
        return True
