"""New homes: who lives in one and what it costs, worked out by hand and by brute force."""

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forecast.business_case import discount, home_of, life_of, worth
from pipeline.forecast.new_home import (
    BOTH,
    BOUGHT_FIRST,
    LACKING_FIRST,
    Home,
    Luck,
    Market,
    assumptions,
    filled,
    luck_of,
    market_seed,
    money,
)
from pipeline.forecast.periods import days_in
from pipeline.options import Option

FIRST = 12 * 2026 + 4  # April 2026
HIGHEST = 0.9
FOSTER, RESIDENTIAL = 0, 1


def market(
    bought: float, lacking: tuple[float, float] = (0, 0), draws: int = 2, months: int = 24, **given
) -> Market:
    """A steady market at £770 a night for a bought bed, £100 in foster and £700 in other homes."""
    flat = np.ones((draws, months))
    usual = {
        "bought_gbp": 770.0 * flat,
        "lacking_gbp": np.stack([100.0 * flat, 700.0 * flat], axis=2),
        "own_gbp": 500.0 * flat,
        "rise": flat,
    }
    return Market(
        seed=market_seed("A", "residential"),
        first=FIRST,
        bought=bought * flat,
        lacking=np.stack([n * flat for n in lacking], axis=2),
        **(usual | given),
    )


def sure(draws: int = 2, bought: float = 1.0, lacking: float = 1.0) -> Luck:
    """What is assumed, without any doubt."""
    one = np.ones(draws)
    return Luck(bought * one, lacking * one, one, one)


def test_a_home_fills_in_a_straight_line():
    """Of nine months' ramp the first has half a ninth of the beds on average, the ninth 8.5."""
    home = Home("h", 4, FIRST, 9)
    beds = home.open_beds(FIRST + np.arange(-1, 11))
    assert beds == pytest.approx([0, *(4 * (n + 0.5) / 9 for n in range(9)), 4, 4])
    assert Home("h", 4, FIRST).open_beds(FIRST + np.arange(-1, 2)).tolist() == [0, 4, 4]
    over = Home("h", 4, FIRST, closes=FIRST + 1).open_beds(FIRST + np.arange(3))
    assert over.tolist() == [4, 4, 0]


@pytest.mark.parametrize(
    ("order", "bought", "lacking"),
    [
        # 3.6 children can live there; 6 live in bought beds, 2 in foster and 1 in other homes.
        (BOTH, 3.6 * 6 / 9, (3.6 * 2 / 9, 3.6 * 1 / 9)),
        (BOUGHT_FIRST, 3.6, (0, 0)),
        (LACKING_FIRST, 0.6, (2, 1)),
    ],
)
def test_beds_go_to_both_as_they_stand_in_number_or_to_one_of_them_first(order, bought, lacking):
    there = filled(Home("h", 4, FIRST), market(6, (2, 1)), sure(), order)
    assert there.bought == pytest.approx(np.full((2, 24), bought))
    assert there.lacking[0, 0] == pytest.approx(lacking)


def test_no_more_live_there_than_there_are():
    there = filled(Home("h", 10, FIRST), market(3, (1, 0)), sure(bought=0.5))
    assert there.bought == pytest.approx(np.full((2, 24), 1.5))
    assert there.lacking[..., 0] == pytest.approx(np.ones((2, 24)))
    nobody = filled(Home("h", 10, FIRST), market(0), sure())
    assert not nobody.children.any()


def test_a_second_home_takes_no_child_from_the_first():
    market_, luck = market(5, (1, 0)), sure()
    one = filled(Home("h", 4, FIRST), market_, luck)
    other = filled(Home("h", 4, FIRST), market_, luck, taken=one)
    assert (one.children + other.children) == pytest.approx(np.full((2, 24), 6.0))
    third = filled(Home("h", 4, FIRST), market_, luck, taken=one + other)
    assert third.children == pytest.approx(np.zeros((2, 24)))


def test_cash_and_benefit_are_told_apart():
    """April has 30 days. Two beds at 90%: 1.8 children, 1.2 of them from bought beds and 0.6 who
    lived in foster homes. A year in it costs £480,000."""
    home = Home("h", 2, FIRST, gbp_per_year=480_000)
    market_, luck = market(6, (3, 0)), sure()
    paid = money(home, market_, filled(home, market_, luck), luck)
    assert paid.saved[0, 0] == pytest.approx(1.2 * 30 * 770)
    assert paid.left[0, 0] == pytest.approx([0.6 * 30 * 100, 0])
    assert paid.own[0, 0] == pytest.approx(40_000)
    assert paid.cash[0, 0] == pytest.approx(27_720 + 1_800 - 40_000)
    assert paid.benefit[0, 0] == pytest.approx(0.6 * 30 * 670)


