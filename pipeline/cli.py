"""`common-core`: a thin door to the pipeline for people without the Dagster UI.

Nothing heavy is imported before a command needs it.
"""

import argparse
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.intake.manifest import Entry, load_manifest
from pipeline.region import Authority, RegionFault
from pipeline.screen import shown_text
from pipeline.settings import PROJECT, SettingFault, Settings, load_settings
from pipeline.standards.load import StandardFault

OK, FAILED = 0, 1
BY_CLI = "common_core/started_by_command_line"  # tag of the runs that this command starts
COUNTS = ("rows_read", "rows_kept", "rows_quarantined", "rows_superseded")
SEVERITIES = ("stop_count", "fix_count", "warn_count")

console = Console(file=sys.stdout)  # this one, whatever dbt's output is redirected to
errors = Console(file=sys.stderr)


def _prepare(settings: Settings) -> None:
    """Point Dagster, dbt and Great Expectations at this home, with their telemetry off."""
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PROJECT / "dagster.yaml", settings.dagster_home / "dagster.yaml")


def _below(path: Path) -> str:
    """A path as a person in the project folder would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _summary(settings: Settings) -> Table:
    mark = "SYNTHETIC: nobody in it exists" if settings.region.synthetic else None
    table = Table(title=settings.region.name, caption=mark, padding=(0, 0))
    table.add_column("authority")
    for name in ("files", "rows read", "kept", "quarantined", "superseded", "stop", "fix", "warn"):
        table.add_column(name, justify="right", no_wrap=True)
    for authority in settings.region.authorities:
        entries = load_manifest(settings.la_zone(authority.code))
        files = len({(e.path, e.sha256) for e in entries})
        numbers = [sum(getattr(e, n) for e in entries) for n in (*COUNTS, *SEVERITIES)]
        table.add_row(authority.name, *(f"{n:,}" for n in (files, *numbers)))
    return table


def _tell_quarantined(settings: Settings) -> None:
    for authority in settings.region.authorities:
        entries = load_manifest(settings.la_zone(authority.code))
        for entry in (e for e in entries if e.is_grave):
            what = " ".join(filter(None, (entry.table_name or "a file", entry.period)))
            console.print(f"[yellow]{authority.name}, {what}[/]: {entry.reason} {entry.how_to_fix}")


def _tell_agreements(settings: Settings) -> None:
    """Which authority may not share what, and what lies in a landing folder past its years."""
    from pipeline.la_zone import may_share, today_of
    from pipeline.sharing.agreements import HOW_TO_FIX

    for authority in settings.region.authorities:
        may = may_share(settings, authority.code, today_of(None))
        if may.refused:
            console.print(f"[yellow]{authority.name}, not shared[/]: {may.words}. {HOW_TO_FIX}")
        entries = load_manifest(settings.la_zone(authority.code))
        past = len({e.file for e in entries if e.reason_code == "beyond_retention"})
        if past:
            console.print(
                f"[yellow]{authority.name}, past its retention[/]: {past} files in the landing "
                "folder were not taken. Take them out."
            )


def _tell_alarms(settings: Settings) -> None:
    from pipeline.sharing.outbox import outbox
    from pipeline.sharing.quality import read_alarms

    for authority in settings.region.authorities:
        for alarm in read_alarms(outbox(settings.la_zone(authority.code)), authority.code):
            words = escape(f"{alarm.message} {alarm.how_to_fix}")
            console.print(f"[yellow]{authority.name}, alarm[/]: {words}", highlight=False)


def run(settings: Settings, first: Callable[[], None] | None = None) -> int:
    """Run the whole pipeline once, with progress; 0 if the warehouse is as new as the files.

    `first` is done before it, in the same home and while no other run is going on.
    """
    from filelock import FileLock, Timeout

    if not settings.landing.is_dir():
        errors.print(
            f"There is no landing folder {_below(settings.landing)}: make it, with a folder for "
            "each authority in it, or set COMMON_CORE_LANDING.",
            markup=False,
        )
        return FAILED
    _prepare(settings)
    lock = FileLock(settings.home / "run.lock", timeout=0)
    try:
        with lock:
            if first:
                first()
            return _run(settings)
    except Timeout:
        errors.print("Another run is going on in this home; wait for it to end.")
        return FAILED


def _run(settings: Settings) -> int:
    started = time.monotonic()

    def show(line: str) -> None:
        console.print(
            f"[dim]{time.monotonic() - started:6.1f} s[/]  {escape(line)}", highlight=False
        )

    from pipeline.progress import listen

    listen(show)
    show(f"Reading {_below(settings.landing)}")
    if day := settings.as_of:
        show(f"The forecast is made as of {day.day} {day:%B %Y}")
    from dagster import DagsterInstance

    from pipeline.definitions import EVERY_LA, defs
    from pipeline.la_zone import unclaimed_files

    logging.getLogger("dagster").setLevel(logging.ERROR)  # its steps are told by `show`

    log = settings.home / "dbt" / "console.log"
    with DagsterInstance.get() as instance, log.open("w") as words, redirect_stdout(words):
        _end_broken_runs(instance)
        result = defs.resolve_job_def("refresh").execute_in_process(
            instance=instance,
            raise_on_error=False,
            tags={**EVERY_LA, BY_CLI: "true"},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    console.print()
    console.print(_summary(settings))
    _tell_quarantined(settings)
    _tell_agreements(settings)
    _tell_alarms(settings)
    if unclaimed := unclaimed_files(settings):
        console.print(f"[yellow]Files in no authority's folder, read by nobody[/]: {unclaimed}")
    failed = [e for e in result.all_node_events if e.is_step_failure]
    for event in failed:
        errors.print(f"[red]{event.step_key} failed:[/] {escape(_words(event))}")
    lost = [
        e.asset_check_evaluation_data
        for e in result.all_node_events
        if e.event_type_value == "ASSET_CHECK_EVALUATION"
        and e.asset_check_evaluation_data.check_name == "no_la_failed"
        and not e.asset_check_evaluation_data.passed
    ]
    _tell_where(settings)
    if {e.step_key for e in failed} == {"region_report"}:
        errors.print("[red]The report could not be made.[/] The new warehouse is published.")
    elif failed:
        errors.print("[red]The run did not end well.[/] The published warehouse stands as it was.")
    elif lost:
        errors.print("[red]An authority could not be done:[/] it is in the warehouse as it was.")
    if failed or lost:
        return FAILED
    return OK


def _words(event: object) -> str:
    """What failed, in the words of the error that started it."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error else "see the run in the UI"


