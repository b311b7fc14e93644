"""What is shown of the figures that were read: small counts, standing, when a page is made."""

import json
import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from subprocess import run

import duckdb
import pandas as pd
import pytest

from pipeline.region import Region
from pipeline.reports.editions import Rows
from pipeline.reports.region import report, sections
from pipeline.reports.region.case import CaseFigures
from pipeline.reports.region.need import Need
from pipeline.reports.region.premium import Premiums
from pipeline.reports.region.report import report_stands, write_region_report
from pipeline.reports.region.sections import (
    WHOLE_REGION,
    Figures,
    what_homes_cost,
    where_children_live,
)
from pipeline.reports.region.spend import Spend
from pipeline.reports.region.words import TOO_FEW
from pipeline.settings import PROJECT, Settings, load_settings
from tests.reports.region import made_up_forecast

LAS = {"E10000008": "Devon", "E06000052": "Cornwall", "E06000059": "Dorset"}
MARTS = ("sufficiency.placement_measures", "cost.weekly_cost")
SHOWN = {
    "over_20_miles": 40, "distance_known": 160, "out_of_authority": 80, "in_or_out_known": 200,
    "type_known": 200, "foster": 120, "residential": 40, "supported": 30, "other_types": 10,
}  # fmt: skip
SHARES = {
    "over_20_miles": "distance_known", "out_of_authority": "in_or_out_known",
    "foster": "type_known", "residential": "type_known", "supported": "type_known",
    "other_types": "type_known",
}  # fmt: skip
QUARTERS = ("2025Q2", "2025Q3", "2025Q4", "2026Q1")


def _measures(**changed: dict[str, int | None]) -> pd.DataFrame:
    """Totals of a year and its quarters, of LAs and region; `changed` by name, of the year."""
    rows = []
    for code, name in [*LAS.items(), (None, "Region")]:
        key = {"la_code": code, "area_name": name}
        key["area_level"] = "authority" if code else "region"
        rows += [key | SHOWN | {"period": "quarter", "quarter": q} for q in QUARTERS]
        of_year = SHOWN | changed.get(name, {})
        of_year |= {
            f"share_{part}": of_year[part] / of_year[whole]
            for part, whole in SHARES.items()
            if of_year[part] is not None and (of_year[whole] or 0) >= 20
        }
        few = [f"{count}: too few" for count, number in of_year.items() if number is None]
        of_year["withheld"] = "; ".join(few)
        rows.append(key | of_year | {"period": "year", "quarter": QUARTERS[-1]})
    return pd.DataFrame(rows)


def _cost(area: str, children: int | None, middle: float | None, kind: str = "foster") -> dict:
    prices = [None] * 3 if middle is None else [middle - 50, middle, middle + 50]
    names = [f"{n}_gbp_per_week" for n in ("lower_quartile", "median", "upper_quartile")]
    return {
        "area_name": area,
        "placement_type": kind,
        "provider_sector": "own provision",
        "first_quarter": "2025Q2",
        "last_quarter": "2026Q1",
        "children": children,
        "is_suppressed": middle is None,
        "withheld": "",
    } | dict(zip(names, prices, strict=True))


def _distances() -> list[dict]:
    """A curve of each LA and the region; nobody is known to live within 0 miles of home."""
    return [
        {"area_name": name, "la_code": code, "miles": miles, "distance_known": 160,
         "share_within": None if miles == 0 else miles / 100,
         "withheld": "within: too few" if miles == 0 else ""}
        for code, name in [*LAS.items(), (None, "Region")]
        for miles in (0, 20, 50)
    ]  # fmt: skip


def _looked_after(far: int | None = 30) -> pd.DataFrame:
    """The stock of two years, of LAs and region: in all and by distance."""
    return pd.DataFrame(
        [
            {"area_level": "authority" if code else "region", "la_code": code, "area_name": name,
             "collection_year": year, "breakdown": breakdown, "category": category,
             "children": children,
             "share_of_children": None if children is None else children / all_children}
            for code, name in [*LAS.items(), (None, "Region")]
            for year, all_children in (("2025", 400), ("2026", 200))
            for breakdown, category, children in (
                ("total", "all children", all_children),
                ("distance", "over 20 miles", far),
                ("distance", "not known", 20),
            )
        ]
    )  # fmt: skip


def _no_rows(of: str) -> pd.DataFrame:
    """A mart without rows, with the columns that its section reads."""
    return pd.DataFrame(columns=of.split())


