"""Recognise what a sheet is, from its content first: table and version, header row, period.

Where the content does not tell, the place does (folder, file and sheet name); where neither does,
or they allow several answers, the file is stopped and the candidates are named. What a manifest.yml
declares goes before both. No note or reason holds a heading as it was sent: in a file without
headings it could be a child's name.
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, pairwise

import duckdb

from pipeline.intake.clean import typed_sql
from pipeline.intake.declared import Declaration
from pipeline.intake.headings import (
    Heading,
    Match,
    bare,
    closest,
    column_letter,
    forms,
    headings,
    match,
    spellings,
    two_rows,
    unread,
)
from pipeline.intake.place import named_tables
from pipeline.intake.read import Sheet, Unreadable
from pipeline.standards.load import Table
from pipeline.warehouse import sql_name, sql_text

HEADER_WITHIN = 40  # rows in which the header must be found
LEAST_MATCH = 0.5  # share of header cells and fields together that must agree
RIVAL = 0.4  # the same, for a return that a file could be as well
NEAR = 0.05  # how much worse another version may fit that a misspelt heading may belong to
TEMPLATE_WITHIN = 4  # rows under the header that may be the template's own
MOST_ALMOST = 3  # headings that are nearly those of the standard, named in the note
TALLEST = 120  # rows in which the headings of a table that was turned on its side are looked for

# What reports write under their rows, in the first cell that is filled.
_CLOSING = re.compile(
    r"(sub|grand)?[ -]?totals?\b.{0,40}|(count|sum|average|mean)\b.{0,40}"
    r"|\(?\d[\d,]* (rows?|records?)\b.{0,20}|\W*end of (report|file|data|table|extract)\b.{0,20}"
    r"|(number of )?(rows|records|children|episodes) ?[:=] ?\d[\d,]*",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"total|count|sum|average|mean|row|record|end of|children|episodes|^[-=_*~+|. ]+$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d\W\d|\d{5}|[a-z]{3}", re.IGNORECASE)
_LINE = re.compile(r"[-=_*~+|. ]+")


@dataclass(frozen=True)
class Recognised:
    """A sheet known to be a table: where its header stands and which column is which field."""

    sheet: Sheet
    table: Table
    header_row: int
    columns: dict[str, int]  # field name -> column index
    extra: dict[int, str]  # column index -> heading, for columns outside the standard
    skipped: tuple[int, ...] = ()  # rows that are no rows: headings again, totals, lines
    notes: tuple[str, ...] = ()  # for the officer, without any text of the file

    @property
    def may_have_template(self) -> bool:
        """Whether some rows may be marked as none."""
        return bool(self.skipped or self.table.template_example)

    @property
    def missing(self) -> frozenset[str]:
        """The fields without a column; a record merely leaves out what is blank."""
        if self.sheet.is_records:
            return frozenset()
        return frozenset(f.name for f in self.table.expected).difference(self.columns)


def is_ignored(sheet_name: str, tables: Iterable[Table]) -> bool:
    """Whether a sheet is one of the template's own, such as its checklist or its drop-downs."""
    name = sheet_name.strip().lower()
    return any(fnmatch.fnmatch(name, p) for t in tables for p in t.ignored_sheets)


def recognise(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    tables: dict[str, Table],
    file_name: str,
    declared: Declaration | None = None,
) -> Recognised:
    """What a sheet is. Raises Unreadable where nothing, or more than one thing, fits.

    `file_name` is the path below the landing folder. Of what is declared, table and header row
    count here.
    """
    head = _rows(connection, sheet, f"order by row_number limit {HEADER_WITHIN}")
    if declared and declared.header_row is not None:
        head = _rows(connection, sheet, f"where row_number = {declared.header_row}")
    candidates = [tables[declared.table]] if declared and declared.table else list(tables.values())
    known = {t.name: spellings(t) for t in candidates}
    matches = list(_matches(head, candidates, known, sheet.is_records))
    if not sheet.is_records and not any(m.is_whole for m in matches):
        matches += [
            match(row, found, table, known[table.name])
            for row, found in _pairs_of_rows(head)
            for table in candidates
        ]
    if declared and declared.table:
        chosen = _declared(matches, candidates[0])
    else:
        names = named_tables(f"{file_name}/{sheet.name}", candidates)
        chosen = _chosen(matches, names)
    if chosen is None:
        raise _not_recognised(connection, sheet, matches, known)
    _refuse_other_period(chosen.table, declared)
    _refuse_beside(chosen, known, candidates)
    near = [m.table for m in matches if m.row == chosen.row and m.score >= chosen.score - NEAR]
    return _settled(connection, sheet, chosen, near, known, tables)


