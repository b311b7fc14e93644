"""Workbooks: sheets, cells and formulas of every kind, locked, damaged, or no workbook at all."""

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.standards.load import load_standards
from pipeline.standards.template import write_workbook
from tests.faults.case import NAME, REVIEWS, End, Fault, kept, stopped

FILES = Path(__file__).with_name("files")
HEADINGS = ["CHILD", "DOB", "REVIEW", "REVIEW_CODE"]
XLSX = "2026/reviews.xlsx"
XLSM = "2026/reviews.xlsm"
XLS = "2026/reviews.xls"
ODS = "2026/reviews.ods"
LAST_ROW = 1_048_576
ZIP_TIME = (2026, 1, 1, 0, 0, 0)

# What the examples of the templates leave wrong or unlikely.
COMMON = {"child_id": "", "provider_urn": "SC123456", "placement_location": "TA1"}
SHEET = COMMON | {
    "is_preferred_location_local": "Yes", "out_of_la_reason": None,
    "communication_language_learning_needs": "Yes", "cultural_needs": "Not Required",
    "name_of_officer_referral": NAME, "name_of_officer_placement": NAME,
    "name_of_officer_placement_cost": NAME,
}  # fmt: skip
SOUND = {
    "nps_2026_06": SHEET,
    "nps_2026_04": SHEET,
    "rcc_v2": COMMON
    | {
        "placement_location": NAME,
        "placement_needed_by_date": "09/04/2026",
        "extra_support_types": None,
        "other_location_freq": None,
    },
}

Rows = list[list[object]]
Change = Callable[[Workbook, Worksheet, str], None]


def file(name: str) -> bytes:
    """One of the files that an office program had to write."""
    return (FILES / name).read_bytes()


def review_rows(mark: str) -> Rows:
    """Three reviews as Excel holds them: days as days."""
    return [[f"{mark}{n}", dt.date(2012, 2, 16 + n), dt.date(2025, 5, n), "PN1"] for n in (1, 2, 3)]


def bytes_of(book: Workbook) -> bytes:
    """The file of a workbook."""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def reviews_workbook(change: Change | None = None) -> Callable[[str], bytes]:
    """A workbook of three reviews, changed."""

    def make(mark: str) -> bytes:
        book = Workbook()
        sheet = book.active
        sheet.title = "Reviews"
        for row in [HEADINGS, *review_rows(mark)]:
            sheet.append(row)
        if change:
            change(book, sheet, mark)
        return bytes_of(book)

    return make


def sheet_of(book: Workbook, title: str, rows: Iterable[Iterable[object]]) -> Worksheet:
    """Another sheet with rows."""
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    return sheet


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive, alike in every run."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def cell(place: str, text: object) -> str:
    """A cell of a sheet's XML with a text in it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def xml_rows(mark: str) -> list[str]:
    """The heading and three reviews as rows of a sheet's XML."""
    rows = [HEADINGS] + [
        [f"{mark}{n}", f"{16 + n}/02/2012", f"0{n}/05/2025", "PN1"] for n in (1, 2, 3)
    ]
    cells = (
        "".join(cell(f"{letter}{n}", text) for letter, text in zip("ABCD", row, strict=True))
        for n, row in enumerate(rows, start=1)
    )
    return [f'<row r="{n}">{row}</row>' for n, row in enumerate(cells, start=1)]


def written_by_hand(
    rows: Callable[[str], list[str]], more: Mapping[str, str] | None = None, start: str = ""
) -> Callable[[str], bytes]:
    """A workbook whose one sheet has rows as no office program writes them, and further parts."""

    def make(mark: str) -> bytes:
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006"
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        head = '<?xml version="1.0" encoding="UTF-8"?>'
        return zipped(
            {
                "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types">'
                '<Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
                f'<Override PartName="/xl/worksheets/sheet1.xml" '
                f'ContentType="{kind}.worksheet+xml"/></Types>',
                "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships">'
                f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
                "</Relationships>",
                "xl/workbook.xml": f'{head}<workbook xmlns="{space}" xmlns:r="{office}"><sheets>'
                '<sheet name="Reviews" sheetId="1" r:id="r1"/></sheets></workbook>',
                "xl/_rels/workbook.xml.rels": f"{head}<Relationships "
                f'xmlns="{package}/relationships"><Relationship Id="r1" '
                f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
                "xl/worksheets/sheet1.xml": f'{head}{start}<worksheet xmlns="{space}"><sheetData>'
                + "".join(rows(mark))
                + "</sheetData></worksheet>",
            }
            | {name: text.replace("{m}", mark) for name, text in (more or {}).items()}
        )

    return make


