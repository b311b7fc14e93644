"""What a few more homes would change, asked of the published warehouse, without a run.

The same model and the same draws as in `forecast.scenario` and `forecast.business_case`: the run
has kept them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from pipeline.forecast.new_home import Home, filled, luck_of, money
from pipeline.forecast.new_home_rows import stored_market
from pipeline.forecast.small_numbers import LEAST

YEAR = 12
RANGE = (0.5, 0.1, 0.9)


@dataclass(frozen=True)
class Question:
    """So many more beds of a type, or foster carers for so many children; months are numbers."""

    placement_type: str
    beds: int
    opens: int | None = None  # None: in the first month of the forecast
    ramp_months: int = 0
    gbp_per_week: float | None = None  # for each child; None: what own provision of it costs


@dataclass(frozen=True)
class Answer:
    """Of the last twelve months of the forecast: children on average, and pounds a month.

    Median, lower and upper end of the interval that holds 80% of the draws. The benefit is what
    bought homes would cost for children who lack the type, beyond what their homes cost: no cash.
    """

    could_move: tuple[float, float, float]  # from bought beds
    lack_it: tuple[float, float, float]
    live_there: tuple[float, float, float]
    saved: tuple[float, float, float]  # cash, all in all; below nothing it costs more
    benefit: tuple[float, float, float]
    costs: float  # of the new homes, the mean
    is_priced: bool
    is_few: bool  # whether few children are behind it


def answer(connection: duckdb.DuckDBPyConnection, la_code: str, asked: Question) -> Answer | None:
    """The answer for one authority; None where there is no forecast of it."""
    market = stored_market(connection, la_code, asked.placement_type)
    if market is None:
        return None
    home = Home(
        "asked",
        asked.beds,
        market.first if asked.opens is None else asked.opens,
        asked.ramp_months,
        gbp_per_week=asked.gbp_per_week,
    )
    luck = luck_of(market)
    there = filled(home, market, luck)
    paid = money(home, market, there, luck)
    return Answer(
        _range(market.bought),
        _range(market.lacking.sum(axis=2)),
        _range(there.children),
        _range(paid.cash),
        _range(paid.benefit),
        float(paid.own[:, -YEAR:].mean()),
        not np.isnan(paid.cash).any(),
        any(0 < n.mean() < LEAST for n in (market.bought[:, 0], market.lacking[:, 0].sum(axis=1))),
    )


def answers(
    connection: duckdb.DuckDBPyConnection, la_codes: Sequence[str], asked: Question
) -> dict[str, Answer | None]:
    """The answer for each of these authorities, as if it alone did it."""
    return {la: answer(connection, la, asked) for la in la_codes}


def last_month(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The number of the last month that is forecast; None without a forecast."""
    found = connection.execute(
        "select max(12 * year(month_end) + month(month_end)) from foundation.new_bed_draw"
    ).fetchall()
    return found[0][0]


def _range(monthly: np.ndarray) -> tuple[float, float, float]:
    middle, lower, upper = np.quantile(monthly[:, -YEAR:].mean(axis=1), RANGE)
    return float(middle), float(lower), float(upper)
