"""Whatever it is called and however it is laid out, a return is known by its content."""

import csv
import io
import json

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.intake.headings import bare, spellings
from pipeline.intake.manifest import Entry
from pipeline.intake.place import named_authority, named_tables, place_quarter, place_year
from pipeline.region import Authority
from pipeline.standards.load import Table, load_standards
from pipeline.standards.template import write_workbook
from tests.authority import La, csv_bytes

TABLES = load_standards()
SSDA903 = [t for t in TABLES.values() if t.dataset == "ssda903"]
SHEETS = [TABLES[n] for n in ("rcc_v2", "nps_2026_04", "nps_2026_06")]


def year_of(table: Table) -> int:
    """A collection year that has the table."""
    return max(2026, table.from_year or 0)


def a_row(table: Table, number: int = 1) -> dict[str, str]:
    """A row by header, each field with a text; ids differ by number."""
    values = {
        "date": f"{number:02}/05/{year_of(table) - 1}",
        "id": f"A{number}",
        "integer": "1",
        "money": "900",
    }
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
    la.drop(f"{year_of(table)}/q.csv" if table in SSDA903 else "2025Q2/q.csv",
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
        la.drop(f"{year_of(table)}/SSDA903_{name.upper()}_2026.csv", [a_row(table)])
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
    doubled = [[*head, head[3]], *([*row, "other"] for row in rows)]
    la.drop("2026/reviews.csv", "\n".join(",".join(row) for row in doubled))
    la.receive()
    assert la.raw("reviews", "review_code") == [("x",), ("x",)]
    assert la.raw("reviews", "extra ->> '$.REVIEW_CODE'") == [("other",), ("other",)]


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
        ("2024 to 2025/x.csv", 2025), ("903-2024-25/x.csv", 2025), ("FY2025/x.csv", 2025),
        ("FY2024-25/x.csv", 2025), ("FY24-25/x.csv", 2025), ("FY25/x.csv", 2025),
        ("header 2023.csv", 2023), ("2024/header_2025.csv", 2025), ("SSDA903_2024.csv", 2024),
        ("episodes2024.csv", 2024), ("SWEpisodes2024.csv", 2024), ("2024v2.csv", 2024),
        ("2024final.csv", 2024), ("SSDA903/header.csv", None), ("x.csv", None),
        # A number glued to a word that we do not know, or to other digits, is no year.
        ("a2019-x/header.csv", None), ("Hernandez2019.csv", None), ("v2024.csv", None),
        ("2024a.csv", None), ("2026/a2019-x/header.csv", 2026), ("9032024.csv", None),
        # A date tells when a file was made; the last day of a collection year names it.
        ("20240401/header.csv", None), ("2024-04-01/x.csv", None), ("01.04.2024/x.csv", None),
        ("x 1 April 2024.csv", None), ("2024-12/x.csv", None), ("header may 2025.csv", None),
        ("2026/header_20240401.csv", 2026), ("episodes_2024-25_20250612.csv", 2025),
        ("2024-03-31/x.csv", 2024), ("20240331/x.csv", 2024), ("31 March 2024/x.csv", 2024),
        # Neither does a quarter, nor one of several years.
        ("2025Q4/x.csv", None), ("2024 and 2026.csv", None),
    ],
)  # fmt: skip
def test_the_year_that_a_place_names(path, year):
    assert place_year(path) == year


@pytest.mark.parametrize(
    ("path", "quarter"),
    [
        ("placements/2025Q4/x.xlsx", "2025Q4"), ("2025-q4/x.xlsx", "2025Q4"),
        ("x Q4 2025.xlsx", "2025Q4"), ("q4_2025_v2.xlsx", "2025Q4"), ("Qtr 4 2025", "2025Q4"),
        ("2025Q1/x_2025Q2.xlsx", "2025Q2"), ("placements2025Q4.csv", "2025Q4"),
        ("2025Q5/x.xlsx", None), ("2025/x.xlsx", None), ("2025Q12/x.xlsx", None),
        # A quarter of a financial year is another one.
        ("Q3 2025-26/x.xlsx", None), ("2025-26 Q3/x.xlsx", None), ("2025-2026 Q3.xlsx", None),
        ("FY25 Q3/x.xlsx", None), ("FY Q3 2025.xlsx", None), ("2025Q4/Q3 2025-26.csv", "2025Q4"),
        ("a2025Q4/x.xlsx", None), ("2025Q4a/x.xlsx", None), ("2025Q4 and 2026Q1.xlsx", None),
    ],
)  # fmt: skip
def test_the_quarter_that_a_place_names(path, quarter):
    assert place_quarter(path) == quarter


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("SSDA903_SWEPISODES_2026.csv", {"sw_episodes"}), ("CLAEpisodes.csv", {"episodes"}),
        ("missing/episodes2024.csv", {"episodes"}),
        ("Placed for adoption.csv", {"placed_adoption"}),
        ("header and reviews.csv", {"header", "reviews"}), ("AD1_2026.csv", {"ad1"}),
        ("upload1/preview.csv", set()), ("2026/AD12.csv", set()),
    ],
)  # fmt: skip
def test_the_tables_that_a_place_names(path, names):
    assert named_tables(path, TABLES.values()) == names


