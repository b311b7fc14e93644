"""What children cost by month and by period, worked out by hand; and what must always hold."""

import dataclasses
import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forecast.budget_file import BudgetLine
from pipeline.forecast.nights import BOUGHT, OWN
from pipeline.forecast.periods import days_in, periods_reached
from pipeline.forecast.prices import PriceDraws, draw_prices
from pipeline.forecast.scenario_file import Change
from pipeline.forecast.spend import (
    KNOWN_MONTHS,
    Area,
    Months,
    SpendRow,
    missing_history,
    spend_by_month,
    spend_rows,
    with_totals,
)
from pipeline.forecast.tables import SPEND
from pipeline.withheld import withheld_words
from tests.forecast.made_up_nights import (
    ORIGIN,
    TYPES,
    children_of,
    nights_of,
    no_surprise,
    prices_of,
)

FOSTER, RESIDENTIAL, SUPPORTED, OTHER = range(4)
AREAS = (Area("A", "Ayshire", False), Area("B", "Beeshire", True))
PRICES = np.array([[60, 150, 0], [700, 800, 0], [200, 200, 0], [100, 100, 0]])
SHARES = np.array([[0.5, 0.5, 0], [0.25, 0.75, 0], [0, 1, 0], [0, 0.2, 0.8]])
ALL_SHOWN = np.ones((3, 5), bool)


def change(kind: str, number: float, **cells) -> Change:
    """A row of a scenario, of all areas, types and days from April 2026 but for the cells."""
    usual = dict.fromkeys(("la_code", "age_band", "from_type", "to_type", "end"))
    usual |= {"start": dt.date(2026, 4, 1), "ramp_months": 0, "price_gbp_per_week": None}
    return Change(kind=kind, number=Decimal(str(number)), row=2, **(usual | cells))


def spent(stock: np.ndarray, prices=None, cells=None, price_draws=None, **scenario):
    """Months of children at month-ends, shape (draws, las, months, types)."""
    prices = prices or prices_of(PRICES, SHARES)
    price_draws = price_draws or no_surprise(prices, len(stock))
    nights = nights_of(cells or {}, prices.las, origin=prices.origin)
    draws = children_of(stock, prices.las, prices.origin)
    return spend_by_month(draws, nights, prices, price_draws, **scenario)


def lives(children: int, months: int, of_type: int = FOSTER, las: int = 2) -> np.ndarray:
    """So many children of a type in the first authority at all month-ends, in one draw."""
    stock = np.zeros((1, las, months + 1, len(TYPES)), int)
    stock[:, 0, :, of_type] = children
    return stock


def of_foster(months: Months) -> np.ndarray:
    """Pounds for foster care of A in the first draw, of each month of the forecast."""
    return months.pounds[0, 0, FOSTER, KNOWN_MONTHS:]


def random_region(seed: int, draws: int = 3, months: int = 15) -> tuple:
    """Children, prices and their draws of two authorities, as chance has it."""
    rng = np.random.default_rng(seed)
    prices = prices_of(
        rng.uniform(20, 900, (2, 4, 3)), rng.dirichlet(np.ones(3), (2, 4)), ratio=rng.uniform(1, 2)
    )
    drawn = PriceDraws(rng.normal(0.03, 0.05, (draws, 4)), rng.normal(0, 0.1, (draws, 2, 4)))
    return rng.poisson(rng.uniform(0, 30), (draws, 2, months + 1, 4)), prices, drawn


def test_a_month_is_the_mean_of_its_ends_times_days_times_price():
    """10 and 20 children over April's 30 days, 2% more nights than that, half of them at £60 and
    half at £150, which have risen by one month of 12% a year."""
    stock = lives(10, 1)
    stock[0, 0, 1, FOSTER] = 20
    prices = prices_of(PRICES, SHARES, ratio=1.02, rise=0.12)
    months = spent(stock, prices)
    assert months.nights[0, 0, FOSTER, KNOWN_MONTHS] == pytest.approx(15 * 30 * 1.02)
    expected = 15 * 30 * 1.02 * 105 * np.exp(0.01)
    assert months.pounds[0, 0, FOSTER, KNOWN_MONTHS] == pytest.approx(expected)
    assert months.pounds[0, 1].sum() == 0


def test_a_mean_price_wanders_with_the_root_of_time():
    """For four months when the origin comes, and so for 12 and 24 in the 8th and the 20th month."""
    wandering = np.zeros((1, 2, 4))
    wandering[0, 0, FOSTER] = 0.2
    drawn = PriceDraws(np.zeros((1, 4)), wandering)
    months = spent(lives(10, 20), price_draws=drawn)
    usual = spent(lives(10, 20))
    ratio = of_foster(months) / of_foster(usual)
    assert ratio[[7, 19]] == pytest.approx(np.exp([0.2, 0.2 * np.sqrt(2)]))


