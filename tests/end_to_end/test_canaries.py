"""Canaries: identifiers and free text planted in every place, then searched for everywhere.

Only the LA zone (`la/<code>/` and `reports/<code>/`) and the landing folder may hold them.
"""

import csv
import json
import shutil

import duckdb
import openpyxl
import pytest

from pipeline.settings import PROJECT
from pipeline.standards.load import load_standards
from pipeline.standards.template import write_workbook
from tests.conftest import empty_home

CHILD = "CANARYCHILD77"
OFFICER = "Canaryofficer"
LOCAL = "CANARYLOCAL"
POSTCODE = "TA1 4CN"
BIRTH = "17/11/2011"
TEXT = "canarytext"
FILE = "canaryfile"
SHEET = "canarysheet"
BAD = "canarybadvalue"
# As they were sent, and as anything might write them.
CANARIES = (
    CHILD, OFFICER, LOCAL, POSTCODE, "TA14CN", BIRTH, "2011-11-17", TEXT, FILE, SHEET, BAD
)  # fmt: skip
LAS = ("E06000066", "E06000059")
REGION = (
    "region: Canary region\nsynthetic: true\nhub: E06000066\n"
    "purposes: {sufficiency: [placements, ssda903]}\nauthorities:\n"
    "  - {code: E06000066, name: Somerset, folder: somerset, also: [Somerset County Council],\n"
    "     agreements: &agreed [{purpose: sufficiency, signed: 2025-04-01, until: 2099-12-31}]}\n"
    "  - {code: E06000059, name: Dorset, folder: dorset, agreements: *agreed}\n"
)


def _placement_row(table):
    """A row with a canary in every text and a bad value in some that are not."""
    row = {f.name: next(iter(f.options), "") for f in table.fields}
    row |= {f.name: TEXT for f in table.fields if f.type == "text"}
    row |= {f.name: OFFICER for f in table.fields if "officer" in f.name}
    row |= {f.name: "Yes" for f in table.fields if f.type == "boolean"}
    row |= {f.name: "12/05/2025" for f in table.fields if f.type == "date"}
    row |= {f.name: "1" for f in table.fields if f.type == "integer"}
    row |= {f.name: "1200" for f in table.fields if f.type == "money"}
    row |= {f.name: POSTCODE for f in table.fields if "postcode" in f.type}
    row |= {"child_id": CHILD, "provider_urn": "SC123456"}
    return row


