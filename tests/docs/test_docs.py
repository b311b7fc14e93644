"""What the documentation names exists: commands, files, variables, reasons; and its SQL runs."""

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.settings import PROJECT

PAGES = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").rglob("*.md"))]
WITH_SQL = [
    PROJECT / "README.md",
    PROJECT / "docs" / "analyst.md",
    PROJECT / "docs" / "three-questions.md",
]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
# A file or folder of the project as code; names with a placeholder are not to be looked for.
NAMED = re.compile(
    r"`((?:pipeline|expectations|dbt_project|tests|docs|data/sample)/[\w./-]*"
    r"|[\w.]+\.(?:yml|toml|lock|md)|Makefile)`"
)


def sql_blocks(path: Path) -> list[str]:
    """The text of every ```sql block of a page, in order."""
    return [
        text for _, kind, text in FENCE.findall(path.read_text(encoding="utf-8")) if kind == "sql"
    ]


def queries() -> list:
    return [
        pytest.param(sql, id=f"{page.stem}-{number}")
        for page in WITH_SQL
        for number, sql in enumerate(sql_blocks(page), start=1)
    ]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def mentions(pattern: str) -> set[str]:
    """Every match of a pattern in any page."""
    return {m for page in PAGES for m in re.findall(pattern, page.read_text(encoding="utf-8"))}


def test_there_are_queries_to_run():
    assert len(sql_blocks(WITH_SQL[0])) == 5
    assert len(sql_blocks(WITH_SQL[1])) >= 5
    assert len(sql_blocks(WITH_SQL[2])) == 13  # twelve, and the standing


@pytest.mark.parametrize("sql", queries())
def test_every_query_of_the_pages_finds_something(sql: str, sample_home: Path):
    warehouse = sample_home / "warehouse" / "common_core_warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert connection.execute(sql).fetchall()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_link_leads_somewhere(page: Path):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_file_that_is_named_exists(page: Path):
    missing = [n for n in NAMED.findall(page.read_text(encoding="utf-8")) if not is_there(n)]
    assert missing == []


def is_there(name: str) -> bool:
    """Whether it is a path of the project, or the name of a file of its source."""
    folders = ("pipeline", "expectations", "dbt_project", "docs", "data/sample")
    return (PROJECT / name).exists() or any((PROJECT / f).rglob(name) for f in folders)


def test_every_command_that_is_named_exists():
    commands = mentions(r"`[^`\n]*common-core ([\w-]+)") | mentions(r"bin/common-core ([\w-]+)")
    assert {"run", "status", "query", "ui", "docs", "synth"} <= commands
    for command in commands:
        asked = [sys.executable, "-m", "pipeline.cli", command, "--help"]
        assert subprocess.run(asked, cwd=PROJECT, capture_output=True, check=False).returncode == 0


def test_every_make_target_that_is_named_exists():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    named = mentions(r"`make (\w+)`")
    assert {"run", "test"} <= named <= targets


def test_every_variable_that_is_named_is_read():
    code = "".join(p.read_text(encoding="utf-8") for p in (PROJECT / "pipeline").rglob("*.py"))
    read = set(re.findall(r'"(COMMON_CORE_[A-Z_]+)"', code))
    assert mentions(r"\bCOMMON_CORE_[A-Z_]*[A-Z]\b") <= read


def test_the_reasons_for_a_whole_file_are_those_that_can_be_given():
    code = "".join(p.read_text(encoding="utf-8") for p in (PROJECT / "pipeline").rglob("*.py"))
    given = re.findall(
        r'(?:Unreadable\(|quarantine\(\s*\w+,|reason_code=)\s*"([a-z_]+)"|"file\.([a-z_]+)"', code
    )
    assert mentions(r"`file\.([a-z_]+)`") == {a or b for a, b in given}
