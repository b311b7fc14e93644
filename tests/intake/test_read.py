"""Files of every kind become rows of text, or a reason that an officer understands."""

import csv
import datetime as dt
import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pipeline import progress
from pipeline.intake.clean import create_macros
from pipeline.intake.read import Unreadable, delimited, read_sheets, records
from pipeline.warehouse import workspace

LINES = "CHILD,DOB\nA1,01/02/2012\nA2,02/02/2012\n"


@pytest.fixture
def read(tmp_path, connection):
    """The cells of a file's sheets by the sheet's name, each row after its number."""

    def read_file(content: bytes | str, name: str = "sent.csv") -> dict[str, list[tuple]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return {
            s.name: connection.execute(f"from {s.relation} order by row_number").fetchall()
            for s in read_sheets(connection, path, "sheet")
        }

    return read_file


@pytest.fixture
def refusal(read):
    """Why a file is refused: the code. It must be refused, in words without its content."""

    def refuse(content: bytes | str, name: str = "sent.csv") -> str:
        with pytest.raises(Unreadable) as caught:
            read(content, name)
        stop = caught.value
        assert stop.reason.endswith(".")
        assert stop.how_to_fix.endswith(".")
        return stop.code

    return refuse


def book_bytes(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


PEOPLE = [(1, "CHILD", "DOB"), (2, "A1", "01/02/2012"), (3, "A2", "02/02/2012")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_csv_in_every_dress(read, delimiter, ending, encoding):
    text = LINES.replace(",", delimiter).replace("\n", ending)
    assert read(text.encode(encoding)) == {"": PEOPLE}
    assert read(text.rstrip().encode(encoding)) == {"": PEOPLE}


def test_letters_of_windows_and_of_utf_8_are_kept(read):
    for encoding in ("utf-8", "utf-16", "cp1252"):
        found = read("NAME,COST\nZoë\u2019s,£5\n".encode(encoding))[""]
        assert found[1] == (2, "Zoë\u2019s", "£5")


def test_a_byte_without_meaning_leaves_a_mark(read):
    assert read(b"A,B\nx\x81,y\xff\n")[""][1] == (2, "x\ufffd", "yÿ")


def test_blank_lines_count_as_excel_shows_them(read):
    found = read("\n\nCHILD,DOB\n\nA1,x\n   \nA2,y\n\n")[""]
    filled = {row[0]: row[1] for row in found if row[2]}
    assert filled == {3: "CHILD", 5: "A1", 7: "A2"}


def test_a_line_break_in_a_cell_makes_no_new_row(read):
    for text in ('CHILD,NOTE\nA1,"two\nlines"\nA2,x\n', 'CHILD,NOTE\r\nA1,"two\r\nlines"\r\nA2,x'):
        found = read(text)[""]
        assert [row[:2] for row in found] == [(1, "CHILD"), (2, "A1"), (3, "A2")]
        assert found[1][2].split() == ["two", "lines"]


def test_ragged_lines_keep_every_cell(read):
    found = read("CHILD,DOB\nA1\nA2,x,more,,\nA3,y\n")[""]
    assert [row[:4] for row in found] == [
        (1, "CHILD", "DOB", None),
        (2, "A1", None, None),
        (3, "A2", "x", "more"),
        (4, "A3", "y", None),
    ]


def test_quotation_marks(read):
    found = read('CHILD,NOTE\nA1,"said ""no"""\nA2,5" pipe\nA3,""\n')[""]
    assert [row[2] for row in found] == ["NOTE", 'said "no"', '5" pipe', None]


@pytest.mark.parametrize(
    "text",
    [
        'CHILD,NOTE\nA1,"open\nA2,x\nA3,y\n',
        'CHILD,NOTE\nA1,"open""\nA2,x\n',
        'CHILD,NOTE\nA1,"open\nA2,"x\nA3,y\n',
    ],
)
def test_an_open_quotation_mark_swallows_no_rows(refusal, text):
    assert refusal(text) == "open_quote"


def test_a_stray_quotation_mark_within_its_line_is_harmless(read):
    found = read('CHILD,NOTE\nA1,"said "no" loudly"\nA2,x\nA3,"')[""]
    assert [row[1] for row in found] == ["CHILD", "A1", "A2", "A3"]


def test_the_delimiter_is_that_of_the_columns_not_of_their_words(read):
    text = 'CHILD;NEED\nA1;ESOL, BSL, Makaton, Other\nA2;"x, y, z; and\nmore, and, more"\n'
    assert [row[1] for row in read(text)[""]] == ["CHILD", "A1", "A2"]
    assert [row[1:] for row in read("A,B\n;;,;;\n;;,;;\n")[""]][1:] == [(";;", ";;")] * 2


def test_a_name_with_brackets_is_that_file_and_no_other(read, tmp_path):
    (tmp_path / "episodes1.csv").write_text("WRONG,FILE\nB1,x\n")
    assert read(LINES, "episodes[1].csv") == {"": PEOPLE}
    (tmp_path / "year=2026").mkdir()
    assert read(LINES, "year=2026/episodes.csv") == {"": PEOPLE}


# Without \r, which csv.writer forgets to quote.
CELL = st.text("ab ,;\t\"'\n£é\u200b=", max_size=5) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=4
)


def both_ways(connection, folder, text):
    """What the quick and the patient reader make of a text: the rows, or why not.

    With a mark at its beginning a UTF-8 file goes the patient way.
    """
    found = []
    for encoding in ("utf-8", "utf-8-sig"):
        path = folder / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        try:
            sheets = read_sheets(connection, path, "sheet")
            found.append([connection.execute(f"from {s.relation}").fetchall() for s in sheets])
        except Unreadable as stop:
            found.append(stop.code)
    return found


@settings(max_examples=80, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5), st.booleans())
def test_the_quick_and_the_patient_reader_agree(tmp_path, connection, cells, is_excels):
    text = io.StringIO()
    rows = [["CHILD", "NOTE", "DOB"], *cells]
    csv.writer(text, lineterminator="\r\n" if is_excels else "\n").writerows(rows)
    quick, patient = both_ways(connection, tmp_path, text.getvalue())
    assert quick == patient
    assert patient == [[(n, *(c or None for c in row)) for n, row in enumerate(rows, start=1)]]


# What makes a cell other than plain, and what does not.
NEARLY_PLAIN = st.text("aZ0.-/ `\t~£\u00a0\x7f", max_size=5) | st.sampled_from(
    ["1899-12-31", "A 1", ""]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    st.lists(st.lists(NEARLY_PLAIN, min_size=3, max_size=3), min_size=1, max_size=4),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_sheet_that_is_plain_needs_no_cleaning(tmp_path, connection, cells, delimiter, ending):
    create_macros(connection)
    lines = [delimiter.join(c.replace(delimiter, "") for c in row) for row in cells]
    path = tmp_path / "sent.csv"
    path.write_bytes(ending.join([delimiter.join(["CHILD", "NOTE", "DOB"]), *lines]).encode())
    for sheet in read_sheets(connection, path, "sheet"):
        texts = ", ".join(f"c{i}" for i in range(sheet.width))
        altered = connection.execute(
            f"select count(*) from (select unnest([{texts}]) as t from {sheet.relation}) "
            "where clean_text(t) is distinct from t"
        ).fetchall()[0][0]
        assert not (sheet.is_plain and altered)
    path.write_text(LINES)
    assert [s.is_plain for s in read_sheets(connection, path, "sheet")] == [True]


@settings(max_examples=200, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.text('a,"\n\r ', min_size=1, max_size=16))
def test_they_agree_on_what_no_program_writes(tmp_path, connection, text):
    quick, patient = both_ways(connection, tmp_path, text)
    if isinstance(patient, list):  # DuckDB drops an empty cell that the first line does not have
        width = len(quick[0][0]) if quick else 0
        assert not any(any(row[width:]) for sheet in patient for row in sheet)
        patient = [[row[:width] for row in sheet] for sheet in patient]
    assert quick == patient


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><table><tr><td>Sign in</td></tr></table></html>", "not_a_csv"),
        (b"  \n<!DOCTYPE html><html></html>", "not_a_csv"),
        (b"PK\x03\x04\x14\x00\x06\x00", "not_a_csv"),
        (b"CHILD,DOB\nA1,\x00\n", "not_a_csv"),
        (LINES.encode() * 1_000 + b"\x00", "not_a_csv"),
        ("CHILD,DOB\nA1,x\n".encode("utf-16")[:-1], "not_a_csv"),
        (b"x" * 10_000_001, "cell_too_long"),
        (b"CHILD,NOTE\nA1," + b"x" * 10_000_001, "cell_too_long"),
        (b",".join([b"x"] * 2_001), "too_wide"),
    ],
)
def test_what_is_no_csv_is_refused(refusal, content, code):
    assert refusal(content) == code


