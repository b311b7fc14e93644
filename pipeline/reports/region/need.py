"""Need that is not met: where, for whom, what came instead, and the places that there are."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd

from pipeline.reports.editions import Rows
from pipeline.reports.region.charts.need import places_and_demand, type_flow, unmet_need_map
from pipeline.reports.region.charts.picture import Picture
from pipeline.reports.region.page import Section, Standing
from pipeline.reports.region.words import REGION, quarters_in_words

TYPES = {
    "foster": "Foster care",
    "residential": "Residential care",
    "supported": "Supported accommodation",
}
FOUND = TYPES | {
    "none yet": "No home yet",
    "not known": "Type not known",
    "adoption": "Another type",
    "parents": "Another type",
    "other": "Another type",
}
FLOW = "From the type recommended to the type found"
UNKNOWN = "Needs not known"  # as the mart names the searches whose needs nobody told
MOST_PROFILES = 10  # that the region's map draws, of those that can be shown
PLACES_OF = "residential"  # the type of home that has registered places and is built by plan


@dataclass(frozen=True)
class Need:
    """What is read of the warehouse: rows as the published marts have them, null where withheld.

    needs: `sufficiency.unmet_need` of the latest quarters; found: `recommended_vs_actual` of the
    same; supply: `supply` in its last month.
    """

    needs: pd.DataFrame
    found: pd.DataFrame
    supply: pd.DataFrame


def read_need(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Need:
    """All that the sections need, in one order whatever the build's."""
    return Need(
        connection.execute(
            f"from {rows('sufficiency.unmet_need')} where period_kind = 'latest' order by all"
        ).df(),
        connection.execute(
            f"from {rows('sufficiency.recommended_vs_actual')} "
            "where period_kind = 'latest' and type_found <> 'all types' order by all"
        ).df(),
        connection.execute(
            f"from {rows('sufficiency.supply')} where month_end_date = "
            "(select max(month_end_date) from sufficiency.supply) order by all"
        ).df(),
    )


def period_of(need: Need) -> str:
    """The quarters of the sections in words."""
    if need.needs.empty:
        return "none yet"
    first, last = need.needs["first_quarter"].min(), need.needs["last_quarter"].max()
    return quarters_in_words(first, last)


def where_need_is_not_met(need: Need, standings: tuple[Standing, ...]) -> Section:
    """The maps by recommended type and by broad needs, of all areas; by profile, of the region."""
    rows = need.needs
    types = rows[(rows["breakdown"] == "recommended type") & rows["recommended_type"].isin(TYPES)]
    by_type = _map_frame(types.assign(type=types["recommended_type"].map(TYPES)), "type")
    known = rows[(rows["broad_needs"] != UNKNOWN) & (rows["needs_profile"] != UNKNOWN)]
    by_needs = _map_frame(known[known["breakdown"] == "broad needs"], "broad_needs")
    profiles = known[(known["breakdown"] == "needs profile") & known["la_code"].isna()]
    by_profile = _map_frame(profiles, "needs_profile")
    by_profile = by_profile[~by_profile["is_suppressed"]].nlargest(MOST_PROFILES, "gap_index")
    how = "How much less need is met than on average, by"
    pictures = [
        unmet_need_map(by_type, f"{how} type of home recommended"),
        unmet_need_map(by_needs, f"{how} broad needs"),
    ]
    if not by_profile.empty:
        pictures.append(unmet_need_map(by_profile, f"{how} needs profile, in the region"))
    return Section(
        "Where need is not met",
        "In which areas, for which type of home, and for children with which needs do searches end "
        "without the home that was recommended?",
        period_of(need),
        tuple(pictures),
        standings,
        (
            "A need is not met where the search is still open after the month in which the home "
            "was needed, or found a type of home that was unsuitable or not preferred.",
            "Not every return tells of searches that found nothing. An authority is compared with "
            "those whose returns tell the same. A search has ended, too, where SSDA903 shows that "
            "the child came into a home of the type recommended.",
            _said_of_unknown(rows),
            "Broad needs are two questions: is any risk marked, and more than standard support? "
            "Needs profiles say more, but most of an authority's are too few to show, and of the "
            f"region some; the {MOST_PROFILES} highest of those that can be shown are drawn.",
        ),
    )


def _said_of_unknown(rows: pd.DataFrame) -> str:
    """How many searches no comparison of needs can count, and why."""
    of_region = rows[(rows["broad_needs"] == UNKNOWN) & rows["la_code"].isna()]
    share = of_region["share_of_searches"].dropna()
    how_many = f" of {share.iloc[0]:.0%} of the region's searches" if len(share) else ""
    return (
        "The 2025 standard asks for risks once a home is found. Where a search does not tell them, "
        "another search of the child may, at most two years away; otherwise its needs are not known"
        f"{how_many}, and it counts in no comparison of needs, but by the type recommended."
    )


