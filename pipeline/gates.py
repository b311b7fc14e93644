"""The gates between the layers: Great Expectations on what feeds the next layer, before it.

Each gate gives what is wrong in words and counts, never in values; nothing wrong lets it open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from pipeline.hub import hub_relations
from pipeline.settings import Settings
from pipeline.standards.validation import run_suite
from pipeline.warehouse import database, sql_name

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

PSEUDONYM = r"^[0-9a-f]{64}$"
# A whole postcode, or a text longer than any code or list of options of a standard.
NOT_FOR_THE_HUB = r"(?is)\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b|^.{401}"
# Our own words or Ofsted's, not the LAs'.
NOT_SENT_BY_LAS = {"alarm", "authority", "check_result", "submission"}
# What tells one report of an episode from another.
REPORT = "la_code, period, submission_id, record_id"


def _suite(name: str, expectations: list) -> ExpectationSuite:
    import great_expectations as gx

    return gx.ExpectationSuite(name=name, expectations=expectations)


def _broken(name: str, expectations: list, frame: pd.DataFrame) -> list[str]:
    found = run_suite(_suite(name, expectations), frame)
    return [
        f"{name}: {v.check_id} ({len(v.positions)} rows)"
        if v.positions
        else f"{name}: {v.check_id}"
        for v in found
        if v.outcome != "pass"
    ]


def _frame(connection: duckdb.DuckDBPyConnection, relation: str) -> pd.DataFrame:
    return connection.execute(f"select * from {relation}").df()


def hub_faults(settings: Settings) -> list[str]:
    """What in the hub must not be there: other columns, bare ids, whole postcodes, long texts."""
    import great_expectations.expectations as gxe

    faults: list[str] = []
    with database(settings.build_file) as connection:
        for relation in hub_relations(settings.hub, settings.region):
            if relation.name in NOT_SENT_BY_LAS:
                continue
            frame = _frame(connection, f"hub.{sql_name(relation.name)}")
            if list(frame.columns) != list(relation.columns):
                faults.append(f"{relation.name}: its columns are not those of the allow-list")
                continue
            if frame.empty:
                continue
            keys = [c for c in frame if c == "child_id" or c == "record_id" or c.endswith("_key")]
            texts = [
                c
                for c, sql_type in relation.columns.items()
                if sql_type == "varchar" and c not in keys and c not in ("la_code", "period")
            ]
            expectations: list = [
                gxe.ExpectColumnValuesToMatchRegex(
                    column=c, regex=PSEUDONYM, meta={"check_id": f"{c} is a pseudonym"}
                )
                for c in keys
            ]
            expectations.append(
                gxe.ExpectColumnValuesToNotBeNull(
                    column="child_id", meta={"check_id": "every row has a child"}
                )
            )
            expectations.append(
                gxe.ExpectColumnValuesToBeUnique(
                    column="record_key", meta={"check_id": "no row stands twice"}
                )
            )
            expectations += [
                gxe.ExpectColumnValuesToNotMatchRegex(
                    column=c,
                    regex=NOT_FOR_THE_HUB,
                    meta={"check_id": f"{c} has no postcode and no free text"},
                )
                for c in texts
            ]
            keyed = frame.assign(record_key=frame["period"] + "|" + frame["record_id"])
            faults += _broken(relation.name, expectations, keyed)
    return faults


def common_core_faults(settings: Settings) -> list[str]:
    """Whether all that the hub holds has arrived in the Common Core: counts on both sides."""
    import great_expectations.expectations as gxe

    arrivals: dict[str, tuple[str, str]] = {
        "every child of the hub is a child of the Common Core": (
            "select count(*) from (" + _children_sql(settings) + ")",
            "select count(*) from common_core.child",
        ),
        "every referral of the hub is a referral of the Common Core": (
            "select count(*) from (" + _referrals_sql(settings) + ")",
            "select count(*) from common_core.referral",
        ),
        "every reported episode of the hub is used or set aside": (
            "select count(*) from hub.episodes",
            "select count(*) from staging.int_episode_repair",
        ),
        "no reported episode is lost or stands twice": (
            f"select count(*) from (select distinct {REPORT} from hub.episodes)",
            f"select count(*) from (select {REPORT} from hub.episodes "
            f"intersect select {REPORT} from staging.int_episode_repair)",
        ),
        "every episode in use is an episode of the Common Core": (
            "select count(*) from staging.int_episode_repair where is_used",
            "select count(*) from common_core.episode",
        ),
        "every child with a reported episode has one in the Common Core, or was 18 already": (
            "select count(*) from (select distinct la_code, child_id from hub.episodes)",
            "select count(*) from (select la_code, child_id from common_core.episode union "
            "select la_code, child_id from hub.episodes where turned_18_date <= decom)",
        ),
        "every submission is in the Common Core": (
            "select count(*) from (select distinct la_code, submission_id, table_name "
            "from hub.submission)",
            "select count(*) from common_core.submission",
        ),
    }
    with database(settings.build_file) as connection:
        counts = {
            f"n{i}": [_number(connection, there) - _number(connection, here)]
            for i, (here, there) in enumerate(arrivals.values())
        }
    frame = pd.DataFrame(counts)
    expectations = [
        gxe.ExpectColumnValuesToBeInSet(column=f"n{i}", value_set=[0], meta={"check_id": name})
        for i, name in enumerate(arrivals)
    ]
    return _broken("common_core", expectations, frame)


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return connection.execute(query).fetchall()[0][0]


def _children_sql(settings: Settings) -> str:
    tables = [r for r in hub_relations(settings.hub, settings.region) if "child_id" in r.columns]
    return " union ".join(f"select la_code, child_id from hub.{t.name}" for t in tables)


def _referrals_sql(settings: Settings) -> str:
    tables = [
        r for r in hub_relations(settings.hub, settings.region) if "referral_key" in r.columns
    ]
    return " union ".join(f"select la_code, referral_key from hub.{t.name}" for t in tables)
