"""A Report -> what a person reads in a terminal, the answer first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from credgap.models import (
    Catalogue,
    Choice,
    Closing,
    Credential,
    Frontier,
    Gap,
    Need,
    Payment,
    Plan,
    Ranked,
    Report,
    Requirement,
    Requirements,
    Source,
    Step,
    Why,
)
from credgap.pricing import count
from credgap.report import words
from credgap.report.page import Cell, Column, Page, bar, hours, money, percent

ANSWERS = {
    "apply_now": ("Apply now", "bold green"),
    "study_then_apply": ("Study, then apply", "bold yellow"),
    "blocked": ("Look elsewhere", "bold red"),
    "unknown": ("It depends on a must that the profile does not speak of", "bold yellow"),
}
TOLD = 8
"""For how many open skills the report says how to close them; the machine formats say it for all."""
TELLING = 0.1
"""A step's gain below this share is named in passing."""


def render(reports: Sequence[Report], catalogue: Catalogue, *, width: int, color: bool) -> str:
    """Every report in input order, a ruled line between them."""
    return ("=" * min(width, 80) + "\n").join(_one(r, catalogue, width, color) for r in reports)


def _one(report: Report, catalogue: Catalogue, width: int, color: bool) -> str:
    page = Page(width=width, color=color)
    wants = report.requirements
    title = f"{wants.title} ({wants.source})" if wants.title else wants.source
    page.line(Text(title, style="bold"), indent=0)
    if report.failure is not None:
        page.line(f"No answer: {report.failure}")
        return page.text()
    if stated := "; ".join(words.stated(wants)):
        page.line(stated, indent=0)
    if report.verdict is not None:
        answer, style = ANSWERS[report.verdict.answer]
        if report.verdict.answer == "study_then_apply" and report.choice is not None and not report.choice.plan.steps:
            answer = "Not there yet, and nothing here is worth buying for it"
        page.heading("Verdict")
        page.line(answer, style=style)
        page.items(report.verdict.reasons)
        if report.nearer_goals:
            page.line(
                "Nearer to the profile: " + ", ".join(f"{catalogue.goal[g].name} ({percent(f)})" for g, f in report.nearer_goals) + "."
            )
    if report.since:
        page.heading("Since then")
        page.line(report.since[0])
        page.items(report.since[1:])
    if report.why is not None:
        _why(page, report.why, report.limits.currency if report.limits else "USD")
        _notes(page, wants, report.choice)
        return page.text()
    for f in report.frontiers:
        _frontier(page, f)
    if report.frontiers:
        _notes(page, wants, None)
        return page.text()
    if report.choice is not None:
        _plan(page, report, report.choice, catalogue)
    if report.together:
        _together(page, report)
    if report.gap is not None:
        _gap(page, report.gap)
    else:
        _extracted(page, wants)
    if report.choice is not None:
        currency = report.limits.currency if report.limits else "USD"
        _others(page, report.choice, currency)
        _ranking(page, report.choice, currency)
        _open(page, report.choice)
    _uncounted(page, report.gap)
    _notes(page, wants, report.choice)
    return page.text()


def _plan(page: Page, report: Report, choice: Choice, catalogue: Catalogue) -> None:
    plan = choice.plan
    if not plan.steps:
        page.heading("Take: nothing")
        page.line(plan.reason or "No credential is worth taking inside these limits.")
        _changes(page, choice, plan.cost.currency)
        return
    these = "this" if len(plan.steps) == 1 else "these, in this order"
    page.heading(f"Take {these}: fit {percent(plan.cover_before)} -> {percent(plan.cover_after)}")
    currency = plan.cost.currency
    for step in plan.steps:
        _step(page, step, report, catalogue, currency)
    page.line(_totals(plan))
    for s in plan.subscriptions:
        page.line(f"of which {s.name}: {count(s.months, 'month')}, {money(s.amount, currency)}", indent=4)
    page.items(_of_money(plan), indent=4)
    if report.threshold is not None and plan.cover_after < report.threshold - 1e-9:
        page.line(f"The fit is then still under the threshold of {percent(report.threshold)}: see what stays open.")
    if plan.status == "feasible":
        page.line(f"Not proven: the best possible plan has at most {plan.bound - plan.objective:.3f} more (in required skills).")
    else:
        page.line(
            "Proven: no set inside the limits is better by these rules; of those within the slack of the best, it is the cheapest.",
            style="dim",
        )


