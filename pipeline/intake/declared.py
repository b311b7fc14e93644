"""What a `manifest.yml` beside the files says of them: it goes before content and names.

The file comes from outside, so it is read with care: no more than its few keys, of a bounded size
and depth, and nothing in it is constructed. What is wrong with it stops the files it governs, with
words that name the line and nothing that it says.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

import yaml

from pipeline.intake.headings import bare
from pipeline.intake.read import Sheet, Unreadable
from pipeline.standards.load import load_standards

# Windows hides the ending .txt that its editor adds.
NAMES = ("manifest.yml", "manifest.yaml", "manifest.yml.txt", "manifest.yaml.txt")
LARGEST = 64 * 1024  # bytes
DEEPEST = 6  # levels of nesting; the layout has 4
PERIOD = re.compile(r"20\d\d(Q[1-4])?")
KEYS = ("la", "files")
FILE_KEYS = ("file", "table", "period", "sheet", "header_row", "ignore")
_EXAMPLE = "Compare it with the example in the guide for data officers, or take it away."


@dataclass(frozen=True)
class Declaration:
    """What is declared of a file; None where nothing is."""

    table: str | None = None  # a table of the standards, such as episodes or nps_2026_06
    period: str | None = None  # collection year 2026 or quarter 2025Q4
    sheet: str | None = None  # the only sheet of the workbook that counts
    header_row: int | None = None  # as the spreadsheet numbers rows
    la: str | None = None  # ONS code or name of the authority that sends
    ignore: bool = False  # the file is no return

    @property
    def fingerprint(self) -> str:
        """Changes when anything that is declared of the file changes."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Rule:
    """One entry under `files`: the file or pattern it names, and what it says."""

    name: str
    line: int
    says: Declaration

    @property
    def is_pattern(self) -> bool:
        return "*" in self.name or "?" in self.name

    def covers(self, name: str) -> bool:
        pattern = re.escape(self.name.casefold()).replace(r"\*", ".*").replace(r"\?", ".")
        return re.fullmatch(pattern, name.casefold(), re.DOTALL) is not None


@dataclass(frozen=True)
class _Manifest:
    la: str | None
    rules: tuple[_Rule, ...]
    missing_line: int | None  # of an entry that names a file that is not there


def is_manifest(name: str) -> bool:
    """Whether a file name is that of a manifest, which is no return itself."""
    return name.casefold() in NAMES


def declarations(folder: Path) -> Callable[[str], Declaration | None]:
    """A look-up of what is declared of a file, by its path below `folder`, an LA's landing folder.

    A path inside an archive is `<archive>/<member>`. A file is governed by the manifest in its own
    folder only. The look-up raises Unreadable for a file that a faulty manifest governs.
    """

    @cache
    def manifest_in(place: Path) -> _Manifest | Unreadable | None:
        try:
            return _read(place)
        except Unreadable as stop:
            return stop

    def declared(path: str) -> Declaration | None:
        place, name = _place_and_name(folder, path)
        found = manifest_in(place)
        if isinstance(found, Unreadable):
            raise Unreadable(found.code, found.reason, found.how_to_fix)
        return None if found is None else _said(found, name)

    return declared


def chosen_sheets(sheets: Iterable[Sheet], declared: Declaration | None) -> list[Sheet]:
    """The sheets that count: the declared one, hidden or not, else all.

    Raises Unreadable where the workbook has no such sheet.
    """
    sheets = list(sheets)
    if declared is None or declared.sheet is None:
        return sheets
    wanted = declared.sheet.strip().casefold()
    chosen = [s for s in sheets if s.name.strip().casefold() == wanted]
    if not chosen:
        raise Unreadable(
            "manifest_faulty",
            "The sheet that manifest.yml names is not in the workbook, or is empty.",
            "Correct the name of the sheet in manifest.yml, or in the workbook.",
        )
    return [replace(s, is_hidden=False) for s in chosen]


def _place_and_name(folder: Path, path: str) -> tuple[Path, str]:
    """The folder that a file or archive stands in, and its name there, with the member's."""
    place, parts = folder, PurePosixPath(path).parts
    while len(parts) > 1 and not (place / parts[0]).is_file():
        place, parts = place / parts[0], parts[1:]
    return place, "/".join(parts)


def _said(manifest: _Manifest, name: str) -> Declaration | None:
    """An exact name goes before a pattern, a member before its archive, else the first counts."""
    for asked in dict.fromkeys((name, name.split("/")[0])):
        rules = [r for r in manifest.rules if r.covers(asked)]
        if rules:
            return replace(min(rules, key=lambda r: r.is_pattern).says, la=manifest.la)
    if manifest.missing_line:
        raise _faulty(
            manifest.missing_line,
            "names a file that is not in this folder, and says nothing of this one",
            "Correct the name in manifest.yml; it is the file's whole name, with its ending.",
        )
    return Declaration(la=manifest.la) if manifest.la else None


def _faulty(line: int | None, what: str, fix: str = _EXAMPLE) -> Unreadable:
    where = f"line {line} of manifest.yml" if line else "manifest.yml"
    return Unreadable("manifest_faulty", f"{where[0].upper()}{where[1:]} {what}.", fix)


