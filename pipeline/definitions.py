"""The whole pipeline on one screen: assets, checks, the job, its schedule and its sensor.

LA zone, a partition per authority:  retention -> submissions -> checked -> shared
Hub:  hub (gate) -> Common Core (gate) -> marts, exact marts -> forecast
      -> warehouse and shareable -> region_report
"""

import hashlib
import os
import stat
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSelection,
    AssetSpec,
    BackfillPolicy,
    BetaWarning,
    Definitions,
    MaterializeResult,
    MetadataValue,
    Output,
    RunRequest,
    ScheduleEvaluationContext,
    SensorEvaluationContext,
    SkipReason,
    StaticPartitionsDefinition,
    asset,
    asset_check,
    define_asset_job,
    in_process_executor,
    multi_asset,
    schedule,
    sensor,
)
from dagster_dbt import DbtCliResource, dbt_assets

from pipeline.alarms import KINDS, Alarm
from pipeline.forecast.budget_file import read_budget
from pipeline.forecast.mart_standing import judge_forecast
from pipeline.forecast.run import make_forecast
from pipeline.forecast.scenario_file import read_scenarios
from pipeline.forecast.small_numbers import INSIDE as EXACT
from pipeline.forecast.small_numbers import OUTSIDE
from pipeline.forecast.standing import FIT
from pipeline.gates import common_core_faults, hub_faults
from pipeline.hub import hub_state, open_build
from pipeline.la_zone import (
    check_las,
    lists_fault,
    receive_las,
    retain_las,
    share_las,
    today_of,
    unclaimed_files,
)
from pipeline.options import read_options
from pipeline.progress import tell
from pipeline.publish import OF_SINGLE_CHILDREN, publish, published_state, settle
from pipeline.reference import build_postcodes
from pipeline.reports.data_docs import render_data_docs
from pipeline.reports.region.report import report_stands, write_region_report
from pipeline.retention import erase_logs
from pipeline.returns import OUTCOMES
from pipeline.settings import load_settings
from pipeline.standards.load import load_standards
from pipeline.transform import (
    COMMON_CORE,
    INSIDE,
    MARTS,
    OF_AN_EDITION,
    HubTranslator,
    InsideTranslator,
    dbt_cli,
    dbt_manifest,
)
from pipeline.typed_table import TableFault
from pipeline.warehouse import database

warnings.filterwarnings("ignore", category=BetaWarning)  # backfill policies; pinned

SETTINGS = load_settings()
REGION = SETTINGS.region
LAS = StaticPartitionsDefinition([a.code for a in REGION.authorities])
# All LAs in one run of one process, or a single one: as the run's partitions say.
PER_LA = {"partitions_def": LAS, "backfill_policy": BackfillPolicy.single_run()}
EVERY_LA = {
    "dagster/asset_partition_range_start": REGION.authorities[0].code,
    "dagster/asset_partition_range_end": REGION.authorities[-1].code,
}
WRITER = "warehouse_writer"  # a pool of one: one process writes DuckDB at a time
MANIFEST = dbt_manifest(SETTINGS)
FAULTS_TOLD = 50  # of one table of an analyst's; who mends them sees the others then


def _names(codes: Sequence[str]) -> str:
    return ", ".join(REGION.authority(c).name for c in codes) or "none"


def _no_faults(faults: dict[str, str]) -> AssetCheckResult:
    """An LA that could not be done keeps what it had, but it must be seen."""
    return AssetCheckResult(
        check_name="no_la_failed",
        passed=not faults,
        severity=AssetCheckSeverity.ERROR,
        metadata={REGION.authority(c).name: words for c, words in faults.items()},
    )


def _no_alarms(raised: Sequence[Alarm]) -> AssetCheckResult:
    """A return that is late, or not like the last: used as it is, but somebody should ask."""
    kinds = Counter(a.kind for a in raised)
    return AssetCheckResult(
        check_name="no_alarms",
        passed=not raised,
        severity=AssetCheckSeverity.WARN,
        metadata={k: kinds[k] for k in KINDS}
        | {"las": _names(sorted({a.la_code for a in raised}))},
    )


