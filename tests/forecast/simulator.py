"""Regions of looked-after children with known truth, day by day, to judge forecasts by.

Nobody in them exists. The parameters below were set so that a region looks like England does in
what DfE publishes each November ("Children looked after in England including adoptions", years to
31 March 2019 to 2024), in round figures:

- about 83,000 in care, 33,000 start and 31,000 cease in a year: a stay of about two and a half
  years on average; half of those who leave had been in care for less than about 14 months
- of those who start, under 1: 18%, 1 to 4: 16%, 5 to 9: 17%, 10 to 15: 27%, 16 and over: 22%;
  of those in care 5, 13, 18, 39 and 26%
- about 67% in foster care, 17% in homes, secure units and semi-independent living (residential
  10 to 12%, supported 6 to 8%), 7% with parents, 3% placed for adoption, the rest elsewhere
- about 10% had three or more placements in the year
- starts of the country move by 1 to 6% from year to year
- children in residential care grew by about 4 to 8% a year

Authorities are as `england.py` has them, and a test holds them to it: how many children they have,
how far the starts of one differ between years 1 to 6 apart (the variance of the logarithm beyond
what counting and siblings explain rises from 0.02 to 0.07: there is no mean to which they come
back), how far its children in care do, and how little a year's growth tells of the next.

What is *assumed*, because nothing published tells it: the size and ages of groups of siblings who
start on one day, how much authorities differ in rates of moving, how long what fades in entries and
leavings lasts (its half-life is half a year), that a child's moves have a frailty of their own, and
that all rates are smooth in age and time in care. Not simulated: children who come back into care,
unaccompanied children as a group with a law of their own, an authority's changing taste for types
of placement beyond a steady drift, breaks in policy, faults of records.

Time runs in days since 1970; rates are per year and hold for two weeks (four after the first year
in care), so that what is drawn is exact for the rates as stated. A child leaves on a day on which
they are no longer in care, at the latest on the 18th birthday.
"""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tests.forecast.england import in_care

TUNING_SEEDS = tuple(range(1, 21))  # to develop on
HELD_OUT_SEEDS = tuple(range(501, 513))  # to judge by, and for nothing else

TYPES = ("foster", "residential", "supported", "adoption", "parents", "other")
FOSTER, RESIDENTIAL, SUPPORTED, ADOPTION, PARENTS, OTHER = range(len(TYPES))
SECTORS = ("own provision", "independent agency")

YEAR = 365.25  # days
MONTHS_TO_18 = 18 * 12
STARTS_PER_CHILD = 0.40  # a year: 33,000 starts to 83,000 in care

# Logarithms of coming and of leaving move by shocks that fade, AR(1) by month, and wander for good,
# a step each month. With 0.9 a month a year's mean of a shock varies by 0.81 of its standard
# deviation, and changes between years by about 0.9 of it.
PERSISTENCE = 0.9
REGION_SHOCK, LA_SHOCK = 0.045, 0.125
REGION_WANDER, LA_WANDER = 0.006, 0.026
LEAVING_SHOCK, LEAVING_WANDER = 0.16, 0.012
SEASON = 0.05

# Of groups that start on one day: ages of the child who is counted first, and sizes by that age.
INDEX_AGES = {(0.0, 1.0): 0.205, (1.0, 5.0): 0.11, (5.0, 10.0): 0.125, (10.0, 16.0): 0.275,
              (16.0, 17.95): 0.28}  # fmt: skip
NEWBORN = 0.55  # of those under 1, in the first four weeks of life
GROUP_SIZES = np.array([[0.80, 0.13, 0.05, 0.02],   # under 1
                        [0.56, 0.26, 0.12, 0.06],   # 1 to 4
                        [0.56, 0.26, 0.12, 0.06],   # 5 to 9
                        [0.80, 0.13, 0.05, 0.02],   # 10 to 15
                        [0.97, 0.02, 0.01, 0.00]])  # fmt: skip
SAME_TYPE = 0.85  # of siblings, as the first of the group if a type for their age
OWN_SHARE = np.array([0.60, 0.20, 0.25, 1.0, 1.0, 0.7])  # of placements, by type


