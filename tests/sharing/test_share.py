"""What the hub gets of an authority: pseudonyms and coarse values, and no word more."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.intake.clean import create_macros
from pipeline.la_zone import check_las, receive_las, share_las
from pipeline.reference import Postcodes, write_places
from pipeline.region import Authority, Region
from pipeline.settings import Settings
from pipeline.sharing.allow_list import hub_columns
from pipeline.sharing.derive import create_place_macros
from pipeline.sharing.pseudonym import Key, KeyFault
from pipeline.sharing.share import hub_file, share_la
from pipeline.standards.load import load_standards
from pipeline.warehouse import from_parquet, sql_text, workspace, write_parquet
from tests.authority import AGREED, PURPOSES, La

KEY = Key(b"a key that only this test knows: of 32 bytes and more", "1")
SOMERSET, DEVON = "E06000066", "E10000008"
BORN = "17/03/2011"
# 3 miles east and 4 miles north of each other: 5 miles.
PLACES = {
    "TA1 4AB": (300_000, 120_000, SOMERSET),
    "TA2 7AB": (304_828, 126_437, SOMERSET),
    "EX1 1AA": (300_000, 87_813, DEVON),
}
DISTRICTS = {"TA1": SOMERSET, "TA2": SOMERSET, "EX1": DEVON, "BS1": None}
CANARIES = ("canary", "loc77", "ta1 4ab", "ta14ab", "ta2 7ab", "ex1 1aa", "2011-03-17", BORN)


@pytest.fixture(scope="module")
def postcodes(tmp_path_factory: pytest.TempPathFactory) -> Postcodes:
    """A directory of three postcodes and four districts."""
    folder = tmp_path_factory.mktemp("reference")
    made = Postcodes(folder / "postcodes.parquet", folder / "districts.parquet")
    places = ", ".join(f"('{p}', {e}, {n}, '{la}')" for p, (e, n, la) in PLACES.items())
    districts = ", ".join(
        f"('{d}', {sql_text(la) if la else 'null'})" for d, la in DISTRICTS.items()
    )
    with workspace() as connection:
        query = f"from (values {places}) as p (postcode, easting, northing, la_code)"
        write_places(connection, query, made.postcodes)
        query = f"from (values {districts}) as d (district, la_code)"
        write_parquet(connection, query, made.districts)
    return made


def episode(child: str, decom: str, home: str, placed: str) -> dict[str, str]:
    return {
        "CHILD": child, "DECOM": decom, "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U1",
        "PLACE_PROVIDER": "PR1", "DEC": "", "REC": "", "REASON_PLACE_CHANGE": "",
        "HOME_POST": home, "PL_POST": placed, "URN": "SC123456",
    }  # fmt: skip


def header(child: str, born: str) -> dict[str, str]:
    return {"CHILD": child, "SEX": "M", "DOB": born, "ETHNIC": "WBRI", "UPN": "CANARY-UPN",
            "MOTHER": "", "MC_DOB": ""}  # fmt: skip


def search(**given: str) -> dict[str, str]:
    """A home search of the RCC spreadsheet, by header; every open answer holds a canary."""
    table = load_standards()["rcc_v2"]
    texts = {f.name: "CANARY text" for f in table.fields if f.type == "text"}
    row = texts | {
        "child_id": "Canary1", "local_identifier": "LOC77", "search_urgency": "Planned",
        "placement_needed_by_date": "30/04/2025", "siblings_to_place_with": "7",
        "family_postcode": "TA1 4AB", "school_postcode": "ta27ab",
        "referral_form_date": "16/03/2025", "placement_form_date": "20/03/2025",
        "agreed_weekly_cost": "£1,234.50",
    } | given  # fmt: skip
    return {f.header: row.get(f.name, "") for f in table.fields}


EPISODES = [
    episode("Canary1", "16/03/2025", "TA1 4AB", "ta27ab"),  # the day before the 14th birthday
    episode(" CANARY1", "17/03/2025", "TA1 4AB", "EX1 1AA"),
    episode("Canary2", "01/01/2026", "TA1 4AB", "TA1"),  # no whole postcode
    episode("Canary3", "01/01/2026", "", "TA2 7AB"),  # born later, as it says
]
SEARCHES = [
    search(preferred_location="Devon", placement_location="Torquay, near CANARY"),
    search(child_id="Canary2", preferred_location="TA1 4AB", placement_location="ex1",
           placement_form_date=""),
    search(child_id="Canary4", preferred_location="the CANARY farm", placement_location="DEVON"),
    search(child_id="Canary5", preferred_location="BS1", placement_location="ta2 7ab",
           local_identifier=" ", other_location=""),
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> La:
    """One authority whose files hold canaries wherever words can stand, checked and unshared."""
    la = La(tmp_path_factory.mktemp("home"))
    la.drop("2026/episodes.csv", EPISODES)
    la.drop("2026/header.csv", [header("Canary1", BORN), header("CANARY2", "29/02/2008"),
                                header("Canary3", "02/01/2026")])  # fmt: skip
    la.drop("2025Q1/CANARY officer.csv", SEARCHES)
    la.drop("2025Q1/CANARY letter.docx", b"CANARY")
    settings = settings_of(la)
    assert receive_las(settings, [SOMERSET]).faults == {}
    assert check_las(settings, [SOMERSET]).faults == {}
    return la


def settings_of(la: La) -> Settings:
    """The authority as a region of its own; its files lie in its landing folder."""
    somerset = Authority(SOMERSET, "Somerset", la.landing.name, agreements=AGREED)
    region = Region("Test", True, SOMERSET, (somerset,), PURPOSES)
    return Settings(la.root, region, la.root, la.root / "none.csv")


@pytest.fixture(scope="module")
def hub(home: La, postcodes: Postcodes) -> Path:
    """The hub after sharing. Read it only."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COMMON_CORE_KEY", KEY.secret.decode())
        done = share_las(settings_of(home), [SOMERSET], postcodes)
    assert done.faults == {}
    return settings_of(home).hub


