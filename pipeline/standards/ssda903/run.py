"""Run DfE's rules, each by itself: one that cannot run is named and stops no other."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import duckdb

from pipeline.standards.ssda903.rule import Rule
from pipeline.standards.ssda903.tables import view_name
from pipeline.warehouse import sql_text

FAILED = "rule_failure"  # code, table_name, data_row: each failing row once


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
    return {
        t: connection.execute(f"select count(*) from {view_name(t)}").fetchall()[0][0]
        for t in tables
    }


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

    def judge(rule: Rule) -> RuleResult:
        if lacks := _lacks(rule, delivered, rows):
            return RuleResult(rule, "not applicable", lacks, 0, 0)
        try:
            # A session of its own on the same tables: rules run side by side.
            with connection.cursor() as session:
                session.execute(
                    f"insert into {FAILED} select {sql_text(rule.code)}, table_name, data_row "
                    f"from (\n{rule.sql}\n)"
                )
        except duckdb.Error as fault:
            kind = type(fault).__name__
            return RuleResult(rule, "error", f"could not be run ({kind})", 0, 0)
        return RuleResult(rule, "pass", "", sum(rows.get(t, 0) for t in rule.fails_in), 0)

    results = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for result in pool.map(judge, rules):
            each(result.rule)
            results.append(result)
    # A rule may give a row several times.
    connection.execute(f"create or replace table {FAILED} as select distinct * from {FAILED}")
    failed = dict(
        connection.execute(f"select code, count(*) from {FAILED} group by code").fetchall()
    )
    return [
        replace(r, outcome="fail", rows_failed=failed[r.rule.code]) if r.rule.code in failed else r
        for r in results
    ]
