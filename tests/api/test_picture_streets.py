"""The streets around: those of the frame, roads apart from paths and steps, never more than is good for a picture."""

from __future__ import annotations

import pytest

from api import picture_streets
from api.picture_frame import Frame
from api.picture_streets import Streets, streets_in
from tests.support.drawn import Town, drawn

PICTURE = """
    a----b----c----------------d
         |    |
         e----f
"""
WAYS = {
    "ab": "highway=residential name=Nordstrasse",
    "bc": "highway=residential name=Nordstrasse",
    "be": "highway=footway name=7",
    "ef": "highway=steps name=Treppenweg",
    "cf": "highway=footway",
    "cd": "highway=residential name=Fern",
}


def seen(town: Town, letters: str) -> Streets:
    frame = Frame.around(town.router.plane, [town.at[letter] for letter in letters], 64, 742)
    return streets_in(frame, town.graph, town.router.placer)


def test_kinds_are_drawn_apart_and_names_are_said_once() -> None:
    found = seen(drawn(PICTURE, ways=WAYS), "abcdef")
    assert [lines.count("M") > 0 for lines in (found.roads, found.paths, found.steps)] == [True, True, True]
    assert found.squares == ""
    names = [name for name, _ in found.named]
    assert sorted(names) == ["Fern", "Nordstrasse", "Treppenweg"], "a number alone is no name"
    assert names[0] == "Fern", "the longest first"
    assert all(stretch.shape == (2, 2) for _, stretch in found.named)


def test_only_a_bounded_number_is_drawn_and_roads_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    town = drawn(PICTURE, ways=WAYS)
    monkeypatch.setattr(picture_streets, "VERTICES_MAX", 2 * 3)
    found = seen(town, "abcdef")
    assert found.roads.count("M") == 3
    assert (found.paths, found.steps) == ("", "")


def test_a_frame_without_streets_is_empty() -> None:
    town = drawn(PICTURE, ways=WAYS)
    frame = Frame.around(town.router.plane, [(8.9, 49.6)], 64, 742)
    found = streets_in(frame, town.graph, town.router.placer)
    assert (found.roads, found.paths, found.steps, found.named) == ("", "", "", [])
