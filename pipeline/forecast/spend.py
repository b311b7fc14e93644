"""From draws of children to pounds: by month, by quarter and financial year, beside the budget."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import numpy as np

from pipeline.forecast.budget_file import BudgetLine
from pipeline.forecast.nights import BOUGHT, OWN, Nights
from pipeline.forecast.periods import (
    YEAR,
    Period,
    days_in,
    month_number,
    periods_reached,
    span_name,
)
from pipeline.forecast.prices import PriceDraws, Prices, price_growth
from pipeline.forecast.scenario_file import Change
from pipeline.forecast.small_numbers import NO_WORDS, OUTSIDE, Edition, Words, why_no_pounds
from pipeline.withheld import withheld_text

KNOWN_MONTHS = 12  # before the first month of the forecast; no period begins earlier
DAYS_A_WEEK = 7


class Draws(Protocol):
    """What spend needs of the children that are forecast.

    stock: children at month-ends, shape (draws, las, months, bands, types); the first month is the
    origin, whose number `origin` is.
    """

    @property
    def las(self) -> Sequence[str]: ...
    @property
    def types(self) -> Sequence[str]: ...
    @property
    def origin(self) -> int: ...
    @property
    def stock(self) -> np.ndarray: ...


@dataclass(frozen=True)
class Months:
    """Nights of care and pounds, both of shape (draws, las, types, months).

    The months begin KNOWN_MONTHS before the first of the forecast; these are history and so the
    same in all draws, or not a number where an authority's files say nothing. Pounds are not a
    number for a type without prices.
    """

    las: tuple[str, ...]
    types: tuple[str, ...]
    origin: int
    nights: np.ndarray
    pounds: np.ndarray
    is_priced: np.ndarray  # (types,)

    @property
    def forecast_months(self) -> int:
        """How many months are forecast."""
        return self.pounds.shape[-1] - KNOWN_MONTHS

    def within(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Nights and pounds of the months of these numbers, added up; shape (draws, las, types)."""
        start = self.origin - KNOWN_MONTHS + 1
        if first < start or last > self.origin + self.forecast_months:
            raise ValueError(f"months {first} to {last} are not all known or forecast")
        part = slice(first - start, last - start + 1)
        return self.nights[..., part].sum(axis=-1), self.pounds[..., part].sum(axis=-1)


@dataclass(frozen=True)
class Area:
    """An authority as its rows name it."""

    la_code: str
    area_name: str
    is_synthetic: bool


@dataclass(frozen=True)
class SpendRow:
    """A row of forecast.spend: its columns, in their order."""

    la_code: str | None
    area_name: str
    authorities: int
    placement_type: str
    period_type: str
    period: str
    months_known: int
    nights_median: int | None
    spend_median_gbp: int | None
    spend_lower_80_gbp: int | None
    spend_upper_80_gbp: int | None
    budget_gbp: Decimal | None
    over_budget_probability: float | None
    withheld: str
    is_synthetic: bool


def spend_by_month(
    draws: Draws,
    nights: Nights,
    prices: Prices,
    price_draws: PriceDraws,
    changes: Sequence[Change] = (),
) -> Months:
    """What the children of the draws cost, month by month, after the months that are known.

    Of the changes of a scenario those of prices and of who provides act here; all others are in the
    draws. Raises ValueError where draws, nights and prices are not of the same authorities, types
    and origin.
    """
    if {(tuple(one.las), tuple(one.types), one.origin) for one in (draws, nights, prices)} != {
        (nights.las, nights.types, nights.origin)
    }:
        raise ValueError("draws, nights and prices are of other authorities, types or months")
    counted = _nights(draws.stock.sum(axis=3), prices)
    months = counted.shape[-1]
    growth = price_growth(price_draws, months, rises_set(prices, months, changes))
    share = _share(prices, months, changes)
    per_night = np.einsum("tmlg,ltg->ltm", share.transpose(1, 2, 0, 3), prices.per_night)
    pounds = counted * per_night * growth
    known = [np.broadcast_to(a, (len(counted), *a.shape)) for a in _known(nights)]
    return Months(
        prices.las,
        prices.types,
        prices.origin,
        np.concatenate([known[0], counted], axis=-1),
        np.concatenate([known[1], pounds], axis=-1),
        prices.is_priced,
    )


