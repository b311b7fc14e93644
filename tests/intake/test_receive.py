"""What an authority drops is received once, in its order, and never lost."""

import dataclasses
from pathlib import Path

import pytest

from pipeline.intake import receive as intake
from pipeline.intake.manifest import load_manifest, raw_path
from tests.authority import La, csv_bytes


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
