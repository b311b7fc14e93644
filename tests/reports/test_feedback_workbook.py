"""The feedback workbook: what is on its sheets, that it opens, and that nothing in it can run."""

import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from pipeline.alarms import Alarm
from pipeline.region import Authority
from pipeline.reports import feedback
from pipeline.reports.feedback import About, write_feedback
from pipeline.reports.sheets import LONGEST_CELL, new_cell, new_sheet, plain, put
from pipeline.standards.load import load_standards
from pipeline.standards.template import COVER_SHEET, DATA_SHEET, OPTIONS_SHEET, write_workbook
from tests.authority import La

NOW = datetime(2026, 11, 22, 14, 5)
FORMULAS = (
    '=HYPERLINK("http://example.org","x")',
    "=cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "@SUM(1)",
    "\uff1d1+1",
)
LATE = Alarm(
    "E06000066", "late", "placements", "", "2026Q3", "The return is late.", "Send it soon."
)


def review(child: str, born: str = "01/02/2012", code: str = "PN1", year: int = 2024) -> dict:
    return {"CHILD": child, "DOB": born, "REVIEW": f"01/05/{year}", "REVIEW_CODE": code}


def about(la: La, *alarms: Alarm, is_synthetic: bool = False) -> About:
    authority = Authority(la.code, "Somerset & Avon", "somerset")
    folder = la.root / "reports" / la.code
    folder.mkdir(parents=True, exist_ok=True)
    return About(folder, la.zone, authority, is_synthetic, tuple(la.entries()), alarms)


def send(la: La) -> None:
    la.receive()
    la.check()


def written(of: About) -> Workbook:
    write_feedback(of, NOW)
    return load_workbook(of.workbook)


def lines(book: Workbook, sheet: str) -> list[dict]:
    """The lines of a table by the words of its headings."""
    headings, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def words(book: Workbook, sheet: str = "Summary") -> list[str]:
    rows = book[sheet].iter_rows(values_only=True)
    return [cell for row in rows for cell in row if isinstance(cell, str)]


def return_row(child: str, day: str) -> dict[str, str]:
    return {
        "child_id": child,
        "referral_form_date": day,
        "placement_form_date": day,
        "pets": "Newts",
    }


@pytest.fixture(scope="module")
def la(tmp_path_factory: pytest.TempPathFactory) -> La:
    """Two years of SSDA903, a corrected one, a placement return, a letter and an odd table."""
    la = La(tmp_path_factory.mktemp("home"))
    bad = [review(f"A{n}", code="ZZ") for n in range(4)]
    la.drop("ssda903/2025/reviews.csv", [*bad, review("A9", born="31/02/2012"), review("")])
    send(la)
    la.drop("ssda903/2026/reviews.csv", [review(f"A{n}", year=2025) for n in range(6)])
    la.drop("letter.docx", b"Dear hub")
    la.drop("2025/nothing.csv", b"")
    rcc = load_standards()["rcc_v2"]
    write_workbook(la.place("placements/2026Q3/a.xlsx"), rcc, [return_row("P1", "05/07/2026")])
    la.touch("placements/2026Q3/a.xlsx")
    send(la)
    la.drop("ssda903/2026/late.csv", [review("A0", code="ZZ", year=2025)])
    send(la)
    return la


@pytest.fixture(scope="module")
def book(la: La) -> Workbook:
    return written(about(la, LATE))


def test_its_sheets_are_summary_problems_rows_the_template_and_the_columns_of_ssda903(book):
    template = [COVER_SHEET, DATA_SHEET, OPTIONS_SHEET]
    assert book.sheetnames == ["Summary", "Problems", "Rows", *template, "SSDA903 2026"]


def test_problems_stand_in_the_order_of_what_one_fix_mends(book):
    found = lines(book, "Problems")
    assert [(p["How grave"], p["Field"], p["Rows"], p["Files"]) for p in found][:3] == [
        ("stop", None, None, 1),  # the letter: a whole file
        ("fix", "REVIEW_CODE", 4, 1),
        ("stop", "CHILD", 1, 1),
    ]
    graves = [p["How grave"] for p in found]
    assert graves[-1] == "info"
    assert [p["Rows"] for p in found if p["How grave"] in ("stop", "fix")][1:] == sorted(
        (p["Rows"] for p in found if p["How grave"] in ("stop", "fix") and p["Rows"]), reverse=True
    )
    codes = found[1]
    assert codes["Return or table"] == "SSDA903 Reviews"
    assert codes["Where: file and some of its rows"] == "ssda903/2025/reviews.csv: rows 2, 3, 4, 5"
    assert codes["Share of rows"] == pytest.approx(4 / 6)
    assert codes["Check"] == "reviews.review_code.option"
    pets = next(p for p in found if p["Check"] == "rcc_v2.pets.option")
    assert pets["Field"] == "Can child live with pets/animals?"
    assert all(p["What is wrong"] and p["How to fix it"] for p in found)


