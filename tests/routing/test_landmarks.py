"""What is named at a corner: near enough, clear, with a name short enough to help; and always the same one."""

from __future__ import annotations

from typing import Any

import pytest

from accessibility import tags
from accessibility.facts import LandmarkKind
from routing.landmarks import Landmark, Landmarks
from tests.support.drawn import drawn

FOOT = "highway=footway"


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("amenity=pharmacy name=Rose", "pharmacy", "Rose"),
        ("amenity=pharmacy", "pharmacy", None),
        ("amenity=fountain", "fountain", None),
        ("shop=supermarket name=Corner", "supermarket", "Corner"),
        ("building=church name=Paul", "church", "Paul"),
        ("building=mosque amenity=place_of_worship", "mosque", None),
        ("amenity=place_of_worship", None, None),
        ("highway=bus_stop name=Market", "bus_stop", "Market"),
        ("railway=subway_entrance ref=F", "underground", None),
        ("railway=tram_stop", "tram_stop", None),
        ("tourism=museum", "museum", None),
        ("tourism=hotel name=Ritz", "hotel", "Ritz"),
        ("tourism=hotel", None, None),
        ("historic=monument", "monument", None),
        ("historic=memorial", None, None),
        ("amenity=restaurant name=Rose", None, None),
        ("amenity=bank level=1", None, None),
        ("amenity=bank level=0", "bank", None),
        ("amenity=toilets layer=-1", None, None),
        ("railway=station location=underground", None, None),
        ("building=yes", None, None),
    ],
)
def test_what_people_know_a_place_by(text: str, kind: str | None, name: str | None) -> None:
    found = tags.landmark(dict(part.split("=") for part in text.split()))
    assert found == (None if kind is None else (LandmarkKind(kind), name))


def near(drawing: str, nodes: dict[str, Any], cell_m: float = 5, **ways: Any) -> Landmark | None:
    """The landmark at b."""
    town = drawn(drawing, ways={"ab": FOOT, **ways}, nodes=nodes, cell_m=cell_m)
    return Landmarks(town.raw).near(town.at["b"])


def test_near_is_20_metres() -> None:
    bank = {"p": {"amenity": "bank"}}
    assert near("a--b---p", bank) == Landmark(LandmarkKind.BANK, None)
    assert near("a--b----p", bank) is None


def test_the_clearest_of_the_close_ones() -> None:
    nodes = {"p": {"amenity": "bank"}, "q": {"amenity": "fountain"}}
    assert near("a-bp-q", nodes) == Landmark(LandmarkKind.BANK, None), "the fountain is not close"
    assert near("aqbp", nodes) == Landmark(LandmarkKind.FOUNTAIN, None)


def test_a_building_stands_where_its_outline_is() -> None:
    drawing = """
        a--b  p---q
              |   |
              |   |
              s---r
    """
    church = {"building": "church", "name": "Saint Paul"}
    assert near(drawing, {}, pqrsp=church) == Landmark(LandmarkKind.CHURCH, "Saint Paul")


@pytest.mark.parametrize(
    ("name", "told"),
    [("Rose", "Rose"), ("Pharmacy of the Old Red Rose", None), ("Wasserwirtschaftsverwaltungsapotheke", None)],
)
def test_a_long_name_is_no_help(name: str, told: str | None) -> None:
    assert near("a-bp", {"p": {"amenity": "pharmacy", "name": name}}) == Landmark(LandmarkKind.PHARMACY, told)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.landmarks.KEPT", 5)
    town = drawn("a-bp", ways={"ab": FOOT}, nodes={"p": {"amenity": "bank"}})
    landmarks = Landmarks(town.raw)
    lon, lat = town.at["b"]
    for number in range(50):
        assert landmarks.near((lon + number * 1e-7, lat)) == Landmark(LandmarkKind.BANK, None)
        assert len(landmarks._known) <= 5


def test_a_map_without_anything() -> None:
    assert near("a-b", {}) is None
