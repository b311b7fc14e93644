"""The statutory stability measures equal a plain count over random care histories.

The histories know the true home of every night; the count asks them. The SQL sees only the codes
that the returns would have.
"""

import calendar
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

SEED = 20261122
CHILDREN = 400
LAS = ("E06000066", "E10000008")
YEARS = range(2022, 2027)
FIRST, LAST = dt.date(2021, 4, 1), dt.date(2026, 3, 31)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Episode:
    """An episode and the true home in it; the home is None in a temporary absence."""

    start: dt.date
    end: dt.date | None
    started: str  # RNE
    ceased: str | None  # REC
    status: str  # LS
    place: str  # PLACE
    home: int | None

    @property
    def is_short_break(self) -> bool:
        return self.status == "V4"

    def holds(self, day: dt.date) -> bool:
        """Whether the child spends the night after this day in it."""
        return self.start <= day and (self.end is None or self.end > day)


@dataclass(frozen=True)
class Child:
    """A child, its authority, the month of its birth and its episodes in order."""

    id: str
    la_code: str
    born: dt.date
    episodes: tuple[Episode, ...]


def spell(day: dt.date, chance: random.Random, homes: list[int]) -> list[Episode]:
    """One period of care from a day on: moves, changes of status, of carers, absences."""

    def new_home() -> tuple[str, int]:
        homes.append(len(homes))
        return chance.choice(("U4", "U6", "K2", "A6")), homes[-1]

    def days() -> dt.timedelta:
        return chance.choice((0, 1, 5, 30, 90, 200, 365, 730, 1100)) * DAY + DAY

    (place, home), started = new_home(), "S"
    episodes = []
    while True:
        end = day + days()
        episodes.append(Episode(day, end, started, "X1", "C2", place, home))
        day = end
        step = chance.choice(("leave", "move", "move", "status", "carers", "absence", "absence"))
        if step == "leave" or day > LAST:
            episodes[-1] = replace(episodes[-1], ceased="E8")
            return episodes
        if step == "absence":
            episodes.append(Episode(day, day + 4 * DAY, "P", "X1", "C2", "T4", None))
            day += 4 * DAY
            if chance.random() < 0.4:
                place, home = new_home()
            started = "P"
        elif step == "move":
            (place, home), started = new_home(), chance.choice("PB")
        elif step == "status":
            started = "L"
        else:
            place, started = chance.choice(("U1", "U6", "A5")), chance.choice("TU")


def child(number: int, chance: random.Random) -> Child:
    """A child with one to three periods of care, adjoining or apart, or with short breaks."""
    day = dt.date(2018, 1, 1) + chance.randrange(2900) * DAY
    homes: list[int] = []
    episodes: list[Episode] = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        episodes += spell(day, chance, homes)
        day = episodes[-1].end + chance.choice((0, 2, 100)) * DAY
    if chance.random() < 0.1:
        episodes = [replace(e, status="V4") for e in episodes]
    known = tuple(cut(e) for e in episodes if e.start <= LAST and (e.end or LAST) > FIRST)
    born = dt.date(2006, 1, 1) + chance.randrange(18 * 365) * DAY
    return Child(f"child_{number}", LAS[number % 2], born.replace(day=1), known)


def cut(episode: Episode) -> Episode:
    """As the return of the last year has it: open if it ends later."""
    if episode.end is not None and episode.end > LAST:
        return replace(episode, end=None, ceased=None)
    return episode


def months_before(day_after: dt.date, months: int) -> dt.date:
    """The first of a month, so many months before the first of another."""
    index = day_after.year * 12 + day_after.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


def age(born: dt.date, day: dt.date) -> int:
    """Age on the last day of a month, from the month of birth."""
    return day.year - born.year - (day.month < born.month)


def in_care_since(one: Child, day: dt.date) -> dt.date:
    """The first day of the care of that day, found by walking back from it."""
    nights = [e for e in one.episodes if not e.is_short_break and e.holds(day)]
    first = nights[0]
    while first.started != "S":
        before = [e for e in one.episodes if e.end == first.start]
        if not before:  # the beginning is older than the returns
            return first.start
        first = before[-1]
    return first.start


def homes_from(one: Child, since: dt.date, day: dt.date) -> list[tuple[int, dt.date, str, str]]:
    """The homes of one period of care up to a day: which, since when, first and last PLACE."""
    homes: list[tuple[int, dt.date, str, str]] = []
    for e in one.episodes:
        if e.home is None or not since <= e.start <= day:
            continue
        if homes and homes[-1][0] == e.home:
            homes[-1] = (*homes[-1][:3], e.place)
        else:
            homes.append((e.home, e.start, e.place, e.place))
    return homes


def placements_in(one: Child, first: dt.date, last: dt.date) -> int:
    """Homes of the year, each as often as the child came to live in it."""
    count, previous, last_end = 0, None, None
    for e in one.episodes:
        if e.home is None or e.start > last:
            continue
        came_anew = e.home != previous or e.started == "S"
        if came_anew:
            last_end = None
        if e.end is None or e.end >= first:
            count += last_end is None or last_end < first
            last_end = max(last_end or dt.date.min, e.end or dt.date.max)
        previous = e.home
    return count


