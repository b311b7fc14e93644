"""From nights and what they cost to what a night costs in the months to come.

What a night costs is what `cost.spend` says, known or estimated, so that the year from which a
forecast goes on is the same in both.
Prices of a type rise at a rate that is learnt from the region: of each authority and group of
providers by itself, so that more nights where homes are dear are no rise. What is learnt is drawn
towards a rise of all types, and that towards the usual one, by how much the region's prices tell.
Beside that an authority's mean price wanders, as one child follows another: the fewer children, the
more.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.forecast.nights import BOUGHT, OWN, PARENTS, Nights
from pipeline.forecast.periods import days_in, month_name

PRICE_MONTHS = 12  # of an authority, back from the last month that its files cover
PRIOR_NIGHTS = 500.0  # nights at the region's price, or of its mix, that an authority is given
LEAST_PRICED_NIGHTS = 365.0  # of the region in these months; with fewer it is said of a type
RISE_MONTHS = 36  # back from the origin, from which rises are learnt
LEAST_RISE_MONTHS = 6  # from the first price to the last: what is shorter tells no rise
NIGHTS_A_YEAR = 365.0
RATIO_MONTHS = 24  # back from the origin, for nights by child and day
RATIO_PRIOR = 1000.0  # nights by which that is drawn towards 1

# In logarithms, a year. What fees rise by in most years, and how far from it they may be:
USUAL_RISE, USUAL_RISE_SD = 0.03, 0.03
TYPE_RISE_SD = 0.02  # how far the rise of a type is from that of all
NEXT_YEAR_SD = 0.02  # how far next year's rise is from that of the years before
# Variance by which the price of one place wanders in a year, where nothing tells it, and how many
# cells that is worth: of places half of which are filled anew in a year, at prices 0.5 apart.
USUAL_WANDERING, WANDERING_CELLS = 0.25, 4.0
# The price at the origin is the mean of a year, from which a walk that lasts as long has gone away
# by a third of its variance a year.
WANDERED_YEARS = 1 / 3
# The slope through a random walk of T years has 6/5 of its variance a year over T: for the mean
# price of a cell that is the wandering times this, over the cell's priced nights.
SLOPE_NIGHTS = 1.2 * NIGHTS_A_YEAR


@dataclass(frozen=True)
class Rises:
    """How prices rise, in logarithms a year.

    seen: what a type's own prices tell, shape (types,); seen_sd: how unsure that is, infinite where
    they tell nothing. wandering_sd: of an authority's mean price beside that, (las, types).
    """

    general: float
    general_sd: float
    seen: np.ndarray
    seen_sd: np.ndarray
    wandering_sd: np.ndarray

    def of_types(self, general: np.ndarray | float) -> np.ndarray:
        """The most likely rise of each type for rises of all; shape (…, types)."""
        own, drawn = self.seen_sd**-2.0, TYPE_RISE_SD**-2.0
        towards = np.asarray(general)[..., None]
        return (self.seen * own + towards * drawn) / (own + drawn)

    @property
    def of_types_sd(self) -> np.ndarray:
        """How far types' rises may be from that, where the rise of all is known."""
        return (self.seen_sd**-2.0 + TYPE_RISE_SD**-2.0) ** -0.5


@dataclass(frozen=True)
class Prices:
    """What a night costs at the origin, and what is needed to go on from there.

    per_night: pounds, shape (las, types, groups); not a number for a type without prices.
    share: of a type's nights, the same shape; a type's shares add up to 1.
    nights_ratio: nights over children at month-ends x days, (types,).
    statements: what was done with the prices of an authority, by its code; None: of the region.
    """

    las: tuple[str, ...]
    types: tuple[str, ...]
    origin: int
    per_night: np.ndarray
    share: np.ndarray
    nights_ratio: np.ndarray
    rises: Rises
    statements: Mapping[str | None, tuple[str, ...]]

    @property
    def is_priced(self) -> np.ndarray:
        """Whether a type has prices, (types,)."""
        return ~np.isnan(self.per_night).any(axis=(0, 2))


@dataclass(frozen=True)
class PriceDraws:
    """What is not known of prices to come, once for all scenarios.

    rise: logarithms a year, shape (draws, types). wandering: logarithms by which means wander in a
    year, growing with the root of time, (draws, las, types).
    """

    rise: np.ndarray
    wandering: np.ndarray


