"""The case for new homes: what each option of the region would be worth, and what that rests on."""

from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from pipeline.reports.editions import Rows
from pipeline.reports.region.charts.cost import business_case
from pipeline.reports.region.charts.picture import Picture, Table, clean
from pipeline.reports.region.page import Section, Standing
from pipeline.reports.region.words import (
    NOT_KNOWN,
    TOO_FEW,
    percent,
    pounds,
    quarters_in_words,
)

TYPES = {
    "foster": "Foster care",
    "residential": "Residential care",
    "supported": "Supported accommodation",
}
WORTH = [f"npv_{name}_gbp" for name in ("low", "central", "high", "lower", "upper")]
TITLE = "What each option would be worth"
NONE = (
    "There is no option to show here. Options are listed in the file of options; each is shown to "
    "the authority that it is in, and to the others where they may see each other's figures."
)
RESTS_ON = "What that rests on"


@dataclass(frozen=True)
class CaseFigures:
    """What the section reads: rows of `sufficiency.business_case_summary`."""

    options: pd.DataFrame


def read_case(connection: duckdb.DuckDBPyConnection, rows: Rows) -> CaseFigures:
    """The options that a reader may see, in one order whatever the build's."""
    return CaseFigures(
        connection.execute(f"from {rows('sufficiency.business_case_summary')} order by option").df()
    )


def the_case_for_new_homes(figures: CaseFigures, standings: tuple[Standing, ...]) -> Section:
    """What each option would be worth, and what that rests on."""
    options = figures.options
    return Section(
        "The case for new homes",
        "What new homes are worth investing in?",
        _period(options),
        (_worth(options), _basis(options)) if len(options) else (_worth(options),),
        standings,
        (
            *(f"{clean(o.option)}: {clean(o.statement)}" for o in options.itertuples()),
            *_caveats(options),
        ),
    )


def _is_known(options: pd.DataFrame) -> pd.Series:
    return options[[*WORTH, "chance"]].notna().all(axis=1)


def _worth(options: pd.DataFrame) -> Picture:
    """The picture, of options that can be valued and of those that rest on too few children."""
    if options.empty:
        return Picture(TITLE, NONE)
    few = options["is_suppressed"].astype(bool)
    told = options[few | _is_known(options)]
    if told.empty:
        return Picture(TITLE, "None of the options can be valued: why, is said below.")
    names = {f"{name}_gbp": name for name in ("npv_low", "npv_central", "npv_high")}
    names |= {"npv_lower_gbp": "npv_lower", "npv_upper_gbp": "npv_upper"}
    frame = told.rename(columns=names)
    shown = ["payback_years", "break_even_occupancy", "chance", *names.values()]
    for column in shown:
        frame[column] = frame[column].astype(float).where(~few[told.index])
    return business_case(frame, TITLE, float(told["discount_rate"].iloc[0]))


def _basis(options: pd.DataFrame) -> Picture:
    """Need and prices behind the worth, as a table."""
    rows = tuple(
        (
            clean(o.option),
            f"{TYPES[o.placement_type]}, {clean(o.la_name)}",
            f"{o.lifetime_years:.0f}",
            f"{o.beds:,.0f}",
            pounds(float(o.capital_gbp)),
            *(_beds(o, need) for need in (o.need_beds_low, o.need_beds_central, o.need_beds_high)),
            _price(o.avoided_gbp_per_week),
            _price(o.own_gbp_per_week),
            _price(o.type_gbp_per_week),
        )
        for o in options.itertuples()
    )
    headings = (
        "Option",
        "Type and area",
        "Years",
        "Beds",
        "To build",
        "Beds needed, low",
        "Central",
        "High",
        "Homes they have now, a week",
        "A week in it, if full",
        "Such homes now, a week",
    )
    return Picture(
        RESTS_ON,
        "Need and prices of each option are in the table.",
        None,
        Table(headings, rows),
        "Beds needed are those that would be filled all year by children who went without a home "
        "of this type. The homes they have now may be of another type, and cost less or more than "
        "such homes do; their price is that of children of the area, where nothing else is said "
        "below.",
    )


def _beds(option: object, need: object) -> str:
    if option.is_suppressed:
        return TOO_FEW
    return NOT_KNOWN if pd.isna(need) else f"{float(need):.1f}"


def _price(gbp: object) -> str:
    return NOT_KNOWN if pd.isna(gbp) else pounds(float(gbp))


def _period(options: pd.DataFrame) -> str:
    """The quarters that the need of these options is of."""
    first, last = options["covered_from_date"].dropna(), options["covered_to_date"].dropna()
    if first.empty or last.empty:
        return "none yet"
    return quarters_in_words(_quarter(min(first)), _quarter(max(last)))


def _quarter(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def _caveats(options: pd.DataFrame) -> tuple[str, ...]:
    if options.empty:
        return ()
    highest = percent(float(options["highest_occupancy"].iloc[0]))
    return (
        "Each option is valued as if it were the only one: two of the same type in one area would "
        "share the same need.",
        f"A home is never more than {highest} full; all its staff are paid from the first day, and "
        "it fills in a straight line.",
        "Counted is what the homes of these children cost now, in pounds. What a fitting home "
        "nearby does for a child is not.",
        "Need is taken to stay as it was in the period.",
    )
