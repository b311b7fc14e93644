"""What every rule file gives on a dirty return, as JSON: `python -m tests.conformance.engine`.

With another DuckDB in front it must print the same.
"""

import json
import tempfile
from pathlib import Path

import duckdb

from pipeline.standards.ssda903.rule import all_rules
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
            rules = {}
            for rule in all_rules():
                (result,), rows = failing_rows(connection, [rule])
                rules[rule.name] = [result.outcome, *sorted(rows)]
            selections = {
                name: connection.execute(f"select * from {name} order by all").fetchall()
                for name in shared_selections()
            }
    return {"duckdb": duckdb.__version__, "rules": rules, "selections": selections}


def as_text(what: dict[str, object]) -> str:
    return json.dumps(what, default=str)


if __name__ == "__main__":
    print(as_text(given()))
