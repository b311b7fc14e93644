"""The steps of one LA's zone, run for many LAs: a fault of one never stops another."""

import atexit
import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import duckdb

from pipeline.accounting import Checked, check_la, waits
from pipeline.alarms import Alarm, alarms
from pipeline.audit import record
from pipeline.faults import WithheldFault, values_withheld
from pipeline.hub import code_version
from pipeline.intake.clean import create_macros, squeeze
from pipeline.intake.manifest import Entry, load_manifest, manifest_path
from pipeline.intake.receive import Received, receive
from pipeline.progress import tell
from pipeline.reference import Postcodes, ReferenceFault, known_postcodes
from pipeline.region import Authority
from pipeline.reports.feedback import About, keep_feedback
from pipeline.retention import Erased, erase_la, is_beyond
from pipeline.returns import (
    Basis,
    Judged,
    drop_reports,
    judge_returns,
    keep_stamps,
    returns_wait,
    rule_outcomes,
)
from pipeline.settings import Settings
from pipeline.sharing.agreements import Shareable, shareable
from pipeline.sharing.outbox import OF_RULES, files_of, outbox, share_outbox
from pipeline.sharing.pseudonym import Key, KeyFault, load_key, throw_away_key
from pipeline.sharing.purge import NOTHING, Purged, purge, strangers
from pipeline.sharing.quality import (
    share_alarms,
    share_check_results,
    share_submissions,
    submission_file,
)
from pipeline.sharing.share import read_receipt, share_la, write_receipt
from pipeline.standards.load import load_standards
from pipeline.standards.ssda903.ofsted import load_ofsted
from pipeline.standards.ssda903.tables import open_tables
from pipeline.standards.validation import write_validation
from pipeline.warehouse import workspace

T = TypeVar("T")


class HomeFault(RuntimeError):
    """The home holds the data of another kind of region; nothing was read."""


@dataclass(frozen=True)
class Done(Generic[T]):
    """What a step did for each LA, and for which LAs it failed, in words without values."""

    results: dict[str, T]
    faults: dict[str, str]


def _guarded(work: Callable[[Settings, str], T], doing: str, settings: Settings, code: str) -> T:
    name = settings.region.authority(code).name
    with values_withheld(f"{doing} {name}", settings.la_zone(code)):
        return work(settings, code)


def _end_with_parent() -> None:
    """Have this worker end soon after the run that started it, even if that was killed."""
    parent = multiprocessing.parent_process()
    done = threading.Event()

    def wait() -> None:
        while not done.wait(1):
            if not parent.is_alive():
                os._exit(1)

    watcher = threading.Thread(target=wait, daemon=True)
    watcher.start()
    # A thread that waits when Python ends keeps DuckDB from clearing up, which it complains of.
    atexit.register(watcher.join)
    atexit.register(done.set)


def each_la(
    settings: Settings,
    la_codes: Sequence[str],
    doing: str,
    work: Callable[[Settings, str], T],
    processes: int = 1,
) -> Done[T]:
    """Do `work` for each LA; one that fails keeps what it had, and does not stop the others.

    With `processes` the LAs are done side by side: each writes its own Parquet only.
    """
    results: dict[str, T] = {}
    faults: dict[str, str] = {}
    with ExitStack() as stack:
        if processes > 1 and len(la_codes) > 1:
            workers = min(processes, len(la_codes))
            context = multiprocessing.get_context("spawn")  # alike on Windows and elsewhere
            pool = stack.enter_context(
                ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent)
            )
            ends = [pool.submit(_guarded, work, doing, settings, c).result for c in la_codes]
        else:
            ends = [partial(_guarded, work, doing, settings, c) for c in la_codes]
        for code, end in zip(la_codes, ends, strict=True):
            try:
                results[code] = end()
            except WithheldFault as fault:
                faults[code] = str(fault)
                tell(str(fault))
            else:
                if line := str(results[code]):
                    tell(f"{settings.region.authority(code).name}: {line}")
    return Done(results, faults)


def claim_home(settings: Settings) -> None:
    """Refuse to mix synthetic and real data in one home; raises HomeFault."""
    marker = settings.home / "region.json"
    mine = {"region": settings.region.name, "synthetic": settings.region.synthetic}
    if marker.exists():
        theirs = json.loads(marker.read_text(encoding="utf-8"))
        if theirs["synthetic"] != mine["synthetic"]:
            kinds = ("real", "synthetic")
            raise HomeFault(
                f"{settings.home.name}/ holds {kinds[theirs['synthetic']]} data and this region is "
                f"{kinds[mine['synthetic']]}. Set COMMON_CORE_HOME to another folder."
            )
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps(mine), encoding="utf-8")


def landing_folder(settings: Settings, authority: Authority) -> Path:
    """Where an LA drops its files: a folder of its folder name, code, name or another name."""
    exact = settings.landing / authority.folder
    if exact.is_dir() or not settings.landing.is_dir():
        return exact
    names = {squeeze(n) for n in (authority.code, authority.name, *authority.also)}
    folders = sorted(f for f in settings.landing.iterdir() if f.is_dir())
    return next((f for f in folders if squeeze(f.name) in names), exact)


