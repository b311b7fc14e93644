"""Rates of a forecast as of an origin: those that SQL has, and how they drift and wander."""

from dataclasses import dataclass

import duckdb
import numpy as np

from pipeline.forecast.cohort import DURATIONS, LEFT, YEARS
from pipeline.forecast.levels import Level, fit
from pipeline.forecast.region import Frame, filled
from pipeline.forecast.trend import SLOPE_SD, Trend, trend

ENTRY_HALF_LIFE = 60.0  # months after which the kind of children who came counts half
AGE_PRIOR = 20.0  # children of the band that the states of a year of age are given
LEAVING_SLOPE_SD = 0.02 / 12  # how long children stay changes more slowly than where they live
LEAVING_DISPERSION = 1.1  # variance over mean of the children who leave in a month
SMOOTHED_MONTHS = 13
SEASON_SD = 0.03  # of a season's two waves: how far months differ beside their days
SHARED_NOISE = 0.06  # by which the region's months differ without a season, beside chance
DAYS = np.array([31, 31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30])  # December first
GROWTH_SD = 0.01 / 12  # a region's entries hardly grow or fall by more than 2% a year for long
OWN_PRIOR = 30.0  # events that the region's rate is worth when an authority's own is drawn
LEAST_PRIOR, MOST_PRIOR = 10.0, 2000.0


@dataclass(frozen=True)
class Rates:
    """All that the months to come are drawn from. Outcomes: 0 for leaving, then the states.

    chance: [year of age, state, duration, outcome] a month, of the region.
    seen, expected: [la, band, state, outcome], each with the events that the region's rates are
    worth added; their ratio is what an authority's cell differs by beside `own`.
    own: [la, outcome] factor of an authority; of leaving it is in `leaving_local`. own_events: on
    how many events it rests, what it is drawn to among them.
    drift: [state][outcome]. Levels: of the region one series, local one for each authority.
    entries: [la] children a month. season: [12] factor on them by number of the month modulo 12,
    its days included. ages: [la, year]. entry_states: [la, year, state].
    dispersion: variance over mean of the children who come in a month, for siblings come together.
    """

    chance: np.ndarray
    seen: np.ndarray
    expected: np.ndarray
    own: np.ndarray
    own_events: np.ndarray
    drift: tuple[tuple[Trend, ...], ...]
    leaving_region: Level
    leaving_local: Level
    entering_region: Level
    entering_local: Level
    entries: np.ndarray
    season: np.ndarray
    ages: np.ndarray
    entry_states: np.ndarray
    entry_drift: tuple[Trend, ...]
    dispersion: float


def read_rates(connection: duckdb.DuckDBPyConnection, frame: Frame, origin: int) -> Rates:
    """Rates as they were known at the end of the month `origin`."""
    chance = _chance(connection, frame, origin)
    seen, expected, own, own_events = _cells(connection, frame, origin)
    months, events, due = _months(connection, frame, origin)
    drift = _drift(frame, months, events, due)
    leaving = _leaving(connection, frame, origin, _drifted(due[:, :, LEFT], drift, months))
    came = _came(connection, frame, origin)
    dispersion = float(
        connection.execute(
            "select variance_to_mean from staging.int_entry_spread where origin_month = $origin",
            {"origin": origin},
        ).fetchall()[0][0]
    )
    ages, states, entry_drift = _kinds(frame, came)
    entering = _entering(came, dispersion, origin)
    return Rates(
        chance, seen, expected, own, own_events, drift, *leaving, *entering, ages, states,
        entry_drift, dispersion,
    )  # fmt: skip


def _chance(connection: duckdb.DuckDBPyConnection, frame: Frame, origin: int) -> np.ndarray:
    rows = connection.execute(
        "select age_years, placement_type, duration_band, next_type, rate "
        "from staging.int_forecast_rate where origin_month = $origin",
        {"origin": origin},
    ).df()
    return filled(
        (YEARS, len(frame.states), DURATIONS, len(frame.outcomes)),
        (
            rows["age_years"].to_numpy(np.int64),
            frame.number(frame.states, rows["placement_type"]),
            rows["duration_band"].to_numpy(np.int64),
            frame.number(frame.outcomes, rows["next_type"]),
        ),
        rows["rate"],
    )


