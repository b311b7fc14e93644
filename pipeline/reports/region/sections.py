"""What the report shows, read from the published warehouse: the one place that knows its tables.

To add a mart: read it in `read_figures`, write a function that gives a `Section`, and list it in
`sections`; a topic with several marts has a module of its own beside this one. Every mart is read
through `rows_for`, so that an edition never holds a row that its reader may not see. A picture
takes null where a figure is withheld and refuses one that is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pandas as pd

from pipeline.region import Region
from pipeline.reports.editions import Rows
from pipeline.reports.region.case import CaseFigures, read_case, the_case_for_new_homes
from pipeline.reports.region.charts.cost import cost_by_type
from pipeline.reports.region.charts.living import distance_curve, shares_by_area, type_mix
from pipeline.reports.region.charts.picture import whys
from pipeline.reports.region.forecast import Forecast, forecast_sections, read_forecast
from pipeline.reports.region.need import (
    Need,
    places_and_need,
    read_need,
    what_came_of_it,
    where_need_is_not_met,
)
from pipeline.reports.region.page import LEVELS, Section, Standing
from pipeline.reports.region.premium import Premiums, read_premiums, what_providers_charge
from pipeline.reports.region.spend import Spend, read_spend, spend_section
from pipeline.reports.region.words import listed, quarters_in_words, year_back

QUARTERS_A_YEAR = 4
WHOLE_REGION = "the region as a whole"
TYPES = {
    "foster": "Foster care",
    "residential": "Residential care",
    "supported": "Supported accommodation",
    "other_types": "Other types",
    "adoption": "Adoption",
    "parents": "With parents",
    "other": "Other types",
    "unknown": "Type not known",
}
SECTORS = {
    "own provision": "the authority's own",
    "independent agency": "independent agency",
    "other public": "other public body",
    "parents": "parents",
    "unknown": "provider not known",
}


@dataclass(frozen=True)
class Figures:
    """What one reader may see of the warehouse; `las` are code and name of the LAs shown."""

    la_code: str | None  # None: the edition of the region
    las: dict[str, str]
    measures: pd.DataFrame  # totals of placement_measures
    distances: pd.DataFrame
    looked_after: pd.DataFrame  # children_looked_after on 31 March
    costs: pd.DataFrame
    need: Need
    spend: Spend
    premiums: Premiums
    case: CaseFigures
    forecast: Forecast
    standing: pd.DataFrame  # mart, la_name, standing, reasons
    published_at: datetime
    code_version: str
    is_synthetic: bool

    @property
    def sees_others(self) -> bool:
        """Whether LAs other than the reader are shown."""
        return bool(self.las.keys() - {self.la_code})


def read_figures(
    connection: duckdb.DuckDBPyConnection, rows: Rows, region: Region, reader: str | None
) -> Figures:
    """All that an edition needs, in one order whatever the build's.

    rows: the rows of a mart that it may show, as `opened` gives them; `reader` as for `rows_for`.
    """
    at, version, synthetic = connection.execute(
        "select published_at, code_version, is_synthetic from quality.published"
    ).fetchall()[0]
    las = {a.code: a.name for a in region.authorities}
    if not region.las_see_each_other:
        las = {code: name for code, name in las.items() if code == reader}
    return Figures(
        reader,
        las,
        connection.execute(
            f"from {rows('sufficiency.placement_measures')} where breakdown = 'total' order by all"
        ).df(),
        connection.execute(f"from {rows('sufficiency.distance_curve')} order by all").df(),
        connection.execute(
            f"from {rows('sufficiency.children_looked_after')} "
            "where measure = 'looked after on 31 March' order by all"
        ).df(),
        connection.execute(f"from {rows('cost.weekly_cost')} order by all").df(),
        read_need(connection, rows),
        read_spend(connection, rows),
        read_premiums(connection, rows),
        read_case(connection, rows),
        read_forecast(connection, rows),
        _standing(connection, las, region),
        at,
        version,
        synthetic,
    )


def _standing(
    connection: duckdb.DuckDBPyConnection, las: dict[str, str], region: Region
) -> pd.DataFrame:
    """How fit each mart is for the LAs shown and for the region as a whole.

    Where others are not shown, of the whole only the worst of all, and not whose or why.

    Columns: mart, la_name, standing (of LEVELS), reasons.
    """
    found = connection.execute(
        "select mart, la_code, reasons, "
        "case when submissions_accepted = 0 then 'nothing received' else standing end as standing "
        "from quality.mart_standing order by all"
    ).df()
    found["la_name"] = found["la_code"].map(las)
    shown = found[found["la_name"].notna()]
    if len(las) < len(region.authorities):
        order = {level: n for n, level in enumerate(LEVELS)}
        worst = found.assign(order=found["standing"].map(order)).sort_values("order", kind="stable")
        worst = worst.groupby("mart", as_index=False).last()
        shown = pd.concat([shown, worst.assign(la_name=WHOLE_REGION, reasons="")])
    else:
        of_region = found[found["la_code"].isna()]
        shown = pd.concat([shown, of_region.assign(la_name=WHOLE_REGION)])
    return shown[["mart", "la_name", "standing", "reasons"]].reset_index(drop=True)


def period(figures: Figures) -> tuple[str, str] | None:
    """First and last quarter of the year that the report is about; None where there is none."""
    years = figures.measures[figures.measures["period"] == "year"]
    if years.empty:
        return None
    last = max(years["quarter"])
    return year_back(last), last


def period_words(figures: Figures) -> str:
    """The report's year in words."""
    return quarters_in_words(*found) if (found := period(figures)) else "none yet"