def _matches(
    head: list[tuple[int, list[str | None]]],
    candidates: list[Table],
    known: dict[str, Mapping[str, str]],
    is_records: bool,
) -> Iterator[Match]:
    """How each row fits each table, up to the first that is just the headings of one."""
    anywhere = frozenset(chain.from_iterable(known.values()))
    for row, cells in head:
        found = headings(cells)
        if all(anywhere.isdisjoint(h.forms) for h in found.values()):
            continue  # few rows are headings
        of_row = [match(row, found, t, known[t.name], is_records) for t in candidates]
        yield from of_row
        if any(m.score == 1 for m in of_row):
            return


def _rows(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, which: str
) -> list[tuple[int, list[str | None]]]:
    """Some rows of a sheet with their numbers, the cells cleaned."""
    return connection.execute(
        f"select row_number, {_cleaned_sql(sheet)} from (select * from {sheet.relation} {which}) "
        "order by row_number"
    ).fetchall()


def _cleaned_sql(sheet: Sheet) -> str:
    """SQL for the list of a row's cleaned cells; a thousand single ones would be slow to plan."""
    cells = ", ".join(f"c{i}" for i in range(sheet.width))
    return f"[{cells}]" if sheet.is_plain else f"list_transform([{cells}], lambda c: clean_text(c))"


def _pairs_of_rows(
    head: list[tuple[int, list[str | None]]],
) -> Iterator[tuple[int, dict[int, Heading]]]:
    """Each two rows that follow each other as one row of headings, which ends with the second."""
    for (first, above), (second, below) in pairwise(head):
        if second == first + 1 and any(above) and any(below):
            yield second, two_rows(above, below)


def _first_block(matches: list[Match]) -> Match:
    """The first row of headings, or the best of those that follow it without a gap.

    Headings further down come again; what stands between them and the first are rows.
    """
    rows: dict[int, Match] = {}
    for m in matches:
        if m.row not in rows or m.score > rows[m.row].score:
            rows[m.row] = m
    best = rows[min(rows)]
    while (following := rows.get(best.row + 1)) and following.score > best.score:
        best = following
    return best


def _chosen(matches: list[Match], names: frozenset[str]) -> Match | None:
    """The table that fits best; a name decides where several do. Raises Unreadable for ties."""
    usable = [m for m in matches if m.score >= LEAST_MATCH]
    # All of a table among many other columns is that table, too.
    usable = usable or [m for m in matches if m.is_whole]
    if not usable:
        return _by_name(matches, names)
    best = max(usable, key=lambda m: (m.score, m.table.name in names))
    rivals = {
        m.table.name: m
        for m in matches
        if m.table.name != best.table.name and m.row == best.row and _is_rival(m, best)
    }
    alike = {best.table.name, *rivals}
    if len(alike) > 1:
        named = alike & names
        if len(named) != 1:
            raise _ambiguous(alike)
        best = {**rivals, best.table.name: best}[named.pop()]
    return _first_block([m for m in usable if m.table.name == best.table.name] or [best])


def _is_rival(other: Match, best: Match) -> bool:
    """Whether a row that fits one table best could be another as well.

    A table of SSDA903 is told by a heading that the other has not: child, sex and date of birth
    alone are part of several, however few the columns that lack. Versions of the placement standard
    are told by how well they fit, for a version is one column more or less.
    """
    if best.score < LEAST_MATCH:
        return other.is_whole
    if other.score == best.score:
        return True
    is_903 = other.table.dataset == best.table.dataset == "ssda903"
    return is_903 and other.score >= RIVAL and len(other.columns) >= len(best.columns)


