"""A run that is killed anywhere, and run again, ends as if nothing had happened.

The process is killed by itself just before the n-th change that it makes to the disk: each write,
rename, removal and new folder of the intake, the checks and the share is a place to die at.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.accounting import Checked, check_la, failures_path, rule_failures_path
from pipeline.intake.manifest import Entry, load_manifest
from pipeline.intake.receive import receive
from pipeline.intake.withdraw import record_withdrawal
from pipeline.reference import Postcodes
from pipeline.returns import Basis, Judged, drop_reports, judge_returns, keep_stamps
from pipeline.sharing.outbox import OF_RULES
from pipeline.sharing.pseudonym import Key
from pipeline.sharing.quality import share_check_results, share_submissions
from pipeline.sharing.share import hub_file, share_la
from pipeline.warehouse import from_parquet, workspace
from tests.authority import La, assert_adds_up, few_postcodes, zip_bytes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a POSIX system")

KEY = Key(b"a key that only this test knows: of 32 bytes and more", "1")
WHEN = datetime(2026, 11, 22, 12, 0)
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile", "shutil.rmtree")
FEW = 6  # kill points of the short form


def review(child: str, day: str = "01/05/2025", code: str = "PN1") -> dict[str, str]:
    return {"CHILD": child, "DOB": "01/02/2012", "REVIEW": day, "REVIEW_CODE": code}


@dataclass(frozen=True)
class Stage:
    """A delivery about to be read: the home before it, and the end that it must come to."""

    home: Path  # landing folder, zone, hub and reports, to be copied
    postcodes: Postcodes
    is_judged: bool  # whether whole returns are put to DfE's rules, too
    now: datetime
    changes: int  # how often an undisturbed run changes the disk
    before: dict
    end: dict


def run(home: Path, now: datetime, postcodes: Postcodes, is_judged: bool) -> None:
    """What a run does with one LA."""
    la, hub, reports, basis = La(home), home / "hub", home / "reports", Basis(postcodes)
    judged: list[Judged] = []

    def judge(connection: duckdb.DuckDBPyConnection, entries: list[Entry]) -> None:
        judged.extend(judge_returns(connection, la.code, la.zone, entries, basis, reports))

    def report(checked: Checked) -> None:
        share_check_results(hub, la.code, [(e, o.results) for e, o in checked.outcomes])
        share_check_results(hub, la.code, [(j.entry, j.results) for j in judged], OF_RULES)
        share_submissions(hub, la.code, checked.entries)

    receive(la.code, la.landing, la.zone, now)
    checked = check_la(la.code, la.zone, now, judge if is_judged else None, report)
    if is_judged:
        keep_stamps(la.code, la.zone, checked.entries, basis)
        drop_reports(reports, la.code, checked.entries)
    share_la(la.code, la.zone, hub, KEY, postcodes)


def rows(files: list[Path], without: str = "") -> list[str]:
    if not files:
        return []
    with workspace() as connection:
        columns = f"* exclude ({without})" if without else "*"
        found = connection.execute(f"select {columns} from {from_parquet(files)}").fetchall()
    return sorted(map(str, found))


def hub_rows(home: Path) -> dict[str, list[str]]:
    """What the hub has of each table."""
    files = {t: hub_file(home / "hub", t, La.code) for t in ("reviews", "header")}
    return {table: rows([file] if file.exists() else []) for table, file in files.items()}


def state(home: Path) -> dict:
    """All that a run leaves behind, but for times and what was only in the way."""
    la, hub = La(home), home / "hub"
    entries = la.entries()
    failures = {
        path(la.zone, e.submission_id, e.table_name)
        for e in entries
        for path in (failures_path, rule_failures_path)
    }
    stamps, reports = la.zone / "returns.json", home / "reports"
    return {
        "manifest": [replace(e, received_at=WHEN) for e in entries],
        "order": [e.file for e in entries],
        "raw": rows(sorted(la.zone.glob("raw/*/*/*/rows.parquet"))),
        "row_status": rows(sorted(la.zone.glob("row_status/*/*.parquet"))),
        "failures": [rows([f]) for f in sorted(failures) if f.exists()],
        "stamps": stamps.read_text() if stamps.exists() else "",
        "reports": {
            f.relative_to(reports).as_posix(): f.read_bytes() for f in reports.rglob("*.csv")
        },
        "quarantine": sorted(
            (f.relative_to(la.zone).as_posix(), f.read_bytes())
            for f in la.zone.glob("quarantine/*/[!.]*")
        ),
        "hub": hub_rows(home),
        "submission": rows(sorted(hub.glob("submission/*/*.parquet")), "received_at"),
        "check_result": rows(sorted(hub.glob("check_result/*/*.parquet")), "checked_at"),
        "scratch": (la.zone / "scratch").exists(),
    }


def changes_at(home: Path, act: Callable[[int], None]) -> None:
    """Have `act` be told, before it happens, of every change that this process makes below home."""
    made = 0

    def watch(event: str, arguments: tuple) -> None:
        nonlocal made
        is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_ACCMODE
        if not is_write and event not in CHANGES:
            return
        if str(arguments[0]).startswith(str(home)):
            made += 1
            act(made)

    sys.addaudithook(watch)


def in_a_child(work: Callable[[], None]) -> int:
    """Do work in a process of its own; gives how it ended, as os.waitpid does."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def counted(home: Path, now: datetime, postcodes: Postcodes, is_judged: bool) -> int:
    """Run undisturbed, in a process of its own; gives the number of changes on the disk."""
    tally = home.parent / f"{home.name}.changes"

    def work() -> None:
        with tally.open("wb", buffering=0) as stream:
            changes_at(home, lambda made: stream.write(b"."))
            run(home, now, postcodes, is_judged)

    assert in_a_child(work) == 0
    return tally.stat().st_size