REGION = (
    Authority("E06000066", "Somerset", "somerset", ("Somerset Council",)),
    Authority("E10000008", "Devon", "devon"),
    Authority("E06000022", "Bath and North East Somerset", "banes"),
)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Devon_episodes_2026.csv", "Devon"), ("DevonEpisodes.csv", "Devon"),
        ("2026/devon/episodes.csv", "Devon"), ("903 E10000008.csv", "Devon"),
        ("devon2026.csv", "Devon"), ("Devon-2025Q4-final.xlsx", "Devon"),
        ("Devon County Council return.csv", "Devon"), ("BANES header.csv", REGION[2].name),
        ("Bath & North East Somerset episodes.csv", REGION[2].name),
        ("Somerset children's services return.csv", "Somerset"),
        # Other places and people of that name, and two authorities.
        ("North Devon.csv", None), ("North Somerset 2026.csv", None), ("Devonshire.csv", None),
        ("Devon Lodge placements.csv", None), ("placed in Devon.csv", None),
        ("Devon Hernandez.csv", None), ("somerset/devon/episodes.csv", None),
        ("xE100000081.csv", None), ("episodes.csv", None),
    ],
)  # fmt: skip
def test_the_authority_that_a_place_clearly_names(path, name):
    found = named_authority(path, REGION)
    assert (found and found.name) == name


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


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_no_spelling_means_two_fields(table):
    meant: dict[str, set[str]] = {}
    for field in table.fields:
        for spelling in (field.header, *field.also):
            meant.setdefault(bare(spelling), set()).add(field.name)
    assert [s for s, names in meant.items() if len(names) > 1] == []
    assert {s: {n} for s, n in spellings(table).items() if s in meant} == meant


def test_other_spellings_of_every_heading(la):
    written = {}
    for table in TABLES.values():
        headings = [f"*{(f.header, *f.also)[-1]}\n(mandatory) " for f in table.fields]
        place = "2026" if table in SSDA903 else "2025Q2"
        written[f"{place}/{table.name}.xlsx"] = table
        la.drop(f"{place}/{table.name}.xlsx", workbook({"S": [headings, *grid(table)[1:]]}))
    la.receive()
    for path, table in written.items():
        entry = la.entry(path)
        assert (entry.table_name, entry.missing_columns, entry.note) == (table.name, "", "")


E, R, H = TABLES["episodes"], TABLES["reviews"], TABLES["header"]
TOP, *ROWS = grid(E, 4)
# More headings than rows may have: what is merged stands in the first cell only.
RISKS = [f.header.partition(": ") for f in TABLES["rcc_v2"].fields]
ABOVE = [
    risk if tail and (n == 0 or RISKS[n - 1][0] != risk) else ""
    for n, (risk, _, tail) in enumerate(RISKS)
]
BELOW = [tail or risk for risk, _, tail in RISKS]


def without(heading: str, instead: str) -> list[str]:
    return [instead if h == heading else h for h in TOP]


