"""The forecast, whole: from the models that dbt made to the tables of schema `forecast`."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from pipeline.forecast.backtest import INTERVALS, Score, scores
from pipeline.forecast.blend import tilt
from pipeline.forecast.budget_file import BudgetLine
from pipeline.forecast.changes import ScenarioPlan
from pipeline.forecast.demand import ALL, Place, forecast_rows, history_rows, read_shown
from pipeline.forecast.drivers import driver_rows
from pipeline.forecast.nights import read_nights
from pipeline.forecast.periods import month_end
from pipeline.forecast.prices import draw_prices, estimate_prices
from pipeline.forecast.project import project
from pipeline.forecast.rates import read_rates
from pipeline.forecast.region import Frame, frame_of, read_children, read_stock
from pipeline.forecast.scenario_file import Scenario
from pipeline.forecast.small_numbers import spend_shown
from pipeline.forecast.spend import Area as SpendArea
from pipeline.forecast.spend import missing_history, spend_by_month, spend_rows, types_of_total
from pipeline.forecast.standing import (
    CARE,
    FIT,
    NO_FORECAST,
    Area,
    Standing,
    by_backtest,
    of_authority,
    of_region,
    read_areas,
    worse,
)
from pipeline.forecast.tables import create_tables
from pipeline.forecast.trials import SERIES_MONTHS, trials, whole
from pipeline.forecast.what_if import changes_something, remarks, scenario_rows
from pipeline.progress import tell

MONTHS = 24
DRAWS = 400
BLENDED = (
    "Types of placement are drawn half-way to a smoothing of the region's own history: in past "
    "quarters that was closer to what came than the cohort alone."
)
SEED = 903  # the same history gives the same forecast


@dataclass(frozen=True)
class Made:
    """What came of it: the standing of the region, and of how many authorities each; words."""

    region: Standing
    grades: Mapping[str, int]
    notes: tuple[str, ...]  # of scenarios that begin before the forecast or after it


def make_forecast(
    connection: duckdb.DuckDBPyConnection,
    scenarios: Sequence[Scenario] = (),
    budget: Sequence[BudgetLine] = (),
) -> Made:
    """Write all tables of schema `forecast`, in the file that dbt built.

    An area whose forecast is not fit has its history and says why, and no forecast.
    """
    create_tables(connection)
    areas = read_areas(connection)
    names = _names(connection)
    forecast = [a for a in areas if a.is_forecast]
    found = _scores(connection, forecast)
    own = {a.la_code: _own_standing(connection, a) for a in areas}
    region = of_region(found, own, len(forecast))
    gate = by_backtest(found)
    standings = {la: _gated(s, gate) for la, s in own.items()}
    notes: list[str] = []
    of_prices: Mapping[str | None, tuple[str, ...]] = {}
    _insert(connection, "demand", history_rows(connection, [a.la_code for a in areas]))
    _insert(connection, "backtest", _backtest_rows(found, len(forecast), _is_synthetic(names)))
    _insert(connection, "rates", _rate_rows(connection))
    if region.grade == NO_FORECAST:
        notes += _left_out(scenarios)
    else:
        graded = {None: region, **standings}
        said = _project(connection, forecast, names, graded, scenarios, budget)
        of_prices = said.prices
        notes += said.notes
    _insert(connection, "standing", _standing_rows(areas, names, standings, region, of_prices))
    grades = {g: sum(s.grade == g for s in standings.values()) for g in dict.fromkeys(
        s.grade for s in standings.values())}  # fmt: skip
    return Made(region, grades, tuple(notes))


def _left_out(scenarios: Sequence[Scenario]) -> list[str]:
    return [
        f"The scenario “{s.scenario}” is left out: there is no forecast that it could change."
        for s in scenarios
    ]


def _names(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, bool]]:
    """Name of each authority of the region, and whether it is invented."""
    rows = connection.execute(
        "select la_code, la_name, is_synthetic from common_core.local_authority where is_in_region"
    ).fetchall()
    return {code: (name, bool(invented)) for code, name, invented in rows}


def _is_synthetic(names: Mapping[str, tuple[str, bool]]) -> bool:
    return any(invented for _, invented in names.values())


def _scores(connection: duckdb.DuckDBPyConnection, areas: Sequence[Area]) -> list[Score]:
    if not areas:
        return []
    last = max(a.region_last_month for a in areas)
    return scores(trials(connection, last, SEED), SEED)


def _own_standing(connection: duckdb.DuckDBPyConnection, area: Area) -> Standing:
    """The standing of an authority by what was received of it."""
    if not area.covered_months:
        return of_authority(area, np.zeros((1, 1)), np.zeros(0), np.zeros(0))
    frame = frame_of((area.la_code,))
    stock = read_stock(connection, frame, area.first_month, area.last_month)[0].sum(axis=1)
    rows = connection.execute(
        "select entries, events from staging.int_forecast_month_la where la_code = $la "
        "and origin_month = $last order by month_number",
        {"la": area.la_code, "last": area.region_last_month},
    ).df()
    flows = (rows[name].to_numpy(float, na_value=np.nan) for name in ("entries", "events"))
    return of_authority(area, stock, *flows)


def _gated(own: Standing, gate: Standing) -> Standing:
    """An authority's standing, with how past forecasts of the region did."""
    if own.grade not in (FIT, CARE):
        return own
    graver = worse(own, gate).grade
    if graver == own.grade:
        return own
    said = "How past forecasts did, and what follows, is said of the region."
    return Standing(graver, f"{own.statement} {said}")


