"""Check what was given: DfE's rules for SSDA903, the standard's own checks for placements.

Nothing is written but to the folder that was asked for, and the table of postcodes to the user's
cache, once.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.checking.corrected import Corrected, require_empty, write_corrected
from pipeline.checking.failures import (
    Counted,
    add_checks,
    add_file,
    add_rules,
    counted,
    failures_sql,
    open_told,
)
from pipeline.checking.given import (
    CannotCheck,
    Given,
    Return,
    one_return,
    previous_return,
    read_given,
)
from pipeline.checking.suggestions import read_accepted, write_suggestions
from pipeline.intake.clean import conformed_sql, create_macros
from pipeline.intake.scratch import scratch
from pipeline.progress import steps, tell
from pipeline.reference import Postcodes, build_postcodes, known_postcodes
from pipeline.reports.csv_file import write_csv
from pipeline.reports.ssda903 import REPORTS, write_reports
from pipeline.settings import home_folder, user_cache
from pipeline.standards.load import Table, load_standards
from pipeline.standards.ssda903.feed import cleaned_sql, derive, feed, open_sources
from pipeline.standards.ssda903.found import keep_found
from pipeline.standards.ssda903.ofsted import ProvidersRead, load_ofsted
from pipeline.standards.ssda903.rule import FIRST_YEAR, Rule, all_rules, rules_of
from pipeline.standards.ssda903.run import RuleResult, run_rules
from pipeline.standards.ssda903.suggest import suggest
from pipeline.standards.ssda903.tables import (
    IN_XML,
    LAST,
    Collection,
    keep_selections,
    open_tables,
    set_collection,
)
from pipeline.warehouse import from_parquet, sql_name, sql_text, workspace

FAILURES_CSV, SUGGESTIONS_CSV = "failures.csv", "suggestions.csv"
ROWS = "given_rows"  # the conformed rows of one placement return


@dataclass(frozen=True)
class Asked:
    """What is to be checked, and with what."""

    paths: tuple[Path, ...]
    out: Path
    previous: tuple[Path, ...] = ()
    la_code: str | None = None
    year: int | None = None
    providers: tuple[Path, ...] = ()
    with_postcodes: bool = True
    accepted: Path | None = None  # suggestions that somebody marked
    corrected: Path | None = None  # where to write the files with these

    @property
    def apart(self) -> tuple[Path, ...]:
        """What may lie among the paths and is not to be checked."""
        beside = (*self.providers, self.accepted, self.corrected)
        return tuple(path for path in beside if path)


@dataclass(frozen=True)
class NotRun:
    """A rule or check that was not run, or could not be."""

    code: str
    why: str


@dataclass
class Findings:
    """What a check found, for the screen: words and counts, no value of a file."""

    given: list[Given]
    own: Return | None
    previous: Return | None = None
    providers: ProvidersRead | None = None
    previous_given: list[Given] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    passed: int = 0  # rules and checks
    not_applicable: list[NotRun] = field(default_factory=list)
    errors: list[NotRun] = field(default_factory=list)
    counts: list[Counted] = field(default_factory=list)
    suggested: dict[str, int] | None = None  # how many are certain and possible
    not_accepted: dict[str, int] = field(default_factory=dict)  # by reason
    corrected: Corrected | None = None
    written: list[Path] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Whether nothing must be mended, and all that could be run was."""
        return not self.errors and not any(c.must_be_mended for c in self.counts)


def check(asked: Asked) -> Findings:
    """Check what was asked and write what was found.

    Raises CannotCheck, and ReferenceFault for a list of providers that is none.
    """
    out = asked.out.resolve()
    if asked.corrected:
        require_empty(asked.corrected)
    _empty_folder(out)
    aside = out / ".checking"
    try:
        with scratch(aside) as room, workspace(spill=room / "spill") as connection:
            # Files, tables and rules run side by side; the parts of one small query had better not.
            connection.execute("set threads = 1")
            open_told(connection)
            found = _read(connection, asked, out, room)
            own = found.own
            for each in _taken_up(found.given, own):
                add_file(connection, each.entry, each.table)
            if own:
                _check_return(connection, asked, found)
            _check_placements(connection, asked, found)
            found.counts = counted(connection)
            _write(connection, found, out)
            if own and found.providers:
                _suggest(connection, asked, found, out)
            return found
    except PermissionError as error:  # Windows lets nobody replace a file that is open
        file = Path(error.filename2 or error.filename or out).name
        raise CannotCheck(
            f"{file} is open in another program: close it, and check again."
        ) from None
    finally:
        if aside.is_dir() and not any(aside.iterdir()):
            aside.rmdir()