def rows(hub: Path, table: str, columns: str, order: str) -> list[tuple]:
    files = from_parquet([hub_file(hub, table, SOMERSET)])
    with workspace() as connection:
        return connection.execute(f"select {columns} from {files} order by {order}").fetchall()


def child(name: str) -> str:
    return KEY.pseudonym("child_id", SOMERSET, name)


def test_every_kept_row_is_there(hub, home):
    found = {p.parent.parent.name: 0 for p in hub.glob("*/*/part.parquet")}
    assert set(found) == {"alarm", "episodes", "header", "rcc_v2", "submission"}
    kept = {e.table_name: e.rows_kept for e in home.entries() if e.status == "accepted"}
    assert kept == {"episodes": 4, "header": 3, "rcc_v2": 4}
    assert {t: len(rows(hub, t, "*", "all")) for t in kept} == kept


@pytest.mark.parametrize("table", ["episodes", "header", "rcc_v2"])
def test_only_listed_columns_of_the_listed_types(hub, table):
    with workspace() as connection:
        files = from_parquet([hub_file(hub, table, SOMERSET)])
        found = connection.execute(f"describe select * from {files}").fetchall()
    wanted = {c.name: c.sql_type for c in hub_columns(load_standards()[table])}
    assert [(c[0], c[1].lower().replace(",", ", ")) for c in found] == list(wanted.items())


def test_no_canary_flies_into_the_hub(hub, home):
    with workspace() as connection:
        for file in hub.rglob("*"):
            if file.suffix == ".parquet":
                query = f"select lower(r::varchar) from {from_parquet([file])} as r"
                said = " ".join(row[0] for row in connection.execute(query).fetchall())
            elif file.is_file():
                said = file.read_text(encoding="utf-8").lower()
            else:
                said = ""
            place = file.relative_to(hub).as_posix().lower()
            assert not [c for c in CANARIES if c in f"{place} {said}"], file.name
    # They are there to be found: the LA zone holds them.
    assert "CANARY" in str(home.raw("rcc_v2"))
    assert "CANARY" in str([e.path for e in home.entries()])


def test_children_are_the_same_child_in_every_table(hub):
    ids = {n: child(n) for n in ("CANARY1", "CANARY2", "CANARY3", "CANARY4", "CANARY5")}
    found = {t: {r[0] for r in rows(hub, t, "child_id", "all")}
             for t in ("episodes", "header", "rcc_v2")}  # fmt: skip
    assert found["episodes"] == found["header"] == {ids[f"CANARY{n}"] for n in (1, 2, 3)}
    assert found["rcc_v2"] == {ids[f"CANARY{n}"] for n in (1, 2, 4, 5)}
    records = [r[0] for t in found for r in rows(hub, t, "record_id", "all")]
    assert len(set(records)) == len(records) == 11


