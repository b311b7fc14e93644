"""What a manifest.yml declares goes before content and names; what is wrong with it is told."""

from pathlib import Path

import pytest

from pipeline.intake.declared import Declaration, chosen_sheets, declarations, is_manifest
from pipeline.intake.read import Sheet, Unreadable, read_sheets
from pipeline.intake.recognise import Recognised, recognise
from pipeline.settings import PROJECT
from pipeline.standards.load import load_standards
from tests.intake.test_recognise import TABLES, a_row, workbook

GUIDE = PROJECT / "docs" / "la-data-officer.md"


def place(folder: Path, manifest: str | bytes, *files: str, name: str = "manifest.yml") -> None:
    """A folder with a manifest and some files beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    content = manifest.encode() if isinstance(manifest, str) else manifest
    (folder / name).write_bytes(content)
    for file in files:
        (folder / file).write_bytes(b"x")


def stopped(folder: Path, path: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        declarations(folder)(path)
    return caught.value


def test_without_a_manifest_nothing_is_declared(tmp_path):
    (tmp_path / "2026").mkdir()
    look_up = declarations(tmp_path)
    assert look_up("2026/x.csv") is None
    assert look_up("not there/x.csv") is None
    assert declarations(tmp_path / "none")("x.csv") is None


def test_the_example_of_the_guide(tmp_path):
    text = GUIDE.read_text(encoding="utf-8")
    example = text.split("```yaml\n", 1)[1].split("```", 1)[0]
    place(tmp_path / "2026", example, "my export.csv", "Return.xlsx", "all.zip")
    look_up = declarations(tmp_path)
    la = "E06000066"
    said = {
        "my export.csv": Declaration("episodes", "2026", header_row=2, la=la),
        "Return.xlsx": Declaration("nps_2026_06", "2025Q4", sheet="Sheet1", la=la),
        "all.zip/old/header.csv": Declaration("header", "2025", la=la),
        "all.zip/reviews.csv": Declaration(la=la),
        "notes of May.docx": Declaration(ignore=True, la=la),
        "other.csv": Declaration(la=la),
    }
    assert {n: look_up(f"2026/{n}") for n in said} == said
    assert look_up("2025/my export.csv") is None  # its own folder only
    assert look_up("2026/below/my export.csv") is None


@pytest.mark.parametrize("name", ["manifest.yaml", "Manifest.YML", "manifest.yml.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_however_an_editor_saves_it(tmp_path, name, encoding):
    text = "files:\r\n  - file: Zoë's.csv\r\n    table: Episodes\r\n"
    place(tmp_path, text.encode(encoding), "Zoë's.csv", name=name)
    assert is_manifest(name)
    assert declarations(tmp_path)("zoë's.CSV") == Declaration("episodes")


def test_a_name_goes_before_a_pattern_and_a_member_before_its_archive(tmp_path):
    manifest = """
        files:
          - {file: "*.csv", table: reviews}
          - {file: "e?is*.csv", table: header}
          - {file: "episodes [1].csv", table: episodes}
          - {file: "old.zip", period: 2024}
          - {file: "old.zip/new.xlsx", period: 2026}
    """
    place(tmp_path, manifest, "episodes [1].csv", "old.zip")
    look_up = declarations(tmp_path)
    assert look_up("episodes [1].csv").table == "episodes"
    assert look_up("episodes 1.csv").table == "reviews"  # brackets are no pattern; the first counts
    assert look_up("old.zip/deep/er.xlsx").period == "2024"
    assert look_up("old.zip/new.xlsx").period == "2026"
    assert look_up("old.zip") == Declaration(period="2024")


def test_the_fingerprint_changes_with_everything_declared():
    variants = [
        Declaration(), Declaration("episodes"), Declaration(period="2026"),
        Declaration(sheet="S"), Declaration(header_row=1), Declaration(la="E06000066"),
        Declaration(ignore=True),
    ]  # fmt: skip
    assert len({d.fingerprint for d in variants}) == len(variants)
    assert Declaration("episodes").fingerprint == Declaration("episodes").fingerprint


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nfiles: *c\n"
FAULTY = {
    "not YAML": ("files: [\n", "line 2", "not well-formed"),
    "a tab": ("files:\n\t- file: x.csv\n", "line 2", "has a tab"),
    "nothing": ("", "manifest.yml should", "hold the keys la, files"),
    "a text": ("hello", "line 1", "hold the keys"),
    "a list": ("- file: x.csv", "line 1", "hold the keys"),
    "an unknown key": ("lee: E06000066\n", "line 1", "none of la, files"),
    "an unknown key of a file": ("files:\n  - file: x.csv\n    yaer: 2026\n", "line 3", "none of"),
    "a key twice": ("files:\n  - file: x.csv\n    file: y.csv\n", "line 3", "a second time"),
    "a file twice": ("files:\n  - file: x.csv\n  - file: X.csv\n", "line 3", "a second time"),
    "no list": ("files: x.csv\n", "line 1", "begin a list"),
    "no file": ("files:\n  - table: episodes\n", "line 2", "without file"),
    "no such table": ("files:\n  - file: x.csv\n    table: children\n", "line 3", "there is not"),
    "no such period": ("files:\n  - file: x.csv\n    period: 2025-26\n", "line 3", "another form"),
    "a period of another kind": (
        "files:\n  - file: x.csv\n    table: episodes\n    period: 2025Q4\n",
        "line 4", "its table does not have"),
    "row 0": ("files:\n  - file: x.csv\n    header_row: 0\n", "line 3", "number from 1"),
    "a huge row": (f"files:\n  - file: x.csv\n    header_row: {'9' * 5000}\n", "line 3", "number"),
    "perhaps": ("files:\n  - file: x.csv\n    ignore: perhaps\n", "line 3", "true or false"),
    "ignored and declared": (
        "files:\n  - file: x.csv\n    ignore: true\n    table: episodes\n", "line 3", "too"),
    "two values": ("files:\n  - file: x.csv\n    table: [episodes]\n", "line 3", "one value"),
    "no value": ("files:\n  - file: x.csv\n    table:\n", "line 3", "one value"),
    "a bomb": (BOMB, "line 1", "reference"),
    "a program": ("la: !!python/object/apply:os.system [ls]\n", "line 1", "type of its own"),
    "deep": ("files: " + "[" * 5000, "line 1", "too deeply"),
    "huge": ("#" * 70_000, "manifest.yml is", "larger than 64 KB"),
    "two documents": ("la: a\n---\nla: b\n", "line 2", "not well-formed"),
    "NUL": ("files:\0", "manifest.yml is", "not well-formed"),
    "a missing file": ("files:\n  - file: Hernandez.csv\n", "line 2", "not in this folder"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_what_is_wrong_with_a_manifest_is_told_with_its_line(tmp_path, name):
    manifest, where, what = FAULTY[name]
    place(tmp_path / "2026", manifest, "x.csv")
    stop = stopped(tmp_path, "2026/x.csv")
    assert stop.code == "manifest_faulty"
    assert where in stop.reason.replace("Line", "line").replace("Manifest", "manifest")
    assert what in stop.reason
    assert stop.how_to_fix
    assert "Hernandez" not in stop.reason + stop.how_to_fix
    assert declarations(tmp_path)("2025/x.csv") is None


def test_a_name_that_is_not_there_stops_only_what_may_be_meant(tmp_path):
    place(tmp_path, "files:\n  - file: a.csv\n  - file: gone.csv\n  - file: '*.bak'\n", "a.csv")
    assert declarations(tmp_path)("a.csv") == Declaration()
    assert "Line 3" in stopped(tmp_path, "b.csv").reason
    place(tmp_path, "files:\n  - file: '*.bak'\n    ignore: true\n")
    assert declarations(tmp_path)("b.csv") is None


def test_two_manifests_and_links_are_refused(tmp_path):
    place(tmp_path / "two", "la: E06000066\n", name="manifest.yml")
    place(tmp_path / "two", "la: E06000066\n", name="manifest.yaml")
    assert "twice" in stopped(tmp_path, "two/x.csv").reason
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "manifest.yml").symlink_to(tmp_path / "two" / "manifest.yml")
    assert "link" in stopped(tmp_path, "link/x.csv").reason


def test_each_manifest_is_read_once(tmp_path):
    place(tmp_path, "la: E06000066\n")
    look_up = declarations(tmp_path)
    assert look_up("a.csv").la == "E06000066"
    (tmp_path / "manifest.yml").unlink()
    assert look_up("b.csv").la == "E06000066"


def test_only_the_declared_sheet_counts():
    sheets = [Sheet("Data ", "a", 1), Sheet("Old", "b", 1, is_hidden=True)]
    assert chosen_sheets(sheets, None) == sheets
    assert chosen_sheets(sheets, Declaration("episodes")) == sheets
    assert [s.relation for s in chosen_sheets(sheets, Declaration(sheet="data"))] == ["a"]
    (old,) = chosen_sheets(sheets, Declaration(sheet="Old"))
    assert not old.is_hidden
    with pytest.raises(Unreadable) as caught:
        chosen_sheets(sheets, Declaration(sheet="Hernandez"))
    assert caught.value.code == "manifest_faulty"
    assert "Hernandez" not in caught.value.reason


@pytest.fixture
def recognised(connection, tmp_path):
    """What the rows of one sheet are recognised as, with what is declared."""

    def known(rows: list[list], declared: Declaration | None = None) -> Recognised:
        file = tmp_path / "x.xlsx"
        file.write_bytes(workbook({"S": rows}))
        (sheet,) = read_sheets(connection, file, "declared_test")
        return recognise(connection, sheet, load_standards(), "x.xlsx", declared)

    return known


FEW = [["CHILD", "DECOM", "ours", "theirs", "more", "and more"], ["A1", "01/05/2025"]]


def test_a_declared_table_is_read_however_little_fits(recognised):
    with pytest.raises(Unreadable):
        recognised(FEW)
    found = recognised(FEW, Declaration("episodes"))
    assert (found.table.name, found.header_row) == ("episodes", 1)
    assert found.columns == {"child": 0, "decom": 1}
    assert len(found.extra) == 4
    same = [["CHILD", "SEX", "DOB"], ["A1", "M", "01/02/2012"]]
    assert recognised(same, Declaration("header")).table.name == "header"


def test_a_declared_table_needs_its_key_columns(recognised):
    with pytest.raises(Unreadable) as caught:
        recognised(FEW, Declaration("reviews"))
    assert caught.value.code == "key_column_missing"
    assert "CHILD and REVIEW" in caught.value.reason


def test_a_declared_header_row_is_the_header_row(recognised):
    head = list(a_row(TABLES["episodes"]))
    other = [h for h in head if h != "URN"]
    rows = [other, ["A1"], head, ["A2"]]
    assert recognised([rows[0], rows[2], rows[3]]).header_row == 2  # the better of a block
    assert recognised(rows).header_row == 1
    assert recognised(rows, Declaration(header_row=3)).header_row == 3
    assert recognised(rows, Declaration("episodes", header_row=3)).header_row == 3
    for table in (None, "episodes"):
        for row in (2, 99):
            with pytest.raises(Unreadable):
                recognised(rows, Declaration(table, header_row=row))


def test_a_declared_header_row_may_stand_far_down(recognised):
    rows = [["a line"]] * 60 + [list(a_row(TABLES["reviews"])), ["A1"]]
    with pytest.raises(Unreadable):
        recognised(rows)
    assert recognised(rows, Declaration(header_row=61)).table.name == "reviews"


@pytest.mark.parametrize(("table", "period"), [("reviews", "2025Q4"), ("nps_2026_06", "2026")])
def test_a_declared_period_is_of_the_kind_that_the_table_has(recognised, table, period):
    rows = [list(a_row(TABLES[table])), ["A1"]]
    with pytest.raises(Unreadable) as caught:
        recognised(rows, Declaration(period=period))
    assert caught.value.code == "manifest_faulty"
