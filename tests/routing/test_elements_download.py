"""Downloads, against a server on this machine that plays Overpass and Nominatim over real HTTP."""

from __future__ import annotations

import dataclasses
import gzip
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import osmnx
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from accessibility.refusals import Refused
from routing.build import build
from routing.elements import Patience, RawMap, download, read_osm_file
from tests.support.osm_text import osm_xml
from tests.support.overpass import MapServer, Planet, Reply, map_server

SAMPLE = Path(__file__).parents[2] / "samples" / "helsinki-centre.osm.pbf"
STATION = (24.940, 60.169, 24.944, 60.172)
ONE_NODE = b'{"elements": [{"type": "node", "id": 1, "lat": 60.17, "lon": 24.941}]}'
PACKED = Reply(body=gzip.compress(b" " * 5_000), headers={"Content-Encoding": "gzip"})


@pytest.fixture(scope="module")
def planet() -> Planet:
    return Planet(str(SAMPLE))


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Planet:
    path = tmp_path_factory.mktemp("hamlet") / "hamlet.osm"
    path.write_bytes(osm_xml("n1 60.17,24.941\nn2 60.17,24.942\nw7 1,2 highway=footway"))
    return Planet(str(path))


@pytest.fixture
def server(hamlet: Planet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MapServer]:
    """The played servers of a hamlet, with OSMnx's settings pointing at them and at an empty cache folder."""
    with map_server(hamlet) as playing:
        monkeypatch.setattr(osmnx.settings, "overpass_url", f"{playing.url}/api")
        monkeypatch.setattr(osmnx.settings, "nominatim_url", playing.url)
        monkeypatch.setattr(osmnx.settings, "cache_folder", tmp_path / "cache")
        monkeypatch.setattr(osmnx._nominatim, "time", SimpleNamespace(sleep=playing.pauses.append))
        yield playing


@pytest.fixture
def city(server: MapServer, planet: Planet) -> MapServer:
    """The same servers, of the bundled map."""
    server.planet = planet
    return server


class Clock:
    """A sleep that only notes how long it was asked to take."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def fetch(**options: Any) -> RawMap:
    return download(bbox=STATION, **({"sleep": Clock()} | options))


def refusal(**options: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        fetch(**options)
    assert caught.value.message.endswith(".")
    return caught.value


def named(area: BaseGeometry, kind: str = "relation") -> list[dict[str, Any]]:
    """Nominatim's answer for one place with this outline."""
    west, south, east, north = area.bounds
    return [
        {
            "place_id": 1,
            "osm_type": kind,
            "osm_id": 34914,
            "lat": str(area.centroid.y),
            "lon": str(area.centroid.x),
            "class": "boundary",
            "type": "administrative",
            "importance": 0.7,
            "display_name": "Kluuvi",
            "boundingbox": [str(south), str(north), str(west), str(east)],
            "geojson": json.loads(shapely.to_geojson(area)),
        }
    ]


# The same data, whichever way it comes


def test_the_whole_sample_downloaded_equals_the_file(city: MapServer, planet: Planet) -> None:
    downloaded, read = download(bbox=planet.bounds()), read_osm_file(SAMPLE)
    assert len(downloaded.ways) > 4_000
    assert downloaded == read
    assert downloaded.digest() == read.digest()
    assert downloaded.losses == read.losses
    assert downloaded.timestamp == read.timestamp
    assert downloaded.attribution == "© OpenStreetMap contributors"


CROSSED = (24.93707, 60.16699, 24.93708, 60.16701)  # a street passes through without a node inside


def test_the_same_data_gives_the_same_graph(city: MapServer, planet: Planet) -> None:
    downloaded, read = build(download(bbox=planet.bounds())), build(read_osm_file(SAMPLE))
    assert downloaded.meta.build_id == read.meta.build_id
    arrays = [field.name for field in dataclasses.fields(read) if isinstance(getattr(read, field.name), np.ndarray)]
    assert len(arrays) > 10
    for name in arrays:
        assert np.array_equal(getattr(downloaded, name), getattr(read, name)), name
    assert downloaded.way_facts == read.way_facts
    assert downloaded.passage_facts == read.passage_facts
    assert downloaded.names == read.names


@pytest.mark.parametrize("bbox", [STATION, (24.9449, 60.1649, 24.9531, 60.1703), CROSSED])
def test_a_part_downloaded_equals_the_file_clipped(city: MapServer, bbox: tuple[float, float, float, float]) -> None:
    downloaded, read = download(bbox=bbox), read_osm_file(SAMPLE, area=box(*bbox))
    assert 0 < len(downloaded.ways) < 3_000
    assert downloaded == read
    assert downloaded.digest() == read.digest()
    if bbox == CROSSED:
        assert 43997238 in [way.id for way in read.ways]
        west, south, east, north = bbox
        inside = (read.lon > west) & (read.lon < east) & (read.lat > south) & (read.lat < north)
        assert not inside.any()