def test_distances_ages_and_authorities_of_episodes(hub):
    columns = "decom, age_at_start, distance_miles, placement_la_code, is_out_of_authority, "
    columns += "home_post_district, pl_post_district"
    found = {(r[0], r[1]): r[2:] for r in rows(hub, "episodes", f"child_id, {columns}", "all")}
    assert found == {
        (child("CANARY1"), date(2025, 3, 16)):
            (13, Decimal("5.0"), SOMERSET, False, "TA1", "TA2"),
        (child("CANARY1"), date(2025, 3, 17)):
            (14, Decimal("20.0"), DEVON, True, "TA1", "EX1"),
        (child("CANARY2"), date(2026, 1, 1)): (17, None, None, None, "TA1", "TA1"),
        (child("CANARY3"), date(2026, 1, 1)): (None, None, SOMERSET, False, None, "TA2"),
    }  # fmt: skip


def test_birth_dates_are_coarsened_to_their_month(hub):
    assert rows(hub, "header", "dob_month, has_upn, has_mc_dob", "dob_month") == [
        (date(2008, 2, 1), True, False),
        (date(2011, 3, 1), True, False),
        (date(2026, 1, 1), True, False),
    ]


def test_searches_are_coarsened(hub):
    columns = (
        "has_local_identifier, siblings_to_place_with, placement_needed_by_date_month, "
        "preferred_location_area, family_postcode_district, school_postcode_district, "
        "has_other_location, referral_form_date_month, agreed_weekly_cost, age_at_referral, "
        "days_referral_to_placement, placement_location_area, placement_la_code, "
        "is_out_of_authority"
    )
    found = {r[0]: r[1:] for r in rows(hub, "rcc_v2", f"child_id, {columns}", "all")}
    same = (3, date(2025, 4, 1))
    places, month, cost = ("TA1", "TA2"), date(2025, 3, 1), Decimal("1234.50")
    assert found == {
        child("CANARY1"): (True, *same, DEVON, *places, True, month, cost, 13, 4,
                           None, None, None),
        child("CANARY2"): (True, *same, "TA1", *places, True, month, cost, 17, None,
                           "EX1", DEVON, True),
        child("CANARY4"): (True, *same, None, *places, True, month, cost, None, 4,
                           DEVON, DEVON, True),
        child("CANARY5"): (False, *same, "BS1", *places, False, month, cost, None, 4,
                           "TA2", SOMERSET, False),
    }  # fmt: skip


def test_a_referral_is_known_again_by_its_child_and_date(hub):
    keys = {r[0] for r in rows(hub, "rcc_v2", "referral_key", "all")}
    wanted = {KEY.pseudonym("referral", SOMERSET, f"CANARY{n}|2025-03-16") for n in (1, 2, 4, 5)}
    assert keys == wanted


def test_an_unchanged_authority_is_left_alone(hub, home, postcodes, monkeypatch):
    monkeypatch.setenv("COMMON_CORE_KEY", KEY.secret.decode())
    before = {p: p.stat().st_mtime_ns for p in hub.rglob("*")}
    done = share_las(settings_of(home), [SOMERSET], postcodes)
    assert done.results[SOMERSET].rows is None
    assert {p: p.stat().st_mtime_ns for p in hub.rglob("*")} == before
    receipt = json.loads((hub / "share" / f"{SOMERSET}.json").read_text())
    assert receipt["rows"] == {"rcc_v2": 4, "header": 3, "episodes": 4}
    assert receipt["key_version"] == "1"


@pytest.mark.parametrize("secret", [None, "short"])
def test_without_a_key_nothing_is_written(home, postcodes, monkeypatch, tmp_path, secret):
    monkeypatch.delenv("COMMON_CORE_KEY", raising=False)
    if secret:
        monkeypatch.setenv("COMMON_CORE_KEY", secret)
    elsewhere = Settings(tmp_path, settings_of(home).region, tmp_path, tmp_path)
    elsewhere.la_zone(SOMERSET).parent.mkdir()
    elsewhere.la_zone(SOMERSET).symlink_to(home.zone)
    with pytest.raises(KeyFault):
        share_las(elsewhere, [SOMERSET], postcodes)
    assert not elsewhere.hub.exists()
    assert [p.name for p in tmp_path.iterdir()] == ["la"]