def _end_broken_runs(instance: object) -> None:
    """A run that was killed holds its place in the pool of one: end it and free the place."""
    from dagster import DagsterRunStatus, RunsFilter

    broken = instance.get_runs(RunsFilter(statuses=[DagsterRunStatus.STARTED]))
    for dagster_run in broken:
        if dagster_run.tags.get(BY_CLI) == "true":
            instance.report_run_failed(dagster_run, "The run was killed before it ended.")
            instance.event_log_storage.free_concurrency_slots_for_run(dagster_run.run_id)


def _tell_where(settings: Settings) -> None:
    if settings.warehouse.exists():
        console.print(f"Warehouse  {_below(settings.warehouse)}")
        console.print(f"Shareable  {_below(settings.shareable)}: what may leave the hub")
    report = settings.reports / "region" / "index.html"
    if report.exists():
        console.print(f"Report     {_below(report)}")
    console.print(f"Data Docs  {_below(settings.reports / 'data_docs' / 'index.html')}")
    console.print(f"Feedback   {_below(settings.reports)}/<code>/feedback.xlsx, for each LA only")
    console.print("UI         common-core ui")


def status(settings: Settings, la: str | None) -> int:
    """What was received and where it went; with an LA its files, for those who may see them."""
    console.print(_summary(settings))
    if la is None:
        _tell_quarantined(settings)
        _tell_agreements(settings)
        _tell_alarms(settings)
        _tell_where(settings)
        return OK
    authority = _authority(settings, la)
    if authority is None:
        return FAILED
    table = Table("file", "table", "period", "status", "read", "kept", "why")
    for entry in load_manifest(settings.la_zone(authority.code)):
        if entry.status != "superseded":  # it was sent again, or taken away: `history` has it
            counts = (f"{entry.rows_read:,}", f"{entry.rows_kept:,}")
            cells = (entry.file, entry.table_name, entry.period, entry.status, *counts, _why(entry))
            table.add_row(*map(shown_text, cells))
    console.print(table)
    return OK


