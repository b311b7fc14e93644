"""An LA's whole SSDA903 returns, put to DfE's rules: a collection year with the year before it.

The rules look across tables and years, so they cannot be put to one submission by itself. What
they find is kept beside what the checks of single submissions found, by submission and table; it
is found anew where anything in the return, the rules or the reference data changed.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb

from expectations.suites import build_rules_suite
from pipeline.accounting import create_conformed, row_status_path, rule_failures_path
from pipeline.intake.clean import key_sql
from pipeline.intake.manifest import Entry
from pipeline.reference import Postcodes
from pipeline.reports.ssda903 import write_reports
from pipeline.settings import EXPECTATIONS
from pipeline.sharing.outbox import OF_RULES, outbox
from pipeline.sharing.quality import check_result_file
from pipeline.standards.check import CheckResult
from pipeline.standards.ssda903.feed import CAME_FROM, derive, feed, open_sources
from pipeline.standards.ssda903.found import FOUND, keep_found
from pipeline.standards.ssda903.ofsted import load_ofsted
from pipeline.standards.ssda903.rule import FIRST_YEAR, Rule, rules_of
from pipeline.standards.ssda903.run import RuleResult, run_rules
from pipeline.standards.ssda903.tables import (
    IN_XML,
    LAST,
    Collection,
    keep_selections,
    open_tables,
    set_collection,
    ssda903_tables,
)
from pipeline.standards.validation import run_suite, validation_record
from pipeline.warehouse import from_parquet, sql_text, workspace, write_parquet

OUTCOMES = ("error", "fail", "pass", "not applicable")  # the gravest first
STAMPS = "returns.json"  # collection year -> what its rules were last run on


@dataclass(frozen=True)
class Basis:
    """What returns are judged by beside the rules: postcodes, and Ofsted's lists of providers."""

    postcodes: Postcodes | None = None
    lists: tuple[Path, ...] = ()

    @property
    def stamp(self) -> str:
        release = self.postcodes.postcodes.name if self.postcodes else ""
        digest = hashlib.sha256(f"{release} {_rules_fingerprint()}".encode())
        for file in self.lists:
            digest.update(file.read_bytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class Judged:
    """What DfE's rules found in one submission and table: counts and outcomes, no value."""

    entry: Entry
    results: list[CheckResult]
    validation: dict  # for Data Docs, see pipeline.standards.validation


@dataclass(frozen=True)
class Return:
    """An LA's submissions of one collection year, and those of the year before."""

    la_code: str
    year: int
    this_year: tuple[Entry, ...]
    last_year: tuple[Entry, ...]

    def stamp(self, basis: Basis) -> str:
        """What the rules are run on."""
        rows = [
            (e.submission_id, e.table_name, e.period, e.rows_kept, e.rows_quarantined, e.read_by)
            for e in (*self.this_year, *self.last_year)
        ]
        return hashlib.sha256(repr((rows, basis.stamp)).encode()).hexdigest()

    @property
    def file_format(self) -> str:
        is_xml = any(e.file.lower().endswith(".xml") for e in self.this_year)
        return "xml" if is_xml else "csv"


@cache
def _rules_fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted((EXPECTATIONS / "ssda903").rglob("*.sql")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _is_there(entry: Entry) -> bool:
    """Whether a table was delivered, be it without a row."""
    return entry.dataset == "ssda903" and (entry.has_rows or entry.reason_code == "no_rows")


def returns_of(la_code: str, entries: Iterable[Entry]) -> list[Return]:
    """The returns that DfE's rules can be put to."""
    of_year: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.year and entry.table_name and _is_there(entry) and not entry.ended:
            of_year.setdefault(entry.year, []).append(entry)
    return [
        Return(la_code, year, tuple(found), tuple(of_year.get(year - 1, ())))
        for year, found in sorted(of_year.items())
        if year >= FIRST_YEAR and any(e.has_rows for e in found)
    ]


def _stamps_now(la_code: str, entries: Iterable[Entry], basis: Basis) -> dict[str, str]:
    return {str(r.year): r.stamp(basis) for r in returns_of(la_code, entries)}


def _stamps(la_zone: Path) -> dict[str, str]:
    file = la_zone / STAMPS
    return json.loads(file.read_text(encoding="ascii")) if file.exists() else {}


def returns_wait(la_code: str, la_zone: Path, entries: Iterable[Entry], basis: Basis) -> bool:
    """Whether some return of an LA, or what it is judged by, changed since it was judged."""
    before = _stamps(la_zone)
    now = _stamps_now(la_code, entries, basis)
    return any(before.get(year) != stamp for year, stamp in now.items())


def judge_returns(
    connection: duckdb.DuckDBPyConnection,
    la_code: str,
    la_zone: Path,
    entries: list[Entry],
    basis: Basis,
    reports: Path | None = None,
) -> list[Judged]:
    """Put the returns that changed to DfE's rules; the rest keep what was found.

    `entries` are accounted for: the status of every row is written. Failures go to the LA's zone,
    the two reports of each year to a folder in `reports`, which belongs to it; the counts are
    handed back. `keep_stamps` comes last, once all of it is told.
    """
    stamps = _stamps(la_zone)
    judged: list[Judged] = []
    returns = returns_of(la_code, entries)
    for given in returns:
        if stamps.get(str(given.year)) != given.stamp(basis):
            judged += _judge(connection, la_zone, given, basis)
            if reports:
                _write_reports(connection, report_folder(reports, given.year), given.year)
    part_of_one = {(e.submission_id, e.table_name) for r in returns for e in r.this_year}
    for entry in entries:
        if (entry.submission_id, entry.table_name) not in part_of_one:
            rule_failures_path(la_zone, entry.submission_id, entry.table_name).unlink(
                missing_ok=True
            )
    return judged


def report_folder(reports: Path, year: int) -> Path:
    """Where the reports on the return of a year are, below the folder of an LA's feedback."""
    return reports / f"ssda903_{year}"


def _write_reports(connection: duckdb.DuckDBPyConnection, folder: Path, year: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_reports(connection, rules_of(year), folder)


def rule_outcomes(la_zone: Path, la_code: str, entries: Iterable[Entry]) -> dict[str, int]:
    """How many rules of an LA's newest return pass, fail, are not applicable or end in an error.

    A rule that gives rows of several submissions has the gravest of its outcomes. Rules of tables
    that were not delivered are not counted.
    """
    counts = dict.fromkeys(OUTCOMES, 0)
    returns = returns_of(la_code, entries)
    box = outbox(la_zone)
    files = [
        check_result_file(box, la_code, e.submission_id, e.table_name, OF_RULES)
        for e in (returns[-1].this_year if returns else ())
    ]
    files = [f for f in files if f.exists()]
    if files:
        with workspace() as connection:
            gravest = ", ".join(sql_text(o) for o in OUTCOMES)
            for outcome, rules in connection.execute(
                "select outcome, count(*) from (select arg_min(outcome, "
                f"list_position([{gravest}], outcome)) as outcome from {from_parquet(files)} "
                "group by check_id) group by outcome"
            ).fetchall():
                counts[outcome] = rules
    return counts


def drop_reports(reports: Path, la_code: str, entries: Iterable[Entry]) -> None:
    """Remove the reports on returns that are no longer there."""
    kept = {report_folder(reports, r.year) for r in returns_of(la_code, entries)}
    for folder in reports.glob("ssda903_*"):
        if folder not in kept:
            shutil.rmtree(folder)


def keep_stamps(la_code: str, la_zone: Path, entries: Iterable[Entry], basis: Basis) -> None:
    """Note what the rules were run on, so that an unchanged return is left alone."""
    now = _stamps_now(la_code, entries, basis)
    if now == _stamps(la_zone):
        return
    beside = la_zone / f".{STAMPS}.next"
    beside.write_text(json.dumps(now), encoding="ascii")
    beside.replace(la_zone / STAMPS)


def _judge(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, given: Return, basis: Basis
) -> list[Judged]:
    open_tables(connection)
    open_sources(connection)
    set_collection(connection, Collection.of(given.year, given.la_code, given.file_format))
    for suffix, entries in (("", given.this_year), (LAST, given.last_year)):
        _feed_year(connection, la_zone, entries, suffix)
    if basis.lists:
        load_ofsted(connection, basis.lists)
    derive(connection, basis.postcodes)
    keep_selections(connection)
    rules = rules_of(given.year)
    results = run_rules(connection, rules)
    keep_found(connection, rules)
    names = {t.name: n for n, t in ssda903_tables().items()}
    with_rows = [e for e in given.this_year if e.has_rows]
    newest = {e.table_name: e for e in with_rows}
    _keep_words(connection, rules)
    for entry in with_rows:
        is_newest = newest[entry.table_name] == entry
        _write_failures(connection, la_zone, entry, names[entry.table_name], is_newest)
    counts = _counts(connection)
    return [_judged(e, names, results, counts, with_rows) for e in with_rows]


def _feed_year(
    connection: duckdb.DuckDBPyConnection,
    la_zone: Path,
    entries: tuple[Entry, ...],
    suffix: str,
) -> None:
    """Fill the tables of one year from the rows that stand for it."""
    is_xml = any(e.file.lower().endswith(".xml") for e in entries)
    for name, table in ssda903_tables().items():
        group = [e for e in entries if e.table_name == table.name]
        if with_rows := [e for e in group if e.has_rows]:
            create_conformed(connection, la_zone, with_rows, "conformed")
            status = from_parquet([row_status_path(la_zone, table.name, with_rows[0].period)])
            # A row sent again counts once. A key that one file has twice is for the rules to see.
            connection.execute(
                "create or replace temp table standing as with rows as (select conformed.*, "
                f"told.status, told.is_stopped, {key_sql(table)} as row_key from conformed "
                f"join {status} as told using (submission_id, sheet, row_number)) "
                "select * exclude (status, is_stopped, row_key) from rows "
                "where status <> 'superseded' or (not is_stopped and (submission_id, row_key) in "
                "(select (submission_id, row_key) from rows where status = 'kept'))"
            )
            feed(connection, name + suffix, "standing")
        elif group or (is_xml and name in IN_XML):
            connection.execute(f"insert into delivered values ({sql_text(name + suffix)})")


def _field_names(table_name: str, fields: Iterable[str]) -> str:
    """DfE's headings as the names of our fields, where the table has them."""
    names = {f.header: f.name for f in ssda903_tables()[table_name].fields}
    return ", ".join(names.get(f, f) for f in fields)


def check_id(rule: Rule) -> str:
    return f"dfe.{rule.code}"


def _keep_words(connection: duckdb.DuckDBPyConnection, rules: list[Rule]) -> None:
    """Make `said`: what is told of each rule in each table of this year that it is told of."""
    import pandas as pd

    said = pd.DataFrame(
        [
            (
                name,
                rule.code,
                check_id(rule),
                rule.severity,
                _field_names(name, rule.fields),
                f"{rule.code}: {rule.message}",
                rule.how_to_fix,
            )
            for rule in rules
            for name in _tables_told(rule)
        ],
        columns=["told_in", "code", "check_id", "severity", "field", "message", "how_to_fix"],
    )
    connection.register("said_now", said)
    connection.execute("create or replace temp table said as select * from said_now")
    connection.unregister("said_now")


def _write_failures(
    connection: duckdb.DuckDBPyConnection,
    la_zone: Path,
    entry: Entry,
    table_name: str,
    is_newest: bool,
) -> None:
    """Keep the failing rows of one submission and table, with values, in the LA's zone.

    What a rule finds in a row of last year is missing from this year's file: it is told of that
    file as a whole.
    """
    words = f"(select * from said where told_in = {sql_text(table_name)}) as said"
    write_parquet(
        connection,
        f"select {CAME_FROM}.submission_id, said.check_id, said.severity, {CAME_FROM}.file, "
        f"{CAME_FROM}.sheet, {CAME_FROM}.row_number, {FOUND}.child, said.field, "
        f"{FOUND}.affected as value, said.message, said.how_to_fix, "
        f"{sql_text(entry.table_name)} as table_name "
        f"from {FOUND} join {CAME_FROM} using (table_name, data_row) join {words} using (code) "
        f"where {CAME_FROM}.submission_id = {sql_text(entry.submission_id)} "
        f"and {FOUND}.table_name = {sql_text(table_name)} "
        f"union all select {sql_text(entry.submission_id)}, said.check_id, said.severity, "
        f"{sql_text(entry.file)}, '', null, {FOUND}.child, said.field, {FOUND}.affected, "
        f"said.message, said.how_to_fix, {sql_text(entry.table_name)} "
        f"from {FOUND} join {words} using (code) "
        f"where {FOUND}.table_name = {sql_text(table_name + LAST)} and {is_newest} "
        "order by sheet, row_number, check_id",
        rule_failures_path(la_zone, entry.submission_id, entry.table_name),
    )


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], int]:
    """By submission, table and code the rows that fail; by submission and table, code '', all."""
    failed = connection.execute(
        f"select submission_id, table_name, code, count(*) from {FOUND} "
        f"join {CAME_FROM} using (table_name, data_row) group by all"
    ).fetchall()
    rows = connection.execute(
        f"select submission_id, table_name, '', count(*) from {CAME_FROM} group by all"
    ).fetchall()
    return {tuple(row[:3]): row[3] for row in (*failed, *rows)}


def _judged(
    entry: Entry,
    names: dict[str, str],
    results: list[RuleResult],
    counts: dict[tuple[str, str, str], int],
    with_rows: list[Entry],
) -> Judged:
    """What the rules found in one submission and table of a return."""
    now = datetime.now(UTC).replace(tzinfo=None)
    name = names[entry.table_name]
    mine = [r for r in results if name in _tables_told(r.rule)]
    tested = counts.get((entry.submission_id, name, ""), 0)
    told = []
    for result in mine:
        rule, outcome = result.rule, result.outcome
        failed = counts.get((entry.submission_id, name, rule.code), 0)
        if name not in rule.fails_in:  # rows of last year, which this year's file lacks
            failed = result.rows_failed
        was_run = outcome in ("pass", "fail")
        told.append(
            CheckResult(
                entry.la_code,
                entry.submission_id,
                entry.table_name,
                check_id(rule),
                rule.severity,
                _field_names(name, rule.fields),
                rule.message,
                tested if was_run else 0,
                failed if was_run else 0,
                ("fail" if failed else "pass") if was_run else outcome,
                now,
            )
        )
    told_here = [
        (result, check)
        for result, check in zip(mine, told, strict=True)
        if _told_at(result.rule, names, with_rows) == entry
    ]
    return Judged(entry, told, _validation(entry, told_here))


def _tables_told(rule: Rule) -> list[str]:
    """The tables of this year that a rule is told of."""
    return list(dict.fromkeys(name.removesuffix(LAST) for name in rule.fails_in))


def _told_at(rule: Rule, names: dict[str, str], with_rows: list[Entry]) -> Entry:
    """Where Data Docs tell of a rule: at the newest submission of the first table it gives."""
    found = [
        e for name in _tables_told(rule) for e in with_rows[::-1] if names[e.table_name] == name
    ]
    return found[0]


def _validation(entry: Entry, told: list[tuple[RuleResult, CheckResult]]) -> dict:
    """The counts of the rules as results of a Great Expectations suite of one expectation each."""
    import pandas as pd

    ran = [(result, check) for result, check in told if check.outcome != "not applicable"]
    suite = build_rules_suite(entry.table_name, entry.year, [r.rule for r, _ in ran])
    counted = {c.check_id: [r.rows_failed] for r, c in ran if r.outcome != "error"}
    verdicts = run_suite(suite, pd.DataFrame(counted), at_once=len(ran)) if ran else []
    for verdict in verdicts:
        if verdict.outcome != "error":
            verdict.result["result"]["observed_value"] = counted[verdict.check_id][0]
    unused = [c.check_id for _, c in told if c.outcome == "not applicable"]
    return validation_record(suite.name, verdicts, unused)
