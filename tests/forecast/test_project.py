"""The cohort: children are conserved, luck is their own, and the same seed gives the same draws."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forecast.cohort import LEFT, Children, duration_band, luck, outcomes
from pipeline.forecast.project import _apart, _spread, project
from tests.forecast.made_up import DRAWS, MONTHS, ORIGIN, children, draws, frame, rates

SEEDS = st.integers(0, 10_000)
SIZES = st.integers(0, 80)


@settings(max_examples=15, deadline=None)
@given(SEEDS, SIZES, st.floats(0, 30))
def test_children_are_conserved_and_never_fewer_than_none(seed, size, entries):
    made = draws(frame(), seed, size=size, entries=entries)
    total = made.stock.sum(axis=(3, 4))
    assert made.stock.min() >= 0
    assert (total[:, :, 0] == size).all()
    assert (total[:, :, 1:] == total[:, :, :-1] + made.entries - made.leavers).all()


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    of = frame()
    first, again = draws(of, 3), draws(of, 3)
    assert (first.stock == again.stock).all()
    other = project(of, rates(of, 3), children(of, 3), ORIGIN, MONTHS, DRAWS, 4)
    assert (first.stock[:, :, 1:] != other.stock[:, :, 1:]).any()


def test_an_authority_is_drawn_alike_whether_alone_or_not_but_for_shared_shocks():
    """Its children and their luck do not depend on how many authorities are beside it."""
    of = frame(2)
    made = draws(of, 5)
    assert made.stock[:, 0, 0].sum() == made.stock[:, 1, 0].sum()
    assert (made.stock[:, 0] != made.stock[:, 1]).any()


def test_who_turns_eighteen_leaves_in_that_month_and_nobody_else_does():
    of = frame(1)
    still = rates(of, entries=0.0)
    still = dataclasses.replace(still, chance=np.zeros_like(still.chance))
    ages = np.array([215, 214, 100], np.int16)
    now = ((ages, np.zeros(3, np.int8), np.full(3, 30, np.int16)),)
    made = project(of, still, now, ORIGIN, 3, 2, 1)
    assert made.leavers[:, 0].tolist() == [[1, 1, 0], [1, 1, 0]]
    assert made.stock.sum(axis=(3, 4))[:, 0].tolist() == [[3, 2, 1, 1]] * 2


def test_a_child_grows_into_the_next_band_in_the_month_of_its_birthday():
    of = frame(1)
    still = rates(of, entries=0.0)
    still = dataclasses.replace(still, chance=np.zeros_like(still.chance))
    now = ((np.array([11], np.int16), np.zeros(1, np.int8), np.zeros(1, np.int16)),)
    made = project(of, still, now, ORIGIN, 2, 1, 1)
    assert made.stock[0, 0, :, 0, 0].tolist() == [1, 0, 0]
    assert made.stock[0, 0, :, 1, 0].tolist() == [0, 1, 1]


def test_outcomes_come_as_often_as_their_chances_and_factors_say():
    of = frame(1)
    size, states = 40_000, len(of.states)
    chance = np.zeros((18, states, 6, states + 1))
    chance[:, 0, :, LEFT] = 0.02
    chance[:, 0, :, 2] = 0.01
    factor = np.ones((2, len(of.bands), states, states + 1))
    factor[1, :, :, LEFT] = 2.0
    many = Children(
        np.arange(size, dtype=np.uint64),
        np.repeat(np.arange(2, dtype=np.int32), size // 2),
        np.full(size, 100, np.int16),
        np.zeros(size, np.int8),
        np.full(size, 7, np.int16),
    )
    found = outcomes(many, 4, chance, factor, of.band_of)
    left = [(found[many.draw == d] == LEFT).mean() for d in (0, 1)]
    moved = (found == 2).mean()
    # Three standard errors of a share of 20,000 or 40,000.
    assert abs(left[0] - 0.02) < 0.003
    assert abs(left[1] - 0.04) < 0.0042
    assert abs(moved - 0.01) < 0.0015


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**48), st.integers(0, 400), st.integers(0, 5))
def test_luck_is_even_and_of_each_child_month_and_purpose_its_own(start, month, purpose):
    key = np.arange(start, start + 4000, dtype=np.uint64)
    drawn = luck(key, month, purpose)
    assert 0 <= drawn.min() <= drawn.max() < 1
    assert abs(drawn.mean() - 0.5) < 0.025  # more than five standard errors
    assert abs(np.corrcoef(drawn, luck(key, month + 1, purpose))[0, 1]) < 0.09
    assert abs(np.corrcoef(drawn, luck(key, month, purpose + 1))[0, 1]) < 0.09
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.09


def test_duration_bands_begin_where_the_panel_says():
    months = np.array([0, 2, 3, 5, 6, 11, 12, 23, 24, 47, 48, 200])
    assert duration_band(months).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_what_authorities_do_together_is_left_to_the_region():
    rng = np.random.default_rng(1)
    local = rng.uniform(0.5, 1.5, (50, 3, 4))
    sizes = np.array([10.0, 20.0, 70.0])
    apart, together = _apart(local, sizes)
    np.testing.assert_allclose(np.einsum("dlm,l->dm", apart, sizes / 100), 1)
    np.testing.assert_allclose(together[0], (local * sizes[:, None] / 100).sum(axis=1).mean(axis=0))
    alone, _ = _apart(local[:, :1], sizes[:1])
    np.testing.assert_allclose(alone, 1)


def test_a_spread_keeps_the_mean_level_and_narrows_around_it():
    rng = np.random.default_rng(2)
    region = np.exp(rng.normal(0, 0.2, (4000, 1, 3)))
    found = _spread(region, np.array([1.0, 0.5, 0.0]))
    np.testing.assert_allclose(found[..., 0], region[..., 0])
    narrowed = np.log(found).std(axis=0)[0]
    np.testing.assert_allclose(narrowed, [0.2, 0.1, 0], atol=0.01)


def test_children_come_by_the_season():
    """Twice as many in the month after the origin as in the next one."""
    of = frame(1)
    season = np.ones(12)
    season[[(ORIGIN + 1) % 12, (ORIGIN + 2) % 12]] = 4 / 3, 2 / 3
    given_rates = dataclasses.replace(rates(of, entries=100.0), season=season)
    made = project(of, given_rates, children(of, 1, 0), ORIGIN, 2, 400, 1)
    came = made.entries.mean(axis=(0, 1))
    assert came[0] / came[1] == pytest.approx(2, rel=0.05)
