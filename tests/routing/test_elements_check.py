"""Files that are no map, no whole map, or far too much of one are refused in one clear sentence."""

from __future__ import annotations

import contextlib
import gzip
import shutil
from pathlib import Path

import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from osmium.io import Header

from accessibility.refusals import Refused
from routing.elements import FileBounds, read_osm_file
from tests.support.osm_text import convert, osm_xml

SAMPLE = Path(__file__).parents[2] / "samples" / "helsinki-centre.osm.pbf"
SUFFIXES = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2")
CROSSING = """
    n1 60.0,24.0 kerb=raised source=survey
    n2 60.0,24.001
    n3 60.0,24.002 note=nothing_we_read
    n9 60.1,24.1
    w7 1,2,3 highway=footway created_by=someone
    r5 w7:part,n1:entrance type=site name=Station
"""


@pytest.fixture(scope="module")
def sample_as(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The bundled map in every form, by suffix."""
    folder = tmp_path_factory.mktemp("sample")
    converted = {suffix: convert(SAMPLE, folder / f"helsinki{suffix}") for suffix in SUFFIXES[1:]}
    return {".osm.pbf": SAMPLE, **converted}


def refusal(path: Path, bounds: FileBounds | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        read_osm_file(path, bounds=bounds)
    message = caught.value.message
    assert message.endswith(".")
    assert path.name in message or "The map holds" in message
    assert "\n" not in message
    return caught.value


def test_a_missing_file_a_folder_and_an_unknown_ending(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.osm.pbf").code == "map_unreadable"
    (tmp_path / "folder.osm").mkdir()
    assert "not a file" in refusal(tmp_path / "folder.osm").message
    shutil.copy(SAMPLE, tmp_path / "city.pbf.txt")
    assert ".osm.pbf, .osm, .osm.gz, .osm.bz2" in refusal(tmp_path / "city.pbf.txt").message


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"hello, this is a letter\n" * 50, b"<html><body/></html>"])
def test_foreign_files_are_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"foreign{suffix}"
    path.write_bytes(content)
    assert refusal(path).code == "map_unreadable"


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.999])
def test_files_that_are_cut_off_are_refused(
    tmp_path: Path, sample_as: dict[str, Path], suffix: str, share: float
) -> None:
    whole = sample_as[suffix].read_bytes()
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert refusal(path).code == "map_unreadable"


@pytest.mark.parametrize(("pretended", "real"), [(".osm.gz", ".osm.bz2"), (".osm.pbf", ".osm"), (".osm", ".osm.pbf")])
def test_a_file_under_a_wrong_name_is_refused(
    tmp_path: Path, sample_as: dict[str, Path], pretended: str, real: str
) -> None:
    shutil.copy(sample_as[real], tmp_path / f"b{pretended}")
    assert refusal(tmp_path / f"b{pretended}").code == "map_unreadable"


def test_packed_to_an_absurd_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.osm.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b'<osm version="0.6">')
        for _ in range(80):
            stream.write(b" " * (1 << 20))
        stream.write(b"</osm>")
    assert path.stat().st_size < 1 << 20
    assert "100 times its size" in refusal(path).message


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_more_than_the_bounds_allow(sample_as: dict[str, Path], suffix: str) -> None:
    path = sample_as[suffix]
    assert "100,000 bytes" in refusal(path, FileBounds(unpacked_bytes=100_000)).message
    assert "20,000 objects" in refusal(path, FileBounds(objects=20_000)).message


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "laughs.osm"
    bomb = b'<!DOCTYPE osm [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>\n<osm version="0.6">'
    path.write_bytes(osm_xml(CROSSING).replace(b'<osm version="0.6">', bomb).replace(b"raised", b"&b;"))
    assert refusal(path).code == "map_unreadable"


def test_a_file_of_changes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "changes.osm"
    path.write_bytes(b'<?xml version="1.0"?><osmChange version="0.6"><delete><node id="1"/></delete></osmChange>')
    assert "changes" in refusal(path).message


def test_a_file_with_the_history_of_the_map_is_refused(tmp_path: Path) -> None:
    header = Header()
    header.has_multiple_object_versions = True
    path = tmp_path / "history.osm.pbf"
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for item in osmium.FileProcessor(str(SAMPLE), osmium.osm.NODE):
            writer.add(item)
    assert "history" in refusal(path).message


@pytest.mark.parametrize("quote", ['"', "'"])
def test_unsaved_deletions_of_an_editor_are_refused(tmp_path: Path, quote: str) -> None:
    path = tmp_path / "edited.osm"
    mark = f'<way id="7" action={quote}delete{quote}'.encode()
    path.write_bytes(osm_xml(CROSSING).replace(b'<way id="7"', mark))
    assert "deletion" in refusal(path).message


def test_a_map_without_anything_to_walk_on_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sea.osm"
    path.write_bytes(osm_xml("n1 60.0,24.0 kerb=raised"))
    assert refusal(path).code == "map_empty"


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, bytes]:
    """One small map in every form, and its bytes."""
    folder = tmp_path_factory.mktemp("forms")
    source = folder / "town.osm"
    source.write_bytes(osm_xml(CROSSING))
    made = [source, *(convert(source, folder / f"town{suffix}") for suffix in (".osm.pbf", ".osm.gz", ".osm.bz2"))]
    return {path: path.read_bytes() for path in made}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_refused_or_harmless(forms: dict[Path, bytes], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(forms)))
    content = bytearray(forms[path])
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content) - 1))
        content[start : start + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    path.write_bytes(content)
    with contextlib.suppress(Refused):
        assert len(read_osm_file(path).digest()) == 64


@pytest.mark.parametrize(
    ("line", "word"),
    [("n2 60.5,24.001", "node 2"), ("w7 1,2 highway=footway", "way 7"), ("r5 w7: type=site", "relation 5")],
)
def test_one_id_with_two_meanings_is_refused(tmp_path: Path, line: str, word: str) -> None:
    path = tmp_path / "town.osm"
    path.write_bytes(osm_xml(CROSSING + "    " + line))
    assert word in refusal(path).message
