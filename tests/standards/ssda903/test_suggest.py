"""What a URN or a postcode tells of a placement, and how surely."""

import pytest

from pipeline.standards.ssda903.suggest import SUGGESTED, suggest
from pipeline.standards.ssda903.tables import Collection, open_tables, set_collection
from pipeline.warehouse import workspace

DEVON, SOMERSET = "E10000008", "E06000066"
LISTED = (
    ("HOME1", "K1", "PR4", None, "EX24QD", DEVON),
    ("HOME2", "K1,K2", "PR1,PR2", None, "TA14AB", SOMERSET),
    ("TWIN1", "K2", "PR4", None, "EX11AA", DEVON),
    ("TWIN2", "K2", "PR4", None, "EX11AA", DEVON),
    ("CLOSED", "K1", "PR4", "2025-01-31", "EX33AA", DEVON),
    ("AGENCY", "U1,U2,U3", "PR4", None, "EX44AA", DEVON),
)
GOOD = {"ls": "C2", "place": "K1", "place_provider": "PR4", "pl_post": "EX2 4QD", "urn": "HOME1"}


@pytest.fixture
def suggested():
    """`suggested(episode, …)`: by row and field, the options and how certain they are."""

    def of(*episodes: dict, la_code: str | None = DEVON) -> dict[tuple[int, str], tuple]:
        with workspace() as connection:
            open_tables(connection)
            set_collection(connection, Collection.of(2026, la_code))
            connection.executemany(
                "insert into provider (urn, place_codes, provider_codes, reg_end, postcode, "
                "la_code) values (?, ?, ?, ?, ?, ?)",
                LISTED,
            )
            for number, episode in enumerate(episodes):
                said = {**GOOD, **episode, "data_row": number, "decom": "2025-05-01"}
                connection.execute(
                    f"insert into episodes ({', '.join(said)}) values "
                    f"({', '.join('?' * len(said))})",
                    list(said.values()),
                )
            # As `derive` leaves it where the postcode is one of a real place.
            connection.execute(
                "update episodes set pl_la = provider.la_code from provider "
                "where replace(pl_post, ' ', '') = provider.postcode"
            )
            counts = suggest(connection)
            rows = connection.execute(
                f"select data_row, field, options, certainty from {SUGGESTED}"
            ).fetchall()
        assert sum(counts.values()) == len(rows)
        return {(row, field): (options, certainty) for row, field, options, certainty in rows}

    return of


def test_a_row_that_agrees_with_the_list_gets_no_suggestion(suggested):
    assert suggested({}, {"pl_post": "ex2 4qd".upper().replace(" ", "")}) == {}


def test_a_blank_postcode_of_a_home_is_certain_and_its_authority_follows(suggested):
    assert suggested({"pl_post": None}) == {
        (0, "PL_POST"): (["EX2 4QD"], "certain"),
        (0, "PL_LA"): ([DEVON], "certain"),
    }


def test_another_postcode_may_mean_that_the_urn_is_wrong(suggested):
    found = suggested({"pl_post": "TA1 4AB", "place_provider": None})
    assert found[0, "PL_POST"] == (["EX2 4QD"], "possible")
    assert found[0, "PLACE_PROVIDER"] == (["PR4"], "possible")


def test_where_urn_and_postcode_agree_the_third_is_certain(suggested):
    found = suggested({"place_provider": "PR5"}, {"place": "K2"})
    assert found[0, "PLACE_PROVIDER"] == (["PR4"], "certain")
    assert found[1, "PLACE"] == (["K1"], "certain")
    assert len(found) == 2


def test_own_provision_lies_in_the_authority_and_anothers_does_not(suggested):
    row = {"urn": "HOME2", "pl_post": "TA1 4AB", "place_provider": None}
    assert suggested(row) == {(0, "PLACE_PROVIDER"): (["PR2"], "certain")}
    assert suggested(row, la_code=SOMERSET) == {(0, "PLACE_PROVIDER"): (["PR1"], "certain")}
    assert suggested(row, la_code=None) == {(0, "PLACE_PROVIDER"): (["PR1", "PR2"], "possible")}


def test_an_agency_says_nothing_of_where_the_carer_lives(suggested):
    found = suggested({"urn": "AGENCY", "place": "U1", "pl_post": None})
    assert found == {}
    found = suggested({"urn": "AGENCY", "place": "K2", "place_provider": None, "pl_post": None})
    assert found[0, "PLACE"] == (["U1", "U2", "U3"], "possible")  # a group, to choose from


def test_a_home_that_had_closed_makes_nothing_certain(suggested):
    found = suggested({"urn": "CLOSED", "pl_post": None, "place_provider": None})
    assert {certainty for _, certainty in found.values()} == {"possible"}


def test_a_missing_urn_is_certain_where_one_open_home_of_the_type_has_the_postcode(suggested):
    assert suggested({"urn": None}) == {(0, "URN"): (["HOME1"], "certain")}
    assert suggested({"urn": "NOT LISTED"}) == {(0, "URN"): (["HOME1"], "possible")}
    assert suggested({"urn": None, "place": "K2", "pl_post": "EX1 1AA"}) == {
        (0, "URN"): (["TWIN1", "TWIN2"], "possible")
    }
    assert suggested({"urn": None, "pl_post": "EX3 3AA"}) == {}  # had closed before
    assert suggested({"urn": None, "place": "U1"}) == {}  # carers are not on the list
    assert suggested({"urn": None, "place": "K2"}) == {}  # it is not registered for that


def test_what_follows_from_a_guessed_urn_is_possible_only(suggested):
    found = suggested({"urn": None, "place": None, "place_provider": None})
    assert found == {
        (0, "URN"): (["HOME1"], "possible"),
        (0, "PLACE"): (["K1"], "possible"),
        (0, "PLACE_PROVIDER"): (["PR4"], "possible"),
    }


def test_short_breaks_and_temporary_placements_are_left_alone(suggested):
    assert suggested({"ls": "V4", "pl_post": None}, {"place": "T1", "pl_post": None}) == {}
