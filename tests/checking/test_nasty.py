"""Whatever is given to be checked: words that help, no traceback, no value of a file."""

from pathlib import Path

import pytest

from tests.checking.conftest import (
    CANARY_CHILD,
    CANARY_POSTCODE,
    CANARY_VALUE,
    csv_text,
    episode,
    header,
)

pytestmark = pytest.mark.usefixtures("few_rules")

MINE = {"episodes": [episode(CANARY_CHILD, PL_POST=CANARY_POSTCODE, CIN=CANARY_VALUE)]}


def test_nothing_to_check(check, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = check(tmp_path / "empty")
    assert (ran.code, "There is no file to check" in ran.said) == (2, True)
    ran = check(tmp_path / "not there")
    assert (ran.code, "There is no file or folder" in ran.said) == (2, True)


UNUSABLE = {
    "return.xlsx": (b"PK\x03\x04 cut off", "file.unreadable_workbook"),
    "notes.csv": (f"some notes about {CANARY_CHILD}\n".encode(), "file.not_recognised"),
    "headless.csv": (
        csv_text(MINE["episodes"]).split("\n", 1)[1].encode(),
        "file.not_recognised",
    ),
    "return.pdf": (b"%PDF-1.7", "file.format_not_taken"),
    "return.xml": (b"<SSDA903><CHILD><HEADER>", "file.broken_xml"),
    "episodes.csv": (b"\x00\x01\x02\xff\xfe" * 50, "file.not_a_csv"),
    "all.zip": (b"PK\x05\x06" + 18 * b"\x00", "file.archive_empty"),
}


def test_files_that_cannot_be_used_are_told_and_the_others_are_checked(check, send):
    folder = send(header=[header(CANARY_CHILD, DOB=CANARY_VALUE)])
    for name, (content, _) in UNUSABLE.items():
        (folder / name).write_bytes(content)
    ran = check(folder, "--year", "2026")
    assert ran.code == 1
    told = {r["message"].split(": ")[0]: r["code"] for r in ran.rows() if not r["row"]}
    assert {f"2026/{n}": code for n, (_, code) in UNUSABLE.items()} == told
    assert "102" in ran.codes()
    assert all(name in ran.said for name in UNUSABLE)


def test_two_returns_at_once_are_not_mixed(check, send):
    send(2025, episodes=[episode(CANARY_CHILD, DECOM="01/05/2024")])
    folder = send(2026, **MINE).parent
    ran = check(folder)
    assert ran.code == 2
    assert "collection years 2025 and 2026" in ran.said
    ran = check(folder, "--year", "2026")
    assert "Left out: 1 table of other collection years." in ran.said
    assert {r["row"] for r in ran.rows() if r["table"] == "Episodes"} <= {"0"}


def test_the_year_must_be_known_and_have_rules(check, tmp_path):
    file = tmp_path / "header.csv"
    file.write_text(csv_text([header(CANARY_CHILD)]))
    ran = check(file)
    assert (ran.code, "such as --year 2026" in ran.said) == (2, True)
    ran = check(file, "--year", "2021")
    assert (ran.code, "the first are of 2023" in ran.said) == (2, True)
    ran = check(file, "--year", "20260")
    assert (ran.code, "by its end" in ran.said) == (2, True)


def test_last_years_return_must_be_that(check, send, tmp_path):
    mine = send(**MINE)
    again = check(mine, "--previous", mine)
    assert (again.code, "those that are checked" in again.said) == (2, True)
    send(2026, place="other", episodes=[episode("B")])
    same_year = check(mine, "--previous", tmp_path / "other" / "2026")
    assert same_year.code == 2
    assert "are of collection year 2026; the year before 2026 is 2025" in same_year.said
    (tmp_path / "wrong.csv").write_text(f"{CANARY_CHILD},1\n")
    wrong = check(mine, "--previous", tmp_path / "wrong.csv")
    assert wrong.code == 2
    assert "None of the files given as --previous" in wrong.said
    other = check(tmp_path / "wrong.csv", "--previous", mine)
    assert (other.code, "none of the files is a table" in other.said) == (2, True)


def test_part_of_last_years_return_that_cannot_be_used_is_told(check, send):
    last = send(2025, episodes=[episode("B", DECOM="01/05/2024")])
    (last / "reviews.xlsx").write_bytes(b"PK\x03\x04 cut off")
    ran = check(send(**MINE), "--previous", last)
    assert "2025/reviews.xlsx: The workbook cannot be opened" in ran.said


def test_arguments_that_make_no_sense(check, send, tmp_path):
    mine = send(**MINE)
    for arguments, words in (
        (("--la", "Narnia"), "neither the name of an English authority"),
        (("--providers", tmp_path / "none.xlsx"), "There is no file"),
        (("--providers", mine / "episodes.csv"), "is not one of Ofsted's lists"),
        (("--corrected", tmp_path / "new"), "Give both"),
        (("--accept", mine / "episodes.csv", "--corrected", tmp_path / "new"), "--providers"),
    ):
        ran = check(mine, *arguments)
        assert ran.code == 2, arguments
        assert words in ran.said


def test_an_output_folder_that_cannot_be_one(check, send, tmp_path):
    (tmp_path / "file").write_text("mine")
    ran = check(send(**MINE), out=tmp_path / "file")
    assert (ran.code, "cannot be written" in ran.said) == (2, True)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_result_that_is_open_in_another_program(check, send, monkeypatch):
    def refuse(connection: object, query: str, path: Path) -> None:
        raise PermissionError(13, "denied", str(path))

    monkeypatch.setattr("pipeline.checking.check.write_csv", refuse)
    ran = check(send(**MINE))
    assert (ran.code, "failures.csv is open in another program" in ran.said) == (2, True)


def test_a_fault_nobody_foresaw_keeps_its_words_in_the_folder(check, send, monkeypatch):
    def fail(*_: object) -> None:
        raise ValueError(f"something about {CANARY_VALUE}")

    monkeypatch.setattr("pipeline.checking.check.derive", fail)
    ran = check(send(**MINE))
    assert ran.code == 1
    assert "The check failed: ValueError" in ran.said
    (kept,) = (ran.out / "faults").iterdir()
    assert CANARY_VALUE in kept.read_text()
