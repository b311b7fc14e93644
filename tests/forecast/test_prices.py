"""What a night costs, worked out by hand from nights and prices that are known."""

import duckdb
import numpy as np
import pytest

from pipeline.forecast.nights import BOUGHT, GROUPS, OWN, PARENTS, Nights, read_nights
from pipeline.forecast.prices import (
    LEAST_PRICED_NIGHTS,
    NEXT_YEAR_SD,
    USUAL_RISE,
    draw_prices,
    estimate_prices,
    price_growth,
)
from tests.forecast.made_up_nights import ORIGIN, TYPES, nights_of

FOSTER, RESIDENTIAL, SUPPORTED, OTHER = range(4)


def full(nights: float, gbp: float) -> tuple[float, float, float, float]:
    """Nights that all have this price."""
    return nights, nights, nights * gbp, nights * gbp


def estimated(nights: float, gbp: float) -> tuple[float, float, float, float]:
    """Nights that are estimated to cost this."""
    return nights, 0, 0, nights * gbp


def series(la: str, of_type: str, group: str, nights, gbp) -> dict:
    """A cell of each of 36 months, with nights and price by months before the origin."""
    return {(la, ago, of_type, group): full(nights(ago), gbp(ago)) for ago in range(36)}


def test_an_authority_s_price_is_drawn_to_the_region_s():
    """1,000 nights at £100 and 500 at £160 are £120 on the mean of the region; 500 nights of that
    go to each: (100,000 + 60,000) / 1,500 and (80,000 + 60,000) / 1,000. C has no price: its 300
    nights are estimated at £120."""
    cells = {
        ("A", 0, "foster", "bought"): full(1000, 100),
        ("B", 0, "foster", "bought"): full(500, 160),
        ("C", 0, "foster", "bought"): estimated(300, 120),
    }
    prices = estimate_prices(nights_of(cells, las=("A", "B", "C")))
    assert prices.per_night[:, FOSTER, BOUGHT] == pytest.approx([160 / 1.5, 140, 120])
    assert prices.statements["C"] == ("It has no prices: the region's are taken.",)
    assert "region" not in " ".join(prices.statements["A"])


def test_the_last_twelve_covered_months_count_moved_to_the_origin():
    """B's files end half a year ago: the 12 months up to there count, and none before."""
    cells = {
        ("A", 0, "foster", "bought"): full(1e9, 100),
        ("A", 12, "foster", "bought"): full(1e9, 1),
        ("B", 6, "foster", "bought"): estimated(1e9, 100),
        ("B", 17, "foster", "bought"): full(1e9, 100),
        ("B", 18, "foster", "bought"): full(1e9, 1),
    }
    nights = nights_of(cells)
    nights.covered[1, -6:] = False
    prices = estimate_prices(nights)
    rise = prices.rises.of_types(prices.rises.general)[FOSTER]
    of_b = 100 * (np.exp(rise / 2) + np.exp(rise * 17 / 12)) / 2
    assert prices.per_night[:, FOSTER, BOUGHT] == pytest.approx([100, of_b], rel=3e-4)
    assert "Its last prices are of October 2024" in " ".join(prices.statements["B"])


def test_without_prices_there_is_no_price_and_this_is_said():
    prices = estimate_prices(nights_of({("A", 0, "foster", "bought"): (5000, 0, 0, np.nan)}))
    assert np.isnan(prices.per_night).all()
    assert not prices.is_priced.any()
    assert prices.statements == {
        None: ("There are no prices: spend is not forecast.",), "A": (), "B": (),
    }  # fmt: skip


def test_of_a_type_with_few_prices_it_is_said_that_it_is_estimated():
    enough = LEAST_PRICED_NIGHTS
    cells = {
        ("A", 0, "foster", "bought"): full(enough, 100),
        ("A", 0, "other", "bought"): (1000, enough - 1, 90 * (enough - 1), 100_000),
        ("A", 0, "other", "parents"): full(9000, 0),
    }
    prices = estimate_prices(nights_of(cells))
    assert list(prices.is_priced) == [True, False, False, True]
    assert prices.per_night[0, OTHER, BOUGHT] == pytest.approx(100)
    said = prices.statements[None]
    assert said[0].startswith("For homes of these types, residential and supported, no night is")
    assert said[1].startswith("For homes of these types, other, fewer than 365 nights have a known")
    assert "other" not in " ".join(prices.statements["A"])