def _together(page: Page, report: Report) -> None:
    """How many of several postings pass, before the plan and after each step, and how each fits."""
    threshold = report.threshold or 0.0
    counted = sum(not p.blocked for p in report.together)
    page.heading(f"The {len(report.together)} postings")
    stages = len(report.together[0].fits)
    for n in range(stages):
        passed = sum(words.passes(p, n, threshold) for p in report.together)
        when = "Before the plan" if n == 0 else f"After step {n}"
        page.line(f"{when}, {passed} of {len(report.together)} are at {percent(threshold)}  {bar(passed / len(report.together))}")
    if counted < len(report.together):
        page.line(f"{len(report.together) - counted} can never pass: a must is unmet that no credential opens.")
    page.table(
        [Column("Posting", flexible=True, min_width=20), Column("Before", "right"), Column("After", "right"), Column("")],
        [
            [p.title or p.source, percent(p.fits[0]), percent(p.fits[-1]), "a must is unmet" if p.blocked else ""]
            for p in words.nearest_first(report)
        ],
    )


def _frontier(page: Page, frontier: Frontier) -> None:
    """What each further sum, or week, buys: a row and a bar for each point where the best plan changes."""
    money_axis = frontier.axis == "money"
    page.heading("What each further sum of money buys" if money_axis else "What each further week buys")
    rows: list[list[Cell]] = []
    names: dict[str, str] = {}
    for n, p in enumerate(frontier.points):
        names.update(zip(p.best.credentials, p.best.names, strict=True))
        new = words.joined(names[c] for c in p.added) or "nothing new"
        change = new + (f", instead of {words.joined(names[c] for c in p.dropped)}" if p.dropped else "") if p.best.names else "nothing"
        other = f"{p.weeks:.0f} weeks" if money_axis else money(p.best.net, frontier.currency)
        at = money(p.at, frontier.currency) if money_axis else f"{p.at:.1f}"
        more = f"{'-' if p.more < 0 else '+'}{percent(abs(p.more))}" if n else ""
        rows.append([at, percent(p.best.cover), bar(p.best.cover, 16), more, other, change])
    heads = ("From" if money_axis else "Weeks", "Fit", "", "More", "Takes" if money_axis else "Costs", "What is new in the plan")
    page.table(
        [
            *(Column(h, "right") for h in heads[:2]),
            Column(heads[2]),
            *(Column(h, "right") for h in heads[3:5]),
            Column(heads[5], flexible=True),
        ],
        rows,
    )
    if len(frontier.points) == 1:
        page.line(
            "Nothing changes: no further sum buys a better plan."
            if money_axis
            else "Nothing changes: no further week brings a better plan."
        )
    page.line(
        "Proven: every row is the best plan from its sum on." if frontier.proven else "Not proven: the time for solving was over.",
        style="dim",
    )


def _why(page: Page, why: Why, currency: str) -> None:
    """Where a credential stands, what it does, and what beat it."""
    page.heading(f"{why.name} [{why.credential}]")
    page.line("In the plan." if why.in_plan else "Not in the plan.", style="bold")
    page.items(why.reasons)
    if why.ranked is not None and why.place is not None:
        r = why.ranked
        study = hours(r.hours, estimated=r.hours_estimated)
        gain = f"fit +{percent(r.cover_gain)}, {money(r.cost, currency)}, {study}"
        page.line(f"Alone it is number {why.place} of {why.of} that help: {gain}.")
        page.items(f"{c.name}: {percent(c.start)} -> {percent(c.end)}" for c in r.closes)
        if r.why_not:
            page.line(f"Now it does not fit: {r.why_not}.")
    page.line(f"Trust {why.trust.value:.2f}: " + " + ".join(f"{v:.2f} {part}" for part, v in why.trust.parts) + ".")
    page.heading("The two plans")
    rows = [
        [
            "The best plan",
            words.joined(why.plan.names) or "nothing",
            percent(why.plan.cover),
            money(why.plan.net, currency),
            hours(why.plan.hours),
        ]
    ]
    if why.with_it is not None:
        w = why.with_it
        rows.append(["The best with it", words.joined(w.names), percent(w.cover), money(w.net, currency), hours(w.hours)])
    page.table([Column(""), Column("Takes", flexible=True), *(Column(h, "right") for h in ("Fit", "Price", "Hours"))], rows)


def _of_money(plan: Plan) -> Iterable[str]:
    """What else there is to know about the money of a plan: who pays, when it is due, what may come on top."""
    cost = plan.cost
    if cost.funded:
        yield f"others pay {money(cost.funded, cost.currency)} of {money(cost.amount, cost.currency)}"
    if len(plan.payments) > 1:
        yield ("to pay first: " if cost.funded else "to pay: ") + ", ".join(_by_month(plan.payments, cost.currency))
    if cost.if_a_month_longer is not None and cost.if_a_month_longer > cost.net:
        yield f"{money(cost.if_a_month_longer, cost.currency)} if the study under each subscription takes a month longer"
    for r in plan.renewals:
        yield f"renewal of {r.name} due {r.day}: " + (
            "price unknown" if r.amount is None else money(r.amount, cost.currency) if r.amount else "free"
        )
    if cost.share_of_month is not None:
        yield f"that is {percent(cost.share_of_month)} of a month's pay, at the least that the posting states"