@pytest.mark.parametrize(
    "outline",
    [
        Point(24.944, 60.170).buffer(0.003),
        Point(24.944, 60.170).buffer(0.003, quad_segs=500),  # asked for with fewer corners, clipped exactly
        Point(24.944, 60.170).buffer(0.003).difference(Point(24.944, 60.170).buffer(0.001)),
        MultiPolygon([box(24.940, 60.169, 24.943, 60.170), box(24.946, 60.171, 24.949, 60.173)]),
        Polygon([(24.94, 60.168), (24.95, 60.168), (24.945, 60.175)]),
    ],
)
def test_a_named_place_equals_the_file_clipped_to_its_outline(city: MapServer, outline: BaseGeometry) -> None:
    city.places["Kluuvi, Helsinki"] = named(outline)
    downloaded, read = download("Kluuvi, Helsinki"), read_osm_file(SAMPLE, area=outline)
    assert 0 < len(downloaded.ways) < 4_000
    assert downloaded == read
    assert downloaded.source == "Kluuvi, Helsinki"
    assert city.paths() == ["/search", "/api/status", "/api/interpreter"]


# OSMnx's settings


def test_headers_timeout_and_memory_come_from_osmnx(server: MapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osmnx.settings, "http_user_agent", "stepfree tests")
    monkeypatch.setattr(osmnx.settings, "requests_timeout", 77)
    monkeypatch.setattr(osmnx.settings, "overpass_memory", 123_456_789)
    fetch()
    _, headers, form = server.asked[-1]
    assert headers["User-Agent"] == "stepfree tests"
    assert form["data"].startswith("[out:json][timeout:77][maxsize:123456789];")


def test_a_named_server_is_asked_instead(server: MapServer, hamlet: Planet) -> None:
    with map_server(hamlet, {"Kluuvi": named(box(*STATION))}) as other:
        assert download("Kluuvi", overpass_url=f"{other.url}/api", nominatim_url=other.url) == fetch()
        assert other.paths() == ["/search", "/api/status", "/api/interpreter"]
    assert osmnx.settings.nominatim_url == server.url


def test_answers_are_kept_in_the_cache_folder(server: MapServer) -> None:
    server.places["Kluuvi"] = named(box(*STATION))
    first = download("Kluuvi")
    asked = len(server.asked)
    assert download("Kluuvi") == first
    assert len(server.asked) == asked
    assert len(list(Path(osmnx.settings.cache_folder).glob("*.json"))) == 2  # the place and its elements


def test_a_damaged_cache_is_asked_again(server: MapServer) -> None:
    first = fetch()
    [kept] = Path(osmnx.settings.cache_folder).iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    assert fetch() == first
    assert server.paths().count("/api/interpreter") == 2
    assert fetch() == first
    assert server.paths().count("/api/interpreter") == 2


def test_no_cache_when_osmnx_is_told_so(server: MapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osmnx.settings, "use_cache", False)
    assert fetch() == fetch()
    assert server.paths().count("/api/interpreter") == 2
    assert not Path(osmnx.settings.cache_folder).exists()


def test_failures_are_not_kept(server: MapServer) -> None:
    server.script.append(Reply(body=b'{"elements":[],"remark":"runtime error: Query timed out"}'))
    assert "timed out" in refusal().message
    assert len(fetch().ways) == 1


# Politeness


def test_the_place_server_is_asked_once_a_second_at_most(server: MapServer) -> None:
    server.places["Kluuvi"] = named(box(*STATION))
    download("Kluuvi")
    assert server.pauses == [1]


def test_waits_for_a_free_slot(server: MapServer) -> None:
    server.status = (
        "Connected as: 1\nCurrent time: 2026-01-01T00:00:00Z\nRate limit: 2\n"
        "Slot available after: 2026-01-01T00:00:40Z, in 40 seconds.\n"
        "Slot available after: 2026-01-01T00:00:12Z, in 12 seconds.\n"
    )
    clock = Clock()
    fetch(sleep=clock)
    assert clock.slept == [12]


def test_does_not_look_for_slots_when_osmnx_is_told_so(server: MapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osmnx.settings, "overpass_rate_limit", False)
    fetch()
    assert server.paths() == ["/api/interpreter"]


@pytest.mark.parametrize("status", [429, 503, 504])
def test_a_busy_server_is_asked_again_when_it_says(server: MapServer, status: int) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    server.script.extend(
        [
            Reply(status, headers={"Retry-After": "7"}),
            Reply(status),
            Reply(status, headers={"Retry-After": soon}),
        ]
    )
    clock = Clock()
    assert len(fetch(sleep=clock).ways) == 1
    assert clock.slept[:3] == [0, 7, 30]  # no slot to wait for, as asked, our own patience doubled
    assert 20 < clock.slept[3] <= 30


