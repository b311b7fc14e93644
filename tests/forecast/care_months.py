"""From SSDA903 files of simulated children to the tables that the forecast reads.

What the pipeline does before (checks, pseudonyms, the Common Core) is left out: files become the
few tables that the models of the forecast name, and these are run as they stand, without dbt.
"""

import datetime as dt
from pathlib import Path

import duckdb

from pipeline.settings import DBT_PROJECT
from tests.forecast.returns import PLACE, SECTOR
from tests.rendered import model

MODELS = (  # in this order
    "int_care_episode",
    "int_covered_month",
    "int_care_span",
    "int_care_month",
    "int_care_transition",
    "int_care_entry",
    "int_entry_day",
    "int_forecast_area",
)
SEEDS = ("forecast_age_band", "forecast_type")


def build(folder: Path, last: dt.date) -> duckdb.DuckDBPyConnection:
    """A connection whose schema `staging` has the tables, of all files below the folder.

    They are `YEAR-header.csv` and `YEAR-episodes.csv`, sent on `last`; the name of a child begins
    with the code of its authority and a hyphen.
    """
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("create schema staging")
    connection.execute("use staging")
    read_files(connection, folder, last)
    run_models(connection)
    return connection


def read_files(connection: duckdb.DuckDBPyConnection, folder: Path, last: dt.date) -> None:
    """The tables that the models start from."""
    codes = {code: kind for kind, pair in PLACE.items() for code in pair}
    connection.execute("create table place (place_code text, placement_type text)")
    connection.executemany("insert into place values (?, ?)", list(codes.items()))
    sectors = " ".join(f"when '{code}' then '{name}'" for name, code in SECTOR.items())
    connection.execute(
        f"""
        create table sent as
        select
            split_part("CHILD", '-', 1) as la_code,
            "CHILD" as child_id,
            md5("CHILD" || "DECOM") as id,
            strptime("DECOM", '%d/%m/%Y')::date as start_date,
            strptime(nullif("DEC", ''), '%d/%m/%Y')::date as end_date,
            "RNE" as reason_episode_started_code,
            "PLACE" as place_code,
            case "PLACE_PROVIDER" {sectors} end as provider_sector,
            regexp_extract(filename, '([0-9]{{4}})-episodes', 1)::integer as year
        from read_csv(?, all_varchar = true, filename = true)
        """,
        [str(folder / "**" / "*-episodes.csv")],
    )
    # Of an episode that several years tell, what the last one says holds.
    connection.execute(
        """
        create table episode as
        select
            sent.* exclude (year, provider_sector),
            id as placement_id,
            place.placement_type,
            false as is_short_break,
            null::varchar as provider_urn,
            null::varchar as placement_district,
            null::varchar as placement_la_code,
            null::integer as age_at_start,
            null::varchar as repair_rule
        from sent
        left join place using (place_code)
        qualify row_number() over (partition by sent.id order by year desc) = 1
        """
    )
    connection.execute(
        "create table placement as select id, max(provider_sector) as provider_sector "
        "from sent group by id"
    )
    connection.execute(
        """
        create table child as
        select
            "CHILD" as id,
            date_trunc('month', strptime(max("DOB"), '%d/%m/%Y'))::date as birth_month
        from read_csv(?, all_varchar = true)
        group by all
        """,
        [str(folder / "**" / "*-header.csv")],
    )
    connection.execute(
        """
        create table submission as
        select distinct
            la_code,
            'episodes' as table_name,
            'accepted' as status,
            make_date(year - 1, 4, 1) as period_start_date,
            make_date(year, 3, 31) as period_end_date,
            ?::timestamp as received_at
        from sent
        """,
        [last],
    )
    connection.execute(
        "create table local_authority as select distinct la_code, true as is_in_region from sent"
    )
    connection.execute("create table stg_hub__forecast_setting as select null::date as as_of_date")
    for name in SEEDS:
        path = DBT_PROJECT / "seeds" / f"{name}.csv"
        connection.execute(f"create table {name} as from read_csv('{path}')")


def run_models(connection: duckdb.DuckDBPyConnection, names: tuple[str, ...] = MODELS) -> None:
    folder = DBT_PROJECT / "models"
    for name in names:
        path = next(folder.rglob(f"{name}.sql"))
        connection.execute(f"create table {name} as {model(str(path.relative_to(folder)))}")
