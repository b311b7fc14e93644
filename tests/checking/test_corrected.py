"""Suggestions are written, accepted by a person, and only then find their way into copies."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.checking.conftest import (
    CANARY_CHILD,
    DEVON,
    Rows,
    csv_text,
    episode,
    header,
    read_csv,
)

pytestmark = pytest.mark.usefixtures("few_rules")

SUGGESTION_COLUMNS = [
    "table", "row", "child", "field", "sent", "suggested", "certainty", "why", "accept",
]  # fmt: skip


@pytest.fixture
def sent(send) -> Path:
    """Three episodes, two with something to suggest."""
    return send(
        header=[header("A"), header(CANARY_CHILD)],
        episodes=[
            episode("A"),
            episode(CANARY_CHILD, PL_POST=""),
            episode("B", PLACE_PROVIDER="PR5"),
        ],
    )


def mark(file: Path, **accept: str) -> Rows:
    """Write into the column accept of suggestions, by field."""
    rows = read_csv(file)
    for row in rows:
        row["accept"] = accept.get(row["field"], row["accept"])
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, SUGGESTION_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return rows


def test_suggestions_are_written_and_nothing_is_applied(check, sent, providers):
    before = {f: f.read_bytes() for f in sent.iterdir()}
    ran = check(sent, "--la", DEVON, "--providers", providers)
    rows = ran.rows("suggestions.csv")
    assert list(rows[0]) == SUGGESTION_COLUMNS
    keys = ("row", "field", "sent", "suggested", "certainty", "accept")
    assert [tuple(r[k] for k in keys) for r in rows] == [
        ("1", "PL_LA", "", DEVON, "certain", ""),
        ("1", "PL_POST", "", "EX2 4QD", "certain", ""),
        ("2", "PLACE_PROVIDER", "PR5", "PR4", "certain", ""),
    ]
    assert {r["child"] for r in rows} == {CANARY_CHILD, "B"}
    assert "3 certain, 0 possible" in ran.said
    assert {f: f.read_bytes() for f in sent.iterdir()} == before


def test_without_ofsteds_lists_there_are_none(check, sent):
    ran = check(sent)
    assert not (ran.out / "suggestions.csv").exists()


def test_what_was_accepted_is_in_the_copies_and_the_log(check, sent, providers, tmp_path):
    arguments = (sent, "--la", DEVON, "--providers", providers)
    first = check(*arguments)
    marked = first.out / "suggestions.csv"
    mark(marked, PL_POST="yes", PLACE_PROVIDER="no")
    before = {f: f.read_bytes() for f in sent.iterdir()}
    new = tmp_path / "corrected"
    ran = check(*arguments, "--accept", marked, "--corrected", new)
    assert "Corrected copies of 2 files, 1 cells changed" in ran.said
    assert {f: f.read_bytes() for f in sent.iterdir()} == before
    copy = new / "2026" / "episodes.csv"
    was, now = read_csv(sent / "episodes.csv"), read_csv(copy)
    assert now[1]["PL_POST"] == "EX2 4QD"
    assert [now[0], now[1] | {"PL_POST": ""}, now[2]] == was
    assert (new / "2026" / "header.csv").read_bytes() == before[sent / "header.csv"]
    (change,) = read_csv(new / "changes.csv")
    assert list(change) == ["file", "row", "field", "before", "after", "why"]
    assert (change["file"], change["row"], change["field"]) == (
        "2026/episodes.csv",
        "1",
        "PL_POST",
    )
    assert (change["before"], change["after"]) == ("", "EX2 4QD")
    assert read_csv(marked)[1]["accept"] == "yes"  # it is the person's file


def test_a_mark_stays_when_the_check_is_run_again(check, sent, providers):
    arguments = (sent, "--la", DEVON, "--providers", providers)
    marked = check(*arguments).out / "suggestions.csv"
    mark(marked, PL_POST="yes")
    rows = check(*arguments).rows("suggestions.csv")
    assert [r["accept"] for r in rows] == ["", "yes", ""]
    (sent / "episodes.csv").write_text(csv_text([episode("A"), episode("C", PL_POST="")]))
    rows = check(*arguments).rows("suggestions.csv")
    assert {r["accept"] for r in rows} == {""}  # it was about another child


@pytest.fixture
def accept(tmp_path) -> Callable[..., Path]:
    """`accept((row, child, field, sent, suggested, accept), …)` is a list as a person marks it."""

    def write(*lines: tuple[str, ...]) -> Path:
        file = tmp_path / "accepted.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(SUGGESTION_COLUMNS)
            for row, child, field, said, suggested, yes in lines:
                writer.writerow(
                    ("Episodes", row, child, field, said, suggested, "certain", "", yes)
                )
        return file

    return write


POSTCODE = ("1", CANARY_CHILD, "PL_POST", "", "EX2 4QD", "yes")


def test_only_what_was_suggested_is_applied(check, sent, providers, accept, tmp_path):
    marked = accept(
        (*POSTCODE[:4], "EX9 9ZZ", "yes"),
        ("1", CANARY_CHILD, "PL_LA", "", DEVON, "yes"),
        ("2", "B", "PLACE_PROVIDER", "PR5", "PR4", "perhaps"),
        ("0", "A", "LS", "C2", "V2", "yes"),
    )
    new = tmp_path / "corrected"
    ran = check(
        *(sent, "--la", DEVON, "--providers", providers, "--accept", marked, "--corrected", new)
    )
    assert "0 cells changed" in ran.said
    for reason in (
        "it is none of the values that were suggested",
        "PL_LA is worked out by DfE and is no column of the return",
        "the column accept says neither yes nor no",
        "this check suggests nothing for that cell",
    ):
        assert f"1 accepted but not changed: {reason}" in ran.said
    assert (new / "2026" / "episodes.csv").read_bytes() == (sent / "episodes.csv").read_bytes()
    assert read_csv(new / "changes.csv") == []


def test_a_file_that_says_something_else_by_now_is_left_alone(
    check, sent, providers, accept, tmp_path
):
    marked = accept(("2", "B", "PLACE_PROVIDER", "PR3", "PR4", "yes"))
    new = tmp_path / "corrected"
    ran = check(sent, "--providers", providers, "--accept", marked, "--corrected", new)
    assert "the file says something else now" in ran.said
    assert read_csv(new / "changes.csv") == []


def test_of_several_options_one_must_be_chosen(check, send, providers, accept, tmp_path):
    folder = send(episodes=[episode("A", URN="SC000003", PLACE="K2", PL_POST="")])
    arguments = (folder, "--la", DEVON, "--providers", providers, "--accept")
    both = accept(("0", "A", "PLACE", "K2", "U1 or U2", "yes"))
    ran = check(*arguments, both, "--corrected", tmp_path / "one")
    assert "several values were left to choose from" in ran.said
    two = accept(("0", "A", "PLACE", "K2", "U1", "x"), ("0", "A", "PLACE", "K2", "U2", "x"))
    ran = check(*arguments, two, "--corrected", tmp_path / "two")
    assert "several values were accepted for one cell" in ran.said
    one = accept(("0", "A", "PLACE", "K2", "U2", "Yes"))
    check(*arguments, one, "--corrected", tmp_path / "three")
    assert read_csv(tmp_path / "three" / "2026" / "episodes.csv")[0]["PLACE"] == "U2"


@pytest.mark.parametrize(
    ("encoding", "delimiter", "ending"),
    [
        ("utf-8", ",", "\n"),
        ("utf-8-sig", ";", "\r\n"),
        ("utf-16", "\t", "\r\n"),
        ("utf-16-be", ",", "\r\n"),
        ("cp1252", ",", "\r\n"),
    ],
)
def test_a_copy_differs_by_the_changed_row_only(
    check, send, providers, accept, tmp_path, encoding, delimiter, ending
):
    folder = send(episodes=[episode("A")])
    rows = [
        episode("A", CIN='N1 "é"'),
        episode(CANARY_CHILD, PL_POST="", REASON_PLACE_CHANGE="a, b; c"),
        episode("C", HOME_POST="é"),
    ]
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    file = folder / "episodes.csv"
    mark_of_order = "\ufeff" if encoding == "utf-16-be" else ""
    with file.open("w", encoding=encoding, newline="") as stream:
        stream.write(mark_of_order)
        csv.writer(stream, delimiter=delimiter, lineterminator=ending).writerows(lines)
    new = tmp_path / "corrected"
    ran = check(folder, "--providers", providers, "--accept", accept(POSTCODE), "--corrected", new)
    assert ", 1 cells changed" in ran.said
    was, now = file.read_bytes(), (new / "2026" / "episodes.csv").read_bytes()
    new_line = ending.encode("utf-16-le" if encoding == "utf-16" else encoding.removesuffix("-sig"))
    was_lines, now_lines = was.split(new_line), now.split(new_line)
    assert len(was_lines) == len(now_lines)
    assert [n for n, (a, b) in enumerate(zip(was_lines, now_lines, strict=True)) if a != b] == [2]


def test_only_csv_can_be_corrected(check, providers, accept, tmp_path):
    book = Workbook()
    rows = [episode("A"), episode(CANARY_CHILD, PL_POST="")]
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    (tmp_path / "2026").mkdir()
    book.save(tmp_path / "2026" / "Episodes.xlsx")
    new = tmp_path / "corrected"
    ran = check(
        *(tmp_path / "2026", "--providers", providers),
        *("--accept", accept(POSTCODE), "--corrected", new),
    )
    assert "1 accepted but not changed: only CSV files can be corrected here" in ran.said
    assert "0 files, 0 cells" in ran.said


def test_corrected_files_never_take_the_place_of_others(check, sent, providers, accept):
    before = {f: f.read_bytes() for f in sent.iterdir()}
    marked = accept(POSTCODE)
    ran = check(
        *(sent, "--providers", providers, "--accept", marked, "--corrected", sent.parent),
    )
    assert (ran.code, "into an empty folder only" in ran.said) == (2, True)
    assert {f: f.read_bytes() for f in sent.iterdir()} == before


def test_a_list_of_something_else_is_told(check, sent, providers, tmp_path):
    ran = check(
        *(sent, "--providers", providers),
        *("--accept", sent / "header.csv", "--corrected", tmp_path / "corrected"),
    )
    assert (ran.code, "header.csv is no list of suggestions" in ran.said) == (2, True)
