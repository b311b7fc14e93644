"""The returns inside cs-demand-model's wheel: invented children of one authority, winding down.

They are read from the wheel (`make test` fetches it), never copied into this project.
A file YEAR-episodes.csv there is of the year that begins in April of YEAR. Of some 630 children
at first, short breaks included, hardly 90 are left after five years, because few new ones come.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.settings import DBT_PROJECT
from tests.forecast.returns import COLUMNS

WHEEL = DBT_PROJECT.parent / ".forecast-sample"
LA_CODE = "E99999999"
LAST = dt.date(2022, 3, 31)  # the last day that the files speak of
SHORT_BREAKS = ("V3", "V4")


def folder() -> Path | None:
    """Where the wheel's files lie, if it is here."""
    found = WHEEL / "cs_demand_model_samples" / "combined"
    return found if found.is_dir() else None


def write_as_ours(source: Path, to: Path) -> None:
    """The same rows under our names: the year by its end, the children by their authority."""
    to.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        for path in sorted(source.glob(f"*-{table}.csv")):
            year = int(path.name[:4]) + 1
            rows = list(csv.DictReader(path.open(encoding="utf-8")))
            with (to / f"{year}-{table}.csv").open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, columns, extrasaction="ignore")
                writer.writeheader()
                writer.writerows(row | {"CHILD": f"{LA_CODE}-{row['CHILD']}"} for row in rows)


@dataclass(frozen=True)
class Episode:
    """Days of care: `end` is the first day that is none."""

    child: str
    born: dt.date  # any day of the month of birth
    start: dt.date
    end: dt.date | None


def episodes(source: Path) -> list[Episode]:
    """The episodes as reported, read row by row; of the same start the latest return holds.

    Short breaks (V3, V4) are no care for this purpose.
    """
    born: dict[str, dt.date] = {}
    latest: dict[tuple[str, dt.date], dict[str, str]] = {}
    for path in sorted(source.glob("*-header.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8")):
            born[row["CHILD"]] = _date(row["DOB"])
    for path in sorted(source.glob("*-episodes.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8")):
            latest[row["CHILD"], _date(row["DECOM"])] = row
    return [
        Episode(child, born[child], start, _date(row["DEC"]) if row["DEC"] else None)
        for (child, start), row in latest.items()
        if row["LS"] not in SHORT_BREAKS
    ]


def children_by_month(told: Iterable[Episode]) -> dict[dt.date, int]:
    """Children under 18 in care at each month-end, each episode asked for each day."""
    counts, day = {}, dt.date(2017, 4, 30)
    told = list(told)
    while day <= LAST:
        there = set()
        for episode in told:
            months = 12 * (day.year - episode.born.year) + day.month - episode.born.month
            is_there = episode.start <= day and (episode.end is None or episode.end > day)
            if is_there and months < 12 * 18:
                there.add(episode.child)
        counts[day] = len(there)
        day = (day + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return counts


def _date(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()
