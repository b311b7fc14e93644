"""How fast DfE's rules run on a whole return, beside the open validator: `make bench`.

Makes the returns of two years of 10,000 invented children with 1% of cells wrong, about 120,000
rows, and runs both on the same files, one after the other, each in a process of its own. Exits with
1 where one of the targets is missed.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))  # for the invented returns

CHILDREN, YEAR, SEED = 10_000, 2026, 903
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


def main() -> int:
    from tests.conformance.returns import Mistakes, clean_returns, with_mistakes, write

    if not PEER.exists():
        sys.exit("The open validator is not installed: run `make bench`.")
    with tempfile.TemporaryDirectory() as temporary:
        folder, result = Path(temporary), Path(temporary) / "result.json"
        clean = clean_returns(CHILDREN, YEAR, SEED, postcodes())
        made = with_mistakes(clean, SEED, Mistakes())
        write(made, folder, "one")
        rows = sum(len(t) for part in (made.this, made.last) for t in part.values())
        print(f"{CHILDREN:,} children, two years, {rows:,} rows, 1% of cells wrong")
        arguments = [str(folder), made.la_code]
        # Once before, so that the table of postcodes is there as on any other day.
        mine = _measured([sys.executable, __file__, *arguments, str(result)], result)
        mine = _measured([sys.executable, __file__, *arguments, str(result)], result)
        runner = PROJECT / "tests" / "conformance" / "peer.py"
        peers = _measured(
            [str(PEER), str(runner), "--timed", str(folder), str(YEAR), made.la_code, str(result)],
            result,
        )
    missed = False
    for what, target in TIMES_FASTER.items():
        times = peers[what] / mine[what]
        missed |= times < target
        print(
            f"  {WHAT[what]:32} ours {mine[what]:6.1f} s  peer {peers[what]:6.1f} s  "
            f"{times:5.1f} times faster, at least {target} wanted"
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