@asset(
    group_name="la_zone",
    check_specs=[AssetCheckSpec("no_la_failed", asset="retention")],
    **PER_LA,
)
def retention(context: AssetExecutionContext) -> Iterator[MaterializeResult | AssetCheckResult]:
    """What is past its retention is erased, with a line in the audit; and old logs and runs."""
    today = today_of(None)
    done = retain_las(SETTINGS, context.partition_keys, today)
    logs = erase_logs(SETTINGS.home, REGION.retention, today, context.instance)
    yield MaterializeResult(
        metadata={
            "submissions_erased": sum(e.submissions for e in done.results.values()),
            "rows_erased": sum(e.rows for e in done.results.values()),
            "copies_in_quarantine_erased": sum(e.copies for e in done.results.values()),
            "texts_of_errors_erased": sum(e.texts for e in done.results.values()),
            "logs_and_runs_erased": logs,
        }
    )
    yield _no_faults(done.faults)


@asset(
    deps=[retention],
    group_name="la_zone",
    check_specs=[
        AssetCheckSpec("no_la_failed", asset="submissions"),
        AssetCheckSpec("nothing_quarantined", asset="submissions"),
        AssetCheckSpec("every_folder_is_an_la", asset="submissions"),
    ],
    **PER_LA,
)
def submissions(context: AssetExecutionContext) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Files received from the LAs: read, recognised and kept as sent, or put in quarantine."""
    done = receive_las(SETTINGS, context.partition_keys)
    entries = [e for r in done.results.values() for e in r.entries]
    quarantined = [e for e in entries if e.is_grave]
    unclaimed = unclaimed_files(SETTINGS)
    yield MaterializeResult(
        metadata={
            "files": sum(r.files_seen for r in done.results.values()),
            "files_read_now": sum(r.files_read for r in done.results.values()),
            "rows": sum(e.rows_read for e in entries),
            "files_past_retention": sum(e.reason_code == "beyond_retention" for e in entries),
        }
    )
    yield _no_faults(done.faults)
    yield AssetCheckResult(
        check_name="nothing_quarantined",
        passed=not quarantined,
        severity=AssetCheckSeverity.WARN,
        metadata={
            "files": len(quarantined),
            "las": _names(sorted({e.la_code for e in quarantined})),
        },
    )
    yield AssetCheckResult(
        check_name="every_folder_is_an_la",
        passed=unclaimed == 0,
        severity=AssetCheckSeverity.WARN,
        metadata={"files_in_no_la_folder": unclaimed},
    )


@asset(group_name="reference")
def postcodes() -> MaterializeResult:
    """Where every UK postcode is and which authority it belongs to, from the ONS directory."""
    made = build_postcodes(SETTINGS.reference)
    return MaterializeResult(metadata={"release": made.postcodes.stem.split("_")[1]})


def _can_be_used(check: str, file: Path, found: Sequence[TableFault]) -> AssetCheckResult:
    """What must be mended in a table of an analyst's; what has no fault in it is used."""
    faults = [f"{file.name}, {fault}" for fault in found[:FAULTS_TOLD]]
    if len(found) > FAULTS_TOLD:
        faults.append(f"{file.name} has {len(found) - FAULTS_TOLD:,} faults more.")
    for fault in faults:
        tell(f"To be mended: {fault}")
    return AssetCheckResult(
        check_name=check,
        passed=not faults,
        severity=AssetCheckSeverity.WARN,
        metadata={"faults": MetadataValue.md("\n".join(f"- {f}" for f in faults) or "none")},
    )


@asset(
    group_name="reference",
    check_specs=[AssetCheckSpec("every_option_can_be_used", asset="options")],
)
def options() -> Iterator[MaterializeResult | AssetCheckResult]:
    """Options for new homes, as an analyst wrote them; a row with a fault is done without."""
    read = read_options(SETTINGS.options_file, [a.code for a in REGION.authorities])
    yield MaterializeResult(metadata={"options": len(read.options)})
    yield _can_be_used("every_option_can_be_used", SETTINGS.options_file, read.faults)


@asset(
    group_name="reference",
    check_specs=[AssetCheckSpec("every_scenario_can_be_used", asset="scenarios")],
)
def scenarios() -> Iterator[MaterializeResult | AssetCheckResult]:
    """What-ifs for the forecast, as an analyst wrote them; one with a fault is done without."""
    read = read_scenarios(SETTINGS.scenarios_file, [a.code for a in REGION.authorities])
    yield MaterializeResult(metadata={"scenarios": len(read.scenarios)})
    yield _can_be_used("every_scenario_can_be_used", SETTINGS.scenarios_file, read.faults)


