"""A forecast by the simulator itself: what nobody could beat who has not seen the future.

It knows each authority's true rates, each child's own frailty and the shocks of entries up to the
origin, and draws what comes after. Its errors are what is left to chance; a forecast from records
alone has those, and what it cannot know besides.
"""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from tests.forecast.accuracy import counted, month_number
from tests.forecast.simulator import (
    LA_SHOCK,
    LA_WANDER,
    LEAVING_SHOCK,
    LEAVING_WANDER,
    PERSISTENCE,
    REGION_SHOCK,
    REGION_WANDER,
    TYPES,
    YEAR,
    Children,
    Simulated,
    Truth,
    come,
    live,
)


def draw(simulated: Simulated, origin: dt.date, ahead: int, draws: int, seed: int) -> np.ndarray:
    """[draws, las, bands, types, months 1 to `ahead`] of children in care at month-ends.

    `origin` is the last day of a month.
    """
    rng = np.random.default_rng([904, seed])
    las = len(simulated.las)
    day = (origin - dt.date(1970, 1, 1)).days
    until = day + round((ahead + 1) * YEAR / 12)
    truth = _ahead(rng, simulated.truth, month_number(origin), ahead + 2, draws)
    there = _in_care(simulated, origin, day)
    again = _each(there, draws, las)
    new = come(rng, truth, day + 1, until)
    everyone = Children(
        **{name: np.concatenate([value, getattr(new, name)]) for name, value in vars(again).items()}
    )
    placed = live(rng, truth, everyone, until)
    end = placed["end"].astype("datetime64[D]")
    end[placed["end"] < 0] = np.datetime64("NaT")
    of = placed["child"]
    rows = pd.DataFrame(
        {
            "la_code": everyone.la[of],
            "birth_date": everyone.birth[of].astype("datetime64[D]").astype("datetime64[s]"),
            "start_date": placed["start"].astype("datetime64[D]").astype("datetime64[s]"),
            "end_date": end.astype("datetime64[s]"),
            "placement_type": np.array(TYPES)[placed["type"]],
        }
    )
    first = month_number(origin) + 1
    cells = counted(rows, range(las * draws), first, first + ahead - 1)
    return cells.reshape(draws, las, *cells.shape[1:])


def _in_care(simulated: Simulated, origin: dt.date, day: int) -> Children:
    """Who is in care at the end of the origin, as the simulator knows them."""
    rows = simulated.episodes
    at = pd.Timestamp(origin)
    rows = rows[(rows.start_date <= at) & ~(rows.end_date <= at)]
    children = simulated.children.take(rows.child_id.str[1:].astype(int).to_numpy())
    now = pd.Index(TYPES).get_indexer(rows.placement_type)
    return replace(children, type=now, day=np.full(len(now), day))


def _each(children: Children, draws: int, las: int) -> Children:
    """The same children once for each draw, in authorities of their own."""
    again = {name: np.tile(value, draws) for name, value in vars(children).items()}
    number = np.repeat(np.arange(draws), len(children.la))
    return Children(**again | {"la": again["la"] + las * number})


def _ahead(rng: np.random.Generator, truth: Truth, origin: int, months: int, draws: int) -> Truth:
    """The truth for each draw's authorities: shocks as they were, then drawn from the origin on."""
    now = origin - 12 * 1970 - 1
    seen = now - truth.first_month
    las = len(truth.starts)
    shape = (draws, las)

    def fades(sd: float, start: np.ndarray, *wide: int) -> np.ndarray:
        """[month, draws, ...] of a shock from where it stands."""
        found = []
        for _ in range(months):
            start = PERSISTENCE * start + rng.normal(0, sd * np.sqrt(1 - PERSISTENCE**2), wide)
            found.append(start)
        return np.array(found)

    def wanders(sd: float, start: np.ndarray, *wide: int) -> np.ndarray:
        return start + rng.normal(0, sd, (months, *wide)).cumsum(axis=0)

    coming = fades(LA_SHOCK, truth.la_shock[:, seen], *shape)
    coming = coming + fades(REGION_SHOCK, truth.region_shock[seen], draws, 1)
    coming = coming + wanders(LA_WANDER, truth.wander[:, seen], *shape)
    coming = coming + wanders(REGION_WANDER, np.zeros(1), draws, 1)
    leaving = fades(LEAVING_SHOCK, truth.leaving_shock[:, seen], *shape)
    leaving = leaving + wanders(LEAVING_WANDER, truth.leaving_wander[:, seen], *shape)
    flat = [shocks.reshape(months, -1).T for shocks in (coming, leaving)]
    tiled = {
        name: np.tile(getattr(truth, name), draws)
        for name in ("starts", "growth", "leaving", "moving", "residential", "drift")
    }
    return replace(
        truth,
        **tiled,
        own=np.tile(truth.own, (draws, 1)),
        first_month=now + 1,
        region_shock=np.zeros(months),
        la_shock=flat[0],
        wander=np.zeros_like(flat[0]),
        leaving_shock=flat[1],
        leaving_wander=np.zeros_like(flat[1]),
    )
