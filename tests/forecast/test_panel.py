"""The forecast's panel equals a plain count over made-up histories of care, day by day.

The histories have what real ones have: moves, absences, codes that are missing, children who leave
and come back within a month, overlapping episodes, years without a file. The count asks each child
at each month's end; it shares no line with the SQL.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import pandas as pd
import pytest

from pipeline.settings import DBT_PROJECT
from tests.rendered import model

MODELS = (
    "foundation/int_care_episode",
    "forecast/int_covered_month",
    "forecast/int_care_span",
    "forecast/int_care_month",
    "forecast/int_care_transition",
    "forecast/int_care_entry",
    "forecast/int_entry_day",
    "forecast/int_care_night",
    "forecast/int_forecast_area",
    "forecast/int_demand_shown",
)
DAY = dt.timedelta(days=1)
# B sent nothing for 2024; C began to send in 2025 and sent 2026 on 10 December.
YEARS = {"A": (2023, 2024, 2025, 2026), "B": (2023, 2025, 2026), "C": (2025, 2026)}
RECEIVED = {("C", 2026): dt.date(2025, 12, 10)}
TYPE_OF = {"U4": "foster", "K2": "residential", "H5": "supported", "A3": "adoption", "T4": "other"}
FORECAST_AS = {"adoption": "other", None: "other"}
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
                end = day + chance.choice((0, 1, 5, 20, 45, 200, 700)) * DAY
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
    """The type that an episode is forecast as: of an absence, that of the home before it."""
    same_care = [e for e in child.episodes if e.care == episode.care and e.start <= as_of]
    if episode.place == "T4":
        homes = [e for e in same_care if e.place != "T4"]
        before = [e for e in homes if e.start < episode.start]
        episode = (before[-1:] or homes[:1] or [episode])[0]
    kind = TYPE_OF.get(episode.place)
    return FORECAST_AS.get(kind, kind)


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
        "create table placement as select id, 'own provision' as provider_sector from episode"
    )
    connection.execute(
        "create table finance as select id as placement_id, start_date as valid_from, "
        f"start_date + {DEARER_AFTER - 1} as valid_to, "
        "700.00::decimal(12, 2) as agreed_weekly_cost from episode where place_code = 'K2' "
        f"union all select id, start_date + {DEARER_AFTER}, null, 1400.00 from episode "
        "where place_code = 'K2'"
    )
    for name in MODELS:
        connection.execute(f"create table {name.split('/')[1]} as {model(f'marts/{name}.sql')}")
    return connection


@pytest.fixture(scope="module")
def children() -> list[Child]:
    return made_up(1)


AS_OF = (dt.date.max, dt.date(2025, 3, 31), dt.date(2025, 6, 12))  # the first: all that is known


@pytest.fixture(scope="module", params=AS_OF, ids=str)
def as_of(request: pytest.FixtureRequest) -> dt.date:
    return request.param


@pytest.fixture(scope="module")
def panel(children: list[Child], as_of: dt.date) -> duckdb.DuckDBPyConnection:
    return built(children, None if as_of == dt.date.max else as_of)


def test_the_stock_is_a_plain_count(
    children: list[Child], as_of: dt.date, panel: duckdb.DuckDBPyConnection
):
    seen = plain_count(children, as_of)
    found = panel.execute(
        "select la_code, month_number, child_id, age_months, age_band, forecast_type "
        "from int_care_month"
    ).fetchall()
    plain = [(s.la, s.month, s.child, s.age_months, s.band, s.kind) for s in seen]
    assert sorted(found) == sorted(plain)
    assert len(found) > 1000


def test_steps_and_entries_are_a_plain_count(
    children: list[Child], as_of: dt.date, panel: duckdb.DuckDBPyConnection
):
    seen = plain_count(children, as_of)
    at = {(s.la, s.month, s.child, s.care): s for s in seen}
    covered = {(la, 12 * day.year + day.month) for la in YEARS for day in month_ends(la, as_of)}
    steps: Counter = Counter()
    entries: Counter = Counter()
    for (la, month, child, care), s in at.items():
        if (la, month + 1) in covered:
            after = at.get((la, month + 1, child, care))
            next_type = after.kind if after else "turned 18" if s.age_months >= 215 else "left"
            steps[la, month, s.age_months // 12, s.kind, next_type] += 1
        if (la, month - 1) in covered and (la, month - 1, child, care) not in at:
            entries[la, month, s.age_months // 12, s.kind] += 1
    told = panel.execute(
        "select la_code, month_number, age_years, forecast_type, next_type, sum(children)::int "
        "from int_care_transition group by all"
    ).fetchall()
    assert {tuple(row[:-1]): row[-1] for row in told} == dict(steps)
    told = panel.execute("from int_care_entry").fetchall()
    assert {tuple(row[:-1]): row[-1] for row in told} == dict(entries)
    kinds = {key[-1] for key in steps}
    assert {"left", "turned 18", "foster", "residential", "supported", "other"} <= kinds
    assert entries


def test_conserved(panel: duckdb.DuckDBPyConnection):
    """Children a month later = children + entries - those who left or turned 18."""
    broken = panel.execute(
        """
        with months as (
            select
                covered.la_code,
                covered.month_number,
                count(panel.child_id) as children,
                count(*) filter (panel.next_type in ('left', 'turned 18')) as gone,
                count(*) filter (panel.is_entry) as come
            from int_covered_month as covered
            left join int_care_month as panel using (la_code, month_number)
            group by all
        )

        select *
        from months
        inner join months as later
            on months.la_code = later.la_code and months.month_number + 1 = later.month_number
        where later.children <> months.children + later.come - months.gone
        """
    ).fetchall()
    assert broken == []


def test_nights_and_their_cost_are_counted_night_by_night():
    children = made_up(3, children=60)
    plain: dict[tuple, list[int]] = {}
    for child in (c for c in children if c.born):
        for end in month_ends(child.la, dt.date.max):
            if months_between(child.born, end) > 216:
                continue
            for day in (end.replace(day=n) for n in range(1, end.day + 1)):
                episode = on_day(child, day, dt.date.max)
                if episode is None:
                    continue
                kind = home_of(child, episode, dt.date.max)
                key = (child.la, 12 * end.year + end.month, kind)
                cell = plain.setdefault(key, [0, 0, 0])
                cell[0] += 1
                if episode.place == "K2":
                    cell[1] += 1
                    cell[2] += 100 if (day - episode.start).days < DEARER_AFTER else 200
    found = (
        built(children, None)
        .execute(
            "select la_code, month_number, forecast_type, nights, nights_with_price, cost_gbp "
            "from int_care_night"
        )
        .fetchall()
    )
    assert {tuple(row[:3]): [int(n) for n in row[3:]] for row in found} == plain
    assert 0 < sum(cell[1] for cell in plain.values()) < sum(cell[0] for cell in plain.values())


def test_days_on_which_care_began(
    children: list[Child], as_of: dt.date, panel: duckdb.DuckDBPyConnection
):
    plain: Counter = Counter()
    for child in children:
        ends = {(d.year, d.month) for d in month_ends(child.la, as_of)}
        for care in {e.care for e in child.episodes}:
            mine = [e for e in child.episodes if e.care == care]
            first = mine[0].start
            nights = any(e.end is None or e.end > e.start for e in mine if e.start <= as_of)
            if (first.year, first.month) in ends and nights:
                plain[child.la, first] += 1
    found = panel.execute("from int_entry_day").fetchall()
    assert {tuple(row[:2]): row[2] for row in found} == dict(plain)


def test_what_the_history_shows(
    children: list[Child], as_of: dt.date, panel: duckdb.DuckDBPyConnection
):
    """Every total is that of the panel; of the region where all its authorities are covered."""
    exact: Counter = Counter()
    in_region = {"A", "B"} if as_of == dt.date.max else {"A", "B", "C"}
    ends = {la: set(month_ends(la, as_of)) for la in YEARS}
    shared = set.intersection(*(ends[la] for la in in_region))
    months = {12 * d.year + d.month for d in shared}
    for s in plain_count(children, as_of):
        for band in (s.band, "all"):
            for kind in (s.kind, "all"):
                exact[s.la, s.month, band, kind] += 1
                if s.la in in_region and s.month in months:
                    exact[None, s.month, band, kind] += 1
    rows = panel.execute(
        "select la_code, month_number, age_band, forecast_type, exact_children, children, "
        "withheld, authorities from int_demand_shown"
    ).fetchall()
    assert {tuple(r[:4]): r[4] for r in rows if r[4]} == dict(exact)
    cells = (len(BANDS) + 1) * 5
    assert len(rows) == cells * (sum(map(len, ends.values())) + len(shared))
    assert {r[7] for r in rows if r[0] is None} == {len(in_region)}
    for *_, count, shown, withheld, _ in rows:
        assert (shown is None) == (withheld == "children")
        assert shown is None or (shown == 0) == (count == 0)
        assert shown is None or abs(shown - count) <= 2
        assert shown is None or count == 0 or (count > 7 and shown % 5 == 0)
    assert any(r[5] for r in rows if r[0] is None)


def test_what_is_left_out_is_counted(
    children: list[Child], as_of: dt.date, panel: duckdb.DuckDBPyConnection
):
    unborn, adult = Counter(), Counter()
    for child in children:
        there = [d for d in month_ends(child.la, as_of) if on_day(child, d, as_of)]
        unborn[child.la] += bool(there) and child.born is None
        adult[child.la] += any(child.born and months_between(child.born, d) >= 216 for d in there)
    found = panel.execute(
        "select la_code, children_without_birth_month, children_of_18 from int_forecast_area"
    ).fetchall()
    assert found
    assert {r[0]: r[1] for r in found} == {la: unborn[la] for la in "ABCD"}
    assert {r[0]: r[2] for r in found} == {la: adult[la] for la in "ABCD"}
    assert sum(adult.values())
    assert sum(unborn.values())
