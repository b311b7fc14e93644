"""Every row that was read is kept, quarantined or superseded, and each of them once."""

import pytest

from pipeline.accounting import failures_path, row_status_path
from pipeline.standards.load import load_standards
from pipeline.warehouse import from_parquet, workspace, write_parquet
from tests.authority import La


@pytest.fixture
def la(tmp_path):
    return La(tmp_path)


def review(child: str, day: str = "01/05/2025", code: str = "PN1") -> dict[str, str]:
    return {"CHILD": child, "DOB": "01/02/2012", "REVIEW": day, "REVIEW_CODE": code}


def settle(la: La) -> list[tuple[str, int, int, int, int]]:
    """Receive and check; gives path, read, kept, quarantined and superseded of each entry."""
    la.receive()
    la.check()
    found = [
        (e.path, e.rows_read, e.rows_kept, e.rows_quarantined, e.rows_superseded)
        for e in la.entries()
    ]
    for path, read, *parts in found:
        assert read == sum(parts), path
    return found


def kept(la: La, table: str = "reviews", period: str = "2026") -> set[tuple[str, int]]:
    """File and row of what is kept."""
    status = from_parquet([row_status_path(la.zone, table, period)])
    files = {e.submission_id: e.path for e in la.entries()}
    with workspace() as connection:
        rows = connection.execute(
            f"select submission_id, row_number from {status} where status = 'kept'"
        ).fetchall()
    return {(files[submission], row) for submission, row in rows}


def test_good_rows_are_kept(la):
    la.drop("2026/reviews.csv", [review("A1"), review("A2")])
    assert settle(la) == [("2026/reviews.csv", 2, 2, 0, 0)]
    assert kept(la) == {("2026/reviews.csv", 2), ("2026/reviews.csv", 3)}


def test_a_row_with_a_stop_is_quarantined_and_one_with_a_fix_is_kept(la):
    la.drop("2026/reviews.csv", [review("A1", code="XX"), review("", code=""), review("A3", "?")])
    assert settle(la) == [("2026/reviews.csv", 3, 1, 2, 0)]
    entry = la.entry("2026/reviews.csv")
    assert la.failures(entry) == [
        ("reviews.review_code.option", "fix", 2, "XX"),
        ("reviews.child.missing", "stop", 3, None),
        ("reviews.review_code.missing", "fix", 3, None),
        ("reviews.review.type", "stop", 4, "?"),
    ]
    assert (entry.stop_count, entry.fix_count, entry.warn_count, entry.info_count) == (2, 2, 0, 0)


def test_a_resubmission_supersedes_row_by_row_and_a_stopped_row_replaces_none(la):
    la.drop("2026/reviews.csv", [review("A1"), review("A2"), review("A3")])
    settle(la)
    corrected = [review(" a1.0 "), review("A1"), review("A2", "02/05/2025"), review("")]
    la.drop("2026/reviews.csv", corrected)
    assert settle(la) == [("2026/reviews.csv", 3, 2, 0, 1), ("2026/reviews.csv", 4, 3, 1, 0)]
    # a1.0 is no number, so that .0 belongs to the id; A2 of another day is another review.
    assert {row for _, row in kept(la)} == {2, 3, 4}


def test_the_latest_received_wins_whichever_way_the_rows_stand(la):
    la.drop("2026/b.csv", [review("A1", code="PN1"), review("A2")])
    la.drop("2026/a.csv", [review("A2"), review("A1", code="PN2")])
    assert settle(la) == [("2026/b.csv", 2, 0, 0, 2), ("2026/a.csv", 2, 2, 0, 0)]
    la.drop("2026/b.csv", [review("A1", code="PN3")])
    assert settle(la)[-1] == ("2026/b.csv", 1, 1, 0, 0)
    assert kept(la) == {("2026/a.csv", 2), ("2026/b.csv", 2)}


def test_a_rule_that_stops_a_row_gives_its_place_back_to_the_row_before(la):
    """No rule of today's standards stops a row whose key is whole: one of tomorrow's may."""
    la.drop("2026/a.csv", [review("A1")])
    la.drop("2026/b.csv", [review("A1", code="PN2"), review("A2")])
    settle(la)
    entry = la.entry("2026/b.csv")
    path = failures_path(la.zone, entry.submission_id, entry.table_name)
    with workspace() as connection:
        write_parquet(
            connection,
            f"from {from_parquet([path])} union all by name select 'reviews.new_rule' as check_id, "
            f"'{entry.submission_id}' as submission_id, 'stop' as severity, '' as sheet, "
            "2::bigint as row_number",
            path,
        )
    la.drop("2026/c.csv", [review("A3")])
    assert settle(la) == [
        ("2026/a.csv", 1, 1, 0, 0),
        ("2026/b.csv", 2, 1, 1, 0),
        ("2026/c.csv", 1, 1, 0, 0),
    ]


