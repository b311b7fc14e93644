"""Whatever it is called and however it is laid out, a return is known by its content."""

import io
import json

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.intake.place import place_quarter, place_year
from pipeline.standards.load import Table, load_standards
from pipeline.standards.template import write_workbook
from tests.authority import La, csv_bytes

TABLES = load_standards()
SSDA903 = [t for t in TABLES.values() if t.dataset == "ssda903"]
SHEETS = [TABLES[n] for n in ("rcc_v2", "nps_2026_04", "nps_2026_06")]


def a_row(table: Table, number: int = 1) -> dict[str, str]:
    """A row by header, each field with a text; ids differ by number."""
    values = {"date": f"{number:02}/05/2025", "id": f"A{number}", "integer": "1", "money": "900"}
    return {f.header: values.get(f.type, "x") for f in table.fields}


def workbook(sheets: dict[str, list[list]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def grid(table: Table, rows: int = 2) -> list[list]:
    """Headings and rows under them."""
    found = [a_row(table, n) for n in range(1, rows + 1)]
    return [list(found[0]), *(list(r.values()) for r in found)]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_headings_in_any_order_case_and_spacing(la, table):
    headings = [f.header for f in reversed(table.fields)]
    rows = [a_row(table, n) for n in (1, 2, 3)]
    said = {h: f"  {h.swapcase()}\u00a0 " for h in headings}
    la.drop("2026/q.csv" if table in SSDA903 else "2025Q2/q.csv",
            [{said[h]: row[h] for h in headings} for row in rows])  # fmt: skip
    la.receive()
    entry = la.entry(la.entries()[0].path)
    assert (entry.status, entry.reason) == ("accepted", "")
    assert (entry.table_name, entry.rows_read, entry.missing_columns) == (table.name, 3, "")
    child = table.field(table.child)
    assert [row[0] for row in la.raw(table.name, f'"{child.name}"')] == ["A1", "A2", "A3"]


@pytest.mark.parametrize("table", SSDA903, ids=lambda t: t.name)
def test_every_accepted_file_name(la, table):
    for name in table.file_names:
        la.drop(f"2026/SSDA903_{name.upper()}_2026.csv", [a_row(table)])
    la.receive()
    assert {e.table_name for e in la.entries()} == {table.name}


@pytest.mark.parametrize("table", SHEETS, ids=lambda t: t.name)
@pytest.mark.parametrize("first_row", [5, 6])
def test_the_official_layout(la, table, first_row):
    """Sections above the headings, descriptions and an example below, drop-downs beside."""
    row = {f.name: v for f, v in zip(table.fields, a_row(table).values(), strict=True)}
    path = la.place("2025Q2/return.xlsx")
    write_workbook(path, table, [row], first_row=first_row)
    la.receive()
    entry = la.entry("2025Q2/return.xlsx")
    assert (entry.table_name, entry.status) == (table.name, "accepted")
    assert (entry.rows_read, entry.template_rows, entry.note) == (1, 2, "")
    assert la.raw(table.name, "sheet, row_number") == [("Data Collection", first_row)]


def test_a_blank_template_holds_no_rows(la):
    write_workbook(la.place("2025Q2/blank.xlsx"), TABLES["nps_2026_06"])
    la.receive()
    entry = la.entry("2025Q2/blank.xlsx")
    assert (entry.reason_code, entry.rows_read) == ("no_rows", 0)


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("National-Placement-Standard-Excel-20260427.xlsx", "nps_2026_04"),
        ("National-Placement-Standard-Excel-20260624.xlsx", "nps_2026_06"),
    ],
)
def test_the_published_spreadsheets_filled_in(la, shared, file, table):
    book = load_workbook(shared / "data" / "placements" / file)
    sheet = book["Data Collection"]
    row = a_row(TABLES[table])
    for cell, value in zip(sheet[5], row.values(), strict=False):
        cell.value = value
    book.save(la.place(f"2025Q2/{file}"))
    la.receive()
    entry = la.entry(f"2025Q2/{file}")
    assert (entry.table_name, entry.status) == (table, "accepted")
    assert (entry.rows_read, entry.template_rows) == (1, 2)
    assert la.raw(table, "row_number, child_id") == [(5, "A1")]


