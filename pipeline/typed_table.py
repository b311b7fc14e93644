"""A small table that an analyst writes, with typed columns: what is wrong in it comes as faults."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipeline.intake.clean import create_macros
from pipeline.intake.headings import bare, column_letter
from pipeline.intake.read import Sheet, Unreadable, read_sheets
from pipeline.warehouse import sql_text, workspace

MOST_ROWS = 10_000  # nobody writes so many by hand: it is another file
LONGEST_SHOWN = 60  # characters of a heading that is quoted in a fault


@dataclass(frozen=True)
class Column:
    """How a column is read, and what its values must be."""

    sql: str  # over the cleaned text of a cell, {0}; null where it cannot be read
    wanted: str  # ends a sentence that begins with “Write”
    fits: Callable[[object], bool]
    may_be_blank: bool = False
    blank_words: tuple[str, ...] = ()  # in lower case: they say the same as a blank cell


@dataclass(frozen=True)
class TableFault:
    """What is wrong with the file, and how to mend it; `row` is the one that Excel shows."""

    row: int | None  # None: not of one row alone
    column: str  # “”: of no column
    problem: str
    how_to_fix: str

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row else ""
        where = ", ".join(part for part in (row, self.column and f"“{self.column}”") if part)
        told = f"{self.problem} {self.how_to_fix}"
        return f"{where}: {told}" if where else told


@dataclass(frozen=True)
class Row:
    """One row: the texts and values of its cells by column, None where blank or not to be read."""

    number: int  # as Excel shows it
    texts: Mapping[str, str | None]
    values: Mapping[str, object]
    faults: tuple[TableFault, ...]


@dataclass(frozen=True)
class TypedTable:
    """All rows that are not blank, each with its faults, and the faults of the file as a whole."""

    rows: tuple[Row, ...]
    faults: tuple[TableFault, ...]


def name_column() -> Column:
    """A column for the name of something."""
    return Column("read_text({0})", "a name", bool)


def whole_number(low: int, high: int, what: str) -> Column:
    """A column for a count of something, such as `beds`."""
    wanted = f"a whole number of {what} from {low} to {high}"
    return Column("read_integer({0})", wanted, lambda n: low <= n <= high)


def pounds() -> Column:
    """A column for an amount of money, below a thousand million pounds."""
    return Column("read_money({0})", "an amount in pounds, 0 or more", lambda gbp: gbp >= 0)


def date_column() -> Column:
    """A column for a day, as people and spreadsheets write it; the day before the month."""
    return Column("read_date({0})", "a date such as 01/04/2027", lambda day: True)


def choice(values: Collection[str]) -> Column:
    """A column for one of these words, which are in lower case."""
    return Column("lower({0})", f"one of {', '.join(values)}", lambda word: word in values)


def authority(codes: Collection[str]) -> Column:
    """A column for one of these ONS codes."""
    wanted = "the ONS code of an authority of the region"
    return Column("upper({0})", wanted, lambda code: code in codes)


def or_all(column: Column) -> Column:
    """The column, in which a blank cell or the word `all` stands for everything."""
    wanted = f"{column.wanted}, or nothing for all"
    return replace(column, wanted=wanted, may_be_blank=True, blank_words=("all",))


def read_table(file: Path, columns: Mapping[str, Column]) -> TypedTable:
    """The rows of a CSV file, or of the first sheet of a workbook, below their headings.

    Its headings may stand in any order. Nothing that its writer can get wrong raises. Without a
    file there are no rows and no faults.
    """
    if not file.exists():
        return TypedTable((), ())
    with workspace() as connection:
        create_macros(connection)
        try:
            sheets = read_sheets(connection, file, "typed")
        except Unreadable as fault:
            return _refused(TableFault(None, "", fault.reason, fault.how_to_fix))
        if not sheets or not sheets[0].width:
            return _refused(_of_file("", "The file holds nothing.", columns))
        return _read_sheet(connection, sheets[0], columns)


def _refused(*faults: TableFault) -> TypedTable:
    return TypedTable((), faults)


def _of_file(column: str, problem: str, columns: Mapping[str, Column]) -> TableFault:
    return TableFault(None, column, problem, f"The columns are {', '.join(columns)}.")


def _read_sheet(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, columns: Mapping[str, Column]
) -> TypedTable:
    cells = [f"c{n}" for n in range(sheet.width)]
    is_filled = f"has_text(concat_ws('', {', '.join(cells)}))"
    heading = connection.execute(
        f"select row_number, {', '.join(f'clean_text({c})' for c in cells)} from {sheet.relation} "
        f"where {is_filled} order by row_number limit 1"
    ).fetchall()
    if not heading:
        return _refused(_of_file("", "The file holds nothing.", columns))
    heading_row, *headings = heading[0]
    place, faults = _placed(headings, columns)
    if missing := [name for name in columns if name not in place]:
        return _refused(*(_of_file(name, "The column is missing.", columns) for name in missing))
    if any(place.count(name) > 1 for name in columns):
        return _refused(*faults)
    texts = [_text_sql(f"c{place.index(name)}", column) for name, column in columns.items()]
    values = [c.sql.format(text) for c, text in zip(columns.values(), texts, strict=True)]
    headless = [n for n, heading in enumerate(headings) if not heading]
    found = connection.execute(
        f"select row_number, [{', '.join(texts)}], "
        f"[{', '.join(f'has_text(c{n})' for n in headless)}]::boolean[], {', '.join(values)} "
        f"from {sheet.relation} where row_number > {heading_row} and {is_filled} "
        f"order by row_number limit {MOST_ROWS + 1}"
    ).fetchall()
    if len(found) > MOST_ROWS:
        many = f"The file has more than {MOST_ROWS:,} rows."
        return _refused(_of_file("", f"{many} Is it the right one?", columns))
    rows = [
        _judged(number, texts, values, columns, _headless(number, headless, stray))
        for number, texts, stray, *values in found
        if any(texts)
    ]
    return TypedTable(tuple(rows), tuple(faults))


def _placed(
    headings: Sequence[str | None], columns: Mapping[str, Column]
) -> tuple[list[str | None], list[TableFault]]:
    """The column that stands in each place, and what is wrong with the headings."""
    known = {bare(name): name for name in columns}
    place = [known.get(bare(heading)) if heading else None for heading in headings]
    faults = [
        TableFault(None, name, "Two columns have this heading.", "Keep one of them.")
        for name in columns
        if place.count(name) > 1
    ]
    for heading, name in zip(headings, place, strict=True):
        if heading and name is None:
            shown = heading[:LONGEST_SHOWN] + ("…" if len(heading) > LONGEST_SHOWN else "")
            faults.append(_of_file(shown, "No such column is known: it was not read.", columns))
    return place, faults


def _text_sql(cell: str, column: Column) -> str:
    """SQL of the cleaned text of a cell; null where it is blank, or says that it is."""
    text = f"clean_text({cell})"
    if not column.blank_words:
        return text
    words = ", ".join(map(sql_text, column.blank_words))
    return f"(case when lower({text}) not in ({words}) then {text} end)"


def _headless(number: int, places: Sequence[int], filled: Sequence[bool]) -> list[TableFault]:
    """Of a comma in a name that is not in quotes all cells after it are one too far right."""
    return [
        TableFault(
            number,
            f"column {column_letter(n)}",
            "The cell has no heading above it.",
            "Clear it, or give it a heading; in CSV, put a text with a comma in quotation marks.",
        )
        for n, is_filled in zip(places, filled, strict=True)
        if is_filled
    ]


def _judged(
    number: int,
    texts: Sequence[str | None],
    values: Sequence[object],
    columns: Mapping[str, Column],
    faults: Sequence[TableFault],
) -> Row:
    mine = list(faults)
    fitting: dict[str, object] = {}
    for (name, column), text, value in zip(columns.items(), texts, values, strict=True):
        fitting[name] = value if value is not None and column.fits(value) else None
        if fitting[name] is None and not (text is None and column.may_be_blank):
            problem = "The cell is blank." if text is None else "It cannot be that."
            mine.append(TableFault(number, name, problem, f"Write {column.wanted}."))
    return Row(number, dict(zip(columns, texts, strict=True)), fitting, tuple(mine))
