"""Who comes into care, when, at what age, for how long and how it ends; drawn in columns."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.synthetic.demand import PUBLISHED, STOCK_ON, Demand

YEARS_OF_ENTRANTS = 18
LEAVERS_KNOWN_FOR = 3  # years before the first return from which care leavers are remembered
# Of all starts, those of children who come back: they are not drawn here.
COME_BACK = 0.035

# Ages in completed years on entering care, and the shares of those who enter.
ENTRY_AGES = ((0, 1, 0.17), (1, 5, 0.18), (5, 10, 0.18), (10, 16, 0.28), (16, 18, 0.11))
UNACCOMPANIED_SHARE = 0.20
ROUTES = {  # how care ends, by the age at which it began
    "baby": {"adoption": 0.32, "kin": 0.29, "home": 0.29, "long": 0.18},
    "small": {"adoption": 0.13, "kin": 0.27, "home": 0.38, "long": 0.24},
    "school": {"kin": 0.16, "home": 0.42, "long": 0.42},
    "teen": {"kin": 0.03, "home": 0.40, "long": 0.57},
    "sixteen": {"home": 0.25, "long": 0.75},
    "unaccompanied": {"long": 1.0},
}
MEAN_DAYS = {"adoption": 760, "kin": 430, "home": 270, "long": 2600}
UNTIL_ADULT = 0.75  # of those who stay long, those who stay until they are eighteen
PILOT = 20_000  # children drawn to see how many of the starts stay
TILTS = (0.2, 5.0)  # how much likelier than in England a long stay may be


@dataclass(frozen=True)
class Entrants:
    """Those who come in, a column each, in the order of `start`; stays and ages are in days."""

    start: np.ndarray  # days since the opening
    age: np.ndarray
    stay: np.ndarray
    unaccompanied: np.ndarray
    route: np.ndarray

    def rows(self) -> Iterator[tuple[int, int, int, bool, str]]:
        columns = (self.start, self.age, self.stay, self.unaccompanied, self.route)
        return zip(*(column.tolist() for column in columns), strict=True)


def collection_year(day: dt.date) -> int:
    """The year in which the collection year of a day ends."""
    return day.year + (day.month >= 4)


def entrant_years(last: dt.date) -> range:
    """The collection years in which those came in who matter to returns up to `last`."""
    final = max(collection_year(last), PUBLISHED)
    return range(final - YEARS_OF_ENTRANTS, final + 1)


def draw_entrants(
    rng: np.random.Generator, demand: Demand, first: dt.date, last: dt.date
) -> tuple[dt.date, Entrants]:
    """The day that starts are counted from, and all who matter to returns of `first` to `last`.

    Stays are so long that the expected stock on 31 March 2024 is the one demanded.
    """
    opening = dt.date(min(demand.starts) - 1, 4, 1)
    tilt = _tilt(rng, demand, opening)
    counts = rng.poisson([(1 - COME_BACK) * n for n in demand.starts.values()])
    start = np.concatenate(
        [_within(rng, year, n, opening) for year, n in zip(demand.starts, counts, strict=True)]
    )
    start = np.sort(start[start <= (last - opening).days])
    found = _draw(rng, start, tilt)
    remembered = (first - opening).days - LEAVERS_KNOWN_FOR * 365
    kept = found.start + found.stay >= remembered
    return opening, Entrants(
        found.start[kept], found.age[kept], found.stay[kept], found.unaccompanied[kept],
        found.route[kept],
    )  # fmt: skip


def _within(rng: np.random.Generator, year: int, count: int, opening: dt.date) -> np.ndarray:
    opens = dt.date(year - 1, 4, 1)
    return (opens - opening).days + rng.integers(0, (dt.date(year, 4, 1) - opens).days, count)


def _tilt(rng: np.random.Generator, demand: Demand, opening: dt.date) -> float:
    """How much likelier a long stay is than in England, so that the stock is as demanded."""
    seed = int(rng.integers(2**31))
    years = np.array(list(demand.starts))
    expected = np.array(list(demand.starts.values()))
    day = (STOCK_ON - opening).days + 1
    of_pilot = np.round(PILOT * expected / expected.sum()).astype(int)

    def stock(tilt: float) -> float:
        own = np.random.default_rng(seed)
        start = np.concatenate(
            [_within(own, int(y), int(n), opening) for y, n in zip(years, of_pilot, strict=True)]
        )
        found = _draw(own, start, tilt)
        share = np.mean((found.start < day) & (found.start + found.stay >= day))
        # Who comes back stays about half as long.
        return float(share * (1 - COME_BACK / 2) * expected.sum())

    low, high = TILTS
    for _ in range(9):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if stock(middle) < demand.children else (low, middle)
    return (low * high) ** 0.5


def _draw(rng: np.random.Generator, start: np.ndarray, tilt: float) -> Entrants:
    """Children who come in on these days."""
    n = len(start)
    shares = np.array([s for *_, s in ENTRY_AGES] + [UNACCOMPANIED_SHARE])
    band = np.searchsorted(np.cumsum(shares / shares.sum()), rng.random(n))
    unaccompanied = band == len(ENTRY_AGES)
    low = np.array([a for a, *_ in ENTRY_AGES] + [15])[band]
    high = np.array([b for _, b, _ in ENTRY_AGES] + [18])[band]
    # Most unaccompanied children are sixteen or over, and most babies newly born; others are spread
    # evenly within a band.
    power = np.select([unaccompanied, band == 0], [0.7, 3.0], 1.0)
    within = rng.random(n) ** power
    age = ((low + within * (high - low)) * 365.25).astype(int)
    age = np.minimum(age, 18 * 365 - 30)  # nobody comes in on the eve of turning eighteen
    route = np.full(n, "long", dtype="U8")
    draw = rng.random(n)
    for number, weights in enumerate(ROUTES.values()):
        names = list(weights)
        limits = np.cumsum([w * (tilt if name == "long" else 1) for name, w in weights.items()])
        at = np.searchsorted(limits / limits[-1], draw)
        chosen = np.array(names)[np.minimum(at, len(names) - 1)]
        route = np.where(band == number, chosen, route)
    mean = np.select([route == r for r in MEAN_DAYS], list(MEAN_DAYS.values()), 300)
    stay = np.where(
        route == "adoption",
        rng.normal(mean, 130, n),
        np.where(route == "kin", rng.gamma(3, mean / 3), 4 + rng.exponential(mean)),
    )
    until_adult = (route == "long") & (rng.random(n) < UNTIL_ADULT)
    stay = np.where(until_adult, 10_000, np.maximum(stay, 5))
    stay = np.minimum(stay, 18 * 365.25 - age).astype(int)
    return Entrants(start, age, np.maximum(stay, 5), unaccompanied, route)
