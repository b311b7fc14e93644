"""Rows of `forecast.scenario`: what a scenario changes, draw by draw."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.forecast.changes import bands, shares
from pipeline.forecast.demand import (
    ALL,
    Place,
    Series,
    Shown,
    as_shown,
    of_series,
    to_unit,
    why_of,
)
from pipeline.forecast.new_home import (
    Filled,
    Home,
    Luck,
    Market,
    Money,
    Now,
    Who,
    filled,
    luck_of,
    market_of,
    money,
)
from pipeline.forecast.periods import days_in, month_end, month_name, month_number
from pipeline.forecast.prices import PriceDraws, Prices
from pipeline.forecast.project import Draws
from pipeline.forecast.region import Frame
from pipeline.forecast.scenario_file import FOSTER, NEW_HOMES, Change, Scenario
from pipeline.forecast.small_numbers import (
    LEAST,
    NO_WORDS,
    OUTSIDE,
    Edition,
    Words,
    why_no_pounds,
)
from pipeline.forecast.spend import KNOWN_MONTHS, Months, rises_set, types_of_total
from pipeline.withheld import TO_KEEP_ANOTHER_UNKNOWN, withheld_text

MIDDLE = {"median": 0.5, "lower_80": 0.1, "upper_80": 0.9}
CHILDREN = ("base_median", "scenario_median", *(f"difference_{name}" for name in MIDDLE))
POUNDS = tuple(f"spend_difference_{name}_gbp_per_month" for name in MIDDLE)
OF_PRICES = ("inflation", "in-house share")
BY_TO_TYPE = ("entries", "in-house share")  # kinds whose children are those of to_type


COHORT_KINDS = ("move", "close home", "entries", "exits")  # which the cohort must be drawn for


@dataclass(frozen=True)
class NewHome:
    """A home in an authority, of a type (numbers of the frame), and who may live in it."""

    la: int
    kind: int
    home: Home
    who: Who | None = None


def needs_cohort(scenario: Scenario) -> bool:
    """Whether children have to be drawn anew for it."""
    return any(change.kind in COHORT_KINDS for change in scenario.changes)


def new_homes(scenario: Scenario, frame: Frame, origin: int, base: np.ndarray) -> list[NewHome]:
    """The homes that a scenario opens, in each authority its share of the beds."""
    found = []
    for change in (c for c in scenario.changes if c.kind in NEW_HOMES):
        kind = frame.types.index(change.to_type or FOSTER)
        of_type = None if change.from_type is None else frame.types.index(change.from_type)
        is_for_all = change.age_band is None and of_type is None
        who = None if is_for_all else Who(bands(change, frame), of_type)
        price = change.price_gbp_per_week
        for la, beds in enumerate(shares(change, frame, base)):
            home = Home(
                scenario.scenario,
                int(beds),
                max(month_number(change.start), origin + 1),
                change.ramp_months,
                month_number(change.end) if change.end else None,
                gbp_per_week=None if price is None else float(price),
            )
            found += [NewHome(la, kind, home, who)] if beds else []
    return found


@dataclass(frozen=True)
class Ahead:
    """What is forecast without any change, and what new homes are a question of."""

    base: Draws
    now: Now
    prices: Prices
    price_draws: PriceDraws

    @property
    def frame(self) -> Frame:
        """What the axes of the draws stand for."""
        return self.base.frame

    def market(
        self,
        la: int,
        kind: int,
        who: Who | None = None,
        stock: np.ndarray | None = None,
        changes: Sequence[Change] = (),
    ) -> Market:
        """The market of a type in an authority; stock and changes are those of a scenario."""
        stocks = self.base.stock, self.base.stock if stock is None else stock
        rises = rises_set(self.prices, self.base.stock.shape[2] - 1, changes)
        priced = self.prices, self.price_draws, rises
        return market_of(self.frame, self.now, stocks, priced, la, kind, who)


def with_new_homes(
    homes: Sequence[NewHome],
    ahead: Ahead,
    made: tuple[Draws, Months],
    changes: Sequence[Change] = (),
) -> tuple[Draws, Months]:
    """The draws and their cost with these homes, of which none takes a child from another."""
    draws, months = made
    stock = draws.stock
    taken: dict[tuple[int, int], Filled] = {}
    for one in homes:
        market = ahead.market(one.la, one.kind, one.who, stock, changes)
        market = _without(market, one, taken, stock)
        luck = luck_of(market) if one.who is None or one.who.of_type is None else certain(market)
        before = taken.get((one.la, one.kind))
        there = filled(one.home, market, luck, taken=before)
        draws, months = _added(
            one, (draws, months), market, there, money(one.home, market, there, luck)
        )
        taken[one.la, one.kind] = there if before is None else before + there
    return draws, months


def _without(
    market: Market, one: NewHome, taken: Mapping[tuple[int, int], Filled], stock: np.ndarray
) -> Market:
    """The market without children who live in new homes of another type.

    A child in a bought bed may lack another type: taken for the one, it is not there for the other.
    Of those who live in a type as many are gone as of all of them.
    """
    there = stock[:, one.la].sum(axis=2).astype(float)
    mean = (there[:, 1:] + there[:, :-1]) / 2  # [draw, month, type]
    gone = np.zeros_like(mean)
    for (la, kind), home in taken.items():
        if la == one.la and kind != one.kind:
            gone[..., kind] += home.bought
            gone[..., one.kind] += home.lacking[..., one.kind]
    part = 1 - np.minimum(np.divide(gone, mean, out=np.zeros_like(mean), where=mean > 0), 1)
    return replace(
        market, bought=market.bought * part[..., one.kind], lacking=market.lacking * part
    )


def certain(market: Market) -> Luck:
    """Where a scenario says who lives in a home, all of them could, at the costs that it gives."""
    one = np.ones(market.draws)
    return Luck(one, one, one, one)


def _added(
    one: NewHome, made: tuple[Draws, Months], market: Market, there: Filled, paid: Money
) -> tuple[Draws, Months]:
    """The same with the children who live in a new home, and without what was paid for them."""
    draws, months = made
    stock = draws.stock.astype(float)
    mine = stock[:, one.la, 1:]  # a view: [draw, month, band, type]
    in_type = mine.sum(axis=2, keepdims=True)
    part = np.divide(mine, in_type, out=np.zeros_like(mine), where=in_type > 0)
    moved = part * there.lacking[:, :, None, :]
    mine -= moved
    mine[..., one.kind] += moved.sum(axis=3)
    nights, pounds = months.nights.copy(), months.pounds.copy()
    days = np.array([days_in(int(month)) for month in market.months])
    left = there.lacking * days[:, None]
    ahead = slice(KNOWN_MONTHS, None)
    nights[:, one.la, :, ahead] -= left.transpose(0, 2, 1)
    nights[:, one.la, one.kind, ahead] += left.sum(axis=2)
    pounds[:, one.la, :, ahead] -= paid.left.transpose(0, 2, 1)
    pounds[:, one.la, one.kind, ahead] += paid.own - paid.saved
    return replace(draws, stock=stock), replace(months, nights=nights, pounds=pounds)


def scenario_rows(
    scenario: Scenario,
    base: tuple[Draws, Months],
    made: tuple[Draws, Months],
    places: Sequence[Place],
    shown: Shown,
    spend_shown: np.ndarray,
    words: Words = NO_WORDS,
    edition: Edition = OUTSIDE,
    few: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Children and pounds with the scenario and without it, by area, type and month.

    Both were drawn with the same luck. A scenario of one authority has rows of that and of the
    region alone. Where children are not shown, neither is their difference, and of an area nothing
    is where a change is about so few children that it would tell their number. spend_shown: whose
    pounds are shown, [area, type], the region and all types last. few: authorities and types in
    which few children could live in a new home.
    """
    rows = []
    of = {change.la_code for change in scenario.changes}
    places = [p for p in places if p.la_code is None or of & {None, p.la_code}]
    frame, origin = base[0].frame, base[0].origin
    priced = types_of_total(base[1].is_priced)
    for place in places:
        tells = _tells_few(scenario, place, base[0], shown, spend_shown, few)
        for number, kind in enumerate((*frame.types, ALL)):
            series = Series(place, ALL, kind, shown.get((place.la_code, ALL, kind)))
            may = series.shown and not tells
            may_pounds = may and bool(spend_shown[_row(place), number])
            why = why_of(series, words) if not series.shown else TO_KEEP_ANOTHER_UNKNOWN
            of_pounds = why if not may else why_no_pounds(words, place.la_code, kind)
            hidden = (
                *([] if may else [withheld_text(CHILDREN, why)]),
                *([] if may_pounds else [withheld_text(POUNDS, of_pounds)]),
            )
            about = place.row | {
                "scenario": scenario.scenario,
                "authorities": len(place.las),
                "placement_type": kind,
                "withheld": "; ".join(hidden),
            }
            months = [{} for _ in range(base[0].stock.shape[2] - 1)]
            if may:
                months = _children(series, base[0], made[0], edition)
            if may_pounds:
                pounds = _pounds(series, base, made, priced, edition)
                months = [some | others for some, others in zip(months, pounds, strict=True)]
            for month, figures in enumerate(months, start=1):
                rows.append(about | {"month_end": month_end(origin + month)} | figures)
    return pd.DataFrame(rows)


