"""DfE's rules over an authority's whole returns: found where they are, told once, left alone."""

import json

import openpyxl
import pytest

from pipeline.accounting import check_la
from pipeline.intake.withdraw import record_withdrawal
from pipeline.region import Authority
from pipeline.reports.feedback import About, keep_feedback
from pipeline.returns import (
    STAMPS,
    Basis,
    drop_reports,
    judge_returns,
    keep_stamps,
    returns_wait,
    rule_outcomes,
)
from pipeline.sharing.outbox import OF_RULES, outbox
from pipeline.sharing.quality import share_check_results
from pipeline.standards.ssda903.rule import rules_of
from tests.authority import La

CANARY = "ZZCANARY1"
BASIS = Basis()


class Judging(La):
    """An authority whose returns are put to DfE's rules; `judged` is what the last check found."""

    def check(self):
        self.judged = []

        def judge(connection, entries):
            self.judged += judge_returns(
                connection, self.code, self.zone, entries, BASIS, self.reports
            )

        checked = check_la(self.code, self.zone, self._tick(), judge=judge)
        keep_stamps(self.code, self.zone, checked.entries, BASIS)
        return checked

    @property
    def reports(self):
        return self.root / "reports"

    def waits(self):
        return returns_wait(self.code, self.zone, self.entries(), BASIS)

    def outcomes(self, code):
        """Period, table, outcome, rows tested and failed of a rule in the last check."""
        return sorted(
            (j.entry.period, r.table_name, r.outcome, r.rows_tested, r.rows_failed)
            for j in self.judged
            for r in j.results
            if r.check_id == f"dfe.{code}"
        )

    def told_of(self, code):
        return [(f, row) for f, check, row in self.told() if check == f"dfe.{code}"]


@pytest.fixture
def la(tmp_path):
    return Judging(tmp_path)


def episode(child=CANARY, decom="01/06/2024", rne="S", **more):
    row = {"CHILD": child, "DECOM": decom, "RNE": rne, "LS": "C2", "CIN": "N1", "PLACE": "U1"}
    row |= {"PLACE_PROVIDER": "PR1", "DEC": "", "REC": "", "REASON_PLACE_CHANGE": ""}
    return row | {"HOME_POST": "", "PL_POST": "", "URN": ""} | more


def this_year(rne):
    """Seven rows, the second of them with the reason given; most dates are of the year."""
    new = [episode(f"C{n}", "01/06/2025") for n in range(5)]
    return [episode("B", rne="S"), episode(rne=rne), *new]


def two_years(la, rne_now="S"):
    la.drop("ssda903/2025/episodes.csv", [episode("B", rne="S"), episode()])
    la.drop("ssda903/2026/episodes.csv", this_year(rne_now))
    la.settle()


def test_a_rule_across_years_finds_the_row_and_says_where_it_is(la):
    two_years(la, rne_now="L")
    assert la.told_of("503A") == [("ssda903/2026/episodes.csv", 3)]
    (value,) = {v for c, v in la.told("check_id, value") if c == "dfe.503A"}
    assert value == "RNE: L"
    assert ("2026", "episodes", "fail", 7, 1) in la.outcomes("503A")


def test_what_a_rule_lacks_makes_it_not_applicable_never_a_pass(la):
    two_years(la)
    assert la.outcomes("503A") == [
        ("2025", "episodes", "not applicable", 0, 0),  # 2024 was not sent
        ("2026", "episodes", "pass", 7, 0),
    ]
    (judged,) = (j for j in la.judged if j.entry.period == "2025")
    assert "dfe.503A" in judged.validation["not_applicable"]


def test_unchanged_returns_are_left_alone_and_a_change_of_last_year_is_seen(la):
    two_years(la)
    assert not la.waits()
    la.settle()
    assert la.judged == []
    la.drop("ssda903/2025/episodes.csv", [episode("B", rne="S"), episode(rne="P")])
    la.settle()
    assert {j.entry.period for j in la.judged} == {"2025", "2026"}
    assert la.told_of("503A") == [("ssda903/2026/episodes.csv", 3)]


def test_a_corrected_file_is_told_of_no_more(la):
    two_years(la, rne_now="L")
    la.drop("ssda903/2026/episodes.csv", this_year("S"))
    la.settle()
    assert la.told_of("503A") == []


def test_a_withdrawn_return_is_told_of_no_more(la):
    two_years(la, rne_now="L")
    taken_back = [la.entry("ssda903/2026/episodes.csv")]
    record_withdrawal(la.zone, taken_back, "sent by mistake")
    la.settle()
    assert la.told_of("503A") == []
    assert not la.waits()


