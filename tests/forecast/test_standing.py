"""Standings of forecasts, worked by hand."""

import dataclasses

import numpy as np
import pytest

from pipeline.forecast.backtest import THIS, Score
from pipeline.forecast.standing import (
    CARE,
    FIT,
    GATE_LEVEL,
    NO_FORECAST,
    NOT_FIT,
    SIMPLE,
    Area,
    Standing,
    by_backtest,
    of_authority,
    of_region,
    worse,
)

MARCH = 12 * 2026 + 3
AREA = Area("A", True, MARCH - 59, MARCH, 60, 0, 100, 0, 0, MARCH, None)
STOCK = np.tile([70.0, 30.0], (60, 1))
FLOW = np.full(60, 4.0)


def standing(area=AREA, stock=STOCK, entries=FLOW, leavers=FLOW) -> Standing:
    return of_authority(area, stock, entries, leavers)


def but(**given) -> Area:
    return dataclasses.replace(AREA, **given)


def test_a_whole_history_is_fit():
    assert standing() == Standing(FIT, "The history is whole.")


@pytest.mark.parametrize(("a_month", "grade"), [(1.1, FIT), (1.0, NOT_FIT), (0.5, NOT_FIT)])
def test_a_cohort_winds_down_from_a_quarter_of_the_entries_of_before(a_month, grade):
    """Four a month came before: 48 a year, of which a quarter are 12."""
    assert standing(entries=np.array([4.0] * 48 + [a_month] * 12)).grade == grade


def test_months_of_which_nobody_knows_who_came_are_left_out():
    entries = np.array([4.0] * 36 + [np.nan] * 12 + [0.5] * 12)
    assert standing(entries=entries).grade == NOT_FIT
    assert standing(entries=np.where(np.isnan(entries), 0.0, entries)[:48]).grade == NOT_FIT
    assert standing(entries=np.full(60, np.nan)).grade == FIT


def test_few_entries_of_before_cannot_tell():
    entries = np.array([0.8] * 48 + [0.1] * 12)
    assert standing(entries=entries).grade == FIT


@pytest.mark.parametrize(("children", "grade"), [(19, FIT), (20, NOT_FIT)])
def test_nobody_coming_or_leaving_for_a_year_is_told_of_many_children(children, grade):
    nobody = np.array([0.5] * 48 + [0.0] * 12)
    area = but(children=children)
    assert standing(area, entries=nobody).grade == grade
    assert standing(area, leavers=nobody).grade == grade


def test_a_swap_of_codes_is_seen_in_the_month_in_which_it_falls():
    stock = STOCK.copy()
    stock[40:] = [54.0, 46.0]  # 16 of 100 swap
    found = standing(stock=stock)
    assert found.grade == CARE
    assert "the codes were probably changed" in found.statement
    stock[40:] = [56.0, 44.0]
    assert standing(stock=stock).grade == FIT  # 14 do


def test_many_who_come_or_leave_at_once_are_no_swap_of_codes():
    stock = STOCK.copy()
    stock[40:] = [70.0, 60.0]
    assert standing(stock=stock).grade == FIT


def test_what_changes_over_a_gap_is_no_swap_of_codes():
    stock = STOCK.copy()
    stock[40:] = [50.0, 50.0]
    stock[28:40] = np.nan
    assert "codes" not in standing(but(missing_months=12), stock).statement


def test_all_that_speaks_against_a_history_is_said():
    area = but(
        covered_months=30,
        missing_months=1,
        unmapped_child_months=200,
        children_without_birth_month=2,
        last_month=MARCH + 2,
    )
    found = standing(area)
    assert found.grade == CARE
    for words in (
        "Its history is short (30 months, from April 2021)",
        "Returns of 1 month between",
        "Its returns go on to May 2026",
        "have a code that no list knows",
        "without a date of birth",
    ):
        assert words in found.statement


def score(coverage: float | None, horizon=12, outcomes=100, origins=6, level=GATE_LEVEL) -> Score:
    held = None if coverage is None else (0.5, coverage, 0.95)
    return Score(level, THIS, horizon, origins, outcomes, 0.1, 0.0, 1.0, held, None)


@pytest.mark.parametrize(
    ("coverage", "grade"),
    [(0.8, FIT), (0.7, FIT), (0.69, CARE), (0.6, CARE), (0.59, NOT_FIT), (0.9, FIT), (0.91, CARE),
     (0.96, CARE), (0.97, NOT_FIT)],
)  # fmt: skip
def test_the_gate_is_by_the_coverage_of_the_80_percent_interval(coverage, grade):
    assert by_backtest([score(coverage)]).grade == grade


