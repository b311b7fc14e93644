"""The sections on the forecast: what they say, what they withhold, and what they do not draw."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from pipeline.forecast.backtest import HORIZONS
from pipeline.reports.region.charts.backtest import COLOURS, SHAPES, coverage
from pipeline.reports.region.charts.forecast import FORECAST
from pipeline.reports.region.charts.forecast_spend import coming_bridge
from pipeline.reports.region.charts.picture import STEPS, Picture
from pipeline.reports.region.charts.scenario import MOST_SCENARIOS
from pipeline.reports.region.forecast import (
    Forecast,
    areas_shown,
    forecast_sections,
    how_sure_it_is,
    read_forecast,
    what_if,
    what_it_will_cost,
    what_will_be_needed,
)
from pipeline.reports.region.page import Page, Section, Standing, render
from pipeline.reports.region.words import TOO_FEW
from pipeline.settings import PROJECT
from pipeline.withheld import withheld_text
from tests.reports.region import made_up_forecast
from tests.reports.region.legible import assert_legible
from tests.reports.region.made_up_forecast import LAS, REGION, frames, published, read

DEVON, CORNWALL, DORSET = LAS
STANDINGS = (Standing("Devon", "fit"),)
LOW_COVERAGE = "In the past its 80% range held what came in 61% of cases; 75% are needed."
COUNTED_LINE = re.compile(r'<path d="([^"]+)" stroke="#1b1b1b" stroke-width="2.2"')
LITTLE = "Only 11 months are covered; 24 are needed."


def _sections(
    found: Forecast, own: str | None = None, las: dict[str, str] | None = None
) -> tuple[Section, ...]:
    return forecast_sections(found, own, LAS if las is None else las, STANDINGS, STANDINGS)


def _needed(found: Forecast, own: str | None = None) -> tuple[Section]:
    """The section on demand alone: drawing takes the most time."""
    areas = areas_shown(found, own, LAS)
    return (what_will_be_needed(found, areas, {}, "", STANDINGS),)


def _alone(section: Callable[..., Section], found: Forecast) -> tuple[Section]:
    """Another section alone, for the region."""
    return (section(found, areas_shown(found, None, LAS), "", STANDINGS),)


def _pictures(sections: Sequence[Section]) -> Iterator[Picture]:
    for section in sections:
        yield from section.pictures


def _picture(sections: Sequence[Section], title: str) -> Picture:
    return next(p for p in _pictures(sections) if p.title == title)


def _text(sections: Sequence[Section]) -> str:
    """All that a reader of the sections sees."""
    shown = []
    for section in sections:
        shown += [section.title, section.question, section.period, *section.caveats]
    for picture in _pictures(sections):
        shown += [picture.title, picture.says, picture.svg or "", picture.how_to_read]
        shown += [" ".join(row) for row in picture.table.rows] if picture.table else []
    return "\n".join(shown)


def _changed(frame: pd.DataFrame, rows: pd.Series, **to: object) -> pd.DataFrame:
    """The frame with other values in these rows."""
    out = frame.copy()
    for column, value in to.items():
        out.loc[rows, column] = value
    return out


def _few(kind: str, la_code: str, demand: pd.DataFrame) -> pd.DataFrame:
    """The demand with all figures of a type withheld."""
    rows = (demand["placement_type"] == kind) & (demand["la_code"] == la_code)
    history = rows & (demand["kind"] == "history")
    out = _changed(demand, history, children=None, withheld=f"children: {TOO_FEW}")
    withheld = dict.fromkeys(FORECAST) | {"withheld": withheld_text(FORECAST, TOO_FEW)}
    return _changed(out, rows & ~history, **withheld)


@pytest.fixture(scope="module")
def found() -> Forecast:
    return read(frames())


@pytest.fixture(scope="module")
def of_region(found: Forecast) -> tuple[Section, ...]:
    return _sections(found)


@pytest.fixture(scope="module")
def of_devon() -> tuple[Section, ...]:
    """As Devon sees it where LAs do not see each other."""
    return _sections(read(frames(), seen_by=DEVON), DEVON, {DEVON: "Devon"})


@pytest.fixture(scope="module")
def not_fit() -> tuple[Section, ...]:
    """The region's forecast is not fit, Cornwall has none, Dorset's needs care; Dorset reads."""
    levels = {REGION: "not fit", CORNWALL: "no forecast", DORSET: "use with care"}
    said = {REGION: LOW_COVERAGE, CORNWALL: LITTLE, DORSET: "The cohort is winding down."}
    return _sections(read(frames(levels, said)), DORSET)


def test_it_says_what_is_most_likely_and_between_what(found, of_region):
    rows = found.demand[found.demand["la_code"].isna() & (found.demand["age_band"] == "all")]
    last = rows[rows["month_end"] == rows["month_end"].max()].set_index("placement_type")
    all_of_it, homes = last.loc["all"], last.loc["residential"]
    says = _picture(of_region, "Children in care: Region").says
    assert says.startswith(
        f"In March 2028 the region will most likely have about {all_of_it['median']:,.0f} children "
        f"in care; 8 times out of 10 between {all_of_it['lower_80']:,.0f} and "
        f"{all_of_it['upper_80']:,.0f}. In March 2027: about "
    )
    by_type = _picture(of_region, "Children in care by type of home: Region").says
    assert (
        f"About {homes['median']:,.0f} children in residential care; 8 times out of 10 between "
        f"{homes['lower_80']:,.0f} and {homes['upper_80']:,.0f}."
    ) in by_type


def test_the_table_has_what_the_fan_shows(found, of_region):
    table = _picture(of_region, "Children in care: Region").table
    rows = {month: cells for month, *cells in table.rows}
    demand = found.demand[
        found.demand["la_code"].isna()
        & (found.demand["age_band"] == "all")
        & (found.demand["placement_type"] == "all")
    ]
    at = {row["month_end"].date(): row for row in demand.to_dict("records")}
    counted = at[date(2026, 3, 31)]
    assert rows["March 2026"] == [f"{counted['children']:,.0f}", "", "", "", ""]
    coming = at[date(2027, 12, 31)]
    assert rows["December 2027"] == [
        "",
        f"{coming['median']:,.0f}",
        *(f"{coming[f'lower_{w}']:,.0f} to {coming[f'upper_{w}']:,.0f}" for w in (95, 80, 50)),
    ]
    assert "May 2027" not in rows  # quarters' ends only


def test_the_sections_come_in_order_and_every_picture_can_be_read(of_region, of_devon):
    assert [s.title for s in of_region] == [
        "What will be needed",
        "How sure the forecast is",
        "What it will cost",
        "What if",
    ]
    for picture in [*_pictures(of_region), *_pictures(of_devon)]:
        assert picture.says
        assert "_" not in picture.says
        assert "nan" not in f"{picture.says} {picture.svg} {picture.table}".lower().split()
        if picture.svg:
            assert_legible(picture.svg)
            assert {len(r) for r in picture.table.rows} == {len(picture.table.headings)}


def test_an_authority_sees_its_own_and_the_region_and_nobody_elses(of_devon):
    titles = [p.title for p in of_devon[0].pictures]
    assert titles == [
        f"Children in care{what}: {area}"
        for area in ("Devon", "Region")
        for what in ("", " by type of home", " by age")
    ]
    shown = _text(of_devon)
    assert "Cornwall" not in shown
    assert "Dorset" not in shown


def test_authorities_stand_beside_each_other_only_where_they_are_shown(of_region, found):
    picture = of_region[0].pictures[-1]
    assert picture.title == "The authorities beside each other"
    assert [row[0] for row in picture.table.rows] == ["Devon", "Cornwall", "Dorset"]
    closed = _needed(found)
    assert all("beside each other" not in p.title for p in closed[0].pictures)


def test_a_forecast_that_is_not_fit_is_not_shown_and_its_statement_stands_there(not_fit):
    fan = _picture(not_fit, "Children in care: Region")
    assert fan.says.startswith(
        f"The forecast for the region is not fit to be shown. {LOW_COVERAGE}"
    )
    assert "In March 2026, as counted, the region had" in fan.says
    of_region = [p for p in _pictures(not_fit) if p.title.endswith(": Region")]
    assert len(of_region) == 5  # three fans, spend, what if
    for picture in of_region:
        shown = f"{picture.says} {picture.svg} {picture.table}"
        assert "most likely" not in shown
        assert "2027" not in shown
        assert "2028" not in shown
        assert not any(colour in (picture.svg or "") for colour in STEPS[1:])
    assert _picture(not_fit, "Spend by financial year: Region").svg is None
    assert LOW_COVERAGE in _picture(not_fit, "Spend by financial year: Region").says
    assert any(
        f.startswith("In March 2028 Dorset will most likely") for f in _text(not_fit).split("\n")
    )


def test_a_forecast_to_be_used_with_care_says_so_beside_it(not_fit):
    for title in ("Children in care: Dorset", "Spend by financial year: Dorset",
                  "What scenarios change, in children: Dorset"):  # fmt: skip
        picture = _picture(not_fit, title)
        assert picture.svg
        assert "Use this forecast with care. The cohort is winding down." in picture.says


def test_who_has_no_forecast_is_named_with_the_reason(not_fit):
    standing = _picture(not_fit, "How far the forecast can be relied on")
    assert "Not fit: the region. No forecast: Cornwall. Fit: Devon. Use with care: Dorset." in (
        standing.says
    )
    assert f"Cornwall: {LITTLE}" in standing.says
    assert [row[0] for row in standing.table.rows] == ["Region", "Cornwall", "Devon", "Dorset"]
    beside = _picture(not_fit, "The authorities beside each other")
    assert [row[0] for row in beside.table.rows] == ["Devon", "Dorset"]
    assert "No forecast is shown for Cornwall" in beside.says


def test_an_area_without_a_standing_has_no_forecast(found):
    unknown = replace(found, standing=found.standing[found.standing["la_code"].notna()])
    sections = _needed(unknown)
    assert "There is no forecast for the region." in sections[0].pictures[0].says
    assert "most likely" not in f"{sections[0].pictures[0]}"


def test_with_empty_tables_it_says_that_there_is_no_forecast_yet():
    for own, las in ((None, LAS), (DEVON, {DEVON: "Devon"})):
        sections = _sections(read({}), own, las)
        assert [s.period for s in sections] == ["none yet"] * 4
        assert all(p.svg is None for p in _pictures(sections))
        assert "There is no forecast yet." in sections[0].pictures[0].says
        assert all("no forecast" in s.pictures[0].says for s in sections)


def test_without_any_forecast_the_statement_says_why():
    rows = frames(dict.fromkeys((REGION, *LAS), "no forecast"), {REGION: LITTLE, DEVON: LITTLE})
    alone = {"standing": rows["standing"]}
    sections = _sections(read(alone), DEVON)
    assert sections[0].pictures[0].says == (
        f"There is no forecast yet. There is no forecast for Devon. {LITTLE}"
    )
    assert all(p.svg is None for p in _pictures(sections))


def test_what_is_withheld_is_said_and_not_drawn(of_devon):
    rows = frames()
    rows["demand"] = _few("supported", DEVON, rows["demand"])
    sections = _needed(read(rows), DEVON)
    by_type = _picture(sections, "Children in care by type of home: Devon")
    assert "Too few to show: Supported accommodation." in by_type.says
    assert "children in supported accommodation" not in by_type.says
    assert "Supported accommodation" not in by_type.svg
    at = by_type.table.headings.index("Supported accommodation")
    assert {row[at] for row in by_type.table.rows} == {TOO_FEW}
    everything = by_type.svg.count("mark-line")
    whole = _picture(of_devon, by_type.title)
    assert everything < whole.svg.count("mark-line")


def test_a_month_that_is_withheld_is_a_gap(of_region):
    rows = frames()
    demand = rows["demand"]
    some = (
        demand["la_code"].isna()
        & (demand["placement_type"] == "all")
        & (demand["age_band"] == "all")
        & (demand["month_end"] == date(2025, 3, 31))
    )
    rows["demand"] = _changed(demand, some, children=None, withheld=f"children: {TOO_FEW}")
    with_gap = _picture(_needed(read(rows)), "Children in care: Region")
    whole = _picture(of_region, "Children in care: Region")
    assert [p.count("M") for p in COUNTED_LINE.findall(whole.svg)] == [1]
    assert [p.count("M") for p in COUNTED_LINE.findall(with_gap.svg)] == [2]
    assert "Too few to show: All children, in some months." in with_gap.says
    assert ("March 2025", TOO_FEW, "", "", "", "") in with_gap.table.rows


def test_where_one_figure_is_withheld_all_of_its_row_are():
    rows = frames()
    demand = rows["demand"]
    total = (demand["placement_type"] == "all") & (demand["age_band"] == "all")
    last = demand["month_end"] == demand["month_end"].max()
    one = demand["la_code"].isna() & total & last
    rows["demand"] = _changed(demand, one, lower_95=None, withheld=f"lower_95: {TOO_FEW}")
    picture = _picture(_needed(read(rows)), "Children in care: Region")
    assert picture.table.rows[-1] == ("March 2028", "", *(TOO_FEW,) * 4)
    assert picture.says.startswith("In February 2028 the region will most likely have about")


def test_a_month_that_nobody_counted_is_a_gap_and_without_history_the_fan_stands_alone(found):
    total = (found.demand["age_band"] == "all") & (found.demand["placement_type"] == "all")
    some = found.demand["month_end"].isin(pd.to_datetime(["2025-03-31", "2025-04-30"]))
    missing = replace(found, demand=found.demand[total & ~some])
    picture = _picture(_needed(missing), "Children in care: Region")
    assert [p.count("M") for p in COUNTED_LINE.findall(picture.svg)] == [2]
    coming = replace(found, demand=found.demand[total & (found.demand["kind"] == "forecast")])
    picture = _picture(_needed(coming), "Children in care: Region")
    assert picture.says.startswith("In March 2028 the region will most likely have")
    assert COUNTED_LINE.findall(picture.svg) == []
    assert STEPS[1] in picture.svg


def test_a_withheld_row_with_a_figure_is_refused():
    rows = frames()
    demand = rows["demand"]
    rows["demand"] = _changed(demand, demand["kind"] == "forecast", withheld=f"median: {TOO_FEW}")
    with pytest.raises(ValueError, match="withheld rows still carry median"):
        _needed(read(rows))


def test_the_budget_is_a_mark_and_its_absence_is_said(of_region):
    title = "Spend by financial year: Region"
    given = _picture(of_region, title)
    assert (
        "below the budget of £134.5 million; 32% of the simulated futures cost more" in given.says
    )
    assert "budget £134.5 million" in given.svg
    rows = frames()
    rows["spend"] = rows["spend"].assign(budget_gbp=None, over_budget_probability=None)
    without = _picture(_alone(what_it_will_cost, read(rows)), title)
    assert "No budget is given." in without.says
    assert "budget £" not in without.svg
    assert without.svg.count("mark-rect") < given.svg.count("mark-rect")


def test_spend_without_a_price_or_of_too_few_is_said_and_not_nothing():
    rows = frames()
    names = [f"spend_{part}_gbp" for part in ("median", "lower_80", "upper_80")]
    none = dict.fromkeys([*names, "over_budget_probability"])
    spend = rows["spend"]
    unpriced = read({**rows, "spend": _changed(spend, spend["la_code"].isna(), **none)})
    picture = _picture(_alone(what_it_will_cost, unpriced), "Spend by financial year: Region")
    assert picture.says.startswith("No price is known, so that there is no forecast of spend.")
    assert picture.svg is None
    assert picture.table.rows[0][1:3] == ("no price known", "no price known")
    few = _changed(spend, spend["la_code"].isna(), **none, withheld=withheld_text(none, TOO_FEW))
    picture = _picture(
        _alone(what_it_will_cost, read({**rows, "spend": few})), "Spend by financial year: Region"
    )
    assert picture.says.startswith("Too few to show: 2026/27 and 2027/28.")
    assert picture.svg is None
    assert picture.table.rows[0][1:3] == (TOO_FEW, TOO_FEW)


def test_a_year_to_whose_end_the_forecast_does_not_reach_is_left_out():
    rows = frames()
    rows["demand"] = rows["demand"][rows["demand"]["month_end"] <= date(2028, 2, 29)]
    picture = _picture(_alone(what_it_will_cost, read(rows)), "Spend by financial year: Region")
    assert "Left out: 2027/28, which the forecast does not reach the end of." in picture.says
    assert {row[0][:7] for row in picture.table.rows} == {"2026/27"}


def test_the_bridge_adds_up_or_is_refused(of_region):
    title = "What will change spend: Region"
    whole = _picture(of_region, title)
    assert whole.says.startswith(
        "Spend will most likely go from £32.0 million (April 2025 to March 2026) to "
        "£37.0 million (April 2027 to March 2028): "
        "£5.0 million more. In it price adds £2.9 million (8 times out of 10 between "
    )
    rows = frames()
    after = rows["drivers"]["spend_after_gbp"] + 300_000
    off = read({**rows, "drivers": rows["drivers"].assign(spend_after_gbp=after)})
    with pytest.raises(ValueError, match="does not add up"):
        _alone(what_it_will_cost, off)
    frame = pd.DataFrame(
        {"step": ["before", "Mix", "after"], "amount_gbp": [100.0, 5.0, 106.0],
         "lower_gbp": [None, 1.0, None], "upper_gbp": [None, 9.0, None]}
    )  # fmt: skip
    with pytest.raises(ValueError, match="does not add up"):
        coming_bridge(frame, "Bridge", "2025/26", "2026/27")


def test_a_withheld_driver_withholds_the_bridge():
    rows = frames()
    few = rows["drivers"].assign(mix_mean_gbp=None, withheld=f"mix_mean_gbp: {TOO_FEW}")
    picture = _picture(
        _alone(what_it_will_cost, read({**rows, "drivers": few})), "What will change spend: Region"
    )
    assert picture.says == "Too few children to show."
    assert picture.svg is None


def test_a_scenario_is_shown_beside_the_forecast_without_it(of_region):
    children = _picture(of_region, "What scenarios change, in children: Region")
    assert (
        "With “Move 10 from residential to foster”: foster care +10 (8 times out of 10 between +8 "
        "and +12) and residential care \N{MINUS SIGN}9"
    ) in children.says
    assert "With “Inflation 5% residential”: all children no difference." in children.says
    money = _picture(of_region, "What scenarios change, in pounds a month: Region")
    assert money.says.startswith(
        "With “Entries 10% lower” in the region in March 2028: \N{MINUS SIGN}£214,000 a month (8 "
        "times out of 10 between \N{MINUS SIGN}£267,000 and \N{MINUS SIGN}£143,000)."
    )


def test_without_a_scenario_it_says_so():
    sections = _alone(what_if, read(frames(scenarios={})))
    assert [p.says for p in sections[0].pictures] == ["No scenario is given."]


def test_a_withheld_difference_is_said_and_one_without_a_price_too():
    rows = frames()
    scenario = rows["scenario"]
    move = scenario["scenario"].str.startswith("Move") & (scenario["placement_type"] == "foster")
    parts = ("median", "lower_80", "upper_80")
    few = dict.fromkeys([f"difference_{part}" for part in parts])
    unpriced = dict.fromkeys([f"spend_difference_{part}_gbp_per_month" for part in parts])
    changed = _changed(scenario, move, **few, withheld=withheld_text(few, TOO_FEW))
    changed = _changed(changed, scenario["scenario"].str.startswith("Open"), **unpriced)
    sections = _alone(what_if, read({**rows, "scenario": changed}))
    children = _picture(sections, "What scenarios change, in children: Region")
    assert "Too few to show: Move 10 from residential to foster, Foster care." in children.says
    assert ("Move 10 from residential to foster", "Foster care", TOO_FEW, TOO_FEW) in (
        children.table.rows
    )
    money = _picture(sections, "What scenarios change, in pounds a month: Region")
    assert "No price is known for Open a home with 6 beds." in money.says
    assert "Open a home" not in money.svg


def test_many_scenarios_are_all_in_the_table():
    names = {f"Scenario {n:02}": {"foster": n} for n in range(1, 31)}
    rows = frames(scenarios=names)
    rows = {**rows, "scenario": rows["scenario"][rows["scenario"]["la_code"].isna()]}
    money = _picture(
        _alone(what_if, read(rows)), "What scenarios change, in pounds a month: Region"
    )
    assert len(money.table.rows) == 30
    assert money.svg.count("Scenario") == MOST_SCENARIOS
    assert "25 more scenarios are in the table." in money.says


def test_markup_in_the_name_of_a_scenario_is_shown_as_text():
    nasty = "<script>alert('x')</script> & {{ 7 * 7 }} </svg>"
    found = read(frames(scenarios={nasty: {"foster": 3}}))
    sections = _alone(what_if, found)
    page = Page("Test", "For all.", True, (), "2026", "1 April 2026", "0", sections, ())
    html = render(page)
    assert "<script" not in html
    assert "49" not in re.sub(r"<svg.*?</svg>", "", html, flags=re.S)
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; {{ 7 * 7 }} &lt;/svg&gt;" in html


def test_a_simple_method_that_was_better_is_named(of_region, found):
    title = "How far forecasts were off in the past"
    best = _picture(of_region, title)
    assert best.says.startswith(
        "Looking back from 8 past days, the forecast of each type in the region was off by 2.0% of "
        "the children 12 months ahead and 2.8% of the children 24 months ahead. 12 months ahead, "
        "no simple method did better; the best of them (constant rates) was off by 2.3%."
    )
    assert len(best.table.rows) == 50  # levels, methods and months ahead
    ets = (found.backtest["method"] == "ets") & (found.backtest["horizon_months"] == 24)
    worse = replace(found, backtest=_changed(found.backtest, ets, wape=0.011))
    says = _picture(_alone(how_sure_it_is, worse), title).says
    assert "24 months ahead, better than this forecast: exponential smoothing (1.1%)." in says


def test_a_tie_is_told_as_such(found):
    ties = found.backtest["method"] == "last value"
    ours = found.backtest[found.backtest["method"] == "this forecast"]
    tied = replace(found, backtest=_changed(found.backtest, ties, wape=ours["wape"].to_numpy()))
    says = _picture(_alone(how_sure_it_is, tied), "How far forecasts were off in the past").says
    assert "better than this forecast" not in says
    assert "12 months ahead, no simple method did better; the best of them (last count" in says


def test_each_number_of_months_ahead_has_its_own_mark(found):
    ours = found.backtest[found.backtest["method"] == "this forecast"]
    four = pd.concat([ours.assign(horizon_months=ahead) for ahead in HORIZONS])
    four = four.drop_duplicates(["level", "horizon_months"])
    svg = coverage(four, "Coverage").svg
    assert len(HORIZONS) == len(set(COLOURS)) == len(set(SHAPES))
    assert all(colour in svg for colour in COLOURS)


@pytest.mark.parametrize(
    ("held", "judged"),
    [
        (0.8, "That is as often as the forecast says, or near it."),
        (0.6, "Less than 80% means that the forecast is surer than it should be there."),
        (0.95, "More than 80% means that it could be surer there."),
    ],
)
def test_coverage_is_put_beside_what_it_should_be(found, held: float, judged: str):
    ours = found.backtest["method"] == "this forecast"
    changed = replace(found, backtest=_changed(found.backtest, ours, coverage_80=held))
    picture = _picture(_alone(how_sure_it_is, changed), "How often what came lay within the range")
    assert f"12 months ahead, {held:.0%} did, whatever was forecast." in picture.says
    assert judged in picture.says


def test_where_counts_fell_in_the_draws_is_shown(of_devon, of_region):
    title = "Where what came lay in the range"
    assert "each type in each authority, 12 months ahead, 9%" in _picture(of_devon, title).says
    assert "each type in the region, 12 months ahead, 9%" in _picture(of_region, title).says
    assert len(_picture(of_region, title).table.rows) == 10


def test_every_table_is_read_through_the_readers_rows():
    asked = []

    def rows(mart: str) -> str:
        asked.append(mart)
        return f"(from {mart} where false)"

    with published(frames()) as connection:
        found = read_forecast(connection, rows)
    assert asked == [f"forecast.{name}" for name in vars(found)]
    assert all(frame.empty for frame in vars(found).values())
    assert made_up_forecast.frames().keys() == vars(found).keys()


def _queries() -> list[str]:
    """The queries of the analyst's page that read the forecast."""
    page = (PROJECT / "docs" / "analyst.md").read_text(encoding="utf-8")
    return [q for q in re.findall(r"```sql\n(.*?)```", page, re.S) if "from forecast." in q]


def test_the_analysts_queries_run_on_a_forecast_on_a_statement_alone_and_on_nothing():
    rows = frames()
    assert len(_queries()) == 3
    for given, least in ((rows, 8), ({"standing": rows["standing"]}, 1), ({}, 0)):
        with published(given) as connection:
            for query in _queries():
                answer = connection.execute(query).fetchall()
                assert len(answer) >= least
                assert given or not answer


def test_the_region_is_shown_to_nobody_where_fewer_than_three_authorities_are_in_it():
    rows = frames()
    two = {name: frame.assign(authorities=2) for name, frame in rows.items()}
    found = read(two, seen_by=DEVON)
    assert all(frame["la_code"].notna().all() for frame in vars(found).values())
    sections = _sections(found, DEVON, {DEVON: "Devon"})
    assert not any("Region" in picture.title for picture in _pictures(sections))
    assert "There is no backtest yet." in {p.says for p in _pictures(sections)}
