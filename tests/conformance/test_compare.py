"""The comparison with the open validator finds differences, and knows which are explained."""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.standards.ssda903.rule import all_rules
from tests.conformance import compare
from tests.conformance.compare import Explained, Made, Seen
from tests.conformance.returns import Returns

HEADER = ("Header", ("A", "M"))
NO_CHILD = ("Header", ("", "M"))
RETURNS = Returns(2026, "E10000008", {"Header": [{"CHILD": "A", "SEX": "M"}]}, {}, [])
DIRTY = Made(2026, "dirty", RETURNS, Path("2026-1-dirty"))


def added(ours, theirs, *explained):
    """What is not explained of rule 101 on a dirty return of 2026, and the counts."""
    seen: dict[str, Seen] = {}
    theirs = theirs if isinstance(theirs, str) else Counter(theirs)
    compare._add(DIRTY, {"101": Counter(ours)}, {"101": theirs}, list(explained), seen)
    return seen["101"].unexplained, seen["101"]


def test_the_same_rows_are_no_difference():
    unexplained, seen = added([HEADER], [HEADER])
    assert unexplained == []
    assert (seen.both, seen.counts.total()) == (1, 0)


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ([HEADER], [], "2026-1-dirty, 101 ours only: Header CHILD=A SEX=M"),
        ([], [HEADER], "2026-1-dirty, 101 theirs only: Header CHILD=A SEX=M"),
        ([HEADER], [HEADER, HEADER], "2026-1-dirty, 101 theirs only: Header CHILD=A SEX=M"),
        ([], "KeyError: 'SEX'", "2026-1-dirty, 101 stops: KeyError: 'SEX'"),
    ],
)
def test_a_difference_is_told(ours, theirs, said):
    assert added(ours, theirs)[0] == [said]


@pytest.mark.parametrize(
    ("explained", "is_enough"),
    [
        (Explained(("101",), ("ours only",), ("any",)), True),
        (Explained(("100", "101"), ("theirs only", "ours only"), ("2025", "2026")), True),
        (Explained(("any",), ("ours only",), ("dirty",)), True),
        (Explained(("102",), ("ours only",), ("any",)), False),
        (Explained(("101",), ("theirs only",), ("any",)), False),
        (Explained(("101",), ("ours only",), ("readable", "2025")), False),
        (Explained(("101",), ("ours only",), (compare.NO_CHILD,)), False),
        (Explained(("101",), (), ()), False),
    ],
)
def test_an_explanation_is_for_a_rule_a_way_and_a_place(explained, is_enough):
    assert (added([HEADER], [], explained)[0] == []) is is_enough


def test_rows_without_a_child_have_their_own_explanation():
    explained = Explained(("any",), ("theirs only",), (compare.NO_CHILD,))
    assert added([], [NO_CHILD], explained)[0] == []
    assert added([], [NO_CHILD, HEADER], explained)[0] != []


def test_what_is_not_explained_ends_with_1(capsys):
    assert compare._tell({"101": Seen(both=3)}, []) == 0
    assert compare._tell({"101": Seen(unexplained=["this row"])}, []) == 1
    assert compare._tell({"101": Seen(both=3)}, ["a rule of ours could not be run"]) == 1
    said = capsys.readouterr().out
    assert "this row" in said
    assert "1 rules: 1 the same, 0 differ as explained" in said


def test_the_document_names_rules_that_there_are():
    codes = {r.code for r in all_rules()} | {"any"}
    explained = compare.read_explained()
    assert len(explained) > 50
    assert {c for e in explained for c in e.rules} <= codes
    assert all(bool(e.ways) == bool(e.on) for e in explained)


def test_an_odd_word_in_the_document_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("| rule | seen | on |\n|---|---|---|\n| 101 | sometimes | any |\n")
    with pytest.raises(ValueError, match="'sometimes' in the row of 101"):
        compare.read_explained(page)