def test_a_table_that_lost_all_its_rows_loses_its_file(home, hub, postcodes, tmp_path):
    other = tmp_path / "hub"
    stale = hub_file(other, "reviews", SOMERSET)
    of_devon = hub_file(other, "reviews", DEVON)
    for file in (stale, of_devon):
        file.parent.mkdir(parents=True)
        file.write_bytes(hub_file(hub, "header", SOMERSET).read_bytes())
    shared = share_la(SOMERSET, home.zone, other, KEY, postcodes)
    assert shared.rows == {"rcc_v2": 4, "header": 3, "episodes": 4}
    assert not stale.exists()
    assert of_devon.exists()
    assert not list(other.glob(".*"))
    for table in shared.rows:
        assert hub_file(other, table, SOMERSET).read_bytes() == (
            hub_file(hub, table, SOMERSET).read_bytes()
        )


def test_a_share_that_breaks_off_replaces_nothing(home, hub, postcodes, tmp_path):
    other = tmp_path / "hub"
    share_la(SOMERSET, home.zone, other, KEY, postcodes)
    before = {p: p.read_bytes() for p in other.rglob("*.parquet")}
    broken = Postcodes(postcodes.postcodes, tmp_path / "none.parquet")
    with pytest.raises(Exception, match="none"):
        share_la(SOMERSET, home.zone, other, KEY, broken)
    assert {p: p.read_bytes() for p in other.rglob("*.parquet")} == before


def test_a_sector_is_in_its_own_district(tmp_path: Path):
    """Real districts: PL1 is Plymouth, PL15 Cornwall; N1 lies in two authorities; no GL71 is."""
    known = {"PL1": "E06000026", "PL15": "E06000052", "TQ1": "E06000027", "GL7": "E10000013",
             "N1": None, "N19": "E09000019"}  # fmt: skip
    made = Postcodes(tmp_path / "postcodes.parquet", tmp_path / "districts.parquet")
    listed = ", ".join(f"('{d}', {sql_text(la) if la else 'null'})" for d, la in known.items())
    sent = ["PL1 5", "PL1 5AB", "PL15", "TQ1 3", "N1 9", "N19", "GL71", "pl1", "JE2 3XP", "IM1 1",
            "BFPO 61", "ZZ1", "Plymouth"]  # fmt: skip
    with workspace() as connection:
        write_places(connection, "select 'PL1 5AB' as postcode, 1 as easting, 1 as northing, "
                     "'E06000026' as la_code", made.postcodes)  # fmt: skip
        write_parquet(
            connection, f"from (values {listed}) as d (district, la_code)", made.districts
        )
        create_macros(connection)
        create_place_macros(connection, made, {"plymouth": "E06000026"})
        read = [
            connection.execute(
                "select postcode_district(read_outward(clean_text(t))), area_code(clean_text(t)), "
                "getvariable('district_las')[postcode_district(read_outward(clean_text(t)))], "
                "sector_district(read_postcode(clean_text(t))) from (select ? as t)",
                [text],
            ).fetchall()[0]
            for text in sent
        ]
    assert dict(zip(sent, read, strict=True)) == {
        "PL1 5": ("PL1", "PL1", "E06000026", "PL1"),
        "PL1 5AB": ("PL1", "PL1", "E06000026", "PL1"),
        # Asked for a district it is that one; asked for a sector, by the heading's example, PL1 5.
        "PL15": ("PL15", "PL15", "E06000052", "PL1"),
        "TQ1 3": ("TQ1", "TQ1", "E06000027", "TQ1"),
        "N1 9": ("N1", "N1", None, "N1"),
        "N19": ("N19", "N19", "E09000019", "N1"),
        "GL71": ("GL7", "GL7", "E10000013", "GL7"),
        "pl1": ("PL1", "PL1", "E06000026", "PL1"),
        "JE2 3XP": ("JE2", "JE2", "L99999999", "JE2"),
        "IM1 1": ("IM1", "IM1", "M99999999", "IM1"),
        "BFPO 61": ("BF1", "BF1", None, None),
        "ZZ1": (None, None, None, None),
        "Plymouth": (None, "E06000026", None, None),
    }
