"""The drivers of a change in spend equal a brute-force Shapley value, and add up to the penny.

Each authority is a history of its own; the brute force knows nothing of the SQL's formula: it
changes the four drivers one after the other, in all 24 orders, in exact fractions.
"""

import calendar
import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pandas as pd
import pytest

from .made_up_spend import PENNIES, built, spend_of

SEED = 20261122
LAS = 90
SIZES = (1, 2, 4, 8, 40)  # children of an authority
DRIVERS = ("volume", "mix", "price", "length_of_stay")
# The quarters that are covered, and how many of them make a period: the longest that there are two
# of. Ten quarters begin in the third of a calendar year: the latest four are no financial year.
TWO = ("2025Q3", "2025Q4")
FIVE = ("2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4")
TEN = ("2023Q3", "2023Q4", "2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3",
       "2025Q4")  # fmt: skip
PERIODS = {TWO: 1, FIVE: 2, TEN: 4}

Home = tuple[str, str]
Factors = dict[str, Fraction | dict[Home, Fraction]]


def days_of(quarters: tuple[str, ...]) -> int:
    """Days of these calendar quarters."""
    return sum(
        calendar.monthrange(int(q[:4]), month)[1]
        for q in quarters
        for month in range(3 * int(q[5]) - 2, 3 * int(q[5]) + 1)
    )


def observed(rows: pd.DataFrame, days: int) -> Factors:
    """Children x days, nights of each, share of nights by home, pounds a night; none: left out."""
    if rows.empty:
        return {"volume": Fraction(0)}
    nights: dict[Home, int] = defaultdict(int)
    pennies: dict[Home, int] = defaultdict(int)
    for row in rows.itertuples():
        home = (row.placement_type, row.provider_sector)
        nights[home] += int(row.nights)
        pennies[home] += int(row.total_pennies)
    children, all_nights = rows["child_id"].nunique(), sum(nights.values())
    return {
        "volume": Fraction(children * days),
        "length_of_stay": Fraction(all_nights, children * days),
        "mix": {home: Fraction(n, all_nights) for home, n in nights.items()},
        "price": {home: Fraction(pennies[home], PENNIES * n) for home, n in nights.items()},
    }


def spend(factors: Factors) -> Fraction:
    """What so many children cost."""
    price = factors["price"]
    mean = sum(share * price[home] for home, share in factors["mix"].items())
    return factors["volume"] * factors["length_of_stay"] * mean


def brute_force(before: Factors, after: Factors) -> dict[str, Fraction]:
    """The effect of each driver, averaged over all orders of change."""
    one, other = after | before, before | after  # what a period does not have is as in the other
    one["price"] = after.get("price", {}) | before.get("price", {})
    other["price"] = before.get("price", {}) | after.get("price", {})
    effects = dict.fromkeys(DRIVERS, Fraction(0))
    orders = list(permutations(DRIVERS))
    for order in orders:
        state = dict(one)
        for driver in order:
            was = spend(state)
            state[driver] = other[driver]
            effects[driver] += (spend(state) - was) / len(orders)
    return effects


