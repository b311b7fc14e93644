"""Whether a forecast can be relied on: by the history of each authority, and by the backtest."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from pipeline.forecast.backtest import THIS, Score
from pipeline.forecast.periods import month_name

FIT, CARE, NOT_FIT, NO_FORECAST = "fit", "use with care", "not fit", "no forecast"
GRADES = (FIT, CARE, NOT_FIT, NO_FORECAST)

LEAST_MONTHS = 12  # of history, or there is no forecast
ENOUGH_MONTHS = 36
YEAR = 12
WINDING_DOWN = 0.25  # entries of the last year over those of a year before
LEAST_ENTRIES = 10.0  # a year before, for them to tell
MANY_CHILDREN = 20  # in care: in England about eight of so many come in a year, and as many leave
MUCH = 0.01  # share of child-months with a fault that is worth a word
BREAK_SHARE, BREAK_CHILDREN = 0.15, 10  # who change their type in one month without coming or going

# The backtest's gate: of the counts of authorities by type a year ahead (or as far as is known).
GATE_LEVEL, GATE_HORIZONS = "authority x type", (12, 6, 3)
GATE_OUTCOMES, GATE_ORIGINS = 40, 3
NEAR, FAR = (0.70, 0.90), (0.60, 0.96)  # coverage of the 80% interval: good, and still of use
# What costs nothing, and which of them a forecast must beat to be worth more than the last count.
SIMPLE, LAST = ("last value", "drift", "ets"), "last value"
SIMPLE_IN_WORDS = {
    "last value": "the last count",
    "drift": "the trend of the years before",
    "ets": "exponential smoothing",
}
MUCH_WORSE = 1.2  # times the error of the last count, and the forecast is of no use
LEVELS_IN_WORDS = {
    "region": "all children of the region",
    "region x type": "the region's types of home",
    "authority": "all children of each authority",
    "authority x type": "the types of home of each authority",
    "authority x band x type": "the ages and types of home of each authority",
}


@dataclass(frozen=True)
class Area:
    """What is known of an authority's history; months are numbers, 12 x year + month."""

    la_code: str
    is_in_region_sum: bool
    first_month: int | None
    last_month: int | None
    covered_months: int
    missing_months: int
    children: int
    unmapped_child_months: int
    children_without_birth_month: int
    region_last_month: int | None
    as_of: dt.date | None  # what is known of later days is left out

    @property
    def is_forecast(self) -> bool:
        """Whether it is one of the authorities that the region's forecast adds up."""
        return self.is_in_region_sum and self.covered_months >= LEAST_MONTHS

    @property
    def history_ends(self) -> int | None:
        """The last month that is used: no later than the region's."""
        if self.last_month is None or self.region_last_month is None:
            return None
        return min(self.last_month, self.region_last_month)


@dataclass(frozen=True)
class Standing:
    """A grade of GRADES, and why in words."""

    grade: str
    statement: str


def read_areas(connection: duckdb.DuckDBPyConnection) -> tuple[Area, ...]:
    """All authorities of the region, with and without data."""
    rows = connection.execute(
        "select la_code, is_in_region_sum, first_month, last_month, covered_months, "
        "missing_months, children, unmapped_child_months, children_without_birth_month, "
        "region_last_month, as_of_date from staging.int_forecast_area order by la_code"
    ).fetchall()
    return tuple(Area(*row) for row in rows)


def of_authority(
    area: Area, stock: np.ndarray, entries: np.ndarray, leavers: np.ndarray
) -> Standing:
    """The standing of an authority by its history alone.

    stock: [month, type] children at month-ends, oldest first; entries, leavers: [month] children
    who came, and who left before they were 18, before the origin; all NaN where not known.
    """
    why = _no_forecast(area)
    if why:
        return Standing(NO_FORECAST, why)
    why = _winding_down(entries) or _standstill(area, entries, leavers)
    if why:
        return Standing(NOT_FIT, why)
    cares = [words for words in (*_gaps(area), _break(stock)) if words]
    return Standing(CARE if cares else FIT, " ".join(cares) or "The history is whole.")


