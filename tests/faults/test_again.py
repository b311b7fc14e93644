"""What was bad becomes good, is withdrawn, grows, vanishes or cannot be opened: no row is lost."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from pipeline.intake.receive import reader_fingerprint
from pipeline.intake.withdraw import record_withdrawal, to_withdraw
from pipeline.standards.load import load_standards
from tests.authority import La
from tests.faults import archives, xml_files
from tests.faults.case import HEAD, REVIEWS, ROW1, Content, Fault, content_of
from tests.faults.corpus import FAULTS, drop
from tests.faults.records import record, text_of
from tests.faults.workbooks import reviews_workbook

GOOD: dict[str, Content] = {
    ".csv": REVIEWS,
    ".txt": REVIEWS,
    ".xlsx": reviews_workbook(),
    ".xls": REVIEWS,
    ".xml": xml_files.GOOD,
    ".json": text_of(record()),
    ".zip": archives.archive(archives.GOOD, archives.HEADER),
}
NOBODY = 65534  # the user of that name on Unix


def stopped_files() -> list[Fault]:
    """The cases of one file that is stopped as a whole, or in all of its members."""
    return [
        f
        for f in FAULTS
        if len(f.files) == 1
        and f.ends
        and all(e.code and e.code != "duplicate" for e in f.ends)
        and PurePosixPath(next(iter(f.files))).suffix in GOOD
        and "2026" in next(iter(f.files))
    ]


def short_form() -> list[Fault]:
    """A CSV, a workbook and an XML file of those in the short form of the corpus."""
    found = {PurePosixPath(next(iter(f.files))).suffix: f for f in stopped_files() if f.short}
    return [found[suffix] for suffix in (".csv", ".xlsx", ".xml")]


@pytest.fixture
def la(tmp_path: Path) -> La:
    return La(tmp_path)


def require_sums(la: La) -> None:
    for entry in la.entries():
        parts = (entry.rows_kept, entry.rows_quarantined, entry.rows_superseded)
        assert entry.rows_read == sum(parts), entry.file
        assert min(parts) >= 0, entry.file


def kept_rows(la: La) -> int:
    return sum(e.rows_kept for e in la.entries())


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(short_form, id="short"),
        pytest.param(stopped_files, id="long", marks=pytest.mark.faults),
    ],
)
def test_corrected_files_leave_quarantine_and_a_withdrawal_adds_up(
    la: La, faults: Callable[[], list[Fault]]
):
    cases = faults()
    assert len(cases) >= 3
    drop(cases, la.landing)
    la.receive()
    la.check()
    require_sums(la)
    assert {e.status for e in la.entries()} == {"quarantined"}
    assert kept_rows(la) == 0

    for case in cases:
        name = next(iter(case.files))
        good = GOOD[PurePosixPath(name).suffix]
        la.drop(f"{case.folder}/{name}", content_of(good, case.mark))
    la.receive()
    la.check()
    require_sums(la)
    assert not [e for e in la.entries() if e.status == "quarantined"]
    sent_again = {e.path for e in la.entries() if e.status == "accepted"}
    assert sent_again == {f"{c.folder}/{next(iter(c.files))}" for c in cases}
    kept = kept_rows(la)
    assert kept >= 3 * len(cases) / 2

    gone = la.entries()[-1]
    rows = sum(e.rows_kept for e in la.entries() if e.path == gone.path)
    assert rows > 0
    for undo in (False, True):
        found = to_withdraw(la.entries(), None, gone.path, undo)
        record_withdrawal(la.zone, found, "sent by mistake", undo)
        la.receive()
        la.check()
        require_sums(la)
        assert kept_rows(la) == (kept if undo else kept - rows)


def test_what_is_mended_with_something_worse_stays_as_it_was(la: La):
    la.drop("2026/reviews.csv", REVIEWS.replace("{m}", "CNY"))
    la.receive()
    la.check()
    for worse in (b"PK\x03\x04", b"", HEAD.encode()):
        la.drop("2026/reviews.csv", worse)
        la.receive()
        la.check()
        require_sums(la)
        assert kept_rows(la) == 3
    la.drop("2026/reviews.csv", (HEAD + ROW1).replace("{m}", "CNY"))
    la.receive()
    la.check()
    require_sums(la)
    assert kept_rows(la) == 3  # the two that were left out stay, and one was sent again
    assert not [e for e in la.entries() if e.status == "quarantined"]


def test_a_file_that_grows_is_taken_once_it_is_whole(la: La):
    file = la.drop("2026/reviews.csv", HEAD.encode())
    la.drop("2026/header.csv", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\r\nA1,M,,,,,\r\n")
    written, enough = threading.Event(), threading.Event()

    def write() -> None:
        with file.open("a", encoding="utf-8", newline="") as stream:
            while not enough.is_set():
                stream.write(ROW1.replace("{m}1", f"CNY{stream.tell()}"))
                stream.flush()
                written.set()
                time.sleep(0.001)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        written.wait()
        la.receive()
    finally:
        enough.set()
        writer.join()
    stopped = la.entry("2026/reviews.csv")
    assert (stopped.status, stopped.reason_code) == ("quarantined", "being_written")
    assert "still being written" in stopped.reason
    assert la.entry("2026/header.csv").status == "accepted"
    la.receive()
    rows = len(file.read_text().splitlines()) - 1
    taken = [e for e in la.entries() if e.path == "2026/reviews.csv"]
    assert [(e.status, e.rows_read) for e in taken if e.status == "accepted"] == [
        ("accepted", rows)
    ]
    assert not [e for e in taken if e.status == "quarantined"]


def test_a_file_that_vanishes_while_it_is_opened_stops_nothing(la: La, monkeypatch):
    vanishing = la.drop("2026/reviews.csv", REVIEWS)
    la.drop("2026/more_reviews.csv", REVIEWS.replace("{m}", "CNY"))
    really = Path.open

    def take_away(path: Path, *arguments, **named):
        if path == vanishing:
            path.unlink(missing_ok=True)
        return really(path, *arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", take_away)
        la.receive()
    assert [(e.path, e.status) for e in la.entries()] == [("2026/more_reviews.csv", "accepted")]


@pytest.fixture
def as_an_ordinary_user() -> Iterator[La]:
    """An LA whose files an ordinary user drops and reads: root may open whatever it likes."""
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions of this kind are Unix's: files without them are not tested")
    load_standards()
    reader_fingerprint()
    root, me = Path(tempfile.mkdtemp()), os.geteuid()
    root.chmod(0o777)
    if me == 0:
        os.seteuid(NOBODY)
    try:
        yield La(root)
    finally:
        if me == 0:
            os.seteuid(me)
        for folder in [root, *(p for p in root.rglob("*") if p.is_dir())]:
            folder.chmod(0o777)
        shutil.rmtree(root)


def test_what_may_not_be_read_is_told_and_taken_once_it_may(as_an_ordinary_user: La):
    la = as_an_ordinary_user
    la.drop("2026/header.csv", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\r\nA1,M,,,,,\r\n")
    file = la.drop("2026/reviews.csv", REVIEWS)
    closed = la.drop("2025/closed/reviews.csv", REVIEWS).parent
    file.chmod(0)
    closed.chmod(0)
    with pytest.raises(PermissionError):
        file.read_bytes()
    la.receive()
    assert {(e.path, e.reason_code) for e in la.entries()} == {
        ("2026/header.csv", ""),
        ("2026/reviews.csv", "no_access"),
        ("2025/closed", "no_access"),
    }
    file.chmod(0o600)
    closed.chmod(0o700)
    la.receive()
    current = [e for e in la.entries() if e.status not in ("superseded", "duplicate")]
    assert not [e for e in current if e.reason_code], current
    assert sum(e.rows_read for e in current) == 4
