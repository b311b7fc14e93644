"""The business case, scenarios and what is asked later: one model, over a whole forecast."""

import datetime as dt
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import run, trials
from pipeline.forecast.business_case import (
    Place,
    few_in,
    new_bed_row,
    summary_row,
    without_forecast,
    year_rows,
)
from pipeline.forecast.new_home import Now
from pipeline.forecast.new_home_answer import Question, answer, last_month
from pipeline.forecast.new_home_rows import stored_market
from pipeline.forecast.prices import PriceDraws
from pipeline.forecast.run import make_forecast
from pipeline.forecast.scenario_file import Scenario
from pipeline.forecast.small_numbers import INSIDE, LEAST, OUTSIDE
from pipeline.options import Option
from pipeline.region import Authority, Region
from pipeline.reports.editions import rows_of
from pipeline.reports.region.case import read_case, the_case_for_new_homes
from pipeline.reports.region.words import pounds
from pipeline.withheld import withheld_words
from tests.forecast.histories import History, built, history
from tests.forecast.made_up import change
from tests.forecast.test_new_home import market, option
from tests.rendered import model

BIG = "E99000001"  # an authority with enough children of each type
ROUNDED = 500  # half of what a month's pounds of a scenario are rounded to


def asked(**changed: object) -> Option:
    """Ten foster carers in the big authority, in the second month of the forecast."""
    usual = {
        "option": "Ten carers", "placement_type": "foster", "beds": 10, "area_code": BIG,
        "capital_gbp": Decimal(40_000), "running_cost_gbp_per_year": Decimal(60_000),
        "staffing_gbp_per_year": Decimal(120_000), "opens": dt.date(2026, 5, 1),
        "ramp_up_months": 6, "lifetime_years": 3,
    }  # fmt: skip
    return Option(**(usual | changed))


@pytest.fixture(scope="module")
def known() -> History:
    return history()


