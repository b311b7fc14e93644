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
from pipeline.forecast.demand import (
    ALL,
    Place,
    Shown,
    forecast_rows,
    history_rows,
    read_shown,
)
from pipeline.forecast.drivers import driver_rows
from pipeline.forecast.new_home import read_now
from pipeline.forecast.new_home_rows import (
    Ahead,
    as_new_home,
    as_scenario,
    few_places,
    new_bed_rows,
    option_rows,
    store_draws,
)
from pipeline.forecast.nights import read_nights
from pipeline.forecast.periods import month_end
from pipeline.forecast.prices import draw_prices, estimate_prices
from pipeline.forecast.project import Draws, project
from pipeline.forecast.rates import read_rates
from pipeline.forecast.region import Frame, frame_of, read_children, read_stock
from pipeline.forecast.scenario_file import Scenario
from pipeline.forecast.small_numbers import OUTSIDE, Edition, Words, spend_shown
from pipeline.forecast.spend import Area as SpendArea
from pipeline.forecast.spend import (
    Months,
    missing_history,
    spend_by_month,
    spend_rows,
    types_of_total,
)
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
from pipeline.forecast.what_if import (
    changes_something,
    needs_cohort,
    new_homes,
    remarks,
    scenario_rows,
    with_new_homes,
)
from pipeline.options import Option
from pipeline.progress import tell

MONTHS = 24
DRAWS = 400
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
    options: Sequence[Option] = (),
    editions: Sequence[Edition] = (OUTSIDE,),
) -> Made:
    """Write all tables of schema `forecast`, in the file that dbt built, of each edition.

    An area whose forecast is not fit has its history and says why, and no forecast.
    """
    for edition in editions:
        create_tables(connection, edition.schema)
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
    backtest = _backtest_rows(found, len(forecast), _is_synthetic(names))
    for edition in editions:
        history = history_rows(connection, [a.la_code for a in areas], edition)
        _insert(connection, edition, "demand", history)
        _insert(connection, edition, "backtest", backtest)
        _insert(connection, edition, "rates", _rate_rows(connection, edition))
    if region.grade == NO_FORECAST:
        notes += _left_out(scenarios)
        _without_forecast(connection, names, options, editions)
    else:
        graded = {None: region, **standings}
        asked = _Asked(scenarios, budget, options)
        said = _project(connection, forecast, names, graded, asked, editions)
        of_prices = said.prices
        notes += said.notes
    standing = _standing_rows(areas, names, standings, region, of_prices)
    for edition in editions:
        _insert(connection, edition, "standing", standing)
    grades = {g: sum(s.grade == g for s in standings.values()) for g in dict.fromkeys(
        s.grade for s in standings.values())}  # fmt: skip
    return Made(region, grades, tuple(notes))


def _without_forecast(
    connection: duckdb.DuckDBPyConnection,
    names: Mapping[str, tuple[str, bool]],
    options: Sequence[Option],
    editions: Sequence[Edition],
) -> None:
    """Tell of each option that it cannot be valued."""
    for edition in editions:
        _, summaries = option_rows(None, names, (), options, edition)
        _insert(connection, edition, "business_case_summary", summaries)


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
class _Asked:
    """What an analyst wrote."""

    scenarios: Sequence[Scenario]
    budget: Sequence[BudgetLine]
    options: Sequence[Option]


@dataclass(frozen=True)
class _Said:
    prices: dict[str | None, tuple[str, ...]]  # by authority, None: of the region
    notes: list[str]


def _project(
    connection: duckdb.DuckDBPyConnection,
    areas: Sequence[Area],
    names: Mapping[str, tuple[str, bool]],
    standings: Mapping[str | None, Standing],
    asked: _Asked,
    editions: Sequence[Edition],
) -> _Said:
    """Draw the months to come, with and without scenarios, and write what may be shown of them."""
    scenarios, options = asked.scenarios, asked.options
    frame = frame_of(tuple(a.la_code for a in areas))
    origin = areas[0].region_last_month
    places = [p for p in _places(frame, names) if standings[p.la_code].grade in (FIT, CARE)]
    if not places:
        _without_forecast(connection, names, options, editions)
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
    children = base.stock[0, :, 0].sum(axis=1)
    spend_areas = [SpendArea(la, *names[la]) for la in frame.las]
    wanted = {p.la_code for p in places}
    ahead = Ahead(base, read_now(connection, frame), prices, price_draws)
    store_draws(connection, ahead, wanted)
    allowed: dict[Edition, tuple[Shown, Words, np.ndarray]] = {}
    for edition in editions:
        shown, words = read_shown(connection, origin, edition)
        may = _may(frame, shown, wanted)
        if not edition.is_exact:
            may = spend_shown(children, may, types_of_total(spent.is_priced))
        allowed[edition] = shown, words, may
        _insert(connection, edition, "demand", forecast_rows(base, places, shown, words, edition))
        rows = spend_rows(spent, spend_areas, asked.budget, may, words, edition)
        _insert(connection, edition, "spend", [r for r in rows if r.la_code in wanted])
        changed = driver_rows(spent, spend_areas, may, words, edition)
        _insert(connection, edition, "drivers", [r for r in changed if r.la_code in wanted])
        _insert(connection, edition, "new_beds", new_bed_rows(ahead, names, wanted, edition))
        years, summaries = option_rows(ahead, names, wanted, options, edition)
        _insert(connection, edition, "business_case", years)
        _insert(connection, edition, "business_case_summary", summaries)

    def insert_scenario(scenario: Scenario, made: tuple[Draws, Months]) -> None:
        for edition, (shown, words, may) in allowed.items():
            few = () if edition.is_exact else few_places(ahead)
            drawn = (base, spent), made
            rows = scenario_rows(scenario, *drawn, places, shown, may, words, edition, few)
            _insert(connection, edition, "scenario", rows)

    notes: list[str] = []
    for number, scenario in enumerate(scenarios, start=1):
        tell(f"Forecast: scenario {number} of {len(scenarios)}")
        notes += remarks(scenario, frame, origin, MONTHS)
        if not changes_something(scenario, frame, origin, MONTHS):
            continue
        made = base
        if needs_cohort(scenario):
            plan = ScenarioPlan(scenario, frame, origin, base.stock)
            made = project(frame, rates, now, origin, MONTHS, DRAWS, SEED, plan, tilted)
        cost = spend_by_month(made, nights, prices, price_draws, scenario.changes)
        homes = new_homes(scenario, frame, origin, base.stock)
        insert_scenario(scenario, with_new_homes(homes, ahead, (made, cost), scenario.changes))
    for option in (o for o in options if o.area_code in wanted):
        home = as_new_home(frame, option)
        if home.home.opens <= origin + MONTHS:
            scenario = as_scenario(option, {s.scenario.lower() for s in scenarios})
            insert_scenario(scenario, with_new_homes([home], ahead, (base, spent)))
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


def _rate_rows(connection: duckdb.DuckDBPyConnection, edition: Edition) -> pd.DataFrame:
    return connection.execute(f"from {edition.shown}.int_rates_shown order by all").df()


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


def _insert(
    connection: duckdb.DuckDBPyConnection,
    edition: Edition,
    table: str,
    rows: pd.DataFrame | Sequence[object],
) -> None:
    """Add rows to a table of an edition, by the names of their columns."""
    frame = pd.DataFrame(rows)
    if frame.empty:
        return
    connection.register("rows_to_insert", frame)
    connection.execute(f"insert into {edition.schema}.{table} by name select * from rows_to_insert")
    connection.unregister("rows_to_insert")
