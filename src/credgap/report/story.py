"""A Report -> blocks in reading order: headings, paragraphs, lists and tables, which each format writes in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from credgap.models import (
    FEW_POSTINGS,
    Catalogue,
    Choice,
    Frontier,
    Gap,
    Limits,
    NotClosed,
    Plan,
    Ranked,
    Report,
    Requirement,
    Requirements,
    RoleReach,
    Source,
    Step,
    Why,
)
from credgap.report import words
from credgap.report.words import hours, joined, percent

FREE, FITTING, BEYOND, ROLES, SOFT = 4, 3, 2, 4, 5
"""How many free ways, credentials within the limits and beyond them, skills of a role, and soft skills the short form names."""

Tone = Literal["good", "mind", "bad", "quiet"]
"""What a text tells by its colour, where there is colour; its words tell it, too."""


@dataclass(frozen=True)
class Link:
    """A page of the web, shown by its address."""

    url: str


@dataclass(frozen=True)
class Command:
    """A command to run, to be copied as it stands."""

    text: str


Words = str | tuple[str | Link | Command, ...]
"""Text; a line break in it is kept where there are lines."""


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is that of a report."""

    level: int
    text: str
    tone: Tone | None = None


@dataclass(frozen=True)
class Paragraph:
    """Sentences; `strong`: they are the answer."""

    text: Words
    strong: bool = False
    tone: Tone | None = None
    apart: bool = False
    """Whether a blank line stands before it, where there are blank lines."""


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Words, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first column names the row. `figures` are the columns that hold numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Bars(Table):
    """A table in which a bar for the share of each row stands before column `at`, where there is room; `mark` is a share to reach."""

    shares: tuple[float, ...] = ()
    at: int = 1
    mark: float | None = None


@dataclass(frozen=True)
class Timeline(Table):
    """A table in which each row has a span of the whole time, from one share of it to another."""

    spans: tuple[tuple[float, float], ...] = ()


Block = Heading | Paragraph | Items | Table


def tell(report: Report, catalogue: Catalogue, *, details: bool = False) -> Iterator[Block]:
    """One report, the answer first; `details`: with all evidence, sums and sources."""
    report = words.unlined(report)
    wants = report.requirements
    yield Heading(1, words.about(report))
    if report.failure is not None:
        yield Paragraph(words.sentence(f"No answer: {report.failure}"))
        return
    if stated := "; ".join(words.stated(wants)):
        yield Paragraph(words.sentence(stated))
    if report.why is not None:
        yield from _why(report.why, words.currency(report))
    elif report.command == "frontier":
        yield Paragraph(f"Fit: how much of what is asked you show. {words.percent(report.threshold or 0.0)} is enough to apply.")
        yield Paragraph("Choose a line, and ask for its plan: credgap plan with the same posting, and --budget or --weeks.")
        for f in report.frontiers:
            yield from _frontier(f)
    else:
        yield from _main(report, catalogue, details=details)
    yield from _notes(wants, None if report.command in ("frontier", "why") else report.choice)
    if report.command == "plan" and not details:
        yield Paragraph(
            "More: --details for all evidence, sums and sources; --format html -o plan.html for a page.", tone="quiet", apart=True
        )


