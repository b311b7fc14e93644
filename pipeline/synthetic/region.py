"""Write a whole invented region: landing folders, Ofsted list, and what was planted in it."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from pipeline.region import Authority
from pipeline.standards.load import Table
from pipeline.standards.template import DATA_SHEET, write_workbook
from pipeline.synthetic.forecast_files import budget_text, scenarios_text, yearly_gbp
from pipeline.synthetic.mistakes import HARMLESS, PlantedRow
from pipeline.synthetic.ofsted_history import OfstedList
from pipeline.synthetic.options_file import options_text
from pipeline.synthetic.placements import Row
from pipeline.synthetic.places import Places
from pipeline.synthetic.plan import RegionPlan
from pipeline.synthetic.providers import LISTED_PLACES, LISTED_SECTORS, Provider
from pipeline.synthetic.searches import Search
from pipeline.synthetic.sendings import Sending, populate, sendings
from pipeline.synthetic.ssda903 import uk
from pipeline.synthetic.truth_file import truth_text

MARKER = "SYNTHETIC REGION: nobody in these files exists."
CONTENTS = "contents.txt"
TRUTH = "truth.json"
PROVIDERS_FILE = "ofsted_providers.csv"
PLANTED_COLUMNS = ("file", "sheet", "row_number", "table", "field", "kind", "severity")
PROVIDER_COLUMNS = (
    "URN", "Provider name", "Provider type", "Sector", "Registration status", "Places",
    "Local authority code", "Overall effectiveness", "Rating date",
    "Organisation which owns the provider",
)  # fmt: skip
LISTED_COLUMNS = (
    "URN", "Setting name", "Local authority", "Placement code", "Placement provider code",
    "Setting address postcode", "Deregistration date",
)  # fmt: skip

PLANTED_README = """\
| `truth.json` | what was planted, for analyses to find: premiums, needs, spend |
| `reference/ofsted_providers_<date>.csv` | the list of providers on earlier days |
"""


class RegionFolderFault(ValueError):
    """The folder holds something that is not part of an invented region."""


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
    population = populate(plan)
    places = population.places
    planted: list[tuple[str, ...]] = []
    searches: list[Search] = []
    yearly: dict[str, dict[str, float]] = {}
    for number, children in enumerate(population.people):
        made.authorities += 1
        made.children += len(children)
        code = plan.areas[number].authority.code
        yearly[code] = yearly_gbp(children, plan.last)
        for sending in sendings(plan, number, children, population):
            _send(out, plan.areas[number].authority, sending, made, planted)
            searches += sending.searches if plan.truth else []
    if population.truth:
        _write(out, out / TRUTH, truth_text(plan, population, searches), made)
    areas = plan.areas
    codes = [a.authority.code for a in areas]
    written = {
        "options.csv": options_text(codes, population.truth),
        "scenarios.csv": scenarios_text(codes, plan.last),
        "budget.csv": budget_text(yearly, plan.last),
    }
    for name, text in (written | provider_files(population.lists)).items():
        _write(out, out / "reference" / name, text, made)
    providers = population.lists[-1].providers
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


def _send(
    out: Path,
    authority: Authority,
    sending: Sending,
    made: Made,
    planted: list[tuple[str, ...]],
) -> None:
    """Write the file of one table and period where the authority would drop it."""
    table, rows = sending.table, sending.rows
    folder = out / "landing" / authority.folder / table.dataset / sending.period
    name = f"synthetic_placements_{sending.period}"
    sheet, first_row = "", 1
    if table.dataset == "ssda903":
        file, first_row = folder / f"{table.name}.csv", 2
        body = ([row.get(f.name) or "" for f in table.fields] for row in rows)
        header = [sending.headers.get(f.name, f.header) for f in table.fields]
        _write(out, file, _csv(header, body), made)
    elif table.name == "nps_records":
        file = folder / f"{name}.jsonld"
        _write(out, file, _records(table, rows), made)
    else:
        file, sheet = folder / f"{name}.xlsx", DATA_SHEET
        # People begin right below the example, or leave a row blank.
        first_row = 5 + sending.number % 2
        cover = f"{MARKER} {authority.name}, {sending.period}."
        folder.mkdir(parents=True, exist_ok=True)
        write_workbook(file, table, rows, cover=cover, headers=sending.headers, first_row=first_row)
        made.files.append(file)
    _note(out, file, table, sheet, first_row, sending.marks, made, planted)
    made.rows += len(rows)


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
    """A JSON-LD document: one nested record per row, on a line each."""
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
        graph.append(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
    lines = ",\n".join(graph)
    return f'{{"@context":"../context.jsonld","@graph":[\n{lines}\n]}}\n'


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def provider_files(lists: Sequence[OfstedList]) -> dict[str, str]:
    """Ofsted's lists by the names that the pipeline finds them under; the last is the present."""
    return {
        PROVIDERS_FILE if listed is lists[-1] else listed.file_name: _provider_list(
            listed.providers
        )
        for listed in lists
    }


def _provider_list(providers: Iterable[Provider]) -> str:
    """Ofsted's list of these providers as CSV, in the shape that `pipeline.reference` reads."""
    return _csv(PROVIDER_COLUMNS, map(_provider_row, providers))


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
        provider.owner,
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
        "las_see_each_other": True,
        "exact_marts_inside": True,
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
    planted = PLANTED_README if plan.truth else ""
    made_by = f"\nMade by:\n\n    {command}\n" if command else ""
    return f"""# A synthetic region

**{MARKER}** The children, homes, carers, officers, costs and Ofsted numbers are invented by
`pipeline/synthetic/`; only the authorities and the postcodes are real places. Every child's id
begins with `SYN`.
{made_by}
{_size(plan)} on 31 March 2024.
Seed {plan.seed}; a mistake in about {plan.error_rate:.1%} of the rows.

SSDA903 of {_and(plan.years)} by every authority, and placements of {_and(plan.quarters)}:

{senders}

| here | what it is |
|---|---|
| `landing/` | what the authorities send |
| `reference/ofsted_providers.csv` | the providers, for the Common Core |
| `reference/ofsted_lists/` | the same, in the shape of the list that Ofsted gives to councils |
| `reference/options.csv` | made-up options for new homes, for the business case |
| `reference/scenarios.csv` | made-up what-ifs, for the forecast |
| `reference/budget.csv` | made-up budgets, of about what the homes cost |
| `region.yml` | the authorities, for COMMON_CORE_REGION |
| `planted_errors.csv` | each mistake, and which check should find it; `none`: mess to be tidied |
| `contents.txt` | the files of this region; beside others it is not made anew |
{planted}
The shape follows England's published figures of 2024: about two thirds of the children fostered,
kinship carers among them; a tenth in children's homes and more each year, an eighth in supported
accommodation; nearly a quarter over 20 miles from home; two thirds of those in care for long with
the same carer for two years; most of them over ten. Every form says what it really asks for. One
history per child drives every file, so the returns agree with each other. Notes of severity
`info` come from the histories and are not listed as mistakes; nor is what DfE's rules find in
the wake of a mistake, or of a date in another form than theirs. Without mistakes the returns fail
three of the rules: 1001 and 1002, which know two years of a care leaver's past, and 624, which asks
for what 612 and 628 forbid of a young mother who left care.
"""


def _size(plan: RegionPlan) -> str:
    if plan.children is None:
        return "Each authority looks after about as many children as it did in truth"
    return f"Each authority looks after about {plan.children} children"


def _and(values: Sequence[object]) -> str:
    return ", ".join(str(v) for v in values)
