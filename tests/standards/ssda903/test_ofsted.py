"""Ofsted's lists in the shapes that councils have, and files that are no such lists."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.intake.clean import create_macros
from pipeline.reference import ReferenceFault
from pipeline.standards.ssda903.ofsted import ProvidersRead, load_ofsted
from pipeline.standards.ssda903.tables import PROVIDER, open_tables
from pipeline.warehouse import workspace

COMBINED = ["URN", "Local Authority", "Placement Code", "Placement provider code",
            "Deregistration date", "Setting address postcode"]  # fmt: skip
SUPPORTED = ["URN", "Provider local authority", "Closed date", "Setting address postcode"]
HOMES = ["URN", "Local Authority", "Provider Code", "Provider Placement Code", "Closed Date"]


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    """A workbook; underscores in the names of its sheets are spaces."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def csv_file(path: Path, *rows: list[str]) -> Path:
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def load(*files: Path) -> tuple[dict[str, dict], ProvidersRead]:
    """What the session knows of each URN after reading some lists."""
    with workspace() as connection:
        create_macros(connection)
        open_tables(connection)
        read = load_ofsted(connection, files)
        rows = connection.execute("select * from provider").fetchall()
        given = connection.execute("select * from delivered").fetchall()
    assert given == [("provider",)]
    return {row[0]: dict(zip(PROVIDER, row, strict=True)) for row in rows}, read


def test_the_combined_list_with_supported_accommodation(tmp_path):
    found, read = load(
        workbook(
            tmp_path / "list.xlsx",
            Providers=[
                COMBINED,
                [2500001, "Devon", "K1", "PR4/PR3", None, "ex2 4QD"],
                ["SC012345", "Devon", "U1, U2", "PR1,PR2", date(2025, 3, 1), None],
            ],
            SA_Providers=[SUPPORTED, [2700001, "Cornwall", None, "TR1 3AY"]],
        )
    )
    assert read == ProvidersRead(urns=3, repeated=0, closed=1)
    assert found["2500001"] == {
        "urn": "2500001",
        "la_name": "Devon",
        "place_codes": "K1",
        "provider_codes": "PR3,PR4",
        "reg_end": None,
        "postcode": "EX24QD",
        "la_code": None,
        "source": "list.xlsx",
    }
    assert found["SC012345"]["place_codes"] == "U1,U2"
    assert found["SC012345"]["reg_end"] == date(2025, 3, 1)
    assert found["2700001"]["place_codes"] == "K3"
    assert found["2700001"]["provider_codes"] == "PR4"
    assert found["2700001"]["la_name"] == "Cornwall"


def test_supported_accommodation_may_say_who_provides_it(tmp_path):
    found, _ = load(
        workbook(
            tmp_path / "list.xlsx",
            Providers=[COMBINED, [1, "Devon", "K1", "PR4", None, "EX2 4QD"]],
            SA_providers=[
                [*SUPPORTED, "Placement provider code"],
                [2, "Devon", None, "EX2 4QD", "PR1"],
            ],
        )
    )
    assert (found["2"]["place_codes"], found["2"]["provider_codes"]) == ("K3", "PR1")


def test_the_older_list_of_homes_with_and_without_a_sheet_of_addresses(tmp_path):
    one = workbook(
        tmp_path / "one.xlsx",
        Notes=[["What this is"], ["A list"]],
        Provider_information=[
            [*HOMES, "Setting Postcode"],
            [2500001, "Devon", "K1", "PR4/PR5", None, "EX2 4QD"],
        ],
    )
    two = workbook(
        tmp_path / "two.xlsx",
        Settings_and_Inspection_Info=[HOMES, [2500001, "Devon", "K1", "PR4/PR5", None]],
        Address_Details=[
            ["URN", "Local Authority", "Setting Address Postcode"],
            [2500001, "Devon", "EX2 4QD"],
            [2500009, "Devon", "EX2 4QZ"],  # of a home that the other sheet has not
        ],
    )
    for file in (one, two):
        found, _ = load(file)
        assert list(found) == ["2500001"]
        assert found["2500001"]["place_codes"] == "K1"
        assert found["2500001"]["provider_codes"] == "PR4,PR5"
        assert found["2500001"]["postcode"] == "EX24QD"


