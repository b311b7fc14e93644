"""Who may see which rows of a published mart: an LA its own and the region's, or everyone's.

Every report reads marts through `rows_for`, so that the rule of `region.yml` has one home.
"""

from collections.abc import Callable

import duckdb

from pipeline.region import Region
from pipeline.warehouse import sql_name, sql_text

# What to select from, in brackets, for the rows of a mart that the reader of an edition may see.
Rows = Callable[[str], str]

# Of two LAs each could take its own figures from the region's and have the other's.
LEAST_AUTHORITIES = 3


class EditionFault(RuntimeError):
    """A mart cannot be shown to an LA, for it does not say whose its rows are."""


def rows_for(
    connection: duckdb.DuckDBPyConnection, mart: str, region: Region, reader: str | None
) -> str:
    """SQL for the rows of a mart that a reader may see; put it in brackets to select from it.

    mart: schema and table, such as `cost.weekly_cost`. reader: code of an LA of the region; None is
    the edition of the region, which all of them read. Rows of the region have no `la_code`, and say
    in `authorities` how many LAs are in them. Raises KeyError for an LA that is none of the
    region's, EditionFault for a mart without these columns.
    """
    schema, _, table = mart.partition(".")
    if reader is not None:
        region.authority(reader)
    everything = f"select * from {sql_name(schema)}.{sql_name(table)}"
    columns = {name for name, *_ in connection.execute(f"describe {everything}").fetchall()}
    if region.las_see_each_other:
        return everything
    if "la_code" not in columns:
        raise EditionFault(f"{mart} has no la_code, so that nobody knows whose its rows are")
    allowed = [] if reader is None else [f"la_code = {sql_text(reader)}"]
    if "authorities" in columns:
        allowed.append(f"(la_code is null and authorities >= {LEAST_AUTHORITIES})")
    return f"{everything} where {' or '.join(allowed) or 'false'}"


def rows_of(connection: duckdb.DuckDBPyConnection, region: Region, reader: str | None) -> Rows:
    """`rows_for` one reader, in brackets."""
    return lambda mart: f"({rows_for(connection, mart, region, reader)})"
