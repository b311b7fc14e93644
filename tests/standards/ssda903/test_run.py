"""Rules are run some at a time: what one of them does changes nothing for the others."""

from dataclasses import replace

import pytest

from pipeline.standards.ssda903.rule import rules_of
from pipeline.standards.ssda903.run import FAILED, TOGETHER, run_rules
from pipeline.standards.ssda903.tables import Collection, fill, open_tables, set_collection
from pipeline.warehouse import workspace

FAULTY = {
    "no such column": ("select 'Header' as table_name, no_such as data_row from header", "Binder"),
    "a value that is no number": (
        "select 'Header' as table_name, child::int as data_row from header",
        "Conversion",
    ),
    "no SQL": ("select select", "Parser"),
}


@pytest.fixture
def session():
    with workspace() as connection:
        open_tables(connection)
        set_collection(connection, Collection.of(2026, "E10000008"))
        fill(
            connection,
            "Header",
            ["child", "sex"],
            "(values (0, 'A1', '1'), (1, 'A2', null), (2, null, '9')) as sent "
            "(data_row, child, sex)",
        )
        yield connection


def of_header():
    """Rules that look at the table Header alone, more than run together."""
    rules = [r for r in rules_of(2026) if r.tables == ("Header",) and not r.reference]
    return (rules * TOGETHER)[: 2 * TOGETHER + 3]


def numbered(rules):
    return [replace(r, code=f"{r.code} {n}") for n, r in enumerate(rules)]


def run(session, rules):
    results = run_rules(session, rules)
    rows = session.execute(f"from {FAILED} order by all").fetchall()
    return {r.rule.code: (r.outcome, r.rows_failed, r.why) for r in results}, rows


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_rule_is_named_and_the_others_find_the_same(session, fault):
    rules = numbered(of_header())
    expected, rows = run(session, rules)
    assert {"pass", "fail"} <= {outcome for outcome, *_ in expected.values()}
    sql, kind = FAULTY[fault]
    found, rows_beside = run(
        session, [*rules[:5], replace(rules[0], code="X", sql=sql), *rules[5:]]
    )
    assert found.pop("X") == ("error", 0, f"could not be run ({kind}Exception)")
    assert (found, rows_beside) == (expected, rows)


def test_a_row_that_a_rule_gives_twice_counts_once(session):
    rule = replace(of_header()[0], sql="select 'Header' as table_name, 1 as data_row from header")
    found, rows = run(session, [rule])
    assert found[rule.code] == ("fail", 1, "")
    assert rows == [(rule.code, "Header", 1)]


def test_results_come_in_the_order_of_the_rules(session):
    rules = numbered(of_header())[::-1]
    assert [r.rule.code for r in run_rules(session, rules)] == [r.code for r in rules]
