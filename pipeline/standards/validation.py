"""Run Great Expectations on a check frame, and keep its results: row positions and counts only.

Nothing here holds a value of a submission. Results are kept as JSON in the hub, so that Data Docs
can be rendered at any time without running the checks again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition

# Great Expectations copies every column of its frame for each expectation: narrow frames keep the
# time in proportion to the rows.
EXPECTATIONS_AT_ONCE = 8

RESULT_FORMAT = {
    "result_format": "COMPLETE",  # the others give no row positions
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}

COUNTS = (
    "element_count",
    "unexpected_count",
    "unexpected_percent",
    "missing_count",
    "missing_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
)


@dataclass(frozen=True)
class Verdict:
    """What one expectation found: `positions` are the row keys of the rows that fail."""

    check_id: str
    outcome: str  # pass, fail, error
    positions: list[int]
    result: dict  # Great Expectations' own result without positions and values


@cache
def _batches() -> BatchDefinition:
    """Where data frames are handed to Great Expectations: in memory, telemetry and bars off."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    asset = context.data_sources.add_pandas("submission").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("all")


def _raised(exception_info: dict) -> bool:
    """Great Expectations gives one exception, or one for each metric that raised."""
    if "raised_exception" in exception_info:
        return exception_info["raised_exception"]
    return any(e["raised_exception"] for e in exception_info.values())


def _verdict(found: ExpectationValidationResult) -> Verdict:
    raised = _raised(found.exception_info)
    outcome = "error" if raised else "pass" if found.success else "fail"
    result = {
        "success": found.success and not raised,
        "expectation_config": found.expectation_config.to_json_dict(),
        "result": {k: found.result[k] for k in COUNTS if k in found.result},
        "meta": {},
        "exception_info": {
            "raised_exception": raised,
            # What was raised may quote a value, so it is not repeated.
            "exception_message": "The check could not be run." if raised else None,
            "exception_traceback": "",
        },
    }
    positions = [] if raised else found.result.get("unexpected_index_list", [])
    return Verdict(found.expectation_config.meta["check_id"], outcome, positions, result)


def joined(parts: list[tuple[int, list[Verdict]]]) -> list[Verdict]:
    """The verdicts on a frame from those on its parts, each with the position of its first row."""
    if len(parts) == 1:
        return parts[0][1]
    return [
        _joined([(first, verdicts[n]) for first, verdicts in parts])
        for n in range(len(parts[0][1]))
    ]


def _joined(parts: list[tuple[int, Verdict]]) -> Verdict:
    verdicts = [v for _, v in parts]
    grave = next((v for o in ("error", "fail") for v in verdicts if v.outcome == o), verdicts[0])
    if grave.outcome == "error":
        return grave
    told = grave.result["result"]
    counts = {
        name: sum(v.result["result"][name] for v in verdicts)
        for name in ("element_count", "unexpected_count", "missing_count")
        if name in told
    }
    percents = {name: p for name, p in _percents(counts).items() if name in told}
    positions = [first + p for first, v in parts for p in v.positions]
    result = grave.result | {"result": counts | percents}
    return Verdict(grave.check_id, grave.outcome, positions, result)


def _percents(counts: dict[str, int]) -> dict[str, float | None]:
    """What Great Expectations says beside its counts."""
    if "unexpected_count" not in counts:
        return {}
    rows, failed, blank = (
        counts.get(n, 0) for n in ("element_count", "unexpected_count", "missing_count")
    )
    of_all = failed / rows * 100 if rows else 0.0
    of_filled = failed / (rows - blank) * 100 if rows > blank else None
    return {
        "unexpected_percent": of_filled,
        "missing_percent": blank / rows * 100 if rows else 0.0,
        "unexpected_percent_total": of_all,
        "unexpected_percent_nonmissing": of_filled,
    }


def run_suite(
    suite: ExpectationSuite, frame: pd.DataFrame, at_once: int = EXPECTATIONS_AT_ONCE
) -> list[Verdict]:
    """One verdict for each expectation, in the order of the suite.

    The positions of the rows are those of `frame`, whose index must be 0, 1, 2, …
    """
    import great_expectations as gx

    verdicts = []
    for first in range(0, len(suite.expectations), at_once):
        some = suite.expectations[first : first + at_once]
        columns = {e.column for e in some}
        batch = _batches().get_batch({"dataframe": frame[[c for c in frame if c in columns]]})
        part = gx.ExpectationSuite(name=suite.name, expectations=some)
        verdicts += [_verdict(r) for r in batch.validate(part, result_format=RESULT_FORMAT).results]
    order = {e.meta["check_id"]: n for n, e in enumerate(suite.expectations)}
    return sorted(verdicts, key=lambda v: order[v.check_id])


def validation_record(suite_name: str, verdicts: list[Verdict], not_applicable: list[str]) -> dict:
    """The results of one suite in Great Expectations' own form, and the checks that did not run."""
    passed = sum(v.outcome == "pass" for v in verdicts)
    return {
        "validation": {
            "success": passed == len(verdicts),
            "results": [v.result for v in verdicts],
            "suite_name": suite_name,
            "suite_parameters": {},
            "statistics": {
                "evaluated_expectations": len(verdicts),
                "successful_expectations": passed,
                "unsuccessful_expectations": len(verdicts) - passed,
                "success_percent": 100 * passed / len(verdicts) if verdicts else None,
            },
            "meta": {},
        },
        "not_applicable": not_applicable,
    }


def write_validation(
    hub: Path,
    la_code: str,
    submission_id: str,
    table_name: str,
    period: str,
    record: dict,
    part: str = "",
) -> Path:
    """Keep a record under `hub/validation/<la_code>/<submission_id>__<table><part>.json`.

    It is replaced by rename.
    """
    path = hub / "validation" / la_code / f"{submission_id}__{table_name}{part}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "la_code": la_code,
        "submission_id": submission_id,
        "table_name": table_name,
        "period": period,
    }
    beside = path.with_name(f".{path.name}.next")
    beside.write_text(json.dumps(about | record), encoding="utf-8")
    beside.replace(path)
    return path


def read_validations(hub: Path) -> list[dict]:
    """Every record in the hub, ordered by authority, table, period and submission."""
    files = sorted((hub / "validation").glob("*/[!.]*.json"))
    records = [json.loads(f.read_text(encoding="utf-8")) for f in files]
    return sorted(
        records,
        key=lambda r: (r["la_code"], r["table_name"], r["period"], r["submission_id"]),
    )
