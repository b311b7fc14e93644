"""What every rule file gives on a dirty return, as JSON: `python -m tests.conformance.engine`.

With another DuckDB in front it must print the same.
"""

import json
import tempfile
from pathlib import Path

import duckdb

from pipeline.standards.ssda903.rule import FIRST_YEAR, rules_of
from pipeline.standards.ssda903.tables import shared_selections
from tests.conformance.ours import failing_rows, postcodes_in, session_of
from tests.conformance.returns import Mistakes, clean_returns, with_mistakes

YEAR = 2027  # it has the most tables; the rules of every year run on it


def given() -> dict[str, object]:
    """Which DuckDB ran, what each rule file gave, and the rows of each shared selection."""
    dirty = with_mistakes(clean_returns(200, YEAR, 143), 143, Mistakes(0.05))
    with tempfile.TemporaryDirectory() as folder:
        postcodes = postcodes_in(Path(folder))
        with session_of(dirty, postcodes) as connection:
            rules: dict[str, list[object]] = {}
            for year in range(FIRST_YEAR, YEAR + 1):  # no two of a year have one code
                of_year = [r for r in rules_of(year) if r.name not in rules]
                results, rows = failing_rows(connection, of_year)
                for rule, outcome in ((r.rule, r.outcome) for r in results):
                    failed = sorted(row for row in rows if row[0] == rule.code)
                    rules[rule.name] = [outcome, *failed]
            selections = {
                name: connection.execute(f"select * from {name} order by all").fetchall()
                for name in shared_selections()
            }
    return {"duckdb": duckdb.__version__, "rules": rules, "selections": selections}


def as_text(what: dict[str, object]) -> str:
    return json.dumps(what, default=str)


if __name__ == "__main__":
    print(as_text(given()))
