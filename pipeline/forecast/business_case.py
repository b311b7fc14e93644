"""The business case: what an option for new homes saves in cash over its life, and whom it serves.

Both come from `new_home`, month by month. Cash and benefit are never added up: what is no longer
paid can be spent elsewhere, what a fitting home is worth to a child cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.forecast.new_home import (
    BOTH,
    BOUGHT_FIRST,
    DAYS_A_WEEK,
    LACKING_FIRST,
    Filled,
    Home,
    Market,
    Money,
    Now,
    assumptions,
    filled,
    luck_of,
    money,
)
from pipeline.forecast.periods import days_in, month_number
from pipeline.forecast.small_numbers import LEAST, Edition
from pipeline.options import Option
from pipeline.withheld import TOO_FEW, withheld_text

RANGE = (0.1, 0.9)
YEAR, DAYS_A_YEAR = 12, 365.25
CASH = ("npv_mean_gbp", "npv_lower_80_gbp", "npv_upper_80_gbp")
BENEFIT = ("benefit_mean_gbp", "benefit_lower_80_gbp", "benefit_upper_80_gbp")
TYPE_WORDS = {
    "foster": "foster care",
    "residential": "residential care",
    "supported": "supported accommodation",
}


@dataclass(frozen=True)
class Place:
    """The authority of an option: its numbers and names, and what is known of it today."""

    la: int
    kind: int
    la_code: str
    area_name: str
    is_synthetic: bool
    few: bool  # whether too few children are behind the figures for others to see them


@dataclass(frozen=True)
class Life:
    """An option over its life: children, (draws, years), and pounds a year in prices of today."""

    there: Filled
    children_bought: np.ndarray
    children_lacking: np.ndarray
    saved: np.ndarray
    left: np.ndarray
    own: np.ndarray
    benefit: np.ndarray
    beds: np.ndarray  # in use on average, (years,)
    full: np.ndarray  # pounds that all beds in use would cost if they were bought, (draws, years)

    @property
    def cash(self) -> np.ndarray:
        """Pounds saved less pounds spent, without capital."""
        return self.saved + self.left - self.own


def home_of(option: Option) -> Home:
    """An option as a home of the one model."""
    yearly = option.running_cost_gbp_per_year + option.staffing_gbp_per_year
    return Home(
        option.option,
        option.beds,
        month_number(option.opens),
        option.ramp_up_months,
        month_number(option.opens) + 12 * option.lifetime_years - 1,
        gbp_per_year=float(yearly),
    )


def life_of(option: Option, market: Market, order: str = BOTH) -> Life:
    """All years of an option, in prices of the last month that is known."""
    home, years = home_of(option), option.lifetime_years
    months = home.opens + np.arange(12 * years)
    ahead, luck = market.at(months), luck_of(market)
    there = filled(home, ahead, luck, order)
    paid: Money = money(home, ahead, there, luck)
    days = np.array([days_in(int(month)) for month in months])
    beds = home.open_beds(months)
    bought_gbp = ahead.bought_gbp * luck.price[:, None] / ahead.rise

    def a_year(monthly: np.ndarray) -> np.ndarray:
        return monthly.reshape(*monthly.shape[:-1], years, 12).sum(axis=-1)

    return Life(
        there,
        a_year(there.bought) / 12,
        a_year(there.lacking.sum(axis=2)) / 12,
        *(
            a_year(pounds / ahead.rise)
            for pounds in (paid.saved, paid.left.sum(axis=2), paid.own, paid.benefit)
        ),
        a_year(beds) / 12,
        a_year(beds * days * bought_gbp),
    )


def discount(years: int) -> np.ndarray:
    """What a pound at the end of each year is worth on the day of the opening."""
    return (1 + assumptions()["discount rate"].central) ** -np.arange(1.0, years + 1)


def worth(option: Option, life: Life) -> np.ndarray:
    """Present value of the cash of each draw, capital taken off, on the day of the opening."""
    return life.cash @ discount(option.lifetime_years) - float(option.capital_gbp)


def _mean_and_range(values: np.ndarray) -> tuple[float, float, float]:
    return (float(values.mean()), *(float(v) for v in np.quantile(values, RANGE)))


def year_rows(option: Option, place: Place, market: Market, edition: Edition) -> list[dict]:
    """Rows of `forecast.business_case`, from year 0, the day on which it opens."""
    life = life_of(option, market)
    of_year = np.concatenate([[1.0], discount(option.lifetime_years)])
    capital = np.array([float(option.capital_gbp), *[0.0] * option.lifetime_years])
    cash = np.pad(life.cash, ((0, 0), (1, 0))) - capital
    running = float(option.running_cost_gbp_per_year) / max(
        float(option.running_cost_gbp_per_year + option.staffing_gbp_per_year), 1.0
    )
    rows = []
    for year in range(option.lifetime_years + 1):
        last = year - 1
        mean, lower, upper = _mean_and_range(cash[:, year])
        none = np.zeros(1)
        saved, left, own, benefit, bought, lacking = (
            float((a[:, last] if year else none).mean())
            for a in (life.saved, life.left, life.own, life.benefit, life.children_bought,
                      life.children_lacking)
        )  # fmt: skip
        figures = {
            "bought_replaced_mean": round(bought, 2),
            "lacking_served_mean": round(lacking, 2),
            "saved_mean_gbp": saved,
            "left_mean_gbp": left,
            "running_cost_mean_gbp": own * running,
            "staffing_mean_gbp": own * (1 - running),
            "net_cash_mean_gbp": mean,
            "net_cash_lower_80_gbp": lower,
            "net_cash_upper_80_gbp": upper,
            "present_value_mean_gbp": mean * of_year[year],
            "present_value_so_far_mean_gbp": float((cash.mean(axis=0) * of_year)[: year + 1].sum()),
            "benefit_mean_gbp": benefit,
        }
        rows.append(
            _about(option, place)
            | {
                "year": year,
                "beds_available": 0.0 if not year else round(float(life.beds[last]), 4),
                "capital_gbp": float(option.capital_gbp) if not year else 0.0,
                "discount_factor": float(of_year[year]),
            }
            | as_shown(figures, place.few, edition)
        )
    return rows


def _about(option: Option, place: Place) -> dict[str, object]:
    return {
        "la_code": place.la_code,
        "area_name": place.area_name,
        "option": option.option,
        "placement_type": option.placement_type,
        "is_synthetic": place.is_synthetic,
    }


def as_shown(
    figures: dict[str, float | int | None], is_few: bool, edition: Edition
) -> dict[str, object]:
    """Figures as a reader may see them, and `withheld`: which of them may not be seen.

    What is not known is null, and not withheld.
    """
    known = {name: _known(value) for name, value in figures.items()}
    if edition.is_exact or not is_few:
        small = [] if edition.is_exact else [n for n, v in known.items() if _is_small(n, v)]
        shown = {name: _rounded(name, value, edition) for name, value in known.items()}
        return shown | dict.fromkeys(small) | {"withheld": withheld_text(small, TOO_FEW)}
    named = [name for name, value in known.items() if value is not None]
    return dict.fromkeys(known, None) | {"withheld": withheld_text(named, TOO_FEW)}


def _known(value: float | int | None) -> float | int | None:
    return None if value is None or np.isnan(value) else value


def _rounded(name: str, value: float | int | None, edition: Edition) -> float | int | None:
    if value is None:
        return None
    if name.endswith(("_gbp", "_gbp_per_year")):
        return _to(value, edition.authority_gbp)
    is_count = name.startswith(("children_", "bought_", "lacking_")) and "gbp" not in name
    if is_count and not edition.is_exact:
        # Who would live in one home is no count of children who are there.
        return float(round(value)) if name.endswith("_mean") else _to(value, edition.children)
    return value


def _is_small(name: str, value: float | int | None) -> bool:
    return name.startswith("children_") and value is not None and 0 < value < LEAST


def _to(value: float, unit: int) -> int:
    return unit * round(value / unit)


def summary_row(
    option: Option, place: Place, market: Market, now: Now, edition: Edition
) -> dict[str, object]:
    """The row of an option in `forecast.business_case_summary`."""
    life = life_of(option, market)
    of_year = discount(option.lifetime_years)
    npv = worth(option, life)
    benefit = life.benefit @ of_year
    costs = float((life.own @ of_year).mean()) + float(option.capital_gbp)
    highest = assumptions()["highest occupancy"].central
    weeks = float(life.beds @ of_year) * 365.25 / DAYS_A_WEEK
    so_far = (life.cash.mean(axis=0) * of_year).cumsum() - float(option.capital_gbp)
    full = float((life.full @ of_year).mean())
    bought, lacking = now.bought[place.la, place.kind], now.lacking[place.la, :, place.kind]
    first = {
        order: float(worth(option, life_of(option, market, order)).mean())
        for order in (BOUGHT_FIRST, LACKING_FIRST)
    }
    figures = {
        "children_bought": int(bought),
        "children_lacking": int(lacking.sum()),
        "children_waiting": int(now.waiting[place.la, place.kind]),
        "bought_replaced_mean": round(float(life.children_bought.mean()), 2),
        "lacking_served_mean": round(float(life.children_lacking.mean()), 2),
        "saved_mean_gbp": float((life.saved @ of_year).mean()),
        "left_mean_gbp": float((life.left @ of_year).mean()),
        **dict(zip(CASH, _mean_and_range(npv), strict=True)),
        "npv_bought_first_mean_gbp": first[BOUGHT_FIRST],
        "npv_lacking_first_mean_gbp": first[LACKING_FIRST],
        "chance_of_saving": round(float((npv > 0).mean()), 4) if not np.isnan(npv).any() else None,
        **dict(zip(BENEFIT, _mean_and_range(benefit), strict=True)),
        "payback_years": _payback(so_far, float(option.capital_gbp)),
        "break_even_occupancy": round(costs / full, 4) if full > 0 else None,
        "bought_gbp_per_week": _a_week([(market.bought, market.bought_gbp, market.rise)]),
        "left_gbp_per_week": left_a_week([market]),
        "share_of_prices_known": _share(now.known_prices[place.la, place.kind], bought),
        "share_of_needs_not_known": _share(now.not_known[place.la], now.asked[place.la]),
    }
    shown = as_shown(figures, place.few, edition)
    return (
        about_option(option, place)
        | {"costs_gbp": round(costs), "own_gbp_per_week": round(costs / weeks / highest)}
        | shown
        | {"statement": _statement(option, place, shown)}
    )


def about_option(option: Option, place: Place) -> dict[str, object]:
    """What the file of options says of an option, and what is assumed of all."""
    given = assumptions()
    return _about(option, place) | {
        "beds": option.beds,
        "capital_gbp": option.capital_gbp,
        "running_cost_gbp_per_year": option.running_cost_gbp_per_year,
        "staffing_gbp_per_year": option.staffing_gbp_per_year,
        "opening_date": option.opens,
        "ramp_up_months": option.ramp_up_months,
        "lifetime_years": option.lifetime_years,
        "discount_rate": given["discount rate"].central,
        "highest_occupancy": given["highest occupancy"].central,
    }


def without_forecast(option: Option, place: Place) -> dict[str, object]:
    """The row of an option in an area whose need to come nobody can tell."""
    said = f"There is no forecast of {place.area_name} that could be relied on: what it would be "
    return about_option(option, place) | {
        "withheld": "",
        "statement": f"{said}worth is not known.",
    }


def _payback(so_far: np.ndarray, capital: float) -> int | None:
    """The first year from which on its worth so far, discounted, stays above nothing."""
    if np.isnan(so_far).any():
        return None
    path = np.concatenate([[-capital], so_far])
    below = np.flatnonzero(path < 0)
    if not len(below):
        return 0
    return int(below[-1]) + 1 if below[-1] < len(path) - 1 else None


def _share(part: float, whole: float) -> float | None:
    return round(float(part / whole), 4) if whole else None


def in_pounds(gbp: float) -> str:
    """Pounds as people say them, such as £1.2 million or £340,000."""
    sign, size = ("minus " if gbp < 0 else ""), abs(gbp)
    if size >= 999_500:
        return f"{sign}£{size / 1e6:.1f} million"
    return f"{sign}£{1_000 * round(size / 1_000):,}"


def _statement(option: Option, place: Place, shown: dict[str, object]) -> str:
    """What one should know of the figures, in words."""
    kind = TYPE_WORDS[option.placement_type]
    if shown["children_bought"] is None:
        return (
            f"Too few children of {place.area_name} are behind it to show what it would be worth."
        )
    bought, lacking = shown["children_bought"], shown["children_lacking"]
    said = [
        f"In {place.area_name} {_children(bought)} in bought beds of {kind} now, and "
        f"{_children(lacking)} elsewhere though {kind} alone was recommended."
    ]
    if bought == lacking == 0:
        said.append("Nobody is known who would live in it: it would stay empty.")
    if waiting := shown["children_waiting"]:
        said.append(
            f"Not counted, for they are not in care: {waiting:,} whose search for it has found no "
            "home."
        )
    if shown["npv_mean_gbp"] is None:
        said.append("What such homes cost now is not known: nothing can be said of its worth.")
        return " ".join(said)
    if bought or lacking:
        said.append(
            f"On average {shown['bought_replaced_mean']:.1f} of its beds, which are {option.beds}, "
            f"would take the place of bought ones, and {shown['lacking_served_mean']:.1f} be for "
            "children who lack it."
        )
    mean, lower, upper = (shown[name] for name in CASH)
    said.append(
        f"In cash it {'saves' if mean > 0 else 'costs'} {in_pounds(abs(mean))} "
        f"{'more than it costs' if mean > 0 else 'more than it saves'} over its life, in 8 of 10 "
        f"futures between {in_pounds(lower)} and {in_pounds(upper)}"
        + (": it may be either." if lower <= 0 <= upper else ".")
    )
    if shown["benefit_mean_gbp"]:
        said.append(
            "To buy homes of this type for the children who lack it would cost "
            f"{in_pounds(shown['benefit_mean_gbp'])} more than their homes do now: that is a "
            "benefit to them, and saves nothing."
        )
    if option.ramp_up_months > 12 * option.lifetime_years:
        said.append("Its ramp-up is longer than its life: it is never full.")
    known = shown["share_of_prices_known"]
    if known is not None and known < 0.5:
        said.append(f"Of those bought beds {known:.0%} have a price: the others are estimated.")
    return " ".join(said)


def _children(count: int) -> str:
    return (
        "1 child lives" if count == 1 else f"{count:,} children live" if count else "no child lives"
    )


def few_in(now: Now, la: int, kind: int) -> bool:
    """Whether some, but few, could live in a new home for one of the two reasons."""
    counts: Sequence[float] = (now.bought[la, kind], now.lacking[la, :, kind].sum())
    return any(0 < count < LEAST for count in counts)


def new_bed_row(
    places: Sequence[Place], markets: Sequence[Market], now: Now, edition: Edition
) -> dict[str, object]:
    """Figures of `forecast.new_beds` of one type, for one authority or all of them together."""
    las, kind = [place.la for place in places], places[0].kind
    bought, lacking = (
        sum(children[:, -YEAR:].mean(axis=1) for children in those)
        for those in ([m.bought for m in markets], [m.lacking.sum(axis=2) for m in markets])
    )
    spent = sum(
        _nothing_for_nobody(m.bought, m.bought_gbp / m.rise)[:, -YEAR:].mean(axis=1) * DAYS_A_YEAR
        for m in markets
    )
    of_bought = now.bought[las, kind].sum()
    figures = {
        "children_bought": int(of_bought),
        "children_lacking": int(now.lacking[las, :, kind].sum()),
        "children_waiting": int(now.waiting[las, kind].sum()),
        **_middle("bought", bought, ""),
        **_middle("lacking", lacking, ""),
        "bought_gbp_per_week": _a_week([(m.bought, m.bought_gbp, m.rise) for m in markets]),
        "left_gbp_per_week": left_a_week(markets),
        **_middle("spend_on_bought", spent, "_gbp_per_year"),
        "share_of_prices_known": _share(now.known_prices[las, kind].sum(), of_bought),
        "share_of_needs_not_known": _share(now.not_known[las].sum(), now.asked[las].sum()),
    }
    of_few = [p for p in places if p.few]
    hidden = sum(now.bought[p.la, kind] + now.lacking[p.la, :, kind].sum() for p in of_few)
    is_few = (
        len(places) == len(of_few) == 1
        or 0 < hidden < LEAST
        or any(_is_small(name, figures[name]) for name in ("children_bought", "children_lacking"))
    )
    return as_shown(figures, is_few, edition)


def _middle(name: str, values: np.ndarray, unit: str) -> dict[str, float]:
    lower, median, upper = (float(v) for v in np.quantile(values, (RANGE[0], 0.5, RANGE[1])))
    of = {"median": median, "lower_80": lower, "upper_80": upper}
    return {f"{name}_{end}{unit}": round(value, 1) for end, value in of.items()}


def _a_week(those: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> float | None:
    """Pounds a week in the first month of the forecast, in prices of today, to the nearest ten.

    those: children, pounds a night and rise; the mean over the children of each, or where there are
    none over the authorities.
    """
    children, gbp = (
        np.array([one[n][:, 0] / (one[2][:, 0] if n else 1) for one in those]) for n in (0, 1)
    )
    weights = np.where(children.sum(axis=0) > 0, children, 1.0)
    paid = (_nothing_for_nobody(weights, gbp)).sum(axis=0) / weights.sum(axis=0)
    return None if np.isnan(paid).any() else _to_ten(float(np.median(paid)) * DAYS_A_WEEK)


def left_a_week(markets: Sequence[Market]) -> float | None:
    """What a week costs now of the homes of children who lack the type; of nobody nothing."""
    those = [
        (m.lacking[..., lives], m.lacking_gbp[..., lives], m.rise)
        for m in markets
        for lives in range(m.lacking.shape[2])
        if m.lacking[:, 0, lives].any()
    ]
    return _a_week(those) if those else None


def _nothing_for_nobody(children: np.ndarray, gbp: np.ndarray) -> np.ndarray:
    return np.where(children > 0, children * gbp, 0.0)


def _to_ten(gbp: float) -> int:
    return 10 * round(gbp / 10)