def sections(figures: Figures) -> tuple[Section, ...]:
    """The report's sections, in order."""
    own = figures.la_code
    own_name = None if own is None else figures.las[own]
    return (
        where_need_is_not_met(figures.need, standings(figures, ["sufficiency.unmet_need"])),
        what_came_of_it(
            figures.need, own, standings(figures, ["sufficiency.recommended_vs_actual"])
        ),
        places_and_need(
            figures.need,
            figures.las,
            standings(figures, ["sufficiency.supply", "sufficiency.unmet_need"]),
        ),
        the_case_for_new_homes(
            figures.case, standings(figures, ["forecast.business_case_summary"])
        ),
        where_children_live(figures),
        what_homes_cost(figures),
        what_providers_charge(figures.premiums, standings(figures, ["cost.provider_premium"])),
        spend_section(
            figures.spend, own_name, standings(figures, ["cost.spend", "cost.cost_drivers"])
        ),
        *forecast_sections(
            figures.forecast,
            own,
            figures.las,
            standings(figures, ["forecast.demand"]),
            standings(figures, ["forecast.spend"]),
        ),
    )


def where_children_live(figures: Figures) -> Section:
    """Where the children of 31 March live, as DfE counts them; then placements begun in a year."""
    year = _year(figures)
    day = _last_31_march(figures)
    return Section(
        "Where children live",
        "How far from home were children placed in the period, and in what type of home?",
        period_words(figures),
        (
            shares_by_area(
                _stock_shares(figures, "distance", "over 20 miles"),
                f"Children looked after on {day} who live more than 20 miles from home",
                "more than 20 miles from home",
                "children",
            ),
            shares_by_area(
                _stock_shares(figures, "in or out of the authority", "outside"),
                f"Children looked after on {day} who live outside their own authority",
                "outside their own authority",
                "children",
            ),
            shares_by_area(
                _shares(year, "over_20_miles", "distance_known"),
                "More than 20 miles from home",
                "more than 20 miles from home",
            ),
            shares_by_area(
                _shares(year, "out_of_authority", "in_or_out_known"),
                "Outside the child's own authority",
                "outside the child's own authority",
            ),
            type_mix(
                pd.concat(
                    [
                        _shares(year, kind, "type_known").assign(type=TYPES[kind])
                        for kind in ("foster", "residential", "supported", "other_types")
                    ]
                ),
                "Types of home",
            ),
            distance_curve(_distances(figures), "How far from home"),
        ),
        standings(
            figures,
            [
                "sufficiency.children_looked_after",
                "sufficiency.placement_measures",
                "sufficiency.distance_curve",
            ],
        ),
        (
            "The first two pictures count the children looked after on 31 March, as the Department "
            "for Education does: who moved most weighs no more than others, and a distance that "
            "is not known stays in the whole.",
            "The others count placements that began, not children in care on a day; a child may "
            "have begun several. Short breaks are left out, and so are hospital, holidays and "
            "moves with the same carer.",
            "Distance is a straight line between two postcodes, and known from SSDA903 alone.",
            "A placement that both returns report, but could not be matched, is counted twice.",
            *_missing_quarters(figures),
        ),
    )


def what_homes_cost(figures: Figures) -> Section:
    """Weekly prices by type, sector and LA."""
    rows = figures.costs
    # A price of 5 to 7 children is shown without their number.
    few = rows["is_suppressed"].astype(bool) | rows["children"].isna()
    frame = pd.DataFrame(
        {
            "type": rows["placement_type"].map(TYPES),
            "sector": rows["provider_sector"].map(SECTORS),
            "area": rows["area_name"],
            "children": rows["children"].where(~few),
            "lower": rows["lower_quartile_gbp_per_week"].where(~few),
            "middle": rows["median_gbp_per_week"].where(~few),
            "upper": rows["upper_quartile_gbp_per_week"].where(~few),
            "is_suppressed": few,
            "why": whys(rows, "children"),
        }
    )
    quarters = [q for c in ("first_quarter", "last_quarter") for q in rows[c].dropna()]
    return Section(
        "What homes cost",
        "What does a week cost, by type of home and by who provides it?",
        f"placements that began {quarters_in_words(min(quarters), max(quarters))}"
        if quarters
        else "none yet",
        (cost_by_type(frame, "Weekly price by type of home and provider"),),
        standings(figures, ["cost.weekly_cost"]),
        (
            "The price is the latest that was agreed for each placement in the placement returns; "
            "what was paid may differ.",
            "Prices are not adjusted for needs or age, so they compare bills, not value.",
        ),
    )