def _empty_folder(out: Path) -> None:
    """Make the folder for what is found, without what was found there before."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in (FAILURES_CSV, *REPORTS):
            (out / name).unlink(missing_ok=True)
    except OSError as error:
        raise CannotCheck(
            f"{out.name}: this folder, or a file of an earlier check in it, cannot be written. "
            "Close it in other programs, or give another folder with --out."
        ) from error


def _read(connection: duckdb.DuckDBPyConnection, asked: Asked, out: Path, room: Path) -> Findings:
    """Read this year's files, last year's, Ofsted's lists and the rules, side by side."""
    with ThreadPoolExecutor(1) as beside:
        macros = beside.submit(create_macros, connection)
        load_standards()  # once, for all
        macros.result()

    def read(paths: tuple[Path, ...], name: str) -> list[Given]:
        return read_given(connection, paths, asked.la_code, out, room / name, asked.apart)

    def open_and_read_lists() -> ProvidersRead | None:
        with connection.cursor() as session:
            open_tables(session)
            open_sources(session)
            listed = load_ofsted(session, asked.providers) if asked.providers else None
        all_rules()  # kept for when they are run
        return listed

    tell("Reading the files")
    with ThreadPoolExecutor(3) as beside:
        providers = beside.submit(open_and_read_lists)
        given = beside.submit(read, asked.paths, "given")
        previous = beside.submit(read, asked.previous, "previous") if asked.previous else None
        listed = providers.result()
        found = Findings(given.result(), one_return(given.result(), asked.year))
        found.providers = listed
        if previous:
            if found.own is None:
                raise CannotCheck(
                    "--previous is last year's SSDA903 return, and none of the files is a table "
                    "of SSDA903."
                )
            found.previous_given = previous.result()
            found.previous = previous_return(found.previous_given, found.own)
    return found


def _taken_up(given: list[Given], own: Return | None) -> list[Given]:
    """Each part as it is checked: a table of the return with the return's year."""
    if own is None:
        return given
    of_return = {id(g.part): g for g in own.given}
    left_out = {id(g.part) for g in own.left_out}
    return [of_return.get(id(g.part), g) for g in given if id(g.part) not in left_out]


def _raw_sql(table: Table, given: Iterable[Given]) -> str:
    """The rows of one table as they were sent, of one file or of several."""
    names = ", ".join(sql_name(f.name) for f in table.fields)
    parts = [
        f"select {sql_text(g.entry.content[:16])} as submission_id, "
        f"{sql_text(g.entry.file)} as file, sheet, row_number, {names} "
        f"from {from_parquet([g.part.rows])} where not is_template"
        for g in given
    ]
    return f"({' union all '.join(parts)})"


def _feed(
    connection: duckdb.DuckDBPyConnection, of: Return, suffix: str, with_sources: bool
) -> None:
    by_table: dict[str, list[Given]] = {}
    for given in of.given:
        if given.is_usable:
            by_table.setdefault(given.entry.table_name, []).append(given)

    def feed_one(of_table: list[Given]) -> None:
        table, files = of_table[0].table, [g.entry.file for g in of_table]
        is_plain = all(g.part.is_plain for g in of_table)
        rows = cleaned_sql(table, _raw_sql(table, of_table), files, is_plain)
        with connection.cursor() as session:
            # What was read of one sheet was written in the order of its rows.
            is_in_order = len(of_table) == 1 and bool(of_table[0].part.columns)
            feed(session, table.header_name + suffix, rows, with_sources, is_in_order)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(feed_one, by_table.values()))
    blank = {g.table.header_name for g in of.blank}
    if of.is_xml:
        blank |= set(IN_XML)
    for name in sorted(blank):
        connection.execute("insert into delivered values (?)", [name + suffix])


