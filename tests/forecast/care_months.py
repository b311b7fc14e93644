"""From SSDA903 files to the tables that the forecast reads, by the SQL of the models.

What the pipeline does before (checks, pseudonyms, the share with the hub) is left out: files become
the tables that dbt's staging models give, and the models that follow are run as they stand, without
dbt. Their repair of episodes that contradict each other is slow and only for data that need it.
"""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipeline.settings import DBT_PROJECT
from tests.forecast.placements import make_placements
from tests.forecast.returns import COLUMNS
from tests.rendered import model

MODELS = ("int_care_month", "int_care_transition", "int_care_entry", "int_entry_day")
SEEDS = ("forecast_age_band", "forecast_type", "placement_type_map")
SECTORS = {"PR1": "own provision", "PR4": "independent agency"}


def build(
    folder: Path,
    last: dt.date,
    is_repaired: bool = False,
    models: tuple[str, ...] = MODELS,
    settings: Mapping[str, object] | None = None,
) -> duckdb.DuckDBPyConnection:
    """A connection whose schema `staging` has the tables, of all files below the folder.

    They are `YEAR-header.csv` and `YEAR-episodes.csv` of the year that ends in March of YEAR, sent
    on `last`; the name of a child begins with the code of its authority and a hyphen. Where the
    files contradict each other, `is_repaired` mends them as the pipeline does. `settings` stand in
    for variables of dbt_project.yml.
    """
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("create schema staging")
    connection.execute("use staging")
    read_files(connection, folder, last)
    if is_repaired:
        run_models(connection, ("int_episode_run",))
    conform(connection, "int_episode_run" if is_repaired else "latest")
    run_models(connection, models, settings)
    return connection


def read_files(connection: duckdb.DuckDBPyConnection, folder: Path, last: dt.date) -> None:
    """What dbt's staging models give, and the seeds."""
    for name in SEEDS:
        path = DBT_PROJECT / "seeds" / f"{name}.csv"
        connection.execute(f"create table {name} as from read_csv('{path}')")
    connection.execute(
        f"""
        create table reported_episodes as
        select
            split_part("CHILD", '-', 1) as la_code,
            parse_filename(filename)[1:4] as period,
            parse_filename(filename) as submission_id,
            "CHILD" as child_id,
            "CHILD" || '-' || "DECOM" as record_id,
            "RNE" as reason_episode_started_code,
            "LS" as legal_status_code,
            "PLACE" as place_code,
            "PLACE_PROVIDER" as place_provider_code,
            "REC" as reason_episode_ceased_code,
            "DECOM" as start_date,
            "DEC" as end_date
        from {_files("episodes")}
        """,
        [str(folder / "**" / "*-episodes.csv")],
    )
    connection.execute(
        f"""
        create table child as
        select
            "CHILD" as id,
            date_trunc('month', max("DOB"))::date as birth_month,
            (max("DOB") + interval 18 year)::date as turned_18_date
        from {_files("header")}
        group by "CHILD"
        """,
        [str(folder / "**" / "*-header.csv")],
    )
    connection.execute(
        """
        create table stg_ssda903__episodes as
        select
            reported_episodes.*,
            -- As where identities are: only of a row that goes on past the 18th birthday.
            case
                when turned_18_date < end_date or (end_date is null and turned_18_date <= ?)
                    then turned_18_date
            end as turned_18_date,
            null::varchar as category_of_need_code,
            null::varchar as reason_place_change_code,
            null::varchar as home_district,
            null::varchar as placement_district,
            null::varchar as urn,
            null::varchar as provider_urn,
            null::varchar as placement_la_code,
            null::integer as age_at_start,
            null::double as distance_miles,
            null::boolean as is_out_of_authority
        from reported_episodes
        left join child on reported_episodes.child_id = child.id
        """,
        [last],
    )
    connection.execute(
        """
        create table stg_hub__submission as
        select distinct
            la_code,
            submission_id,
            'ssda903' as dataset,
            'episodes' as table_name,
            'accepted' as status,
            period,
            make_date(period::integer - 1, 4, 1) as period_start_date,
            make_date(period::integer, 3, 31) as period_end_date,
            ?::timestamp as received_at
        from stg_ssda903__episodes
        """,
        [last],
    )
    connection.execute("create view submission as from stg_hub__submission")
    connection.execute(
        "create table local_authority as "
        "select distinct la_code, true as is_in_region from stg_hub__submission"
    )
    connection.execute("create table stg_hub__forecast_setting as select null::date as as_of_date")
    # Of an episode that several years report, what the last one says holds.
    connection.execute(
        """
        create view latest as
        select
            * exclude (period),
            record_id as episode_id,
            record_id as ssda903_placement_id,
            null::varchar as repair_rule
        from stg_ssda903__episodes
        inner join (
            select record_id, max(period) as period from stg_ssda903__episodes group by record_id
        ) using (record_id, period)
        """
    )


def _files(table: str) -> str:
    """What reads the files of a table, whose place is the first parameter of the query."""
    dates = ("DECOM", "DEC", "DOB")
    columns = ", ".join(f"'{c}': '{'date' if c in dates else 'varchar'}'" for c in COLUMNS[table])
    return (
        "read_csv(?, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"dateformat = '%d/%m/%Y', filename = true, columns = {{{columns}}})"
    )


def conform(connection: duckdb.DuckDBPyConnection, episodes: str) -> None:
    """The Common Core's episodes and placements, as far as the forecast asks for them."""
    connection.execute(
        f"""
        create table episode as
        select
            episodes.*,
            episode_id as id,
            ssda903_placement_id as placement_id,
            placement_type_map.common_core_value as placement_type,
            coalesce(legal_status_code in ('V3', 'V4'), false) as is_short_break
        from {episodes} as episodes
        left join placement_type_map
            on episodes.place_code = placement_type_map.source_code
            and placement_type_map.source = 'ssda903'
        """
    )
    sectors = " ".join(f"when '{code}' then '{name}'" for code, name in SECTORS.items())
    connection.execute(
        "create table sector as select placement_id, "
        f"max(case place_provider_code {sectors} end) as provider_sector "
        "from episode group by placement_id"
    )
    make_placements(connection)


def run_models(
    connection: duckdb.DuckDBPyConnection,
    names: tuple[str, ...] = MODELS,
    settings: Mapping[str, object] | None = None,
) -> None:
    """Make a table of each model, by its name, and first of those that it selects from.

    `settings` stand in for variables of dbt_project.yml.
    """
    files = {path.stem: path for path in (DBT_PROJECT / "models").rglob("*.sql")}
    made = {name for (name,) in connection.execute("show tables").fetchall()}

    def make(name: str) -> None:
        if name in made:
            return
        made.add(name)
        for needed in re.findall(r"ref\('(\w+)'\)", files[name].read_text(encoding="utf-8")):
            make(needed)
        sql = model(str(files[name].relative_to(DBT_PROJECT / "models")), settings=settings)
        connection.execute(f"create table {name} as {sql}")

    for name in names:
        make(name)