@dataclass(frozen=True)
class Truth:
    """What is known of a region: parameters and shocks; arrays have one value per authority."""

    starts: np.ndarray  # children a year at `origin`, without shocks
    growth: np.ndarray  # of starts, log a year
    leaving: np.ndarray  # factor of rates of leaving
    moving: np.ndarray  # factor of rates of moving
    residential: np.ndarray  # factor of entering or moving into residential care
    drift: np.ndarray  # its growth, log a year
    own: np.ndarray  # [las, types] share of own provision
    season: float  # month of the peak of entries
    origin: int  # day at which growth and drift are nil
    first_month: int  # months since 1970 of the first shock
    region_shock: np.ndarray  # [months] log, of coming
    la_shock: np.ndarray  # [las, months] log, of coming
    wander: np.ndarray  # [las, months] log, of coming; nil at `origin`
    leaving_shock: np.ndarray  # [las, months] log, what fades
    leaving_wander: np.ndarray  # [las, months] log; nil at `origin`


@dataclass(frozen=True)
class Children:
    """One value per child, days since 1970."""

    la: np.ndarray
    birth: np.ndarray
    start: np.ndarray  # of the care
    type: np.ndarray  # on `day`
    frailty: np.ndarray  # factor of the rate of moving
    day: np.ndarray  # from which their future is drawn

    def take(self, which: np.ndarray) -> "Children":
        return Children(**{name: value[which] for name, value in vars(self).items()})


@dataclass(frozen=True)
class Simulated:
    """A region: what its authorities would send, and what only the simulator knows."""

    episodes: pd.DataFrame  # of children in care between `first` and `last`, one row per placement
    las: pd.DataFrame  # la_code, name
    truth: Truth
    children: Children  # who ever were in care; `day` and `type` as at the start of care
    first: dt.date
    last: dt.date


def simulate(
    seed: int,
    las: int = 18,
    first: dt.date = dt.date(2016, 4, 1),
    last: dt.date = dt.date(2028, 3, 31),
    smallest: int = 0,
    largest: int = 10_000,
) -> Simulated:
    """A region of so many authorities, with as many children in care as England's have.

    Of England's authorities those with `smallest` to `largest` children stand for them.

    `episodes` holds what SSDA903 returns since `first` would: placements that ended before it are
    left out, those of `first` keep their true start. `end_date` is NaT if still open on `last`.
    """
    rng = np.random.default_rng([903, seed])
    begins = _day(first) - 6600  # 18 years before: nobody in care on `first` came earlier
    truth = _truth(rng, las, (smallest, largest), _day(first), (begins, _day(last)))
    children = come(rng, truth, begins, _day(last))
    placed = live(rng, truth, children, _day(last))
    codes = np.array([f"E99{number:06d}" for number in range(1, las + 1)])
    names = [f"Simulated authority {number}" for number in range(1, las + 1)]
    episodes = _episodes(rng, truth, children, placed, codes, first)
    listed = pd.DataFrame({"la_code": codes, "name": names})
    return Simulated(episodes, listed, truth, children, first, last)