def test_long_ids_in_the_first_rows_are_no_descriptions(la):
    table = TABLES["nps_2026_06"]
    rows = [a_row(table) | {"child_ID": f"{n:064x}"} for n in range(3)]
    la.drop("2025Q2/hashed.csv", rows)
    la.receive()
    assert la.entry("2025Q2/hashed.csv").rows_read == 3


def test_rows_are_not_taken_for_the_templates_further_down(la):
    table = TABLES["nps_2026_06"]
    last = {table.field(n).header: text for n, text in table.template_example.items()}
    la.drop("2025Q2/late.csv", [a_row(table, n) for n in range(1, 6)] + [a_row(table) | last])
    la.receive()
    assert la.entry("2025Q2/late.csv").rows_read == 6


def test_blank_rows_and_columns_before_the_table(la):
    table = TABLES["reviews"]
    rows = [[None, None, *row] for row in grid(table)]
    la.drop("2026/reviews.xlsx", workbook({"Sheet1": [[], ["Extract of May"], [], *rows]}))
    la.receive()
    assert la.entry("2026/reviews.xlsx").rows_read == 2
    assert la.raw("reviews", "row_number, child") == [(5, "A1"), (6, "A2")]


def test_two_sheets_of_one_return_are_one_submission(la):
    table = TABLES["reviews"]
    head, first, second = grid(table)
    la.drop("2026/r.xlsx", workbook({"May": [head, first], "June": [head, second]}))
    la.receive()
    assert la.entry("2026/r.xlsx").rows_read == 2
    assert la.raw("reviews", "sheet, child") == [("June", "A2"), ("May", "A1")]


def test_two_returns_in_one_workbook_are_two_submissions(la):
    sheets = {t.header_name: grid(t) for t in (TABLES["reviews"], TABLES["episodes"])}
    la.drop("2026/all.xlsx", workbook(sheets))
    la.receive()
    assert {e.table_name: e.rows_read for e in la.entries()} == {"reviews": 2, "episodes": 2}


def test_a_sheet_that_is_no_return_is_stopped_and_the_return_beside_it_kept(la):
    sheets = {"Reviews": grid(TABLES["reviews"]), "Rota": [["Mon", "Tue", "Wed"], ["x", "y", "z"]]}
    la.drop("2026/r.xlsx", workbook(sheets))
    la.receive()
    assert la.entry("2026/r.xlsx", "reviews").status == "accepted"
    stopped = la.entry("2026/r.xlsx", "")
    assert (stopped.reason_code, stopped.rows_read, stopped.rows_quarantined) == (
        "not_recognised",
        2,
        2,
    )
    assert "Rota" in stopped.note


def test_a_hidden_sheet_is_put_aside_with_its_rows_and_named(la, tmp_path):
    table = TABLES["reviews"]
    file = la.drop("2026/r.xlsx", workbook({"Reviews": grid(table), "Old": grid(table, 5)}))
    book = load_workbook(file)
    book["Old"].sheet_state = "hidden"
    book.save(file)
    la.receive()
    seen, unseen = sorted(la.entries(), key=lambda e: e.status)
    assert (seen.status, seen.rows_read) == ("accepted", 2)
    assert (unseen.reason_code, unseen.rows_quarantined) == ("hidden_sheet", 6)  # its header, too
    assert "Old" in unseen.note
    book["Reviews"].title = "Lists"  # not read either: it is one of the template's own
    book.save(file)
    la.touch("2026/r.xlsx")
    la.receive()
    assert la.entries()[-1].rows_read == 5


def test_columns_outside_the_standard_are_kept_aside(la):
    table = TABLES["reviews"]
    rows = [a_row(table, n) | {"It's new": f"kept {n}", "": "no heading"} for n in (1, 2)]
    la.drop("2026/reviews.csv", rows)
    la.receive()
    assert "2" in la.entry("2026/reviews.csv").note
    found = [json.loads(row[0]) for row in la.raw("reviews", "extra")]
    width = len(table.fields)
    assert found == [{"It's new": f"kept {n}", f"column {width + 2}": "no heading"} for n in (1, 2)]


