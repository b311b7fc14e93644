"""Regions of which the answers are known, from the generator to the marts in seconds.

No file is received or checked: the generator's rows are conformed and shared by the pipeline's own
SQL, and the models are run as dbt compiled them. `tests/recovery/test_known_region.py` proves
that every table comes out as the whole pipeline makes it.
"""

import datetime as dt
import graphlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.hub import (
    hub_relations,
    store_forecast_setting,
    store_providers,
)
from pipeline.intake.clean import conformed_sql, create_macros, key_sql
from pipeline.intake.deliveries import last_day
from pipeline.publish import OF_SINGLE_CHILDREN
from pipeline.reference import Postcodes
from pipeline.region import Region
from pipeline.settings import DBT_PROJECT
from pipeline.sharing.allow_list import hub_columns
from pipeline.sharing.derive import create_place_macros, derived_sql
from pipeline.sharing.pseudonym import Key, create_pseudonym_macro
from pipeline.sharing.quality import SUBMISSION
from pipeline.sharing.share import authority_names
from pipeline.standards.load import Table
from pipeline.synthetic.history import TYPE_OF_KIND
from pipeline.synthetic.plan import RegionPlan
from pipeline.synthetic.prices import TYPES, priced_placements, spend_of
from pipeline.synthetic.providers import OWN_SECTOR, TYPE_OF_PROVIDER
from pipeline.synthetic.region import PROVIDERS_FILE, provider_files
from pipeline.synthetic.searches import WORST_TYPE, Search
from pipeline.synthetic.sendings import Population, Sending, populate, sendings
from pipeline.transform import INSIDE, OF_AN_EDITION
from pipeline.warehouse import sql_name, sql_text, workspace

BUILD = "common_core_build"  # what dbt calls the file that it builds in
KEY = Key(b"a key for regions in which nobody exists", "tests")
OUTSIDE = "build"  # dbt's target of the marts as they are outside; INSIDE of the exact ones
ONE_EDITION = tuple(name for _, name in OF_SINGLE_CHILDREN)
NO_TESTS = ("resource_type:test", "resource_type:unit_test")
RECEIVED = dt.datetime(2026, 7, 1)


@dataclass(frozen=True)
class Model:
    """A table that dbt makes: what it is called in full, and its SQL."""

    name: str
    relation: str
    sql: str
    needs: tuple[str, ...]  # the unique ids of what it selects from
    is_exact: bool  # of the edition for inside


@dataclass(frozen=True)
class Project:
    """The dbt project, compiled: a file with empty tables, and what fills them, in order."""

    template: Path
    models: dict[str, Model]  # by unique id

    def chosen(self, names: Collection[str] | None) -> list[Model]:
        """The models of these names and all that they are made from; of None, all models."""
        if names is None:
            return list(self.models.values())
        unknown = set(names) - {m.name for m in self.models.values()}
        if unknown:
            raise KeyError(f"no table of the dbt project: {sorted(unknown)}")
        wanted: set[str] = set()
        for unique_id, model in reversed(self.models.items()):
            if model.name in names or unique_id in wanted:
                wanted |= {unique_id, *model.needs}
        return [model for unique_id, model in self.models.items() if unique_id in wanted]


@dataclass(frozen=True)
class DataTest:
    """A test of the project that may stop publication: its name, and SQL that gives what fails."""

    name: str
    sql: str


def compile_tests(folder: Path) -> list[DataTest]:
    """The data tests that may stop publication; made once in a folder of `compile_project`.

    Raises RuntimeError for one that counts something else than the rows it gives.
    """
    blocking = []
    for edition in (OUTSIDE, INSIDE):
        target = folder / f"{edition}_tests"
        if not (target / "manifest.json").exists():
            selected = ["--target", edition, "--select", "resource_type:test"]
            _run_dbt(folder, target, "compile", *selected)
        nodes = _nodes(target)
        blocking += [
            node
            for node in nodes.values()
            if node["resource_type"] == "test"
            and node["config"]["severity"].lower() == "error"
            and (edition == OUTSIDE or _is_of_exact_marts(node, nodes))
        ]
    odd = [n["name"] for n in blocking if n["config"]["fail_calc"] != "count(*)"]
    if odd:
        raise RuntimeError(f"tests that do not count their rows: {odd}")
    return [DataTest(node["name"], node["compiled_code"]) for node in blocking]


