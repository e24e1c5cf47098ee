"""Blocks -> what a person reads in a terminal: wrapped, in columns, with bars and colours where these can be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from credgap.models import Catalogue, Limits, Report, RoleReach
from credgap.report import story, words
from credgap.report.page import BLOCKS, SIGNS, Across, Cell, Column, Inset, Page, Signs, bar, span
from credgap.report.shown import line, shown
from credgap.report.story import Bars, Block, Command, Heading, Items, Link, Paragraph, Table, Timeline, Tone, Words

STYLES: dict[Tone | None, str] = {"good": "bold green", "mind": "bold yellow", "bad": "bold red", "quiet": "dim", None: "bold"}
BAR, LEAST_BAR = 30, 8
"""Signs of a bar, where there is room, and the fewest that say something."""
LEAST = 16
"""Columns that a column of words keeps, if its words are so long."""


def render(
    reports: Sequence[Report],
    catalogue: Catalogue,
    *,
    width: int,
    color: bool,
    drawn: bool = False,
    rows: int | None = None,
    details: bool = False,
) -> str:
    """Every report in input order, a ruled line between them.

    `drawn`: bars may be made of block signs. A report that is longer than the `rows` of a screen ends with its answer in short.
    """
    found = []
    for report in reports:
        text = write(story.tell(report, catalogue, details=details), width=width, color=color, drawn=drawn)
        short = words.in_short(report)
        if rows is not None and short is not None and text.count("\n") >= rows:
            text += write([Heading(2, "In short"), Paragraph(short)], width=width, color=color, drawn=drawn, gap=True)
        found.append(text)
    return ("=" * min(width, 80) + "\n").join(found)


def roles(found: Sequence[RoleReach], *, fit: float, limits: Limits, assumed: Sequence[str], width: int, color: bool, drawn: bool) -> str:
    """Goal roles, a few lines for each: the fit, what gets one there, what one has and lacks."""
    *before, table = story.roles(found, fit=fit, limits=limits, assumed=assumed)
    page = Page(width=width, color=color)
    for r, row in zip(found, table.rows if isinstance(table, Table) else (), strict=True):
        name, now, least, soonest, have, lack = map(str, row)
        style = "bold green" if r.fit >= fit - words.HAIR else "bold"
        page.line(f"{bar(r.fit, LEAST_BAR, BLOCKS if drawn else SIGNS, fit)} {now:>4}  {line(name)}", style=style, raw=True)
        page.line(words.sentence(least + (f"; soonest by {soonest}" if soonest else "")), indent=17)
        page.line(f"You have {have}; you lack {lack}.", indent=17)
    return write(before, width=width, color=color, drawn=drawn) + "\n" + page.text()


def write(blocks: Iterable[Block], *, width: int, color: bool, drawn: bool = False, gap: bool = False) -> str:
    """The blocks as a page of `width` columns; `gap`: with the blank line above a first heading."""
    page = Page(width=width, color=color)
    signs = BLOCKS if drawn else SIGNS
    for block in _together(blocks):
        match block:
            case Heading(level=3):
                page.line(line(block.text), style="bold")
            case Heading():
                page.heading(line(block.text), style=STYLES[block.tone])
            case Paragraph():
                if block.apart:
                    page.blank()
                style = STYLES[block.tone] if block.tone else "bold" if block.strong else ""
                for n, (text, whole) in enumerate(_parts(block.text, width - 2)):
                    page.line(text, style="" if whole else style, indent=2 + 2 * (whole and n > 0), raw=whole)
            case Items():
                page.items((_item(x, width - 5) for x in block.items), ordered=block.ordered)
            case Timeline():
                _timeline(page, block, width, signs)
            case Bars() if block.mark is not None:
                _meters(page, block, width, signs)
            case Table():
                _tables(page, [(None, block)], width, signs)
            case _:
                _tables(page, block, width, signs)
    text = page.text()
    return f"\n{text}" if gap else text


_Titled = list[tuple[Heading | None, Table]]


def _together(blocks: Iterable[Block]) -> Iterator[Block | _Titled]:
    """The blocks, tables of the same columns under headings of level 3 as one, so that their columns stand in line."""
    waiting: Heading | None = None
    run: _Titled = []
    for block in blocks:
        if waiting is not None and isinstance(block, Table) and (not run or run[0][1].columns == block.columns):
            run.append((waiting, block))
            waiting = None
            continue
        if isinstance(block, Heading) and block.level == 3 and waiting is None:
            waiting = block
            continue
        if run:
            yield run
            run = []
        if waiting is not None:
            yield waiting
            waiting = None
        if isinstance(block, Heading) and block.level == 3:
            waiting = block
        else:
            yield block
    if run:
        yield run
    if waiting is not None:
        yield waiting


def _words(text: Words) -> Cell:
    """Text with its line breaks, addresses as links."""
    if isinstance(text, str):
        return "\n".join(map(line, text.split("\n")))
    from rich.text import Text

    return Text.assemble(*(_part(x) for x in text))


def _part(part: str | Link | Command) -> str | tuple[str, str]:
    if isinstance(part, Command):
        return line(part.text), "bold"
    return (line(part.url), f"link {line(part.url)}") if isinstance(part, Link) else shown(part)


def _parts(text: Words, room: int) -> list[tuple[Cell, bool]]:
    """Text in the parts that stand on lines of their own, and whether each is to be copied whole, and so never wrapped.

    Commands are; and addresses, where the text does not fit on a line with them.
    """
    if isinstance(text, str) or (not any(isinstance(x, Command) for x in text) and len(_plain(text)) <= room):
        return [(_words(text), False)]
    from rich.text import Text

    found: list[tuple[Cell, bool]] = []
    for part in text:
        whole = not isinstance(part, str)
        cell = Text.assemble(_part(part)) if whole else _words(str(part))
        if whole or _plain_cell(cell).strip():
            found.append((cell, whole))
    return found


def _item(text: Words, room: int) -> Cell | list[tuple[Cell, bool]]:
    """An item; the first of several lines is its name."""
    if not isinstance(text, str):
        return _parts(text, room)
    if isinstance(text, str) and "\n" in text:
        from rich.text import Text

        head, rest = text.split("\n", 1)
        return Text.assemble((line(head).removesuffix(":"), "bold"), "\n", line(rest))
    return _words(text)


# --- What is drawn --------------------------------------------------------------------------------------------


def _meters(page: Page, table: Bars, width: int, signs: Signs) -> None:
    """A line for each row: its name, a bar with the mark, its figure, and what stands beside it."""
    long = max(len(str(r[0])) for r in table.rows)
    noted = max(len(str(r[2])) for r in table.rows)
    free = width - 2 - long - 2 - 2 - len("100%")
    below = bool(noted) and free - 6 - noted < BAR // 2 < free
    room = min(BAR, free if below else free - 6 - noted)
    legends = [str(r[2]) for r in table.rows if r[2]]
    for (name, figure, note), share in zip(table.rows, table.shares, strict=True):
        drawn = f"{bar(share, room, signs, table.mark)}  " if room >= LEAST_BAR else ""
        reached = table.mark is None or share >= table.mark - words.HAIR
        beside = "" if below else f"{signs.mark} = {note}" if note and drawn else note
        page.line(f"{name!s:<{long}}  {drawn}{figure!s:>4}  {beside}".rstrip(), style="green" if reached else "yellow", raw=True)
    for note in legends if below else ():
        page.line(f"{signs.full} = what you show; {signs.mark} = {note}")


def _timeline(page: Page, table: Timeline, width: int, signs: Signs) -> None:
    """A line for each row: its span of the whole time, from when to when, and how long that is."""
    said = [f"{r[1]} to {r[2]}, {r[3]}" for r in table.rows]
    names = [f"{r[0]}" for r in table.rows]
    room = min(BAR, width - 4 - max(map(len, names)) - 2 - max(map(len, said)))
    for name, text, (start, end) in zip(names, said, table.spans, strict=True):
        drawn = f"{span(start, end, room, signs)}  " if room >= LEAST_BAR else ""
        page.line(f"{name}  {drawn}{text}", raw=True)


def _tables(page: Page, titled: _Titled, width: int, signs: Signs) -> None:
    """Tables of the same columns as one, with columns that hold nothing left out; as lists where the columns have no room."""
    tables = [t for _, t in titled]
    rows = [r for t in tables for r in t.rows]
    kept = [n for n in range(len(tables[0].columns)) if any(r[n] for r in rows)]
    cells = {n: [_plain(r[n]) for r in rows] for n in kept}
    for narrowest in (LEAST, LEAST - 4, LEAST - 6):
        columns = [_column(tables[0], n, cells[n], narrowest) for n in kept]
        least = sum(max(_longest(c.heading), c.min_width or max(map(_longest, cells[n]))) for n, c in zip(kept, columns, strict=True))
        room = width - 2 - least - 2 * (len(columns) - 1)
        if room >= 0:
            break
    else:
        _lists(page, titled, kept)
        return
    length = min(BAR // 2, (room - 2) // (2 if any(c.flexible for c in columns) else 1))
    given: list[Sequence[Cell | Inset] | Across] = []
    for heading, table in titled:
        if heading is not None:
            given.append(Across(line(heading.text)))
        for r in table.rows:
            first, *rest = (_words(r[n]) for n in kept)
            given.append([page.inset(first) if heading is not None else first, *rest])
    if isinstance(tables[0], Bars) and length >= LEAST_BAR:
        shares = iter([s for t in tables if isinstance(t, Bars) for s in t.shares])
        at = kept.index(tables[0].at) if tables[0].at in kept else len(kept)
        columns.insert(at, Column(""))
        given = [r if isinstance(r, Across) else [*r[:at], bar(next(shares), length, signs), *r[at:]] for r in given]
    page.table(columns, given)


def _plain(text: Words) -> str:
    return _plain_cell(_words(text))


def _plain_cell(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.plain


def _longest(cell: str) -> int:
    return max(map(len, cell.split("\n")))


def _column(table: Table, n: int, cells: Sequence[str], narrowest: int) -> Column:
    heading = shown(table.columns[n])
    longest = max(map(_longest, cells), default=0)
    if n in table.figures or longest <= LEAST - 4:
        return Column(heading, "right" if n in table.figures else "left")
    return Column(heading, flexible=True, min_width=min(longest, narrowest + 4 * (n == 0)))


def _lists(page: Page, titled: _Titled, kept: Sequence[int]) -> None:
    """Rows as a list, for a page too narrow for their columns."""
    for heading, table in titled:
        if heading is not None:
            page.line(line(heading.text), style="bold")
        items = []
        for r in table.rows:
            first, *rest = (" ".join(_plain(r[n]).split()) for n in kept)
            said = [f"{' '.join(table.columns[n].lower().split())} {x}" for n, x in zip(kept[1:], rest, strict=True) if x]
            items.append(first + (": " + "; ".join(said) if said else ""))
        page.items(items)
