"""dbt: from the hub's relations to the Common Core, and from there to the marts."""

import hashlib
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagster import AssetKey
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
)

from pipeline.settings import DBT_PROJECT, Settings

COMMON_CORE = "fqn:common_core.staging fqn:common_core.common_core resource_type:seed"
MARTS = "fqn:common_core.marts"
# What there is a second time, exact, in dbt's target of that name: macro generate_schema_name.
INSIDE = "inside"
OF_AN_EDITION = (
    "config.schema:sufficiency config.schema:cost config.schema:quality "
    "fqn:common_core.marts.*.*_shown"
)


def dbt_project(settings: Settings) -> DbtProject:
    return DbtProject(
        project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT, target_path=settings.home / "dbt"
    )


def dbt_manifest(settings: Settings) -> Path:
    """The manifest of the dbt project, parsed again when a file of the project changed."""
    os.environ["COMMON_CORE_BUILD"] = str(settings.build_file)
    target = settings.home / "dbt"
    manifest, stamp = target / "manifest.json", target / "manifest.made_from"
    digest = hashlib.sha256(str(target).encode())
    for file in sorted(DBT_PROJECT.rglob("*")):
        if file.is_file() and not {"target", "logs"} & set(file.parts):
            digest.update(file.relative_to(DBT_PROJECT).as_posix().encode())
            digest.update(file.read_bytes())
    made_from = digest.hexdigest()
    if manifest.exists() and stamp.exists() and stamp.read_text() == made_from:
        return manifest

    from dbt.cli.main import dbtRunner

    place = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    place += ["--target-path", str(target), "--log-path", str(target / "logs")]
    parsed = dbtRunner().invoke(["--quiet", "parse", *place])
    if not parsed.success:
        raise RuntimeError("dbt could not read the project in dbt_project/") from parsed.exception
    stamp.write_text(made_from)
    return manifest


def dbt_cli(settings: Settings) -> DbtCliResource:
    """dbt as a resource, from the environment that this Python runs in."""
    os.environ["COMMON_CORE_BUILD"] = str(settings.build_file)
    # Where the manifest was made: a run starts from what dbt read then, and reads it only once.
    os.environ["DBT_TARGET_PATH"] = str(settings.home / "dbt")
    dbt = shutil.which("common-core-dbt", path=str(Path(sys.executable).parent))
    if dbt is None:
        raise RuntimeError("The project is not installed in this Python: run `make run` once.")
    return DbtCliResource(
        project_dir=dbt_project(settings),
        profiles_dir=str(DBT_PROJECT),
        dbt_executable=dbt,
    )


def is_of_an_edition(schema: str, name: str) -> bool:
    """Whether a model is built for inside as well, as macro generate_schema_name has it."""
    return schema in ("sufficiency", "cost", "quality") or name.endswith("_shown")


class HubTranslator(DagsterDbtTranslator):
    """All sources of the dbt project are one asset: the hub, checked before dbt starts."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return AssetKey("hub")
        schema = dbt_resource_props["config"].get("schema") or dbt_resource_props["schema"]
        return AssetKey([schema, dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return dbt_resource_props["config"].get("schema") or dbt_resource_props["schema"]


class InsideTranslator(HubTranslator):
    """The exact edition of the marts stands beside the other, its keys under `inside`."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        key = super().get_asset_key(dbt_resource_props)
        is_model = dbt_resource_props["resource_type"] == "model"
        if is_model and is_of_an_edition(key.path[0], key.path[-1]):
            return key.with_prefix(INSIDE)
        return key

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return INSIDE