def test_living_with_a_parent_costs_nothing_and_counts_in_the_mix():
    cells = {
        ("A", 0, "other", "bought"): full(1000, 200),
        ("A", 0, "other", "parents"): full(3000, 0),
    }
    prices = estimate_prices(nights_of(cells))
    assert prices.per_night[0, OTHER, PARENTS] == 0
    assert prices.per_night[0, OTHER, BOUGHT] == pytest.approx(200)
    assert prices.share[0, OTHER] == pytest.approx([0, 0.25, 0.75])


def test_of_a_group_without_a_price_it_is_said_that_it_is_estimated():
    cells = {
        ("A", 0, "foster", "bought"): full(1000, 150),
        ("A", 0, "foster", "own provision"): estimated(4000, 100),
    }
    prices = estimate_prices(nights_of(cells))
    assert prices.per_night[0, FOSTER, OWN] == pytest.approx(100)
    assert (
        "For foster no price of homes of the authorities' own is known: it is estimated from "
        "others of the type." in prices.statements[None]
    )
    assert "Of its nights of the last 12 months 20% have a known price" in " ".join(
        prices.statements["A"]
    )


def test_the_share_of_own_provision_is_drawn_to_the_region_s():
    """Own provision has 1,500 of 2,000 nights. Of A's 1,000, 500 are own: (500 + 375) / 1,500; of
    B's 1,000 all: (1,000 + 375) / 1,500. What was 13 months ago does not count."""
    cells = {
        ("A", 0, "foster", "own provision"): estimated(500, 90),
        ("A", 1, "foster", "bought"): estimated(500, 90),
        ("B", 11, "foster", "own provision"): estimated(1000, 90),
        ("B", 12, "foster", "bought"): estimated(9999, 90),
    }
    share = estimate_prices(nights_of(cells)).share
    assert share[:, FOSTER, OWN] == pytest.approx([875 / 1500, 1375 / 1500])
    assert share.sum(axis=-1) == pytest.approx(np.ones((2, len(TYPES))))
    assert list(share[0, SUPPORTED]) == [0, 1, 0]  # nobody lives there


def test_short_stays_make_more_nights_than_month_ends_show():
    """10 and 20 children at the ends of February and March are 15 x 31 = 465 child-days, of which
    565 nights were counted: (565 + 1,000) / (465 + 1,000). A month after a gap does not count."""
    nights = nights_of({("A", 0, "foster", "bought"): estimated(565, 90)}, months=2)
    nights.stock[0, -2:, FOSTER] = 10, 20
    assert estimate_prices(nights).nights_ratio == pytest.approx([1565 / 1465, 1, 1, 1])
    nights.covered[0, -2] = False
    assert estimate_prices(nights).nights_ratio == pytest.approx([1, 1, 1, 1])


def test_a_rise_is_learnt_from_many_nights_whatever_the_mix():
    """Both rise by 8% a year in logarithms; the dear one has fewer and fewer of the nights."""
    cells = series("A", "foster", "bought", lambda ago: 1e5, lambda ago: np.exp(-0.08 * ago / 12))
    cells |= series(
        "B", "foster", "bought", lambda ago: 1e4 * (4 + ago), lambda a: 9 * np.exp(-0.08 * a / 12)
    )
    # A price of living with a parent is a mistake, and tells no rise.
    cells |= series("A", "foster", "parents", lambda ago: 1e5, lambda ago: 1.0 + ago)
    rises = estimate_prices(nights_of(cells, months=36)).rises
    assert rises.seen[FOSTER] == pytest.approx(0.08)
    assert rises.of_types(rises.general)[FOSTER] == pytest.approx(0.08, abs=0.002)
    assert np.isinf(rises.seen_sd[SUPPORTED])
    # What is seen of one type says something of all.
    assert 0.03 < rises.general < 0.08
    assert rises.of_types(rises.general)[SUPPORTED] == pytest.approx(rises.general)