def _cells(
    connection: duckdb.DuckDBPyConnection, frame: Frame, origin: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rows = connection.execute(
        "select la_code, age_band, placement_type, next_type, events, expected, prior_events, "
        "la_factor from staging.int_forecast_rate_la where origin_month = $origin",
        {"origin": origin},
    ).df()
    rows = rows[rows["la_code"].isin(frame.las)]
    las = frame.number(frame.las, rows["la_code"])
    outcomes = frame.number(frame.outcomes, rows["next_type"])
    index = (
        las,
        frame.number(frame.band_names, rows["age_band"]),
        frame.number(frame.states, rows["placement_type"]),
        outcomes,
    )
    shape = (len(frame.las), len(frame.bands), len(frame.states), len(frame.outcomes))
    prior = np.full(shape, MOST_PRIOR)
    prior[index] = rows["prior_events"]
    own = np.ones((len(frame.las), len(frame.outcomes)))
    own[las, outcomes] = rows["la_factor"]
    own[:, LEFT] = 1.0
    events = filled(shape, index, rows["events"])
    own_events = events.sum(axis=(1, 2)) + OWN_PRIOR
    own_events[:, LEFT] = MOST_PRIOR**2  # of leaving the level has it all
    return events + prior, filled(shape, index, rows["expected"]) + prior, own, own_events


def _months(
    connection: duckdb.DuckDBPyConnection, frame: Frame, origin: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Months before the origin; the region's events and those expected: [month, state, outcome].

    A month's events fall between its end and the next one's, so the last one is -0.
    """
    rows = connection.execute(
        "select month_number, placement_type, next_type, events, expected "
        "from staging.int_forecast_month where origin_month = $origin",
        {"origin": origin},
    ).df()
    first = origin if rows.empty else int(rows["month_number"].min())
    shape = (origin - first, len(frame.states), len(frame.outcomes))
    index = (
        rows["month_number"].to_numpy() - first,
        frame.number(frame.states, rows["placement_type"]),
        frame.number(frame.outcomes, rows["next_type"]),
    )
    months = np.arange(-shape[0] + 1.0, 1)
    return months, filled(shape, index, rows["events"]), filled(shape, index, rows["expected"])


def _drift(
    frame: Frame, months: np.ndarray, events: np.ndarray, due: np.ndarray
) -> tuple[tuple[Trend, ...], ...]:
    """How moves and leaving drift: [state][outcome]."""
    return tuple(
        tuple(
            trend(
                events[:, s, x],
                due[:, s, x],
                months,
                LEAVING_SLOPE_SD if x == LEFT else SLOPE_SD,
            )
            for x in range(len(frame.outcomes))
        )
        for s in range(len(frame.states))
    )


def _drifted(
    due: np.ndarray, drift: tuple[tuple[Trend, ...], ...], months: np.ndarray
) -> np.ndarray:
    """By how much the drift changes what is expected to leave in each month; 1 where nothing is."""
    lines = [of[LEFT].at_origin + of[LEFT].slope * months for of in drift]
    total = due.sum(axis=1)
    changed = (due * np.exp(np.stack(lines, axis=1))).sum(axis=1)
    return np.divide(changed, total, out=np.ones_like(total), where=total > 0)


def _leaving(
    connection: duckdb.DuckDBPyConnection, frame: Frame, origin: int, drifted: np.ndarray
) -> tuple[Level, Level]:
    """How leaving wanders, of the region and of each authority, beside its drift."""
    rows = connection.execute(
        "select la_code, month_number, comparable_events, expected "
        "from staging.int_forecast_month_la where origin_month = $origin and events is not null",
        {"origin": origin},
    ).df()
    first = origin - len(drifted)
    # Before, nobody of the region was in care.
    rows = rows[rows["la_code"].isin(frame.las) & (rows["month_number"] >= first)]
    shape = (len(frame.las), len(drifted))
    index = (frame.number(frame.las, rows["la_code"]), rows["month_number"].to_numpy() - first)
    left = filled(shape, index, rows["comparable_events"])
    expected = filled(shape, index, rows["expected"]) * drifted
    region, due = left.sum(axis=0, keepdims=True), expected.sum(axis=0, keepdims=True)
    return fit(region, due, LEAVING_DISPERSION), fit(left, expected, LEAVING_DISPERSION)


@dataclass(frozen=True)
class _Came:
    """Children who came: [la, month, year of age, state], and which months are known, [la, month].

    The last month is the origin.
    """

    children: np.ndarray
    known: np.ndarray


def _came(connection: duckdb.DuckDBPyConnection, frame: Frame, origin: int) -> _Came:
    known = connection.execute(
        "select la_code, month_number from staging.int_forecast_month_la "
        "where origin_month = $origin and entries is not null",
        {"origin": origin},
    ).df()
    known = known[known["la_code"].isin(frame.las)]
    first = int(known["month_number"].min())
    rows = connection.execute(
        "select la_code, month_number, age_years, placement_type, children "
        "from staging.int_care_entry where month_number between $first and $origin",
        {"first": first, "origin": origin},
    ).df()
    rows = rows[rows["la_code"].isin(frame.las)]
    shape = (len(frame.las), origin - first + 1, YEARS, len(frame.states))
    is_known = np.zeros(shape[:2], dtype=bool)
    is_known[frame.number(frame.las, known["la_code"]), known["month_number"] - first] = True
    index = (
        frame.number(frame.las, rows["la_code"]),
        rows["month_number"].to_numpy() - first,
        rows["age_years"].to_numpy(np.int64),
        frame.number(frame.states, rows["placement_type"]),
    )
    return _Came(filled(shape, index, rows["children"]), is_known)


def _entering(
    came: _Came, dispersion: float, origin: int
) -> tuple[Level, Level, np.ndarray, np.ndarray]:
    """How entries wander, of the region and of each authority, their means and their season."""
    counts = came.children.sum(axis=(2, 3)) * came.known
    of_year = np.arange(origin - counts.shape[1] + 1, origin + 1) % 12
    days = DAYS / DAYS.mean()
    means = counts.sum(axis=1) / np.maximum((came.known * days[of_year]).sum(axis=1), 1e-9)
    season = days * _season(
        counts.sum(axis=0), means @ came.known * days[of_year], of_year, dispersion
    )
    expected = means[:, None] * came.known * season[of_year]
    region, due = counts.sum(axis=0, keepdims=True), expected.sum(axis=0, keepdims=True)
    smooth = _smooth(region[0], due[0])
    local = fit(counts, expected * smooth, dispersion, own_means=True)
    shared = fit(region, due, dispersion, own_means=True, slope_sd=GROWTH_SD)
    return shared, local, means, season


def _smooth(came: np.ndarray, due: np.ndarray) -> np.ndarray:
    """How far a region's months, each with half a year around it, stand above what was due."""
    share = np.divide(came, due, out=np.ones_like(came), where=due > 0)
    around = SMOOTHED_MONTHS // 2
    window = np.ones(SMOOTHED_MONTHS) / SMOOTHED_MONTHS
    return np.convolve(np.pad(share, around, mode="edge"), window, "valid")


def _season(
    came: np.ndarray, due: np.ndarray, of_year: np.ndarray, dispersion: float
) -> np.ndarray:
    """Factors of the twelve months: one wave a year, drawn towards none."""
    smooth = _smooth(came, due)
    told = (due > 0) & (smooth > 0)
    off = came[told] / (due * smooth)[told] - 1
    weights = 1 / (dispersion / due[told] + SHARED_NOISE**2)
    angle = 2 * np.pi * np.arange(12) / 12
    waves = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    seen = waves[of_year[told]]
    curve = seen.T @ (weights[:, None] * seen) + np.eye(2) / SEASON_SD**2
    return 1 + waves @ np.linalg.solve(curve, seen.T @ (weights * off))


def _kinds(frame: Frame, came: _Came) -> tuple[np.ndarray, np.ndarray, tuple[Trend, ...]]:
    """Of children who come: shares of years of age, states by year, and the drift of the states."""
    months = np.arange(-came.children.shape[1] + 1.0, 1)
    weighted = np.einsum("lmas,m->las", came.children, 0.5 ** (-months / ENTRY_HALF_LIFE))
    band_of_year = frame.band_of[::12]
    in_band = np.eye(len(frame.bands))[band_of_year]  # year, band
    years = weighted.sum(axis=(0, 2)) + 0.5
    years /= years.sum()
    bands = years @ in_band
    seen = weighted.sum(axis=2) @ in_band
    total = seen.sum(axis=1, keepdims=True)
    prior = _prior_events(seen, total * bands)
    # The prior is worth so many children in the mean band.
    shares = (seen + prior * len(bands) * bands) / (total + prior * len(bands))
    ages = shares[:, band_of_year] * (years / bands[band_of_year])
    of_band = in_band.T @ weighted.sum(axis=0) + 0.5
    of_band /= of_band.sum(axis=1, keepdims=True)
    states = weighted.sum(axis=0) + AGE_PRIOR * of_band[band_of_year]
    states /= states.sum(axis=1, keepdims=True)
    expected = weighted.sum(axis=2) @ states
    seen = weighted.sum(axis=1)
    factor = np.ones_like(seen)
    for state in range(len(frame.states)):
        k = _prior_events(seen[:, state], expected[:, state])
        factor[:, state] = (seen[:, state] + k) / (expected[:, state] + k)
    own = states * factor[:, None, :]
    due = np.einsum("lmas,at->mt", came.children, states)
    drift = tuple(
        trend(came.children[..., s].sum(axis=(0, 2)), due[:, s], months)
        for s in range(len(frame.states))
    )
    return ages, own / own.sum(axis=2, keepdims=True), drift


def _prior_events(seen: np.ndarray, expected: np.ndarray) -> float:
    """How many events the region's rate is worth: one over the variance between authorities.

    By the method of moments, after the noise of counting is taken off, as macro `prior_events`.
    """
    variance = ((seen - expected) ** 2 - expected).sum() / max((expected**2).sum(), 1e-9)
    return float(np.clip(1 / max(variance, 1e-9), LEAST_PRIOR, MOST_PRIOR))
