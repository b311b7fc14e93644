"""The region as files: reproducible, marked as synthetic, never written over anything else."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from pipeline.region import load_region
from pipeline.settings import PROJECT, SAMPLE
from pipeline.standards.load import load_standards
from pipeline.synthetic import synthesise
from pipeline.synthetic.plan import days_of
from pipeline.synthetic.region import MARKER, RegionFolderFault


def files_of(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def content(name: str, data: bytes) -> object:
    """What a file says, however it was packed and whatever its line ends."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return {part: book.read(part) for part in book.namelist()}
    return data.decode("utf-8").replace("\r\n", "\n")


def make(out: Path, seed: int = 3, error_rate: float = 0.05) -> Path:
    synthesise(out, 4, 12, seed, error_rate)
    return out


def test_the_sample_is_what_the_generator_makes(tmp_path):
    synthesise(tmp_path, 4, None, 7, 0.003)
    made, committed = files_of(tmp_path), files_of(SAMPLE)
    assert sorted(made) == sorted(committed)
    for name in made:
        assert content(name, made[name]) == content(name, committed[name]), name


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path):
    first, again = files_of(make(tmp_path / "a")), files_of(make(tmp_path / "b"))
    assert first == again
    other = files_of(make(tmp_path / "c", seed=4))
    assert first["landing/somerset/ssda903/2026/header.csv"] != other.get(
        "landing/somerset/ssda903/2026/header.csv"
    )


def test_the_error_rate_changes_cells_but_not_the_children(tmp_path):
    names = []
    for rate in (0.0, 0.3):
        out = make(tmp_path / str(rate), error_rate=rate)
        header = (out / "landing/devon/ssda903/2026/header.csv").read_text(encoding="utf-8")
        names.append(len(header.splitlines()))
    assert names[0] == names[1]
    assert len((tmp_path / "0.0" / "planted_errors.csv").read_text().splitlines()) == 1
    assert len((tmp_path / "0.3" / "planted_errors.csv").read_text().splitlines()) > 50


def test_everything_is_marked_as_synthetic(clean_region, returns):
    assert MARKER in (clean_region / "README.md").read_text(encoding="utf-8")
    assert load_region(clean_region / "region.yml").synthetic
    for tables in returns.values():
        for rows in tables.values():
            assert all(row["CHILD"].startswith("SYN") for row in rows)
    graph = json.loads(
        next(clean_region.glob("landing/dorset/placements/2025Q4/*.jsonld")).read_text("utf-8")
    )["@graph"]
    assert graph
    for record in graph:
        assert record["childId"].startswith("SYN")
        assert record["qualityAssurance"]["referralOfficerName"].startswith("Z")
    providers = (clean_region / "reference/ofsted_providers.csv").read_text(encoding="utf-8")
    assert all(line.split(",")[1].startswith("Synthetic ") for line in providers.splitlines()[1:])


def test_the_list_of_mistakes_holds_no_child_id():
    assert "SYN" not in (SAMPLE / "planted_errors.csv").read_text(encoding="utf-8")


def test_the_sample_has_mistakes_of_each_severity_and_stays_small():
    lines = (SAMPLE / "planted_errors.csv").read_text(encoding="utf-8").splitlines()[1:]
    severities = [line.rsplit(",", 1)[1] for line in lines]
    for severity in ("stop", "fix", "warn", "none"):
        assert severities.count(severity) >= 10
    placements = {line.rsplit(",", 1)[1] for line in lines if "/placements/" in line}
    assert placements == {"stop", "fix", "warn", "none"}
    assert sum(len(data) for data in files_of(SAMPLE).values()) < 15_000_000


def test_the_sample_s_region_is_the_project_s():
    ours, theirs = load_region(PROJECT / "region.yml"), load_region(SAMPLE / "region.yml")
    assert ours.hub == theirs.hub
    assert [(a.code, a.name, a.folder) for a in ours.authorities] == [
        (a.code, a.name, a.folder) for a in theirs.authorities
    ]


def test_each_authority_sends_its_version_for_each_quarter(clean_region):
    standards = load_standards()
    sent = {
        "somerset": "rcc_v2",
        "devon": "nps_2026_04",
        "cornwall": "nps_2026_06",
        "dorset": "nps_records",
    }
    for folder, version in sent.items():
        kind = "jsonld" if version == "nps_records" else "xlsx"
        found = sorted(clean_region.glob(f"landing/{folder}/placements/*/*.{kind}"))
        assert [p.parent.name for p in found] == ["2025Q2", "2025Q3", "2025Q4", "2026Q1"]
        assert standards[version].dataset == "placements"


def test_a_region_is_made_anew_but_nothing_else_is_touched(tmp_path):
    out = make(tmp_path / "region")
    make(out, seed=4)
    assert files_of(out) == files_of(make(tmp_path / "fresh", seed=4))

    added = out / "landing" / "somerset" / "real.csv"
    added.write_text("not ours")
    before = files_of(out)
    with pytest.raises(RegionFolderFault, match=r"landing/somerset/real\.csv"):
        make(out)
    assert files_of(out) == before

    other = tmp_path / "other"
    other.mkdir()
    (other / "README.md").write_text("My work")
    with pytest.raises(RegionFolderFault, match="not empty"):
        make(other)
    assert files_of(other) == {"README.md": b"My work"}


@pytest.mark.parametrize(
    ("las", "children", "seed", "rate", "word"),
    [
        (0, 10, 1, 0.1, "authorities"),
        (999, 10, 1, 0.1, "authorities"),
        (4, 0, 1, 0.1, "children"),
        (4, 10, -1, 0.1, "seed"),
        (4, 10, 1, 1.5, "error rate"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(tmp_path, las, children, seed, rate, word):
    with pytest.raises(ValueError, match=word):
        synthesise(tmp_path / "out", las, children, seed, rate)
    assert not (tmp_path / "out").exists()


def test_quarters_are_calendar_quarters():
    assert [str(d) for d in days_of("2025Q4")] == ["2025-10-01", "2025-12-31"]
    assert [str(d) for d in days_of("2026Q1")] == ["2026-01-01", "2026-03-31"]
