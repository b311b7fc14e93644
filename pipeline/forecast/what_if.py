"""Rows of `forecast.scenario`: what a scenario changes, draw by draw."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.forecast.demand import ALL, Place, Series, Shown, of_series, to_unit
from pipeline.forecast.periods import month_end, month_name, month_number
from pipeline.forecast.project import Draws
from pipeline.forecast.scenario_file import Scenario
from pipeline.forecast.spend import KNOWN_MONTHS, Months, types_of_total

POUNDS = 1_000  # a month's difference is published to the nearest thousand pounds
MIDDLE = {"median": 0.5, "lower_80": 0.1, "upper_80": 0.9}
FIGURES = (
    "base_median",
    "scenario_median",
    *(f"difference_{name}" for name in MIDDLE),
    *(f"spend_difference_{name}_gbp_per_month" for name in MIDDLE),
)


def scenario_rows(
    scenario: Scenario,
    base: tuple[Draws, Months],
    made: tuple[Draws, Months],
    places: Sequence[Place],
    shown: Shown,
) -> pd.DataFrame:
    """Children and pounds with the scenario and without it, by area, type and month.

    Both were drawn with the same luck. Where children are not shown, neither is their difference.
    A scenario of one authority has rows of that and of the region alone.
    """
    rows = []
    of = {change.la_code for change in scenario.changes}
    places = [p for p in places if p.la_code is None or of & {None, p.la_code}]
    frame, origin = base[0].frame, base[0].origin
    priced = types_of_total(base[1].is_priced)
    for place in places:
        for kind in (ALL, *frame.types):
            series = Series(place, ALL, kind, shown.get((place.la_code, ALL, kind), False))
            about = place.row | {
                "scenario": scenario.scenario,
                "authorities": len(place.las),
                "placement_type": kind,
                "withheld": "" if series.shown else " ".join(FIGURES),
            }
            figures = _figures(series, base, made, priced) if series.shown else None
            for month in range(1, base[0].stock.shape[2]):
                row = about | {"month_end": month_end(origin + month)}
                rows.append(row | (figures[month - 1] if figures else {}))
    return pd.DataFrame(rows)


def _figures(
    series: Series, base: tuple[Draws, Months], made: tuple[Draws, Months], priced: np.ndarray
) -> list[dict[str, object]]:
    """The figures of each month to come."""
    frame = base[0].frame
    before, after = (of_series(frame, draws.stock, series)[:, 1:] for draws, _ in (base, made))
    kinds = (
        priced if series.placement_type == ALL else np.array(frame.types) == series.placement_type
    )
    las = list(series.place.las)
    pounds = [
        months.pounds[:, las][:, :, kinds, KNOWN_MONTHS:].sum(axis=(1, 2))
        for _, months in (base, made)
    ]
    found = []
    for month in range(before.shape[1]):
        row: dict[str, object] = {
            "base_median": int(to_unit(np.median(before[:, month]))),
            "scenario_median": int(to_unit(np.median(after[:, month]))),
        }
        more = after[:, month] - before[:, month]
        dearer = pounds[1][:, month] - pounds[0][:, month]
        for name, share in MIDDLE.items():
            row[f"difference_{name}"] = round(float(np.quantile(more, share)))
            if not np.isnan(dearer).any():
                row[f"spend_difference_{name}_gbp_per_month"] = POUNDS * round(
                    float(np.quantile(dearer, share)) / POUNDS
                )
        found.append(row)
    return found


def out_of_time(scenario: Scenario, origin: int, months: int) -> list[str]:
    """What of a scenario begins before the forecast, or after it has ended; in words."""
    said = []
    for change in scenario.changes:
        start = month_number(change.start)
        about = f"scenarios file, row {change.row}: “{change.kind}” of “{scenario.scenario}”"
        if start <= origin:
            said.append(
                f"{about} starts in {month_name(start)}, before the forecast does: it holds from "
                f"{month_name(origin + 1)} on."
            )
        elif start > origin + months:
            said.append(
                f"{about} starts in {month_name(start)}, after the forecast has ended "
                f"({month_name(origin + months)}): it changes nothing."
            )
    return said
