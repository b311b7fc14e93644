"""What an authority drops is received once, in its order, and never lost."""

import dataclasses
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.intake import parts
from pipeline.intake import receive as intake
from pipeline.intake.manifest import load_manifest, raw_path
from pipeline.intake.receive import receive
from pipeline.region import Authority
from tests.authority import La, csv_bytes, zip_bytes


def reviews(*days: str) -> list[dict[str, str]]:
    return [
        {"CHILD": f"A{n}", "DOB": "01/02/2012", "REVIEW": day, "REVIEW_CODE": "PN1"}
        for n, day in enumerate(days, start=1)
    ]


def header(*children: str) -> list[dict[str, str]]:
    return [
        {"CHILD": c, "SEX": "M", "DOB": "01/02/2012", "ETHNIC": "WBRI", "UPN": "UN1",
         "MOTHER": "", "MC_DOB": ""}
        for c in children
    ]  # fmt: skip


def statuses(la: La) -> list[tuple[str, str, str]]:
    return [(e.path, e.status, e.reason_code) for e in la.entries()]


def test_a_folder_that_is_not_there_has_nothing(la):
    received = la.receive()
    assert (received.entries, received.files_seen, received.files_read) == ([], 0, 0)


def test_what_is_unchanged_is_not_read_again(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    first = la.receive()
    assert (first.files_seen, first.files_read) == (1, 1)
    again = la.receive()
    assert (again.files_seen, again.files_read) == (1, 0)
    assert again.entries == first.entries == load_manifest(la.zone)


def test_a_touched_file_with_the_same_bytes_is_not_read_again(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    first = la.receive()
    la.touch("2026/reviews.csv")
    again = la.receive()
    assert again.files_read == 0
    assert again.entries == first.entries


def test_rows_are_kept_as_they_were_sent(la):
    sent = {
        "CHILD": " 0012.0 ",
        "DOB": "31/02/2012",
        "REVIEW": "01-May-25",
        "REVIEW_CODE": "\u200b",
    }
    la.drop("2026/reviews.csv", [sent])
    la.receive()
    entry = la.entry("2026/reviews.csv")
    assert la.raw("reviews", "submission_id, file, sheet, row_number, child, dob, review") == [
        (entry.submission_id, "2026/reviews.csv", "", 2, " 0012.0 ", "31/02/2012", "01-May-25")
    ]
    assert la.raw("reviews", "review_code") == [("\u200b",)]
    assert raw_path(la.zone, entry).is_file()


def test_a_changed_file_is_a_new_submission_and_the_old_one_stays(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    la.drop("2026/reviews.csv", reviews("01/05/2025", "01/06/2025"))
    assert la.receive().files_read == 1
    old, new = la.entries()
    assert (old.rows_read, new.rows_read) == (1, 2)
    assert old.submission_id != new.submission_id
    assert old.received_at < new.received_at
    assert raw_path(la.zone, old).is_file()
    assert la.receive().files_read == 0


def test_bytes_that_come_back_are_received_anew_so_that_the_last_sent_wins(la):
    first, second = reviews("01/05/2025"), reviews("02/05/2025")
    for rows in (first, second, first):
        la.drop("2026/reviews.csv", rows)
        la.receive()
    assert [e.rows_read for e in la.entries()] == [1, 1]
    last = la.entries()[-1]
    sent = {row[0]: row[1] for row in la.raw("reviews", "submission_id, review")}
    assert sent[last.submission_id] == "01/05/2025"
    assert la.receive().files_read == 0


def test_the_newest_file_is_received_last_whatever_its_name(la):
    la.drop("2026/z_reviews.csv", reviews("01/05/2025"))
    la.drop("2026/a_reviews.csv", reviews("02/05/2025"))
    la.receive()
    assert [e.path for e in la.entries()] == ["2026/z_reviews.csv", "2026/a_reviews.csv"]


def test_the_same_bytes_under_another_name_are_a_duplicate(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    la.drop("2026/copy of reviews.csv", reviews("01/05/2025"))
    la.receive()
    la.drop("2026/copy 2 of reviews.csv", reviews("01/05/2025"))
    la.receive()
    assert statuses(la) == [
        ("2026/reviews.csv", "accepted", ""),
        ("2026/copy of reviews.csv", "duplicate", "duplicate"),
        ("2026/copy 2 of reviews.csv", "duplicate", "duplicate"),
    ]
    assert [e.rows_read for e in la.entries()] == [1, 0, 0]
    assert len({e.submission_id for e in la.entries()}) == 3
    assert len(la.raw("reviews")) == 1


def test_the_same_rows_for_another_year_are_no_duplicate(la):
    la.drop("2025/header.csv", header("A1"))
    la.drop("2026/header.csv", header("A1"))
    la.receive()
    assert [(e.status, e.period) for e in la.entries()] == [
        ("accepted", "2025"),
        ("accepted", "2026"),
    ]


def test_a_corrected_file_leaves_quarantine(la):
    la.drop("2026/reviews.csv", "something else\n")
    la.receive()
    stopped = la.entry("2026/reviews.csv")
    assert (stopped.status, stopped.reason_code) == ("quarantined", "not_recognised")
    (kept,) = la.zone.glob("quarantine/*/reviews.csv")
    assert kept.read_bytes() == b"something else\n"
    assert la.receive().files_read == 0
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    assert statuses(la) == [
        ("2026/reviews.csv", "superseded", "not_recognised"),
        ("2026/reviews.csv", "accepted", ""),
    ]
    assert kept.is_file()


def test_a_bad_correction_leaves_the_last_good_submission(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    la.drop("2026/reviews.csv", b"PK\x00")
    la.receive()
    assert statuses(la) == [
        ("2026/reviews.csv", "accepted", ""),
        ("2026/reviews.csv", "quarantined", "not_a_csv"),
    ]
    assert la.receive().files_read == 0


def test_files_that_went_from_the_folder_stay_received(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025")).unlink()
    la.drop("2026/header.csv", header("A1"))
    la.receive()
    (la.landing / "2026/header.csv").unlink()
    received = la.receive()
    assert (received.files_seen, received.files_read) == (0, 0)
    assert statuses(la) == [("2026/header.csv", "accepted", "")]


def test_a_header_gets_its_year_when_its_episodes_arrive(la):
    la.drop("delivery/header.csv", header("A1"))
    la.drop("elsewhere/header.csv", header("A2"))
    la.receive()
    assert {e.reason_code for e in la.entries()} == {"period_unknown"}
    la.drop("delivery/reviews.csv", reviews("01/05/2024"))
    assert la.receive().files_read == 2
    told = la.entry("delivery/header.csv")
    assert (told.status, told.period, told.period_source) == ("accepted", "2025", "siblings")
    assert la.entry("elsewhere/header.csv").reason_code == "period_unknown"
    assert la.receive().files_read == 0


def test_a_year_taken_from_the_place_gives_way_to_dates_that_arrive_later(la):
    la.drop("2026/header.csv", header("A1"))
    la.receive()
    assert la.entry("2026/header.csv").period == "2026"
    la.drop("2026/reviews.csv", reviews("01/05/2024"))
    la.receive()
    assert la.entry("2026/header.csv").period == "2025"
    # Told once, it is not read again whenever something arrives beside it.
    la.drop("2026/more_reviews.csv", reviews("02/05/2024"))
    assert la.receive().files_read == 1


@pytest.mark.parametrize(
    "name",
    ["~$reviews.csv", ".reviews.csv", "Thumbs.db", "desktop.ini", "x.TMP", "x.part", ".git/x.csv"],
)
def test_what_programs_leave_behind_is_not_received(la, name):
    la.drop(f"2026/{name}", reviews("01/05/2025"))
    received = la.receive()
    assert (received.files_seen, received.entries) == (0, [])


def test_a_locked_file_is_told_and_read_as_soon_as_it_can_be(la, monkeypatch):
    good = la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    locked = la.drop("2026/header.csv", header("A1"))
    really = Path.open

    def refuse(path: Path, *arguments, **named):
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return really(path, *arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        assert la.receive().files_read == 1
        stopped = la.entry("2026/header.csv")
        assert (stopped.status, stopped.reason_code) == ("quarantined", "no_access")
        assert la.entry("2026/reviews.csv").status == "accepted"
        assert la.receive().files_read == 1  # tried again, though nothing changed
        assert len(la.entries()) == 2
    la.receive()
    assert la.entry("2026/header.csv").status == "accepted"

    locked = good  # received before, and now locked while something saves it anew
    la.touch("2026/reviews.csv")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        la.receive()
        assert ("2026/reviews.csv", "accepted", "") in statuses(la)
        assert ("2026/reviews.csv", "quarantined", "no_access") in statuses(la)
    la.receive()
    assert la.entry("2026/reviews.csv").status == "accepted"
    assert la.receive().files_read == 0


def test_empty_files_and_headings_alone_are_no_fault(la):
    la.drop("2026/nothing.csv", b"")
    la.drop("2026/records.json", b"[]")
    la.drop("2026/uasc.csv", csv_bytes([{"CHILD": "", "SEX": "", "DOB": "", "DUC": ""}]))
    la.drop("2025/uasc.csv", csv_bytes([{"CHILD": "", "SEX": "", "DOB": "", "DUC": ""}]))
    la.receive()
    assert {e.path: e.reason_code for e in la.entries()} == {
        "2026/nothing.csv": "empty",
        "2026/records.json": "empty",
        "2026/uasc.csv": "no_rows",
        "2025/uasc.csv": "no_rows",
    }
    assert len({e.submission_id for e in la.entries()}) == 4
    assert not (la.zone / "quarantine").exists()


def test_one_broken_file_does_not_keep_the_others_out(la):
    la.drop("2026/broken.xlsx", b"PK\x03\x04")
    la.drop("2026/broken.json", b"{")
    la.drop("2026/letter.docx", b"Dear hub")
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    assert {e.path: e.reason_code for e in la.entries()} == {
        "2026/broken.xlsx": "unreadable_workbook",
        "2026/broken.json": "broken_json",
        "2026/letter.docx": "format_not_taken",
        "2026/reviews.csv": "",
    }
    assert len(list(la.zone.glob("quarantine/*/*"))) == 3


def test_when_a_standard_or_the_reader_changes_files_are_read_anew_in_their_order(la, monkeypatch):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    la.drop("2026/corrected.csv", reviews("02/05/2025"))
    before = la.receive().entries
    monkeypatch.setattr(intake, "reader_fingerprint", lambda: "another")
    la.touch("2026/reviews.csv")
    after = la.receive()
    assert after.files_read == 2
    assert after.entries == [
        dataclasses.replace(e, read_by="another", modified_ns=a.modified_ns)
        for e, a in zip(before, after.entries, strict=True)
    ]
    assert la.receive().files_read == 0


def test_a_link_to_a_file_elsewhere_is_not_followed(la, tmp_path):
    secret = tmp_path / "elsewhere.csv"
    secret.write_bytes(csv_bytes(reviews("01/05/2025")))
    la.drop("2026/other.csv", reviews("02/05/2025"))
    (la.landing / "2026" / "reviews.csv").symlink_to(secret)
    la.receive()
    assert ("2026/reviews.csv", "quarantined", "link") in statuses(la)
    assert not list((la.zone / "quarantine").rglob("*.csv"))
    assert la.receive().files_read == 0


def test_an_archive_is_received_file_by_file(la):
    la.drop(
        "2026/return.zip",
        zip_bytes(
            {
                "reviews.csv": reviews("01/05/2025"),
                "more/header.csv": header("A1"),
                "letter.docx": b"Dear hub",
                "__MACOSX/._reviews.csv": b"\x00",
                "../escaped.csv": reviews("02/05/2025"),
            }
        ),
    )
    la.receive()
    assert [(e.file, e.path, e.status, e.reason_code) for e in la.entries()] == [
        ("2026/return.zip/../escaped.csv", "2026/return.zip", "quarantined", "archive_unsafe_path"),
        ("2026/return.zip/letter.docx", "2026/return.zip", "quarantined", "format_not_taken"),
        ("2026/return.zip/more/header.csv", "2026/return.zip", "accepted", ""),
        ("2026/return.zip/reviews.csv", "2026/return.zip", "accepted", ""),
    ]
    assert la.raw("reviews", "file, row_number") == [("2026/return.zip/reviews.csv", 2)]
    (kept,) = la.zone.glob("quarantine/*/*")
    assert (kept.name, kept.read_bytes()) == ("letter.docx", b"Dear hub")
    assert not (la.zone / "scratch").exists()
    assert la.receive().files_read == 0


def test_the_same_csv_bare_and_in_an_archive_is_one_submission(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    la.drop("2026/return.zip", zip_bytes({"reviews.csv": reviews("01/05/2025")}))
    la.receive()
    assert [(e.file, e.status, e.rows_read) for e in la.entries()] == [
        ("2026/reviews.csv", "accepted", 1),
        ("2026/return.zip/reviews.csv", "duplicate", 0),
    ]


def test_an_archive_sent_anew_takes_its_files_along(la):
    same = {"2026/reviews.csv": reviews("01/05/2025")}
    la.drop("return.zip", zip_bytes(same | {"notes.csv": "a,b\n1,2\n"}))
    la.receive()
    first = la.entry("return.zip", "reviews")
    la.drop("return.zip", zip_bytes(same))
    la.receive()
    again = la.entry("return.zip", "reviews")
    assert again.submission_id == first.submission_id
    assert again.received_at > first.received_at
    assert statuses(la) == [
        ("return.zip", "superseded", "not_recognised"),
        ("return.zip", "accepted", ""),
    ]
    assert len(la.raw("reviews")) == 1
    assert la.receive().files_read == 0


def test_a_broken_archive_is_kept_and_stops_nothing(la):
    la.drop("2026/broken.zip", b"PK\x03\x04 cut off")
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    broken = la.entry("2026/broken.zip")
    assert broken.status == "quarantined"
    assert la.entry("2026/reviews.csv").status == "accepted"
    (kept,) = la.zone.glob("quarantine/*/*")
    assert kept.name == "broken.zip"


MANIFEST = """files:
  - {{file: {0}, {1}}}
"""


def declare(la: La, file: str, says: str) -> None:
    la.drop("2026/manifest.yml", MANIFEST.format(file, says))


def test_what_is_declared_goes_before_what_is_found(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    declare(la, "reviews.csv", "period: 2024")
    received = la.receive()
    assert (received.files_seen, received.files_read) == (1, 1)  # the manifest.yml is no return
    (entry,) = la.entries()
    assert (entry.period, entry.period_source) == ("2024", "declared")
    assert la.receive().files_read == 0
    declare(la, "reviews.csv", "ignore: true")
    la.settle()
    assert statuses(la) == [("2026/reviews.csv", "quarantined", "ignored")]
    assert la.told() == [("2026/reviews.csv", "file.ignored", None)]
    assert la.entry("2026/reviews.csv").rows_read == 0
    (la.landing / "2026/manifest.yml").unlink()
    la.receive()
    (entry,) = la.entries()
    assert (entry.status, entry.period) == ("accepted", "2026")


def test_a_period_of_another_kind_is_told(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    declare(la, "reviews.csv", "period: 2025Q4")
    la.receive()
    assert statuses(la) == [("2026/reviews.csv", "quarantined", "manifest_faulty")]


def test_a_file_of_another_authority_is_stopped(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.drop("2026/manifest.yml", "la: E10000008\n")
    la.receive()
    assert statuses(la) == [("2026/reviews.csv", "quarantined", "other_authority")]
    la.drop("2026/manifest.yml", f"la: {la.code}\n")
    la.receive()
    assert statuses(la) == [("2026/reviews.csv", "accepted", "")]


def test_a_faulty_manifest_stops_what_is_new_and_leaves_what_was_read(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.drop("2025/header.csv", header("A1"))
    la.receive()
    la.drop("2026/manifest.yml", "files: nonsense\n")
    la.drop("2026/header.csv", header("A1"))
    assert la.receive().files_read == 1
    assert statuses(la) == [
        ("2026/reviews.csv", "accepted", ""),
        ("2025/header.csv", "accepted", ""),
        ("2026/header.csv", "quarantined", "manifest_faulty"),
    ]
    assert la.receive().files_read == 0
    (la.landing / "2026/manifest.yml").unlink()
    la.receive()
    assert la.entry("2026/header.csv").status == "accepted"


def test_what_is_being_written_is_not_taken_until_it_is_whole(la, monkeypatch):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    file = la.drop("2026/reviews.csv", reviews("01/05/2025", "02/05/2025"))
    really = parts.read_sheets

    def slowly(connection, path, prefix):
        with file.open("ab") as stream:  # the exporter goes on while we read
            stream.write(csv_bytes(reviews("03/05/2025")).partition(b"\r\n")[2])
        la.touch("2026/reviews.csv")
        return really(connection, path, prefix)

    with monkeypatch.context() as patched:
        patched.setattr(parts, "read_sheets", slowly)
        la.receive()
    assert statuses(la) == [
        ("2026/reviews.csv", "accepted", ""),
        ("2026/reviews.csv", "quarantined", "being_written"),
    ]
    assert [e.rows_read for e in la.entries()] == [1, 0]
    assert not list(la.zone.glob("quarantine/*"))
    la.receive()
    assert [(e.status, e.rows_read) for e in la.entries()] == [("accepted", 1), ("accepted", 3)]


def test_a_change_that_leaves_size_and_date_alike_is_seen_by_its_bytes(la):
    file = la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.clock = datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(tzinfo=None)
    seen = receive(la.code, la.landing, la.zone, la.clock)  # in the second of the change
    assert seen.files_read == 1
    before = file.stat()
    file.write_bytes(csv_bytes(reviews("02/05/2025")))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert la.receive().files_read == 1
    assert sorted(la.raw("reviews", "review")) == [("01/05/2025",), ("02/05/2025",)]


def test_a_file_that_goes_while_we_look_was_not_received(la, monkeypatch):
    going = la.drop("2026/going.csv", reviews("01/05/2025"))
    la.drop("2026/reviews.csv", reviews("02/05/2025"))
    really = intake.landed_files

    def then_gone(folder: Path) -> list:
        found = really(folder)
        going.unlink()
        return found

    monkeypatch.setattr(intake, "landed_files", then_gone)
    la.receive()
    assert statuses(la) == [("2026/reviews.csv", "accepted", "")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
def test_what_is_no_file_does_not_make_us_wait(la):
    la.drop("2026/header.csv", header("A1"))
    os.mkfifo(la.landing / "2026/reviews.csv")
    (la.landing / "2026/folder.csv").mkdir()
    with socket.socket(socket.AF_UNIX) as opened:
        place = os.open(la.landing / "2026", os.O_RDONLY)
        opened.bind(f"/proc/self/fd/{place}/line.csv")  # whose own path may be too long
        os.close(place)
    la.receive()
    assert statuses(la) == [("2026/header.csv", "accepted", "")]


def test_a_folder_that_may_not_be_looked_into_is_told_and_takes_nothing_away(la, monkeypatch):
    la.drop("2026/notes.csv", "a,b\n1,2\n")
    la.drop("2025/header.csv", header("A1"))
    la.receive()
    really = os.scandir

    def refuse(folder):
        if str(folder).endswith("2026"):
            raise PermissionError(13, "Permission denied")
        return really(folder)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refuse)
        la.receive()
    assert set(statuses(la)) == {
        ("2026", "quarantined", "no_access"),
        ("2026/notes.csv", "quarantined", "not_recognised"),
        ("2025/header.csv", "accepted", ""),
    }
    la.receive()
    assert {path for path, *_ in statuses(la)} == {"2026/notes.csv", "2025/header.csv"}


ODD_NAMES = [
    'it\'s "quoted" `x`.csv',
    "line\nbreak.csv",
    "\U0001f600 smile.csv",
    "[a-z]*?{x}.csv",
    "no text \udcff\udcfe.csv",
    f"{'long ' * 49}.csv",
    f"{'deep/' * 60}x.csv",
]


@pytest.mark.parametrize("bad", [False, True])
def test_odd_names_are_taken_like_any_other(la, bad):
    for n, name in enumerate(ODD_NAMES):
        la.drop(f"2026/{name}", "a,b\n1,2\n" if bad else reviews("01/05/2025", f"{n + 2}/05/2025"))
    entries = la.receive().entries
    assert len(entries) == len(ODD_NAMES)
    assert {e.status for e in entries} == {"quarantined" if bad else "accepted"}
    assert "2026/no text \\udcff\\udcfe.csv" in {e.path for e in entries}
    assert len(list(la.zone.glob("quarantine/*/*"))) == (len(ODD_NAMES) if bad else 0)
    assert la.receive().files_read == 0


def test_one_odd_file_never_stops_the_others(la, monkeypatch):
    la.drop("2026/odd.csv", "CANARY")
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    really = parts.read_sheets

    def stumble(connection, path, prefix):
        if path.name == "odd.csv":
            raise ValueError("CANARY 140892")
        return really(connection, path, prefix)

    monkeypatch.setattr(parts, "read_sheets", stumble)
    la.settle()
    odd = la.entry("2026/odd.csv")
    assert (odd.status, odd.reason_code) == ("quarantined", "cannot_be_read")
    assert "CANARY" not in odd.reason + odd.how_to_fix
    assert la.entry("2026/reviews.csv").status == "accepted"
    (fault,) = (la.zone / "faults").iterdir()
    assert "CANARY 140892" in fault.read_text(encoding="utf-8")
    (kept,) = la.zone.glob("quarantine/*/*")
    assert kept.read_bytes() == b"CANARY"
    assert la.receive().files_read == 0  # it is tried again when it, or the reader, changes


def test_what_was_read_once_is_not_lost_when_it_cannot_be_read_anew(la, monkeypatch):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.settle()

    def stumble(*_):
        raise ValueError

    with monkeypatch.context() as patched:
        patched.setattr(parts, "read_sheets", stumble)
        patched.setattr(intake, "reader_fingerprint", lambda: "another")
        la.settle()
        assert {(e.reason_code, e.rows_kept) for e in la.entries()} == {
            ("", 1),
            ("cannot_be_read", 0),
        }
        assert la.receive().files_read == 0
    la.settle()
    assert [(e.reason_code, e.rows_kept) for e in la.entries()] == [("", 1)]


def test_what_is_taken_out_of_the_folder_leaves_quarantine(la):
    la.drop("2026/notes.csv", "a,b\n1,2\n")
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.settle()
    assert la.told() == [("2026/notes.csv", "file.not_recognised", None)]
    (la.landing / "2026/notes.csv").unlink()
    (la.landing / "2026/reviews.csv").unlink()
    la.settle()
    assert [(e.path, e.status, e.ended, e.rows_superseded) for e in la.entries()] == [
        ("2026/notes.csv", "superseded", "taken away", 2),
        ("2026/reviews.csv", "accepted", "", 0),
    ]
    assert la.told() == []
    assert list(la.zone.glob("quarantine/*/notes.csv"))
    la.drop("2026/notes.csv", "a,b\n1,2\n")
    la.settle()
    assert statuses(la)[0] == ("2026/notes.csv", "quarantined", "not_recognised")


def test_a_file_moved_to_the_right_folder_leaves_quarantine(la):
    la.drop("header.csv", header("A1"))
    la.settle()
    assert la.entry("header.csv").reason_code == "period_unknown"
    (la.landing / "2026").mkdir()
    (la.landing / "header.csv").rename(la.landing / "2026/header.csv")
    la.settle()
    assert statuses(la) == [
        ("header.csv", "superseded", "period_unknown"),
        ("2026/header.csv", "accepted", ""),
    ]
    assert la.told() == []


def test_a_copy_is_read_when_the_file_that_it_repeats_goes_or_changes(la):
    bad = [{**reviews("never")[0], "CHILD": ""}]
    la.drop("2026/reviews.csv", bad)
    la.settle()
    la.drop("2026/copy.csv", bad)
    la.settle()
    assert la.entry("2026/copy.csv").status == "duplicate"
    (la.landing / "2026/reviews.csv").unlink()
    la.settle()
    assert [(e.path, e.status, e.reason_code, e.ended) for e in la.entries()] == [
        ("2026/reviews.csv", "superseded", "every_row_stopped", "taken away"),
        ("2026/copy.csv", "quarantined", "every_row_stopped", ""),
    ]
    assert {file for file, *_ in la.told()} == {"2026/copy.csv"}


def test_the_latest_received_wins_when_the_clock_goes_back(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.receive()
    la.clock -= timedelta(days=400)
    la.drop("2026/a.csv", [{**reviews("01/05/2025")[0], "REVIEW_CODE": "PN2"}])
    la.settle()
    assert [(e.path, e.rows_kept) for e in la.entries()] == [
        ("2026/reviews.csv", 0),
        ("2026/a.csv", 1),
    ]


def test_dates_that_no_manifest_could_hold_are_taken(la):
    file = la.drop("2026/reviews.csv", reviews("01/05/2025"))
    for moment in (-1, 2**62):
        os.utime(file, (moment, moment))
        la.receive()
    assert statuses(la) == [("2026/reviews.csv", "accepted", "")]


def test_of_a_period_past_its_retention_nothing_is_kept(la):
    la.drop("2026/reviews.csv", reviews("01/05/2025"))
    la.drop("2019/reviews.csv", reviews("01/05/2018"))

    def look(oldest: int) -> int:
        def beyond(dataset: str, period: str) -> bool:
            return dataset == "ssda903" and int(period) < oldest

        return receive(la.code, la.landing, la.zone, la.clock, beyond).files_read

    assert look(2020) == 2
    assert look(2020) == 0
    past = la.entry("2019/reviews.csv")
    assert (past.status, past.reason_code, past.rows_quarantined) == (
        "quarantined",
        "beyond_retention",
        1,
    )
    assert not past.is_grave
    assert len(la.raw("reviews")) == 1
    assert not list(la.zone.glob("quarantine/*"))
    assert look(2015) == 1  # kept for longer now
    assert la.entry("2019/reviews.csv").status == "accepted"


def test_what_takes_long_is_told_without_a_name(la, monkeypatch):
    lines: list[str] = []
    monkeypatch.setattr(intake, "tell", lines.append)
    monkeypatch.setattr(intake, "QUIET", -1)
    la.drop("2026/reviews of A Child.csv", reviews("01/05/2025"))
    la.drop("2026/header.csv", header("A1"))
    receive(la.code, la.landing, la.zone, la.clock, names=("Somerset",))
    assert lines == ["Somerset: file 1 of 2", "Somerset: file 2 of 2"]


def test_a_file_named_for_another_authority_is_taken_and_told(la):
    cornwall = Authority("E06000052", "Cornwall", "cornwall")
    somerset = Authority(la.code, "Somerset", "somerset")
    la.drop(
        "ssda903/2026/Cornwall_header_2026.csv", [{"CHILD": "1", "SEX": "M", "DOB": "01/01/2015"}]
    )
    la.drop(
        "ssda903/2026/Somerset_header_2026.csv", [{"CHILD": "2", "SEX": "M", "DOB": "01/01/2015"}]
    )
    receive(la.code, la.landing, la.zone, authorities=(somerset, cornwall))
    notes = {e.path.rpartition("/")[2]: (e.status, "Cornwall" in e.note) for e in la.entries()}
    assert notes == {
        "Cornwall_header_2026.csv": ("accepted", True),
        "Somerset_header_2026.csv": ("accepted", False),
    }
