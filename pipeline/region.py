"""The region: which authorities send files, and which of them is the hub (`region.yml`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import yaml

CODE = re.compile(r"E(06|08|09|10)\d{6}")
FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]*")
PURPOSE = re.compile(r"[a-z][a-z0-9_-]*")
DATASETS = ("placements", "ssda903")  # those of the standards in `expectations/`
REGION_KEYS = (
    "region",
    "synthetic",
    "hub",
    "purposes",
    "retention",
    "calendar",
    "thresholds",
    "las_see_each_other",
    "exact_marts_inside",
    "authorities",
)
AUTHORITY_KEYS = ("code", "name", "folder", "also", "agreements", "calendar")
AGREEMENT_KEYS = ("purpose", "signed", "until", "withdrawn")
RETENTION_KEYS = ("years", "quarantine_days", "log_days")
THRESHOLD_KEYS = ("shrunk", "grown", "least_rows")
TWICE = "a key stands twice"


class RegionFault(ValueError):
    """The region file is not as it must be: which file, which key, what is wrong, how to fix."""

    def __init__(self, path: Path, key: str, wrong: str, fix: str) -> None:
        super().__init__(f"{path.name}, {key}: {wrong}. {fix}")
        self.path = path
        self.key = key
        self.wrong = wrong
        self.fix = fix


@dataclass(frozen=True)
class Agreement:
    """An authority's agreement to share for one purpose, from one day to another, both included."""

    purpose: str
    signed: date
    until: date
    withdrawn: date | None = None  # the first day on which it no longer holds


@dataclass(frozen=True)
class Retention:
    """How long things are kept; None keeps them without end."""

    years: Mapping[str, int]  # by dataset, after the end of the period
    quarantine_days: int | None = None
    log_days: int | None = None  # faults, logs of dbt, runs of Dagster


@dataclass(frozen=True)
class Thresholds:
    """When a submission is alarmingly small or large, as a share of the one before it."""

    shrunk: float = 0.7
    grown: float = 1.5
    least_rows: int = 20  # a table shorter than that is not compared


@dataclass(frozen=True)
class Authority:
    """One local authority: its ONS code, its name, its landing folder, its other names."""

    code: str
    name: str
    folder: str
    also: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    # Overrides the region's.
    calendar: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Region:
    """The authorities that share one hub; `hub` is the code of the one that runs it."""

    name: str
    synthetic: bool
    hub: str
    authorities: tuple[Authority, ...]
    # For which purposes data is shared, and which datasets each of them needs.
    purposes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    retention: Retention = Retention({})
    # Days after the end of a period in which each dataset is due; what is not in it is never late.
    calendar: Mapping[str, int] = field(default_factory=dict)
    thresholds: Thresholds = Thresholds()
    # Whether a report may show one authority's figures to another.
    las_see_each_other: bool = False
    # Whether marts inside may be exact, and an authority's own figures in its edition.
    exact_marts_inside: bool = False

    def authority(self, code: str) -> Authority:
        """The authority with this code; raises KeyError where there is none."""
        for authority in self.authorities:
            if authority.code == code:
                return authority
        raise KeyError(code)


def load_region(path: Path) -> Region:
    """The region of a file. Raises RegionFault where the file is not as it must be."""
    raw = _read(path)
    _refuse_unknown(path, "the file", raw, REGION_KEYS)
    name = _text(path, "region", raw.get("region"), "Give the region a name")
    fix = "Write true if nobody in the files exists, else false."
    synthetic = _true_or_false(path, "synthetic", raw.get("synthetic"), fix)
    listed = raw.get("authorities")
    if not isinstance(listed, list) or not listed:
        raise RegionFault(
            path,
            "authorities",
            "no authority is listed",
            "List each authority with code, name and folder.",
        )
    purposes = _purposes(path, raw)
    authorities = tuple(
        _authority(path, n, entry, purposes) for n, entry in enumerate(listed, start=1)
    )
    for key in ("code", "name", "folder"):
        _refuse_doubles(path, key, [getattr(a, key) for a in authorities])
    hub = _text(path, "hub", raw.get("hub"), "Give the code of the authority that runs the hub")
    if hub not in {a.code for a in authorities}:
        raise RegionFault(
            path,
            "hub",
            f"{hub} is none of the authorities",
            "Give the code of one of the authorities listed below it.",
        )
    return Region(
        name,
        synthetic,
        hub,
        authorities,
        purposes,
        _retention(path, raw.get("retention")),
        _days(path, "calendar", raw.get("calendar"), least=0),
        _thresholds(path, raw.get("thresholds")),
        _true_or_false(
            path,
            "las_see_each_other",
            raw.get("las_see_each_other", False),
            "Write true if all of them agreed to it, else false.",
        ),
        _true_or_false(
            path,
            "exact_marts_inside",
            raw.get("exact_marts_inside", False),
            "Write true if the agreements allow it, else false.",
        ),
    )


