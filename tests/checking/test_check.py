"""`common-core check`: what it finds, what it writes, and how it ends."""

import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.settings import PROJECT
from pipeline.synthetic.cli_command import plan_for
from pipeline.synthetic.region import make_region
from tests.checking.conftest import (
    CANARY_CHILD,
    CANARY_VALUE,
    DEVON,
    csv_text,
    episode,
    header,
)

FAILURES = ["code", "table", "row", "child", "fields", "message", "how_to_fix"]


def broken(**said: str) -> dict[str, list]:
    """A return with one child whose date of birth is none."""
    return {
        "episodes": [episode(CANARY_CHILD, **said), episode("B")],
        "header": [header("B"), header(CANARY_CHILD, DOB=CANARY_VALUE)],
    }


def test_the_rules_are_run_and_what_fails_is_written(check, send):
    ran = check(send(**broken()), "--la", DEVON)
    assert ran.code == 1
    rows = ran.rows()
    assert list(rows[0]) == FAILURES
    (found,) = [r for r in rows if r["code"] == "102"]
    assert (found["table"], found["row"], found["child"]) == ("Header", "1", CANARY_CHILD)
    assert found["fields"] == "DOB"
    assert found["message"] == "Date of birth is not a valid date."
    assert found["how_to_fix"]
    assert "collection year 2026" in ran.said
    assert "the dates in the files" in ran.said
    assert "2026/header.csv" in ran.said
    assert "102" in ran.said
    assert "These files name children" in ran.said


@pytest.mark.usefixtures("few_rules")
def test_both_reports_are_written_beside_it(check, send):
    ran = check(send(**broken()))
    errors = {r["Code"]: r for r in ran.rows("error_summary.csv")}
    assert errors["102"]["Error Count"] == "1"
    children = [r for r in ran.rows("child_summary.csv") if r["Error Code"] == "102"]
    assert [r["Affected Values"] for r in children] == [f"DOB: {CANARY_VALUE}"]
    assert load_workbook(ran.out / "ssda903_report.xlsx").sheetnames == [
        "Error Summary",
        "Child Summary",
    ]
    failures = [(r["code"], r["table"], r["row"]) for r in ran.rows()]
    reported = [
        (r["Error Code"], r["Affected Table"], r["Error Row"])
        for r in ran.rows("child_summary.csv")
    ]
    assert sorted(f for f in failures if f[2]) == sorted(reported)


def test_a_clean_return_gives_zero_and_reports(check, send, providers):
    """Two boys too young for school, in foster care."""
    foster = {"PLACE": "U1", "URN": "SC000003", "PL_POST": "EX2 4QD", "HOME_POST": "EX1 1AA"}
    folder = send(
        header=[header(child, DOB="01/02/2024", SEX="M") for child in ("A", "B")],
        episodes=[episode(child, **foster) for child in ("A", "B")],
    )
    ran = check(folder, "--la", DEVON, "--providers", providers)
    assert ran.rows() == []
    assert ran.code == 0, ran.said
    assert ran.rows("error_summary.csv") == ran.rows("child_summary.csv") == []
    assert "Nothing was found that must be mended" in ran.said


@pytest.mark.usefixtures("few_rules")
def test_last_years_return_makes_the_rules_across_years_apply(check, send):
    mine = send(episodes=[episode("A", DECOM="01/05/2024", RNE="P")])
    last = send(2025, episodes=[episode("A", DECOM="01/05/2024", RNE="S")])
    alone = check(mine, "--year", "2026")
    assert "503A" not in alone.codes()
    assert "give last year's return with --previous" in alone.said
    both = check(mine, "--year", "2026", "--previous", last)
    assert "503A" in both.codes()
    assert "Compared with 2025: 1 file, 1 row." in both.said


def test_rules_about_the_authority_need_its_code(check, send):
    there = send(**broken())
    assert "needs the authority's code (give it with --la)" in check(there).said
    assert "needs the authority's code" not in check(there, "--la", "devon").said


def test_without_postcodes_rules_about_places_do_not_apply(check, send, tmp_path):
    shutil.rmtree(tmp_path / "home")
    ran = check(send(**broken()), "--no-postcodes")
    assert "needs postcode (check without --no-postcodes)" in ran.said
    assert not (tmp_path / "cache").exists()


@pytest.mark.usefixtures("few_rules")
def test_a_relative_path(check, send, tmp_path, monkeypatch):
    folder = send(**broken())
    monkeypatch.chdir(folder)
    ran = check(".", out=tmp_path / "out")
    assert "2026/header.csv" in ran.said  # the folder's own name may tell the year
    assert "102" in ran.codes()


