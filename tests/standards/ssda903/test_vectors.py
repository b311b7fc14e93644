"""The given cases of DfE's rules replay through ours."""

import json
import runpy

from pipeline.settings import PROJECT

REPLAY = runpy.run_path(str(PROJECT / "tests" / "conformance" / "replay.py"))["replay"]


def test_every_given_case_is_the_same(shared, capsys):
    code = REPLAY(shared / "ssda903" / "vectors")
    said = capsys.readouterr().out
    assert code == 0, said
    assert ", 0 different, 0 not replayable" in said.splitlines()[-1]


def test_a_difference_is_told_and_ends_with_1(shared, capsys, tmp_path):
    given = json.loads((shared / "ssda903" / "vectors" / "INT33.json").read_text())
    given["cases"][0]["expected"] = {"Header": [99]}
    (tmp_path / "INT33.json").write_text(json.dumps(given))
    assert REPLAY(tmp_path) == 1
    assert "expected {'Header': [99]}, found" in capsys.readouterr().out
