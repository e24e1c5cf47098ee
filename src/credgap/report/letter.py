"""A Letter -> text for a terminal, or any form of a Sheet; and blocks -> text of a given width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from credgap.letter import HAIR, Item, Letter, Reason
from credgap.report import sheet
from credgap.report.page import Page, money
from credgap.report.sheet import Sheet
from credgap.report.shown import line
from credgap.report.story import Block, Command, Heading, Items, Link, Paragraph, Words
from credgap.report.words import hours, percent, price, weeks

COLUMNS = (
    *("role", "goal", "names", "credentials", "currency", "cost", "at_least", "asked", "share", "cap", "granted", "own"),
    *("if_one_exam_fails", "hours", "hours_at_least", "hours_per_week", "weeks", "finish", "fit_before", "fit_after", "reason"),
)
"""The columns of CSV, which has one row: what a letter of one's own can be filled with. Only added to."""


def render(found: Letter, format: str, *, width: int) -> str:
    """The letter in one of the forms of a sheet."""
    if format == "terminal":
        return on_page(_blocks(found), width=width)
    whole = {**found.model_dump(mode="json"), "text": on_page(_blocks(found), width=1000)}
    row = {**whole, "names": [i.name for i in found.items], "credentials": [i.credential for i in found.items]}
    return sheet.render(
        Sheet("letter", lambda: _blocks(found), lambda: whole, COLUMNS, lambda: [row], lambda: [whole]), format, width=width
    )


def on_page(blocks: Iterable[Block], *, width: int) -> str:
    """Blocks as wrapped text, a blank line between paragraphs."""
    page = Page(width=width, color=False)
    for block in blocks:
        match block:
            case Heading():
                page.heading(line(block.text))
            case Paragraph():
                page.line("", indent=0)
                page.line(_text(block.text), indent=0)
            case Items():
                page.items((_text(x) for x in block.items), indent=2)
            case _:
                raise AssertionError("letters have no tables")
    return page.text()


def _text(words: Words) -> str:
    return line(
        words
        if isinstance(words, str)
        else "".join(x.url if isinstance(x, Link) else x.text if isinstance(x, Command) else x for x in words)
    )


def _blocks(x: Letter) -> Iterator[Block]:
    if not x.items:
        yield Paragraph("No letter: there is nothing to ask support for.")
        yield Paragraph(x.reason or "")
        return
    names = " and ".join(i.name for i in x.items)
    yield Paragraph(f"Subject: Support for {names}")
    yield Paragraph("Dear [name of your manager],")
    yield Paragraph(_request(x, names))
    if x.reasons:
        yield Paragraph(_why(x))
        yield Items(tuple(_reason(r) for r in x.reasons))
    if x.fit_before is not None:
        yield Paragraph(f"Of what is asked, by weight, I cover {percent(x.fit_before)} now and would cover {percent(x.fit_after)} then.")
    yield Paragraph("In my work I would use it for [the task or project in which this is needed].")
    yield Paragraph("What I would take:")
    yield Items(tuple(_item(i, x.currency) for i in x.items))
    yield Paragraph("What it costs:")
    yield Items(tuple(_money(x)))
    yield Paragraph(_time(x))
    yield Paragraph("Where the prices stand, and when they were seen:")
    yield Items(tuple(_sources(x)))
    yield Paragraph("In return I offer [what you offer: a short session for the team, a report, how long you will stay].")
    yield Paragraph("May we talk about it [day]? I would need an answer by [day].")
    yield Paragraph("Kind regards,")
    yield Paragraph("[your name]")


def _request(x: Letter, names: str) -> str:
    least = "at least " if x.at_least else ""
    if x.cost <= HAIR and not x.at_least:
        return f"I would like to take {names}. It costs nothing; I ask for [hours] a week of working time for it."
    total = f"I would like to take {names}. In all that costs {least}{money(x.cost, x.currency)}."
    if x.asked is None:
        return f"{total} I ask [company] to pay [sum or share] of it."
    cap = f", up to {money(x.cap, x.currency)}" if x.cap is not None else ""
    part = f"{percent(x.share or 0.0)} of it{cap}: {least}{money(x.asked, x.currency)}"
    return f"{total} I ask [company] to pay back {part}."


def _why(x: Letter) -> str:
    if x.goal:
        return f"Postings for {x.role} ask for this:"
    return f"The posting for {line(x.role) if x.role else '[the role]'} asks for this, in its own words:"


def _reason(r: Reason) -> str:
    if r.quote is not None:
        return f"“{line(r.quote)}”{f' (line {r.line})' if r.line else ''}: {r.name}"
    return r.name + (f", in {percent(r.share)} of the postings counted" if r.share is not None else "")


def _item(i: Item, currency: str) -> Words:
    facts = [f"{i.name}, by {i.issuer}"]
    if i.cost:
        facts.append(money(i.cost, currency))
    facts.append(hours(i.hours, estimated=i.hours_estimated) if i.hours is not None else "hours unknown")
    if i.start and i.end:
        facts.append(f"{i.start} to {i.end}")
    return ("; ".join(facts) + ". ", Link(i.url))


def _money(x: Letter) -> Iterator[str]:
    least = "at least " if x.at_least else ""
    yield f"In all: {least}{money(x.cost, x.currency)}"
    for name, months, amount in x.subscriptions:
        yield f"of which {name}, {months} {'month' if months == 1 else 'months'}: {money(amount, x.currency)}"
    if x.asked is not None:
        yield f"Asked of [company]: {least}{money(x.asked, x.currency)}"
    if x.granted > HAIR:
        yield f"Given by others: {money(x.granted, x.currency)}"
    if x.asked is not None or x.granted > HAIR:
        yield f"Paid by me: {least}{money(x.own, x.currency)}"
    if x.if_one_exam_fails is not None and x.if_one_exam_fails > x.own + HAIR:
        yield f"Paid by me if one exam is failed once: {money(x.if_one_exam_fails, x.currency)}"
    for name, day, due in x.renewals:
        yield f"Renewal of {name}, due {day}: {price(due, x.currency)}"


def _time(x: Letter) -> str:
    least = "at least " if x.hours_at_least else ""
    done = f"; done by {x.finish}" if x.finish else ""
    pace = f"at {x.hours_per_week:g} hours a week, {weeks(x.weeks)}{done}"
    return f"It takes {least}{hours(x.hours)}: {pace}. I would study [in my own time, or partly at work]."


def _sources(x: Letter) -> Iterator[Words]:
    seen: set[str] = set()
    for i in x.items:
        for s in i.sources:
            if s.url not in seen:
                seen.add(s.url)
                yield (f"{i.name}: ", Link(s.url), f" (seen {s.checked})")
