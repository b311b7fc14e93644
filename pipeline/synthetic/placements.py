"""A quarter's searches as rows of each version of the placement standard, by field name."""

import datetime as dt
from collections.abc import Callable

import numpy as np

from pipeline.standards.load import Field, Table
from pipeline.synthetic.chances import happens
from pipeline.synthetic.needs import Needs
from pipeline.synthetic.places import outward, sector
from pipeline.synthetic.searches import Found, Search

Value = str | int | float | bool | dt.date | dt.time | list[str] | None
Row = dict[str, Value]

RISKS_TO_CHILD_RCC = ("self_harm", "sexual_expl", "criminal_expl", "substance", "eating", "missing")
RISKS_TO_OTHERS_RCC = ("physical", "sexual", "fire", "animals", "criminal")
# The spreadsheets of 2026 do not ask for sexual exploitation.
RISKS_TO_CHILD_SHEET = ("self_harm", None, "criminal_exploitation", "drug_and_alcohol_use",
                        "eating_disorder", "going_missing")  # fmt: skip
RISKS_TO_OTHERS_SHEET = ("physical_harm", "sexual_harm", "fire_setting", "harm_to_animals",
                         "criminal_exploitation")  # fmt: skip
RISKS_TO_CHILD_RECORD = ("self_harm", "sexual_exploitation", "criminal_exploitation",
                         "drug_alcohol", "eating_disorder", "missing")  # fmt: skip
RISKS_TO_OTHERS_RECORD = ("physical", "sexual", "fire", "animals", "criminal")
RESPONSES = ("Yes", "No")


def rows_of(table: Table, searches: list[Search], rng: np.random.Generator) -> list[Row]:
    """One row per search. Options are labels of the table; an unknown or unasked field is None."""
    make: Callable[[Table, Search, np.random.Generator], Row] = {
        "rcc_v2": _rcc_row,
        "nps_2026_04": _sheet_row,
        "nps_2026_06": _sheet_row,
        "nps_records": _record_row,
    }[table.name]
    names = {f.name for f in table.fields}
    return [
        {name: value for name, value in make(table, search, rng).items() if name in names}
        for search in searches
    ]


def label(table: Table, name: str, number: int) -> str:
    """An option of a field by its number in the standard's list."""
    return tuple(table.field(name).options)[number]


def concept_name(field: Field, option: str) -> str | None:
    """The option's name as a concept (`NoKnownRisk`), if the standard accepts one."""
    names = (s for s in field.options[option] if s.isalpha() and len(s) > 3 and s[0].isupper())
    return next(names, None)


def _yes(answer: bool) -> str:
    return RESPONSES[0] if answer else RESPONSES[1]


def _sheet_row(table: Table, search: Search, rng: np.random.Generator) -> Row:
    """A row of the spreadsheets of April and June 2026; of an open search without what follows."""
    needs = search.needs
    row: Row = {
        "child_id": search.child.id,
        "when_placement_is_needed_by": label(
            table, "when_placement_is_needed_by", _urgency(search)
        ),
        "number_of_siblings_to_place_with": "NA" if search.siblings is None else search.siblings,
        "is_preferred_location_local": _yes(search.local),
        "out_of_la_reason": _unless(
            search.local, label(table, "out_of_la_reason", search.why_not_local)
        ),
        "communication_language_learning_needs": label(
            table, "communication_language_learning_needs", 0 if needs.communication else 1
        ),
        "specific_communication_and_language_requirements": _several(
            table, "specific_communication_and_language_requirements", search.languages
        ),
        "adaptation_to_the_home": _yes(needs.adaptation),
        "cultural_needs": label(table, "cultural_needs", 0 if needs.culture else 1),
        "who_can_the_child_be_cared_for_alongside": label(
            table, "who_can_the_child_be_cared_for_alongside", search.alongside
        ),
        "can_child_live_with_pets": _pets(table, "can_child_live_with_pets", search),
        "additional_support": _several(table, "additional_support", search.support or (4,)),
        "dol": _yes(needs.restricted),
        "foster_care_suitability": label(table, "foster_care_suitability", search.suitability[0]),
        "residential_care_suitability": label(
            table, "residential_care_suitability", search.suitability[1]
        ),
        "supported_accommodation": label(table, "supported_accommodation", search.suitability[2]),
        "risk_to_others_other": "synthetic: noise at night" if happens(rng, 0.04) else None,
        "name_of_officer_referral": search.officers[0],
        "date_entry_referral": search.referred,
    }
    if search.found is not None:
        row |= _sheet_found(table, search, search.found)
    for name, level in zip(RISKS_TO_CHILD_SHEET, needs.risks_to_child, strict=True):
        if name is not None:
            row[f"risk_to_child_{name}"] = _present(table, f"risk_to_child_{name}", level)
    for name, level in zip(RISKS_TO_OTHERS_SHEET, needs.risks_to_others, strict=True):
        row[f"risk_to_others_{name}"] = _present(table, f"risk_to_others_{name}", level)
    return row


