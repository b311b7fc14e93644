"""Made-up histories of care, and the forecast's models over them without dbt.

The histories have what real ones have: moves, absences, codes that are missing, children who leave
and come back within a month, overlapping episodes, years without a file.
"""

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import pandas as pd

from pipeline.settings import DBT_PROJECT
from tests.forecast.placements import make_placements
from tests.rendered import model

MODELS = (
    "foundation/int_care_episode",
    "forecast/int_covered_month",
    "forecast/int_care_span",
    "forecast/int_care_month",
    "forecast/int_care_transition",
    "forecast/int_care_entry",
    "forecast/int_entry_day",
    "foundation/int_placement_home",
    "foundation/int_price_span",
    "foundation/int_price_start",
    "foundation/int_price_trait",
    "foundation/int_price_index",
    "foundation/int_price_levelled",
    "foundation/int_price_level",
    "foundation/int_price_provider",
    "foundation/placement_price",
    "foundation/int_placement_night",
    "foundation/int_night_coverage",
    "foundation/fct_placement_month",
    "forecast/int_care_night",
    "forecast/int_forecast_area",
    "forecast/int_demand_shown",
    "forecast/int_forecast_origin",
    "forecast/int_forecast_step",
    "forecast/int_forecast_rate",
    "forecast/int_forecast_rate_la",
    "forecast/int_forecast_month",
    "forecast/int_forecast_month_la",
    "forecast/int_forecast_entry",
    "forecast/int_entry_spread",
)
DAY = dt.timedelta(days=1)
# B sent nothing for 2024; C began to send in 2025 and sent 2026 on 10 December.
YEARS = {"A": (2023, 2024, 2025, 2026), "B": (2023, 2025, 2026), "C": (2025, 2026)}
RECEIVED = {("C", 2026): dt.date(2025, 12, 10)}
# Of an episode, in days. In B children stay longer.
LENGTHS = {
    "A": (0, 1, 5, 20, 45, 200, 700),
    "B": (0, 1, 200, 400, 700, 1100),
    "C": (0, 1, 5, 20, 45, 200, 700),
}
TYPE_OF = {
    "U4": "foster", "K2": "residential", "H5": "supported", "A3": "adoption", "P1": "parents",
    "T4": "other",
}  # fmt: skip
SHOWN_AS = {"adoption": "other", "parents": "other"}
DEARER_AFTER = 10  # nights; residential homes alone have a price, £100 a night and then £200
BANDS = ((1, "under 1"), (5, "1 to 4"), (10, "5 to 9"), (16, "10 to 15"), (18, "16 and over"))


@dataclass
class Episode:
    """An episode of a child; `care` is the number of its period of care."""

    start: dt.date
    end: dt.date | None
    started: str  # RNE
    place: str | None  # PLACE
    care: int


@dataclass
class Child:
    """A child with its episodes in order of their start."""

    id: str
    la: str
    born: dt.date | None  # first of its month
    episodes: list[Episode] = field(default_factory=list)


def made_up(seed: int, children: int = 150) -> list[Child]:
    """Children of three authorities, from 2020 on."""
    chance = random.Random(seed)
    made = []
    for number in range(children):
        day = dt.date(2021, 1, 1) + chance.randrange(1900) * DAY
        born = (day - chance.randrange(-20, 6500) * DAY).replace(day=1)
        child = Child(f"c{number}", chance.choice("ABC"), born if chance.random() > 0.05 else None)
        for care in range(chance.choice((1, 1, 2, 3))):
            started = "S"
            for _ in range(chance.choice((1, 2, 3, 5))):
                end = day + chance.choice(LENGTHS[child.la]) * DAY
                place = chance.choice((*TYPE_OF, "T4", None))
                child.episodes.append(Episode(day, end, started, place, care))
                # Now and then the next begins before this one ends, or a day after.
                day = end + chance.choice((0, 0, 0, 0, 1, -3)) * DAY
                started = "P"
                day = max(day, child.episodes[-1].start + DAY)
            day += chance.choice((0, 10, 300)) * DAY
        if chance.random() < 0.5:
            child.episodes[-1].end = None
        child.episodes = [e for e in child.episodes if e.start < dt.date(2026, 4, 1)]
        made.append(child)
    return [c for c in made if c.episodes]


def month_ends(la: str, as_of: dt.date) -> list[dt.date]:
    """The ends of the months that the authority's files speak for."""
    found = []
    for year in YEARS[la]:
        last = min(RECEIVED.get((la, year), dt.date(year, 3, 31)), as_of)
        days = (dt.date(year - 1, 4, 1) + n * DAY for n in range(366))
        found += [d for d in days if (d + DAY).day == 1 and d <= last and d <= dt.date(year, 3, 31)]
    return found


