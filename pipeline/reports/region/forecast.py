"""What will be needed and what it will cost: sections of the report, from the forecast's tables.

An area whose forecast is not fit gets what was counted and the reason, and no figure of what is to
come, in no section. What the tables withhold is said, and never drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from pipeline.forecast.categories import age_bands, forecast_types
from pipeline.reports.editions import Rows
from pipeline.reports.region.charts.backtest import (
    OURS,
    coverage,
    errors_beside,
    places_in_draws,
)
from pipeline.reports.region.charts.forecast import (
    FORECAST,
    beside_each_other,
    fan,
    month_in_words,
    upper_first,
    whose,
)
from pipeline.reports.region.charts.forecast_spend import coming_bridge, spend_by_year
from pipeline.reports.region.charts.picture import Picture, Table, clean, sentences
from pipeline.reports.region.charts.scenario import differences
from pipeline.reports.region.page import Section, Standing
from pipeline.reports.region.words import REGION, listed
from pipeline.withheld import withheld_words

ALL = "all"
NONE = "There is no forecast yet."
DEMAND = "What will be needed"
TYPES = {
    "foster": "Foster care",
    "residential": "Residential care",
    "supported": "Supported accommodation",
    "other": "Other types",
}
ALL_TYPES = {ALL: "all types"}
CHILDREN_OF = {
    "foster": "children in foster care",
    "residential": "children in residential care",
    "supported": "children in supported accommodation",
    "other": "children in other types of home",
}
DRIVERS = {"volume": "Volume", "mix": "Mix", "price": "Price"}
MONTHS_DRAWN = 60  # of history: more than five years make the fan too small to read
AHEAD = 12  # months ahead of which the places in the draws are shown
FIRST_MONTH = 4  # of a financial year


@dataclass(frozen=True)
class Forecast:
    """Rows of schema `forecast` as published, null where withheld; backtest is of the region."""

    demand: pd.DataFrame
    spend: pd.DataFrame
    drivers: pd.DataFrame
    backtest: pd.DataFrame
    scenario: pd.DataFrame
    standing: pd.DataFrame


@dataclass(frozen=True)
class Area:
    """An area shown, and how far its forecast can be relied on; without a code the region."""

    code: str | None
    name: str
    level: str
    statement: str
    spend_statement: str

    @property
    def has_forecast(self) -> bool:
        """Whether its forecast may be shown."""
        return self.level in ("fit", "use with care")

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of this area."""
        mine = rows["la_code"].isna() if self.code is None else rows["la_code"] == self.code
        return rows[mine]

    @property
    def why_not(self) -> str:
        """Why there is no forecast of it."""
        lead = (
            f"The forecast for {whose(self.name)} is not fit to be shown."
            if self.level == "not fit"
            else f"There is no forecast for {whose(self.name)}."
        )
        return f"{lead} {clean(self.statement)}".strip()

    @property
    def mind(self) -> str:
        """What to keep in mind of a forecast that is shown."""
        if self.level != "use with care":
            return ""
        return f"Use this forecast with care. {clean(self.statement)}".strip()

    @property
    def mind_of_spend(self) -> str:
        """What to keep in mind of a forecast of spend."""
        return " ".join(words for words in (self.mind, clean(self.spend_statement)) if words)