def unclaimed_files(settings: Settings) -> int:
    """How many files lie in the landing folder but in no authority's folder: nobody reads them."""
    claimed = {landing_folder(settings, a).name for a in settings.region.authorities}
    return sum(
        f.is_file()
        and f.relative_to(settings.landing).parts[0] not in claimed
        and not f.name.startswith(".")
        for f in settings.landing.rglob("*")
    )


def today_of(today: date | None) -> date:
    """The day that agreements and retention are judged by: the one given, or this one (UTC)."""
    return today or datetime.now(UTC).date()


def _retain(settings: Settings, code: str, *, today: date) -> Erased:
    landing = landing_folder(settings, settings.region.authority(code))
    zone, keep = settings.la_zone(code), settings.region.retention
    return erase_la(settings.home, code, zone, landing, keep, today)


def retain_las(
    settings: Settings, la_codes: Sequence[str], today: date | None = None
) -> Done[Erased]:
    """Erase what is past its retention; of the landing folders nothing."""
    claim_home(settings)
    work = partial(_retain, today=today_of(today))
    return each_la(settings, la_codes, "Erasing what is past its retention of", work)


def _receive(settings: Settings, code: str, *, today: date) -> Received:
    authority = settings.region.authority(code)
    folder = landing_folder(settings, authority)
    names = (authority.name, authority.code, authority.folder, *authority.also)
    beyond = partial(is_beyond, settings.region.retention, today)
    authorities = settings.region.authorities
    zone = settings.la_zone(code)
    return receive(code, folder, zone, beyond=beyond, names=names, authorities=authorities)


def receive_las(
    settings: Settings, la_codes: Sequence[str], today: date | None = None
) -> Done[Received]:
    """Read what is new in the landing folders; what is past its retention is not kept."""
    claim_home(settings)
    work = partial(_receive, today=today_of(today))
    return each_la(settings, la_codes, "Reading the files of", work)


@dataclass(frozen=True)
class CheckedLa:
    """An LA's manifest after its checks, how many tables were checked in this run, its alarms.

    `rules` counts DfE's rules of its newest return by outcome.
    """

    entries: list[Entry]
    tables: int
    alarms: list[Alarm]
    rules: dict[str, int]

    def __str__(self) -> str:
        return f"{self.tables} tables checked" if self.tables else "nothing to check"


def lists_fault(settings: Settings) -> str:
    """What is wrong with Ofsted's lists, and how to mend it; empty where they can be used."""
    with workspace() as connection:
        create_macros(connection)
        open_tables(connection)
        try:
            load_ofsted(connection, settings.ofsted_lists)
        except ReferenceFault as fault:
            return str(fault)
    return ""


def basis_of(settings: Settings) -> Basis:
    """What returns are judged by. Lists that cannot be read are told of, and done without."""
    postcodes, lists = known_postcodes(settings.reference), settings.ofsted_lists
    if lists and (fault := lists_fault(settings)):
        tell(f"Ofsted's lists are not used. {fault}")
        return Basis(postcodes)
    return Basis(postcodes, lists)


def _check(settings: Settings, code: str, *, today: date, basis: Basis) -> CheckedLa:
    zone = settings.la_zone(code)
    entries, tables = load_manifest(zone), 0
    if _waits(settings, code, basis):
        judged: list[Judged] = []
        reports = settings.feedback(code)

        def judge(connection: duckdb.DuckDBPyConnection, accounted: list[Entry]) -> None:
            judged.extend(judge_returns(connection, code, zone, accounted, basis, reports))

        checked = check_la(code, zone, judge=judge, report=partial(_report, settings, judged))
        entries, tables = checked.entries, len(checked.outcomes)
        keep_stamps(code, zone, entries, basis)
    drop_reports(settings.feedback(code), code, entries)
    # Also where no file changed: a return becomes late by the day alone.
    raised = alarms(entries, settings.region.authority(code), settings.region, today)
    _feed_back(settings, code, entries, raised)
    share_alarms(outbox(zone), code, raised)
    return CheckedLa(entries, tables, raised, rule_outcomes(zone, code, entries))


def _feed_back(settings: Settings, code: str, entries: list[Entry], raised: list[Alarm]) -> None:
    """Tell the LA what to mend, where that changed."""
    authority = settings.region.authority(code)
    folder = settings.feedback(code)
    is_synthetic = settings.region.synthetic
    about = About(
        folder, settings.la_zone(code), authority, is_synthetic, tuple(entries), tuple(raised)
    )
    try:
        keep_feedback(about)
    except PermissionError:  # Windows lets nobody replace a file that is open
        tell(f"{authority.name}: the feedback is open in another program; close it and run again.")


