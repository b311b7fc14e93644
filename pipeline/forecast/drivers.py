"""What changes spend: more or fewer nights, other types of placement, dearer or cheaper nights.

Spend of an authority is its nights, times the share of each type in them, times what a night of
the type costs. The part of each of the three in a change is its effect averaged over all orders in
which they can change, the Shapley value: no order is better than another, and parts always add up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.forecast.periods import year_and_month
from pipeline.forecast.small_numbers import NO_WORDS, OUTSIDE, Edition, Words, why_no_pounds
from pipeline.forecast.spend import KNOWN_MONTHS, Area, Months, rounded_to
from pipeline.withheld import withheld_text

DRIVERS = ("volume", "mix", "price")
YEAR_MONTHS = 12


@dataclass(frozen=True)
class DriverRow:
    """A row of forecast.drivers: its columns, in their order."""

    la_code: str | None
    area_name: str
    authorities: int
    placement_type: str
    before_period: str
    after_period: str
    spend_before_gbp: int | None
    spend_after_gbp: int | None
    volume_mean_gbp: int | None
    volume_lower_80_gbp: int | None
    volume_upper_80_gbp: int | None
    mix_mean_gbp: int | None
    mix_lower_80_gbp: int | None
    mix_upper_80_gbp: int | None
    price_mean_gbp: int | None
    price_lower_80_gbp: int | None
    price_upper_80_gbp: int | None
    withheld: str
    is_synthetic: bool


def split_change(
    nights_before: np.ndarray,
    pounds_before: np.ndarray,
    nights_after: np.ndarray,
    pounds_after: np.ndarray,
) -> np.ndarray:
    """What volume, mix and price change spend by; shape (…, 3), of arrays of shape (…, types).

    The three add up to the change of all types. Where a type has no nights before or after, its
    price there is the other's, so that a new type is mix; where nobody was there at all, all is
    volume.
    """
    volumes, shares, prices = _factors(nights_before, pounds_before, nights_after, pounds_after)

    def spend(volume: int, mix: int, price: int) -> np.ndarray:
        """Pounds with each factor as before (0) or after (1)."""
        return volumes[volume] * (shares[mix] * prices[price]).sum(axis=-1)

    def part(driver: int) -> np.ndarray:
        """Of six orders two change the driver first, two last, and two after one of the others."""
        total = np.zeros(nights_before.shape[:-1])
        for others, weight in (((0, 0), 2), ((0, 1), 1), ((1, 0), 1), ((1, 1), 2)):
            with_it, without = list(others), list(others)
            with_it.insert(driver, 1)
            without.insert(driver, 0)
            total += weight * (spend(*with_it) - spend(*without))
        return total / 6

    return np.stack([part(driver) for driver in range(len(DRIVERS))], axis=-1)


def _factors(
    nights_before: np.ndarray,
    pounds_before: np.ndarray,
    nights_after: np.ndarray,
    pounds_after: np.ndarray,
) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """Nights, shares of the types in them and prices, each before and after."""
    nights, pounds = (nights_before, nights_after), (pounds_before, pounds_after)
    volumes = [n.sum(axis=-1) for n in nights]
    shares = [_over(n, v[..., None]) for n, v in zip(nights, volumes, strict=True)]
    prices = [_over(p, n) for p, n in zip(pounds, nights, strict=True)]
    for side, other in ((0, 1), (1, 0)):
        nobody = (volumes[side] == 0)[..., None]
        shares[side] = np.where(nobody, shares[other], shares[side])
        prices[side] = np.where(nights[side] == 0, prices[other], prices[side])
    return volumes, shares, prices


def _over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Above over below; 0 where nothing is below."""
    shape = np.broadcast_shapes(above.shape, below.shape)
    return np.divide(above, below, out=np.zeros(shape), where=below != 0)