# What modules of their own show is tested beside them.
EMPTY = (
    Need(
        _no_rows("la_code area_name breakdown needs_profile broad_needs recommended_type searches "
                 "withheld share_of_searches children gap_index gap_low gap_high "
                 "first_quarter last_quarter"),
        _no_rows("la_code area_name recommended_type type_found searches withheld"),
        _no_rows("la_code placement_type places"),
    ),
    Spend(
        _no_rows("la_code area_name period first_quarter last_quarter placement_type "
                 "total_gbp total_lower_80_gbp total_upper_80_gbp share_known mean_gbp_per_week "
                 "is_suppressed"),
        _no_rows("la_code area_name after_to quarters placement_type is_suppressed "
                 "share_known_before share_known_after"),
    ),
    Premiums(
        _no_rows("la_code authorities placement_type provider_urn provider_name is_own_service "
                 "first_quarter last_quarter children finding premium_percent premium_of "
                 "owner_id owner_name withheld")
    ),
    CaseFigures(
        _no_rows("la_code area_name placement_type children_bought children_lacking "
                 "bought_gbp_per_week spend_on_bought_median_gbp_per_year "
                 "spend_on_bought_lower_80_gbp_per_year spend_on_bought_upper_80_gbp_per_year "
                 "share_of_prices_known withheld"),
        _no_rows("option la_code discount_rate withheld"),
        None,
    ),
    made_up_forecast.read({}),
)  # fmt: skip


def _figures(measures: pd.DataFrame | None = None, costs: list[dict] | None = None) -> Figures:
    standing = [(mart, name, "fit", "") for mart in MARTS for name in LAS.values()]
    return Figures(
        None,
        dict(LAS),
        _measures() if measures is None else measures,
        pd.DataFrame(_distances()),
        _looked_after(),
        pd.DataFrame(costs or [_cost(n, 12, 540 + 40 * i) for i, n in enumerate(LAS.values())]),
        *EMPTY,
        pd.DataFrame(standing, columns=["mart", "la_name", "standing", "reasons"]),
        datetime(2026, 4, 30),
        "0.1.0",
        True,
    )


def _table(section: sections.Section, picture: int = 0) -> dict[str, list[str]]:
    return {name: cells for name, *cells in section.pictures[picture].table.rows}


def test_the_children_of_31_march_come_first_and_the_unknown_are_in_the_whole():
    first = where_children_live(_figures()).pictures[0]
    assert first.title == (
        "Children looked after on 31 March 2026 who live more than 20 miles from home"
    )
    assert {name: cells for name, *cells in first.table.rows}["Devon"] == ["30", "200", "15%"]
    assert "In the region 30 of 200 children are more than 20 miles from home" in first.says


def test_a_stock_that_is_withheld_is_no_share_and_one_of_nobody_is_none():
    figures = replace(_figures(), looked_after=_looked_after(far=None))
    far, outside = where_children_live(figures).pictures[:2]
    assert {cells[2] for _, *cells in far.table.rows} == {TOO_FEW}
    assert {cells[2] for _, *cells in outside.table.rows} == {"0%"}


def test_the_year_is_shown_as_the_mart_publishes_it():
    section = where_children_live(_figures(_measures(Devon={"over_20_miles": 45})))
    assert _table(section, 2)["Devon"] == ["45", "160", "28%"]
    assert section.period == "April 2025 to March 2026"


@pytest.mark.parametrize(
    "changed",
    [
        {"over_20_miles": None},
        {"distance_known": None},
        {"distance_known": 15, "over_20_miles": 10},
    ],
)
def test_a_share_needs_both_counts_and_a_whole_of_twenty(changed: dict[str, int | None]):
    section = where_children_live(_figures(_measures(Devon=changed)))
    assert set(_table(section, 2)["Devon"]) == {TOO_FEW}
    assert _table(section, 2)["Cornwall"] == ["40", "160", "25%"]


def test_a_price_needs_a_number_of_children_that_is_shown():
    costs = [_cost("Devon", None, None), _cost("Cornwall", None, 700), _cost("Dorset", 10, 800)]
    rows = what_homes_cost(_figures(costs=costs)).pictures[0].table.rows
    assert {(row[1], row[2]) for row in rows} == {
        ("Devon", TOO_FEW), ("Cornwall", TOO_FEW), ("Dorset", "10")
    }  # fmt: skip


STANDING = """
    create schema quality;
    create table quality.mart_standing as from (values
        ('m', 'E10000008', 'use with care', '3% quarantined; 20% fail', 5),
        ('m', 'E06000052', 'not fit', '60% fail', 4),
        ('m', 'E06000059', 'not fit', 'nothing accepted', 0),
        ('n', 'E10000008', 'fit', '', 5), ('n', 'E06000052', 'fit', '', 5),
        ('n', 'E06000059', 'fit', '', 5), ('n', null, 'fit', '', 14),
        ('m', null, 'use with care', '31% of the nights have no known price; 20% fail', 9)
    ) as rows(mart, la_code, standing, reasons, submissions_accepted)
"""


