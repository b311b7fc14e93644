"""What a rule sees: the tables of a return and of the year before, and what is beside them.

Everything a rule may read is made here, in one DuckDB session, from text: every table of the
return, empty where it was not delivered, and the shared selections of `ssda903/shared/`.
It needs nothing that DuckDB 1.4.3 does not have, for the browser runs the same files.
"""

import os
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from pipeline.settings import EXPECTATIONS
from pipeline.standards.load import StandardFault, Table, load_standards
from pipeline.warehouse import sql_name, sql_text

SHARED = EXPECTATIONS / "ssda903" / "shared"
LAST = "_last"
# An XML return has all of these, also where no child has anything in them.
IN_XML = ("Header", "Episodes", "Reviews", "UASC", "OC2", "OC3", "AD1", "PlacedAdoption")
IN_XML += ("PrevPerm", "Missing")

# Worked out from other tables or from reference data; a rule reads them like what was sent.
DERIVED = {
    # As an XML return says; of a CSV return 1 where the child is in the table UASC, else 0.
    "header": {"uasc": "varchar"},
    "episodes": {
        "pl_la": "varchar",  # authority of PL_POST; SCO, NIR, WAL outside England
        "pl_location": "varchar",  # IN or OUT of the authority that looks after the child
        "pl_distance": "double",  # miles from HOME_POST to PL_POST, to one decimal
    },
}

PROVIDER = {
    "urn": "varchar",
    "la_name": "varchar",  # as Ofsted writes it
    "place_codes": "varchar",  # PLACE codes it may be used for, such as K1 or U1,U2
    "provider_codes": "varchar",  # PLACE_PROVIDER codes, such as PR1,PR4
    "reg_end": "date",  # when its registration ended
    "postcode": "varchar",  # upper case, without a space
    "la_code": "varchar",  # authority of its postcode
    "source": "varchar",  # which of Ofsted's lists
}
POSTCODE = {
    "postcode": "varchar",  # upper case, without a space
    "easting": "integer",
    "northing": "integer",
    "la_code": "varchar",  # upper tier
}
AUTHORITY = {"la_code": "varchar", "la_name": "varchar", "region_name": "varchar"}


@dataclass(frozen=True)
class Collection:
    """The return that is checked: its year by its end (2026 is April 2025 to March 2026)."""

    start: date | None
    end: date | None
    year: int | None
    la_code: str | None
    file_format: str  # csv, xml

    @classmethod
    def of(cls, year: int, la_code: str | None = None, file_format: str = "csv") -> "Collection":
        return cls(date(year - 1, 4, 1), date(year, 3, 31), year, la_code, file_format)


@cache
def ssda903_tables() -> dict[str, Table]:
    """The tables of the return by DfE's names."""
    return {t.header_name: t for t in load_standards().values() if t.dataset == "ssda903"}


def view_name(table_name: str) -> str:
    """The relation a rule reads for DfE's `PlacedAdoption_last`: `placed_adoption_last`."""
    bare = table_name.removesuffix(LAST)
    return ssda903_tables()[bare].name + table_name[len(bare) :]


def columns(table: Table) -> dict[str, str]:
    """The columns that a rule sees of a table: a date as date and, `__text`, as it was sent."""
    seen = {"data_row": "bigint", "in_order": "bigint"}
    for field in table.fields:
        if field.type == "date":
            seen |= {field.name: "date", field.name + "__text": "varchar"}
        else:
            seen[field.name] = "varchar"
    return seen | DERIVED.get(table.name, {})


def _create(connection: duckdb.DuckDBPyConnection, name: str, shape: dict[str, str]) -> None:
    parts = ", ".join(f"{sql_name(n)} {t}" for n, t in shape.items())
    connection.execute(f"create or replace table {sql_name(name)} ({parts})")


