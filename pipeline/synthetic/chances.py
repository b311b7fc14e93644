"""Draws from small tables of chances."""

import datetime as dt
from collections.abc import Mapping
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def pick(rng: np.random.Generator, weights: Mapping[T, float]) -> T:
    """One key, as likely as its weight; the weights need not add up to 1."""
    left = rng.random() * sum(weights.values())
    for value, weight in weights.items():
        left -= weight
        if left < 0:
            return value
    return value


def happens(rng: np.random.Generator, chance: float) -> bool:
    return rng.random() < chance


def days(rng: np.random.Generator, low: int, high: int) -> dt.timedelta:
    """A whole number of days from `low` to `high`, both included."""
    return dt.timedelta(days=low + int(rng.random() * (high - low + 1)))


def birthday(born: dt.date, age: int) -> dt.date:
    """The day on which the child turns `age`; as DfE counts, 28 February for the 29th."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return dt.date(born.year + age, 2, 28)


def age_on(born: dt.date, day: dt.date) -> int:
    """Age in completed years; negative before birth."""
    years = day.year - born.year
    return years - (day < birthday(born, years))