@asset(
    group_name="reference",
    check_specs=[AssetCheckSpec("every_budget_line_can_be_used", asset="budget")],
)
def budget() -> Iterator[MaterializeResult | AssetCheckResult]:
    """Budgets of the authorities, as an analyst wrote them; a row with a fault is done without."""
    read = read_budget(SETTINGS.budget_file, [a.code for a in REGION.authorities])
    yield MaterializeResult(metadata={"budget_lines": len(read.lines)})
    yield _can_be_used("every_budget_line_can_be_used", SETTINGS.budget_file, read.faults)


def _dfe_rules(counts: Sequence[dict[str, int]]) -> AssetCheckResult:
    """Of each LA how many rules of its newest return fail; an error is one of ours, and graver."""
    total = {outcome: sum(c[outcome] for c in counts) for outcome in OUTCOMES}
    return AssetCheckResult(
        check_name="dfe_rules",
        passed=not total["error"] and not total["fail"],
        severity=AssetCheckSeverity.ERROR if total["error"] else AssetCheckSeverity.WARN,
        metadata={"returns": len(counts), **{k.replace(" ", "_"): n for k, n in total.items()}},
    )


def _ofsted_lists(fault: str) -> AssetCheckResult:
    return AssetCheckResult(
        check_name="ofsted_lists",
        passed=not fault,
        severity=AssetCheckSeverity.WARN,
        description=fault or "They can be read, or there are none.",
    )


@asset(
    deps=[submissions, postcodes],
    group_name="la_zone",
    check_specs=[
        AssetCheckSpec("no_la_failed", asset="checked"),
        AssetCheckSpec("no_alarms", asset="checked"),
        AssetCheckSpec("dfe_rules", asset="checked", description="DfE's rules, newest return"),
        AssetCheckSpec("ofsted_lists", asset="checked", description="Ofsted's lists can be read"),
        *(
            AssetCheckSpec(name, asset="checked", description=table.title)
            for name, table in load_standards().items()
        ),
    ],
    **PER_LA,
)
def checked(context: AssetExecutionContext) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Submissions checked against their standard by Great Expectations; every row accounted for."""
    done = check_las(SETTINGS, context.partition_keys)
    entries = [e for c in done.results.values() for e in c.entries]
    yield MaterializeResult(
        metadata={
            "tables_checked_now": sum(c.tables for c in done.results.values()),
            "rows_kept": sum(e.rows_kept for e in entries),
            "rows_quarantined": sum(e.rows_quarantined for e in entries),
            "rows_superseded": sum(e.rows_superseded for e in entries),
        }
    )
    yield _no_faults(done.faults)
    yield _no_alarms([a for c in done.results.values() for a in c.alarms])
    yield _dfe_rules([c.rules for c in done.results.values()])
    yield _ofsted_lists(lists_fault(SETTINGS))
    for name in load_standards():
        of_table = [e for e in entries if e.table_name == name]
        stops, fixes = sum(e.stop_count for e in of_table), sum(e.fix_count for e in of_table)
        grave = AssetCheckSeverity.ERROR if stops else AssetCheckSeverity.WARN
        yield AssetCheckResult(
            check_name=name,
            passed=stops + fixes == 0,
            severity=grave,
            metadata={
                "submissions": len(of_table),
                "stop": stops,
                "fix": fixes,
                "warn": sum(e.warn_count for e in of_table),
                "data_docs": MetadataValue.path(str(SETTINGS.reports / "data_docs" / "index.html")),
            },
        )


@asset(
    deps=[checked, postcodes],
    group_name="la_zone",
    check_specs=[
        AssetCheckSpec("no_la_failed", asset="shared"),
        AssetCheckSpec("every_la_has_agreed", asset="shared"),
    ],
    **PER_LA,
)
def shared(context: AssetExecutionContext) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Accepted rows in the hub: listed columns, under pseudonyms, places and dates coarsened."""
    done = share_las(SETTINGS, context.partition_keys, build_postcodes(SETTINGS.reference))
    changed = {code: s.rows for code, s in done.results.items() if s.rows is not None}
    yield MaterializeResult(
        metadata={
            "las_changed": _names(sorted(changed)),
            "rows": sum(sum(rows.values()) for rows in changed.values()),
        }
    )
    yield _no_faults(done.faults)
    refused = {c: s.may.words for c, s in done.results.items() if s.may.refused}
    yield AssetCheckResult(
        check_name="every_la_has_agreed",
        passed=not refused,
        severity=AssetCheckSeverity.WARN,
        metadata={REGION.authority(c).name: words for c, words in refused.items()},
    )


