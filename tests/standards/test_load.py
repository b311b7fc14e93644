import csv
import shutil

import pytest
import yaml

from pipeline.settings import EXPECTATIONS, PROJECT
from pipeline.standards.load import (
    StandardFault,
    fields_read,
    load_standards,
    standards_fingerprint,
)

SHARED = PROJECT.parent / "shared"


@pytest.fixture
def standards(tmp_path):
    """A copy of the standards, and a way to change its RCC spreadsheet."""
    root = tmp_path / "expectations"
    shutil.copytree(EXPECTATIONS / "placements", root / "placements")
    shutil.copytree(EXPECTATIONS / "ssda903", root / "ssda903")
    file = root / "placements" / "rcc_v2.yml"

    def change(edit):
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
        edit(raw)
        file.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
        return root

    return change


def field(raw, name):
    return next(f for f in raw["fields"] if f["name"] == name)


def test_every_version_and_every_table_is_there():
    assert list(load_standards()) == [
        "nps_2026_04",
        "nps_2026_06",
        "nps_records",
        "rcc_v2",
        "header",
        "episodes",
        "reviews",
        "uasc",
        "oc2",
        "oc3",
        "ad1",
        "placed_adoption",
        "prev_perm",
        "missing",
        "sw_episodes",
        "dolo",
    ]


def test_adding_a_version_is_adding_a_file(standards):
    root = standards(lambda raw: raw.update(title="As it was"))
    text = (root / "placements" / "rcc_v2.yml").read_text(encoding="utf-8")
    newer = text.replace("version: rcc_v2", "version: rcc_v3").replace("As it was", "As it will be")
    (root / "placements" / "rcc_v3.yml").write_text(newer, encoding="utf-8")
    assert load_standards(root)["rcc_v3"].title == "As it will be"
    assert load_standards(root)["rcc_v2"].title == "As it was"


def test_the_fingerprint_changes_with_any_standard(standards):
    root = standards(lambda raw: raw.update(title="Another title"))
    assert standards_fingerprint(root) != standards_fingerprint()


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda raw: field(raw, "pets").update(type="animal"), "pets: type animal"),
        (lambda raw: field(raw, "pets").update(severity="grave"), "pets: severity grave"),
        (lambda raw: field(raw, "pets").update(share="all"), "pets: share all"),
        (lambda raw: field(raw, "pets").update(required="perhaps"), "pets: required is none"),
        (lambda raw: field(raw, "pets").update(required="when"), "pets: required: when needs"),
        (lambda raw: field(raw, "pets").pop("options"), "pets: a category needs options"),
        (lambda raw: field(raw, "pets").pop("message"), "pets: message is missing"),
        (lambda raw: field(raw, "pets").update(type="code"), "pets: a code needs codes"),
        (lambda raw: field(raw, "comms_specific").update(exclusive="Nil"), "exclusive names Nil"),
        (lambda raw: field(raw, "pets").update(name="alongside"), "two fields share a name"),
        (lambda raw: raw.update(child="no_such_field"), "no_such_field is named"),
        (
            lambda raw: raw["checks"][0].update(fails_when="pets = 'Yes'"),
            "check placement_before_referral: reads pets",
        ),
    ],
)
def test_a_fault_in_a_standard_is_named(standards, edit, fault):
    with pytest.raises(StandardFault, match=fault) as raised:
        load_standards(standards(edit))
    assert "placements/rcc_v2.yml" in str(raised.value)


def test_codes_by_collection_year(episodes):
    place = episodes.field("place")
    assert "H5" in place.values_in(2024)
    assert "H5" not in place.values_in(2025)
    assert "Z11" in place.values_in(2026)
    assert "Z11" not in place.values_in(2025)
    assert {"H5", "Z11"} <= set(place.values_in(None))


def test_fields_read_leaves_out_words_in_quotes(rcc):
    sql = "in_school = 'pets' and placement_type__text is null and family_postcode_x > 1"
    assert fields_read(sql, rcc.fields) == {"in_school", "placement_type"}


def test_ssda903_is_as_the_shared_list_of_columns_and_codes_says():
    if not SHARED.exists():
        pytest.skip("the shared reference folder is not here: nothing to compare the tables with")
    tables = {t.header_name: t for t in load_standards().values() if t.dataset == "ssda903"}
    with (SHARED / "ssda903" / "tables.csv").open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            found = next(f for f in tables[line["table"]].fields if f.header == line["column"])
            assert (found.required == "always") == (line["may_be_blank"] == "no"), line
            if line["codes"]:
                year = int(line["from_collection_year"])
                assert "|".join(found.values_in(year)) == line["codes"], line


def test_placement_versions_are_as_the_shared_list_of_fields_says():
    if not SHARED.exists():
        pytest.skip("the shared reference folder is not here: nothing to compare the fields with")
    path = SHARED / "standards" / "national_placement_standard_fields.csv"
    with path.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            table = load_standards()[line["version"]]
            found = table.fields[int(line["position"]) - 1]
            assert found.header == line["field"]
            if found.options:
                assert sorted(found.options) == sorted(line["options"].split("|")), line
