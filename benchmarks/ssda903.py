"""How fast DfE's rules run on a whole return, beside the open validator: `make bench`.

Makes the returns of two years of 10,000 invented children with 1% of cells wrong, about 120,000
rows, and runs both on the same files, one after the other, each in a process of its own; ours five
times, of which the median counts. Exits with 1 where one of the targets is missed.

The targets are for mistakes that all of the validator's rules can read, so that both do all of the
work. Its rules stop at a date that is none or a child that stands twice, and then cost no time:
the times for such mistakes are printed beneath.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.returns import Returns

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))  # for the invented returns

CHILDREN, YEAR, SEED = 10_000, 2026, 903
TIMES = 5
TIMES_FASTER = {"rules": 20, "reports": 25}
CEILING_MB = 1_000
WHAT = {"rules": "rules, with reading the files", "reports": "the same and both reports"}
PEER = PROJECT / ".venv-peer" / "bin" / "python"


def ours(folder: Path, la_code: str) -> dict[str, float]:
    """Check as `common-core check` does: seconds until the rules had run, until all is written."""
    from pipeline.checking.check import Asked, check
    from pipeline.progress import listen

    told: dict[str, float] = {}
    asked = Asked(
        paths=(folder / "this",),
        out=folder / "ours",
        previous=(folder / "last",),
        la_code=la_code,
        year=YEAR,
        providers=(folder / "providers.xlsx",),
    )
    started = time.perf_counter()
    listen(lambda line: told.setdefault(line, time.perf_counter() - started))
    check(asked)
    ended = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rules": told["Writing what was found"], "reports": ended, "peak": peak}


def postcodes() -> list[tuple[str, str]]:
    """Real postcodes and their authorities: as many as there are homes of 10,000 children."""
    from pipeline.reference import build_postcodes
    from pipeline.settings import user_cache
    from pipeline.warehouse import from_parquet, workspace

    made = build_postcodes(user_cache())
    wanted = {"la_code = 'E10000008'": 3000, "la_code like 'E%'": 12000, "postcode like 'CF%'": 200}
    with workspace() as connection:
        return [
            place
            for which, count in wanted.items()
            for place in connection.execute(
                f"select postcode, la_code from {from_parquet([made.postcodes])} where {which} "
                f"order by md5(postcode) limit {count}"
            ).fetchall()
        ]


def _measured(command: list[str], result: Path) -> dict[str, float]:
    subprocess.run(command, check=True, cwd=PROJECT)  # noqa: S603  our own programs
    return json.loads(result.read_text())


def compare(made: "Returns", folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Ours and the validator's seconds and megabytes on the same files."""
    from tests.conformance.returns import write

    result = folder / "result.json"
    write(made, folder, "one")
    mine_once = [sys.executable, __file__, str(folder), made.la_code, str(result)]
    _measured(mine_once, result)  # so that the table of postcodes is there, as on any other day
    mine = [_measured(mine_once, result) for _ in range(TIMES)]
    runner = PROJECT / "tests" / "conformance" / "peer.py"
    peers = _measured(
        [str(PEER), str(runner), "--timed", str(folder), str(YEAR), made.la_code, str(result)],
        result,
    )
    return {k: statistics.median(m[k] for m in mine) for k in mine[0]}, peers


def main() -> int:
    from tests.conformance.returns import Mistakes, clean_returns, with_mistakes

    if not PEER.exists():
        sys.exit("The open validator is not installed: run `make bench`.")
    clean = clean_returns(CHILDREN, YEAR, SEED, postcodes())
    missed = False
    for is_readable in (True, False):
        made = with_mistakes(clean, SEED, Mistakes(is_readable=is_readable))
        rows = sum(len(t) for part in (made.this, made.last) for t in part.values())
        of = "which all rules can read" if is_readable else "at which some of its rules stop"
        print(f"{CHILDREN:,} children, two years, {rows:,} rows, 1% of cells with mistakes, {of}")
        with tempfile.TemporaryDirectory() as temporary:
            mine, peers = compare(made, Path(temporary))
        for what, target in TIMES_FASTER.items():
            times = peers[what] / mine[what]
            missed |= is_readable and times < target
            wanted = f", at least {target} wanted" if is_readable else ""
            print(
                f"  {WHAT[what]:32} ours {mine[what]:6.2f} s  peer {peers[what]:6.1f} s  "
                f"{times:5.1f} times faster{wanted}"
            )
        missed |= mine["peak"] > CEILING_MB
        print(
            f"  {'peak memory, with the reports':32} ours {mine['peak']:5,.0f} MB peer "
            f"{peers['peak']:5,.0f} MB  at most {CEILING_MB:,} wanted"
        )
    return int(missed)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        given = ours(Path(sys.argv[1]), sys.argv[2])
        Path(sys.argv[3]).write_text(json.dumps(given))
    else:
        sys.exit(main())
