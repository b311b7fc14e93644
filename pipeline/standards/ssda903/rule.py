"""Read DfE's rules: one SQL file each, with what people need to know of it in its comment.

How a file must look is in `expectations/ssda903/rules/README.md`.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.settings import EXPECTATIONS
from pipeline.standards.load import SEVERITIES, StandardFault

RULES = EXPECTATIONS / "ssda903" / "rules"
FIRST_YEAR = 2023  # the collection year of DfE's first rules here: April 2022 to March 2023
REFERENCES = ("postcode", "provider")

_NEEDED = ("code", "message", "fields", "tables", "years", "severity", "how_to_fix", "logic")
_ALLOWED = (*_NEEDED, "optional", "reference", "fails_in")


@dataclass(frozen=True)
class Rule:
    """One rule of DfE's in the wording and logic of some collection years."""

    name: str  # of the file: the code, with `_to_2024` where a later wording replaced it
    code: str
    message: str  # DfE's, word for word
    fields: tuple[str, ...]  # headings as DfE writes them, such as DECOM
    tables: tuple[str, ...]  # DfE's names; `_last` is the previous year's. All must be there
    optional: tuple[str, ...]  # read where they are there
    reference: tuple[str, ...]  # postcode, provider: what must be there beside the return
    fails_in: tuple[str, ...]  # the tables whose rows the rule gives
    from_year: int  # collection year, by its end: 2026 is April 2025 to March 2026
    to_year: int | None
    severity: str
    how_to_fix: str
    logic: str
    sql: str  # gives table_name (one of fails_in) and data_row

    @property
    def needs_authority(self) -> bool:
        """Whether it asks which authority the return is of."""
        return bool(re.search(r"\b(pl_location(_last)?|la_code)\b", self.sql))

    def covers(self, year: int) -> bool:
        return self.from_year <= year and (self.to_year is None or year <= self.to_year)


def _comment(text: str, where: str) -> tuple[dict[str, str], str]:
    """The comment at the head of a file as names and texts, and the SQL after it."""
    lines = text.splitlines()
    said: dict[str, str] = {}
    name = None
    for at, line in enumerate(lines):
        if not line.startswith("--"):
            return said, "\n".join(lines[at:]).strip().removesuffix(";")
        if found := re.match(r"-- (\w+):(?: (.*))?$", line):
            name = found[1]
            if name not in _ALLOWED or name in said:
                raise StandardFault(f"{where}: {name} is not a part of a rule, or stands twice")
            said[name] = (found[2] or "").strip()
        elif name and line.startswith("--     "):  # goes on
            said[name] = f"{said[name]} {line[2:].strip()}".strip()
        else:
            raise StandardFault(f"{where}, line {at + 1}: neither `-- name: text` nor more of one")
    raise StandardFault(f"{where}: there is no SQL in it")


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def read_rule(path: Path) -> Rule:
    """One rule from its file; raises StandardFault, which names file and fault."""
    where = f"ssda903/rules/{path.name}"
    said, sql = _comment(path.read_text(encoding="utf-8"), where)
    for needed in _NEEDED:
        if not said.get(needed) and needed != "fields":
            raise StandardFault(f"{where}: {needed} is missing")
    years = re.fullmatch(r"(\d{4})-(\d{4})?", said["years"])
    if not years:
        raise StandardFault(f"{where}: years are written as 2023- or 2023-2024")
    if said["severity"] not in SEVERITIES:
        raise StandardFault(f"{where}: severity is none of {', '.join(SEVERITIES)}")
    tables = _list(said["tables"])
    reference = _list(said.get("reference", ""))
    if set(reference).difference(REFERENCES):
        raise StandardFault(f"{where}: reference is none of {', '.join(REFERENCES)}")
    to_year = int(years[2]) if years[2] else None
    name = said["code"] + (f"_to_{to_year}" if to_year else "")
    if path.stem != name:
        raise StandardFault(f"{where}: by its code and years the file should be {name}.sql")
    return Rule(
        name=name,
        code=said["code"],
        message=said["message"],
        fields=_list(said["fields"]),
        tables=tables,
        optional=_list(said.get("optional", "")),
        reference=reference,
        fails_in=_list(said.get("fails_in", "")) or tables[:1],
        from_year=int(years[1]),
        to_year=to_year,
        severity=said["severity"],
        how_to_fix=said["how_to_fix"],
        logic=said["logic"],
        sql=sql,
    )


@cache
def all_rules(folder: Path = RULES) -> tuple[Rule, ...]:
    """Every rule of every year, in the order of their codes; raises StandardFault."""
    rules = tuple(read_rule(p) for p in sorted(folder.glob("*.sql")))
    for rule in rules:
        others = [r for r in rules if r.code == rule.code and r is not rule]
        if any(r.covers(rule.from_year) for r in others):
            raise StandardFault(f"ssda903/rules/{rule.name}.sql: another file has the same years")
    return rules


def rules_of(year: int) -> list[Rule]:
    """The rules of a collection year. Before DfE's first there are none; a year after those known
    here takes the newest."""
    return [r for r in all_rules() if r.covers(year)]