def counted(children: list[Child], day: dt.date) -> tuple[int, int, int | None, int | None]:
    """Children in care, of three homes or more, long in care, and of these long in one home."""
    after = day + DAY
    there = [c for c in children if any(e.holds(day) and not e.is_short_break for e in c.episodes)]
    many = [c for c in there if placements_in(c, months_before(after, 12), day) >= 3]
    if months_before(after, 30) - DAY < FIRST:
        return len(there), len(many), None, None
    long_in_care = [
        c
        for c in there
        if age(c.born, day) < 16 and in_care_since(c, day) <= months_before(after, 30) - DAY
    ]
    settled = 0
    for c in long_in_care:
        homes = homes_from(c, in_care_since(c, day), day)
        # Adopted by people new to it, not by the carer with whom it lives already.
        is_moved_to_adopters = bool(homes) and all(p.startswith("A") for p in homes[-1][2:])
        homes = homes[-2:] if is_moved_to_adopters else homes[-1:]
        settled += bool(homes) and homes[0][1] <= months_before(after, 24) - DAY
    return len(there), len(many), len(long_in_care), settled


def reports(one: Child) -> list[dict[str, object]]:
    """The rows of the returns of all years: each has what was open in it."""
    rows = []
    for year in YEARS:
        first, last = dt.date(year - 1, 4, 1), dt.date(year, 3, 31)
        for e in one.episodes:
            if e.start > last or (e.end is not None and e.end < first):
                continue
            is_open = e.end is None or e.end > last
            rows.append(
                {
                    "la_code": one.la_code,
                    "period": str(year),
                    "submission_id": f"{one.la_code}_{year}",
                    "record_id": f"{one.id}_{e.start}",
                    "child_id": one.id,
                    "decom": e.start,
                    "dec": None if is_open else e.end,
                    "rne": e.started,
                    "rec": None if is_open else e.ceased,
                    "ls": e.status,
                    "cin": "N1",
                    "place": e.place,
                    "place_provider": "PR4",
                    "urn": "XXXXXXX" if e.home is None else f"{one.id}_{e.home}",
                }
            )
    return rows


@pytest.fixture(scope="module")
def built(
    new_hub: Callable[[], Path], dbt_build: Callable[..., dict[str, str]]
) -> tuple[Path, list[Child]]:
    """The build over the histories' returns, and the histories."""
    chance = random.Random(SEED)
    children = [child(n, chance) for n in range(CHILDREN)]
    episodes = pd.DataFrame([row for c in children for row in reports(c)])
    headers = episodes[["la_code", "period", "submission_id", "record_id", "child_id"]].assign(
        dob_month=episodes["child_id"].map({c.id: c.born for c in children})
    )
    authorities = pd.DataFrame(
        [{"la_code": la, "la_name": la, "is_hub": False, "is_synthetic": True} for la in LAS]
    )
    submissions = pd.DataFrame(
        [
            {
                "la_code": la,
                "submission_id": f"{la}_{year}",
                "dataset": "ssda903",
                "table_name": "episodes",
                "period": str(year),
                "status": "accepted",
            }
            for la in LAS
            for year in YEARS
        ]
    )
    build_file = new_hub()
    with duckdb.connect(str(build_file)) as connection:
        for table, rows in {
            "episodes": episodes.sample(frac=1, random_state=SEED),
            "header": headers.drop_duplicates(["period", "child_id"]),
            "authority": authorities,
            "submission": submissions,
        }.items():
            connection.register("rows", rows)
            connection.execute(f"insert into hub.{table} by name select * from rows")
            connection.unregister("rows")
    statuses = dbt_build(
        build_file, "--select", "+int_placement_stability", "--exclude", "resource_type:unit_test"
    )
    assert {s for s in statuses.values() if s not in ("success", "pass")} == set()
    return build_file, children


def quarter_ends() -> list[dt.date]:
    months = [(y, m) for y in range(2022, 2027) for m in (3, 6, 9, 12)]
    days = [dt.date(y, m, calendar.monthrange(y, m)[1]) for y, m in months]
    return [day for day in days if day <= LAST]


@pytest.mark.parametrize("la_code", [*LAS, None])
def test_the_measures_equal_a_plain_count(built: tuple[Path, list[Child]], la_code: str | None):
    build_file, children = built
    with duckdb.connect(str(build_file), read_only=True) as connection:
        found = connection.execute(
            "select period_end_date, children, three_or_more_placements, "
            "under_16_in_care_30_months, same_home_24_months from staging.int_placement_stability "
            "where la_code is not distinct from $la_code order by period_end_date",
            {"la_code": la_code},
        ).fetchall()
    of_area = [c for c in children if la_code in (None, c.la_code)]
    assert found == [(day, *counted(of_area, day)) for day in quarter_ends()]


def test_the_histories_put_the_measures_to_the_test(built: tuple[Path, list[Child]]):
    """Enough children on both sides of each measure, and every step that a history can take."""
    _, children = built
    there, many, long_in_care, settled = counted(children, LAST)
    assert 20 < many < there - 20
    assert 10 < settled < long_in_care - 10
    seen = {e.started for c in children for e in c.episodes}
    assert seen == {"S", "L", "P", "B", "T", "U"}
