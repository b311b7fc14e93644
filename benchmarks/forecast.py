"""How near the forecast comes, how often its intervals hold, and how fast it is: `make bench`.

On simulated regions that differ as England's authorities do (`tests/forecast/simulator.py`), of
seeds that nothing was tuned on, beside the last value, drift, exponential smoothing and
cs-demand-model, each given the same files. Two origins for each region, two years apart; what is
forecast is 3, 6, 12 and 24 months ahead, of the region, its authorities, their types and ages.
The forecast must be no worse than the best of the simple methods, and better by 15% by authority,
age and type. Then how fast a region of 280,000 rows is read and turned into rates as of one day,
beside the same peer on the same files (and how long it takes with what the peer does not make: how
rates change from month to month, and rates as of all past days), and how fast 18 authorities are
forecast, each in a process of its own. Exits with 1 where one of the targets is missed.

`python benchmarks/forecast.py SEED ...` judges these seeds alone; for tuning take seeds below 100.
"""

import datetime as dt
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import duckdb

    from pipeline.forecast.rates import Rates
    from pipeline.forecast.region import Frame
    from tests.forecast.simulator import Simulated

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))  # for the simulator and the yardsticks
PEER = PROJECT / ".venv-forecast-peer" / "bin" / "python"
RUNNER = PROJECT / "tests" / "forecast" / "peer.py"

KNOWN_FROM = dt.date(2018, 4, 1)  # the first day of the first return
ORIGINS = (dt.date(2024, 3, 31), dt.date(2026, 3, 31))
AHEAD = (3, 6, 12, 24)  # months
DRAWS, DRAWS_OF_TRUTH = 400, 60
# Error over that of the best of RIVALS, at most, at each number of months ahead.
AT_MOST = {
    "LA x band x type": 0.85,
    "LA x type": 1.0,
    "LA": 1.0,
    "region x type": 1.0,
    "region": 1.0,
}
COVERED = (0.75, 0.87)  # by intervals of 80%
RIVALS = ("last value", "drift", "ETS")
METHODS = ("ours", "last value", "drift", "ETS", "peer", "peer, true stock", "who knows the truth")

ROWS, YEARS_OF_ROWS, LAS_OF_ROWS = 280_000, 12, 36
TIMES, TIMES_FASTER = 3, 5
FORECAST_SECONDS, CEILING_MB = 10, 1_000


# --- ours: the one place that knows how the forecast is called -------------------------------


RATES = ("int_care_month", "int_forecast_rate", "int_forecast_rate_la", "int_forecast_entry")
MODELS = (*RATES, "int_forecast_month", "int_forecast_month_la", "int_entry_spread")
ONE_ORIGIN = {"forecast_past_origins": 0}  # the peer has no others


@dataclass(frozen=True)
class Known:
    """What is known of a region on a day, ready to be forecast."""

    frame: "Frame"
    rates: "Rates"
    children: tuple[tuple[np.ndarray, ...], ...]
    history: np.ndarray
    origin: int


def tables(folder: Path, origin: dt.date) -> "duckdb.DuckDBPyConnection":
    """The models' tables, of files."""
    from tests.forecast.care_months import build

    return build(folder, origin, models=MODELS, settings=ONE_ORIGIN)


def read(connection: "duckdb.DuckDBPyConnection", origin: dt.date) -> Known:
    from pipeline.forecast.rates import read_rates
    from pipeline.forecast.region import frame_of, read_children, read_stock
    from pipeline.forecast.trials import SERIES_MONTHS, whole
    from tests.forecast.accuracy import month_number

    codes = connection.execute("select la_code from int_forecast_area order by la_code").fetchall()
    frame, month = frame_of(tuple(code for (code,) in codes)), month_number(origin)
    rates = read_rates(connection, frame, month)
    history = whole(read_stock(connection, frame, month - SERIES_MONTHS + 1, month))
    return Known(frame, rates, read_children(connection, frame, month), history, month)


def draw(known: Known) -> np.ndarray:
    """[draws, las, bands, types, months 1 to 24] of children in care at month-ends."""
    from pipeline.forecast.blend import tilt
    from pipeline.forecast.project import project

    about = (known.frame, known.rates, known.children, known.origin)
    tilted = tilt(*about, known.history, max(AHEAD), seed=1)
    made = project(*about, max(AHEAD), DRAWS, seed=1, tilted=tilted)
    return np.moveaxis(made.stock[:, :, 1:], 2, -1)


# --- accuracy ---------------------------------------------------------------------------------


@dataclass
class Case:
    """A region on a day: its files, its past and what came after."""

    seed: int
    origin: dt.date
    folder: Path
    past: np.ndarray  # [las, bands, types, months] up to the origin
    later: dict[int, np.ndarray]  # by months ahead


