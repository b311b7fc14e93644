"""What the failing rows of DfE's rules say: whose they are, and what their fields hold."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import duckdb

from pipeline.standards.load import Table
from pipeline.standards.ssda903.rule import Rule
from pipeline.standards.ssda903.run import FAILED
from pipeline.standards.ssda903.tables import DERIVED, LAST, ssda903_tables, view_name
from pipeline.warehouse import sql_name, sql_text

FOUND = "rule_found"  # FAILED and child; affected: `DECOM: 01/04/2025, DEC: `; hints, the same way
HINTS = ("DECOM", "MIS_START", "REVIEW")  # by which an officer finds a row


def keep_found(connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> None:
    """Create FOUND from FAILED, a row each, in no particular order.

    One query for each table: it looks at the fields that a rule names of the rows that fail it.
    """
    connection.execute(
        f"create or replace table {FOUND} (code varchar, table_name varchar, "
        "data_row bigint, child varchar, affected varchar, hints varchar)"
    )
    fields = {rule.code: rule.fields for rule in rules}
    failed = connection.execute(f"select distinct table_name, code from {FAILED}").fetchall()
    codes_of: dict[str, list[str]] = {}
    for table_name, code in sorted(failed):
        codes_of.setdefault(table_name, []).append(code)

    def keep(table_name: str) -> None:
        sent = _sent(ssda903_tables()[table_name.removesuffix(LAST)])
        said = "".join(f", {sql} as {sql_name(name)}" for name, sql in sent.items())
        affected = " ".join(
            f"when {sql_text(code)} then {_listed(sent, fields[code])}"
            for code in codes_of[table_name]
        )
        with connection.cursor() as session:
            session.execute(
                f"insert into {FOUND} select code, table_name, data_row, child, "
                f"case code {affected} end, {_listed(sent, HINTS)} from (select code, "
                f"table_name, data_row, child{said} from {FAILED} "
                f"left join {view_name(table_name)} using (data_row) "
                f"where table_name = {sql_text(table_name)})"
            )

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(keep, codes_of))


def _sent(table: Table) -> dict[str, str]:
    """What was sent in each column but the child's, as SQL by DfE's name of the column.

    A date of a workbook is no text: it is told as the return writes dates. What is worked out has a
    name too, such as PL_LA.
    """
    sent = {}
    for field in table.fields:
        if field.name == table.child:
            continue
        name = sql_name(field.name)
        if field.type == "date":
            text = sql_name(field.name + "__text")
            is_moment = f"regexp_matches({text}, '^\\d{{4}}-') and {name} is not null"
            sent[field.header] = f"if({is_moment}, strftime({name}, '%d/%m/%Y'), {text})"
        else:
            sent[field.header] = name
    return sent | {n.upper(): f"{sql_name(n)}::varchar" for n in DERIVED.get(table.name, {})}


def _listed(sent: dict[str, str], names: Iterable[str]) -> str:
    """SQL for `DECOM: 01/04/2025, DEC: ` of the named columns that the table has."""
    parts = [f"'{n}: ' || coalesce({sql_name(n)}, '')" for n in names if n in sent]
    return f"concat_ws(', ', {', '.join(parts)})" if parts else "''"