def _by_name(matches: list[Match], names: frozenset[str]) -> Match | None:
    """A table that the file is named for and that fits a little, if nothing fits better."""
    named = [m for m in matches if m.table.name in names and m.score >= RIVAL]
    return max(named, key=lambda m: m.score) if len(names) == 1 and named else None


def _declared(matches: list[Match], table: Table) -> Match:
    """The header row of a declared table: the first with its key columns that fits well."""
    whole = [m for m in matches if {*table.key_required} <= m.columns.keys()]
    if not whole:
        lacking = " and ".join(table.field(k).header for k in table.key_required)
        raise Unreadable(
            "key_column_missing",
            f"manifest.yml says that this is {table.name}, but no row near the top (or not the "
            f"header row that it names) has the column {lacking}.",
            "Put the column back with the heading of the template, or correct manifest.yml.",
        )
    return _first_block(whole)


def _ambiguous(names: Iterable[str]) -> Unreadable:
    return Unreadable(
        "ambiguous",
        f"The columns fit more than one return equally well: {', '.join(sorted(names))}.",
        "Name the file or its folder for the return it is, or say it in a manifest.yml, and keep "
        "all column headings.",
    )


def _refuse_other_period(table: Table, declared: Declaration | None) -> None:
    is_quarter = bool(declared and declared.period and "Q" in declared.period)
    if declared and declared.period and is_quarter != (table.dataset == "placements"):
        raise Unreadable(
            "manifest_faulty",
            f"manifest.yml declares a {'quarter' if is_quarter else 'collection year'}, but the "
            f"file is of {table.title}.",
            "Give a quarter such as 2025Q4 for a placement return, and a collection year such as "
            "2026 for SSDA903.",
        )


def _refuse_beside(chosen: Match, known: dict[str, Mapping[str, str]], tables: list[Table]) -> None:
    """Stop a sheet that holds all of a second table to the right of the first."""
    left: list[str | None] = [None] * (max([0, *chosen.again, *chosen.extra]) + 1)
    for index, name in chosen.again.items():
        left[index] = chosen.table.field(name).header
    for index, text in chosen.extra.items():
        left[index] = text
    for table in tables:
        beside = match(chosen.row, headings(left), table, known[table.name])
        is_whole = beside.columns.keys() >= {f.name for f in table.expected}
        if table.name != chosen.table.name and is_whole:
            raise _several_tables(f"beside {chosen.table.header_name} stands {table.header_name}")


def _several_tables(where: str) -> Unreadable:
    return Unreadable(
        "several_tables",
        f"One sheet holds more than one table: {where}.",
        "Put each table into a file or a sheet of its own, with one row of headings at its top.",
    )


def _not_recognised(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    matches: list[Match],
    known: dict[str, Mapping[str, str]],
) -> Unreadable:
    """Why nothing fits, as far as the sheet shows it."""
    anywhere = {s for found in known.values() for s in found}
    rows = _rows(connection, sheet, f"order by row_number limit {TALLEST}")
    for column in range(min(sheet.width, 5)):
        cells = [cells[column] for _, cells in rows]
        tables = {m.table.name: m.table for m in matches}
        turned = (match(0, headings(cells), t, known[n]) for n, t in tables.items())
        if any(m.score >= LEAST_MATCH for m in turned):
            return Unreadable(
                "on_its_side",
                f"The headings stand below each other in column {column_letter(column)}, not in "
                "one row.",
                "Copy it, then Paste Special with Transpose, so that each child has a row.",
            )
    for _, cells in rows[:HEADER_WITHIN]:
        for cell in filter(None, cells):
            parts = [p for p in re.split(r"[,;|:^\t]|\s+", cell) if bare(p) in anywhere]
            if len(parts) >= 4 and sum(c is not None for c in cells) <= 2:
                return Unreadable(
                    "one_column",
                    "All columns stand in one cell.",
                    "Split them (in Excel: Data, Text to Columns), or export as CSV with commas.",
                )
    reason = "No row near the top holds the column headings of a return that we know."
    best = max(matches, key=lambda m: (len(m.columns), m.score), default=None)
    if best and len(best.columns) > 1:
        reason += (
            f" Row {best.row} comes nearest: {len(best.columns)} of the {len(best.table.fields)} "
            f"headings of {best.table.header_name}."
        )
    return Unreadable(
        "not_recognised",
        reason,
        "Use the template, and keep its row of column headings as it is.",
    )


