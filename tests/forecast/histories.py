"""Histories of simulated regions, as the forecast finds them: spoilt at will, and forecast whole.

From a table of placements to the relations that the forecast reads, by the SQL of the models and
without dbt. What the pipeline does before is left out: placements are the Common Core's at once.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import duckdb
import pandas as pd

from pipeline.settings import DBT_PROJECT
from tests.forecast.placements import make_placements
from tests.forecast.simulator import TUNING_SEEDS, simulate
from tests.rendered import model

MODELS = (
    "int_care_night",
    "int_demand_shown",
    "int_forecast_rate_la",
    "int_forecast_month",
    "int_forecast_month_la",
    "int_entry_spread",
    "int_entry_day",
    "int_rates_shown",
)
SEEDS = ("forecast_age_band", "forecast_type")
GIVEN = (*SEEDS, "child", "episode", "placement", "fct_placement", "coverage", "finance",
         "submission", "local_authority", "stg_hub__forecast_setting")  # fmt: skip
LAST = dt.date(2026, 3, 31)
WEEKLY_GBP = {"foster": 700, "residential": 4900, "supported": 1400}


@dataclass(frozen=True)
class History:
    """What a region sent.

    placements: la_code, child_id, birth_date, start_date, end_date (NaT: open), placement_type
    (null: a code that no list knows), provider_sector. years: of each authority the collection
    years it sent, named by their end; of an authority without any nothing came. received: the day
    on which a year came, where it was not after its end. priced: authorities that sent prices.
    """

    placements: pd.DataFrame
    years: Mapping[str, tuple[int, ...]]
    received: Mapping[tuple[str, int], dt.date] = field(default_factory=dict)
    priced: tuple[str, ...] = ()
    as_of: dt.date | None = None

    def of(self, la: str) -> pd.DataFrame:
        return self.placements[self.placements.la_code == la]

    def sent(self, la: str, *years: int) -> "History":
        """The same, where an authority sent these years alone; of others nobody was told of."""
        return replace(self, years={**self.years, la: years})

    def with_placements(self, placements: pd.DataFrame) -> "History":
        return replace(self, placements=placements.reset_index(drop=True))


@functools.cache
def _simulated(
    seed: int, las: int, first: int, smallest: int, largest: int
) -> tuple[tuple[str, ...], pd.DataFrame]:
    made = simulate(seed, las, dt.date(first - 1, 4, 1), LAST, smallest, largest)
    rows = made.episodes
    rows["child_id"] = rows.la_code + "-" + rows.child_id
    return tuple(made.las.la_code), rows


def history(
    las: int = 4,
    first: int = 2022,
    seed: int = TUNING_SEEDS[0],
    smallest: int = 60,
    largest: int = 240,
) -> History:
    """A whole history: every year from the collection year `first` to March 2026, with prices."""
    codes, rows = _simulated(seed, las, first, smallest, largest)
    years = tuple(range(first, LAST.year + 1))
    return History(rows.copy(), dict.fromkeys(codes, years), priced=codes)


@functools.cache
def _models(past_origins: int) -> tuple[tuple[str, str], ...]:
    """Names and SQL of the models, in an order in which they can be made."""
    files = {path.stem: path for path in (DBT_PROJECT / "models/marts").rglob("*.sql")}
    found: dict[str, str] = {}

    def add(name: str) -> None:
        if name in found or name in GIVEN:
            return
        for needed in re.findall(r"ref\('(\w+)'\)", files[name].read_text(encoding="utf-8")):
            add(needed)
        path = str(files[name].relative_to(DBT_PROJECT / "models"))
        found[name] = model(path, settings={"forecast_past_origins": past_origins})

    for name in MODELS:
        add(name)
    return tuple(found.items())


def built(given: History, past_origins: int = 4) -> duckdb.DuckDBPyConnection:
    """The relations that the forecast reads, in the schemas in which dbt makes them."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("create schema common_core")
    connection.execute("create schema staging")
    connection.execute("use staging")
    for seed in SEEDS:
        path = DBT_PROJECT / "seeds" / f"{seed}.csv"
        connection.execute(f"create table {seed} as from read_csv('{path}')")
    connection.execute(
        "create table stg_hub__forecast_setting as select $as_of::date as as_of_date",
        {"as_of": given.as_of},
    )
    _make(
        connection, "local_authority", "la_code varchar, la_name varchar, is_in_region boolean, "
        "is_synthetic boolean",
        [(la, f"Authority {la}", True, True) for la in given.years],
    )  # fmt: skip
    connection.execute("create view common_core.local_authority as from staging.local_authority")
    _make(
        connection, "submission", "la_code varchar, dataset varchar, status varchar, "
        "table_name varchar, period_start_date date, period_end_date date, received_at timestamp",
        [
            (la, "ssda903", "accepted", "episodes", dt.date(year - 1, 4, 1), dt.date(year, 3, 31),
             given.received.get((la, year), dt.date(year, 7, 1)))
            for la, years in given.years.items() for year in years
        ],
    )  # fmt: skip
    _care(connection, given)
    for name, sql in _models(past_origins):
        connection.execute(f"create table {name} as {sql}")
    new_home_children(connection)
    return connection