def compile_project(folder: Path) -> Project:
    """Have dbt build the project once over an empty hub; a minute, then good for all regions.

    Of marts there are two editions: `cost.spend` as it is outside, and `inside/spend`, exact.

    What lies in the folder already is not made again. Raises RuntimeError where dbt fails, or makes
    anything but tables, views and seeds.
    """
    template, target, inside = folder / f"{BUILD}.duckdb", folder / "target", folder / INSIDE
    if not (target / "run_results.json").exists():
        _build_empty(folder, template, target)
    if not (inside / "run_results.json").exists():
        marts = ["--select", *OF_AN_EDITION.split(), "--exclude", *ONE_EDITION, *NO_TESTS]
        _run_dbt(folder, inside, "build", "--target", INSIDE, *marts)
    models = _models(_nodes(target))
    # The exact edition is made after all that it is made from, and called `inside/…`.
    exact = {i: m for i, m in _models(_nodes(inside)).items() if m.is_exact}
    for unique_id, model in exact.items():
        needs = tuple(_inside(n) if n in exact else n for n in model.needs)
        models[_inside(unique_id)] = replace(model, name=_inside(model.name), needs=needs)
    return Project(template, models)


def _inside(name: str) -> str:
    return f"{INSIDE}/{name}"


def _nodes(target: Path) -> dict[str, dict]:
    return json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]


def _is_of_exact_marts(test: dict, nodes: dict[str, dict]) -> bool:
    """Whether a test of the target `inside` looks at its marts, and at none that are not built."""
    looked_at = [nodes[n] for n in test["depends_on"]["nodes"] if n in nodes]
    of_inside = [n for n in looked_at if n["schema"].startswith(f"{INSIDE}_")]
    return bool(of_inside) and not {n["name"] for n in of_inside} & set(ONE_EDITION)


def _build_empty(folder: Path, template: Path, target: Path) -> None:
    nobody = Region("Nowhere", True, "", ())
    tables = {r.name: r.columns for r in hub_relations(folder / "hub", nobody) if r.sql}
    with duckdb.connect(str(template)) as connection:
        connection.execute("create schema hub")
        for name, columns in tables.items():
            listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            connection.execute(f"create table hub.{name} ({listed})")
        store_providers(connection, folder / "no list")
        store_forecast_setting(connection, None)
    _run_dbt(folder, target, "build", "--exclude", *NO_TESTS)


def _run_dbt(folder: Path, target: Path, command: str, *arguments: str) -> None:
    ours = {
        "COMMON_CORE_BUILD": folder / f"{BUILD}.duckdb",
        "DBT_TARGET_PATH": target,
        "DBT_LOG_PATH": folder,
    }
    place = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--quiet", command, *place, *arguments],
        env=os.environ | {name: str(value) for name, value in ours.items()},
        check=True,
    )


def _models(nodes: dict[str, dict]) -> dict[str, Model]:
    made = {i: node for i, node in nodes.items() if node["resource_type"] == "model"}
    odd = {n["config"]["materialized"] for n in made.values()} - {"table", "view"}
    if odd:
        raise RuntimeError(f"models that are neither tables nor views: {odd}")
    needs = {i: [n for n in node["depends_on"]["nodes"] if n in made] for i, node in made.items()}
    order = graphlib.TopologicalSorter(needs).static_order()
    # A view stands in the template; what selects from it needs what it is made from.
    through: dict[str, tuple[str, ...]] = {}
    models: dict[str, Model] = {}
    for unique_id in order:
        node = made[unique_id]
        through[unique_id] = tuple(
            dict.fromkeys(
                found
                for need in needs[unique_id]
                for found in ((need,) if need in models else through[need])
            )
        )
        if node["config"]["materialized"] == "table":
            models[unique_id] = Model(
                node["name"],
                node["relation_name"],
                node.get("compiled_code", ""),
                through[unique_id],
                node["schema"].startswith(f"{INSIDE}_") and node["name"] not in ONE_EDITION,
            )
    return models