def test_nights_that_are_history_are_counted_and_cost_what_the_mart_of_spend_says():
    """31 nights of March at £1,760, of which 10 at £500 are known; 30 of April before. A year and a
    month before the origin is not asked for, whatever prices are forecast."""
    cells = {
        ("A", 0, "foster", "own provision"): (31, 10, 500, 1760),
        ("A", 11, "foster", "bought"): (30, 0, 0, 4000),
        ("A", 12, "foster", "bought"): (9999, 9999, 9999, 9999),
    }
    months = spent(lives(0, 1), prices_of(PRICES, SHARES, rise=0.12), cells)
    assert months.nights[0, 0, FOSTER, KNOWN_MONTHS - 1] == 31
    assert months.pounds[0, 0, FOSTER, KNOWN_MONTHS - 1] == pytest.approx(1760)
    assert months.pounds[0, 0, FOSTER, 0] == pytest.approx(4000)
    assert months.nights[0].sum() == 61


def test_months_that_are_not_covered_are_not_nothing():
    prices = prices_of(PRICES, SHARES)
    nights = nights_of({("A", 0, "foster", "bought"): (31, 0, 0, 0)}, months=24)
    nights.covered[1, -6:-4] = False
    stock = lives(10, 12)
    months = spend_by_month(children_of(stock), nights, prices, no_surprise(prices, 1))
    assert np.isnan(months.pounds[0, 1, :, 6:8]).all()
    assert np.isnan(months.pounds).sum() == 2 * len(TYPES) == np.isnan(months.nights).sum()
    said = missing_history(nights)
    assert list(said) == ["B"]
    assert "October 2025 to November 2025" in said["B"]
    # Files that begin two months before the origin say nothing of the ten before that.
    late = nights_of({("A", 0, "foster", "bought"): (31, 0, 0, 0)}, months=2)
    months = spend_by_month(children_of(stock), late, prices, no_surprise(prices, 1))
    assert np.isnan(months.pounds[0, 0, FOSTER, :10]).all()
    assert months.pounds[0, 0, FOSTER, 10] == 0
    assert "April 2025 to January 2026" in missing_history(late)["A"]


def test_without_prices_spend_is_null_and_nights_are_not():
    per_night = np.where(np.arange(4)[:, None] == OTHER, np.nan, PRICES)
    stock = lives(20, 12, OTHER) + lives(10, 12)
    rows = spend_rows(spent(stock, prices_of(per_night, SHARES)), AREAS, (), ALL_SHOWN)
    year = {r.placement_type: r for r in rows if r.la_code == "A" and r.period == "2026/27"}
    assert year["other"].nights_median == 7300  # 20 x 365
    assert year["other"].spend_median_gbp is None
    assert year["other"].withheld == ""
    assert year["all"].spend_median_gbp == year["foster"].spend_median_gbp == 380_000
    assert year["all"].nights_median == 3700  # 10 x 365 that have a price, to the nearest 100
    nothing = spend_rows(
        spent(stock, prices_of(np.full((4, 3), np.nan), SHARES)), AREAS, (), ALL_SHOWN
    )
    assert {r.spend_median_gbp for r in nothing} == {None}
    assert nothing[-1].nights_median == 11000  # 30 x 365


def test_inflation_takes_the_place_of_the_rise_where_and_while_it_holds():
    """6% for May and June; before and after that 12% in logarithms."""
    prices = prices_of(PRICES, SHARES, rise=0.12)
    stock = lives(10, 4) + lives(10, 4, RESIDENTIAL)
    held = {"start": dt.date(2026, 5, 15), "end": dt.date(2026, 6, 1), "from_type": "foster"}
    base = spent(stock, prices)
    months = spent(stock, prices, changes=[change("inflation", 6, **held)])
    ratio = of_foster(months) / of_foster(base)
    less = np.log(1.06) / 12 - 0.01
    assert ratio == pytest.approx(np.exp([0, less, 2 * less, 2 * less]))
    assert np.array_equal(months.pounds[:, :, RESIDENTIAL], base.pounds[:, :, RESIDENTIAL])
    elsewhere = spent(stock, prices, changes=[change("inflation", 6, la_code="B")])
    assert np.array_equal(elsewhere.pounds[:, 0], base.pounds[:, 0])


