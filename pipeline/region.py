"""The region: which authorities send files, and which of them is the hub (`region.yml`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

CODE = re.compile(r"E(06|08|09|10)\d{6}")
FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]*")
REGION_KEYS = ("region", "synthetic", "hub", "authorities")
AUTHORITY_KEYS = ("code", "name", "folder", "also")


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
    calendar: Mapping[str, int] = field(default_factory=dict)  # overrides the region's


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
    synthetic = raw.get("synthetic")
    if not isinstance(synthetic, bool):
        raise RegionFault(
            path,
            "synthetic",
            "it must be true or false",
            "Write true if nobody in the files exists, else false.",
        )
    listed = raw.get("authorities")
    if not isinstance(listed, list) or not listed:
        raise RegionFault(
            path,
            "authorities",
            "no authority is listed",
            "List each authority with code, name and folder.",
        )
    authorities = tuple(_authority(path, n, entry) for n, entry in enumerate(listed, start=1))
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
    return Region(name, synthetic, hub, authorities)


def _read(path: Path) -> dict[str, object]:
    if not path.is_file():
        raise RegionFault(
            path,
            "the file",
            f"there is none at {path}",
            "Copy the project's region.yml there, or set COMMON_CORE_REGION to where it is.",
        )
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "the file"
        raise RegionFault(
            path,
            line,
            "it cannot be read as YAML",
            "Compare its indentation, colons and dashes with the project's region.yml.",
        ) from fault
    if not isinstance(raw, dict):
        raise RegionFault(
            path,
            "the file",
            "it has no keys",
            f"It needs the keys {', '.join(REGION_KEYS)}.",
        )
    return raw


def _authority(path: Path, number: int, entry: object) -> Authority:
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
    return Authority(code, name, folder, tuple(also))


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