def test_no_child_stands_on_the_problems(book):
    assert not [w for w in words(book, "Problems") if re.search(r"\bA\d|P1", w)]


def test_rows_are_all_that_fails_with_where_and_what_was_sent(book, la):
    found = lines(book, "Rows")
    csv_lines = about(la).csv.read_text(encoding="utf-8-sig").splitlines()
    assert len(found) == len(csv_lines) - 1
    codes = [
        (r["File"], r["Row"], r["Child"], r["Field"], r["Value"])
        for r in found
        if r["Check"] == "reviews.review_code.option"
    ]
    assert codes == [
        *(("ssda903/2025/reviews.csv", n, f"A{n - 2}", "REVIEW_CODE", "ZZ") for n in (2, 3, 4, 5)),
        ("ssda903/2026/late.csv", 2, "A0", "REVIEW_CODE", "ZZ"),
    ]
    assert all(r["What is wrong"] and r["How to fix it"] for r in found)
    assert [r["How grave"] for r in found] == sorted(
        (r["How grave"] for r in found), key=["stop", "fix", "warn", "info"].index
    )


def test_tables_can_be_filtered_and_their_headings_stay(book):
    for name in ("Problems", "Rows", "SSDA903 2026"):
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth == 1
        assert sheet["D2"].alignment.wrap_text or name == "Rows"
        assert not [w for w in (c.value for c in sheet[1]) if "_" in w]


def test_the_summary_says_what_to_do_first_and_what_came(book):
    said = words(book)
    assert said[0] == "Feedback on the data of Somerset & Avon"
    assert "Made on 22 November 2026, 14:05 UTC." in said
    assert "CONFIDENTIAL, it names children: for this authority only." in said
    assert said.index("What to do first") + 1 == next(
        n for n, w in enumerate(said) if w.startswith("1. letter.docx: ")
    )
    assert any(w.startswith("2. SSDA903 Reviews: ") and w.endswith("(4 rows)") for w in said)
    assert "The return is late. Send it soon." in said
    numbers = dict(zip(("kept", "aside", "files", "mend", "look"), _tiles(book), strict=True))
    # Of 6 + 6 + 1 + 1 rows one has no child, and one of 2026 was replaced.
    assert (numbers["kept"], numbers["aside"], numbers["files"]) == (12, 1, 1)
    found = [r["How grave"] for r in lines(book, "Rows")]
    assert numbers["mend"] == found.count("stop") + found.count("fix")
    assert numbers["look"] == found.count("warn")


def _tiles(book: Workbook) -> list[int]:
    sheet = book["Summary"]
    row = next(r for r in sheet.iter_rows() if any(c.value == "rows used" for c in r))[0].row - 1
    return [c.value for c in sheet[row] if c.value is not None]


def test_the_trend_has_a_line_for_each_delivery_and_charts_that_show_it(book):
    sheet = book["Summary"]
    rows = [row[1:] for row in sheet.iter_rows(values_only=True)]
    start = next(n for n, row in enumerate(rows) if row[-1] == "Problems per 100 rows")
    trend = {(r[0], r[1]): r for r in rows[start + 1 : start + 6]}
    assert trend["SSDA903", "2025"][2] == datetime(2026, 11, 22)
    assert trend["SSDA903", "2025"][3:] == (6, 5, 1, 0, 1, 5, 0, 100)
    assert trend["SSDA903", "2026"][3:7] == (6, 5, 0, 1)
    assert trend["SSDA903", "2026, no. 2"][3:7] == (1, 1, 0, 0)
    assert trend["Placement return", "2026Q3"][3:6] == (1, 1, 0)
    assert ("Not recognised", "not known") in trend
    charts = {_plotted(sheet, c) for c in sheet._charts}
    assert charts == {
        (("2026Q3",), (trend["Placement return", "2026Q3"][-1],)),
        (
            ("2025", "2026", "2026, no. 2"),
            tuple(r[-1] for k, r in trend.items() if k[0] == "SSDA903"),
        ),
    }