def test_the_in_house_share_is_reached_evenly_over_the_ramp():
    """Own foster care has half of the nights, and is to have 80% in July: 60, 70 and 80% from May
    on. Bought homes have the rest."""
    stock = lives(10, 5)
    cells = {"to_type": "foster", "start": dt.date(2026, 5, 1), "ramp_months": 3}
    months = spent(stock, changes=[change("in-house share", 80, **cells)])
    days = np.array([days_in(ORIGIN + m) for m in range(1, 6)])
    own = np.array([0.5, 0.6, 0.7, 0.8, 0.8])
    expected = 10 * days * (60 * own + 150 * (1 - own))
    assert of_foster(months) == pytest.approx(expected)
    cells["end"] = dt.date(2026, 6, 30)
    months = spent(stock, changes=[change("in-house share", 80, **cells)])
    expected = 10 * days * np.array([105, 96, 87, 105, 105])
    assert of_foster(months) == pytest.approx(expected)


def test_a_share_of_all_nights_leaves_nothing_to_others_and_parents_stay_in_proportion():
    all_own = spent(lives(10, 1, OTHER), changes=[change("in-house share", 100, to_type="other")])
    assert all_own.pounds[0, 0, OTHER, -1] == pytest.approx(10 * 30 * 100)
    half = spent(lives(10, 1, OTHER), changes=[change("in-house share", 50, to_type="other")])
    assert half.pounds[0, 0, OTHER, -1] == pytest.approx(300 * (0.5 * 100 + 0.1 * 100))
    only_own = np.where(np.arange(3) == OWN, 1.0, 0.0) * np.ones((4, 1))
    none = spent(
        lives(10, 1),
        prices_of(PRICES, only_own),
        changes=[change("in-house share", 0, to_type="foster")],
    )
    assert none.pounds[0, 0, FOSTER, -1] == pytest.approx(300 * PRICES[FOSTER, BOUGHT])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_what_always_holds(seed):
    stock, prices, drawn = random_region(seed)
    base = spent(stock, prices, price_draws=drawn)
    # No change is the base, exactly; so is a change of children alone, which is in the draws.
    nothing = [change("entries", 10), change("inflation", 5, start=dt.date(2027, 7, 1))]
    same = spent(stock, prices, price_draws=drawn, changes=nothing)
    assert np.array_equal(base.pounds, same.pounds)
    # Inflation of 0 is the price of the origin, but for how means wander.
    flat = spent(stock, prices, price_draws=drawn, changes=[change("inflation", 0)])
    still = dataclasses.replace(drawn, rise=np.zeros_like(drawn.rise))
    assert np.array_equal(flat.pounds, spent(stock, prices, price_draws=still).pounds)
    assert np.array_equal(flat.nights, base.nights)
    assert (base.pounds >= 0).all()
    assert (base.nights >= 0).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_authorities_types_and_quarters_add_up_in_each_draw(seed):
    stock, prices, drawn = random_region(seed)
    months = spent(stock, prices, price_draws=drawn)
    year = with_totals(months.within(ORIGIN + 1, ORIGIN + 12)[1], months.is_priced)
    assert year[:, :2].sum(axis=1) == pytest.approx(year[:, 2])
    assert year[..., :4].sum(axis=-1) == pytest.approx(year[..., 4])
    quarters = [months.within(ORIGIN + n + 1, ORIGIN + n + 3)[1] for n in (0, 3, 6, 9)]
    assert sum(quarters) == pytest.approx(year[:, :2, :4])


def test_rows_are_those_of_the_table():
    assert [f.name for f in dataclasses.fields(SpendRow)] == [c.name for c in SPEND.columns]


def test_rows_round_and_add_known_months():
    """July 2026 is the origin: 2026Q3 has one month of history, 2026/27 has four. B has
    a draw of no child and one of 20."""
    origin = ORIGIN + 4
    stock = np.concatenate([lives(10, 9), lives(10, 9)])
    stock[:, 1, :, FOSTER] = [[0], [20]]
    cells = {("A", ago, "foster", "bought"): (310, 310, 31_000, 31_000) for ago in range(4)}
    prices = prices_of(PRICES, SHARES, origin=origin)
    rows = spend_rows(spent(stock, prices, cells), AREAS, (), ALL_SHOWN)
    found = {(r.la_code, r.placement_type, r.period): r for r in rows}
    assert len(found) == len(rows) == 3 * 5 * (3 + 1)  # 2026Q3, Q4, 2027Q1 and 2026/27
    a_quarter, a_year = found["A", "foster", "2026Q3"], found["A", "foster", "2026/27"]
    assert (a_quarter.months_known, a_year.months_known) == (1, 4)
    # 310 nights known, 61 days forecast; £31,000 and 610 x £105.
    assert a_quarter.nights_median == 900
    assert a_quarter.spend_median_gbp == a_quarter.spend_lower_80_gbp == 100_000  # 95,050
    # £124,000 of four months and 10 x £105 for 243 days.
    assert a_year.spend_median_gbp == 380_000
    assert a_year.is_synthetic is False
    region = found[None, "all", "2026/27"]
    assert (region.area_name, region.authorities, region.is_synthetic) == ("Region", 2, True)
    # £124,000 and 20 x £105 x 243 = £634,300.
    assert region.spend_median_gbp == 600_000
    b = found["B", "foster", "2026/27"]
    assert (b.spend_lower_80_gbp, b.spend_median_gbp, b.spend_upper_80_gbp) == (
        50_000, 260_000, 460_000,  # 2, 10 and 18 children for 243 days
    )  # fmt: skip
    assert found["B", "residential", "2026/27"].spend_median_gbp == 0  # nobody, and this is known


