"""What the report shows, read from the published warehouse: the one place that knows its tables.

To add a mart: read it in `read_figures`, write a function that gives a `Section`, and list it in
`sections`. A picture takes null where a figure is withheld and refuses one that is not.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from pipeline.reports.region.charts.cost import cost_by_type
from pipeline.reports.region.charts.living import shares_by_area, type_mix
from pipeline.reports.region.page import LEVELS, Section, Standing
from pipeline.reports.region.words import how_many, listed, quarters_in_words, year_back
from pipeline.warehouse import database

QUARTERS_A_YEAR = 4
SMALLEST = 6  # counts of 1 to 5 are withheld
ROUNDED_TO = 5
LEAST_LAS = 3  # of fewer, the region less one's own is another's
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
LEVEL_OF = {"good": "fit", "use with care": "use with care", "not fit": "not fit"}


@dataclass(frozen=True)
class View:
    """Whose report it is: the region's (no code), or one LA's that may see the others or not."""

    la_code: str | None = None
    sees_others: bool = True


@dataclass(frozen=True)
class Figures:
    """What was read of the warehouse; `las` are code and name of the region's authorities."""

    las: dict[str, str]
    measures: pd.DataFrame
    costs: pd.DataFrame
    quality: pd.DataFrame
    published_at: datetime
    code_version: str
    is_synthetic: bool


def read_figures(warehouse: Path, las: dict[str, str]) -> Figures:
    """All that the report needs, in one order whatever the build's; the file is closed again."""
    with database(warehouse) as connection:
        at, version, synthetic = connection.execute(
            "select published_at, code_version, is_synthetic from quality.published"
        ).fetchall()[0]
        return Figures(
            las,
            connection.execute(
                "from sufficiency.placement_measures where breakdown = 'total' order by all"
            ).df(),
            connection.execute("from cost.weekly_cost order by all").df(),
            connection.execute(
                "select la_code, dataset, table_name, period, standing "
                "from quality.submission_quality where standing is not null order by all"
            ).df(),
            at,
            version,
            synthetic,
        )


def visible_las(figures: Figures, view: View) -> dict[str, str]:
    """The LAs whose own figures this edition may show."""
    if view.la_code is None or view.sees_others:
        return figures.las
    return {view.la_code: figures.las[view.la_code]}


def may_see_region(figures: Figures, view: View) -> bool:
    """Whether the region's figures tell nobody's: not where it is oneself and one other."""
    shows_all = len(visible_las(figures, view)) == len(figures.las)
    return shows_all or figures.measures["la_code"].nunique() >= LEAST_LAS


def period(figures: Figures) -> tuple[str, str] | None:
    """First and last quarter of the year that the report is about; None where there is none."""
    if figures.measures.empty:
        return None
    last = max(figures.measures["quarter"])
    return year_back(last), last


def period_words(figures: Figures) -> str:
    """The report's year in words."""
    return quarters_in_words(*found) if (found := period(figures)) else "none yet"


def sections(figures: Figures, view: View) -> tuple[Section, ...]:
    """The report's sections, in order."""
    return (where_children_live(figures, view), what_homes_cost(figures, view))


def where_children_live(figures: Figures, view: View) -> Section:
    """Distance, in or out of the authority, types of home, of placements begun in a year."""
    year = _year(figures, view)
    return Section(
        "Where children live",
        "How far from home were children placed in the period, and in what type of home?",
        period_words(figures),
        (
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
        ),
        standings(figures, view, ("placements", "ssda903")),
        (
            "Placements that began are counted, not children in care on a day; a child may have "
            "begun several. Short breaks are left out.",
            "Distance is a straight line between two postcodes, and known from SSDA903 alone.",
            "A placement that both returns report, but could not be matched, is counted twice.",
            *_missing_quarters(figures, view),
        ),
    )