def standings(figures: Figures, marts: Sequence[str]) -> tuple[Standing, ...]:
    """The worst standing of these marts for each LA shown, and for the region as a whole.

    Why: the gravest reason of the worst mart.
    """
    found = []
    rows = figures.standing[figures.standing["mart"].isin(marts)]
    for name in [*figures.las.values(), WHOLE_REGION]:
        mine = rows[rows["la_name"] == name].to_dict("records")
        if mine:
            worst = max(mine, key=lambda r: LEVELS.index(r["standing"]))
            why = "" if worst["standing"] == "nothing received" else worst["reasons"]
            found.append(Standing(name, worst["standing"], why.split("; ")[0]))
    return tuple(found)


def _year(figures: Figures) -> pd.DataFrame:
    """A row per area shown: its counts over the report's year."""
    measures = figures.measures
    found = period(figures)
    rows = measures[(measures["period"] == "year") & (measures["quarter"] == (found or [None])[-1])]
    return rows.assign(area=rows["area_name"], is_region=rows["area_level"] == "region")


def _shares(year: pd.DataFrame, part: str, of: str) -> pd.DataFrame:
    """One share for each area, where both of its counts and the share are shown."""
    # Outside, of a whole below 20 rounding alone could move it too far: then there is none.
    no_share = year[f"share_{part}"].isna() & (year[of] != 0)
    few = year[part].isna() | year[of].isna() | no_share
    return pd.DataFrame(
        {
            "area": year["area"],
            "is_region": year["is_region"],
            "part": year[part].where(~few),
            "of": year[of].where(~few),
            "is_suppressed": few,
            "why": whys(year, part, of),
        }
    )


def _last_31_march(figures: Figures) -> str:
    """The last day of stock that is known, in words."""
    years = figures.looked_after["collection_year"]
    return "31 March" if years.empty else f"31 March {max(years)}"


def _stock_shares(figures: Figures, breakdown: str, category: str) -> pd.DataFrame:
    """The children of a group on the last 31 March, of all of each area; 0 where it has no row."""
    rows = figures.looked_after
    if not rows.empty:
        rows = rows[rows["collection_year"] == max(rows["collection_year"])]
    whole = rows[rows["breakdown"] == "total"]
    group = rows[(rows["breakdown"] == breakdown) & (rows["category"] == category)]
    columns = ["area_name", "children", "share_of_children"]
    both = whole.merge(
        group[columns], "left", "area_name", suffixes=("", "_of_group"), indicator="is_told"
    )
    is_told = both["is_told"] == "both"
    part = both["children_of_group"].where(is_told, 0)
    no_share = both["share_of_children_of_group"].isna() & is_told & (both["children"] != 0)
    few = part.isna() | both["children"].isna() | no_share
    return pd.DataFrame(
        {
            "area": both["area_name"],
            "is_region": both["area_level"] == "region",
            "part": part.where(~few),
            "of": both["children"].where(~few),
            "is_suppressed": few,
        }
    )


def _distances(figures: Figures) -> pd.DataFrame:
    rows = figures.distances
    few = rows["share_within"].isna()
    return pd.DataFrame(
        {
            "area": rows["area_name"],
            "is_region": rows["la_code"].isna(),
            "miles": rows["miles"],
            "share_within": rows["share_within"],
            "known": rows["distance_known"].where(~few),
            "is_suppressed": few,
            "why": whys(rows, "within"),
        }
    )


def _missing_quarters(figures: Figures) -> tuple[str, ...]:
    """Which LAs shown have placements in fewer than four quarters of the year."""
    found = period(figures)
    if found is None:
        return ()
    rows = figures.measures[figures.measures["period"] == "quarter"]
    quarters = rows[rows["quarter"].between(*found)].groupby("la_code")["quarter"].nunique()
    short = [
        f"{name} ({quarters.get(code, 0)})"
        for code, name in figures.las.items()
        if quarters.get(code, 0) < QUARTERS_A_YEAR
    ]
    return (f"Not all four quarters have placements: {listed(short)}.",) if short else ()
