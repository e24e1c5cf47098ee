"""Demand -> a page, Markdown, JSON or rows. Nothing here counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from credgap.demand import ALARM, LEAST, Demand, Difference, GroupDemand, SkillDemand
from credgap.lifts import Lift, Lifts
from credgap.models import SkillKind
from credgap.report import sheet
from credgap.report.page import money, percent
from credgap.report.shown import line
from credgap.report.story import Bars, Block, Heading, Items, Paragraph, Table

KINDS: Mapping[SkillKind, str] = {
    "hard": "Skills",
    "certification": "Certifications",
    "licence": "Licences",
    "human_language": "Languages",
    "soft": "Soft skills",
}
OTHER_KINDS = 6
"""How many of the kinds other than skills a page shows, at most."""
RARE = 0.05
"""A kind whose most wanted name has a smaller share is told in a sentence."""
CHANGED, UNKNOWN, SINGLES, SETS, APART, FIRST = 10, 20, 6, 6, 4, 5
"""How many rises and falls, terms, credentials, sets, marks of a group, and skills of the first sentence a page shows."""
ON_A_PAGE = 200
"""How many skills a page for a browser has, which shows only the first of them at once."""
FEW = 0.02
"""A set that lifts a smaller share of the postings says little."""
JOINED = 5
"""From which tenth on the fits of postings are counted together."""
COLUMNS = {
    "skills": (
        *("group", "group_postings", "skill", "name", "kind", "generic", "postings", "share", "required", "preferred", "context"),
        *("level_1", "level_2", "level_3", "years_asked", "years", "share_before", "difference", "p", "more_than_chance"),
    ),
    "unknown": ("text", "postings", "share"),
    "credentials": (
        "rank",
        "set",
        "credentials",
        "names",
        "cost",
        "currency",
        "hours",
        "hours_at_least",
        "lifted",
        "share",
        "mean_gain",
        "per_100",
    ),
}
"""The columns of each kind of rows. Only added to."""


def render(
    found: Demand, format: str, *, most: int, rows: str = "skills", width: int = 100, color: bool = False, drawn: bool = False
) -> str:
    """The demand in one of the formats. `most` skills are shown on a page and in Markdown; `rows` says what CSV and JSON lines hold."""
    if format == "json":
        return sheet.document("demand", sheet.plain(found))
    if format in ("csv", "jsonl"):
        records = _RECORDS[rows](found)
        return sheet.lines(records) if format == "jsonl" else sheet.rows(COLUMNS[rows], records)
    if format == "html":
        from credgap.report import crowdpage

        return crowdpage.demand(found, _told(found, max(most, ON_A_PAGE), 200, bars=False), first=most)
    if format in ("markdown", "plain"):
        return sheet.told(_told(found, most, 200, bars=False), format, width=width)
    return sheet.page(_told(found, most, width, bars=True), width=width, color=color, drawn=drawn)


# --- Rows -------------------------------------------------------------------------------------------------------


def _skill_rows(found: Demand) -> Iterator[dict[str, Any]]:
    changes = {d.skill: d for d in found.changes}
    for s in found.skills:
        yield {"group": None, "group_postings": found.postings, **_skill_row(s), **_change_row(changes.pop(s.skill, None))}
    for d in sorted(changes.values(), key=lambda d: (-d.before, d.skill)):  # asked for before, and no more
        none = dict.fromkeys(("postings", "share", "required", "preferred", "context", "level_1", "level_2", "level_3", "years_asked"), 0)
        named = {"skill": d.skill, "name": d.name, "kind": d.kind}
        yield {"group": None, "group_postings": found.postings, **named, **none, **_change_row(d)}
    for g in found.groups:
        for s in g.skills:
            yield {"group": g.value, "group_postings": g.postings, **_skill_row(s)}


def _skill_row(s: SkillDemand) -> dict[str, Any]:
    own: dict[str, Any] = sheet.plain(s)
    levels = own.pop("levels")
    return own | {f"level_{n}": count for n, count in enumerate(levels, 1)}


def _change_row(d: Difference | None) -> dict[str, Any]:
    if d is None:
        return {}
    return {"share_before": d.before, "difference": d.difference, "p": d.p, "more_than_chance": d.more_than_chance}


def _unknown_rows(found: Demand) -> Iterator[dict[str, Any]]:
    yield from map(sheet.plain, found.unknown)


def _credential_rows(found: Demand) -> Iterator[dict[str, Any]]:
    if found.lifts is None:
        return
    for is_set, several in ((False, found.lifts.singles), (True, found.lifts.sets)):
        for rank, x in enumerate(several, 1):
            yield {"rank": rank, "set": is_set, "currency": found.lifts.currency, **sheet.plain(x)}


_RECORDS: Mapping[str, Callable[[Demand], Iterable[dict[str, Any]]]] = {
    "skills": _skill_rows,
    "unknown": _unknown_rows,
    "credentials": _credential_rows,
}


# --- The page ---------------------------------------------------------------------------------------------------


def _told(found: Demand, most: int, width: int, *, bars: bool) -> Iterator[Block]:
    yield Heading(1, f"What {_n(found.postings, 'posting')} ask for ({found.source})")
    yield from _basis(found)
    if not found.postings:
        return
    yield Heading(2, "In short")
    first = [s for s in found.skills if s.kind == "hard" and not s.generic][:FIRST]
    asked = ", ".join(f"{s.name} ({percent(s.share)})" for s in first)
    yield Paragraph(f"Asked for most: {asked or 'no skill that can be learnt'}.", strong=True)
    if found.lifts is not None:
        yield Paragraph(_answer(found.lifts), strong=True)
    each = [f"{k.per_posting:.0f} {KINDS[k.kind].lower()}" for k in found.kinds if k.per_posting >= 1]
    rare = [f"{KINDS[k.kind].lower()} in {percent(k.share)}" for k in found.kinds if k.per_posting < 1]
    yield Paragraph(f"A posting asks for {' and '.join(each) or 'little'} on average" + (f"; {', '.join(rare)} of them." if rare else "."))
    yield from _kinds(found, most, width, bars=bars)
    if found.by is not None:
        yield from _by(found, most, width, bars=bars)
    if found.against is not None:
        yield from _changed(found)
    if found.lifts is not None:
        yield from _lifted(found.lifts)
    yield from _unknown(found)
    yield Heading(2, "More")
    yield Paragraph("--by COLUMN counts apart; --against OTHER compares; --format csv has all rows (--rows skills, unknown, credentials).")


def _kinds(found: Demand, most: int, width: int, *, bars: bool) -> Iterator[Block]:
    """The names of each kind: as a table, or, where even the first is rare, in a sentence."""
    said = False
    for kind, title in KINDS.items():
        of_kind = [s for s in found.skills if s.kind == kind and not s.generic]
        if not of_kind:
            continue
        shown = of_kind[: most if kind == "hard" else min(most, OTHER_KINDS)]
        if kind not in ("hard", "soft") and of_kind[0].share < RARE:
            yield Heading(2, f"{title}: rarely asked for")
            yield Paragraph(", ".join(f"{s.name} {s.postings:,}" for s in shown) + f"; {len(of_kind):,} different ones in all.")
            continue
        yield Heading(2, title + (f": the {len(shown)} asked for most, of {len(of_kind):,}" if len(shown) < len(of_kind) else ""))
        if not said:
            yield Paragraph(
                "Share: of all postings. Of those that ask for it, Must: demand it; Plus: would like it; Duty: only name it in the duties;"
                " Advanced: ask for an advanced level. Years: the median asked (and how many postings ask years)."
            )
            said = True
        yield _skills(shown, kind)
    wide = [s for s in found.skills if s.generic and s.share >= 0.1][:OTHER_KINDS]
    if wide:
        yield Paragraph("Too wide to be learnt as such: " + ", ".join(f"{s.name} {percent(s.share)}" for s in wide) + ".")


def _basis(found: Demand) -> Iterator[Block]:
    parts = [f"{_n(found.rows, 'row')} read"]
    left = sum(n for _, n in found.left_out)
    parts += [f"{found.postings:,} counted"] + ([f"{found.postings_before:,} to compare with"] if found.against is not None else [])
    if left:
        why = ", ".join(f"{reason} {n:,}" for reason, n in found.left_out[:5]) + (" and more" if len(found.left_out) > 5 else "")
        parts.append(f"{left:,} left out ({why})")
    yield Paragraph("; ".join(parts) + ".")


def _skills(shown: list[SkillDemand], kind: SkillKind) -> Table:
    levels = kind in ("hard", "soft")
    columns = ["Skill" if levels else "Name", "Share", "Must", "Plus", "Duty"]
    columns += ["Advanced", "Years"] if levels else []
    rows = []
    for s in shown:
        row = [s.name, percent(s.share), *(percent(n / s.postings) if n else "" for n in (s.required, s.preferred, s.context))]
        if levels:
            row += [percent(s.levels[2] / s.postings) if s.levels[2] else "", f"{s.years:g} ({s.years_asked:,})" if s.years else ""]
        rows.append(tuple(row))
    return Bars(tuple(columns), tuple(rows), frozenset(range(1, len(columns))), tuple(s.share for s in shown), at=2)


def _by(found: Demand, most: int, width: int, *, bars: bool) -> Iterator[Block]:
    groups = found.groups
    yield Heading(2, f"By {found.by}")
    if len(groups) < 2:
        yield Paragraph(f"All postings have one value: {groups[0].value if groups else 'none'}.")
        return
    across = groups[: max(2, min(8, (width - 34) // 13))]
    top = [s for s in found.skills if s.kind == "hard" and not s.generic][:most]
    shares = [{s.skill: s.share for s in g.skills} for g in across]
    yield Table(
        ("Skill", "All", *(_short(g.value, bars=bars) for g in across)),
        (
            ("Postings", f"{found.postings:,}", *(f"{g.postings:,}" for g in across)),
            *((s.name, percent(s.share), *(percent(x.get(s.skill, 0.0)) for x in shares)) for s in top),
        ),
        frozenset(range(1, len(across) + 2)),
    )
    if len(groups) > len(across):
        yield Paragraph(f"The {len(across)} largest of {len(groups)} values; JSON and CSV have all.")
    marked = [(g, [d for d in g.apart if d.difference > 0][:APART]) for g in groups[:12]]
    if any(m for _, m in marked):
        yield Heading(2, "What sets each apart")
        yield Items(tuple(_apart(g, m) for g, m in marked))
        yield Paragraph(f"Asked for more than in all others together, by more than chance (see --help); {LEAST} postings or more name it.")


def _apart(group: GroupDemand, marks: list[Difference]) -> str:
    said = ", ".join(f"{d.name} {percent(d.share)} (others {percent(d.before)})" for d in marks)
    return f"{group.value} ({group.postings:,}): {said or 'nothing by more than chance'}"


def _short(value: str, *, bars: bool) -> str:
    """A value as the heading of a narrow column; on a page over several lines."""
    text = line(value).replace("_", " ")
    return "\n".join(wrap(text, 11, max_lines=3, placeholder="…")) if bars else text


def _changed(found: Demand) -> Iterator[Block]:
    yield Heading(2, f"Against {found.against} ({_n(found.postings_before, 'posting')})")
    if not found.postings_before:
        yield Paragraph("There is nothing to compare with.")
        return
    sure = [d for d in found.changes if d.more_than_chance]
    for title, these in (("Asked for more", sure), ("Asked for less", sure[::-1])):
        rows = [d for d in these if (d.difference > 0) == (title == "Asked for more")]
        if rows:
            yield Table(
                (title, "Before", "Now", "Points", "By chance"),
                tuple((d.name, percent(d.before), percent(d.share), f"{100 * d.difference:+.0f}", _p(d.p)) for d in rows[:CHANGED]),
                frozenset({1, 2, 3, 4}),
            )
            if len(rows) > CHANGED:
                yield Paragraph(f"And {len(rows) - CHANGED} more.")
    tested = sum(d.p is not None for d in found.changes)
    if not sure:
        yield Paragraph("No share differs by more than chance.")
    yield Paragraph(
        f"{tested:,} names that {LEAST} postings or more hold were compared; of those listed at most {percent(ALARM)} are expected to"
        " differ by chance alone. Another mix of employers, places or roles differs too: that is no change of what they ask."
    )


def _p(p: float | None) -> str:
    return "" if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}"


def _answer(found: Lifts) -> str:
    """What to take, in a sentence."""
    over, best, most = percent(found.threshold), found.best, found.most_fit or found.best
    if most is None:
        return "No credential that helps is within the limits."
    if best is not None and best.lifted >= FEW * found.postings:
        return f"To take: {_set(best, found)}: {_n(best.lifted, 'posting')} more ({percent(best.share)}) are then within reach."
    fit = f"the mean fit rises from {percent(found.mean_fit)} to {percent(found.mean_fit + most.mean_gain)}"
    return f"To take: {_set(most, found)}: {fit}. No set within the limits brings many of them over {over}."


def _set(x: Lift, found: Lifts) -> str:
    return f"{' and '.join(x.names)} ({_price(x, found)}, {_hours(x)} hours)"


def _lifted(found: Lifts) -> Iterator[Block]:
    over = percent(found.threshold)
    yield Heading(2, "What to take, to be within reach of most")
    passing = f"{found.passing:,} of {_n(found.postings, 'posting')} ({percent(found.passing / found.postings)})"
    blocked = f" {found.blocked:,} never are, for a must that no credential opens." if found.blocked else ""
    yield Paragraph(
        "Fit: how much of what a posting asks is shown by what is held (--have, --profile). A posting is within reach from a fit of"
        f" {over} on (--fit): now {passing}.{blocked} The mean fit is {percent(found.mean_fit)}."
    )
    counts = [*found.fits[:JOINED], sum(found.fits[JOINED:])]
    names = [*(f"{10 * n} to {10 * n + 10}%" for n in range(JOINED)), f"{10 * JOINED}% and more"]
    told = [(name, n) for name, n in zip(names, counts, strict=True) if n]
    yield Bars(
        ("Fit now", "Postings"), tuple((x, f"{n:,}") for x, n in told), frozenset({1}), tuple(n / found.postings for _, n in told), at=2
    )
    if not found.sets and not found.singles:
        yield Paragraph("No credential that helps is within the limits.")
        return
    if found.best is None or found.best.lifted < FEW * found.postings:
        yield Paragraph(
            f"Hardly any set brings a posting over {over}: most ask for more than a plan can bring. Judge by the mean fit, say what is"
            " held (--have, --from), allow more credentials (--max-credentials), or take a lower --fit."
        )
    for title, these, number in (("Single credentials", found.singles, SINGLES), ("Sets, by what they cost", found.sets, SETS)):
        shown = these[:number] if these is found.singles else _spread(these, number)
        if shown:
            yield Heading(3, f"{title} ({len(shown)} of {len(these):,})" if len(these) > len(shown) else title)
            yield _lift_table(shown, found)
    yield Paragraph(_measured(found), tone="quiet")


def _spread(sets: tuple[Lift, ...], number: int) -> tuple[Lift, ...]:
    """So many of the sets, evenly, the first and the last among them."""
    if len(sets) <= number:
        return sets
    return tuple(sets[round(i * (len(sets) - 1) / (number - 1))] for i in range(number))


def _lift_table(shown: Iterable[Lift], found: Lifts) -> Table:
    rows = tuple(
        (
            " + ".join(x.names),
            _price(x, found),
            _hours(x),
            f"+{x.lifted:,}" if x.lifted else "0",
            percent(found.mean_fit + x.mean_gain),
        )
        for x in shown
    )
    return Table(("Credentials", "Price", "Hours", "Within reach", "Mean fit then"), rows, frozenset({1, 2, 3, 4}))


def _price(x: Lift, found: Lifts) -> str:
    return "free" if x.cost == 0 else money(x.cost, found.currency)


def _hours(x: Lift) -> str:
    return "unknown" if x.hours_at_least and not x.hours else f"{x.hours:,.0f}{'+' * x.hours_at_least}"


def _measured(found: Lifts) -> str:
    chosen = (
        "" if found.sample == found.postings else f" Sets were chosen on a sample of {found.sample:,}: a slightly better one may exist."
    )
    limit = f" Neither money nor time was limited, so hours were held to {found.hours_limit:g}." if found.hours_limit == 150 else ""
    unsure = any(x.hours_at_least for x in (*found.singles, *found.sets))
    more = "; +: at least, since nobody has stated the hours of one of them" if unsure else ""
    return f"Within reach: postings more than now, counted over all {found.postings:,} that ask for what counts{more}.{chosen}{limit}"


def _unknown(found: Demand) -> Iterator[Block]:
    if not found.unknown:
        return
    yield Heading(2, f"Not known as skills, in {_n(found.unknown_postings, 'posting')}")
    shown = [u for u in found.unknown if u.postings > 1][:UNKNOWN] or list(found.unknown[:UNKNOWN])
    least = "at least " if found.unknown_at_least else ""
    yield Paragraph("; ".join(f"“{u.text}” {least}{u.postings:,}" for u in shown) + ".")
    yield Paragraph("Phrases that stand where skills stand, and in how many postings. --catalog adds those that are skills.")


def _n(number: int, unit: str) -> str:
    return f"{number:,} {unit}" + ("" if number == 1 else "s")