def test_a_column_that_stands_twice_is_read_once_and_kept_aside(la):
    head, *rows = grid(TABLES["reviews"])
    doubled = [[*head, head[0]], *([*row, "other"] for row in rows)]
    la.drop("2026/reviews.csv", "\n".join(",".join(row) for row in doubled))
    la.receive()
    assert la.raw("reviews", "child") == [("A1",), ("A2",)]
    assert la.raw("reviews", "extra ->> '$.CHILD'") == [("other",), ("other",)]


def test_one_comma_too_many_loses_no_cell(la):
    text = csv_bytes([a_row(TABLES["reviews"], n) for n in (1, 2)]).decode().splitlines()
    la.drop("2026/reviews.csv", f"{text[0]}\n{text[1]},\n{text[2]},one more\n")
    la.receive()
    entry = la.entry("2026/reviews.csv")
    assert (entry.status, entry.rows_read) == ("accepted", 2)
    assert "kept aside: 1" in entry.note
    assert "one more" in la.raw("reviews", "extra")[1][0]


def test_missing_columns_are_named(la):
    table = TABLES["episodes"]
    rows = [{h: v for h, v in a_row(table).items() if h not in ("RNE", "URN")}]
    la.drop("2026/episodes.csv", rows)
    la.receive()
    assert la.entry("2026/episodes.csv").missing_columns == "rne,urn"


@pytest.mark.parametrize("table", [*SHEETS, *SSDA903], ids=lambda t: t.name)
def test_without_a_key_column_the_file_is_stopped_whole(la, table):
    lacking = {table.field(k).header for k in table.key_required[:1]}
    rows = [{h: v for h, v in a_row(table, n).items() if h not in lacking} for n in (1, 2)]
    la.drop(f"2026/{table.name}.csv", rows)
    la.receive()
    entry = la.entry(f"2026/{table.name}.csv")
    assert entry.reason_code == "key_column_missing"
    assert all(h in entry.reason for h in lacking)
    assert (entry.status, entry.rows_read, entry.rows_quarantined) == ("quarantined", 2, 2)
    assert list(la.zone.glob(f"quarantine/*/{table.name}.csv"))
    assert not list(la.zone.glob("raw/**/*.parquet"))


def test_what_fits_several_returns_is_not_guessed(la):
    shared = [{"CHILD": "A1", "DOB": "01/02/2012", "SEX": "M", "DUC": ""}]
    la.drop("2026/uasc.csv", shared)
    few = [{"CHILD": "A1", "DOB": "01/02/2012"}]
    la.drop("2026/something.csv", few)
    la.receive()
    assert la.entry("2026/uasc.csv").table_name == "uasc"
    stopped = la.entry("2026/something.csv")
    assert stopped.reason_code == "ambiguous"
    assert "reviews, uasc" in stopped.reason
    assert stopped.rows_quarantined == stopped.rows_read == 2


@pytest.mark.parametrize(
    ("path", "year"),
    [
        ("ssda903/2026/header.csv", 2026), ("2024-25/header.csv", 2025),
        ("2024_25/x.csv", 2025), ("2024-2025/x.csv", 2025), ("202425/x.csv", 2025),
        ("header 2023.csv", 2023), ("2024/header_2025.csv", 2025), ("SSDA903/header.csv", None),
        ("20250401/header.csv", None), ("2024-03-31/x.csv", 2024), ("x.csv", None),
    ],
)  # fmt: skip
def test_the_year_that_a_place_names(path, year):
    assert place_year(path) == year


@pytest.mark.parametrize(
    ("path", "quarter"),
    [
        ("placements/2025Q4/x.xlsx", "2025Q4"), ("2025-q4/x.xlsx", "2025Q4"),
        ("x Q4 2025.xlsx", "2025Q4"), ("q4_2025_v2.xlsx", "2025Q4"),
        ("2025Q1/x_2025Q2.xlsx", "2025Q2"),
        ("Q3 2025-26/x.xlsx", None), ("2025Q5/x.xlsx", None), ("2025/x.xlsx", None),
    ],
)  # fmt: skip
def test_the_quarter_that_a_place_names(path, quarter):
    assert place_quarter(path) == quarter