def build_region(
    plan: RegionPlan,
    project: Project,
    postcodes: Postcodes,
    out: Path,
    only: Collection[str] | None = None,
    key: Key = KEY,
    as_of: dt.date | None = None,
) -> Population:
    """Make a region and its marts in the DuckDB file `out`; with `only`, what these tables need.

    The forecast is made `as of` this day, and of all that is known if that is None.
    Where a truth is planted, schema `truth` tells it under the same ids as the Common Core.
    """
    shutil.copy(project.template, out)
    population = populate(plan)
    with workspace() as connection:
        connection.execute(f"attach {sql_text(str(out))} as {BUILD}")
        create_macros(connection)
        sent = [
            (plan.areas[number].authority.code, sending)
            for number, children in enumerate(population.people)
            for sending in sendings(plan, number, children, population)
        ]
        _share(connection, sent, postcodes, key)
        _tell_region(connection, plan, population, sent, as_of)
        if population.truth:
            searches = [s for _, sending in sent for s in sending.searches]
            _tell_truth(connection, plan, population, searches)
        connection.execute(f"use {BUILD}")
        for model in project.chosen(only):
            connection.execute(f"delete from {model.relation}")  # seeds alone give it rows
            connection.execute(f"insert into {model.relation} by name {model.sql}")
        connection.execute("use memory")
        connection.execute(f"detach {BUILD}")
    return population


