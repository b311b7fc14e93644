"""Retention: nothing is kept longer than region.yml says, and the audit tells what was erased.

What shall go is written into the audit, then into a plan in the LA's zone, and only then erased: an
erasure that is killed is ended by the next run, whatever region.yml says by then.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.accounting import failures_path, row_status_path, rule_failures_path
from pipeline.audit import record
from pipeline.intake.deliveries import last_day
from pipeline.intake.manifest import Entry, load_manifest, manifest_path, raw_path, save_manifest
from pipeline.region import Retention
from pipeline.sharing.outbox import files_of, outbox, submission_and_table
from pipeline.sharing.quality import submission_file

if TYPE_CHECKING:
    from dagster import DagsterInstance


@dataclass(frozen=True)
class Erased:
    """What of one LA was erased: submissions with their rows, copies in quarantine, error texts."""

    submissions: int = 0
    rows: int = 0
    copies: int = 0
    texts: int = 0

    def __str__(self) -> str:
        if self == Erased():
            return ""
        return (
            f"past their retention, erased: {self.submissions:,} submissions ({self.rows:,} rows), "
            f"{self.copies:,} copies in quarantine, {self.texts:,} texts of errors"
        )


def is_beyond(retention: Retention, today: date, dataset: str, period: str) -> bool:
    """Whether the years for which a period of a dataset is kept are over; False if not known."""
    years = retention.years.get(dataset)
    if years is None or not period:
        return False
    end = last_day(period)
    return (today.year, today.month, today.day) > (end.year + years, end.month, end.day)


def _days_ago(today: date, days: int) -> datetime:
    return datetime.combine(today - timedelta(days=days), time(), UTC)


def _changed_at(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


@dataclass(frozen=True)
class _Doomed:
    """What is to be erased of one LA: entries of the manifest, and files below its folders."""

    past: list[Entry]  # submissions past their years, with all that was made of them
    stale: list[Entry]  # of files in quarantine for too long, no longer in the landing folder
    past_copies: list[Path]  # in quarantine, of files of which something is past its years
    copies: list[Path]  # in quarantine for too long
    texts: list[Path]  # of errors


def _doomed(la_zone: Path, landing: Path, keep: Retention, today: date) -> _Doomed:
    entries = load_manifest(la_zone)
    past = [
        e
        for e in entries
        if is_beyond(keep, today, e.dataset, e.period)
        # One that was not taken stays while its file lies there, or that is read every night.
        and (e.status == "accepted" or raw_path(la_zone, e).exists() or not _lies(landing, e))
    ]
    too_old = None if keep.quarantine_days is None else _days_ago(today, keep.quarantine_days)
    stale = [
        e
        for e in entries
        if too_old
        and e not in past
        and e.status in ("quarantined", "superseded")
        and e.received_at.replace(tzinfo=UTC) < too_old
        and not raw_path(la_zone, e).exists()
        and not _lies(landing, e)
    ]
    texts = []
    if keep.log_days is not None:
        before = _days_ago(today, keep.log_days)
        texts = [f for f in sorted(la_zone.glob("faults/*.txt")) if _changed_at(f) < before]
    past_copies = [f for folder in _folders(la_zone) if _of(folder, past) for f in _files(folder)]
    copies = [f for f in _old_copies(la_zone, entries, too_old) if f not in past_copies]
    return _Doomed(past, stale, past_copies, copies, texts)


def _lies(landing: Path, entry: Entry) -> bool:
    return (landing / entry.path).exists()


def _folders(la_zone: Path) -> list[Path]:
    """The folders of copies in quarantine, each named for the bytes in it."""
    return sorted(f for f in la_zone.glob("quarantine/*") if f.is_dir())


def _files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.is_file())


def _of(folder: Path, entries: list[Entry]) -> list[Entry]:
    """The entries of the bytes that a folder of copies holds."""
    return [e for e in entries if folder.name in (e.sha256[:16], e.content_sha256[:16])]


def _old_copies(la_zone: Path, entries: list[Entry], too_old: datetime | None) -> list[Path]:
    copies: list[Path] = []
    for folder in _folders(la_zone) if too_old else ():
        files = _files(folder)
        told = [e.received_at for e in _of(folder, entries) if e.status != "accepted"]
        times = [at.replace(tzinfo=UTC) for at in told] or [_changed_at(f) for f in files]
        if times and max(times) < too_old:
            copies += files
    return copies


def _made_of(la_zone: Path, entry: Entry) -> list[Path]:
    """The files of the LA's zone that hold failures or counts of an entry."""
    box = outbox(la_zone)
    mine = (entry.submission_id, entry.table_name)
    told = [
        f for f in files_of(box, entry.la_code) if submission_and_table(f.relative_to(box)) == mine
    ]
    return [failures_path(la_zone, *mine), rule_failures_path(la_zone, *mine), *told]


def _rows_of(la_zone: Path, entry: Entry) -> list[Path]:
    """The files that hold the rows of an entry, and what became of those of its whole period."""
    return [raw_path(la_zone, entry), row_status_path(la_zone, entry.table_name, entry.period)]