def _of_spend(standing: Standing, said: Sequence[str]) -> str:
    """What is said of prices, where there is a forecast."""
    return " ".join(said) if standing.grade in (FIT, CARE) else ""


@dataclass(frozen=True)
class _Said:
    prices: dict[str | None, tuple[str, ...]]  # by authority, None: of the region
    notes: list[str]


def _project(
    connection: duckdb.DuckDBPyConnection,
    areas: Sequence[Area],
    names: Mapping[str, tuple[str, bool]],
    standings: Mapping[str | None, Standing],
    scenarios: Sequence[Scenario],
    budget: Sequence[BudgetLine],
) -> _Said:
    """Draw the months to come, with and without scenarios, and write what may be shown of them."""
    frame = frame_of(tuple(a.la_code for a in areas))
    origin = areas[0].region_last_month
    places = [p for p in _places(frame, names) if standings[p.la_code].grade in (FIT, CARE)]
    if not places:
        return _Said({}, _left_out(scenarios))
    tell(f"Forecast: {DRAWS} draws of {MONTHS} months for {len(frame.las)} authorities")
    rates = read_rates(connection, frame, origin)
    now = read_children(connection, frame, origin)
    history = whole(read_stock(connection, frame, origin - SERIES_MONTHS + 1, origin))
    tilted = tilt(frame, rates, now, origin, history, MONTHS, SEED)
    base = project(frame, rates, now, origin, MONTHS, DRAWS, SEED, tilted=tilted)
    nights = read_nights(connection, frame.las, frame.types, origin)
    prices = estimate_prices(nights)
    price_draws = draw_prices(prices, DRAWS, SEED)
    spent = spend_by_month(base, nights, prices, price_draws)
    shown = read_shown(connection, origin)
    _insert(connection, "demand", forecast_rows(base, places, shown))
    children = base.stock[0, :, 0].sum(axis=1)
    may = _may(frame, shown, {p.la_code for p in places})
    may = spend_shown(children, may, types_of_total(spent.is_priced))
    spend_areas = [SpendArea(la, *names[la]) for la in frame.las]
    wanted = {p.la_code for p in places}
    rows = spend_rows(spent, spend_areas, budget, may)
    _insert(connection, "spend", pd.DataFrame([r for r in rows if r.la_code in wanted]))
    changed = driver_rows(spent, spend_areas, may)
    _insert(connection, "drivers", pd.DataFrame([r for r in changed if r.la_code in wanted]))
    notes: list[str] = []
    for number, scenario in enumerate(scenarios, start=1):
        tell(f"Forecast: scenario {number} of {len(scenarios)}")
        notes += remarks(scenario, frame, origin, MONTHS)
        if not changes_something(scenario, frame, origin, MONTHS):
            continue
        plan = ScenarioPlan(scenario, frame, origin, base.stock)
        made = project(frame, rates, now, origin, MONTHS, DRAWS, SEED, plan, tilted)
        cost = spend_by_month(made, nights, prices, price_draws, scenario.changes, made.beds)
        rows = scenario_rows(scenario, (base, spent), (made, cost), places, shown, may)
        _insert(connection, "scenario", rows)
    said = {la: tuple(words) for la, words in prices.statements.items()}
    if not prices.is_priced.any():
        said = dict.fromkeys((*frame.las, None), said[None])
    for la, words in missing_history(nights).items():
        said[la] = (*said.get(la, ()), words)
    return _Said(said, notes)