def shared_selections(folder: Path = SHARED) -> dict[str, str]:
    """The SQL of what several rules share, by name, each after those that it reads."""
    texts = {p.stem: p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.sql"))}
    ordered: dict[str, str] = {}
    while len(ordered) < len(texts):
        ready = [n for n in texts if n not in ordered and not _read_by(n, texts) - ordered.keys()]
        if not ready:
            raise StandardFault("ssda903/shared/: some selections read one another in a circle")
        ordered |= {n: texts[n].strip().removesuffix(";") for n in ready}
    return ordered


def _read_by(name: str, selections: Mapping[str, str]) -> set[str]:
    """The other selections that one of them reads."""
    return {o for o in selections if o != name and re.search(rf"\b{o}\b", selections[name])}


def open_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every relation a rule may read, all empty, and the macros."""
    connection.execute((EXPECTATIONS / "ssda903" / "macros.sql").read_text(encoding="utf-8"))
    for table in ssda903_tables().values():
        for suffix in ("", LAST):
            _create(connection, table.name + suffix, columns(table))
    _create(connection, "provider", PROVIDER)
    _create(connection, "postcode", POSTCODE)
    _create(connection, "local_authority", AUTHORITY)
    _create(connection, "delivered", {"table_name": "varchar"})
    set_collection(connection, Collection(None, None, None, None, "csv"))
    for name, sql in shared_selections().items():
        _drop(connection, name)
        connection.execute(f"create view {sql_name(name)} as\n{sql}")


def _drop(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Drop a shared selection, which is a view, or a table once it was kept."""
    try:
        connection.execute(f"drop view if exists {sql_name(name)}")
    except duckdb.CatalogException:
        connection.execute(f"drop table {sql_name(name)}")


def keep_selections(connection: duckdb.DuckDBPyConnection) -> None:
    """Work out the shared selections once, for all rules that read them; side by side.

    One that stumbles over a value stays as it was, so that only its own rules end in an error.
    """
    selections = shared_selections()
    known: dict[str, Future[None]] = {}

    def keep(name: str) -> None:
        for other in _read_by(name, selections):
            known[other].result()
        kept = sql_name(f"{name}_kept")
        with connection.cursor() as session:
            try:
                session.execute(f"create or replace table {kept} as from {sql_name(name)}")
            except duckdb.Error:
                return
            _drop(session, name)
            session.execute(f"alter table {kept} rename to {sql_name(name)}")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name in selections:  # in an order in which none waits for one that comes after it
            known[name] = pool.submit(keep, name)
    for one in known.values():
        one.result()


def set_collection(connection: duckdb.DuckDBPyConnection, collection: Collection) -> None:
    """Make `metadata`: one row about the return."""
    connection.execute(
        "create or replace table metadata as select ?::date as collection_start, "
        "?::date as collection_end, ?::integer as collection_year, ?::varchar as la_code, "
        "?::varchar as file_format",
        [
            collection.start,
            collection.end,
            collection.year,
            collection.la_code,
            collection.file_format,
        ],
    )


def order_sql(table: Table) -> str:
    """An order of rows by what they say, so that the order they were sent in changes nothing.

    By child, then by its dates (none comes last), then by all the rest; only rows that say the
    same are left in the order they came in.
    """
    fields = sorted(table.fields, key=lambda f: (f.name != table.child, f.type != "date"))
    said = ", ".join(f"{sql_name(f.name)} nulls last" for f in fields)
    return f"row_number() over (order by {said}, data_row)"


def fill(
    connection: duckdb.DuckDBPyConnection, table_name: str, given: Iterable[str], relation: str
) -> None:
    """Fill DfE's table (or its `_last`) from a relation with `data_row` and the `given` columns.

    `data_row` is the row's number from 0; a column that is not given is null. The relation is read
    as it stands: text in upper case, blanks null, dates as dates.
    """
    table = ssda903_tables()[table_name.removesuffix(LAST)]
    there = set(given)
    shape = columns(table)
    told = ", ".join(
        f"{sql_name(n)}::{t} as {sql_name(n)}" if n in there else f"null::{t} as {sql_name(n)}"
        for n, t in shape.items()
        if n not in ("data_row", "in_order")
    )
    connection.execute(
        f"create or replace table {sql_name(view_name(table_name))} as select data_row, "
        f"{order_sql(table)} as in_order, * exclude (data_row) "
        f"from (select data_row, {told} from {relation})"
    )
    connection.execute(f"insert into delivered values ({sql_text(table_name)})")
