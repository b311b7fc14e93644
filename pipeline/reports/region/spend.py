"""What was spent on homes, and what drives its change: a section of the report."""

from dataclasses import dataclass
from decimal import Decimal

import duckdb
import pandas as pd

from pipeline.reports.editions import Rows
from pipeline.reports.region.charts.cost import spend_bridge
from pipeline.reports.region.charts.picture import Picture
from pipeline.reports.region.charts.spend import spend_by_type
from pipeline.reports.region.page import Section, Standing
from pipeline.reports.region.words import REGION, percent, quarters_in_words

TITLE = "What was spent"
TYPES = {
    "all": "all types",
    "foster": "Foster care",
    "residential": "Residential care",
    "supported": "Supported accommodation",
    "adoption": "Adoption",
    "parents": "With parents",
    "other": "Other types",
    "unknown": "Type not known",
}
DRIVERS = {
    "volume_gbp": "Volume",
    "mix_gbp": "Mix",
    "price_gbp": "Price",
    "length_of_stay_gbp": "Length of stay",
}


@dataclass(frozen=True)
class Spend:
    """Rows of `cost.spend` for financial years, in total and by type, and `cost.cost_drivers`."""

    spend: pd.DataFrame
    drivers: pd.DataFrame


def read_spend(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Spend:
    """What the section needs of the warehouse, in one order whatever the build's."""
    return Spend(
        connection.execute(
            "select la_code, area_name, period, first_quarter, last_quarter, placement_type, "
            "total_gbp, total_lower_80_gbp, total_upper_80_gbp, share_known, mean_gbp_per_week, "
            "is_suppressed "
            f"from {rows('cost.spend')} where period_type = 'financial year' "
            "and breakdown in ('total', 'placement type') order by all"
        ).df(),
        connection.execute(f"from {rows('cost.cost_drivers')} order by all").df(),
    )


def spend_section(found: Spend, own: str | None, standings: tuple[Standing, ...]) -> Section:
    """Spend of the latest year by type, and what changed it.

    own: name of the authority whose edition it is. Drawn are that, and the region where the reader
    may see it.
    """
    spend, drivers = found.spend, found.drivers
    has_price = spend["total_gbp"].notna() | spend["is_suppressed"].astype(bool)
    year = max(spend.loc[has_price, "period"], default=None)
    of_year = spend[spend["period"] == year]
    words = (
        quarters_in_words(min(of_year["first_quarter"]), max(of_year["last_quarter"]))
        if len(of_year)
        else "none yet"
    )
    areas = [own] if own else []
    areas += [REGION] if spend["la_code"].isna().any() else []
    bridged = _latest(drivers)
    return Section(
        TITLE,
        "What did homes cost in the year, by type, and what made that more or less than before?",
        words,
        (
            spend_by_type(_by_type(of_year), "Spend by type of home", areas[0], words)
            if areas
            else Picture("Spend by type of home", "There is nothing to show yet."),
            *(_bridge(bridged, area) for area in areas),
        ),
        standings,
        (
            "Spend is what every night in a home costs at its agreed price. Prices come with the "
            "placement returns, so older placements often have none: what these cost is estimated "
            "from homes of the same type, provider and authority, and how sure that is gives the "
            "range. Short breaks are left out, and nothing is paid for children who live with a "
            "parent or are placed for adoption. It is no budget, and no bill.",
            *(words for area in areas for words in _shares_known(bridged, area)),
        ),
    )


def _by_type(of_year: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": of_year["area_name"],
            "type": of_year["placement_type"].map(TYPES),
            "is_total": of_year["placement_type"] == "all",
            "spend_gbp": of_year["total_gbp"],
            "low_gbp": of_year["total_lower_80_gbp"],
            "high_gbp": of_year["total_upper_80_gbp"],
            "mean_gbp_per_week": of_year["mean_gbp_per_week"],
            "share_known": of_year["share_known"],
            "is_suppressed": of_year["is_suppressed"],
        }
    )


def _latest(drivers: pd.DataFrame) -> pd.DataFrame:
    """A row per area, of all types: the comparison that ends last, of two the longer one."""
    of_all = drivers[drivers["placement_type"] == "all"]
    order = of_all.sort_values(["after_to", "quarters"], ascending=False, kind="stable")
    return order.drop_duplicates("area_name")


def _bridge(drivers: pd.DataFrame, area: str) -> Picture:
    title = f"What changed spend: {area}"
    rows = drivers[drivers["area_name"] == area]
    if rows.empty:
        return Picture(title, "There are not yet two periods to compare.")
    row = rows.iloc[0]
    if row["is_suppressed"]:
        return Picture(title, "Too few children to show: in a period, or in one of its quarters.")
    columns = {"spend_before_gbp": "before", **DRIVERS, "spend_after_gbp": "after"}
    frame = pd.DataFrame(
        {
            "step": list(columns.values()),
            "amount_gbp": [Decimal(str(row[column])) for column in columns],
        }
    )
    return spend_bridge(frame, title, *_periods(row))


def _periods(row: pd.Series) -> tuple[str, str]:
    """The two periods in words."""
    return (
        quarters_in_words(row["before_from"], row["before_to"]),
        quarters_in_words(row["after_from"], row["after_to"]),
    )


def _shares_known(drivers: pd.DataFrame, area: str) -> list[str]:
    """How much of the two spends is known: no driver, but how far the difference can be trusted."""
    rows = drivers[(drivers["area_name"] == area) & ~drivers["is_suppressed"].astype(bool)]
    rows = rows[rows["share_known_before"].notna() & rows["share_known_after"].notna()]
    if rows.empty:
        return []
    row = rows.iloc[0]
    before, after = _periods(row)
    return [
        f"{area}: {percent(row['share_known_before'])} of the spend is of nights with a known "
        f"price in {before}, {percent(row['share_known_after'])} in {after}; the rest is "
        "estimated. That more prices are known makes spend neither more nor less."
    ]
