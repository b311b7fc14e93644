"""The cohort drawn towards totals that go on as they went: what each is best at, in one forecast.

The cohort knows who is in care and will leave, move or turn 18; of how many will come a year or two
from now it knows little, and its errors there are those of the whole region at once. There a plain
series is as good (`totals`). So the region's total, its authorities' and its types' come to lie
between the two.

Not by scaling the children that are drawn: they would no longer be conserved. What is tilted is how
many come, leave and move into each type, until the totals lie there.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.forecast.cohort import duration_band
from pipeline.forecast.project import Draws, Tilt, project
from pipeline.forecast.rates import Rates
from pipeline.forecast.region import Frame
from pipeline.forecast.totals import authorities_ahead, types_ahead

# How far from the cohort, 0, to the series, 1.
REGION, AUTHORITY, TYPE = 0.75, 0.3, 0.5
# Where two ways to forecast a region are drawn together, what is left is surer than either: the
# levels of its flows vary by so much less two years ahead, and as they were tomorrow.
SURER, SURER_AFTER = 0.4, 24
PILOT_DRAWS = 20  # of chance for single children; all else is at its mean in a pilot
STEPS = 2  # the first leaves a fifth of the way
MOST = 2.0  # times as many come or leave at most, or the inverse of it at least
YEAR = 12


def tilt(
    frame: Frame,
    rates: Rates,
    children: Sequence[tuple[np.ndarray, ...]],
    origin: int,
    history: np.ndarray,
    months: int,
    seed: int,
) -> Tilt:
    """Factors by which totals come to lie between the cohort's and those of their own histories.

    history: [la, month, band, type] children up to the origin, all months known.
    """

    def pilot(tilted: Tilt | None) -> Draws:
        return project(
            frame, rates, children, origin, months, PILOT_DRAWS, seed, tilted=tilted, calm=True
        )

    found = Tilt.none(frame, months)
    made = pilot(None)
    of_las, of_types = _targets(made, history, months)
    for step in range(STEPS):
        if step:
            made = pilot(found)
        found = _further(found, made, of_las, of_types, _comes_and_goes(frame, rates, children))
    ahead = np.minimum(np.arange(1, months + 1) / SURER_AFTER, 1)
    return replace(found, spread=1 - SURER * ahead)


def _targets(made: Draws, history: np.ndarray, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Totals of authorities and of types in the months to come, that add up to one region's."""
    ahead = np.arange(1, months + 1)
    las, types = _totals(made)
    series = authorities_ahead(history.sum(axis=(2, 3)), YEAR, ahead)
    region = _between(las.sum(axis=0), series.sum(axis=0), REGION)
    of_las = _between(las, series, AUTHORITY)
    of_types = _between(types, types_ahead(history.sum(axis=(0, 2)).T, YEAR, ahead), TYPE)
    return tuple(of * region / np.maximum(of.sum(axis=0), 1e-9) for of in (of_las, of_types))


def _totals(made: Draws) -> tuple[np.ndarray, np.ndarray]:
    """[la, month], [type, month]: means of the draws."""
    mean = made.stock[:, :, 1:].mean(axis=0).sum(axis=2)
    return mean.sum(axis=2), mean.sum(axis=0).T


def _between(cohort: np.ndarray, series: np.ndarray, share: float) -> np.ndarray:
    return np.maximum(cohort, 0) ** (1 - share) * np.maximum(series, 0) ** share


def _further(
    found: Tilt,
    made: Draws,
    of_las: np.ndarray,
    of_types: np.ndarray,
    comes_and_goes: tuple[np.ndarray, np.ndarray],
) -> Tilt:
    """The tilt after one more step of the way, by how far the totals now are from their targets."""
    las, types = _totals(made)
    comes, leaves = made.entries.mean(axis=0), made.leavers.mean(axis=0)
    before = np.concatenate(
        [made.stock[:, :, :1].mean(axis=0).sum(axis=(2, 3)), las[:, :-1]], axis=1
    )
    stays = 1 - leaves / np.maximum(before, 1)
    share = _needed(of_las - las, stays) / np.maximum(comes + leaves, 1e-9)
    into, out = comes_and_goes
    # Of types only what they are of the whole: the authorities have the rest.
    off = of_types * las.sum(axis=0) / np.maximum(of_las.sum(axis=0), 1e-9) - types
    more = _needed(off, 1 - out[:, None]) / np.maximum(into, 1e-9)[:, None]
    return Tilt(
        _bounded(found.coming * (1 + share)),
        _bounded(found.leaving * (1 - share)),
        _bounded(found.into * (1 + more.T)),
        found.spread,
    )


def _needed(off: np.ndarray, stays: np.ndarray) -> np.ndarray:
    """Children more that must come in each month, if of those that came so many stay.

    off: [series, month] children that are missing, of which a curve from none on is taken: from
    month to month the pilot's chance is larger than what is missing.
    """
    months = np.arange(1, off.shape[1] + 1) / off.shape[1]
    curve = np.stack([months, months**2], axis=1)[:, : off.shape[1]]
    off = off @ np.linalg.pinv(curve).T @ curve.T
    earlier = np.concatenate([np.zeros_like(off[:, :1]), off[:, :-1]], axis=1)
    return off - stays * earlier


def _bounded(factor: np.ndarray) -> np.ndarray:
    return np.clip(factor, 1 / MOST, MOST)


def _comes_and_goes(
    frame: Frame, rates: Rates, children: Sequence[tuple[np.ndarray, ...]]
) -> tuple[np.ndarray, np.ndarray]:
    """Of each type: children who come or move into it in a month, and the share that goes."""
    states, types = len(frame.states), len(frame.types)
    moves = np.zeros((types, types + 1))
    there = np.zeros(types)
    to = np.concatenate([[types], frame.type_of])  # of an outcome
    for ages, of, months in children:
        chance = rates.chance[ages // YEAR, of, duration_band(months)]
        from_type = frame.type_of[of]
        there += np.bincount(from_type, minlength=types)
        for outcome in range(states + 1):
            moves[:, to[outcome]] += np.bincount(from_type, chance[:, outcome], minlength=types)
    moves[np.arange(types), np.arange(types)] = 0
    came = np.einsum("l,ly,lys->s", rates.entries, rates.ages, rates.entry_states)
    into = moves[:, :types].sum(axis=0) + np.bincount(frame.type_of, came, minlength=types)
    return into, np.minimum(moves.sum(axis=1) / np.maximum(there, 1), 1)
