"""Made-up spend of children, and the cost models over it: their SQL rendered without dbt.

One run takes a second for hundreds of authorities, each of which is a history of its own.
"""

import datetime as dt
import random

import duckdb
import pandas as pd

from tests.rendered import model

# In the order in which they need each other; they start from `int_spend_child`.
MODELS = (
    "int_spend_row_child",
    "int_spend_error",
    "int_spend",
    "int_spend_shown",
    "spend",
    "int_cost_drivers",
    "cost_drivers",
)
HOMES = (
    ("foster", "own provision"),
    ("foster", "independent agency"),
    ("residential", "own provision"),
    ("residential", "independent agency"),
    ("parents", "parents"),
)
PROFILES = ("no marked needs", "some risk", "unknown")
PENNIES = 100  # in a pound
MONEY = {
    "known_pennies": "known_gbp",
    "estimated_pennies": "estimated_gbp",
    "total_pennies": "total_gbp",
    "agreed_where_both_pennies": "agreed_where_both_gbp",
    "actual_where_both_pennies": "actual_where_both_gbp",
}


def child_spend(
    chance: random.Random, la_code: str, child_id: str, quarters: tuple[str, ...]
) -> list[dict[str, object]]:
    """A child's nights and spend: in one or two homes, some quarters without a price."""
    rows = []
    homes = [chance.choice(HOMES) for _ in range(chance.choice((1, 1, 2)))]
    first = chance.randrange(len(quarters))
    for quarter in quarters[first : first + chance.randint(1, len(quarters))]:
        for kind, sector in homes:
            nights = chance.randint(1, 45)
            priced = chance.choice((0, nights, nights, chance.randint(0, nights)))
            both = chance.choice((0, priced)) if priced == nights else 0
            price, estimate = chance.randint(5_000, 90_000), chance.randint(5_000, 90_000)
            known, estimated = priced * price, (nights - priced) * estimate  # pennies
            rows.append(
                {
                    "la_code": la_code,
                    "child_id": child_id,
                    "quarter": quarter,
                    "financial_year": financial_year(quarter),
                    "placement_type": kind,
                    "provider_sector": sector,
                    "provider_urn": f"{kind[0]}{sector[0]}{chance.randrange(3)}",
                    "needs_profile": chance.choice(PROFILES),
                    "nights": nights,
                    "nights_with_price": priced,
                    "known_pennies": known,
                    "estimated_pennies": estimated,
                    "total_pennies": known + estimated,
                    "nights_with_both_prices": both,
                    "agreed_where_both_pennies": both * price,
                    "actual_where_both_pennies": both * (price + 100),
                }
            )
    return rows


def financial_year(quarter: str) -> str:
    """2025/26 for 2025Q2 to 2026Q1."""
    year = int(quarter[:4]) - (quarter[-1] == "1")
    return f"{year}/{(year + 1) % 100:02}"


def spend_of(
    chance: random.Random, las: int, sizes: tuple[int, ...], quarters: tuple[str, ...]
) -> pd.DataFrame:
    """The spend of that many authorities, each of one of these numbers of children."""
    rows = [
        row
        for la in range(las)
        for child in range(chance.choice(sizes))
        for row in child_spend(chance, f"LA{la:03}", f"LA{la:03}_{child}", quarters)
    ]
    frame = pd.DataFrame(rows)
    key = [c for c in frame.columns if not c.startswith("nights") and not c.endswith("pennies")]
    return frame.groupby(key, as_index=False).sum()


def built(spend: pd.DataFrame, quarters: tuple[str, ...]) -> duckdb.DuckDBPyConnection:
    """The cost models over this spend, where each quarter is covered for every authority."""
    las = sorted(set(spend["la_code"]))
    connection = duckdb.connect()
    connection.register("made_up", spend)
    pounds = ", ".join(
        f"cast({name} / {PENNIES} as decimal(16, 2)) as {gbp}" for name, gbp in MONEY.items()
    )
    connection.execute(
        f"create table int_spend_child as select * exclude ({', '.join(MONEY)}), "
        f"{pounds}, "
        "0.2 * estimated_pennies / 100 as estimate_spread_gbp, 0.0 as estimate_years_off, "
        "0.0 as estimate_years_there, 0.0 as estimate_stay_gbp from made_up"
    )
    connection.execute(
        "create table int_price_level as select distinct la_code, placement_type, "
        "provider_sector, 0.01 as authority_variance, 0.5 as weight_of_region, "
        "0.01 as region_variance from made_up; "
        "create table int_price_index as select distinct placement_type, 0.0 as own_rise_variance, "
        "1.0 as weight_of_all, 0.0 as rise_of_all_variance from made_up"
    )
    connection.register(
        "local_authority",
        pd.DataFrame([{"la_code": la, "la_name": la, "is_synthetic": True} for la in las]),
    )
    connection.execute(
        "create table dim_provider (urn varchar, provider_name varchar, valid_from date)"
    )
    connection.register(
        "int_night_coverage",
        pd.DataFrame(
            [
                {"la_code": la, "month_start_date": dt.date(int(q[:4]), 3 * int(q[5]) - 2 + n, 1)}
                for la in las
                for q in quarters
                for n in range(3)
            ]
        ),
    )
    for name in MODELS:
        connection.execute(f"create table {name} as {model(f'marts/cost/{name}.sql')}")
    return connection