def _sheet_found(table: Table, search: Search, found: Found) -> Row:
    cost = found.cost
    return {
        "cost_core_weekly": cost.core,
        "cost_additional_support_weekly": cost.support,
        "cost_education_weekly": cost.education,
        "cost_other_weekly": cost.other,
        "cost_total_weekly": cost.agreed,
        "placement_location": outward(found.postcode),
        "preferrability_of_placement_location": _yes(found.preferred_location),
        "education_continuity": _yes(found.education_disrupted),
        "provider_urn": _urn(search),
        "how_many_siblings_were_placed_together": found.siblings_together,
        "placement_type": label(table, "placement_type", found.type),
        "name_of_officer_placement": search.officers[1],
        "date_entry_placement": found.date,
        "name_of_officer_placement_cost": search.officers[2],
        "date_entry_placement_cost": found.cost_date,
    }


def _rcc_row(table: Table, search: Search, rng: np.random.Generator) -> Row:
    """A row of RCC v2; what is known only once a home is found stays blank until then."""
    needs = search.needs
    visits = search.visits is not None
    row: Row = {
        "child_id": search.child.id,
        "local_identifier": f"Z{search.child.id[-3:]}" if happens(rng, 0.3) else None,
        "search_urgency": label(table, "search_urgency", 1 if search.emergency else 0),
        "placement_needed_by_date": search.needed_by,
        "siblings_to_place_with": search.siblings or 0,
        "preferred_location": outward(search.family_postcode or search.school_postcode or "")
        or "anywhere (synthetic)",
        "family_postcode": sector(search.family_postcode) if search.family_postcode else None,
        "close_to_family": _yes(search.close_to_family),
        "in_school": _in_school(search),
        "school_postcode": sector(search.school_postcode) if search.in_school else None,
        "keep_school": _yes(search.keep_school) if search.in_school else None,
        "other_location_flag": _yes(visits),
        "other_location": "synthetic: grandparent's home" if visits else None,
        "other_location_freq": label(table, "other_location_freq", search.visits)
        if visits
        else None,
        "avoid_flag": _yes(search.avoids),
        "avoid_location": "synthetic: a town to avoid" if search.avoids else None,
        "comms_need": _yes(needs.communication),
        "comms_specific": _several(table, "comms_specific", search.languages),
        "adaptation": _yes(needs.adaptation),
        "cultural_need": label(table, "cultural_need", 0 if needs.culture else 1),
        "alongside": label(table, "alongside", search.alongside),
        "pets": label(table, "pets", search.pets),
        "suit_foster": label(table, "suit_foster", search.suitability[0]),
        "suit_residential": label(table, "suit_residential", search.suitability[1]),
        "suit_supported": label(table, "suit_supported", search.suitability[2]),
        "min_ratio": label(table, "min_ratio", search.ratio),
        "referral_officer": search.officers[0],
        "referral_form_date": search.referred,
    }
    if search.found is not None:
        row |= _rcc_found(table, search, search.found) | _rcc_risks(table, needs)
    return row


def _rcc_risks(table: Table, needs: Needs) -> Row:
    levels = {
        f"risk_child_{name}": level
        for name, level in zip(RISKS_TO_CHILD_RCC, needs.risks_to_child, strict=True)
    } | {
        f"risk_others_{name}": level
        for name, level in zip(RISKS_TO_OTHERS_RCC, needs.risks_to_others, strict=True)
    }
    return {name: label(table, name, level) for name, level in levels.items()}


def _rcc_found(table: Table, search: Search, found: Found) -> Row:
    wanted = search.siblings or 0
    row: Row = {
        "extra_support": _yes(bool(search.support)),
        "extra_support_types": _several(table, "extra_support_types", search.support)
        if search.support
        else None,
        "agreed_weekly_cost": found.cost.agreed,
        "actual_weekly_cost": found.cost.actual,
        "placement_officer": search.officers[1],
        "placement_form_date": found.date,
        "placement_location": outward(found.postcode),
        "provider_urn": _urn(search),
        "sibling_split": _yes(found.siblings_together < wanted) if wanted else None,
        "placement_type": label(table, "placement_type", found.type),
    }
    return row