def _check_return(connection: duckdb.DuckDBPyConnection, asked: Asked, found: Findings) -> None:
    own = found.own
    if own.year < FIRST_YEAR:
        raise CannotCheck(
            f"There are no rules of collection year {own.year} here; the first are of {FIRST_YEAR}."
        )
    file_format = "xml" if own.is_xml else "csv"
    set_collection(connection, Collection.of(own.year, asked.la_code, file_format))
    is_to_correct = asked.corrected is not None
    _feed(connection, own, "", is_to_correct)
    if found.previous:
        _feed(connection, found.previous, LAST, is_to_correct)
    derive(connection, _postcodes() if asked.with_postcodes else None)
    found.rules = rules_of(own.year)
    lacking = {r.code: why for r in found.rules if (why := _lacks(r, asked))}
    found.not_applicable += [NotRun(code, why) for code, why in lacking.items()]
    runnable = [r for r in found.rules if r.code not in lacking]
    tell(f"Checking {len(runnable)} rules of collection year {own.year}")
    keep_selections(connection)
    step = steps("Rules", len(runnable))
    results = run_rules(connection, runnable, lambda rule: step())
    _sort_out(results, found)
    keep_found(connection, found.rules)
    add_rules(connection, found.rules)


def _lacks(rule: Rule, asked: Asked) -> str:
    """What a rule about the authority needs and does not have; empty for any other."""
    if rule.needs_authority and not asked.la_code:
        return "needs the authority's code"
    if rule.needs_authority and not asked.with_postcodes:
        return "needs postcode"
    return ""


def _sort_out(results: Iterable[RuleResult], found: Findings) -> None:
    for result in results:
        if result.outcome == "pass":
            found.passed += 1
        elif result.outcome == "not applicable":
            found.not_applicable.append(NotRun(result.rule.code, result.why))
        elif result.outcome == "error":
            found.errors.append(NotRun(result.rule.code, result.why))


def _postcodes() -> Postcodes:
    """The table of postcodes of the home, or of the user's cache, where it is made if need be."""
    if already := known_postcodes(home_folder() / "reference"):
        return already
    try:
        return build_postcodes(user_cache())
    except OSError as error:
        raise CannotCheck(
            "The table of postcodes could not be made in the user's cache. Check its free space "
            "and who may write there, or check without it: --no-postcodes."
        ) from error


def _check_placements(connection: duckdb.DuckDBPyConnection, asked: Asked, found: Findings) -> None:
    placements = [g for g in found.given if g.is_usable and g.table and not g.is_903]
    if not placements:
        return
    tell("Starting Great Expectations")  # which takes longer than the checks of a small file
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    from pipeline.standards.check import check_submission

    for given in placements:
        table, entry = given.table, given.entry
        tell(f"Checking a placement return: {table.title}")
        conformed = conformed_sql(table, None, _raw_sql(table, [given]))
        connection.execute(f"create or replace temp table {ROWS} as {conformed}")
        outcome = check_submission(
            connection,
            ROWS,
            table,
            None,
            frozenset(filter(None, entry.missing_columns.split(","))),
            asked.la_code or "",
            entry.content[:16],
            datetime.now(UTC).date(),
        )
        add_checks(connection, table, outcome.failures, ROWS)
        for result in outcome.results:
            if result.outcome == "pass":
                found.passed += 1
            elif result.outcome == "not applicable":
                why = "a column that it reads is not in the file, or the file has no rows"
                found.not_applicable.append(NotRun(result.check_id, why))
            elif result.outcome == "error":
                found.errors.append(NotRun(result.check_id, "could not be run"))


def _write(connection: duckdb.DuckDBPyConnection, found: Findings, out: Path) -> None:
    tell("Writing what was found")
    write_csv(connection, failures_sql(), out / FAILURES_CSV)
    found.written.append(out / FAILURES_CSV)
    if found.own:
        found.written += write_reports(connection, found.rules, out)


def _suggest(
    connection: duckdb.DuckDBPyConnection, asked: Asked, found: Findings, out: Path
) -> None:
    """Write what could be filled in or, where somebody accepted some, the corrected files."""
    found.suggested = suggest(connection)
    if asked.accepted is None or asked.corrected is None:
        write_suggestions(connection, out / SUGGESTIONS_CSV)
        found.written.append(out / SUGGESTIONS_CSV)
        return
    accepted, found.not_accepted = read_accepted(connection, asked.accepted)
    found.corrected = write_corrected(connection, found.own.given, accepted, asked.corrected)
