"""Who may see which rows of a published mart: an LA its own and the region's, or everyone's.

Every report reads marts through `rows_for`, so that the rules of `region.yml` have one home: who
sees whom (`las_see_each_other`), and who sees exact figures (`exact_marts_inside`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

from pipeline.region import Region
from pipeline.settings import Settings
from pipeline.warehouse import database, sql_name, sql_text

# What to select from, in brackets, for the rows of a mart that the reader of an edition may see.
Rows = Callable[[str], str]

# Of two LAs each could take its own figures from the region's and have the other's.
LEAST_AUTHORITIES = 3
EXACT = "inside"  # what the file for inside is called beside the shareable one
# Marts of which an LA's rows are of its own children alone: exact, they tell it of no others. Rows
# that rest on others' too (what a provider charges, places in its area, an option's worth, rates of
# the region) stay as they are outside.
OF_OWN_CHILDREN = frozenset(
    {
        "sufficiency.children_looked_after",
        "sufficiency.placement_measures",
        "sufficiency.placement_stability",
        "sufficiency.distance_curve",
        "sufficiency.needs_profile",
        "sufficiency.recommended_vs_actual",
        "sufficiency.unmet_need",
        "cost.weekly_cost",
        "cost.cost_parts",
        "cost.spend",
        "cost.cost_drivers",
        "forecast.demand",
        "forecast.spend",
        "forecast.drivers",
    }
)


class EditionFault(RuntimeError):
    """A mart cannot be shown to an LA, for it does not say whose its rows are."""


def is_inside_exact(region: Region) -> bool:
    """Whether the region's own report is exact: its readers are all LAs of the region.

    They would have of the others what they may not see, by taking their own from the region's.
    """
    return region.exact_marts_inside and region.las_see_each_other


@contextmanager
def opened(
    settings: Settings, reader: str | None, for_outside: bool = False
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Rows]]:
    """The published file that an edition is made from, and the rows of marts that it may show.

    reader: code of an LA of the region, or None for the region, of which there is a report for
    inside and one for outside.
    """
    if reader is None and not for_outside and is_inside_exact(settings.region):
        with database(settings.warehouse) as connection:
            yield connection, rows_of(connection, settings.region, reader)
        return
    with database(settings.shareable) as connection:
        is_own_exact = reader is not None and settings.region.exact_marts_inside
        if is_own_exact:
            connection.execute(f"attach {sql_text(str(settings.warehouse))} as {EXACT} (read_only)")
        yield connection, rows_of(connection, settings.region, reader, is_own_exact)


def rows_for(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    region: Region,
    reader: str | None,
    is_own_exact: bool = False,
) -> str:
    """SQL for the rows of a mart that a reader may see; put it in brackets to select from it.

    mart: schema and table, such as `cost.weekly_cost`. reader: code of an LA of the region; None is
    the edition of the region, which all of them read. Rows of the region have no `la_code`, and say
    in `authorities` how many LAs are in them. is_own_exact: the reader's own rows come from the
    file for inside, where they are of its own children alone. Raises KeyError for an LA that is
    none of the region's, EditionFault for a mart without these columns.
    """
    schema, _, table = mart.partition(".")
    if reader is not None:
        region.authority(reader)
    everything = f"select * from {sql_name(schema)}.{sql_name(table)}"
    columns = {name for name, *_ in connection.execute(f"describe {everything}").fetchall()}
    own = None if reader is None else f"la_code = {sql_text(reader)}"
    if region.las_see_each_other:
        allowed = "true"
    elif "la_code" not in columns:
        raise EditionFault(f"{mart} has no la_code, so that nobody knows whose its rows are")
    else:
        of_region = f"(la_code is null and authorities >= {LEAST_AUTHORITIES})"
        seen = [own, of_region if "authorities" in columns else None]
        allowed = " or ".join(filter(None, seen)) or "false"
    if own is None or not is_own_exact or mart not in OF_OWN_CHILDREN:
        return f"{everything} where {allowed}"
    exact = f"select * from {EXACT}.{sql_name(schema)}.{sql_name(table)} where {own}"
    return f"{exact} union all by name ({everything} where ({allowed}) and ({own}) is not true)"


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    reader: str | None,
    is_own_exact: bool = False,
) -> Rows:
    """`rows_for` one reader, in brackets."""
    return lambda mart: f"({rows_for(connection, mart, region, reader, is_own_exact)})"
