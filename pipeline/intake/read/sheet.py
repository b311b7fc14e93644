"""What every reader gives: sheets of text cells in DuckDB, or a reason for an officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import duckdb
import pandas as pd

WIDEST = 2_000  # columns; a sheet wider than that is no return
BATCH = 1_000_000  # cells that are held as Python texts at once


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
    is_plain: bool = False  # known to hold no cell that needs cleaning


def no_access() -> Unreadable:
    return Unreadable(
        "no_access",
        "The file could not be opened; it may be locked or still being written.",
        "Close it in other programs and check who may read it; the next run tries again.",
    )


def too_wide() -> Unreadable:
    return Unreadable(
        "too_wide",
        f"A sheet has more than {WIDEST} columns.",
        "Send the return in the layout of the template, without further columns.",
    )


def too_large(what: str) -> Unreadable:
    return Unreadable(
        "too_large",
        f"The file is too large to be read: {what}.",
        "Delete empty rows and columns far from the data, or send several smaller files.",
    )


def start_sheet(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """An empty sheet, which takes the place of what had its name."""
    connection.execute(f"create or replace temp table {relation} (row_number bigint)")


def append_rows(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    width: int,
    numbers: Sequence[int],
    rows: Sequence[Sequence[str | None]],
) -> int:
    """Put rows of any length at the end of a sheet that has `width` columns; gives its new width.

    An empty text is a blank cell. Raises Unreadable where the sheet becomes too wide.
    """
    if not rows:
        return width
    columns = list(zip_longest(*rows))
    if max(width, len(columns)) > WIDEST:
        raise too_wide()
    for added in range(width, len(columns)):
        connection.execute(f"alter table {relation} add column c{added} varchar")
    names = [f"c{i}" for i in range(len(columns))]
    cells = {n: pd.Series(c, dtype=object) for n, c in zip(names, columns, strict=True)}
    frame = pd.DataFrame({"row_number": pd.Series(numbers, dtype="int64"), **cells})
    texts = "".join(f", nullif({n}::varchar, '') as {n}" for n in names)
    connection.register("read_rows", frame)
    try:
        connection.execute(
            f"insert into {relation} by name select row_number{texts} from read_rows"
        )
    finally:
        connection.unregister("read_rows")
    return max(width, len(columns))
