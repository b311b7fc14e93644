"""Scenarios: only what they say changes, and nothing at all where they say nothing."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forecast.changes import ScenarioPlan
from tests.forecast.made_up import MONTHS, ORIGIN, change, draws, frame, scenario

OF = frame()
FOSTER, RESIDENTIAL, SUPPORTED = (OF.types.index(t) for t in ("foster", "residential", "supported"))
SIZE = 200  # children of each authority: enough of each type in every draw
BASE = draws(OF, 1, size=SIZE)


def with_changes(*changes, base=BASE, seed=1):
    return draws(OF, seed, ScenarioPlan(scenario(*changes), OF, ORIGIN, base.stock), size=SIZE)


def total(made):
    """[draw, la, month]"""
    return made.stock.sum(axis=(3, 4))


@pytest.mark.parametrize(
    "nothing",
    [
        change("entries", 0),
        change("exits", 0),
        change("inflation", 5),
        change("in-house share", 60, to_type="foster"),
        change("open home", 6, to_type="residential"),
        change("foster carers", 10),
        change("move", 5, from_type="residential", to_type="foster", start=dt.date(2040, 1, 1)),
    ],
    ids=lambda c: c.kind,
)
def test_a_scenario_without_a_change_for_the_cohort_equals_the_base_exactly(nothing):
    """Who lives in a new home is told afterwards, by `new_home`."""
    made = with_changes(nothing)
    assert (made.stock == BASE.stock).all()
    assert (made.entries == BASE.entries).all()
    assert (made.leavers == BASE.leavers).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 40), st.integers(0, 8), st.integers(0, 500))
def test_moving_children_leaves_the_total_on_the_day_as_it_was(number, ramp, seed):
    base = draws(OF, seed, size=SIZE)
    move = change("move", number, from_type="foster", to_type="residential", ramp_months=ramp)
    made = with_changes(move, base=base, seed=seed)
    assert (made.stock[:, :, :2] == base.stock[:, :, :2]).all()  # not before
    assert (total(made)[:, :, 2] == total(base)[:, :, 2]).all()
    moved = base.stock[:, :, 2, :, FOSTER] - made.stock[:, :, 2, :, FOSTER]
    # Of 200 children by chance at most 24 in foster homes are less than any share of 40; rounding
    # is by authority.
    if number <= 20:
        due = number if not ramp else number / ramp
        assert (np.abs(moved.sum(axis=(1, 2)) - due) <= len(OF.las)).all()
    assert (moved.sum(axis=2) <= base.stock[:, :, 2, :, FOSTER].sum(axis=2)).all()
    assert (total(made)[:, :, 1:] == total(made)[:, :, :-1] + made.entries - made.leavers).all()


def test_moving_ten_moves_ten_in_every_draw():
    move = change("move", 10, from_type="foster", to_type="residential", la_code=OF.las[0])
    made = with_changes(move)
    gone = (BASE.stock - made.stock)[:, 0, 2, :, FOSTER].sum(axis=1)
    assert (gone == 10).all()
    assert (made.stock[:, 1] == BASE.stock[:, 1]).all()


def test_a_band_is_kept_to():
    move = change("move", 4, from_type="foster", to_type="residential", age_band="5 to 9")
    made = with_changes(move)
    off = (BASE.stock - made.stock)[:, :, 2]
    band = OF.band_names.index("5 to 9")
    assert off[:, :, band, FOSTER].sum(axis=1).tolist() == [4] * len(off)
    assert not np.delete(off, band, axis=2).any()


def test_a_closed_home_stays_closed():
    base = BASE.stock[:, 0, :, :, FOSTER].sum(axis=2)
    closed = change("close home", 4, from_type="foster", to_type="supported", la_code=OF.las[0])
    made = with_changes(closed).stock[:, 0, :, :, FOSTER].sum(axis=2)
    assert (made[:, 1] == base[:, 1]).all()
    assert (made[:, 2:] <= np.maximum(base[:, 2:] - 4, 0)).all()
    assert (made[:, 2] == base[:, 2] - 4).all()


@pytest.mark.parametrize(("number", "sign"), [(-50, -1), (50, 1), (250, 1)])
def test_entries_change_by_their_per_cent(number, sign):
    base = draws(OF, 2, entries=30.0)
    made = draws(
        OF,
        2,
        ScenarioPlan(scenario(change("entries", number)), OF, ORIGIN, base.stock),
        entries=30.0,
    )
    assert (made.entries[:, :, 0] == base.entries[:, :, 0]).all()
    came, usual = made.entries[:, :, 1:].sum(), base.entries[:, :, 1:].sum()
    # Two standard errors of thinning, or more than that.
    assert abs(came / usual - 1 - number / 100) < 0.03
    assert np.sign(came - usual) == sign
    none = draws(
        OF, 2, ScenarioPlan(scenario(change("entries", -100)), OF, ORIGIN, base.stock), entries=30.0
    )
    assert none.entries[:, :, 1:].sum() == 0


def test_entries_of_a_band_and_type_alone():
    some = change("entries", -100, age_band="10 to 15", to_type="residential")
    base = draws(OF, 2, size=0, entries=30.0)
    made = draws(OF, 2, ScenarioPlan(scenario(some), OF, ORIGIN, base.stock), size=0, entries=30.0)
    band = OF.band_names.index("10 to 15")
    came = made.stock[:, :, 2] - base.stock[:, :, 2]
    assert came[:, :, band, RESIDENTIAL].sum() < 0
    assert (came.sum(axis=(2, 3)) == came[:, :, band, RESIDENTIAL]).all()


def test_more_exits_mean_fewer_children_and_end_when_they_end():
    more = change("exits", 100, end=dt.date(2026, 7, 31))
    made = with_changes(more)
    assert (made.leavers[:, :, 0] == BASE.leavers[:, :, 0]).all()
    assert made.leavers[:, :, 1:4].sum() > 1.3 * BASE.leavers[:, :, 1:4].sum()


def test_a_number_for_the_region_is_shared_and_none_is_lost():
    move = change("move", 7, from_type="foster", to_type="residential")
    made = with_changes(move)
    gone = (BASE.stock - made.stock)[:, :, 2, :, FOSTER].sum(axis=(1, 2))
    assert (gone == 7).all()


def test_changes_hold_together():
    both = (
        change("entries", -100),
        change("move", 5, from_type="foster", to_type="supported"),
    )
    made = with_changes(*both)
    assert made.entries[:, :, 1:].sum() == 0
    assert (total(made)[:, :, 1:] == total(made)[:, :, :-1] + made.entries - made.leavers).all()
    assert made.stock.shape[2] == MONTHS + 1
