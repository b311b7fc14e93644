"""Ofsted's list on several days: openings and closures, other ratings and places between them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.synthetic.chances import days, happens, pick
from pipeline.synthetic.providers import FIRST_HOME_URN, HOME, RATINGS, Provider

OTHER_RATING, OTHER_PLACES = 0.12, 0.06  # of the providers, from one list to the next
OPENED, CLOSED = 0.06, 0.03  # of the children's homes, from one list to the next
# Homes that open or close are nobody's in the histories: their numbers come after all others.
FIRST_OTHER_URN = FIRST_HOME_URN + 50_000


@dataclass(frozen=True)
class OfstedList:
    """Ofsted's list of one day."""

    day: dt.date
    providers: list[Provider]

    @property
    def file_name(self) -> str:
        return f"ofsted_providers_{self.day:%Y-%m-%d}.csv"


@dataclass(frozen=True)
class _Standing:
    """A provider, the number of the first list that has it, and of the first after the last."""

    provider: Provider
    first: int
    until: int


def lists_over_time(
    providers: list[Provider], listed: Sequence[dt.date], rng: np.random.Generator
) -> list[OfstedList]:
    """The lists of these days, oldest first; `providers` are as the last of them has them.

    Homes that open or close between two lists come in addition to `providers`, who are in all
    lists: only their ratings and places change.
    """
    homes = [p for p in providers if p.kind == HOME]
    standing = [_Standing(p, 0, len(listed)) for p in providers]
    for turn in range(1, len(listed)):
        for share, first, until in ((OPENED, turn, len(listed)), (CLOSED, 0, turn)):
            for _ in range(max(1, round(share * len(homes)))):
                like = homes[int(rng.integers(len(homes)))]
                number = len(standing) - len(providers) + 1
                other = replace(
                    like,
                    urn=str(FIRST_OTHER_URN + number),
                    name=f"Synthetic {HOME.lower()} opened or closed {number:03d}",
                )
                standing.append(_Standing(other, first, until))
    lists: list[OfstedList] = []
    for turn in reversed(range(len(listed))):
        day = listed[turn]
        if lists:
            standing = [replace(s, provider=_as_before(s.provider, day, rng)) for s in standing]
        there = [s.provider for s in standing if s.first <= turn < s.until]
        lists.append(OfstedList(day, there))
    return lists[::-1]


def _as_before(provider: Provider, day: dt.date, rng: np.random.Generator) -> Provider:
    """A provider as it was listed on an earlier day."""
    before = provider
    if provider.rated and (provider.rated > day or happens(rng, OTHER_RATING)):
        others = {r: w for r, w in RATINGS.items() if r != provider.rating}
        before = replace(before, rating=pick(rng, others), rated=day - days(rng, 30, 900))
    if provider.places and happens(rng, OTHER_PLACES):
        changed = provider.places + (1 if happens(rng, 0.5) else -1)
        before = replace(before, places=max(1, changed))
    return before
