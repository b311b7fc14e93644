"""Rows as they were sent become what DfE's rules read."""

import pytest

from pipeline.intake.clean import conformed_sql, create_macros
from pipeline.reference import Postcodes, write_places
from pipeline.standards.ssda903.feed import CAME_FROM, derive, feed, open_sources
from pipeline.standards.ssda903.tables import (
    Collection,
    open_tables,
    set_collection,
    ssda903_tables,
)
from pipeline.warehouse import sql_name, sql_text, workspace


@pytest.fixture
def session():
    with workspace() as connection:
        create_macros(connection)
        open_tables(connection)
        open_sources(connection)
        set_collection(connection, Collection.of(2026, "E10000027"))
        yield connection


@pytest.fixture
def postcodes(tmp_path):
    """Four places on the grid: two in Somerset, one in Leeds, one in Cardiff."""
    file = tmp_path / "postcodes.parquet"
    with workspace() as connection:
        write_places(
            connection,
            "select * from (values ('TA1 1AA', 320000, 120000, 'E06000066'), "
            "('TA9 9ZZ', 320000, 136093, 'E06000066'), ('LS1 1AA', 430000, 433000, 'E08000035'), "
            "('CF10 1AA', 318000, 176000, 'W06000015')) as p "
            "(postcode, easting, northing, la_code)",
            file,
        )
    return Postcodes(file, file)


def send(connection, table_name, rows, file="episodes.csv", year=2026):
    """Conformed rows of a table from dictionaries by the table's headings."""
    table = ssda903_tables()[table_name.removesuffix("_last")]
    names = {f.header: f.name for f in table.fields}
    lines = []
    for number, row in enumerate(rows):
        said = {names[h]: v for h, v in row.items()}
        values = [
            f"{sql_text(said[f.name]) if said.get(f.name) is not None else 'null'}::varchar "
            f"as {sql_name(f.name)}"
            for f in table.fields
        ]
        lines.append(
            f"select {number + 2} as row_number, {sql_text(file)} as file, '' as sheet, "
            f"'s1' as submission_id, {', '.join(values)}"
        )
    conformed = conformed_sql(table, year, "(" + " union all ".join(lines) + ")")
    connection.execute(f"create or replace temp table sent as {conformed}")
    feed(connection, table_name, "sent")


def seen(connection, columns, table="episodes"):
    return connection.execute(f"select {columns} from {table} order by data_row").fetchall()


def test_text_is_upper_case_ids_are_normal_and_codes_lose_what_excel_added(session):
    send(
        session,
        "Episodes",
        [{"CHILD": " 0012a ", "LS": "c2", "URN": "1234567.0", "PL_POST": "ta1  1aa"}],
    )
    assert seen(session, "child, ls, urn, pl_post") == [("0012A", "C2", "1234567", "TA1 1AA")]


def test_a_code_that_is_not_on_the_list_is_still_seen(session):
    send(session, "Episodes", [{"CHILD": "A", "LS": "zz9", "PLACE": None}])
    assert seen(session, "ls, place") == [("ZZ9", None)]


@pytest.mark.parametrize(
    ("file", "sent", "is_date"),
    [
        ("episodes.csv", "01/04/2025", True),
        ("episodes.csv", "1/4/2025", True),
        ("episodes.csv", "2025-04-01", False),
        ("episodes.CSV", "31/02/2025", False),
        ("return.zip/return.xml", "2025-04-01", False),
        ("return.xlsx", "2025-04-01", True),
    ],
)
def test_a_date_of_a_text_file_is_written_as_the_return_asks(session, file, sent, is_date):
    send(session, "Episodes", [{"CHILD": "A", "DECOM": sent}], file=file)
    ((found, text),) = seen(session, "decom is not null, decom__text")
    assert (found, text) == (is_date, sent)


def test_rows_are_numbered_from_nought_and_remember_where_they_came_from(session):
    send(session, "Episodes", [{"CHILD": "B"}, {"CHILD": "A"}])
    assert seen(session, "data_row, child") == [(0, "B"), (1, "A")]
    assert session.execute(
        f"select table_name, data_row, file, row_number from {CAME_FROM} order by data_row"
    ).fetchall() == [("Episodes", 0, "episodes.csv", 2), ("Episodes", 1, "episodes.csv", 3)]


def test_a_child_is_unaccompanied_where_the_table_uasc_has_it(session):
    send(session, "Header", [{"CHILD": "A"}, {"CHILD": "B"}])
    derive(session, None)
    assert seen(session, "uasc", "header") == [(None,), (None,)]  # the table UASC was not sent
    send(session, "UASC", [{"CHILD": "a"}])
    derive(session, None)
    assert seen(session, "child, uasc", "header") == [("A", "1"), ("B", "0")]


def test_where_a_placement_lies_and_how_far_from_home(session, postcodes):
    session.execute("update metadata set la_code = 'E06000066'")
    send(
        session,
        "Episodes",
        [
            {"CHILD": "A", "HOME_POST": "TA1 1AA", "PL_POST": "ta99zz"},
            {"CHILD": "B", "HOME_POST": "TA1 1AA", "PL_POST": "LS1 1AA"},
            {"CHILD": "C", "HOME_POST": None, "PL_POST": "CF10 1AA"},
            {"CHILD": "D", "HOME_POST": "TA1 1AA", "PL_POST": "ZZ1 1ZZ"},
        ],
    )
    derive(session, postcodes)
    # 16,093 metres are ten of DfE's miles.
    assert seen(session, "pl_la, pl_location, pl_distance") == [
        ("E06000066", "IN", 10.0),
        ("E08000035", "OUT", 206.2),
        ("WAL", "OUT", None),
        (None, None, None),
    ]


def test_without_postcodes_the_rules_that_need_them_are_told(session, postcodes):
    send(session, "Episodes", [{"CHILD": "A", "PL_POST": "LS1 1AA"}])
    derive(session, None)
    delivered = "select count(*) from delivered where table_name = 'postcode'"
    assert session.execute(delivered).fetchall()[0][0] == 0
    derive(session, postcodes)
    assert session.execute(delivered).fetchall()[0][0] == 1


def test_a_provider_lies_where_its_postcode_does(session, postcodes):
    session.execute("insert into provider (urn, postcode) values ('1', 'LS11AA'), ('2', 'XX1')")
    derive(session, postcodes)
    found = session.execute("select urn, la_code from provider order by urn").fetchall()
    assert found == [("1", "E08000035"), ("2", None)]


def test_the_order_of_the_file_does_not_change_the_order_of_content(session):
    rows = [
        {"CHILD": "A", "DECOM": "02/05/2025", "LS": "C2"},
        {"CHILD": "A", "DECOM": None, "LS": "C1"},
        {"CHILD": "A", "DECOM": "01/05/2025", "LS": "V2"},
    ]
    orders = []
    for sent in (rows, rows[::-1]):
        send(session, "Episodes", sent)
        orders.append(session.execute("select ls from episodes order by in_order").fetchall())
    assert orders[0] == orders[1] == [("V2",), ("C2",), ("C1",)]