def _places(frame: Frame, names: Mapping[str, tuple[str, bool]]) -> list[Place]:
    """The region, and each authority."""
    everywhere = Place(None, "Region", tuple(range(len(frame.las))), _is_synthetic(names))
    each = [Place(la, names[la][0], (n,), names[la][1]) for n, la in enumerate(frame.las)]
    return [everywhere, *each]


def _may(frame: Frame, shown: Mapping, places: set[str | None]) -> np.ndarray:
    """Which areas (the region last) and types (all last) show their children; [area, type]."""
    return np.array(
        [
            [
                la in places and shown.get((la, ALL, kind)) is not None
                for kind in (*frame.types, ALL)
            ]
            for la in (*frame.las, None)
        ]
    )


def _rate_rows(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return connection.execute("from staging.int_rates_shown order by all").df()


def _backtest_rows(found: Sequence[Score], authorities: int, is_synthetic: bool) -> pd.DataFrame:
    rows = []
    for score in found:
        row = dataclasses.asdict(score)
        coverage = row.pop("coverage") or (None,) * len(INTERVALS)
        row |= {f"coverage_{p}": c for p, c in zip(INTERVALS, coverage, strict=True)}
        row["pit"] = list(score.pit) if score.pit else None
        row.pop("outcomes")
        # With all their digits, errors would tell the number that they are shares of.
        row |= {name: round(row[name], 3) for name in ("wape", "bias", "pinball_loss")}
        rows.append(row | {"authorities": authorities, "is_synthetic": is_synthetic})
    return pd.DataFrame(rows)


def _standing_rows(
    areas: Sequence[Area],
    names: Mapping[str, tuple[str, bool]],
    standings: Mapping[str, Standing],
    region: Standing,
    of_prices: Mapping[str | None, Sequence[str]],
) -> pd.DataFrame:
    known = [a for a in areas if a.is_in_region_sum]
    rows = [
        {
            "la_code": None,
            "area_name": "Region",
            "standing": region.grade,
            "statement": region.statement,
            "spend_statement": _of_spend(region, of_prices.get(None, ())),
            "origin": month_end(known[0].region_last_month) if known else None,
            "history_from": month_end(min(a.first_month for a in known)) if known else None,
            "authorities": len(known),
            "is_synthetic": _is_synthetic(names),
        }
    ]
    for area in areas:
        name, is_synthetic = names[area.la_code]
        standing = standings[area.la_code]
        rows.append(
            {
                "la_code": area.la_code,
                "area_name": name,
                "standing": standing.grade,
                "statement": standing.statement,
                "spend_statement": _of_spend(standing, of_prices.get(area.la_code, ())),
                "origin": month_end(area.history_ends) if area.history_ends else None,
                "history_from": month_end(area.first_month) if area.first_month else None,
                "authorities": 1,
                "is_synthetic": is_synthetic,
            }
        )
    return pd.DataFrame(rows)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    """Add rows to a table of schema `forecast`, by the names of their columns."""
    if rows.empty:
        return
    connection.register("rows_to_insert", rows)
    connection.execute(f"insert into forecast.{table} by name select * from rows_to_insert")
    connection.unregister("rows_to_insert")