def test_gives_up_on_a_server_that_stays_busy(server: MapServer) -> None:
    server.script.extend([Reply(429)] * 9)
    clock = Clock()
    assert "busy after 3 attempts" in refusal(sleep=clock, patience=Patience(attempts=3)).message
    assert clock.slept == [0, 15, 30]
    assert server.paths().count("/api/interpreter") == 3


def test_does_not_wait_for_hours(server: MapServer) -> None:
    server.script.append(Reply(429, headers={"Retry-After": "7200"}))
    assert "7200 s" in refusal().message


def test_sleeps_for_real_by_default(server: MapServer) -> None:
    server.script.extend([Reply(429, headers={"Retry-After": "1"})])
    start = time.monotonic()
    download(bbox=STATION)
    assert time.monotonic() - start >= 1


# Servers that fail


@pytest.mark.parametrize(
    ("reply", "code", "word"),
    [
        (Reply(400, b"<html>parse error</html>"), "download_failed", "400"),
        (Reply(403), "download_failed", "403"),
        (Reply(500), "download_failed", "500"),
        (Reply(302, headers={"Location": "ftp://127.0.0.1/"}), "download_failed", "reached"),
        (Reply(body=b"<html>runtime error</html>"), "map_unreadable", "Overpass"),
        (Reply(body=b'{"elements": []}'), "map_empty", "no streets"),
        (Reply(body=ONE_NODE, cut=40), "download_failed", "broke off"),
        (Reply(body=b"not packed", headers={"Content-Encoding": "gzip"}), "download_failed", "broke off"),
        (Reply(body=b" " * 5_000), "download_failed", "4,000 bytes"),
        (
            Reply(body=gzip.compress(b" " * 5_000), headers={"Content-Encoding": "gzip"}),
            "download_failed",
            "4,000 bytes",
        ),
    ],
)
def test_failures_are_one_sentence(server: MapServer, reply: Reply, code: str, word: str) -> None:
    server.script.append(reply)
    refused = refusal(patience=Patience(answer_bytes=4_000))
    assert refused.code == code
    assert word in refused.message


def test_a_server_that_is_not_there(server: MapServer) -> None:
    assert "cannot be reached" in refusal(overpass_url="http://127.0.0.1:9/api").message
    assert "cannot be reached" in refusal(overpass_url="nonsense").message


def test_an_unknown_place(server: MapServer) -> None:
    with pytest.raises(Refused, match="No area"):
        download(" ")
    with pytest.raises(Refused) as caught:
        download("Atlantis")
    assert (caught.value.code, caught.value.field) == ("place_unknown", "place")
    assert "Atlantis" in caught.value.message


def test_a_place_without_an_outline(server: MapServer) -> None:
    server.places["Havis Amanda"] = named(Point(24.9518, 60.1677))
    with pytest.raises(Refused) as caught:
        download("Havis Amanda")
    assert caught.value.code == "place_unknown"


def test_a_place_as_large_as_a_country(server: MapServer) -> None:
    server.places["Finland"] = named(box(20.6, 59.8, 31.6, 70.1))
    with pytest.raises(Refused) as caught:
        download("Finland")
    assert caught.value.code == "area_too_large"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ([{}], "download_failed"),
        ([{"importance": 1}], "place_unknown"),
        ([{"importance": 1, "geojson": {"type": "Polygon"}}], "download_failed"),
    ],
)
def test_a_place_server_that_answers_nonsense(server: MapServer, answer: list[dict[str, Any]], code: str) -> None:
    server.places["Kluuvi"] = answer
    with pytest.raises(Refused) as caught:
        download("Kluuvi")
    assert caught.value.code == code


def test_a_place_server_that_fails(server: MapServer) -> None:
    server.script.append(Reply(500, b"<html>"))
    with pytest.raises(Refused) as caught:
        download("Kluuvi")
    assert caught.value.code == "download_failed"
    with pytest.raises(Refused) as caught:
        download("Kluuvi", nominatim_url="http://127.0.0.1:9")
    assert "cannot be reached" in caught.value.message


def test_progress_runs_through_its_stages(server: MapServer) -> None:
    seen: list[tuple[str, float]] = []
    fetch(progress=lambda stage, done: seen.append((stage, done)))
    assert list(dict.fromkeys(stage for stage, _ in seen)) == ["place", "download", "read", "select"]
    for stage in ("place", "download", "read", "select"):
        parts = [done for name, done in seen if name == stage]
        assert parts == sorted(parts)
        assert (parts[0], parts[-1]) == (0.0, 1.0)


def test_a_place_or_a_box() -> None:
    with pytest.raises(ValueError, match="either"):
        download()
    with pytest.raises(ValueError, match="either"):
        download("Kluuvi", STATION)