def _row(place: Place) -> int:
    """The number of an area in arrays by area, of which the region is the last."""
    return -1 if place.la_code is None else place.las[0]


def _tells_few(
    scenario: Scenario,
    place: Place,
    base: Draws,
    shown: Shown,
    spend_shown: np.ndarray,
    few: Collection[tuple[str, str]],
) -> bool:
    """Whether a change is about children of whom there are too few to be shown.

    The difference that it makes would tell how many they are: if all of them move, it is they.
    """
    frame = base.frame
    for change in scenario.changes:
        touched = [n for n in place.las if change.la_code in (None, frame.las[n])]
        kind = change.to_type if change.kind in BY_TO_TYPE else change.from_type
        if change.kind in NEW_HOMES and kind is None:
            kind = change.to_type or FOSTER
            if any((frame.las[n], kind) in few for n in touched):
                return True
        if change.kind in OF_PRICES:
            number = -1 if kind is None else frame.types.index(kind)
            told = {n: bool(spend_shown[n, number]) for n in touched}
        else:
            group = change.age_band or ALL, kind or ALL
            told = {n: shown.get((frame.las[n], *group)) is not None for n in touched}
        if place.la_code is not None or change.la_code is not None:
            if not all(told.values()):
                return True
            continue
        hidden = Place(None, "", tuple(n for n in touched if not told[n]), False)
        those = Series(hidden, change.age_band or ALL, kind or ALL, None)
        if 0 < of_series(frame, base.stock[:1, :, :1], those).sum() < LEAST:
            return True
    return False


