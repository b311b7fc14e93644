"""Which providers charge more or less for children with like needs: the section and its figures."""

from dataclasses import dataclass

import duckdb
import pandas as pd

from pipeline.reports.editions import Rows
from pipeline.reports.region.charts.cost import provider_caterpillar
from pipeline.reports.region.charts.picture import Picture
from pipeline.reports.region.page import Section, Standing
from pipeline.reports.region.words import how_many, listed, quarters_in_words

PREMIUM = "premium"  # what `finding` says where there is one
TYPES = {
    "foster": "foster care",
    "residential": "residential care",
    "supported": "supported accommodation",
    "adoption": "adoption",
    "parents": "placement with parents",
    "other": "other types",
}


@dataclass(frozen=True)
class Premiums:
    """Rows of `cost.provider_premium` over all years, as published."""

    rows: pd.DataFrame


def read_premiums(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Premiums:
    """The premiums over all years, in one order whatever the build's."""
    return Premiums(
        connection.execute(
            f"from {rows('cost.provider_premium')} where year = 'all years' "
            "order by placement_type, provider_urn, is_own_service, la_code"
        ).df()
    )


def what_providers_charge(premiums: Premiums, standings: tuple[Standing, ...]) -> Section:
    """Providers beside each other, by type of home, over all years; own services apart."""
    rows = premiums.rows
    bought = rows[~rows["is_own_service"].astype(bool)]
    return Section(
        "What providers charge for like needs",
        "Which providers charge more or less than children with similar needs cost elsewhere?",
        _period(bought),
        tuple(
            _picture(bought[bought["placement_type"] == kind], words)
            for kind, words in TYPES.items()
            if (bought["placement_type"] == kind).any()
        ),
        standings,
        (
            "Compared are agreed weekly prices at the start of a placement, for needs as far as "
            "the returns tell them, age and quarter. They say nothing of quality, of outcomes, of "
            "what a price includes, or of block contracts.",
            "A provider is shown from 10 children on, at least 5 of them besides those of any one "
            "authority unless all are of one, and where its type has 4 providers. Of others an "
            "analyst can look at single placements.",
            *_of_one_authority(bought),
            *_own_services(rows),
        ),
    )


def _period(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "none yet"
    first, last = rows["first_quarter"].min(), rows["last_quarter"].max()
    return f"placements that began {quarters_in_words(first, last)}"


def _picture(rows: pd.DataFrame, kind: str) -> Picture:
    """The providers of one type; withheld are those that there is not enough for."""
    few = rows["finding"] != PREMIUM
    frame = pd.DataFrame({"provider": _names(rows), "is_suppressed": few})
    for column, source in {
        "children": "children",
        "premium": "premium_percent",
        "low": "premium_low_percent",
        "high": "premium_high_percent",
    }.items():
        frame[column] = rows[source].astype(float).where(~few)
    return provider_caterpillar(frame, f"Providers of {kind}")


def _names(rows: pd.DataFrame) -> pd.Series:
    """What each provider is called; with its number where two are called the same, or none is."""
    names = rows["provider_name"].astype(object).where(rows["provider_name"].notna(), "Not listed")
    unclear = names.duplicated(keep=False) | rows["provider_name"].isna()
    return names.where(~unclear, names + " (" + rows["provider_urn"] + ")")


def _of_one_authority(bought: pd.DataFrame) -> tuple[str, ...]:
    """Which of the shown providers have children of one authority only."""
    alone = bought[(bought["finding"] == PREMIUM) & (bought["authorities"] == 1)]
    rows = alone.drop_duplicates("provider_urn")  # one may offer two types of home
    if rows.empty:
        return ()
    return (
        f"All children are of one authority: {listed(list(_names(rows)))}. That this authority's "
        "prices may be high or low everywhere is allowed for in the interval, not taken off.",
    )


def _own_services(rows: pd.DataFrame) -> tuple[str, ...]:
    """Why own services have no premium, where there are any."""
    count = int(rows["is_own_service"].sum())
    if not count:
        return ()
    return (
        f"{how_many(count, 'own service is', 'own services are')} left out: each serves one "
        "authority, so what is dear about the service cannot be told from what is dear about the "
        "authority.",
    )
