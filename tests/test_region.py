"""region.yml: what is read, and what a data engineer is told when it is wrong."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.region import DATASETS, Agreement, RegionFault, Retention, Thresholds, load_region
from pipeline.settings import PROJECT
from pipeline.standards.load import load_standards

GOOD = """
region: Test region
synthetic: true
hub: E06000066
purposes: {sufficiency: [placements, ssda903], cost: [placements]}
retention: {years: {placements: 7, ssda903: 15}, quarantine_days: 365, log_days: 90}
calendar: {placements: 30, ssda903: 60}
thresholds: {shrunk: 0.6, grown: 2, least_rows: 10}
las_see_each_other: true
authorities:
  - {code: E06000066, name: Somerset, folder: somerset, also: [Somerset Council]}
  - code: E10000008
    name: Devon
    folder: devon
    agreements:
      - {purpose: sufficiency, signed: 2025-04-01, until: 2028-03-31, withdrawn: 2026-09-01}
      - {purpose: cost, signed: 2026-01-01, until: 2026-01-01}
    calendar: {placements: 0}
"""
BARE = """
region: Test region
synthetic: true
hub: E06000066
authorities:
  - {code: E06000066, name: Somerset, folder: somerset}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "region.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_project_s_own_region_is_the_sample_s_four_authorities():
    region = load_region(PROJECT / "region.yml")
    assert region.synthetic
    assert region.hub == "E06000066"
    assert [(a.code, a.folder) for a in region.authorities] == [
        ("E06000066", "somerset"),
        ("E10000008", "devon"),
        ("E06000052", "cornwall"),
        ("E06000059", "dorset"),
    ]


def test_authorities_are_found_by_code(tmp_path):
    region = load_region(write(tmp_path, GOOD))
    assert region.authority("E06000066").also == ("Somerset Council",)
    assert region.authority("E10000008").also == ()
    with pytest.raises(KeyError):
        region.authority("E06000001")


def test_what_is_shared_how_long_it_is_kept_and_when_it_is_due(tmp_path):
    region = load_region(write(tmp_path, GOOD))
    assert region.purposes == {"sufficiency": ("placements", "ssda903"), "cost": ("placements",)}
    assert region.retention == Retention({"placements": 7, "ssda903": 15}, 365, 90)
    assert region.calendar == {"placements": 30, "ssda903": 60}
    assert region.thresholds == Thresholds(0.6, 2.0, 10)
    assert region.las_see_each_other
    devon = region.authority("E10000008")
    assert devon.calendar == {"placements": 0}
    assert devon.agreements == (
        Agreement("sufficiency", date(2025, 4, 1), date(2028, 3, 31), date(2026, 9, 1)),
        Agreement("cost", date(2026, 1, 1), date(2026, 1, 1)),
    )
    assert region.authority("E06000066").agreements == ()


def test_what_is_left_out_is_kept_without_end_never_late_and_never_shared(tmp_path):
    region = load_region(write(tmp_path, BARE))
    assert (region.purposes, region.calendar) == ({}, {})
    assert region.retention == Retention({})
    assert region.thresholds == Thresholds()
    assert not region.las_see_each_other
    assert region.authorities[0].agreements == ()


def test_datasets_are_those_of_the_standards():
    assert set(DATASETS) == {t.dataset for t in load_standards().values()}


def test_the_sample_is_shared_for_ever_and_is_never_late_or_too_old():
    for path in (PROJECT / "region.yml", PROJECT / "data" / "sample" / "region.yml"):
        region = load_region(path)
        assert {a.until for la in region.authorities for a in la.agreements} == {date(2099, 12, 31)}
        assert all(len(la.agreements) == 1 and not la.calendar for la in region.authorities)
        assert not region.calendar
        assert not region.retention.years


