"""Months, quarters and financial years by their numbers: a month's is 12 x year + month."""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

QUARTER, YEAR = "quarter", "financial year"


@dataclass(frozen=True)
class Period:
    """A calendar quarter, such as 2026Q4, or a financial year, such as 2026/27."""

    period_type: str
    name: str
    first: int  # month numbers, both within
    last: int


def month_number(day: dt.date) -> int:
    """The number of the month that a day is in."""
    return 12 * day.year + day.month


def days_in(month: int) -> int:
    """Days of a month."""
    year, month_of_year = _parts(month)
    return calendar.monthrange(year, month_of_year)[1]


def month_end(month: int) -> dt.date:
    """The last day of a month."""
    year, month_of_year = _parts(month)
    return dt.date(year, month_of_year, days_in(month))


def month_name(month: int) -> str:
    """A month in words, such as March 2026."""
    year, month_of_year = _parts(month)
    return f"{calendar.month_name[month_of_year]} {year}"


def year_and_month(month: int) -> str:
    """A month as a text that sorts by time, such as 2026-03."""
    year, month_of_year = _parts(month)
    return f"{year}-{month_of_year:02}"


def span_name(first: int, last: int) -> str:
    """Months in words, such as April 2025 to March 2026, or March 2026."""
    names = dict.fromkeys((month_name(first), month_name(last)))
    return " to ".join(names)


def periods_reached(origin: int, months: int) -> Iterator[Period]:
    """Quarters, then financial years, that a forecast of so many months reaches into.

    One of which the last months are still beyond the forecast is left out: it would look cheap.
    """
    end = origin + months
    for month in range(origin + 1, end + 1):
        year, month_of_year = _parts(month)
        if month_of_year % 3 == 0:
            yield Period(QUARTER, f"{year}Q{month_of_year // 3}", month - 2, month)
    for month in range(origin + 1, end + 1):
        year, month_of_year = _parts(month)
        if month_of_year == 3:
            yield Period(YEAR, f"{year - 1}/{year % 100:02}", month - 11, month)


def _parts(month: int) -> tuple[int, int]:
    year, month_before = divmod(month - 1, 12)
    return year, month_before + 1
