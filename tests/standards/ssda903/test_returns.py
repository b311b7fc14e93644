"""DfE's rules on whole returns of invented children: clean ones, and ones with mistakes."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from pipeline.standards.ssda903.rule import rules_of
from tests.conformance.ours import failing_rows, postcodes_in, session_of
from tests.conformance.returns import Mistakes, clean_returns, with_mistakes

YEARS = (2023, 2024, 2025, 2026, 2027)


@pytest.fixture(scope="module")
def postcodes(tmp_path_factory):
    return postcodes_in(tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="module")
def dirty():
    return with_mistakes(clean_returns(250, 2026, 4), 4, Mistakes(0.02))


@pytest.fixture(scope="module")
def found_in_dirty(dirty, postcodes):
    return found(dirty, postcodes)


def found(returns, postcodes, rules=None):
    """How each rule ended, by code, and how often each row of each content fails which rule."""
    rules = rules or rules_of(returns.year)
    with session_of(returns, postcodes) as connection:
        results, failures = failing_rows(connection, rules)
    rows = Counter(
        (code, table, tuple(returns.this[table][at].items())) for code, table, at in failures
    )
    return {r.rule.code: r for r in results}, rows


def of_others(rows, child):
    """Failures of other children than this one."""
    kept = {k: n for k, n in rows.items() if dict(k[2])["CHILD"] not in (child, "")}
    assert kept
    return kept


@pytest.mark.parametrize("year", YEARS)
def test_a_clean_return_fails_no_rule(year, postcodes):
    results, rows = found(clean_returns(800, year, seed=903), postcodes)
    assert rows == Counter()
    not_passed = {c: r.why for c, r in results.items() if r.outcome != "pass"}
    assert not_passed == ({"706": "needs DoLo_last"} if year == 2027 else {})


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_and_of_rules_changes_nothing(seed, postcodes):
    year = random.Random(seed).choice(YEARS)
    dirty = with_mistakes(clean_returns(200, year, seed), seed, Mistakes(0.04))
    _, before = found(dirty, postcodes)
    shuffle = random.Random(seed)
    shuffled = replace(
        dirty,
        **{
            part: {t: shuffle.sample(rows, len(rows)) for t, rows in getattr(dirty, part).items()}
            for part in ("this", "last")
        },
        providers=shuffle.sample(dirty.providers, len(dirty.providers)),
    )
    rules = rules_of(year)
    _, after = found(shuffled, postcodes, shuffle.sample(rules, len(rules)))
    assert len({code for code, _, _ in before}) > 100
    assert after == before


def in_dates(row, said):
    """The row with this in every date."""
    return {h: said if "/" in v and h != "CHILD" else v for h, v in row.items()}


FAULTS = {
    "a date that cannot be read": lambda rows: [in_dates(rows[0], "31/02/2025"), *rows[1:]],
    "no dates": lambda rows: [in_dates(r, "") for r in rows],
    "no child": lambda rows: [rows[0] | {"CHILD": ""}, *rows[1:]],
    "every row twice": lambda rows: [*rows, *rows],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_with_one_child_changes_nothing_for_the_others(
    fault, dirty, found_in_dirty, postcodes
):
    child = dirty.this["Episodes"][len(dirty.this["Episodes"]) // 2]["CHILD"]
    spoilt = {}
    for name, rows in dirty.this.items():
        own = [r for r in rows if r["CHILD"] == child]
        others = [r for r in rows if r["CHILD"] != child]
        spoilt[name] = others + (FAULTS[fault](own) if own else [])
    results, after = found(replace(dirty, this=spoilt), postcodes)
    assert {r.outcome for r in results.values()} == {"pass", "fail"}
    assert of_others(after, child) == of_others(found_in_dirty[1], child)
