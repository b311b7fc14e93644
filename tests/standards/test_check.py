import dataclasses
import json
import logging
import socket

import pandas as pd
import pytest

from pipeline.sharing.allow_list import SQL_TYPES
from pipeline.standards import frame
from pipeline.standards.check import FAILURE_COLUMNS
from pipeline.standards.frame import check_frame_sql, key_rows, require_sound_rules
from pipeline.standards.load import RowCheck, StandardFault, load_standards
from pipeline.standards.rules import checks_of


def outcomes(found):
    return {r.check_id: r.outcome for r in found.results}


def failed(found):
    return {r.check_id for r in found.results if r.outcome == "fail"}


def with_row_check(table, fails_when, fields):
    extra = RowCheck("extra", "warn", fields, fails_when, "They do not agree.", "Check them.")
    return dataclasses.replace(table, checks=(*table.checks, extra))


def test_rows_without_a_fault_pass_every_check(check, rcc, search, placed):
    found = check(rcc, [search, placed])
    assert {r.outcome for r in found.results} == {"pass"}
    assert found.failures.empty
    assert list(found.failures) == list(FAILURE_COLUMNS)


# What is changed in a faultless row, and the checks that must fail then; no others may.
SEARCHES = [
    ({"child_id": None}, {"child_id.missing"}),
    ({"child_id": "1.23E+11"}, {"child_id.type"}),
    ({"search_urgency": "Soon"}, {"search_urgency.option"}),
    ({"siblings_to_place_with": "two"}, {"siblings_to_place_with.type"}),
    ({"siblings_to_place_with": "NA"}, set()),
    ({"siblings_to_place_with": "13"}, {"siblings_to_place_with.range"}),
    ({"siblings_to_place_with": "-1"}, {"siblings_to_place_with.range"}),
    ({"siblings_to_place_with": "99999999999999999999"}, {"siblings_to_place_with.type"}),
    ({"referral_form_date": "2024-02-31"}, {"referral_form_date.type"}),
    ({"referral_form_date": "next week"}, {"referral_form_date.type"}),
    (
        {"referral_form_date": "22/11/2026", "placement_needed_by_date": "23/11/2026"},
        set(),  # the day of the check itself is not in the future
    ),
    (
        {"referral_form_date": "23/11/2026", "placement_needed_by_date": "24/11/2026"},
        {"referral_form_date.range"},
    ),
    ({"close_to_family": "perhaps"}, {"close_to_family.type"}),
    ({"family_postcode": "NOT A POSTCODE"}, {"family_postcode.type"}),
    ({"family_postcode": "TA1 4"}, set()),
    ({"comms_need": "Yes", "comms_specific": "BSL, Makaton"}, set()),
    ({"comms_need": "Yes", "comms_specific": "BSL, Elvish"}, {"comms_specific.option"}),
    ({"comms_need": "Yes", "comms_specific": "BSL, None"}, {"comms_specific.exclusive"}),
    ({"in_school": "Yes"}, {"school_postcode.missing", "keep_school.missing"}),
    ({"school_postcode": "TA1"}, {"school_postcode.unwanted"}),
    ({"in_school": "Yes", "school_postcode": "TA1", "keep_school": "No"}, set()),
    ({"placement_needed_by_date": "01/04/2024"}, {"needed_before_referral"}),
    ({"suit_residential": "Preferred"}, {"preferred_twice"}),
]
PLACEMENTS = [
    ({"agreed_weekly_cost": "a lot"}, {"agreed_weekly_cost.type"}),
    (
        {"agreed_weekly_cost": "-5", "actual_weekly_cost": "-5"},
        {"agreed_weekly_cost.range", "actual_weekly_cost.range"},
    ),
    ({"provider_urn": "Sunny House"}, {"provider_urn.type"}),
    ({"provider_urn": "XXXXXXX"}, set()),
    ({"risk_child_eating": None}, {"risk_child_eating.missing"}),
    ({"placement_form_date": "08/04/2024"}, {"placement_before_referral"}),
    ({"siblings_to_place_with": "2"}, {"sibling_split.missing"}),
    ({"sibling_split": "Yes"}, {"sibling_split.unwanted"}),
    ({"placement_type": "Residential"}, {"unsuitable_type_used"}),
]


