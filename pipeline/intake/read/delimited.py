"""CSV in any dialect, in bounded memory: by DuckDB where it loses nothing, else with patience."""

import csv
import io
import re
import statistics
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TextIO

import duckdb

from pipeline.intake.clean import PLAIN_BYTES
from pipeline.intake.read.kind import HEAD, text_encoding
from pipeline.intake.read.sheet import (
    BATCH,
    WIDEST,
    Sheet,
    Unreadable,
    append_rows,
    start_sheet,
    too_wide,
)
from pipeline.progress import meter
from pipeline.warehouse import file_text, sql_text

LONGEST_CELL = 10_000_000  # characters
DELIMITERS = ",;\t|"
BLOCK = 4_000_000  # characters read at once


def not_a_csv(seems: str = "") -> Unreadable:
    return Unreadable(
        "not_a_csv",
        f"The file is named as a CSV file but holds something else. {seems}".strip(),
        "Open it in the system that made it and save it as CSV.",
    )


def _cell_too_long() -> Unreadable:
    return Unreadable(
        "cell_too_long",
        f"A cell or a line is longer than {LONGEST_CELL // 1_000_000} million characters; perhaps "
        "a quotation mark is not closed, or it is no CSV file.",
        "Look for the quotation mark, or save the file as CSV from Excel.",
    )


def _open_quote(row: int) -> Unreadable:
    return Unreadable(
        "open_quote",
        f"A quotation mark in row {row} is not closed where its cell ends, so that the "
        "rows below it cannot be told apart.",
        "Take the quotation mark out, or save the file as CSV from Excel.",
    )


def encoding_of(path: Path) -> str:
    """The encoding of a text file: what it is marked as, UTF-8 if it is that, else Windows'."""
    with path.open("rb") as stream:
        marked = text_encoding(stream.read(HEAD))
    if marked in ("utf-16", "utf-16-le", "utf-16-be"):
        return marked
    encoding = marked or "utf-8"
    try:
        with path.open(encoding=encoding, newline="") as text:
            while text.read(BLOCK):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return encoding


def open_text(path: Path, encoding: str) -> TextIO:
    """A text file with its line ends as they are.

    Five bytes of Windows-1252 have no meaning and are kept as a mark that something was there.
    """
    errors = "replace" if encoding == "cp1252" else "strict"
    return path.open(encoding=encoding, errors=errors, newline="")


def _blocks(path: Path, encoding: str, tell: Callable[[int], None]) -> Iterator[str]:
    """The text in blocks of whole lines; raises Unreadable where it is no text."""
    with open_text(path, encoding) as stream:
        try:
            while block := stream.read(BLOCK):
                block += (rest := stream.readline(LONGEST_CELL))
                if "\x00" in block:
                    raise not_a_csv()
                if len(rest) == LONGEST_CELL:
                    raise _cell_too_long()
                yield block
                tell(stream.buffer.tell())
        except UnicodeDecodeError as error:  # UTF-16 that was cut off
            raise not_a_csv() from error


def _start(path: Path, encoding: str) -> str:
    """The text from the first line that is not blank on; none of a file that holds nothing."""
    with closing(_blocks(path, encoding, lambda _: None)) as blocks:
        return next((b for b in blocks if b.strip()), "")


def delimiter_of(text: str) -> str:
    """The delimiter that comes as often in most of the first lines, apart from what is quoted."""
    lines = re.sub(r'"[^"]*"', "", text[:100_000]).splitlines()[:10]

    def fit(delimiter: str) -> tuple[int, int]:
        counts = [n for line in lines if (n := line.count(delimiter))]
        usual = statistics.mode(counts) if counts else 0
        return counts.count(usual), usual

    return max(DELIMITERS, key=fit)


def dialect_of(path: Path) -> tuple[str, str]:
    """The encoding and the delimiter of a CSV file."""
    encoding = encoding_of(path)
    return encoding, delimiter_of(_start(path, encoding))


def has_rows(path: Path) -> bool:
    """Whether a text looks like rows of cells, two of which have as many."""
    text = _start(path, encoding_of(path))
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:2]
    counts = {line.count(delimiter_of(text)) for line in lines}
    return len(lines) == 2 and len(counts) == 1 and counts != {0}


def _is_plain(block: str, delimiter: str) -> bool:
    """Whether every cell is one that `clean_text` would leave as it is."""
    between = (delimiter, "\r", "\n", " ")
    return (
        not block.encode().translate(None, PLAIN_BYTES + f"{delimiter}\r\n".encode())
        and not (" " in block and any(f" {c}" in block or f"{c} " in block for c in between))
        and not block.startswith(" ")
        and not block.endswith(" ")
        and "1899-" not in block
    )


