"""Small regions of arrays, made up: rates, children and scenarios, without a database."""

import datetime as dt
from decimal import Decimal

import numpy as np

from pipeline.forecast.cohort import DURATIONS, YEARS
from pipeline.forecast.levels import Level
from pipeline.forecast.project import Draws, project
from pipeline.forecast.rates import Rates
from pipeline.forecast.region import Frame, frame_of
from pipeline.forecast.scenario_file import Change, Scenario
from pipeline.forecast.trend import Trend

ORIGIN = 12 * 2026 + 3
MONTHS, DRAWS = 14, 12
STEADY = Trend(0.0, 0.0, 0.0)


def frame(las: int = 2) -> Frame:
    return frame_of(tuple(f"E0600000{n}" for n in range(las)))


def level(series: int, persistence: float = 0.9, shock: float = 0.1) -> Level:
    return Level(
        np.array([[persistence, shock, 0.1, 0.001]]),
        np.ones(1),
        np.zeros((1, series, 3)),
        np.tile(np.diag([0.01, 0.01, 0.0]), (1, series, 1, 1)),
    )


def rates(of: Frame, seed: int = 1, entries: float = 4.0, leave: float = 0.03) -> Rates:
    """Random chances of moving of a few per cent a month, and of leaving of about `leave`."""
    rng = np.random.default_rng(seed)
    las, states = len(of.las), len(of.states)
    chance = rng.uniform(0, 0.02, (YEARS, states, DURATIONS, states + 1))
    chance[..., 0] = rng.uniform(0, 2 * leave, chance.shape[:-1])
    for state in range(states):
        chance[:, state, :, state + 1] = 0
    cells = rng.uniform(20, 200, (las, len(of.bands), states, states + 1))
    ages = rng.uniform(0.1, 1, (las, YEARS))
    kinds = rng.uniform(0.1, 1, (las, YEARS, states))
    return Rates(
        chance=chance,
        seen=cells,
        expected=cells * rng.uniform(0.9, 1.1, cells.shape),
        own=rng.uniform(0.8, 1.2, (las, states + 1)),
        own_events=np.full((las, states + 1), 50.0),
        drift=tuple(
            tuple(Trend(0.0, 0.001, 0.001) for _ in range(states + 1)) for _ in range(states)
        ),
        leaving_region=level(1),
        leaving_local=level(las),
        entering_region=level(1),
        entering_local=level(las),
        entries=np.full(las, entries),
        season=np.ones(12),
        ages=ages / ages.sum(axis=1, keepdims=True),
        entry_states=kinds / kinds.sum(axis=2, keepdims=True),
        entry_drift=tuple(STEADY for _ in range(states)),
        dispersion=1.6,
    )


def children(of: Frame, seed: int = 1, size: int = 60) -> tuple[tuple[np.ndarray, ...], ...]:
    rng = np.random.default_rng([seed, 9])
    return tuple(
        (
            rng.integers(0, 216, size).astype(np.int16),
            rng.integers(0, len(of.states), size).astype(np.int8),
            rng.integers(0, 100, size).astype(np.int16),
        )
        for _ in of.las
    )


def draws(of: Frame, seed: int = 1, plan=None, size: int = 60, **given) -> Draws:
    made = children(of, seed, size)
    return project(of, rates(of, seed, **given), made, ORIGIN, MONTHS, DRAWS, seed, plan)


def change(kind: str, number: float, **given) -> Change:
    """A row of a scenario that begins in the second month and holds for ever."""
    usual = {
        "la_code": None, "age_band": None, "from_type": None, "to_type": None,
        "start": dt.date(2026, 5, 1), "end": None, "ramp_months": 0,
        "price_gbp_per_week": None, "row": 2,
    }  # fmt: skip
    return Change(kind=kind, number=Decimal(str(number)), **(usual | given))


def scenario(*changes: Change) -> Scenario:
    return Scenario("What if", changes)