def episodes(*starts: str) -> list[dict[str, str]]:
    return [
        a_row(TABLES["episodes"], n) | {"DECOM": start, "DEC": ""}
        for n, start in enumerate(starts, start=1)
    ]


def test_the_year_of_the_dates_goes_before_that_of_the_place(la: La):
    la.drop("2026/episodes.csv", episodes("01/04/2023", "31/03/2025", "01/05/2024"))
    la.drop("2025/reviews.csv", [a_row(TABLES["reviews"]) | {"REVIEW": "31/03/2025"}])
    la.receive()
    wrong = la.entry("2026/episodes.csv")
    assert (wrong.period, wrong.period_source) == ("2025", "content")
    assert wrong.note == "Named 2026, but the dates are of collection year 2025: read as 2025."
    right = la.entry("2025/reviews.csv")
    assert (right.period, right.note) == ("2025", "")


def test_future_and_stray_dates_tell_no_year(la):
    starts = ["01/05/2024"] * 98 + ["01/05/2025", "01/05/2027"]
    la.drop("episodes.csv", episodes(*starts))
    la.receive()
    assert la.entry("episodes.csv").period == "2025"


def test_the_year_of_undated_tables_is_told_by_the_episodes_beside_them(la):
    la.drop("delivery/header.csv", [a_row(TABLES["header"])])
    la.drop("delivery/reviews.csv", [a_row(TABLES["reviews"]) | {"REVIEW": "01/05/2022"}])
    la.drop("delivery/episodes.csv", episodes("01/05/2024"))
    la.drop("2024/header.csv", [a_row(TABLES["header"])])
    la.drop("other/header.csv", [a_row(TABLES["header"])])
    la.receive()
    told = {e.path: (e.period, e.period_source) for e in la.entries()}
    assert told["delivery/header.csv"] == ("2025", "siblings")
    assert told["delivery/reviews.csv"][0] == "2025"
    assert told["2024/header.csv"] == ("2024", "place")
    assert la.entry("other/header.csv").reason_code == "period_unknown"


def test_episodes_of_another_year_in_the_same_folder_keep_their_own(la):
    la.drop("ssda903/episodes.csv", episodes("01/05/2025"))
    la.drop("ssda903/older.csv", episodes("01/05/2022"))
    la.receive()
    la.drop("ssda903/corrected.csv", episodes("01/05/2023"))
    la.receive()
    assert [e.period for e in la.entries()] == ["2026", "2023", "2024"]


def test_a_table_that_its_year_did_not_have(la):
    row = a_row(TABLES["sw_episodes"]) | {"SW_DECOM": "01/05/2021", "SW_DEC": ""}
    la.drop("2022/sw_episodes.csv", [row])
    la.receive()
    assert la.entry("2022/sw_episodes.csv").reason_code == "table_of_other_year"


def searches(*placed: str) -> list[dict[str, str]]:
    table = TABLES["nps_2026_06"]
    header = table.field("date_entry_placement").header
    return [a_row(table, n) | {header: day} for n, day in enumerate(placed, start=1)]


def test_the_quarter_is_that_of_most_placements(la):
    la.drop("2025Q3/a.csv", searches("01/10/2025", "31/12/2025", "01/07/2025"))
    la.drop("2025Q1/b.csv", searches("01/01/2025", "01/04/2025", "01/07/2025"))
    la.drop("c.csv", searches("01/01/2025", "01/04/2025", "01/07/2025"))
    la.receive()
    told = la.entry("2025Q3/a.csv")
    assert (told.period, told.period_source) == ("2025Q4", "content")
    assert told.note == "Named 2025Q3, but most placements are of 2025Q4: read as 2025Q4."
    place = la.entry("2025Q1/b.csv")
    assert (place.period, place.period_source, place.note) == ("2025Q1", "place", "")
    unknown = la.entry("c.csv")
    assert unknown.reason_code == "period_unknown"
    assert "2025Q1" in unknown.reason
