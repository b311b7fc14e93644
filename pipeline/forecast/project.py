"""From rates to the months to come: many draws of the cohort, authority by authority."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from pipeline.forecast.changes import NoChanges, Plan
from pipeline.forecast.cohort import (
    ADULT,
    AGE,
    LEFT,
    MONTH,
    STATE,
    YEARS,
    Children,
    luck,
    outcomes,
)
from pipeline.forecast.levels import simulate
from pipeline.forecast.rates import Rates
from pipeline.forecast.region import Frame
from pipeline.forecast.trend import Trend

CALM_DRAWS = 400  # of which the mean is taken
DAMPING = 0.995  # of a drift, from each month to the next
THREADS = 2
LA_SHIFT = 48  # of a child's key: below it is the child's number in the authority


@dataclass(frozen=True)
class Draws:
    """Draws of the months to come; month 0 is the origin.

    stock: [draw, la, month 0 to H, band, type] children at the month's end. entries and leavers:
    [draw, la, month 1 to H]; in all draws stock = stock before + entries - leavers. Of draw d every
    authority lives in the same region: sums over authorities and types are draws as well.
    """

    frame: Frame
    origin: int
    stock: np.ndarray
    entries: np.ndarray
    leavers: np.ndarray

    @property
    def las(self) -> tuple[str, ...]:
        return self.frame.las

    @property
    def types(self) -> tuple[str, ...]:
        return self.frame.types


@dataclass(frozen=True)
class Tilt:
    """Factors on what comes, leaves and moves in the months to come (`blend`).

    coming, leaving: [la, month 1 to H]. into: [month, type], on moving into it from other types and
    on its share of those who come. spread: [month] power of the region's levels about their mean,
    below 1 where more than the cohort speaks for that mean.
    """

    coming: np.ndarray
    leaving: np.ndarray
    into: np.ndarray
    spread: np.ndarray

    @classmethod
    def none(cls, frame: Frame, months: int) -> "Tilt":
        of_las = np.ones((len(frame.las), months))
        return cls(of_las, of_las, np.ones((months, len(frame.types))), np.ones(months))


@dataclass(frozen=True)
class _Shared:
    """What all authorities share: factors of drift, of the region's levels and of their own."""

    drift: np.ndarray  # [draw, month, state, outcome]
    entry_drift: np.ndarray  # [draw, month, state]
    leaving: np.ndarray  # [draw, la, month]
    entering: np.ndarray  # [draw, la, month]


def project(
    frame: Frame,
    rates: Rates,
    children: Sequence[tuple[np.ndarray, ...]],
    origin: int,
    months: int,
    draws: int,
    seed: int,
    plan: Plan | None = None,
    tilted: Tilt | None = None,
    calm: bool = False,
) -> Draws:
    """Draw the months after the origin; the same seed gives the same draws.

    children: of each authority ages, states and months in care at the origin, as `read_children`
    gives them. plan: what a scenario changes. tilted: by how much more come, leave and move. calm:
    what all children share is at its mean in every draw, so that few draws tell the mean.
    """
    tilted = tilted or Tilt.none(frame, months)
    shared = _shared(rates, origin, months, CALM_DRAWS if calm else draws, seed, tilted.spread)
    if calm:
        shared = _calm(shared, draws)
    shared = _tilted(frame, shared, tilted)
    plan = plan or NoChanges()
    made = {}

    def one(la: int) -> None:
        made[la] = _authority(frame, rates, shared, children[la], la, months, draws, seed, plan)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(len(frame.las))))
    stock, entries, leavers = zip(*(made[la] for la in range(len(frame.las))), strict=True)
    return Draws(
        frame,
        origin,
        np.stack(stock, axis=1),
        np.stack(entries, axis=1),
        np.stack(leavers, axis=1),
    )