def test_what_small_numbers_forbid_is_withheld_by_name():
    shown = ALL_SHOWN.copy()
    shown[0, FOSTER] = False
    budget = [BudgetLine("A", "2026/27", "foster", Decimal(1), 2)]
    rows = spend_rows(spent(lives(3, 12)), AREAS, budget, shown)
    hidden = [r for r in rows if r.withheld]
    assert {(r.la_code, r.placement_type) for r in hidden} == {("A", "foster")}
    year = hidden[-1]
    assert year.period == "2026/27"
    names = list(withheld_words(year.withheld))
    assert names == [
        "nights_median",
        "spend_median_gbp",
        "spend_lower_80_gbp",
        "spend_upper_80_gbp",
        "over_budget_probability",
    ]
    assert year.budget_gbp == 1
    assert {getattr(year, name) for name in names} == {None}
    assert list(withheld_words(hidden[0].withheld)) == names[:-1]  # a quarter has no budget


def test_a_budget_is_held_against_the_draws():
    """A has 9, 10, 11 and 12 children in four draws; £105 x 365 x 10.5 = £402,412 lies in the
    middle. The region has a budget for all types, where B has one as well, but none for foster."""
    stock = np.concatenate([lives(n, 12) for n in (9, 10, 11, 12)])
    budget = [
        BudgetLine("A", "2026/27", "foster", Decimal("402412.50"), 2),
        BudgetLine("A", "2026/27", None, Decimal(350_000), 3),
        BudgetLine("B", "2026/27", None, Decimal(0), 4),
        BudgetLine("A", "2025/26", None, Decimal(1), 5),
    ]
    rows = spend_rows(spent(stock), AREAS, budget, ALL_SHOWN)
    found = {
        (r.la_code, r.placement_type): (r.budget_gbp, r.over_budget_probability)
        for r in rows
        if r.budget_gbp is not None
    }
    assert found == {
        ("A", "foster"): (Decimal("402412.50"), 0.5),
        ("A", "all"): (Decimal(350_000), 0.75),  # 9 children cost £344,925
        ("B", "all"): (Decimal(0), 0.0),
        (None, "all"): (Decimal(350_000), 0.75),
    }
    assert {r.period for r in rows if r.budget_gbp is not None} == {"2026/27"}


@pytest.mark.parametrize(
    ("month", "quarters", "years"),
    [
        (3, ["2026Q2", "2026Q3", "2026Q4", "2027Q1"], ["2026/27"]),
        (2, ["2026Q1", "2026Q2", "2026Q3", "2026Q4"], ["2025/26"]),
        (12, ["2027Q1", "2027Q2", "2027Q3", "2027Q4"], ["2026/27"]),
    ],
)
def test_periods_are_those_that_end_within_the_forecast(month, quarters, years):
    found = list(periods_reached(12 * 2026 + month, 12))
    assert [p.name for p in found if p.period_type == "quarter"] == quarters
    assert [p.name for p in found if p.period_type == "financial year"] == years
    assert {p.last - p.first for p in found} == {2, 11}


def test_draws_of_something_else_are_refused():
    prices = prices_of(PRICES, SHARES)
    nights = nights_of({}, origin=ORIGIN)
    other = children_of(lives(10, 3), origin=ORIGIN + 1)
    with pytest.raises(ValueError, match="other authorities, types or months"):
        spend_by_month(other, nights, prices, draw_prices(prices, 1, 7))
    with pytest.raises(ValueError, match="not all known or forecast"):
        spent(lives(10, 3)).within(ORIGIN + 1, ORIGIN + 4)
