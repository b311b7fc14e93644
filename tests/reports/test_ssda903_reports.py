"""The two reports that councils know: their columns, what stands in them, and that nothing runs."""

import csv
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from pipeline.reports.ssda903 import CHILD_SUMMARY, ERROR_SUMMARY, write_reports
from pipeline.standards.ssda903.found import keep_found
from pipeline.standards.ssda903.rule import all_rules
from pipeline.standards.ssda903.run import FAILED
from pipeline.standards.ssda903.tables import open_tables
from pipeline.warehouse import workspace


def rule(code: str, *fields: str, message: str = ""):
    told = message or f"Message of {code}."
    return replace(all_rules()[0], name=code, code=code, fields=fields, message=told)


RULES = [
    rule("102", "DOB", message="Date of birth is <not> a valid & plain date."),
    rule("1003", "DATE_PLACED", "DECOM", "PL_LA"),
    rule("9A", "REVIEW", "CHILD"),
    rule("9B"),
    rule("999", "DOB"),
]


@pytest.fixture
def written(tmp_path):
    """`written(failures)`: both reports as rows of the CSV files, and the workbook."""

    def write(*failures: tuple[str, str, int]):
        with workspace() as connection:
            open_tables(connection)
            connection.execute(
                "insert into header (data_row, child, dob__text) values "
                "(0, '=1+1', '31/02/2010'), (1, 'B', null), (2, null, 'x_x0041_y\x08')"
            )
            connection.execute(
                "insert into episodes (data_row, child, decom, decom__text, pl_la) values "
                "(0, 'B', date '2025-05-01', '01/05/2025', 'E10000008'), "
                "(1, 'B', date '2025-06-01', '2025-06-01 00:00:00', null)"
            )
            connection.execute(
                "insert into reviews_last (data_row, child, review__text) values (0, 'B', '1/2/25')"
            )
            connection.execute(
                f"create table {FAILED} (code varchar, table_name varchar, data_row bigint)"
            )
            for failure in failures:
                connection.execute(f"insert into {FAILED} values (?, ?, ?)", failure)
            keep_found(connection, RULES)
            files = write_reports(connection, RULES, tmp_path)
        reports = []
        for file in files[:2]:
            with file.open(newline="", encoding="utf-8") as stream:
                reports.append(list(csv.DictReader(stream)))
        return *reports, load_workbook(files[2])

    return write


FAILURES = (
    ("102", "Header", 0),
    ("102", "Header", 2),
    ("1003", "Episodes", 1),
    ("1003", "Episodes", 0),
    ("9A", "Reviews_last", 0),
    ("9B", "Episodes", 0),
)


def test_the_error_summary_lists_the_codes_that_were_found(written):
    errors, _, book = written(*FAILURES)
    assert list(errors[0]) == list(ERROR_SUMMARY)
    assert list(ERROR_SUMMARY) == ["Code", "Error Count", "Error Description", "Affected Fields"]
    assert [(e["Code"], e["Error Count"]) for e in errors] == [
        ("1003", "2"),
        ("102", "2"),
        ("9A", "1"),
        ("9B", "1"),
    ]
    assert errors[0]["Affected Fields"] == "DATE_PLACED, DECOM, PL_LA"
    assert errors[1]["Error Description"] == "Date of birth is <not> a valid & plain date."
    sheet = list(book["Error Summary"].iter_rows(values_only=True))
    assert sheet[0] == tuple(ERROR_SUMMARY)
    assert sheet[2] == ("102", 2, "Date of birth is <not> a valid & plain date.", "DOB")


def test_the_child_summary_has_a_line_for_each_failing_row(written):
    _, children, book = written(*FAILURES)
    assert list(children[0]) == list(CHILD_SUMMARY)
    assert list(CHILD_SUMMARY) == [
        "Child", "Affected Table", "Error Row", "Error Code", "Error Description", "Error Fields",
        "Affected Values", "Locator Hints", "Errors for Child", "Errors of Type",
    ]  # fmt: skip
    keys = ("Child", "Affected Table", "Error Row", "Error Code")
    assert [tuple(c[k] for k in keys) for c in children] == [
        ("'=1+1", "Header", "0", "102"),
        ("B", "Episodes", "0", "1003"),
        ("B", "Episodes", "1", "1003"),
        ("B", "Episodes", "0", "9B"),
        ("B", "Reviews_last", "0", "9A"),
        ("", "Header", "2", "102"),
    ]
    sheet = list(book["Child Summary"].iter_rows(values_only=True))
    assert sheet[0] == tuple(CHILD_SUMMARY)
    assert sheet[2][:4] == ("B", "Episodes", 0, "1003")
    assert len(sheet) == 7


def test_values_stand_as_sent_and_dates_of_a_workbook_as_the_return_writes_them(written):
    _, children, _ = written(*FAILURES)
    by_row = {(c["Affected Table"], c["Error Row"], c["Error Code"]): c for c in children}
    first = by_row["Episodes", "0", "1003"]
    assert first["Affected Values"] == "DECOM: 01/05/2025, PL_LA: E10000008"
    assert first["Locator Hints"] == "DECOM: 01/05/2025"
    second = by_row["Episodes", "1", "1003"]
    assert second["Affected Values"] == "DECOM: 01/06/2025, PL_LA: "
    last_year = by_row["Reviews_last", "0", "9A"]
    assert last_year["Affected Values"] == last_year["Locator Hints"] == "REVIEW: 1/2/25"
    assert by_row["Episodes", "0", "9B"]["Affected Values"] == ""


def test_errors_are_counted_by_child_over_all_tables_and_by_code(written):
    _, children, _ = written(*FAILURES)
    of_b = [c for c in children if c["Child"] == "B"]
    assert {c["Errors for Child"] for c in of_b} == {"4"}
    assert [c["Errors of Type"] for c in of_b] == ["2", "2", "1", "1"]
    nobody = next(c for c in children if not c["Child"])
    assert nobody["Errors for Child"] == ""  # of rows without a child none is the child's


def test_no_cell_of_the_workbook_is_a_formula_or_decoded(written):
    _, _, book = written(*FAILURES)
    cells = [c for row in book["Child Summary"].iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} == {"s", "n"}
    values = [c.value for c in cells]
    assert "'=1+1" in values
    # As Excel codes a `_x` that is text; the control character is gone.
    assert "DOB: x_x005F_x0041_y" in values
    assert book["Child Summary"].freeze_panes == "A2"
    assert book["Child Summary"].auto_filter.ref == "A1:J7"


def test_a_return_without_errors_gives_reports_without_rows(written):
    errors, children, book = written()
    assert errors == children == []
    assert [s.max_row for s in book] == [1, 1]


def test_a_sheet_never_has_more_rows_than_excel_takes(written, monkeypatch):
    monkeypatch.setattr("pipeline.reports.plain_workbook.MOST_ROWS", 3)
    _, children, book = written(*FAILURES)
    assert len(children) == 6
    rows = list(book["Child Summary"].iter_rows(values_only=True))
    assert len(rows) == 1 + 3 + 1
    assert "all of them are in the CSV file" in rows[-1][0]
