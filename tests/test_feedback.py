"""What an authority must mend, as a file that Excel opens and cannot be harmed by."""

import csv
from pathlib import Path

import pytest

from pipeline.reports.feedback import COLUMNS, feedback_path, write_feedback
from tests.authority import La


@pytest.fixture(scope="module")
def la(tmp_path_factory: pytest.TempPathFactory) -> La:
    """An authority with a few faults of each gravity, and cells that look like formulas."""
    la = La(tmp_path_factory.mktemp("home"))
    rows = [("=cmd|' /C calc'!A0", "01/02/2012", "01/05/2025", "+1"),
            ("A2", "@SUM(1)", "-2+3", "PN1"),
            ("A3", "01/02/2012", "02/05/2025", "\u00a3\u2019")]  # fmt: skip
    headings = ("CHILD", "DOB", "REVIEW", "REVIEW_CODE", "extra")
    la.drop("2025/reviews.csv", [dict(zip(headings, (*r, "x"), strict=True)) for r in rows])
    la.drop("=letter.docx", b"Dear hub")
    la.drop("2026/nothing.csv", b"")
    la.receive()
    la.check()
    return la


@pytest.fixture(scope="module")
def rows(la: La) -> list[dict[str, str]]:
    number = write_feedback(la.zone, la.entries())
    with feedback_path(la.zone).open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.DictReader(stream))
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
    raw = feedback_path(la.zone).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode())
    assert not list(la.zone.glob(".feedback*"))


def test_an_authority_that_sent_nothing_gets_no_file(tmp_path: Path):
    assert write_feedback(tmp_path, []) == 0
    assert list(tmp_path.iterdir()) == []