def _plotted(sheet, chart) -> tuple:
    (series,) = chart.series
    return tuple(
        tuple(cell.value for (cell,) in sheet[f.partition("!")[2].replace("$", "")])
        if ":" in f
        else (sheet[f.partition("!")[2].replace("$", "")].value,)
        for f in (series.cat.numRef.f if series.cat.numRef else series.cat.strRef.f,
                  series.val.numRef.f)
    )  # fmt: skip


def test_a_synthetic_region_is_marked_as_such(la):
    book = written(about(la, is_synthetic=True))
    assert "SYNTHETIC, nobody in it exists." in words(book)
    assert "SYNTHETIC" in book["Rows"].oddFooter.left.text
    assert not [w for w in words(book) if "CONFIDENTIAL" in w]
    assert [w for w in words(book) if w.startswith("None: nothing is late")]


def test_an_authority_without_faults_is_told_so(tmp_path: Path):
    la = La(tmp_path)
    la.drop("2025/reviews.csv", [review("A1")])
    send(la)
    book = written(about(la))
    assert book.sheetnames == ["Summary", "Problems", "Rows", "SSDA903 2025"]
    assert "1. Nothing has to be mended." in words(book)
    assert [p["What is wrong"] for p in lines(book, "Problems")] == ["Nothing was found."]
    assert [r["What is wrong"] for r in lines(book, "Rows")] == ["Nothing was found."]


def test_an_authority_that_sent_nothing_is_told_what_is_late(tmp_path: Path):
    book = written(about(La(tmp_path), LATE))
    assert book.sheetnames == ["Summary", "Problems", "Rows"]
    assert "The return is late. Send it soon." in words(book)
    assert "Nothing of a known return was received yet." in words(book)


def test_the_columns_of_ssda903_are_those_of_the_year(book, tmp_path: Path):
    found = lines(book, "SSDA903 2026")
    sex = next(c for c in found if (c["Table"], c["Column"]) == ("Header", "SEX"))
    assert sex["Codes in 2026"] == "M, F, U"
    assert (sex["Needed"], sex["Format"]) == ("always", "one of the codes")
    standards = load_standards().values()
    tables = [t for t in standards if t.dataset == "ssda903" and t.from_year <= 2026]
    assert len(found) == sum(len(t.fields) for t in tables)
    la = La(tmp_path)
    la.drop("2023/reviews.csv", [review("A1", year=2022)])
    send(la)
    older = lines(written(about(la)), "SSDA903 2023")
    assert "SWEpisodes" not in {c["Table"] for c in older}
    assert "1, 2" in {c["Codes in 2023"] for c in older}


# The template


def test_the_template_is_that_of_the_last_accepted_return(la, book):
    assert [c.value for c in book[DATA_SHEET][2]] == [
        f.header for f in load_standards()["rcc_v2"].fields
    ]
    entries = la.entries()
    newer = load_standards()["nps_2026_06"]
    of = about(la)
    sent = next(e for e in entries if e.table_name == "rcc_v2")
    replaced = {"rows_kept": 0, "rows_superseded": sent.rows_read}  # by rows not made here
    late = replace(sent, table_name=newer.name, submission_id="new", period="2026Q4", **replaced)
    for status, expected in (("accepted", newer), ("quarantined", load_standards()["rcc_v2"])):
        changed = (*entries, replace(late, status=status))
        sheet = written(replace(of, entries=changed))[DATA_SHEET]
        assert [c.value for c in sheet[2]] == [f.header for f in expected.fields]
    records = replace(late, table_name="nps_records")  # a system writes them: no spreadsheet
    assert DATA_SHEET not in written(replace(of, entries=(*entries, records))).sheetnames


def test_a_template_filled_in_and_saved_as_a_new_file_is_taken(tmp_path: Path, la):
    again = written(about(la))
    for name in again.sheetnames:
        if name not in (COVER_SHEET, DATA_SHEET, OPTIONS_SHEET):
            del again[name]
    sheet = again[DATA_SHEET]
    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    assert lists
    assert all(formula.startswith(f"'{OPTIONS_SHEET}'!") for formula in lists.values())
    table = load_standards()["rcc_v2"]
    names = [f.name for f in table.fields]
    for name, value in return_row("P7", "05/10/2026").items():
        sheet.cell(6, names.index(name) + 1).value = value
    other = La(tmp_path)
    again.save(other.place("return.xlsx"))
    (entry,) = other.receive().entries
    assert (entry.status, entry.table_name, entry.period) == ("accepted", "rcc_v2", "2026Q4")
    assert entry.rows_read == 1


