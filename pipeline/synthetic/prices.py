"""What a week in each home costs: the case mix, the owner's and the home's premium, the year.

A price is agreed when a placement begins and holds until it ends, as the returns tell it, whether
or not a return tells it: `spend_of` counts every night at it.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.synthetic.chances import age_on
from pipeline.synthetic.history import (
    FOSTER,
    RESIDENTIAL,
    SUPPORTED,
    TYPE_OF_KIND,
    Child,
    Home,
    Placement,
)
from pipeline.synthetic.needs import PROFILES
from pipeline.synthetic.providers import OWN_SECTOR, SECURE, TYPE_OF_PROVIDER, Provider

TYPES = ("residential", "foster", "supported")  # by the number of the option of placement_type
# Pounds a week on PRICES_OF for a child of 10 to 15 of few needs, by type and by whether a local
# authority provides the home; of secure homes apart.
BASE = {
    (RESIDENTIAL, True): 5200.0, (RESIDENTIAL, False): 5600.0, (FOSTER, True): 530.0,
    (FOSTER, False): 1040.0, (SUPPORTED, True): 1050.0, (SUPPORTED, False): 1150.0,
}  # fmt: skip
SECURE_BASE = 7800.0
PRICES_OF = dt.date(2025, 10, 1)
# By age in completed years on the day of the placement, each from this age on.
DEARER_BY_AGE = {0: 0.92, 1: 0.92, 5: 0.96, 10: 1.0, 16: 1.05}
DEARER_BY_COMPLEXITY = 0.10  # each step of it, where no profile of needs is planted
FURTHEST_DRAW = 2.2  # standard deviations, beyond which no premium is drawn
SECTOR_OF_CODE = {
    "PR1": "own provision", "PR2": "other public", "PR4": "independent agency",
    "PR5": "independent agency",
}  # fmt: skip


@dataclass(frozen=True)
class PricePlan:
    """How far prices are spread. Spreads are standard deviations of logarithms."""

    owner_spread: float = 0.12
    home_spread: float = 0.09  # of the homes of one owner
    la_spread: float = 0.02  # how much dearer one authority's placements are than another's
    noise: float = 0.08  # what nothing explains
    dearer_a_year: float = 1.04


@dataclass(frozen=True)
class Prices:
    """What a week costs: base by type, dearer by needs, age, authority, provider and year."""

    la_factor: Mapping[str, float]  # by code
    premium: Mapping[str, float]  # by URN: 0.1 is ten per cent above the case-mix price
    owner_premium: Mapping[tuple[str, str], float]  # by owner and type: its homes' mean
    dearer_a_year: float
    noise: float

    def case_mix(self, home: Home, child: Child, day: dt.date) -> float:
        """Pounds a week for the child in such a home without premium, and without noise."""
        is_own = home.provider_code in ("PR1", "PR2")
        base = SECURE_BASE if home.kind == "secure" else BASE[TYPE_OF_KIND[home.kind], is_own]
        years = (day - PRICES_OF).days / 365.25
        # A placement may be dated, by a slip, a day or two before the birth.
        age = max(age_on(child.born, day), 0)
        by_age = next(f for since, f in reversed(DEARER_BY_AGE.items()) if age >= since)
        dearer = _dearer(child) * by_age * self.la_factor[child.la_code]
        return base * dearer * self.dearer_a_year**years

    def draw(self, home: Home, child: Child, day: dt.date, rng: np.random.Generator) -> float:
        """Pounds a week to the penny: the price of the case mix, the premium, and some noise."""
        premium = self.premium.get(home.provider.urn, 0.0) if home.provider else 0.0
        noise = float(np.exp(rng.normal(0, self.noise)))
        return round(self.case_mix(home, child, day) * (1 + premium) * noise, 2)


@dataclass(frozen=True)
class Spent:
    """Nights of one authority, financial year, type and sector, and what they cost in truth."""

    la_code: str
    financial_year: str  # 2025/26
    placement_type: str
    provider_sector: str
    nights: int
    gbp: float


def base_of(provider: Provider) -> float:
    """What the provider's premium is on top of: pounds a week on PRICES_OF, of few needs."""
    if provider.kind == SECURE:
        return SECURE_BASE
    kind = TYPES.index(TYPE_OF_PROVIDER[provider.kind])
    return BASE[kind, provider.sector == OWN_SECTOR]


def _dearer(child: Child) -> float:
    if child.profile:
        return PROFILES[child.profile].dearer
    return 1 + DEARER_BY_COMPLEXITY * child.needs.complexity