def _main(report: Report, catalogue: Catalogue, *, details: bool) -> Iterator[Block]:
    choice, currency = report.choice, words.currency(report)
    if report.verdict is not None:
        yield from _verdict(report, catalogue)
    to_do = list(_to_do(report))
    unsure = report.verdict is not None and report.verdict.answer == "unknown"
    if unsure:  # what has to be settled first stands first
        yield from to_do
    if choice is not None:
        yield from _plan(report, choice, catalogue)
    if not unsure:
        yield from to_do
    if report.since:
        yield Heading(2, "Since then")
        yield Paragraph(report.since[0])
        yield from _list(report.since[1:])
    if report.together:
        yield from _together(report)
    if choice is not None and choice.plan.steps:
        yield from _about(report, choice.plan, catalogue, details=details)
    if report.gap is not None:
        yield from _gap(report, report.gap, catalogue, details=details)
    else:
        yield from _extracted(report.requirements)
        yield Heading(2, "What to do next")
        hold = 'Hold it against what you have: credgap plan with the same posting, --have "excel:3, sql" and --budget 300.'
        yield Items((hold,), ordered=True)
    if choice is not None:
        yield from _ranking(choice, currency, details=details)
        ranked = {r.credential for r in choice.ranking[:FITTING]}
        if others := [a for a in choice.alternatives if details or not ranked.issuperset(a.credentials)]:
            yield Heading(2, "Other plans, the next best")
            yield from _list(words.outline(a, currency) for a in others)
        yield from _open(choice, catalogue, details=details)
    yield from _uncounted(report.gap, details=details)


def _to_do(report: Report) -> Iterator[Block]:
    if to_do := words.next_steps(report):
        yield Heading(2, "What to do next")
        yield Items(tuple(_todo(t) for t in to_do), ordered=True)


def _todo(todo: words.Todo) -> Words:
    """A step, with its page and its commands."""
    if not todo.url and not todo.commands:
        return todo.text
    parts: list[str | Link | Command] = [todo.text]
    for x in (*((Link(todo.url),) if todo.url else ()), *map(Command, todo.commands)):
        parts += (" ", x)
    return tuple(parts)


def _list(items: Iterable[Words], *, ordered: bool = False) -> Iterator[Block]:
    if found := tuple(items):
        yield Items(found, ordered)


TONES: dict[str, Tone] = {"apply_now": "good", "study_then_apply": "mind", "unknown": "mind", "blocked": "bad"}


def _verdict(report: Report, catalogue: Catalogue) -> Iterator[Block]:
    assert report.verdict is not None, "the caller looked"
    yield Heading(2, f"Verdict: {words.answer(report)}", TONES[report.verdict.answer])
    yield Paragraph(" ".join(words.because(report)))
    if nearer := words.nearer(report, catalogue):
        yield Paragraph(nearer)
    plan = report.choice.plan if report.choice else None
    if report.gap is not None:
        enough = "" if report.threshold is None else f"{percent(report.threshold)}, enough to apply"
        fits = [("Fit now", report.gap.fit)]
        if plan is not None and plan.steps:
            fits.append(("With the plan", plan.cover_after))
        rows = tuple((label, percent(fit), enough if n == 0 else "") for n, (label, fit) in enumerate(fits))
        yield Bars(("Fit", "At", "To reach"), rows, frozenset({1}), tuple(f for _, f in fits), mark=report.threshold)


def _plan(report: Report, choice: Choice, catalogue: Catalogue) -> Iterator[Block]:
    plan, currency = choice.plan, choice.plan.cost.currency
    if not plan.steps:
        yield Heading(2, "Take nothing")
        yield Paragraph(plan.reason or "No credential is worth taking inside these limits.")
        yield from _list(words.change(c, currency) for c in choice.changes)
        return
    yield Heading(2, words.taking(report))
    yield Items(tuple(_taken(s, report, plan, catalogue) for s in plan.steps), ordered=True)
    if short := words.falls_short(report):
        yield Paragraph(short, strong=True, tone="bad")
    days = [(s, s.start, s.end) for s in plan.steps if s.start and s.end]
    if len(days) > 1:
        first, last = min(a for _, a, _ in days), max(b for _, _, b in days)
        whole = (last - first).days + 1
        yield Timeline(
            ("Step", "From", "To", "Takes"),
            tuple((f"Step {s.order}", str(a), str(b), words.span(s)) for s, a, b in days),
            spans=tuple(((a - first).days / whole, ((b - first).days + 1) / whole) for _, a, b in days),
        )
    yield Paragraph(words.totals(plan), strong=True)
    if other := words.cheaper(report):
        yield Paragraph(other)