def _text(value: object) -> str | None:
    """A cell as the pipeline's readers hand it on."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.time):
        return f"{value.hour}:{value.minute}"
    if isinstance(value, list):
        return "; ".join(value)
    return str(value)


def _submission(la_code: str, sending: Sending) -> str:
    return f"{la_code}|{sending.table.name}|{sending.period}"


def _frame(table: Table, sent: Iterable[tuple[str, Sending]]) -> pd.DataFrame:
    """The rows of a table as text, without those that its checks would stop."""
    rows = []
    for la_code, sending in sent:
        stopped = {m.row for m in sending.marks if any(p.severity == "stop" for p in m.planted)}
        about = {"submission_id": _submission(la_code, sending), "file": "", "sheet": ""}
        rows += [
            about | {"row_number": n} | {f.name: _text(row.get(f.name)) for f in table.fields}
            for n, row in enumerate(sending.rows)
            if n not in stopped
        ]
    names = ["submission_id", "file", "sheet", "row_number", *(f.name for f in table.fields)]
    return pd.DataFrame(rows, columns=names)


def _share(
    connection: duckdb.DuckDBPyConnection,
    sent: list[tuple[str, Sending]],
    postcodes: Postcodes,
    key: Key,
) -> None:
    """Fill the hub's tables as `pipeline.sharing.share` does, of all authorities in one go.

    Its SQL is for one authority at a time; taking it so for fifteen of them would take most of the
    time. What differs between authorities is told by the column `in_la` instead.
    """
    tables = {s.table.name: s.table for _, s in sent}
    for table in tables.values():
        mine = [(la, s) for la, s in sent if s.table.name == table.name]
        years = {s.period if table.dataset == "ssda903" else None for _, s in mine}
        into = f"create temp table kept_{table.name} as"
        for year in sorted(years, key=str):
            rows = _frame(table, [(la, s) for la, s in mine if year in (None, s.period)])
            texts = ", ".join(f"{sql_name(f.name)}::varchar as {sql_name(f.name)}"
                              for f in table.fields)  # fmt: skip
            connection.register("frame", rows)
            raw = f"(select submission_id, file, sheet, row_number, {texts} from frame)"
            # Of rows that are the same by their key, the last one is kept.
            connection.execute(
                f"{into} select *, split_part(submission_id, '|', 1) as in_la, "
                "split_part(submission_id, '|', 3) as period "
                f"from ({conformed_sql(table, year and int(year), raw)}) "
                f"qualify row_number() over (partition by submission_id, {key_sql(table)} "
                "order by row_number desc) = 1"
            )
            connection.unregister("frame")
            into = f"insert into kept_{table.name} by name"
    _know_places(connection, list(tables.values()), postcodes)
    connection.execute(
        "create temp table birth as select child, arg_max(dob, period) as dob "
        "from kept_header where dob is not null group by child"
    )
    connection.execute(
        "create temp table known_until "
        "(dataset varchar, submission_id varchar, period varchar, day date)"
    )
    connection.executemany(
        "insert into known_until values (?, ?, ?, ?)",
        [
            (
                s.table.dataset,
                _submission(la, s),
                s.period,
                min(last_day(s.period), RECEIVED.date()),
            )
            for la, s in sent
        ],
    )
    _know_pseudonyms(connection, key)
    for table in tables.values():
        columns = {c.name: c for c in hub_columns(table)}
        listed = ", ".join(f"({c.sql})::{c.sql_type} as {sql_name(c.name)}"
                           for c in columns.values())  # fmt: skip
        own = "placement_la_code <> in_la as is_out_of_authority"
        mended = f"* replace ({own})" if "is_out_of_authority" in columns else "*"
        connection.execute(
            f"insert into {BUILD}.hub.{table.name} by name select {listed} "
            f"from (select {mended}, in_la as la_code "
            f"from ({derived_sql(table, f'kept_{table.name}', '')})) order by la_code, record_id"
        )


def _know_pseudonyms(connection: duckdb.DuckDBPyConnection, key: Key) -> None:
    """The macro `pseudonym` as it is for one authority, for rows of several: each has `in_la`."""
    create_pseudonym_macro(connection, key, "")
    connection.execute(
        """
        create or replace temp macro pseudonym(purpose, normal_id) as case
            when normal_id is not null then sha256(
                (select outer_pad from pads) || unhex(sha256(
                    (select inner_pad from pads)
                    || encode(purpose || '|' || in_la || '|' || normal_id)
                ))
            )
        end
        """
    )


def _know_places(
    connection: duckdb.DuckDBPyConnection, tables: list[Table], postcodes: Postcodes
) -> None:
    """The macros for places, and of all postcodes those alone that the rows name."""
    create_place_macros(connection, postcodes, authority_names())
    connection.execute(
        "create temp table authority_code as select unnest(?) as code",
        [sorted(set(authority_names().values()))],
    )
    named = " union ".join(
        f"select {sql_name(f.name)} as postcode from kept_{table.name}"
        for table in tables
        for f in table.fields
        if f.type == "postcode"
    )
    connection.execute(
        f"create temp table place_named as select * from place semi join ({named}) using (postcode)"
    )
    connection.execute("drop view place")
    connection.execute("create temp view place as select * from place_named")


def _tell_region(
    connection: duckdb.DuckDBPyConnection,
    plan: RegionPlan,
    population: Population,
    sent: list[tuple[str, Sending]],
    as_of: dt.date | None,
) -> None:
    """What the hub knows beside the rows: authorities, submissions, Ofsted's list, settings."""
    authorities = tuple(area.authority for area in plan.areas)
    region = Region("Known region", True, authorities[0].code, authorities)
    relations = {r.name: r for r in hub_relations(Path("no hub"), region)}
    connection.execute(f"insert into {BUILD}.hub.authority by name {relations['authority'].sql}")
    submissions = pd.DataFrame(
        [
            {
                "la_code": la_code,
                "submission_id": _submission(la_code, s),
                "dataset": s.table.dataset,
                "table_name": s.table.name,
                "standard_version": s.table.name if s.table.dataset == "placements" else s.period,
                "period": s.period,
                "received_at": RECEIVED,
                "rows_read": len(s.rows),
                "rows_kept": len(s.rows),
                "rows_quarantined": 0,
                "rows_superseded": 0,
                "status": "accepted",
                "reason_code": None,
                "stop_count": 0,
                "fix_count": 0,
                "warn_count": 0,
                "info_count": 0,
            }
            for la_code, s in sent
        ],
        columns=list(SUBMISSION),
    )
    connection.register("submissions", submissions)
    connection.execute(f"insert into {BUILD}.hub.submission by name select * from submissions")
    connection.unregister("submissions")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in provider_files(population.lists).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        connection.execute(f"use {BUILD}")
        store_providers(connection, Path(folder) / PROVIDERS_FILE)
        store_forecast_setting(connection, as_of)
        connection.execute("use memory")


