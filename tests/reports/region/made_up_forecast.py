"""A made-up forecast, in the tables that are published: three authorities and the region."""

import calendar
import math
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import duckdb
import pandas as pd

from pipeline.forecast.categories import age_bands, forecast_types
from pipeline.forecast.tables import TABLES, create_tables
from pipeline.region import Authority, Region
from pipeline.reports.editions import rows_of
from pipeline.reports.region.forecast import Forecast, read_forecast

LAS = {"E10000008": "Devon", "E06000052": "Cornwall", "E06000059": "Dorset"}
REGION = None
AREAS = {REGION: "Region"} | LAS
SIZES = {REGION: 1600, "E10000008": 800, "E06000052": 500, "E06000059": 300}
SHARES = {"foster": 0.66, "residential": 0.18, "supported": 0.1, "other": 0.06}
PRICES = {"foster": 90.0, "residential": 750.0, "supported": 190.0, "other": 30.0}  # a night
ORIGIN = 12 * 2026 + 3
HISTORY, AHEAD = 72, 24  # months
WIDTHS = {"95": 1.96, "80": 1.28, "50": 0.67}
NO_STATEMENT = "Nothing speaks against it."


def month_end(number: int) -> date:
    """The last day of a month, 12 * year + month."""
    year, month = divmod(number - 1, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def _area(code: str | None) -> dict[str, object]:
    return {
        "la_code": code,
        "area_name": AREAS[code],
        "authorities": 1 if code else len(LAS),
        "withheld": "",
        "is_synthetic": True,
    }


def _five(children: float) -> int:
    return 5 * round(max(0.0, children) / 5)


def _demand(standing: dict[str | None, str]) -> list[dict]:
    drawn = random.Random(1)
    rows = []
    bands = {band: share for (band, *_), share in zip(
        age_bands(), (0.06, 0.13, 0.18, 0.39, 0.24), strict=True)}  # fmt: skip
    series = {("all", "all"): 1.0}
    series |= {("all", kind): SHARES[kind] for kind in forecast_types()}
    series |= {(band, "all"): share for band, share in bands.items()}
    for code in AREAS:
        for (band, kind), share in series.items():
            key = _area(code) | {"age_band": band, "placement_type": kind}
            size, trend = (
                SIZES[code] * share,
                {"residential": 0.06, "foster": -0.01}.get(kind, 0.01),
            )
            wander = 0.0
            for n in range(1 - HISTORY, 1):
                wander = 0.9 * wander + drawn.gauss(0, 0.012)
                row = key | {"month_end": month_end(ORIGIN + n), "kind": "history"}
                rows.append(row | {"children": _five(size * (1 + trend * n / 12 + wander))})
            if standing[code] == "no forecast":
                continue
            start = size * (1 + wander)
            for n in range(1, AHEAD + 1):
                middle = start * (1 + trend * n / 12)
                spread = math.sqrt(n) * (0.006 * start + 0.25 * math.sqrt(start))
                row = key | {"month_end": month_end(ORIGIN + n), "kind": "forecast"}
                row |= {"median": _five(middle)}
                for width, reach in WIDTHS.items():
                    row |= {f"lower_{width}": _five(middle - reach * spread)}
                    row |= {f"upper_{width}": _five(middle + reach * spread)}
                rows.append(row)
    return rows


def _spend(standing: dict[str | None, str]) -> list[dict]:
    rows = []
    for code in AREAS:
        if standing[code] == "no forecast":
            continue
        for kind in ("all", *forecast_types()):
            of_kinds = SHARES if kind == "all" else {kind: SHARES[kind]}
            night = sum(PRICES[k] * share for k, share in of_kinds.items())
            for year in (2026, 2027):
                middle = 365 * SIZES[code] * night * 1.05 ** (year - 2025)
                budget = (
                    365 * SIZES[code] * night * 1.07 if kind == "all" and year == 2026 else None
                )
                rows.append(
                    _area(code)
                    | {
                        "placement_type": kind,
                        "period_type": "financial year",
                        "period": f"{year}/{(year + 1) % 100}",
                        "months_known": 0,
                        "nights_median": round(365 * SIZES[code] * sum(of_kinds.values())),
                        "spend_median_gbp": round(middle, -5),
                        "spend_lower_80_gbp": round(0.95 * middle, -5),
                        "spend_upper_80_gbp": round(1.06 * middle, -5),
                        "budget_gbp": None if budget is None else round(budget),
                        "over_budget_probability": None if budget is None else 0.32,
                    }
                )
            rows.append(
                rows[-1] | {"period_type": "quarter", "period": "2026Q2", "budget_gbp": None}
                | {"over_budget_probability": None}
            )  # fmt: skip
    return rows


def _drivers(standing: dict[str | None, str]) -> list[dict]:
    rows = []
    for code in AREAS:
        if standing[code] == "no forecast":
            continue
        before = 20_000 * SIZES[code]
        for year, times in ((2026, 1), (2027, 2)):
            parts = {"volume": 0.012 * times, "mix": 0.021 * times, "price": 0.045 * times}
            row = _area(code) | {
                "placement_type": "all",
                "before_period": "2025-04 to 2026-03",
                "after_period": f"{year}-04 to {year + 1}-03",
                "spend_before_gbp": before,
                "spend_after_gbp": before + sum(round(before * p, -4) for p in parts.values()),
            }
            for name, share in parts.items():
                row |= {
                    f"{name}_mean_gbp": round(before * share, -4),
                    f"{name}_lower_80_gbp": round(before * (share - 0.02), -4),
                    f"{name}_upper_80_gbp": round(before * (share + 0.025), -4),
                }
            rows.append(row)
    return rows


def _backtest() -> list[dict]:
    sizes = {"region": 0.008, "region x type": 0.02, "authority": 0.037, "authority x type": 0.06,
             "authority x band x type": 0.11}  # fmt: skip
    methods = {"this forecast": 1.0, "last value": 1.6, "drift": 1.9, "ets": 1.3,
               "constant rates": 1.15}  # fmt: skip
    rows = []
    for level, error in sizes.items():
        for method, times in methods.items():
            for ahead in (12, 24):
                ours = method == "this forecast"
                rows.append(
                    {
                        "authorities": len(LAS),
                        "level": level,
                        "method": method,
                        "horizon_months": ahead,
                        "origins": 8,
                        "wape": error * times * math.sqrt(ahead / 12),
                        "bias": 0.004 if ours else -0.02,
                        "pinball_loss": 1.2 if ours else None,
                        "coverage_50": 0.52 if ours else None,
                        "coverage_80": 0.82 - 0.04 * (ahead == 24) if ours else None,
                        "coverage_95": 0.94 if ours else None,
                        "pit": [0.09, 0.1, 0.11, 0.1, 0.12, 0.09, 0.1, 0.08, 0.1, 0.11]
                        if ours
                        else None,
                        "is_synthetic": True,
                    }
                )
    return rows


SCENARIOS = {
    "Move 10 from residential to foster": {"foster": 10, "residential": -9},
    "Open a home with 6 beds": {"supported": 6, "residential": -6},
    "Entries 10% lower": {"foster": -25, "residential": -6, "supported": -2},
    "Inflation 5% residential": {},
}


def _scenario(standing: dict[str | None, str], names: dict[str, dict[str, int]]) -> list[dict]:
    rows = []
    for code in AREAS:
        if standing[code] == "no forecast":
            continue
        for name, changes in names.items():
            for kind in ("all", *forecast_types()):
                change = sum(changes.values()) if kind == "all" else changes.get(kind, 0)
                money = sum(30 * PRICES[k] * n for k, n in changes.items()) or 90_000.0
                for ahead in (12, 24):
                    reach = max(1, abs(change) // 4) if change else 0
                    rows.append(
                        _area(code)
                        | {
                            "scenario": name,
                            "placement_type": kind,
                            "month_end": month_end(ORIGIN + ahead),
                            "base_median": 100,
                            "scenario_median": 100 + change,
                            "difference_median": change,
                            "difference_lower_80": change - reach,
                            "difference_upper_80": change + reach,
                            "spend_difference_median_gbp_per_month": money,
                            "spend_difference_lower_80_gbp_per_month": money - abs(money) / 4,
                            "spend_difference_upper_80_gbp_per_month": money + abs(money) / 3,
                        }
                    )
    return rows


def _standing(standing: dict[str | None, str], statements: dict[str | None, str]) -> list[dict]:
    return [
        _area(code)
        | {
            "standing": level,
            "statement": statements.get(code, NO_STATEMENT),
            "spend_statement": "Prices are taken to rise.",
            "origin": month_end(ORIGIN),
            "history_from": month_end(ORIGIN - HISTORY + 1),
        }
        for code, level in standing.items()
    ]


def frames(
    standing: dict[str | None, str] | None = None,
    statements: dict[str | None, str] | None = None,
    scenarios: dict[str, dict[str, int]] | None = None,
) -> dict[str, pd.DataFrame]:
    """Rows of each table; standing and statements by code of the area, None of the region."""
    levels = dict.fromkeys(AREAS, "fit") | (standing or {})
    return {
        "demand": pd.DataFrame(_demand(levels)),
        "spend": pd.DataFrame(_spend(levels)),
        "drivers": pd.DataFrame(_drivers(levels)),
        "backtest": pd.DataFrame(_backtest()),
        "scenario": pd.DataFrame(_scenario(levels, SCENARIOS if scenarios is None else scenarios)),
        "standing": pd.DataFrame(_standing(levels, statements or {})),
    }


@contextmanager
def published(rows: dict[str, pd.DataFrame]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the tables with these rows; a table that is not named is empty."""
    with duckdb.connect() as connection:
        create_tables(connection)
        for table in TABLES:
            found = rows.get(table.name)
            if found is None or found.empty:
                continue
            there = {name for name, *_ in connection.execute(
                f"describe forecast.{table.name}").fetchall()}  # fmt: skip
            columns = [column for column in found.columns if column in there]
            connection.register("given", found[columns])
            connection.execute(f"insert into forecast.{table.name} by name from given")
            connection.unregister("given")
        yield connection


def read(rows: dict[str, pd.DataFrame], seen_by: str | None = None) -> Forecast:
    """The tables as the report reads them; of an authority alone its rows and the region's."""
    authorities = tuple(Authority(code, name, name.lower(), ()) for code, name in LAS.items())
    region = Region("Test", True, next(iter(LAS)), authorities, las_see_each_other=seen_by is None)
    with published(rows) as connection:
        return read_forecast(connection, rows_of(connection, region, seen_by))