@pytest.mark.parametrize("name", ["sent.csv", "sent.txt", "sent.json"])
@pytest.mark.parametrize("content", [b"", b"  \n\r\n", b"\xef\xbb\xbf"])
def test_a_file_of_nothing_has_no_sheets(read, name, content):
    assert read(content, name) == {}


@pytest.mark.parametrize("name", ["sent.pdf", "sent.docx", "sent", "sent.zip", "sent.csv.bak"])
def test_an_unknown_format_is_refused(refusal, name):
    assert refusal(LINES, name) == "format_not_taken"


@pytest.mark.parametrize("name", ["SENT.CSV", "sent.Txt"])
def test_the_case_of_an_ending_does_not_matter(read, name):
    assert read(LINES, name) == {"": PEOPLE}


def test_a_folder_named_as_a_file_has_no_access(refusal, tmp_path):
    (tmp_path / "sent.csv").mkdir()
    with pytest.raises(Unreadable) as caught, workspace() as connection:
        read_sheets(connection, tmp_path / "sent.csv", "sheet")
    assert caught.value.code == "no_access"


def test_cells_of_a_workbook(read):
    book = Workbook()
    sheet = book.active
    sheet.title = "Data"
    sheet["C3"], sheet["D3"] = "CHILD", "VALUE"
    written = {
        140892: "140892", 2.0: "2", 1234.5: "1234.5", "00123": "00123", True: "true",
        123456789012: "123456789012", dt.date(2024, 3, 30): "2024-03-30 00:00:00",
        dt.datetime(2024, 3, 30, 9, 15): "2024-03-30 09:15:00",
        dt.time(1, 1): "1899-12-31 01:01:00",
        " Zoë\u2019s\u00a0": " Zoë\u2019s\u00a0", "#N/A": None,
    }  # fmt: skip
    for row, value in enumerate(written, start=4):
        sheet.cell(row, 3, f"A{row}")
        sheet.cell(row, 4, value)
    found = read(book_bytes(book), "sent.xlsx")["Data"]
    assert found[:3] == [(1, None, None), (2, None, None), (3, "CHILD", "VALUE")]
    assert [row[0] for row in found[3:]] == list(range(4, 4 + len(written)))
    assert [row[2] for row in found[3:]] == list(written.values())