def erase_la(
    home: Path, la_code: str, la_zone: Path, landing: Path, keep: Retention, today: date
) -> Erased:
    """Erase what is past its retention in one LA's zone; `landing` is the LA's own and stays.

    The LA's feedback and what it tells the hub are erased with it, for the checks to make anew.
    """
    _carry_out(home, la_zone)
    doomed = _doomed(la_zone, landing, keep, today)
    if doomed == _Doomed([], [], [], [], []):
        return Erased()
    _tell_audit(home, la_code, doomed, keep)
    entries = [*doomed.past, *doomed.stale]
    files = [*doomed.past_copies, *doomed.copies, *doomed.texts]
    files += [f for e in entries for f in _made_of(la_zone, e)]
    files += [f for e in doomed.past for f in _rows_of(la_zone, e)]
    if entries:
        files.append(submission_file(outbox(la_zone), la_code))
        for folder in (la_zone, home / "reports" / la_code):
            files += sorted(folder.glob("feedback.*"))
    plan = {
        "entries": sorted({(e.submission_id, e.table_name) for e in entries}),
        "files": sorted({f.relative_to(home).as_posix() for f in files}),
    }
    _write_plan(la_zone, plan)
    _carry_out(home, la_zone)
    copies = len(doomed.past_copies) + len(doomed.copies)
    return Erased(len(entries), sum(e.rows_read for e in entries), copies, len(doomed.texts))


def _tell_audit(home: Path, la_code: str, doomed: _Doomed, keep: Retention) -> None:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in doomed.past:
        groups.setdefault((entry.dataset, entry.period), []).append(entry)
    for (dataset, period), entries in sorted(groups.items()):
        why = f"kept for {keep.years[dataset]} years after the period"
        rows = sum(e.rows_read for e in entries)
        record(home, "submissions erased", why, la_code, dataset, period, len(entries), rows)
    if doomed.past_copies:
        why = "of submissions past their years"
        record(home, "copies in quarantine erased", why, la_code, files=len(doomed.past_copies))
    why = f"kept in quarantine for {keep.quarantine_days} days"
    if doomed.copies:
        record(home, "copies in quarantine erased", why, la_code, files=len(doomed.copies))
    if doomed.stale:
        rows, files = sum(e.rows_read for e in doomed.stale), len(doomed.stale)
        record(home, "quarantined submissions erased", why, la_code, files=files, rows=rows)
    if doomed.texts:
        why = f"kept for {keep.log_days} days"
        record(home, "texts of errors erased", why, la_code, files=len(doomed.texts))


def _plan_path(la_zone: Path) -> Path:
    return la_zone / "erasing.json"


def _write_plan(la_zone: Path, plan: dict[str, list]) -> None:
    path = _plan_path(la_zone)
    beside = path.with_name(f".{path.name}.next")
    beside.write_text(json.dumps(plan), encoding="utf-8")
    beside.replace(path)


def _carry_out(home: Path, la_zone: Path) -> None:
    """Do what the plan says, if there is one. Files without an entry are missed by nobody."""
    path = _plan_path(la_zone)
    if not path.exists():
        return
    plan = json.loads(path.read_text(encoding="utf-8"))
    gone = {tuple(e) for e in plan["entries"]}
    if manifest_path(la_zone).exists():
        entries = load_manifest(la_zone)
        save_manifest(la_zone, [e for e in entries if (e.submission_id, e.table_name) not in gone])
    for name in plan["files"]:
        file = home / name
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == la_zone or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
    path.unlink()


def erase_logs(home: Path, keep: Retention, today: date, instance: DagsterInstance) -> int:
    """Erase logs of dbt and runs of Dagster that are older than region.yml says; gives how many."""
    if keep.log_days is None:
        return 0
    before = _days_ago(today, keep.log_days)
    why = f"kept for {keep.log_days} days"
    logs = _old_logs(home / "dbt", today, before)
    if logs:
        record(home, "logs of dbt erased", why, files=len(logs))
    for log in logs:
        log.unlink(missing_ok=True)
    runs = _old_runs(instance, before)
    if runs:
        record(home, "runs of Dagster erased", why, files=len(runs))
    for run_id in runs:
        _erase_run(instance, run_id)
    return len(logs) + len(runs)


def _old_logs(folder: Path, today: date, before: datetime) -> list[Path]:
    """Logs last written before a moment.

    dbt tells no days in its log and writes to the end of it for ever: each day's is put aside.
    """
    for log in list(folder.rglob("dbt.log")):
        day = _changed_at(log).date()
        if day < today:
            log.replace(log.with_name(f"dbt.{day}.log"))
    logs = [*folder.rglob("dbt.*log*"), *folder.glob("console.log")]
    return sorted(f for f in logs if _changed_at(f) < before)


def _old_runs(instance: DagsterInstance, before: datetime) -> list[str]:
    from dagster import RunsFilter

    found = instance.get_runs(RunsFilter(created_before=before))
    return [run.run_id for run in found if run.is_finished]


def _erase_run(instance: DagsterInstance, run_id: str) -> None:
    """A run with its events and logs; Dagster itself leaves its files behind."""
    root = Path(instance.root_directory)
    shutil.rmtree(root / "storage" / run_id, ignore_errors=True)
    instance.delete_run(run_id)
    for file in (root / "history" / "runs").glob(f"{run_id}.db*"):
        file.unlink()