def _taken(step: Step, report: Report, plan: Plan, catalogue: Catalogue) -> Words:
    by = words.who_else(step, catalogue)
    return f"{step.name}{f' ({by})' if by else ''}:\n{words.step_facts(step, report, plan, catalogue)}"


def _about(report: Report, plan: Plan, catalogue: Catalogue, *, details: bool) -> Iterator[Block]:
    """What to know of each step before paying, and of the money and the proof."""
    currency = plan.cost.currency
    yield Heading(2, "About the plan")
    for step in plan.steps:
        if len(plan.steps) > 1 or details:
            yield Heading(3, f"{step.order}. {step.name}")
        credential = catalogue.credential[step.credential]
        lines: list[Words] = []
        if step.order > 1 or details:
            lines.append(("Page: ", Link(step.url)))
        if details:
            lines += (words.closes(c, report) for c in step.closes)
            parts = joined(f"{part} {value:.2f}" for part, value in step.trust.parts)
            lines.append(f"Trust {step.trust.value:.2f} of 1: {parts}. Its id is {step.credential}.")
        lines += words.remarks(step, catalogue, brief=not details)
        if not details and (page := words.priced_by(step, catalogue)) is not None:
            price = words.own_price(step, catalogue, currency)
            price = "Price" if step.offer is None or price.startswith("in the") else f"Price ({price})"
            lines.append(f"{price} as seen on {words.host(page.url)}, {page.checked}.")
        if details:
            lines += (_source(s) for s in catalogue.sources(credential, step.offer))
        yield from _list(lines)
    if len(plan.steps) > 1 or details:
        yield Heading(3, "Money and time")
    sums = list(words.of_money(plan))[0 if details else len(plan.subscriptions) :]
    due = [*words.payments(plan, details=details), *words.renewals(plan, details=details)]
    if plan.hours and report.limits is not None:
        sums.append(f"{report.limits.hours_per_week:g} hours of study a week: --hours-per-week sets another number.")
    yield from _list((*sums, *due, *list(words.of_proof(report, plan))[0 if details else -1 :]))


def _source(source: Source) -> Words:
    return "Source: ", Link(source.url), f" ({joined(source.states) or 'price'}; checked {source.checked})"


def _together(report: Report) -> Iterator[Block]:
    of, threshold = len(report.together), report.threshold or 0.0
    yield Heading(2, f"The {of} postings")
    yield from _list(f"{when}, {n} of {of} are at {percent(threshold)}, enough to apply." for when, n in words.passed(report))
    if never := sum(p.blocked for p in report.together):
        yield Paragraph(f"{never} can never pass: a must is unmet that no credential opens.")
    yield Table(
        ("Posting", "Before", "After", "Note"),
        tuple(
            (words.line_of(p), percent(p.fits[0]), percent(p.fits[-1]), "a must is unmet" if p.blocked else "")
            for p in words.nearest_first(report)
        ),
        frozenset({1, 2}),
    )


def _gap(report: Report, gap: Gap, catalogue: Catalogue, *, details: bool) -> Iterator[Block]:
    then, shares = words.after(report), words.shares(report.requirements, catalogue)
    lifted = ": held now, and after the plan" if then else ""
    yield Heading(2, f"The gap, skill by skill{lifted}" + (", by an empty profile" if gap.profile_empty else ""))
    units = words.merged(n for n in gap.needs if n.counted)
    skills = {id(n): those for n, those in units}
    for title, needs in words.three_parts(n for n, _ in units):
        for importance, heading in (("required", title), ("preferred", f"{title}, preferred"), ("context", f"{title}, only named")):
            rows = [n for n in needs if n.importance == importance and (details or importance != "context")]
            if rows:
                yield Heading(3, f"{heading} ({len(rows)})")
                yield Table(
                    ("Skill", "Now", "After", "Postings that ask" if shares else "The posting says"),
                    tuple(
                        (words.wanted(n), percent(n.held), _best(then, skills[id(n)], n.held), shares.get(n.skill) or words.quote(n))
                        for n in rows
                    ),
                    frozenset({1, 2, 3} if shares else {1, 2}),
                )
    passing = [n.name for n, _ in units if n.importance == "context"]
    if passing and not details:
        where = "Asked by few of the postings" if shares else "Only named in its duties, not demanded"
        counts = "; the fit is measured by them" if len(passing) == len(units) else ""
        yield Paragraph(f"{where}{counts} ({len(passing)}): {_some(passing, 8)}.")
    if report.beside:
        yield Paragraph(f"You also named {words.in_a_row(report.beside)}: not asked for here.")
    if details and gap.gates:
        yield Heading(2, "What no course opens")
        yield from _list(f"{words.gate(g)}, {'a must' if g.gate.hard else 'preferred'}: {g.state}, {g.why}." for g in gap.gates)
    elif told := tuple(words.gates_in_short(gap)):
        yield Heading(2, "Other requirements that no course meets")
        yield Items(told)


