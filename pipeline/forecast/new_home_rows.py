"""Rows of the tables about new homes: who they would be for, and what each option is worth."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd

from pipeline.forecast.business_case import (
    Place,
    few_in,
    home_of,
    new_bed_row,
    summary_row,
    without_forecast,
    year_rows,
)
from pipeline.forecast.new_home import TYPES, Market, market_seed
from pipeline.forecast.periods import month_end
from pipeline.forecast.region import Frame
from pipeline.forecast.scenario_file import Change, Scenario
from pipeline.forecast.small_numbers import Edition
from pipeline.forecast.what_if import Ahead, NewHome
from pipeline.options import Option

Names = Mapping[str, tuple[str, bool]]  # of each authority, and whether it is invented
OPTION = "Option: "  # begins the name under which forecast.scenario has an option
DRAW_TABLE = "foundation.new_bed_draw"
DRAW_COMMENT = (
    "One row per authority, type of home, draw of the forecast and month: children who could live "
    "in a new home of the type (in bought beds of it, or lacking it, by where they live), and "
    "pounds a night for their homes, in prices of the month. common-core what-if reads it."
)


def few_places(ahead: Ahead) -> set[tuple[str, str]]:
    """Authorities and types in which few children could live in a new home."""
    frame = ahead.frame
    return {
        (la, kind)
        for n, la in enumerate(frame.las)
        for kind in TYPES
        if few_in(ahead.now, n, frame.types.index(kind))
    }


def _place(ahead: Ahead, names: Names, la: int, kind: int) -> Place:
    code = ahead.frame.las[la]
    return Place(la, kind, code, *names[code], few_in(ahead.now, la, kind))


def new_bed_rows(
    ahead: Ahead, names: Names, wanted: Collection[str | None], edition: Edition
) -> pd.DataFrame:
    """Rows of `forecast.new_beds`: of the areas with a forecast, the region among them."""
    frame, rows = ahead.frame, []
    for name in TYPES:
        kind = frame.types.index(name)
        places = [_place(ahead, names, la, kind) for la in range(len(frame.las))]
        markets = [ahead.market(place.la, kind) for place in places]
        areas = [(places, markets, None, "Region"), *(
            ([p], [m], p.la_code, p.area_name) for p, m in zip(places, markets, strict=True)
        )]  # fmt: skip
        for those, of_those, code, area_name in areas:
            if code in wanted:
                about = {
                    "la_code": code,
                    "area_name": area_name,
                    "authorities": len(those),
                    "placement_type": name,
                    "is_synthetic": any(p.is_synthetic for p in those),
                }
                rows.append(about | new_bed_row(those, of_those, ahead.now, edition))
    return pd.DataFrame(rows)


def option_rows(
    ahead: Ahead | None,
    names: Names,
    wanted: Collection[str | None],
    options: Sequence[Option],
    edition: Edition,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of `forecast.business_case` and of its summary, which has every option."""
    years, summaries = [], []
    for option in options:
        if ahead is None or option.area_code not in wanted:
            code = option.area_code
            name, is_synthetic = names.get(code, (code, False))
            about = Place(-1, -1, code, name, is_synthetic, few=False)
            summaries.append(without_forecast(option, about))
            continue
        frame = ahead.frame
        la, kind = frame.las.index(option.area_code), frame.types.index(option.placement_type)
        place, market = _place(ahead, names, la, kind), ahead.market(la, kind)
        years += year_rows(option, place, market, edition)
        summaries.append(summary_row(option, place, market, ahead.now, edition))
    return pd.DataFrame(years), pd.DataFrame(summaries)


def as_new_home(frame: Frame, option: Option) -> NewHome:
    """An option as a scenario opens it."""
    la, kind = frame.las.index(option.area_code), frame.types.index(option.placement_type)
    return NewHome(la, kind, home_of(option))


def as_scenario(option: Option, taken: Collection[str]) -> Scenario:
    """The scenario under whose name `forecast.scenario` has an option; taken: names of others."""
    name = f"{OPTION}{option.option}"
    while name.lower() in taken:
        name += " (option)"
    opened = Change(
        "open home",
        option.area_code,
        None,
        None,
        option.placement_type,
        Decimal(option.beds),
        option.opens,
        None,
        option.ramp_up_months,
        None,
        row=0,
    )
    return Scenario(name, (opened,))


def store_draws(
    connection: duckdb.DuckDBPyConnection, ahead: Ahead, wanted: Collection[str | None]
) -> None:
    """Keep the markets of all authorities that have a forecast, for questions asked later."""
    connection.execute("create schema if not exists foundation")
    connection.execute(
        f"create or replace table {DRAW_TABLE} (la_code varchar, placement_type varchar, "
        "draw integer, month_end date, bought double, bought_gbp double, lacking double[], "
        "lacking_gbp double[], own_gbp double, rise double)"
    )
    connection.execute(f"comment on table {DRAW_TABLE} is '{DRAW_COMMENT}'")
    for la, code in enumerate(ahead.frame.las):
        for name in TYPES if code in wanted else ():
            market = ahead.market(la, ahead.frame.types.index(name))
            rows = _market_rows(market).assign(la_code=code, placement_type=name)
            connection.register("rows_to_insert", rows)
            connection.execute(f"insert into {DRAW_TABLE} by name select * from rows_to_insert")
            connection.unregister("rows_to_insert")


def _market_rows(market: Market) -> pd.DataFrame:
    draws, months = market.bought.shape
    return pd.DataFrame(
        {
            "draw": np.repeat(np.arange(draws), months),
            "month_end": [month_end(int(m)) for m in market.months] * draws,
            "bought": market.bought.ravel(),
            "bought_gbp": market.bought_gbp.ravel(),
            "lacking": list(market.lacking.reshape(draws * months, -1)),
            "lacking_gbp": list(market.lacking_gbp.reshape(draws * months, -1)),
            "own_gbp": market.own_gbp.ravel(),
            "rise": market.rise.ravel(),
        }
    )


def stored_market(
    connection: duckdb.DuckDBPyConnection, la_code: str, placement_type: str
) -> Market | None:
    """A market that was kept; None where the authority has no forecast."""
    found = connection.execute(
        "select draw, 12 * year(month_end) + month(month_end) as month, bought, bought_gbp, "
        f"lacking, lacking_gbp, own_gbp, rise from {DRAW_TABLE} "
        "where la_code = $la and placement_type = $kind order by draw, month",
        {"la": la_code, "kind": placement_type},
    ).fetchnumpy()
    if not len(found["draw"]):
        return None
    draws = int(found["draw"].max()) + 1

    def shaped(name: str) -> np.ndarray:
        return np.asarray(found[name], float).reshape(draws, -1)

    def by_type(name: str) -> np.ndarray:
        return np.stack(found[name]).astype(float).reshape(draws, -1, len(found[name][0]))

    return Market(
        market_seed(la_code, placement_type),
        int(found["month"].min()),
        shaped("bought"),
        shaped("bought_gbp"),
        by_type("lacking"),
        by_type("lacking_gbp"),
        shaped("own_gbp"),
        shaped("rise"),
    )
