"""What is withdrawn feeds nothing, whatever lies in the landing folder, until that is undone."""

import json

import pytest

from pipeline.intake import receive as intake
from pipeline.intake.withdraw import (
    CannotWithdraw,
    record_withdrawal,
    to_withdraw,
    withdrawals_path,
)
from tests.authority import La, csv_bytes, zip_bytes

pytestmark = pytest.mark.usefixtures("quick")


def review(child: str, day: str = "01/05/2025", code: str = "PN1") -> dict[str, str]:
    return {"CHILD": child, "DOB": "01/02/2012", "REVIEW": day, "REVIEW_CODE": code}


def header(child: str) -> dict[str, str]:
    return {"CHILD": child, "SEX": "1", "DOB": "01/02/2012", "ETHNIC": "WBRI", "UPN": "UN1",
            "MOTHER": "", "MC_DOB": ""}  # fmt: skip


def withdraw(la: La, *, file: str | None = None, submission: str | None = None, undo=False) -> int:
    """Withdraw as the command does, then receive and check; gives the number of entries meant."""
    found = to_withdraw(la.entries(), submission, file, undo)
    record_withdrawal(la.zone, found, "sent by mistake", undo)
    la.settle()
    return len(found)


def fates(la: La) -> list[tuple]:
    return [
        (e.file, e.status, e.reason_code, e.rows_kept, e.rows_quarantined, e.rows_superseded)
        for e in la.entries()
    ]


def test_what_a_withdrawn_submission_replaced_comes_back_and_undo_takes_it_again(la):
    la.drop("2026/old.csv", [review("A1"), review("A2")])
    la.drop("2026/new.csv", [review("A1", code="PN2"), review("")])
    la.settle()
    used = fates(la)
    assert used == [
        ("2026/old.csv", "accepted", "", 1, 0, 1),
        ("2026/new.csv", "accepted", "", 1, 1, 0),
    ]
    told = la.told()
    assert withdraw(la, file="2026/new.csv") == 1
    assert fates(la) == [
        ("2026/old.csv", "accepted", "", 2, 0, 0),
        ("2026/new.csv", "quarantined", "withdrawn", 0, 2, 0),
    ]
    assert la.told() == [("2026/new.csv", "file.withdrawn", None)]
    assert not la.entry("2026/new.csv").is_grave
    assert withdraw(la, submission=la.entry("2026/new.csv").submission_id, undo=True) == 1
    assert fates(la) == used
    assert la.told() == told


def test_it_stays_withdrawn_when_the_reader_changes_and_under_another_name(la, monkeypatch):
    la.drop("2026/reviews.csv", [review("A1")])
    la.settle()
    withdraw(la, file="2026/reviews.csv")
    monkeypatch.setattr(intake, "reader_fingerprint", lambda: "another")
    assert la.receive().files_read == 1
    la.settle()
    assert fates(la) == [("2026/reviews.csv", "quarantined", "withdrawn", 0, 1, 0)]
    la.drop("2026/another name.csv", [review("A1")])
    la.drop("2026/return.zip", zip_bytes({"reviews.csv": csv_bytes([review("A1")])}))
    la.settle()
    assert fates(la)[1:] == [
        ("2026/another name.csv", "duplicate", "withdrawn", 0, 0, 0),
        ("2026/return.zip/reviews.csv", "duplicate", "withdrawn", 0, 0, 0),
    ]
    assert "stays so under another name" in la.entry("2026/another name.csv").reason
    # The file goes, the withdrawal does not; and it can be undone without the file.
    for path in ("2026/reviews.csv", "2026/return.zip"):
        (la.landing / path).unlink()
    la.settle()
    assert withdraw(la, file="2026/another name.csv", undo=True) == 1
    assert fates(la)[:2] == [
        ("2026/reviews.csv", "accepted", "", 1, 0, 0),
        ("2026/another name.csv", "duplicate", "duplicate", 0, 0, 0),
    ]


def test_a_file_is_withdrawn_with_all_of_its_tables_and_a_correction_of_it_counts(la):
    both = {"reviews.csv": [review("A1")], "header.csv": [header("A1")]}
    la.drop("2026/return.zip", zip_bytes(both))
    la.settle()
    assert withdraw(la, file="2026/return.zip") == 2
    assert {f[1:3] for f in fates(la)} == {("quarantined", "withdrawn")}
    la.drop("2026/return.zip", zip_bytes(both | {"reviews.csv": [review("A1", code="PN2")]}))
    la.settle()
    assert [f[:4] for f in fates(la)] == [
        ("2026/return.zip/reviews.csv", "quarantined", "withdrawn", 0),
        ("2026/return.zip/header.csv", "quarantined", "withdrawn", 0),
        ("2026/return.zip/reviews.csv", "accepted", "", 1),
    ]


def test_the_list_only_grows_and_says_who_when_and_why(la):
    la.drop("2026/reviews.csv", [review("A1")])
    la.settle()
    withdraw(la, file="2026/reviews.csv")
    first = withdrawals_path(la.zone).read_bytes()
    withdraw(la, file="2026/reviews.csv", undo=True)
    assert withdrawals_path(la.zone).read_bytes().startswith(first)
    lines = [json.loads(x) for x in withdrawals_path(la.zone).read_text().splitlines()]
    assert [x["undo"] for x in lines] == [False, True]
    for line in lines:
        assert line["why"] == "sent by mistake"
        assert line["content_sha256"] == la.entry("2026/reviews.csv").sha256
        assert line["who"]
        assert line["at"].endswith("+00:00")


def test_a_withdrawal_that_a_crash_cut_off_was_never_made(la):
    la.drop("2026/reviews.csv", [review("A1")])
    la.settle()
    path = withdrawals_path(la.zone)
    path.write_text('{"submission_id": "x", "cont')
    assert [e.status for e in la.settle()] == ["accepted"]
    withdraw(la, file="2026/reviews.csv")
    assert la.entry("2026/reviews.csv").reason_code == "withdrawn"


def test_what_is_not_there_or_not_in_use_cannot_be_withdrawn(la):
    la.drop("2026/notes.csv", "a,b\n1,2\n")
    la.drop("2026/reviews.csv", [review("A1")])
    la.settle()
    with pytest.raises(CannotWithdraw, match="no such submission"):
        withdraw(la, submission="nothing")
    with pytest.raises(CannotWithdraw, match="nothing to withdraw"):
        withdraw(la, file="2026/notes.csv")
    with pytest.raises(CannotWithdraw, match="not withdrawn"):
        withdraw(la, file="2026/reviews.csv", undo=True)
    assert not withdrawals_path(la.zone).exists()


def test_the_command_says_what_is_wrong(tmp_path, command_line):
    la = La(tmp_path, code="E10000008")
    la.drop("2026/reviews.csv", [review("A1")])
    asked = ("withdraw", "--la", "devon", "--why", "sent by mistake")
    missing = command_line(tmp_path, *asked, "--submission", "x", landing=str(la.landing))
    assert missing.code == 1
    assert "There is no such submission" in missing.said
    nowhere = ("withdraw", "--la", "atlantis", "--why", "x", "--file", "x")
    unknown = command_line(tmp_path, *nowhere, landing=str(la.landing))
    assert unknown.code == 1
    assert "No such authority" in unknown.said
    assert "Traceback" not in missing.said + unknown.said