def _best(then: dict[str, float], skills: Sequence[str], held: float) -> str:
    """What is held after the plan of the best of some alternatives; nothing where there is no plan."""
    return percent(max((held, *(then[s] for s in skills if s in then)))) if then else ""


def _some(names: Sequence[str], most: int, where: str = " (--details)") -> str:
    more = len(names) - most
    return joined(names[:most]) + (f" and {more} more{where}" if more > 0 else "")


def _extracted(wants: Requirements) -> Iterator[Block]:
    parts = [(title, words.merged(r for r in wants.requirements if r.importance == i)) for i, title in words.IMPORTANCE.items()]
    said = joined(f"{len(found)} {title.lower()}" for title, found in parts if found)
    yield Heading(2, f"What it asks: {said or 'no skill that is known'}")
    for title, found in parts:
        if found:
            yield Heading(3, f"{title} ({len(found)})")
            yield Table(("Skill", "Kind", "The posting says"), tuple(_found(r) for r, _ in found))
    if wants.gates:
        yield Heading(2, "What no course opens")
        yield from _list(
            f"{words.GATES[g.kind]}: {g.text} ({'a must' if g.hard else 'preferred'}{f', line {g.line}' if g.line else ''})"
            for g in wants.gates
        )
    if wants.negated:
        yield Heading(2, "Said not to be needed")
        yield from _list(f"{n.skill}: " + "; ".join(f"“{m.text}” (line {m.line})" for m in n.mentions) for n in wants.negated)


def _found(r: Requirement) -> tuple[Words, ...]:
    return words.wanted(r), words.KINDS[r.kind], joined(filter(None, (words.quote(r), words.how(r))))


def _frontier(frontier: Frontier) -> Iterator[Block]:
    yield Heading(2, words.axis(frontier))
    points = tuple(words.news(frontier))
    yield Bars(
        ("From", "Fit", "More", "Takes" if frontier.axis == "money" else "Costs", "What is new in the plan"),
        tuple((words.at(frontier, p), percent(p.best.cover), more, words.other(frontier, p), new) for p, more, new in points),
        frozenset({0, 1, 2, 3}),
        tuple(p.best.cover for p, _, _ in points),
        at=2,
    )
    yield Paragraph(" ".join(words.of_frontier(frontier)), tone="quiet")


def _why(why: Why, currency: str) -> Iterator[Block]:
    yield Heading(2, why.name)
    yield Paragraph("In the plan." if why.in_plan else "Not in the plan.", strong=True)
    yield from _list(why.reasons)
    yield Heading(2, "The two plans")
    plans = [("The best plan", why.plan), *([("The best with it", why.with_it)] if why.with_it else [])]
    yield Table(
        ("Plan", "Takes", "Fit", "Price", "Hours"),
        tuple((n, joined(p.names) or "nothing", percent(p.cover), words.price(p.net, currency), f"{p.hours:,.0f}") for n, p in plans),
        frozenset({2, 3, 4}),
    )
    if why.ranked is not None and why.place is not None:
        r = why.ranked
        gain = f"fit {words.gain(r.cover_gain)}, {words.price(r.cost, currency)}, {hours(r.hours, estimated=r.hours_estimated)}"
        yield Paragraph(f"Alone it is number {why.place} of {why.of} that help: {gain}.")
        yield from _list(f"{c.name}: from {percent(c.start)} to {percent(c.end)}" for c in r.closes)
        if r.why_not:
            yield Paragraph(words.sentence(f"Now it does not fit: {r.why_not}"))
    yield Paragraph(f"{words.TRUST} Here it is {why.trust.value:.2f}: {joined(f'{part} {v:.2f}' for part, v in why.trust.parts)}.")