def test_sheets_of_a_workbook(tmp_path, connection):
    book = Workbook()
    book.active.title = 'O\'Brien; "x"'
    book.active["A1"] = "CHILD"
    book.create_sheet("Empty")
    book.create_chartsheet("Chart")
    hidden = book.create_sheet("Old")
    hidden["A1"], hidden.sheet_state = "CHILD", "hidden"
    deep = book.create_sheet("Deep")
    deep["A1"], deep.sheet_state = "CHILD", "veryHidden"
    book.save(tmp_path / "sent.xlsx")
    sheets = read_sheets(connection, tmp_path / "sent.xlsx", "sheet")
    assert {s.name: s.is_hidden for s in sheets} == {
        'O\'Brien; "x"': False,
        "Old": True,
        "Deep": True,
    }


def test_a_workbook_that_is_too_wide(refusal):
    book = Workbook()
    book.active.cell(1, 2_001, "x")
    book.active.cell(1, 1, "x")
    assert refusal(book_bytes(book), "sent.xlsx") == "too_wide"


def test_a_damaged_workbook_is_refused_wherever_it_was_cut(refusal):
    book = Workbook()
    book.active["A1"] = "CHILD"
    whole = book_bytes(book)
    for cut in (*range(0, len(whole), 250), len(whole) - 1):
        assert refusal(whole[:cut], "sent.xlsx") == "unreadable_workbook"
    for other in (b"\x00" * 64, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64):
        assert refusal(other, "sent.xlsx") == "unreadable_workbook"


