"""What an authority must mend, as a file that Excel opens and cannot be harmed by."""

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.alarms import Alarm
from pipeline.region import Authority
from pipeline.reports.feedback import COLUMNS, About, keep_feedback, write_feedback
from tests.authority import La

NOW = datetime(2026, 11, 22, 14, 5)
HEADINGS = ("CHILD", "DOB", "REVIEW", "REVIEW_CODE", "extra")
LATE = Alarm("E06000066", "late", "placements", "", "2026Q3", "It is late.", "Send it.")


def about(la: La, *alarms: Alarm) -> About:
    authority = Authority(la.code, "Somerset", "somerset")
    folder = la.root / "reports" / la.code
    folder.mkdir(parents=True, exist_ok=True)
    return About(folder, la.zone, authority, True, tuple(la.entries()), alarms)


def reviews(*rows: tuple[str, ...]) -> list[dict[str, str]]:
    return [dict(zip(HEADINGS, (*r, "x"), strict=True)) for r in rows]


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def la(tmp_path_factory: pytest.TempPathFactory) -> La:
    """An authority with a few faults of each gravity, and cells that look like formulas."""
    la = La(tmp_path_factory.mktemp("home"))
    rows = reviews(
        ("=cmd|' /C calc'!A0", "01/02/2012", "01/05/2025", "+1"),
        ("A2", "@SUM(1)", "-2+3", "PN1"),
        ("A3", "01/02/2012", "02/05/2025", "\u00a3\u2019"),
    )
    la.drop("2025/reviews.csv", rows)
    la.drop("=letter.docx", b"Dear hub")
    la.drop("2026/nothing.csv", b"")
    la.receive()
    la.check()
    return la


@pytest.fixture(scope="module")
def rows(la: La) -> list[dict[str, str]]:
    of = about(la)
    number = write_feedback(of, NOW)
    found = read(of.csv)
    assert number == len(found)
    return found


def test_every_failure_is_told_the_gravest_first(rows):
    assert [(r["severity"], r["check_id"], r["row_number"]) for r in rows] == [
        ("stop", "file.format_not_taken", ""),
        ("stop", "reviews.review.type", "3"),
        ("fix", "reviews.review_code.option", "2"),
        ("fix", "reviews.dob.type", "3"),
        ("fix", "reviews.review_code.option", "4"),
        ("warn", "file.note", ""),
        ("info", "file.empty", ""),
    ]
    assert all(r["message"] and r["how_to_fix"] for r in rows)


def test_no_cell_is_a_formula(rows):
    cells = [cell for row in rows for cell in row.values()]
    assert not [c for c in cells if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {r["value"] for r in rows} >= {"'+1", "'@SUM(1)", "'-2+3"}
    assert "'=CMD|' /C CALC'!A0" in {r["child"] for r in rows}
    assert "'=letter.docx" in {r["file"] for r in rows}
    assert "\u00a3'" in {r["value"] for r in rows}  # as it was read


def test_excel_is_told_that_it_is_utf_8(la, rows):
    raw = about(la).csv.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode())
    assert sorted(f.name for f in about(la).folder.iterdir()) == ["feedback.csv", "feedback.xlsx"]


def test_what_was_replaced_is_not_told_again(tmp_path: Path):
    """Of a row sent twice the last one counts, and of a file replaced as a whole nothing."""
    la = La(tmp_path)
    la.drop("2025/reviews.csv", reviews(("A1", "31/02/2012", "01/05/2024", "ZZ"),
                                        ("A2", "01/02/2012", "01/05/2024", "ZZ")))  # fmt: skip
    la.receive()
    la.check()
    la.drop("2025/again.csv", reviews(("A1", "01/02/2012", "01/05/2024", "ZZ")))
    la.receive()
    la.check()
    of = about(la)
    write_feedback(of, NOW)
    told = [(r["file"], r["child"], r["field"]) for r in read(of.csv) if r["child"]]
    assert sorted(told) == [
        ("2025/again.csv", "A1", "review_code"),
        ("2025/reviews.csv", "A2", "review_code"),
    ]
    assert {r["file"] for r in read(of.csv)} == {"2025/again.csv", "2025/reviews.csv"}
    la.drop("2025/all.csv", reviews(("A1", "01/02/2012", "01/05/2024", "PN1"),
                                    ("A2", "01/02/2012", "01/05/2024", "PN1")))  # fmt: skip
    la.receive()
    la.check()
    of = about(la)
    write_feedback(of, NOW)
    assert [(r["file"], r["check_id"]) for r in read(of.csv)] == [("2025/all.csv", "file.note")]


def test_it_is_written_again_only_if_something_changed(la):
    of = about(la)
    assert keep_feedback(of, NOW)
    assert not keep_feedback(about(la), NOW.replace(hour=20))
    assert keep_feedback(about(la, LATE), NOW)
    assert not keep_feedback(about(la, LATE), NOW)
    assert keep_feedback(replace(of, is_synthetic=False), NOW)


def test_an_authority_that_sent_nothing_gets_no_file(tmp_path: Path):
    la = La(tmp_path)
    assert not keep_feedback(about(la), NOW)
    assert list(about(la).folder.iterdir()) == []


def test_of_an_authority_that_was_forgotten_nothing_stays(tmp_path: Path):
    la = La(tmp_path)
    assert keep_feedback(about(la, LATE), NOW)
    assert about(la).workbook.exists()
    keep_feedback(about(la), NOW)
    assert list(about(la).folder.iterdir()) == []
