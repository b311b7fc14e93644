"""The graph as Dagster sees it, and what its storage keeps of a failure."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from dagster import AssetCheckSeverity, AssetKey, DagsterInstance, materialize

from pipeline.forecast import budget_file, scenario_file
from pipeline.options import COLUMNS
from pipeline.settings import PROJECT, SAMPLE
from pipeline.standards.load import load_standards

CANARY = "CANARYCHILD77"
PER_LA = {"retention", "submissions", "checked", "shared"}


@pytest.fixture(scope="module")
def definitions(tmp_path_factory):
    """The definitions, loaded on a home of their own."""
    home = tmp_path_factory.mktemp("definitions")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMON_CORE_HOME", str(home))
        patch.setenv("COMMON_CORE_LANDING", str(SAMPLE / "landing"))
        sys.modules.pop("pipeline.definitions", None)
        import pipeline.definitions

        yield pipeline.definitions
        sys.modules.pop("pipeline.definitions", None)


def _keys(definitions):
    return {k.to_user_string() for k in definitions.defs.resolve_all_asset_keys()}


def test_assets_are_the_steps_of_the_pipeline(definitions):
    keys = _keys(definitions)
    assert PER_LA | {"postcodes", "data_docs", "hub", "forecast", "region_report"} <= keys
    assert {"warehouse", "shareable"} <= keys
    assert {f"common_core/{e}" for e in ("child", "referral", "placement", "episode")} <= keys
    assert {
        "foundation/fct_placement_month",
        "sufficiency/placement_measures",
        "cost/weekly_cost",
        "quality/submission_quality",
        "quality/alarm",
    } <= keys


def test_the_las_are_partitions_and_the_warehouse_is_one_chain(definitions):
    graph = definitions.defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        is_partitioned = graph.get(key).partitions_def is not None
        assert is_partitioned == (key.to_user_string() in PER_LA), key
    las = definitions.LAS.get_partition_keys()
    assert las == [a.code for a in definitions.REGION.authorities]


def test_the_chain_runs_from_the_files_to_the_warehouse(definitions):
    graph = definitions.defs.resolve_asset_graph()

    def parents(key):
        return {p.to_user_string() for p in graph.get(AssetKey(key)).parent_keys}

    assert parents(["submissions"]) == {"retention"}
    assert parents(["checked"]) == {"submissions", "postcodes"}
    assert parents(["shared"]) == {"checked", "postcodes"}
    assert parents(["hub"]) == {"shared", "options", "scenarios", "budget"}
    assert parents(["data_docs"]) == {"shared"}
    assert parents(["staging", "stg_ssda903__episodes"]) == {"hub"}
    assert "common_core/placement" in parents(["foundation", "fct_placement"])
    assert "staging/int_care_episode" in parents(["staging", "int_placement_count"])
    assert parents(["sufficiency", "placement_measures"]) == {"staging/int_placement_count"}
    assert {"sufficiency/placement_measures", "staging/int_rates_shown"} <= parents(["forecast"])
    assert parents(["warehouse"]) == parents(["shareable"]) == {"forecast"}
    assert parents(["region_report"]) == {"warehouse", "shareable"}


def test_the_marts_for_inside_stand_beside_those_for_outside(definitions):
    graph = definitions.defs.resolve_asset_graph()
    keys = _keys(definitions)
    marts = {k for k in keys if k.split("/")[0] in ("sufficiency", "cost", "quality")}
    exact = {k.removeprefix("inside/") for k in keys if k.startswith("inside/")}
    assert exact - marts == {k for k in keys if k.startswith("staging/") and k.endswith("_shown")}
    assert marts - exact == {"cost/similar_children"}  # of single children: inside only, and once

    def parents(*key):
        return {p.to_user_string() for p in graph.get(AssetKey(key)).parent_keys}

    # What both are made of is built once.
    assert parents("inside", "sufficiency", "placement_measures") == {"staging/int_placement_count"}
    assert "inside/staging/int_spend_shown" in parents("inside", "cost", "spend")
    assert {"inside/cost/spend", "inside/staging/int_rates_shown"} <= parents("forecast")
    checked = {c.asset_key.to_user_string() for c in graph.asset_check_keys}
    assert {"cost/spend", "inside/cost/spend"} <= checked


def test_where_the_agreement_does_not_allow_it_there_are_no_exact_marts(tmp_path):
    region = (PROJECT / "region.yml").read_text(encoding="utf-8")
    assert "exact_marts_inside: true" in region
    file = tmp_path / "region.yml"
    file.write_text(region.replace("exact_marts_inside: true\n", ""), encoding="utf-8")
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from pipeline.definitions import defs\n"
            "print([k.to_user_string() for k in defs.resolve_all_asset_keys()])",
        ],
        cwd=PROJECT,
        env=os.environ | {"COMMON_CORE_HOME": str(tmp_path), "COMMON_CORE_REGION": str(file)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "'sufficiency/unmet_need'" in said
    assert "inside/" not in said


def test_both_gates_block_and_every_standard_is_an_asset_check(definitions):
    graph = definitions.defs.resolve_asset_graph()
    checks = {
        (c.asset_key.to_user_string(), c.name): graph.get_check_spec(c).blocking
        for c in graph.asset_check_keys
    }
    assert checks["hub", "hub_is_safe"]
    assert checks["common_core/placement", "common_core_is_whole"]
    assert {("checked", name) for name in load_standards()} <= set(checks)
    assert {(a, "no_la_failed") for a in PER_LA} <= set(checks)
    assert ("shared", "every_la_has_agreed") in checks
    assert not checks["forecast", "forecast_is_fit"]  # history and all else are still published
    assert not checks["checked", "no_alarms"]  # to be seen, but nothing stops for it


@pytest.mark.parametrize(
    ("name", "columns", "row", "column"),
    [
        ("options", COLUMNS, "Home,hotel,4,E06000066,0,0,0,01/04/2027,9,25", "placement_type"),
        ("scenarios", scenario_file.COLUMNS, "Fewer,entries,,,,,many,01/04/2027,,,", "number"),
        ("budget", budget_file.COLUMNS, "E06000066,2026/27,hotel,1", "placement_type"),
    ],
)
def test_a_row_of_an_analyst_s_with_a_fault_is_told_of_and_stops_nothing(
    definitions, tmp_path, monkeypatch, name, columns, row, column
):
    (tmp_path / f"{name}.csv").write_text(",".join(columns) + f"\n{row}\n", encoding="utf-8")
    settings = replace(definitions.SETTINGS, providers_file=tmp_path / "providers.csv")
    monkeypatch.setattr(definitions, "SETTINGS", settings)
    said: list[str] = []
    monkeypatch.setattr(definitions, "tell", said.append)
    result = materialize([getattr(definitions, name)])
    assert result.success
    [evaluation] = result.get_asset_check_evaluations()
    assert not evaluation.passed
    assert evaluation.severity == AssetCheckSeverity.WARN
    told = f"{name}.csv, row 2, “{column}”"
    assert told in evaluation.metadata["faults"].value
    assert said[0].startswith(f"To be mended: {told}")


def test_of_many_faults_some_are_told_and_the_others_counted(definitions, tmp_path, monkeypatch):
    rows = "E06000066,2026/27,hotel,1\n" * (definitions.FAULTS_TOLD + 7)
    header = ",".join(budget_file.COLUMNS)
    (tmp_path / "budget.csv").write_text(f"{header}\n{rows}", encoding="utf-8")
    settings = replace(definitions.SETTINGS, providers_file=tmp_path / "providers.csv")
    monkeypatch.setattr(definitions, "SETTINGS", settings)
    [evaluation] = materialize([definitions.budget]).get_asset_check_evaluations()
    told = evaluation.metadata["faults"].value.splitlines()
    assert len(told) == definitions.FAULTS_TOLD + 1
    assert told[-1] == "- budget.csv has 7 faults more."


def test_one_job_one_schedule_one_sensor(definitions):
    repository = definitions.defs.get_repository_def()
    assert {j.name for j in repository.get_all_jobs() if not j.name.startswith("__")} == {"refresh"}
    assert {s.name for s in repository.schedule_defs} == {"nightly"}
    assert {s.name for s in repository.sensor_defs} == {"landing"}


def test_dagster_finds_the_definitions_valid(definitions):
    ended = subprocess.run(
        [
            str(Path(sys.executable).with_name("dagster")),
            "definitions",
            "validate",
            "--workspace",
            "workspace.yaml",
        ],
        cwd=PROJECT,
        env={
            "PATH": "/usr/bin:/bin",
            "COMMON_CORE_HOME": str(definitions.SETTINGS.home),
            "DAGSTER_DISABLE_TELEMETRY": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Validation successful" in ended.stdout + ended.stderr


def test_a_failure_on_identifiable_data_keeps_its_words_out_of_dagster(
    definitions, tmp_path, monkeypatch, capfd
):
    """A step that fails for one LA fails for that one only, and its error quotes no value."""
    from pipeline import la_zone

    def fail(la_code, folder, zone, **further):
        if la_code == "E10000008":
            raise ValueError(f"Could not convert string '{CANARY}' to INT32")
        return real(la_code, folder, zone, **further)

    real = la_zone.receive
    monkeypatch.setattr(la_zone, "receive", fail)
    landing = tmp_path / "landing"
    for folder in ("somerset", "devon"):
        few = Path(folder) / "ssda903" / "2026"
        shutil.copytree(SAMPLE / "landing" / few, landing / few)
    monkeypatch.setattr(definitions, "SETTINGS", replace(definitions.SETTINGS, landing=landing))
    storage = tmp_path / "dagster"
    storage.mkdir()
    with DagsterInstance.local_temp(str(storage)) as instance:
        result = definitions.defs.resolve_job_def("refresh").execute_in_process(
            instance=instance,
            raise_on_error=False,
            asset_selection=[AssetKey("submissions")],
            tags=definitions.EVERY_LA,
        )
    check = next(c for c in result.get_asset_check_evaluations() if c.check_name == "no_la_failed")
    assert not check.passed
    assert list(check.metadata) == ["Devon"]
    words = check.metadata["Devon"].value
    assert "Reading the files of Devon failed: ValueError" in words
    for file in storage.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file
    assert CANARY not in "".join(capfd.readouterr())
    kept = list(definitions.SETTINGS.la_zone("E10000008").rglob("faults/*.txt"))
    assert [CANARY in f.read_text(encoding="utf-8") for f in kept] == [True]
    assert definitions.SETTINGS.la_zone("E06000066").joinpath("manifest.parquet").exists()
