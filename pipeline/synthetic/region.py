"""Write a whole invented region: landing folders, Ofsted list, and what was planted in it."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml

from pipeline.region import Authority
from pipeline.standards.load import Table, load_standards
from pipeline.standards.template import DATA_SHEET, write_workbook
from pipeline.synthetic.history import Child, World, choice_of, make_children
from pipeline.synthetic.mistakes import HARMLESS, PlantedRow, messy_header, plant
from pipeline.synthetic.placements import Row, rows_of
from pipeline.synthetic.places import Area, Places, load_places
from pipeline.synthetic.providers import LISTED_PLACES, LISTED_SECTORS, Provider, make_providers
from pipeline.synthetic.searches import searches_of
from pipeline.synthetic.ssda903 import return_of, uk

MARKER = "SYNTHETIC REGION: nobody in these files exists."
VERSIONS = ("rcc_v2", "nps_2026_04", "nps_2026_06", "nps_records")
YEARS = (2024, 2025, 2026)
QUARTERS = ("2025Q2", "2025Q3", "2025Q4", "2026Q1")
CONTENTS = "contents.txt"
PLANTED_COLUMNS = ("file", "sheet", "row_number", "table", "field", "kind", "severity")
PROVIDER_COLUMNS = (
    "URN", "Provider name", "Provider type", "Sector", "Registration status", "Places",
    "Local authority code", "Overall effectiveness", "Rating date",
)  # fmt: skip
LISTED_COLUMNS = (
    "URN", "Setting name", "Local authority", "Placement code", "Placement provider code",
    "Setting address postcode", "Deregistration date",
)  # fmt: skip


class RegionFolderFault(ValueError):
    """The folder holds something that is not part of an invented region."""


@dataclass(frozen=True)
class RegionPlan:
    """What to make. `children` is how many each authority looks after at any one time."""

    areas: tuple[Area, ...]
    children: int
    seed: int
    error_rate: float  # share of rows with a mistake, 0 to 1
    versions: tuple[str, ...] = VERSIONS  # the first authority sends the first, and so on
    years: tuple[int, ...] = YEARS  # collection years
    quarters: tuple[str, ...] = QUARTERS  # calendar quarters

    def version(self, number: int) -> str:
        return self.versions[number % len(self.versions)]


@dataclass
class Made:
    """What was made, counted."""

    authorities: int = 0
    children: int = 0
    rows: int = 0
    mistakes: int = 0
    files: list[Path] = field(default_factory=list)


def make_region(out: Path, plan: RegionPlan, command: str = "") -> Made:
    """Write the region into `out`; the same plan gives the same files.

    `command` is told in the README as what made it. Raises RegionFolderFault, having changed
    nothing, if `out` holds anything but a region made before.
    """
    _clear(out)
    out.mkdir(parents=True, exist_ok=True)
    made = Made()
    # First of all, so that a half-made region is known for what it is.
    _write(out, out / "README.md", _readme(plan, command), made)
    areas = plan.areas
    places = load_places(areas)
    first, last = dt.date(min(plan.years) - 1, 4, 1), dt.date(max(plan.years), 3, 31)
    rng = np.random.default_rng([plan.seed, 0])
    providers = make_providers(rng, areas, places, plan.children, last)
    choice = choice_of(providers)
    planted: list[tuple[str, ...]] = []
    for number, area in enumerate(areas):
        world = World(
            np.random.default_rng([plan.seed, number + 1, 0]),
            area.authority.code, number + 1, places, choice, first, last, plan.children,
        )  # fmt: skip
        children = make_children(world)
        made.authorities += 1
        made.children += len(children)
        # Mistakes are drawn apart from the children: another rate, the same children.
        slips = np.random.default_rng([plan.seed, number + 1, 3])
        _returns(out, plan, number, children, places, slips, made, planted)
        _searches(out, plan, number, children, places, slips, made, planted)
    _write(
        out, out / "reference" / "ofsted_providers.csv",
        _csv(PROVIDER_COLUMNS, map(_provider_row, providers)), made,
    )  # fmt: skip
    names = {a.authority.code: a.authority.name for a in areas}
    _write(
        out, out / "reference" / "ofsted_lists" / "providers.csv",
        _csv(LISTED_COLUMNS, (_listed_row(p, names, places) for p in providers)), made,
    )  # fmt: skip
    _write(out, out / "planted_errors.csv", _csv(PLANTED_COLUMNS, planted), made)
    _write(out, out / "region.yml", _region_file([a.authority for a in areas]), made)
    contents = "".join(f"{f.relative_to(out).as_posix()}\n" for f in sorted(made.files))
    _write(out, out / CONTENTS, contents, made)
    return made


def _clear(out: Path) -> None:
    """Remove a region made before; refuse to touch anything else."""
    if not out.exists() or not any(out.iterdir()):
        return
    readme = out / "README.md"
    if not readme.is_file() or MARKER not in readme.read_text(encoding="utf-8"):
        raise RegionFolderFault(
            f"{out} is not empty and does not hold a synthetic region. Give another folder."
        )
    contents = out / CONTENTS
    listed = contents.read_text(encoding="utf-8").split("\n") if contents.is_file() else []
    known = {*listed, CONTENTS, readme.name}
    there = sorted(p for p in out.rglob("*") if not p.is_dir())
    strange = [p.relative_to(out).as_posix() for p in there]
    strange = [name for name in strange if name not in known]
    if strange:
        raise RegionFolderFault(
            f"{out} holds {len(strange)} file(s) that are not part of the synthetic region, such "
            f"as {strange[0]}. Move them away first, or give another folder."
        )
    for file in there:
        file.unlink()
    for folder in sorted((p for p in out.rglob("*") if p.is_dir()), reverse=True):
        folder.rmdir()


def _returns(
    out: Path,
    plan: RegionPlan,
    number: int,
    children: list[Child],
    places: Places,
    slips: np.random.Generator,
    made: Made,
    planted: list[tuple[str, ...]],
) -> None:
    """The SSDA903 files of each collection year."""
    standards = load_standards()
    folder = plan.areas[number].authority.folder
    rng = np.random.default_rng([plan.seed, number + 1, 1])
    for year in plan.years:
        for name, rows in return_of(children, year, places, rng).items():
            if not rows:
                continue
            table = standards[name]
            file = out / "landing" / folder / "ssda903" / str(year) / f"{name}.csv"
            marks = plant(table, rows, plan.error_rate, slips)
            headers = _headers(table, plan, slips)
            body = ([row.get(f.name) or "" for f in table.fields] for row in rows)
            _write(out, file, _csv([headers.get(f.name, f.header) for f in table.fields], body),
                   made)  # fmt: skip
            _note(out, file, table, "", 2, marks, made, planted)
            made.rows += len(rows)


def _searches(
    out: Path,
    plan: RegionPlan,
    number: int,
    children: list[Child],
    places: Places,
    slips: np.random.Generator,
    made: Made,
    planted: list[tuple[str, ...]],
) -> None:
    """The placement return of each quarter, in the authority's version of the standard."""
    table = load_standards()[plan.version(number)]
    authority = plan.areas[number].authority
    rng = np.random.default_rng([plan.seed, number + 1, 2])
    families: dict[int, list[Child]] = {}
    for child in children:
        families.setdefault(child.family, []).append(child)
    for turn, quarter in enumerate(plan.quarters):
        unfound = table.name == "rcc_v2"
        searches = searches_of(children, families, days_of(quarter), places, rng, unfound)
        rows = rows_of(table, searches, rng)
        if not rows:
            continue
        marks = plant(table, rows, plan.error_rate, slips, whole=True)
        folder = out / "landing" / authority.folder / "placements" / quarter
        folder.mkdir(parents=True, exist_ok=True)
        if table.name == "nps_records":
            file, sheet, first_row = folder / f"synthetic_placements_{quarter}.jsonld", "", 1
            _write(out, file, _records(table, rows), made)
        else:
            file, sheet = folder / f"synthetic_placements_{quarter}.xlsx", DATA_SHEET
            first_row = 5 + turn % 2  # people begin right below the example, or leave a row blank
            cover = f"{MARKER} {authority.name}, {quarter}."
            headers = _headers(table, plan, slips)
            write_workbook(file, table, rows, cover=cover, headers=headers, first_row=first_row)
            made.files.append(file)
        _note(out, file, table, sheet, first_row, marks, made, planted)
        made.rows += len(rows)


