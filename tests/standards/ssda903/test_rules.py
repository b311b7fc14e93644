"""Every rule on small cases of its own: `cases/<rule>.yml`, what must fail and what must not."""

import runpy
from pathlib import Path

import pytest
import yaml

from pipeline.settings import PROJECT
from pipeline.standards.load import SAFE_LOADER
from pipeline.standards.ssda903.rule import all_rules
from pipeline.standards.ssda903.tables import LAST, Collection, ssda903_tables

CASES = Path(__file__).parent / "cases"
RULES = {r.name: r for r in all_rules()}
NEWEST_YEAR = 2027
ABOUT = {"what", "year", "la", "format", "provider", "postcode", "fails"}

replay = runpy.run_path(str(PROJECT / "tests" / "conformance" / "replay.py"))


@pytest.fixture(scope="module")
def session():
    return replay["Session"]()


def cases_of(name):
    file = CASES / f"{name}.yml"
    return yaml.load(file.read_text(encoding="utf-8"), SAFE_LOADER) if file.exists() else []  # noqa: S506


def case_of(rule, raw):
    tables = {k: v for k, v in raw.items() if k not in ABOUT}
    unknown = {t for t in tables if t.removesuffix(LAST) not in ssda903_tables()}
    assert not unknown, f"no table of the return: {unknown}"
    year = raw.get("year") or rule.to_year or max(rule.from_year, NEWEST_YEAR - 1)
    collection = Collection.of(year, raw.get("la", "E10000008"), raw.get("format", "csv"))
    postcode = tuple(raw.get("postcode", ()))
    return replay["Case"](tables, {}, collection, raw.get("provider"), postcode)


@pytest.mark.parametrize("name", sorted(RULES))
def test_rule(session, name):
    rule, cases = RULES[name], cases_of(name)
    assert any(c["fails"] for c in cases), "no case in which the rule fails"
    assert any(not c["fails"] for c in cases), "no case in which the rule passes"
    for case in cases:
        assert session.failing(rule, case_of(rule, case)) == case["fails"], case["what"]
