"""A Report -> blocks in reading order: headings, paragraphs, lists and tables, which each format writes in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from credgap.models import FEW_POSTINGS, Catalogue, Choice, Frontier, Gap, Limits, Report, Requirements, RoleReach, Source, Step, Why
from credgap.report import words
from credgap.report.page import money
from credgap.report.words import hours, joined, percent

TOLD = 8
"""For how many open skills it is said how to close them."""
TELLING = 0.1
"""A step's gain below this share is named in passing."""


@dataclass(frozen=True)
class Link:
    """A page of the web, shown by its address."""

    url: str


Words = str | tuple[str | Link, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is that of a report."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences; `strong`: they are the answer."""

    text: Words
    strong: bool = False


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


Block = Heading | Paragraph | Items | Table


def tell(report: Report, catalogue: Catalogue) -> Iterator[Block]:
    """One report, the answer first."""
    wants = report.requirements
    yield Heading(1, f"{wants.title} ({wants.source})" if wants.title else wants.source)
    if report.failure is not None:
        yield Paragraph(words.sentence(f"No answer: {report.failure}"))
        return
    if stated := "; ".join(words.stated(wants)):
        yield Paragraph(words.sentence(stated))
    if report.verdict is not None:
        yield from _verdict(report, catalogue)
    if report.since:
        yield Heading(2, "Since then")
        yield Paragraph(report.since[0])
        yield from _list(report.since[1:])
    if report.why is not None:
        yield from _why(report.why, words.currency(report))
    elif report.frontiers:
        for f in report.frontiers:
            yield from _frontier(f)
    else:
        yield from _main(report, catalogue)
    yield from _notes(wants, None if report.frontiers else report.choice)


def _main(report: Report, catalogue: Catalogue) -> Iterator[Block]:
    choice, currency = report.choice, words.currency(report)
    if choice is not None:
        yield from _plan(report, choice, catalogue)
    if report.together:
        yield from _together(report)
    if report.gap is not None:
        yield from _gap(report.gap)
    else:
        yield from _extracted(report.requirements)
    if choice is not None:
        if choice.alternatives:
            yield Heading(2, "The next best plans")
            yield from _list(words.outline(a, currency) for a in choice.alternatives)
        yield from _ranking(choice, currency)
        yield from _open(choice)
    yield from _uncounted(report.gap)


def _list(items: Iterable[Words], *, ordered: bool = False) -> Iterator[Block]:
    if found := tuple(items):
        yield Items(found, ordered)


def _verdict(report: Report, catalogue: Catalogue) -> Iterator[Block]:
    assert report.verdict is not None, "the caller looked"
    yield Heading(2, "Verdict")
    yield Paragraph(words.sentence(words.answer(report)), strong=True)
    yield from _list(report.verdict.reasons)
    if nearer := words.nearer(report, catalogue):
        yield Paragraph(nearer)
    if to_do := words.to_do(report):
        yield Heading(2, "What to do next")
        yield from _list(to_do, ordered=True)


def _plan(report: Report, choice: Choice, catalogue: Catalogue) -> Iterator[Block]:
    plan, currency = choice.plan, choice.plan.cost.currency
    if not plan.steps:
        yield Heading(2, "Take nothing")
        yield Paragraph(plan.reason or "No credential is worth taking inside these limits.")
        yield from _list(words.change(c, currency) for c in choice.changes)
        return
    yield Heading(2, "Take this" if len(plan.steps) == 1 else "Take these, in this order")
    yield Paragraph(f"The fit goes from {percent(plan.cover_before)} to {percent(plan.cover_after)}. {words.totals(plan)}")
    for step in plan.steps:
        yield from _step(step, report, catalogue, currency)
    yield Heading(2, "Money and time")
    yield from _list((*words.of_money(plan), *words.of_proof(report, plan)))
    if plan.payments:
        yield Paragraph("To pay:")
        yield from _list(f"{p.day or 'some day'}: {money(p.amount, currency)}, {p.what}" for p in plan.payments)
    if plan.renewals:
        yield Paragraph("Renewals due:")
        yield from _list(f"{r.day}: {r.name}, {words.price(r.amount, currency)}" for r in plan.renewals)


def _step(step: Step, report: Report, catalogue: Catalogue, currency: str) -> Iterator[Block]:
    yield Heading(3, f"{step.order}. {step.name}")
    yield Paragraph(words.sentence(f"{words.who(step, catalogue)}; {words.facts(step, currency)}"))
    yield Paragraph((Link(step.url),))
    told = [c for c in step.closes if c.end - c.start >= TELLING]
    lines: list[Words] = [words.closes(c, report) for c in told]
    if told != list(step.closes):
        lines.append(f"A little of: {joined(c.name for c in step.closes if c not in told)}")
    lines += words.remarks(step, catalogue)
    lines += (_source(s) for s in catalogue.sources(catalogue.credential[step.credential], step.offer))
    yield from _list(lines)


def _source(source: Source) -> Words:
    return "Source: ", Link(source.url), f" ({joined(source.states) or 'price'}; checked {source.checked})"


def _together(report: Report) -> Iterator[Block]:
    of, threshold = len(report.together), report.threshold or 0.0
    yield Heading(2, f"The {of} postings")
    yield from _list(f"{when}, {n} of {of} are at {percent(threshold)}." for when, n in words.passed(report))
    if never := sum(p.blocked for p in report.together):
        yield Paragraph(f"{never} can never pass: a must is unmet that no credential opens.")
    yield Table(
        ("Posting", "Before", "After", "Mind"),
        tuple(
            (words.line_of(p), percent(p.fits[0]), percent(p.fits[-1]), "a must is unmet" if p.blocked else "")
            for p in words.nearest_first(report)
        ),
        frozenset({1, 2}),
    )


def _gap(gap: Gap) -> Iterator[Block]:
    yield Heading(2, f"The gap: fit {percent(gap.fit)}" + (", by an empty profile" if gap.profile_empty else ""))
    for title, needs in words.three_parts(gap.needs):
        yield Heading(3, title)
        yield Table(
            ("Skill", "Asked", "Held", "Where"),
            tuple((words.name(n), words.asked(n), percent(n.held), words.quote(n)) for n in needs),
            frozenset({2}),
        )
    if gap.gates:
        yield Heading(2, "Musts and preferences that no course opens")
        yield from _list(f"{g.gate.text} ({'must' if g.gate.hard else 'preferred'}): {g.state}, {g.why}" for g in gap.gates)


def _extracted(wants: Requirements) -> Iterator[Block]:
    for importance, title in words.IMPORTANCE.items():
        found = [r for r in wants.requirements if r.importance == importance]
        if found:
            yield Heading(2, title)
            yield Table(
                ("Skill", "Kind", "Asked", "Where"),
                tuple(
                    (words.name(r), r.kind.replace("_", " "), joined(words.terms(r)), joined(filter(None, (words.quote(r), words.how(r)))))
                    for r in found
                ),
            )
    if wants.gates:
        yield Heading(2, "Musts and preferences that no course opens")
        yield from _list(f"{g.kind.replace('_', ' ')}: {g.text} ({'must' if g.hard else 'preferred'}, line {g.line})" for g in wants.gates)
    if wants.negated:
        yield Heading(2, "Said not to be needed")
        yield from _list(f"{n.skill}: " + "; ".join(f"“{m.text}” (line {m.line})" for m in n.mentions) for n in wants.negated)


def _frontier(frontier: Frontier) -> Iterator[Block]:
    yield Heading(2, words.axis(frontier))
    yield Table(
        ("From", "Fit", "More", "Takes" if frontier.axis == "money" else "Costs", "What is new in the plan"),
        tuple((words.at(frontier, p), percent(p.best.cover), more, words.other(frontier, p), new) for p, more, new in words.news(frontier)),
        frozenset({1, 2, 3}),
    )
    yield Paragraph(" ".join(words.of_frontier(frontier)))


def _why(why: Why, currency: str) -> Iterator[Block]:
    yield Heading(2, why.name)
    yield Paragraph("In the plan." if why.in_plan else "Not in the plan.", strong=True)
    yield from _list(why.reasons)
    if why.ranked is not None and why.place is not None:
        r = why.ranked
        gain = f"fit {words.gain(r.cover_gain)}, {money(r.cost, currency)}, {hours(r.hours, estimated=r.hours_estimated)}"
        yield Paragraph(f"Alone it is number {why.place} of {why.of} that help: {gain}.")
        yield from _list(f"{c.name}: from {percent(c.start)} to {percent(c.end)}" for c in r.closes)
        if r.why_not:
            yield Paragraph(words.sentence(f"Now it does not fit: {r.why_not}"))
    yield Paragraph(f"Trust {why.trust.value:.2f}: {joined(f'{part} {v:.2f}' for part, v in why.trust.parts)}.")
    yield Heading(2, "The two plans")
    plans = [("The best plan", why.plan), *([("The best with it", why.with_it)] if why.with_it else [])]
    yield Table(
        ("Plan", "Takes", "Fit", "Price", "Hours"),
        tuple((n, joined(p.names) or "nothing", percent(p.cover), money(p.net, currency), hours(p.hours)) for n, p in plans),
        frozenset({2, 3, 4}),
    )


def _ranking(choice: Choice, currency: str) -> Iterator[Block]:
    if not choice.ranking:
        return
    best = words.best_ranked(choice.ranking)
    more = f" ({len(best)} of {len(choice.ranking)})" if len(best) < len(choice.ranking) else ""
    yield Heading(2, "Single credentials, by what each adds alone" + more)
    yield Table(
        ("Credential", "Place", "Adds to the fit", "Price", "Hours", "Trust", "Not now, since it"),
        tuple(
            (
                r.name,
                str(place),
                words.gain(r.cover_gain),
                money(r.cost, currency),
                hours(r.hours, estimated=r.hours_estimated),
                f"{r.trust:.2f}",
                r.why_not or "",
            )
            for place, r in best
        ),
        frozenset({1, 2, 3, 4, 5}),
    )


def _open(choice: Choice) -> Iterator[Block]:
    if not choice.not_closed:
        return
    yield Heading(2, "Still open, and how to close it")
    told = [n for i in ("required", "preferred") for n in choice.not_closed if n.importance == i][:TOLD]
    yield from _list(
        (f"{n.name} ({n.importance}): {n.advice}", *((f" {n.tutorial.name}: ", Link(n.tutorial.url)) if n.tutorial else ())) for n in told
    )
    if rest := [n.name for n in choice.not_closed if n not in told]:
        yield Paragraph(f"Open too: {joined(rest)}.")


def _uncounted(gap: Gap | None) -> Iterator[Block]:
    shown, named, wide = words.uncounted(gap)
    if shown or named:
        yield Heading(2, "Asked too, not weighed")
    if shown:
        yield Paragraph(f"Show in the application, with one example each of when you did it: {joined(shown)}.")
    if named:
        yield Paragraph(f"Name in the application if you have it: {joined(named)}.")
    if wide:
        yield Paragraph(f"Too wide to be learnt as such: {joined(wide)}.")


def _notes(wants: Requirements, choice: Choice | None) -> Iterator[Block]:
    if wants.unknown_terms:
        yield Heading(2, "Not understood, so not counted")
        yield Paragraph(joined(f"“{u.text}”" for u in wants.unknown_terms) + ".")
    if warnings := (*wants.warnings, *(choice.warnings if choice else ())):
        yield Heading(2, "Mind")
        yield from _list(warnings)


def roles(found: Sequence[RoleReach], *, fit: float, limits: Limits, assumed: Sequence[str]) -> Iterator[Block]:
    """Goal roles by how near a profile is to them."""
    yield Heading(1, "Roles, the nearest first")
    few = any(r.postings is not None and r.postings < FEW_POSTINGS for r in found)
    yield Paragraph(
        f"The threshold is a fit of {percent(fit)}. At most {limits.max_credentials} credentials each."
        + (" Roles marked with * rest on few postings." if few else "")
        + (f" {len(assumed)} skills are assumed from the role held: confirm them in the profile." if assumed else "")
    )
    yield Table(
        ("Role", "Fit now", "Least money", "Soonest", "Carries over", "Missing"),
        tuple(
            (
                r.name + ("*" if r.postings is not None and r.postings < FEW_POSTINGS else ""),
                percent(r.fit),
                words.least(r, fit, limits.currency),
                words.soonest(r),
                joined(r.carried) or "nothing",
                joined(r.missing) or "nothing",
            )
            for r in found
        ),
        frozenset({1}),
    )
