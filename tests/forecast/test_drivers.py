"""The parts of a change of spend: against all orders, by hand, and that they add up."""

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forecast.drivers import DriverRow, driver_rows, shared_out, split_change
from pipeline.forecast.spend import Area, spend_by_month
from pipeline.forecast.tables import DRIVERS
from pipeline.withheld import withheld_words
from tests.forecast.made_up_nights import children_of, nights_of, no_surprise, prices_of

AREAS = (Area("A", "Ayshire", False), Area("B", "Beeshire", True))
ALL_SHOWN = np.ones((3, 5), bool)
NIGHTLY = {"foster": 140, "residential": 750, "other": 90}  # pounds, of the year before


def split(nights_before, pounds_before, nights_after, pounds_after) -> np.ndarray:
    sides = (nights_before, pounds_before, nights_after, pounds_after)
    return split_change(*(np.array(side, float) for side in sides))


def by_all_orders(nights, pounds) -> np.ndarray:
    """The mean effect of each driver over all orders; of one area, with nights of each type."""
    factors = [
        (n.sum(), n / n.sum(), p / n)
        for n, p in zip(np.array(nights), np.array(pounds), strict=True)
    ]
    parts = np.zeros(3)
    orders = list(itertools.permutations(range(3)))
    for order in orders:
        now = list(factors[0])
        for driver in order:
            before = now[0] * (now[1] @ now[2])
            now[driver] = factors[1][driver]
            parts[driver] += (now[0] * (now[1] @ now[2]) - before) / len(orders)
    return parts


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32))
def test_parts_are_the_means_over_all_orders_and_add_up(seed):
    rng = np.random.default_rng(seed)
    nights, pounds = rng.uniform(1, 1e4, (2, 2, 5, 3, 4)) * [[[[[1]]]], [[[[100]]]]]
    parts = split_change(nights[0], pounds[0], nights[1], pounds[1])
    change = (pounds[1] - pounds[0]).sum(axis=-1)
    assert parts.sum(axis=-1) == pytest.approx(change, abs=1e-3)
    for where in np.ndindex(5, 3):
        expected = by_all_orders(
            [nights[0][where], nights[1][where]], [pounds[0][where], pounds[1][where]]
        )
        assert parts[where] == pytest.approx(expected, abs=1e-3)


def test_each_driver_alone_takes_all_of_the_change():
    before = [100, 300], [1000, 9000]
    assert split(*before, [200, 600], [2000, 18000]) == pytest.approx([10000, 0, 0])
    assert split(*before, [200, 200], [2000, 6000]) == pytest.approx([0, -2000, 0])
    assert split(*before, [100, 300], [1200, 9600]) == pytest.approx([0, 0, 800])
    assert split(*before, *before) == pytest.approx([0, 0, 0])


def test_a_case_worked_by_hand():
    """100 nights of £10; then 200, half of £10 and half of £40. The new type has its price on both
    sides, so that nothing is price. Volume is 100 x (10 + 25) / 2, mix 15 x (100 + 200) / 2."""
    assert split([100, 0], [1000, 0], [100, 100], [1000, 4000]) == pytest.approx([1750, 2250, 0])


def test_where_nobody_was_all_is_volume():
    assert split([0, 0], [0, 0], [5, 5], [100, 200]) == pytest.approx([300, 0, 0])
    assert split([5, 5], [100, 200], [0, 0], [0, 0]) == pytest.approx([-300, 0, 0])
    assert split([0, 0], [0, 0], [0, 0], [0, 0]) == pytest.approx([0, 0, 0])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(-1e8, 1e8), min_size=3, max_size=3),
    st.integers(-2, 2),
    st.sampled_from([10_000, 100_000]),
)
def test_parts_in_units_add_up_and_are_near(parts, off, unit):
    whole = (round(sum(parts) / unit) + off) * unit
    out = shared_out(np.array(parts), whole, unit)
    assert sum(out) == whole
    assert all(part % unit == 0 for part in out)
    assert all(abs(a - b) < 2 * unit for a, b in zip(out, parts, strict=True))


def test_units_left_go_to_the_parts_that_lost_most():
    assert shared_out(np.array([14_000.0, 17_000, -1_000]), 30_000, 10_000) == [10_000, 20_000, 0]
    assert shared_out(np.array([5_000.0, 5_000, 0]), 10_000, 10_000) == [10_000, 0, 0]


def made_up(draws: int = 40, unpriced: bool = False, seed: int = 3):
    """Months of two authorities and two years, with a year of history."""
    rng = np.random.default_rng(seed)
    per_night = np.array([[60, 150, 0], [700, 800, 0], [200, 200, 0], [100, 100, 0]], float)
    per_night[3] = np.nan if unpriced else per_night[3]
    prices = prices_of(per_night, np.array([0.4, 0.6, 0]), rise=0.05)
    cells = {
        (la, ago, name, "bought"): (900, 0, 0, NIGHTLY[name] * 900)
        for la in "AB" for ago in range(12) for name in ("foster", "residential", "other")
    }  # fmt: skip
    stock = rng.poisson(30, (draws, 2, 25, 4))
    nights = nights_of(cells)
    return spend_by_month(children_of(stock), nights, prices, no_surprise(prices, draws))


