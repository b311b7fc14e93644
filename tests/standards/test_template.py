"""The workbook in the official layout: what is where, and that it is reproducible."""

import datetime as dt

import pytest
from openpyxl import load_workbook

from pipeline.standards.load import load_standards
from pipeline.standards.template import (
    COVER_SHEET,
    DATA_SHEET,
    OPTIONS_SHEET,
    options_of,
    write_workbook,
)

SHEETS = ("rcc_v2", "nps_2026_04", "nps_2026_06")


@pytest.fixture(params=SHEETS)
def table(request):
    return load_standards()[request.param]


def test_the_layout_is_the_published_one(tmp_path, table):
    path = tmp_path / "blank.xlsx"
    write_workbook(path, table)
    book = load_workbook(path)
    assert book.sheetnames == [COVER_SHEET, DATA_SHEET, OPTIONS_SHEET]
    sheet = book[DATA_SHEET]
    assert [c.value for c in sheet[2]] == [f.header for f in table.fields]
    for cell, field in zip(sheet[3], table.fields, strict=True):
        assert cell.value.startswith(field.message)
        assert ("\n\nOptions: " in cell.value) == bool(options_of(field))
    assert sheet.cell(4, 1).value == table.fields[0].example
    assert {c.value for c in sheet[1] if c.value} == {f.section for f in table.fields}
    merged = [r for r in sheet.merged_cells.ranges if r.min_row == 1]
    assert merged
    assert all(sheet.cell(1, r.min_col).value for r in merged)
    assert sheet.max_row == 4


def test_options_stand_below_the_repeated_headers_and_feed_the_drop_downs(tmp_path, table):
    path = tmp_path / "blank.xlsx"
    write_workbook(path, table)
    book = load_workbook(path)
    sheet, listed = book[DATA_SHEET], book[OPTIONS_SHEET]
    assert [c.value for c in listed[2]] == [f.header for f in table.fields]
    drop_downs = {
        str(v.sqref).split(":")[0].rstrip("0123456789"): v.formula1
        for v in sheet.data_validations.dataValidation
    }
    with_options = [(n, f) for n, f in enumerate(table.fields, start=1) if options_of(f)]
    assert len(drop_downs) == len(with_options)
    for column, field in with_options:
        letter = listed.cell(2, column).column_letter
        offered = [listed.cell(6 + n, column).value for n in range(len(options_of(field)))]
        assert tuple(offered) == options_of(field)
        last = 5 + len(offered)
        assert drop_downs[letter] == f"'{OPTIONS_SHEET}'!${letter}$6:${letter}${last}"


def test_rows_begin_where_they_are_told_to_and_keep_their_types(tmp_path):
    table = load_standards()["rcc_v2"]
    row = {
        "child_id": "SYN1",
        "min_ratio": dt.time(1, 1),
        "agreed_weekly_cost": "£1,234.50",
        "referral_form_date": dt.date(2025, 10, 3),
        "siblings_to_place_with": 2,
    }
    path = tmp_path / "filled.xlsx"
    for first_row in (5, 6):
        write_workbook(path, table, [row, row], first_row=first_row)
        sheet = load_workbook(path)[DATA_SHEET]
        assert sheet.max_row == first_row + 1
        found = dict(zip((f.name for f in table.fields), sheet[first_row], strict=True))
        assert found["child_id"].value == "SYN1"
        assert found["min_ratio"].value == dt.time(1, 1)
        assert found["agreed_weekly_cost"].value == "£1,234.50"
        assert found["referral_form_date"].value == dt.datetime(2025, 10, 3)
        assert found["referral_form_date"].number_format == "dd/mm/yyyy"
        assert found["siblings_to_place_with"].value == 2


def test_a_header_can_be_spelt_otherwise_and_the_cover_note_added(tmp_path):
    table = load_standards()["rcc_v2"]
    path = tmp_path / "named.xlsx"
    write_workbook(path, table, headers={"child_id": "child id  "}, cover="SYNTHETIC")
    book = load_workbook(path)
    assert book[DATA_SHEET].cell(2, 1).value == "child id  "
    assert book[DATA_SHEET].cell(2, 2).value == table.fields[1].header
    assert "SYNTHETIC" in [row[1].value for row in book[COVER_SHEET].iter_rows(min_row=2)]


def test_the_same_rows_give_the_same_bytes(tmp_path, monkeypatch, table):
    rows = [{table.child: f"SYN{n}"} for n in range(50)]
    write_workbook(tmp_path / "a.xlsx", table, rows)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    write_workbook(tmp_path / "b.xlsx", table, rows)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert load_workbook(tmp_path / "a.xlsx").properties.modified == dt.datetime(2026, 1, 1)


def test_a_row_with_an_unknown_field_is_refused(tmp_path, table):
    with pytest.raises(KeyError, match="no field shoe_size"):
        write_workbook(tmp_path / "a.xlsx", table, [{"shoe_size": 7}])
