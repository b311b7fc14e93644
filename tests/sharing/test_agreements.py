"""Nothing is shared without an agreement that holds; what one no longer covers is erased."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.audit import read_audit
from pipeline.hub import hub_state
from pipeline.la_zone import Done, SharedLa, check_las, receive_las, share_las
from pipeline.reference import Postcodes, write_places
from pipeline.region import Agreement, Authority, Region
from pipeline.reports.data_docs import render_data_docs
from pipeline.settings import Settings
from pipeline.sharing.agreements import shareable
from pipeline.sharing.pseudonym import Key, KeyFault
from pipeline.standards.load import load_standards
from pipeline.warehouse import from_parquet, workspace, write_parquet
from tests.authority import csv_bytes

KEY = Key(b"a key that only this test knows: of 32 bytes and more", "1")
SOMERSET, DEVON = "E06000066", "E10000008"
LAS = (SOMERSET, DEVON)
PURPOSES = {"sufficiency": ("placements", "ssda903"), "cost": ("placements",)}
SIGNED, UNTIL = date(2025, 4, 1), date(2028, 3, 31)
DURING, AFTER = date(2027, 1, 1), date(2028, 4, 1)
ALL = (Agreement("sufficiency", SIGNED, UNTIL),)
SSDA903 = "no agreement for sufficiency"
ENDED = "the agreement for sufficiency ended on 2028-03-31"


def region(
    devon: tuple[Agreement, ...] = ALL, somerset: tuple[Agreement, ...] | None = None
) -> Region:
    """Somerset, which has agreed for ever, and Devon."""
    for_ever = (Agreement("sufficiency", SIGNED, date(2099, 12, 31)),)
    authorities = (
        Authority(SOMERSET, "Somerset", "somerset", agreements=somerset or for_ever),
        Authority(DEVON, "Devon", "devon", agreements=devon),
    )
    return Region("Test", True, SOMERSET, authorities, PURPOSES)


def may_devon(today: date, *agreements: Agreement, purposes: dict = PURPOSES):
    """What Devon may share under some agreements."""
    made = replace(region(agreements), purposes=purposes)
    return shareable(made, made.authority(DEVON), today)


@pytest.mark.parametrize(
    ("today", "holds"),
    [
        (date(2025, 3, 31), False),
        (SIGNED, True),
        (UNTIL, True),
        (AFTER, False),
    ],
)
def test_an_agreement_holds_from_its_first_day_to_its_last(today, holds):
    may = may_devon(today, *ALL)
    assert (may.datasets == {"placements", "ssda903"}) == holds
    assert bool(may.refused) != holds


@pytest.mark.parametrize(
    ("withdrawn", "today", "holds"),
    [
        (date(2026, 9, 1), date(2026, 8, 31), True),
        (date(2026, 9, 1), date(2026, 9, 1), False),
        (date(2029, 1, 1), AFTER, False),  # it had ended before
    ],
)
def test_a_withdrawn_agreement_ends_on_the_day_before(withdrawn, today, holds):
    may = may_devon(today, replace(ALL[0], withdrawn=withdrawn))
    assert bool(may.datasets) == holds


def test_each_purpose_lets_only_its_datasets_go():
    cost = Agreement("cost", SIGNED, UNTIL)
    may = may_devon(DURING, cost)
    assert may.until == {"placements": UNTIL}
    assert may.refused == {"ssda903": SSDA903}
    assert may_devon(DURING, cost, ALL[0]).datasets == {"placements", "ssda903"}


def test_a_renewed_agreement_goes_on_and_each_stands_for_itself():
    renewed = Agreement("sufficiency", AFTER, date(2031, 3, 31))
    assert may_devon(AFTER, ALL[0], renewed).until == dict.fromkeys(
        ("placements", "ssda903"), date(2031, 3, 31)
    )
    withdrawn = replace(ALL[0], withdrawn=date(2026, 1, 1))
    assert may_devon(DURING, withdrawn, Agreement("cost", SIGNED, UNTIL)).datasets == {"placements"}


def test_a_refusal_says_why():
    assert may_devon(AFTER, *ALL).words == f"placements and ssda903: {ENDED}"
    later = Agreement("sufficiency", AFTER, date(2031, 3, 31))
    assert "begins on 2028-04-01" in may_devon(DURING, later).words
    withdrawn = replace(ALL[0], withdrawn=date(2026, 1, 1))
    assert "was withdrawn on 2026-01-01" in may_devon(DURING, withdrawn).words
    assert may_devon(DURING).words == (
        "placements: no agreement for sufficiency or cost; ssda903: no agreement for sufficiency"
    )


def test_what_no_purpose_needs_is_neither_shared_nor_missed():
    may = may_devon(DURING, Agreement("cost", SIGNED, UNTIL), purposes={"cost": ("placements",)})
    assert may.datasets == {"placements"}
    assert may.refused == {}
    nothing = may_devon(DURING, purposes={})
    assert not nothing.datasets
    assert nothing.words == "placements and ssda903: region.yml names no purpose"


def episode(child: str) -> dict[str, str]:
    return {
        "CHILD": child, "DECOM": "16/03/2026", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U1",
        "PLACE_PROVIDER": "PR1", "DEC": "", "REC": "", "REASON_PLACE_CHANGE": "",
        "HOME_POST": "TA1 4AB", "PL_POST": "TA1 4AB", "URN": "SC123456",
    }  # fmt: skip


def header(child: str) -> dict[str, str]:
    return {"CHILD": child, "SEX": "M", "DOB": "17/03/2011", "ETHNIC": "WBRI", "UPN": "",
            "MOTHER": "", "MC_DOB": ""}  # fmt: skip


def search(child: str) -> dict[str, str]:
    given = {"child_id": child, "search_urgency": "Planned", "referral_form_date": "16/03/2025",
             "placement_form_date": "20/03/2025", "placement_needed_by_date": "30/04/2025",
             "agreed_weekly_cost": "1200"}  # fmt: skip
    return {f.header: given.get(f.name, "") for f in load_standards()["rcc_v2"].fields}


CHILDREN = {SOMERSET: "Canary1", DEVON: "Canary2"}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose two authorities were received and checked, and nothing of them shared."""
    home = tmp_path_factory.mktemp("agreed")
    for code, folder in ((SOMERSET, "somerset"), (DEVON, "devon")):
        for name, row in (
            ("ssda903/2026/episodes.csv", episode),
            ("ssda903/2026/header.csv", header),
            ("placements/2025Q1/searches.csv", search),
            ("notes.csv", lambda child: {"what": child}),
        ):
            file = home / "landing" / folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(csv_bytes([row(CHILDREN[code])]))
    settings = settings_of(home)
    assert receive_las(settings, LAS, DURING).faults == {}
    for code in LAS:  # one by one, in this process
        assert check_las(settings, [code]).faults == {}
    assert not settings.hub.exists()
    with workspace() as connection:
        write_places(
            connection,
            f"select 'TA1 4AB' as postcode, 1 as easting, 1 as northing, '{SOMERSET}' as la_code",
            home / "postcodes.parquet",
        )
        write_parquet(
            connection,
            f"select 'TA1' as district, '{SOMERSET}' as la_code",
            home / "districts.parquet",
        )
    return home