@pytest.mark.parametrize("months", [5, 36])
def test_few_nights_or_months_tell_little_of_the_rise(months):
    cells = {
        ("A", ago, "foster", "bought"): full(
            5 if months == 36 else 1e6, 100 * np.exp(-0.2 * ago / 12)
        )
        for ago in range(months)
    }
    prices = estimate_prices(nights_of(cells, months=36))
    assert prices.rises.of_types(prices.rises.general)[FOSTER] == pytest.approx(
        USUAL_RISE, abs=0.01
    )
    is_told = "3.0% a year is assumed" in " ".join(prices.statements[None])
    assert is_told == (months == 5)


def test_prices_of_a_small_authority_wander_more_than_those_of_a_large_one():
    """Of 4 and 400 children, by the root of that; nothing is known but what is usual."""
    cells = {("A", 0, "foster", "bought"): full(4 * 365, 100),
             ("B", 0, "foster", "bought"): full(400 * 365, 100)}  # fmt: skip
    sd = estimate_prices(nights_of(cells)).rises.wandering_sd
    assert sd[:, FOSTER] == pytest.approx([0.5 / 2, 0.5 / 20])


def test_a_walk_s_slope_is_as_unsure_as_is_said():
    """Random walks of the log price of 500 cells of 10 children each, over three years."""
    rng = np.random.default_rng(5)
    las = tuple(f"E{n}" for n in range(500))
    walks = np.cumsum(rng.normal(0, np.sqrt(0.6 / 10 / 12), (len(las), 36)), axis=1)
    cells = {
        (la, ago, "foster", "bought"): full(10 * 365 / 12, np.exp(walks[n, 35 - ago]))
        for n, la in enumerate(las)
        for ago in range(36)
    }
    rises = estimate_prices(nights_of(cells, las=las, months=36)).rises
    # The variance of 500 slopes is known to about 6%, its root to 3%.
    assert rises.wandering_sd[0, FOSTER] == pytest.approx(np.sqrt(0.6 / 10), rel=0.12)
    assert rises.seen_sd[FOSTER] == pytest.approx(np.sqrt(1.2 * 0.6 / 10 / 3 / 500), rel=0.12)


def test_draws_spread_as_is_said_and_are_the_same_by_seed():
    prices = estimate_prices(nights_of({("A", 0, "foster", "bought"): full(4000, 100)}))
    drawn, again, other = (draw_prices(prices, 20_000, seed) for seed in (1, 1, 2))
    assert np.array_equal(drawn.rise, again.rise)
    assert np.array_equal(drawn.wandering, again.wandering)
    assert not np.array_equal(drawn.rise, other.rise)
    rises = prices.rises
    sd = np.sqrt(rises.general_sd**2 + rises.of_types_sd**2 + NEXT_YEAR_SD**2)
    assert drawn.rise.std(axis=0) == pytest.approx(sd, rel=0.03)
    assert drawn.rise.mean(axis=0) == pytest.approx([USUAL_RISE] * 4, abs=0.001)
    assert np.corrcoef(drawn.rise.T)[0, 1] > 0.4  # types rise together
    assert drawn.wandering.std(axis=0) == pytest.approx(rises.wandering_sd, rel=0.03)


