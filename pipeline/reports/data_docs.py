"""Great Expectations' Data Docs of every submission: which checks it passes, without any value.

Great Expectations renders the results; the page around them is ours, because its own loads styles
and scripts from six places on the internet. These pages open from disk and call nobody.
"""

import hashlib
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from expectations.suites import DFE_RULES
from pipeline.region import Region
from pipeline.standards.load import SEVERITIES
from pipeline.standards.validation import read_validations

TEMPLATES = Path(__file__).with_name("data_docs")


@dataclass(frozen=True)
class Page:
    """One line of the index: a submission and table, and how its checks came out."""

    la_name: str
    table_name: str
    period: str
    submission_id: str
    link: str
    tested: int
    not_applicable: int
    errors: int
    failed: dict[str, int]  # severity -> checks that fail


def _page(record: dict, region: Region) -> Page:
    results = record["validation"]["results"]
    failed = [r for r in results if not r["success"]]
    errors = sum(r["exception_info"]["raised_exception"] for r in failed)
    severities = Counter(
        r["expectation_config"]["meta"]["severity"]
        for r in failed
        if not r["exception_info"]["raised_exception"]
    )
    of_rules = record["validation"]["suite_name"].endswith(DFE_RULES)
    table = record["table_name"] + (DFE_RULES if of_rules else "")
    name = f"{table}_{record['period']}_{record['submission_id']}.html"
    return Page(
        region.authority(record["la_code"]).name,
        f"{record['table_name']}: DfE's rules" if of_rules else record["table_name"],
        record["period"],
        record["submission_id"],
        f"{record['la_code']}/{name}",
        len(results),
        len(record["not_applicable"]),
        errors,
        {s: severities[s] for s in SEVERITIES},
    )


def _sectioned(validation: dict) -> dict:
    """The results with each under the fields that it is about, not under the column it looks at."""
    results = [
        result
        | {
            "expectation_config": result["expectation_config"]
            | {
                "kwargs": result["expectation_config"]["kwargs"]
                | {"column": result["expectation_config"]["meta"]["field"]}
            }
        }
        for result in validation["results"]
    ]
    return validation | {"results": results}


def _made_from(hub: Path, region: Region) -> str:
    digest = hashlib.sha256(repr(region).encode())
    for file in [*sorted(TEMPLATES.iterdir()), *sorted((hub / "validation").rglob("*.json"))]:
        digest.update(f"{file.parent.name}/{file.name}".encode() + file.read_bytes())
    return digest.hexdigest()


def render_data_docs(hub: Path, out: Path, region: Region) -> Path:
    """Render `index.html` and a page per submission and table to `out`; gives the index.

    The pages come from `hub/validation`; they are made beside `out` and replace it as a whole.
    Where nothing changed since they were made, they stay.
    """
    made_from = _made_from(hub, region)
    stamp = out / "made_from.txt"
    if stamp.exists() and stamp.read_text(encoding="ascii") == made_from:
        return out / "index.html"

    from great_expectations.core.expectation_validation_result import (
        expectationSuiteValidationResultSchema,
    )
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    view = DefaultJinjaPageView(custom_views_directory=str(TEMPLATES))
    renderer = ValidationResultsPageRenderer(run_info_at_end=True)
    beside = out.with_name(f".{out.name}.next")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    shutil.copy(TEMPLATES / "data_docs.css", beside)
    pages = []
    las = {a.code for a in region.authorities}
    for record in (r for r in read_validations(hub) if r["la_code"] in las):
        page = _page(record, region)
        validation = expectationSuiteValidationResultSchema.load(_sectioned(record["validation"]))
        document = renderer.render(validation)
        # The first section repeats the suite's name, the last holds where the batch came from.
        document.sections = document.sections[1:-1]
        about = {"page": page, "record": record, "region": region}
        html = view.render(document, template="submission_page.j2", **about)
        file = beside / page.link
        file.parent.mkdir(exist_ok=True)
        file.write_text(html, encoding="utf-8")
        pages.append(page)
    index = view.env.get_template("submission_index.j2")
    (beside / "index.html").write_text(index.render(pages=pages, region=region), encoding="utf-8")
    (beside / stamp.name).write_text(made_from, encoding="ascii")
    shutil.rmtree(out, ignore_errors=True)
    beside.rename(out)
    return out / "index.html"
