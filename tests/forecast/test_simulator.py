"""The simulated regions are what their docstring says: otherwise nothing judged by them counts."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from tests.forecast import simulator
from tests.forecast.simulator import HELD_OUT_SEEDS, TUNING_SEEDS, Simulated, known_on, simulate

FIRST, LAST = dt.date(2016, 4, 1), dt.date(2026, 3, 31)


@pytest.fixture(scope="module")
def region() -> Simulated:
    return simulate(TUNING_SEEDS[0], las=3, first=FIRST, last=LAST, smallest=250, largest=600)


def in_care(episodes: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    at = pd.Timestamp(day)
    return episodes[(episodes.start_date <= at) & ~(episodes.end_date <= at)]


def test_seeds_to_tune_on_are_not_those_to_judge_by() -> None:
    assert not set(TUNING_SEEDS) & set(HELD_OUT_SEEDS)


def test_the_same_seed_gives_the_same_region_and_another_seed_another() -> None:
    made = [
        simulate(seed, las=2, first=dt.date(2024, 4, 1), last=LAST, largest=200).episodes
        for seed in (7, 7, 8)
    ]
    pd.testing.assert_frame_equal(made[0], made[1])
    assert not made[0].equals(made[2])


def test_placements_of_a_child_follow_one_another_without_gap_or_overlap(
    region: Simulated,
) -> None:
    rows = region.episodes.sort_values(["child_id", "start_date"])
    of_same = rows.child_id == rows.child_id.shift()
    assert (rows.start_date[of_same] == rows.end_date.shift()[of_same]).all()
    assert of_same.mean() > 0.3  # there is something to see
    assert not (rows.end_date <= rows.start_date).any()
    facts = rows.groupby("child_id")[["la_code", "birth_date"]].nunique()
    assert (facts == 1).all().all()


def test_nobody_is_in_care_before_birth_or_from_the_18th_birthday_on(region: Simulated) -> None:
    rows = region.episodes
    birthday = rows.birth_date + pd.DateOffset(years=18)
    leapling = (rows.birth_date.dt.month == 2) & (rows.birth_date.dt.day == 29)
    latest = birthday + pd.to_timedelta(leapling.astype(int), unit="D")
    assert (rows.start_date >= rows.birth_date).all()
    assert (rows.end_date.fillna(pd.Timestamp(LAST)) <= latest).all()
    assert (rows.end_date == latest).mean() > 0.05  # it is how teenagers leave


def test_the_window_shows_what_returns_would(region: Simulated) -> None:
    rows = region.episodes
    assert (rows.start_date <= pd.Timestamp(LAST)).all()
    assert not (rows.end_date <= pd.Timestamp(FIRST)).any()
    assert not (rows.end_date > pd.Timestamp(LAST)).any()
    assert set(rows.placement_type) == set(simulator.TYPES)
    assert set(rows.provider_sector) == set(simulator.SECTORS)


def test_a_cut_shows_what_was_known_that_day() -> None:
    rows = pd.DataFrame(
        {
            "start_date": pd.to_datetime(["2020-01-01", "2020-03-31", "2020-04-01"]),
            "end_date": pd.to_datetime(["2020-03-31", "2020-05-01", None]),
        }
    )
    known = known_on(rows, dt.date(2020, 3, 31))
    assert known.start_date.tolist() == rows.start_date.tolist()[:2]
    assert known.end_date.notna().tolist() == [True, False]


def test_the_stock_is_as_asked_for(region: Simulated) -> None:
    for year in (2016, 2021, 2026):
        stock = in_care(region.episodes, dt.date(year, 3, 31)).la_code.value_counts()
        if year > 2016:
            assert len(stock) == 3
            assert stock.between(150, 900).all(), stock
    ages = (pd.Timestamp(LAST) - in_care(region.episodes, LAST).birth_date).dt.days / 365.25
    shares = np.histogram(ages, [0, 1, 5, 10, 16, 18.01])[0] / len(ages)
    assert np.abs(shares - [0.05, 0.13, 0.18, 0.39, 0.26]).max() < 0.08


def test_residential_care_grows_faster_than_the_rest() -> None:
    growth = []
    for seed in TUNING_SEEDS[:3]:
        rows = simulate(seed, las=3, smallest=500).episodes
        counts = [
            (in_care(rows, dt.date(year, 3, 31)).placement_type == "residential").sum()
            for year in (2017, 2027)
        ]
        growth.append((counts[1] / counts[0]) ** 0.1 - 1)
    assert 0.02 < np.mean(growth) < 0.10, growth


def test_siblings_come_on_one_day(region: Simulated) -> None:
    children = pd.DataFrame({"la": region.children.la, "start": region.children.start})
    sizes = children.value_counts()
    # Moved apart by some days, as many share a day as by chance.
    together = sizes[sizes > 1].sum() / sizes.sum()
    shuffled = children.assign(start=children.start + np.arange(len(children)) % 14)
    by_chance = shuffled.value_counts()
    assert together > by_chance[by_chance > 1].sum() / by_chance.sum() + 0.15


def test_shocks_of_entries_are_shared_between_authorities() -> None:
    shocks_of = []
    for seed in TUNING_SEEDS[:6]:
        truth = simulate(seed, las=2, smallest=10, largest=20).truth
        shocks = truth.region_shock + truth.la_shock
        shocks_of.append(shocks)
    both = np.concatenate(shocks_of, axis=1)
    expected = simulator.REGION_SHOCK**2 / (simulator.REGION_SHOCK**2 + simulator.LA_SHOCK**2)
    assert np.corrcoef(both)[0, 1] == pytest.approx(expected, abs=0.12)
    after = np.corrcoef(both[0, :-1], both[0, 1:])[0, 1]
    assert after == pytest.approx(simulator.PERSISTENCE, abs=0.04)


def test_entries_move_with_the_shocks() -> None:
    made = simulate(TUNING_SEEDS[1], las=6, smallest=800, largest=900)
    truth, children = made.truth, made.children
    month = children.start.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    counts = np.zeros(truth.la_shock.shape)
    np.add.at(counts, (children.la, month - truth.first_month), 1)
    whole = slice(1, -1)  # months that are not cut
    shocks = (truth.region_shock + truth.la_shock)[:, whole]
    seen = np.log(np.convolve(counts.mean(axis=0)[whole], np.ones(6), "valid"))
    true = np.convolve(shocks.mean(axis=0), np.ones(6) / 6, "valid")
    assert np.corrcoef(seen, true)[0, 1] > 0.4