def known_on(episodes: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Episodes as known on a day: what began later is not there, what ended later is open."""
    cut = pd.Timestamp(day)
    known = episodes[episodes.start_date <= cut].copy()
    known["end_date"] = known.end_date.where(known.end_date <= cut)
    return known.reset_index(drop=True)


def live(
    rng: np.random.Generator, truth: Truth, children: Children, last: int
) -> dict[str, np.ndarray]:
    """The placements of children from their `day` until they leave, or `last`.

    Arrays with one value per placement: `child` (row of `children`), `type`, `start`, `end`, which
    is -1 where open on `last`.
    """
    made: list[tuple[np.ndarray, ...]] = []
    of = np.arange(len(children.la))
    since = children.day.copy()  # start of the placement
    birthday = _eighteenth(children.birth)
    birthday_of = birthday
    while len(of):
        in_care = (children.day - children.start) / YEAR
        window = np.where(in_care < 1, 14, 28)
        until = np.minimum(np.minimum(children.day + window, birthday_of), last)
        rates = _rates(truth, children)
        total = rates.sum(axis=1)
        waits = rng.exponential(size=len(of)) / total * YEAR
        event = children.day + np.ceil(np.maximum(waits, 1e-9)).astype(np.int64)
        happens = event <= until
        now = np.where(happens, event, until)
        pick = rng.random(len(of)) * total
        what = (rates.cumsum(axis=1) < pick[:, None]).sum(axis=1).clip(max=len(TYPES))
        leaves = (happens & (what == len(TYPES))) | (now >= birthday_of)
        moves = happens & ~leaves
        open_ = ~leaves & ~moves & (now >= last)
        for ended, is_open in ((leaves | moves, False), (open_ | (moves & (now >= last)), True)):
            started = np.where(moves, now, since) if is_open else since
            kind = np.where(moves, what, children.type) if is_open else children.type
            end = np.full(len(of), -1) if is_open else now
            made.append((of[ended], kind[ended], started[ended], end[ended]))
        since = np.where(moves, now, since)
        children = replace(children, type=np.where(moves, what, children.type), day=now)
        stay = ~leaves & (now < last)
        of, since, birthday_of = of[stay], since[stay], birthday_of[stay]
        children = children.take(stay)
    columns = [np.concatenate(part) for part in zip(*made, strict=True)]
    order = np.lexsort((columns[2], columns[0]))
    return dict(zip(("child", "type", "start", "end"), (c[order] for c in columns), strict=True))


def _rates(truth: Truth, children: Children) -> np.ndarray:
    """[children, types + 1] a year: moves into each type (also within it), and leaving, last."""
    age = (children.day - children.birth) / YEAR
    stay = (children.day - children.start) / YEAR
    now = children.type
    moving = truth.moving[children.la] * children.frailty
    moving *= np.array([1.0, 1.35, 1.2, 0.06, 0.35, 2.2])[now]
    moving *= 0.22 + 1.4 * np.exp(-stay / 0.30)
    teenage, older = _step(age, 10.5, 1.6), _step(age, 16.2, 0.25)
    young = np.exp(-((age / 2.8) ** 2))
    rates = np.empty((len(age), len(TYPES) + 1))
    rates[:, FOSTER] = moving * np.array([1.0, 0.22, 0.08, 0.5, 0.8, 0.7])[now]
    rates[:, FOSTER] *= np.where(now == FOSTER, 1.0, 1.0 - 0.75 * older)
    into = np.array([0.22, 0.75, 0.08, 0.05, 0.10, 0.40])[now]
    rates[:, RESIDENTIAL] = moving * into * np.where(now == RESIDENTIAL, 1.0, 0.05 + 0.95 * teenage)
    # What drifts is who comes into residential care, not how often its children change homes.
    rates[:, RESIDENTIAL] *= np.where(now == RESIDENTIAL, 1.0, _drift(truth, children))
    rates[:, SUPPORTED] = moving * older * np.array([0.35, 0.45, 0.9, 0.0, 0.2, 0.8])[now]
    rates[:, SUPPORTED] += older * np.array([0.12, 0.45, 0.0, 0.0, 0.05, 0.3])[now]
    rates[:, ADOPTION] = np.where(now == FOSTER, 1.5 * young * _bump(stay, 1.0, 0.45), 0.0)
    rates[:, PARENTS] = moving * np.array([0.05, 0.03, 0.02, 0.3, 0.3, 0.1])[now]
    rates[:, OTHER] = moving * np.array([0.09, 0.12, 0.08, 0.0, 0.05, 0.3])[now]

    home = 0.92 * np.exp(-stay / 0.36) * (1 - 0.75 * older) * (1 - 0.55 * np.exp(-age / 1.5))
    order = 0.32 * np.exp(-age / 6.0) * _bump(stay, 1.3, 0.6)  # special guardianship
    late = 0.078 + 0.09 * np.exp(-age / 5.0) + 0.05 * older
    leaving = (home + order + late) * np.array([1.0, 0.8, 1.0, 0.0, 0.7, 1.3])[now]
    leaving += np.array([0.0, 0.0, 0.0, 1.5, 0.35, 0.1])[now]
    month = children.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month = np.clip(month - truth.first_month, 0, truth.leaving_shock.shape[1] - 1)
    moved = truth.leaving_shock[children.la, month] + truth.leaving_wander[children.la, month]
    rates[:, -1] = leaving * truth.leaving[children.la] * np.exp(moved)
    return rates


def come(rng: np.random.Generator, truth: Truth, begins: int, ends: int) -> Children:
    """All children who come into care from one day to another, in groups that start together."""
    months = np.arange(truth.first_month, truth.first_month + truth.la_shock.shape[1])
    month_of = months.astype("datetime64[M]")
    opens = month_of.astype("datetime64[D]").astype(np.int64)
    closes = (month_of + 1).astype("datetime64[D]").astype(np.int64)
    shock = truth.region_shock + truth.la_shock + truth.wander
    trend = truth.growth[:, None] * np.clip((opens - truth.origin) / YEAR, -3, None)
    season = SEASON * np.cos(2 * np.pi * (months % 12 - truth.season) / 12)
    spread = (REGION_SHOCK**2 + LA_SHOCK**2 + SEASON**2 / 2) / 2  # so that shocks have mean one
    children = truth.starts[:, None] * np.exp(shock + trend + season - spread)
    index, of_band = _group_ages()
    size = of_band @ GROUP_SIZES @ np.arange(1, 5)
    groups = rng.poisson(children * (closes - opens) / YEAR / size)
    la, month = (np.repeat(a.ravel(), groups.ravel()) for a in np.indices(groups.shape))
    day = opens[month] + (rng.random(len(la)) * (closes - opens)[month]).astype(np.int64)
    keep = (day >= begins) & (day <= ends)
    la, day = la[keep], day[keep]
    band = rng.choice(len(index), size=len(la), p=of_band)
    low, high = np.array(index)[band].T
    age = low + (high - low) * rng.random(len(la))
    newborn = (band == 0) & (rng.random(len(la)) < NEWBORN)
    age = np.where(newborn, rng.random(len(la)) * 28 / YEAR, age)
    siblings = (rng.random(len(la))[:, None] > GROUP_SIZES.cumsum(axis=1)[band][:, :-1]).sum(axis=1)
    group = np.repeat(np.arange(len(la)), siblings + 1)
    is_first = np.r_[True, group[1:] != group[:-1]] if len(group) else np.empty(0, bool)
    apart = rng.choice([-1, 1], len(group)) * (1 + rng.gamma(2.0, 1.3, len(group)))
    sibling_age = np.abs(age[group] + apart)
    sibling_age = np.where(sibling_age > 17.5, 35 - sibling_age, sibling_age)
    ages = np.where(is_first, age[group], sibling_age)
    days = day[group]
    born = days - (ages * YEAR).astype(np.int64)
    frailty = rng.gamma(1.2, 1 / 1.2, len(group))
    made = Children(la[group], born, days, np.zeros(len(group), np.int64), frailty, days)
    own_type = _first_type(rng, truth, made)
    lead = own_type[np.flatnonzero(is_first)][group]
    fits = (lead == FOSTER) | (lead == PARENTS) | (lead == OTHER)
    together = fits & (ages < 16) & (rng.random(len(group)) < SAME_TYPE)
    return replace(made, type=np.where(together, lead, own_type))


def _first_type(rng: np.random.Generator, truth: Truth, children: Children) -> np.ndarray:
    """Where children come to first, by age, the authority's ways and the drift."""
    age = (children.day - children.birth) / YEAR
    teenage, older = _step(age, 11.5, 1.6), _step(age, 16.0, 0.35)
    weights = np.zeros((len(age), len(TYPES)))
    weights[:, FOSTER] = 0.80 - 0.08 * teenage - 0.38 * older
    weights[:, RESIDENTIAL] = (0.015 + 0.14 * teenage) * _drift(truth, children)
    weights[:, SUPPORTED] = 0.43 * older
    weights[:, PARENTS] = 0.085 * (1 - 0.75 * older)
    weights[:, OTHER] = 0.07
    summed = weights.cumsum(axis=1)
    pick = rng.random(len(age)) * summed[:, -1]
    return (summed < pick[:, None]).sum(axis=1)


def _truth(
    rng: np.random.Generator, las: int, stock: tuple[int, int], origin: int, days: tuple[int, int]
) -> Truth:
    """A region's parameters and shocks."""
    published = in_care()[:, -1]
    published = published[(published >= stock[0]) & (published <= stock[1])]
    places = (np.arange(las) + rng.uniform(0, 1, las)) / las
    sizes = rng.permutation(np.quantile(published, places))
    leaving = np.exp(rng.normal(0, 0.2, las))
    first_month, last_month = (
        int(np.datetime64(day, "D").astype("datetime64[M]").astype(int)) for day in days
    )
    months = last_month - first_month + 1
    at = int(np.datetime64(origin, "D").astype("datetime64[M]").astype(int)) - first_month
    own = np.clip(OWN_SHARE + rng.normal(0, 0.08, (las, len(TYPES))), 0.02, 0.98)
    region, regional_growth, regional_drift = rng.normal(size=3)
    return Truth(
        # Who keeps children for less time needs more of them for the same stock.
        starts=sizes * STARTS_PER_CHILD * leaving**0.6,
        growth=np.full(las, 0.005 + 0.008 * regional_growth),
        leaving=leaving,
        moving=np.exp(rng.normal(0, 0.15, las)),
        residential=np.exp(0.1 * region + rng.normal(0, 0.2, las)),
        drift=0.06 + 0.01 * regional_drift + rng.normal(0, 0.015, las),
        own=np.where(OWN_SHARE < 1, own, 1.0),
        season=rng.uniform(0, 12),
        origin=origin,
        first_month=first_month,
        region_shock=_shocks(rng, 1, months, REGION_SHOCK)[0],
        la_shock=_shocks(rng, las, months, LA_SHOCK),
        wander=_wander(rng, 1, months, at, REGION_WANDER)
        + _wander(rng, las, months, at, LA_WANDER),
        leaving_shock=_shocks(rng, las, months, LEAVING_SHOCK),
        leaving_wander=_wander(rng, las, months, at, LEAVING_WANDER),
    )


def _shocks(rng: np.random.Generator, rows: int, months: int, sd: float) -> np.ndarray:
    """[rows, months] of stationary AR(1) series with this standard deviation."""
    shocks = rng.normal(0, sd, (rows, months))
    for month in range(1, months):
        new = np.sqrt(1 - PERSISTENCE**2) * shocks[:, month]
        shocks[:, month] = PERSISTENCE * shocks[:, month - 1] + new
    return shocks


def _wander(rng: np.random.Generator, rows: int, months: int, at: int, sd: float) -> np.ndarray:
    """[rows, months] of random walks with this step that are nil in month `at`."""
    walk = rng.normal(0, sd, (rows, months)).cumsum(axis=1)
    return walk - walk[:, [at]]


def _episodes(
    rng: np.random.Generator,
    truth: Truth,
    children: Children,
    placed: dict[str, np.ndarray],
    codes: np.ndarray,
    first: dt.date,
) -> pd.DataFrame:
    """Placements that were open on `first` or later, as rows with dates and names."""
    la = children.la[placed["child"]]
    is_own = rng.random(len(la)) < truth.own[la, placed["type"]]
    end = placed["end"].astype("datetime64[D]")
    end[placed["end"] < 0] = np.datetime64("NaT")
    rows = pd.DataFrame(
        {
            "la_code": codes[la],
            "child_id": np.char.add("c", np.char.zfill(placed["child"].astype(str), 7)),
            "birth_date": _dates(children.birth[placed["child"]]),
            "start_date": _dates(placed["start"]),
            "end_date": end.astype("datetime64[s]"),
            "placement_type": np.array(TYPES)[placed["type"]],
            "provider_sector": np.where(is_own, *SECTORS),
        }
    )
    kept = (placed["end"] < 0) | (placed["end"] > _day(first))
    return rows[kept].reset_index(drop=True)


def _drift(truth: Truth, children: Children) -> np.ndarray:
    """Factor of coming into residential care on a child's day."""
    years = np.clip((children.day - truth.origin) / YEAR, -6, None)
    return truth.residential[children.la] * np.exp(truth.drift[children.la] * years)


def _group_ages() -> tuple[list[tuple[float, float]], np.ndarray]:
    shares = np.array(list(INDEX_AGES.values()))
    return list(INDEX_AGES), shares / shares.sum()


def _eighteenth(birth: np.ndarray) -> np.ndarray:
    """Days of the 18th birthday; of those born on 29 February the 1 March."""
    dates = birth.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    return ((month + MONTHS_TO_18).astype("datetime64[D]") + (dates - month)).astype(np.int64)


def _step(age: np.ndarray, middle: float, width: float) -> np.ndarray:
    return 1 / (1 + np.exp(-(age - middle) / width))


def _bump(stay: np.ndarray, middle: float, width: float) -> np.ndarray:
    return np.exp(-(((stay - middle) / width) ** 2) / 2)


def _day(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days


def _dates(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[D]").astype("datetime64[s]")