def _ranking(choice: Choice, currency: str, *, details: bool) -> Iterator[Block]:
    """The ranking, what fits the limits first; in the short form the best of each, with what keeps one out first."""
    if not choice.ranking:
        return
    yield Heading(2, "Single credentials, by the points of fit that each adds alone")
    taken = {s.credential for s in choice.plan.steps}
    fitting, rest = [r for r in choice.ranking if r.fits], [r for r in choice.ranking if not r.fits]
    columns = ("Credential", "Points", "Price", "Hours", *(("Trust",) if details else ()))
    for title, all_, most in (("Within your limits", fitting, FITTING), ("Beyond your limits, or not open to you", rest, BEYOND)):
        told = all_[: 5 * most if details else most]
        if told:
            yield Heading(3, f"{title} ({len(told)} shown of {len(all_)})" if len(told) < len(all_) else f"{title} ({len(all_)})")
            rows = tuple(_ranked(r, currency, taken, details=details) for r in told)
            yield Table(columns, rows, frozenset(range(1, len(columns))))
    if details:
        yield Paragraph(words.TRUST, tone="quiet")


def _ranked(r: Ranked, currency: str, taken: set[str], *, details: bool) -> tuple[Words, ...]:
    name = r.name + (f" [{r.credential}]" if details else "") + (" (planned)" if r.credential in taken else "")
    if r.why_not:
        name += f"\nnot now: {r.why_not if details else r.why_not.partition('; ')[0]}"
    study = "unknown" if r.hours is None else f"{'about ' if r.hours_estimated else ''}{r.hours:,.0f}"
    price = "unknown" if r.cost is None else words.price(r.cost, currency)
    return name, words.gain(r.cover_gain).removesuffix("%"), price, study, *((f"{r.trust:.2f}",) if details else ())


def _open(choice: Choice, catalogue: Catalogue, *, details: bool) -> Iterator[Block]:
    lifted = {c.skill for s in choice.plan.steps for c in s.closes if c.end - c.start > words.HAIR}
    asked = [n for i in ("required", "preferred") for n in choice.not_closed if n.importance == i and n.skill not in lifted]
    if not asked and not (details and choice.not_closed):
        return
    beside = "" if details or not lifted else ", beside what the plan takes on"
    yield Heading(2, f"Still open{beside}: how to close it without paying")
    if details:
        told = sorted(choice.not_closed, key=lambda n: list(words.IMPORTANCE).index(n.importance))
        yield from _list(
            (f"{n.name} ({n.importance}): {n.advice}", *((f" {n.tutorial.name}: ", Link(n.tutorial.url)) if n.tutorial else ()))
            for n in told
        )
        return
    ways: dict[tuple[str, str], list[str]] = {}
    for n in asked:
        if (way := _free_way(n, choice, catalogue)) is not None:
            ways.setdefault(way, []).append(n.name)
    yield from _list((f"{joined(names)}: {f'{what}: ' if what else ''}", Link(url)) for (what, url), names in list(ways.items())[:FREE])
    free = {name for names in ways.values() for name in names}
    lines = []
    if more := [name for names in list(ways.values())[FREE:] for name in names]:
        lines.append(f"There are free pages or courses for {joined(more)}, too (--details).")
    left = [n for n in asked if n.name not in free]
    if practice := [n.name for n in left if n.route in ("experience", "project")]:
        lines.append(f"By doing it, at work or in a project of your own: {joined(practice)}.")
    if rest := [n.name for n in left if n.route not in ("experience", "project")]:
        lines.append(f"By free documentation and a project that shows it: {joined(rest)}.")
    yield from _list(lines)