def what_came_of_it(need: Need, own: str | None, standings: tuple[Standing, ...]) -> Section:
    """The flow from the type recommended to the type found: of the region, and of one LA's own.

    own: code of the LA whose edition it is.
    """
    rows = need.found[need.found["recommended_type"].isin(TYPES)]
    areas = [rows[rows["la_code"] == own]] if own else []
    areas.append(rows[rows["la_code"].isna()])
    return Section(
        "What was recommended and what was found",
        "Do children come into the type of home that was recommended for them?",
        period_of(need),
        tuple(_flow(area) for area in areas if len(area))
        or (Picture(FLOW, "There is nothing to show yet."),),
        standings,
        (
            "Each search counts once, with the first home that it found; no home yet is told by "
            "returns alone that tell of searches that found nothing.",
            "Searches that recommend several types, or none, are left out.",
        ),
    )


def _flow(rows: pd.DataFrame) -> Picture:
    """The flow of one area."""
    frame = pd.DataFrame(
        {
            "recommended": rows["recommended_type"].map(TYPES),
            "actual": rows["type_found"].map(FOUND),
            "searches": rows["searches"].astype("Float64"),
        }
    )
    # Several types are one band; where a part is withheld, so is the whole.
    frame = frame.groupby(["recommended", "actual"], as_index=False)["searches"].agg(
        lambda counts: counts.sum(skipna=False)
    )
    frame["is_suppressed"] = frame["searches"].isna()
    return type_flow(frame, f"{FLOW}: {rows['area_name'].iloc[0]}")


def places_and_need(need: Need, las: Mapping[str, str], standings: tuple[Standing, ...]) -> Section:
    """Registered places in residential homes beside the children for whom one was recommended.

    las: code and name of the LAs shown; without any, the region as a whole is.
    """
    supply = need.supply[need.supply["placement_type"] == PLACES_OF]
    needs = need.needs
    wanted = needs[
        (needs["breakdown"] == "recommended type") & (needs["recommended_type"] == PLACES_OF)
    ]
    # Beside single areas the region's bars would leave nothing to see of them.
    names = dict(las) or ({REGION: REGION} if supply["la_code"].isna().any() else {})
    if need.needs.empty and supply.empty:
        names = {}
    places = _by_area(supply, "places")
    children = _by_area(wanted, "children")
    rows = [
        {
            "area": name,
            "places": int(places.get(code, 0) or 0),
            "needed": children.get(code, 0),  # no row: no such search, a true zero
        }
        for code, name in names.items()
    ]
    frame = pd.DataFrame(rows, columns=["area", "places", "needed"])
    frame["needed"] = frame["needed"].astype("Float64")
    frame["is_suppressed"] = frame["needed"].isna()
    return Section(
        "Places and the children who need them",
        "How many places in residential homes are there, and for how many children was one "
        "recommended?",
        period_of(need),
        (
            places_and_demand(
                frame, "Places in residential homes, and children for whom one was recommended"
            ),
        ),
        standings,
        (
            "Places are those at one time, children those of the whole period. A place serves "
            "several children in that time: more children than places is no shortage by itself.",
            "Places are all those registered in the area on the last day covered, whoever uses "
            "them: children of other authorities live in many. Vacancies are unknown without "
            "providers' returns.",
            "Children are those for whom a search in the period recommended residential care "
            "alone. Residential special schools and secure homes are among the places.",
        ),
    )


def _map_frame(rows: pd.DataFrame, profile: str) -> pd.DataFrame:
    """Rows as the map takes them: a cell is withheld whole where any of its figures is."""
    columns = {"searches": "searches", "gap_index": "gap_index"}
    columns |= {"gap_low": "gap_low", "gap_high": "gap_high"}
    hidden = rows[list(columns)].isna().any(axis=1)
    frame = pd.DataFrame({"area": rows["area_name"], "profile": rows[profile]})
    for name in columns:
        frame[name] = rows[name].astype("Float64").mask(hidden)
    return frame.assign(is_suppressed=hidden).reset_index(drop=True)


def _by_area(rows: pd.DataFrame, column: str) -> dict[str, object]:
    """The figure of each area; None where it is withheld."""
    codes = rows["la_code"].where(rows["la_code"].notna(), REGION)
    return {
        code: None if pd.isna(value) else value
        for code, value in zip(codes, rows[column], strict=True)
    }
