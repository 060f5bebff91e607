"""Our Overpass query and how its answer is read, hostile answers included."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from accessibility.refusals import Refused
from accessibility.tags.keys import kept
from routing.elements_overpass import query, read_answer
from routing.elements_raw import RawMap, RawRelation, RawWay
from routing.elements_select import select

ANSWER: dict[str, Any] = {
    "version": 0.6,
    "osm3s": {"timestamp_osm_base": "2026-01-02T03:04:05Z"},
    "elements": [
        {"type": "node", "id": 1, "lat": 60.0, "lon": 24.0, "tags": {"kerb": "raised", "source": "x"}},
        {"type": "node", "id": 2, "lat": 60.0, "lon": 24.001},
        {"type": "way", "id": 7, "nodes": [1, 2], "tags": {"highway": "footway"}},
        {"type": "relation", "id": 5, "members": [{"type": "way", "ref": 7, "role": "part"}], "tags": {"type": "site"}},
    ],
}


def town(answer: Any) -> RawMap:
    return select(read_answer(json.dumps(answer).encode(), kept), area=None, source="played")


def changed(path: list[Any], value: Any) -> Any:
    """The answer with one value replaced, or removed when the new one is `...`."""
    answer = json.loads(json.dumps(ANSWER))
    place = answer
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return answer


def test_an_answer_is_read() -> None:
    found = town(ANSWER)
    assert found.node_ids.tolist() == [1, 2]
    assert found.lon.tolist() == [24.0, 24.001]
    assert found.node_tags == {1: {"kerb": "raised"}}
    assert found.ways == [RawWay(7, (1, 2), {"highway": "footway"})]
    assert found.relations == [RawRelation(5, (("w", 7, "part"),), {"type": "site"})]
    assert found.timestamp == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["elements"], ...),
        (["elements"], None),
        (["elements"], {}),
        (["elements", 0], 7),
        (["elements", 0, "type"], "area"),
        (["elements", 0, "type"], ...),
        (["elements", 0, "id"], ...),
        (["elements", 0, "id"], "1"),
        (["elements", 0, "id"], 1.5),
        (["elements", 0, "id"], 2**63),
        (["elements", 0, "id"], -(10**40)),
        (["elements", 0, "lat"], ...),
        (["elements", 0, "lat"], float("nan")),
        (["elements", 0, "lat"], float("inf")),
        (["elements", 0, "lat"], 90.1),
        (["elements", 0, "lon"], -180.1),
        (["elements", 0, "lon"], None),
        (["elements", 0, "tags"], ["kerb"]),
        (["elements", 0, "tags", "kerb"], 3),
        (["elements", 2, "nodes"], ...),
        (["elements", 2, "nodes", 0], "1"),
        (["elements", 2, "nodes", 0], 2**70),
        (["elements", 3, "members", 0, "type"], "area"),
        (["elements", 3, "members", 0, "ref"], None),
        (["elements", 3, "members", 0, "role"], ...),
        (["osm3s"], 3),
        (["remark"], 3),
    ],
)
def test_an_answer_that_is_none_is_refused(path: list[Any], value: Any) -> None:
    with pytest.raises(Refused) as caught:
        town(changed(path, value))
    assert caught.value.code == "map_unreadable"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"<html>",
        b'{"elements": [',
        b"\xff\xfe",
        b'{"elements":' + b"[" * 200_000,
        b'{"elements":[1e999]}',
    ],
)
def test_a_body_that_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_answer(body, kept)
    assert caught.value.code == "map_unreadable"


def test_a_nested_value_nobody_reads_is_refused_or_skipped() -> None:
    deep = b'{"elements":[],"deep":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with contextlib.suppress(Refused):
        assert not read_answer(deep, kept).ways


def test_one_id_with_two_meanings_is_refused() -> None:
    twice = changed(["elements", 1, "id"], 1)
    with pytest.raises(Refused, match="node 1 twice"):
        town(twice)


@pytest.mark.parametrize(
    "remark",
    [
        'runtime error: Query timed out in "query" at line 3 after 181 seconds.',
        "runtime error: Query run out of memory using about 1024 MB of RAM.",
    ],
)
def test_a_query_that_ended_early_is_refused_in_the_servers_words(remark: str) -> None:
    with pytest.raises(Refused) as caught:
        town(changed(["remark"], remark))
    assert caught.value.code == "download_failed"
    assert remark.split(":")[1].strip(" .") in caught.value.message


def test_a_harmless_remark_is_no_failure() -> None:
    assert town(changed(["remark"], "runtime remark: Timeout is 180 and maxsize is 512 MB.")) == town(ANSWER)


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=6)
    | st.sampled_from(["node", "way", "relation", "kerb", "highway"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
_tags = st.dictionaries(st.sampled_from(["highway", "type", "kerb", "\ud800", ""]), st.text(st.characters()) | _json)
_member = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["node", "way", "relation"]) | _json,
        "ref": st.integers(-2, 4) | _json,
        "role": _json,
    },
)
_element = st.fixed_dictionaries(
    {"type": st.sampled_from(["node", "way", "relation"]) | _json},
    optional={
        "id": st.integers(-2, 4) | st.integers() | _json,
        "lat": st.floats(-91, 91) | st.floats() | _json,
        "lon": st.floats(-181, 181) | st.floats() | _json,
        "nodes": st.lists(st.integers(-2, 4) | _json) | _json,
        "members": st.lists(_member) | _json,
        "tags": _tags | _json,
    },
)
_answer = st.fixed_dictionaries({}, optional={"elements": st.lists(_element | _json), "osm3s": _json, "remark": _json})


@settings(max_examples=200, deadline=None)
@given(answer=_answer)
def test_a_hostile_answer_is_refused_or_a_map(answer: Any) -> None:
    with contextlib.suppress(Refused):
        assert len(town(answer).digest()) == 64


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_answer_is_refused_or_a_map(data: st.DataObject) -> None:
    body = bytearray(json.dumps(ANSWER).encode())
    start = data.draw(st.integers(0, len(body) - 1))
    body[start : start + data.draw(st.integers(0, 5))] = data.draw(
        st.binary(max_size=6) | st.sampled_from([b"\\ud800"])
    )
    with contextlib.suppress(Refused):
        assert len(select(read_answer(bytes(body), kept), area=None, source="played").digest()) == 64


def test_a_box_is_asked_for_as_a_box() -> None:
    text = query(box(24.93, 60.16, 24.95, 60.18), "[out:json][timeout:180][maxsize:9]")
    assert text.startswith("[out:json][timeout:180][maxsize:9];\n")
    assert "node(60.1600000,24.9300000,60.1800000,24.9500000)(if:count_tags()>0);" in text
    assert "way(60.1600000,24.9300000,60.1800000,24.9500000);" in text
    assert text.endswith("out body qt;")


def _asked_for(area: Polygon | MultiPolygon) -> list[Polygon]:
    """The polygons named in the query for this area."""
    outlines = query(area, "[out:json]").split('way(poly:"')[1:]
    numbers = [[float(word) for word in outline.split('"')[0].split()] for outline in outlines]
    return [Polygon(zip(row[1::2], row[::2], strict=True)) for row in numbers]


@pytest.mark.parametrize(
    "area",
    [
        Point(24.9, 60.1).buffer(0.05, quad_segs=2),
        Point(24.9, 60.1).buffer(0.05, quad_segs=2000),  # 8,000 corners
        MultiPolygon([box(24, 60, 24.1, 60.1), box(24.2, 60, 24.3, 60.2)]),
        MultiPolygon([box(24 + i / 10, 60, 24.05 + i / 10, 60.1) for i in range(60)]),
        Point(24.9, 60.1).buffer(0.05, quad_segs=4).difference(Point(24.9, 60.1).buffer(0.02)),
    ],
)
def test_an_outline_is_asked_for_with_few_corners_that_cover_it(area: Polygon | MultiPolygon) -> None:
    parts = _asked_for(area)
    assert sum(len(part.exterior.coords) for part in parts) < 2_000
    assert len(parts) <= 20
    covered = parts[0].union(MultiPolygon(parts[1:])) if len(parts) > 1 else parts[0]
    assert covered.contains(area)
    assert covered.area < 3 * area.convex_hull.area
