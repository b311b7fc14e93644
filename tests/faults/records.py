"""JSON and JSON-LD records: cut off, deep, huge, doubled or of another shape."""

import json

from pipeline.standards.load import load_standards
from tests.faults.case import NAME, POSTCODE, Content, Fault, as_bytes, kept, stopped

RECORDS = "2025Q2/records.json"
LINKED = "2025Q2/records.jsonld"
SOUND = {
    "uasc_status": "No", "is_preferred_location_local": True, "communication_needs": "Yes",
    "specific_communication_requirement": "ESOL", "cultural_needs": "Not Required",
    "living_companions": "No preference", "pets": "No", "home_adaptation_required": False,
    "residential_care_suitability": "Suitable but not preferred",
    "supported_accommodation_suitability": "Unsuitable", "placement_type": "Foster",
    "placement_start_date": "2025-05-12", "provider_urn": "SC123456",
    "placement_location": "TA1", "is_location_preferred": True,
    "is_education_continuous": True, "siblings_placed_together": 0, "total_weekly_cost": 900,
    "referral_officer_name": NAME, "referral_date": "2025-05-02",
    "placement_date": "2025-05-12", "cost_date": "2025-05-12",
}  # fmt: skip


def record(child: str = "{m}1", **changes: object) -> dict[str, object]:
    """A sound record, by its JSON names; a change to None leaves the name out."""
    table = load_standards()["nps_records"]
    needed = (f for f in table.fields if f.options and f.required == "always")
    values = {f.name: next(iter(f.options)) for f in needed}
    values |= SOUND | {"child_id": child} | changes
    headers = {f.name: f.header for f in table.fields}
    return {headers.get(n, n): v for n, v in values.items() if v is not None}


def text_of(*records: object) -> str:
    """Records as JSON."""
    return json.dumps(records, ensure_ascii=False)


def taken(
    name: str,
    content: Content,
    rows: int = 1,
    checks: str = "",
    *says: str,
    path: str = RECORDS,
    **counts: int,
) -> Fault:
    """Records that are taken."""
    return kept(name, content, rows, checks, *says, path=path, table="nps_records", **counts)


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def doubled(text: str) -> str:
    """The record with its child id given twice, the later one another."""
    return text.replace('"childId": "{m}1"', '"childId": "{m}1", "childId": "{m}2"')


FAULTS = (
    stopped("json_of_no_bytes", b"", "empty", path=RECORDS),
    stopped("json_without_records", "[]", "empty", path=RECORDS, read=0),
    stopped("json_of_an_empty_record", "{}", "empty", path=RECORDS),
    stopped("json_cut_off", text_of(record())[:-40], "broken_json", "cut off", path=RECORDS),
    stopped("json_that_is_text", "Dear hub, see the attachment.", "broken_json", path=RECORDS),
    stopped("json_with_a_comma_too_many", text_of(record())[:-1] + ",]", "broken_json",
            path=RECORDS),
    stopped("json_with_comments", "// of May\n" + text_of(record()), "broken_json", path=LINKED),
    stopped("json_with_null_bytes", text_of(record()) + "\x00" * 40, "broken_json", path=RECORDS),
    taken("json_of_lines", json.dumps(record()) + "\n" + json.dumps(record("{m}2")) + "\n", 2),
    stopped("json_of_numbers", "[1, 2, 3]", "not_records", "records", path=RECORDS),
    stopped("json_of_lists", '[["childId"], ["{m}1"]]', "not_records", path=RECORDS),
    stopped("json_of_one_text", '"childId"', "not_records", path=LINKED),
    stopped("json_of_records_and_nulls", text_of(record(), None), "not_records", path=RECORDS),
    stopped("json_too_deep", nested(100_000), "broken_json", path=RECORDS, short=True),
    stopped("json_deep", nested(500), "not_recognised", path=RECORDS),
    stopped("json_of_another_kind", '[{"name": "Canaryname", "type": "Feature"}]',
            "not_recognised", path=RECORDS),
    stopped("json_of_three_thousand_names",
            json.dumps([{f"name{n}": n for n in range(3_000)}]), "too_wide", path=RECORDS),
    stopped("json_named_jsonld_that_is_csv", "childId,referralDate\n{m}1,2025-05-02\n",
            "not_recognised", path=LINKED, read=2),
    taken("json_with_mark", as_bytes("\ufeff" + text_of(record()), "utf-8")),
    taken("json_in_utf16", as_bytes("\ufeff" + text_of(record()), "utf-16-le")),
    taken("json_with_a_name_twice", doubled(text_of(record())), 1),
    taken("json_with_not_a_number", text_of(record(total_weekly_cost=float("nan"))), 1,
          "fix:nps_records.total_weekly_cost.missing"),
    taken("json_with_a_huge_number", text_of(record(total_weekly_cost=10**400)), 1,
          "fix:nps_records.total_weekly_cost.type"),
    taken("json_with_an_infinite_number",
          text_of(record(total_weekly_cost=1)).replace('Cost": 1', 'Cost": 1e999'), 1,
          "fix:nps_records.total_weekly_cost.type"),
    taken("json_with_half_a_character", text_of(record(referral_officer_name="A"))
          .replace('"A"', r'"\ud83d A"')),
    taken("json_with_a_list_for_an_answer", text_of(record(pets=["No", "Yes-can"])), 1,
          "fix:nps_records.pets.option"),
    taken("json_with_an_object_for_an_answer", text_of(record(pets={"answer": "No"})), 1,
          "fix:nps_records.pets.missing"),
    taken("json_id_as_a_number", text_of(record(990017301)), 1),
    taken("json_id_as_a_float", text_of(record(990017302.0)), 1),
    taken("json_id_missing", text_of(record(), record(child_id=None)), 1,
          "stop:nps_records.child_id.missing", quarantined=1),
    taken("json_date_of_the_us", text_of(record(), record(referral_date="05/31/2025")), 1,
          "stop:nps_records.referral_date.type", quarantined=1),
    taken("json_whole_postcode_for_a_district", text_of(record(placement_location=POSTCODE)), 1,
          "fix:nps_records.placement_location.type"),
    taken("json_cost_below_zero", text_of(record(total_weekly_cost=-1)), 1,
          "fix:nps_records.total_weekly_cost.range"),
    taken("json_start_before_referral", text_of(record(placement_date="2025-04-02")), 1,
          "fix:nps_records.placement_before_referral"),
    taken("json_the_same_record_twice", text_of(record(), record()), 1,
          "warn:nps_records.repeated", superseded=1),
)  # fmt: skip
