"""JSON: one record, a list of records, records under a known name, or a record on each line."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipeline.intake.read.delimited import encoding_of, open_text
from pipeline.intake.read.sheet import (
    BATCH,
    WIDEST,
    Sheet,
    Unreadable,
    append_rows,
    start_sheet,
    too_large,
    too_wide,
)

LARGEST = 50_000_000  # bytes; JSON is held in memory whole, at several times its size


def _records(content: object) -> list[dict]:
    if isinstance(content, dict):
        for key in ("@graph", "records", "placements"):
            if isinstance(content.get(key), list):
                return _records(content[key])
        return [content]
    if isinstance(content, list) and all(isinstance(r, dict) for r in content):
        return content
    raise Unreadable(
        "not_records",
        "The JSON file does not hold records.",
        "Send one record, a list of records, or an object with a list under @graph.",
    )


def _leaf(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "Yes" if value else "No"
        case {"@value": inner} | {"@id": inner}:
            return _leaf(inner)
        case list():
            parts = [p for v in value if (p := _leaf(v)) is not None]
            return "; ".join(parts) or None
        case dict():
            return _whole(json.dumps(value, ensure_ascii=False))
        case _:
            return _whole(str(value))


def _whole(text: str) -> str:
    """The text with a mark for half a character, which JSON can hold and nothing else."""
    return text.encode("utf-8", "replace").decode()


def _put(into: dict[str, str | None], name: str, value: str | None) -> None:
    """Keep a value under its name; another value for the same name gets a name of its own."""
    key, count = name, 1
    while into.get(key) not in (None, value):
        count += 1
        key = f"{name} {count}"
    if value is not None or key not in into:
        into[key] = value


def _flatten(record: dict, into: dict[str, str | None]) -> dict[str, str | None]:
    """The leaves of a nested record by their own names; the standard's names are unique."""
    for key, value in record.items():
        name = _whole(key.rsplit(":", 1)[-1].rsplit("/", 1)[-1])
        if name.startswith("@"):
            continue
        if isinstance(value, dict) and not {"@value"} & value.keys():
            if set(value) == {"@id"}:
                _put(into, name, _leaf(value))
            else:
                _flatten(value, into)
        else:
            _put(into, name, _leaf(value))
    return into


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object with every pair of it: a key that comes again has its number behind it."""
    found: dict[str, object] = {}
    for name, value in pairs:
        key, count = name, 1
        while key in found:
            count += 1
            key = f"{name} {count}"
        found[key] = value
    return found


def _loaded(text: str) -> object:
    # Decimals stay as they were written; NaN, which is no JSON, says that there is no number.
    return json.loads(
        text, object_pairs_hook=_pairs, parse_float=str, parse_constant=lambda _: None
    )


def _content(text: str) -> object:
    """The content of a JSON file, or the list of what its lines hold; raises ValueError."""
    try:
        return _loaded(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.strip().endswith("}") for line in lines):
            raise
        return [_loaded(line) for line in lines]


def _read_text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise too_large(f"more than {LARGEST // 1_000_000} MB of JSON; send it as CSV")
    encoding = encoding_of(path)
    with open_text(path, encoding) as stream:
        return stream.read()


def read_records(connection: duckdb.DuckDBPyConnection, path: Path, prefix: str) -> Iterator[Sheet]:
    """The one sheet of a JSON file: its names as row 0, then its records as they are counted."""
    try:
        text = _read_text(path)
        if not text.strip():
            return
        records = [_flatten(r, {}) for r in _records(_content(text))]
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            "broken_json",
            "The file is not well-formed JSON; it may have been cut off.",
            "Export it again from the system that made it.",
        ) from error
    names = list(dict.fromkeys(name for r in records for name in r))
    if not names:
        return
    if len(names) > WIDEST:
        raise too_wide()
    relation = f"{prefix}_0"
    start_sheet(connection, relation)
    width = append_rows(connection, relation, 0, [0], [names])
    step = max(1, BATCH // len(names))
    for at in range(0, len(records), step):
        rows = [[r.get(n) for n in names] for r in records[at : at + step]]
        append_rows(connection, relation, width, range(at + 1, at + len(rows) + 1), rows)
    yield Sheet("", relation, width, is_records=True)