def _authority(settings: Settings, la: str) -> Authority | None:
    """The authority of a code, name or folder; None, and a word about it, if there is none."""
    for authority in settings.region.authorities:
        if la.lower() in (authority.code.lower(), authority.name.lower(), authority.folder.lower()):
            return authority
    errors.print("No such authority in the region; give a code, a name or a folder.")
    return None


def _why(entry: Entry) -> str:
    return " ".join(filter(None, (entry.reason, entry.how_to_fix, entry.note)))


def history(settings: Settings, la: str, table: str | None, child: str | None) -> int:
    """What an LA ever sent, or every version of a child's rows: for those who may see its zone."""
    from pipeline.history import NoSuchTable, versions

    authority = _authority(settings, la)
    if authority is None:
        return FAILED
    zone = settings.la_zone(authority.code)
    if table is None or child is None:
        if table or child:
            errors.print("Give both, --table and --child, or none of them.")
            return FAILED
        _show_submissions(load_manifest(zone))
        return OK
    try:
        found = versions(zone, table, child)
    except NoSuchTable as fault:
        errors.print(str(fault), markup=False)
        return FAILED
    for v in found:
        where = f"{v.file}{f', sheet {v.sheet}' if v.sheet else ''}, row {v.row_number}"
        console.print(
            f"[bold]{shown_text(where)}[/]  {v.period}  {v.status}  "
            f"(submission {v.submission_id}, received {v.received})",
            highlight=False,
        )
        sent = "  ".join(f"{name}={value}" for name, value in v.values.items() if value)
        console.print(f"  {shown_text(sent)}", highlight=False)
    console.print(f"{len(found)} rows")
    return OK


def _show_submissions(entries: list[Entry]) -> None:
    table = Table(padding=(0, 0))
    for name in ("submission", "file", "table", "period", "received", "status"):
        table.add_column(name, no_wrap=name == "submission")
    for name in ("kept", "quarantined", "superseded"):
        table.add_column(name, justify="right")
    table.add_column("why")
    for e in entries:
        counts = (e.rows_kept, e.rows_quarantined, e.rows_superseded)
        why = f"{_why(e)} {f'It was {e.ended}.' if e.ended else ''}".strip()
        cells = (e.submission_id, e.file, e.table_name, e.period, f"{e.received_at:%Y-%m-%d %H:%M}")
        numbers = (f"{n:,}" for n in counts)
        table.add_row(*map(shown_text, (*cells, e.status, *numbers, why)))
    console.print(table)


def withdraw(settings: Settings, arguments: argparse.Namespace) -> int:
    """Withdraw a submission, or take that back, and rebuild all that it fed."""
    from pipeline.audit import record
    from pipeline.intake.withdraw import CannotWithdraw, record_withdrawal, to_withdraw

    authority = _authority(settings, arguments.la)
    if authority is None:
        return FAILED
    zone, undo = settings.la_zone(authority.code), arguments.undo

    def withdraw_them() -> None:
        found = to_withdraw(load_manifest(zone), arguments.submission, arguments.file, undo)
        record_withdrawal(zone, found, arguments.why, undo)
        rows = sum(e.rows_read for e in found)
        for e in found:
            record(
                settings.home,
                "withdrawal taken back" if undo else "submission withdrawn",
                "by hand; the reason is in the LA's zone",
                e.la_code,
                e.dataset,
                e.period,
                files=1,
                rows=e.rows_read,
            )
        done = "Taken back: the withdrawal" if undo else "Withdrawn: the submission"
        tables = "1 table" if len(found) == 1 else f"{len(found)} tables"
        console.print(f"{done} of {tables}, {rows:,} rows.", highlight=False)

    try:
        return run(settings, first=withdraw_them)
    except CannotWithdraw as fault:
        errors.print(str(fault), markup=False)
        return FAILED


def audit(settings: Settings) -> int:
    """Who erased, withdrew or began to share what, when and why; the oldest first."""
    from pipeline.audit import read_audit

    names = {a.code: a.name for a in settings.region.authorities}
    acts = []
    for act in read_audit(settings.home):
        about = " ".join(
            filter(None, (names.get(act.la_code, act.la_code), act.dataset, act.period))
        )
        counts = (f"{act.files:,}", f"{act.rows:,}")
        acts.append([act.at, act.who, act.what, about, *counts, act.why])
    if not acts:
        console.print("Nothing was erased, withdrawn or shared yet.")
        return OK
    _show(["when (UTC)", "who", "what", "of", "files", "rows", "why"], acts)
    return OK