def home_of(child: Child, episode: Episode, as_of: dt.date) -> str:
    """The type by which an episode is reckoned."""
    return TYPE_OF.get(home_of_episode(child, episode, as_of).place, "other")


def home_of_episode(child: Child, episode: Episode, as_of: dt.date) -> Episode:
    """The episode of the home that one is reckoned to: of an absence, the home before it."""
    same_care = [e for e in child.episodes if e.care == episode.care and e.start <= as_of]
    if episode.place == "T4":
        homes = [e for e in same_care if e.place != "T4"]
        before = [e for e in homes if e.start < episode.start]
        episode = (before[-1:] or homes[:1] or [episode])[0]
    return episode


def on_day(child: Child, day: dt.date, as_of: dt.date) -> Episode | None:
    """The episode that holds the night after a day, as known on another day."""
    found = None
    for episode in child.episodes:
        is_over = episode.end is not None and episode.end <= min(day, as_of)
        if episode.start <= min(day, as_of) and not is_over:
            found = episode
    return found


def months_between(first: dt.date, second: dt.date) -> int:
    return 12 * (second.year - first.year) + second.month - first.month


@dataclass(frozen=True)
class Seen:
    """A child at a month's end."""

    la: str
    month: int
    child: str
    care: int
    age_months: int
    band: str
    kind: str


def plain_count(children: Iterable[Child], as_of: dt.date) -> list[Seen]:
    """Every child in care at every covered month's end."""
    seen = []
    for child in children:
        for day in month_ends(child.la, as_of):
            episode = on_day(child, day, as_of)
            if episode is None or child.born is None:
                continue
            age = max(0, months_between(child.born, day))
            if age >= 216:
                continue
            band = next(name for end, name in BANDS if age < 12 * end)
            month = 12 * day.year + day.month
            kind = home_of(child, episode, as_of)
            seen.append(Seen(child.la, month, child.id, episode.care, age, band, kind))
    return seen


def built(children: list[Child], as_of: dt.date | None) -> duckdb.DuckDBPyConnection:
    """The models over these children."""
    connection = duckdb.connect()
    for seed in ("forecast_type", "forecast_age_band"):
        connection.execute(f"create table {seed} as from '{DBT_PROJECT / 'seeds' / seed}.csv'")
    connection.execute(
        "create table stg_hub__forecast_setting as select ?::date as as_of_date", [as_of]
    )
    connection.execute(
        "create table local_authority as select unnest(['A', 'B', 'C', 'D']) as la_code, "
        "la_code as la_name, true as is_in_region, true as is_synthetic"
    )
    frames = {
        "submission": [
            {
                "la_code": la,
                "dataset": "ssda903",
                "status": "accepted",
                "table_name": "episodes",
                "period_start_date": dt.date(year - 1, 4, 1),
                "period_end_date": dt.date(year, 3, 31),
                "received_at": dt.datetime.combine(
                    RECEIVED.get((la, year), dt.date(2026, 7, 1)), dt.time(9)
                ),
            }
            for la, years in YEARS.items()
            for year in years
        ],
        "child": [{"id": c.id, "la_code": c.la, "birth_month": c.born} for c in children],
        "episode": [
            {
                "id": f"{c.id}-{n}",
                "la_code": c.la,
                "child_id": c.id,
                "placement_id": f"{c.id}-{n}",
                "placement_type": TYPE_OF.get(e.place),
                "repair_rule": None,
                "age_at_start": 0,
                "start_date": e.start,
                "end_date": e.end,
                "reason_episode_started_code": e.started,
                "place_code": e.place,
                "provider_urn": None,
                "placement_district": None,
                "placement_la_code": None,
                "is_short_break": False,
            }
            for c in children
            for n, e in enumerate(c.episodes)
        ],
    }  # fmt: skip
    days = {"period_start_date", "period_end_date", "birth_month", "start_date", "end_date"}
    for name, rows in frames.items():
        connection.register("rows", pd.DataFrame(rows))
        dated = ", ".join(f"{c}::date as {c}" for c in rows[0] if c in days)
        connection.execute(f"create table {name} as select * replace ({dated}) from rows")
        connection.unregister("rows")
    connection.execute(
        "create table sector as select id as placement_id, 'own provision' as provider_sector "
        "from episode"
    )
    connection.execute(
        "create table finance as select id as placement_id, start_date as valid_from, "
        "700.00::decimal(12, 2) as agreed_weekly_cost, null::decimal(12, 2) as actual_weekly_cost "
        "from episode where place_code = 'K2' "
        f"union all select id, start_date + {DEARER_AFTER}, 1400.00, null from episode "
        "where place_code = 'K2'"
    )
    make_placements(connection)
    for name in MODELS:
        connection.execute(f"create table {name.split('/')[1]} as {model(f'marts/{name}.sql')}")
    return connection