def test_a_workbook_with_a_broken_sheet_is_refused(refusal):
    book = Workbook()
    book.active["A1"] = "CHILD"
    broken = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book_bytes(book))) as source,
        zipfile.ZipFile(broken, "w") as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            is_sheet = "worksheets/sheet1" in name
            target.writestr(name, b"<worksheet><sheetData><row" if is_sheet else content)
    assert refusal(broken.getvalue(), "sent.xlsx") == "unreadable_workbook"


@pytest.mark.parametrize(
    "content",
    [
        {"child": "A1", "cost": 5},
        [{"child": "A1", "cost": 5}],
        {"@context": {}, "@graph": [{"child": "A1", "cost": 5}]},
        {"records": [{"child": "A1", "cost": 5}]},
        [{"@type": "x:P", "x:child": {"@value": "A1"}, "x:costs": {"@id": "_:1", "x:cost": 5}}],
        [{"http://example.org/terms/child": "A1", "x": {"y": {"z": {"cost": 5}}}}],
    ],
)
def test_records_in_every_wrapping(read, content):
    found = read(json.dumps(content), "sent.jsonld")[""]
    assert found == [(0, "child", "cost"), (1, "A1", "5")]


def test_values_of_records(read):
    record = {
        "a": True, "b": False, "c": None, "d": 1234.5, "e": ["x", "y"], "f": [], "g": "",
        "h": [{"@id": "x:y"}, {"k": 1}], "i": {"@id": "x:Foster"},
    }  # fmt: skip
    names, values = read(json.dumps(record), "sent.json")[""]
    assert dict(zip(names[1:], values[1:], strict=True)) == {
        "a": "Yes", "b": "No", "c": None, "d": "1234.5", "e": "x; y", "f": None, "g": None,
        "h": 'x:y; {"k": 1}', "i": "x:Foster",
    }  # fmt: skip


def test_half_a_character_and_deep_nesting_lose_no_record(read):
    assert read('[{"a": "x\\ud800", "\\udfff": 1}]', "sent.json")[""] == [
        (0, "a", "?"),
        (1, "x?", "1"),
    ]
    deep = '{"a":' * 500 + "1" + "}" * 500
    assert read(deep, "sent.json")[""] == [(0, "a"), (1, "1")]


def test_records_are_numbered_as_the_sender_counts_them(read, tmp_path, connection):
    found = read(json.dumps([{"a": 1}, {"b": 2}, {"a": 3}]), "sent.json")[""]
    assert found == [(0, "a", "b"), (1, "1", None), (2, None, "2"), (3, "3", None)]
    (sheet,) = read_sheets(connection, tmp_path / "sent.json", "again")
    assert sheet.is_records


@pytest.mark.parametrize("content", ["[]", "{}", "[{}, {}]", '{"@graph": []}'])
def test_records_of_nothing_have_no_sheets(read, content):
    assert read(content, "sent.json") == {}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('[{"child": "A1"}, {"chi', "broken_json"),
        ("[" * 100_000, "broken_json"),
        ('{"a":' * 100_000, "broken_json"),
        ('{"a": ' + "9" * 5_000 + "}", "broken_json"),
        ("CHILD,DOB", "broken_json"),
        ("<html></html>", "broken_json"),
        ("7", "not_records"),
        ("null", "not_records"),
        ('["A1"]', "not_records"),
        ('{"@graph": [1]}', "not_records"),
    ],
)
def test_broken_records_are_refused(refusal, content, code):
    assert refusal(content, "sent.json") == code


@pytest.fixture
def small(monkeypatch):
    """Blocks and batches so small that a short file has many of them."""
    monkeypatch.setattr(delimited, "BLOCK", 50)
    monkeypatch.setattr(delimited, "BATCH", 500)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", '"'])
def test_a_file_of_many_blocks_is_read_whole(read, small, encoding, ending, mark):
    rows = [(n, f"A{n}", "é" * (n % 7) or None) for n in range(1, 120)]
    text = "".join(f"{mark}{a}{mark},{mark}{b or ''}{mark}{ending}" for _, a, b in rows)
    assert read(text.encode(encoding)) == {"": rows}


