"""A small region of given files, through the pipeline's own steps to what it would publish.

Received, checked and shared as in a run, and the models and tests as dbt compiled them: a region
takes seconds. Neither Dagster nor the pages of Data Docs are made.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unittest.mock import patch

import duckdb

from pipeline.forecast.mart_standing import judge_forecast
from pipeline.forecast.run import make_forecast
from pipeline.forecast.small_numbers import OUTSIDE
from pipeline.gates import common_core_faults, hub_faults
from pipeline.hub import hub_relations, store_forecast_setting, store_providers
from pipeline.la_zone import check_las, receive_las, share_las
from pipeline.reference import Postcodes
from pipeline.region import Agreement, Authority, Region
from pipeline.settings import Settings
from pipeline.warehouse import database
from tests.authority import csv_bytes
from tests.known_region import DataTest, Project

KEY = "a key for regions in which nobody exists"
AGREED = (Agreement("all", date(2000, 1, 1), date(2099, 12, 31)),)
NAMES = {"E06000066": "Somerset", "E10000008": "Devon", "E06000052": "Cornwall"}
# What an authority drops below its landing folder: the rows of a file by heading, or its bytes.
Files = Mapping[str, Sequence[Mapping[str, str]] | bytes]


@dataclass(frozen=True)
class Tools:
    """What is made once for all small regions."""

    project: Project
    tests: Sequence[DataTest]
    postcodes: Postcodes


def small_region(root: Path, files: Mapping[str, Files], providers: str = "") -> Settings:
    """Drop the files of each authority, by its code, and Ofsted's list; where it all is."""
    named = {code: NAMES.get(code, code) for code in files}
    authorities = tuple(Authority(c, n, n.lower(), (), AGREED) for c, n in named.items())
    region = Region(
        "Small", True, authorities[0].code, authorities, {"all": ("placements", "ssda903")}
    )
    settings = Settings(root / "home", region, root / "landing", root / "reference" / "list.csv")
    for authority in authorities:
        settings.landing.joinpath(authority.folder).mkdir(parents=True)
        for path, content in files[authority.code].items():
            file = settings.landing / authority.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if not isinstance(content, bytes):
                content = csv_bytes([dict(row) for row in content])
            file.write_bytes(content)
    if providers:
        settings.providers_file.parent.mkdir(parents=True)
        settings.providers_file.write_text(providers, encoding="utf-8")
    return settings


def files_of(landing: Path) -> dict[str, Files]:
    """The files of a landing folder, whose folders have the names of `NAMES`, by authority."""
    return {
        code: {
            f.relative_to(landing / name.lower()).as_posix(): f.read_bytes()
            for f in sorted((landing / name.lower()).rglob("*"))
            if f.is_file()
        }
        for code, name in NAMES.items()
        if (landing / name.lower()).is_dir()
    }


def bring_to_hub(settings: Settings, postcodes: Postcodes) -> None:
    """Receive, check and share; raises where one of these fails for any authority."""
    codes = [a.code for a in settings.region.authorities]
    with patch.dict(os.environ, {"COMMON_CORE_KEY": KEY}):
        done = [receive_las(settings, codes)]
        done += [check_las(settings, [code]) for code in codes]  # one by one: in this process
        done += [share_las(settings, codes, postcodes)]
    faults = {code: fault for step in done for code, fault in step.faults.items()}
    if faults:
        raise RuntimeError(f"an authority's step failed: {faults}")


def build(settings: Settings, project: Project) -> None:
    """All that dbt builds, from the hub; raises where a model or its contract does."""
    settings.build_file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(project.template, settings.build_file)
    with database(settings.build_file, read_only=False) as connection:
        for relation in hub_relations(settings.hub, settings.region):
            if relation.sql:
                name = f"hub.{relation.name}"
                connection.execute(f"insert into {name} by name {relation.sql}")
        store_providers(connection, settings.providers_file)
        store_forecast_setting(connection, settings.as_of)
        for model in project.models.values():
            connection.execute(f"delete from {model.relation}")
            try:
                connection.execute(f"insert into {model.relation} by name {model.sql}")
            except duckdb.Error as error:
                raise duckdb.Error(f"{model.name}: {error}") from error


def failing(settings: Settings, tests: Sequence[DataTest]) -> list[str]:
    """The tests that would stop publication, and how many rows each gives."""
    found = []
    with database(settings.build_file) as connection:
        for test in tests:
            rows = len(connection.execute(test.sql).fetchall())
            if rows:
                found.append(f"{test.name}: {rows}")
    return found


def stops(settings: Settings, tools: Tools) -> list[str]:
    """Make all of what is in the hub, up to the forecast; what, if anything, stops publication."""
    try:
        build(settings, tools.project)
    except duckdb.Error as error:
        return [f"a model: {error}"]
    found = hub_faults(settings) + failing(settings, tools.tests) + common_core_faults(settings)
    with database(settings.build_file, read_only=False) as connection:
        make_forecast(connection)
        judge_forecast(connection, (OUTSIDE,))
    return found


def rows(settings: Settings, query: str) -> list[tuple]:
    """Rows of the build file, in which the models that are not published stand as well."""
    with database(settings.build_file) as connection:
        return connection.execute(query).fetchall()