def _nights(stock: np.ndarray, prices: Prices) -> np.ndarray:
    """Nights of each month after the origin: (draws, las, types, months) of (…, months, types)."""
    days = np.array([days_in(prices.origin + month) for month in range(1, stock.shape[2])])
    children = (stock[:, :, :-1] + stock[:, :, 1:]) / 2
    return (children * prices.nights_ratio).transpose(0, 1, 3, 2) * days


def _known(nights: Nights) -> tuple[np.ndarray, np.ndarray]:
    """Nights and pounds of the months before the forecast, (las, types, months)."""
    counted, total, covered = (
        a[:, -KNOWN_MONTHS:] for a in (nights.nights, nights.total, nights.covered)
    )
    missing = np.where(covered, 0.0, np.nan)[:, :, None]
    before = [(0, 0), (0, 0), (KNOWN_MONTHS - counted.shape[1], 0)]
    filled = (
        np.pad((a + missing).transpose(0, 2, 1), before, constant_values=np.nan)
        for a in (counted.sum(axis=-1), total.sum(axis=-1))
    )
    return tuple(filled)


def rises_set(prices: Prices, months: int, changes: Sequence[Change]) -> np.ndarray:
    """Rises that the changes set, logarithms a year; (las, types, months), else not a number."""
    rises = np.full((*prices.share.shape[:2], months), np.nan)
    for change in changes:
        if change.kind == "inflation":
            las, types = _place(prices, change.la_code, change.from_type)
            when = _holds(prices.origin, months, change)
            rises[np.ix_(las, types, when)] = math.log1p(float(change.number) / 100)
    return rises


def _share(prices: Prices, months: int, changes: Sequence[Change]) -> np.ndarray:
    """Share of each group in the nights of each month; (las, types, months, groups)."""
    shape = (*prices.share.shape[:2], months, prices.share.shape[2])
    share = np.broadcast_to(prices.share[:, :, None], shape).copy()
    for change in changes:
        if change.kind == "in-house share":
            las, types = _place(prices, change.la_code, change.to_type)
            when = _holds(prices.origin, months, change)
            reached = _reached(prices.origin, months, change)[when]
            for la in las:
                for kind in types:
                    usual = prices.share[la, kind]
                    full = _with_own(usual, float(change.number) / 100)
                    share[la, kind, when] = usual + reached[:, None] * (full - usual)
    return share


def _with_own(share: np.ndarray, own: float) -> np.ndarray:
    """Shares of the groups with another one of own provision; the others stay in proportion."""
    others = share.copy()
    others[OWN] = 0
    if others.sum() == 0:
        others[BOUGHT] = 1
    changed = others / others.sum() * (1 - own)
    changed[OWN] = own
    return changed


