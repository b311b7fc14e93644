"""Which providers charge more or less for children with like needs: the section and its figures."""

from dataclasses import dataclass

import duckdb
import pandas as pd

from pipeline.reports.editions import Rows
from pipeline.reports.region.charts.cost import provider_caterpillar
from pipeline.reports.region.charts.picture import Picture
from pipeline.reports.region.page import Section, Standing
from pipeline.reports.region.words import (
    TOO_FEW,
    how_many,
    listed,
    quarters_in_words,
    why_withheld,
)

PREMIUM = "premium"  # what `finding` says where there is one
NOT_ENOUGH = "not enough: see similar_children"
NOTHING_TO_COMPARE = "too little to compare with"
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
            "order by placement_type, premium_of, owner_name, owner_id, provider_urn, "
            "is_own_service, la_code"
        ).df()
    )


def what_providers_charge(premiums: Premiums, standings: tuple[Standing, ...]) -> Section:
    """Owners beside each other, by type of home, and each home where the reader may see it.

    Over all years; own services apart. A provider whose owner no list names is an owner of its own.
    """
    rows = premiums.rows
    bought = rows[~rows["is_own_service"].astype(bool)]
    is_provider = bought["premium_of"] == "provider"
    owners = bought[~is_provider | bought["owner_id"].isna()]
    # Where an owner's providers are told one by one, there are more of them than of owners.
    homes = bought[is_provider] if is_provider.sum() > len(owners) else bought.iloc[:0]
    return Section(
        "What providers charge for like needs",
        "Which providers charge more or less than children with similar needs cost elsewhere?",
        _period(bought),
        tuple(
            _picture(found[found["placement_type"] == kind], f"{title} {words}", who)
            for kind, words in TYPES.items()
            for found, title, who in (
                (owners, "Owners of", ("owner", "owners")),
                (homes, "One by one, providers of", ("provider", "providers")),
            )
            if (found["placement_type"] == kind).any()
        ),
        standings,
        (
            "Compared are agreed weekly prices at the start of a placement, for needs as far as "
            "the returns tell them, age and quarter. They say nothing of quality, of outcomes, of "
            "what a price includes, or of block contracts.",
            "An owner is who owns the provider on Ofsted's list; all its providers of the type "
            "count together. Homes of few children are drawn towards their owner, and owners of "
            "few towards no difference: the fewer, the wider the line.",
            "A type is compared where it has 4 providers. Secure homes and family centres are "
            "left out: no other home is an alternative to them.",
            *_too_few(bought),
            *_of_one_authority(owners),
            *_own_services(rows),
        ),
    )


def _period(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "none yet"
    first, last = rows["first_quarter"].min(), rows["last_quarter"].max()
    return f"placements that began {quarters_in_words(first, last)}"


def _picture(rows: pd.DataFrame, title: str, who: tuple[str, str]) -> Picture:
    """The owners or providers of one type; without a figure where there is no premium."""
    without = rows["finding"] != PREMIUM
    frame = pd.DataFrame({"provider": _names(rows), "is_suppressed": without})
    frame["why"] = [
        NOTHING_TO_COMPARE if r.finding == NOT_ENOUGH else why_withheld(r.withheld, "children")
        for r in rows.itertuples()
    ]
    for column, source in {
        "children": "children",
        "premium": "premium_percent",
        "low": "premium_low_percent",
        "high": "premium_high_percent",
    }.items():
        frame[column] = rows[source].astype(float).where(~without)
    return provider_caterpillar(frame, title, who)


def _names(rows: pd.DataFrame) -> pd.Series:
    """What each is called; with a number where two are called the same, or there is no name."""
    is_owner = rows["premium_of"] == "owner"
    names = rows["provider_name"].astype(object).where(~is_owner, rows["owner_name"])
    key = rows["provider_urn"].astype(object).where(~is_owner, rows["owner_id"].str[:6])
    unclear = names.duplicated(keep=False) | names.isna()
    names = names.where(names.notna(), "Not listed")
    return names.where(~unclear, names + " (" + key + ")")


def _too_few(bought: pd.DataFrame) -> tuple[str, ...]:
    """From how many children on one is shown, where some are not."""
    if not (bought["finding"] == "too few").any():
        return ()
    return (
        "An owner is shown from 5 children on, at least 3 of them besides those of any one "
        f"authority unless all are of one; of others the table says “{TOO_FEW}”.",
    )


def _of_one_authority(owners: pd.DataFrame) -> tuple[str, ...]:
    """Which of those shown have children of one authority only."""
    alone = owners[(owners["finding"] == PREMIUM) & (owners["authorities"] == 1)]
    rows = alone.drop_duplicates(["provider_urn", "owner_id"])  # one may offer two types of home
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
