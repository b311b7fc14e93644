"""What is read of the warehouse and shown: small counts, other LAs, standing, when it is made."""

import json
import sys
from dataclasses import replace
from datetime import datetime
from subprocess import run

import pandas as pd
import pytest

from pipeline.reports.region import report
from pipeline.reports.region.report import report_stands, write_region_report
from pipeline.reports.region.sections import Figures, View, sections
from pipeline.reports.region.words import TOO_FEW
from pipeline.settings import PROJECT, Settings, load_settings

LAS = {"E10000008": "Devon", "E06000052": "Cornwall", "E06000059": "Dorset"}
COUNTS = ("over_20_miles", "distance_known", "out_of_authority", "in_or_out_known", "type_known")
TYPES = ("foster", "residential", "supported", "other_types")
QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1")


def _measures(**changed: dict[str, int]) -> pd.DataFrame:
    """Five quarters of each LA and the region; `changed` are counts of an LA's last quarter."""
    rows = []
    for name in [*LAS.values(), None]:
        code = next((c for c, n in LAS.items() if n == name), None)
        for quarter in QUARTERS:
            row = dict(zip(COUNTS, (10, 40, 20, 50, 50), strict=True))
            row |= dict(zip(TYPES, (30, 10, 7, 3), strict=True))
            if quarter == QUARTERS[-1]:
                row |= changed.get(name or "Region", {})
            level = "authority" if name else "region"
            rows.append({"area_level": level, "la_code": code, "quarter": quarter} | row)
    return pd.DataFrame(rows)


def _cost(la_code: str, children: int, middle: float, kind: str = "foster") -> dict:
    few = children < 5
    prices = [None] * 3 if few else [middle - 50, middle, middle + 50]
    names = [f"{n}_gbp_per_week" for n in ("lower_quartile", "median", "upper_quartile")]
    return {
        "la_code": la_code,
        "placement_type": kind,
        "provider_sector": "own provision",
        "first_quarter": "2025Q2",
        "last_quarter": "2026Q1",
        "children": children,
        "is_suppressed": few,
    } | dict(zip(names, prices, strict=True))


def _figures(measures: pd.DataFrame | None = None, costs: list[dict] | None = None) -> Figures:
    quality = [
        (code, dataset, table, period, "good")
        for code in LAS
        for dataset, table, period in (
            ("placements", "rcc", "2025Q4"),
            ("ssda903", "episodes", "2026"),
        )
    ]
    columns = ["la_code", "dataset", "table_name", "period", "standing"]
    return Figures(
        dict(LAS),
        _measures() if measures is None else measures,
        pd.DataFrame(costs or [_cost(c, 12, 540 + 40 * n) for n, c in enumerate(LAS)]),
        pd.DataFrame(quality, columns=columns),
        datetime(2026, 4, 30),
        "0.1.0",
        True,
    )


def _html(figures: Figures, view: View) -> str:
    return report._html(load_settings(), figures, view)


def _shares(figures: Figures, view: View, picture: int = 0) -> dict[str, tuple[str, ...]]:
    table = sections(figures, view)[0].pictures[picture].table
    return {name: cells for name, *cells in table.rows}


def test_the_last_four_quarters_are_added_up_and_rounded_to_five():
    measures = _measures(Devon={"over_20_miles": 13, "distance_known": 44})
    # By hand: 10 + 10 + 10 + 13 = 43 of 40 + 40 + 40 + 44 = 164; to the five 45 of 165.
    assert _shares(_figures(measures), View())["Devon"] == ["45", "165", "27%"]
    assert sections(_figures(measures), View())[0].period == "April 2025 to March 2026"


@pytest.mark.parametrize("few", [1, 2, 3, 4, 5])
def test_the_page_does_not_depend_on_a_count_that_is_withheld(few):
    def page(count: int, view: View) -> str:
        measures = _measures()
        of_devon = measures["la_code"] == "E10000008"
        measures.loc[of_devon, ["over_20_miles", "supported"]] = 0
        last = of_devon & (measures["quarter"] == QUARTERS[-1])
        measures.loc[last, ["over_20_miles", "supported"]] = count
        costs = [_cost(c, 12, 600) for c in LAS] + [_cost("E10000008", count, 7000, "residential")]
        return _html(_figures(measures, costs), view)

    for view in (View(), View("E10000008", False)):
        html = page(few, view)
        assert html == page(3, view)
        assert TOO_FEW in html
        assert html != page(0, view)


def test_all_but_a_few_are_withheld_too():
    measures = _measures()
    measures.loc[measures["la_code"] == "E10000008", "over_20_miles"] = 39
    assert set(_shares(_figures(measures), View())["Devon"]) == {TOO_FEW}