def settings_of(home: Path, of: Region | None = None) -> Settings:
    return Settings(home, of or region(), home / "landing", home / "none.csv")


@pytest.fixture
def home(checked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checked home of one's own, and the key."""
    monkeypatch.setenv("COMMON_CORE_KEY", KEY.secret.decode())
    shutil.copytree(checked, tmp_path / "home")
    return tmp_path / "home"


def share(home: Path, today: date = DURING, of: Region | None = None) -> Done[SharedLa]:
    places = Postcodes(home / "postcodes.parquet", home / "districts.parquet")
    done = share_las(settings_of(home, of), LAS, places, today)
    assert done.faults == {}
    return done


def tables_of(home: Path, la_code: str) -> dict[str, bytes]:
    """What the hub holds of an authority, but the receipt, which has its time in it."""
    return {
        f.relative_to(home).as_posix(): f.read_bytes()
        for f in (home / "hub").rglob("*")
        if f.is_file() and la_code in f.as_posix() and f.parent.name != "share"
    }


def said(home: Path) -> str:
    """All that stands in the hub and in what is published of it, with the places of the files."""
    found = []
    with workspace() as connection:
        for file in [*(home / "hub").rglob("*"), *(home / "reports").glob("[!E]*/**/*")]:
            found.append(file.relative_to(home).as_posix())
            if file.suffix == ".parquet":
                query = f"select r::varchar from {from_parquet([file])} as r"
                found += [row[0] for row in connection.execute(query).fetchall()]
            elif file.is_file():
                found.append(file.read_text(encoding="utf-8"))
    return " ".join(found)


def pseudonym(la_code: str) -> str:
    return KEY.pseudonym("child_id", la_code, CHILDREN[la_code].upper())


def acts(home: Path) -> list[tuple]:
    return [(a.what, a.why, a.la_code, a.dataset, a.rows) for a in read_audit(home)]


def test_the_hub_has_all_of_those_who_agreed_and_the_audit_says_since_when(home):
    share(home)
    assert pseudonym(DEVON) in said(home)
    began = [a for a in acts(home) if a[0] == "sharing began"]
    assert [a[2:] for a in began] == [
        (la, dataset, rows) for la in LAS for dataset, rows in (("placements", 1), ("ssda903", 2))
    ]
    assert began[-1][1] == "an agreement holds until 2028-03-31"


def test_the_day_after_its_last_nothing_of_an_authority_is_left(home):
    share(home, UNTIL)
    settings = settings_of(home)
    render_data_docs(settings.hub, settings.reports / "data_docs", settings.region)
    before, state = tables_of(home, SOMERSET), hub_state(settings)
    assert pseudonym(DEVON) in said(home)
    assert f"data_docs/{DEVON}" in said(home)
    rows = {r["dataset"]: r["rows"] for r in _rows_by_dataset(home, DEVON)}
    done = share(home, AFTER)
    assert tables_of(home, SOMERSET) == before
    render_data_docs(settings.hub, settings.reports / "data_docs", settings.region)
    left = said(home)
    assert pseudonym(SOMERSET) in left
    assert pseudonym(DEVON) not in left
    assert DEVON not in left
    assert str(done.results[DEVON]) == "nothing shared: no current agreement"
    assert done.results[DEVON].may.words == f"placements and ssda903: {ENDED}"
    assert hub_state(settings) != state
    erased = [a for a in acts(home) if a[0] == "erased from the hub"]
    assert erased == [
        ("erased from the hub", f"placements and ssda903: {ENDED}", DEVON, "", 0),
        ("erased from the hub", ENDED, DEVON, "placements", rows["placements"]),
        ("erased from the hub", ENDED, DEVON, "ssda903", rows["ssda903"]),
    ]
    assert rows == {"placements": 1, "ssda903": 2}


def _rows_by_dataset(home: Path, la_code: str) -> Iterator[dict]:
    for dataset in ("placements", "ssda903"):
        tables = [n for n, t in load_standards().items() if t.dataset == dataset]
        files = [home / "hub" / t / f"la_code={la_code}" / "part.parquet" for t in tables]
        with workspace() as connection:
            query = f"select count(*) from {from_parquet(f for f in files if f.exists())}"
            yield {"dataset": dataset, "rows": connection.execute(query).fetchall()[0][0]}


def test_a_second_run_without_an_agreement_changes_nothing_and_is_not_told_again(home):
    share(home, UNTIL)
    share(home, AFTER)
    told = len(read_audit(home))
    stamps = {f: f.stat().st_mtime_ns for f in (home / "hub").rglob("*")}
    share(home, AFTER)
    assert {f: f.stat().st_mtime_ns for f in (home / "hub").rglob("*")} == stamps
    assert len(read_audit(home)) == told


def test_an_agreement_that_comes_back_brings_everything_back_unread(home):
    share(home, UNTIL)
    before = tables_of(home, DEVON)
    assert any("check_result" in f for f in before)
    share(home, AFTER)
    renewed = region((*ALL, Agreement("sufficiency", AFTER, date(2031, 3, 31))))
    settings = settings_of(home, renewed)
    assert receive_las(settings, LAS, AFTER).results[DEVON].files_read == 0
    assert check_las(settings, LAS).results[DEVON].tables == 0
    share(home, AFTER, renewed)
    assert tables_of(home, DEVON) == before


def test_a_purpose_that_needs_only_placements_takes_the_rest_away(home):
    share(home)
    placements = home / "hub" / "rcc_v2" / f"la_code={DEVON}" / "part.parquet"
    assert _column(placements, "age_at_referral") == [13]
    for_cost = region((Agreement("cost", SIGNED, UNTIL),))
    share(home, DURING, for_cost)
    left = " ".join(tables_of(home, DEVON))
    for word in ("episodes", "header"):
        assert word not in left
    assert "check_result" in left
    assert "validation" in left
    assert _column(placements, "child_id") == [pseudonym(DEVON)]
    # The birth date is of a dataset that is not shared, so no age is told.
    assert _column(placements, "age_at_referral") == [None]
    submissions = home / "hub" / "submission" / f"la_code={DEVON}" / "part.parquet"
    assert sorted(_column(submissions, "dataset")) == ["", "placements"]  # one not recognised
    assert (DEVON, "ssda903", 2) in [a[2:] for a in acts(home) if a[0] == "erased from the hub"]
    # Unchanged, it is left alone; with the old agreement all is there again.
    assert share(home, DURING, for_cost).results[DEVON].rows is None
    share(home)
    assert "episodes" in " ".join(tables_of(home, DEVON))
    assert _column(placements, "age_at_referral") == [13]


def _column(file: Path, column: str) -> list:
    with workspace() as connection:
        found = connection.execute(f"select {column} from {from_parquet([file])}").fetchall()
    return [row[0] for row in found]


def test_without_agreements_nothing_is_shared_but_the_authority_gets_its_feedback(home):
    share(home, DURING, region(()))
    assert tables_of(home, DEVON) == {}
    assert pseudonym(DEVON) not in said(home)
    assert DEVON not in [a.la_code for a in read_audit(home)]
    assert list(home.glob(f"*/{DEVON}/feedback.csv"))


def test_what_no_agreement_covers_is_erased_even_without_a_key(home, monkeypatch):
    share(home)
    monkeypatch.delenv("COMMON_CORE_KEY")
    with pytest.raises(KeyFault):
        share(home, AFTER)
    assert tables_of(home, DEVON) == {}
    assert tables_of(home, SOMERSET)


def test_an_authority_that_left_the_region_is_erased_from_the_hub(home):
    share(home)
    alone = replace(region(), authorities=region().authorities[:1])
    places = Postcodes(home / "postcodes.parquet", home / "districts.parquet")
    share_las(settings_of(home, alone), [SOMERSET], places, DURING)
    assert tables_of(home, DEVON) == {}
    assert not (home / "hub" / "share" / f"{DEVON}.json").exists()
    assert tables_of(home, SOMERSET)
    why = {a.why for a in read_audit(home) if a.what == "erased from the hub"}
    assert why == {"the authority is not in region.yml"}


@pytest.mark.parametrize("survives", [0, 5])
def test_a_purge_that_was_killed_is_ended_by_the_next_run(home, monkeypatch, survives):
    share(home)
    _kill_at_unlink(monkeypatch, survives)
    with pytest.raises(KeyboardInterrupt):
        share(home, AFTER)
    monkeypatch.undo()
    monkeypatch.setenv("COMMON_CORE_KEY", KEY.secret.decode())
    assert tables_of(home, DEVON) != {}
    assert [a for a in acts(home) if a[0] == "erased from the hub"]  # told before it was done
    share(home, AFTER)
    assert DEVON not in said(home)
    assert pseudonym(DEVON) not in said(home)


def _kill_at_unlink(monkeypatch: pytest.MonkeyPatch, survives: int) -> None:
    """Break off at the erasing of a file, after some were erased."""
    really: Callable = Path.unlink
    gone: list[Path] = []

    def unlink(file: Path, missing_ok: bool = False) -> None:
        if len(gone) == survives:
            raise KeyboardInterrupt
        gone.append(file)
        really(file, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)


def test_half_a_share_of_an_ended_agreement_is_erased_too(home):
    share(home)
    half = home / "hub" / f".next-{DEVON}" / "episodes.parquet"
    half.parent.mkdir()
    half.write_bytes(b"half a file")
    damaged = home / "hub" / "episodes" / f"la_code={DEVON}" / "part.parquet"
    damaged.write_bytes(b"no Parquet")
    share(home, AFTER)
    assert tables_of(home, DEVON) == {}
    assert not half.parent.exists()