BRINGS = 0.3
"""The share of a skill that a free course has to bring to be named for it."""


def _free_way(n: NotClosed, choice: Choice, catalogue: Catalogue) -> tuple[str, str] | None:
    """A free page or a free credential that brings an open skill further, and its address."""
    if n.tutorial is not None:
        what = n.tutorial.name.removeprefix(f"{n.name} ")
        return ("" if what.casefold() == words.host(n.tutorial.url).casefold() else what), n.tutorial.url
    taken = {s.credential for s in choice.plan.steps}
    free = [r for r in choice.ranking if r.cost == 0 and r.fits and r.credential not in taken]
    brings = [(c.end, r) for r in free for c in r.closes if c.skill == n.skill and c.end - c.start >= BRINGS]
    if not brings:
        return None
    r = max(brings, key=lambda x: x[0])[1]
    study = "" if r.hours is None else f", {hours(r.hours, estimated=r.hours_estimated)}"
    return f"{r.name}, free{study}", catalogue.credential[r.credential].url


def _uncounted(gap: Gap | None, *, details: bool) -> Iterator[Block]:
    shown, named, wide = words.uncounted(gap)
    if gap is not None and not details:  # a must has been spoken of
        gates = {g.gate.skill for g in gap.gates}
        named = [n.name for n in gap.needs if n.name in named and n.skill not in gates]
    if shown or named:
        yield Heading(2, "How to show the rest of what it asks")
    if shown:
        yield Paragraph(
            "Soft skills: for each have one example ready, with what you did and what came of it, for the application and the interview: "
            f"{joined(shown) if details else _some(shown, SOFT)}."
        )
    if named:
        yield Paragraph(f"Name these in the application if you have them: {joined(named)}.")
    if wide and details:
        yield Paragraph(f"Too wide to be learnt as such: {joined(wide)}.")


def _notes(wants: Requirements, choice: Choice | None) -> Iterator[Block]:
    warnings = (*wants.warnings, *(choice.warnings if choice else ()))
    if warnings or wants.unknown_terms:
        yield Heading(2, "Take care")
    yield from _list(warnings)
    if wants.unknown_terms:
        yield Paragraph("Not understood, so not counted: " + joined(f"“{u.text}”" for u in wants.unknown_terms) + ".", apart=bool(warnings))


def roles(found: Sequence[RoleReach], *, fit: float, limits: Limits, assumed: Sequence[str]) -> Iterator[Block]:
    """Goal roles by how near a profile is to them; the rows come last."""
    yield Heading(1, "Roles, the nearest first")
    few = any(r.postings is not None and r.postings < FEW_POSTINGS for r in found)
    yield Paragraph(
        f"Fit: how much of what postings of a role ask you show. {percent(fit)} is enough to apply. What gets you there has at most "
        f"{limits.max_credentials} credentials (--max-credentials)."
        + (" * rests on few postings." if few else "")
        + (f" {len(assumed)} skills are assumed from the role held: confirm them in the profile." if assumed else "")
    )
    if not any(r.fit >= fit or r.cheapest for r in found):
        yield Paragraph("None of these is reached within the limits: allow more money, hours or credentials, or lower --fit.", strong=True)
    if found:
        yield Paragraph(f'Next, for a plan: credgap plan --goal "{found[0].name}" with the same options.')
    yield Table(
        ("Role", "Fit now", "Least money", "Soonest", "You have", "You lack"),
        tuple(
            (
                r.name + ("*" if r.postings is not None and r.postings < FEW_POSTINGS else ""),
                percent(r.fit),
                words.least(r, fit, limits.currency),
                words.soonest(r),
                _some(r.carried, ROLES, "") or "nothing",
                _some(r.missing, ROLES, "") or "nothing",
            )
            for r in found
        ),
        frozenset({1}),
    )