def estimate_prices(nights: Nights) -> Prices:
    """Prices at the origin, from what nights cost there."""
    rises = _rises(nights)
    years_ago = (nights.origin - nights.months) / 12
    uplift = np.exp(rises.of_types(rises.general) * years_ago[:, None])  # (months, types)
    recent = _last_months(nights.covered, PRICE_MONTHS)[:, :, None, None]
    priced, counted = ((a * recent).sum(axis=1) for a in (nights.priced, nights.nights))
    cost = (nights.total * recent * uplift[:, :, None]).sum(axis=1)
    per_night = _per_night(counted, cost if nights.known.any() else np.full(cost.shape, np.nan))
    share = _share(nights)
    statements = {
        None: _of_region(nights, rises, per_night, priced, share),
        **{la: _of_authority(nights, n, priced[n], per_night) for n, la in enumerate(nights.las)},
    }
    ratio = _nights_ratio(nights)
    return Prices(
        nights.las, nights.types, nights.origin, per_night, share, ratio, rises, statements
    )


def draw_prices(prices: Prices, draws: int, seed: int) -> PriceDraws:
    """Rises that prices may take. The rise of all types is shared, so that they rise together."""
    rises = prices.rises
    rng = np.random.default_rng([seed, 2])  # 0 and 1 are the children's
    general = rises.general + rises.general_sd * rng.standard_normal(draws)
    of_types = rises.of_types(general)
    of_types += rises.of_types_sd * rng.standard_normal(of_types.shape)
    of_types += NEXT_YEAR_SD * rng.standard_normal((draws, 1))
    wandering = rises.wandering_sd * rng.standard_normal((draws, *rises.wandering_sd.shape))
    return PriceDraws(of_types, wandering)


def price_growth(drawn: PriceDraws, months: int, instead: np.ndarray | None = None) -> np.ndarray:
    """What prices of each month are over those of the origin; (draws, las, types, months).

    instead: rises that take the place of those drawn, logarithms a year, (las, types, months); not
    a number where none does. How a mean price wanders beside the rise stays as it is.
    """
    wandered = np.sqrt(np.arange(1, months + 1) / 12 + WANDERED_YEARS)
    return price_rise(drawn, months, instead) * np.exp(drawn.wandering[..., None] * wandered)


def price_rise(drawn: PriceDraws, months: int, instead: np.ndarray | None = None) -> np.ndarray:
    """The rise of a type's prices alone, of which `price_growth` is made; of the same shape."""
    yearly = np.broadcast_to(drawn.rise[:, None, :, None], (*drawn.wandering.shape, months))
    if instead is not None:
        yearly = np.where(np.isnan(instead), yearly, instead)
    return np.exp(np.cumsum(yearly, axis=-1) / 12)


def _last_months(those: np.ndarray, count: int) -> np.ndarray:
    """So many months back from the last of those that are true, by row; shape (las, months)."""
    months = np.arange(those.shape[1])
    last = np.where(those, months, -1).max(axis=1, initial=-1)[:, None]
    return (months <= last) & (months > last - count)


def _divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Above over below; not a number where nothing is below."""
    return np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below > 0)


def _per_night(counted: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Pounds a night, (las, types, groups), of nights and pounds of the same shape."""
    bought = counted[..., :PARENTS].sum(axis=(0, 2))
    of_type = _divided(cost[..., :PARENTS].sum(axis=(0, 2)), bought)
    region = _divided(cost.sum(axis=0), counted.sum(axis=0))
    region = np.where(np.isnan(region), of_type[:, None], region)
    drawn = (cost + PRIOR_NIGHTS * region) / (counted + PRIOR_NIGHTS)
    drawn[..., PARENTS] = np.where(np.isnan(of_type), np.nan, 0.0)
    return drawn


def _share(nights: Nights) -> np.ndarray:
    """Share of each group in the nights of the last year, drawn to the region's mix."""
    recent = _last_months(nights.covered, PRICE_MONTHS)[:, :, None, None]
    counted = (nights.nights * recent).sum(axis=1)
    region = counted.sum(axis=0)
    mix = region / np.maximum(region.sum(axis=-1, keepdims=True), 1.0)
    mix[region.sum(axis=-1) == 0, BOUGHT] = 1.0  # nobody lived there: nothing tells who provides
    return (counted + PRIOR_NIGHTS * mix) / (counted.sum(axis=-1, keepdims=True) + PRIOR_NIGHTS)


