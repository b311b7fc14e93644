"""Fill what DfE's rules read from the rows that were sent, and work out what DfE works out."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import duckdb

from pipeline.reference import Postcodes, miles_sql, number_sql
from pipeline.settings import DBT_PROJECT
from pipeline.standards.load import Field, Table
from pipeline.standards.ssda903.tables import LAST, columns, fill, ssda903_tables
from pipeline.warehouse import file_text, from_parquet, sql_name, sql_text

CAME_FROM = "came_from"  # table_name, data_row: submission_id, file, sheet, row_number

# In a workbook or JSON a date is a date; in a text file it must be written as the return asks.
_TEXT_FILE = r"\.(csv|tsv|txt|dat|xml)$"

# What DfE calls a place outside England.
_COUNTRIES = {"S": "SCO", "N": "NIR", "W": "WAL"}


def _seen(field: Field) -> list[str]:
    """A field as the rules see it, as SQL over conformed rows."""
    name, text = sql_name(field.name), sql_name(field.name + "__text")
    if field.type == "date":
        date = f"case when is_text_file then ssda903_date({text}) else {name} end"
        return [f"{date} as {name}", f"upper({text}) as {text}"]
    if field.type == "id":
        return [f"coalesce({name}, upper({text})) as {name}"]
    # Excel writes the code 1 as 1.0.
    code = f"regexp_replace(upper({text}), '^(-?\\d+)\\.0+$', '\\1')"
    return [f"if(contains({text}, '.'), {code}, upper({text})) as {name}"]


def cleaned_sql(table: Table, relation: str, files: Iterable[str], is_plain: bool) -> str:
    """Raw rows with what `feed` reads of them, and no more, as SQL.

    It gives what `conformed_sql` does, in less time: only dates of `files` that are not text are
    read, and a relation that is plain needs no cleaning.
    """
    is_text = all(re.search(_TEXT_FILE, f.lower()) for f in files)
    texts, values = [], []
    for field in table.fields:
        name, text = sql_name(field.name), sql_name(field.name + "__text")
        said = name if is_plain else f"clean_text({name})"
        texts.append(f"{f'read_text({said})' if field.type == 'text' else said} as {text}")
        if field.type == "date":
            values.append(f"{'null::date' if is_text else f'read_date({text})'} as {name}")
        elif field.type == "id":
            values.append(f"normal_id({text}) as {name}")
    return (
        f"(with cleaned as (select submission_id, file, sheet, row_number, {', '.join(texts)} "
        f"from {relation}) select *, {', '.join(values)} from cleaned)"
    )


def open_sources(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table that tells where a row came from, empty."""
    connection.execute(
        f"create or replace table {CAME_FROM} (table_name varchar, data_row bigint, "
        "submission_id varchar, file varchar, sheet varchar, row_number bigint)"
    )


def feed(
    connection: duckdb.DuckDBPyConnection,
    table_name: str,
    relation: str,
    with_sources: bool = True,
    is_in_order: bool = False,
) -> None:
    """Fill DfE's table, such as Episodes or Episodes_last, from conformed rows.

    `relation` is what `pipeline.intake.clean.conformed_sql` gives. Rows are numbered from 0 in the
    order of file, sheet and row, in which they may stand already; where each came from stands in
    CAME_FROM, if that is wanted.
    """
    table = ssda903_tables()[table_name.removesuffix(LAST)]
    seen = ", ".join(part for field in table.fields for part in _seen(field))
    order = "" if is_in_order else "order by file, sheet nulls first, row_number"
    numbered = f"row_number() over ({order}) - 1 as data_row"
    there = {f.name for f in table.fields} | {f.name + "__text" for f in table.fields}
    fill(
        connection,
        table_name,
        there & columns(table).keys(),
        f"(select {numbered}, {seen} from "
        f"(select *, regexp_matches(lower(file), '{_TEXT_FILE}') as is_text_file from {relation}))",
    )
    if with_sources:
        connection.execute(
            f"insert into {CAME_FROM} select {sql_text(table_name)}, {numbered}, submission_id, "
            f"file, sheet, row_number from {relation}"
        )


def derive(connection: duckdb.DuckDBPyConnection, postcodes: Postcodes | None) -> None:
    """Work out, once all tables are filled, what is not sent: see DERIVED in `tables`.

    Whether a child is unaccompanied, which only XML says by itself; where a placement lies, whether
    that is outside the authority, and how far from home: a straight line on the national grid, in
    miles to one decimal, by the formula of DfE's guide. The last three need postcodes.
    """
    delivered = {
        n for (n,) in connection.execute("select distinct table_name from delivered").fetchall()
    }
    for suffix in ("", LAST):
        if {"Header" + suffix, "UASC" + suffix} <= delivered:
            connection.execute(
                f"update header{suffix} set uasc = case when child in "
                f"(select child from uasc{suffix} where child is not null) then '1' else '0' end "
                "where (select file_format from metadata) <> 'xml'"
            )
    if postcodes is None:
        return
    _fill_authorities(connection)
    fill_postcodes(connection, postcodes)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(partial(_place, connection), ("episodes", "episodes" + LAST)))
    connection.execute("insert into delivered values ('postcode')")


def _fill_authorities(connection: duckdb.DuckDBPyConnection) -> None:
    file = DBT_PROJECT / "seeds" / "english_authority.csv"
    connection.execute(
        "insert into local_authority select la_code, la_name, region_name "
        f"from read_csv({file_text(file)}, header = true, all_varchar = true)"
    )


def fill_postcodes(connection: duckdb.DuckDBPyConnection, postcodes: Postcodes) -> None:
    """The postcodes that the return and Ofsted's lists name, and no others."""
    named = " union ".join(
        f"select {column} as sent from {table}"
        for table, column in (
            ("episodes", "home_post"),
            ("episodes", "pl_post"),
            ("episodes_last", "home_post"),
            ("episodes_last", "pl_post"),
            ("provider", "postcode"),
        )
    )
    connection.execute(
        "insert into postcode select sent, easting, northing, la_code "
        f"from {from_parquet([postcodes.postcodes])} join (select distinct "
        f"replace(upper(sent), ' ', '') as sent, {number_sql('sent')} as number from ({named})) "
        "using (number)"
    )
    connection.execute(
        "update provider set la_code = postcode.la_code from postcode "
        "where provider.postcode = postcode.postcode and provider.la_code is null"
    )


def _place(connection: duckdb.DuckDBPyConnection, episodes: str) -> None:
    """Fill pl_la, pl_location, pl_distance. A postcode has one place: no row is multiplied."""
    countries = " ".join(f"when '{letter}' then '{code}'" for letter, code in _COUNTRIES.items())
    with connection.cursor() as session:
        session.execute(
            f"create or replace table {episodes} as select e.* replace ("
            f"case left(placed.la_code, 1) {countries} else placed.la_code end as pl_la, "
            "case when placed.la_code = metadata.la_code then 'IN' "
            "when placed.la_code is not null and metadata.la_code is not null then 'OUT' "
            "end as pl_location, "
            f"{miles_sql('home', 'placed')} as pl_distance) "
            f"from {episodes} e cross join metadata "
            "left join postcode home on replace(e.home_post, ' ', '') = home.postcode "
            "left join postcode placed on replace(e.pl_post, ' ', '') = placed.postcode"
        )