def test_there_is_no_benefit_where_the_home_they_leave_is_dearer():
    """What is saved then is cash, and in it already."""
    home = Home("h", 2, FIRST, gbp_per_year=0)
    dear = market(0, (0, 1), bought_gbp=np.full((2, 24), 160.0))
    paid = money(home, dear, filled(home, dear, sure()), sure())
    assert not paid.benefit.any()
    assert paid.cash[0, 0] == pytest.approx(30 * 700)


def test_a_price_holds_in_the_month_it_opens_and_rises_with_its_type():
    rise = np.cumprod(np.full((2, 24), 1.01), axis=1)
    home = Home("h", 2, FIRST + 1, gbp_per_week=700)
    rising = market(6, rise=rise)
    paid = money(home, rising, filled(home, rising, sure()), sure())
    assert paid.own[0, :3] == pytest.approx([0, 1.8 * 31 * 100, 1.8 * 30 * 101])
    own = money(replace(home, gbp_per_week=None), rising, filled(home, rising, sure()), sure())
    assert own.own[0, 1] == pytest.approx(1.8 * 31 * 500)


def test_what_has_no_price_is_not_known_but_where_nobody_lives_it_is_nothing():
    none = np.full((2, 24), np.nan)
    home = Home("h", 2, FIRST, gbp_per_year=12)
    unknown = market(3, bought_gbp=none)
    paid = money(home, unknown, filled(home, unknown, sure()), sure())
    assert np.isnan(paid.cash).all()
    empty = market(0, bought_gbp=none)
    paid = money(home, empty, filled(home, empty, sure()), sure())
    assert paid.cash == pytest.approx(np.full((2, 24), -1.0))


def option(**changed: object) -> Option:
    """The sample's home of four."""
    usual = {
        "option": "Home of four", "placement_type": "residential", "beds": 4, "area_code": "A",
        "capital_gbp": Decimal(650_000), "running_cost_gbp_per_year": Decimal(90_000),
        "staffing_gbp_per_year": Decimal(720_000), "opens": dt.date(2027, 4, 1),
        "ramp_up_months": 9, "lifetime_years": 25,
    }  # fmt: skip
    return Option(**(usual | changed))


def test_the_home_of_four_filled_at_the_price_now_paid_is_worth_two_million(monkeypatch):
    """At £5,330 a week, the median of children's homes in the sample of November 2026.

    3.6 children, 52 weeks, £810,000 a year, £650,000 to build, at 3.5% for 25 years, with 7.5
    months' worth of beds in the first year: £2,083,000. A year has a day more than 52 weeks.
    """
    monkeypatch.setattr("pipeline.forecast.business_case.luck_of", lambda market: sure())
    plenty = market(1_000, bought_gbp=np.full((2, 24), 5_330 / 7))
    by_hand = -650_000.0
    for year in range(1, 26):
        months = 7.5 if year == 1 else 12
        by_hand += (3.6 * months / 12 * 52 * 5_330 - 810_000) / 1.035**year
    assert by_hand == pytest.approx(2_083_000, abs=1_000)
    found = worth(option(), life_of(option(), plenty))
    days = (365.25 / 364 - 1) * (by_hand + 650_000 + 810_000 * discount(25).sum())
    assert found == pytest.approx([by_hand + days] * 2, abs=5_000)