def _read(place: Path) -> _Manifest | None:
    """The manifest of a folder, None if there is none; raises Unreadable if it is faulty."""
    try:
        found = sorted(f for f in place.iterdir() if is_manifest(f.name)) if place.is_dir() else []
        if not found:
            return None
        if len(found) > 1:
            raise _faulty(None, "is there twice in this folder", "Keep one of the two.")
        if found[0].is_symlink() or not found[0].is_file():
            raise _faulty(None, "is no file but a link or a folder", "Put the file itself there.")
        with found[0].open("rb") as stream:
            data = stream.read(LARGEST + 1)
        beside = [f.name for f in place.iterdir()]
    except OSError as error:
        raise _faulty(None, "cannot be opened", "Close it in other programs.") from error
    if len(data) > LARGEST:
        raise _faulty(None, f"is larger than {LARGEST // 1024} KB", _EXAMPLE)
    return _manifest(_node(_text(data)), beside)


def _text(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _faulty(None, "is not a text file", "Save it as a text file in UTF-8.")


def _node(text: str) -> yaml.Node | None:
    """The tree of a YAML text, nothing of it constructed; raises Unreadable."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST:
                raise _faulty(line, "is nested too deeply")
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _faulty(line, "has a reference (& or *)", "Put such text in quotes.")
            if getattr(event, "tag", None):
                raise _faulty(line, "has a type of its own (!)", "Put such text in quotes.")
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        if "\t" in str(getattr(error, "problem", "")) or "'\\t'" in str(error):
            raise _faulty(line, "has a tab", "Use spaces to set lines in, not tabs.") from error
        raise _faulty(line, "is not well-formed YAML") from error


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _pairs(node: yaml.Node | None, allowed: tuple[str, ...]) -> dict[str, yaml.Node]:
    """The keys of a mapping; raises Unreadable where it is none, has another key, or one twice."""
    line = _line(node) if node else None
    if not isinstance(node, yaml.MappingNode):
        raise _faulty(line, f"should hold the keys {', '.join(allowed)}")
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        line = _line(key)
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if name not in allowed:
            raise _faulty(line, f"has a key that is none of {', '.join(allowed)}")
        if name in found:
            raise _faulty(line, f"says {name} a second time", "Keep one of the two.")
        found[name] = value
    return found


def _scalar(node: yaml.Node, key: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise _faulty(_line(node), f"should have one value for {key}")
    return node.value.strip()


def _manifest(node: yaml.Node | None, beside: list[str]) -> _Manifest:
    keys = _pairs(node, KEYS)
    la = _scalar(keys["la"], "la") if "la" in keys else None
    listed = keys.get("files")
    if listed is not None and not isinstance(listed, yaml.SequenceNode):
        raise _faulty(_line(listed), "should begin a list: one - for each file")
    rules = tuple(_rule(entry) for entry in (listed.value if listed else ()))
    exact: set[str] = set()
    for rule in rules:
        if rule.name.casefold() in exact:
            raise _faulty(rule.line, "names a file for a second time", "Keep one of the two.")
        exact.add(rule.name.casefold())
    there = {name.casefold() for name in beside}
    missing = [
        r.line for r in rules if not r.is_pattern and r.name.casefold().split("/")[0] not in there
    ]
    return _Manifest(la, rules, missing[0] if missing else None)


def _rule(node: yaml.Node) -> _Rule:
    keys = _pairs(node, FILE_KEYS)
    if "file" not in keys:
        raise _faulty(_line(node), "begins an entry without file")
    name = _scalar(keys["file"], "file").replace("\\", "/").removeprefix("./")
    given = {k: (_scalar(v, k), _line(v)) for k, v in keys.items() if k != "file"}
    ignore = "ignore" in given and _yes(*given["ignore"])
    if ignore and len(given) > 1:
        raise _faulty(given["ignore"][1], "ignores a file and says something else of it, too")
    table = _table(*given["table"]) if "table" in given else None
    period = _period(*given["period"], table) if "period" in given else None
    header_row = _row(*given["header_row"]) if "header_row" in given else None
    sheet = given["sheet"][0] if "sheet" in given else None
    says = Declaration(table, period, sheet, header_row, None, ignore)
    return _Rule(name, _line(node), says)


def _yes(text: str, line: int) -> bool:
    if text.lower() not in ("true", "yes", "false", "no"):
        raise _faulty(line, "should say true or false for ignore")
    return text.lower() in ("true", "yes")


def _table(text: str, line: int) -> str:
    tables = load_standards().values()
    names = {bare(n): t.name for t in tables for n in (t.header_name, t.name)}
    if bare(text) not in names:
        known = ", ".join(t.name for t in tables)
        raise _faulty(line, "names a table that there is not", f"Write one of {known}.")
    return names[bare(text)]


def _period(text: str, line: int, table: str | None) -> str:
    period = text.upper()
    if not PERIOD.fullmatch(period):
        raise _faulty(
            line,
            "has a period of another form",
            "Write a collection year such as 2026, or a quarter such as 2025Q4.",
        )
    dataset = load_standards()[table].dataset if table else None
    if dataset and ("Q" in period) != (dataset == "placements"):
        raise _faulty(
            line,
            "has a period that its table does not have",
            "Give SSDA903 a collection year such as 2026, a placement return a quarter such as "
            "2025Q4.",
        )
    return period


def _row(text: str, line: int) -> int:
    if not re.fullmatch(r"[1-9]\d{0,6}", text):
        raise _faulty(line, "should give header_row as a number from 1 on")
    return int(text)