def _ahead(
    trends: Sequence[Trend], months: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Factors of drifts in the months to come; shape (draws, months, trends)."""
    passed = np.cumsum(DAMPING ** np.arange(1, months + 1))
    slopes = np.array([t.slope for t in trends])
    unsure = np.array([t.slope_sd for t in trends])
    slopes = slopes + unsure * rng.standard_normal((draws, len(trends)))
    start = np.array([t.at_origin for t in trends])
    return np.exp(start + slopes[:, None, :] * passed[None, :, None])


def _shared(
    rates: Rates, origin: int, months: int, draws: int, seed: int, spread: np.ndarray
) -> _Shared:
    rng = np.random.default_rng([seed, 0])
    leaving = _spread(simulate(rates.leaving_region, months, draws, rng), spread)
    local, together = _apart(simulate(rates.leaving_local, months, draws, rng), rates.entries)
    leaving = leaving * local * together
    entering = _spread(simulate(rates.entering_region, months, draws, rng), spread)
    # What authorities' entries are above their means together, the region's are, and no more.
    entering = (
        entering * _apart(simulate(rates.entering_local, months, draws, rng), rates.entries)[0]
    )
    entering = entering * rates.season[(origin + np.arange(1, months + 1)) % 12]
    trends = [t for of_state in rates.drift for t in of_state]
    drift = _ahead(trends, months, draws, rng)
    shape = (draws, months, len(rates.drift), len(rates.drift[0]))
    entry_drift = _ahead(rates.entry_drift, months, draws, rng)
    return _Shared(drift.reshape(shape), entry_drift, leaving, entering)


def _spread(region: np.ndarray, power: np.ndarray) -> np.ndarray:
    """The region's factors, [draw, 1, month], so much nearer to their mean or further from it."""
    mean = region.mean(axis=0)
    return mean * (region / mean) ** power


def _apart(local: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Factors of authorities beside what they do together, and the mean of that, [la, month].

    What they do together in a draw is the region's level, which is drawn by itself. local: [draw,
    la, month]. sizes: [la] children who come.
    """
    weights = np.maximum(sizes, 1e-9) / np.maximum(sizes, 1e-9).sum()
    together = np.einsum("dlm,l->dm", local, weights)
    return local / together[:, None, :], together.mean(axis=0)[None, :]


def _calm(shared: _Shared, draws: int) -> _Shared:
    """The mean of all draws, in so many."""

    def mean(factors: np.ndarray) -> np.ndarray:
        return np.broadcast_to(factors.mean(axis=0), (draws, *factors.shape[1:]))

    return _Shared(**{name: mean(factors) for name, factors in vars(shared).items()})


def _tilted(frame: Frame, shared: _Shared, tilt: Tilt) -> _Shared:
    states = len(frame.states)
    of_state = tilt.into[:, frame.type_of]
    into = np.ones((len(of_state), states, states + 1))
    others = frame.type_of[:, None] != frame.type_of
    into[..., LEFT + 1 :] = np.where(others, of_state[:, None, :], 1.0)
    return _Shared(
        drift=shared.drift * into,
        entry_drift=shared.entry_drift * of_state,
        leaving=shared.leaving * tilt.leaving,
        entering=shared.entering * tilt.coming,
    )


def _authority(
    frame: Frame,
    rates: Rates,
    shared: _Shared,
    now: tuple[np.ndarray, ...],
    la: int,
    months: int,
    draws: int,
    seed: int,
    plan: Plan,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng([seed, 1, la])
    cell = rng.gamma(np.broadcast_to(rates.seen[la], (draws, *rates.seen[la].shape)))
    cell *= rates.own[la] / rates.expected[la]
    # How an authority differs over all its cells is known from the events in them, and no better.
    events = rates.own_events[la]
    cell *= (rng.gamma(np.broadcast_to(events, (draws, len(events)))) / events)[:, None, None, :]
    coming = _numbers(rates, shared, la, rng)
    stock = np.zeros((draws, months + 1, len(frame.bands), len(frame.types)), np.int32)
    entries, leavers = (np.zeros((draws, months), np.int32) for _ in range(2))
    children = _at_origin(now, la, draws)
    change = plan.of(la, frame, draws, months)
    stock[:, 0] = _counted(frame, children, draws)
    known = draws * len(now[0])  # keys that are taken
    for month in range(1, months + 1):
        factor = cell * shared.drift[:, month - 1][:, None]
        factor[..., LEFT] *= shared.leaving[:, la, month - 1][:, None, None]
        change.exits(month, factor)
        outcome = outcomes(children, month, rates.chance, factor, frame.band_of)
        children = Children(
            children.key,
            children.draw,
            children.age + np.int16(1),
            np.where(outcome > LEFT, outcome - 1, children.state).astype(np.int8),
            children.months + np.int16(1),
        )
        stays = (outcome != LEFT) & (children.age < ADULT)
        leavers[:, month - 1] = np.bincount(children.draw[~stays], minlength=draws)
        came = _entrants(
            rates, shared.entry_drift[:, month - 1], la, coming[:, month - 1], known, month
        )
        known += len(came.key)
        came = change.entries(month, came)
        entries[:, month - 1] = np.bincount(came.draw, minlength=draws)
        children = change.places(month, children.keep(stays).join(came))
        stock[:, month] = _counted(frame, children, draws)
    return stock, entries, leavers


def _numbers(rates: Rates, shared: _Shared, la: int, rng: np.random.Generator) -> np.ndarray:
    """Children who come in each month; shape (draws, months).

    Families come by chance and bring one child or several: with sizes of the logarithmic kind the
    number of children is negative binomial, with the dispersion that days on which children came
    show.
    """
    mean = rates.entries[la] * shared.entering[:, la]
    spread = max(rates.dispersion - 1, 0.01)
    return rng.negative_binomial(np.maximum(mean, 1e-9) / spread, 1 / (1 + spread))


def _at_origin(now: tuple[np.ndarray, ...], la: int, draws: int) -> Children:
    ages, states, months = now
    size = draws * len(ages)
    return Children(
        _keys(la, 0, size),
        np.repeat(np.arange(draws, dtype=np.int32), len(ages)),
        np.tile(ages, draws),
        np.tile(states, draws),
        np.tile(months, draws),
    )


def _keys(la: int, start: int, size: int) -> np.ndarray:
    return np.arange(start, start + size, dtype=np.uint64) + (np.uint64(la) << np.uint64(LA_SHIFT))


def _entrants(
    rates: Rates, drift: np.ndarray, la: int, numbers: np.ndarray, known: int, month: int
) -> Children:
    """Children who come in a month. drift: [draw, state]."""
    key = _keys(la, known, int(numbers.sum()))
    draw = np.repeat(np.arange(len(numbers), dtype=np.int32), numbers)
    edges = np.cumsum(rates.ages[la])
    years = np.minimum(np.searchsorted(edges, luck(key, month, AGE) * edges[-1]), YEARS - 1)
    ages = years * 12 + (luck(key, month, MONTH) * 12).astype(np.int64)
    edges = np.cumsum(rates.entry_states[la][years] * drift[draw], axis=1)
    states = (luck(key, month, STATE)[:, None] * edges[:, -1:] >= edges).sum(axis=1)
    none = np.zeros(len(key), np.int16)
    return Children(key, draw, ages.astype(np.int16), states.astype(np.int8), none)


def _counted(frame: Frame, children: Children, draws: int) -> np.ndarray:
    """Children by band and type; shape (draws, bands, types)."""
    shape = (draws, len(frame.bands), len(frame.types))
    states = np.int16(len(frame.states))
    cells = (frame.band_of[:, None] * shape[2] + frame.type_of).astype(np.int32).ravel()
    # In few bytes: this is asked of every child in every draw and month.
    index = cells[children.age * states + children.state]
    index += children.draw * np.int32(shape[1] * shape[2])
    return np.bincount(index, minlength=int(np.prod(shape))).reshape(shape)
