"""Recognise what a sheet is, from its content first: table and version, header row, period.

Where the content does not tell, the place does (folder and file name); where neither does, or
they allow several answers, the file is stopped and the candidates are named.
"""

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from pipeline.intake.clean import typed_sql
from pipeline.intake.read import Sheet, Unreadable
from pipeline.standards.load import Table
from pipeline.warehouse import sql_name, sql_text

HEADER_WITHIN = 20  # rows in which the header must be found
LEAST_FIELDS = 3  # no table has fewer
LEAST_MATCH = 0.5  # share of header cells and fields together that must agree
TEMPLATE_WITHIN = 4  # rows under the header that may be the template's own


@dataclass(frozen=True)
class Recognised:
    """A sheet known to be a table: where its header stands and which column is which field."""

    sheet: Sheet
    table: Table
    header_row: int
    columns: dict[str, int]  # field name -> column index
    extra: dict[int, str]  # column index -> heading, for columns outside the standard

    @property
    def missing(self) -> frozenset[str]:
        """The fields without a column; a record merely leaves out what is blank."""
        if self.sheet.is_records:
            return frozenset()
        return frozenset(f.name for f in self.table.fields).difference(self.columns)


def bare(header: str) -> str:
    """What of a header matters: letters and digits, in lower case."""
    return re.sub(r"[^a-z0-9]", "", header.lower())


def spellings(tables: dict[str, Table]) -> dict[str, dict[str, str]]:
    """For each table the field that each accepted heading means."""
    return {
        name: {bare(s): f.name for f in table.fields for s in (f.header, *f.also)}
        for name, table in tables.items()
    }


def _match(
    headings: list[tuple[int, str]], known: dict[str, str], is_records: bool
) -> tuple[float, dict[str, int], dict[int, str]]:
    """How well headings fit a table, which column is which field, and what is left over."""
    columns: dict[str, int] = {}
    extra: dict[int, str] = {}
    for index, heading in headings:
        name = known.get(bare(heading))
        if name is not None and name not in columns:
            columns[name] = index
        else:
            extra[index] = heading
    # All columns of a table should be there; of a record's fields only those that are filled.
    whole = len(columns) if is_records else len(set(known.values()))
    return len(columns) / max(whole + len(extra), LEAST_FIELDS), columns, extra


def is_ignored(sheet_name: str, tables: Iterable[Table]) -> bool:
    """Whether a sheet is one of the template's own, such as its checklist or its drop-downs."""
    name = sheet_name.strip().lower()
    return any(fnmatch.fnmatch(name, p) for t in tables for p in t.ignored_sheets)


def recognise(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, tables: dict[str, Table], file_name: str
) -> Recognised:
    """What a sheet is. Raises Unreadable where nothing, or more than one thing, fits."""
    columns = ", ".join(f"clean_text(c{i})" for i in range(sheet.width))
    head = connection.execute(
        f"select row_number, {columns} from {sheet.relation} "
        f"order by row_number limit {HEADER_WITHIN}"
    ).fetchall()
    found = []
    meaning = spellings(tables)
    for number, *cells in head:
        headings = [(i, c) for i, c in enumerate(cells) if c is not None and bare(c)]
        for table in tables.values():
            score, known, extra = _match(headings, meaning[table.name], sheet.is_records)
            # A short table such as UASC is also part of a longer one: its name breaks the tie.
            named = any(bare(n) in bare(file_name) for n in table.file_names)
            found.append((round(score, 6), named, table, number, known, extra))
    best = max((f[:2] for f in found), default=(0.0, False))
    if best[0] < LEAST_MATCH:
        raise Unreadable(
            "not_recognised",
            "No row near the top holds the column headings of a return that we know.",
            "Use the template, and keep its row of column headings as it is.",
        )
    winners = {f[2].name: f for f in found if f[:2] == best}
    if len(winners) > 1:
        raise Unreadable(
            "ambiguous",
            f"The columns fit more than one return equally well: {', '.join(sorted(winners))}.",
            "Name the file or its folder for the return it is, and keep all column headings.",
        )
    _, _, table, number, known, extra = next(iter(winners.values()))
    headless = _headless(connection, sheet, number, {*known.values(), *extra})
    return Recognised(sheet, table, number, known, extra | headless)


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


