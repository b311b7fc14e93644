"""Nothing is shared by default, and what could name a child never as it was sent."""

import dataclasses

import pytest

from pipeline.sharing.allow_list import hub_column, hub_columns
from pipeline.standards.load import load_standards

TABLES = load_standards().values()
# What has no list of answers may say anything.
OPEN = {"id", "text", "postcode", "outward_postcode"}


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_open_answers_are_never_kept(table):
    kept = {f.name for f in table.fields if f.share == "keep" and f.type in OPEN}
    assert kept == set()


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_birth_dates_and_children_leave_only_coarsened(table):
    shares = {f.name: f.share for f in table.fields}
    assert shares[table.child] == "pseudonym"
    assert all(shares[n] in ("month", "presence") for n in shares if n.endswith("dob"))


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_columns_of_the_hub(table):
    names = [c.name for c in hub_columns(table)]
    assert names[:4] == ["la_code", "period", "submission_id", "record_id"]
    assert "child_id" in names
    assert len(set(names)) == len(names)


def test_a_field_that_is_dropped_or_of_another_share_has_no_column():
    table = load_standards()["header"]
    for share in ("drop", "", "something new"):
        assert hub_column(table, dataclasses.replace(table.fields[1], share=share)) is None