def _settled(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    chosen: Match,
    near: list[Table],
    known: dict[str, Mapping[str, str]],
    tables: dict[str, Table],
) -> Recognised:
    """The sheet as the chosen table: of columns that stand twice one, and what is no row."""
    columns, again, notes = _told_apart(connection, sheet, chosen)
    wanted = unread([chosen.table, *near], columns)
    almost = [
        f"{'a name' if sheet.is_records else f'column {column_letter(index)}'} is almost “{meant}”"
        for index, heading in chosen.extra.items()
        if (meant := closest(heading, wanted))
    ]
    if almost:
        further = len(almost) - MOST_ALMOST
        notes.append(
            f"Not quite a heading of the standard: {', '.join(almost[:MOST_ALMOST])}"
            f"{f' and {further} more' if further > 0 else ''}. It was kept aside, not read; if you "
            "meant that, correct it."
        )
    skipped = _no_rows(connection, sheet, chosen, columns, known, tables)
    if skipped:
        few = ", ".join(map(str, skipped[:5])) + (" and others" if len(skipped) > 5 else "")
        notes.append(
            f"{'Row' if len(skipped) == 1 else 'Rows'} {few}: headings again, a total or a line; "
            "not counted as rows."
        )
    extra = {i: chosen.table.field(name).header for i, name in again.items()} | chosen.extra
    headed = {*columns.values(), *extra}
    extra |= _headless(connection, sheet, chosen.row, headed)
    return Recognised(
        sheet, chosen.table, chosen.row, columns, _unlike(extra), skipped, tuple(notes)
    )


def _unlike(extra: dict[int, str]) -> dict[int, str]:
    """Headings made different from one another, by the letter of their column."""
    found: dict[int, str] = {}
    for index, heading in sorted(extra.items()):
        is_taken = heading in found.values()
        found[index] = f"{heading} (column {column_letter(index)})" if is_taken else heading
    return found


def _told_apart(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, chosen: Match
) -> tuple[dict[str, int], dict[int, str], list[str]]:
    """Of columns that stand twice the first is read, unless it is blank and the other is not.

    Raises Unreadable where two differ by which rows are told from each other.
    """
    columns, again, notes = dict(chosen.columns), dict(chosen.again), []
    template = _template_sql(Recognised(sheet, chosen.table, chosen.row, columns, {}))
    for index, name in sorted(chosen.again.items()):
        first, header = columns[name], chosen.table.field(name).header
        mine, theirs, unlike = connection.execute(
            f"select count(a), count(b), count(*) filter (b is not null and b is distinct from a) "
            f"from (select clean_text(c{first}) as a, clean_text(c{index}) as b "
            f"from {sheet.relation} where row_number > {chosen.row} "
            f"and not coalesce({template}, false))"
        ).fetchall()[0]
        if theirs and not mine:
            columns[name] = index
            del again[index]
            again[first] = name
            notes.append(f"“{header}” stands twice; the one that is filled in was read.")
        elif unlike and name in chosen.table.key:
            raise _repeated_heading(header, unlike)
        elif unlike:
            notes.append(
                f"“{header}” stands twice, and the two differ in {_rows_of(unlike)}: column "
                f"{column_letter(first)} was read, column {column_letter(index)} kept aside."
            )
    return columns, again, notes


