"""What the failing rows of DfE's rules say: whose they are, and what their fields hold."""

from collections.abc import Iterable

import duckdb

from pipeline.standards.ssda903.rule import Rule
from pipeline.standards.ssda903.run import FAILED
from pipeline.standards.ssda903.tables import columns, ssda903_tables, view_name
from pipeline.warehouse import sql_name, sql_text

FOUND = "rule_found"  # FAILED and child, affected: `DECOM: 01/04/2025, DEC: `


def headings(table_name: str) -> dict[str, str]:
    """The columns of DfE's table that rules and reports name, by heading: DECOM -> decom__text.

    Dates stand as they were sent; what is worked out has a heading too, such as PL_LA.
    """
    table = ssda903_tables()[table_name]
    seen = columns(table)
    sent = {f.header: f.name + "__text" if f.type == "date" else f.name for f in table.fields}
    derived = [n for n in seen if n not in ("data_row", "in_order")]
    derived = [n for n in derived if n not in sent.values() and n.upper() not in sent]
    return sent | {n.upper(): n for n in derived}


def keep_found(connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> None:
    """Create FOUND from FAILED, a row each, in no particular order."""
    rules = {r.code: r for r in rules}
    failed_in = connection.execute(f"select distinct code, table_name from {FAILED}").fetchall()
    connection.execute(
        "create or replace temp table rule_field "
        "(code varchar, table_name varchar, ordinal integer, heading varchar)"
    )
    connection.execute(
        "create or replace temp table cell "
        "(table_name varchar, data_row bigint, heading varchar, said varchar)"
    )
    fields = [
        (code, name, at, heading)
        for code, name in failed_in
        for at, heading in enumerate(rules[code].fields)
        if heading in headings(name)
    ]
    if fields:
        connection.executemany("insert into rule_field values (?, ?, ?, ?)", fields)
    owners = []
    for name in sorted({n for _, n in failed_in}):
        owners.append(
            f"select {sql_text(name)} as table_name, data_row, child from {view_name(name)}"
        )
        for heading in sorted({f[3] for f in fields if f[1] == name}):
            connection.execute(
                f"insert into cell select {sql_text(name)}, data_row, {sql_text(heading)}, "
                f"{sql_name(headings(name)[heading])}::varchar from {view_name(name)} semi join "
                f"(select data_row from {FAILED} where table_name = {sql_text(name)} and code in "
                f"(select code from rule_field where table_name = {sql_text(name)} "
                f"and heading = {sql_text(heading)})) using (data_row)"
            )
    owner = " union all ".join(owners) or (
        "select null::varchar as table_name, null::bigint as data_row, null::varchar as child"
    )
    connection.execute(
        f"create or replace temp table {FOUND} as with said as (select code, table_name, data_row, "
        "string_agg(heading || ': ' || coalesce(said, ''), ', ' order by ordinal) as affected "
        f"from {FAILED} join rule_field using (code, table_name) "
        "join cell using (table_name, data_row, heading) group by all) "
        f"select {FAILED}.*, owner.child, coalesce(said.affected, '') as affected from {FAILED} "
        f"left join ({owner}) as owner using (table_name, data_row) "
        "left join said using (code, table_name, data_row)"
    )
    connection.execute("drop table cell; drop table rule_field")
