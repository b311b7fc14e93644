"""Replay cases of DfE's rules kept as JSON: `python tests/conformance/replay.py DIR`.

Each file of the folder holds the cases of one rule: small tables as text, the collection's dates
and what should fail. Derived columns, such as PL_LA, are taken as the case gives them. Prints a
line per case that differs; exits 1 where one differs that should not.
"""

import json
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import duckdb

from pipeline.reference import build_postcodes
from pipeline.settings import PROJECT
from pipeline.standards.ssda903.feed import fill_postcodes
from pipeline.standards.ssda903.rule import FIRST_YEAR, Rule, all_rules
from pipeline.standards.ssda903.run import FAILED, run_rules
from pipeline.standards.ssda903.tables import (
    LAST,
    PROVIDER,
    Collection,
    columns,
    fill,
    open_tables,
    set_collection,
    ssda903_tables,
    view_name,
)
from pipeline.warehouse import sql_name, sql_text

# What a case may call a column otherwise than the return does.
OTHER_NAMES = {"uasc_status": "uasc", "date_episode_ceased": "dec", "placement": "place"}
PROVIDER_NAMES = {"la_name_from_file": "la_name", "la_code_inferred": "la_code"}
REFERENCE = ("postcode",)  # stands in the derived columns that a case gives

Rows = dict[str, list[dict[str, object]]]  # rows by DfE's table name, each by heading


@dataclass(frozen=True)
class Case:
    """One case: `tables` as text, `data_rows` the rows' numbers where they are not 0, 1, 2, …

    `postcode`: those that there are, upper case, without a space; None for the real ones.
    """

    tables: Rows
    data_rows: dict[str, list[int]]
    collection: Collection
    provider: list[dict[str, object]] | None
    postcode: tuple[str, ...] | None = None


def _date(text: str | None) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return sql_text(str(value))


def _values(rows: list[dict[str, object]], names: list[str]) -> str:
    lines = ", ".join("(" + ", ".join(_literal(r.get(n)) for n in names) + ")" for r in rows)
    return f"(values {lines}) as given ({', '.join(sql_name(n) for n in names)})"


def _read(name: str, sql_type: str) -> str:
    """A column as the rules read it; a distance that is no number is there, but is none."""
    text = sql_name(name)
    if sql_type != "double":
        return text
    return f"case when {text} is not null then coalesce(try_cast({text} as double), 'nan') end"


def _fill_text(
    connection: duckdb.DuckDBPyConnection,
    table_name: str,
    rows: list[dict[str, object]],
    data_rows: list[int],
) -> None:
    """Fill a table from text by DfE's headings; columns that are no part of it are left out."""
    table = ssda903_tables()[table_name.removesuffix(LAST)]
    shape = columns(table)
    by_name = [{OTHER_NAMES.get(k.lower(), k.lower()): v for k, v in row.items()} for row in rows]
    sent = [n for n in shape if any(n in row for row in by_name)]
    dates = [n for n in sent if shape[n] == "date"]
    if not rows:
        fill(connection, table_name, (), "(select 0 as data_row where false)")
        return
    numbered = [{"data_row": n, **r} for n, r in zip(data_rows, by_name, strict=True)]
    said = ", ".join(
        ["data_row::bigint as data_row"]
        + [f"{_read(n, shape[n])} as {sql_name(n)}" for n in sent if n not in dates]
        + [f"ssda903_date({sql_name(n)}) as {sql_name(n)}" for n in dates]
        + [f"{sql_name(n)} as {sql_name(n + '__text')}" for n in dates]
    )
    relation = f"(select {said} from {_values(numbered, ['data_row', *sent])})"
    fill(connection, table_name, [*sent, *(n + "__text" for n in dates)], relation)


