"""The audit: lines are added and never changed, whatever happened to the one before."""

import json
from pathlib import Path

from pipeline.audit import Act, audit_path, read_audit, record


def test_a_line_says_who_when_what_why_and_how_many(tmp_path, monkeypatch):
    monkeypatch.setenv("LOGNAME", "d.engineer")
    record(
        tmp_path, "submissions erased", "kept for 7 years", "E06000066", "ssda903", "2019", 3, 42
    )
    (line,) = audit_path(tmp_path).read_text(encoding="utf-8").splitlines()
    act = json.loads(line)
    assert act.pop("at").endswith("+00:00")
    assert act == {
        "who": "d.engineer",
        "what": "submissions erased",
        "why": "kept for 7 years",
        "la_code": "E06000066",
        "dataset": "ssda903",
        "period": "2019",
        "files": 3,
        "rows": 42,
    }


def test_lines_are_added_and_read_back_in_their_order(tmp_path):
    assert read_audit(tmp_path) == []
    for n in range(3):
        before = audit_path(tmp_path).read_bytes() if n else b""
        record(tmp_path, f"act {n}", "£ and “quotes”\nand a line")
        assert audit_path(tmp_path).read_bytes().startswith(before)
    assert [(a.what, a.why) for a in read_audit(tmp_path)] == [
        (f"act {n}", "£ and “quotes”\nand a line") for n in range(3)
    ]


def test_a_line_cut_off_by_a_kill_spoils_no_other(tmp_path):
    record(tmp_path, "first", "why")
    with audit_path(tmp_path).open("ab") as stream:
        stream.write(b'{"at": "2026-11-22T02:00:00+00:00", "wh')
    cut = audit_path(tmp_path).read_bytes()
    record(tmp_path, "second", "why")
    assert audit_path(tmp_path).read_bytes().startswith(cut)
    found = read_audit(tmp_path)
    assert [a.what for a in found] == ["first", "unreadable", "second"]
    assert found[1] == Act("", "", "unreadable", "the line was cut off when the run was killed")


def test_a_home_that_is_not_there_yet_is_made(tmp_path: Path):
    record(tmp_path / "home", "first", "why")
    assert len(read_audit(tmp_path / "home")) == 1