def simulated(seed: int, months: int, las: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Nights of foster care and residential homes, bought, and their pounds; (las, months, types,
    groups). Children come and go, each at a price of its own; all prices rise, not evenly."""
    rng = np.random.default_rng(seed)
    nights, pounds = np.zeros((2, las, months, len(TYPES), len(GROUPS)))
    by_year = np.repeat(rng.normal(0.035, 0.025, months // 12 + 1), 12)[:months]
    for of_type, (children, apart, leave) in enumerate(((60, 0.25, 0.03), (25, 0.4, 0.05))):
        rise = np.cumsum(by_year + rng.normal(0, 0.015)) / 12
        for la in range(las):
            own = rng.normal(0, apart, 3 + rng.poisson(children * rng.lognormal(0, 0.6)))
            for month in range(months):
                is_new = rng.random(len(own)) < leave
                own[is_new] = rng.normal(0, apart, is_new.sum())
                nights[la, month, of_type, BOUGHT] = 30 * len(own)
                pounds[la, month, of_type, BOUGHT] = 30 * 100 * np.exp(own + rise[month]).sum()
    return nights, pounds


def test_intervals_hold_about_four_of_five_prices_to_come():
    """A year and two years ahead, of authorities; half of the regions have prices for a year."""
    held = []
    for seed in range(40, 56):
        nights, pounds = simulated(seed, 60)
        priced, cost = nights.copy(), pounds.copy()
        if seed % 2:
            priced[:, :24], cost[:, :24] = 0, 0
        las = tuple(f"E{n}" for n in range(len(nights)))
        known = [a[:, :36] for a in (nights, priced, cost, pounds)]
        empty = np.zeros((len(las), 36, len(TYPES)))
        prices = estimate_prices(
            Nights(las, TYPES, ORIGIN, *known, empty, np.ones(empty.shape[:2], bool))
        )
        drawn = draw_prices(prices, 400, seed)
        for ahead in (12, 24):
            path = prices.per_night[..., BOUGHT] * price_growth(drawn, ahead)[..., -1]
            lower, upper = np.quantile(path[..., :SUPPORTED], (0.1, 0.9), axis=0)
            came = (pounds / np.maximum(nights, 1))[:, 35 + ahead, :SUPPORTED, BOUGHT]
            held.append((came >= lower) & (came <= upper))
    assert 0.74 < np.mean(held) < 0.88
    assert np.mean(held, axis=(0, 1)).min() > 0.7


def test_nights_are_read_as_of_the_origin():
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create schema staging;
            create table staging.int_care_night as from (values
                ('A', {ORIGIN}, 'foster', 'own provision', 60, 31, 3100.50::decimal(14, 2), 6000),
                ('A', {ORIGIN}, 'foster', 'independent agency', 20, 0, 0, 2000),
                ('A', {ORIGIN}, 'foster', 'unknown', 5, 0, 0, 500),
                ('A', {ORIGIN}, 'other', 'parents', 7, 7, 0, 0),
                ('A', {ORIGIN - 2}, 'foster', 'other public', 3, 0, 0, null),
                ('A', {ORIGIN + 1}, 'foster', 'own provision', 999, 999, 999, 999),
                ('Z', {ORIGIN}, 'foster', 'own provision', 999, 999, 999, 999)
            ) t (la_code, month_number, forecast_type, provider_sector, nights, nights_with_price,
                known_gbp, total_gbp);
            create table staging.int_covered_month as from (values
                ('A', {ORIGIN - 2}), ('A', {ORIGIN}), ('A', {ORIGIN + 1}), ('Z', {ORIGIN - 9})
            ) t (la_code, month_number);
            create table staging.int_care_month as from (values
                ('A', {ORIGIN}, 'foster'), ('A', {ORIGIN}, 'foster'), ('A', {ORIGIN + 1}, 'foster')
            ) t (la_code, month_number, forecast_type)
            """
        )
        nights = read_nights(connection, ("A", "B"), TYPES, ORIGIN)
        nobody = read_nights(connection, ("B",), TYPES, ORIGIN)
    assert list(nights.months) == [ORIGIN - 2, ORIGIN - 1, ORIGIN]
    assert nights.covered.tolist() == [[True, False, True], [False] * 3]
    assert list(nights.nights[0, 2, FOSTER]) == [60, 25, 0]
    assert list(nights.nights[0, 2, OTHER]) == [0, 0, 7]
    assert nights.nights[0, 0, FOSTER, GROUPS.index("bought")] == 3
    assert nights.priced.sum() == 31 + 7
    assert nights.known.sum() == 3100.5
    assert list(nights.total[0, 2, FOSTER]) == [6000, 2500, 0]
    assert np.isnan(nights.total[0, 0, FOSTER, BOUGHT])  # no price is known
    assert nights.stock[0, 2, FOSTER] == 2 == nights.stock.sum()
    assert nobody.nights.sum() == 0
    assert not nobody.covered.any()
    assert not estimate_prices(nobody).is_priced.any()
