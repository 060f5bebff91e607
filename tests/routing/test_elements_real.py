"""Real cities: everything is read, fast enough, and nothing is lost without being counted."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from accessibility.tags.keys import kept
from routing.elements import read_osm_file
from tests.support.overpass import Planet

pytestmark = pytest.mark.real_map

DATA = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data") / "osm"


def real(name: str) -> Path:
    path = DATA / f"{name}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SHARED_DATA to the folder with the shared maps")
    return path


@pytest.mark.parametrize(
    ("name", "highways", "steps", "kerbs", "lifts"),
    [
        # the counts of the data's own README: ways with a highway tag, steps among them, kerb nodes, lifts
        ("heidelberg_2024", 25_359, 1_546, 4, 25),
        ("monaco_2026", 3_600, 459, 104, 62),
        ("beijing_tsinghua_2017", 684, 19, 0, 0),
        ("beijing_bupt_2025", 194, 8, 0, 0),
    ],
)
def test_a_city_is_read_whole(name: str, highways: int, steps: int, kerbs: int, lifts: int) -> None:
    city = read_osm_file(real(name))
    assert sum("highway" in way.tags for way in city.ways) == highways
    assert sum(way.tags.get("highway") == "steps" for way in city.ways) == steps
    assert sum("kerb" in tags for tags in city.node_tags.values()) == kerbs
    nodes = sum(tags.get("highway") == "elevator" for tags in city.node_tags.values())
    ways = sum(way.tags.get("highway") == "elevator" for way in city.ways)
    assert nodes + ways == lifts
    assert (city.losses.cut_ways, city.losses.missing_nodes, city.losses.bad_nodes) == (0, 0, 0)
    assert np.all(np.diff(city.node_ids) > 0)
    rows = city.positions([ref for way in city.ways for ref in way.refs])
    assert np.array_equal(city.node_ids[rows], [ref for way in city.ways for ref in way.refs])


@pytest.mark.parametrize("name", ["monaco_2026", "beijing_tsinghua_2017", "helsinki_2019"])
def test_a_city_equals_its_file_read_another_way(name: str) -> None:
    path = real(name)
    city, planet = read_osm_file(path), Planet(str(path))
    nodes = {ref: entry for (kind, ref), entry in planet.objects.items() if kind == "node"}
    assert city.node_tags == {ref: tags for ref, node in nodes.items() if (tags := kept(node.get("tags", {})))}
    assert {way.id for way in city.ways if way.tags} <= {ref for kind, ref in planet.objects if kind == "way"}
    places = {ref: (node["lon"], node["lat"]) for ref, node in nodes.items()}
    found = dict(zip(city.node_ids.tolist(), zip(city.lon.tolist(), city.lat.tolist(), strict=True), strict=True))
    assert all(places[ref] == place for ref, place in found.items())
    for way in city.ways:
        entry = planet.objects["way", way.id]
        assert way.tags == kept(entry.get("tags", {}))
        refs = [ref for ref in entry["nodes"] if ref in places]
        assert set(way.refs) <= set(refs)
        if len(refs) == len(entry["nodes"]):
            assert list(way.refs) == [ref for at, ref in enumerate(refs) if at == 0 or refs[at - 1] != ref]


def test_chinese_names_arrive_as_written() -> None:
    city = read_osm_file(real("beijing_tsinghua_2017"))
    names = {way.tags.get("name") for way in city.ways}
    assert "成府路" in names


def test_heidelberg_is_read_in_seconds() -> None:
    """The promise is 3 s on the machine of STACK.md; three times that here, as other tests may run beside it."""
    start = time.process_time()
    read_osm_file(real("heidelberg_2024"))
    assert time.process_time() - start < 9
