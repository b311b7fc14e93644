"""The feedback workbook: a summary, the problems, the failing rows, and the blank template.

It is written row by row, so that an LA with many failures needs little memory. No cell of it is a
formula: what was sent stands in cells of text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.alarms import Alarm
from pipeline.intake.deliveries import Delivery, day_words, deliveries
from pipeline.intake.manifest import Entry
from pipeline.reports.sheets import (
    BIG,
    BOLD,
    CENTRED,
    HEADING,
    MARK,
    SEVERITY_FILLS,
    SMALL,
    TILE,
    TITLE,
    WHOLE,
    Lines,
    add_table,
    headings,
    line_of,
    new_cell,
    new_sheet,
)
from pipeline.standards.load import Field, Table, load_standards
from pipeline.standards.template import COVER_SHEET, DATA_SHEET, OPTIONS_SHEET, add_sheets

MOST_ROWS = 20_000  # failing rows on the sheet; all of them are in feedback.csv
MOST_PROBLEMS = 1_000
MOST_DELIVERIES = 16  # of a return, in the trend
MOST_FIRST = 5  # things to do first

DATASETS = {
    "placements": "Placement return",
    "ssda903": "SSDA903",
    "": "Not recognised",
}
GRAVE = {
    "stop": "cannot be used: put aside until it is mended",
    "fix": "breaks the standard: used, but must be mended",
    "warn": "possible but unlikely: look whether it is right",
    "info": "worth knowing: nothing to mend",
}
FORMATS = {
    "id": "identifier, as text",
    "text": "text",
    "integer": "whole number",
    "money": "amount in pounds",
    "date": "dd/mm/yyyy",
    "boolean": "Yes or No",
    "category": "one of the options",
    "multi_category": "options, separated by commas",
    "code": "one of the codes",
    "postcode": "full postcode",
    "outward_postcode": "first half of a postcode",
    "urn": "Ofsted number",
}
NEEDED = {"always": "always", "when": "in some cases", "optional": "if known"}


@dataclass(frozen=True)
class Problem:
    """Failures of one kind. `places` are up to three files with numbers of some of their rows."""

    severity: str
    table_name: str
    check_id: str
    field: str
    message: str
    how_to_fix: str
    is_whole_file: bool
    rows: int  # that one fix mends: of whole files all rows
    file_rows: int | None  # rows in use or in quarantine of the files that have it
    files: int
    places: list[tuple[str, list[int] | None]]

    @property
    def must_be_mended(self) -> bool:
        return self.severity in ("stop", "fix")


@dataclass(frozen=True)
class Contents:
    """All that the workbook tells; texts of what was sent are inert already."""

    la_name: str
    is_synthetic: bool
    made_at: datetime  # UTC
    entries: Sequence[Entry]
    alarms: Sequence[Alarm]
    problems: list[Problem]
    rows: list[tuple]  # severity, file, sheet, row, child, field, value, message, fix, check, table
    number_of_rows: int
    severities: dict[str, int]  # failures by severity


def save(path: Path, contents: Contents) -> None:
    """Write the workbook by rename."""
    book = Workbook(write_only=True)
    book.properties.creator = "Common Core pipeline"
    book.properties.title = f"Feedback for {contents.la_name}"
    footer = f"{contents.la_name}: {_whose(contents)}"
    _summary(new_sheet(book, "Summary", footer), contents)
    _problems(new_sheet(book, "Problems", footer), contents)
    _rows(new_sheet(book, "Rows", footer), contents)
    if table := _template_in_use(contents.entries):
        add_sheets(book, table, cover=_how_to_use())
    if year := _latest_year(contents.entries):
        _columns_of_ssda903(new_sheet(book, f"SSDA903 {year}", footer), year)
    beside = path.with_name(f".{path.name}.next")
    book.save(beside)
    beside.replace(path)


def _whose(contents: Contents) -> str:
    if contents.is_synthetic:
        return "SYNTHETIC, nobody in it exists"
    return "CONFIDENTIAL, it names children: for this authority only"


# The columns of the summary: a margin, then those of its tables.
CHART_LINES = 16  # that a chart covers
WIDTHS = (2, 19, 17, 13, 12, 12, 12, 12, 9, 9, 9, 14)
TREND = (
    "Return",
    "Period",
    "Received",
    "Rows read",
    "Used",
    "Put aside",
    "Replaced",
    "Stop",
    "Fix",
    "Warn",
    "Problems per 100 rows",
)


def _summary(sheet: Worksheet, contents: Contents) -> None:
    lines = Lines(sheet, WIDTHS)
    lines.text(f"Feedback on the data of {contents.la_name}", font=TITLE)
    made = f"{day_words(contents.made_at.date())}, {contents.made_at:%H:%M} UTC"
    lines.text(f"Made on {made}.", font=SMALL)
    lines.text(_whose(contents) + ".", font=BOLD, fill=MARK)
    lines.blank()
    _tiles(lines, contents)
    lines.blank()
    lines.text("What to do first", font=HEADING)
    for number, thing in enumerate(_first(contents), start=1):
        lines.text(f"{number}. {thing}")
    lines.blank()
    lines.text("Alarms", font=HEADING)
    for alarm in contents.alarms:
        lines.text(f"{alarm.message} {alarm.how_to_fix}", fill=SEVERITY_FILLS["warn"])
    if not contents.alarms:
        lines.text("None: nothing is late or missing, and no table shrank or grew out of the way.")
    lines.blank()
    sent = [e for e in contents.entries if e.status != "duplicate"]
    lines.text("Your latest submissions", font=HEADING)
    _latest(lines, sent)
    lines.blank()
    sheet.row_breaks.append(Break(id=lines.number))
    lines.text("How your submissions have changed", font=HEADING)
    _trend(lines, sent)
    lines.blank()
    lines.text("The words stop, fix, warn and info", font=HEADING)
    for severity, meaning in GRAVE.items():
        cells = [
            None,
            new_cell(sheet, severity, fill=SEVERITY_FILLS[severity], font=BOLD),
            new_cell(sheet, meaning),
        ]
        lines.add(cells)


def _tiles(lines: Lines, contents: Contents) -> None:
    """The big numbers, each over two columns."""
    current = [e for e in contents.entries if e.status in ("accepted", "quarantined")]
    count = contents.severities.get
    tiles = (
        (sum(e.rows_kept for e in current), "rows used"),
        (sum(e.rows_quarantined for e in current), "rows put aside"),
        (sum(e.is_grave for e in current), "files or tables put aside"),
        (count("stop", 0) + count("fix", 0), "things to mend"),
        (count("warn", 0), "things to look at"),
    )
    numbers: list[Cell | None] = [None]
    labels: list[Cell | None] = [None]
    for number, label in tiles:
        sheet = lines.sheet
        big = new_cell(sheet, number, font=BIG, fill=TILE, alignment=CENTRED, number_format=WHOLE)
        small = new_cell(sheet, label, font=SMALL, fill=TILE, alignment=CENTRED)
        numbers += [big, new_cell(sheet, None, fill=TILE)]
        labels += [small, new_cell(sheet, None, fill=TILE)]
    for cells, height in ((numbers, 36), (labels, 20)):
        lines.add(cells, height)
        for first in range(2, 2 * len(tiles) + 2, 2):
            lines.merge(first, first + 1)


def _first(contents: Contents) -> list[str]:
    """What to do first: the fixes that mend most."""
    to_mend = [p for p in contents.problems if p.must_be_mended]
    things = []
    for problem in to_mend[:MOST_FIRST]:
        where = _table_words(problem.table_name)
        size = f"{problem.rows:,} {'row' if problem.rows == 1 else 'rows'}"
        if problem.is_whole_file:
            where = _files_words(problem)
            size = size if problem.rows else "the whole file"
        things.append(f"{where}: {problem.message} {problem.how_to_fix} ({size})")
    if not to_mend:
        things.append("Nothing has to be mended.")
    if len(to_mend) > MOST_FIRST:
        things.append("Then go on with the sheet Problems, from the top.")
    if any(p.severity == "warn" for p in contents.problems):
        things.append("Look at what is marked warn on the sheet Problems: it may be right.")
    return things


def _files_words(problem: Problem) -> str:
    names = ", ".join(file for file, _ in problem.places)
    more = problem.files - len(problem.places)
    return f"{names} and {more:,} more" if more else names


def _latest(lines: Lines, entries: list[Entry]) -> None:
    sheet = lines.sheet
    newest: dict[str, str] = {}
    for delivery in deliveries(e for e in entries if e.dataset and e.period):
        newest[delivery.dataset] = delivery.period
    if not newest:
        lines.text("Nothing of a known return was received yet.")
        return
    names = ("Return", "Period", "Received", "Files", "Rows read", "Used", "Put aside")
    lines.add([None, *headings(sheet, names, names[2:])], height=20)
    for dataset, period in newest.items():
        of_period = [e for e in entries if (e.dataset, e.period) == (dataset, period)]
        counts = [
            len({(e.file, e.sha256) for e in of_period}),
            *(sum(getattr(e, n) for e in of_period) for n in ("rows_read", "rows_kept")),
            sum(e.rows_quarantined for e in of_period),
        ]
        received = max(e.received_at for e in of_period).date()
        lines.add([None, *line_of(sheet, (DATASETS[dataset], period, received, *counts))])


def _trend(lines: Lines, entries: list[Entry]) -> None:
    """A chart for each return, and the table that they are drawn from."""
    sheet = lines.sheet
    labelled = {d: _labelled(entries, d) for d in DATASETS}
    charted = [d for d, found in labelled.items() if d and found]
    if charted:
        lines.text("Problems (stop, fix and warn) for each 100 rows: less is better.")
        names = {
            place: new_cell(sheet, DATASETS[d], font=BOLD)
            for place, d in zip((1, 6), charted, strict=False)
        }
        lines.add([names.get(place) for place in range(len(WIDTHS))])
        row = lines.number + CHART_LINES + 2  # where the table begins, below its heading
        for place, dataset in zip("BG", charted, strict=False):
            last = row + len(labelled[dataset]) - 1
            sheet.add_chart(_chart(sheet, row, last), f"{place}{lines.number + 1}")
            row = last + 1
        lines.blank(CHART_LINES)
    lines.add([None, *headings(sheet, TREND, TREND[2:])], height=32)
    for dataset, found in labelled.items():
        for label, delivery in found:
            lines.add([None, *line_of(sheet, _trend_values(dataset, label, delivery))])


def _labelled(entries: list[Entry], dataset: str) -> list[tuple[str, Delivery]]:
    """The latest deliveries of a return; a second one of a period is called so."""
    labelled = []
    before: dict[str, int] = {}
    for delivery in deliveries(e for e in entries if e.dataset == dataset):
        number = before[delivery.period] = before.get(delivery.period, 0) + 1
        label = delivery.period or "not known"
        labelled.append((label if number == 1 else f"{label}, no. {number}", delivery))
    return labelled[-MOST_DELIVERIES:]


def _trend_values(dataset: str, label: str, delivery: Delivery) -> tuple[object, ...]:
    counts = [
        sum(getattr(e, name) for e in delivery.entries)
        for name in (
            "rows_read",
            "rows_kept",
            "rows_quarantined",
            "rows_superseded",
            "stop_count",
            "fix_count",
            "warn_count",
        )
    ]
    rows, problems = counts[0], sum(counts[4:])
    rate = round(100 * problems / rows, 1) if rows else None
    return (DATASETS[dataset], label, delivery.received_at.date(), *counts, rate)


def _chart(sheet: Worksheet, first: int, last: int) -> BarChart:
    """Columns of problems per 100 rows, one for each delivery in rows `first` to `last`."""
    chart = BarChart()
    chart.type = "col"
    chart.style = 10
    chart.legend = None
    chart.gapWidth = 60
    chart.height, chart.width = 7.6, 13  # centimetres
    column = 1 + len(TREND)
    chart.add_data(Reference(sheet, min_col=column, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=3, min_row=first, max_row=last))
    chart.series[0].graphicalProperties.solidFill = "2E75B6"
    chart.dataLabels = DataLabelList(showVal=True)
    for shown in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, shown, False)
    chart.y_axis.scaling.min = 0
    chart.y_axis.number_format = "0"
    # Excel hides the axes of a chart that does not say this.
    chart.x_axis.delete = chart.y_axis.delete = False
    return chart


PROBLEM_COLUMNS = {
    "How grave": 12,
    "Return or table": 24,
    "Field": 24,
    "What is wrong": 50,
    "How to fix it": 50,
    "Rows": 10,
    "Share of rows": 10,
    "Files": 8,
    "Where: file and some of its rows": 44,
    "Check": 30,
}


def _problems(sheet: Worksheet, contents: Contents) -> None:
    """One line for each kind of failure: what one fix mends most of comes first."""
    lines = [_problem_line(p) for p in contents.problems]
    if not lines:
        lines = [_said(PROBLEM_COLUMNS, "Nothing was found.")]
    if len(lines) == MOST_PROBLEMS:
        what = f"These are the first {MOST_PROBLEMS:,} problems."
        how = "Mend them first; the next feedback shows what is left."
        lines.append(_said(PROBLEM_COLUMNS, what, how))
    add_table(
        sheet, PROBLEM_COLUMNS, lines, {"Rows": WHOLE, "Share of rows": "0.0%", "Files": WHOLE}
    )


def _problem_line(problem: Problem) -> tuple[object, ...]:
    share = None
    if problem.rows and problem.file_rows:
        share = min(1.0, problem.rows / problem.file_rows)
    return (
        problem.severity,
        _table_words(problem.table_name),
        _field_words(problem.table_name, problem.field),
        problem.message,
        problem.how_to_fix,
        problem.rows or None,
        share,
        problem.files,
        "\n".join(_place_words(*place) for place in problem.places),
        problem.check_id,
    )


def _said(columns: Iterable[str], what: str, how: str = "") -> tuple[object, ...]:
    """A line of a table that says something about the table itself."""
    words = {"What is wrong": what, "How to fix it": how}
    return tuple(words.get(column) for column in columns)


def _place_words(file: str, rows: list[int] | None) -> str:
    if not rows:
        return file
    shown = ", ".join(f"{row}" for row in rows[:5])
    return f"{file}: {'row' if len(rows) == 1 else 'rows'} {shown}{', …' if len(rows) > 5 else ''}"


ROW_COLUMNS = {
    "How grave": 12,
    "File": 34,
    "Sheet": 16,
    "Row": 9,
    "Child": 16,
    "Field": 24,
    "Value": 28,
    "What is wrong": 50,
    "How to fix it": 50,
    "Check": 30,
}


def _rows(sheet: Worksheet, contents: Contents) -> None:
    """One line for each row and check that it fails, the gravest first."""
    add_table(sheet, ROW_COLUMNS, _row_lines(contents), {"Row": "0"})


def _row_lines(contents: Contents) -> Iterator[tuple[object, ...]]:
    if contents.number_of_rows > len(contents.rows):
        what = f"These are the first {len(contents.rows):,} of {contents.number_of_rows:,} lines."
        yield _said(ROW_COLUMNS, what, "All of them are in feedback.csv, beside this workbook.")
    for severity, file, sheet, number, child, field, *rest, table_name in contents.rows:
        yield severity, file, sheet, number, child, _field_words(table_name, field or ""), *rest
    if not contents.rows:
        yield _said(ROW_COLUMNS, "Nothing was found.")


def _table_words(name: str) -> str:
    table = load_standards().get(name)
    if table is None:
        return "File not recognised"
    return f"SSDA903 {table.header_name}" if table.dataset == "ssda903" else table.title


def _field_words(table_name: str, field: str) -> str:
    """The headings of the fields, as the template has them, joined by commas."""
    table = load_standards().get(table_name)
    if table is None or not field:
        return field
    # A rule of DfE's may look at what stands in another table, or is worked out: by its heading.
    headings = {f.name: f.header for f in table.fields}
    return ", ".join(headings.get(name, name) for name in field.split(", "))


def _template_in_use(entries: Sequence[Entry]) -> Table | None:
    """The version of the last accepted placement return, where it has a spreadsheet.

    Records have none: a system writes them.
    """
    sent = [e for e in entries if e.dataset == "placements" and e.status == "accepted"]
    last = max(sent, key=lambda e: (e.period, e.received_at), default=None)
    table = load_standards().get(last.table_name) if last else None
    return table if table and table.template_example else None


def _how_to_use() -> str:
    return (
        f"A blank return, for the next time: mark the tabs {COVER_SHEET}, {DATA_SHEET} and "
        f"{OPTIONS_SHEET} together, choose Move or Copy, a new book and a copy, and save that as a "
        "new file. Do not send the feedback itself back."
    )


def _latest_year(entries: Sequence[Entry]) -> int | None:
    """The latest collection year of which a table of SSDA903 was accepted."""
    years = [e.year for e in entries if e.status == "accepted" and e.year]
    return max(years, default=None)


def _columns_of_ssda903(sheet: Worksheet, year: int) -> None:
    """What each table of a collection year may hold: its columns, their formats and codes."""
    columns = {
        "Table": 18,
        "Column": 26,
        "Needed": 14,
        "Format": 24,
        f"Codes in {year}": 60,
        "What it is": 60,
    }
    tables = [t for t in load_standards().values() if t.dataset == "ssda903"]
    lines = [
        (table.header_name, *_column_words(field, year))
        for table in tables
        if year >= (table.from_year or 0)
        for field in table.fields
    ]
    add_table(sheet, columns, lines, {})


def _column_words(field: Field, year: int) -> tuple[str, ...]:
    codes = ", ".join(field.values_in(year))
    needed = NEEDED[field.required]
    return field.header, needed, FORMATS[field.type], codes, field.message
