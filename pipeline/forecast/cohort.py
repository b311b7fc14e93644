"""The cohort: every child in care, in every draw, a month older each month.

Each child has luck of its own, which follows from who it is, which month it is and what for, and
not from the order of the work. So the same child has the same luck in every scenario, and two
scenarios differ by what they change and by nothing else.
"""

from dataclasses import dataclass, fields

import numpy as np

ADULT = 216  # months of age at which care ends
YEARS = ADULT // 12
# Months in care at which the next band begins; the same as in int_care_month.
DURATION_STARTS = (3, 6, 12, 24, 48)
DURATIONS = len(DURATION_STARTS) + 1
LEFT = 0  # outcome of a month; the states follow from 1 on
MOST_LIKELY = 0.95  # that anything happens to a child in a month
PURPOSES = 1024
# What luck is asked for.
STEP, AGE, MONTH, STATE, CHANGE = range(5)  # changes of a scenario from CHANGE on


@dataclass(frozen=True)
class Children:
    """Children of one authority in all draws, a row each."""

    key: np.ndarray  # uint64, who it is
    draw: np.ndarray  # int32
    age: np.ndarray  # int16, months
    state: np.ndarray  # int8
    months: np.ndarray  # int16, months in care

    def keep(self, which: np.ndarray) -> "Children":
        return Children(*(getattr(self, f.name)[which] for f in fields(self)))

    def join(self, others: "Children") -> "Children":
        return Children(
            *(
                np.concatenate([getattr(self, f.name), getattr(others, f.name)])
                for f in fields(self)
            )
        )


def luck(key: np.ndarray, month: int, purpose: int) -> np.ndarray:
    """A number from 0 to below 1 for each child. Source: splitmix64 (Steele, Lea, Flood, 2014)."""
    stream = np.uint64((month * PURPOSES + purpose + 1) * 0x9E3779B97F4A7C15 % 2**64)
    x = key * np.uint64(0xD1342543DE82EF95) + stream
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return (x >> np.uint64(11)) * 2.0**-53


def duration_band(months: np.ndarray) -> np.ndarray:
    """Number of the band of months in care."""
    return sum((months >= start).astype(np.int8) for start in DURATION_STARTS)


def outcomes(
    children: Children, month: int, chance: np.ndarray, factor: np.ndarray, band_of: np.ndarray
) -> np.ndarray:
    """What a month does to each child: -1 it stays as it is, LEFT, or 1 + its new state.

    chance: [year of age, state, duration, outcome] a month. factor: [draw, band, state, outcome].
    band_of: band of an age in months. Leaving at 18 is not among the outcomes.
    """
    _, states, durations, kinds = chance.shape
    flat = chance.reshape(-1, kinds)
    cell = (children.age // 12).astype(np.int32) * states + children.state
    cell = cell * durations + duration_band(children.months)
    # Most children stay: only those whose luck lies below the highest chance of any draw are
    # looked at closely.
    of_year = factor.max(axis=0)[band_of].reshape(YEARS, 12, states, kinds).max(axis=1)
    highest = (chance * of_year[:, :, None, :]).sum(axis=-1).reshape(-1)
    drawn = luck(children.key, month, STEP)
    found = np.flatnonzero(drawn < highest[cell])
    bands = band_of[children.age[found]]
    chances = flat[cell[found]] * factor[children.draw[found], bands, children.state[found]]
    edges = np.cumsum(chances, axis=1)
    edges *= np.minimum(1, MOST_LIKELY / np.maximum(edges[:, -1:], 1e-12))
    hit = drawn[found] < edges[:, -1]
    result = np.full(len(children.key), -1, dtype=np.int8)
    result[found[hit]] = (drawn[found[hit], None] >= edges[hit]).sum(axis=1)
    return result
