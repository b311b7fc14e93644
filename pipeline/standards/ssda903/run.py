"""Run DfE's rules, some at a time: one that cannot run is named and stops no other."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import duckdb

from pipeline.standards.ssda903.rule import Rule
from pipeline.standards.ssda903.tables import view_name
from pipeline.warehouse import sql_text

FAILED = "rule_failure"  # code, table_name, data_row: each failing row once


TOGETHER = 8  # rules in one query, which is sooner planned than eight; where one fails, each alone


@dataclass(frozen=True)
class RuleResult:
    """What one rule found. Where it was not applicable or ended in an error, the counts are 0."""

    rule: Rule
    outcome: str  # pass, fail, not applicable, error
    why: str  # of not applicable and error, in words without values
    rows_tested: int
    rows_failed: int


def _lacks(rule: Rule, delivered: set[str], rows: dict[str, int]) -> str:
    """What a rule needs and does not have, in words; empty where it can run."""
    needed = (*rule.tables, *rule.reference)
    if missing := [n for n in needed if n not in delivered]:
        return f"needs {', '.join(missing)}"
    if not sum(rows.get(t, 0) for t in rule.fails_in):
        return f"no rows in {', '.join(rule.fails_in)}"
    return ""


def _counts(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, int]:
    each = " union all ".join(f"select {sql_text(t)}, count(*) from {view_name(t)}" for t in tables)
    return dict(connection.execute(each).fetchall()) if each else {}


def _run_together(connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> None:
    """Add the failing rows of some rules to FAILED; of all of them, or of none."""
    failing = " union all ".join(
        f"select {sql_text(r.code)} as code, table_name, data_row from (\n{r.sql}\n)" for r in rules
    )
    # A session of its own on the same tables: others run beside it.
    with connection.cursor() as session:
        session.execute(f"insert into {FAILED} {failing}")


def run_rules(
    connection: duckdb.DuckDBPyConnection,
    rules: Iterable[Rule],
    each: Callable[[Rule], None] = lambda rule: None,
) -> list[RuleResult]:
    """Run rules over the tables of the session; the failing rows stand in `rule_failure` after.

    `each` is told of every rule that has run. A rule's own fault is told by its kind only: what
    DuckDB says of it may hold values.
    """
    rules = list(rules)
    connection.execute(
        f"create or replace table {FAILED} (code varchar, table_name varchar, data_row bigint)"
    )
    delivered = {
        n for (n,) in connection.execute("select distinct table_name from delivered").fetchall()
    }
    rows = _counts(connection, delivered.intersection(t for r in rules for t in r.fails_in))

    found: dict[str, RuleResult] = {}
    for rule in rules:
        lacks = _lacks(rule, delivered, rows)
        tested = 0 if lacks else sum(rows.get(t, 0) for t in rule.fails_in)
        outcome = "not applicable" if lacks else "pass"
        found[rule.code] = RuleResult(rule, outcome, lacks, tested, 0)

    def faults(together: list[Rule]) -> dict[str, str]:
        """Run some rules; of those that could not be run, the kind of fault by code."""
        try:
            _run_together(connection, together)
        except duckdb.Error as fault:
            if len(together) == 1:
                return {together[0].code: type(fault).__name__}
            return {code: kind for rule in together for code, kind in faults([rule]).items()}
        return {}

    runnable = [r for r in rules if found[r.code].outcome == "pass"]
    batches = [runnable[i : i + TOGETHER] for i in range(0, len(runnable), TOGETHER)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for batch, kinds in zip(batches, pool.map(faults, batches), strict=True):
            for code, kind in kinds.items():
                why = f"could not be run ({kind})"
                found[code] = RuleResult(found[code].rule, "error", why, 0, 0)
            for rule in batch:
                each(rule)
    # A rule may give a row several times.
    connection.execute(f"create or replace table {FAILED} as select distinct * from {FAILED}")
    counts = f"select code, count(*) from {FAILED} group by code"
    for code, failed in connection.execute(counts).fetchall():
        found[code] = replace(found[code], outcome="fail", rows_failed=failed)
    return list(found.values())
