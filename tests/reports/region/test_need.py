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
from pipeline.withheld import TOO_FEW as WITHHELD_FEW

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
        "share_of_searches": None,
        "withheld": f"searches: {WITHHELD_FEW}; children: {WITHHELD_FEW}"
        if searches is None
        else "",
    }


def _found(la_code: str | None, recommended: str, found: str, searches: int | None) -> dict:
    told = {"recommended_type": recommended, "type_found": found, "searches": searches}
    told["withheld"] = f"searches: {WITHHELD_FEW}" if searches is None else ""
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


def test_types_come_first_then_broad_needs_then_the_regions_profiles():
    section = where_need_is_not_met(_need(), ())
    for picture, name in enumerate(("Residential care", "Some risk")):
        assert _rows(section, picture) == [
            ("Devon", name, "40", "2.1", "1.8 to 2.4"),
            ("Cornwall", name, "25", "1.4", "1.1 to 1.7"),
            ("Region", name, "110", "1.2", "0.9 to 1.5"),
        ]
    assert _rows(section, 2) == [("Region", "High needs", "110", "1.2", "0.9 to 1.5")]
    assert section.period == "April 2024 to March 2026"


def _types(*cells: tuple[str | None, str, float | None, float | None, float | None]) -> str:
    """What is said of recommended types: area, type, index, low and high end."""
    rows = [
        _cell(la_code, "recommended type", None if index is None else 60, index)
        | {"recommended_type": kind, "gap_low": low, "gap_high": high}
        for la_code, kind, index, low, high in cells
    ]
    need = Need(pd.DataFrame(rows), _need().found, _need().supply)
    return where_need_is_not_met(need, ()).pictures[0].says


def test_a_type_stands_out_whose_range_lies_wholly_above_the_average():
    assert _types(
        ("E10000008", "residential", 1.7, 1.2, 2.2),
        ("E10000008", "foster", 0.8, 0.6, 0.9),
        ("E06000052", "residential", 1.9, 1.0, 3.1),  # the greatest, and nobody can say so
        (None, "residential", 2.5, 2.2, 2.8),
    ) == (
        "Need is met less often than on average for \N{LEFT DOUBLE QUOTATION MARK}Residential care"
        "\N{RIGHT DOUBLE QUOTATION MARK} in Devon (unmet 1.7 times as often; 8 in 10 that it is "
        "1.2 to 2.2; 60 searches). It is met more often than on average for "
        "\N{LEFT DOUBLE QUOTATION MARK}Foster care\N{RIGHT DOUBLE QUOTATION MARK} in Devon (unmet "
        "0.8 times as often; 8 in 10 that it is 0.6 to 0.9; 60 searches)."
    )


@pytest.mark.parametrize(
    "cells",
    [
        [("E10000008", "residential", 1.4, 1.0, 1.9)],
        [("E10000008", "residential", 0.7, 0.5, 0.9)],  # the worst of all, and better than average
        [("E10000008", "residential", 1.2, 0.8, 1.7), ("E06000052", "foster", 1.1, 0.9, 1.3)],
        [("E10000008", "residential", 1.2, 0.8, 1.7), (None, "residential", 1.3, 1.2, 1.4)],
    ],
)
def test_where_no_range_lies_above_the_average_none_stands_out(cells):
    said = _types(*cells)
    assert said.startswith("No need that is shown stands out as met less often than on average.")
    assert "Need is met less" not in said
    for superlative in ("worst", "least", "highest", "most badly"):
        assert superlative not in said


def test_what_is_withheld_may_stand_out():
    said = _types(("E10000008", "residential", 1.2, 0.8, 1.7), ("E06000052", "foster", *[None] * 3))
    assert said.endswith("1 cell is not shown, and may stand out unseen.")
    assert _types(("E06000052", "foster", None, None, None)) == (
        "1 cell is not shown, and may stand out unseen."
    )


def test_needs_that_are_not_known_are_in_no_map_and_their_share_is_told():
    unknown = [
        _cell(la_code, breakdown, 40, None)
        | {name: "Needs not known", "share_of_searches": 0.25 if la_code is None else 0.4}
        for la_code in (None, "E10000008")
        for breakdown, name in (("broad needs", "broad_needs"), ("needs profile", "needs_profile"))
    ]
    rows = pd.concat([_need().needs, pd.DataFrame(unknown)], ignore_index=True)
    section = where_need_is_not_met(Need(rows, _need().found, _need().supply), ())
    assert "Needs not known" not in repr(section.pictures)
    assert "not known of 25% of the region's searches" in " ".join(section.caveats)
    without = " ".join(where_need_is_not_met(_need(), ()).caveats)
    assert "%" not in without


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([("foster", "residential", 15), ("residential", "foster", 10)],
         "The largest change that is shown is from foster care to residential care: 15 searches."),
        ([("foster", "residential", 15), ("residential", "foster", 20)],
         "The largest change that is shown is from residential care to foster care: 20 searches."),
        ([("foster", "residential", 15), ("residential", "foster", 15)],
         "The largest changes that are shown are from foster care to residential care and from "
         "residential care to foster care: 15 searches each."),
    ],
)  # fmt: skip
def test_the_largest_change_is_the_largest(found, said):
    rows = [_found(None, "foster", "foster", 50), *(_found(None, *row) for row in found)]
    need = Need(_need().needs, pd.DataFrame(rows), _need().supply)
    assert said in what_came_of_it(need, None, ()).pictures[0].says


@pytest.mark.parametrize(
    ("searches", "said"),
    [(40, "For more children than there are places was one recommended in Devon "
          "(40 children, 30 places)."),
     (30, "No area shown has fewer places than children for whom one was recommended."),
     (10, "No area shown has fewer places than children for whom one was recommended.")],
)  # fmt: skip
def test_more_children_than_places_is_said_where_it_is_so(searches, said):
    rows = pd.DataFrame([_cell("E10000008", "recommended type", searches, 1.4)])
    need = Need(rows, _need().found, _need().supply)
    assert places_and_need(need, DEVON, ()).pictures[0].says == said


def test_what_is_withheld_stays_withheld():
    maps, flow, places = _all(_need(None), LAS, True)
    assert ("Cornwall", "Residential care", TOO_FEW, TOO_FEW, TOO_FEW) in _rows(maps)
    assert ("Cornwall", "Some risk", TOO_FEW, TOO_FEW, TOO_FEW) in _rows(maps, 1)
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
    drawn = [row[1] for row in _rows(section, 2)]
    assert drawn == [f"Profile {n}" for n in range(16, 6, -1)]


def test_an_index_without_its_interval_is_not_drawn():
    need = _need()
    need.needs.loc[0, "gap_low"] = None
    assert ("Devon", "Some risk", TOO_FEW, TOO_FEW, TOO_FEW) in _rows(
        where_need_is_not_met(need, ()), 1
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