def _tell_truth(
    connection: duckdb.DuckDBPyConnection,
    plan: RegionPlan,
    population: Population,
    searches: list[Search],
) -> None:
    """What was planted, as tables that join to the Common Core."""
    truth = population.truth
    if truth is None:
        return
    connection.execute(f"create schema {BUILD}.truth")
    prices = population.prices
    tables = {
        "provider": pd.DataFrame(
            [
                (p.urn, p.owner, TYPE_OF_PROVIDER[p.kind], p.sector == OWN_SECTOR,
                 prices.premium[p.urn])
                for p in population.providers
            ],
            columns=["urn", "owner", "placement_type", "is_local_authority", "premium"],
        ),
        "owner": pd.DataFrame(
            [(*key, premium) for key, premium in prices.owner_premium.items()],
            columns=["owner", "placement_type", "premium"],
        ),
        "authority": pd.DataFrame(
            list(prices.la_factor.items()), columns=["la_code", "price_factor"]
        ),
        "needs_mix": pd.DataFrame(
            [
                (la_code, profile, share)
                for la_code, shares in truth.mix.shares.items()
                for profile, share in shares.items()
            ],
            columns=["la_code", "profile", "share"],
        ),
        "worst": pd.DataFrame(
            [(truth.mix.worst_la, truth.mix.worst_profile, TYPES[WORST_TYPE])],
            columns=["la_code", "profile", "recommended_type"],
        ),
        "spend": pd.DataFrame(
            [s for people in population.people for s in spend_of(people, plan.first, plan.last)]
        ),
    }  # fmt: skip
    for name, rows in tables.items():
        connection.register("told", rows)
        connection.execute(f"create table {BUILD}.truth.{name} as select * from told")
        connection.unregister("told")
    _tell_prices(connection, plan, population)
    searched = pd.DataFrame(
        [(s.child.la_code, s.child.id, str(s.referred), s.child.profile) for s in searches],
        columns=["la_code", "child", "referred", "profile"],
    ).drop_duplicates()
    connection.execute(
        f"create table {BUILD}.truth.search "
        "(referral_id varchar, la_code varchar, child_id varchar, profile varchar)"
    )
    connection.register("told", searched)
    connection.execute(
        f"insert into {BUILD}.truth.search select md5('referral|' || la_code || '|' || "
        "pseudonym('referral', child || '|' || referred)), la_code, "
        "pseudonym('child_id', child), profile from (select *, la_code as in_la from told)"
    )
    connection.unregister("told")


def _tell_prices(
    connection: duckdb.DuckDBPyConnection, plan: RegionPlan, population: Population
) -> None:
    """The price of every placement that costs something and had not ended before the returns."""
    placed = pd.DataFrame(
        [
            (child.la_code, child.id, p.start, p.end, TYPES[TYPE_OF_KIND[p.home.kind]],
             p.home.provider.urn if p.home.provider else None, p.gbp_per_week)
            for people in population.people
            for child, p in priced_placements(people)
            if p.end > plan.first and p.start <= plan.last
        ],
        columns=["la_code", "child", "start_date", "end_date", "placement_type", "urn",
                 "gbp_per_week"],
    )  # fmt: skip
    connection.register("told", placed)
    connection.execute(
        f"create table {BUILD}.truth.placement as select la_code, "
        "pseudonym('child_id', child) as child_id, start_date::date as start_date, "
        "end_date::date as end_date, placement_type, urn, gbp_per_week "
        "from (select *, la_code as in_la from told)"
    )
    connection.unregister("told")
