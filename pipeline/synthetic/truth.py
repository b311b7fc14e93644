"""Regions of which the answers are known: what is planted, so that analyses can be held to it.

Three things are planted: how much dearer or cheaper each provider is than the case mix explains,
how common each profile of needs is in each authority, and one area and profile whose need is met
worst. `truth.json` of a region made so tells all of them.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.synthetic.history import TYPE_OF_KIND, Child
from pipeline.synthetic.needs import PROFILES, SEPARATED, Mix, Profile
from pipeline.synthetic.providers import (
    FOSTERING,
    HOME,
    SCHOOL,
    SECTORS,
    SECURE,
    SUPPORTED,
    Provider,
)

TYPES = ("residential", "foster", "supported")  # by the number of the option of placement_type
TYPE_OF_PROVIDER = {
    FOSTERING: "foster", HOME: "residential", SCHOOL: "residential", SECURE: "residential",
    SUPPORTED: "supported",
}  # fmt: skip
# Pounds a week on PRICES_OF for a child of 10 to 15 of average needs, whoever provides the home.
BASE = {"residential": 5500.0, "foster": 900.0, "supported": 1400.0}
PRICES_OF = dt.date(2025, 10, 1)
# By age in completed years on the day of the placement, each from this age on.
DEARER_BY_AGE = {0: 0.92, 1: 0.92, 5: 0.96, 10: 1.0, 16: 1.05}
OWN_SECTOR = SECTORS["PR1"]
FURTHEST_DRAW = 2.2  # standard deviations, beyond which no premium is drawn


@dataclass(frozen=True)
class TruthPlan:
    """How much of what to plant. Spreads are standard deviations of logarithms."""

    premium_spread: float = 0.15
    la_spread: float = 0.02  # how much dearer one authority's placements are than another's
    price_noise: float = 0.08  # what nothing explains
    dearer_a_year: float = 1.04
    evenness: float = 40.0  # of needs between the authorities; the greater, the more alike
    worst_share: float = 0.25  # how common the worst profile is in the worst area
    # Of the providers that there would be: fewer of them know more children each.
    providers: float = 0.4


@dataclass(frozen=True)
class Prices:
    """What a week costs: base by type, dearer by needs, age, authority, provider and year."""

    la_factor: Mapping[str, float]  # by code
    premium: Mapping[str, float]  # by URN: 0.1 is ten per cent above the case-mix price
    dearer_a_year: float
    noise: float

    def case_mix(self, kind: str, profile: str, age: int, la_code: str, day: dt.date) -> float:
        """Pounds a week for such a child at a provider without premium, and without noise."""
        years = (day - PRICES_OF).days / 365.25
        # A placement may be dated, by a slip, a day or two before the birth.
        by_age = next(f for since, f in reversed(DEARER_BY_AGE.items()) if max(age, 0) >= since)
        dearer = PROFILES[profile].dearer * by_age * self.la_factor[la_code]
        return BASE[kind] * dearer * self.dearer_a_year**years


@dataclass(frozen=True)
class Truth:
    """All that was planted in a region."""

    mix: Mix
    prices: Prices


def plant_mix(
    plan: TruthPlan, codes: list[str], worst_codes: list[str], rng: np.random.Generator
) -> Mix:
    """How common each profile is in each authority; the worst area is one of `worst_codes`."""
    drawn = [p for p in PROFILES.values() if p.name != SEPARATED]
    even = np.array([p.share for p in drawn]) * plan.evenness
    shares = {
        code: dict(zip((p.name for p in drawn), map(float, rng.dirichlet(even)), strict=True))
        for code in codes
    }
    candidates = [p for p in drawn if _can_be_worst(p)]
    la = worst_codes[int(rng.integers(len(worst_codes)))]
    worst = candidates[int(rng.integers(len(candidates)))].name
    rest = sum(share for name, share in shares[la].items() if name != worst)
    shares[la] = {
        name: plan.worst_share if name == worst else share * (1 - plan.worst_share) / rest
        for name, share in shares[la].items()
    }
    return Mix(shares, la, worst)


def _can_be_worst(profile: Profile) -> bool:
    """A profile that is common enough to be seen, and told apart from the average."""
    return profile.from_age > 0 and profile.share > 0.1


def plant_prices(
    plan: TruthPlan,
    codes: list[str],
    providers: list[Provider],
    placements: Mapping[str, int],
    rng: np.random.Generator,
) -> Prices:
    """Draw what providers and authorities are dearer; `placements` counts those of each URN.

    Within a type, and apart for the authorities' own and all others, the logarithms of premiums
    add up to nothing, over providers as over placements: the price of the case mix is the average.
    """
    factors = rng.normal(0, plan.la_spread, len(codes))
    la_factor = dict(zip(codes, map(float, np.exp(factors - factors.mean())), strict=True))
    premium: dict[str, float] = {}
    groups: dict[tuple[str, bool], list[str]] = {}
    for provider in providers:
        if kind := TYPE_OF_PROVIDER.get(provider.kind):
            groups.setdefault((kind, provider.sector == OWN_SECTOR), []).append(provider.urn)
    for urns in groups.values():
        draw = np.clip(rng.normal(0, 1, len(urns)), -FURTHEST_DRAW, FURTHEST_DRAW)
        counts = np.array([placements.get(urn, 0) for urn in urns], dtype=float)
        balance = np.column_stack([np.ones(len(urns)), counts])
        logs = plan.premium_spread * draw
        logs = logs - balance @ np.linalg.lstsq(balance, logs, rcond=None)[0]
        premium |= dict(zip(urns, map(float, np.exp(logs) - 1), strict=True))
    return Prices(la_factor, premium, plan.dearer_a_year, plan.price_noise)


def placements_of(people: Iterable[list[Child]], first: dt.date, last: dt.date) -> Counter[str]:
    """How many placements that began from `first` to `last` each URN has a price for."""
    return Counter(
        placement.home.provider.urn
        for children in people
        for child in children
        for care in child.care
        for placement in care.placements
        if first <= placement.start <= last
        and placement.home.kind in TYPE_OF_KIND
        and placement.home.provider
    )