def forecast(known: History, draws: int, scenarios=(), options=(), rise: float = 0.0):
    """The forecast whole, with prices that rise by so much a year and do not wander."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "DRAWS", draws)
        patch.setattr(trials, "DRAWS", 10)
        patch.setattr(
            run, "draw_prices",
            lambda prices, size, seed: PriceDraws(
                np.full((size, len(prices.types)), rise),
                np.zeros((size, len(prices.las), len(prices.types))),
            ),
        )  # fmt: skip
        connection = built(known)
        connection.execute("create schema inside_staging")
        for name in ("int_demand_shown", "int_rates_shown"):
            exact = model(f"marts/forecast/{name}.sql", edition="inside")
            connection.execute(f"create table inside_staging.{name} as {exact}")
        make_forecast(connection, scenarios, (), options, (OUTSIDE, INSIDE))
    return connection


def of_scenario(connection: duckdb.DuckDBPyConnection, name: str, kind: str = "all"):
    return connection.execute(
        "select * from inside_forecast.scenario where scenario = $name and la_code = $la and "
        "placement_type = $kind order by month_end",
        {"name": name, "la": BIG, "kind": kind},
    ).df()


@pytest.mark.parametrize("rise", [0.0, 0.06])
def test_the_scenario_and_the_business_case_of_an_option_agree_to_the_rounding(known, rise):
    """Of one draw the median is the mean. Months of the scenario, in prices of their time, make up
    the years of the case, in prices of now."""
    with forecast(known, 1, options=[asked()], rise=rise) as connection:
        months = of_scenario(connection, "Option: Ten carers")
        years = connection.execute("from inside_forecast.business_case order by year").df()
    assert len(years) == 4
    spent = months["spend_difference_median_gbp_per_month"].to_numpy(float)
    assert np.abs(spent).max() > 5_000
    prices = np.exp(rise * np.arange(1, 25) / 12)
    first_year = (-spent / prices)[1:13].sum()
    found = years.set_index("year")["net_cash_mean_gbp"]
    assert float(found[1]) == pytest.approx(first_year, abs=12 * ROUNDED)
    assert float(found[0]) == -40_000
    assert not spent[:1].any()  # before it opens
    assert (months["difference_median"] == 0).all()  # nobody more or fewer is in care


def test_parts_of_a_year_add_up_and_years_to_the_worth(known):
    with forecast(known, 40, options=[asked()]) as connection:
        years = connection.execute("from inside_forecast.business_case order by year").df()
        years["net_cash_mean_gbp"] = years["net_cash_mean_gbp"].astype(float)
        summary = connection.execute("from inside_forecast.business_case_summary").df().iloc[0]
    parts = years[["saved_mean_gbp", "left_mean_gbp"]].astype(float).sum(axis=1) - years[
        ["running_cost_mean_gbp", "staffing_mean_gbp", "capital_gbp"]
    ].astype(float).sum(axis=1)
    assert parts.to_numpy() == pytest.approx(years["net_cash_mean_gbp"].to_numpy(), abs=3)
    assert float(years["present_value_mean_gbp"].astype(float).sum()) == pytest.approx(
        float(summary["npv_mean_gbp"]), abs=5
    )
    worth = [float(summary[f"npv_{end}_gbp"]) for end in ("lower_80", "mean", "upper_80")]
    assert worth == sorted(worth)
    # Staff and running cost are paid whoever lives there, and there are both reasons to build.
    ratio = float(years["staffing_mean_gbp"].iloc[1]) / float(
        years["running_cost_mean_gbp"].iloc[1]
    )
    assert ratio == pytest.approx(2, rel=1e-4)
    assert summary["children_bought"] > 0


def test_what_is_asked_later_is_what_a_scenario_says(known):
    carers = Scenario("Carers", (change("foster carers", 10, la_code=BIG, ramp_months=3),))
    with forecast(known, 1, scenarios=[carers], rise=0.03) as connection:
        months = of_scenario(connection, "Carers")["spend_difference_median_gbp_per_month"]
        said = answer(connection, BIG, Question("foster", 10, 12 * 2026 + 5, 3))
        assert last_month(connection) == 12 * 2028 + 3
        assert answer(connection, "E00000000", Question("foster", 10)) is None
    assert said.saved[0] == pytest.approx(-months.astype(float).tail(12).mean(), abs=ROUNDED)
    assert said.live_there[0] <= 9 + 1e-9


def test_nobody_counts_twice_in_a_scenario_of_several_homes(known):
    """Four times as many places as there are children: all of them live there, once."""
    rows = [change("foster carers", 400, la_code=BIG, ramp_months=n) for n in range(4)]
    with forecast(known, 1, scenarios=[Scenario("Many", tuple(rows))]) as connection:
        there = stored_market(connection, BIG, "foster")
        saved = of_scenario(connection, "Many", "foster")
    cash = -float(saved["spend_difference_median_gbp_per_month"].iloc[-1])
    most = float((there.bought * there.bought_gbp)[0, -1] * 31)
    assert 0 < cash <= most


def test_a_region_without_a_forecast_has_every_option_and_says_so(known):
    short = known
    for la in known.years:
        short = short.sent(la)  # nothing
    with built(short) as connection:
        make_forecast(connection, (), (), [asked(), asked(option="Other", area_code="E00000000")])
        summary = connection.execute("from forecast.business_case_summary order by option").df()
        assert connection.execute("select count(*) from forecast.new_beds").fetchall() == [(0,)]
    assert list(summary["option"]) == ["Other", "Ten carers"]
    assert summary["npv_mean_gbp"].isna().all()
    assert summary["statement"].str.contains("There is no forecast of").all()
    assert (summary["withheld"] == "").all()


def test_the_report_says_what_the_business_case_says(known):
    """To the rounding, of every option and area, as the page has it."""
    authorities = tuple(Authority(la, f"Authority {la}", la) for la in known.years)
    region = Region("Test", True, BIG, authorities, las_see_each_other=True)
    options = [asked(), asked(option="Home", placement_type="residential", beds=3)]
    with forecast(known, 40, options=options) as connection:
        figures = read_case(connection, lambda mart: f"(from inside_{mart})")
        summaries = connection.execute("from inside_forecast.business_case_summary").df()
        new_beds = connection.execute("from inside_forecast.new_beds").df()
        outside = read_case(connection, rows_of(connection, region, None))
    bought, worth, served = the_case_for_new_homes(figures, ()).pictures
    rows = {row[0]: row[1:] for row in worth.table.rows}
    benefits = {row[0]: row[-1] for row in served.table.rows}
    assert len(summaries) == len(rows) == 2
    for one in summaries.itertuples():
        money = (one.npv_mean_gbp, one.npv_lower_80_gbp, one.npv_upper_80_gbp)
        assert rows[one.option][:3] == tuple(pounds(float(gbp)) for gbp in money)
        assert benefits[one.option] == pounds(float(one.benefit_mean_gbp))
        assert one.statement.split(" In cash ")[1].startswith(
            "it saves" if one.npv_mean_gbp > 0 else "it costs"
        )
    told = {row[0]: row[1:] for row in bought.table.rows}
    assert len(told) == len(new_beds) == 3 * (len(known.years) + 1)
    region_row = new_beds[new_beds["la_code"].isna() & (new_beds["placement_type"] == "foster")]
    spent = float(region_row["spend_on_bought_median_gbp_per_year"].iloc[0])
    assert told["Foster care, Region"][3] == pounds(spent)
    assert the_case_for_new_homes(outside, ()).pictures  # what is withheld is refused, or marked


NOW = Now(
    np.array([[0, 12]]), np.array([[[0, 9], [0, 0]]]), np.array([[0, 2]]), np.array([[0, 3]]),
    np.array([20]), np.array([5]),
)  # fmt: skip


def place(**changed: object) -> Place:
    return Place(**({"la": 0, "kind": 1, "la_code": "A", "area_name": "Alpha",
                     "is_synthetic": True, "few": False} | changed))  # fmt: skip


def summarised(market_, now: Now = NOW, few: bool = False, exact: bool = True, **given) -> dict:
    edition = INSIDE if exact else OUTSIDE
    return summary_row(option(**given), place(few=few), market_, now, edition)


def test_what_is_known_is_told_in_words():
    row = summarised(market(12, (9, 0), draws=50))
    said = row["statement"]
    assert "In Alpha 12 children live in bought beds of residential care now" in said
    assert "9 children live elsewhere though residential care alone was recommended" in said
    assert "Not counted, for they are not in care: 2" in said
    assert "benefit to them, and saves nothing" in said
    assert "25% have a price" in said
    assert (row["share_of_prices_known"], row["share_of_needs_not_known"]) == (0.25, 0.25)
    assert (
        row["npv_lacking_first_mean_gbp"] < row["npv_mean_gbp"] < row["npv_bought_first_mean_gbp"]
    )


@pytest.mark.parametrize(
    ("a_night", "words"),
    [(2_000, "saves"), (100, "costs"), (675, "it may be either")],
)
def test_it_saves_or_costs_as_the_figures_say(a_night, words):
    row = summarised(market(40, draws=400, bought_gbp=np.full((400, 24), float(a_night))))
    assert words in row["statement"]
    assert ("it may be either" in row["statement"]) == (
        row["npv_lower_80_gbp"] <= 0 <= row["npv_upper_80_gbp"]
    )
    assert ("In cash it saves" in row["statement"]) == (row["npv_mean_gbp"] > 0)
    paid_back = row["payback_years"]
    assert (paid_back is None) == (row["npv_mean_gbp"] < 0)


def test_a_home_that_nobody_needs_stays_empty_and_its_costs_are_told():
    nobody = Now(*(np.zeros_like(of) for of in vars(NOW).values()))
    row = summarised(market(0), nobody)
    assert "it would stay empty" in row["statement"]
    assert row["npv_mean_gbp"] < -10_000_000
    assert row["share_of_prices_known"] is None


def test_without_a_price_nothing_is_valued_and_nothing_is_zero():
    row = summarised(market(12, bought_gbp=np.full((2, 24), np.nan)))
    assert row["npv_mean_gbp"] is None
    assert row["chance_of_saving"] is None
    assert "not known" in row["statement"]
    assert row["withheld"] == ""


def test_where_few_are_behind_it_figures_are_withheld_outside_and_exact_inside():
    few = Now(np.array([[0, LEAST - 1]]), NOW.lacking, NOW.waiting, NOW.known_prices, NOW.asked,
              NOW.not_known)  # fmt: skip
    assert few_in(few, 0, 1)
    assert not few_in(NOW, 0, 1)
    assert not few_in(NOW, 0, 0)  # nobody is not few
    inside = summarised(market(7, (9, 0)), few, few=True)
    outside = summarised(market(7, (9, 0)), few, few=True, exact=False)
    assert inside["children_bought"] == LEAST - 1
    hidden = set(withheld_words(outside["withheld"]))
    assert {"children_bought", "npv_mean_gbp", "benefit_mean_gbp", "chance_of_saving"} <= hidden
    assert all(outside[name] is None for name in hidden)
    assert "Too few children of Alpha" in outside["statement"]
    assert not any(letter.isdigit() for letter in outside["statement"])
    years = pd.DataFrame(year_rows(option(), place(few=True), market(7), OUTSIDE))
    assert years["net_cash_mean_gbp"].isna().all()
    rounded = summarised(market(12, (9, 0)), exact=False)
    assert (rounded["children_bought"], rounded["npv_mean_gbp"] % 10_000) == (10, 0)


def test_outside_no_row_shows_a_count_of_few_nor_a_region_of_few():
    """Twelve in bought beds and nine who lack it are shown; two who wait are not. With three who
    lack it in two areas together, the region's row is as withheld as theirs."""
    one = summarised(market(12, (9, 0)), exact=False)
    assert withheld_words(one["withheld"]) == {"children_waiting": "too few"}
    assert one["children_waiting"] is None
    assert "Not counted" not in one["statement"]
    assert "10 children live in bought beds" in one["statement"]
    both = Now(
        np.array([[0, 12], [0, 9]]), np.array([[[0, 2], [0, 0]], [[0, 1], [0, 0]]]),
        np.zeros((2, 2)), np.zeros((2, 2)), np.array([20, 9]), np.zeros(2),
    )  # fmt: skip
    places = [place(few=True), place(la=1, la_code="B", few=True)]
    markets = [market(12, (2, 0)), market(9, (1, 0))]
    outside = new_bed_row(places, markets, both, OUTSIDE)
    assert all(outside[name] is None for name in withheld_words(outside["withheld"]))
    assert "children_lacking" in withheld_words(outside["withheld"])
    inside = new_bed_row(places, markets, both, INSIDE)
    assert (inside["children_bought"], inside["children_lacking"]) == (21, 3)
    assert inside["withheld"] == ""
    assert inside["bought_median"] == pytest.approx(21)
    spent = (12 + 9) * 770 * 365.25
    assert inside["spend_on_bought_median_gbp_per_year"] == pytest.approx(spent, abs=1)
    assert inside["bought_gbp_per_week"] == 5_390


def test_an_area_without_a_forecast_is_no_zero():
    row = without_forecast(option(), place(area_name="Beta"))
    assert "There is no forecast of Beta" in row["statement"]
    assert "npv_mean_gbp" not in row
