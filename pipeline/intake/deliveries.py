"""Deliveries: what an authority sent of one dataset and period in one go."""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.intake.manifest import Entry
from pipeline.intake.place import place_quarter, place_year

# The files of one look at the landing folder are received within a moment of each other.
ONE_LOOK = timedelta(seconds=1)
# In English wherever the machine stands.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class Delivery:
    """The entries of one dataset and period that one look at the landing folder found."""

    dataset: str  # empty where the files were not recognised
    period: str  # empty where nothing tells it
    received_at: datetime
    entries: tuple[Entry, ...]

    @property
    def rows_read(self) -> int:
        return sum(e.rows_read for e in self.entries)


def period_named(entry: Entry) -> str:
    """The period of an entry; that of its folder or file name where its rows were not looked at."""
    if entry.period:
        return entry.period
    if quarter := place_quarter(entry.file):
        return quarter if entry.dataset in ("", "placements") else ""
    year = place_year(entry.file) if entry.dataset == "ssda903" else None
    return str(year or "")


def deliveries(entries: Iterable[Entry]) -> list[Delivery]:
    """Entries as deliveries, by dataset, period and when they came."""
    of_period: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        of_period.setdefault((entry.dataset, period_named(entry)), []).append(entry)
    return [
        Delivery(dataset, period, look[0].received_at, tuple(look))
        for (dataset, period), found in sorted(of_period.items())
        for look in _looks(sorted(found, key=lambda e: e.received_at))
    ]


def _looks(entries: list[Entry]) -> Iterator[list[Entry]]:
    look: list[Entry] = []
    for entry in entries:
        if look and entry.received_at - look[0].received_at > ONE_LOOK:
            yield look
            look = []
        look.append(entry)
    if look:
        yield look


def last_day(period: str) -> date:
    """The last day of a quarter such as `2025Q4`, or of a collection year such as `2026`."""
    year, _, quarter = period.partition("Q")
    if not quarter:
        return date(int(year), 3, 31)
    month = 3 * int(quarter)
    return date(int(year), month, calendar.monthrange(int(year), month)[1])


def period_words(period: str) -> str:
    """A period as an officer would say it."""
    year, _, quarter = period.partition("Q")
    if not quarter:
        return f"collection year {year} (April {int(year) - 1} to March {year})"
    first = 3 * int(quarter) - 3
    return f"{period} ({MONTHS[first]} to {MONTHS[first + 2]} {year})"


def day_words(day: date) -> str:
    """A day as it is written in British English: 30 January 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