def _regular(path: Path, delimiter: str, tell: Callable[[int], None]) -> tuple[str, bool] | None:
    """The one line end of a text whose lines DuckDB reads as they are, and whether it is plain.

    None of any other text. DuckDB passes over blank lines, which count in Excel, and drops without
    a word what follows an open quotation mark.
    """
    endings: set[str] = set()
    is_plain = True
    with closing(_blocks(path, "utf-8", tell)) as blocks:
        for block in blocks:
            both = block.count("\r\n")
            endings |= {"\r\n"} if both else set()
            endings |= {"\n"} if block.count("\n") > both else set()
            lines = block.removesuffix("\n").split("\n")
            if (
                '"' in block
                or len(endings) > 1
                or block.count("\r") > both
                or not all(map(str.strip, lines))
            ):
                return None
            is_plain = is_plain and _is_plain(block, delimiter)
    return endings.pop() if endings else "\n", is_plain


def _read_quickly(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    delimiter: str,
    new_line: str,
    head: str,
    relation: str,
    is_plain: bool,
) -> Sheet | None:
    """The sheet by DuckDB's own reader; None where lines differ in their number of cells."""
    width = head.split("\n", 1)[0].count(delimiter) + 1
    if width > WIDEST:
        raise too_wide()
    columns = ", ".join(f"'c{i}': 'varchar'" for i in range(width))
    escaped = new_line.replace("\r", "\\r").replace("\n", "\\n")
    try:
        connection.execute(
            f"create or replace temp table {relation} as "
            f"select row_number() over () as row_number, * from read_csv({file_text(path)}, "
            "header = false, auto_detect = false, parallel = false, hive_partitioning = false, "
            f"delim = {sql_text(delimiter)}, quote = '\"', escape = '\"', "
            f"new_line = {sql_text(escaped)}, columns = {{{columns}}})"
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        return None  # ragged lines: the patient reader keeps every cell of them
    return Sheet("", relation, width, is_plain=is_plain)


def _rows(lines: Iterator[str], delimiter: str, strict: bool) -> Iterator[list[str]]:
    """The cells of every row; raises csv.Error where a strict reader finds a stray quotation mark.

    Else a stray quotation mark is kept as it is, unless it makes one cell of several lines.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    if strict:
        yield from reader
        return
    number, last_line = 0, 0
    try:
        for number, row in enumerate(reader, start=1):
            if any("\n" in c or "\r" in c for c in row):
                raise _open_quote(number)
            last_line = reader.line_num
            yield row
    except csv.Error as error:  # a cell as long as no cell is, over several lines or in one
        over_lines = reader.line_num > last_line + 1
        raise (_open_quote(number + 1) if over_lines else _cell_too_long()) from error


def _read_patiently(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    encoding: str,
    delimiter: str,
    relation: str,
    strict: bool = True,
) -> Sheet:
    """The sheet by Python's csv module, some rows at a time."""
    start_sheet(connection, relation)
    width, number = 0, 0
    tell = meter("Reading", path.stat().st_size)
    with closing(_blocks(path, encoding, tell)) as blocks:
        lines = (line for block in blocks for line in io.StringIO(block, newline=""))
        rows = _rows(lines, delimiter, strict)
        try:
            while batch := list(islice(rows, max(1, BATCH // max(width, 100)))):
                numbers = range(number + 1, number + len(batch) + 1)
                width = append_rows(connection, relation, width, numbers, batch)
                number += len(batch)
        except csv.Error:
            return _read_patiently(connection, path, encoding, delimiter, relation, strict=False)
    return Sheet("", relation, width)


def read_delimited(
    connection: duckdb.DuckDBPyConnection, path: Path, prefix: str
) -> Iterator[Sheet]:
    """The one sheet of a CSV file; none if it holds nothing."""
    encoding = encoding_of(path)
    head = _start(path, encoding)
    if not head:
        return
    delimiter, relation = delimiter_of(head), f"{prefix}_0"
    csv.field_size_limit(LONGEST_CELL)
    tell = meter("Looking through", path.stat().st_size)
    regular = _regular(path, delimiter, tell) if encoding == "utf-8" else None
    sheet = None
    if regular:
        new_line, is_plain = regular
        sheet = _read_quickly(connection, path, delimiter, new_line, head, relation, is_plain)
    yield sheet or _read_patiently(connection, path, encoding, delimiter, relation)