def brute_force(asked: Option, given_: Market, luck: Luck, order: str) -> list[float]:
    """The worth of each draw, child by child and month by month."""
    worths = []
    for draw in range(given_.draws):
        total = -float(asked.capital_gbp)
        for month in range(12 * asked.lifetime_years):
            passed = [max(month + step, 0) for step in (0, 1)]
            ramp = asked.ramp_up_months
            full = [p - ramp / 2 if p >= ramp else p * p / (2 * ramp) for p in passed]
            room = HIGHEST * asked.beds * (full[1] - full[0])
            who = {
                "bought": luck.bought_share[draw] * given_.bought[draw, 0],
                0: luck.lacking_share[draw] * given_.lacking[draw, 0, 0],
                1: luck.lacking_share[draw] * given_.lacking[draw, 0, 1],
            }
            lacking = who[0] + who[1]
            there = {
                BOTH: min(1, room / max(sum(who.values()), 1e-12)) * np.ones(2),
                BOUGHT_FIRST: np.array(
                    [min(1, room / max(who["bought"], 1e-12)),
                     min(1, max(room - who["bought"], 0) / max(lacking, 1e-12))]
                ),
                LACKING_FIRST: np.array(
                    [min(1, max(room - lacking, 0) / max(who["bought"], 1e-12)),
                     min(1, room / max(lacking, 1e-12))]
                ),
            }[order]  # fmt: skip
            days = days_in(12 * asked.opens.year + asked.opens.month + month)
            price = luck.price[draw]
            gain = there[0] * who["bought"] * days * given_.bought_gbp[draw, 0] * price
            for lives in (0, 1):
                gain += there[1] * who[lives] * days * given_.lacking_gbp[draw, 0, lives] * price
            yearly = float(asked.running_cost_gbp_per_year + asked.staffing_gbp_per_year)
            total += (gain - yearly / 12 * luck.cost[draw]) / 1.035 ** (month // 12 + 1)
        worths.append(total)
    return worths


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 20), st.integers(0, 30), st.integers(1, 30), st.floats(0, 40), st.floats(0, 9),
    st.floats(0, 9), st.integers(0, 2**32), st.sampled_from([BOTH, BOUGHT_FIRST, LACKING_FIRST]),
)  # fmt: skip
def test_the_worth_is_that_of_a_plain_computation(
    beds, ramp, years, bought, one, other, seed, order
):
    rng = np.random.default_rng(seed)
    asked = option(beds=beds, ramp_up_months=ramp, lifetime_years=years,
                   opens=dt.date(2026, 1 + seed % 12, 1))  # fmt: skip
    flat = np.ones((2, 24))
    steady = market(
        bought, (one, other),
        bought_gbp=rng.uniform(50, 900, (2, 1)) * flat,
        lacking_gbp=rng.uniform(50, 900, (2, 1, 2)) * flat[..., None],
    )  # fmt: skip
    luck = Luck(*rng.uniform(0.2, 1.2, (4, 2)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.forecast.business_case.luck_of", lambda market: luck)
        still = {
            name: replace(value, low=0.0, central=0.0, high=0.0)
            if name == "yearly change of children" else value
            for name, value in assumptions().items()
        }  # fmt: skip
        patch.setattr("pipeline.forecast.new_home.assumptions", lambda: still)
        found = worth(asked, life_of(asked, steady, order))
    expected = brute_force(asked, steady, luck, order)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-3)


def test_the_business_case_is_the_scenario_without_inflation():
    """Year by year the case is what the months of the model add up to, over the rise of prices."""
    rng = np.random.default_rng(4)
    rise = np.cumprod(rng.uniform(1, 1.01, (2, 24)), axis=1)
    bought = rng.uniform(1, 9, (2, 24))
    moving = replace(market(1, (1, 2)), bought=bought, rise=rise, bought_gbp=700 * rise)
    asked = option(opens=dt.date(2026, 4, 1), lifetime_years=2)
    luck, home = luck_of(moving), home_of(asked)
    monthly = money(home, moving, filled(home, moving, luck), luck).cash / rise
    assert life_of(asked, moving).cash == pytest.approx(monthly.reshape(2, 2, 12).sum(axis=2))


def test_after_the_forecast_children_wander_and_prices_stay():
    wide = market(10, (2, 0), draws=4_000)
    later = wide.at(FIRST + np.arange(24 + 12 * 10))
    assert (later.bought[:, :24] == 10).all()
    for years in (1, 4, 10):
        logs = np.log(later.bought[:, 23 + 12 * years] / 10)
        assert logs.std() == pytest.approx(0.07 * years**0.5, rel=0.05)
    assert np.unique(later.bought_gbp).tolist() == [770.0]
    # Both reasons have one luck: an area has more children in care, or fewer.
    part = later.lacking[..., 0] / later.bought
    assert part == pytest.approx(np.full(part.shape, 0.2))
    before = wide.at(FIRST + np.arange(-3, 2))
    assert before.bought.shape == (4_000, 5)


def test_a_draw_is_within_what_is_assumed_and_all_of_it_is_used():
    luck = luck_of(market(1, draws=4_000))
    for values, name in zip(
        (luck.bought_share, luck.lacking_share, luck.price, luck.cost),
        ("share of bought beds", "share of children who lack the type", "price of homes now",
         "cost of the new home"), strict=True,
    ):  # fmt: skip
        one = assumptions()[name]
        low, high = min(one.low, one.high), max(one.low, one.high)
        assert low <= values.min() < low + 0.1 * (high - low) + 1e-9
        assert high >= values.max() > high - 0.1 * (high - low)
    pairs = itertools.combinations((luck.bought_share, luck.price, luck.cost), 2)
    assert all(abs(np.corrcoef(one, other)[0, 1]) < 0.05 for one, other in pairs)