def _rows_of(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _repeated_heading(header: str, unlike: int) -> Unreadable:
    return Unreadable(
        "repeated_heading",
        f"“{header}”, which tells the rows apart, stands twice, and the two columns differ in "
        f"{_rows_of(unlike)}.",
        "Keep the one that is right; take the other out, or give it another heading.",
    )


def _no_rows(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    chosen: Match,
    columns: dict[str, int],
    known: dict[str, Mapping[str, str]],
    tables: dict[str, Table],
) -> tuple[int, ...]:
    """Rows under the header that are none: headings again, totals, lines.

    Raises Unreadable where the headings of another table, or in another order, stand there.
    """
    child = columns.get(chosen.table.child)
    if sheet.is_records or child is None:
        return ()
    found = []
    for number, cells in _suspicious(connection, sheet, chosen.row, child, known):
        if _is_header_again(cells, columns, known[chosen.table.name]):
            found.append(number)
            continue
        for table, meaning in known.items():
            again = match(number, headings(cells), tables[table], meaning)
            if again.score >= LEAST_MATCH:
                raise _several_tables(
                    f"row {number} holds headings again, of another table or in another order"
                )
        if _is_line(cells) or _is_closing(cells, child, columns, chosen.table):
            found.append(number)
    return tuple(found)


def _suspicious(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    header_row: int,
    child: int,
    known: dict[str, Mapping[str, str]],
) -> Iterator[tuple[int, list[str | None]]]:
    """The few rows that may be none: no digit in the place of the id, and telling words."""
    odd = connection.execute(
        f"select row_number, {_cleaned_sql(sheet)} from {sheet.relation} "
        f"where row_number > {header_row} and (c{child} is null "
        f"or not regexp_matches(c{child}, '\\d') or contains(c{child}, ' ')) order by row_number"
    )
    anywhere = frozenset(chain.from_iterable(known.values()))
    is_heading: dict[str | None, bool] = {None: False}  # of each cell that was seen
    while rows := odd.fetchmany(1_000):
        for number, cells in rows:
            for cell in cells:
                if cell not in is_heading:
                    is_heading[cell] = bare(cell) in anywhere
            first = next(filter(None, cells), "")
            if sum(map(is_heading.__getitem__, cells)) >= 3 or _TELLING.search(first):
                yield number, cells


def _is_header_again(
    cells: list[str | None], columns: dict[str, int], meaning: Mapping[str, str]
) -> bool:
    same = sum(
        any(meaning.get(form) == name for form in forms(cells[index] or ""))
        for name, index in columns.items()
    )
    return same >= max(0.75 * len(columns), 2)


def _is_line(cells: list[str | None]) -> bool:
    return all(_LINE.fullmatch(c) for c in cells if c is not None)


def _is_closing(cells: list[str | None], child: int, columns: dict[str, int], table: Table) -> bool:
    """Whether a row closes a report, such as one of totals: it has no date and no other child."""
    dates = [columns[f.name] for f in table.fields if f.type == "date" and f.name in columns]
    first = next(i for i, c in enumerate(cells) if c is not None)
    return (
        bool(_CLOSING.fullmatch(cells[first]))
        and (cells[child] is None or child == first)
        and not any(_DATED.search(cells[i] or "") for i in dates)
    )


def _headless(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, header_row: int, headed: set[int]
) -> dict[int, str]:
    """Columns that hold something but have no heading, such as one comma too many makes."""
    others = [i for i in range(sheet.width) if i not in headed]
    if not others:
        return {}
    counts = ", ".join(f"count(clean_text(c{i}))" for i in others)
    filled = connection.execute(
        f"select {counts} from {sheet.relation} where row_number > {header_row}"
    ).fetchall()[0]
    return {i: f"column {i + 1}" for i, n in zip(others, filled, strict=True) if n}


def _is_template_sql(found: Recognised) -> str:
    """SQL that is true for the template's own rows: descriptions, and the official example."""
    texts = {name: f"clean_text(c{i})" for name, i in found.columns.items()}
    options = " + ".join(
        f"coalesce(contains(lower(c{i}), 'options:'), false)::int" for i in range(found.sheet.width)
    )
    described = f"({options}) > 2"
    if child := texts.get(found.table.child):
        # A long id is no description: it is one word.
        described += f" or (length({child}) > 40 and contains({child}, ' '))"
    if not found.table.template_example.keys() <= texts.keys():
        return described
    same = []
    for name, example in found.table.template_example.items():
        field, text, example = found.table.field(name), texts[name], sql_text(example)
        sent, wanted = typed_sql(field, text, None), typed_sql(field, example, None)
        same.append(f"coalesce({sent} = {wanted}, {text} = {example}, false)")
    return f"{described} or ({' and '.join(same)})"


def _template_sql(found: Recognised) -> str:
    """SQL that is true for the template's own rows, which stand right under the header."""
    if not found.table.template_example:
        return "false"
    return f"row_number <= {found.header_row + TEMPLATE_WITHIN} and ({_is_template_sql(found)})"


def filled_sql(sheet: Sheet) -> str:
    """SQL that is true for the rows with any content."""
    return f"has_text(concat({', '.join(f'c{i}' for i in range(sheet.width))}))"


def rows_sql(found: Recognised) -> str:
    """The raw rows under the header: the standard's columns as sent, the rest in `extra`.

    Rows without any content are no rows; the template's own, and headings, totals and lines among
    the rows, are marked `is_template`.
    """
    fields = ", ".join(
        f"c{found.columns[f.name]} as {sql_name(f.name)}"
        if f.name in found.columns
        else f"null::varchar as {sql_name(f.name)}"
        for f in found.table.fields
    )
    pairs = ", ".join(f"{sql_text(h)}, c{i}" for i, h in found.extra.items())
    extra = f"json_object({pairs})" if pairs else "null"
    template = _template_sql(found)
    if found.skipped:
        template += f" or row_number in ({', '.join(map(str, found.skipped))})"
    return (
        f"select row_number, {sql_text(found.sheet.name)} as sheet, {fields}, "
        f"{extra}::varchar as extra, coalesce({template}, false) as is_template "
        f"from {found.sheet.relation} "
        f"where row_number > {found.header_row} and {filled_sql(found.sheet)}"
    )


def _dates_sql(table: Table, relation: str, today: date, is_plain: bool) -> str:
    """The date that tells a row's period, the latest that is not in the future; `n` rows have it.

    Each text is read once, however many rows have it: a large file has few dates.
    """
    names = ", ".join(sql_name(n) for n in table.period_dates)
    text = "text" if is_plain else "clean_text(text)"
    past = (
        f"list_filter(list_transform([{names}], lambda text: read_date({text})), "
        f"lambda day: day <= date '{today.isoformat()}')"
    )
    told = f"list_max({past})" if table.dataset == "ssda903" else f"({past})[1]"
    return (
        f"select {told} as told, n "
        f"from (select {names}, count(*) as n from {relation} group by {names})"
    )


def content_year(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    today: date,
    is_plain: bool = False,
) -> int | None:
    """The latest collection year that at least 3% of the dated rows (and two of them) tell of."""
    if not table.period_dates:
        return None
    found = connection.execute(
        f"with told as ({_dates_sql(table, relation, today, is_plain)}), "
        "years as (select year(told) + (month(told) >= 4)::int as y, sum(n) as n "
        "from told where told is not null group by y) "
        "select max(y) filter (n >= least(2, total) and n >= 0.03 * total) "
        "from (select *, sum(n) over () as total from years)"
    ).fetchall()[0]
    return found[0]


def content_quarters(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    today: date,
    is_plain: bool = False,
) -> list[tuple[str, float]]:
    """The quarters that the rows tell of with their share, most first."""
    return connection.execute(
        f"with told as ({_dates_sql(table, relation, today, is_plain)}), "
        "quarters as (select year(told)::varchar || 'Q' || quarter(told)::varchar as q, "
        "sum(n) as n from told where told is not null group by q) "
        "select q, n / sum(n) over () as share from quarters order by n desc, q desc"
    ).fetchall()