def query(settings: Settings, sql: str) -> int:
    """Run one query on the published warehouse, read-only."""
    import duckdb

    from pipeline.warehouse import database

    if not settings.warehouse.exists():
        errors.print("Nothing is published yet: run `common-core run` first.")
        return FAILED
    try:
        with database(settings.warehouse) as connection:
            found = connection.execute(sql)
            names, rows = [c[0] for c in found.description or ()], found.fetchall()
    except duckdb.Error as error:
        errors.print(str(error), markup=False, highlight=False)
        return FAILED
    _show(names, [["" if v is None else str(v) for v in row] for row in rows])
    return OK


def _show(names: list[str], rows: list[list[str]]) -> None:
    """Rows as a table where it fits the window, else one under another."""
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    if sum(widths) + 3 * len(widths) + 1 <= console.width or not rows:
        table = Table(*names)
        for row in rows:
            table.add_row(*map(escape, row))
        console.print(table)
        return
    longest = max(map(len, names))
    for row in rows:
        for name, value in zip(names, row, strict=True):
            console.print(f"[bold]{name:<{longest}}[/]  {escape(value)}", highlight=False)
        console.print()


def what_if(settings: Settings, arguments: argparse.Namespace) -> int:
    """What a few more homes would change, by the forecast of the published warehouse."""
    import duckdb

    from pipeline.forecast.new_home_answer import YEAR, Question, answers, last_month
    from pipeline.forecast.periods import month_number, span_name
    from pipeline.warehouse import database

    named = None if arguments.la is None else _authority(settings, arguments.la)
    if arguments.la is not None and named is None:
        return FAILED
    if not settings.warehouse.exists():
        errors.print("Nothing is published yet: run `common-core run` first.")
        return FAILED
    those = settings.region.authorities if named is None else (named,)
    opens = arguments.opens and month_number(arguments.opens)
    asked = Question(
        arguments.type, arguments.number, opens, arguments.ramp_months, arguments.price
    )
    try:
        with database(settings.warehouse) as connection:
            end = last_month(connection)
            found = answers(connection, [a.code for a in those], asked)
            is_exact = connection.execute("select is_exact from quality.published").fetchall()[0][0]
    except (duckdb.CatalogException, duckdb.BinderException):  # a table or column it has not yet
        errors.print("The published warehouse is of an older make: run `common-core run` first.")
        return FAILED
    except duckdb.IOException:
        errors.print(
            f"{settings.warehouse.name} cannot be read: it is damaged, or another program writes "
            "it. Try again; if that does not help, move it away and run `common-core run`."
        )
        return FAILED
    if end is None:
        errors.print("There is no forecast in the published warehouse: its report says why.")
        return FAILED
    if asked.opens is not None and asked.opens > end:
        errors.print(f"The forecast ends in {span_name(end, end)}: name an earlier day.")
        return FAILED
    span = span_name(end - YEAR + 1, end)
    what = f"{asked.beds} more places of {asked.placement_type} care, each authority by itself"
    table = Table(title=f"{what}: {span}, on average", caption=_of_answers(asked), padding=(0, 0))
    table.add_column("authority")
    for name in ("in bought beds", "lack it", "live there", "£ a month less", "8 in 10", "benefit"):
        table.add_column(name, justify="right")
    for authority in those:
        table.add_row(authority.name, *_answer_cells(found[authority.code], is_exact))
    console.print(table)
    return OK


def _of_answers(asked: object) -> str:
    price = "what own provision costs there" if asked.gbp_per_week is None else (
        f"£{asked.gbp_per_week:,.0f} a week for each child"
    )  # fmt: skip
    return (
        f"Cost: {price}. Less is cash, all in all, in prices of the time; below 0 it costs more. "
        "Benefit: £ a month that bought homes would cost for those who lack it, beyond their homes "
        "now; no cash. For use inside the partnership."
    )


