"""Elements read from their packed form are those that were packed, in whatever way they are asked for."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.elements_packed import AT_ONCE, PackedNodeTags, PackedTags, PackedWays, packed, ways_by_id
from routing.elements_raw import RawMap, RawWay, Tags

TEXT = st.text(max_size=12)
TAGS = st.dictionaries(TEXT, TEXT, max_size=20)


def ways_of(ways: list[RawWay], nodes: np.ndarray) -> PackedWays:
    start = np.cumsum([0, *(len(way.refs) for way in ways)])
    rows = np.searchsorted(nodes, [ref for way in ways for ref in way.refs]).astype(np.int32)
    ids = np.array([way.id for way in ways], np.int64)
    return PackedWays(ids, start, rows, nodes, PackedTags(*packed([way.tags for way in ways])))


@given(st.lists(TAGS, max_size=30))
def test_tags_are_those_that_were_packed(found: list[Tags]) -> None:
    read = PackedTags(*packed(found))
    read.check()
    assert len(read) == len(found)
    assert list(read) == found
    assert [read[row] for row in range(len(found))] == found
    assert read[1:] == found[1:]


def test_more_tags_than_are_read_together() -> None:
    found = [{"ref": str(number)} for number in range(2 * AT_ONCE + 1)]
    read = PackedTags(*packed(found))
    assert list(read) == found
    assert read[-1] == found[-1]
    with pytest.raises(IndexError):
        read[len(found)]


@given(st.dictionaries(st.integers(-(2**62), 2**62), TAGS, max_size=20), st.integers())
def test_tags_of_nodes_are_found_by_id(found: dict[int, Tags], other: int) -> None:
    read = PackedNodeTags(np.array(sorted(found), np.int64), PackedTags(*packed([found[ref] for ref in sorted(found)])))
    assert read == found
    assert found == read
    assert list(read) == sorted(found)
    assert all(read[ref] == tags for ref, tags in found.items())
    assert (-(2**63) <= other < 2**63 and (other in read) == (other in found)) or abs(other) >= 2**63


@given(st.lists(st.tuples(st.integers(1, 9), st.lists(st.integers(1, 50), min_size=2, max_size=6), TAGS), max_size=20))
def test_ways_are_those_that_were_packed(found: list[tuple[int, list[int], Tags]]) -> None:
    ways = [RawWay(way, tuple(refs), tags) for way, refs, tags in sorted(found, key=lambda one: one[0])]
    nodes = np.arange(1, 51, dtype=np.int64)
    read = ways_of(ways, nodes)
    assert read == ways
    assert ways == read
    assert [read[number] for number in range(len(ways))] == ways
    whole = [RawMap(nodes, nodes / 10, nodes / 10, {}, either, [], "x") for either in (read, ways)]
    assert whole[0] == whole[1]
    assert whole[0].digest() == whole[1].digest()
    wanted = {2, 3, 99}
    assert ways_by_id(whole[0], wanted) == ways_by_id(whole[1], wanted)
    assert [way for mine in ways_by_id(whole[0], wanted).values() for way in mine] == [
        way for way in ways if way.id in wanted
    ]


def test_what_is_no_tags_is_noticed() -> None:
    for other in (7, [], {"a": 1}, "text"):
        encoded = msgspec.msgpack.encode(other)
        read = PackedTags(np.array([0, len(encoded)]), np.frombuffer(encoded, np.uint8))
        with pytest.raises(msgspec.MsgspecError):
            read.check()
