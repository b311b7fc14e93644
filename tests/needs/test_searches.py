"""Searches for a home, from files as officers fill them in to what is said of need, by hand.

Devon (`searches/devon`, the 2025 standard and SSDA903), what each of ten searches came to:
B01 foster preferred and found. B02 residential preferred, foster found. B03 foster preferred, open
since July 2025 in three returns, in its children's home all the time. B04 open in one return, found
in the next. B05 open since March 2026, needed by April. B06 foster preferred, found a home of a
type that was unsuitable. B07 foster and residential preferred, foster found. B08 open in the
returns; SSDA903 has it in a foster home since 25 October 2025. B09 found, returned twice. B10 found
in an emergency, left care in November. B11 has no search.

Somerset sends the spreadsheet of June 2026, Cornwall the records of 2026.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.accounting import failures_path
from pipeline.intake.manifest import load_manifest
from pipeline.settings import Settings
from pipeline.standards.load import load_standards
from pipeline.warehouse import workspace
from tests.small_region import Tools, bring_to_hub, build, files_of, rows, small_region

SOMERSET, DEVON, CORNWALL = "E06000066", "E10000008", "E06000052"
WANTED = ("unmet_need", "needs_profile", "recommended_vs_actual")
OPEN = {
    "child_id": "C1", "when_placement_is_needed_by": "< 5days",
    "number_of_siblings_to_place_with": "N/A", "is_preferred_location_local": "Yes",
    "communication_language_learning_needs": "No",
    "specific_communication_and_language_requirements": "None", "adaptation_to_the_home": "No",
    "cultural_needs": "Not Required", "who_can_the_child_be_cared_for_alongside": "No preference",
    "can_child_live_with_pets": "Yes-can", "additional_support": "NA", "dol": "No",
    "foster_care_suitability": "Preferred",
    "residential_care_suitability": "Suitable but not preferred",
    "supported_accommodation": "Unsuitable", "name_of_officer_referral": "ZZ",
    "date_entry_referral": "02/04/2026",
}  # fmt: skip
HOME = {
    "cost_total_weekly": "1000", "placement_location": "TA3",
    "preferrability_of_placement_location": "Yes", "education_continuity": "No",
    "provider_urn": "1234567", "how_many_siblings_were_placed_together": "None",
    "placement_type": "Foster", "name_of_officer_placement": "ZZ",
    "date_entry_placement": "09/04/2026", "date_entry_placement_cost": "30/04/2026",
}  # fmt: skip
PLACES = {  # as sent: the authority, where it is one and the district is listed
    "PL1 5": "E06000026", "tq1 3": "E06000027", "N1 9": None, "PL1 5AB": "E06000026",
    "PL15": "E06000052", "JE2 3": "L99999999",
}  # fmt: skip


def row(version: str, **given: str) -> dict[str, str]:
    """A row of a spreadsheet of 2026, by heading, without any known risk."""
    fields = load_standards()[version].fields
    risks = {f.name: "No known risk" for f in fields if "No known risk" in f.options}
    told = risks | OPEN | given
    return {f.header: told.get(f.name, "") for f in fields}


def record(child: str, *, found: bool) -> dict:
    """A record as the standard publishes it; what was found, or the search alone."""
    told = {
        "childId": child,
        "placementAvailability": {
            "placementId": f"P-{child}", "neededBy": "Today", "siblingCount": "NA",
            "isPreferredLocationLocal": True,
        },
        "placementRequirements": {
            "communicationNeeds": "No", "specificCommunicationRequirement": ["None"],
            "culturalNeeds": "NotRequired", "livingCompanions": "NoPreference", "pets": "YesCan",
            "homeAdaptationRequired": False,
        },
        "placementRecommendation": {
            "fosterCareSuitability": "Preferred", "residentialCareSuitability": "Unsuitable",
            "supportedAccommodationSuitability": "Unsuitable",
        },
        "riskAssessment": {
            f.header: "NoKnownRisk"
            for f in load_standards()["nps_records"].fields
            if "No known risk" in f.options
        },
        # Dated though nothing was found, as five of the nine published examples are.
        "qualityAssurance": {"referralDate": "2026-04-02", "placementOfficerName": "ZZ",
                             "placementDate": "2026-04-09", "costDate": "2026-04-30"},
    }  # fmt: skip
    if found:
        told["actualPlacement"] = {
            "placementType": "Foster", "providerURN": "1234567", "placementLocation": "TA3",
            "isLocationPreferred": True, "isEducationContinuous": True,
            "siblingsPlacedTogether": 0, "totalWeeklyCost": 1000,
        }  # fmt: skip
    return told


@pytest.fixture(scope="module")
def settings(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    june = [row("nps_2026_06")]
    june += [
        row("nps_2026_06", child_id=f"H{n}", **HOME | {"placement_location": sent})
        for n, sent in enumerate(PLACES)
    ]
    june.append(row("nps_2026_06", child_id="R1", risk_to_child_self_harm="High"))
    june.append(row("nps_2026_06", child_id="R2", risk_to_child_going_missing="Low risk"))
    records = {"@graph": [record("J1", found=False), record("J2", found=True)]}
    files = files_of(Path(__file__).parent / "searches") | {
        SOMERSET: {"placements/2026Q2/june.csv": june},
        CORNWALL: {"placements/2026Q2/records.jsonld": json.dumps(records).encode()},
    }
    region = small_region(tmp_path_factory.mktemp("searches"), files)
    bring_to_hub(region, tools.postcodes)
    chosen = {m.name for m in tools.project.chosen(WANTED)}
    models = {i: m for i, m in tools.project.models.items() if m.name in chosen}
    build(region, replace(tools.project, models=models))
    return region


@pytest.fixture(scope="module")
def ask(settings: Settings) -> Callable[[str], list[tuple]]:
    return lambda query: rows(settings, query)


def test_devons_searches(ask):
    """Of ten, two are open (B03, B05); B08's home is known of SSDA903 alone."""
    assert ask(
        f"select count(*), count(distinct child_id), count(*) filter (is_open), "
        f"count(*) filter (is_found_in_ssda903) from foundation.fct_home_search "
        f"where la_code = '{DEVON}'"
    ) == [(10, 10, 2, 1)]
    # Waits: B01 14 days, B02 19, B03 16 July 2025 to 31 March 2026 = 259, B04 22, B05 16 to 31
    # March = 16, B06 12, B07 6, B08 16 to 25 October = 9, B09 8, B10 3.
    assert ask(
        "select quarter, recommended_type, wait_days, is_open, is_unmet "
        f"from staging.int_search_outcome where la_code = '{DEVON}' order by all"
    ) == [
        ("2025Q2", "foster", 3, False, False),  # B10
        ("2025Q2", "foster", 8, False, False),  # B09
        ("2025Q2", "foster", 14, False, False),  # B01
        ("2025Q2", "residential", 19, False, True),  # B02: not the preferred type
        ("2025Q3", "foster", 12, False, True),  # B06: an unsuitable type
        ("2025Q3", "foster", 22, False, False),  # B04
        ("2025Q3", "foster", 259, True, True),  # B03: needed by July
        ("2025Q3", "several", 6, False, False),  # B07
        ("2025Q4", "foster", 9, False, False),  # B08
        ("2026Q1", "foster", 16, True, False),  # B05: needed by April
    ]


