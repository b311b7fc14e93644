"""Load the data standards from `expectations/`: what a table holds and what each field may say."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

from pipeline.settings import EXPECTATIONS

SEVERITIES = ("stop", "fix", "warn", "info")
FIELD_TYPES = (
    "id",
    "text",
    "integer",
    "money",
    "date",
    "boolean",
    "category",
    "multi_category",
    "code",
    "postcode",
    "outward_postcode",
    "urn",
)
SHARES = ("keep", "pseudonym", "month", "cap_3", "presence", "district", "area", "drop")


# The same safe loader in C is ten times quicker, where the wheel has it.
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StandardFault(ValueError):
    """A file in `expectations/` is not as it must be; the message names file, field and fault."""


@dataclass(frozen=True)
class CodeList:
    """The codes of a field from one collection year to another, both included."""

    from_year: int
    to_year: int | None
    values: tuple[str, ...]

    def covers(self, year: int) -> bool:
        return self.from_year <= year and (self.to_year is None or year <= self.to_year)


@dataclass(frozen=True)
class Field:
    """One column of a standard: how it is spelt, what it may hold, what to say when it does not."""

    name: str
    header: str
    also: tuple[str, ...]
    type: str
    options: dict[str, tuple[str, ...]]  # label -> accepted other spellings
    codes: tuple[CodeList, ...]
    exclusive: str | None  # the one option that may not stand beside others
    required: str  # always, when, optional
    required_when: str | None  # SQL over the conformed columns
    blank_when: str | None  # SQL over the conformed columns
    minimum: str | None
    maximum: str | None  # a number, a date, or "today"
    range_severity: str
    severity: str
    missing_severity: str
    share: str
    section: str
    example: str | None
    message: str
    how_to_fix: str
    only_xml: bool = False  # other files lack nothing where they lack its column
    zero: tuple[str, ...] = ()  # whole numbers: the words that say 0

    def values_in(self, year: int | None) -> tuple[str, ...]:
        """The accepted values: option labels, or the codes of a collection year (all if None)."""
        if self.type == "code":
            lists = [c for c in self.codes if year is None or c.covers(year)]
            return tuple(dict.fromkeys(v for c in lists for v in c.values))
        return tuple(self.options)


@dataclass(frozen=True)
class RowCheck:
    """A check across the fields of one row: `fails_when` is SQL over the conformed columns."""

    id: str
    severity: str
    fields: tuple[str, ...]
    fails_when: str
    message: str
    how_to_fix: str


@dataclass(frozen=True)
class Table:
    """One table of one standard: a version of the placement standard, or a table of SSDA903."""

    name: str
    dataset: str
    title: str
    header_name: str
    fields: tuple[Field, ...]
    checks: tuple[RowCheck, ...]
    key: tuple[str, ...]
    key_required: tuple[str, ...]
    child: str
    roles: dict[str, str]  # what a field is for, where versions name it differently
    period_dates: tuple[str, ...]
    ignored_sheets: tuple[str, ...]
    template_example: dict[str, str]
    file_names: tuple[str, ...]
    from_year: int | None

    @cached_property
    def expected(self) -> tuple[Field, ...]:
        """The fields that every file of the table should have a column for."""
        return tuple(f for f in self.fields if not f.only_xml)

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)


def fields_read(sql: str, fields: Iterable[Field]) -> set[str]:
    """The fields that a piece of SQL reads, as `<name>` or `<name>__text`."""
    words = set(re.findall(r"[A-Za-z_]\w*", re.sub(r"'(?:[^']|'')*'", "", sql)))
    return {f.name for f in fields if words & {f.name, f"{f.name}__text"}}


def _field(raw: dict, where: str) -> Field:
    def fault(what: str) -> StandardFault:
        return StandardFault(f"{where}, field {raw.get('name', '?')}: {what}")

    for needed in ("name", "header", "type", "required", "severity", "share", "message"):
        if needed not in raw:
            raise fault(f"{needed} is missing")
    if raw["type"] not in FIELD_TYPES:
        raise fault(f"type {raw['type']} is none of {', '.join(FIELD_TYPES)}")
    if raw["share"] not in SHARES:
        raise fault(f"share {raw['share']} is none of {', '.join(SHARES)}")
    severity = raw["severity"]
    range_severity = raw.get("range_severity", severity)
    missing_severity = raw.get("missing_severity", severity)
    for given in (severity, range_severity, missing_severity):
        if given not in SEVERITIES:
            raise fault(f"severity {given} is none of {', '.join(SEVERITIES)}")
    if raw["required"] not in ("always", "when", "optional"):
        raise fault("required is none of always, when, optional")
    if raw["required"] == "when" and "required_when" not in raw:
        raise fault("required: when needs required_when")
    options = {label: tuple(spellings) for label, spellings in (raw.get("options") or {}).items()}
    if "zero" in raw and raw["type"] != "integer":
        raise fault("zero is for whole numbers")
    codes = tuple(
        CodeList(c["from"], c.get("to"), tuple(c["values"])) for c in raw.get("codes", ())
    )
    if raw["type"] in ("category", "multi_category") and not options:
        raise fault("a category needs options")
    if raw["type"] == "code" and not codes:
        raise fault("a code needs codes")
    if "exclusive" in raw and raw["exclusive"] not in options:
        raise fault(f"exclusive names {raw['exclusive']}, which is not an option")

    def text(key: str) -> str | None:
        return None if raw.get(key) is None else str(raw[key])

    return Field(
        name=raw["name"],
        header=raw["header"],
        also=tuple(raw.get("also", ())),
        type=raw["type"],
        options=options,
        codes=codes,
        exclusive=raw.get("exclusive"),
        required=raw["required"],
        required_when=raw.get("required_when"),
        blank_when=raw.get("blank_when"),
        minimum=text("min"),
        maximum=text("max"),
        range_severity=range_severity,
        severity=severity,
        missing_severity=missing_severity,
        share=raw["share"],
        section=raw.get("section", ""),
        example=text("example"),
        message=raw["message"],
        how_to_fix=raw.get("how_to_fix", ""),
        only_xml=raw.get("only_xml", False),
        zero=tuple(raw.get("zero", ())),
    )


def _repeated(key: list[str], key_required: list[str]) -> RowCheck:
    """A key that stands in several rows of one file: all but the last are superseded."""
    is_known = " and ".join(f"{name} is not null" for name in key_required)
    return RowCheck(
        "repeated",
        "warn",
        tuple(key),
        f"{is_known} and count(*) over (partition by {', '.join(key)}) > 1",
        "More than one row of the file has the same child and dates; only the last one is used.",
        "Keep one of the rows, or correct the dates if they are about different things.",
    )


def _table(name: str, raw: dict, dataset: str, where: str) -> Table:
    fields = tuple(_field(f, where) for f in raw["fields"])
    names = [f.name for f in fields]
    if len(set(names)) < len(names):
        raise StandardFault(f"{where}: two fields share a name")
    checks = tuple(
        RowCheck(
            c["id"],
            c["severity"],
            tuple(c["fields"]),
            c["fails_when"],
            c["message"],
            c["how_to_fix"],
        )
        for c in raw.get("checks", ())
    )
    for check in checks:
        unlisted = fields_read(check.fails_when, fields) - set(check.fields)
        if unlisted:
            raise StandardFault(
                f"{where}, check {check.id}: reads {', '.join(sorted(unlisted))}, "
                "which its fields do not list"
            )
    checks += (_repeated(raw["key"], raw["key_required"]),)
    used = {*raw["key"], *raw["key_required"], raw["child"], *raw.get("period_dates", ())}
    used |= set(raw.get("roles", {}).values())
    for unknown in sorted((used | {f for c in checks for f in c.fields}) - set(names)):
        raise StandardFault(f"{where}: {unknown} is named but is not a field")
    return Table(
        name=name,
        dataset=dataset,
        title=raw["title"],
        header_name=raw.get("header_name", name),
        fields=fields,
        checks=checks,
        key=tuple(raw["key"]),
        key_required=tuple(raw["key_required"]),
        child=raw["child"],
        roles=raw.get("roles", {}),
        period_dates=tuple(raw.get("period_dates", ())),
        ignored_sheets=tuple(raw.get("ignored_sheets", ())),
        template_example={k: str(v) for k, v in raw.get("template_example", {}).items()},
        file_names=tuple(raw.get("file_names", ())),
        from_year=raw.get("from_collection_year"),
    )


def _files(root: Path) -> list[Path]:
    return [*sorted((root / "placements").glob("*.yml")), root / "ssda903" / "tables.yml"]


@cache
def load_standards(root: Path = EXPECTATIONS) -> dict[str, Table]:
    """Every table of every standard by name: `rcc_v2`, …, `header`, `episodes`, …

    Raises StandardFault where a file is not as it must be.
    """
    tables: dict[str, Table] = {}
    for file in _files(root):
        raw = yaml.load(file.read_text(encoding="utf-8"), Loader=SAFE_LOADER)  # noqa: S506  it is the safe one
        where = file.relative_to(root).as_posix()
        if "tables" in raw:
            for name, table in raw["tables"].items():
                tables[name] = _table(name, table, raw["dataset"], f"{where}, table {name}")
        else:
            tables[raw["version"]] = _table(raw["version"], raw, raw["dataset"], where)
    return tables


@cache
def standards_fingerprint(root: Path = EXPECTATIONS) -> str:
    """Changes when any standard changes, so that files are checked anew against it."""
    digest = hashlib.sha256()
    for file in _files(root):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