def test_of_the_same_row_in_one_file_the_last_is_kept(la):
    la.drop("2026/reviews.csv", [review("A1"), review("a1"), review("A1")])
    assert settle(la) == [("2026/reviews.csv", 3, 1, 0, 2)]
    assert kept(la) == {("2026/reviews.csv", 4)}


def test_periods_do_not_supersede_each_other(la):
    la.drop("2026/reviews.csv", [review("A1")])
    la.drop("2025/reviews.csv", [review("A1", "01/05/2024")])
    assert [row[2] for row in settle(la)] == [1, 1]


def test_a_duplicate_takes_no_reason_away_from_the_file_that_it_repeats(la):
    rows = [review("A1"), review("", code="XX")]
    la.drop("2026/reviews.csv", rows)
    settle(la)
    la.drop("2026/again.csv", rows)
    assert settle(la) == [("2026/reviews.csv", 2, 1, 1, 0), ("2026/again.csv", 0, 0, 0, 0)]
    first, again = la.entries()
    assert [f[0] for f in la.failures(first)] == [
        "reviews.child.missing",
        "reviews.review_code.option",
    ]
    assert la.failures(again) == [("file.duplicate", "info", None, None)]
    assert (first.stop_count, again.stop_count, again.info_count) == (1, 0, 1)


def test_a_file_of_which_every_row_is_stopped_is_quarantined_whole(la):
    la.drop("2026/reviews.csv", [review("A1"), review("A2")])
    settle(la)
    la.drop("2026/bad.csv", [review(""), review("A1", "never")])
    assert settle(la) == [("2026/reviews.csv", 2, 2, 0, 0), ("2026/bad.csv", 2, 0, 2, 0)]
    bad = la.entry("2026/bad.csv")
    assert (bad.status, bad.reason_code) == ("quarantined", "every_row_stopped")
    told = ["file.every_row_stopped", "reviews.child.missing", "reviews.review.type"]
    assert [f[0] for f in la.failures(bad)] == sorted(told)
    assert [f[1] for f in la.told()].count("file.every_row_stopped") == 1
    assert bad.stop_count == 3
    # Corrected, it leaves quarantine, and what it says replaces what was there.
    la.drop("2026/bad.csv", [review("A1")])
    assert settle(la) == [
        ("2026/reviews.csv", 2, 1, 0, 1),
        ("2026/bad.csv", 2, 0, 0, 2),
        ("2026/bad.csv", 1, 1, 0, 0),
    ]
    assert la.told() == []


def test_what_intake_stopped_is_a_reason_without_a_row(la):
    la.drop("2026/letter.docx", b"Dear hub")
    la.drop("2026/nothing.csv", b"")
    la.drop("2026/notes.csv", "a,b\n1,2\n")
    assert settle(la) == [
        ("2026/letter.docx", 0, 0, 0, 0),
        ("2026/nothing.csv", 0, 0, 0, 0),
        ("2026/notes.csv", 2, 0, 2, 0),
    ]
    found = {e.path: la.failures(e) for e in la.entries()}
    assert found == {
        "2026/letter.docx": [("file.format_not_taken", "stop", None, None)],
        "2026/nothing.csv": [("file.empty", "info", None, None)],
        "2026/notes.csv": [("file.not_recognised", "stop", None, None)],
    }


def test_a_note_is_a_warning(la):
    la.drop("2025/reviews.csv", [review("A1") | {"MORE": "x"}])
    settle(la)
    entry = la.entry("2025/reviews.csv")
    assert la.failures(entry) == [("file.note", "warn", None, None)]
    assert entry.warn_count == 1


def test_what_was_checked_is_not_checked_again(la):
    la.drop("2026/reviews.csv", [review("A1"), review("")])
    la.receive()
    first = la.check()
    assert [len(o.failures) for _, o in first.outcomes] == [1]
    before = la.entries()
    again = la.check()
    assert again.outcomes == []
    assert la.entries() == before == again.entries


def test_two_unreadable_dates_of_a_key_are_not_the_same_date(la):
    table = load_standards()["nps_2026_06"]
    names = {f.name: f.header for f in table.fields}
    rows = [
        dict.fromkeys(names.values(), "")
        | {names["child_id"]: "A1", names["date_entry_referral"]: "01/10/2025",
           names["date_entry_placement"]: placed}
        for placed in ("mid October", "end of October", "mid October", "")
    ]  # fmt: skip
    la.drop("2025Q4/return.csv", rows)
    assert settle(la) == [("2025Q4/return.csv", 4, 3, 0, 1)]
