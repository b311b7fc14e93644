"""The backtest's yardsticks: by hand, and on forecasts that are right."""

import numpy as np
import pytest

from pipeline.forecast.backtest import HORIZONS, LEVELS, THIS, Trial, places, scores

BY_HAND = "authority x band x type"


def trial(draws: np.ndarray, came: np.ndarray, months: int = 3) -> Trial:
    """Of one band, with the same in every month; draws [draw, la, type], came [la, type]."""
    many = [np.repeat(a[..., None, :, None], months, axis=-1) for a in (draws, came)]
    last = {("last value", level): cells(many[1][..., 0] * 0 + 10.0)[:, None].repeat(months, 1)
            for level, cells in LEVELS.items()}  # fmt: skip
    return Trial(0, many[0].astype(float), last, many[1].astype(float))


def found(trials, level=BY_HAND, method=THIS, horizon=3):
    (one,) = [
        s
        for s in scores(trials, 1)
        if (s.level, s.method, s.horizon_months) == (level, method, horizon)
    ]
    return one


def test_errors_are_over_what_came_and_bias_keeps_its_sign():
    came = np.array([[30, 10], [50, 10]])
    draws = np.array([[[33, 10], [45, 12]]] * 3)
    cells = found([trial(draws, came)])
    assert cells.wape == pytest.approx((3 + 0 + 5 + 2) / 100)
    assert cells.bias == pytest.approx((3 - 5 + 2) / 100)
    assert found([trial(draws, came)], "authority").wape == pytest.approx((3 + 3) / 100)
    assert found([trial(draws, came)], "region x type").wape == pytest.approx((2 + 2) / 100)
    assert found([trial(draws, came)], "region").wape == 0


def test_a_simpler_method_is_held_to_the_same_outcomes():
    came = np.array([[30, 10], [50, 10]])
    last = found([trial(came[None], came)], method="last value")
    assert last.wape == pytest.approx((20 + 0 + 40 + 0) / 100)
    assert last.bias == pytest.approx(-60 / 100)
    assert (last.coverage, last.pit) == (None, None)


def test_pinball_loss_of_a_point_is_half_the_error_over_even_quantiles():
    """The quantiles lie evenly about the median, so that over and under weigh the same."""
    came = np.array([[30, 10]])
    assert found([trial(np.array([[[34, 10]]]), came)]).pinball_loss == pytest.approx(4 / 2 / 2)


def test_what_is_not_known_yet_is_not_judged():
    came = np.array([[30.0, 10.0]])
    known, not_yet = trial(came[None], came), trial(came[None], came * np.nan)
    assert found([known, not_yet]).origins == 1
    assert scores([not_yet], 1) == []
    assert {s.horizon_months for s in scores([known], 1)} == {HORIZONS[0]}


def test_no_trial_gives_no_score():
    assert scores([], 1) == []


@pytest.mark.parametrize("size", [0.5, 5, 100])
def test_right_draws_place_what_came_evenly(size):
    rng = np.random.default_rng(3)
    means = rng.gamma(2, size / 2, 4000)
    placed = places(rng.poisson(means, (200, 4000)), rng.poisson(means), rng)
    # Of 4,000 in ten parts 400 fall into each, give or take 19: four of these.
    assert np.abs(np.histogram(placed, 10, (0, 1))[0] - 400).max() < 80


@pytest.mark.parametrize(
    ("factor", "least", "most"), [(1.0, 0.77, 0.83), (0.3, 0, 0.5), (3, 0.95, 1)]
)
def test_coverage_tells_who_is_too_sure(factor, least, most):
    rng = np.random.default_rng(4)
    means = rng.uniform(20, 60, (100, 30))
    draws = means + factor * (rng.poisson(means, (100, 100, 30)) - means)
    one = found([trial(draws, rng.poisson(means))])
    assert least <= one.coverage[1] <= most
    assert sum(one.pit) == pytest.approx(1)


def test_cells_that_are_and_were_drawn_empty_say_nothing_of_the_intervals():
    rng = np.random.default_rng(5)
    means = rng.uniform(20, 60, (40, 4))
    draws = means + 0.1 * (rng.poisson(means, (50, 40, 4)) - means)  # far too sure
    came = rng.poisson(means)
    draws[..., 1:], came[:, 1:] = 0, 0
    one = found([trial(draws, came)])
    assert one.outcomes == 40
    assert one.coverage[1] < 0.4


def test_where_all_is_empty_there_is_no_coverage():
    one = found([trial(np.zeros((5, 2, 2)), np.zeros((2, 2)))])
    assert (one.coverage, one.pit, one.outcomes) == (None, None, 0)
    assert one.wape == 0
