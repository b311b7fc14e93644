"""SSDA903 as XML, streamed: one sheet for each table of the return, as its CSV files would be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from lxml import etree

from pipeline.intake.read.delimited import encoding_of
from pipeline.intake.read.kind import HEAD
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
from pipeline.progress import meter
from pipeline.standards.load import Table, load_standards

BLOCK = 1_000_000  # bytes given to the parser at once
LARGEST_CHILD = 50_000_000  # bytes from the end of one child to the end of the next
FIRST_CHILD_WITHIN = 5_000_000  # bytes; else it is something else

# What XML calls otherwise than CSV.
HEADINGS = {"CHILDID": "CHILD", "PL": "PLACE"}
RECORDS = {
    "EPISODE": "episodes",
    "AREVIEW": "reviews",
    "AMISSING": "missing",
    "OC2": "oc2",
    "PERMANENCE": "prev_perm",
    "AD_PLACED": "placed_adoption",
}
# Tables whose columns stand among those of the header, at most one row for each child.
WITHIN_HEADER = ("uasc", "oc3", "ad1")
SHARED = ("CHILD", "DOB", "SEX")
MOST_SHEETS = 100
SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}Workbook"
TAKEN = "taken"  # marks elements that were read

Values = dict[str, str]  # heading -> text


@dataclass
class _Filling:
    """A sheet on its way: its columns so far, and the rows not yet handed to DuckDB."""

    name: str
    relation: str
    columns: list[str]
    numbers: list[int] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    count: int = 0  # of its rows so far
    width: int = 0  # of what DuckDB has of it


def _broken() -> Unreadable:
    return Unreadable(
        "broken_xml",
        "The file is not well-formed XML; it may have been cut off.",
        "Export it again from the system that made it.",
    )


def _not_ssda903() -> Unreadable:
    return Unreadable(
        "not_an_ssda903_xml",
        "The XML file is not an SSDA903 return: it has no CHILD with a HEADER or an EPISODE.",
        "Export the SSDA903 return as XML or CSV; send placement returns as .xlsx or CSV.",
    )


def _spreadsheet() -> Unreadable:
    return Unreadable(
        "not_an_ssda903_xml",
        "The file is a spreadsheet in the form of XML, as Excel 2003 could save it.",
        "Open it in Excel and save it as .xlsx.",
    )


def _doctype() -> Unreadable:
    return Unreadable(
        "xml_doctype",
        "The XML file has a document type declaration (DOCTYPE), which no return needs and which "
        "can do harm.",
        "Export it again from the system that made it, without a DOCTYPE.",
    )


def _tables() -> dict[str, Table]:
    return {t.name: t for t in load_standards().values() if t.dataset == "ssda903"}


def _headings(table: Table) -> list[str]:
    return [f.header for f in table.fields]


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname


def _put(values: Values, name: str, text: str | None) -> None:
    """Keep a text under its heading; what comes twice gets a heading of its own."""
    text = (text or "").strip()
    if not text:
        return
    heading, count = name, 1
    while values.get(heading, text) != text:
        count += 1
        heading = f"{name} {count}"
    values[heading] = text


def _own_values(element: etree._Element) -> Values:
    """The texts of an element's children that have none themselves, and whatever else it holds."""
    values: Values = {}
    for key, text in element.attrib.items():
        _put(values, etree.QName(key).localname, text)
    _put(values, "text", element.text)
    for node in element:
        _put(values, "text", node.tail)
        if len(node):
            continue
        name = _tag(node).upper()
        _put(values, HEADINGS.get(name, name), node.text)
        for key, text in node.attrib.items():
            _put(values, f"{name} {etree.QName(key).localname}", text)
    return values


def _records(element: etree._Element) -> Iterator[tuple[str, Values]]:
    """The records in an element, however deep, by the name of their element."""
    for node in element:
        name = _tag(node).upper()
        if not len(node) or name == "HEADER":
            continue
        values = _own_values(node)
        if values or name in RECORDS:
            yield name, values
        yield from _records(node)


def _table_of(name: str, values: Values, tables: dict[str, Table]) -> str | None:
    """The table that a record belongs to, by the name of its element, else by its columns."""
    if name in RECORDS:
        return RECORDS[name]
    own = {t: set(_headings(tables[t])).difference(SHARED) for t in tables if t != "header"}
    found = [t for t, headings in own.items() if values and values.keys() - SHARED <= headings]
    return found[0] if len(found) == 1 and values.keys() - set(SHARED) else None


class _Prologue:
    """What an XML parser tells of the time before the root element."""

    is_over = False

    def doctype(self, name: str | None, public: str | None, system: str | None) -> None:
        raise _doctype()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.is_over and tag == SPREADSHEET:
            raise _spreadsheet()
        self.is_over = True

    def close(self) -> None:
        pass


def _parser_options(path: Path) -> dict:
    """Nothing is fetched and no entity replaced; bytes of Windows under UTF-8's name are read."""
    options = {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }
    with path.open("rb") as stream:
        declared = re.search(rb"encoding\s*=\s*[\"']([\w-]+)", stream.read(200))
    says_utf_8 = declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii")
    if says_utf_8 and encoding_of(path) == "cp1252":
        options["encoding"] = "windows-1252"
    return options


def _require_no_doctype(path: Path, options: dict) -> None:
    """Raise Unreadable where something stands before the root, or is the root, that is refused."""
    prologue = _Prologue()
    parser = etree.XMLParser(target=prologue, **options)
    done = 0
    with path.open("rb") as stream:
        while not prologue.is_over and (block := stream.read(HEAD)):
            parser.feed(block)
            done += len(block)
            if done > FIRST_CHILD_WITHIN:
                raise _not_ssda903()