def killed(home: Path, stage: Stage, at: int) -> None:
    """Run, and be killed just before the change of that number."""

    def die(made: int) -> None:
        if made == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        changes_at(home, die)
        run(home, stage.now, stage.postcodes, stage.is_judged)

    assert os.WTERMSIG(in_a_child(work)) == signal.SIGKILL


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stage]:
    """A first delivery, and a second one that corrects, takes away, adds and withdraws."""
    root = tmp_path_factory.mktemp("kills")
    postcodes = few_postcodes(root)
    la = La(root / "first")
    children = [{"CHILD": "A1", "SEX": "1", "DOB": "01/02/2012", "ETHNIC": "WBRI", "UPN": "U1",
                 "MOTHER": "", "MC_DOB": ""}]  # fmt: skip
    la.drop("2026/reviews.csv", [review("A1"), review("A2"), review("")])
    la.drop("2026/return.zip", zip_bytes({"header.csv": children, "letter.docx": b"Dear hub"}))
    la.drop("2026/notes.csv", "a,b\n1,2\n")
    la.drop("2026/copy.csv", [review("A1"), review("A2"), review("")])
    first = staged(root / "first", root / "first_end", postcodes, WHEN)

    shutil.copytree(root / "first_end", root / "second")
    la = La(root / "second", clock=datetime(2026, 11, 22, 10, 0))
    la.drop("2026/reviews.csv", [review("A1", code="PN2"), review("A3"), review("A4", "never")])
    (la.landing / "2026/notes.csv").unlink()
    la.drop("2026/more.zip", zip_bytes({"more_reviews.csv": [review("A2", code="PN3")]}))
    record_withdrawal(la.zone, [la.entry("2026/return.zip", "header")], "sent too early")
    second = staged(root / "second", root / "second_end", postcodes, WHEN + timedelta(days=1))
    judged = staged(root / "first", root / "judged_end", postcodes, WHEN, is_judged=True)
    assert judged.end["stamps"]
    assert judged.end["reports"]
    return {"first": first, "second": second, "judged": judged}


def staged(
    home: Path, end: Path, postcodes: Postcodes, now: datetime, is_judged: bool = False
) -> Stage:
    shutil.copytree(home, end)
    run(end, now, postcodes, is_judged)  # in this process, so that those forked from it start warm
    counting = end.with_name(f"{end.name}_counting")
    shutil.copytree(home, counting)
    changes = counted(counting, now, postcodes, is_judged)
    assert state(counting) == state(end)
    return Stage(home, postcodes, is_judged, now, changes, state(home), state(end))


def assert_survives(stage: Stage, at: int, place: Path) -> None:
    shutil.copytree(stage.home, place)
    killed(place, stage, at)
    # What is there after the kill can be read, and is of one piece: the old, or already the new.
    left = load_manifest(La(place).zone)
    assert [e.file for e in left] in (stage.before["order"], stage.end["order"])
    for entry in left:
        assert_adds_up(entry)
    for table, shared in hub_rows(place).items():
        assert shared in (stage.before["hub"][table], stage.end["hub"][table])
    run(place, stage.now + timedelta(hours=1), stage.postcodes, stage.is_judged)
    assert state(place) == stage.end, f"killed at change {at} of {stage.changes}"
    shutil.rmtree(place)


@pytest.mark.parametrize("name", ["first", "second"])
def test_a_killed_run_is_made_good_by_the_next(stages, tmp_path, name):
    stage = stages[name]
    assert stage.changes >= 30
    step = stage.changes // (FEW // 2)
    for at in range(step // 2, stage.changes, step):
        assert_survives(stage, at, tmp_path / f"at_{at}")


def test_a_run_killed_while_whole_returns_are_judged_is_made_good(stages, tmp_path):
    """What the rules found lies between what the checks found and what is shared."""
    stage, without = stages["judged"], stages["first"]
    more = stage.changes - without.changes  # of judging alone
    assert more >= 10
    for at in (stage.changes // 2, stage.changes * 3 // 4):
        assert_survives(stage, at, tmp_path / f"at_{at}")


@pytest.mark.faults
@pytest.mark.parametrize("name", ["first", "second", "judged"])
def test_a_run_may_be_killed_at_every_other_change(stages, tmp_path, name):
    stage = stages[name]
    for at in range(1, stage.changes + 1, 2):
        assert_survives(stage, at, tmp_path / f"at_{at}")
