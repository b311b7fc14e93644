"""Run the peer's rules on a return, in an environment of its own.

`peer.py FOLDER YEAR LA RESULT`: FOLDER is what `returns.write` made; the peer reads its files by
itself. Each rule gets a fresh copy of the data, because some of them change what they are given.
RESULT becomes JSON: by rule, the failing rows by table, or the text of the exception with which it
stopped. `peer.py --timed …` runs rules and reports as the peer's users do, and tells how long.
"""

import contextlib
import copy
import importlib
import io
import json
import logging
import resource
import sys
import time
import warnings
from pathlib import Path

import pandas as pd
from lac_validator.datastore import create_datastore
from lac_validator.ingress import read_from_text
from lac_validator.lac_validator import LacValidator
from lac_validator.report import Report


def uploads(folder: Path) -> list[dict[str, object]]:
    """The files as the peer's own upload gives them."""
    of = [(p, "This year") for p in sorted((folder / "this").glob("*.csv"))]
    of += [(p, "Prev year") for p in sorted((folder / "last").glob("*.csv"))]
    if (folder / "homes.xlsx").exists():
        of += [(folder / "homes.xlsx", "CH lookup"), (folder / "providers.xlsx", "SCP lookup")]
    else:
        of.append((folder / "providers.xlsx", "CH lookup"))
    return [{"name": p.name, "description": d, "file_content": p.read_bytes()} for p, d in of]


def registry(year: int) -> dict:
    return importlib.import_module(f"lac_validator.rules.lac{year - 1}_{year % 100}").registry


def read(folder: Path, year: int, la_code: str) -> dict:
    tables, extra = read_from_text(uploads(folder))
    told = {"collectionYear": str(year), "localAuthority": la_code, **extra}
    return create_datastore(tables, told)


def run(folder: Path, year: int, la_code: str) -> dict[str, object]:
    kept = read(folder, year, la_code)
    found: dict[str, object] = {}
    for code, rule in registry(year).items():
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                given = rule.func(copy.deepcopy(kept))
        except Exception as fault:  # whatever it is, it is the result
            found[code] = f"{type(fault).__name__}: {fault}"
            continue
        found[code] = {
            t: sorted({int(r) for r in rows if pd.notna(r)}) for t, rows in given.items()
        }
    return found


def timed(folder: Path, year: int, la_code: str) -> dict[str, float]:
    """Seconds until the rules had run, and until both reports were made; megabytes at the peak."""
    rules = registry(year)
    told = {"collectionYear": str(year), "localAuthority": la_code}
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        validator = LacValidator(told, uploads(folder), rules)
    ran = time.perf_counter()
    report = Report(validator.ds_results, rules)
    for name in ("errors", "children"):
        report.csv_report(name)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rules": ran - started, "reports": ended - started, "peak": peak}


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    is_timed = "--timed" in sys.argv
    folder, year, la_code, result = [a for a in sys.argv[1:] if a != "--timed"]
    given = (timed if is_timed else run)(Path(folder), int(year), la_code)
    Path(result).write_text(json.dumps(given))