@asset(deps=[shared], group_name="reports")
def data_docs() -> MaterializeResult:
    """Great Expectations' Data Docs of all submissions, as pages without any value."""
    index = render_data_docs(SETTINGS.hub, SETTINGS.reports / "data_docs", REGION)
    return MaterializeResult(metadata={"page": MetadataValue.path(str(index))})


@asset(
    deps=[shared, options, scenarios, budget], group_name="hub", output_required=False, pool=WRITER
)
def hub(context: AssetExecutionContext) -> Iterator[Output[None]]:
    """What the hub holds, opened for dbt. Left alone, with all after it, where nothing changed."""
    state = hub_state(SETTINGS)
    settle(SETTINGS)
    if published_state(SETTINGS) == state:
        # A run may have been killed between the warehouse and the report on it.
        if not report_stands(SETTINGS, state):
            _report()
        tell("Nothing changed: the published warehouse stands as it is.")
        context.log.info("Nothing changed: the published warehouse stands as it is.")
        return
    rows = open_build(SETTINGS)
    tell(f"Hub: {sum(rows.values()):,} rows")
    yield Output(None, metadata=rows)


def _gate(faults: list[str]) -> AssetCheckResult:
    for fault in faults:
        tell(f"Gate closed: {fault}")
    return AssetCheckResult(
        passed=not faults,
        severity=AssetCheckSeverity.ERROR,
        metadata={"faults": MetadataValue.md("\n".join(f"- {f}" for f in faults) or "none")},
    )


@asset_check(asset=hub, blocking=True, pool=WRITER)
def hub_is_safe() -> AssetCheckResult:
    """Great Expectations on what feeds dbt: listed columns only, no bare id, postcode or text."""
    return _gate(hub_faults(SETTINGS))


def _build(
    context: AssetExecutionContext, dbt: DbtCliResource, tests: str, target: str = "build"
) -> Iterator:
    # Unit tests test the code, not the data: `make test` runs them.
    arguments = ["build", "--indirect-selection", tests, "--exclude-resource-type", "unit_test"]
    # What dbt has read for one target is not good for another: each has a folder of its own.
    yield from dbt.cli(
        [*arguments, "--target", target],
        context=context,
        target_path=SETTINGS.home / "dbt" / ("run" if target == "build" else target),
    ).stream()


@dbt_assets(
    manifest=MANIFEST,
    select=COMMON_CORE,
    dagster_dbt_translator=HubTranslator(),
    name="common_core",
    pool=WRITER,
)
def common_core(context: AssetExecutionContext, dbt: DbtCliResource) -> Iterator:
    """Staging, code maps and the Common Core, with their tests."""
    tell("dbt: the Common Core")
    yield from _build(context, dbt, "cautious")


@asset_check(asset=AssetKey(["common_core", "placement"]), blocking=True, pool=WRITER)
def common_core_is_whole() -> AssetCheckResult:
    """Great Expectations on what feeds the marts: all that the hub holds has arrived."""
    return _gate(common_core_faults(SETTINGS))


@dbt_assets(
    manifest=MANIFEST,
    select=MARTS,
    dagster_dbt_translator=HubTranslator(),
    name="marts",
    pool=WRITER,
)
def marts(context: AssetExecutionContext, dbt: DbtCliResource) -> Iterator:
    """The marts as they may be shown outside, with their tests; not built behind a closed gate."""
    tell("dbt: the marts")
    yield from _build(context, dbt, "eager")


@dbt_assets(
    manifest=MANIFEST,
    select=OF_AN_EDITION,
    exclude=" ".join(name for _, name in OF_SINGLE_CHILDREN),
    dagster_dbt_translator=InsideTranslator(),
    name="exact_marts",
    pool=WRITER,
)
def exact_marts(context: AssetExecutionContext, dbt: DbtCliResource) -> Iterator:
    """The same marts for inside: nothing withheld, nothing rounded. Only where it is agreed."""
    tell("dbt: the marts for inside")
    yield from _build(context, dbt, "eager", INSIDE)


# An agreement may not allow them: then there are none, and inside has what outside has.
EXACT_MARTS = [exact_marts] if REGION.exact_marts_inside else []


