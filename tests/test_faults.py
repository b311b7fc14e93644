"""What goes wrong on identifiable data is told without its words, which stay in the LA zone."""

import traceback

import duckdb
import pytest

from pipeline.faults import SPEAKABLE, WithheldFault, values_withheld
from pipeline.intake.clean import create_macros
from pipeline.intake.manifest import load_manifest
from pipeline.reference import ReferenceFault
from pipeline.sharing.pseudonym import KeyFault
from pipeline.standards.load import StandardFault
from pipeline.warehouse import workspace

CANARY = "CANARY-child-140892"


def stumble(how: str) -> None:
    """Fail as our libraries do: with the cell in the words of the error."""
    if how == "duckdb":
        with workspace() as connection:
            create_macros(connection)
            connection.execute(f"select '{CANARY}'::date")
    if how == "python":
        int(CANARY)
    if how == "chained":
        try:
            int(CANARY)
        except ValueError as error:
            raise RuntimeError(CANARY) from error
    if how == "noted":
        error = KeyError(CANARY)
        error.add_note(CANARY)
        raise error


def every_word(error: BaseException) -> str:
    """All that a log would have of an exception: its traceback, its text and its parts."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))


@pytest.mark.parametrize("how", ["duckdb", "python", "chained", "noted"])
def test_the_words_are_withheld_and_kept_in_the_zone(tmp_path, how):
    with pytest.raises(WithheldFault) as caught, values_withheld("Reading Somerset", tmp_path):
        stumble(how)
    error = caught.value
    assert CANARY not in every_word(error)
    assert error.__cause__ is None
    assert error.__suppress_context__
    (kept,) = (tmp_path / "faults").iterdir()
    assert CANARY in kept.read_text(encoding="utf-8")
    assert "stumble" in kept.read_text(encoding="utf-8")
    assert str(error).startswith("Reading Somerset failed: ")
    assert kept.name in str(error)


def test_the_kind_of_error_and_our_place_in_the_code_are_told(tmp_path):
    (tmp_path / "manifest.parquet").write_bytes(b"no manifest")
    place = r"^Reading failed: \w+Exception in manifest.py, line \d+\. "
    with pytest.raises(WithheldFault, match=place), values_withheld("Reading", tmp_path):
        load_manifest(tmp_path)


@pytest.mark.parametrize("kind", [KeyFault, ReferenceFault, StandardFault])
def test_our_own_words_pass(tmp_path, kind):
    assert kind in SPEAKABLE
    with pytest.raises(kind, match="in our words"), values_withheld("Sharing", tmp_path):
        raise kind("in our words")
    assert list(tmp_path.iterdir()) == []


def test_what_goes_well_leaves_no_trace(tmp_path):
    with values_withheld("Reading", tmp_path):
        duckdb.connect().close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_a_person_can_still_stop_it(tmp_path, kind):
    with pytest.raises(kind), values_withheld("Reading", tmp_path):
        raise kind