def test_rows_that_grow_wider_late_keep_every_cell(read, small):
    text = "A,B\n" + "1,2\n" * 50 + '1,2,3,"4"\n' + "5\n"
    found = read(text)[""]
    assert found[50] == (51, "1", "2", None, None)
    assert found[51:] == [(52, "1", "2", "3", "4"), (53, "5", None, None, None)]


def test_a_stray_quotation_mark_far_down_changes_no_row_before_it(read, refusal, small):
    text = "A,B\n" + "1,2\n" * 50
    assert len(read(text + '1,"a" b\n')[""]) == 52
    assert refusal(text + '1,"open\n' + "1,2\n" * 5) == "open_quote"
    assert refusal(text + "1,\x00\n") == "not_a_csv"
    assert refusal((text + "é\n").encode("utf-16")[:-1]) == "not_a_csv"


def test_an_open_quotation_mark_that_swallows_more_than_a_cell_may_hold(refusal, monkeypatch):
    monkeypatch.setattr(delimited, "LONGEST_CELL", 1_000)
    try:
        assert refusal('A,B\n1,"open\n' + "1,2\n" * 1_000) == "open_quote"
        assert refusal('A,"B"\n1,' + "x" * 2_000) == "cell_too_long"
    finally:
        csv.field_size_limit(10_000_000)


def test_bytes_of_windows_far_down_make_it_a_file_of_windows(read):
    found = read(b"A,B\n" + b"1,2\n" * 3_000 + "é,£\n".encode("cp1252"))[""]
    assert found[-1] == (3_002, "é", "£")


def test_long_reading_is_told_without_a_word_of_the_file(read, small, monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    told: list[str] = []
    monkeypatch.setattr(progress, "_listeners", [told.append])
    read('CHILD,"DOB"\n' + "A1,x\n" * 500, "Hernandez.csv")
    lines = [line for line in told if "Reading" in line]
    assert len(lines) > 10
    assert lines[-1].strip() == "Reading: 0 of 0 MB (100%)"
    assert not [line for line in told if "Hernandez" in line or "A1" in line or "CHILD" in line]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('{"a": 1}\n{"a": 2, "b": "x"}\n\n', [("1", None), ("2", "x")]),
        ('{"a": NaN, "b": 1.50}', [(None, "1.50")]),
        ('{"b": Infinity, "a": 1e400}', [("1e400", None)]),
    ],
)
def test_records_by_the_line_and_numbers_that_are_none(read, content, rows):
    found = read(content, "sent.jsonl")[""]
    order = [found[0].index(n) for n in sorted(found[0][1:])]
    assert [tuple(row[i] for i in order) for row in found[1:]] == [r[: len(order)] for r in rows]


def test_a_name_that_comes_twice_in_a_record_keeps_both_values(read):
    found = read('{"a": 1, "a": 2, "x": {"b": 3}, "y": {"b": 4}, "z": {"b": 3}}', "sent.json")[""]
    assert found == [(0, "a", "a 2", "b", "b 2"), (1, "1", "2", "3", "4")]


def test_json_that_is_too_large_or_too_wide_is_refused(refusal, monkeypatch):
    wide = json.dumps({f"n{n}": 1 for n in range(2_001)})
    assert refusal(wide, "sent.json") == "too_wide"
    monkeypatch.setattr(records, "LARGEST", 20)
    assert refusal('[{"child": "A1", "cost": 5}]', "sent.json") == "too_large"


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.binary(max_size=200) | st.text('",;\n\r\t{}[]:ab1\x00\ufeff', max_size=60))
@pytest.mark.parametrize("ending", [".csv", ".json", ".xlsx", ".xml"])
def test_any_bytes_give_rows_or_a_reason(tmp_path, connection, ending, content):
    path = tmp_path / f"sent{ending}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        sheets = read_sheets(connection, path, "sheet")
    except Unreadable:
        return
    for sheet in sheets:
        columns = connection.execute(f"describe {sheet.relation}").fetchall()
        assert [c[0] for c in columns] == ["row_number", *(f"c{i}" for i in range(sheet.width))]
        assert sheet.width