def _no_forecast(area: Area) -> str:
    if not area.covered_months or area.last_month is None:
        until = (
            f" that tell of a month up to {area.as_of.day} {area.as_of:%B %Y}" if area.as_of else ""
        )
        return f"No SSDA903 episodes were received{until}: there is nothing to forecast from."
    if area.last_month < area.region_last_month:
        return (
            f"Its last SSDA903 return ends in {month_name(area.last_month)}, before the region's, "
            f"{month_name(area.region_last_month)}. Send the newer return."
        )
    if area.covered_months < LEAST_MONTHS:
        return (
            f"Only {_months(area.covered_months)} of history were received; {LEAST_MONTHS} are "
            "needed. Send the returns of earlier years as well."
        )
    if not area.is_in_region_sum:
        return (
            f"Its SSDA903 returns leave out {month_name(area.region_last_month)}, the region's "
            "last month. Send the return of that year."
        )
    if not area.children:
        return f"No children were in care at the end of {month_name(area.last_month)}."
    return ""


def _months(number: int) -> str:
    return f"{number} month{'' if number == 1 else 's'}"


def _winding_down(entries: np.ndarray) -> str:
    """Whether children have stopped coming, as in files of a closed group of children."""
    known = entries[~np.isnan(entries)]
    last, before = known[-YEAR:].sum(), known[:-YEAR]
    usual = before.mean() * YEAR if len(before) else 0.0
    if usual < LEAST_ENTRIES or last > WINDING_DOWN * usual:
        return ""
    return (
        f"The cohort is winding down: in the last year fewer than {WINDING_DOWN:.0%} as many "
        "children came into care as in a year before. The files seem to be of a closed group of "
        "children, or the last return lacks those who came; a forecast from them would fall to "
        "nothing. Send a return with all episodes of the year."
    )


def _standstill(area: Area, entries: np.ndarray, leavers: np.ndarray) -> str:
    """Whether of many children none came or none left in a year, which cannot be."""
    if area.children < MANY_CHILDREN:
        return ""
    for flow, what, lack in (
        (entries, "came into care", "the returns lack those who came"),
        (leavers, "left care before 18", "the returns lack the ends of episodes"),
    ):
        known = flow[~np.isnan(flow)][-YEAR:]
        if len(known) >= LEAST_MONTHS - 1 and not known.any():
            return (
                f"In the last year nobody {what}: {lack}, or they are of a closed group of "
                "children. Send returns with all episodes of the year."
            )
    return ""


def _gaps(area: Area) -> list[str]:
    words = []
    if area.covered_months < ENOUGH_MONTHS:
        words.append(
            f"Its history is short ({_months(area.covered_months)}, from "
            f"{month_name(area.first_month)}), so its rates are mostly the region's."
        )
    if area.missing_months:
        words.append(
            f"Returns of {_months(area.missing_months)} between the first and the last are "
            "missing; nothing was learnt from these months or the steps into and out of them."
        )
    if area.last_month > area.region_last_month:
        words.append(
            f"Its returns go on to {month_name(area.last_month)}; all authorities are forecast "
            f"from {month_name(area.region_last_month)}, the region's last month."
        )
    months = max(area.children * area.covered_months, 1)
    if area.unmapped_child_months > MUCH * months:
        words.append(
            "Some placements have a code that no list knows; they are counted as other types."
        )
    if area.children_without_birth_month > MUCH * max(area.children, 1):
        words.append("Children without a date of birth are left out.")
    return words


def _break(stock: np.ndarray) -> str:
    """Whether in one month many children seem to have changed their type, and nobody came or left.

    A change of the codes looks so; history before it is of other types than history after it.
    """
    steps = np.diff(stock, axis=0)
    swapped = (np.abs(steps).sum(axis=1) - np.abs(steps.sum(axis=1))) / 2
    before = np.maximum(stock[:-1].sum(axis=1), 1)
    broken = (swapped >= BREAK_CHILDREN) & (swapped > BREAK_SHARE * before)
    if not broken.any():
        return ""
    return (
        "In one month many children changed their type of placement while hardly any came or left: "
        "the codes were probably changed. Rates from before are of other types."
    )


