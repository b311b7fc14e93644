"""Made-up spend of children, and the cost models over it: their SQL rendered without dbt.

One run takes a second for hundreds of authorities, each of which is a history of its own.
"""

import random

import duckdb
import pandas as pd

from tests.rendered import model

# In the order in which they need each other; they start from `int_spend_child`.
MODELS = (
    "int_spend_row_child",
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
    "agreed_pennies": "agreed_spend_gbp",
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
            price = chance.randint(5_000, 90_000)  # pennies a night
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
                    "agreed_pennies": priced * price,
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
    key = [c for c in frame.columns if not c.startswith(("nights", "agreed", "actual"))]
    return frame.groupby(key, as_index=False).sum()


def built(spend: pd.DataFrame, quarters: tuple[str, ...]) -> duckdb.DuckDBPyConnection:
    """The cost models over this spend, where every authority sent a return for each quarter."""
    las = sorted(set(spend["la_code"]))
    connection = duckdb.connect()
    connection.register("made_up", spend)
    pounds = ", ".join(
        f"cast({name} / {PENNIES} as decimal(16, 2)) as {gbp}" for name, gbp in MONEY.items()
    )
    connection.execute(
        f"create table int_spend_child as select * exclude ({', '.join(MONEY)}), {pounds} "
        "from made_up"
    )
    connection.register(
        "local_authority",
        pd.DataFrame([{"la_code": la, "la_name": la, "is_synthetic": True} for la in las]),
    )
    connection.execute(
        "create table dim_provider (urn varchar, provider_name varchar, valid_from date)"
    )
    connection.register(
        "submission",
        pd.DataFrame(
            [
                {"la_code": la, "dataset": "placements", "period": q, "status": "accepted"}
                for la in las
                for q in quarters
            ]
        ),
    )
    for name in MODELS:
        connection.execute(f"create table {name} as {model(f'marts/cost/{name}.sql')}")
    return connection
