"""What our rules say of a return, straight from its rows: the tests' short way, without files."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.intake.clean import conformed_sql, create_macros
from pipeline.reference import Postcodes, write_places
from pipeline.standards.ssda903.feed import derive, feed, open_sources
from pipeline.standards.ssda903.rule import Rule
from pipeline.standards.ssda903.run import FAILED, RuleResult, run_rules
from pipeline.standards.ssda903.tables import (
    LAST,
    PROVIDER,
    Collection,
    open_tables,
    set_collection,
    ssda903_tables,
)
from pipeline.warehouse import sql_name, sql_text, workspace
from tests.conformance.lives import POSTCODES, Provider
from tests.conformance.returns import Return, Returns

Failure = tuple[str, str, int]  # code, DfE's table, the row's number from 0


def postcodes_in(folder: Path) -> Postcodes:
    """The postcodes that the invented children live at, in the shape of the reference data."""
    file = folder / "postcodes.parquet"
    with workspace() as connection:
        write_places(connection, f"select * from read_csv({sql_text(str(POSTCODES))})", file)
    return Postcodes(file, file)


@contextmanager
def session_of(
    returns: Returns, postcodes: Postcodes | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in which the rules find this return, the year before and Ofsted's list."""
    with workspace() as connection:
        create_macros(connection)
        open_tables(connection)
        open_sources(connection)
        set_collection(connection, Collection.of(returns.year, returns.la_code))
        _fill_return(connection, returns.this, "")
        _fill_return(connection, returns.last, LAST)
        _fill_providers(connection, returns.providers)
        derive(connection, postcodes)
        yield connection


def _fill_return(connection: duckdb.DuckDBPyConnection, made: Return, suffix: str) -> None:
    """Take rows as those of a CSV file are taken."""
    for name, rows in made.items():
        table = ssda903_tables()[name]
        sent = pd.DataFrame(rows, columns=[f.header for f in table.fields], dtype=object)
        sent.columns = [f.name for f in table.fields]
        sent = sent.where(sent.notna(), None).astype(object)
        sent.insert(0, "row_number", range(2, len(sent) + 2))
        connection.register("sent", sent)
        columns = ", ".join(
            f"{sql_name(f.name)}::varchar as {sql_name(f.name)}" for f in table.fields
        )
        relation = (
            f"(select row_number, {sql_text(name + '.csv')} as file, '' as sheet, "
            f"'test' as submission_id, {columns} from sent)"
        )
        connection.execute(
            f"create or replace temp table conformed as {conformed_sql(table, None, relation)}"
        )
        connection.unregister("sent")
        feed(connection, name + suffix, "conformed")


def _fill_providers(connection: duckdb.DuckDBPyConnection, providers: Iterable[Provider]) -> None:
    rows = [
        (
            p.urn, p.la_name, ",".join(p.places), ",".join(p.sectors), p.closed,
            p.postcode.replace(" ", ""), None, "",
        )
        for p in providers
    ]  # fmt: skip
    marks = ", ".join("?" for _ in PROVIDER)
    connection.executemany(f"insert into provider values ({marks})", rows)
    connection.execute("insert into delivered values ('provider')")


def failing_rows(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule]
) -> tuple[list[RuleResult], set[Failure]]:
    """How each rule ended, and the rows that fail."""
    results = run_rules(connection, rules)
    return results, set(connection.execute(f"select * from {FAILED}").fetchall())