@asset(
    deps=[key for built in (marts, *EXACT_MARTS) for key in built.keys],
    group_name="forecast",
    pool=WRITER,
    check_specs=[AssetCheckSpec("forecast_is_fit", asset="forecast")],
)
def forecast() -> Iterator[MaterializeResult | AssetCheckResult]:
    """Children in care, spend and what new homes are worth, in the months and years to come."""
    codes = [a.code for a in REGION.authorities]
    editions = (OUTSIDE, EXACT) if EXACT_MARTS else (OUTSIDE,)
    with database(SETTINGS.build_file, read_only=False) as connection:
        made = make_forecast(
            connection,
            read_scenarios(SETTINGS.scenarios_file, codes).scenarios,
            read_budget(SETTINGS.budget_file, codes).lines,
            read_options(SETTINGS.options_file, codes).options,
            editions,
        )
        judge_forecast(connection, editions)
    tell(f"Forecast: {made.region.grade}. {made.region.statement}")
    for note in made.notes:
        tell(f"Forecast: {note}")
    yield MaterializeResult(metadata={f"authorities_{g.replace(' ', '_')}": n
                                      for g, n in made.grades.items()})  # fmt: skip
    yield AssetCheckResult(
        check_name="forecast_is_fit",
        passed=made.region.grade == FIT,
        severity=AssetCheckSeverity.WARN,
        description=made.region.statement,
        metadata={"standing": made.region.grade},
    )


@multi_asset(
    specs=[
        AssetSpec(name, deps=[forecast], group_name="warehouse", description=what)
        for name, what in (
            ("warehouse", "The published DuckDB file for inside."),
            ("shareable", "The published DuckDB file for outside: all that may leave the hub."),
        )
    ],
    name="warehouse",
    pool=WRITER,
)
def warehouse() -> Iterator[MaterializeResult]:
    """The published DuckDB files, both replaced whole, or both left as they were."""
    published = publish(SETTINGS, hub_state(SETTINGS))
    for name, made in zip(("warehouse", "shareable"), published, strict=True):
        rows = sum(made.rows.values())
        tell(f"Published: {made.path.name}, {len(made.rows)} tables, {rows:,} rows")
        yield MaterializeResult(name, metadata={"file": MetadataValue.path(str(made.path))})


def _report() -> Path:
    pages = write_region_report(SETTINGS)
    tell(f"Report: {pages[0].parent.name}, and {len(pages) - 1} editions for the authorities")
    return pages[0]


@asset(deps=["warehouse", "shareable"], group_name="reports")
def region_report() -> MaterializeResult:
    """The report a director looks at: one page for the region, and an edition for each LA."""
    return MaterializeResult(metadata={"page": MetadataValue.path(str(_report()))})


refresh = define_asset_job(
    "refresh",
    selection=AssetSelection.all(),
    description="Everything, from the landing folders to the published warehouse and its report.",
)


@schedule(job=refresh, cron_schedule="0 2 * * *", execution_timezone="Europe/London")
def nightly(context: ScheduleEvaluationContext) -> RunRequest:
    """Refresh everything at two in the morning; what did not change is left alone."""
    return RunRequest(run_key=context.scheduled_execution_time.isoformat(), tags=EVERY_LA)


@sensor(job=refresh, minimum_interval_seconds=300)
def landing(context: SensorEvaluationContext) -> RunRequest | SkipReason:
    """Refresh when a file was dropped, once for each change of the landing folders."""
    digest = hashlib.sha256()
    for file in sorted(SETTINGS.landing.rglob("*")):
        with suppress(FileNotFoundError):  # taken away since: that is a change as well
            seen = file.stat()
            if stat.S_ISREG(seen.st_mode):
                digest.update(os.fsencode(file))
                digest.update(f"|{seen.st_size}|{seen.st_mtime_ns}".encode())
    state = digest.hexdigest()
    if context.cursor == state:
        return SkipReason("Nothing was dropped.")
    context.update_cursor(state)
    return RunRequest(run_key=state, tags=EVERY_LA)


defs = Definitions(
    assets=[
        retention,
        submissions,
        checked,
        postcodes,
        options,
        scenarios,
        budget,
        shared,
        data_docs,
        hub,
        common_core,
        marts,
        *EXACT_MARTS,
        forecast,
        warehouse,
        region_report,
    ],
    asset_checks=[hub_is_safe, common_core_is_whole],
    jobs=[refresh],
    schedules=[nightly],
    sensors=[landing],
    resources={"dbt": dbt_cli(SETTINGS)},
    executor=in_process_executor,
)
