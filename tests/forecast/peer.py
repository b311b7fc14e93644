"""Run cs-demand-model and the exponential smoothing of statsforecast, in their own environment.

`peer.py forecast CASE ...`: each CASE is a folder of a region on a day, with `case.json` (origin
and what to forecast), `series.npz` (what to smooth: an array [series, months] for each level) and
a folder of SSDA903 files for each authority. The forecasts go to `peer.npz`, and what the peer
could not do to `faults.json`.

`peer.py timed FOLDER RESULT`: read the files of FOLDER and make rates as the peer's users do;
RESULT becomes JSON of seconds and megabytes.

Nothing of the project is imported here: the environment has another numpy and pandas.
"""

import datetime as dt
import json
import logging
import re
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from cs_demand_model import (
    Config,
    DemandModellingDataContainer,
    ModelPredictor,
    PopulationStats,
    fs_datastore,
)

BRACKETS = ("BIRTH_TO_ONE", "ONE_TO_FIVE", "FIVE_TO_TEN", "TEN_TO_SIXTEEN", "SIXTEEN_TO_EIGHTEEN")
CATEGORIES = ("FOSTERING", "RESIDENTIAL", "SUPPORTED", "OTHER")
REFERENCE = 365  # days before the origin of which rates are taken, as in the peer's application
# Days of a step of its prediction. Its application takes 90; by single days, which are too slow for
# so many regions, it forecasts 0.6% fewer children.
STEP = 30


def _population(found) -> np.ndarray:
    """[brackets, categories] of a series of the peer."""
    return np.array([[found.get((b, c), 0.0) for c in CATEGORIES] for b in BRACKETS])


def _stats(folder: Path) -> PopulationStats:
    config = Config()
    container = DemandModellingDataContainer(fs_datastore(str(folder)), config)
    return PopulationStats(container.enriched_view, config)


def forecast_authority(
    folder: Path, origin: dt.date, days: list[int], stock: np.ndarray, step: int = STEP
) -> tuple[np.ndarray, np.ndarray]:
    """[days, brackets, categories] from the stock as the peer counts it, and from the true one.

    The peer counts a child by its age when the placement began. So that it is not judged by that
    alone, it gets a second chance with the true number of children in each bracket and category.
    """
    stats = _stats(folder)
    start = origin - dt.timedelta(days=REFERENCE)
    own = ModelPredictor.from_model(stats, start, origin)
    true = own.initial_population.copy()
    for b, bracket in enumerate(BRACKETS):
        for c, category in enumerate(CATEGORIES):
            if stock[b, c] or (bracket, category) in true.index:
                true[(bracket, category)] = float(stock[b, c])
    given = ModelPredictor(true, own.transition_rates, own.transition_numbers, origin)
    return _predicted(own, days, step), _predicted(given, days, step)


def _predicted(predictor: ModelPredictor, days: list[int], step: int) -> np.ndarray:
    made, day = [], 0
    for until in sorted(days):
        while day < until:
            ahead = min(step, until - day)
            predictor, day = predictor.next(step_days=ahead), day + ahead
        made.append(_population(predictor.initial_population))
    return np.array(made)


def smooth(series: np.ndarray, months: list[int]) -> np.ndarray:
    """[series, months ahead] by the exponential smoothing that fits each best (AutoETS)."""
    from statsforecast.models import AutoETS

    model = AutoETS(season_length=1)
    made = []
    for values in series.astype(float):
        if (values == values[-1]).all():
            ahead = np.full(max(months), values[-1])
        else:
            ahead = model.forecast(y=values, h=max(months))["mean"]
        made.append(np.maximum(ahead, 0)[np.array(months) - 1])
    return np.array(made)


def forecast(cases: list[Path]) -> None:
    for case in cases:
        asked = json.loads((case / "case.json").read_text())
        origin = dt.date.fromisoformat(asked["origin"])
        series = np.load(case / "series.npz")
        made: dict[str, np.ndarray] = {}
        faults: dict[str, str] = {}
        own, given = [], []
        for number, la_code in enumerate(asked["las"]):
            stock = series["stock"][number]
            try:
                of_la = forecast_authority(case / la_code, origin, asked["days"], stock)
            except Exception as fault:  # whatever it is, it is the result
                faults[la_code] = f"{type(fault).__name__}: {fault}"
                of_la = (np.full((len(asked["days"]), *stock.shape), np.nan),) * 2
            own.append(of_la[0])
            given.append(of_la[1])
        made["peer"], made["peer_given"] = np.array(own), np.array(given)
        for name in series.files:
            if name.startswith("ets_"):
                made[name] = smooth(series[name], asked["months"])
        np.savez(case / "peer.npz", **made)
        (case / "faults.json").write_text(json.dumps(faults))


def timed(folder: Path) -> dict[str, float]:
    """Seconds to have loaded, and to have rates as well; megabytes at the peak; rows."""
    started = time.perf_counter()
    stats = _stats(folder)
    loaded = time.perf_counter()
    last = stats.df["DECOM"].max()
    first = last - np.timedelta64(REFERENCE, "D")
    stats.stock  # noqa: B018  a property that counts
    stats.raw_transition_rates(first, last)
    stats.daily_entrants(first, last)
    done = time.perf_counter()
    # Not `getrusage`, which would tell the peak of the parent if that had more.
    status = Path("/proc/self/status").read_text()
    return {
        "load": loaded - started,
        "all": done - started,
        "peak": int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024,
        "rows": len(stats.df),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable()
    if sys.argv[1] == "forecast":
        forecast([Path(case) for case in sys.argv[2:]])
    else:
        Path(sys.argv[3]).write_text(json.dumps(timed(Path(sys.argv[2]))))
