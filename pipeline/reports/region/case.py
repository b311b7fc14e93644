"""The case for new homes: what is bought now, what each option would save, and whom it is for."""

from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from pipeline.reports.editions import Rows
from pipeline.reports.region.charts.case import beds_bought, options_in_cash, whom_they_serve
from pipeline.reports.region.charts.forecast import month_in_words
from pipeline.reports.region.charts.picture import Picture, clean
from pipeline.reports.region.page import Section, Standing
from pipeline.reports.region.words import listed, percent
from pipeline.withheld import withheld_words

TYPES = {
    "foster": "Foster care",
    "residential": "Residential care",
    "supported": "Supported accommodation",
}
BOUGHT, TITLE = "Beds that are bought now", "What each option would save"
SERVED = "Whom the options are for"
NONE = (
    "There is no option to show here. Options are listed in the file of options; each is shown to "
    "the authority that it is in, and to the others where they may see each other's figures."
)
HALF = 0.5


@dataclass(frozen=True)
class CaseFigures:
    """What the section reads: rows of `forecast.new_beds` and `forecast.business_case_summary`.

    ends: the last day of the forecast; None where there is none.
    """

    beds: pd.DataFrame
    options: pd.DataFrame
    ends: date | None


def read_case(connection: duckdb.DuckDBPyConnection, rows: Rows) -> CaseFigures:
    """The areas and options that a reader may see, in one order whatever the build's."""
    ends = connection.execute(
        f"select max(month_end) from {rows('forecast.demand')} where kind = 'forecast'"
    ).fetchall()
    return CaseFigures(
        connection.execute(
            f"from {rows('forecast.new_beds')} order by placement_type, area_name"
        ).df(),
        connection.execute(f"from {rows('forecast.business_case_summary')} order by option").df(),
        ends[0][0],
    )


def the_case_for_new_homes(figures: CaseFigures, standings: tuple[Standing, ...]) -> Section:
    """What is bought now by type and area, what each option would save, and whom it is for."""
    beds, options = figures.beds, _checked(figures.options)
    pictures = [beds_bought(_bought(beds), BOUGHT, _span(figures.ends)), _worth(options)]
    if len(options):
        pictures.append(whom_they_serve(_served(options), SERVED))
    return Section(
        "The case for new homes",
        "What new homes are worth investing in?",
        _span(figures.ends),
        tuple(pictures),
        standings,
        (
            *(f"{clean(o.option)}: {clean(o.statement)}" for o in options.itertuples()),
            *_caveats(beds, options),
        ),
    )


def _span(ends: date | None) -> str:
    """The twelve months that the forecast ends with, in words."""
    if ends is None or pd.isna(ends):
        return "none yet"
    first = ends.replace(day=1, year=ends.year if ends.month == 12 else ends.year - 1,
                         month=ends.month % 12 + 1)  # fmt: skip
    return f"{month_in_words(first)} to {month_in_words(ends)}"


def _checked(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `is_suppressed`: that few children are behind all of it.

    Raises ValueError where a withheld figure is there.
    """
    named = [withheld_words(text or "") for text in rows["withheld"]]
    for (_, row), hidden in zip(rows.iterrows(), named, strict=True):
        told = [name for name in hidden if pd.notna(row[name])]
        if told:
            raise ValueError(f"withheld rows still carry {', '.join(told)}")
    few = ["children_bought" in hidden for hidden in named]
    return rows.assign(is_suppressed=pd.array(few, bool))


def _bought(beds: pd.DataFrame) -> pd.DataFrame:
    rows = _checked(beds)
    return pd.DataFrame(
        {
            "type": rows["placement_type"].map(TYPES),
            "area": rows["area_name"],
            "is_region": rows["la_code"].isna(),
            "bought": _numbers(rows, "children_bought"),
            "lacking": _numbers(rows, "children_lacking"),
            "gbp_per_week": _numbers(rows, "bought_gbp_per_week"),
            "median": _numbers(rows, "spend_on_bought_median_gbp_per_year"),
            "lower": _numbers(rows, "spend_on_bought_lower_80_gbp_per_year"),
            "upper": _numbers(rows, "spend_on_bought_upper_80_gbp_per_year"),
            "is_suppressed": rows["is_suppressed"],
        }
    )


def _numbers(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].astype(float)


def _worth(options: pd.DataFrame) -> Picture:
    """The picture, of options that can be valued and of those that rest on too few children."""
    if options.empty:
        return Picture(TITLE, NONE)
    told = options[options["is_suppressed"] | options["npv_mean_gbp"].notna()]
    if told.empty:
        return Picture(TITLE, "None of the options can be valued: why, is said below.")
    frame = pd.DataFrame(
        {
            "option": told["option"],
            "lifetime_years": told["lifetime_years"],
            "mean": _numbers(told, "npv_mean_gbp"),
            "lower": _numbers(told, "npv_lower_80_gbp"),
            "upper": _numbers(told, "npv_upper_80_gbp"),
            "chance": _numbers(told, "chance_of_saving"),
            "bought_first": _numbers(told, "npv_bought_first_mean_gbp"),
            "lacking_first": _numbers(told, "npv_lacking_first_mean_gbp"),
            "payback_years": _numbers(told, "payback_years"),
            "break_even": _numbers(told, "break_even_occupancy"),
            "is_suppressed": told["is_suppressed"],
        }
    )
    return options_in_cash(frame, TITLE, float(told["discount_rate"].iloc[0]))


def _served(options: pd.DataFrame) -> pd.DataFrame:
    known = options[options["is_suppressed"] | options["children_bought"].notna()]
    return pd.DataFrame(
        {
            "option": known["option"],
            "of_what": [
                f"{TYPES[o.placement_type]}, {clean(o.area_name)}" for o in known.itertuples()
            ],
            "beds": _numbers(known, "beds"),
            "bought": _numbers(known, "children_bought"),
            "lacking": _numbers(known, "children_lacking"),
            "replaced": _numbers(known, "bought_replaced_mean"),
            "served": _numbers(known, "lacking_served_mean"),
            "own_gbp": _numbers(known, "own_gbp_per_week"),
            "bought_gbp": _numbers(known, "bought_gbp_per_week"),
            "left_gbp": _numbers(known, "left_gbp_per_week"),
            "benefit": _numbers(known, "benefit_mean_gbp"),
            "is_suppressed": known["is_suppressed"],
        }
    )


def _caveats(beds: pd.DataFrame, options: pd.DataFrame) -> tuple[str, ...]:
    said = []
    unsure = beds[_numbers(beds, "share_of_prices_known") < HALF] if len(beds) else beds
    if len(unsure):
        names = [f"{TYPES[r.placement_type].lower()} in {clean(r.area_name)}"
                 for r in unsure.itertuples()]  # fmt: skip
        said.append(f"Of fewer than half of the bought beds a price is known: {listed(names)}.")
    if options.empty:
        return tuple(said)
    highest = percent(float(options["highest_occupancy"].iloc[0]))
    return (
        *said,
        "Each option is valued as if it were the only one: two of the same type in one area would "
        "share the same children.",
        f"A home is never more than {highest} full; all its staff are paid from the first day, and "
        "it fills in a straight line.",
        "How many of the children in bought beds could move is assumed, from a quarter to three "
        "quarters of them, and not measured.",
        "Amounts are in prices of the last month that is known.",
    )