# What the sheet is, then: rows, table, reason code, rows read, rows that are none.
ODD = {
    "headings in row 7": (
        [["A report"], [], ["by", "me"], [], [], [], TOP, *ROWS],
        "episodes",
        "",
        4,
        0,
    ),
    "headings in row 30": ([["a line"]] * 29 + [TOP, *ROWS], "episodes", "", 4, 0),
    "no headings": (ROWS, "", "not_recognised", 4, 0),
    "a name for a heading": ([[*TOP, "Jane Hernandez"], *ROWS], "episodes", "", 4, 0),
    "a name among no headings": (
        [["A1", "Jane Hernandez", "x"], *ROWS],
        "",
        "not_recognised",
        5,
        0,
    ),
    "headings again": ([TOP, *ROWS[:2], TOP, *ROWS[2:]], "episodes", "", 4, 1),
    "better headings later": (
        [without("CIN", "?"), *ROWS[:2], TOP, *ROWS[2:]],
        "episodes",
        "",
        4,
        1,
    ),
    "on its side": ([list(c) for c in zip(TOP, *ROWS, strict=True)], "", "on_its_side", 13, 0),
    "a total": ([TOP, *ROWS, ["Total", "4", "4"]], "episodes", "", 4, 1),
    "a total beside": (
        [["", *TOP], *[["", *r] for r in ROWS], ["Grand total:"]],
        "episodes",
        "",
        4,
        1,
    ),
    "lines of a database": (
        [TOP, ["----"] * 13, *ROWS, [], ["(4 rows affected)"]],
        "episodes",
        "",
        4,
        2,
    ),
    "the end of a report": ([TOP, *ROWS, ["*** End of report ***"]], "episodes", "", 4, 1),
    "blank columns before": ([["", "", *r] for r in (TOP, *ROWS)], "episodes", "", 4, 0),
    "another table below": ([TOP, *ROWS, [], *grid(R)], "", "several_tables", 8, 0),
    "another order below": (
        [TOP, *ROWS, TOP[::-1], *[r[::-1] for r in ROWS]],
        "",
        "several_tables",
        10,
        0,
    ),
    "another table beside": (
        [[*a, "", *b] for a, b in zip(grid(E), grid(R), strict=True)],
        "",
        "several_tables",
        3,
        0,
    ),
    "two small tables": (
        [[*a, *b] for a, b in zip(grid(R), grid(TABLES["uasc"]), strict=True)],
        "",
        "ambiguous",
        3,
        0,
    ),
    "one cell": ([[", ".join(r)] for r in (TOP, *ROWS)], "", "one_column", 5, 0),
    "one cell with spaces": ([["  ".join(r)] for r in (TOP, *ROWS)], "", "one_column", 5, 0),
    "headings in two rows": (
        [[h.partition("_")[0] for h in TOP], [h.partition("_")[2] for h in TOP], *ROWS],
        "episodes",
        "",
        4,
        0,
    ),
    "headings merged": ([ABOVE, BELOW, list(a_row(TABLES["rcc_v2"]).values())], "rcc_v2", "", 1, 0),
    "some headings merged down": (
        [[*TOP[:2], "Episode"], ["", "", *TOP[2:]], *ROWS],
        "episodes",
        "",
        4,
        0,
    ),
    "many columns of their own": (
        [[*TOP, *[f"Ours {n}" for n in range(30)]], *ROWS],
        "episodes",
        "",
        4,
        0,
    ),
    "whole, with another whole": (
        [[*TOP, *[f.header for f in H.fields[1:]], *"abcdefghijkl"], *ROWS],
        "",
        "ambiguous",
        5,
        0,
    ),
    "numbers and remarks": (
        [
            [f"{n}. {h} (dd/mm/yyyy)" if n % 2 else f"*{h}: required" for n, h in enumerate(TOP)],
            *ROWS,
        ],
        "episodes",
        "",
        4,
        0,
    ),
    "child, sex and birth": (
        [["CHILD", "SEX", "DOB"], ["A1", "M", "01/02/2012"]],
        "",
        "ambiguous",
        2,
        0,
    ),
    "ids without digits": ([TOP, *[["ANNA", *r[1:]] for r in ROWS]], "episodes", "", 4, 0),
    "a child named Total": (
        [TOP, ["Totally", *ROWS[0][1:]], ["TOTAL 1", *ROWS[1][1:]]],
        "episodes",
        "",
        2,
        0,
    ),
    "a remark under the headings": ([TOP, *ROWS, ["total lost"]], "episodes", "", 4, 1),
    "code that is a heading": (
        [TOP, *[[*r[:9], "CHILD", *r[10:]] for r in ROWS]],
        "episodes",
        "",
        4,
        0,
    ),
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Entry]:
    """What became of each odd sheet, all received in one look."""
    la = La(tmp_path_factory.mktemp("odd"))
    for number, (rows, *_) in enumerate(ODD.values()):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        la.drop(f"2026/{number}/x.csv", text.getvalue())
    la.drop("2026/spare/header.csv", "CHILD,SEX,DOB\nA1,M,01/02/2012\n")
    la.receive()
    found = {n: la.entry(f"2026/{number}/x.csv") for number, n in enumerate(ODD)}
    return found | {"header.csv": la.entry("2026/spare/header.csv")}


