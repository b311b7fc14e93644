"""Everything an LA ever sent: its submissions, and every version of a child's rows.

For those who may see the LA zone: what is given here holds ids, values and file names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.accounting import row_status_path
from pipeline.intake.clean import create_macros
from pipeline.intake.manifest import Entry, load_manifest, raw_path
from pipeline.standards.load import Table, load_standards
from pipeline.warehouse import from_parquet, sql_name, sql_text, workspace


@dataclass(frozen=True)
class Version:
    """A row as it was sent once, and what became of it."""

    submission_id: str
    file: str
    sheet: str
    row_number: int
    period: str
    received: str
    status: str
    values: dict[str, str | None]  # heading -> as sent; columns outside the standard under `extra`


class NoSuchTable(ValueError):
    """The standards have no table of that name; the message lists those that there are."""


def _table(name: str) -> Table:
    tables = load_standards()
    for table in tables.values():
        if name.casefold() in (table.name.casefold(), table.header_name.casefold()):
            return table
    raise NoSuchTable(f"There is no table of that name; there are {', '.join(tables)}.")


def _sent(la_zone: Path, table: Table) -> list[Entry]:
    """The entries of a table whose rows are kept as sent, each submission once."""
    found = {
        (e.submission_id, e.period): e
        for e in load_manifest(la_zone)
        if e.table_name == table.name and raw_path(la_zone, e).exists()
    }
    return list(found.values())


def versions(la_zone: Path, table_name: str, child: str) -> list[Version]:
    """Every row of a child in a table, by period and in the order received; whatever became of it.

    The id is compared as it is in the accounting: without regard to case, spaces or Excel's `.0`.
    Raises NoSuchTable.
    """
    table = _table(table_name)
    with workspace() as connection:
        create_macros(connection)
        found = [
            v for e in _sent(la_zone, table) for v in _of(connection, la_zone, table, e, child)
        ]
    return sorted(found, key=lambda v: v.period)  # stable: the order received stays


def _of(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, table: Table, entry: Entry, child: str
) -> Iterable[Version]:
    raw = from_parquet([raw_path(la_zone, entry)])
    stored = {c[0] for c in connection.execute(f"describe select * from {raw}").fetchall()}
    fields = [f for f in table.fields if f.name in stored]
    sent, asked = f"clean_text({sql_name(table.child)})", "clean_text(?)"
    rows = connection.execute(
        f"select file, sheet, row_number, extra, {', '.join(sql_name(f.name) for f in fields)} "
        f"from {raw} where coalesce(normal_id({sent}), upper({sent})) "
        f"= coalesce(normal_id({asked}), upper({asked})) order by sheet, row_number",
        [child, child],
    ).fetchall()
    fates = _fates(connection, la_zone, entry) if rows else {}
    for file, sheet, row_number, extra, *values in rows:
        named = {f.header: v for f, v in zip(fields, values, strict=True)}
        yield Version(
            entry.submission_id,
            file,
            sheet,
            row_number,
            entry.period,
            f"{entry.received_at:%Y-%m-%d %H:%M}",
            fates.get((sheet, row_number), entry.reason_code or entry.status),
            named | ({"extra": extra} if extra else {}),
        )


def _fates(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, entry: Entry
) -> dict[tuple[str, int], str]:
    path = row_status_path(la_zone, entry.table_name, entry.period)
    if not entry.has_rows or not path.exists():
        return {}
    rows = connection.execute(
        f"select sheet, row_number, status from {from_parquet([path])} "
        f"where submission_id = {sql_text(entry.submission_id)}"
    ).fetchall()
    return {(sheet, row_number): status for sheet, row_number, status in rows}
