"""The outbox: what an LA's zone holds ready for the hub about its submissions and their checks.

It is laid out as the hub is, and holds counts and outcomes only. The checks write it whether or not
an agreement holds; sharing copies from it what may be shared, so that an agreement that comes back
needs nothing to be checked again.
"""

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from pipeline.intake.manifest import Entry
from pipeline.region import DATASETS
from pipeline.sharing.quality import submission_file
from pipeline.standards.load import load_standards
from pipeline.warehouse import from_parquet, sql_text, workspace, write_parquet

# Marks what DfE's rules found, beside what the checks of the same submission and table found.
OF_RULES = ".rules"


def outbox(la_zone: Path) -> Path:
    return la_zone / "outbox"


def _name(file: Path) -> str:
    """A file's name without the marks of one that was being written."""
    return file.name.removeprefix(".").removesuffix(".next").rpartition(".")[0]


def submission_and_table(relative: Path) -> tuple[str, str]:
    """Of which submission and table a file is, by its place in the hub; what is of many is blank.

    The rows of a table are of one table and of many submissions.
    """
    relation = relative.parts[0]
    if relation in load_standards():
        return "", relation
    marks = {"check_result": "_", "validation": "__"}
    if relation not in marks:
        return "", ""
    submission_id, _, table_name = _name(relative).partition(marks[relation])
    return submission_id, table_name.removesuffix(OF_RULES)


def dataset_of(relative: Path) -> str:
    """The dataset that a file is about, by its place in the hub; empty where about several."""
    table = load_standards().get(submission_and_table(relative)[1])
    return table.dataset if table else ""


def files_of(root: Path, la_code: str) -> list[Path]:
    """Every file of one LA below the hub, or below a folder that is laid out as it is."""
    places = (f"*/la_code={la_code}/**/*", f"*/{la_code}/**/*", f".next-{la_code}/**/*")
    found = {f for place in places for f in root.glob(place)}
    return sorted(f for f in found.union(root.glob(f"share/*{la_code}.json*")) if f.is_file())


def share_outbox(
    la_zone: Path, hub: Path, la_code: str, datasets: Collection[str], entries: Iterable[Entry]
) -> None:
    """Bring what the hub knows of an LA's submissions and checks up to date, for some datasets.

    Results of submissions that are no longer in the manifest are dropped on both sides, and files
    of all submissions that the outbox does not have, unless it is still to be filled.
    """
    box = outbox(la_zone)
    entries = list(entries)
    is_filled = not entries or submission_file(box, la_code).exists()
    known = {(e.submission_id, e.table_name) for e in entries}
    for root in (box, hub):
        for file in files_of(root, la_code):
            of = submission_and_table(file.relative_to(root))
            is_mixed = of == ("", "") and file.name == "part.parquet"
            is_left = is_mixed and is_filled and not (box / file.relative_to(root)).exists()
            if is_left or (of[0] and of not in known):
                file.unlink(missing_ok=True)
    for file in files_of(box, la_code):
        relative = file.relative_to(box)
        dataset = dataset_of(relative)
        if dataset:
            if dataset in datasets:
                _copy(file, hub / relative)
        elif set(datasets) == set(DATASETS):
            _copy(file, hub / relative)
        else:
            _copy_rows(file, hub / relative, datasets)


def keep_rows_of(hub: Path, la_code: str, datasets: Collection[str]) -> None:
    """Drop rows about other datasets from what the hub has in one file for all of them."""
    for file in hub.glob(f"*/la_code={la_code}/part.parquet"):
        if not dataset_of(file.relative_to(hub)):
            _copy_rows(file, file, datasets)


def _copy(file: Path, target: Path) -> None:
    if target.exists() and target.read_bytes() == file.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.next")
    shutil.copyfile(file, beside)
    beside.replace(target)


def _copy_rows(file: Path, target: Path, datasets: Collection[str]) -> None:
    """The rows about some datasets, and about files that were not recognised as any."""
    wanted = ", ".join(sql_text(d) for d in ("", *sorted(datasets)))
    with workspace() as connection:
        write_parquet(
            connection,
            f"select * from {from_parquet([file])} where coalesce(dataset, '') in ({wanted})",
            target,
        )