@pytest.mark.parametrize("name", ODD)
def test_odd_sheets(odd, name):
    _, table, reason_code, rows, no_rows = ODD[name]
    entry = odd[name]
    assert (entry.table_name, entry.reason_code) == (table, reason_code)
    assert (entry.rows_read, entry.template_rows) == (rows, no_rows)
    # What is not checked yet is not in use.
    assert (entry.rows_kept, entry.rows_quarantined) == (0, rows)
    assert entry.status == ("quarantined" if reason_code else "accepted")
    assert ("not counted as rows" in entry.note) is bool(no_rows)
    # What stands in the place of a heading may be a name.
    assert "Hernandez" not in entry.note + entry.reason + entry.how_to_fix


def test_a_name_decides_where_the_columns_do_not(odd):
    assert odd["child, sex and birth"].reason.endswith("equally well: header, uasc.")
    assert (odd["header.csv"].table_name, odd["header.csv"].rows_read) == ("header", 1)


def test_a_table_above_the_one_that_the_file_is_named_for_is_not_passed_over(la):
    text = io.StringIO()
    csv.writer(text).writerows([TOP, *ROWS, *grid(R)])
    la.drop("2026/reviews.csv", text.getvalue())
    la.receive()
    entry = la.entry("2026/reviews.csv")
    assert (entry.status, entry.reason_code) == ("quarantined", "several_tables")


def test_what_comes_nearest_is_said(la):
    la.drop("2026/x.csv", "CHILD,DECOM,RNE,a,b,c,d,e\nA1,01/05/2025,S,,,,,\n")
    la.receive()
    entry = la.entry("2026/x.csv")
    assert entry.reason_code == "not_recognised"
    assert entry.reason.endswith("Row 1 comes nearest: 3 of the 13 headings of Episodes.")


def test_a_heading_that_is_almost_one_is_not_read_but_named(la):
    for path, wrong, right in (
        ("2026/a.csv", "REASNO_PLACE_CHNGE", "REASON_PLACE_CHANGE"),
        ("2026/b.csv", "DEOCM", "DECOM"),
    ):
        la.drop(path, "\n".join(",".join(r) for r in (without(right, wrong), *ROWS)))
    la.receive()
    entry = la.entry("2026/a.csv")
    assert "column J is almost “REASON_PLACE_CHANGE”" in entry.note
    assert entry.missing_columns == "reason_place_change"
    assert "REASNO" not in entry.note
    assert la.raw("episodes", "extra ->> '$.REASNO_PLACE_CHNGE'")[0] == ("x",)
    stopped = la.entry("2026/b.csv")
    assert stopped.reason_code == "key_column_missing"
    assert "almost “DECOM”" in stopped.note


def test_of_two_columns_of_one_heading_one_is_read_and_the_other_kept(la):
    def drop(path, head, *rows):
        la.drop(path, "\n".join(",".join(r) for r in (head, *rows)))

    drop("2026/same.csv", [*TOP, "DECOM"], *[[*r, r[1]] for r in ROWS])
    drop("2026/unlike.csv", [*TOP, "RNE", "rne"], *[[*r, "other", "x"] for r in ROWS])
    drop("2026/one.csv", [*TOP, "RNE"], [*ROWS[0], "other"], *[[*r, r[2]] for r in ROWS[1:]])
    drop("2026/blank.csv", ["CHILD", *TOP], *[["", *r] for r in ROWS])
    drop("2026/also.csv", ["Reason for new episode", *TOP], *[["other", *r] for r in ROWS])
    la.receive()
    assert "twice" not in la.entry("2026/same.csv").note
    assert "“RNE” stands twice, and the two differ in 4 rows: column C was read, column N" in (
        la.entry("2026/unlike.csv").note
    )
    assert "the two differ in 1 row: column C was read" in la.entry("2026/one.csv").note
    assert "“CHILD” stands twice; the one that is filled in was read" in (
        la.entry("2026/blank.csv").note
    )
    first = {row[0]: row[1:] for row in la.raw("episodes", "file, child, rne, extra")[::-1]}
    assert first["2026/same.csv"][:2] == first["2026/blank.csv"][:2] == ("A1", ROWS[0][2])
    # The standard's own heading goes before another spelling, wherever it stands.
    assert first["2026/also.csv"][1] == ROWS[0][2]
    # Two that stand beside it are kept apart.
    kept = json.loads(first["2026/unlike.csv"][2])
    assert kept == {"RNE": "other", "RNE (column O)": "x"}