def test_rows_are_those_of_the_table():
    assert [f.name for f in dataclasses.fields(DriverRow)] == [c.name for c in DRIVERS.columns]


@pytest.mark.parametrize("unpriced", [False, True])
def test_a_row_s_parts_add_up_to_the_change_that_is_shown(unpriced):
    months = made_up(unpriced=unpriced)
    rows = driver_rows(months, AREAS, ALL_SHOWN)
    assert [(r.la_code, r.after_period) for r in rows] == [
        (la, after)
        for after in ("2026-04 to 2027-03", "2027-04 to 2028-03")
        for la in ("A", "B", None)
    ]
    for row in rows:
        assert row.before_period == "2025-04 to 2026-03"
        assert row.volume_mean_gbp + row.mix_mean_gbp + row.price_mean_gbp == (
            row.spend_after_gbp - row.spend_before_gbp
        )
        assert row.withheld == ""
        assert row.volume_lower_80_gbp <= row.volume_mean_gbp <= row.volume_upper_80_gbp
    first = np.mean(months.within(months.origin + 1, months.origin + 12)[1][..., months.is_priced]
                    .sum(axis=-1), axis=0)  # fmt: skip
    assert [r.spend_after_gbp for r in rows[:2]] == [round(gbp, -4) for gbp in first]
    assert rows[2].spend_after_gbp == round(first.sum(), -5)
    assert rows[2].is_synthetic
    assert not rows[0].is_synthetic


def test_dearer_authorities_that_grow_are_volume_in_the_region():
    """A's nights cost £100 and double, B's cost £10 and stay: of the region nothing is price."""
    prices = prices_of(np.array([[[100.0]], [[10.0]]]), np.array([0, 1.0, 0]))
    cells = {
        (la, ago, "foster", "bought"): (300, 0, 0, 300 * gbp)
        for la, gbp in (("A", 100), ("B", 10))
        for ago in range(12)
    }
    stock = np.zeros((1, 2, 13, 4))
    stock[0, :, :, 0] = [[20], [10]]
    months = spend_by_month(children_of(stock), nights_of(cells), prices, no_surprise(prices, 1))
    region = driver_rows(months, AREAS, ALL_SHOWN)[-1]
    assert (region.mix_mean_gbp, region.price_mean_gbp) == (0, 0)
    # £360,000 + £36,000, then £730,000 + £36,500.
    assert region.volume_mean_gbp == 800_000 - 400_000


def test_an_interval_leaves_out_a_tenth_on_either_side():
    """Of A 3,600 nights at £100 are known; 11 draws have 0, 10 … 100 children: 36,500 x £100 each
    ten of them. A tenth lie below 10 children, and above 90."""
    prices = prices_of(np.full((4, 3), 100.0), np.array([0, 1.0, 0]))
    cells = {("A", ago, "foster", "bought"): (300, 0, 0, 30_000) for ago in range(12)}
    stock = np.zeros((11, 2, 13, 4))
    stock[:, 0, :, 0] = 10 * np.arange(11)[:, None]
    months = spend_by_month(children_of(stock), nights_of(cells), prices, no_surprise(prices, 11))
    row = driver_rows(months, AREAS, ALL_SHOWN)[0]
    assert (row.spend_before_gbp, row.spend_after_gbp) == (360_000, 1_830_000)  # £1,825,000
    assert (row.volume_lower_80_gbp, row.volume_mean_gbp, row.volume_upper_80_gbp) == (
        10_000, 1_470_000, 2_930_000,  # £5,000, £1,465,000 and £2,925,000
    )  # fmt: skip


def test_what_is_not_known_or_not_shown_is_null():
    shown = ALL_SHOWN.copy()
    shown[0, -1] = False
    months = made_up()
    hidden, _, region = driver_rows(months, AREAS, shown)[:3]
    assert list(withheld_words(hidden.withheld))[:3] == [
        "spend_before_gbp", "spend_after_gbp", "volume_mean_gbp",
    ]  # fmt: skip
    assert len(withheld_words(hidden.withheld)) == 11
    assert {getattr(hidden, name) for name in withheld_words(hidden.withheld)} == {None}
    assert region.spend_after_gbp is not None
    # A month of B is not covered: no comparison of B, nor of the region, and nothing is withheld.
    pounds = months.pounds.copy()
    pounds[:, 1, :, 4] = np.nan
    first, second, region = driver_rows(
        dataclasses.replace(months, pounds=pounds), AREAS, ALL_SHOWN
    )[:3]
    assert first.spend_after_gbp is not None
    assert (second.spend_after_gbp, second.withheld) == (None, "")
    assert (region.volume_mean_gbp, region.withheld) == (None, "")


def test_without_prices_there_is_no_row():
    months = made_up()
    nothing = dataclasses.replace(months, is_priced=np.zeros(4, bool))
    assert driver_rows(nothing, AREAS, ALL_SHOWN) == []