def test_few_outcomes_or_past_quarters_are_no_judgement():
    for few in ({"outcomes": 39}, {"origins": 2}):
        found = by_backtest([score(0.1, **few)])
        assert found.grade == CARE
        assert "too few to judge by" in found.statement


def test_the_gate_looks_a_year_ahead_or_as_far_as_is_known():
    assert by_backtest([score(0.1, 3), score(0.8, 12)]).grade == FIT
    assert by_backtest([score(0.1, 3), score(0.8, 6)]).grade == FIT
    assert by_backtest([score(0.1, level="region"), score(0.8)]).grade == FIT


def beside(method: str, wape: float, level=GATE_LEVEL, horizon=12) -> Score:
    return Score(level, method, horizon, 6, 100, wape, 0.0, 1.0)


def test_a_forecast_that_is_nearer_everywhere_is_not_said_to_be_beaten():
    found = by_backtest([score(0.8), *(beside(m, 0.101) for m in SIMPLE)])
    assert found.grade == FIT
    assert "simple" not in found.statement


@pytest.mark.parametrize(
    ("last", "grade"), [(0.101, FIT), (0.1, CARE), (0.09, CARE), (0.084, CARE), (0.083, NOT_FIT)]
)
def test_a_forecast_no_nearer_than_the_last_count_is_no_better_than_its_word(last, grade):
    """0.1 is what the forecast was off by."""
    found = by_backtest([score(0.8), beside("last value", last)])
    assert found.grade == grade
    assert ("the last count was off by" in found.statement) == (grade != FIT)
    assert ("is not shown" in found.statement) == (grade == NOT_FIT)
    little = by_backtest([score(0.8, origins=2), beside("last value", last)])
    assert little.grade == CARE


def test_where_a_simple_method_was_no_worse_is_said_by_level_and_months_ahead():
    region = [Score("region", THIS, ahead, 6, 100, 0.02, 0.0, 1.0) for ahead in (12, 24)] + [
        beside("last value", 0.03, "region"),
        beside("drift", 0.015, "region", 24),
        beside("ets", 0.018, "region", 24),
    ]
    found = by_backtest([score(0.8), beside("last value", 0.2), *region])
    assert found.grade == FIT  # the gate is of authorities by type
    assert "In 1 of 3 comparisons a simple method was no worse." in found.statement
    assert (
        "Of all children of the region, 24 months ahead the trend of the years before was off by "
        "1.5%, the forecast by 2.0%." in found.statement
    )


def test_constant_rates_are_no_simple_method():
    found = by_backtest([score(0.8), beside("constant rates", 0.01), beside("last value", 0.2)])
    assert "no worse" not in found.statement


def test_without_outcomes_nobody_knows():
    for nothing in ([], [score(None)]):
        assert "nobody knows how good it is" in by_backtest(nothing).statement


OK, BAD, NONE = Standing(FIT, "."), Standing(NOT_FIT, "."), Standing(NO_FORECAST, ".")


@pytest.mark.parametrize(
    ("standings", "coverage", "grade"),
    [
        ([OK, OK, OK], 0.8, FIT),
        ([OK, OK, BAD], 0.8, CARE),
        ([OK, BAD], 0.8, CARE),
        ([OK, BAD, BAD], 0.8, NOT_FIT),
        ([OK, OK, NONE], 0.8, FIT),
        ([NONE, NONE], 0.8, NO_FORECAST),
        ([OK, OK, BAD], 0.5, NOT_FIT),
    ],
)
def test_the_region_stands_by_the_gate_and_by_its_authorities(standings, coverage, grade):
    named = {str(n): s for n, s in enumerate(standings)}
    assert of_region([score(coverage)], named, len(named)).grade == grade


def test_how_many_authorities_are_added_up_is_said_if_not_all_are():
    named = {"A": OK, "B": OK, "C": NONE}
    assert "It is of 2 of 3 authorities." in of_region([score(0.8)], named, 2).statement
    assert "authorities" not in of_region([score(0.8)], named, 3).statement


def test_the_graver_of_two_counts_and_both_are_said():
    assert worse(Standing(FIT, "Good."), Standing(CARE, "Short.")) == Standing(CARE, "Good. Short.")