def _nights_ratio(nights: Nights) -> np.ndarray:
    """Nights over children at month-ends x days: above 1 where stays end before a month does."""
    days = np.array([days_in(month) for month in nights.months[1:]])[:, None]
    told = nights.covered[:, 1:] & nights.covered[:, :-1]
    told[:, : max(0, told.shape[1] - RATIO_MONTHS)] = False
    child_days = (nights.stock[:, 1:] + nights.stock[:, :-1]) / 2 * days * told[:, :, None]
    counted = nights.nights.sum(axis=-1)[:, 1:] * told[:, :, None]
    over = child_days.sum(axis=(0, 1)) + RATIO_PRIOR
    return (counted.sum(axis=(0, 1)) + RATIO_PRIOR) / over


def _rises(nights: Nights) -> Rises:
    # What all nights cost rises with the day; those whose price is known are of ever older
    # placements, and tell too little. But how much there is to learn from is what is known.
    slopes, _ = _slopes(nights, nights.nights, nights.total, RISE_MONTHS, 0)
    _, weights = _slopes(nights, nights.priced, nights.known, RISE_MONTHS, 0)
    of_type = weights.sum(axis=(0, 2))
    seen = _mean_slope(slopes, weights)
    wandering = _wandering(nights)
    seen_sd = np.sqrt(_divided(wandering * SLOPE_NIGHTS, of_type))
    seen_sd[np.isnan(seen_sd)] = np.inf
    told = 1 / (seen_sd**2 + TYPE_RISE_SD**2)
    precision = told.sum() + USUAL_RISE_SD**-2
    general = (told @ seen + USUAL_RISE * USUAL_RISE_SD**-2) / precision
    recent = _last_months(nights.covered, PRICE_MONTHS)[:, :, None]
    children = (nights.nights[..., :PARENTS].sum(axis=-1) * recent).sum(axis=1) / NIGHTS_A_YEAR
    sd = np.sqrt(wandering / np.maximum(children, 1.0))
    return Rises(float(general), float(precision**-0.5), seen, seen_sd, sd)


def _wandering(nights: Nights) -> np.ndarray:
    """Variance by which the price of a place wanders in a year, (types,).

    It is seen in how far slopes of one year are apart. A type of few cells is drawn to all types.
    """
    apart, freedom = np.zeros((2, len(nights.types)))
    for end in range(0, RISE_MONTHS, PRICE_MONTHS):
        slopes, weights = _slopes(nights, nights.priced, nights.known, PRICE_MONTHS, end)
        away = slopes - _mean_slope(slopes, weights)[:, None]
        apart += (weights * away**2).sum(axis=(0, 2)) / SLOPE_NIGHTS
        freedom += np.maximum((weights > 0).sum(axis=(0, 2)) - 1, 0)
    drawn = USUAL_WANDERING * WANDERING_CELLS + apart.sum()
    of_all = drawn / (WANDERING_CELLS + freedom.sum())
    return (of_all * WANDERING_CELLS + apart) / (WANDERING_CELLS + freedom)


