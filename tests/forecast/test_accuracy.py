"""The yardsticks of the benchmark, on cases worked by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from tests.forecast import knows_truth
from tests.forecast.accuracy import (
    BANDS,
    TYPES,
    counted,
    covered,
    month_ends,
    month_number,
    places,
    wape,
    within,
)
from tests.forecast.simulator import TUNING_SEEDS, simulate


def test_month_ends_are_the_last_days() -> None:
    days = month_ends(month_number(dt.date(2024, 1, 5)), month_number(dt.date(2024, 4, 1)))
    assert days.astype(str).tolist() == ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]


def test_children_count_from_their_first_day_to_before_their_last() -> None:
    rows = pd.DataFrame(
        [
            # Comes on the last day of January, turns 1 in February, leaves on the last of March.
            ("a", "2023-02-10", "2024-01-31", "2024-03-31", "foster"),
            # Comes and goes within February.
            ("a", "2010-01-01", "2024-02-01", "2024-02-28", "residential"),
            # Still there; adoption is another type. Turns 18 in March 2024.
            ("b", "2006-03-31", "2020-01-01", None, "adoption"),
        ],
        columns=["la_code", "birth_date", "start_date", "end_date", "placement_type"],
    )
    for name in ("birth_date", "start_date", "end_date"):
        rows[name] = pd.to_datetime(rows[name])
    first = month_number(dt.date(2024, 1, 1))
    cells = counted(rows, ["a", "b"], first, first + 2)
    assert cells.shape == (2, len(BANDS), len(TYPES), 3)
    assert cells[0, 0, 0].tolist() == [1, 0, 0]
    assert cells[0, 1, 0].tolist() == [0, 1, 0]
    assert cells[1, 4, 3].tolist() == [1, 1, 0]
    assert cells.sum() == 4


def test_the_count_is_that_of_a_loop_over_children() -> None:
    made = simulate(
        TUNING_SEEDS[0], las=2, first=dt.date(2024, 4, 1), last=dt.date(2025, 3, 31), largest=150
    )
    first, last = 12 * 2024 + 4, 12 * 2025 + 3
    codes = made.las.la_code.tolist()
    cells = counted(made.episodes, codes, first, last)
    for month, day in enumerate(month_ends(first, last)):
        there = [
            row
            for row in made.episodes.itertuples()
            if row.start_date <= pd.Timestamp(day)
            and (pd.isna(row.end_date) or row.end_date > pd.Timestamp(day))
        ]
        assert cells[..., month].sum() == len(there)
        fostered = sum(row.placement_type == "foster" for row in there)
        assert cells[:, :, 0, month].sum() == fostered


def test_errors_are_pooled_over_the_cells_of_a_level() -> None:
    happened = np.zeros((2, 1, 2))
    happened[0, 0], happened[1, 0] = [30, 10], [50, 10]
    forecast = np.zeros((2, 1, 2))
    forecast[0, 0], forecast[1, 0] = [33, 10], [45, 12]
    assert wape(forecast, happened, "LA x band x type") == pytest.approx((3 + 0 + 5 + 2) / 100)
    assert wape(forecast, happened, "LA") == pytest.approx((3 + 3) / 100)
    assert wape(forecast, happened, "region x type") == pytest.approx((2 + 2) / 100)
    assert wape(forecast, happened, "region") == 0


def test_draws_that_are_right_cover_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    means = rng.gamma(0.5, 4, size=(60, 5, 4))  # many cells with hardly anyone
    draws = rng.poisson(means, size=(400, *means.shape))
    happened = rng.poisson(means)
    for level in ("LA x band x type", "LA"):
        placed = places(draws, happened, level, rng)
        for share in (0.5, 0.8, 0.95):
            assert covered(placed, share) == pytest.approx(
                share, abs=0.15 if level == "LA" else 0.05
            )
    narrow = means + (draws - means) * 0.4
    placed = places(narrow, happened + 0.0, "LA", rng)
    assert covered(placed, 0.8) < 0.65
    # Bounds included, an interval of small counts holds more than it says.
    assert within(draws, happened, "LA x band x type", 0.8).mean() > 0.8


def test_cells_that_are_always_empty_say_nothing() -> None:
    rng = np.random.default_rng(2)
    draws, happened = np.zeros((10, 1, 1, 3)), np.zeros((1, 1, 3))
    draws[0, 0, 0, 1] = 1
    happened[0, 0, 2] = 4
    assert len(places(draws, happened, "LA x band x type", rng)) == 2
    assert within(draws, happened, "LA x band x type", 0.8).tolist() == [True, False]


def test_who_knows_the_truth_is_as_unsure_as_chance_makes_it() -> None:
    origin = dt.date(2026, 3, 31)
    month = month_number(origin)
    rng, placed, errors, last_values = np.random.default_rng(3), [], [], []
    for seed in TUNING_SEEDS[:3]:
        made = simulate(seed, las=5, last=dt.date(2027, 3, 31), largest=400)
        draws = knows_truth.draw(made, origin, 12, 40, seed)[..., -1]
        codes = made.las.la_code.tolist()
        cells = counted(made.episodes, codes, month, month + 12)
        placed.append(places(draws, cells[..., -1], "LA x band x type", rng))
        errors.append(wape(np.median(draws, axis=0), cells[..., -1], "LA x band x type"))
        last_values.append(wape(cells[..., 0], cells[..., -1], "LA x band x type"))
    assert covered(np.concatenate(placed), 0.8) == pytest.approx(0.8, abs=0.06)
    assert np.mean(errors) < 0.9 * np.mean(last_values)