@dataclass
class Judged:
    """WAPE by method, level and months ahead; where in our draws and in those of the truth."""

    errors: dict[tuple[str, str, int], list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )
    placed: dict[tuple[str, str, int], list[np.ndarray]] = field(
        default_factory=lambda: defaultdict(list)
    )
    shown: dict[tuple[str, int], list[np.ndarray]] = field(
        default_factory=lambda: defaultdict(list)
    )
    faults: int = 0
    cases: int = 0

    def error(self, method: str, level: str, months: int) -> float:
        """Mean over regions, in per cent."""
        return 100 * float(np.mean(self.errors[method, level, months]))

    def coverage(self, method: str, level: str, months: int, share: float) -> float:
        from tests.forecast.accuracy import covered

        return covered(np.concatenate(self.placed[method, level, months]), share)


def prepared(simulated: "Simulated", seed: int, origin: dt.date, folder: Path) -> Case:
    """Write what was known on the origin, for ours and for the peer."""
    from tests.forecast.accuracy import LEVELS, counted, month_number
    from tests.forecast.returns import write
    from tests.forecast.simulator import known_on

    las = simulated.las.la_code.tolist()
    first, now = month_number(KNOWN_FROM), month_number(origin)
    cells = counted(simulated.episodes, las, first, now + max(AHEAD))
    past = cells[..., : now - first + 1]
    rows = known_on(simulated.episodes, origin)
    rows = rows[~(rows.end_date <= pd.Timestamp(KNOWN_FROM))]
    rows["child_id"] = rows.la_code + "-" + rows.child_id
    for la_code, of_la in rows.groupby("la_code"):
        write(of_la, folder / str(la_code), KNOWN_FROM, origin)
    asked = {
        "origin": origin.isoformat(),
        "las": las,
        "months": AHEAD,
        "days": [(_later(origin, months) - origin).days for months in AHEAD],
    }
    (folder / "case.json").write_text(json.dumps(asked))
    to_smooth = {
        f"ets_{number}": at(np.moveaxis(past, -1, 0)).reshape(past.shape[-1], -1).T
        for number, at in enumerate(LEVELS.values())
    }
    np.savez(folder / "series.npz", stock=past[..., -1], **to_smooth)
    later = {months: cells[..., now - first + months] for months in AHEAD}
    return Case(seed, origin, folder, past, later)


def _later(day: dt.date, months: int) -> dt.date:
    """The end of the month so many months later."""
    from tests.forecast.accuracy import month_ends, month_number

    number = month_number(day) + months
    return month_ends(number, number)[0].item()


def run_peers(cases: list[Case]) -> None:
    """The peers' forecasts, in two processes."""
    running = [
        subprocess.Popen(  # noqa: S603  our own program
            [str(PEER), str(RUNNER), "forecast", *(str(c.folder) for c in cases[half::2])]
        )
        for half in (0, 1)
    ]
    codes = [process.wait() for process in running]
    if any(codes):
        sys.exit("The peers stopped: see above.")


def judge_points(judged: Judged, case: Case) -> None:
    """Methods that tell one number."""
    from tests.forecast.accuracy import LEVELS, wape

    made = np.load(case.folder / "peer.npz")
    judged.cases += 1
    judged.faults += len(json.loads((case.folder / "faults.json").read_text()))
    now, months_known = case.past[..., -1], case.past.shape[-1]
    a_month = (now - case.past[..., 0]) / (months_known - 1)
    for number, months in enumerate(AHEAD):
        happened = case.later[months]
        cells = {
            "last value": now,
            "peer": made["peer"][:, number],
            "peer, true stock": made["peer_given"][:, number],
        }
        for level_number, (level, at) in enumerate(LEVELS.items()):
            for method, forecast in cells.items():
                # Where the peer had nothing to say, the last value stands for it.
                told = np.where(np.isnan(forecast), now, forecast)
                judged.errors[method, level, months].append(wape(told, happened, level))
            true = at(happened)
            of_level = {
                "drift": np.maximum(at(now) + months * at(a_month), 0),
                "ETS": made[f"ets_{level_number}"][:, number].reshape(true.shape),
            }
            for method, forecast in of_level.items():
                error = np.abs(forecast - true).sum() / true.sum()
                judged.errors[method, level, months].append(float(error))


def judge_draws(judged: Judged, case: Case, method: str, draws: np.ndarray) -> None:
    """A method that tells draws: its point is their median, at each level by itself."""
    from tests.forecast.accuracy import LEVELS, places, within

    rng = np.random.default_rng([905, case.seed])
    for months in AHEAD:
        happened, drawn = case.later[months], draws[..., months - 1]
        for level, at in LEVELS.items():
            true = at(happened)
            error = np.abs(np.median(at(drawn), axis=0) - true).sum() / true.sum()
            judged.errors[method, level, months].append(float(error))
            judged.placed[method, level, months].append(places(drawn, happened, level, rng))
            if method == "ours":
                judged.shown[level, months].append(within(drawn, happened, level, 0.8))


