"""Numbers, shares and periods as people say them."""

import calendar
import math
from collections.abc import Sequence

from pipeline.withheld import TO_KEEP_ANOTHER_UNKNOWN, withheld_words

REGION = "Region"  # what its rows are called in the marts
TOO_FEW = "too few to show"
FOR_ANOTHER = "withheld so that another small number stays unknown"
FOR_ANOTHER_IN_SHORT = "withheld for another"  # where a picture has no room for more
NOT_KNOWN = "not known"
MINUS = "\N{MINUS SIGN}"
MONTHS = 3  # of a quarter
SIMPLE_SHARES = ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5), (1, 10))
CLOSE_ENOUGH = 0.02  # how far a share may be from the simple one that it is said as


def why_withheld(withheld: str, *figures: str) -> str:
    """Why figures of a mart's row are not shown, by its column `withheld`; too few if it is silent.

    Where they are withheld for several reasons, the first of the figures has its say.
    """
    named = withheld_words(withheld or "")
    found = [named[f] for f in figures if f in named] or list(named.values())
    return FOR_ANOTHER if found[:1] == [TO_KEEP_ANOTHER_UNKNOWN] else TOO_FEW


def pounds(amount: float) -> str:
    """Pounds, rounded as people say them: £540, £5,200, £14,000, £1.3 million."""
    size = abs(amount)
    sign = MINUS if amount < 0 else ""
    if size >= 999_500:
        return f"{sign}£{size / 1_000_000:.1f} million"
    step = 1_000 if size >= 10_000 else 100 if size >= 1_000 else 10 if size >= 100 else 1
    rounded = math.floor(size / step + 0.5) * step
    return f"{sign if rounded else ''}£{rounded:,}"


def pounds_a_week(amount: float) -> str:
    """A weekly price in pounds."""
    return f"{pounds(amount)} a week"


def change_in_pounds(amount: float) -> str:
    """A change in pounds with its sign; none is £0."""
    words = pounds(amount)
    return f"+{words}" if amount > 0 and words != "£0" else words


def percent(share: float) -> str:
    """A share of 0 to 1 in whole percent; what is not nothing is never said to be 0%."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 < share < 1:
        return "over 99%"
    return f"{math.floor(100 * share + 0.5)}%"


def change_in_percent(value: float) -> str:
    """Percent above or below, with its sign: +12%, or a minus before it."""
    rounded = math.floor(abs(value) + 0.5)
    return f"{MINUS if value < 0 else '+'}{rounded}%" if rounded else "0%"


def about(share: float) -> str:
    """A share in words where a simple one is near: about 1 in 4; else in percent."""
    if share in (0, 1):
        return "none" if share == 0 else "all"
    part, whole = min(SIMPLE_SHARES, key=lambda s: (round(abs(s[0] / s[1] - share), 6), s[1]))
    if abs(part / whole - share) > CLOSE_ENOUGH:
        return percent(share)
    return "about half" if (part, whole) == (1, 2) else f"about {part} in {whole}"


def part_of(part: float, whole: float) -> str:
    """Numerator and denominator: 12 of 40."""
    return f"{part:,.0f} of {whole:,.0f}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: a, b and c; with semicolons where a name has a comma."""
    if len(names) < 2:
        return "".join(names)
    between = "; " if any("," in n for n in names) else ", "
    return f"{between.join(names[:-1])} and {names[-1]}"


def how_many(count: int, one: str, more: str) -> str:
    """A count with its noun: 1 authority, 4 authorities."""
    return f"{count:,} {one if count == 1 else more}"


def quarters_in_words(first: str, last: str) -> str:
    """From a quarter to a quarter, such as 2025Q2 to 2026Q1: April 2025 to March 2026."""
    begins, ends = int(first[-1]) * MONTHS - 2, int(last[-1]) * MONTHS
    from_year = "" if first[:4] == last[:4] else f" {first[:4]}"
    return f"{calendar.month_name[begins]}{from_year} to {calendar.month_name[ends]} {last[:4]}"


def year_back(quarter: str) -> str:
    """The first quarter of the year that ends with this one: 2025Q2 for 2026Q1."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year - (number < 4)}Q{number % 4 + 1}"