def _by_month(payments: Sequence[Payment], currency: str) -> Iterable[str]:
    """The sum due in each month."""
    sums: dict[str, float] = {}
    for p in payments:
        month = f"{p.day:%Y-%m}" if p.day else "some day"
        sums[month] = sums.get(month, 0.0) + p.amount
    return (f"{month} {money(amount, currency)}" for month, amount in sums.items())


def _changes(page: Page, choice: Choice, currency: str) -> None:
    """Which limit alone would have to give, how far, and what it would buy."""
    for c in choice.changes:
        option = "--" + c.limit.replace("_", "-")
        best = f"{words.joined(c.best.names)}: fit {percent(c.best.cover)}, {money(c.best.net, currency)}, {hours(c.best.hours)}"
        page.items([f"With {option} {_limit(c.needed)} (now {_limit(c.now)}) there would be a plan. The best without that limit: {best}."])


def _limit(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _others(page: Page, choice: Choice, currency: str) -> None:
    if choice.alternatives:
        page.heading("The next best plans")
        page.items(
            f"{words.joined(a.names)}: fit {percent(a.cover)}, {money(a.net, currency)}, {hours(a.hours)}" for a in choice.alternatives
        )


def _step(page: Page, step: Step, report: Report, catalogue: Catalogue, currency: str) -> None:
    credential = catalogue.credential[step.credential]
    provider = catalogue.provider[step.provider].name
    issuer = "" if credential.issuer == provider else f", issued by {credential.issuer}"
    page.line(Text.assemble((f"{step.order}. {step.name}", "bold"), f"  {provider}{issuer}"), hang=3)
    facts = [hours(step.hours, estimated=step.hours_estimated), f"trust {step.trust.value:.2f}"]
    if step.cost:
        facts.insert(0, money(step.cost, currency))
    if step.start and step.end:
        facts.append(f"{step.start} to {step.end}")
    page.line("; ".join(facts), indent=5)
    page.line(f"{step.url}  [{step.credential}]", indent=5)
    told = [c for c in step.closes if c.end - c.start >= TELLING]
    page.items((_closes(c, report) for c in told), indent=5)
    if told != list(step.closes):
        page.items([f"a little of: {words.joined(c.name for c in step.closes if c not in told)}"], indent=5)
    page.items(step.why, indent=5)
    if step.lost_without:
        page.items([f"Without it the fit would be {percent(step.lost_without)} lower."], indent=5)
    if step.counts_toward:
        page.items([f"Counts toward {words.joined(step.counts_toward)}."], indent=5)
    if step.credit:
        page.items([f"Credit: {step.credit}."], indent=5)
    page.items(
        (f"{label}: {text}" for label, text in (("Refund", step.refund), ("Aid", step.aid)) if text and not _is_free(step, credential)),
        indent=5,
    )
    page.items((f"source: {_source(s)}" for s in catalogue.sources(credential, step.offer)), indent=5, style="dim")


def _is_free(step: Step, credential: Credential) -> bool:
    return step.offer is not None and credential.offers[step.offer].pay == "free" and not step.cost


def _source(source: Source) -> str:
    return f"{source.url} ({', '.join(source.states) or 'price'}; checked {source.checked})"


def _closes(closing: Closing, report: Report) -> Cell:
    text = f"{closing.name}: {percent(closing.start)} -> {percent(closing.end)}"
    asked = next((r for r in report.requirements.requirements if r.skill == closing.skill and r.mentions), None)
    return f"{text}, asked in line {asked.mentions[0].line}: “{asked.mentions[0].quote}”" if asked else text


def _totals(plan: Plan) -> str:
    least = "at least " if plan.cost.at_least else ""
    parts = [
        f"In all {least}{money(plan.cost.net, plan.cost.currency)}" + (" of your own" if plan.cost.funded else ""),
        f"{'at least ' if plan.hours_at_least else ''}{plan.hours:,.0f} hours",
    ]
    parts.append(f"{plan.weeks:,.0f} weeks" if plan.weeks >= 2 else f"{plan.weeks:.1f} weeks")
    if plan.finish:
        parts.append(f"done by {plan.finish}")
    fails = plan.cost.if_one_exam_fails
    if fails is None:
        parts.append("price if one exam is failed unknown")
    elif fails > plan.cost.net:
        parts.append(f"{money(fails, plan.cost.currency)} if one exam is failed")
    return ", ".join(parts) + "."


def _gap(page: Page, gap: Gap) -> None:
    page.heading(f"The gap: fit {percent(gap.fit)}" + (", by an empty profile" if gap.profile_empty else ""))
    rows: list[list[Cell]] = []
    for title, found in words.three_parts(gap.needs):
        rows += [[Text(title, style="bold"), "", "", ""], *map(_need_row, found)]
    page.table(
        [Column("", flexible=True, min_width=16), Column("Asked", flexible=True), Column("Held", "right"), Column("Where", flexible=True)],
        rows,
    )
    if gap.gates:
        page.heading("Musts and preferences that no course opens")
        page.items(f"{g.gate.text} ({'must' if g.gate.hard else 'preferred'}): {g.state}, {g.why}" for g in gap.gates)


def _need_row(n: Need) -> list[Cell]:
    return ["  " + words.name(n), words.asked(n), percent(n.held), words.quote(n)]


def _extracted(page: Page, wants: Requirements) -> None:
    for importance in ("required", "preferred", "context"):
        rows = [_found_row(r) for r in wants.requirements if r.importance == importance]
        if rows:
            page.heading(words.IMPORTANCE[importance])
            page.table(
                [
                    Column("Skill", flexible=True, min_width=16),
                    Column("Kind"),
                    Column("Asked", flexible=True),
                    Column("Where", flexible=True),
                ],
                rows,
            )
    if wants.gates:
        page.heading("Musts and preferences that no course opens")
        page.items(f"{g.kind.replace('_', ' ')}: {g.text} ({'must' if g.hard else 'preferred'}, line {g.line})" for g in wants.gates)
    if wants.negated:
        page.heading("Said not to be needed")
        page.items(f"{n.skill}: " + "; ".join(f"“{m.text}” (line {m.line})" for m in n.mentions) for n in wants.negated)


def _found_row(r: Requirement) -> list[Cell]:
    where = words.quote(r) + (f" and {len(r.mentions) - 1} more" if len(r.mentions) > 1 else "")
    if r.how not in ("exact", "alias", "form", "goal"):
        where += f", {r.how}"
    return [words.name(r), r.kind.replace("_", " "), words.joined(words.terms(r)), where]


def _ranking(page: Page, choice: Choice, currency: str) -> None:
    if not choice.ranking:
        return
    shown = words.best_ranked(choice.ranking)
    more = f" ({len(shown)} of {len(choice.ranking)})" if len(shown) < len(choice.ranking) else ""
    page.heading("Single credentials, by what each adds alone" + more)
    columns = [Column("", "right"), Column("Credential", flexible=True, min_width=24)]
    columns += [Column(h, "right") for h in ("Fit", "Price", "Hours", "Trust")]
    page.table(columns, (_ranked_row(n, r, currency) for n, r in shown))
    if any(r.hours_estimated for _, r in shown):
        page.line("* the hours are an estimate", style="dim")


def _ranked_row(place: int, r: Ranked, currency: str) -> list[Cell]:
    name = f"{r.name} [{r.credential}]"
    study = hours(r.hours) + ("*" if r.hours_estimated else "")
    cell = Text.assemble(name) if r.fits else Text.assemble(name, (f"\nnot now: {r.why_not}", "dim"))
    return [str(place), cell, f"+{percent(r.cover_gain)}", money(r.cost, currency), study, f"{r.trust:.2f}"]


def _open(page: Page, choice: Choice) -> None:
    if not choice.not_closed:
        return
    page.heading("Still open, and how to close it")
    told = [n for i in ("required", "preferred") for n in choice.not_closed if n.importance == i][:TOLD]
    page.items(f"{n.name} ({n.importance}): {n.advice}" + (f" {n.tutorial.name}: {n.tutorial.url}" if n.tutorial else "") for n in told)
    rest = [n.name for n in choice.not_closed if n not in told]
    if rest:
        page.line(f"Open too: {words.joined(rest)}.")


def _uncounted(page: Page, gap: Gap | None) -> None:
    soft = [n for n in gap.needs if not n.counted and n.kind != "hard"] if gap else []
    wide = [n for n in gap.needs if not n.counted and n.kind == "hard"] if gap else []
    if soft:
        page.heading("Asked too, not weighed")
        shown, named = [n.name for n in soft if n.kind == "soft"], [n.name for n in soft if n.kind != "soft"]
        if shown:
            page.line(f"Show in the application, with one example each of when you did it: {words.joined(shown)}.")
        if named:
            page.line(f"Name in the application if you have it: {words.joined(named)}.")
    if wide:
        page.line("Too wide to be learnt as such: " + words.joined(n.name for n in wide) + ".")


def _notes(page: Page, wants: Requirements, choice: Choice | None) -> None:
    if wants.unknown_terms:
        page.heading("Not understood, so not counted")
        page.line(words.joined(f"“{u.text}”" for u in wants.unknown_terms))
    warnings = (*wants.warnings, *(choice.warnings if choice else ()))
    if warnings:
        page.heading("Mind")
        page.items(warnings)