def standing_seen_by(las: dict[str, str]) -> list[tuple[str, str, str]]:
    authorities = tuple(a for a in load_settings().region.authorities if a.code in LAS)
    with duckdb.connect() as connection:
        connection.execute(STANDING)
        region = Region("Test", True, authorities[0].code, authorities)
        found = sections._standing(connection, las, region)
    figures = replace(_figures(), las=las, standing=found)
    return [(s.la_name, s.level, s.why) for s in sections.standings(figures, ["m", "n"])]


def test_standing_is_that_of_the_worst_mart_with_its_gravest_reason():
    assert standing_seen_by(LAS) == [
        ("Devon", "use with care", "3% quarantined"),
        ("Cornwall", "not fit", "60% fail"),
        ("Dorset", "nothing received", ""),
        (WHOLE_REGION, "use with care", "31% of the nights have no known price"),
    ]


def test_of_others_an_la_sees_the_worst_standing_and_not_whose_or_why():
    assert standing_seen_by({"E10000008": "Devon"}) == [
        ("Devon", "use with care", "3% quarantined"),
        (WHOLE_REGION, "nothing received", ""),
    ]


def test_an_la_with_fewer_than_four_quarters_is_named():
    measures = _measures()
    gone = (
        (measures["la_code"] == "E06000052")
        & (measures["period"] == "quarter")
        & (measures["quarter"] > "2025Q3")
    )
    living = where_children_live(_figures(measures[~gone]))
    assert "Not all four quarters have placements: Cornwall (2)." in living.caveats


def test_with_nothing_in_the_warehouse_it_says_so():
    figures = _figures()
    empty = {
        name: value.iloc[:0]
        for name, value in vars(figures).items()
        if isinstance(value, pd.DataFrame)
    }
    html = report._html(
        load_settings(), report.Edition(Path("index.html"), None), replace(figures, **empty)
    )
    assert "<svg" not in html
    assert "There is nothing to show yet." in html
    assert "There is no forecast yet." in html
    titles = [t for _, t in re.findall(r'<li><a href="#s(\d+)">([^<]+)</a>', html)]
    assert titles[-5:] == [
        "What was spent",
        "What will be needed",
        "How sure the forecast is",
        "What it will cost",
        "What if",
    ]


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    """A home whose warehouse is a file without tables; what is read is made up here."""
    monkeypatch.setenv("COMMON_CORE_HOME", str(tmp_path))
    monkeypatch.setattr("pipeline.reports.region.sections.read_figures", _read)
    found = load_settings()
    found.warehouse.parent.mkdir(parents=True)
    for published in (found.warehouse, found.shareable):
        duckdb.connect(str(published)).close()
    authorities = tuple(a for a in found.region.authorities if a.code in LAS)
    return replace(found, region=replace(found.region, authorities=authorities))


def _read(_: duckdb.DuckDBPyConnection, __: Rows, ___: Region, reader: str | None) -> Figures:
    return replace(_figures(), la_code=reader)


def test_a_report_stands_only_when_all_of_it_was_made_from_this_warehouse(settings, monkeypatch):
    monkeypatch.setattr(report, "published_state", lambda _: "one")
    assert not report_stands(settings, "one")
    pages = write_region_report(settings)
    assert [p.relative_to(settings.reports).as_posix() for p in pages] == [
        "region/index.html",
        "shareable/index.html",
        *(f"{a.code}/region_report.html" for a in settings.region.authorities),
    ]
    assert report_stands(settings, "one")
    assert not report_stands(settings, "two")
    for key in ("las_see_each_other", "exact_marts_inside"):
        other = replace(settings, region=replace(settings.region, **{key: False}))
        assert not report_stands(other, "one")
    pages[-1].unlink()
    assert not report_stands(settings, "one")


def test_a_report_that_was_killed_half_way_does_not_stand(settings, monkeypatch):
    monkeypatch.setattr(report, "published_state", lambda _: "one")
    write_region_report(settings)
    kept = (settings.reports / "region" / "index.html").read_bytes()
    monkeypatch.setattr(report, "_html", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_region_report(settings)
    assert not report_stands(settings, "one")
    assert (settings.reports / "region" / "index.html").read_bytes() == kept


def test_without_a_warehouse_there_is_no_report(settings):
    settings.warehouse.unlink()
    with pytest.raises(FileNotFoundError, match="no published warehouse"):
        write_region_report(settings)


def test_drawing_is_loaded_only_to_draw():
    code = "import json, sys, pipeline.reports.region.report; print(json.dumps([*sys.modules]))"
    ended = run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, check=True)
    assert not {"altair", "vl_convert", "pipeline.reports.region.sections"} & set(
        json.loads(ended.stdout)
    )