def one_cell_in_the_last_row(mark: str) -> list[str]:
    return [*xml_rows(mark), f'<row r="{LAST_ROW}">{cell(f"A{LAST_ROW}", " ")}</row>']


def formula_without_value(mark: str) -> list[str]:
    rows = xml_rows(mark)
    review = cell("C4", "03/05/2025")
    return [*rows[:3], rows[3].replace(review, '<c r="C4"><f>DATE(2025,5,3)</f></c>')]


def text_that_is_not_there(mark: str) -> list[str]:
    rows = xml_rows(mark)
    return [*rows[:3], rows[3].replace(cell("D4", "PN1"), '<c r="D4" t="s"><v>99</v></c>')]


def billion_laughs() -> str:
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE worksheet [{''.join(lines)}]>"


def laughing_rows(mark: str) -> list[str]:
    return [*xml_rows(mark)[:3], f'<row r="4">{cell("A4", "&a9;")}</row>']


def damaged(name: str, old: bytes, new: bytes) -> Callable[[str], bytes]:
    """A workbook with other bytes in one of its parts."""

    def make(mark: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(reviews_workbook()(mark))) as source:
            parts = {n: source.read(n) for n in source.namelist()}
        assert old in parts[name]
        return zipped(parts | {name: parts[name].replace(old, new)})

    return make


def without(part: str) -> Callable[[str], bytes]:
    """A workbook that lacks one of its parts."""

    def make(mark: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(reviews_workbook()(mark))) as source:
            return zipped({n: source.read(n) for n in source.namelist() if n != part})

    return make