@pytest.fixture(scope="module", params=PERIODS, ids=["one", "two", "four"])
def compared(request: pytest.FixtureRequest) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The made-up spend, the exact drivers of its latest quarters, and the published ones."""
    quarters = request.param
    made_up = spend_of(random.Random(SEED), LAS, SIZES, quarters)
    length = PERIODS[quarters]
    made_up["is_before"] = made_up["quarter"].isin(quarters[-2 * length : -length])
    made_up["is_after"] = made_up["quarter"].isin(quarters[-length:])
    made_up.attrs["days"] = days_of(quarters[-2 * length : -length]), days_of(quarters[-length:])
    with built(made_up, quarters) as connection:
        exact, published = (
            connection.execute(f"from {t} where comparison = 'latest quarters'").df()
            for t in ("int_cost_drivers", "cost_drivers")
        )
        assert set(exact["quarters"]) == {length}
        assert set(exact["before_from"]) == {quarters[-2 * length]}
    return made_up, exact, published


def amounts(row: object) -> list[Decimal]:
    return [Decimal(str(getattr(row, f"{driver}_gbp"))) for driver in DRIVERS]


def test_drivers_are_the_mean_effect_over_all_orders(compared):
    made_up, exact, _ = compared
    of_las = exact[exact["la_code"].notna()]
    assert (of_las["placement_type"] == "all").sum() > LAS * 0.8
    assert (of_las["placement_type"] == "foster").sum() > LAS * 0.4
    for row in of_las.itertuples():
        mine = made_up[made_up["la_code"] == row.la_code]
        mine = mine[(row.placement_type == "all") | (mine["placement_type"] == row.placement_type)]
        days_before, days_after = made_up.attrs["days"]
        before = observed(mine[mine["is_before"]], days_before)
        after = observed(mine[mine["is_after"]], days_after)
        expected = brute_force(before, after)
        for driver, found in zip(DRIVERS, amounts(row), strict=True):
            # Down to the penny, or the next one up.
            assert abs(Fraction(found) - expected[driver]) < Fraction(1001, 100_000), driver
        change = sum(mine.loc[mine["is_after"], "total_pennies"]) - sum(
            mine.loc[mine["is_before"], "total_pennies"]
        )
        assert sum(amounts(row)) == Decimal(int(change)) / PENNIES


def test_the_region_is_the_sum_of_its_authorities(compared):
    _, exact, _ = compared
    exact = exact[exact["placement_type"] == "all"]
    region = next(exact[exact["la_code"].isna()].itertuples())
    of_las = [amounts(row) for row in exact[exact["la_code"].notna()].itertuples()]
    assert amounts(region) == [sum(column) for column in zip(*of_las, strict=True)]
    assert region.authorities == len(of_las)


def test_published_drivers_add_up_and_are_near_the_exact_ones(compared):
    _, exact, published = compared
    exact = exact.assign(area_name=exact["la_code"].fillna("Region"))
    both = published.merge(exact, on=["area_name", "placement_type"], suffixes=("", "_exact"))
    assert len(both) == len(published) == len(exact)
    shown = both[~both["is_suppressed"]]
    assert len(shown) > LAS / 10
    assert both.loc[both["is_suppressed"], "change_gbp"].isna().all()
    for row in shown.itertuples():
        unit = Decimal(100_000 if row.area_name == "Region" else 10_000)
        parts = amounts(row)
        before, after = (Decimal(str(x)) for x in (row.spend_before_gbp, row.spend_after_gbp))
        assert sum(parts) == after - before == Decimal(str(row.change_gbp))
        assert all(amount % unit == 0 for amount in (*parts, before, after))
        exact_parts = [Decimal(str(getattr(row, f"{driver}_gbp_exact"))) for driver in DRIVERS]
        assert all(abs(p - e) < 2 * unit for p, e in zip(parts, exact_parts, strict=True))


def test_the_histories_put_the_drivers_to_the_test(compared):
    """New and vanished homes, nobody before or after, and all four drivers at work."""
    made_up, exact, published = compared
    exact = exact[exact["placement_type"] == "all"]
    homes = made_up.groupby(["la_code", "placement_type", "provider_sector"])
    sides = homes[["is_before", "is_after"]].any()
    assert (sides["is_before"] & ~sides["is_after"]).sum() > LAS / 10
    assert (~sides["is_before"] & sides["is_after"]).sum() > LAS / 10
    assert (exact["children_before"] == 0).sum() > 0
    assert (exact["children_after"] == 0).sum() > 0
    assert all((exact[f"{driver}_gbp"] != 0).mean() > 0.6 for driver in DRIVERS)
    assert 0 < published["is_suppressed"].sum() < len(published)
