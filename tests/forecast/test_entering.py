"""Entries as the forecast goes on from them: their season, their means and where they stand."""

import numpy as np
import pytest

from pipeline.forecast.rates import DAYS, _Came, _entering
from tests.forecast.made_up import ORIGIN

MONTHS, LAS = 96, 6
DISPERSION = 1.5


def came(counts: np.ndarray, known: np.ndarray | None = None) -> _Came:
    children = counts[:, :, None, None].astype(float)
    return _Came(children, np.ones(counts.shape, bool) if known is None else known)


def of_year() -> np.ndarray:
    return np.arange(ORIGIN - MONTHS + 1, ORIGIN + 1) % 12


def test_a_season_is_found_and_where_there_is_none_only_days_are_left():
    """A wave of a tenth that is highest in June; of months alike, those of more days have more."""
    rng = np.random.default_rng(1)
    wave = 1 + 0.1 * np.cos(2 * np.pi * (np.arange(12) - 6) / 12)
    for season, allowed in ((wave, 0.03), (np.ones(12), 0.015)):
        due = 60 * (season * DAYS / DAYS.mean())[of_year()]
        *_, means, found = _entering(came(rng.poisson(due, (LAS, MONTHS))), DISPERSION, ORIGIN)
        assert found == pytest.approx(season * DAYS / DAYS.mean(), abs=allowed)
        assert means == pytest.approx(np.full(LAS, 60), rel=0.06)


def test_what_is_forecast_is_where_entries_stand_and_not_what_they_were():
    """Half as many again for the last three years of eight, in all authorities."""
    rng = np.random.default_rng(2)
    due = np.where(np.arange(MONTHS) < MONTHS - 36, 60, 90)[None] * np.ones((LAS, 1))
    region, local, means, _ = _entering(came(rng.poisson(due)), DISPERSION, ORIGIN)
    now = 1 + region.weights @ region.state[:, 0, :2].sum(axis=-1)
    later = 1 + region.weights @ region.state[:, 0, 0]
    assert means.mean() * now == pytest.approx(90, rel=0.06)
    assert means.mean() * later > 78
    assert np.abs(local.weights @ local.state[..., :2].sum(axis=-1)).max() < 0.1


def test_without_children_or_in_months_not_known_nothing_fails():
    none = np.zeros((2, 24))
    for known in (np.ones((2, 24), bool), np.zeros((2, 24), bool)):
        region, local, means, season = _entering(came(none, known), DISPERSION, ORIGIN)
        assert (means == 0).all()
        assert np.isfinite(season).all()
        assert np.isfinite(region.state).all()
        assert np.isfinite(local.state).all()
