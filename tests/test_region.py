"""region.yml: what is read, and what a data engineer is told when it is wrong."""

from pathlib import Path

import pytest

from pipeline.region import RegionFault, load_region
from pipeline.settings import PROJECT

GOOD = """
region: Test region
synthetic: true
hub: E06000066
authorities:
  - {code: E06000066, name: Somerset, folder: somerset, also: [Somerset Council]}
  - {code: E10000008, name: Devon, folder: devon}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "region.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_project_s_own_region_is_the_sample_s_four_authorities():
    region = load_region(PROJECT / "region.yml")
    assert region.synthetic
    assert region.hub == "E06000066"
    assert [(a.code, a.folder) for a in region.authorities] == [
        ("E06000066", "somerset"),
        ("E10000008", "devon"),
        ("E06000052", "cornwall"),
        ("E06000059", "dorset"),
    ]


def test_authorities_are_found_by_code(tmp_path):
    region = load_region(write(tmp_path, GOOD))
    assert region.authority("E06000066").also == ("Somerset Council",)
    assert region.authority("E10000008").also == ()
    with pytest.raises(KeyError):
        region.authority("E06000001")


@pytest.mark.parametrize(
    ("good", "bad", "key"),
    [
        ("region: Test region", "region:", "region"),
        ("region: Test region", "region: 7", "region"),
        ("synthetic: true", "synthetic: perhaps", "synthetic"),
        ("synthetic: true\n", "", "synthetic"),
        ("hub: E06000066", "hub: E06000001", "hub"),
        ("code: E10000008", "code: E07000040", "authority 2, code"),
        ("code: E10000008", "code: E06000066", "authorities"),
        ("folder: devon", "folder: somerset", "authorities"),
        ("folder: devon", "folder: ../devon", "authority 2, folder"),
        ("folder: devon", "folders: devon", "authority 2"),
        ("name: Devon, ", "", "authority 2, name"),
        ("also: [Somerset Council]", "also: Somerset Council", "authority 1, also"),
        ("authorities:", "authorities: []\nauthority:", "the file"),
        ("hub: E06000066", "hub: [E06000066", "line"),
    ],
)
def test_a_fault_names_file_key_and_remedy(tmp_path, good, bad, key):
    assert good in GOOD
    path = write(tmp_path, GOOD.replace(good, bad))
    with pytest.raises(RegionFault) as caught:
        load_region(path)
    assert caught.value.path == path
    assert caught.value.key.startswith(key)
    for part in ("region.yml", caught.value.wrong, caught.value.fix):
        assert part in str(caught.value)


def test_a_missing_file_and_an_empty_one_are_told_apart(tmp_path):
    with pytest.raises(RegionFault, match="there is none at"):
        load_region(tmp_path / "region.yml")
    with pytest.raises(RegionFault, match="it has no keys"):
        load_region(write(tmp_path, "# nothing yet\n"))
