"""Official and public files, which nobody wrote for us: every row accounted for."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from pipeline.accounting import check_la, failures_path
from pipeline.intake.manifest import load_manifest
from pipeline.intake.receive import receive
from pipeline.warehouse import workspace

SPREADSHEETS = {
    "nps_2026_04": "National-Placement-Standard-Excel-20260427.xlsx",
    "nps_2026_06": "National-Placement-Standard-Excel-20260624.xlsx",
}
# As a placement officer fills it in, into the rows under the official example.
FILLED = {
    "child_ID": "000123",
    "when_placement_is_needed_by": "< 5days",
    "number_of_siblings_to_place_with": "NA",
    "is_preferred_location_local": "Yes",
    "communication_language_learning_needs": "No",
    "specific_communication_and_language_requirements": "None",
    "adaptation_to_the_home": "No",
    "cultural_needs": "Not Required",
    "who_can_the_child_be_cared_for_alongside": "No preference",
    "can_child_live_with_pets": "Yes-can",
    "additional_support": "NA",
    "dol": "No",
    "foster_care_suitability": "Preferred",
    "residential_care_suitability": "Suitable but not preferred",
    "supported_accommodation": "Unsuitable",
    "cost_core_weekly": 900,
    "cost_additional_support_weekly": 100,
    "cost_education_weekly": 0,
    "cost_other_weekly": 0,
    "cost_total_weekly": "£1,000.00",
    "placement_location": "TA3",
    "preferrability_of_placement_location": "Yes",
    "education_continuity": "No",
    "provider_URN": "SC123456",
    "how_many_siblings_were_placed_together": 0,
    "placement_type": "Foster",
    "name_of_officer_referral": "ZZ",
    "Date_entry_referral": "02/04/2026",
    "name_of_officer_placement": "ZZ",
    "date_entry_placement": "09-Apr-26",
    "name_of_officer_placement_cost": "ZZ",
    "date_entry_placement_cost": "2026-04-30",
}


def fill_in(template: Path, target: Path) -> int:
    """Fill two rows of an official spreadsheet, the second with mistakes; gives their number."""
    workbook = openpyxl.load_workbook(template)
    sheet = workbook["Data Collection"]
    columns = {c.value: c.column for c in sheet[2] if c.value}
    risks = {name: "No known risk" for name in columns if name.startswith("risk_to_child")}
    risks |= {n: "No known risk" for n in columns if n.startswith("risk_to_others")}
    risks |= {"risk_to_others_other": None}
    wrong = {"child_ID": 1234567, "cost_total_weekly": "about 900", "cultural_needs": "Maybe"}
    for number, row in ((6, FILLED | risks), (7, FILLED | risks | wrong)):
        for name, value in row.items():
            if name in columns:
                sheet.cell(number, columns[name], value)
    workbook.save(target)
    return 2


def look(landing: Path, zone: Path):
    """Receive and check a landing folder: the manifest, each entry of which adds up."""
    receive("E06000066", landing, zone)
    check_la("E06000066", zone)
    entries = load_manifest(zone)
    assert {e.path for e in entries} == {
        f.relative_to(landing).as_posix() for f in landing.rglob("*") if f.is_file()
    }
    for e in entries:
        assert e.rows_read == e.rows_kept + e.rows_quarantined + e.rows_superseded, e.path
    return entries


def failing_checks(zone: Path, entry, severities=("stop", "fix")) -> set[str]:
    path = failures_path(zone, entry.submission_id, entry.table_name)
    with workspace() as connection:
        return {
            check
            for check, severity in connection.execute(
                f"select distinct check_id, severity from read_parquet('{path}')"
            ).fetchall()
            if severity in severities
        }


def test_official_spreadsheets_filled_in_by_an_officer(shared, tmp_path):
    landing, zone = tmp_path / "landing", tmp_path / "zone"
    landing.mkdir()
    rows = {
        v: fill_in(shared / "data" / "placements" / name, landing / name)
        for v, name in SPREADSHEETS.items()
    }
    entries = {e.table_name: e for e in look(landing, zone)}
    assert set(entries) == set(SPREADSHEETS)
    for version, entry in entries.items():
        assert entry.status == "accepted"
        assert entry.period == "2026Q2"
        assert entry.rows_read == rows[version]  # not the description, nor the official example
        assert entry.template_rows == 2
        assert failing_checks(zone, entry) == {
            f"{version}.cultural_needs.option",
            f"{version}.cost_total_weekly.type",
        }


REASONS = {
    "invalid-bad-enum": {"pets.option", "specific_communication_requirement.option",
                         "risk_self_harm.option"},
    "invalid-cost-out-of-range": {"total_weekly_cost.range"},
    "invalid-missing-required": {
        f"risk_{r}.missing"
        for r in ("self_harm", "sexual_exploitation", "criminal_exploitation", "drug_alcohol",
                  "eating_disorder", "missing", "to_others_physical", "to_others_sexual",
                  "to_others_fire", "to_others_animals", "to_others_criminal")
    },
    "invalid-negative-cost": {"other_weekly_cost.range"},
    "invalid-other-missing-text": {"out_of_la_reason_other.missing",
                                   "specific_communication_requirement_other.missing",
                                   "cultural_needs_other.missing",
                                   "additional_support_other.missing"},
    "invalid-postcode": {"placement_location.type"},
}  # fmt: skip


def test_official_records_pass_and_fail_as_their_names_say(shared, tmp_path):
    landing, zone = tmp_path / "landing", tmp_path / "zone"
    shutil.copytree(shared / "data" / "placements" / "records", landing)
    entries = look(landing, zone)
    assert len(entries) == 9
    for entry in entries:
        expected = REASONS.get(entry.path.removesuffix(".jsonld"), set())
        assert entry.status == "accepted"
        assert failing_checks(zone, entry) == {f"nps_records.{c}" for c in expected}, entry.path


def test_mock_ssda903_files_are_reported_and_do_not_crash(shared, tmp_path):
    landing, zone = tmp_path / "landing", tmp_path / "zone"
    shutil.copytree(shared / "data" / "ssda903", landing)
    entries = {e.table_name: e for e in look(landing, zone)}
    assert set(entries) == {"header", "episodes"}
    assert sum(e.rows_read for e in entries.values()) == 343
    assert "episodes.ls.option" in failing_checks(zone, entries["episodes"])
    assert entries["episodes"].fix_count > 100


@pytest.fixture(scope="module")
def five_years(fetch, tmp_path_factory):
    """Five years of SSDA903 inside a public package, received and checked."""
    samples = fetch("cs-demand-model==0.5.1") / "cs_demand_model_samples" / "combined"
    folder = tmp_path_factory.mktemp("five_years")
    shutil.copytree(samples, folder / "landing")
    return samples, look(folder / "landing", folder / "zone")


def test_five_years_of_a_public_package_are_read_whole(five_years):
    samples, entries = five_years
    assert len(entries) == 50
    for entry in entries:
        lines = (samples / entry.path).read_text(encoding="utf-8").splitlines()
        assert entry.rows_read == max(sum(bool(line.strip()) for line in lines) - 1, 0), entry.path


def test_their_year_is_told_by_their_dates_not_by_their_names(five_years):
    _, entries = five_years
    periods = {(e.path[:4], e.period) for e in entries if e.status == "accepted"}
    assert periods == {(str(y), str(y + 1)) for y in range(2017, 2022)}
    assert all("Named" in e.note for e in entries if e.status == "accepted")
    assert {e.reason_code for e in entries if e.status != "accepted"} == {"empty"}