@pytest.mark.parametrize(("row", "cases"), [("search", SEARCHES), ("placed", PLACEMENTS)])
def test_each_kind_of_check_fails_where_it_should_and_nowhere_else(check, rcc, request, row, cases):
    faultless = request.getfixturevalue(row)
    rows = [
        faultless | {"child_id": f"A{n}"} | change | {"row_number": n}
        for n, (change, _) in enumerate(cases)
    ]
    failures = check(rcc, rows).failures
    for number, (change, broken) in enumerate(cases):
        found = set(failures.loc[failures["row_number"] == number, "check_id"])
        assert found == {f"rcc_v2.{b}" for b in broken}, change


def test_code_lists_belong_to_a_collection_year(check, episodes, episode):
    hostel = [episode | {"place": "H5"}]
    assert failed(check(episodes, hostel, 2024)) == set()
    assert failed(check(episodes, hostel, 2026)) == {"episodes.place.option"}
    header = load_standards()["header"]
    child = {"child": "A1", "dob": "01/02/2012", "ethnic": "WBRI", "upn": "UN1"}
    assert failed(check(header, [child | {"sex": "1"}], 2024)) == set()
    assert failed(check(header, [child | {"sex": "1"}], 2025)) == {"header.sex.option"}
    assert failed(check(header, [child | {"sex": "F"}], 2024)) == {"header.sex.option"}
    assert failed(check(header, [child | {"sex": "F"}], 2025)) == set()


def test_codes_of_a_year_without_a_list_are_not_applicable(check):
    workers = load_standards()["sw_episodes"]
    row = {"child": "A1", "dob": "01/02/2012", "sw_id": "SW1", "sw_decom": "01/05/2023"}
    found = check(workers, [row | {"sw_reason": "MANAGE"}], 2023)
    assert outcomes(found)["sw_episodes.sw_reason.option"] == "not applicable"


def test_a_date_with_an_unknown_day_is_readable_where_dfe_allows_it(check):
    permanence = load_standards()["prev_perm"]
    row = {"child": "A1", "dob": "01/02/2012", "prev_perm": "P1"}
    assert failed(check(permanence, [row | {"date_perm": "zz/05/2019"}], 2026)) == set()
    found = check(permanence, [row | {"date_perm": "spring"}], 2026)
    assert failed(found) == {"prev_perm.date_perm_unreadable"}


def test_counts_say_how_many_rows_were_tested_and_failed(check, rcc, search):
    rows = [search | {"child_id": f"A{n}"} for n in range(5)]
    rows[1] |= {"pets": None}
    rows[3] |= {"pets": "Newts"}
    found = {r.check_id: r for r in check(rcc, rows).results}
    assert (found["rcc_v2.pets.missing"].rows_tested, found["rcc_v2.pets.missing"].rows_failed) == (
        5,
        1,
    )
    assert found["rcc_v2.pets.option"].rows_failed == 1
    assert found["rcc_v2.alongside.option"].rows_failed == 0


def test_failures_say_where_what_and_how_to_fix(check, rcc, search):
    rows = [
        search | {"child_id": "A1", "sheet": "One", "row_number": 5},
        search | {"child_id": "A2", "sheet": "Two", "row_number": 5, "pets": "Newts"},
        search | {"child_id": "A3", "sheet": "One", "row_number": 6, "suit_supported": "Preferred"},
    ]
    found = check(rcc, rows).failures.to_dict("records")
    assert [f["check_id"] for f in found] == ["rcc_v2.preferred_twice", "rcc_v2.pets.option"]
    twice, pets = found
    assert (twice["file"], twice["sheet"], twice["row_number"]) == ("sent.xlsx", "One", 6)
    assert twice["child"] == "A3"
    assert twice["field"] == "suit_foster, suit_residential, suit_supported"
    assert twice["value"] == "; ".join(
        f"{rcc.field(name).header}: {answer}"
        for name, answer in (
            ("suit_foster", "Preferred"),
            ("suit_residential", "Unsuitable"),
            ("suit_supported", "Preferred"),
        )
    )
    assert (pets["sheet"], pets["row_number"], pets["child"]) == ("Two", 5, "A2")
    assert pets["value"] == "Newts"
    assert pets["message"] == (
        '"Can child live with pets/animals?" is not one of the listed options. '
        "Says whether the child can live with animals."
    )
    assert pets["how_to_fix"] == "Choose Yes, No or Don't know."
    assert pets["severity"] == "fix"
    assert pets["table_name"] == "rcc_v2"