def _elements(path: Path, options: dict) -> Iterator[etree._Element]:
    """Every CHILD, and what stands beside them, one after the other; each is gone afterwards."""
    parser = etree.XMLPullParser(events=("end",), tag="{*}CHILD", **options)
    tell = meter("Reading", path.stat().st_size)
    done, last = 0, 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            parser.feed(block)
            done += len(block)
            for _, child in parser.read_events():
                if next(child.iterancestors("{*}CHILD"), None) is not None:
                    continue  # a value of that name, within a child
                parent = child.getparent()
                while parent is not None and parent[0] is not child:
                    if parent[0].tag != TAKEN:
                        yield parent[0]
                    del parent[0]
                yield child
                child.clear()
                child.tag = TAKEN
                last = done
            if done - last > (LARGEST_CHILD if last else FIRST_CHILD_WITHIN):
                raise too_large("one child of it is larger than any is") if last else _not_ssda903()
            tell(done)
    yield from _left(parser.close())


def _left(element: etree._Element) -> Iterator[etree._Element]:
    """What of a tree was not taken yet."""
    for node in element:
        if node.tag != TAKEN:
            has_taken = next(node.iter(TAKEN), None) is not None
            yield from _left(node) if has_taken else [node]


def _rows_of_child(
    child: etree._Element, tables: dict[str, Table]
) -> Iterator[tuple[str, Values, bool]]:
    """Name of the table, values, and whether it is a record of its own, for each row of a child."""
    header = _own_values(child)
    within = [node for node in child if _tag(node).upper() == "HEADER"]
    for node in within:
        for name, text in _own_values(node).items():
            _put(header, name, text)
    shared = {name: header[name] for name in SHARED if name in header}

    def complete(table: str, values: Values) -> Values:
        known = _headings(tables[table]) if table in tables else ["CHILD"]
        return {**{k: v for k, v in shared.items() if k in known}, **values}

    is_uasc = header.get("UASC") == "1" or "DUC" in header
    for table in WITHIN_HEADER:
        names = [n for n in _headings(tables[table]) if n not in SHARED and n in header]
        if names or (table == "uasc" and is_uasc):
            yield table, complete(table, {n: header.pop(n) for n in names}), False
    if header:
        yield "header", header, False
    for parent in (child, *within):
        for name, values in _records(parent):
            table = _table_of(name, values, tables) or name
            yield table, complete(table, values), True


def _rows_beside(element: etree._Element) -> Iterator[tuple[str, Values, bool]]:
    """What stands beside the children, which no return has: rows of a sheet of its own."""
    name = _tag(element).upper()
    values = _own_values(element) if len(element) else {}
    _put(values, name, None if len(element) else element.text)
    for found, inner in [(name, values), *_records(element)]:
        if inner:
            yield found, inner, True


def _flush(connection: duckdb.DuckDBPyConnection, filling: _Filling) -> None:
    if not filling.width:
        start_sheet(connection, filling.relation)
    filling.width = append_rows(
        connection, filling.relation, filling.width, filling.numbers, filling.rows
    )
    filling.numbers, filling.rows = [], []


def _take(filling: _Filling, number: int, values: Values) -> None:
    for name in values:
        if name not in filling.columns:
            filling.columns.append(name)
    filling.numbers.append(number)
    filling.rows.append([values.get(name) for name in filling.columns])


def read_xml(connection: duckdb.DuckDBPyConnection, path: Path, prefix: str) -> Iterator[Sheet]:
    """A sheet of records for each table of an SSDA903 return, and for each element unknown to it.

    A record is numbered as its element comes in the file; rows that stand within the header
    (Header, UASC, OC3, AD1) have the number of their CHILD.
    """
    try:
        fillings = _fill(connection, path, prefix)
    except etree.XMLSyntaxError as error:
        raise _broken() from error
    for filling in fillings:
        # The names stand before the first record, as row 0.
        filling.numbers, filling.rows = [0], [list(filling.columns)]
        _flush(connection, filling)
        yield Sheet(filling.name, filling.relation, filling.width, is_records=True)


def _fill(connection: duckdb.DuckDBPyConnection, path: Path, prefix: str) -> list[_Filling]:
    """The sheets of a return, all rows of them handed over but the last ones."""
    tables = _tables()
    fillings = {
        t.name: _Filling(t.header_name, f"{prefix}_{number}", _headings(t))
        for number, t in enumerate(tables.values())
    }
    options = _parser_options(path)
    _require_no_doctype(path, options)
    children, is_ours = 0, False
    for element in _elements(path, options):
        rows: Iterator[tuple[str, Values, bool]]
        if _tag(element) == "CHILD":
            children += 1
            is_ours = is_ours or any(_tag(n).upper() in ("HEADER", "EPISODE") for n in element)
            rows = _rows_of_child(element, tables)
        else:
            rows = _rows_beside(element)
        for name, values, is_record in rows:
            if name not in fillings:
                if len(fillings) == MOST_SHEETS:
                    raise _not_ssda903()
                fillings[name] = _Filling(name, f"{prefix}_{len(fillings)}", ["CHILD"])
            filling = fillings[name]
            filling.count += 1
            _take(filling, filling.count if is_record else children, values)
            if len(filling.columns) > WIDEST:
                raise too_wide()
            if len(filling.rows) * len(filling.columns) > BATCH // 4:
                _flush(connection, filling)
    if not is_ours:
        raise _not_ssda903()
    for filling in fillings.values():
        if filling.rows:
            _flush(connection, filling)
    return [f for f in fillings.values() if f.count]
