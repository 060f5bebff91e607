"""OSM files in every form give the same raw map, with everything later work reads."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import pytest
from osmium.io import Header

from routing.elements import ATTRIBUTION, FileBounds, RawMap, RawRelation, RawWay, read_osm_file
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
def sample() -> RawMap:
    return read_osm_file(SAMPLE)


@pytest.fixture(scope="module")
def sample_as(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The bundled map in every form, by suffix."""
    folder = tmp_path_factory.mktemp("sample")
    converted = {suffix: convert(SAMPLE, folder / f"helsinki{suffix}") for suffix in SUFFIXES[1:]}
    return {".osm.pbf": SAMPLE, **converted}


def read_text(folder: Path, text: str, name: str = "town.osm", **options: object) -> RawMap:
    path = folder / name
    path.write_bytes(osm_xml(text))
    return read_osm_file(path, **options)  # type: ignore[arg-type]


def test_keeps_what_later_work_reads_and_nothing_else(tmp_path: Path) -> None:
    town = read_text(tmp_path, CROSSING)
    assert town.node_ids.tolist() == [1, 2, 3]
    assert town.lon.tolist() == [24.0, 24.001, 24.002]
    assert town.lat.tolist() == [60.0, 60.0, 60.0]
    assert town.node_tags == {1: {"kerb": "raised"}}
    assert town.ways == [RawWay(7, (1, 2, 3), {"highway": "footway"})]
    assert town.relations == [
        RawRelation(5, (("w", 7, "part"), ("n", 1, "entrance")), {"type": "site", "name": "Station"})
    ]
    assert town.attribution == ATTRIBUTION == "© OpenStreetMap contributors"
    assert (town.source, town.timestamp) == ("town.osm", "2026-01-02T03:04:05Z")
    assert town.positions([3, 1]).tolist() == [2, 0]


def test_arrays_cannot_be_changed(sample: RawMap) -> None:
    with pytest.raises(ValueError, match="read-only"):
        sample.lon[0] = 0


def test_the_bundled_map(sample: RawMap) -> None:
    assert np.all(np.diff(sample.node_ids) > 0)
    assert 24.93 < sample.lon.min() < sample.lon.max() < 24.96
    assert sample.timestamp == "2019-04-21T09:50:14Z"
    assert sample.losses.cut_ways > 100  # the extract cuts ways at its edge
    assert sum(tags.get("highway") == "elevator" for tags in sample.node_tags.values()) == 11
    assert sum(way.tags.get("highway") == "steps" for way in sample.ways) > 50
    assert sum("building" in way.tags for way in sample.ways) > 400
    members = {ref for relation in sample.relations for kind, ref, _ in relation.members if kind == "w"}
    assert any(way.id in members and not way.tags for way in sample.ways)  # rings of areas have no tags of their own
    known = set(sample.node_ids.tolist())
    assert all(len(way.refs) > 1 and known.issuperset(way.refs) for way in sample.ways)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_form_gives_the_same_map(sample: RawMap, sample_as: dict[str, Path], suffix: str) -> None:
    other = read_osm_file(sample_as[suffix])
    assert other == sample
    assert other.digest() == sample.digest()
    assert other.losses == sample.losses


def test_the_order_in_the_file_does_not_matter(tmp_path: Path) -> None:
    lines = [line for line in CROSSING.splitlines() if line.strip()]
    backwards = read_text(tmp_path, "\n".join(reversed(lines)))
    assert backwards == read_text(tmp_path, CROSSING)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("60.0,24.001", "60.0,24.0010001"),
        ("kerb=raised", "kerb=lowered"),
        ("kerb=raised", "wheelchair=raised"),
        ("w7 1,2,3", "w7 3,2,1"),
        ("w7 1,2,3", "w8 1,2,3"),
        ("w7:part,n1:entrance", "n1:entrance,w7:part"),
        ("n1:entrance", "n1:"),
        ("name=Station", "name=Market"),
    ],
)
def test_any_change_of_content_is_another_map(tmp_path: Path, before: str, after: str) -> None:
    assert before in CROSSING
    one, other = read_text(tmp_path, CROSSING), read_text(tmp_path, CROSSING.replace(before, after))
    assert one != other
    assert one.digest() != other.digest()


def test_what_nobody_reads_does_not_change_the_map(tmp_path: Path) -> None:
    other = read_text(tmp_path, CROSSING.replace("source=survey", "source=photo"), name="other.osm")
    assert read_text(tmp_path, CROSSING) == other
    assert read_text(tmp_path, CROSSING).digest() == other.digest()


def test_the_digest_is_the_same_on_every_machine(tmp_path: Path) -> None:
    digest = read_text(tmp_path, CROSSING).digest()
    assert digest == "158018daf60775cedc9cec4f7a65df743567ca4854e9f43169d231a158200009"