def _write_csv(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


@pytest.fixture(scope="module")
def run_with_canaries(tmp_path_factory, sample_home, command_line):
    folder = tmp_path_factory.mktemp("canaries")
    (folder / "region.yml").write_text(REGION)
    landing = folder / "landing"
    rcc = load_standards()["rcc_v2"]
    good = _placement_row(rcc) | {"local_identifier": LOCAL, "preferred_location": TEXT}
    bad = good | {"search_urgency": BAD, "placement_type": BAD, "agreed_weekly_cost": BAD,
                  "placement_needed_by_date": BAD, "provider_urn": BAD}  # fmt: skip
    book = landing / "somerset" / "placements" / "2025Q2" / f"{FILE}.xlsx"
    book.parent.mkdir(parents=True)
    write_workbook(book, rcc, [good, bad | {"referral_form_date": "13/05/2025"}])
    workbook = openpyxl.load_workbook(book)
    workbook.create_sheet(SHEET)["A1"] = BAD
    workbook.save(book)
    for year in ("2025", "2026"):
        place = landing / "somerset" / "ssda903" / year
        header = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
        _write_csv(place / "header.csv", header, [
            [CHILD, "F", BIRTH, "WBRI", TEXT, "0", ""], [f"{CHILD}B", BAD, BAD, BAD, BAD, BAD, BAD],
        ])  # fmt: skip
        episodes = ["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC",
                    "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"]  # fmt: skip
        _write_csv(place / "episodes.csv", episodes, [
            [CHILD, f"12/05/{int(year) - 1}", "S", "C2", "N1", "U6", "PR4", "", "", "", POSTCODE,
             POSTCODE, "SC123456"],
            [f"{CHILD}B", f"01/06/{int(year) - 1}", BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
             BAD, BAD],
            [f"{CHILD}C", BAD, "S", "C2", "N1", "U6", "PR4", "", "", "", POSTCODE, BAD, BAD],
        ])  # fmt: skip
    records = landing / "dorset" / "placements" / "2025Q2"
    records.mkdir(parents=True)
    record = {"@id": f"ex:{CHILD}", "@type": "Placement"} | {
        f.header: v
        for f in load_standards()["nps_records"].fields
        if (v := _placement_row(load_standards()["nps_records"]).get(f.name)) is not None
    }
    (records / f"{CHILD}.jsonld").write_text(json.dumps([record, record | {"pets": BAD}]))
    (records / f"{FILE}.json").write_text('{"childId": "' + CHILD)  # cut off
    (records / f"{FILE}.csv").write_text(f"{CHILD},{TEXT}\n{BAD},{OFFICER}\n")
    (landing / "somerset").rename(landing / "Somerset County Council")
    (landing / FILE).mkdir()
    (landing / FILE / f"{CHILD}.csv").write_text(CHILD)  # in no authority's folder
    home = empty_home(tmp_path_factory)
    shutil.copytree(sample_home / "reference", home / "reference")  # postcodes of the whole country
    ran = command_line(
        home,
        "run",
        region=str(folder / "region.yml"),
        landing=str(landing),
        key="a key of more than thirty-two bytes, for canaries",
    )
    return home, ran


def _found_in(text):
    return sorted({c for c in CANARIES if c.lower() in text.lower()})


def test_the_run_ends_well_and_the_canaries_arrived(run_with_canaries):
    home, ran = run_with_canaries
    assert ran.code == 0, ran.said
    zone = "".join(
        str(duckdb.sql(f"select * from read_parquet('{f}')").fetchall())
        for f in (home / "la").rglob("*.parquet")
    )
    assert _found_in(zone) == sorted(set(CANARIES) - {"2011-11-17", "TA14CN"})
    with duckdb.connect(str(home / "warehouse/common_core_warehouse.duckdb")) as connection:
        children = connection.execute("select count(*) from common_core.child").fetchall()
    assert children == [(3,)]  # the bad start date stops the third child of Somerset; Dorset's one


def test_nothing_is_said_on_the_terminal(run_with_canaries):
    _, ran = run_with_canaries
    assert "Files in no authority's folder, read by nobody: 1" in ran.said
    assert _found_in(ran.said) == []


def test_no_parquet_of_the_hub_holds_one(run_with_canaries):
    home, _ = run_with_canaries
    files = list((home / "hub").rglob("*.parquet"))
    assert files
    for file in files:
        assert _found_in(str(duckdb.sql(f"select * from read_parquet('{file}')").fetchall())) == []
        assert _found_in(file.as_posix()) == []


def test_no_table_of_the_warehouse_holds_one(run_with_canaries):
    home, _ = run_with_canaries
    for file in (home / "warehouse").rglob("*.duckdb"):
        with duckdb.connect(str(file), read_only=True) as connection:
            tables = connection.execute(
                "select schema_name || '.\"' || table_name || '\"' from duckdb_tables()"
            ).fetchall()
            assert tables
            for (table,) in tables:
                rows = connection.execute(f"select * from {table}").fetchall()
                assert _found_in(str(rows)) == [], table


def test_the_feedback_holds_them_and_lies_in_the_la_zone(run_with_canaries):
    """So the search below would find them if they lay anywhere else."""
    home, _ = run_with_canaries
    for name in ("feedback.csv", "feedback.xlsx"):
        assert {f.parent for f in home.rglob(name)} == {home / "reports" / code for code in LAS}
        assert list(home.glob(f"la/*/{name}")) == []
    said = (home / "reports" / LAS[0] / "feedback.csv").read_text(encoding="utf-8-sig")
    assert {CHILD, FILE, BAD} <= set(_found_in(said))
    book = openpyxl.load_workbook(home / "reports" / LAS[0] / "feedback.xlsx", read_only=True)
    rows = [row for name in ("Problems", "Rows") for row in book[name].values]
    assert {CHILD, FILE, BAD} <= set(_found_in(str(rows)))


def test_no_other_file_outside_the_la_zone_holds_one(run_with_canaries):
    """Dagster's storage and logs, dbt's logs, Data Docs, the share's receipts, …"""
    home, _ = run_with_canaries
    searched = 0
    for file in home.rglob("*"):
        if not file.is_file() or file.suffix == ".parquet":
            continue
        inside = file.relative_to(home).parts
        if inside[0] in ("la", "reference") or (inside[0] == "reports" and inside[1] in LAS):
            continue
        searched += 1
        assert _found_in(file.read_bytes().decode("utf-8", errors="ignore")) == [], file
        assert _found_in(file.relative_to(home).as_posix()) == [], file
    assert searched > 20
    assert (home / "dagster").is_dir()
    assert (home / "reports" / "data_docs" / "index.html").is_file()


def test_the_project_itself_is_not_written_to(run_with_canaries):
    for folder in ("dbt_project", "pipeline", "expectations"):
        for file in (PROJECT / folder).rglob("*"):
            if file.is_file() and file.suffix in (".log", ".json", ".yml", ".html", ".sql"):
                assert _found_in(file.read_text(encoding="utf-8")) == [], file