def read_forecast(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Forecast:
    """What the sections need of the warehouse, in one order whatever the build's."""
    return Forecast(
        *(
            connection.execute(f"from {rows(f'forecast.{table}')} order by all").df()
            for table in Forecast.__dataclass_fields__
        )
    )


def forecast_sections(
    found: Forecast,
    own: str | None,
    las: Mapping[str, str],
    demand_standings: tuple[Standing, ...],
    spend_standings: tuple[Standing, ...],
) -> tuple[Section, ...]:
    """Demand, how sure it is, spend, and what if.

    own: code of the authority whose edition it is; las: code and name of the authorities shown.
    """
    areas = areas_shown(found, own, las)
    origin = found.standing["origin"].dropna()
    period = f"counted to {month_in_words(max(origin))}" if len(origin) else "none yet"
    return (
        what_will_be_needed(found, areas, las, period, demand_standings),
        how_sure_it_is(found, areas, period, demand_standings),
        what_it_will_cost(found, areas, period, spend_standings),
        what_if(found, areas, period, spend_standings),
    )


def areas_shown(found: Forecast, own: str | None, las: Mapping[str, str]) -> list[Area]:
    """The reader's own area, then the region where its rows may be seen."""
    codes = [own] if own else []
    if found.standing["la_code"].isna().any() or found.demand["la_code"].isna().any():
        codes.append(None)
    return [_area(found, code, REGION if code is None else las[code]) for code in codes]


def _area(found: Forecast, code: str | None, name: str) -> Area:
    """An area without a standing has no forecast, whatever other tables say."""
    rows = Area(code, name, "", "", "").of(found.standing)
    if rows.empty:
        return Area(code, name, "no forecast", "", "")
    row = rows.iloc[0]
    return Area(code, name, row["standing"], row["statement"], row["spend_statement"])


def what_will_be_needed(
    found: Forecast,
    areas: Sequence[Area],
    las: Mapping[str, str],
    period: str,
    standings: tuple[Standing, ...],
) -> Section:
    """Fans of each area: all children, by type, by age; then authorities beside each other."""
    pictures = [p for area in areas for p in _fans(found, area)]
    others = [_area(found, code, name) for code, name in las.items()]
    if len(others) > 1:
        pictures += _beside(found, others)
    return Section(
        DEMAND,
        "How many children will there be in care, of which age, and in which types of home?",
        period,
        tuple(pictures) or (Picture(DEMAND, NONE),),
        standings,
        (
            "Counted are children in care on the last day of a month, short breaks left out. How "
            "many homes they need depends on how full homes can be, too.",
            "The forecast takes it that children come, move, leave and grow up as they did, recent "
            "years above all. It knows no plan, no change of law and no new home: for these see "
            "what if.",
            "It says where children will live if nothing changes, which need not be where they "
            "should.",
            "Parts are forecast with the whole, but the middle of a sum is not the sum of the "
            "middles: they need not add up.",
        ),
    )


def _fans(found: Forecast, area: Area) -> list[Picture]:
    rows = area.of(found.demand)
    kinds = [(ALL, kind, TYPES.get(kind, kind), CHILDREN_OF.get(kind, f"children in {kind}"))
             for kind in forecast_types()]  # fmt: skip
    bands = [(band, ALL, f"Aged {band}", f"children aged {band}") for band, *_ in age_bands()]
    wanted = {
        "Children in care": [(ALL, ALL, "All children", "children in care")],
        "Children in care by type of home": kinds,
        "Children in care by age": bands,
    }
    drawn = [
        (f"{title}: {clean(area.name)}", _fan_frame(rows, series, area.has_forecast))
        for title, series in wanted.items()
    ]
    before = "" if area.has_forecast else area.why_not
    if all(frame.empty for _, frame in drawn):
        return [Picture(drawn[0][0], f"{NONE} {before or area.mind}".strip())]
    return [
        fan(frame, title, area.name, before if n == 0 else "", area.mind if n == 0 else "")
        for n, (title, frame) in enumerate(drawn)
        if not frame.empty
    ]


def _fan_frame(
    rows: pd.DataFrame, series: Sequence[tuple[str, str, str, str]], has_forecast: bool
) -> pd.DataFrame:
    """Rows as the fan takes them; where the forecast may not be shown, history alone."""
    found = []
    for band, kind, panel, what in series:
        mine = rows[(rows["age_band"] == band) & (rows["placement_type"] == kind)]
        counted = mine[mine["kind"] == "history"].sort_values("month_end").tail(MONTHS_DRAWN)
        coming = mine[(mine["kind"] == "forecast") & has_forecast]
        found.append(
            pd.concat([_checked(counted, ["children"]), _checked(coming, FORECAST)]).assign(
                panel=panel, what=what
            )
        )
    return pd.concat(found, ignore_index=True)


def _checked(rows: pd.DataFrame, figures: Sequence[str]) -> pd.DataFrame:
    """Rows with `is_suppressed`: where a figure is withheld, all of the row's are.

    Raises ValueError where a figure is there that the row says is withheld.
    """
    for name in figures:
        named = rows["withheld"].fillna("").map(lambda text, n=name: n in withheld_words(text))
        if rows.loc[named, name].notna().any():
            raise ValueError(f"withheld rows still carry {name}")
    hidden = rows[list(figures)].isna().any(axis=1)
    out = rows.assign(is_suppressed=hidden.astype(bool))
    for name in figures:
        out[name] = pd.to_numeric(rows[name]).astype("Float64").mask(hidden)
    return out


def _beside(found: Forecast, others: Sequence[Area]) -> list[Picture]:
    """Authorities beside each other, in the last month that all of them have."""
    rows = found.demand[(found.demand["age_band"] == ALL) & (found.demand["placement_type"] == ALL)]
    shown = [a for a in others if a.has_forecast and (a.of(rows)["kind"] == "forecast").any()]
    if len(shown) < 2:
        return []
    month = min(a.of(rows)["month_end"].max() for a in shown)
    frame = pd.DataFrame([_then_and_now(a, a.of(rows), month) for a in shown])
    picture = beside_each_other(frame, "The authorities beside each other", month)
    without = [clean(a.name) for a in others if a not in shown]
    if not without:
        return [picture]
    says = f"{picture.says} No forecast is shown for {listed(without)}: why, is said below."
    return [Picture(picture.title, says, picture.svg, picture.table, picture.how_to_read)]


def _then_and_now(area: Area, rows: pd.DataFrame, month: date) -> dict[str, object]:
    counted = _checked(rows[rows["kind"] == "history"], ["children"]).sort_values("month_end")
    coming = _checked(rows[(rows["kind"] == "forecast") & (rows["month_end"] == month)], FORECAST)
    figures = {"counted": None, "median": None, "lower": None, "upper": None}
    hidden = counted.empty or bool(counted["is_suppressed"].iloc[-1])
    hidden = hidden or coming.empty or bool(coming["is_suppressed"].iloc[0])
    if not hidden:
        then = coming.iloc[0]
        figures = {
            "counted": float(counted["children"].iloc[-1]),
            "median": float(then["median"]),
            "lower": float(then["lower_80"]),
            "upper": float(then["upper_80"]),
        }
    return {"area": area.name, **figures, "is_suppressed": hidden}


def how_sure_it_is(
    found: Forecast, areas: Sequence[Area], period: str, standings: tuple[Standing, ...]
) -> Section:
    """The backtest, and the standing of each area's forecast."""
    rows = found.backtest
    of = "authority x type" if any(area.code for area in areas) else "region x type"
    of = of if (rows["level"] == of).any() else next(iter(rows["level"]), of)
    ours = rows[(rows["method"] == OURS) & rows["coverage_80"].notna()]
    pictures = [
        _standing_picture(found),
        errors_beside(rows, "How far forecasts were off in the past", of),
        coverage(ours, "How often what came lay within the range"),
    ]
    pictures += _places(ours, of)
    return Section(
        "How sure the forecast is",
        "How far were such forecasts off in the past, and were they as sure as they should be?",
        period,
        tuple(pictures),
        standings,
        (
            "The past days are of these authorities' own history, and of one stretch of time: "
            "what has not happened in it is not in the errors.",
            "A forecast whose range held what came too seldom or too often, or that was much "
            "further off than the last count, is marked as not fit, and is not shown.",
        ),
    )


def _standing_picture(found: Forecast) -> Picture:
    title = "How far the forecast can be relied on"
    rows = found.standing.assign(is_la=found.standing["la_code"].notna())
    rows = rows.sort_values(["is_la", "area_name"])
    if rows.empty:
        return Picture(title, NONE)
    names = {code: [] for code in dict.fromkeys(rows["standing"])}
    for r in rows.itertuples():
        names[r.standing].append(whose(r.area_name))
    said = [f"{upper_first(clean(level))}: {listed(of_it)}." for level, of_it in names.items()]
    said += [
        f"{upper_first(whose(r.area_name))}: {clean(r.statement)}"
        for r in rows.itertuples()
        if r.standing != "fit" or not r.is_la  # of the region how far simple methods were better
    ]
    return Picture(
        title,
        sentences(*said),
        None,
        Table(
            ("Area", "Standing", "Why, and what was done", "Counted from", "To"),
            tuple(
                (
                    clean(r.area_name),
                    clean(r.standing),
                    clean(r.statement),
                    "none" if pd.isna(r.history_from) else month_in_words(r.history_from),
                    "none" if pd.isna(r.origin) else month_in_words(r.origin),
                )
                for r in rows.itertuples()
            ),
        ),
        "Fit: in the past its ranges held what came about as often as they say, and of each type "
        "in each authority it was nearer than the last count. Use with care: not quite, or there "
        "is little history. Not fit: it is not shown.",
    )


def _places(ours: pd.DataFrame, of: str) -> list[Picture]:
    rows = ours[(ours["level"] == of) & ours["pit"].notna()].sort_values("horizon_months")
    if rows.empty:
        return []
    nearest = rows.loc[(rows["horizon_months"] - AHEAD).abs().idxmin()]
    return [
        places_in_draws(
            list(nearest["pit"]), "Where what came lay in the range", of,
            int(nearest["horizon_months"]),
        )
    ]  # fmt: skip


def what_it_will_cost(
    found: Forecast, areas: Sequence[Area], period: str, standings: tuple[Standing, ...]
) -> Section:
    """Spend by financial year beside the budget, and what changes it."""
    pictures = [p for area in areas for p in _costs(found, area)]
    return Section(
        "What it will cost",
        "What will homes cost in the coming years, is that within budget, and what makes it more?",
        period,
        tuple(pictures) or (Picture("Spend by financial year", NONE),),
        standings,
        (
            "Spend is nights times the agreed weekly price, over seven. Nights without a known "
            "price are taken at the usual price of their type, so it is more than what was spent "
            "on homes with a known price above.",
            "Prices rise as they did in the past; to try another rise, write a scenario.",
            "A budget is compared as it was given. What else it must pay for (staff, transport, "
            "allowances after care) is not in the forecast.",
        ),
    )


def _costs(found: Forecast, area: Area) -> list[Picture]:
    title = f"Spend by financial year: {clean(area.name)}"
    if not area.has_forecast:
        return [Picture(title, area.why_not)]
    years = area.of(found.spend)
    years = years[years["period_type"] == "financial year"]
    whole, cut = _whole_years(years, area.of(found.demand))
    rows = _priced(whole, "spend", "_gbp")
    frame = pd.DataFrame(
        {
            "type": rows["placement_type"].map(lambda kind: (TYPES | ALL_TYPES).get(kind, kind)),
            "is_total": rows["placement_type"] == ALL,
            "period": rows["period"],
            "months_known": rows["months_known"],
            **{name: rows[name] for name in ("median", "lower", "upper")},
            "budget": rows["budget_gbp"],
            "over_budget": rows["over_budget_probability"].mask(rows["is_suppressed"]),
            "is_suppressed": rows["is_suppressed"],
        }
    )  # fmt: skip
    after = sentences(
        f"Left out: {listed(cut)}, which the forecast does not reach the end of." if cut else "",
        area.mind_of_spend,
    )
    return [spend_by_year(frame, title, area.name, after), *_bridges(found, area)]


def _whole_years(years: pd.DataFrame, demand: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Years to whose end the forecast reaches, and those that it does not."""
    if demand.empty:
        return years, []
    last = demand["month_end"].max()
    reached = last.year - (last.month < FIRST_MONTH - 1)  # in which the last whole one ends
    is_cut = years["period"].map(lambda period: int(period[:4]) + 1 > reached).astype(bool)
    return years[~is_cut], sorted(set(years.loc[is_cut, "period"]))


def _priced(rows: pd.DataFrame, name: str, unit: str) -> pd.DataFrame:
    """Rows with median, lower and upper of a figure, null together.

    `is_suppressed`: withheld, not without a price.
    """
    columns = [f"{name}_{part}{unit}" for part in ("median", "lower_80", "upper_80")]
    checked = _checked(rows, columns)
    few = checked["is_suppressed"] & (rows["withheld"].fillna("") != "")
    named = dict(zip(("median", "lower", "upper"), columns, strict=True))
    return checked.assign(is_suppressed=few, **{n: checked[c] for n, c in named.items()})


def _bridges(found: Forecast, area: Area) -> list[Picture]:
    """What changes spend up to the last year that there is, from the earliest before it."""
    title = f"What will change spend: {clean(area.name)}"
    rows = area.of(found.drivers)
    rows = rows[rows["placement_type"] == ALL]
    rows = rows.sort_values(["after_period", "before_period"], ascending=[False, True])
    if rows.empty:
        return []
    row = rows.head(1)
    figures = ["spend_before_gbp", "spend_after_gbp"]
    figures += [f"{d}_{p}_gbp" for d in DRIVERS for p in ("mean", "lower_80", "upper_80")]
    checked = _checked(row, figures).iloc[0]
    if checked["is_suppressed"]:
        few = bool(row["withheld"].iloc[0])
        return [Picture(title, "Too few children to show." if few else "No price is known.")]
    before, after = float(checked["spend_before_gbp"]), float(checked["spend_after_gbp"])
    steps = [
        (words, *(float(checked[f"{d}_{part}_gbp"]) for part in ("mean", "lower_80", "upper_80")))
        for d, words in DRIVERS.items()
    ]
    steps = [("before", before, None, None), *steps, ("after", after, None, None)]
    frame = pd.DataFrame(steps, columns=["step", "amount_gbp", "lower_gbp", "upper_gbp"])
    periods = (_span_in_words(row[f"{side}_period"].iloc[0]) for side in ("before", "after"))
    return [coming_bridge(frame, title, *periods)]


def _span_in_words(span: str) -> str:
    """Months such as 2025-04 to 2026-03 in words."""
    return " to ".join(
        month_in_words(date(int(month[:4]), int(month[5:]), 1)) for month in span.split(" to ")
    )


def what_if(
    found: Forecast, areas: Sequence[Area], period: str, standings: tuple[Standing, ...]
) -> Section:
    """What each scenario changes: children by type, and pounds a month."""
    pictures = [p for area in areas for p in _what_if_of(found, area)]
    return Section(
        "What if",
        "What would change if we did something, or something happened?",
        period,
        tuple(pictures) or (Picture("What if", NONE),),
        standings,
        (
            "Each scenario stands alone, beside the forecast without it; scenarios cannot be added "
            "up. Several changes together are a scenario of their own.",
            "A scenario does what it says and no more: whether it can be done, what it costs to "
            "set up, and whether it is good for the children is not in it.",
        ),
    )


def _what_if_of(found: Forecast, area: Area) -> list[Picture]:
    titles = [
        f"What scenarios change, in {what}: {clean(area.name)}"
        for what in ("children", "pounds a month")
    ]
    if not area.has_forecast:
        return [Picture(titles[0], area.why_not)]
    rows = area.of(found.scenario)
    if rows.empty:
        return [Picture(titles[0], "No scenario is given.")]
    month = rows["month_end"].max()
    last = rows[rows["month_end"] == month]
    money = _priced(last[last["placement_type"] == ALL], "spend_difference", "_gbp_per_month")
    money = money.sort_values(["median", "scenario"], kind="stable").assign(what="all types")
    order = list(money["scenario"])
    children = _children_changed(last, order)
    columns = ["scenario", "what", "median", "lower", "upper", "is_suppressed"]
    return [
        differences(
            children[columns], titles[0], area.name, month, is_money=False, after=area.mind
        ),
        differences(money[columns], titles[1], area.name, month, is_money=True),
    ]


def _children_changed(rows: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """A row per scenario and type that it changes, or may; all types where it changes none."""
    checked = _priced(rows, "difference", "")
    still = checked[["median", "lower", "upper"]].eq(0).fillna(value=False).all(axis=1).astype(bool)
    kinds = [*forecast_types(), ALL]
    of_type = checked["placement_type"] != ALL
    moved = set(checked.loc[of_type & ~still, "scenario"])
    kept = checked[(of_type & ~still) | (~of_type & ~checked["scenario"].isin(moved))]
    return kept.assign(
        what=kept["placement_type"].map(
            lambda kind: "all children" if kind == ALL else TYPES.get(kind, kind)
        ),
        place=kept["scenario"].map(lambda name: order.index(name) if name in order else len(order)),
        kind=kept["placement_type"].map(lambda k: kinds.index(k) if k in kinds else len(kinds)),
    ).sort_values(["place", "scenario", "kind"])