@pytest.mark.parametrize(
    ("good", "bad", "key"),
    [
        ("region: Test region", "region:", "region"),
        ("region: Test region", "region: 7", "region"),
        ("synthetic: true", "synthetic: perhaps", "synthetic"),
        ("synthetic: true\n", "", "synthetic"),
        ("las_see_each_other: true", "las_see_each_other: all", "las_see_each_other"),
        ("hub: E06000066", "hub: E06000001", "hub"),
        ("{sufficiency: [placements, ssda903], cost: [placements]}", "{}", "purposes"),
        ("cost: [placements]}", "cost: []}", "purposes, cost"),
        ("cost: [placements]}", "cost: placements}", "purposes, cost"),
        ("cost: [placements]}", "cost: [ssda930]}", "purposes, cost"),
        ("cost: [placements]}", "The cost: [placements]}", "purposes, The cost"),
        ("purposes: {sufficiency: [placements, ssda903], cost: [placements]}\n", "",
         "authority 2, agreement 1, purpose"),
        ("{purpose: cost", "{purpose: costs", "authority 2, agreement 2, purpose"),
        ("{purpose: cost, ", "{", "authority 2, agreement 2, purpose"),
        ("{purpose: cost", "{for: cost", "authority 2, agreement 2"),
        ("signed: 2025-04-01, ", "", "authority 2, agreement 1, signed"),
        ("signed: 2025-04-01", "signed: 01/04/2025", "authority 2, agreement 1, signed"),
        ("signed: 2025-04-01", 'signed: "2025-04-01"', "authority 2, agreement 1, signed"),
        ("signed: 2025-04-01", "signed: 2025-04-01 09:00:00", "authority 2, agreement 1, signed"),
        ("signed: 2025-04-01", "signed: 2025-02-30", "the file"),
        ("until: 2028-03-31", "until: 2025-03-31", "authority 2, agreement 1, until"),
        (", until: 2028-03-31", "", "authority 2, agreement 1, until"),
        ("withdrawn: 2026-09-01", "withdrawn: 2025-03-31", "authority 2, agreement 1, withdrawn"),
        ("withdrawn: 2026-09-01", "withdrawn:", "authority 2, agreement 1, withdrawn"),
        ("    calendar: {placements: 0}", "    agreements: []", "line"),
        ("withdrawn: 2026-09-01", "until: 2030-09-01", "line"),
        ("{placements: 7, ssda903: 15}", "{placements: 0}", "retention, years, placements"),
        ("{placements: 7, ssda903: 15}", "{placements: 1.5}", "retention, years, placements"),
        ("{placements: 7, ssda903: 15}", "{placements: true}", "retention, years, placements"),
        ("{placements: 7, ssda903: 15}", "{placements: }", "retention, years, placements"),
        ("{placements: 7, ssda903: 15}", "{placement: 7}", "retention, years"),
        ("{placements: 7, ssda903: 15}", "7", "retention, years"),
        ("quarantine_days: 365", "quarantine_days: a year", "retention, quarantine_days"),
        ("log_days: 90", "log_days: -1", "retention, log_days"),
        ("log_days: 90", "logs: 90", "retention"),
        ("{placements: 30, ssda903: 60}", "{placements: -1}", "calendar, placements"),
        ("{placements: 30, ssda903: 60}", "[placements]", "calendar"),
        ("{placements: 0}", "{rcc: 0}", "authority 2, calendar"),
        ("shrunk: 0.6", "shrunk: 60", "thresholds, shrunk"),
        ("shrunk: 0.6", "shrunk: half", "thresholds, shrunk"),
        ("grown: 2", "grown: 0.5", "thresholds, grown"),
        ("least_rows: 10", "least_rows: 1.5", "thresholds, least_rows"),
        ("least_rows: 10", "rows: 10", "thresholds"),
        ("code: E10000008", "code: E07000040", "authority 2, code"),
        ("code: E10000008", "code: E06000066", "authorities"),
        ("folder: devon", "folder: somerset", "authorities"),
        ("folder: devon", "folder: ../devon", "authority 2, folder"),
        ("folder: devon", "folders: devon", "authority 2"),
        ("name: Devon", "also: [Devon]", "authority 2, name"),
        ("also: [Somerset Council]", "also: Somerset Council", "authority 1, also"),
        ("authorities:", "authorities: []\nauthority:", "the file"),
        ("hub: E06000066", "hub: [E06000066", "line"),
    ],
)  # fmt: skip
def test_a_fault_names_file_key_and_remedy(tmp_path, good, bad, key):
    assert good in GOOD
    path = write(tmp_path, GOOD.replace(good, bad))
    with pytest.raises(RegionFault) as caught:
        load_region(path)
    assert caught.value.path == path
    assert caught.value.key.startswith(key)
    for part in ("region.yml", caught.value.wrong, caught.value.fix):
        assert part in str(caught.value)


def test_a_missing_file_and_an_empty_one_are_told_apart(tmp_path):
    with pytest.raises(RegionFault, match="there is none at"):
        load_region(tmp_path / "region.yml")
    with pytest.raises(RegionFault, match="it has no keys"):
        load_region(write(tmp_path, "# nothing yet\n"))