def days_of(quarter: str) -> tuple[dt.date, dt.date]:
    """First and last day of a calendar quarter such as 2025Q4."""
    year, number = int(quarter[:4]), int(quarter[5])
    first = dt.date(year, 3 * number - 2, 1)
    following = dt.date(year + number // 4, 3 * number % 12 + 1, 1)
    return first, following - dt.timedelta(days=1)


def _headers(table: Table, plan: RegionPlan, slips: np.random.Generator) -> dict[str, str]:
    """In some files a few headers were retyped; which ones."""
    if plan.error_rate <= 0 or slips.random() > 0.25:
        return {}
    names = [f.name for f in table.fields]
    chosen = slips.permutation(len(names))[:3]
    return {names[n]: messy_header(table.field(names[n]).header, slips) for n in chosen}


def _note(
    out: Path,
    file: Path,
    table: Table,
    sheet: str,
    first_row: int,
    marks: list[PlantedRow],
    made: Made,
    planted: list[tuple[str, ...]],
) -> None:
    """Remember what was planted, with the row number that the user sees."""
    where = file.relative_to(out / "landing").as_posix()
    for mark in marks:
        made.mistakes += any(p.severity != HARMLESS for p in mark.planted)
        for p in mark.planted:
            row_number = str(first_row + mark.row)
            planted.append((where, sheet, row_number, table.name, p.field, p.kind, p.severity))


def _records(table: Table, rows: list[Row]) -> str:
    """A JSON-LD document: one nested record per row, as in the official examples."""
    graph = []
    for row in rows:
        name = f"ex:{row.get('placement_id')}"
        record: dict[str, object] = {"@id": name, "@type": "Placement"}
        for f in table.fields:
            value = row.get(f.name)
            if value is None:
                continue
            if f.section == "Placement":
                record[f.header] = _json(value)
                continue
            part = f.section[0].lower() + f.section[1:]
            record.setdefault(part, {"@id": f"{name}/{part}", "@type": f.section})
            record[part][f.header] = _json(value)
        graph.append(record)
    document = {"@context": "../context.jsonld", "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _provider_row(provider: Provider) -> list[str]:
    return [
        provider.urn,
        provider.name,
        provider.kind,
        provider.sector,
        provider.status,
        "" if provider.places is None else str(provider.places),
        provider.la_code,
        provider.rating,
        uk(provider.rated),
    ]


def _listed_row(provider: Provider, names: Mapping[str, str], places: Places) -> list[str]:
    """A provider as in the list that Ofsted gives to councils; none has closed."""
    return [
        provider.urn,
        provider.name,
        names[provider.la_code],
        LISTED_PLACES[provider.kind],
        LISTED_SECTORS[provider.sector],
        places.postcode[provider.place],
        "",
    ]


def _agreement() -> dict[str, object]:
    """Nobody in a synthetic region exists: its agreements do not run out."""
    signed, until = dt.date(2025, 4, 1), dt.date(2099, 12, 31)
    return {"purpose": "sufficiency", "signed": signed, "until": until}


def _region_file(authorities: Sequence[Authority]) -> str:
    """A region.yml of these authorities, the first of them the hub."""
    region: Mapping[str, object] = {
        "region": f"Synthetic region of {len(authorities)} authorities",
        "synthetic": True,
        "hub": authorities[0].code,
        "purposes": {"sufficiency": ["placements", "ssda903"]},
        "authorities": [
            {
                "code": a.code,
                "name": a.name,
                "folder": a.folder,
                "also": list(a.also),
                "agreements": [_agreement()],
            }
            for a in authorities
        ],
    }
    return f"# {MARKER}\n" + yaml.safe_dump(region, sort_keys=False, allow_unicode=True)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _write(out: Path, file: Path, text: str, made: Made) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    made.files.append(file)


def _readme(plan: RegionPlan, command: str) -> str:
    senders = "\n".join(
        f"- {a.authority.name} ({a.authority.code}) sends {plan.version(n)}"
        for n, a in enumerate(plan.areas)
    )
    made_by = f"\nMade by:\n\n    {command}\n" if command else ""
    return f"""# A synthetic region

**{MARKER}** The children, homes, carers, officers, costs and Ofsted numbers are invented by
`pipeline/synthetic/`; only the authorities and the postcodes are real places. Every child's id
begins with `SYN`.
{made_by}
About {plan.children} children looked after by each authority at any one time; seed {plan.seed}; a
mistake in about {plan.error_rate:.1%} of the rows.

SSDA903 of {_and(plan.years)} by every authority, and placements of {_and(plan.quarters)}:

{senders}

| here | what it is |
|---|---|
| `landing/` | what the authorities send |
| `reference/ofsted_providers.csv` | the providers, for the Common Core |
| `reference/ofsted_lists/` | the same, in the shape of the list that Ofsted gives to councils |
| `region.yml` | the authorities, for COMMON_CORE_REGION |
| `planted_errors.csv` | each mistake, and which check should find it; `none`: mess to be tidied |
| `contents.txt` | the files of this region; beside others it is not made anew |

The shape follows England's published figures of recent years: about two thirds of the children
fostered, kinship carers among them; about a sixth in children's homes or supported
accommodation, and more each year; a fifth over 20 miles from home; most of them over ten. One
history per child drives every file, so the returns agree with each other. Notes of severity
`info` come from the histories and are not listed as mistakes; nor is what DfE's rules find in
the wake of a mistake, or of a date in another form than theirs. Without mistakes the returns fail
three of the rules: 1001 and 1002, which know two years of a care leaver's past, and 624, which asks
for what 612 and 628 forbid of a young mother who left care.
"""


def _and(values: Sequence[object]) -> str:
    return ", ".join(str(v) for v in values)
