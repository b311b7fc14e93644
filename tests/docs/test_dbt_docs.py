"""`common-core docs`: one page of the last build that opens from disk and calls nobody."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.reports.dbt_docs import CHARSET, DocsFault, sealed
from pipeline.settings import PROJECT


def test_the_page_describes_the_last_build_and_calls_nobody(own_home):
    ran = own_home.run("docs")
    assert ran.code == 0, ran.said
    page = own_home.path / "reports" / "dbt_docs" / "index.html"
    html = page.read_text(encoding="utf-8")
    assert "One row per home found for a child" in html
    assert "default-src 'none'" in html[: html.index("<script")]
    # What a page without scripts would load: there is nothing but the page itself.
    assert not re.search(r"<(?:script|img|iframe)[^>]+src=", html[: html.index("<script")])
    assert not re.search(r"<link[^>]+rel=\"stylesheet\"", html)
    assert [f.name for f in page.parent.iterdir()] == ["index.html"]


def test_without_a_build_it_says_what_to_do(tmp_path: Path):
    ended = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "docs"],
        cwd=PROJECT,
        env=os.environ | {"COMMON_CORE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "Nothing is built yet: run `common-core run` first." in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_page_is_sealed_before_anything_in_it_is_read():
    html = sealed(f'<html><head>{CHARSET}<script src="https://example.org/x.js"></script>')
    assert html.index("default-src 'none'") < html.index("<script")


def test_a_page_that_cannot_be_sealed_is_refused():
    with pytest.raises(DocsFault, match="could not be kept from calling elsewhere"):
        sealed("<html><head></head></html>")
