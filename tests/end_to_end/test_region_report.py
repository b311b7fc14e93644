"""The report of the sample region, as a run leaves it."""

import re
import shutil

import duckdb

from pipeline.settings import load_settings

REGION = load_settings().region


def _pages(home):
    pages = {None: home / "reports" / "region" / "index.html"}
    pages |= {a.code: home / "reports" / a.code / "region_report.html" for a in REGION.authorities}
    return {code: path.read_text(encoding="utf-8") for code, path in pages.items()}


def test_a_run_leaves_a_page_for_the_region_and_one_for_each_la(sample_run):
    home, ran = sample_run
    assert ran.code == 0, ran.said
    assert "Report " in ran.said
    for html in _pages(home).values():
        assert "Synthetic: nobody in it exists." in html
        assert html.count("<svg") == 4
        assert "How far the data can be trusted" in html
        assert "There is nothing to show yet." not in html


def test_no_page_names_another_la_or_holds_an_identifier(sample_home):
    pages = _pages(sample_home)
    for code, html in pages.items():
        others = [a.name for a in REGION.authorities if code and a.code != code]
        assert [name for name in others if name in html] == []
    with duckdb.connect(
        str(sample_home / "warehouse" / "common_core_warehouse.duckdb"), read_only=True
    ) as connection:
        ids = {
            value
            for table in ("child", "referral", "placement", "provider")
            for (value,) in connection.execute(
                f"select {'urn' if table == 'provider' else 'id'} from common_core.{table}"
            ).fetchall()
        }
    assert len(ids) > 1000
    words = set(re.findall(r"\w{5,}", "".join(pages.values())))
    assert words & ids == set()


def test_a_report_that_is_gone_is_made_again(sample_home, command_line, tmp_path):
    home = shutil.copytree(sample_home, tmp_path / "home")
    gone = home / "reports" / "region" / "index.html"
    before = gone.read_text(encoding="utf-8")
    gone.unlink()
    again = command_line(home, "run")
    assert again.code == 0, again.said
    # The day it was published may have changed since.
    dated = re.compile(r"<dt>Published</dt>.*")
    assert dated.sub("", gone.read_text(encoding="utf-8")) == dated.sub("", before)
