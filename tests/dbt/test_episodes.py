"""Episodes over several years: children's histories, reported year by year, with and without slips.

Each kind of slip has an authority of its own, so that one build tells them apart.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

YEARS = range(2022, 2027)
CHILDREN = 60
SEED = 20261122
DAY = dt.timedelta(days=1)
HOMES = [("U4", "PR4", "SC1"), ("K2", "PR1", "SC2"), ("P1", "PR0", "XXXXXXX"), ("R1", "PR4", None)]


@dataclass(frozen=True)
class Episode:
    """What one return says of an episode, or what is true of it."""

    child: str
    start: dt.date
    end: dt.date | None
    started: str  # RNE
    status: str  # LS
    home: tuple[str, str, str | None]  # PLACE, PLACE_PROVIDER, URN
    ceased: str | None  # REC


Reports = dict[int, list[Episode]]


def closes(year: int) -> dt.date:
    return dt.date(year, 3, 31)


def history(child: str, chance: random.Random) -> list[Episode]:
    """Spells of adjoining episodes; now and then a new entry to the same home, a year later."""
    episodes: list[Episode] = []
    day = dt.date(2020, 1, 1) + chance.randrange(1500) * DAY
    home = chance.choice(HOMES)
    for _ in range(chance.choice((1, 1, 2, 3))):
        first, status, started = day, chance.choice(("C2", "V2")), "S"
        for left in reversed(range(chance.choice((1, 2, 3, 5)))):
            end = day + (1 + int(chance.expovariate(1 / 150))) * DAY
            ceased = "X1" if left else chance.choice(("E4A", "E8"))
            episodes.append(Episode(child, day, end, started, status, home, ceased))
            day, started = end, chance.choice(("P", "L", "T", "B"))
            if started == "L":
                status = chance.choice(("C2", "E1", "V2"))
            else:
                home = chance.choice(HOMES)
        day += (1 + int(chance.expovariate(1 / 60))) * DAY
        if first + 365 * DAY > day and chance.random() < 0.5:
            day, home = first + 365 * DAY, episodes[-1].home
    return episodes


def as_of(episode: Episode, year: int) -> Episode:
    """An episode as the return of a year has it: open if it ended later."""
    if episode.end is not None and episode.end > closes(year):
        return replace(episode, end=None, ceased=None)
    return episode


def returns(episodes: list[Episode]) -> Reports:
    """Every episode that was open in a year is in its return."""
    return {
        year: [
            as_of(e, year) for e in episodes if e.start <= closes(year) and e.end > closes(year - 1)
        ]
        for year in YEARS
    }


def closing(reports: Reports, chance: random.Random) -> tuple[int, int] | None:
    """Year and place of one episode that ended with X1 and whose next one follows at once."""
    places = [
        (year, n)
        for year, episodes in reports.items()
        for n, e in enumerate(episodes)
        if e.ceased == "X1" and any(f.start == e.end for f in episodes)
    ]
    return chance.choice(places) if places else None


def change(reports: Reports, at: tuple[int, int] | None, **new: object) -> None:
    if at is not None:
        reports[at[0]][at[1]] = replace(reports[at[0]][at[1]], **new)


def end_dropped(reports: Reports, chance: random.Random) -> None:
    change(reports, closing(reports, chance), end=None, ceased=None)


def end_too_late(reports: Reports, chance: random.Random) -> None:
    at = closing(reports, chance)
    if at is not None:
        change(reports, at, end=reports[at[0]][at[1]].end + chance.randint(1, 40) * DAY)


def end_too_early(reports: Reports, chance: random.Random) -> None:
    at = closing(reports, chance)
    if at is not None:
        e = reports[at[0]][at[1]]
        change(reports, at, end=max(e.start, e.end - chance.randint(1, 31) * DAY))


def start_moved(reports: Reports, chance: random.Random) -> None:
    """The first return that has an episode, and has it open, is a few days out."""
    seen: set[dt.date] = set()
    places = []
    for year, episodes in reports.items():
        for n, e in enumerate(episodes):
            if e.end is None and e.start not in seen and year < max(YEARS):
                places.append((year, n))
        seen |= {e.start for e in episodes}
    if not places:
        return
    at = chance.choice(places)
    year, n = at
    moved = reports[year][n].start + chance.choice((-1, 1)) * chance.randint(1, 31) * DAY
    if moved <= closes(year) and moved not in {e.start for e in reports[year]}:
        change(reports, at, start=moved)


def row_lost(reports: Reports, chance: random.Random) -> None:
    year = chance.choice([y for y in YEARS if reports[y]] or [2022])
    if reports[year]:
        del reports[year][chance.randrange(len(reports[year]))]


def all_at_once(reports: Reports, chance: random.Random) -> None:
    for slip in (start_moved, end_dropped, end_too_late, end_too_early, row_lost):
        slip(reports, chance)


def none_made(reports: Reports, chance: random.Random) -> None:
    """An authority that makes no mistakes."""


MENDED = (none_made, end_dropped, end_too_late, end_too_early, start_moved)
SLIPS = (*MENDED, row_lost, all_at_once)
# What a slip may set off beside the repetition of open episodes.
EXPECTED = {
    "none_made": set(),
    "end_dropped": {"closed_by_next_episode"},
    "end_too_late": {"overlap_cut_at_next_start"},
    "end_too_early": {"gap_after_x1_closed"},
    "start_moved": {"start_corrected_later"},
}


@dataclass(frozen=True)
class Region903:
    """What was true, what was reported and what the repair made of it, by authority."""

    build_file: Path
    truth: dict[str, list[Episode]]
    reported: dict[str, Reports]

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.build_file), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def hub_rows(la_code: str, reports: Reports) -> list[dict[str, object]]:
    return [
        {
            "la_code": la_code,
            "period": str(year),
            "submission_id": f"{la_code}_{year}",
            "record_id": f"{e.child}_{e.start}",
            "child_id": e.child,
            "decom": e.start,
            "dec": e.end,
            "rne": e.started,
            "rec": e.ceased,
            "ls": e.status,
            "cin": "N1",
            "place": e.home[0],
            "place_provider": e.home[1],
            "urn": e.home[2],
        }
        for year, episodes in reports.items()
        for e in episodes
    ]


@pytest.fixture(scope="module")
def region(new_hub: Callable[[], Path], dbt_build: Callable[..., dict[str, str]]) -> Region903:
    chance = random.Random(SEED)
    truth: dict[str, list[Episode]] = {}
    reported: dict[str, Reports] = {}
    for slip in SLIPS:
        la = slip.__name__
        truth[la], reported[la] = [], {year: [] for year in YEARS}
        for n in range(CHILDREN):
            episodes = history(f"{la}_{n}", chance)
            reports = returns(episodes)
            known = {e.start for said in reports.values() for e in said}
            truth[la] += [as_of(e, max(YEARS)) for e in episodes if e.start in known]
            slip(reports, chance)
            for year in YEARS:
                reported[la][year] += reports[year]
    rows = pd.DataFrame([r for la in reported for r in hub_rows(la, reported[la])])
    rows = rows.sample(frac=1, random_state=SEED)  # the order of the rows must not matter
    build_file = new_hub()
    with duckdb.connect(str(build_file)) as connection:
        connection.register("rows", rows)
        connection.execute("insert into hub.episodes by name select * from rows")
    statuses = dbt_build(
        build_file,
        "--select",
        "+int_episode_repair",
        "+episode_repair",
        "--exclude",
        "resource_type:unit_test",
    )
    assert {s for s in statuses.values() if s not in ("success", "pass")} == set()
    assert "test.common_core.episode_repair_adds_up" in statuses
    return Region903(build_file, truth, reported)


@pytest.mark.parametrize("la", [slip.__name__ for slip in MENDED])
def test_what_the_returns_can_tell_is_mended_exactly(region: Region903, la: str):
    found = region.rows(
        "select child_id, start_date, end_date from staging.int_episode_repair "
        f"where is_used and la_code = '{la}'"
    )
    assert Counter(found) == Counter((e.child, e.start, e.end) for e in region.truth[la])
    fired = region.rows(
        "select distinct repair_rule from staging.int_episode_repair "
        f"where la_code = '{la}' and repair_rule is not null"
    )
    assert {rule for (rule,) in fired} == EXPECTED[la] | {"repeated_in_later_year"}


def test_every_report_is_there_as_it_was_reported(region: Region903):
    found = region.rows(
        "select la_code, period, child_id, reported_start_date, reported_end_date, "
        "reason_episode_started_code, reason_episode_ceased_code, legal_status_code "
        "from staging.int_episode_repair"
    )
    said = [
        (la, str(year), e.child, e.start, e.end, e.started, e.ceased, e.status)
        for la, reports in region.reported.items()
        for year, episodes in reports.items()
        for e in episodes
    ]
    assert Counter(found) == Counter(said)


def test_no_true_episode_vanishes(region: Region903):
    """Whatever else was reported wrongly: a start that some return has right is in use, once."""
    found = Counter(
        region.rows("select child_id, start_date from staging.int_episode_repair where is_used")
    )
    told = {
        (e.child, e.start)
        for reports in region.reported.values()
        for episodes in reports.values()
        for e in episodes
    }
    true = {(e.child, e.start) for episodes in region.truth.values() for e in episodes}
    assert {one for one in true & told if found[one] != 1} == set()
    assert max(found.values()) == 1


def test_a_child_is_in_one_episode_at_a_time_unless_marked(region: Region903):
    overlaps = region.rows(
        "select a.repair_rule, count(*) from staging.int_episode_repair as a "
        "join staging.int_episode_repair as b on a.child_id = b.child_id "
        "and a.start_date < b.start_date "
        "and coalesce(a.end_date, date '9999-12-31') > b.start_date "
        "where a.is_used and b.is_used group by all"
    )
    assert {rule for rule, _ in overlaps} <= {"overlap_not_cut", "open_but_not_reported_again"}


def test_nobody_stays_in_care_for_want_of_a_report(region: Region903):
    """Where a later return has come, no episode stays open that it does not have."""
    assert not region.rows(
        "select 1 from staging.int_episode_repair "
        f"where is_used and end_date is null and period < '{max(YEARS)}'"
    )