def _answer_cells(found: object, is_exact: bool) -> tuple[str, ...]:
    if found is None:
        return ("no forecast", *[""] * 5)
    if found.is_few and not is_exact:
        return ("too few", *[""] * 5)
    children = [f"{of[0]:,.1f}" for of in (found.could_move, found.lack_it, found.live_there)]
    if not found.is_priced:
        return (*children, "no price known", "", "")
    middle, lower, upper = (f"{round(gbp, -2):,.0f}" for gbp in found.saved)
    return (*children, middle, f"{lower} to {upper}", f"{round(found.benefit[0], -2):,.0f}")


def ui(settings: Settings, port: int) -> int:
    """Start the Dagster UI and its daemon, for this machine only."""
    import subprocess

    _prepare(settings)
    dagster = shutil.which("dagster", path=str(Path(sys.executable).parent)) or "dagster"
    place = ["--workspace", str(PROJECT / "workspace.yaml"), "--host", "127.0.0.1"]
    command = [dagster, "dev", *place, "--port", str(port)]
    return subprocess.run(command, cwd=settings.dagster_home, check=False).returncode  # noqa: S603  our own words


def docs(settings: Settings) -> int:
    """Render dbt's documentation of the last build as one page."""
    from pipeline.reports.dbt_docs import DocsFault, render_dbt_docs

    try:
        page = render_dbt_docs(settings)
    except DocsFault as fault:
        errors.print(str(fault), markup=False, highlight=False)
        return FAILED
    console.print(f"dbt docs   {_below(page)}")
    return OK


def synth(arguments: argparse.Namespace) -> int:
    """Make a synthetic region of any size."""
    from pipeline.synthetic import synthesise

    wanted = (arguments.las, arguments.children, arguments.seed, arguments.error_rate)
    try:
        synthesise(arguments.out, *wanted, arguments.truth)
    except ValueError as fault:  # what was asked for cannot be made; its words say why
        errors.print(str(fault), markup=False)
        return FAILED
    console.print(f"A synthetic region is in {arguments.out}")
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="common-core", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    ran = commands.add_parser("run", help="run the pipeline once")
    ran.add_argument(
        "--as-of",
        metavar="DATE",
        help="make the forecast as if this day, such as 2025-03-31, were the last one known; all "
        "else stays as it is, and the next run without it publishes the usual forecast again",
    )
    shown = commands.add_parser("status", help="what was received and where it went")
    shown.add_argument("--la", help="code, name or folder of one authority: list its files")
    told = commands.add_parser("history", help="what an authority ever sent")
    told.add_argument("--la", required=True, help="code, name or folder of the authority")
    told.add_argument("--table", help="with --child: every version of the child's rows in a table")
    told.add_argument("--child", help="the child's id, as the authority writes it")
    gone = commands.add_parser("withdraw", help="withdraw a submission and rebuild what it fed")
    gone.add_argument("--la", required=True, help="code, name or folder of the authority")
    what = gone.add_mutually_exclusive_group(required=True)
    what.add_argument("--submission", help="its id, as `history` lists it")
    what.add_argument("--file", help="all tables of a file, as `history` lists it")
    gone.add_argument("--why", required=True, help="the reason; it stays in the LA's zone")
    gone.add_argument("--undo", action="store_true", help="take the withdrawal back")
    _add_check(commands)
    _add_what_if(commands)
    commands.add_parser("audit", help="who erased or began to share what, when and why")
    asked = commands.add_parser("query", help="query the published warehouse")
    asked.add_argument("sql")
    opened = commands.add_parser("ui", help="start the Dagster UI on this machine")
    opened.add_argument("--port", type=int, default=3000)
    commands.add_parser("docs", help="make one page of dbt's documentation of the last build")
    made = commands.add_parser("synth", help="make a synthetic region")
    made.add_argument(
        "--out",
        type=Path,
        required=True,
        help="an empty folder, or a synthetic region to make anew",
    )
    made.add_argument("--las", type=int, default=4, help="number of authorities")
    made.add_argument(
        "--children", type=int, help="children an authority; without it, as many as it really has"
    )
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--error-rate", type=float, default=0.01, help="share of rows with an error")
    made.add_argument(
        "--truth",
        action="store_true",
        help="plant what analyses should find, and tell it in truth.json",
    )
    return parser


