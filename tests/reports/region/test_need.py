"""The sections of need: small counts stay withheld, and an LA sees no other's rows."""

import pandas as pd
import pytest

from pipeline.reports.region.need import (
    Need,
    period_of,
    places_and_need,
    what_came_of_it,
    where_need_is_not_met,
)
from pipeline.reports.region.page import Section
from pipeline.reports.region.words import TOO_FEW

LAS = {"E10000008": "Devon", "E06000052": "Cornwall"}
DEVON = {"E10000008": "Devon"}
QUARTERS = {"period_kind": "latest", "first_quarter": "2024Q2", "last_quarter": "2026Q1"}


def _cell(la_code: str | None, breakdown: str, searches: int | None, index: float | None) -> dict:
    return QUARTERS | {
        "la_code": la_code,
        "area_name": LAS.get(la_code, "Region"),
        "breakdown": breakdown,
        "needs_profile": "High needs" if breakdown == "needs profile" else "all profiles",
        "broad_needs": "Some risk" if breakdown == "broad needs" else "all needs",
        "recommended_type": "residential" if breakdown == "recommended type" else "all types",
        "searches": searches,
        "children": searches,
        "gap_index": index,
        "gap_low": None if index is None else index - 0.3,
        "gap_high": None if index is None else index + 0.3,
    }


def _found(la_code: str | None, recommended: str, found: str, searches: int | None) -> dict:
    told = {"recommended_type": recommended, "type_found": found, "searches": searches}
    return QUARTERS | {"la_code": la_code, "area_name": LAS.get(la_code, "Region")} | told


def _place(la_code: str | None, kind: str, places: int | None) -> dict:
    return {"la_code": la_code, "placement_type": kind, "places": places}


def _need(cornwall: int | None = 25) -> Need:
    """Devon's figures are shown; Cornwall's depend on whether its count is."""
    index = None if cornwall is None else 1.4
    cells = [
        row
        for breakdown in ("broad needs", "needs profile", "recommended type")
        for row in (
            _cell("E10000008", breakdown, 40, 2.1),
            _cell("E06000052", breakdown, cornwall, index),
            _cell(None, breakdown, 110, 1.2),
        )
    ]
    found = [
        _found("E10000008", "foster", "foster", 50),
        _found("E06000052", "foster", "residential", cornwall),
        _found(None, "foster", "foster", 90),
        _found(None, "foster", "parents", 10),
        _found(None, "foster", "adoption", None),
        _found(None, "several", "foster", 15),
    ]
    supply = [
        _place("E10000008", "residential", 30),
        _place("E06000052", "residential", 20),
        _place("E10000008", "foster", None),
        _place(None, "residential", 50),
    ]
    return Need(pd.DataFrame(cells), pd.DataFrame(found), pd.DataFrame(supply))


def _all(need: Need, las: dict[str, str], region: bool) -> list[Section]:
    """All sections, of the rows that `rows_for` gives: of these LAs, and perhaps the region."""

    def seen(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["la_code"].isin(las) | (rows["la_code"].isna() & region)]

    mine = Need(seen(need.needs), seen(need.found), seen(need.supply))
    own = next(iter(las)) if len(las) == 1 else None
    return [
        where_need_is_not_met(mine, ()),
        what_came_of_it(mine, own, ()),
        places_and_need(mine, las, ()),
    ]


def _rows(section: Section, picture: int = 0) -> list[tuple[str, ...]]:
    table = section.pictures[picture].table
    return [] if table is None else list(table.rows)


def test_the_map_is_of_broad_needs_and_the_regions_of_profiles():
    section = where_need_is_not_met(_need(), ())
    assert _rows(section) == [
        ("Devon", "Some risk", "40", "2.1", "1.8 to 2.4"),
        ("Cornwall", "Some risk", "25", "1.4", "1.1 to 1.7"),
        ("Region", "Some risk", "110", "1.2", "0.9 to 1.5"),
    ]
    assert _rows(section, 1) == [("Region", "High needs", "110", "1.2", "0.9 to 1.5")]
    assert section.period == "April 2024 to March 2026"


def test_what_is_withheld_stays_withheld():
    maps, flow, places = _all(_need(None), LAS, True)
    assert ("Cornwall", "Some risk", TOO_FEW, TOO_FEW, TOO_FEW) in _rows(maps)
    # Adoption is withheld, so the types that it is added to are: 10 + withheld is not 10.
    assert ("Foster care", "Another type", TOO_FEW) in _rows(flow)
    assert ("Cornwall", "20", TOO_FEW) in _rows(places)
    assert ("Devon", "30", "40") in _rows(places)


def test_the_regions_map_draws_the_ten_largest_gaps_that_can_be_shown():
    need = _need()
    profiles = [
        _cell(None, "needs profile", 40, n / 10) | {"needs_profile": f"Profile {n}"}
        for n in range(5, 17)
    ]
    profiles.append(_cell(None, "needs profile", 40, None) | {"needs_profile": "Rare"})
    section = where_need_is_not_met(Need(pd.DataFrame(profiles), need.found, need.supply), ())
    drawn = [row[1] for row in _rows(section, 1)]
    assert drawn == [f"Profile {n}" for n in range(16, 6, -1)]


def test_an_index_without_its_interval_is_not_drawn():
    need = _need()
    need.needs.loc[0, "gap_low"] = None
    assert ("Devon", "Some risk", TOO_FEW, TOO_FEW, TOO_FEW) in _rows(
        where_need_is_not_met(need, ())
    )


@pytest.mark.parametrize("region", [True, False])
def test_an_la_sees_its_own_and_perhaps_the_regions(region):
    sections = _all(_need(), DEVON, region)
    text = repr(sections)
    assert "Cornwall" not in text
    assert ("Region" in repr([s.pictures for s in sections])) == region
    assert text == repr(_all(_need(35), DEVON, region))


def test_where_there_is_no_residential_search_the_zero_is_shown():
    need = _need()
    wanted = need.needs["breakdown"] == "recommended type"
    need = Need(need.needs[~wanted], need.found, need.supply)
    assert ("Devon", "30", "0") in _rows(places_and_need(need, DEVON, ()))


def test_the_region_has_a_bar_only_where_no_area_has():
    assert [row[0] for row in _rows(places_and_need(_need(), LAS, ()))] == [
        "Cornwall",
        "Devon",
    ]
    assert _rows(places_and_need(_need(), {}, ())) == [("Region", "50", "110")]


def test_nothing_yet_is_said_so():
    full = _need()
    empty = Need(full.needs.iloc[:0], full.found.iloc[:0], full.supply.iloc[:0])
    assert period_of(empty) == "none yet"
    for section in _all(empty, LAS, True)[:2]:
        assert section.pictures[0].svg is None
