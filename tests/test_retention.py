"""What is past its retention is erased whole, and told; the rest, and the landing folder, stay."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from dagster import DagsterInstance, job, op

from pipeline.accounting import check_la
from pipeline.audit import read_audit
from pipeline.intake.manifest import load_manifest, save_manifest
from pipeline.la_zone import check_las, receive_las, retain_las
from pipeline.region import DATASETS, Authority, Region, Retention
from pipeline.retention import erase_logs, is_beyond
from pipeline.settings import Settings
from pipeline.sharing.outbox import share_outbox
from pipeline.sharing.quality import read_alarms
from tests.authority import AGREED, PURPOSES, La

SOMERSET = "E06000066"
KEEP = Retention({"ssda903": 7, "placements": 7}, quarantine_days=365, log_days=90)
BEFORE, AFTER = date(2026, 3, 31), date(2026, 4, 1)  # of collection year 2019: seven years
CANARY = "Canary2019"


def episode(child: str, decom: str) -> dict[str, str]:
    return {
        "CHILD": child, "DECOM": decom, "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U1",
        "PLACE_PROVIDER": "PR1", "DEC": "", "REC": "", "REASON_PLACE_CHANGE": "",
        "HOME_POST": "TA1 4AB", "PL_POST": "TA1 4AB", "URN": "SC123456",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "period", "last"),
    [
        ("ssda903", "2019", date(2026, 3, 31)),
        ("placements", "2019Q1", date(2026, 3, 31)),
        ("placements", "2019Q2", date(2026, 6, 30)),
        ("placements", "2019Q3", date(2026, 9, 30)),
        ("placements", "2019Q4", date(2026, 12, 31)),
    ],
)
def test_years_are_counted_from_the_end_of_the_period(dataset, period, last):
    assert not is_beyond(KEEP, last, dataset, period)
    assert is_beyond(KEEP, date.fromordinal(last.toordinal() + 1), dataset, period)


def test_what_has_no_years_or_no_period_is_kept():
    assert not is_beyond(Retention({"placements": 1}), date(2099, 1, 1), "ssda903", "2019")
    assert not is_beyond(KEEP, date(2099, 1, 1), "ssda903", "")
    assert not is_beyond(KEEP, date(2099, 1, 1), "", "")
    assert not is_beyond(Retention({"ssda903": 9_000}), date(2099, 1, 1), "ssda903", "2019")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> La:
    """Somerset with a return of 2019, one of 2026, and a file that was not recognised."""
    la = La(tmp_path_factory.mktemp("kept"))
    la.drop("ssda903/2019/episodes.csv", [episode(CANARY, "12/05/2018")])
    la.drop("ssda903/2019/more.csv", [episode(CANARY, "12/05/2018"), episode("B", "01/06/2018")])
    la.drop("ssda903/2026/episodes.csv", [episode("Canary2026", "12/05/2025")])
    la.drop("letter.csv", "what\nCanary\n")
    settings = settings_of(la)
    assert receive_las(settings, [SOMERSET], BEFORE).faults == {}
    assert check_las(settings, [SOMERSET]).faults == {}
    return la


def settings_of(la: La, keep: Retention = KEEP) -> Settings:
    somerset = Authority(SOMERSET, "Somerset", la.landing.name, agreements=AGREED)
    region = Region("Test", True, SOMERSET, (somerset,), PURPOSES, keep)
    return Settings(la.root, region, la.root, la.root / "none.csv")


@pytest.fixture
def la(checked: La, tmp_path: Path) -> La:
    """A copy of it, its landing folder with it."""
    shutil.copytree(checked.root, tmp_path / "home")
    return La(tmp_path / "home")


def retain(la: La, today: date, keep: Retention = KEEP):
    done = retain_las(settings_of(la, keep), [SOMERSET], today)
    assert done.faults == {}
    return done.results[SOMERSET]


def look(la: La, today: date):
    """Receive and check, as the run does after it has erased."""
    settings = settings_of(la)
    received = receive_las(settings, [SOMERSET], today)
    done = check_las(settings, [SOMERSET])
    assert (received.faults, done.faults) == ({}, {})
    for e in la.entries():
        assert e.rows_read == e.rows_kept + e.rows_quarantined + e.rows_superseded
    return received.results[SOMERSET]


def files_of(la: La) -> dict[str, bytes]:
    return {p.relative_to(la.zone).as_posix(): p.read_bytes()
            for p in la.zone.rglob("*") if p.is_file()}  # fmt: skip


def feedback_of(la: La) -> list[Path]:
    return [f for folder in ("la", "reports") for f in la.root.glob(f"{folder}/*/feedback.csv")]


def acts(la: La) -> list[tuple]:
    return [(a.what, a.dataset, a.period, a.files, a.rows) for a in read_audit(la.root)]


ERASED_2019 = ("submissions erased", "ssda903", "2019", 2, 3)


def test_on_the_last_day_nothing_is_erased(la):
    before = files_of(la)
    assert str(retain(la, BEFORE)) == ""
    assert files_of(la) == before
    assert acts(la) == []


def test_the_day_after_a_year_is_erased_with_all_that_was_made_of_it(la):
    shutil.rmtree(la.landing / "ssda903" / "2019")
    before = {e.path: e for e in la.entries()}
    sha = before["ssda903/2019/more.csv"].sha256
    copy = la.zone / "quarantine" / sha[:16] / "more.csv"  # another part of it was not taken
    copy.parent.mkdir()
    copy.write_text(CANARY)
    assert feedback_of(la)
    erased = retain(la, AFTER)
    assert not feedback_of(la)  # it holds ids and values of what was erased
    assert (erased.submissions, erased.rows, erased.copies) == (2, 3, 1)
    assert acts(la) == [ERASED_2019, ("copies in quarantine erased", "", "", 1, 0)]
    look(la, AFTER)
    assert [e.path for e in la.entries()] == ["ssda903/2026/episodes.csv", "letter.csv"]
    gone = {before[p].submission_id for p in before if "2019" in p}
    for name, content in files_of(la).items():
        assert "period=2019" not in name
        assert not any(s in name for s in gone)
        assert CANARY.encode() not in content, name
    assert la.entry("ssda903/2026/episodes.csv") == before["ssda903/2026/episodes.csv"]
    assert la.raw("episodes", "child") == [("Canary2026",)]
    assert feedback_of(la)


def test_a_file_that_still_lies_there_is_kept_out_and_not_read_every_night(la):
    retain(la, AFTER)
    assert look(la, AFTER).files_read == 2
    old = [e for e in la.entries() if "2019" in e.path]
    assert {e.reason_code for e in old} == {"beyond_retention"}
    assert [e.rows_quarantined for e in old] == [e.rows_read for e in old]
    assert not any("period=2019" in f for f in files_of(la))
    assert not [f for f in files_of(la) if f.startswith("quarantine/") and "episodes" in f]
    told = acts(la)
    for _ in range(2):
        assert str(retain(la, AFTER)) == ""
        assert look(la, AFTER).files_read == 0
    assert acts(la) == told
    assert (la.landing / "ssda903" / "2019" / "more.csv").exists()
    # Taken out by the authority, they are forgotten.
    shutil.rmtree(la.landing / "ssda903" / "2019")
    retain(la, AFTER)
    assert not [e for e in la.entries() if "2019" in e.path]


def test_a_copy_in_quarantine_is_erased_after_its_days_and_not_made_again(la):
    entry = la.entry("letter.csv")
    (copy,) = la.zone.glob("quarantine/*/letter.csv")
    ages = date.fromordinal(entry.received_at.date().toordinal() + 365)
    keep = Retention({}, quarantine_days=365)
    retain(la, ages, keep)
    assert copy.exists()
    after = date.fromordinal(ages.toordinal() + 1)
    retain(la, after, keep)
    assert not copy.parent.exists()
    assert acts(la) == [("copies in quarantine erased", "", "", 1, 0)]
    assert la.entry("letter.csv") == entry  # for the file is still there
    assert receive_las(settings_of(la, keep), [SOMERSET], after).results[SOMERSET].files_read == 0
    assert not copy.exists()
    retain(la, after, keep)
    assert len(acts(la)) == 1
    (la.landing / "letter.csv").unlink()
    retain(la, after, keep)
    assert "letter.csv" not in [e.path for e in la.entries()]
    assert acts(la)[1:] == [("quarantined submissions erased", "", "", 1, entry.rows_read)]


def test_a_submission_whose_every_row_was_stopped_is_erased_by_its_years_not_its_days(la):
    """It was read, so its rows are kept beside its failures, which hold values."""
    (stopped,) = (e for e in la.entries() if e.path == "ssda903/2019/episodes.csv")
    others = [e for e in la.entries() if e != stopped]
    quarantined = replace(stopped, status="quarantined", reason_code="every_row_stopped",
                          rows_kept=0, rows_superseded=0, rows_quarantined=1)  # fmt: skip
    save_manifest(la.zone, [quarantined, *others])
    file, aside = la.landing / stopped.path, la.root / "aside.csv"
    file.rename(aside)
    retain(la, date(2028, 1, 1), Retention({}, quarantine_days=1))
    aside.rename(file)
    assert [f for f in files_of(la) if f.startswith("raw/") and stopped.submission_id in f]
    retain(la, AFTER)
    assert not any("period=2019" in f for f in files_of(la))
    assert stopped.path not in [e.path for e in la.entries()]
    told = acts(la)
    look(la, AFTER)
    assert la.entry(stopped.path).reason_code == "beyond_retention"
    retain(la, AFTER)
    assert look(la, AFTER).files_read == 0
    assert acts(la) == told


def test_texts_of_errors_are_erased_after_their_days(la):
    faults = la.zone / "faults"
    faults.mkdir()
    for name, day in (("old.txt", datetime(2026, 1, 1)), ("new.txt", datetime(2026, 1, 3))):
        (faults / name).write_text("words")
        os.utime(faults / name, (day.timestamp(), day.timestamp()))
    retain(la, date(2026, 4, 2), Retention({}, log_days=90))
    assert [f.name for f in faults.iterdir()] == ["new.txt"]
    assert acts(la) == [("texts of errors erased", "", "", 1, 0)]


def test_nothing_is_erased_where_region_yml_says_nothing(la):
    before = files_of(la)
    retain(la, date(2099, 1, 1), Retention({}))
    assert files_of(la) == before


@pytest.mark.parametrize("survives", [0, 4])
@pytest.mark.parametrize("prolonged", [False, True])
def test_an_erasure_that_was_killed_is_ended_by_the_next_run(la, monkeypatch, survives, prolonged):
    """Even where the years were prolonged meanwhile: half a submission is none."""
    shutil.rmtree(la.landing / "ssda903" / "2019")
    really, gone = Path.unlink, []

    def unlink(file, missing_ok=False):
        if len(gone) == survives:
            raise KeyboardInterrupt
        gone.append(file)
        really(file, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(KeyboardInterrupt):
        retain_las(settings_of(la), [SOMERSET], AFTER)
    monkeypatch.undo()
    assert acts(la) == [ERASED_2019]  # told before it was done
    keep = Retention({"ssda903": 70}, 365, 90) if prolonged else KEEP
    retain(la, AFTER, keep)
    check_la(SOMERSET, la.zone)
    assert [e.path for e in la.entries()] == ["ssda903/2026/episodes.csv", "letter.csv"]
    for name, content in files_of(la).items():
        assert "period=2019" not in name
        assert CANARY.encode() not in content, name
    assert not (la.zone / "erasing.json").exists()
    assert acts(la) == [ERASED_2019]


def test_an_authority_without_a_zone_has_nothing_to_erase(tmp_path):
    la = La(tmp_path)
    assert str(retain(la, AFTER)) == ""
    assert not la.zone.exists()


@op
def step() -> None:
    """A step of a run."""


@job
def run() -> None:
    """A run with one step."""
    step()


def test_old_logs_and_runs_are_erased_with_their_files(tmp_path):
    dagster = tmp_path / "dagster"
    dagster.mkdir()
    logs = tmp_path / "dbt" / "logs"
    logs.mkdir(parents=True)
    (logs / "dbt.log").write_text("words of today")
    (tmp_path / "dbt" / "run").mkdir()
    old = tmp_path / "dbt" / "run" / "dbt.log.1"
    old.write_text("words of long ago")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    today = datetime.now(UTC).date()
    keep = Retention({}, log_days=90)
    with DagsterInstance.local_temp(str(dagster)) as instance:
        run_id = run.execute_in_process(instance=instance).run_id
        assert erase_logs(tmp_path, Retention({}), today, instance) == 0
        assert erase_logs(tmp_path, keep, today, instance) == 1  # the log of long ago
        assert not old.exists()
        assert instance.get_run_by_id(run_id)
        assert [f for f in dagster.rglob("*") if run_id in f.as_posix()]
        later = date.fromordinal(today.toordinal() + 91)
        # Today's log is put aside by its day, so that what dbt writes on does not keep it young.
        assert erase_logs(tmp_path, keep, later, instance) == 2
        assert instance.get_run_by_id(run_id) is None
    assert not [f for f in dagster.rglob("*") if run_id in f.as_posix()]
    assert list(logs.iterdir()) == []
    assert [(a.what, a.files) for a in read_audit(tmp_path)] == [
        ("logs of dbt erased", 1),
        ("logs of dbt erased", 1),
        ("runs of Dagster erased", 1),
    ]


def test_a_log_is_put_aside_by_its_day_and_kept_for_its_days(tmp_path):
    logs = tmp_path / "dbt" / "logs"
    logs.mkdir(parents=True)
    (logs / "dbt.log").write_text("words")
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
    os.utime(logs / "dbt.log", (noon, noon))
    with DagsterInstance.local_temp(str(tmp_path)) as instance:
        for today, left in (
            (date(2026, 3, 1), ["dbt.log"]),
            (date(2026, 3, 2), ["dbt.2026-03-01.log"]),
            (date(2026, 3, 31), ["dbt.2026-03-01.log"]),
            (date(2026, 4, 1), []),
        ):
            erase_logs(tmp_path, Retention({}, log_days=30), today, instance)
            assert [f.name for f in logs.iterdir()] == left


def test_the_manifest_may_become_empty(la):
    shutil.rmtree(la.landing)
    la.landing.mkdir()
    hub = la.root / "hub"
    share_outbox(la.zone, hub, SOMERSET, DATASETS, la.entries())
    assert {f.parent.parent.name for f in hub.glob("*/*/*.parquet")} == {
        "alarm", "check_result", "submission"
    }  # fmt: skip
    retain(la, date(2099, 1, 1))
    assert load_manifest(la.zone) == []
    look(la, date(2099, 1, 1))
    made = ("raw", "failures", "row_", "outbox/check", "outbox/submission", "outbox/validation")
    assert not [f for f in files_of(la) if f.startswith(made)]
    share_outbox(la.zone, hub, SOMERSET, DATASETS, [])
    left = [f.relative_to(hub).parts[0] for f in hub.rglob("*") if f.is_file()]
    assert left == ["alarm"]  # there is no submission left that it could be about
    assert read_alarms(hub, SOMERSET) == []