def new_home_children(connection: duckdb.DuckDBPyConnection) -> None:
    """Who lives in a bought bed, as in the placements; every tenth foster child lacks another type.

    No returns were made up that would tell of searches.
    """
    connection.execute(
        """
        create table int_new_home_child as
        select
            care_months.la_code,
            care_months.child_id,
            care_months.forecast_type as lives_in,
            care_months.forecast_type in ('foster', 'residential', 'supported')
            and care_months.provider_sector = 'independent agency' as is_bought,
            case
                when care_months.forecast_type = 'foster' and hash(care_months.child_id) % 10 = 0
                    then 'residential'
            end as lacks_type,
            true as is_search_known,
            'several' as recommended_type,
            true as is_price_known
        from int_care_month as care_months
        inner join int_forecast_area as areas
            on care_months.la_code = areas.la_code
            and care_months.month_number = areas.region_last_month
        """
    )


def _care(connection: duckdb.DuckDBPyConnection, given: History) -> None:
    """Children, episodes, placements and prices of the Common Core."""
    sent = [la for la, years in given.years.items() if years]
    rows = given.placements[given.placements.la_code.isin(sent)]
    rows = rows.assign(placement_id=range(len(rows)))
    rows["placement_type"] = rows.placement_type.astype("string")
    rows["provider_sector"] = rows.provider_sector.astype("string")
    for name in ("birth_date", "start_date", "end_date"):
        rows[name] = pd.to_datetime(rows[name])
    connection.register("given", rows)
    connection.execute(
        "create table child as select child_id as id, "
        "date_trunc('month', max(birth_date))::date as birth_month from given group by child_id"
    )
    connection.execute(
        """
        create table episode as
        select
            placement_id::varchar as id,
            la_code,
            child_id,
            placement_id::varchar as placement_id,
            placement_type,
            null::varchar as repair_rule,
            null::integer as age_at_start,
            start_date::date as start_date,
            end_date::date as end_date,
            case
                when row_number() over (partition by child_id order by start_date) = 1
                    then 'S' else 'P'
            end as reason_episode_started_code,
            null::varchar as place_code,
            null::varchar as provider_urn,
            null::varchar as placement_district,
            null::varchar as placement_la_code,
            false as is_short_break
        from given
        """
    )
    connection.execute(
        "create table sector as "
        "select placement_id::varchar as placement_id, provider_sector from given"
    )
    prices = " ".join(f"when '{kind}' then {gbp}" for kind, gbp in WEEKLY_GBP.items())
    connection.execute(
        f"""
        create table finance as
        select
            placement_id::varchar as placement_id,
            start_date::date as valid_from,
            (case placement_type {prices} end)::decimal(12, 2) as agreed_weekly_cost,
            null::decimal(12, 2) as actual_weekly_cost
        from given
        where list_contains($priced, la_code)
        """,
        {"priced": list(given.priced)},
    )
    connection.unregister("given")
    make_placements(connection)


def _make(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[tuple]
) -> None:
    connection.execute(f"create table {name} ({columns})")
    if rows := list(rows):
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into {name} values ({marks})", rows)
