"""A posting alone -> what else a plan needs, asked on the terminal; and the command that gives the same answer without asking.

Nothing is written before the answer stands: what was to be kept is kept then.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from credgap.cli import folders, inputs
from credgap.cli.prompt import EndedError, Prompt, possible, say
from credgap.errors import ProfileError

if TYPE_CHECKING:
    from typer import Context

    from credgap.cli.inputs import Asked, Data, Given
    from credgap.cli.options import Choosing
    from credgap.models import HeldSkill, Need, Posting, Requirements

NAMED = 5
"""How many skills the line names that says what was understood."""
NONE = ("none", "no", "n", "-", "nothing")
ASKING_FORMS = ("terminal", "plain", "html", "markdown")
"""The forms in which a person wants an answer; the others are for programs, and nothing is asked for them but the posting."""
ASIDE = frozenset(
    ("postings", "goal", "today", "quiet", "catalog", "no_builtin", "format", "plain", "output_file", "alternatives", "chosen")
)
"""Options that say nothing of the person or the plan: beside them, what is missing is asked."""
WEEKS = re.compile(r"(\d{1,3}(?:\.\d)?)\s*(?:w|wk|wks|weeks?)", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """What was answered: the options it amounts to, and what is to be kept. `words` is the command line as it was given."""

    words: tuple[str, ...]
    pasted: bool
    options: tuple[tuple[str, str], ...] = ()
    held: tuple[HeldSkill, ...] = ()
    answers: tuple[tuple[str, float], ...] = ()
    profile: Path | None = None
    defaults: tuple[tuple[str, float], ...] = ()
    posting: Path | None = None
    text: str = ""


class Talk:
    """What passes at the terminal around one answer: the posting is pasted, questions are asked, what was told is kept.

    Questions come where nothing but a posting was given, or not even that, and somebody is there to answer. `limits`: money and time
    matter, too.
    """

    def __init__(
        self, context: Context, postings: Sequence[str] | None, goal: str | None, *, form: str, no_input: bool, limits: bool = True
    ) -> None:
        self._read = partial(inputs.read, postings, goal, no_input=no_input, plain=form == "plain")
        self._plain = form == "plain"
        self._limits = limits
        self._words = tuple(context.obj or ())
        self._pasted = goal is None and inputs.is_pasted(postings)
        self._asks = possible(no_input=no_input) and (self._pasted or (form in ASKING_FORMS and _says_nothing(context)))
        self._said: Said | None = None
        self._source: Data | None = None
        self._quiet = False

    def read(self) -> tuple[Posting, ...]:
        """The postings named, piped or pasted; of a paste it is said how much has arrived."""
        found = self._read()
        if self._pasted and found:
            lines = len(found[0].text.strip().splitlines())
            say(f"{len(found[0].text.strip()):,} characters in {lines:,} {'line' if lines == 1 else 'lines'} have arrived.")
        return found

    def hold(self, asked: Asked, given: Given, chosen: Choosing) -> tuple[Asked, Given, Choosing]:
        """Say what was understood, ask for what is missing, and give all of it back with the answers in it.

        Raises NothingRecognisedError, before any question, where nothing is asked that counts.
        """
        if not self._asks or chosen.quiet or asked.many or len(asked.wants) != 1:
            return asked, given, chosen
        from credgap import analyse
        from credgap.cli import answers

        answers.unkept()
        wants, catalogue = asked.wants[0], given.source.catalogue
        how: dict[str, Any] = {"today": given.limits.today, "weights": given.weights, "count": given.kinds, "fit": chosen.fit}
        report = analyse.compare(wants, given.profile, catalogue, **how)
        needs = report.gap.needs if report.gap is not None else ()
        say(understood(wants, needs, next(iter(asked.postings), None)))
        talk = _Dialogue(asked, needs, given, chosen, Said(self._words, self._pasted), Prompt(plain=self._plain))
        with contextlib.suppress(EndedError):
            talk.held()
            given = inputs.choosing(replace(talk.chosen, quiet=True), source=given.source)
            verdict = analyse.compare(wants, given.profile, catalogue, **how).verdict
            if self._limits and (chosen.anyway or verdict is None or verdict.answer != "blocked"):
                talk.limits()
            talk.keep()
        say()
        self._said, self._source, self._quiet = talk.said, given.source, chosen.quiet
        given = inputs.choosing(replace(talk.chosen, quiet=True), source=given.source)
        return _renamed(asked, talk.said.posting), given, talk.chosen

    def finish(self) -> None:
        """Keep what is to be kept, and show the command that gives the same answer without asking."""
        if self._said is not None and self._source is not None:
            _finish(self._said, self._source, quiet=self._quiet)


def _says_nothing(context: Context) -> bool:
    """Whether the command line names a posting or a role, and says nothing of the person or the plan."""
    said = {name for name in context.params if getattr(context.get_parameter_source(name), "name", "") == "COMMANDLINE"}
    return said <= ASIDE and len(context.params.get("postings") or ()) < 2


def _renamed(asked: Asked, path: Path | None) -> Asked:
    """The same, with the posting called by the file in which it is to stand, so that the answer reads as that of the file."""
    if path is None:
        return asked
    new = {"id": path.stem, "source": str(path)}
    return replace(
        asked, wants=tuple(w.model_copy(update=new) for w in asked.wants), postings=tuple(p.model_copy(update=new) for p in asked.postings)
    )


@dataclass
class _Dialogue:
    """The questions about one posting, or one role, in their order; what is answered stands in `chosen` and `said`.

    Ctrl-D raises EndedError: no more questions. Ctrl-C raises KeyboardInterrupt: no more of anything.
    """

    asked: Asked
    needs: Sequence[Need]
    given: Given
    chosen: Choosing
    said: Said
    prompt: Prompt

    def held(self) -> None:
        """What is held, where neither the options nor the profile say."""
        if self.chosen.have is not None or self.chosen.from_role is not None or not self.given.profile.empty:
            return
        from credgap.entries import LEVELS

        say("\nWhat of this do you have? Names with commas between. A level can follow a colon, as in sql:3:")
        for n, meaning in LEVELS.items():
            say(f"  {n} {meaning}{' (where none is said)' if n == 2 else ''}")
        say("Enter alone: nothing; then all of it counts as missing.")
        held = self._skills(_names(self.needs))
        if held:
            self._takes("have", ", ".join(map(_word, held)))
            self.said = replace(self.said, held=held)

    def limits(self) -> None:
        """How much money and time there is, where nobody has said."""
        chosen = self.chosen
        if chosen.budget is None and not chosen.free_only:
            say(f"\nHow much money may it cost, in {chosen.currency.upper()}? 0: only what is free.")
            say("Enter alone: no limit" + ("; then at most 150 hours of study." if chosen.hours is None else "."))
            self._takes("budget", self._number("Money: "), default=True)
        if chosen.hours_per_week is None and self.given.profile.hours_per_week is None:
            say("\nHow many hours a week can you study? Enter alone: 5.")
            self._takes("hours_per_week", self._number("Hours a week: ", least=0.5, most=100), default=True)
        if chosen.hours is None and chosen.by is None and chosen.weeks is None:
            say("\nBy when do you want to be done? A day, as 2027-06-30, or a time, as 12 weeks. Enter alone: no matter when.")
            self._until()

    def keep(self) -> None:
        """What of the answers is to be kept, and where."""
        if self.said.held:
            path = self.chosen.profile or folders.profile_path()
            if self.prompt.yes("\nKeep these skills in your profile for next time?", f"({path})"):
                self.said = replace(self.said, profile=path)
        if self.said.answers:
            named = " and ".join({"budget": "the money", "hours_per_week": "the hours a week"}[k] for k, _ in self.said.answers)
            if self.prompt.yes(f"\nKeep {named} as a default of yours?", f"({folders.configuration()})"):
                self.said = replace(self.said, defaults=self.said.answers)
        if self.said.pasted and self.asked.postings:
            self._posting(self.asked.postings[0])

    # --- One question each --------------------------------------------------------------------------------

    def _skills(self, names: Sequence[str]) -> tuple[HeldSkill, ...]:
        from credgap import profile as profiles
        from credgap.report.words import LEVELS

        source = self.given.source
        known = list(dict.fromkeys([*names, *(s.name for s in source.catalogue.skills if s.kind in ("hard", "soft", "certification"))]))
        typed = self.prompt.line("Skills: ", known, listed=True)
        found: dict[str, HeldSkill] = {}
        if typed.casefold() in NONE:
            return ()
        for part in (p.strip() for p in re.split("[,;]", typed) if p.strip()):
            while part:
                try:
                    found |= {h.skill: h for h in profiles.have(part, source)}
                    break
                except ProfileError as error:
                    said = error.message.removeprefix("--have: ").removeprefix("--have ")
                    say(f"  {said[:1].upper()}{said[1:]}.")
                    part = self._instead(part, source, known)
        skill = source.catalogue.skill
        if found:
            levels = (
                skill[h.skill].name + (f" ({LEVELS[h.level]})" if skill[h.skill].kind in ("hard", "soft") else "") for h in found.values()
            )
            say(f"  Held: {', '.join(levels)}.")
        return tuple(found.values())

    def _instead(self, part: str, source: Data, known: Sequence[str]) -> str:
        """What is meant by a part that is not understood: the nearest name, another one, or nothing."""
        name, colon, level = part.partition(":")
        near = [] if source.lookup(name.strip()) else list(source.nearest(name.strip()))
        if near:
            say(f"  Did you mean {', '.join(near[:-1])}{' or ' if near[1:] else ''}{near[-1]}?")
        which = f"y takes {near[0]}, Enter leaves it out" if near else "Enter leaves it out"
        typed = self.prompt.line(f"  Instead ({which}): ", known)
        if near and typed.casefold() in ("y", "yes"):
            typed = near[0]
        return typed + (colon + level if typed and near and ":" not in typed else "")

    def _number(self, question: str, *, least: float = 0, most: float = 1_000_000) -> float | None:
        from typer import BadParameter

        from credgap.cli.options import amount

        while typed := self.prompt.line(question):
            try:
                value = amount(re.sub(r"\s*(?:h|hours?|hrs?|USD|EUR|GBP)$", "", typed, flags=re.IGNORECASE))
            except BadParameter as error:
                say(f"  {error.message}.")
                continue
            if least <= value <= most:
                return value
            say(f"  A number from {least:g} to {most:,.0f}.")
        return None

    def _until(self) -> None:
        from typer import BadParameter

        from credgap.cli.options import date

        first = self.chosen.start or inputs.today(self.chosen.today)
        while typed := self.prompt.line("By when: "):
            if weeks := WEEKS.fullmatch(typed):
                return self._takes("weeks", float(weeks[1]))
            try:
                day = date(typed)
            except BadParameter as error:
                say(f"  {error.message}, or a time as 12 weeks.")
                continue
            if day > first:
                return self._takes("by", day)
            say(f"  That is not after {first}, the first day of study.")

    def _posting(self, posting: Posting) -> None:
        name = f"{_slug(posting)}.txt"
        say("\nSave the posting, so that you can ask again? y, or a name for the file. Enter alone: not saved.")
        while typed := self.prompt.line(f"File [y: {name}]: "):
            if typed.casefold() in ("n", "no"):
                return
            path = Path(name if typed.casefold() in ("y", "yes") else typed).expanduser()
            if path.exists():
                say(f"  {path} is there already; another name.")
            elif not path.parent.is_dir():
                say(f"  There is no folder {path.parent}.")
            else:
                self.said = replace(self.said, posting=path, text=posting.text)
                return

    def _takes(self, name: str, value: Any, *, default: bool = False) -> None:
        """Put an answer where an option of the command line would have put it; None: none was given."""
        if value is None:
            return
        self.chosen = replace(self.chosen, **{name: value})
        said = self.said
        option = (f"--{name.replace('_', '-')}", f"{value:g}" if isinstance(value, float) else str(value))
        self.said = replace(said, options=(*said.options, option), answers=(*said.answers, (name, value)) if default else said.answers)


def understood(wants: Requirements, needs: Sequence[Need], posting: Posting | None) -> str:
    """In one line what was read: the job, where it is and what it pays, and how much it asks for."""
    from credgap import gap as gaps
    from credgap import stated
    from credgap.report import words
    from credgap.report.shown import line

    job = wants.title or (stated.title(posting.clean) if posting else None)
    facts = [line(job) if job else "a posting without a title"]
    if posting is not None and (place := stated.place(posting.clean)) and place not in facts[0]:
        facts.append(line(place))
    if wants.pay is not None:
        facts.append(words.paid(wants.pay))
    units = gaps.units(needs)
    must = [u for u in units if u[0].importance == "required"]
    named = [" or ".join(n.name for n in u[:3]) for u in (must or units)]
    some = ", ".join(named[:NAMED]) + (" ..." if len(named) > NAMED else "")
    asks = f"{len(must)} {'must-have' if len(must) == 1 else 'must-haves'}" if must else f"no must-haves, {len(units)} skills named"
    rest = len(units) - len(must)
    return f"Understood: {', '.join(facts)}; {asks} ({some})" + (f" and {rest} more that help." if must and rest else ".")


def _finish(said: Said, source: Data, *, quiet: bool) -> None:
    """Keep what is to be kept, and show the command that gives the same answer without asking."""
    from credgap.cli import output

    if said.posting is not None:
        output.write(said.text if said.text.endswith("\n") else said.text + "\n", said.posting)
        inputs.note(f"the posting is saved: {said.posting}", quiet=quiet)
    if said.profile is not None:
        from credgap.cli import profile as profiles

        profiles.extend(said.profile, ", ".join(map(_word, said.held)), source, quiet=quiet)
    for key, value in said.defaults:
        from credgap.cli import config

        config.keep(key, int(value) if float(value).is_integer() else value, quiet=quiet)
    if not quiet:
        say("\nThe same again, without questions:")
        print(f"  {repeated(said)}", file=sys.stderr)
        if said.pasted and said.posting is None:
            say("  POSTING.txt stands for a file with the posting, which was not saved.")


def repeated(said: Said) -> str:
    """The command line that gives the same answer and asks nothing."""
    words = list(said.words)
    if said.pasted:
        words = [w for n, w in enumerate(words) if not (n and w == "-")]
        words.insert(1, str(said.posting) if said.posting is not None else "POSTING.txt")
    words += [w for pair in said.options for w in pair]
    return shlex.join(["credgap", *words, *([] if "--no-input" in words else ["--no-input"])])


def _names(needs: Iterable[Need]) -> list[str]:
    return list(dict.fromkeys(n.name for n in needs if n.counted))


def _word(held: HeldSkill) -> str:
    """A skill as --have takes it."""
    years = "" if held.years is None else f":{held.years:g}y"
    return held.skill + (f":{held.level}" if held.level != 2 or years else "") + years


def _slug(posting: Posting) -> str:
    from credgap import stated

    words = re.findall(r"[a-z0-9]+", (posting.title or stated.title(posting.clean) or "posting").casefold())
    return "-".join(words[:6]) or "posting"