def plant_prices(
    plan: PricePlan,
    codes: list[str],
    providers: list[Provider],
    placements: Mapping[str, int],
    rng: np.random.Generator,
) -> Prices:
    """Draw what owners, their homes and authorities are dearer; `placements` counts those by URN.

    Within a type, and apart for the authorities' own and all others, the logarithms of premiums
    add up to nothing, over providers as over placements: the price of the case mix is the average.
    """
    factors = rng.normal(0, plan.la_spread, len(codes))
    la_factor = dict(zip(codes, map(float, np.exp(factors - factors.mean())), strict=True))
    groups: dict[tuple[str, bool], list[Provider]] = {}
    for provider in providers:
        if kind := TYPE_OF_PROVIDER.get(provider.kind):
            groups.setdefault((kind, provider.sector == OWN_SECTOR), []).append(provider)
    premium: dict[str, float] = {}
    owner_premium: dict[tuple[str, str], float] = {}
    for (kind, _), fit in groups.items():
        owners = {name: n for n, name in enumerate(dict.fromkeys(p.owner for p in fit))}
        owner = np.array([owners[p.owner] for p in fit])
        counts = np.array([placements.get(p.urn, 0) for p in fit], dtype=float)
        logs = plan.owner_spread * _draws(rng, len(owners))[owner]
        logs += plan.home_spread * _draws(rng, len(fit))
        balance = np.column_stack([np.ones(len(fit)), counts])
        logs -= balance @ np.linalg.lstsq(balance, logs, rcond=None)[0]
        premium |= dict(zip((p.urn for p in fit), map(float, np.exp(logs) - 1), strict=True))
        for name, number in owners.items():
            mine = owner == number
            weights = counts[mine] if counts[mine].any() else None
            mean = float(np.average(logs[mine], weights=weights))
            owner_premium[name, kind] = float(np.exp(mean) - 1)
    return Prices(la_factor, premium, owner_premium, plan.dearer_a_year, plan.noise)


def _draws(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.clip(rng.normal(0, 1, count), -FURTHEST_DRAW, FURTHEST_DRAW)


def placements_of(people: Iterable[list[Child]], first: dt.date, last: dt.date) -> Counter[str]:
    """How many placements that began from `first` to `last` each URN has a price for."""
    return Counter(
        placement.home.provider.urn
        for children in people
        for _, placement in priced_placements(children)
        if first <= placement.start <= last and placement.home.provider
    )


def priced_placements(children: Iterable[Child]) -> Iterator[tuple[Child, Placement]]:
    """The placements that cost something a week, of each child in order."""
    for child in children:
        for care in child.care:
            for placement in care.placements:
                if placement.home.kind in TYPE_OF_KIND:
                    yield child, placement


def price_placements(children: list[Child], prices: Prices, rng: np.random.Generator) -> None:
    """Give every placement that costs something its price, as agreed on the day it began."""
    for child, placement in priced_placements(children):
        placement.gbp_per_week = prices.draw(placement.home, child, placement.start, rng)


def spend_of(children: Iterable[Child], first: dt.date, last: dt.date) -> list[Spent]:
    """Every night from `first` to `last` at the price of its placement, known to a return or not.

    Homes without a price (with parents, for adoption, not registered) are not in it, nor are short
    breaks; nobody has a night from the 18th birthday on.
    """
    found: dict[tuple[str, str, str, str], list[float]] = defaultdict(lambda: [0, 0.0])
    for child, placement in priced_placements(children):
        kind = TYPES[TYPE_OF_KIND[placement.home.kind]]
        sector = SECTOR_OF_CODE[placement.home.provider_code]
        for year in range(_financial_year(max(first, placement.start)), last.year + 1):
            opens = max(first, dt.date(year, 4, 1), placement.start)
            closes = min(last + dt.timedelta(days=1), dt.date(year + 1, 4, 1), placement.end)
            nights = (closes - opens).days
            if nights > 0:
                of = found[child.la_code, f"{year}/{(year + 1) % 100:02}", kind, sector]
                of[0] += nights
                of[1] += nights * placement.gbp_per_week / 7
    return [Spent(*key, int(n), round(gbp, 2)) for key, (n, gbp) in sorted(found.items())]


def _financial_year(day: dt.date) -> int:
    """The calendar year in which the financial year of a day begins."""
    return day.year if day.month >= 4 else day.year - 1
