"""How good the forecast would have been: made again as of past quarters, and held to what came."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

HORIZONS = (3, 6, 12, 24)
QUANTILES = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
INTERVALS = (50, 80, 95)
BINS = 10
THIS = "this forecast"

# From [..., la, band, type] to [..., cells].
LEVELS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "region": lambda x: x.sum(axis=(-1, -2, -3))[..., None],
    "region x type": lambda x: x.sum(axis=(-2, -3)),
    "authority": lambda x: x.sum(axis=(-1, -2)),
    "authority x type": lambda x: x.sum(axis=-2).reshape(*x.shape[:-3], -1),
    "authority x band x type": lambda x: x.reshape(*x.shape[:-3], -1),
}


@dataclass(frozen=True)
class Trial:
    """A forecast as of an origin, and what came.

    draws: [draw, la, band, type, month 1 to H]. points: by method and level, [cells, month].
    came: [la, band, type, month 1 to H], NaN where not known yet.
    """

    origin: int
    draws: np.ndarray
    points: Mapping[tuple[str, str], np.ndarray]
    came: np.ndarray


@dataclass(frozen=True)
class Score:
    """How good a method was at a level, so many months ahead; over all origins and cells.

    Errors are in shares of the children there were, pinball loss in children a cell. Coverages and
    pit (shares in ten equal parts of the distribution) are of intervals, which points do not have.
    Of a cell that was empty, as every draw said, everyone is right: `outcomes` are the others.
    """

    level: str
    method: str
    horizon_months: int
    origins: int
    outcomes: int
    wape: float
    bias: float
    pinball_loss: float
    coverage: tuple[float, ...] | None = None  # of INTERVALS
    pit: tuple[float, ...] | None = None


def scores(trials: list[Trial], seed: int) -> list[Score]:
    """Of every level, method and horizon for which something came."""
    return [
        score
        for level, cells in LEVELS.items()
        for horizon in HORIZONS
        for score in _scores(trials, level, cells, horizon, seed)
    ]


def _scores(
    trials: list[Trial],
    level: str,
    cells: Callable[[np.ndarray], np.ndarray],
    horizon: int,
    seed: int,
) -> Iterator[Score]:
    known = [
        t
        for t in trials
        if t.came.shape[-1] >= horizon and not np.isnan(t.came[..., horizon - 1]).any()
    ]
    if not known:
        return
    came = np.concatenate([cells(t.came[..., horizon - 1]) for t in known])
    draws = np.concatenate([cells(t.draws[..., horizon - 1]) for t in known], axis=1)
    middle = np.median(draws, axis=0)
    quantiles = np.quantile(draws, QUANTILES, axis=0)
    told = (came > 0) | (draws > 0).any(axis=0)
    about = (level, horizon, len(known), int(told.sum()), came)
    of_draws = _held(draws[:, told], came[told], seed, horizon) if told.any() else ()
    yield _score(*about, THIS, middle, quantiles, *of_draws)
    for method in (m for m, of in known[0].points if of == level):
        point = np.concatenate([t.points[method, level][..., horizon - 1] for t in known])
        yield _score(*about, method, point, np.repeat(point[None], len(QUANTILES), axis=0))


def _held(
    draws: np.ndarray, came: np.ndarray, seed: int, horizon: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Coverage of the intervals, and where in the draws the outcomes fell."""
    place = places(draws, came, np.random.default_rng([seed, horizon]))
    coverage = tuple(float((np.abs(place - 0.5) <= share / 200).mean()) for share in INTERVALS)
    pit = np.histogram(place, bins=BINS, range=(0, 1))[0] / len(place)
    return coverage, tuple(float(p) for p in pit)


def _score(
    level: str,
    horizon: int,
    origins: int,
    outcomes: int,
    came: np.ndarray,
    method: str,
    middle: np.ndarray,
    quantiles: np.ndarray,
    coverage: tuple[float, ...] | None = None,
    pit: tuple[float, ...] | None = None,
) -> Score:
    off = middle - came
    total = max(came.sum(), 1.0)
    under = came - quantiles
    share = QUANTILES[:, None]
    pinball = np.maximum(share * under, (share - 1) * under).mean()
    return Score(
        level, method, horizon, origins, outcomes, float(np.abs(off).sum() / total),
        float(off.sum() / total), float(pinball), coverage, pit,
    )  # fmt: skip


def places(draws: np.ndarray, came: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where in its draws each outcome fell, 0 to 1; by chance among draws that equal it.

    draws: [draw, cell]. Evenly spread if the forecast is as sure as it should be (randomised
    probability integral transform, Czado, Gneiting and Held, 2009).
    """
    below = (draws < came).sum(axis=0)
    equal = (draws == came).sum(axis=0)
    return (below + rng.random(len(came)) * (equal + 1)) / (len(draws) + 1)