def _add_what_if(commands: argparse._SubParsersAction) -> None:
    wanted = commands.add_parser(
        "what-if",
        help="what a few more homes would change, without a run",
        description="What more places of a type would change: who would live there, and what is "
        "paid less or more, by the forecast of the published warehouse. “what-if 10 foster --la "
        "Devon” is ten more foster carers in Devon, with a child each. Other changes, such as "
        "fewer entries, are written in scenarios.csv and need a run.",
    )
    wanted.add_argument("number", type=_places, help="children who can live there, 1 to 500")
    wanted.add_argument("type", choices=("foster", "residential", "supported"))
    wanted.add_argument("--la", help="code, name or folder of one authority; else all of them")
    wanted.add_argument("--opens", type=_day, metavar="DATE", help="such as 2026-10-01; else now")
    wanted.add_argument("--ramp-months", type=_months, default=0, help="until all are in use")
    wanted.add_argument(
        "--price", type=_pounds, help="pounds a week for each child; else what own provision costs"
    )


def _within(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"write a whole number from {low} to {high}")
    return int(text)


def _places(text: str) -> int:
    return _within(text, 1, 500)


def _months(text: str) -> int:
    return _within(text, 0, 120)


def _pounds(text: str) -> float:
    try:
        gbp = float(text.replace("£", "").replace(",", ""))
    except ValueError:
        gbp = 0.0
    if not 0 < gbp < 1_000_000:
        raise argparse.ArgumentTypeError("write pounds a week, such as 1500")
    return gbp


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day such as 2026-10-01") from None


def _add_check(commands: argparse._SubParsersAction) -> None:
    wanted = commands.add_parser(
        "check",
        help="check files where they lie, without a warehouse",
        description="Check an SSDA903 return by DfE's rules, or placement returns by their "
        "standard, where the files lie. Exit code: 0 if nothing must be mended; 1 if something "
        "must be, or a rule could not be run; 2 if what was asked cannot be done.",
    )
    wanted.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    wanted.add_argument(
        "--previous",
        nargs="+",
        type=Path,
        default=[],
        metavar="PATH",
        help="last year's SSDA903 return, for the rules that compare the two",
    )
    wanted.add_argument(
        "--la",
        metavar="CODE",
        help="ONS code or name of the authority, for the rules about placements outside it",
    )
    wanted.add_argument(
        "--year", type=int, metavar="YYYY", help="collection year, if the files do not tell"
    )
    wanted.add_argument(
        "--providers",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="Ofsted's lists of providers, for the rules about URNs and for suggestions",
    )
    wanted.add_argument(
        "--out",
        type=Path,
        default=Path("check-results"),
        metavar="DIR",
        help="where to write what was found (%(default)s); it names children",
    )
    wanted.add_argument(
        "--no-postcodes",
        action="store_true",
        help="do without the table of postcodes, which is made once and takes about a minute",
    )
    wanted.add_argument(
        "--accept",
        type=Path,
        metavar="FILE",
        help="a suggestions.csv with `yes` in its column accept; with --corrected",
    )
    wanted.add_argument(
        "--corrected",
        type=Path,
        metavar="DIR",
        help="an empty folder for copies of the CSV files with what was accepted",
    )


def main(argv: list[str] | None = None) -> int:
    """Entry point of `common-core`; the exit code is 0 or 1, and 2 for what cannot be done."""
    arguments = _parser().parse_args(argv)
    if arguments.command == "synth":
        return synth(arguments)
    if arguments.command == "check":
        from pipeline.checking.command import run_check

        return run_check(arguments, console, errors)
    if getattr(arguments, "as_of", None) is not None:
        os.environ["COMMON_CORE_AS_OF"] = arguments.as_of  # what Dagster's assets are told, too
    try:
        return _do(load_settings(), arguments)
    except (RegionFault, SettingFault, StandardFault) as fault:  # in files that people write
        errors.print(str(fault), markup=False)
        return FAILED


def _do(settings: Settings, arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "run":
            return run(settings)
        case "status":
            return status(settings, arguments.la)
        case "history":
            return history(settings, arguments.la, arguments.table, arguments.child)
        case "withdraw":
            return withdraw(settings, arguments)
        case "audit":
            return audit(settings)
        case "ui":
            return ui(settings, arguments.port)
        case "docs":
            return docs(settings)
        case "what-if":
            return what_if(settings, arguments)
        case _:
            return query(settings, arguments.sql)


if __name__ == "__main__":
    sys.exit(main())