def of_region(scores: Sequence[Score], standings: Mapping[str, Standing], summed: int) -> Standing:
    """The standing of the region: by the backtest's gate, and by how many authorities are in it.

    summed: authorities that its forecast adds up.
    """
    graded = [s for s in standings.values() if s.grade != NO_FORECAST]
    if not graded:
        return Standing(
            NO_FORECAST,
            "No authority can be forecast: what was received of each is told beside its name.",
        )
    gate = by_backtest(scores)
    words = [gate.statement]
    if summed < len(standings):
        words.append(f"It is of {summed} of {len(standings)} authorities.")
    faulty = sum(s.grade == NOT_FIT for s in graded)
    if faulty:
        words.append(f"The history of {faulty} of them is not fit to forecast from.")
    grade = gate.grade if gate.grade == NOT_FIT or not faulty else CARE
    if 2 * faulty > len(graded):
        grade = NOT_FIT
    return Standing(grade, " ".join(words))


def by_backtest(scores: Sequence[Score]) -> Standing:
    """The gate: by whether intervals held what they say, and whether simple methods did better."""
    for horizon in GATE_HORIZONS:
        for score in scores:
            at = score.level, score.method, score.horizon_months
            if at == (GATE_LEVEL, THIS, horizon) and score.coverage:
                return _joined(_judged(score), _beside_simple(scores, horizon, score))
    return Standing(
        CARE,
        "There is too little history to hold past forecasts to what came: nobody knows how good it "
        "is.",
    )


def _judged(score: Score) -> Standing:
    held = score.coverage[1]
    words = (
        f"Of past forecasts {score.horizon_months} months ahead, the 80% intervals held "
        f"{held:.0%} of what came ({score.outcomes} counts, {score.origins} past quarters)"
    )
    if _is_little(score):
        return Standing(CARE, f"{words}: too few to judge by.")
    if FAR[0] <= held <= FAR[1]:
        good = NEAR[0] <= held <= NEAR[1]
        return Standing(FIT if good else CARE, f"{words}.")
    sure = "surer than it may be" if held < FAR[0] else "less sure than it could be"
    return Standing(NOT_FIT, f"{words}: it is {sure}, and so it is not shown.")


def _is_little(score: Score) -> bool:
    """Whether there is too little of the past to judge a forecast by."""
    return score.outcomes < GATE_OUTCOMES or score.origins < GATE_ORIGINS


def _beside_simple(scores: Sequence[Score], horizon: int, gate: Score) -> Standing:
    """Where simple methods did as well or better; graver where the last count did, at the gate."""
    horizons = sorted({s.horizon_months for s in scores})
    words, asked, lost = [], 0, 0
    for level, of_what in LEVELS_IN_WORDS.items():
        told = [_better(scores, level, ahead) for ahead in horizons]
        asked += sum(words is not None for words in told)
        better = [words for words in told if words]
        lost += len(better)
        if better:
            words.append(f"Of {of_what}, {'; '.join(better)}.")
    if words:
        words.insert(0, f"In {lost} of {asked} comparisons a simple method was no worse.")
    errors = {s.method: s.wape for s in scores if _at(s, GATE_LEVEL, horizon)}
    if LAST not in errors or _is_little(gate) or gate.wape < errors[LAST]:
        return Standing(FIT, " ".join(words))
    if gate.wape > MUCH_WORSE * errors[LAST]:
        words.append("The last count is by far the better forecast, and so this one is not shown.")
        return Standing(NOT_FIT, " ".join(words))
    return Standing(CARE, " ".join(words))


def _better(scores: Sequence[Score], level: str, horizon: int) -> str | None:
    """The best simple method and its error, where it was no worse; None if nothing was compared."""
    errors = {s.method: s.wape for s in scores if _at(s, level, horizon)}
    simple = [method for method in SIMPLE if method in errors]
    if THIS not in errors or not simple:
        return None
    best = min(simple, key=errors.__getitem__)
    if errors[best] > errors[THIS]:
        return ""
    return (
        f"{horizon} months ahead {SIMPLE_IN_WORDS[best]} was off by {errors[best]:.1%}, "
        f"the forecast by {errors[THIS]:.1%}"
    )


def _at(score: Score, level: str, horizon: int) -> bool:
    return (score.level, score.horizon_months) == (level, horizon)


def _joined(first: Standing, second: Standing) -> Standing:
    graver = max(first, second, key=lambda s: GRADES.index(s.grade))
    return Standing(graver.grade, " ".join(w for w in (first.statement, second.statement) if w))


def worse(first: Standing, second: Standing) -> Standing:
    """The graver of two, with the words of both."""
    return _joined(first, second)