def test_what_the_mart_withheld_in_one_quarter_is_withheld_for_the_year():
    measures = _measures(Devon={"over_20_miles": None})
    assert set(_shares(_figures(measures), View())["Devon"]) == {TOO_FEW}


def test_an_edition_shows_nothing_of_another_la():
    view = View("E10000008", sees_others=False)
    plain = _html(_figures(), view)
    for other in ("Cornwall", "Dorset"):
        assert other not in plain
    changed = _measures(Cornwall={"over_20_miles": 30, "distance_known": 31, "foster": 1})
    costs = [_cost("E10000008", 12, 540), _cost("E06000052", 3, 0), _cost("E06000059", 90, 9999)]
    assert _html(_figures(changed, costs), view) == plain
    seen = _html(_figures(), View("E10000008", sees_others=True))
    assert "Cornwall" in seen


def test_an_edition_shows_the_region_only_where_it_is_more_than_two_las():
    view = View("E10000008", sees_others=False)
    assert set(_shares(_figures(), view)) == {"Region", "Devon"}
    two = _measures()
    two = two[two["la_code"] != "E06000059"]
    figures = replace(_figures(two), las={c: n for c, n in LAS.items() if n != "Dorset"})
    assert set(_shares(figures, view)) == {"Devon"}
    assert set(_shares(figures, View())) == {"Region", "Devon", "Cornwall"}


def test_standing_is_the_worst_of_what_was_sent_for_the_period():
    figures = _figures()
    worse = [
        ("E10000008", "placements", "rcc", "2025Q2", "use with care"),
        ("E10000008", "placements", "rcc", "2025Q1", "not fit"),  # before the period
        ("E06000052", "ssda903", "reviews", "2026", "not fit"),
        ("E06000059", "ssda903", "reviews", "2025", "not fit"),  # of the year before
    ]
    quality = pd.concat([figures.quality, pd.DataFrame(worse, columns=figures.quality.columns)])
    figures = replace(figures, las=LAS | {"E06000066": "Somerset"}, quality=quality)
    living, cost = sections(figures, View())
    assert [(s.la_name, s.level, s.why) for s in living.standings] == [
        ("Devon", "use with care", "1 of its 3 tables"),
        ("Cornwall", "not fit", "1 of its 3 tables"),
        ("Dorset", "fit", ""),
        ("Somerset", "nothing received", ""),
    ]
    of_devon = sections(figures, View("E10000008", sees_others=False))[0].standings
    assert [(s.la_name, s.level, s.why) for s in of_devon] == [
        ("Devon", "use with care", "1 of its 3 tables"),
        ("the region as a whole", "not fit", ""),
    ]
    assert [s.level for s in cost.standings] == [
        "use with care",
        "fit",
        "fit",
        "nothing received",
    ]


def test_an_la_with_fewer_than_four_quarters_is_named():
    measures = _measures()
    gone = (measures["la_code"] == "E06000052") & (measures["quarter"] > "2025Q3")
    living = sections(_figures(measures[~gone]), View())[0]
    assert "Not all four quarters have placements: Cornwall (2)." in living.caveats


def test_with_nothing_in_the_warehouse_it_says_so():
    figures = _figures()
    empty = replace(
        figures,
        measures=figures.measures.iloc[:0],
        costs=figures.costs.iloc[:0],
        quality=figures.quality.iloc[:0],
    )
    for view in (View(), View("E10000008", False)):
        html = _html(empty, view)
        assert "<svg" not in html
        assert html.count("There is nothing to show yet.") == 4


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    """A home without a warehouse, where reading one gives the figures of this module."""
    monkeypatch.setenv("COMMON_CORE_HOME", str(tmp_path))
    monkeypatch.setattr("pipeline.reports.region.sections.read_figures", lambda *_: _figures())
    found = load_settings()
    authorities = tuple(a for a in found.region.authorities if a.code in LAS)
    return replace(found, region=replace(found.region, authorities=authorities))


def test_a_report_stands_only_when_all_of_it_was_made_from_this_warehouse(settings, monkeypatch):
    monkeypatch.setattr(report, "published_state", lambda _: "one")
    assert not report_stands(settings, "one")
    pages = write_region_report(settings)
    assert [p.relative_to(settings.reports).as_posix() for p in pages] == [
        "region/index.html",
        "E10000008/region_report.html",
        "E06000052/region_report.html",
        "E06000059/region_report.html",
    ]
    assert report_stands(settings, "one")
    assert not report_stands(settings, "two")
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
    with pytest.raises(FileNotFoundError, match="no published warehouse"):
        write_region_report(settings)


def test_drawing_is_loaded_only_to_draw():
    code = "import json, sys, pipeline.reports.region.report; print(json.dumps([*sys.modules]))"
    ended = run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, check=True)
    assert not {"altair", "vl_convert", "pipeline.reports.region.sections"} & set(
        json.loads(ended.stdout)
    )
