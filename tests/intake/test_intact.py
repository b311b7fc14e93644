"""What looks like a mistake and is none arrives as it was sent, from the file to the hub."""

from pathlib import Path

import pytest

from pipeline.accounting import create_conformed, row_status_path
from pipeline.intake.clean import create_macros
from pipeline.reference import Postcodes, write_places
from pipeline.sharing.pseudonym import Key
from pipeline.sharing.share import hub_file, share_la
from pipeline.standards.load import load_standards
from pipeline.warehouse import from_parquet, sql_text, workspace, write_parquet
from tests.authority import La

KEY = Key(b"a key that only this test knows: of 32 bytes and more", "1")
DEVON = "E10000008"
IDS = {"000123": "000123", "123.0": "123", "20240401": "20240401", "A.0": "A.0"}
NAMES = ("Hernandez", "Nana", "Null", "None", "NA", "O\u2019Nan", "Devon")


def search(child: str, **given: str) -> dict[str, str]:
    """A home search by header."""
    table = load_standards()["nps_2026_06"]
    row = {
        "child_id": child, "date_entry_referral": "20240401", "placement_location": "TA1",
        "date_entry_placement": "2024-04-09T00:00:00", "cost_core_weekly": "900",
        "name_of_officer_referral": "Hernandez",
    } | given  # fmt: skip
    return {f.header: row.get(f.name, "") for f in table.fields}


def episode(child: str, decom: str, dec: str = "", **given: str) -> dict[str, str]:
    return {
        "CHILD": child, "DECOM": decom, "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U1",
        "PLACE_PROVIDER": "PR1", "DEC": dec, "REC": "E4A" if dec else "",
        "REASON_PLACE_CHANGE": "", "HOME_POST": "TA1 4AB", "PL_POST": "TA2 7AB",
        "URN": "SC123456",
    } | given  # fmt: skip


EPISODES = [
    *(episode(sent, "01/05/2024", "02/05/2024") for sent in IDS),
    episode("1.23E+05", "01/05/2024", "02/05/2024"),
    # Back in the same home 15 months later: two spells, not one twice.
    episode("E1", "10/01/2024", "20/04/2024"),
    episode("E1", "20/07/2025"),
    episode("E2", "20240401", "01-Apr-25"),
    episode("E3", "05/05/2024", "30/06/2025"),
]
SEARCHES = [
    *(search(f"S{n}", name_of_officer_referral=name) for n, name in enumerate(NAMES)),
    search("Hernandez", out_of_la_reason="Nana lives there"),
    search("1.23E+05"),
]


@pytest.fixture(scope="module")
def la(tmp_path_factory: pytest.TempPathFactory) -> La:
    """An authority of which everything was received and checked, corrections last."""
    la = La(tmp_path_factory.mktemp("intact"))
    la.drop("a2019-x/episodes.csv", EPISODES)
    la.drop("a2019-x/searches.csv", SEARCHES)
    la.drop("undated/a2019-x/header.csv", [
        {"CHILD": "E1", "SEX": "M", "DOB": "29/02/2012", "ETHNIC": "WBRI", "UPN": "UN1",
         "MOTHER": "0", "MC_DOB": ""}])  # fmt: skip
    table = load_standards()["rcc_v2"]
    place = {
        "child_id": "R1", "referral_form_date": "01/04/2024", "placement_form_date": "02/04/2024",
        "preferred_location": "Devon ward", "placement_location": "Devon",
    }  # fmt: skip
    la.drop("a2019-x/places.csv", [{f.header: place.get(f.name, "") for f in table.fields}])
    la.receive()
    la.drop("2026/correction.csv", [episode("E3", "05/05/2024", "31/05/2025")])  # earlier
    la.receive()
    la.check()
    return la