def test_failures_are_counted_alike_in_results_and_rows_and_come_in_the_same_order(
    check, rcc, search
):
    rows = [search | {"child_id": f"A{n}", "pets": "Newts", "in_school": "Yes"} for n in range(9)]
    first, second = check(rcc, rows), check(rcc, rows)
    assert first.failures.equals(second.failures)
    assert len(first.failures) == sum(r.rows_failed for r in first.results) == 27


def test_a_child_whose_id_is_unreadable_is_shown_as_it_was_sent(check, rcc, search):
    found = check(rcc, [search | {"child_id": "1.23E+11"}]).failures
    assert found["child"].tolist() == ["1.23E+11"]


def test_failures_can_be_written_by_duckdb(check, connection, rcc, search):
    failures = check(rcc, [search | {"pets": None}], missing_columns=frozenset({"min_ratio"}))
    connection.register("failures", failures.failures)
    query = "select check_id, row_number, sheet, child, value from failures"
    assert connection.execute(query).fetchall() == [
        ("rcc_v2.min_ratio.column", None, None, None, None),
        ("rcc_v2.pets.missing", 2, "Sheet 1", "A1", None),
    ]


def test_an_absent_required_column_fails_once_for_the_file(check, rcc, search):
    rows = [search, search | {"child_id": "A2"}]
    found = check(rcc, rows, missing_columns=frozenset({"pets", "family_postcode"}))
    assert failed(found) == {"rcc_v2.pets.column"}
    results = {r.check_id: r for r in found.results}
    assert results["rcc_v2.pets.column"].severity == "fix"
    assert results["rcc_v2.pets.column"].rows_tested == 1
    assert results["rcc_v2.pets.column"].rows_failed == 1
    not_applicable = {r.check_id for r in found.results if r.outcome == "not applicable"}
    assert not_applicable == {
        "rcc_v2.pets.missing",
        "rcc_v2.pets.option",
        "rcc_v2.animals_at_risk",
        "rcc_v2.family_postcode.type",
        "rcc_v2.close_to_unknown_family",
    }
    assert found.failures["file"].tolist() == ["sent.xlsx"]


def test_a_condition_on_absent_columns_is_not_applicable(check, rcc, search):
    found = outcomes(check(rcc, [search], missing_columns=frozenset({"in_school"})))
    assert found["rcc_v2.school_postcode.missing"] == "not applicable"
    assert found["rcc_v2.school_postcode.unwanted"] == "not applicable"
    assert found["rcc_v2.school_postcode.type"] == "pass"
    # One of the three columns that show a placement is enough.
    found = outcomes(check(rcc, [search], missing_columns=frozenset({"provider_urn"})))
    assert found["rcc_v2.risk_child_missing.missing"] == "pass"


def test_nothing_is_applicable_to_a_table_without_rows(check, rcc):
    found = check(rcc, [], missing_columns=frozenset({"pets"}))
    assert {r.outcome for r in found.results} == {"not applicable"}
    assert {(r.rows_tested, r.rows_failed) for r in found.results} == {(0, 0)}
    assert found.failures.empty
    assert found.validation["validation"]["results"] == []


@pytest.mark.parametrize(
    "fails_when",
    ["pets = ", "pets = 'Yes' and no_such_field", "no_such_function(pets)", "sum(agreed) > pets"],
)
def test_a_rule_that_cannot_be_bound_is_the_standards_fault(check, rcc, search, fails_when):
    broken = with_row_check(rcc, fails_when, ("pets",))
    with pytest.raises(StandardFault, match=r"placements/rcc_v2\.yml.*rcc_v2\.extra"):
        check(broken, [search])


def test_a_condition_that_cannot_be_bound_is_the_standards_fault(check, rcc, search):
    fields = [
        dataclasses.replace(f, required_when="no_such_field") if f.name == "keep_school" else f
        for f in rcc.fields
    ]
    with pytest.raises(StandardFault, match=r"rcc_v2\.keep_school\.missing"):
        check(dataclasses.replace(rcc, fields=tuple(fields)), [search])


def test_a_check_that_stumbles_over_a_value_is_an_error_and_never_a_pass(
    check, caplog, rcc, search
):
    stumbling = with_row_check(rcc, "cast(child_id as integer) > 3", ("child_id",))
    found = check(stumbling, [search | {"child_id": "CANARY", "pets": "Newts"}])
    assert outcomes(found)["rcc_v2.extra"] == "error"
    assert failed(found) == {"rcc_v2.pets.option"}, "the other checks still run"
    result = next(r for r in found.results if r.check_id == "rcc_v2.extra")
    assert (result.rows_tested, result.rows_failed) == (0, 0)
    assert not found.validation["validation"]["success"]
    assert "CANARY" not in json.dumps(found.validation) + caplog.text