@pytest.mark.usefixtures("few_rules")
def test_results_are_not_read_as_files_and_old_ones_go(check, send):
    folder = send(**broken())
    out = folder / "check-results"
    assert "102" in check(folder, out=out).codes()
    (folder / "header.csv").write_text(csv_text([header("A")]))
    second = check(folder, out=out)
    assert "check-results" not in second.said.split("Written to")[0]
    assert "102" not in second.codes()
    assert not (out / ".checking").exists()


@pytest.mark.usefixtures("few_rules")
def test_the_same_bytes_twice_count_once(check, send):
    folder = send(**broken())
    shutil.copyfile(folder / "header.csv", folder / "header (copy).csv")
    ran = check(folder)
    assert len([r for r in ran.rows() if r["code"] == "102"]) == 1
    assert "under another name" in ran.said


def test_a_table_without_rows_was_delivered(check, send):
    uasc = "CHILD,SEX,DOB,DUC\r\n"
    without = check(send(**broken()))
    with_it = check(send(**broken(), uasc=uasc))
    assert "needs UASC:" in without.said
    assert "needs UASC:" not in with_it.said
    assert "file.no_rows" in with_it.codes()


@pytest.mark.usefixtures("few_rules")
def test_missing_columns_are_told_as_they_count_as_blank(check, send):
    rows = [{k: v for k, v in header("A").items() if k not in ("UPN", "SEX")}]
    ran = check(send(header=rows, episodes=[episode("A")]))
    told = {r["code"]: r for r in ran.rows() if r["code"].endswith(".column")}
    assert set(told) == {"header.upn.column", "header.sex.column"}
    assert told["header.sex.column"]["message"].startswith("2026/header.csv: ")
    assert told["header.sex.column"]["row"] == ""


def test_xml_is_a_whole_return(check, tmp_path):
    (tmp_path / "return.xml").write_text(
        "<SSDA903><CHILD><HEADER><CHILDID>A1</CHILDID><SEX>F</SEX><DOB>01/02/2012</DOB>"
        "<ETHNIC>XXXX</ETHNIC><UPN>UN1</UPN></HEADER><EPISODE><DECOM>01/05/2025</DECOM>"
        "<RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U1</PL></EPISODE></CHILD></SSDA903>"
    )
    ran = check(tmp_path / "return.xml")
    assert "103" in ran.codes()  # ethnicity
    assert "needs UASC:" not in ran.said
    assert not [c for c in ran.codes() if c.endswith(".column")]


@pytest.mark.usefixtures("few_rules")
def test_files_in_a_zip_and_a_workbook_are_read(check, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("2026/header.csv", csv_text(broken()["header"]))
    book = Workbook()
    rows = broken()["episodes"]
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(tmp_path / "Episodes.xlsx")
    ran = check(tmp_path / "all.zip", tmp_path / "Episodes.xlsx")
    assert "102" in ran.codes()
    assert "all.zip/2026/header.csv" in ran.said


@pytest.mark.usefixtures("few_rules")
def test_placement_returns_are_checked_by_their_standard(check, tmp_path):
    plan = plan_for(las=2, children=60, seed=7, error_rate=0.4)
    make_region(tmp_path / "region", replace(plan, years=(2026,), quarters=("2026Q1",)))
    copy = tmp_path / "placements"
    shutil.copytree(tmp_path / "region" / "landing" / "devon" / "placements" / "2026Q1", copy)
    ran = check(copy)
    assert ran.code == 1
    missing = [r for r in ran.rows() if r["code"].endswith(".missing")]
    assert missing
    for row in missing:
        assert row["code"].startswith("nps_2026_04.")
        assert row["table"] == "nps_2026_04"
        assert row["row"].isdecimal()
    assert {r["child"][:3] for r in ran.rows()} <= {"SYN", ""}  # blank where the id is missing
    assert not [w for w in ran.said.split() if w.startswith("SYN")]
    assert not (ran.out / "child_summary.csv").exists()


def test_a_rule_that_cannot_be_run_is_named_and_no_success(check, send, monkeypatch):
    from dataclasses import replace

    from pipeline.checking import check as module

    rules = [replace(r, sql="select no_such_column from header") for r in module.rules_of(2026)]
    monkeypatch.setattr(module, "rules_of", lambda year: rules)
    ran = check(send(header=[header("A")]), "--year", "2026")
    assert ran.code == 1
    assert "could not be run (BinderException): " in ran.said
    assert "102" in ran.said


def test_it_starts_without_what_it_does_not_need(send, tmp_path):
    """Dagster, dbt and Great Expectations take seconds to import."""
    folder = send(header=[header("A")])
    code = (
        "import sys, json; from pipeline.cli import main; code = main(sys.argv[1:]); "
        "print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    )
    arguments = ["check", folder, "--year", "2026", "--no-postcodes", "--out", tmp_path / "out"]
    ended = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(ended.stdout.splitlines()[-1]))
    assert not loaded & {"dagster", "dbt", "great_expectations"}
    assert "pipeline" in loaded