@pytest.fixture(scope="module")
def hub(la: La, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hub after sharing."""
    folder = tmp_path_factory.mktemp("reference")
    made = Postcodes(folder / "postcodes.parquet", folder / "districts.parquet")
    with workspace() as connection:
        query = f"select 'EX1 1AA' as postcode, 1 as easting, 1 as northing, '{DEVON}' as la_code"
        write_places(connection, query, made.postcodes)
        query = f"select 'EX1' as district, '{DEVON}' as la_code"
        write_parquet(connection, query, made.districts)
    share_la(la.code, la.zone, folder / "hub", KEY, made)
    return folder / "hub"


def shared(la: La, hub: Path, table: str, columns: str, where: str = "true") -> list[tuple]:
    files = from_parquet([hub_file(hub, table, la.code)])
    with workspace() as connection:
        return connection.execute(
            f"select {columns} from {files} where {where} order by all"
        ).fetchall()


def child(la: La, name: str) -> str:
    return KEY.pseudonym("child_id", la.code, name)


def conformed(la: La, table: str, columns: str, where: str = "true") -> list[tuple]:
    """Typed rows of a table that are in use."""
    entries = [e for e in la.entries() if e.table_name == table and e.status == "accepted"]
    found = []
    with workspace() as connection:
        create_macros(connection)
        for period in sorted({e.period for e in entries}):
            group = [e for e in entries if e.period == period]
            create_conformed(connection, la.zone, group, "conformed")
            status = from_parquet([row_status_path(la.zone, table, period)])
            found += connection.execute(
                f"select {columns} from conformed join {status} "
                "using (submission_id, sheet, row_number) "
                f"where status = 'kept' and {where} order by all"
            ).fetchall()
    return found


def test_ids_arrive_as_they_were_sent(la, hub):
    raw = [r[0] for r in la.raw("episodes", "child") if r[0] in IDS]
    assert raw == list(IDS)
    kept = {row[0] for row in conformed(la, "episodes", "child")}
    assert set(IDS.values()) <= kept
    seen = {row[0] for row in shared(la, hub, "episodes", "child_id")}
    assert {child(la, read) for read in IDS.values()} <= seen


def test_an_id_that_lost_its_digits_is_stopped_and_shown(la):
    assert ("1.23E+05",) in la.raw("episodes", "child")
    assert "1.23E+05" not in {row[0] for row in conformed(la, "episodes", "child")}
    entry = la.entry("a2019-x/episodes.csv")
    row = EPISODES.index(episode("1.23E+05", "01/05/2024", "02/05/2024")) + 2
    assert ("episodes.child.type", "stop", row, "1.23E+05") in la.failures(entry)
    assert entry.rows_quarantined == 1
    with workspace() as connection:
        file = la.zone / f"failures/submission_id={entry.submission_id}/episodes.parquet"
        ((message, how_to_fix),) = connection.execute(
            f"select message, how_to_fix from {from_parquet([file])} "
            "where check_id = 'episodes.child.type'"
        ).fetchall()
    assert "a spreadsheet may have rounded it" in message
    assert "format the column as text first" in how_to_fix


def test_names_that_look_like_nothing_are_names(la, hub):
    sent = [r[0] for r in la.raw("nps_2026_06", "name_of_officer_referral")][: len(NAMES)]
    assert sent == list(NAMES)
    read = conformed(la, "nps_2026_06", "name_of_officer_referral", "child_id like 'S%'")
    assert {row[0] for row in read} == {n.replace("\u2019", "'") for n in NAMES}
    assert ("HERNANDEZ",) in conformed(la, "nps_2026_06", "child_id")
    has = shared(la, hub, "nps_2026_06", "has_name_of_officer_referral")
    assert has == [(True,)] * (len(NAMES) + 1)  # all but the id that lost its digits


def test_a_place_named_devon_is_a_place(la, hub):
    entry = la.entry("a2019-x/places.csv")
    assert (entry.status, entry.la_code, entry.note) == ("accepted", la.code, "")
    places = "preferred_location, placement_location"
    assert la.raw("rcc_v2", places) == [("Devon ward", "Devon")]
    assert conformed(la, "rcc_v2", places) == [("Devon ward", "Devon")]
    areas = "la_code, preferred_location_area, placement_location_area, is_out_of_authority"
    assert shared(la, hub, "rcc_v2", areas) == [(la.code, None, DEVON, True)]


def test_eight_digits_are_a_date_in_a_date_and_an_id_in_an_id(la, hub):
    dates = "date_entry_referral::varchar, date_entry_placement::varchar"
    assert set(conformed(la, "nps_2026_06", dates)) == {("2024-04-01", "2024-04-09")}
    assert {e.period for e in la.entries() if e.table_name == "nps_2026_06"} == {"2024Q2"}
    where = f"child_id = {sql_text(child(la, 'E2'))}"
    assert shared(la, hub, "episodes", "decom::varchar, dec::varchar", where) == [
        ("2024-04-01", "2025-04-01")
    ]
    assert ("20240401",) in conformed(la, "episodes", "child")


def test_the_same_home_again_fifteen_months_later_is_another_spell(la, hub):
    spells = "decom::varchar, dec::varchar, pl_post"
    assert conformed(la, "episodes", spells, "child = 'E1'") == [
        ("2024-01-10", "2024-04-20", "TA2 7AB"),
        ("2025-07-20", None, "TA2 7AB"),
    ]
    assert len(shared(la, hub, "episodes", "*", f"child_id = {sql_text(child(la, 'E1'))}")) == 2


def test_a_correction_may_move_an_end_to_an_earlier_day(la, hub):
    assert conformed(la, "episodes", "dec::varchar", "child = 'E3'") == [("2025-05-31",)]
    where = f"child_id = {sql_text(child(la, 'E3'))}"
    assert shared(la, hub, "episodes", "dec::varchar", where) == [("2025-05-31",)]
    first = la.entry("a2019-x/episodes.csv")
    assert (first.rows_superseded, first.rows_kept) == (1, first.rows_read - 2)
    assert ("30/06/2025",) in la.raw("episodes", "dec")


def test_a_folder_that_holds_four_digits_names_no_year(la):
    assert la.entry("a2019-x/episodes.csv").period == "2026"
    assert la.entry("a2019-x/episodes.csv").note == ""
    assert la.entry("undated/a2019-x/header.csv").reason_code == "period_unknown"