def driver_rows(
    months: Months,
    areas: Sequence[Area],
    shown: np.ndarray,
    words: Words = NO_WORDS,
    edition: Edition = OUTSIDE,
) -> list[DriverRow]:
    """Rows of forecast.drivers: the 12 months before the forecast, and each 12 months of it.

    areas, shown and words as for `spend_rows`; of `shown` those of all types count. Parts are means
    over the draws, rounded so that they add up to the change between the two spends as published.
    Those of the region are its authorities' added up, so that dearer authorities that grow are
    volume.
    """
    if not months.is_priced.any():
        return []
    before = months.origin - KNOWN_MONTHS + 1, months.origin
    starts = range(1, months.forecast_months - YEAR_MONTHS + 2, YEAR_MONTHS)
    years = [(months.origin + start, months.origin + start + YEAR_MONTHS - 1) for start in starts]
    return [
        row
        for after in years
        for row in _rows(months, areas, shown[:, -1], words, edition, before, after)
    ]


def _rows(
    months: Months,
    areas: Sequence[Area],
    shown: np.ndarray,
    words: Words,
    edition: Edition,
    before: tuple[int, int],
    after: tuple[int, int],
) -> Iterator[DriverRow]:
    """The rows of two spans of months, of each area."""
    sides = [[a[..., months.is_priced] for a in months.within(*span)] for span in (before, after)]
    parts = _and_region(split_change(*sides[0], *sides[1]))  # (draws, areas, drivers)
    spends = [_and_region(pounds.sum(axis=-1)).mean(axis=0) for _, pounds in sides]
    ends = np.quantile(parts, (0.1, 0.9), axis=0)
    is_known = ~np.isnan(parts).any(axis=(0, 2))
    for area, code in enumerate((*months.las, None)):
        figures: tuple[int | None, ...] = (None,) * len(FIGURES)
        if is_known[area] and shown[area]:
            figures = _figures(
                [float(spend[area]) for spend in spends],
                parts[:, area].mean(axis=0),
                ends[:, area],
                edition.gbp(is_region=code is None),
            )
        yield DriverRow(
            code,
            areas[area].area_name if code else "Region",
            1 if code else len(areas),
            "all",
            _span(*before),
            _span(*after),
            *figures,
            withheld_text(FIGURES, why_no_pounds(words, code, "all"))
            if is_known[area] and not shown[area]
            else "",
            areas[area].is_synthetic if code else any(a.is_synthetic for a in areas),
        )


FIGURES = (
    "spend_before_gbp",
    "spend_after_gbp",
    *(f"{driver}_{end}_gbp" for driver in DRIVERS for end in ("mean", "lower_80", "upper_80")),
)


def _span(first: int, last: int) -> str:
    """Months as a text that sorts by time, such as 2025-04 to 2026-03."""
    return f"{year_and_month(first)} to {year_and_month(last)}"


def _and_region(by_authority: np.ndarray) -> np.ndarray:
    """The region added after the authorities, draw by draw; shape (draws, las, …)."""
    return np.concatenate([by_authority, by_authority.sum(axis=1, keepdims=True)], axis=1)


def _figures(
    spends: Sequence[float], means: np.ndarray, ends: np.ndarray, unit: int
) -> tuple[int | None, ...]:
    """The figures of a row to this unit of pounds; ends has the shape (2, drivers)."""
    before, after = (rounded_to(spend, unit) for spend in spends)
    figures = [before, after]
    for part, both in zip(shared_out(means, after - before, unit), ends.T, strict=True):
        figures += [part, *(rounded_to(float(end), unit) for end in both)]
    return tuple(figures)


def shared_out(parts: np.ndarray, whole: int, unit: int) -> list[int]:
    """Parts in whole units that add up to a whole, itself in units, as macro rounded_parts does.

    Each is rounded down; the units that are left go one by one to the parts that lost most, of
    equals to the first.
    """
    units = np.round(parts / unit, 3)
    down = np.floor(units)
    each, left = divmod(round(whole / unit - down.sum()), len(parts))
    down[np.argsort(np.round(down - units, 3), kind="stable")[:left]] += 1
    return [int(unit * (number + each)) for number in down]