def _children(
    series: Series, base: Draws, made: Draws, edition: Edition
) -> list[dict[str, object]]:
    """Children with and without the scenario, of each month to come."""
    before, after = (of_series(base.frame, draws.stock, series) for draws in (base, made))
    found, unit = [], edition.children
    ahead = as_shown(series, before), as_shown(series, after)
    for month in range(1, before.shape[1]):
        more = after[:, month] - before[:, month]
        found.append(
            {
                "base_median": int(to_unit(np.median(ahead[0][:, month - 1]), unit)),
                "scenario_median": int(to_unit(np.median(ahead[1][:, month - 1]), unit)),
            }
            | {
                f"difference_{name}": _difference(float(np.quantile(more, share)), unit)
                for name, share in MIDDLE.items()
            }
        )
    return found


def _difference(children: float, unit: int) -> int:
    """A few children more or fewer as they are, more to the nearest unit."""
    whole = round(children)
    return whole if abs(whole) < LEAST else int(to_unit(np.array(whole), unit))


def _pounds(
    series: Series,
    base: tuple[Draws, Months],
    made: tuple[Draws, Months],
    priced: np.ndarray,
    edition: Edition,
) -> list[dict[str, object]]:
    """Pounds more or less of each month to come; of a type without prices nothing."""
    types = np.array(base[0].frame.types)
    kinds = priced if series.placement_type == ALL else types == series.placement_type
    las = list(series.place.las)
    before, after = (
        months.pounds[:, las][:, :, kinds, KNOWN_MONTHS:].sum(axis=(1, 2))
        for _, months in (base, made)
    )
    dearer = after - before
    if np.isnan(dearer).any():
        return [{} for _ in range(dearer.shape[1])]
    return [
        {
            f"spend_difference_{name}_gbp_per_month": edition.month_gbp
            * round(float(np.quantile(of_month, share)) / edition.month_gbp)
            for name, share in MIDDLE.items()
        }
        for of_month in dearer.T
    ]


def changes_something(scenario: Scenario, frame: Frame, origin: int, months: int) -> bool:
    """Whether any of its changes is of an authority and month that are forecast."""
    return any(_why_nothing(c, frame, origin, months) == "" for c in scenario.changes)


def remarks(scenario: Scenario, frame: Frame, origin: int, months: int) -> list[str]:
    """What of a scenario changes nothing, and what begins before the forecast; in words."""
    said = []
    for change in scenario.changes:
        about = f"scenarios file, row {change.row}: “{change.kind}” of “{scenario.scenario}”"
        start = month_number(change.start)
        if why := _why_nothing(change, frame, origin, months):
            said.append(f"{about} {why}: it changes nothing.")
        elif start <= origin:
            said.append(
                f"{about} starts in {month_name(start)}, before the forecast does: it holds from "
                f"{month_name(origin + 1)} on."
            )
    if not changes_something(scenario, frame, origin, months):
        said.append(f"The scenario “{scenario.scenario}” changes nothing and is left out.")
    return said


def _why_nothing(change: Change, frame: Frame, origin: int, months: int) -> str:
    start = month_number(change.start)
    if change.la_code not in (None, *frame.las):
        return f"is of {change.la_code}, which has no forecast"
    if start > origin + months:
        return (
            f"starts in {month_name(start)}, after the forecast has ended "
            f"({month_name(origin + months)})"
        )
    if change.end and month_number(change.end) <= origin:
        return (
            f"ends in {month_name(month_number(change.end))}, before the forecast starts "
            f"({month_name(origin + 1)})"
        )
    return ""