def _record_row(table: Table, search: Search, rng: np.random.Generator) -> Row:
    """A record: labels beside concept names, and numbers, booleans and lists as such."""
    needs = search.needs
    found = search.found
    language_other = 3 in search.languages

    def option(name: str, number: int) -> str:
        chosen = label(table, name, number)
        concept = concept_name(table.field(name), chosen) if happens(rng, 0.4) else None
        return concept or chosen

    row: Row = {
        "placement_id": f"{search.child.id}-{found.date if found else search.referred:%Y%m%d}",
        "child_id": search.child.id,
        "needed_by": option("needed_by", _urgency(search)),
        "sibling_count": "NA" if search.siblings is None else search.siblings,
        "uasc_status": option("uasc_status", 0 if search.child.unaccompanied else 1),
        "is_preferred_location_local": search.local,
        "out_of_la_reason": _unless(search.local, option("out_of_la_reason", search.why_not_local)),
        "out_of_la_reason_other": "synthetic: a relative lives there"
        if not search.local and search.why_not_local == 3
        else None,
        "communication_needs": option("communication_needs", 0 if needs.communication else 1),
        "specific_communication_requirement": [
            option("specific_communication_requirement", n) for n in search.languages
        ],
        "specific_communication_requirement_other": "synthetic: speech therapy"
        if language_other
        else None,
        "cultural_needs": option("cultural_needs", 0 if needs.culture else 1),
        "living_companions": option("living_companions", search.alongside),
        "pets": _pets(table, "pets", search),
        "additional_support": [option("additional_support", n) for n in search.support or (4,)],
        "home_adaptation_required": needs.adaptation,
        "deprivation_of_liberty": needs.restricted,
        "needs_assessment_method": option("needs_assessment_method", search.assessed),
        "foster_care_suitability": option("foster_care_suitability", search.suitability[0]),
        "residential_care_suitability": option(
            "residential_care_suitability", search.suitability[1]
        ),
        "supported_accommodation_suitability": option(
            "supported_accommodation_suitability", search.suitability[2]
        ),
        "referral_officer_name": search.officers[0],
        "referral_date": search.referred,
    }
    if found is not None:
        row |= _record_found(search, found, option)
    for name, level in zip(RISKS_TO_CHILD_RECORD, needs.risks_to_child, strict=True):
        row[f"risk_{name}"] = option(f"risk_{name}", min(level, 1))
    for name, level in zip(RISKS_TO_OTHERS_RECORD, needs.risks_to_others, strict=True):
        row[f"risk_to_others_{name}"] = option(f"risk_to_others_{name}", min(level, 1))
    return row


def _record_found(search: Search, found: Found, option: Callable[[str, int], str]) -> Row:
    cost = found.cost
    return {
        "placement_type": option("placement_type", found.type),
        "placement_start_date": found.date,
        "placement_source": option("placement_source", found.source),
        "provider_urn": _urn(search),
        "placement_location": outward(found.postcode),
        "is_location_preferred": found.preferred_location,
        "non_preferred_location_reason": option(
            "non_preferred_location_reason", found.why_elsewhere
        ),
        "is_education_continuous": not found.education_disrupted,
        "siblings_placed_together": found.siblings_together,
        "total_weekly_cost": cost.agreed,
        "core_weekly_cost": cost.core,
        "additional_support_weekly_cost": cost.support,
        "education_weekly_cost": cost.education,
        "other_weekly_cost": cost.other,
        "placement_officer_name": search.officers[1],
        "placement_date": found.date,
        "cost_officer_name": search.officers[2],
        "cost_date": found.cost_date,
    }


def _urgency(search: Search) -> int:
    """Today, under or over five days."""
    wait = (search.needed_by - search.referred).days
    return 0 if wait == 0 else 1 if wait < 5 else 2


def _pets(table: Table, name: str, search: Search) -> str:
    """Of Yes-must, Yes-can, No, Not known."""
    return label(table, name, {0: 1, 1: 2, 2: 3}[search.pets])


def _present(table: Table, name: str, level: int) -> str:
    return label(table, name, min(level, 1))


def _several(table: Table, name: str, numbers: tuple[int, ...]) -> str:
    return ", ".join(label(table, name, n) for n in numbers)


def _unless(condition: bool, value: str) -> str | None:
    return None if condition else value


def _in_school(search: Search) -> str:
    if not search.school_age:
        return "Not applicable"
    return _yes(search.in_school)


def _urn(search: Search) -> str | None:
    provider = search.found.home.provider
    return provider.urn if provider else None