# Nothing that can run


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> About:
    """Cells that look like formulas, that no workbook can hold, and that are far too long."""
    la = La(tmp_path_factory.mktemp("harmful"))
    rows = [review(f"B{n}", code=text) for n, text in enumerate(FORMULAS)]
    rows += [
        review("=1+1", code="ZZ"),
        review("B20", code="\x01\x02=1+1"),
        review("B21", code="x" * 40_000),
        review("B22", code="a\ufffeb\x07c"),
        review("B23", code="_x003D_1"),
        review("B24", code="<f>1</f>&"),
        review("B25", code="\U0001f600" * 20_000),
    ]
    la.drop("2025/=reviews.csv", rows)
    send(la)
    of = about(la)
    write_feedback(of, NOW)
    return of


def _cells(of: About, part: str) -> list[etree._Element]:
    with zipfile.ZipFile(of.workbook) as parts:
        return list(etree.fromstring(parts.read(part)).iter("{*}c"))


def test_no_cell_is_a_formula(harmful):
    with zipfile.ZipFile(harmful.workbook) as parts:
        names = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
    assert len(names) == 4
    for name in names:
        cells = _cells(harmful, name)
        assert cells
        assert not [c for c in cells if c.find("{*}f") is not None]
        with_text = [c for c in cells if c.find("{*}is") is not None]
        assert {c.get("t") for c in with_text} == {"inlineStr"}


def test_what_looks_like_a_formula_begins_with_an_apostrophe(harmful):
    rows = [r for r in lines(load_workbook(harmful.workbook), "Rows") if r["Value"]]
    values = {r["Value"] for r in rows if r["Field"] == "REVIEW_CODE"}
    assert {v.casefold() for v in values} >= {f"'{text}".casefold() for text in FORMULAS[:5]}
    assert not [v for v in values if v.startswith(tuple("=+-@\uff1d"))]
    assert "'=1+1" in {r["Child"] for r in rows}
    assert {r["File"] for r in rows} == {"2025/=reviews.csv"}


def test_what_a_workbook_cannot_hold_is_left_out_and_what_is_too_long_is_cut(harmful):
    rows = lines(load_workbook(harmful.workbook), "Rows")
    values = {r["Child"]: r["Value"] for r in rows if r["Field"] == "REVIEW_CODE"}
    assert values["B22"].casefold() == "abc"
    assert values["B24"].casefold() == "<f>1</f>&"
    for child in ("B21", "B25"):
        assert len(values[child].encode("utf-16-le")) // 2 <= LONGEST_CELL
        assert values[child].endswith("(cut: see feedback.csv)")
        assert len(values[child]) > 16_000


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_of_text_is_no_formula_even_without_the_apostrophe(text: str, tmp_path: Path):
    book = Workbook(write_only=True)
    sheet = new_sheet(book, "One", "footer")
    sheet.append([new_cell(sheet, text), put(new_cell(sheet, 1), text)])
    book.save(tmp_path / "a.xlsx")
    cells = load_workbook(tmp_path / "a.xlsx")["One"][1]
    assert [(c.value, c.data_type) for c in cells] == [(text, "s")] * 2
    assert {c.number_format for c in cells} == {"@"}  # typed into again it stays text


def test_a_text_that_excel_would_decode_stays_as_it_was():
    assert plain("_x003D_1") == "_x005F_x003D_1"
    assert plain("_x1_ and snake_case") == "_x1_ and snake_case"
    assert plain("a" * LONGEST_CELL) == "a" * LONGEST_CELL


def test_many_rows_are_cut_with_a_word_and_all_of_them_are_in_the_csv(la, monkeypatch):
    monkeypatch.setattr(feedback, "MOST_ROWS", 3)
    of = about(la)
    number = write_feedback(of, NOW)
    found = lines(load_workbook(of.workbook), "Rows")
    assert found[0]["What is wrong"] == f"These are the first 3 of {number} lines."
    assert "feedback.csv" in found[0]["How to fix it"]
    assert len(found) == 4
    assert len(of.csv.read_text(encoding="utf-8-sig").splitlines()) == number + 1 > 5