def with_macros(mark: str) -> bytes:
    """A workbook with a program in it."""
    with zipfile.ZipFile(io.BytesIO(reviews_workbook()(mark))) as source:
        parts = {n: source.read(n) for n in source.namelist()}
    return zipped(parts | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub Auto_Open() Shell"})


def half(content: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """The first half of a file."""
    return lambda mark: content(mark)[: len(content(mark)) // 2]


# Changes of a good workbook


def title_over_merged_cells(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Reviews of the year"
    sheet.merge_cells("A1:D1")


def header_over_two_rows(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.insert_rows(1)
    for letter in "ABCD":
        sheet[f"{letter}1"], sheet[f"{letter}2"] = sheet[f"{letter}2"].value, None
        sheet.merge_cells(f"{letter}1:{letter}2")


def merged_children(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.merge_cells("A2:A3")


def hidden_rows_and_columns(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True


def filtered(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.auto_filter.ref = "A1:D4"
    sheet.auto_filter.add_filter_column(0, [f"{mark}1"])
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True


def hidden_sheet(state: str) -> Change:
    def change(book: Workbook, sheet: Worksheet, mark: str) -> None:
        old = [[f"{mark}9", dt.date(2012, 2, 17), dt.date(2025, 6, 1), "PN1"]]
        sheet_of(book, "Old", [HEADINGS, *old]).sheet_state = state

    return change


def only_sheet_hidden(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.sheet_state = "hidden"
    book.create_sheet("Cover")
    book.active = 1


def many_sheets(book: Workbook, sheet: Worksheet, mark: str) -> None:
    for n in range(49):
        day = dt.date(2025, 6, 1) + dt.timedelta(days=n)
        sheet_of(book, f"Part {n}", [HEADINGS, [f"{mark}X{n}", dt.date(2012, 2, 17), day, "PN1"]])


def note_beside(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet_of(book, "Notes", [["Please read"], [f"Asked {NAME} on 1 May"]])


def several_tables(book: Workbook, sheet: Worksheet, mark: str) -> None:
    born = dt.date(2012, 2, 17)
    missing = [["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"],
               [f"{mark}1", born, "M", dt.date(2025, 5, 4), dt.date(2025, 5, 5)]]  # fmt: skip
    perm = [["CHILD", "DOB", "PREV_PERM", "LA_PERM", "DATE_PERM"],
            [f"{mark}1", born, "P1", "Devon", "01/05/2020"]]  # fmt: skip
    sheet_of(book, "Missing", missing)
    sheet_of(book, "PrevPerm", perm)


def named_like_another(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.title = "Missing"


def two_tables_side_by_side(book: Workbook, sheet: Worksheet, mark: str) -> None:
    for n, heading in enumerate(["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"], start=6):
        sheet.cell(1, n, heading)
    days = [dt.date(2012, 2, 17), "M", dt.date(2025, 5, 4), dt.date(2025, 5, 5)]
    for n, value in enumerate([f"{mark}7", *days], start=6):
        sheet.cell(2, n, value)


def formulas(book: Workbook, sheet: Worksheet, mark: str) -> None:
    # openpyxl keeps no value beside a formula, as if Excel had never calculated it.
    sheet["D4"] = '="PN"&"1"'


def error_values(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet["D2"], sheet["D3"], sheet["C4"] = "#N/A", "#REF!", "#VALUE!"


def error_for_a_child(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet["A4"] = "#N/A"


def dates_as_numbers(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet["C2"], sheet["C3"], sheet["C4"] = 45778, 45779.5, "45780"


def since_1904(book: Workbook, sheet: Worksheet, mark: str) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book.epoch = CALENDAR_MAC_1904


def ids_as_numbers(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet["A2"], sheet["A3"], sheet["A4"] = 990017001, 990017002.0, 9.90017003e23


def apostrophes(book: Workbook, sheet: Worksheet, mark: str) -> None:
    for row in (2, 3, 4):
        sheet.cell(row, 1).quotePrefix = True
        sheet.cell(row, 4, "'PN1")


def booleans(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet["D2"] = True


def comments_and_links(book: Workbook, sheet: Worksheet, mark: str) -> None:
    from openpyxl.comments import Comment

    sheet["A2"].comment = Comment(f"Ask {NAME}", NAME)
    sheet["A3"].hyperlink = "http://127.0.0.1:9/never"
    sheet["A3"].value = f"{mark}2"


def protected_sheet(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.protection.set_password("fostering")
    book.security.lockStructure = True


def chart_only(mark: str) -> bytes:
    book = Workbook()
    data = book.active
    data.append([1])
    chart = BarChart()
    chart.add_data(Reference(data, min_col=1, min_row=1))
    book.create_chartsheet("Chart").add_chart(chart)
    data.delete_rows(1)
    return bytes_of(book)


def external_link(mark: str) -> list[str]:
    rows = xml_rows(mark)
    formula = "<f>'file:///etc/[passwd]Sheet1'!A1</f><v>PN1</v>"
    return [*rows[:3], rows[3].replace(cell("D4", "PN1"), f'<c r="D4" t="str">{formula}</c>')]


def call_of_a_program(mark: str) -> list[str]:
    rows = xml_rows(mark)
    formula = "<f>cmd|' /c calc'!A1</f><v>PN1</v>"
    return [*rows[:3], rows[3].replace(cell("D4", "PN1"), f'<c r="D4" t="str">{formula}</c>')]


def far_columns(mark: str) -> list[str]:
    rows = xml_rows(mark)
    return [rows[0].replace("</row>", cell("XFD1", "far") + "</row>"), *rows[1:]]


# Placement returns


def placement(version: str) -> dict[str, object]:
    """A sound row of a placement return, by field."""
    row: dict[str, object] = {}
    for field in load_standards()[version].fields:
        if field.type == "date":
            row[field.name] = "02/04/2026"
        elif field.type == "boolean":
            row[field.name] = "No"
        elif field.example is not None:
            row[field.name] = field.example
        elif field.options and field.required != "optional":
            row[field.name] = next(iter(field.options))
    return row | {f: v for f, v in SOUND[version].items() if f in row}


def placements(version: str, *changes: dict[str, object]) -> Callable[[str], bytes]:
    """A filled template of a placement return: a row for each set of changes of a sound one."""

    def make(mark: str) -> bytes:
        table = load_standards()[version]
        rows = [
            placement(version) | {table.child: f"{mark}{n}"} | change
            for n, change in enumerate(changes, start=1)
        ]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "return.xlsx"
            write_workbook(path, table, rows)
            return path.read_bytes()

    return make


def and_then(content: Callable[[str], bytes], change: Change) -> Callable[[str], bytes]:
    """A filled template, changed in its data sheet."""

    def make(mark: str) -> bytes:
        book = load_workbook(io.BytesIO(content(mark)))
        change(book, book["Data Collection"], mark)
        return bytes_of(book)

    return make


def at(sheet: Worksheet, heading: str) -> int:
    """The column of a heading of a template."""
    return next(c.column for c in sheet[2] if c.value == heading)


def set_all(**cells: object) -> Change:
    """Set cells of the first row under the template's example."""

    def change(book: Workbook, sheet: Worksheet, mark: str) -> None:
        for heading, value in cells.items():
            sheet.cell(6, at(sheet, heading), value)

    return change


def without_child(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.delete_cols(at(sheet, "child_ID"))


def repeated_cost(book: Workbook, sheet: Worksheet, mark: str) -> None:
    sheet.cell(2, at(sheet, "cost_other_weekly"), "cost_total_weekly")


JUNE = "2026Q2/return.xlsx"


def placed(
    name: str,
    content: Callable[[str], bytes],
    rows: int = 1,
    checks: str = "",
    *says: str,
    version: str = "nps_2026_06",
    path: str = JUNE,
    **counts: int,
) -> Fault:
    """A placement return that is taken."""
    return kept(name, content, rows, checks, *says, path=path, table=version, **counts)


FAULTS = (
    # Not to be opened
    stopped("workbook_of_no_bytes", b"", "unreadable_workbook", path=XLSX),
    stopped("workbook_cut_off", half(reviews_workbook()), "unreadable_workbook", "damaged",
            path=XLSX, short=True),
    stopped("workbook_of_noise", b"\x01\x02noise" * 400, "not_a_workbook", path=XLSX),
    stopped("workbook_with_password", file("with_password.xlsx"), "password_protected", "password",
            path=XLSX, short=True),
    stopped("old_workbook_with_password", file("with_password.xls"), "password_protected",
            "password", path=XLS),
    stopped("open_document_with_password", file("with_password.ods"), "password_protected",
            "password", path=ODS),
    stopped("old_workbook_cut_off", file("reviews.xls")[:3000], "unreadable_workbook", path=XLS),
    stopped("open_document_cut_off", file("reviews.ods")[:6000], "unreadable_workbook", path=ODS),
    stopped("workbook_without_its_sheet", without("xl/worksheets/sheet1.xml"),
            "unreadable_workbook", path=XLSX),
    stopped("workbook_without_its_list_of_sheets", without("xl/workbook.xml"),
            "not_a_workbook", path=XLSX),
    stopped("workbook_with_broken_xml",
            damaged("xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetDat"),
            "unreadable_workbook", path=XLSX),
    stopped("workbook_with_billion_laughs", written_by_hand(laughing_rows, start=billion_laughs()),
            "unreadable_workbook", path=XLSX),
    stopped("workbook_of_one_zero_after_another", b"\x00" * 20_000, "unreadable_workbook",
            path=XLSX),
    # Something else under this name
    Fault("zip_named_xlsx",
          {XLSX: lambda m: zipped({"reviews.csv": REVIEWS.replace("{m}", m)})},
          (End("", "reviews", 3, 3, file=f"{XLSX}/reviews.csv"),)),
    stopped("letter_named_xlsx", lambda m: zipped({"[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w>{NAME}</w>"}), "not_a_workbook", path=XLSX),
    kept("csv_named_xlsx", REVIEWS, path=XLSX),
    stopped("html_named_xls", "<html><body><table><tr><td>CHILD</td></tr></table></body></html>",
            "not_a_workbook", "web page", "save it as .xlsx", path=XLS, short=True),
    kept("csv_named_xls", REVIEWS, path=XLS),
    stopped("xml_of_2003_named_xls", '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "not_an_ssda903_xml", "save it as .xlsx", path=XLS),
    kept("xlsx_named_xls", reviews_workbook(), path=XLS),
    stopped("binary_workbook", b"PK\x03\x04" + b"binary" * 100, "format_not_taken",
            path="2026/reviews.xlsb"),
    # Taken as they are
    kept("old_workbook", file("reviews.xls"), path=XLS),
    kept("open_document", file("reviews.ods"), path=ODS),
    kept("workbook_with_macros", with_macros, path=XLSM),
    kept("suffix_in_capitals", reviews_workbook(), path="2026/REVIEWS.XLSX"),
    kept("comments_and_links", reviews_workbook(comments_and_links), path=XLSX),
    kept("protected_sheet", reviews_workbook(protected_sheet), path=XLSX),
    kept("external_link", written_by_hand(external_link), path=XLSX),
    kept("formula_that_calls_a_program", written_by_hand(call_of_a_program), path=XLSX),
    # Sheets
    stopped("empty_workbook", lambda m: bytes_of(Workbook()), "empty", path=XLSX, read=0,
            short=True),
    stopped("chart_only", chart_only, "empty", path=XLSX),
    stopped("workbook_of_headings", reviews_workbook(lambda b, s, m: s.delete_rows(2, 3)),
            "no_rows", path=XLSX, read=0),
    Fault("hidden_sheet", {XLSX: reviews_workbook(hidden_sheet("hidden"))},
          (End("", "reviews", 3, 3, file=XLSX), End("hidden_sheet", "", 2, 0, 2, file=XLSX)),
          says=("unhide", "Old"), short=True),
    Fault("very_hidden_sheet", {XLSX: reviews_workbook(hidden_sheet("veryHidden"))},
          (End("", "reviews", 3, 3, file=XLSX), End("hidden_sheet", "", 2, 0, 2, file=XLSX)),
          says=("unhide",)),
    Fault("hidden_sheet_of_an_old_workbook", {XLS: file("hidden.xls")},
          (End("", "reviews", 3, 3, file=XLS), End("hidden_sheet", "", 2, 0, 2, file=XLS))),
    Fault("hidden_sheet_of_an_open_document", {ODS: file("hidden.ods")},
          (End("", "reviews", 3, 3, file=ODS), End("hidden_sheet", "", 2, 0, 2, file=ODS))),
    kept("only_sheet_hidden", reviews_workbook(only_sheet_hidden), path=XLSX),
    Fault("note_beside_the_table", {XLSX: reviews_workbook(note_beside)},
          (End("", "reviews", 3, 3, file=XLSX), End("not_recognised", "", 2, 0, 2, file=XLSX)),
          says=("Notes",)),
    Fault("several_tables", {"2026/return.xlsx": reviews_workbook(several_tables)},
          tuple(End("", t, n, n, file="2026/return.xlsx")
                for t, n in (("reviews", 3), ("missing", 1), ("prev_perm", 1)))),
    kept("fifty_sheets", reviews_workbook(many_sheets), 52, path=XLSX),
    kept("sheet_named_like_another_table", reviews_workbook(named_like_another), path=XLSX),
    kept("title_over_merged_cells", reviews_workbook(title_over_merged_cells), path=XLSX),
    kept("title_over_merged_cells_of_an_old_workbook", file("merged.xls"), path=XLS),
    kept("header_over_two_rows", reviews_workbook(header_over_two_rows), path=XLSX),
    stopped("two_tables_side_by_side", reviews_workbook(two_tables_side_by_side),
            "several_tables", "more than one table", path="2026/return.xlsx", read=4),
    # Rows and cells
    kept("merged_children", reviews_workbook(merged_children), 2,
         "stop:reviews.child.missing", path=XLSX, quarantined=1),
    kept("hidden_rows_and_columns", reviews_workbook(hidden_rows_and_columns), path=XLSX),
    kept("filtered_rows", reviews_workbook(filtered), path=XLSX),
    kept("a_million_blank_rows", written_by_hand(one_cell_in_the_last_row), path=XLSX),
    stopped("sixteen_thousand_columns", written_by_hand(far_columns), "too_wide", path=XLSX),
    kept("formula_without_value", written_by_hand(formula_without_value), 2,
         "stop:reviews.review.missing", path=XLSX, quarantined=1),
    kept("formula_never_calculated", reviews_workbook(formulas), 3,
         "fix:reviews.review_code.missing", path=XLSX),
    kept("formulas_of_an_old_workbook", file("formulas.xls"), 3, "fix:reviews.review_code.missing",
         path=XLS),
    kept("formulas_of_an_open_document", file("formulas.ods"), 3, "fix:reviews.review_code.missing",
         path=ODS),
    stopped("text_that_is_not_there", written_by_hand(text_that_is_not_there),
            "unreadable_workbook", path=XLSX),
    kept("error_values", reviews_workbook(error_values), 2,
         "fix:reviews.review_code.missing stop:reviews.review.missing", path=XLSX, quarantined=1),
    kept("error_for_a_child", reviews_workbook(error_for_a_child), 2, "stop:reviews.child.missing",
         path=XLSX, quarantined=1),
    kept("dates_as_numbers", reviews_workbook(dates_as_numbers), path=XLSX),
    kept("days_since_1904", reviews_workbook(since_1904), path=XLSX),
    kept("ids_as_numbers", reviews_workbook(ids_as_numbers), path=XLSX),
    kept("apostrophes_before_text", reviews_workbook(apostrophes), 3,
         "fix:reviews.review_code.option", path=XLSX),
    kept("boolean_for_a_code", reviews_workbook(booleans), 3, "fix:reviews.review_code.option",
         path=XLSX),
    # Placement returns
    stopped("placement_template_unfilled", placements("nps_2026_06"), "no_rows", path=JUNE,
            read=0),
    placed("placement_costs_in_every_style",
           and_then(placements("nps_2026_06", {}),
                    set_all(cost_core_weekly="£1,000.00", cost_additional_support_weekly=" 100 ",
                            cost_education_weekly="GBP 0", cost_other_weekly=0,
                            cost_total_weekly=1100.0))),
    placed("placement_cost_negative", placements("nps_2026_06", {"cost_total_weekly": -500}), 1,
           "warn:nps_2026_06.cost_total_weekly.range"),
    placed("placement_cost_in_percent",
           placements("nps_2026_06", {"cost_total_weekly": "50%"}), 1,
           "fix:nps_2026_06.cost_total_weekly.type"),
    placed("placement_date_unreadable",
           placements("nps_2026_06", {"date_entry_referral": "31/02/2026"}, {}), 1,
           "stop:nps_2026_06.date_entry_referral.type", quarantined=1),
    stopped("placement_without_child",
            and_then(placements("nps_2026_06", {}), without_child), "key_column_missing",
            "child_ID", path=JUNE),
    placed("placement_heading_repeated", and_then(placements("nps_2026_06", {}), repeated_cost), 1,
           "", "stands twice"),
    placed("placement_ratio_turned_to_a_time",
           placements("rcc_v2", {"min_ratio": dt.time(1, 1)}), version="rcc_v2"),
    placed("placement_of_april", placements("nps_2026_04", {"cultural_needs": "Maybe"}), 1,
           "fix:nps_2026_04.cultural_needs.option", version="nps_2026_04"),
)  # fmt: skip