CANARIES = (
    "ZQCANARY",
    "zqcanary",
    "ZQ97 9QZ",
    "ZQ979QZ",
    "2013-07-19",
    "19/07/2013",
    "98765.43",
    "8765432",
)


@pytest.mark.parametrize("table", load_standards().values(), ids=lambda t: t.name)
def test_no_value_leaves_in_results(check, caplog, capfd, table):
    """Canaries that can be read, and canaries that cannot, in every column."""
    readable = {
        "date": "19/07/2013",
        "money": "98765.43",
        "integer": "8765432",
        "postcode": "ZQ97 9QZ",
        "outward_postcode": "ZQ97",
        "urn": "SC8765432",
    }
    rows = [
        {f.name: "ZQCANARY" for f in table.fields},
        {f.name: readable.get(f.type, "ZQCANARY2") for f in table.fields},
        {f.name: f"{next(iter(f.options))}, ZQCANARY" if f.options else None for f in table.fields},
        {table.child: "ZQCANARY3"},
    ]
    with caplog.at_level(logging.DEBUG):
        found = check(table, rows, 2026 if table.dataset == "ssda903" else None)
    assert {r.outcome for r in found.results} == {"pass", "fail"}
    assert "ZQCANARY" in found.failures.to_json(), "the failures themselves do hold the values"
    said = json.dumps(found.validation) + repr(found.results) + caplog.text
    said += "".join(capfd.readouterr())
    assert [c for c in CANARIES if c in said] == []


def test_a_check_calls_nobody(check, monkeypatch, rcc, search):
    def refuse(*_):
        raise AssertionError("a check tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert failed(check(rcc, [search])) == set()


def test_checking_leaves_no_table_behind(check, connection, rcc, search):
    check(rcc, [search])
    tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert sorted(tables) == [("conformed",), ("sent",)]


@pytest.mark.parametrize("table", load_standards().values(), ids=lambda t: t.name)
def test_the_sql_of_every_standard_is_sound(connection, table):
    require_sound_rules(connection, table, [c for c in checks_of(table, None) if c.fails_when])


def test_the_frame_has_a_text_a_value_and_a_column_for_each_rule(connection, conform, rcc, placed):
    assert key_rows(connection, conform(rcc, [placed, placed | {"pets": "Newts"}])) == 2
    rules = [c for c in checks_of(rcc, None) if c.id == "rcc_v2.preferred_twice"]
    found = connection.execute(check_frame_sql(rcc, rules, frozenset({"min_ratio"}))).df()
    assert found["agreed_weekly_cost"].tolist() == ["1000.00", "1000.00"]
    assert found["agreed_weekly_cost__value"].tolist() == [1000, 1000]
    assert found["close_to_family"].tolist() == ["No", "No"]
    assert found["pets"].tolist() == ["Yes", "\u2060Newts"]
    assert found["rcc_v2.preferred_twice"].tolist() == [True, True]
    assert "min_ratio" not in found
    assert {f.type for f in rcc.fields if f"{f.name}__value" in found} == set(SQL_TYPES) - {
        "boolean"
    }


def test_a_key_that_stands_twice_in_a_file_is_told(check, episodes, episode):
    other = episode | {"decom": "02/05/2025"}
    found = check(episodes, [episode, other, episode], 2026).failures
    twice = found[found["check_id"] == "episodes.repeated"]
    assert list(twice["row_number"]) == [2, 4]
    assert set(twice["severity"]) == {"warn"}


def test_a_long_file_is_checked_in_parts_with_the_same_outcome(check, rcc, search, monkeypatch):
    rows = [search | change for change, _ in SEARCHES] + [{"child_id": None}, search, search]
    whole = check(rcc, rows)
    monkeypatch.setattr(frame, "ROWS_AT_ONCE", len(rows) // 2 + 1)
    parts = check(rcc, rows)
    pd.testing.assert_frame_equal(whole.failures, parts.failures)
    assert [dataclasses.replace(r, checked_at=None) for r in parts.results] == [
        dataclasses.replace(r, checked_at=None) for r in whole.results
    ]
    for one, other in zip(
        whole.validation["validation"]["results"],
        parts.validation["validation"]["results"],
        strict=True,
    ):
        assert other == one | {"result": pytest.approx(one["result"])}
    assert {r.outcome for r in whole.results} == {"pass", "fail"}