def _report(settings: Settings, judged: list[Judged], checked: Checked) -> None:
    """Keep the counts ready for the hub."""
    for_hub = outbox(settings.la_zone(checked.la_code))
    results = [(entry, outcome.results) for entry, outcome in checked.outcomes]
    share_check_results(for_hub, checked.la_code, results)
    of_rules = [(j.entry, j.results) for j in judged]
    share_check_results(for_hub, checked.la_code, of_rules, OF_RULES)
    for j in judged:
        write_validation(
            for_hub,
            checked.la_code,
            j.entry.submission_id,
            j.entry.table_name,
            j.entry.period,
            j.validation,
            OF_RULES,
        )
    for entry, outcome in checked.outcomes:
        write_validation(
            for_hub,
            checked.la_code,
            entry.submission_id,
            entry.table_name,
            entry.period,
            outcome.validation,
        )
    share_submissions(for_hub, checked.la_code, checked.entries)


def _waits(settings: Settings, code: str, basis: Basis) -> bool:
    """Whether an LA has what was not checked, or withdrawn, or told since the last check."""
    zone = settings.la_zone(code)
    entries = load_manifest(zone)
    is_told = not entries or submission_file(outbox(zone), code).exists()
    return not is_told or waits(zone) or returns_wait(code, zone, entries, basis)


def check_las(
    settings: Settings, la_codes: Sequence[str], today: date | None = None
) -> Done[CheckedLa]:
    """Check what was read, account for every row, tell the hub the counts and the LA the rest.

    `today` is the day by which a return is late or not.
    """
    basis = basis_of(settings)
    waiting = sum(_waits(settings, c, basis) for c in la_codes)
    processes = min(waiting, os.cpu_count() or 1)
    work = partial(_check, today=today or datetime.now(UTC).date(), basis=basis)
    return each_la(settings, la_codes, "Checking the files of", work, processes)


def key_of(settings: Settings) -> Key:
    """The key of the environment; the sample alone may do with a throw-away one.

    Raises KeyFault without a usable key.
    """
    try:
        return load_key()
    except KeyFault as fault:
        if settings.is_sample and str(fault).startswith("No key"):
            tell("No key is set: a throw-away key is used, for the synthetic sample only.")
            secret = throw_away_key(settings.home / "throw_away_key")
            return Key(secret.encode(), "throw-away")
        raise


def _made_from(la_zone: Path, la_code: str, key: Key, postcodes: Postcodes, may: Shareable) -> str:
    digest = hashlib.sha256()
    for file in (manifest_path(la_zone), *files_of(outbox(la_zone), la_code)):
        if not file.exists():  # an LA that sent nothing yet
            continue
        digest.update(file.relative_to(la_zone).as_posix().encode() + file.read_bytes())
    shared = ",".join(sorted(may.datasets))
    digest.update(f"{key.mark}|{postcodes.postcodes.name}|{code_version()}|{shared}".encode())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class SharedLa:
    """What sharing did for an LA: the rows by table, or None where it was left alone."""

    rows: dict[str, int] | None
    may: Shareable

    def __str__(self) -> str:
        if not self.may.datasets:
            return "nothing shared: no current agreement"
        if self.rows is None:
            return "nothing new to share"
        return f"{sum(self.rows.values()):,} rows shared with the hub"


def may_share(settings: Settings, code: str, today: date) -> Shareable:
    """What an LA may share on a day, and why not the rest."""
    return shareable(settings.region, settings.region.authority(code), today)


def _purge(settings: Settings, code: str, *, today: date) -> Purged:
    return purge(settings.home, settings.hub, code, may_share(settings, code, today))


def _share(
    settings: Settings, code: str, *, today: date, key: Key, postcodes: Postcodes
) -> SharedLa:
    zone, may = settings.la_zone(code), may_share(settings, code, today)
    is_empty = not manifest_path(zone).exists() and not outbox(zone).exists()
    if is_empty or not may.datasets:
        return SharedLa(None, may)
    made_from = _made_from(zone, code, key, postcodes, may)
    before = read_receipt(settings.hub, code)
    if before and before.made_from == made_from:
        return SharedLa(None, may)
    share_outbox(zone, settings.hub, code, may.datasets, load_manifest(zone))
    shared = share_la(code, zone, settings.hub, key, postcodes, may.datasets)
    for dataset in sorted(may.datasets.difference(before.datasets if before else ())):
        why = f"an agreement holds until {may.until[dataset]}"
        rows = sum(n for t, n in shared.rows.items() if load_standards()[t].dataset == dataset)
        record(settings.home, "sharing began", why, code, dataset, rows=rows)
    write_receipt(settings.hub, shared, made_from)
    return SharedLa(shared.rows, may)


def share_las(
    settings: Settings, la_codes: Sequence[str], postcodes: Postcodes, today: date | None = None
) -> Done[SharedLa]:
    """Bring the hub up to date; an LA whose rows did not change is left alone.

    First of all, and without a key, what no agreement covers any more is erased from the hub.
    """
    today = today_of(today)
    for code in strangers(settings.hub, {a.code for a in settings.region.authorities}):
        purge(settings.home, settings.hub, code, NOTHING, "the authority is not in region.yml")
    purged = each_la(settings, la_codes, "Erasing from the hub", partial(_purge, today=today))
    work = partial(_share, today=today, key=key_of(settings), postcodes=postcodes)
    done = each_la(settings, la_codes, "Sharing the rows of", work)
    return Done(done.results, purged.faults | done.faults)
