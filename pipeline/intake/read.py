"""Read a file into sheets of text cells. One function per format; nothing is guessed or cast.

A file that cannot be read raises `Unreadable`, whose words are for the officer who sent it and
hold no value of the file.
"""

import codecs
import csv
import io
import json
import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import fastexcel
import pandas as pd

from pipeline.warehouse import file_text, sql_name, sql_text

WIDEST = 2_000  # columns; a sheet wider than that is no return
LONGEST_CELL = 10_000_000  # characters of a CSV file
DELIMITERS = ",;\t|"


class Unreadable(Exception):
    """A file cannot be read: a short code, what is wrong and how to fix it, for an officer."""

    def __init__(self, code: str, reason: str, how_to_fix: str) -> None:
        super().__init__(code)
        self.code, self.reason, self.how_to_fix = code, reason, how_to_fix


@dataclass(frozen=True)
class Sheet:
    """Cells of one sheet as a relation: `row_number` (as the user sees it), `c0`, `c1`, …"""

    name: str
    relation: str
    width: int
    is_records: bool = False  # a record that leaves a name out means that it is blank
    is_hidden: bool = False  # Excel does not show it


def _frame_to_sheet(
    connection: duckdb.DuckDBPyConnection, name: str, rows: list[list[str | None]], relation: str
) -> Sheet:
    width = max((len(r) for r in rows), default=0)
    if width > WIDEST:
        raise _too_wide()
    padded = [[n, *r, *[None] * (width - len(r))] for n, r in enumerate(rows, start=1)]
    frame = pd.DataFrame(padded, columns=["row_number", *(f"c{i}" for i in range(width))])
    texts = "".join(f", c{i}::varchar as c{i}" for i in range(width))
    connection.register("read_rows", frame)
    connection.execute(
        f"create or replace temp table {relation} as "
        f"select row_number::bigint as row_number{texts} from read_rows"
    )
    connection.unregister("read_rows")
    return Sheet(name, relation, width)


def no_access() -> Unreadable:
    return Unreadable(
        "no_access",
        "The file could not be opened; it may be locked or still being written.",
        "Close it in other programs and check who may read it; the next run tries again.",
    )


def _too_wide() -> Unreadable:
    return Unreadable(
        "too_wide",
        f"A sheet has more than {WIDEST} columns.",
        "Send the return in the layout of the template, without further columns.",
    )