class Session:
    """A DuckDB in memory with every table a rule may read, filled for one case after another."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        )
        open_tables(self.connection)
        self._filled: list[str] = []

    def failing(self, rule: Rule, case: Case) -> dict[str, list[int]]:
        """The failing rows by table; none where the rule is not applicable. Raises on an error."""
        for name in self._filled:
            self.connection.execute(f"delete from {name}")
        self._filled = ["delivered"]
        set_collection(self.connection, case.collection)
        for name, rows in case.tables.items():
            self._filled.append(view_name(name))
            _fill_text(
                self.connection, name, rows, case.data_rows.get(name, list(range(len(rows))))
            )
        for reference in REFERENCE:
            self.connection.execute(f"insert into delivered values ('{reference}')")
        if case.postcode is None and re.search(r"\b(from|join) postcode\b", rule.sql):
            self._filled.append("postcode")
            fill_postcodes(self.connection, build_postcodes(PROJECT / "data" / "reference"))
        elif case.postcode:
            self._filled.append("postcode")
            listed = ", ".join(f"({_literal(p)})" for p in case.postcode)
            self.connection.execute(f"insert into postcode (postcode) values {listed}")
        if case.provider is not None:
            self._fill_provider(case.provider)
        elif "provider" in rule.reference and case.collection.la_code:
            # The reference takes every provider for one of the council's own area.
            urns = {row.get("URN") for row in case.tables.get("Episodes", ())}
            own = case.collection.la_code
            self._fill_provider([{"urn": urn, "la_code": own} for urn in urns if urn])
        (result,) = run_rules(self.connection, [rule])
        if result.outcome == "error":
            self.connection.execute(rule.sql)  # raises what was wrong
        found: dict[str, list[int]] = {}
        for table_name, row in self.connection.execute(
            f"select table_name, data_row from {FAILED} order by all"
        ).fetchall():
            found.setdefault(table_name, []).append(row)
        return found

    def _fill_provider(self, rows: list[dict[str, object]]) -> None:
        self._filled.append("provider")
        self.connection.execute("insert into delivered values ('provider')")
        for row in rows:
            given = {PROVIDER_NAMES.get(k.lower(), k.lower()): v for k, v in row.items()}
            known = {k: v for k, v in given.items() if k in PROVIDER}
            names = ", ".join(sql_name(k) for k in known)
            values = ", ".join(
                f"ssda903_date({_literal(v)})" if PROVIDER[k] == "date" else _literal(v)
                for k, v in known.items()
            )
            self.connection.execute(f"insert into provider ({names}) values ({values})")


def case_of(raw: dict) -> Case:
    """A case as it stands in a file."""
    said = raw.get("metadata") or {}
    year = str(said.get("collectionYear") or "")[:4]
    collection = Collection(
        _date(said.get("collection_start")),
        _date(said.get("collection_end")),
        int(year) if year else None,
        said.get("localAuthority"),
        said.get("file_format") or "csv",
    )
    listed = said.get("provider_info")
    provider = (
        [dict(zip(listed["columns"], row, strict=True)) for row in listed["rows"]]
        if listed
        else None
    )
    return Case(
        {
            name: [dict(zip(t["columns"], row, strict=True)) for row in t["rows"]]
            for name, t in raw["tables"].items()
        },
        {name: t["index"] for name, t in raw["tables"].items()},
        collection,
        provider,
    )


def rule_for(code: str, ruleset: str) -> Rule | None:
    """The rule of a code in the wording of a ruleset such as lac2024_25."""
    year = int(ruleset[3:7]) + 1
    return next(
        (r for r in all_rules() if r.code == code and r.covers(max(year, FIRST_YEAR))), None
    )


def _is_told(expected: dict[str, list[int]]) -> dict[str, list[int]]:
    return {t: sorted(set(rows)) for t, rows in expected.items() if rows}


def replay(folder: Path, codes: set[str] | None = None) -> int:
    """Replay every file of a folder; gives the exit code."""
    session = Session()
    counts = {"same": 0, "different": 0, "not replayable": 0}
    is_broken = False
    for file in sorted(folder.glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        if codes and told["code"] not in codes:
            continue
        rule = rule_for(told["code"], told["source_ruleset"])
        for number, raw in enumerate(told["cases"]):
            where = f"{told['code']} case {number} ({raw.get('test', 'case')})"
            must = raw.get("replay_full_schema") == "same"
            if rule is None:
                print(f"{where}: there is no such rule")
                counts["different"] += 1
                is_broken |= must
                continue
            if raw.get("expected") is None:
                counts["not replayable"] += 1
                continue
            expected = _is_told(raw["expected"])
            try:
                found = _is_told(session.failing(rule, case_of(raw)))
            except (duckdb.Error, KeyError, ValueError) as fault:
                print(f"{where}: {type(fault).__name__}: {fault}")
                counts["different"] += 1
                is_broken |= must
                continue
            if found == expected:
                counts["same"] += 1
                continue
            print(f"{where}: expected {expected}, found {found}")
            counts["different" if must else "not replayable"] += 1
            is_broken |= must
    print(f"{sum(counts.values())} cases: " + ", ".join(f"{n} {k}" for k, n in counts.items()))
    return int(is_broken)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python tests/conformance/replay.py DIR [CODE ...]")
    sys.exit(replay(Path(sys.argv[1]), set(sys.argv[2:]) or None))