def what_homes_cost(figures: Figures, view: View) -> Section:
    """Weekly prices by type, sector and LA."""
    las = visible_las(figures, view)
    rows = figures.costs[figures.costs["la_code"].isin(las)]
    few = rows["is_suppressed"].astype(bool) | (rows["children"] < SMALLEST)
    frame = pd.DataFrame(
        {
            "type": rows["placement_type"].map(TYPES),
            "sector": rows["provider_sector"].map(SECTORS),
            "area": rows["la_code"].map(las),
            "children": _to_five(rows["children"]).where(~few),
            "lower": rows["lower_quartile_gbp_per_week"].where(~few),
            "middle": rows["median_gbp_per_week"].where(~few),
            "upper": rows["upper_quartile_gbp_per_week"].where(~few),
            "is_suppressed": few,
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
        standings(figures, view, ("placements",)),
        (
            "The price is the latest that was agreed for each placement in the placement returns; "
            "what was paid may differ.",
            "Prices are not adjusted for needs or age, so they compare bills, not value.",
        ),
    )


def standings(figures: Figures, view: View, datasets: tuple[str, ...]) -> tuple[Standing, ...]:
    """The worst standing of what each visible LA, and else the region, sent for the period."""
    found = period(figures)
    if found is None:
        return ()
    first, last = found
    quality = figures.quality
    in_period = ((quality["dataset"] == "placements") & quality["period"].between(first, last)) | (
        (quality["dataset"] == "ssda903")
        & quality["period"].between(_collection_year(first), _collection_year(last))
    )
    rows = quality[in_period & quality["dataset"].isin(datasets)]
    las = visible_las(figures, view)
    shown = [_standing(name, rows[rows["la_code"] == code]) for code, name in las.items()]
    if len(las) < len(figures.las) and may_see_region(figures, view):
        # Not how many, let alone which: that would be about another LA.
        shown.append(replace(_standing("the region as a whole", rows), why=""))
    return tuple(shown)


def _standing(la_name: str, rows: pd.DataFrame) -> Standing:
    levels = [LEVEL_OF[s] for s in rows["standing"]]
    if not levels:
        return Standing(la_name, "nothing received")
    worst = max(levels, key=LEVELS.index)
    if worst == LEVELS[0]:
        return Standing(la_name, worst)
    count = how_many(len(levels), "table", "tables")
    return Standing(la_name, worst, f"{levels.count(worst)} of its {count}")


def _collection_year(quarter: str) -> str:
    """The SSDA903 year of a quarter: 2026 for 2025Q2 to 2026Q1."""
    return str(int(quarter[:4]) + (quarter[-1] != "1"))


def _year(figures: Figures, view: View) -> pd.DataFrame:
    """A row per visible area: its counts over the report's year; null if any quarter's is."""
    found = period(figures)
    if found is None:
        return figures.measures.iloc[:0].assign(area=[], is_region=[])
    measures = figures.measures[figures.measures["quarter"].between(*found)]
    las = visible_las(figures, view)
    is_region = measures["area_level"] == "region"
    kept = measures["la_code"].isin(las) | (is_region & may_see_region(figures, view))
    counts = ["over_20_miles", "distance_known", "out_of_authority", "in_or_out_known"]
    counts += ["type_known", "foster", "residential", "supported", "other_types"]
    rows = measures[kept].assign(area=measures["la_code"].map(las).fillna("Region"))
    rows["is_region"] = is_region
    return (
        rows.groupby(["area", "is_region"])[counts]
        .agg(lambda of_quarters: of_quarters.sum(skipna=False))
        .reset_index()
    )


def _to_five(counts: pd.Series) -> pd.Series:
    """Counts to the nearest 5, so that no difference between two figures tells a small one."""
    return ((counts + ROUNDED_TO // 2) // ROUNDED_TO) * ROUNDED_TO


def _shares(year: pd.DataFrame, part: str, of: str) -> pd.DataFrame:
    """One share for each area: counts of 1 to 5 withheld, true zeros kept, others to the 5."""
    few = year[part].between(1, SMALLEST - 1) | year[of].between(1, SMALLEST - 1)
    # All but a few tells the few as well.
    few |= (year[of] - year[part]).between(1, SMALLEST - 1)
    few |= year[part].isna() | year[of].isna()
    return pd.DataFrame(
        {
            "area": year["area"],
            "is_region": year["is_region"],
            "part": _to_five(year[part]).where(~few),
            "of": _to_five(year[of]).where(~few),
            "is_suppressed": few,
        }
    )


def _missing_quarters(figures: Figures, view: View) -> tuple[str, ...]:
    """Which visible LAs have placements in fewer than four quarters of the year."""
    found = period(figures)
    if found is None:
        return ()
    in_year = figures.measures[figures.measures["quarter"].between(*found)]
    quarters = in_year.groupby("la_code")["quarter"].nunique()
    short = [
        f"{name} ({quarters.get(code, 0)})"
        for code, name in visible_las(figures, view).items()
        if quarters.get(code, 0) < QUARTERS_A_YEAR
    ]
    return (f"Not all four quarters have placements: {listed(short)}.",) if short else ()