def _decode(data: bytes) -> tuple[str, bool]:
    """The text of a CSV or JSON file, and whether it was plain UTF-8."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding), False
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        # What councils' Windows systems write when they do not write UTF-8; five bytes of it
        # have no meaning and are kept as a mark that something was there.
        return data.decode("cp1252", errors="replace"), False


def _delimiter(text: str) -> str:
    """The delimiter that comes as often in most of the first lines, apart from what is quoted."""
    lines = re.sub(r'"[^"]*"', "", text[:100_000]).splitlines()[:10]

    def fit(delimiter: str) -> tuple[int, int]:
        counts = [n for line in lines if (n := line.count(delimiter))]
        usual = statistics.mode(counts) if counts else 0
        return counts.count(usual), usual

    return max(DELIMITERS, key=fit)


def _cells(text: str, delimiter: str) -> list[list[str | None]]:
    """The cells of every row; raises Unreadable where stray quotation marks swallow rows."""

    def read(strict: bool) -> list[list[str | None]]:
        lines = io.StringIO(text, newline="")
        rows = csv.reader(lines, delimiter=delimiter, strict=strict)
        return [[c or None for c in row] for row in rows]

    try:
        return read(strict=True)
    except csv.Error:
        rows = read(strict=False)
    # A stray quotation mark is kept as it is, unless it makes one cell of several lines.
    for number, row in enumerate(rows, start=1):
        if any("\n" in c or "\r" in c for c in row if c):
            raise Unreadable(
                "open_quote",
                f"A quotation mark in row {number} is not closed where its cell ends, so that the "
                "rows below it cannot be told apart.",
                "Take the quotation mark out, or save the file as CSV from Excel.",
            )
    return rows


def _read_quickly(
    connection: duckdb.DuckDBPyConnection, path: Path, text: str, delimiter: str, relation: str
) -> Sheet | None:
    """The sheet of a regular file by DuckDB's own reader; None where it would lose something.

    DuckDB passes over blank lines, which count in Excel, drops without a word what follows an open
    quotation mark, and wants as many cells in every line.
    """
    endings = {found[0] for found in re.finditer(r"\r\n|\r|\n", text)} or {"\n"}
    lines = text.removesuffix("\n").split("\n")
    if '"' in text or endings not in ({"\n"}, {"\r\n"}) or not all(map(str.strip, lines)):
        return None
    width = len(next(csv.reader(lines[:1], delimiter=delimiter)))
    if width > WIDEST:
        raise _too_wide()
    columns = ", ".join(f"'c{i}': 'varchar'" for i in range(width))
    new_line = endings.pop().replace("\r", "\\r").replace("\n", "\\n")
    try:
        connection.execute(
            f"create or replace temp table {relation} as "
            f"select row_number() over () as row_number, * from read_csv({file_text(path)}, "
            "header = false, auto_detect = false, parallel = false, hive_partitioning = false, "
            f"delim = {sql_text(delimiter)}, quote = '\"', escape = '\"', "
            f"new_line = {sql_text(new_line)}, columns = {{{columns}}})"
        )
    except duckdb.Error:
        return None  # ragged lines: the patient reader keeps every cell of them
    return Sheet("", relation, width)


def _read_csv(connection: duckdb.DuckDBPyConnection, path: Path, prefix: str) -> Iterator[Sheet]:
    text, is_plain = _decode(path.read_bytes())
    if not text.strip():
        return
    no_csv = Unreadable(
        "not_a_csv",
        "The file is named as a CSV file but holds something else.",
        "Open it in the system that made it and save it as CSV.",
    )
    if "\x00" in text or text.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise no_csv
    delimiter, relation = _delimiter(text), f"{prefix}_0"
    csv.field_size_limit(LONGEST_CELL)
    try:
        sheet = _read_quickly(connection, path, text, delimiter, relation) if is_plain else None
        yield sheet or _frame_to_sheet(connection, "", _cells(text, delimiter), relation)
    except csv.Error as error:
        raise no_csv from error


def _worksheets(path: Path) -> Iterator[fastexcel.ExcelSheet]:
    try:
        workbook = fastexcel.read_excel(str(path))
        for name in workbook.sheet_names:
            yield workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    except fastexcel.FastExcelError as error:
        raise Unreadable(
            "unreadable_workbook",
            "The workbook cannot be opened: it is damaged, protected by a password, or not one.",
            "Open it in Excel, remove any password, save it as .xlsx and send it again.",
        ) from error


def _read_workbook(
    connection: duckdb.DuckDBPyConnection, path: Path, prefix: str
) -> Iterator[Sheet]:
    for number, cells in enumerate(_worksheets(path)):
        if cells.height == 0 or cells.width == 0:
            continue
        if cells.width > WIDEST:
            raise _too_wide()
        relation = f"{prefix}_{number}"
        table = connection.from_arrow(cells)
        columns = ", ".join(f"{sql_name(c)} as c{i}" for i, c in enumerate(table.columns))
        connection.register("read_cells", table)
        connection.execute(
            f"create or replace temp table {relation} as "
            f"select row_number() over () as row_number, {columns} from read_cells"
        )
        connection.unregister("read_cells")
        is_hidden = cells.visible != "visible"
        yield Sheet(cells.name, relation, cells.width, is_hidden=is_hidden)


def _records(content: object) -> list[dict]:
    if isinstance(content, dict):
        for key in ("@graph", "records", "placements"):
            if isinstance(content.get(key), list):
                return _records(content[key])
        return [content]
    if isinstance(content, list) and all(isinstance(r, dict) for r in content):
        return content
    raise Unreadable(
        "not_records",
        "The JSON file does not hold records.",
        "Send one record, a list of records, or an object with a list under @graph.",
    )


def _leaf(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "Yes" if value else "No"
        case {"@value": inner} | {"@id": inner}:
            return _leaf(inner)
        case list():
            parts = [p for v in value if (p := _leaf(v)) is not None]
            return "; ".join(parts) or None
        case dict():
            return _whole(json.dumps(value, ensure_ascii=False))
        case _:
            return _whole(str(value))


def _whole(text: str) -> str:
    """The text with a mark for half a character, which JSON can hold and nothing else."""
    return text.encode("utf-8", "replace").decode()


def _flatten(record: dict, into: dict[str, str | None]) -> dict[str, str | None]:
    """The leaves of a nested record by their own names; the standard's names are unique."""
    for key, value in record.items():
        name = _whole(key.rsplit(":", 1)[-1].rsplit("/", 1)[-1])
        if name.startswith("@"):
            continue
        if isinstance(value, dict) and not {"@value"} & value.keys():
            if set(value) == {"@id"}:
                into[name] = _leaf(value)
            else:
                _flatten(value, into)
        else:
            into[name] = _leaf(value)
    return into


def _read_json(connection: duckdb.DuckDBPyConnection, path: Path, prefix: str) -> Iterator[Sheet]:
    text, _ = _decode(path.read_bytes())
    if not text.strip():
        return
    try:
        records = [_flatten(r, {}) for r in _records(json.loads(text))]
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            "broken_json",
            "The file is not well-formed JSON; it may have been cut off.",
            "Export it again from the system that made it.",
        ) from error
    names = list(dict.fromkeys(name for r in records for name in r))
    if not names:
        return
    rows: list[list[str | None]] = [list(names), *([r.get(n) for n in names] for r in records)]
    sheet = _frame_to_sheet(connection, "", rows, f"{prefix}_0")
    # A record's number is what the sender can count; the row of names before it is ours.
    connection.execute(f"update {sheet.relation} set row_number = row_number - 1")
    yield replace(sheet, is_records=True)


READERS: dict[str, Callable[[duckdb.DuckDBPyConnection, Path, str], Iterator[Sheet]]] = {
    ".csv": _read_csv,
    ".txt": _read_csv,
    ".xlsx": _read_workbook,
    ".xlsm": _read_workbook,
    ".json": _read_json,
    ".jsonld": _read_json,
}


def read_sheets(connection: duckdb.DuckDBPyConnection, path: Path, prefix: str) -> list[Sheet]:
    """All sheets of a file as temporary tables named `<prefix>_<number>`; raises Unreadable."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(
            "format_not_taken",
            "Files of this kind are not taken.",
            f"Send one of {', '.join(sorted(READERS))}.",
        )
    try:
        return list(reader(connection, path, prefix))
    except OSError as error:
        raise no_access() from error
