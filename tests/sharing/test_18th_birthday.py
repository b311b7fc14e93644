"""The 18th birthday leaves the LA zone only where a row goes on past it: as DEC would tell it."""

from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline.sharing.pseudonym import Key
from pipeline.sharing.share import share_la
from pipeline.standards.load import load_standards
from pipeline.warehouse import from_parquet, workspace
from tests.authority import La, few_postcodes

KEY = Key(b"a key that only this test knows: of 32 bytes and more", "1")
EIGHTEEN = date(2025, 8, 15)
BORN = "15/08/2007"


def episode(child: str, decom: str, dec: str = "") -> dict[str, str]:
    return {
        "CHILD": child, "DECOM": decom, "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U4",
        "PLACE_PROVIDER": "PR1", "DEC": dec, "REC": "E8" if dec else "", "REASON_PLACE_CHANGE": "",
        "HOME_POST": "TA1 4AB", "PL_POST": "TA1 4AB", "URN": "SC123456",
    }  # fmt: skip


def header(child: str, born: str) -> dict[str, str]:
    return {"CHILD": child, "SEX": "M", "DOB": born, "ETHNIC": "WBRI", "UPN": "UN1", "MOTHER": "",
            "MC_DOB": ""}  # fmt: skip


def search(child: str, placed: str = "") -> dict[str, str]:
    given = {
        "child_id": child, "search_urgency": "Planned", "siblings_to_place_with": "0",
        "referral_form_date": "01/04/2025", "placement_form_date": placed,
    }  # fmt: skip
    return {f.header: given.get(f.name, "") for f in load_standards()["rcc_v2"].fields}


def told(root: Path, la: La, table: str, columns: str) -> set[tuple]:
    """What the hub is told of the birthdays in a table."""
    assert la.receive()
    assert la.check()
    share_la(la.code, la.zone, root / "hub", KEY, few_postcodes(root))
    file = root / "hub" / table / f"la_code={la.code}" / "part.parquet"
    with workspace() as connection:
        query = f"select {columns}, turned_18_date from {from_parquet([file])}"
        return set(connection.execute(query).fetchall())


@pytest.mark.parametrize(
    ("decom", "dec", "expected"),
    [
        ("01/05/2025", "", EIGHTEEN),  # open since
        ("01/05/2025", "16/08/2025", EIGHTEEN),  # a day too long
        ("15/08/2025", "", EIGHTEEN),  # began on it
        ("01/09/2025", "01/10/2025", EIGHTEEN),
        ("01/05/2025", "15/08/2025", None),  # as it ought to be
        ("01/05/2025", "14/08/2025", None),  # left before it
    ],
)
def test_the_birthday_is_told_of_an_episode_that_goes_on_past_it(tmp_path, decom, dec, expected):
    la = La(tmp_path)
    la.drop("2026/episodes.csv", [episode("A1", decom, dec)])
    la.drop("2026/header.csv", [header("A1", BORN)])
    assert {t for _, t in told(tmp_path, la, "episodes", "decom")} == {expected}


@pytest.mark.parametrize(
    ("born", "received", "expected"),
    [
        ("31/03/2008", datetime(2026, 11, 22), date(2026, 3, 31)),
        ("01/04/2008", datetime(2026, 11, 22), None),  # to come when the year closed
        (BORN, datetime(2025, 8, 14), None),  # to come when the file came
        (BORN, datetime(2025, 8, 15), EIGHTEEN),
        ("29/02/2008", datetime(2026, 11, 22), date(2026, 3, 1)),
    ],
)
def test_a_birthday_to_come_stays_in_the_la_zone(tmp_path, born, received, expected):
    la = La(tmp_path, clock=received)
    la.drop("2026/episodes.csv", [episode("A1", "01/05/2025")])
    la.drop("2026/header.csv", [header("A1", born)])
    assert {t for _, t in told(tmp_path, la, "episodes", "decom")} == {expected}


def test_a_home_of_which_only_the_return_knows_ends_there_too(tmp_path):
    la = La(tmp_path)
    la.drop("2026/header.csv", [header("A1", BORN), header("A2", "01/12/2007")])
    la.drop("2025Q2/returns.csv", [search("A1", "10/04/2025"), search("A2", "20/04/2025")])
    columns = "placement_form_date"
    assert told(tmp_path, la, "rcc_v2", columns) == {
        (date(2025, 4, 10), None),  # no return is known of after June
        (date(2025, 4, 20), None),
    }
    la.drop("2025Q3/returns.csv", [search("A3", "01/07/2025")])
    assert told(tmp_path, la, "rcc_v2", columns) == {
        (date(2025, 4, 10), EIGHTEEN),
        (date(2025, 4, 20), None),
        (date(2025, 7, 1), None),
    }