def test_a_run_that_broke_off_before_its_stamp_is_done_again(la):
    two_years(la, rne_now="L")
    (la.zone / STAMPS).unlink()
    assert la.waits()
    la.check()
    assert la.told_of("503A") == [("ssda903/2026/episodes.csv", 3)]


def test_the_counts_are_of_the_rules_as_great_expectations_tells_them(la):
    two_years(la, rne_now="L")
    (judged,) = (j for j in la.judged if j.entry.period == "2026")
    told = {
        r["expectation_config"]["meta"]["check_id"]: r
        for r in judged.validation["validation"]["results"]
    }
    assert not told["dfe.503A"]["success"]
    assert told["dfe.503A"]["result"]["observed_value"] == 1


def test_the_feedback_tells_fields_of_another_table_by_their_headings(la, tmp_path):
    la.drop("ssda903/2026/episodes.csv", this_year("S"))
    adoption = {"CHILD": "C1", "DOB": "01/01/2020", "DATE_PLACED": "01/05/2025"}
    adoption |= {"DATE_PLACED_CEASED": "", "REASON_PLACED_CEASED": ""}
    la.drop("ssda903/2026/placed_adoption.csv", [adoption])
    entries = tuple(la.settle())
    authority = Authority(la.code, "Somerset", "somerset")
    keep_feedback(About(tmp_path / "reports", la.zone, authority, True, entries, ()))
    workbook = openpyxl.load_workbook(tmp_path / "reports" / "feedback.xlsx", read_only=True)
    rows = [row for sheet in workbook for row in sheet.iter_rows(values_only=True)]
    assert any("DATE_PLACED, DECOM, RNE" in row for row in rows)


def test_the_two_reports_of_a_year_come_and_go_with_its_return(la):
    two_years(la, rne_now="L")
    report = la.reports / "ssda903_2026" / "child_summary.csv"
    assert f"{CANARY},Episodes,1,503A," in report.read_text(encoding="utf-8-sig")
    record_withdrawal(la.zone, [la.entry("ssda903/2026/episodes.csv")], "sent by mistake")
    drop_reports(la.reports, la.code, la.settle())
    assert [f.name for f in la.reports.iterdir()] == ["ssda903_2025"]


def test_results_hold_no_value(la):
    two_years(la, rne_now="L")
    said = repr([j.results for j in la.judged]) + json.dumps([j.validation for j in la.judged])
    assert CANARY not in said
    assert "01/06/2024" not in said


def test_an_xml_return_has_all_its_tables(la):
    la.drop(
        "ssda903/2026/return.xml",
        f"<RETURN><CHILD><HEADER><CHILDID>{CANARY}</CHILDID><SEX>M</SEX><DOB>01/01/2012</DOB>"
        "<ETHNIC>WBRI</ETHNIC><UPN>UN1</UPN></HEADER><EPISODE><DECOM>01/06/2025</DECOM>"
        "<RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U1</PL></EPISODE></CHILD></RETURN>",
    )
    la.settle()
    # PlacedAdoption was delivered, without a row.
    assert la.outcomes("1003") == [("2026", "episodes", "pass", 1, 0)]


def test_what_is_in_last_years_file_only_is_told_of_this_years(la):
    def order(child, start):
        return {"CHILD": child, "DOB": "01/01/2012", "DOLO_START": start, "DOLO_END": ""}

    la.drop("ssda903/2027/dolo.csv", [order("B", "01/05/2026"), order("C", "01/06/2026")])
    la.drop("ssda903/2028/dolo.csv", [order("C", "01/06/2027"), order("D", "01/07/2027")])
    la.settle()
    assert [e.period for e in la.entries()] == ["2027", "2028"]
    assert la.told_of("706") == [("ssda903/2028/dolo.csv", None)] * 2
    assert la.outcomes("706")[-1] == ("2028", "dolo", "fail", 2, 2)


def test_the_rules_of_the_newest_year_are_counted_by_outcome(la):
    two_years(la, rne_now="L")
    # What a check wrote into the outbox is what is counted.
    share_check_results(
        outbox(la.zone), la.code, [(j.entry, j.results) for j in la.judged], OF_RULES
    )
    counts = rule_outcomes(la.zone, la.code, la.entries())
    assert counts["error"] == 0
    assert counts["fail"] > 0
    assert sum(counts.values()) < len(rules_of(2026))  # rules of tables that were not sent
    assert "503A" in {r.check_id.removeprefix("dfe.") for j in la.judged for r in j.results}
