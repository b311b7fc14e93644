"""The cohort drawn half-way to a simple smoothing, where past quarters show that to be better.

Not by scaling the children that are drawn: they would no longer be conserved. What is tilted is how
many come and move into each type, until the region's types lie where the blend has them.
"""

from collections.abc import Sequence

import numpy as np

from pipeline.forecast.backtest import THIS, Score
from pipeline.forecast.baselines import damped_trend
from pipeline.forecast.project import project
from pipeline.forecast.rates import Rates
from pipeline.forecast.region import Frame

BLEND = "half ets"  # name of the method in the backtest: the mean of the forecast and of ets
LEVEL, HORIZON = "region x type", 12
LEAST_ORIGINS = 6
BETTER = 0.95  # its error over the cohort's, at most; less of a gain may be chance
PILOT_DRAWS = 60
STEPS = 3  # of Newton's method
FIRST_STEP = 0.1
LEAST_FOLLOWING = 0.05  # tilts that the types hardly follow are left at none
MOST = 0.7  # of a tilt, in logs: twice as many, or half


def is_better(scores: Sequence[Score]) -> bool:
    """Whether the blend was closer than the cohort alone to what came, in enough past quarters."""
    errors = {
        s.method: s.wape
        for s in scores
        if (s.level, s.horizon_months) == (LEVEL, HORIZON) and s.origins >= LEAST_ORIGINS
    }
    return BLEND in errors and errors[BLEND] <= BETTER * errors[THIS]


def tilt(
    frame: Frame,
    rates: Rates,
    children: Sequence[tuple[np.ndarray, ...]],
    origin: int,
    series: np.ndarray,
    months: int,
    seed: int,
) -> np.ndarray:
    """Logs by which more children come and move into each type, shape (types,).

    series: [type, month] children of the region up to the origin.
    """

    def pilot(tilted: np.ndarray) -> np.ndarray:
        made = project(frame, rates, children, origin, months, PILOT_DRAWS, seed, tilted=tilted)
        # The second half of the months: flows need time to change a stock.
        return made.stock[:, :, months // 2 :].sum(axis=(1, 3)).mean(axis=(0, 1)) + 0.5

    found = np.zeros(len(frame.types))
    cohort = pilot(found)
    smooth = damped_trend(series, months)[:, months // 2 - 1 :].mean(axis=1)
    target = np.log((cohort + np.maximum(smooth, 0.5)) / 2)
    now = np.log(cohort)
    # How the types follow a tilt of each: the pilots share their luck, so that little is noise.
    follows = np.stack(
        [np.log(pilot(FIRST_STEP * one)) - now for one in np.eye(len(found))], axis=1
    )
    for _ in range(STEPS):
        step = np.linalg.lstsq(follows / FIRST_STEP, target - now, rcond=LEAST_FOLLOWING)[0]
        found = np.clip(found + step, -MOST, MOST)
        now = np.log(pilot(found))
    return found