def rows_sql(found: Recognised) -> str:
    """The raw rows under the header: the standard's columns as sent, the rest in `extra`.

    Rows without any content are no rows; the template's own are marked `is_template`.
    """
    width = found.sheet.width
    filled = " or ".join(f"clean_text(c{i}) is not null" for i in range(width))
    fields = ", ".join(
        f"c{found.columns[f.name]} as {sql_name(f.name)}"
        if f.name in found.columns
        else f"null::varchar as {sql_name(f.name)}"
        for f in found.table.fields
    )
    pairs = ", ".join(f"{sql_text(h)}, c{i}" for i, h in found.extra.items())
    extra = f"json_object({pairs})" if pairs else "null"
    template = (
        f"row_number <= {found.header_row + TEMPLATE_WITHIN} and ({_is_template_sql(found)})"
        if found.table.template_example
        else "false"
    )
    return (
        f"select row_number, {sql_text(found.sheet.name)} as sheet, {fields}, "
        f"{extra}::varchar as extra, coalesce({template}, false) as is_template "
        f"from {found.sheet.relation} where row_number > {found.header_row} and ({filled})"
    )


def place_year(path: str) -> int | None:
    """The collection year that a path names: `2024-25` and `2025` are both 2025."""
    for part in reversed(path.split("/")):
        if span := re.search(r"(?<!\d)(20\d\d)[-_ ]?(?:20)?(\d\d)(?!\d)", part):
            start, end = int(span[1]), int(span[2])
            if (start + 1) % 100 == end:
                return start + 1
        if single := re.search(r"(?<!\d)(20\d\d)(?!\d)", part):
            return int(single[1])
    return None


def place_quarter(path: str) -> str | None:
    """The calendar quarter that a path names, such as `2025Q4`; `Q3 2025-26` names none."""
    for part in reversed(path.split("/")):
        if found := re.search(r"(?<!\d)(20\d\d)[-_ ]?q([1-4])(?!\d)", part, re.IGNORECASE):
            return f"{found[1]}Q{found[2]}"
        if found := re.search(r"(?<![a-z])q([1-4])[-_ ]?(20\d\d)(?![-/]?\d)", part, re.IGNORECASE):
            return f"{found[2]}Q{found[1]}"
    return None


def _dates_sql(table: Table, relation: str, today: date) -> str:
    """The date that tells a row's period, the latest that is not in the future; `n` rows have it.

    Each text is read once, however many rows have it: a large file has few dates.
    """
    names = ", ".join(sql_name(n) for n in table.period_dates)
    cleaned = ", ".join(f"clean_text({sql_name(n)}) as {sql_name(n)}" for n in table.period_dates)
    read = ", ".join(f"read_date({sql_name(n)}) as {sql_name(n)}" for n in table.period_dates)
    past = ", ".join(
        f"case when {sql_name(n)} <= date '{today.isoformat()}' then {sql_name(n)} end"
        for n in table.period_dates
    )
    pick = "greatest" if table.dataset == "ssda903" else "coalesce"
    return (
        f"select {pick}({past}) as told, n from (select {read}, n from (select {cleaned}, n "
        f"from (select {names}, count(*) as n from {relation} group by {names})))"
    )


def content_year(
    connection: duckdb.DuckDBPyConnection, table: Table, relation: str, today: date
) -> int | None:
    """The latest collection year that at least 3% of the dated rows (and two of them) tell of."""
    if not table.period_dates:
        return None
    found = connection.execute(
        f"with told as ({_dates_sql(table, relation, today)}), "
        "years as (select year(told) + (month(told) >= 4)::int as y, sum(n) as n "
        "from told where told is not null group by y) "
        "select max(y) filter (n >= least(2, total) and n >= 0.03 * total) "
        "from (select *, sum(n) over () as total from years)"
    ).fetchall()[0]
    return found[0]


def content_quarters(
    connection: duckdb.DuckDBPyConnection, table: Table, relation: str, today: date
) -> list[tuple[str, float]]:
    """The quarters that the rows tell of with their share, most first."""
    return connection.execute(
        f"with told as ({_dates_sql(table, relation, today)}), "
        "quarters as (select year(told)::varchar || 'Q' || quarter(told)::varchar as q, "
        "sum(n) as n from told where told is not null group by q) "
        "select q, n / sum(n) over () as share from quarters order by n desc, q desc"
    ).fetchall()
