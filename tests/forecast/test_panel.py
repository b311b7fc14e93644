"""The forecast's panel equals a plain count over made-up histories of care, day by day.

The count asks each child at each month's end; it shares no line with the SQL.
"""

import datetime as dt
from collections import Counter

import duckdb
import pytest

from pipeline.withheld import withheld_words
from tests.forecast.made_up_care import (
    BANDS,
    DEARER_AFTER,
    SHOWN_AS,
    TYPE_OF,
    YEARS,
    Child,
    built,
    home_of_episode,
    made_up,
    month_ends,
    months_between,
    on_day,
    plain_count,
)


def shown_as(kind: str) -> str:
    return SHOWN_AS.get(kind, kind)


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
        "select la_code, month_number, child_id, age_months, age_band, placement_type, "
        "forecast_type from int_care_month"
    ).fetchall()
    plain = [(s.la, s.month, s.child, s.age_months, s.band, s.kind, shown_as(s.kind)) for s in seen]
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
            steps[la, month, s.age_months // 12, s.band, s.kind, next_type] += 1
        if (la, month - 1) in covered and (la, month - 1, child, care) not in at:
            entries[la, month, s.age_months // 12, s.band, s.kind] += 1
    told = panel.execute(
        "select la_code, month_number, age_years, age_band, placement_type, next_type, "
        "sum(children)::int "
        "from int_care_transition group by all"
    ).fetchall()
    assert {tuple(row[:-1]): row[-1] for row in told} == dict(steps)
    told = panel.execute("from int_care_entry").fetchall()
    assert {tuple(row[:-1]): row[-1] for row in told} == dict(entries)
    kinds = {key[-1] for key in steps}
    assert {"left", "turned 18", *TYPE_OF.values()} <= kinds
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
    """Every child's: also one whose month of birth is not known. Of homes of one child one alone
    has a night; an absence costs what the home does that was left, where that has a price."""
    children = made_up(3, children=60)
    plain: dict[tuple, list[int]] = {}
    for child in children:
        for end in month_ends(child.la, dt.date.max):
            for day in (end.replace(day=n) for n in range(1, end.day + 1)):
                episode = on_day(child, day, dt.date.max)
                if episode is None:
                    continue
                home = home_of_episode(child, episode, dt.date.max)
                kind = TYPE_OF.get(home.place, "other")
                key = (child.la, 12 * end.year + end.month, shown_as(kind))
                cell = plain.setdefault(key, [0, 0, 0])
                cell[0] += 1
                if home.place == "K2":
                    cell[1] += 1
                    cell[2] += 100 if (day - home.start).days < DEARER_AFTER else 200
                elif kind in ("adoption", "parents"):
                    cell[1] += 1
    found = (
        built(children, None)
        .execute(
            "select la_code, month_number, forecast_type, sum(nights), sum(nights_with_price), "
            "sum(known_gbp) from int_care_night group by la_code, month_number, forecast_type"
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
            for kind in (shown_as(s.kind), "all"):
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
        assert (shown is None) == (list(withheld_words(withheld)) == ["children"])
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
