"""Tags → facts: total on any input, reads no key that is not kept, and pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility import tags
from accessibility.facts import Barrier, NodeFacts, PassageFacts, Surface, WayFacts
from accessibility.tags import words
from accessibility.tags.keys import KEY_PREFIXES, KEYS, kept

KEYS_IN_USE = sorted(
    KEYS
    | {
        "sidewalk:left:surface",
        "sidewalk:both:width",
        "footway:right.smoothness",
        "kerb:height",
        "crossing:markings",
        "crossing:island",
        "traffic_signals:sound",
        "ramp:wheelchair",
        "incline:across",
        "step:condition",
        "handrail:left",
        "door:width",
    }
)
VALUES = sorted(
    {
        "yes",
        "no",
        "",
        "both",
        "separate",
        "up",
        "6 %",
        "0.8",
        "3;4",
        "private",
        "designated;no",
        "crossing",
        "raised",
        "disabled",
    }
    | set(words.HIGHWAYS)
    | set(words.BARRIERS)
    | set(words.SURFACES)
    | set(words.ACCESS)
)
any_tags = st.dictionaries(st.sampled_from(KEYS_IN_USE), st.sampled_from(VALUES) | st.text(max_size=12), max_size=12)


class Watched(dict[str, str]):
    """Tags that remember which keys were asked for."""

    def __init__(self, inside: dict[str, str]) -> None:
        super().__init__(inside)
        self.asked: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def _readings(found: dict[str, str]) -> Iterator[object]:
    yield tags.walkable(found)
    yield tags.kind(found)
    yield tags.name(found)
    yield tags.sides(found)
    for side in (None, "left", "right"):
        yield tags.way_facts(found, side)
    yield tags.node_facts(found)
    yield tags.place_facts(found)


@settings(max_examples=200, deadline=None)
@given(any_tags)
def test_any_tags_are_read_without_error_and_only_through_kept_keys(found: dict[str, str]) -> None:
    watched = Watched(found)
    assert all(reading is not None or True for reading in _readings(watched))
    assert not {key for key in watched.asked if key not in KEYS and not key.startswith(KEY_PREFIXES)}


@settings(max_examples=200, deadline=None)
@given(any_tags)
def test_dropping_what_is_not_kept_changes_nothing(found: dict[str, str]) -> None:
    noisy = found | {"source": "survey", "note": "kerb=raised", "fixme": "width"}
    assert kept(noisy) == {key: value for key, value in found.items() if key in kept(found)}
    assert list(_readings(kept(noisy))) == list(_readings(noisy))


@settings(max_examples=100, deadline=None)
@given(any_tags)
def test_facts_travel_to_disk_and_back(found: dict[str, str]) -> None:
    way, node = tags.way_facts(found), tags.node_facts(found)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(way), type=WayFacts) == way
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(node), type=NodeFacts) == node
    assert hash(way) == hash(tags.way_facts(dict(found)))


@settings(max_examples=200, deadline=None)
@given(any_tags, st.integers(0, 2), st.sampled_from([None, True, False]), st.booleans(), st.booleans())
def test_a_passage_keeps_only_what_counts(
    found: dict[str, str], events: int, mapped: bool | None, barrier: bool, lift: bool
) -> None:
    node = tags.node_facts(found)
    passage = tags.passage(node, kerb_events=events, mapped_crossing=mapped, barrier_applies=barrier, lift_applies=lift)
    if not events:
        assert passage.kerb is None
        assert passage.kerb_height_m is None
    if not barrier:
        assert passage.barrier is None
        assert passage.locked is None
    if mapped is None:
        assert passage.signals is None
    if not (events or barrier or lift or mapped is not None):
        assert msgspec.structs.replace(passage, level=None) == PassageFacts()


def test_kept_keys_hold_what_places_and_surroundings_need() -> None:
    wanted = ("amenity", "building", "natural", "name", "level", "ref", "entrance", "railway", "type", "place")
    assert set(wanted) <= KEYS
    assert {"addr:street", "name:zh", "toilets:wheelchair"} == set(
        kept({"addr:street": "a", "name:zh": "b", "toilets:wheelchair": "c", "source": "d"})
    )


@pytest.mark.parametrize(
    ("text", "surface"),
    [("asphalt;sand", Surface.SAND), ("ground;gravel", Surface.GRAVEL), ("asphalt;leaves", None), ("", None)],
)
def test_of_two_surfaces_the_worse_one_counts_and_one_unknown_makes_both_unknown(
    text: str, surface: Surface | None
) -> None:
    assert tags.way_facts({"highway": "path", "surface": text}).surface is surface


def test_every_barrier_word_means_something_that_acts() -> None:
    for text, meaning in words.BARRIERS.items():
        node = tags.node_facts({"barrier": text})
        assert node.barrier is meaning
        assert tags.acting(node).barrier
    assert {meaning for table in (words.BARRIERS, words.DOORS) for meaning in table.values()} == set(Barrier)


def test_names() -> None:
    assert tags.name({"name": "Aleksanterinkatu", "ref": "7"}) == "Aleksanterinkatu"
    assert tags.name({"ref": "L 600"}) == "L 600"
    assert tags.name({"highway": "footway"}) is None