@pytest.mark.parametrize(
    ("refs", "runs", "losses"),
    [
        ("1,2,3", [(1, 2, 3)], (0, 0, 0)),
        ("1,2,404", [(1, 2)], (1, 0, 1)),
        ("404,1,2", [(1, 2)], (1, 0, 1)),
        ("1,2,404,3,1", [(1, 2), (3, 1)], (1, 0, 1)),
        ("1,404,2,3", [(2, 3)], (1, 0, 1)),
        ("1,404,2", [], (0, 1, 1)),
        ("404,405", [], (0, 0, 0)),
        ("1,1,2", [(1, 2)], (0, 0, 0)),
        ("1,2,2,2,3,3", [(1, 2, 3)], (0, 0, 0)),
        ("1,2,1", [(1, 2, 1)], (0, 0, 0)),
        ("1,2,3,1", [(1, 2, 3, 1)], (0, 0, 0)),
        ("1", [], (0, 1, 0)),
        ("1,1", [], (0, 1, 0)),
        ("", [], (0, 0, 0)),
    ],
)
def test_ways_are_kept_as_the_runs_that_exist(
    tmp_path: Path, refs: str, runs: list[tuple[int, ...]], losses: tuple[int, int, int]
) -> None:
    town = read_text(tmp_path, CROSSING + f"    w6 {refs or ','} highway=steps")
    assert [way.refs for way in town.ways if way.id == 6] == runs
    assert all(way.tags == {"highway": "steps"} for way in town.ways if way.id == 6)
    assert (town.losses.cut_ways, town.losses.dropped_ways, town.losses.missing_nodes) == losses


def test_ways_from_an_editor_have_negative_ids(tmp_path: Path) -> None:
    town = read_text(tmp_path, CROSSING + "    n-4 60.0,24.003\n    w-8 3,-4 highway=path")
    assert town.node_ids.tolist() == [-4, 1, 2, 3]
    assert [way.id for way in town.ways] == [-8, 7]


def test_deleted_objects_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "town.osm"
    text = osm_xml(CROSSING + "    n4 60.0,24.003\n    w8 3,4 highway=path\n    r6 w8: type=site")
    for name in ("node", "way", "relation"):
        ref = {"node": 4, "way": 8, "relation": 6}[name]
        text = text.replace(f'<{name} id="{ref}"'.encode(), f'<{name} id="{ref}" visible="false"'.encode())
    path.write_bytes(text)
    town = read_osm_file(path)
    assert town == read_text(tmp_path, CROSSING, "same.osm")
    assert town.losses.deleted == 3


def test_nodes_without_a_place_count_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_bytes(osm_xml(CROSSING).replace(b'<node id="3" lat="60.0" lon="24.002"', b'<node id="3"'))
    town = read_osm_file(path)
    assert [way.refs for way in town.ways] == [(1, 2)]
    assert (town.losses.bad_nodes, town.losses.missing_nodes, town.losses.cut_ways) == (1, 1, 1)


def test_the_same_object_twice_counts_once(tmp_path: Path) -> None:
    town = read_text(tmp_path, CROSSING + CROSSING)
    assert town == read_text(tmp_path, CROSSING)
    assert town.losses.repeated == 5


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_progress_runs_through_its_stages(sample_as: dict[str, Path], suffix: str) -> None:
    seen: list[tuple[str, float]] = []
    read_osm_file(sample_as[suffix], progress=lambda stage, done: seen.append((stage, done)))
    assert list(dict.fromkeys(stage for stage, _ in seen)) == ["check", "read", "select"]
    for stage in ("check", "read", "select"):
        parts = [done for name, done in seen if name == stage]
        assert parts == sorted(parts)
        assert 0 <= parts[0] <= parts[-1] == 1.0
        assert len(parts) > 1


def test_the_file_says_from_when_its_data_is(tmp_path: Path) -> None:
    header = Header()
    header.set("osmosis_replication_timestamp", "2026-03-04T05:06:07Z")
    path = tmp_path / "dated.osm.pbf"
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for item in osmium.FileProcessor(str(SAMPLE)):
            writer.add(item)
    assert read_osm_file(path).timestamp == "2026-03-04T05:06:07Z"
    assert read_osm_file(SAMPLE).timestamp == "2019-04-21T09:50:14Z"  # its newest object


@pytest.mark.parametrize("form", ["pbf,pbf_compression=none", "pbf,pbf_dense_nodes=false"])
def test_unusual_forms_of_pbf(sample: RawMap, tmp_path: Path, form: str) -> None:
    path = tmp_path / "unusual.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(path), form)) as writer:
        for item in osmium.FileProcessor(str(SAMPLE)):
            writer.add(item)
    assert read_osm_file(path, bounds=FileBounds(unpacked_bytes=8 << 20)) == sample


@pytest.mark.parametrize(("suffix", "pack"), [(".osm.gz", gzip.compress), (".osm.bz2", bz2.compress)])
def test_files_packed_in_several_pieces(
    sample: RawMap, sample_as: dict[str, Path], tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    """As parallel packers write them."""
    text = sample_as[".osm"].read_bytes()
    path = tmp_path / f"pieces{suffix}"
    path.write_bytes(b"".join(pack(text[at : at + 900_000]) for at in range(0, len(text), 900_000)))
    assert read_osm_file(path) == sample