def test_social_care_providers_are_current_and_closed(tmp_path):
    current = ["URN", "Local authority", "Placement code", "Placement provider code",
               "Setting postcode"]  # fmt: skip
    found, read = load(
        workbook(
            tmp_path / "scp.xlsx",
            Current_providers=[current, ["SC1", "Devon", "U1", "PR4", "EX2 4QD"]],
            Providers_closed=[
                [*current, "Deregistration date"],
                ["SC2", "Devon", "U1", "PR4", "EX2 4QD", date(2024, 1, 31)],
            ],
        )
    )
    assert found["SC1"]["reg_end"] is None
    assert found["SC2"]["reg_end"] == date(2024, 1, 31)
    assert read.closed == 1


def test_a_sheet_as_csv_in_other_spelling_under_a_title(tmp_path):
    found, _ = load(
        csv_file(
            tmp_path / "list.csv",
            ["Official list of providers"],
            [],
            [" urn ", "LOCAL AUTHORITY", "placement_code", "Placement  provider code",
             "deregistration date", "Setting Address postcode"],
            ["002500001", "Devon", "K1", "PR4", "01/03/2025", "EX24QD"],
            ["", "", "", "", "", ""],
        ),
        csv_file(tmp_path / "SA providers.csv", SUPPORTED, ["2700001", "Devon", "", "EX1 1AA"]),
    )  # fmt: skip
    assert found["002500001"]["reg_end"] == date(2025, 3, 1)  # a URN is a text: zeros stay
    assert found["2700001"]["place_codes"] == "K3"


def test_each_of_the_premises_of_a_provider_stays_and_the_same_told_twice_does_not(tmp_path):
    rows = [
        ["SC1", "Devon", "U1", "PR1", "01/03/2025", "EX2 4QD"],
        ["SC1", "Devon", "U2", "PR1", "", "EX1 1AA"],
        ["2500001", "Devon", "K1", "PR4", "", "EX2 4QD"],
        ["2500001", "Devon", "K1", "PR4", "", "EX2 4QD"],
        ["2500002", "Devon", "K1", "PR4", "01/03/2025", "EX2 4QD"],
        ["2500002", "Devon", "K1", "PR4", "01/03/2026", "EX3 3AA"],
    ]
    with workspace() as connection:
        create_macros(connection)
        open_tables(connection)
        read = load_ofsted(connection, [csv_file(tmp_path / "a.csv", COMBINED, *rows)])
        found = connection.execute(
            "select urn, count(*), count(reg_end) from provider group by urn order by urn"
        ).fetchall()
    assert found == [("2500001", 1, 0), ("2500002", 2, 2), ("SC1", 2, 1)]
    assert read == ProvidersRead(urns=3, repeated=2, closed=1)


def test_a_file_that_is_no_list_is_told_with_what_is_missing(tmp_path):
    for name, rows, missing in (
        ("a.csv", (["CHILD", "DOB"], ["CANARYCHILD", "01/01/2010"]), "columns URN, Placement code"),
        ("b.csv", (COMBINED[:5], ["SC1", "Devon", "K1", "PR4", ""]), "column Setting address post"),
        ("c.csv", (["URN", "Setting postcode"], ["SC1", "EX2 4QD"]), "columns Placement code"),
    ):
        with pytest.raises(ReferenceFault) as fault:
            load(csv_file(tmp_path / name, *rows))
        assert str(fault.value).startswith(f"{name} is not one of Ofsted's lists")
        assert missing in str(fault.value)
        assert "CANARY" not in str(fault.value)


def test_a_damaged_file_and_an_empty_one_are_told(tmp_path):
    damaged = tmp_path / "list.xlsx"
    damaged.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(ReferenceFault, match=r"list\.xlsx: The workbook cannot be opened"):
        load(damaged)
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(ReferenceFault, match=r"empty\.csv: it holds nothing"):
        load(tmp_path / "empty.csv")