def _load(text: str) -> object:
    """YAML as its safe loader reads it, but a key that stands twice is refused, not overruled."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        _refuse_repeated(node)
        return loader.construct_document(node) if node else None
    finally:
        loader.dispose()


def _refuse_repeated(node: yaml.Node | None) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated(item)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if str(key.value) in seen:
            raise yaml.MarkedYAMLError(problem=TWICE, problem_mark=key.start_mark)
        seen.add(str(key.value))
        _refuse_repeated(value)


def _read(path: Path) -> dict[str, object]:
    if not path.is_file():
        raise RegionFault(
            path,
            "the file",
            f"there is none at {path}",
            "Copy the project's region.yml there, or set COMMON_CORE_REGION to where it is.",
        )
    try:
        raw = _load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as fault:
        line = f"line {fault.problem_mark.line + 1}" if fault.problem_mark else "the file"
        if fault.problem == TWICE:
            raise RegionFault(
                path, line, "its key stands twice", "Keep one of them, with all that it shall hold."
            ) from fault
        raise RegionFault(
            path,
            line,
            "it cannot be read as YAML",
            "Compare its indentation, colons and dashes with the project's region.yml.",
        ) from fault
    except (yaml.YAMLError, ValueError) as fault:  # no UTF-8, or a day such as 2026-02-30
        raise RegionFault(
            path,
            "the file",
            "it holds a character or a date that does not exist",
            "Save it as UTF-8, and look for a day that its month does not have.",
        ) from fault
    if not isinstance(raw, dict):
        raise RegionFault(
            path,
            "the file",
            "it has no keys",
            f"It needs the keys {', '.join(REGION_KEYS)}.",
        )
    return raw


def _authority(
    path: Path, number: int, entry: object, purposes: Mapping[str, tuple[str, ...]]
) -> Authority:
    where = f"authority {number}"
    if not isinstance(entry, dict):
        raise RegionFault(path, where, "it has no keys", "Give it a code, a name and a folder.")
    _refuse_unknown(path, where, entry, AUTHORITY_KEYS)
    code = _text(path, f"{where}, code", entry.get("code"), "Give its ONS code")
    if not CODE.fullmatch(code):
        raise RegionFault(
            path,
            f"{where}, code",
            f"{code} is not the code of an authority that looks after children",
            "Give the ONS code of nine characters, such as E06000066 or E10000008.",
        )
    name = _text(path, f"{where}, name", entry.get("name"), "Give its name")
    folder = _text(path, f"{where}, folder", entry.get("folder"), "Name its folder")
    if not FOLDER.fullmatch(folder):
        raise RegionFault(
            path,
            f"{where}, folder",
            f"{folder} cannot be a folder name",
            "Use lower-case letters, digits, - and _ only.",
        )
    also = entry.get("also") or []
    if not isinstance(also, list) or not all(isinstance(a, str) and a.strip() for a in also):
        raise RegionFault(
            path,
            f"{where}, also",
            "it is not a list of names",
            "Write it as [Somerset Council], or leave it out.",
        )
    agreements = entry.get("agreements") or []
    if not isinstance(agreements, list):
        raise RegionFault(
            path,
            f"{where}, agreements",
            "it is not a list",
            "Begin each agreement with a dash: - {purpose: …, signed: …, until: …}.",
        )
    signed = tuple(
        _agreement(path, f"{where}, agreement {n}", given, purposes)
        for n, given in enumerate(agreements, start=1)
    )
    calendar = _days(path, f"{where}, calendar", entry.get("calendar"), least=0)
    return Authority(code, name, folder, tuple(also), signed, calendar)


def _purposes(path: Path, raw: dict[str, object]) -> dict[str, tuple[str, ...]]:
    if "purposes" not in raw:
        return {}
    fix = "Name each purpose with the datasets it needs, such as sufficiency: [placements]."
    given = raw["purposes"]
    if not isinstance(given, dict) or not given:
        raise RegionFault(path, "purposes", "no purpose is named", fix)
    for purpose, datasets in given.items():
        where = f"purposes, {purpose}"
        if not isinstance(purpose, str) or not PURPOSE.fullmatch(purpose):
            wrong = "it cannot be the name of a purpose"
            raise RegionFault(path, where, wrong, "Use lower-case letters, digits, - and _ only.")
        if not isinstance(datasets, list) or not datasets:
            raise RegionFault(path, where, "it lists no dataset", fix)
        for dataset in datasets:
            _refuse_strange_dataset(path, where, dataset)
    return {purpose: tuple(datasets) for purpose, datasets in given.items()}


def _agreement(
    path: Path, where: str, given: object, purposes: Mapping[str, tuple[str, ...]]
) -> Agreement:
    if not isinstance(given, dict):
        raise RegionFault(path, where, "it has no keys", "Give it purpose, signed and until.")
    _refuse_unknown(path, where, given, AGREEMENT_KEYS)
    purpose = _text(path, f"{where}, purpose", given.get("purpose"), "Name its purpose")
    if purpose not in purposes:
        raise RegionFault(
            path,
            f"{where}, purpose",
            f"{purpose} is none of the purposes",
            f"It may be {', '.join(purposes)}; others are to be listed under purposes first."
            if purposes
            else "List the purposes and the datasets they need under purposes, first.",
        )
    signed = _day(path, f"{where}, signed", given.get("signed"))
    until = _day(path, f"{where}, until", given.get("until"))
    if until < signed:
        wrong = f"{until} is before the day it was signed, {signed}"
        raise RegionFault(path, f"{where}, until", wrong, "Give the last day on which it holds.")
    if "withdrawn" not in given:
        return Agreement(purpose, signed, until)
    withdrawn = _day(path, f"{where}, withdrawn", given["withdrawn"])
    if withdrawn < signed:
        wrong = f"{withdrawn} is before the day it was signed, {signed}"
        fix = "Give the first day on which it no longer holds, or leave it out."
        raise RegionFault(path, f"{where}, withdrawn", wrong, fix)
    return Agreement(purpose, signed, until, withdrawn)


def _retention(path: Path, given: object) -> Retention:
    given = _mapping(path, "retention", given)
    _refuse_unknown(path, "retention", given, RETENTION_KEYS)
    return Retention(
        _days(path, "retention, years", given.get("years"), least=1),
        _whole(path, "retention, quarantine_days", given.get("quarantine_days"), least=1),
        _whole(path, "retention, log_days", given.get("log_days"), least=1),
    )


def _thresholds(path: Path, given: object) -> Thresholds:
    given = _mapping(path, "thresholds", given)
    _refuse_unknown(path, "thresholds", given, THRESHOLD_KEYS)
    usual = Thresholds()
    shrunk = _number(path, "thresholds, shrunk", given.get("shrunk", usual.shrunk))
    if not 0 < shrunk < 1:
        fix = "Give a number between 0 and 1: 0.7 is seven rows where there were ten."
        raise RegionFault(path, "thresholds, shrunk", f"{shrunk} is no loss of rows", fix)
    grown = _number(path, "thresholds, grown", given.get("grown", usual.grown))
    if grown <= 1:
        fix = "Give a number above 1: 1.5 is fifteen rows where there were ten."
        raise RegionFault(path, "thresholds, grown", f"{grown} is no gain of rows", fix)
    least = _whole(path, "thresholds, least_rows", given.get("least_rows"), least=0)
    return Thresholds(shrunk, grown, usual.least_rows if least is None else least)


def _mapping(path: Path, key: str, given: object) -> dict[str, object]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise RegionFault(path, key, "it has no keys", "Compare it with the project's region.yml.")
    return given


def _days(path: Path, key: str, given: object, least: int) -> dict[str, int]:
    """A whole number for each dataset that is named."""
    counts: dict[str, int] = {}
    for dataset, value in _mapping(path, key, given).items():
        _refuse_strange_dataset(path, key, dataset)
        count = _whole(path, f"{key}, {dataset}", value, least)
        if count is None:
            raise RegionFault(path, f"{key}, {dataset}", "it is missing", "Give a whole number.")
        counts[dataset] = count
    return counts


def _whole(path: Path, key: str, value: object, least: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        fix = f"Give a whole number, {least} or more, or leave it out."
        raise RegionFault(path, key, f"{value} cannot be counted with", fix)
    return value


def _number(path: Path, key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RegionFault(path, key, f"{value} is no number", "Give a number such as 0.7.")
    return float(value)


def _true_or_false(path: Path, key: str, value: object, fix: str) -> bool:
    if not isinstance(value, bool):
        raise RegionFault(path, key, "it must be true or false", fix)
    return value


def _day(path: Path, key: str, value: object) -> date:
    if value is None:
        raise RegionFault(path, key, "it is missing", "Give a day, such as 2026-03-31.")
    if not isinstance(value, date) or isinstance(value, datetime):
        fix = "Write it as 2026-03-31, without quotes and without a time."
        raise RegionFault(path, key, f"{value} is not a day", fix)
    return value


def _refuse_strange_dataset(path: Path, key: str, dataset: object) -> None:
    if dataset not in DATASETS:
        fix = f"It may be {' or '.join(DATASETS)}: check the spelling."
        raise RegionFault(path, key, f"{dataset} is not a dataset", fix)


def _text(path: Path, key: str, value: object, fix: str) -> str:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise RegionFault(path, key, "it is missing", f"{fix}.")
    if not isinstance(value, str):
        raise RegionFault(path, key, "it is not text", f"{fix}, in quotes if it has digits only.")
    return value.strip()


def _refuse_unknown(
    path: Path, where: str, given: dict[str, object], known: tuple[str, ...]
) -> None:
    for key in given:
        if key not in known:
            raise RegionFault(
                path,
                where,
                f"{key} is not a key that it may have",
                f"It may have {', '.join(known)}: check the spelling.",
            )


def _refuse_doubles(path: Path, key: str, values: list[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise RegionFault(
                path,
                "authorities",
                f"two authorities have the {key} {value}",
                f"Give each authority a {key} of its own.",
            )
