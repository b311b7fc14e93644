"""A `manifest.yml` beside the files: what it puts right, and what is wrong with it."""

import os
from pathlib import Path

from tests.faults.case import HERE, REVIEWS, Content, End, Fault, mark_of
from tests.faults.workbooks import reviews_workbook

MANIFEST = "2026/manifest.yml"
BOOK = "2026/reviews.xlsx"
# Child, birth and sex alone could be of several tables.
FEW = "CHILD,DOB,SEX\r\n{m}1,17/02/2012,M\r\n"


def says(text: str) -> str:
    """A manifest of one file."""
    return f"files:\n  - file: reviews.csv\n    {text}\n"


def put_right(
    name: str,
    manifest: Content,
    *ends: End,
    content: Content = REVIEWS,
    path: str = HERE,
    short: bool = False,
) -> Fault:
    """A file that is read as its manifest says."""
    return Fault(name, {path: content, MANIFEST: manifest}, ends, short=short)


def wrong(
    name: str,
    manifest: Content,
    *words: str,
    code: str = "manifest_faulty",
    content: Content = REVIEWS,
    path: str = HERE,
    short: bool = False,
) -> Fault:
    """A file that is stopped because of its manifest, with words that tell where to mend it."""
    end = End(code, kept=0, file=path)
    return Fault(name, {path: content, MANIFEST: manifest}, (end,), says=words, short=short)


def manifest_as_link(folder: Path) -> None:
    outside = folder.parent.parent.parent / "manifest outside.yml"
    outside.write_text(says("ignore: true"))
    (folder / "2026").mkdir(parents=True)
    (folder / HERE).write_text(REVIEWS.replace("{m}", mark_of("manifest_is_a_link")))
    (folder / MANIFEST).symlink_to(outside)
    os.utime(folder / HERE)


FAULTS = (
    Fault("ambiguous_table", {"2026/list.csv": FEW}, (End("ambiguous", file="2026/list.csv"),),
          says=("header", "uasc", "manifest.yml"), short=True),
    put_right("manifest_tells_the_table", says("table: uasc"), End("", "uasc", 1, 1),
              content=FEW, short=True),
    put_right("manifest_tells_the_period", says("period: 2024"),
              End("", "reviews", 3, 3, period="2024")),
    put_right("manifest_tells_the_row_of_headings", says("header_row: 70"),
              End("", "reviews", 3, 3), content="line\r\n" * 69 + REVIEWS),
    put_right("manifest_tells_to_ignore", says("ignore: true"), End("ignored", kept=0)),
    put_right("manifest_in_utf16", says("period: 2024").encode("utf-16"),
              End("", "reviews", 3, 3, period="2024")),
    wrong("manifest_of_another_table", says("table: episodes"), "manifest.yml", "DECOM",
          code="key_column_missing"),
    wrong("manifest_of_a_table_that_is_none", says("table: reveiws"), "line 3", "episodes"),
    wrong("manifest_of_another_authority", "la: E10000008\n" + says("period: 2026"),
          "another authority", code="other_authority", short=True),
    wrong("manifest_of_a_quarter_for_a_year", says("period: 2025Q4"), "2026"),
    wrong("manifest_of_a_period_that_is_none", says("period: last year"), "line 3"),
    wrong("manifest_with_an_unknown_key", says("tabel: reviews"), "line 3"),
    wrong("manifest_with_a_key_twice", says("period: 2024\n    period: 2025"), "line 4"),
    wrong("manifest_with_a_file_that_is_not_there",
          "files:\n  - {file: review.csv, period: 2024}\n", "line 2"),
    wrong("manifest_with_a_row_of_headings_that_is_none", says("header_row: first"), "line 3"),
    wrong("manifest_with_a_row_without_headings", says("header_row: 2"), code="not_recognised"),
    wrong("manifest_that_is_no_yaml", "files: [reviews.csv: {", "manifest.yml", short=True),
    wrong("manifest_with_tabs", "files:\n\t- file: reviews.csv\n", "tab"),
    wrong("manifest_of_no_bytes", b"", "manifest.yml"),
    wrong("manifest_of_a_list", "- reviews.csv\n", "manifest.yml"),
    wrong("manifest_of_noise", bytes(range(256)) * 4, "manifest.yml"),
    wrong("manifest_that_runs_a_program",
          says("table: !!python/object/apply:os.system [touch escaped.csv]"), "line 3"),
    wrong("manifest_of_billion_laughs",
          "a: &a [ha, ha]\nb: &b [*a, *a]\nfiles: [*b, *b]\n", "manifest.yml"),
    wrong("manifest_too_large", "# " + "x" * 70_000 + "\n" + says("period: 2026"), "larger"),
    wrong("manifest_too_deep", "[" * 60 + "]" * 60, "manifest.yml"),
    wrong("manifest_of_a_sheet_that_is_not_there",
          "files:\n  - {file: reviews.xlsx, sheet: Old}\n", "sheet", content=reviews_workbook(),
          path=BOOK),
    Fault("manifest_is_a_link", {}, (End("manifest_faulty", kept=0),), says=("link",),
          act=manifest_as_link),
    Fault("manifest_twice", {HERE: REVIEWS, MANIFEST: says("period: 2024"),
          "2026/manifest.yaml": says("period: 2025")}, (End("manifest_faulty", kept=0),),
          says=("twice",)),
    Fault("manifest_of_another_folder", {HERE: REVIEWS, "manifest.yml": says("period: 2024")},
          (End("", "reviews", 3, 3, period="2026"),)),
)  # fmt: skip
