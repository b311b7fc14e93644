"""Age bands and types of the forecast, as the seeds of the dbt project configure them."""

import csv
from pathlib import Path

from pipeline.settings import DBT_PROJECT

SEEDS = DBT_PROJECT / "seeds"


def _rows(file: Path, order: str) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return sorted(csv.DictReader(stream), key=lambda row: int(row[order]))


def age_bands() -> tuple[tuple[str, int, int], ...]:
    """Name, first month of age and the month after the last, from the youngest band on."""
    return tuple(
        (row["age_band"], int(row["first_month"]), int(row["end_month"]))
        for row in _rows(SEEDS / "forecast_age_band.csv", "band_order")
    )


def forecast_types() -> tuple[str, ...]:
    """The types of placement that are forecast, in the order in which they are shown."""
    rows = _rows(SEEDS / "forecast_type.csv", "type_order")
    return tuple(dict.fromkeys(row["forecast_type"] for row in rows))


def states() -> dict[str, str]:
    """The type that is shown for each placement type of the Common Core, in order."""
    rows = _rows(SEEDS / "forecast_type.csv", "type_order")
    return {row["placement_type"]: row["forecast_type"] for row in rows}