def _mean_slope(slopes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mean slope of each type, 0 without any; (types,) of (las, types, groups)."""
    above, below = (a.sum(axis=(0, 2)) for a in (weights * slopes, weights))
    return np.nan_to_num(_divided(above, below))


def _slopes(
    nights: Nights, counted: np.ndarray, gbp: np.ndarray, months: int, end: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rise a year of each cell's mean price, and its nights; shape (las, types, groups).

    counted, gbp: of `nights`, which of its nights and what they cost.
    Of so many months, the last of which is `end` months before the origin. The nights are none
    where the prices are of too short a time.
    """
    ago = nights.origin - nights.months
    part = (ago >= end) & (ago < end + months)
    years = nights.months[part, None, None] / 12
    priced, cost = (np.nan_to_num(a[:, part]) for a in (counted, gbp))
    priced[..., PARENTS] = 0
    priced[cost <= 0] = 0
    logs = np.log(np.divide(cost, priced, out=np.ones(cost.shape), where=priced > 0))
    weights = priced.sum(axis=1)
    mean_year, mean_log = (
        np.nan_to_num(_divided((priced * a).sum(axis=1), weights)) for a in (years, logs)
    )
    away = years - mean_year[:, None]
    spread = (priced * away**2).sum(axis=1)
    slopes = _divided((priced * away * (logs - mean_log[:, None])).sum(axis=1), spread)
    month = np.arange(priced.shape[1])[:, None, None]
    last = np.where(priced > 0, month, -1).max(axis=1, initial=-1)
    first = np.where(priced > 0, month, months).min(axis=1, initial=months)
    is_long = last - first >= LEAST_RISE_MONTHS
    return np.where(is_long, np.nan_to_num(slopes), 0.0), np.where(is_long, weights, 0.0)


def _of_region(
    nights: Nights,
    rises: Rises,
    per_night: np.ndarray,
    priced: np.ndarray,
    share: np.ndarray,
) -> tuple[str, ...]:
    """What is said of the region's prices."""
    said = []
    without = np.isnan(per_night[:, :, OWN]).all(axis=0)
    if without.all():
        return ("There are no prices: spend is not forecast.",)
    if without.any():
        said.append(
            f"For homes of these types, {_listed(nights.types, without)}, no night is known: what "
            "that costs is not forecast, and the spend of all types leaves it out."
        )
    few = ~without & (priced[..., :PARENTS].sum(axis=(0, 2)) < LEAST_PRICED_NIGHTS)
    if few.any():
        said.append(
            f"For homes of these types, {_listed(nights.types, few)}, fewer than "
            f"{LEAST_PRICED_NIGHTS:.0f} nights have a known price in the region: what they cost is "
            "an estimate from other homes."
        )
    is_used = (share.mean(axis=0) >= 0.01) & ~(without | few)[:, None] & (priced.sum(axis=0) == 0)
    for group in (OWN, BOUGHT):
        if is_used[:, group].any():
            said.append(
                f"For {_listed(nights.types, is_used[:, group])} no price of homes of "
                f"{_GROUP_NAMES[group]} is known: it is estimated from others of the type."
            )
    if np.isinf(rises.seen_sd).all():
        said.append(
            "Prices are known for too short a time to tell how they rise: "
            f"{_percent(rises.general)} a year is assumed."
        )
    else:
        by_type = zip(nights.types, rises.of_types(rises.general), ~without, strict=True)
        listed = ", ".join(f"{name} {_percent(rise)}" for name, rise, has in by_type if has)
        said.append(f"Prices are taken to rise by so much a year: {listed}.")
    return tuple(said)


_GROUP_NAMES = {OWN: "the authorities' own", BOUGHT: "other providers"}


def _of_authority(
    nights: Nights, la: int, priced: np.ndarray, per_night: np.ndarray
) -> tuple[str, ...]:
    """What is said of an authority's prices, where others had to stand in for them."""
    has_price = ~np.isnan(per_night[la, :, OWN])
    if not has_price.any():
        return ()
    is_known = nights.known[la] > 0
    if not is_known.any():
        return ("It has no prices: the region's are taken.",)
    recent = _last_months(nights.covered, PRICE_MONTHS)[la]
    in_year = nights.nights[la, recent, :, :PARENTS].sum(axis=(0, 2)) * has_price
    said = []
    without = (priced[:, :PARENTS].sum(axis=-1) == 0) & (in_year > 0)
    if without.any():
        said.append(
            f"It has no prices for {_listed(nights.types, without)}: the region's are taken."
        )
    last = nights.months[is_known.any(axis=(1, 2))].max()
    if last < nights.origin:
        said.append(
            f"Its last prices are of {month_name(int(last))}: they are taken to have risen as the "
            "region's do."
        )
    known = (nights.priced[la, recent, :, :PARENTS].sum(axis=(0, 2)) * has_price).sum()
    if known < 0.5 * in_year.sum():
        said.append(
            f"Of its nights of the last {PRICE_MONTHS} months {100 * known / in_year.sum():.0f}% "
            "have a known price: what the others cost is estimated."
        )
    return tuple(said)


def _listed(names: tuple[str, ...], which: np.ndarray) -> str:
    chosen = [name for name, is_one in zip(names, which, strict=True) if is_one]
    return " and ".join(filter(None, (", ".join(chosen[:-1]), chosen[-1])))


def _percent(rise: float) -> str:
    return f"{100 * np.expm1(rise):.1f}%"