@pytest.mark.parametrize(
    ("heading", "second", "means"),
    [("CHILD", "B9", "CHILD"), ("Child ID", "B9", "CHILD"), ("decom", "01/01/2020", "DECOM")],
)
def test_two_columns_that_tell_rows_apart_and_differ_are_never_guessed(la, heading, second, means):
    rows = [[*ROWS[0], second], *[[*r, r[TOP.index(means)]] for r in ROWS[1:]]]
    la.drop("2026/x.csv", "\n".join(",".join(r) for r in ([*TOP, heading], *rows)))
    la.receive()
    entry = la.entry("2026/x.csv")
    assert (entry.reason_code, entry.rows_kept) == ("repeated_heading", 0)
    assert f"“{means}”, which tells the rows apart, stands twice" in entry.reason
    assert entry.reason.endswith("differ in 1 row.")


def test_what_the_template_says_of_a_column_does_not_fill_it(la):
    """The description under a heading is not an answer: the blank copy of a column is not read."""
    table = TABLES["nps_2026_06"]
    cost = next(i for i, f in enumerate(table.fields) if f.name == "cost_total_weekly")
    path = la.place("2025Q2/return.xlsx")
    row = {f.name: v for f, v in zip(table.fields, a_row(table).values(), strict=True)}
    write_workbook(path, table, [row], first_row=5)
    book = load_workbook(path)
    sheet = book["Data Collection"]
    other = next(c for c in sheet[2] if c.value == "cost_other_weekly")
    other.value = table.fields[cost].header
    sheet.cell(5, other.column).value = None
    sheet.cell(5, cost + 1).value = 900
    book.save(path)
    la.receive()
    entry = la.entry("2025Q2/return.xlsx")
    assert "“cost_total_weekly” stands twice; the one that is filled in was read" in entry.note
    assert la.raw("nps_2026_06", "cost_total_weekly") == [("900",)]


def test_of_many_headings_that_are_almost_one_three_are_named(la):
    names = [f"REASNO_PLACE_CHNGE{n}" for n in range(9)]
    head = [*without("REASON_PLACE_CHANGE", "x"), *names]
    rows = [[*r, *"abcdefghi"] for r in ROWS]
    la.drop("2026/x.csv", "\n".join(",".join(r) for r in (head, *rows)))
    la.receive()
    note = la.entry("2026/x.csv").note
    assert note.count("is almost “REASON_PLACE_CHANGE”") == 3
    assert "and 6 more." in note
    assert len(note) < 300


def test_which_version_of_the_standard_a_file_is_of(la):
    """The versions differ in one column: where it is not there, nothing else is missing by it."""
    old, new = TABLES["nps_2026_04"], TABLES["nps_2026_06"]
    for name, table, lacking in (
        ("04", old, ["dol"]),
        ("06", new, ["dol", "cultural_needs"]),
        ("typo", old, ["risk_to_others_other"]),
    ):
        row = {h: v for h, v in a_row(table).items() if h not in lacking}
        if name == "typo":
            row |= {"risk_to_others_othr": "x"}
        la.drop(f"2025Q2/{name}.csv", [row])
    la.receive()
    told = {e.path[7:]: (e.table_name, e.missing_columns) for e in la.entries()}
    assert told["04.csv"] == ("nps_2026_04", "dol")
    assert told["06.csv"] == ("nps_2026_06", "cultural_needs,dol")
    # Without that column it is the version that has not got it; what was meant is said.
    assert told["typo.csv"] == ("nps_2026_06", "")
    assert "almost “risk_to_others_other”" in la.entry("2025Q2/typo.csv").note


def test_tables_on_sheets_whose_names_tell_nothing(la):
    of_2026 = [t for t in SSDA903 if year_of(t) == 2026]
    sheets = {f"Sheet{n}": grid(t) for n, t in enumerate(of_2026, start=1)}
    la.drop("2026/everything.xlsx", workbook(sheets))
    la.receive()
    assert {e.table_name for e in la.entries()} == {t.name for t in of_2026}
    assert {(e.status, e.rows_read) for e in la.entries()} == {("accepted", 2)}


def test_the_name_of_a_sheet_decides_where_the_columns_do_not(la):
    few = [["CHILD", "SEX", "DOB"], ["A1", "M", "01/02/2012"]]
    la.drop("2026/all.xlsx", workbook({"Header": few, "UASC": few}))
    la.receive()
    assert {e.table_name: e.rows_read for e in la.entries()} == {"header": 1, "uasc": 1}