def _knows_truth(simulated: "Simulated", case: Case) -> np.ndarray:
    from tests.forecast import knows_truth

    parts = [
        knows_truth.draw(simulated, case.origin, max(AHEAD), 20, 100 * case.seed + part)
        for part in range(DRAWS_OF_TRUTH // 20)  # in parts, for memory
    ]
    return np.concatenate(parts)


def judge(seeds: tuple[int, ...], folder: Path) -> Judged:
    from tests.forecast.simulator import simulate

    judged = Judged()
    cases: list[Case] = []
    for seed in seeds:
        simulated = simulate(seed)
        for origin in ORIGINS:
            case = prepared(simulated, seed, origin, folder / f"{seed}-{origin.year}")
            judge_draws(judged, case, "ours", draw(read(tables(case.folder, origin), origin)))
            judge_draws(judged, case, "who knows the truth", _knows_truth(simulated, case))
            cases.append(case)
    run_peers(cases)
    for case in cases:
        judge_points(judged, case)
    return judged


def told_errors(judged: Judged) -> Iterator[tuple[str, bool]]:
    """Lines of the table of errors by level and months ahead, and whether each misses a target."""
    head = "  ".join(f"{months:>6}" for months in AHEAD)
    yield f"WAPE in %, means over {judged.cases} regions and days; months ahead {head}", False
    for level, at_most in AT_MOST.items():
        yield f"  {level}", False
        for method in METHODS:
            at = [judged.error(method, level, months) for months in AHEAD]
            yield f"    {method:44}" + "  ".join(f"{error:6.2f}" for error in at), False
        shares = []
        for months in AHEAD:
            best = min(judged.error(rival, level, months) for rival in RIVALS)
            shares.append(judged.error("ours", level, months) / best)
        missed = [share > at_most for share in shares]
        told = "  ".join(f"{share:6.3f}" for share in shares)
        yield (
            f"    {f'ours over the best of {len(RIVALS)} simple, at most {at_most}':44}{told}"
            + ("  MISSED" if any(missed) else ""),
            any(missed),
        )
    if judged.faults:
        yield f"  of {judged.faults} authorities the peer could make no forecast", False


def told_coverage(judged: Judged) -> Iterator[tuple[str, bool]]:
    """Lines on how often intervals hold what happened, and whether each misses the target."""
    # Counts are whole numbers: with its bounds an interval of few children holds more than it says.
    # The targets are for cells placed at random among the draws that equal them (a randomised PIT).
    yield "Share inside intervals of 50 / 80 / 95%; in brackets 80%, bounds included", False
    for method in ("ours", "who knows the truth"):
        for level in AT_MOST:
            for months in AHEAD:
                half, most, nearly = (
                    judged.coverage(method, level, months, share) for share in (0.5, 0.8, 0.95)
                )
                told = f"{half:6.1%} / {most:6.1%} / {nearly:6.1%}"
                is_missed = False
                if method == "ours":
                    told += f"  ({np.concatenate(judged.shown[level, months]).mean():.1%})"
                    is_missed = not COVERED[0] <= most <= COVERED[1]
                yield (
                    f"  {method:20} {level:18} {months} months  {told}"
                    + ("  MISSED" if is_missed else ""),
                    is_missed,
                )


# --- speed ------------------------------------------------------------------------------------


def write_large(folder: Path) -> int:
    """Files of about 280,000 rows of episodes."""
    from tests.forecast.returns import write
    from tests.forecast.simulator import TUNING_SEEDS, known_on, simulate

    last = ORIGINS[-1]
    first = dt.date(last.year - YEARS_OF_ROWS, 4, 1)
    made = simulate(TUNING_SEEDS[0], las=LAS_OF_ROWS, first=first, last=last)
    rows = known_on(made.episodes, last)
    rows["child_id"] = rows.la_code + "-" + rows.child_id
    children = rows.child_id.drop_duplicates().sample(frac=1, random_state=1)
    share = min(1.0, ROWS / _rows(rows, first, last))
    kept = children.iloc[: round(len(children) * share)]
    return write(rows[rows.child_id.isin(set(kept))], folder, first, last)


def _rows(rows: pd.DataFrame, first: dt.date, last: dt.date) -> int:
    """How many rows the returns of these years have: an episode stands in each year it touches."""
    begins = rows.start_date.clip(lower=pd.Timestamp(first))
    ends = rows.end_date.fillna(pd.Timestamp(last))
    years = [d.dt.year + (d.dt.month >= 4) for d in (begins, ends)]
    return int((years[1] - years[0] + 1).sum())


def timed_rates(folder: Path, settings: Mapping[str, object] = ONE_ORIGIN) -> dict[str, float]:
    """Seconds to rates, as the peer is timed, and until all is ready that a forecast starts from.

    The peer has rates of one reference period, the stock and who enters: here the panel, its steps,
    the rates of one origin and the entries. Its programs too are loaded before the clock starts.
    """
    import pipeline.forecast.rates  # noqa: F401  loaded before the clock starts
    from tests.forecast.care_months import build, run_models

    started = time.perf_counter()
    connection = build(folder, ORIGINS[-1], models=RATES, settings=settings)
    rated = time.perf_counter()
    run_models(connection, MODELS, settings)
    read(connection, ORIGINS[-1])
    return {"rates": rated - started, "ready": time.perf_counter() - started, "peak": _peak()}


def timed_past_rates(folder: Path) -> dict[str, float]:
    """The same with the rates of every past origin too, which the backtest needs."""
    return timed_rates(folder, {})


def timed_forecast(folder: Path) -> dict[str, float]:
    """Draws of 18 authorities; the rates are made before the clock starts."""
    known = read(tables(folder, ORIGINS[-1]), ORIGINS[-1])
    started = time.perf_counter()
    draw(known)
    return {"all": time.perf_counter() - started, "peak": _peak()}


def _peak() -> float:
    """Megabytes at the peak; `getrusage` would tell the peak of the parent if that had more."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def _measured(command: list[str], result: Path) -> dict[str, float]:
    subprocess.run(command, check=True, cwd=PROJECT)  # noqa: S603  our own programs
    return json.loads(result.read_text())


def _median(which: str, folder: Path, result: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--timed", which, str(folder), str(result)]
    runs = [_measured(command, result) for _ in range(TIMES)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def told_speed(folder: Path) -> Iterator[tuple[str, bool]]:
    """Lines on seconds and memory, and whether each misses a target."""
    from tests.forecast.simulator import TUNING_SEEDS, simulate

    large, result = folder / "large", folder / "result.json"
    rows = write_large(large)
    peer = _measured([str(PEER), str(RUNNER), "timed", str(large), str(result)], result)
    mine = _median("rates", large, result)
    times = peer["all"] / mine["rates"]
    yield f"{rows:,} rows of episodes, {int(peer['rows']):,} episodes, {LAS_OF_ROWS} LAs", False
    yield (
        f"  files to rates: ours {mine['rates']:.1f} s, peer {peer['all']:.1f} s, "
        f"{times:.1f} times faster, at least {TIMES_FASTER} wanted"
        + ("  MISSED" if times < TIMES_FASTER else ""),
        times < TIMES_FASTER,
    )
    past = _median("past rates", large, result)
    yield (
        f"  what the peer has not: with levels of each month and authority {mine['ready']:.1f} s, "
        f"with the rates of all past origins too {past['ready']:.1f} s",
        False,
    )
    prepared(simulate(TUNING_SEEDS[0]), TUNING_SEEDS[0], ORIGINS[-1], folder / "eighteen")
    drawn = _median("forecast", folder / "eighteen", result)
    is_slow = drawn["all"] > FORECAST_SECONDS
    yield (
        f"  {DRAWS} draws, 18 LAs, {max(AHEAD)} months: {drawn['all']:.1f} s, "
        f"at most {FORECAST_SECONDS} wanted" + ("  MISSED" if is_slow else ""),
        is_slow,
    )
    peak = max(mine["peak"], past["peak"], drawn["peak"])
    yield (
        f"  peak memory: ours {mine['peak']:,.0f}, {past['peak']:,.0f} and "
        f"{drawn['peak']:,.0f} MB, "
        f"peer {peer['peak']:,.0f} MB, at most {CEILING_MB:,} wanted"
        + ("  MISSED" if peak > CEILING_MB else ""),
        peak > CEILING_MB,
    )


def main(seeds: tuple[int, ...]) -> int:
    if not PEER.exists():
        sys.exit("The forecast's peers are not installed: run `make bench`.")
    print(f"{len(seeds)} simulated regions of 18 authorities, from {ORIGINS[0]} and {ORIGINS[1]}")
    missed = False
    with tempfile.TemporaryDirectory() as temporary:
        judged = judge(seeds, Path(temporary) / "cases")
        for told in (told_errors(judged), told_coverage(judged), told_speed(Path(temporary))):
            for line, is_missed in told:
                print(line, flush=True)
                missed |= is_missed
    return int(missed)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--timed"]:
        timer = {
            "rates": timed_rates,
            "past rates": timed_past_rates,
            "forecast": timed_forecast,
        }[sys.argv[2]]
        Path(sys.argv[4]).write_text(json.dumps(timer(Path(sys.argv[3]))))
    else:
        from tests.forecast.simulator import HELD_OUT_SEEDS

        sys.exit(main(tuple(map(int, sys.argv[1:])) or HELD_OUT_SEEDS))
