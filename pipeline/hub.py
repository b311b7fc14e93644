"""The hub as dbt sees it: pseudonymised Parquet as relations of schema `hub` in the build file."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipeline.forecast.budget_file import read_budget
from pipeline.forecast.scenario_file import read_scenarios
from pipeline.intake.clean import create_macros
from pipeline.options import read_options
from pipeline.progress import tell
from pipeline.reference import PROVIDER_COLUMNS, ReferenceFault, dated_lists, load_providers
from pipeline.region import Region
from pipeline.settings import DBT_PROJECT, PROJECT, Settings
from pipeline.sharing.allow_list import hub_columns
from pipeline.sharing.quality import ALARM, CHECK_RESULT, SUBMISSION, alarm_file, parquet_sql
from pipeline.sharing.share import hub_file
from pipeline.standards.load import load_standards
from pipeline.warehouse import database, sql_text, workspace

AUTHORITY = {
    "la_code": "varchar",
    "la_name": "varchar",
    "is_hub": "boolean",
    "region_name": "varchar",
    "is_synthetic": "boolean",
}


@dataclass(frozen=True)
class HubRelation:
    """One relation of schema `hub`: its name, its typed columns and its SQL."""

    name: str
    columns: dict[str, str]
    sql: str


def _present(files: list[Path]) -> list[Path]:
    return sorted(f for f in files if f.exists())


def hub_relations(hub: Path, region: Region) -> list[HubRelation]:
    """All that the hub holds of the region's authorities; of others nothing is read."""
    codes = [a.code for a in region.authorities]
    relations = []
    for table in load_standards().values():
        columns = {c.name: c.sql_type for c in hub_columns(table)}
        files = _present([hub_file(hub, table.name, code) for code in codes])
        relations.append(HubRelation(table.name, columns, parquet_sql(files, columns)))
    parts = _present([hub / "submission" / f"la_code={code}" / "part.parquet" for code in codes])
    relations.append(HubRelation("submission", SUBMISSION, parquet_sql(parts, SUBMISSION)))
    results = sorted(
        f for code in codes for f in (hub / "check_result" / f"la_code={code}").glob("*.parquet")
    )
    relations.append(HubRelation("check_result", CHECK_RESULT, parquet_sql(results, CHECK_RESULT)))
    raised = _present([alarm_file(hub, code) for code in codes])
    relations.append(HubRelation("alarm", ALARM, parquet_sql(raised, ALARM)))
    rows = ", ".join(
        f"({sql_text(a.code)}, {sql_text(a.name)}, {a.code == region.hub}, "
        f"{sql_text(region.name)}, {region.synthetic})"
        for a in region.authorities
    )
    authority = f"select * from (values {rows}) as named ({', '.join(AUTHORITY)})"
    relations.append(HubRelation("authority", AUTHORITY, authority))
    return relations


def open_build(settings: Settings) -> dict[str, int]:
    """Make the build file anew, with the hub as views in it; gives the rows of each relation."""
    settings.build_file.parent.mkdir(parents=True, exist_ok=True)
    for leftover in settings.build_file.parent.glob(f"{settings.build_file.name}*"):
        leftover.unlink()
    with database(settings.build_file, read_only=False) as connection:
        connection.execute("create schema hub")
        relations = hub_relations(settings.hub, settings.region)
        for relation in relations:
            connection.execute(f"create view hub.{relation.name} as {relation.sql}")
        for fault in store_providers(connection, settings.providers_file):
            tell(fault)
        store_forecast_setting(connection, settings.as_of)
        return {
            r.name: connection.execute(f"select count(*) from hub.{r.name}").fetchall()[0][0]
            for r in relations
        }


def store_providers(connection: duckdb.DuckDBPyConnection, file: Path) -> tuple[str, ...]:
    """Store Ofsted's present list, and every list with its day: `ofsted_provider_list`.

    The present list names no day: it is taken for no older than its latest rating and than the
    day after the newest dated list. Where it is missing or cannot be read, the newest dated list
    stands for it. Gives in words what is wrong with the lists; nothing of it stops anything.
    """
    dated, faults = dated_lists(file)
    lists: list[tuple[date | None, Path]] = [*dated, *([(None, file)] if file.exists() else [])]
    columns = {name: sql_type for name, (_, sql_type) in PROVIDER_COLUMNS.items()}
    casts = ", ".join(f"{name}::{sql_type} as {name}" for name, sql_type in columns.items())
    empty = ", ".join(f"null::{sql_type} as {name}" for name, sql_type in columns.items())
    for table, day in (
        ("ofsted_provider", ""),
        ("ofsted_provider_list", "null::date as list_date, "),
    ):
        connection.execute(f"create or replace table hub.{table} as select {day}{empty} limit 0")
    newest: date | None = None
    for day, listed in lists:
        with workspace() as reader:
            create_macros(reader)
            try:
                faults += load_providers(reader, listed, "providers")
            except ReferenceFault as fault:
                faults += (f"Ofsted's list is not used. {fault}",)
                continue
            connection.register("listed", reader.execute("select * from providers").df())
        connection.execute(
            "insert into hub.ofsted_provider_list select coalesce($day::date, greatest("
            f"max(rating_date) over (), $newest::date + 1)), {casts} "
            f"from (select {casts} from listed)",
            {"day": day, "newest": newest},
        )
        # The last one that can be read stays.
        connection.execute(
            f"create or replace table hub.ofsted_provider as select {casts} from listed"
        )
        connection.unregister("listed")
        newest = day
    return faults


def store_forecast_setting(connection: duckdb.DuckDBPyConnection, as_of: date | None) -> None:
    """Store as of which day the forecast is made, `forecast_setting`; None: all that is known."""
    connection.execute("create or replace table hub.forecast_setting (as_of date)")
    connection.execute("insert into hub.forecast_setting values (?)", [as_of])


def code_version() -> str:
    """The version of this code: the package's, and a fingerprint of what builds the warehouse."""
    digest = hashlib.sha256()
    folders = [(PROJECT / "pipeline", "*.py"), (PROJECT / "expectations", "*")]
    folders += [(DBT_PROJECT / d, "*") for d in ("models", "seeds", "macros", "tests")]
    for folder, pattern in folders:
        for file in sorted(f for f in folder.rglob(pattern) if f.is_file()):
            if "__pycache__" not in file.parts:
                digest.update(file.relative_to(PROJECT).as_posix().encode())
                digest.update(file.read_bytes())
    return f"{version('common-core-pipeline')}+{digest.hexdigest()[:12]}"


def hub_state(settings: Settings) -> str:
    """Changes when anything that the warehouse is built from changes."""
    region = settings.region
    digest = hashlib.sha256(code_version().encode())
    about = [region.name, region.synthetic, region.hub, region.exact_marts_inside]
    digest.update(json.dumps(about).encode())
    for authority in sorted(region.authorities, key=lambda a: a.code):
        digest.update(f"{authority.code}{authority.name}".encode())
        for file in sorted(settings.hub.rglob(f"la_code={authority.code}/*.parquet")):
            digest.update(file.relative_to(settings.hub).as_posix().encode())
            digest.update(file.read_bytes())
    listed = [file for _, file in dated_lists(settings.providers_file)[0]]
    for file in _present([settings.providers_file, *listed]):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    codes = [a.code for a in region.authorities]
    digest.update(repr(read_options(settings.options_file, codes).options).encode())
    digest.update(repr(read_scenarios(settings.scenarios_file, codes).scenarios).encode())
    digest.update(repr(read_budget(settings.budget_file, codes).lines).encode())
    digest.update(repr(settings.as_of).encode())
    return digest.hexdigest()[:16]