def test_devons_need_by_recommended_type(ask):
    assert ask(
        "select recommended_type, searches, children, open_searches, unmet_known, unmet "
        f"from staging.int_unmet_need where area_code = '{DEVON}' and period_kind = 'latest' "
        "and breakdown in ('recommended type', 'total') order by all"
    ) == [
        ("all types", 10, 10, 2, 10, 3),
        ("foster", 8, 8, 2, 8, 2),
        ("no single type", 1, 1, 0, 1, 0),
        ("residential", 1, 1, 0, 1, 1),
    ]


def test_devons_needs_are_not_known_where_no_home_tells_them(ask):
    """B03, B05 and B08 have no other search that would: 3 of 10, and in no rank."""
    assert ask(
        "select broad_needs, searches, gap_rank is not null from staging.int_unmet_need "
        f"where area_code = '{DEVON}' and breakdown = 'broad needs' and period_kind = 'latest' "
        "order by all"
    ) == [("Needs not known", 3, False), ("No marked risk, standard support", 7, True)]


def test_a_record_without_a_placement_is_an_open_search(ask):
    assert ask(
        "select count(*), count(*) filter (is_open) from foundation.fct_home_search "
        f"where la_code = '{CORNWALL}'"
    ) == [(2, 1)]
    assert ask(
        f"select count(*), min(start_date)::varchar from common_core.placement "
        f"where la_code = '{CORNWALL}'"
    ) == [(1, "2026-04-09")]


def test_no_answer_of_a_spreadsheet_is_lost(ask):
    """One open search and two with risks; of the homes, the authority that their place is in."""
    assert ask(
        "select count(*), count(*) filter (is_open), count(*) filter (siblings_to_place = 0) "
        f"from foundation.fct_home_search where la_code = '{SOMERSET}'"
    ) == [(9, 3, 9)]
    found = ask(
        "select placement_la_code, count(*), count(is_out_of_authority) "
        f"from common_core.placement where la_code = '{SOMERSET}' group by all order by all"
    )
    assert found == [
        ("E06000026", 2, 2), ("E06000027", 1, 1), ("E06000052", 1, 1), ("L99999999", 1, 1),
        (None, 1, 0),
    ]  # fmt: skip
    assert ask(
        "select count(*) from common_core.risks where has_risk_to_child_self_harm "
        f"or has_risk_to_child_going_missing and la_code = '{SOMERSET}'"
    ) == [(2,)]


def test_an_open_search_is_complete_and_a_whole_postcode_is_told(settings: Settings):
    told = []
    for folder, code in (("somerset", SOMERSET), ("cornwall", CORNWALL)):
        zone = settings.la_zone(code)
        for entry in load_manifest(zone):
            assert entry.status == "accepted", folder
            path = failures_path(zone, entry.submission_id, entry.table_name)
            with workspace() as connection:
                told += connection.execute(
                    f"select check_id, count(*) from read_parquet('{path}') "
                    "where severity <> 'info' group by all"
                ).fetchall()
    assert dict(told) == {"nps_2026_06.whole_postcode": 1}