def _place(
    prices: Prices, la_code: str | None, of_type: str | None
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the authorities and types that a change is for."""
    las = [n for n, code in enumerate(prices.las) if la_code in (None, code)]
    types = [n for n, name in enumerate(prices.types) if of_type in (None, name)]
    return np.array(las, int), np.array(types, int)


def _holds(origin: int, months: int, change: Change) -> np.ndarray:
    """Numbers from 0 of the months of the forecast in which a change holds."""
    number = np.arange(origin + 1, origin + months + 1)
    is_over = number > (month_number(change.end) if change.end else math.inf)
    return np.flatnonzero((number >= month_number(change.start)) & ~is_over)


def _reached(origin: int, months: int, change: Change) -> np.ndarray:
    """How much of a change is there in each month, 0 to 1: evenly more over the ramp."""
    passed = np.arange(1, months + 1) + origin - month_number(change.start) + 1
    return np.clip(passed / max(change.ramp_months, 1), 0, 1)


def rounded_to(value: float, unit: int) -> int | None:
    """To the nearest unit; not a number is null."""
    return None if math.isnan(value) else unit * math.floor(value / unit + 0.5)


def with_totals(by_place: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The region added after the authorities, and all types after the types, draw by draw.

    by_place: shape (draws, las, types). counts: types that belong to the total, (types,).
    """
    of_all = by_place[..., counts].sum(axis=-1, keepdims=True)
    by_type = np.concatenate([by_place, of_all], axis=-1)
    return np.concatenate([by_type, by_type.sum(axis=1, keepdims=True)], axis=1)


def types_of_total(is_priced: np.ndarray) -> np.ndarray:
    """Types that “all” adds up: those with prices; of none every type, as nights are known."""
    return is_priced if is_priced.any() else np.ones(len(is_priced), bool)


def spend_rows(
    months: Months,
    areas: Sequence[Area],
    budget: Sequence[BudgetLine],
    shown: np.ndarray,
    words: Words = NO_WORDS,
    edition: Edition = OUTSIDE,
) -> list[SpendRow]:
    """Rows of forecast.spend, for authorities, then the region, by type, then all.

    areas: the authorities, as in `months`. shown: whether small numbers allow the figures of an
    area and type, shape (las + 1, types + 1); the region and all types come last. words: why the
    children of an area and type are withheld.
    """
    rows = []
    counts = types_of_total(months.is_priced)
    for period in periods_reached(months.origin, months.forecast_months):
        nights, pounds = (with_totals(a, counts) for a in months.within(period.first, period.last))
        budgets = _budgets(budget, period, months.las) if period.period_type == YEAR else {}
        middle_nights = np.median(nights, axis=0)
        lower, median, upper = np.quantile(pounds, (0.1, 0.5, 0.9), axis=0)
        for area, code in enumerate((*months.las, None)):
            unit = edition.gbp(is_region=code is None)
            for kind, name in enumerate((*months.types, "all")):
                allowed = budgets.get((code, None if name == "all" else name))
                figures = (
                    rounded_to(middle_nights[area, kind], edition.nights),
                    *(rounded_to(a[area, kind], unit) for a in (median, lower, upper)),
                    _probability_over(pounds[:, area, kind], allowed),
                )
                is_shown = bool(shown[area, kind])
                why = why_no_pounds(words, code, name)
                withheld = "" if is_shown else withheld_text(_known_names(figures), why)
                figures = figures if is_shown else (None,) * len(figures)
                rows.append(
                    SpendRow(
                        code,
                        areas[area].area_name if code else "Region",
                        1 if code else len(areas),
                        name,
                        period.period_type,
                        period.name,
                        max(0, months.origin - period.first + 1),
                        *figures[:4],
                        allowed,
                        figures[4],
                        withheld,
                        areas[area].is_synthetic if code else any(a.is_synthetic for a in areas),
                    )
                )
    return rows


_FIGURES = (
    "nights_median",
    "spend_median_gbp",
    "spend_lower_80_gbp",
    "spend_upper_80_gbp",
    "over_budget_probability",
)


def _known_names(figures: Sequence[object]) -> list[str]:
    """Names of the figures that there are."""
    return [name for name, figure in zip(_FIGURES, figures, strict=True) if figure is not None]


def _budgets(
    lines: Sequence[BudgetLine], period: Period, las: Sequence[str]
) -> Mapping[tuple[str | None, str | None], Decimal]:
    """Budgets of a financial year by authority and type; the region's where each one has one."""
    given = {
        (line.la_code, line.placement_type): line.budget_gbp
        for line in lines
        if line.financial_year == period.name
    }
    for of_type in {of_type for _, of_type in given}:
        own = [given.get((la, of_type)) for la in las]
        if None not in own:
            given[None, of_type] = sum(own, Decimal(0))
    return given


def _probability_over(pounds: np.ndarray, budget: Decimal | None) -> float | None:
    """Share of the draws above the budget, to the hundredth; none where either is not known."""
    if budget is None or np.isnan(pounds).any():
        return None
    return round(float(np.mean(pounds > float(budget))), 2)


def missing_history(nights: Nights) -> Mapping[str, str]:
    """Of authorities that did not send all of the last months: what there is no spend of, in words.

    By code. A quarter or year with a month that is neither known nor forecast has no spend, nor has
    it of the region.
    """
    said = {}
    first = nights.origin - KNOWN_MONTHS + 1
    for la, covered in zip(nights.las, nights.covered, strict=True):
        sent = set(nights.months[covered])
        missing = [m for m in range(first, nights.origin + 1) if m not in sent]
        if missing:
            said[la] = (
                f"Its files do not cover all months of {span_name(missing[0], missing[-1])}: there "
                "is no spend of a quarter or year with such a month, nor of its change since the "
                "last 12 months, and none of these for the region."
            )
    return said
