"""Every answer and code that a standard allows is in the map that the common model uses for it."""

import csv

import pytest

from pipeline.settings import DBT_PROJECT
from pipeline.standards.load import load_standards

RETURNS = ("rcc_v2", "nps_2026_04", "nps_2026_06", "nps_records")
RCC, APRIL, JUNE, RECORDS = RETURNS

# question in the map: the field that asks it, by version
QUESTIONS = {
    "planned_or_emergency_placement": {RCC: "search_urgency"},
    "placement_needed_urgency": {
        APRIL: "when_placement_is_needed_by",
        JUNE: "when_placement_is_needed_by",
        RECORDS: "needed_by",
    },
    "child_in_school_currently": {RCC: "in_school"},
    "location_to_avoid": {RCC: "avoid_flag"},
    "comms_language_learning_req": {
        RCC: "comms_need",
        APRIL: "communication_language_learning_needs",
        JUNE: "communication_language_learning_needs",
        RECORDS: "communication_needs",
    },
    "cultural_needs": {
        RCC: "cultural_need",
        APRIL: "cultural_needs",
        JUNE: "cultural_needs",
        RECORDS: "cultural_needs",
    },
    "child_cared_alongside_others": {
        RCC: "alongside",
        APRIL: "who_can_the_child_be_cared_for_alongside",
        JUNE: "who_can_the_child_be_cared_for_alongside",
        RECORDS: "living_companions",
    },
    "child_live_with_pets": {
        RCC: "pets",
        APRIL: "can_child_live_with_pets",
        JUNE: "can_child_live_with_pets",
        RECORDS: "pets",
    },
    "minimum_adult_support_ratio": {RCC: "min_ratio"},
    "uasc_status": {RECORDS: "uasc_status"},
}


def mapped(seed: str, **where: str) -> set[str]:
    """The codes of a map, where its other columns have these values."""
    with (DBT_PROJECT / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if where.items() <= r.items()]
    return {r["source_code"] for r in rows}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_mapped(question):
    known = mapped("answer_map", field=question)
    for version, field in QUESTIONS[question].items():
        asked = set(load_standards()[version].field(field).options)
        assert asked <= known, version


@pytest.mark.parametrize("version", RETURNS)
@pytest.mark.parametrize(
    ("seed", "part_of_name"), [("risk_map", "risk_"), ("suitability_map", "suit")]
)
def test_every_risk_and_suitability_is_mapped(version, seed, part_of_name):
    fields = [
        f
        for f in load_standards()[version].fields
        if part_of_name in f.name and f.type == "category"
    ]
    assert fields
    for field in fields:
        assert set(field.options) <= mapped(seed), field.name


@pytest.mark.parametrize("version", RETURNS)
def test_every_type_of_home_is_mapped(version):
    asked = set(load_standards()[version].field("placement_type").options)
    assert asked <= mapped("placement_type_map", source="placements")


@pytest.mark.parametrize(
    ("table", "field", "seed"),
    [
        ("episodes", "place", "placement_type_map"),
        ("episodes", "place_provider", "provider_sector_map"),
        ("header", "sex", "sex_map"),
        ("header", "ethnic", "ethnicity_map"),
    ],
)
def test_every_code_of_all_collection_years_is_mapped(table, field, seed):
    codes = load_standards()[table].field(field).values_in(None)
    assert set(codes) == mapped(seed, source="ssda903")
