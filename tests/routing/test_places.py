"""Places by travel time: the order is the person's own, what cannot be reached says so, buildings are entered by the
door that can be used."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from accessibility import profiles
from accessibility.facts import Key, PlaceKind, Wheelchair
from accessibility.refusals import Refused
from routing.answers import RouteAnswer, RouteRequest, Waypoint
from routing.entrances import Entrances
from routing.graph import StreetGraph
from routing.places import Nearby, Places, nearby
from routing.router import Router
from tests.support.drawn import Town, drawn

WHEELCHAIR = profiles.built_in["manual_wheelchair"]
WALK = profiles.built_in["walk"]


def places_of(town: Town) -> Places:
    raw = town.graph.elements
    return Places(raw, town.router.plane, Entrances(raw, town.router.plane))


def asked(town: Town, at: str, kind: PlaceKind, profile: profiles.Profile = WHEELCHAIR) -> list[Nearby]:
    return nearby(town.router, places_of(town), Waypoint(*town.at[at]), kind, profile)[0]


def letters(town: Town, found: list[Nearby]) -> str:
    return "".join(town.letters[int(one.place.osm_id[1:])] for one in found)


@pytest.fixture
def square() -> Iterator[Town]:
    """Toilets t behind steps nearby, u farther off on the level, v across private land only."""
    town = drawn(
        """
        a----b--t
        |
        |
        |
        |
        |
        |
        c-------------u----p-----v
        """,
        ways={
            "ab": "highway=footway",
            "bt": "highway=steps step_count=8",
            "acu": "highway=footway",
            "up": "highway=footway",
            "pv": "highway=steps step_count=3",
        },
        nodes={
            "t": "amenity=toilets wheelchair=yes",
            "u": {
                "amenity": "toilets",
                "name": "Am Markt",
                "centralkey": "eurokey",
                "opening_hours": "24/7",
                "changing_table": "yes",
                "door:width": "0.95",
                "level": "0",
                "wheelchair": "yes",
            },
            "v": "amenity=toilets",
            "p": "amenity=toilets access=private",
        },
        cell_m=20.0,
    )
    yield town
    town.close()


def test_the_order_is_the_persons_own(square: Town) -> None:
    assert letters(square, asked(square, "a", PlaceKind.TOILETS, WALK)) == "tuv"
    rolled = asked(square, "a", PlaceKind.TOILETS)
    assert letters(square, rolled)[0] == "u"
    assert [one.way is not None for one in rolled] == [True, False, False]
    assert letters(square, rolled) == "utv"


def test_the_way_is_the_route(square: Town) -> None:
    found = asked(square, "a", PlaceKind.TOILETS)[0]
    answer = square.router.route(RouteRequest((Waypoint(*square.at["a"]), Waypoint(*square.at["u"])), WHEELCHAIR))
    assert isinstance(answer, RouteAnswer)
    assert found.way is not None
    assert found.way.seconds == pytest.approx(answer.routes[0].duration_s, abs=0.06)
    assert found.way.metres == pytest.approx(answer.routes[0].distance_m, abs=0.06)


def test_details_are_kept(square: Town) -> None:
    facts = asked(square, "a", PlaceKind.TOILETS)[0].place.facts
    assert (facts.name, facts.key, facts.opening_hours) == ("Am Markt", Key.EUROKEY, "24/7")
    assert (facts.changing_table, facts.door_width_m, facts.levels) == (True, 0.95, (0.0,))
    assert facts.wheelchair is Wheelchair.YES


def test_private_places_and_other_kinds_are_not_offered(square: Town) -> None:
    assert "p" not in letters(square, asked(square, "a", PlaceKind.TOILETS))
    assert asked(square, "a", PlaceKind.BENCH) == []


def test_outside_the_map_is_refused(square: Town) -> None:
    with pytest.raises(Refused) as refused:
        nearby(square.router, places_of(square), Waypoint(0.0, 0.0), PlaceKind.TOILETS, WHEELCHAIR)
    assert (refused.value.code, refused.value.field) == ("outside_map", "at")


@pytest.mark.parametrize(
    ("west", "east", "door"),
    [
        ("entrance=main wheelchair=no", "entrance=yes wheelchair=yes", "s"),
        ("entrance=main", "entrance=yes", "r"),
        ("entrance=yes", "entrance=main", "s"),
        ("entrance=yes step_count=2", "entrance=yes", "s"),
        ("entrance=yes width=0.7", "entrance=yes", "s"),
        ("entrance=main wheelchair=limited", "entrance=yes wheelchair=yes", "s"),
        ("entrance=yes wheelchair=yes", "entrance=service wheelchair=yes", "r"),
        ("entrance=yes access=private", "entrance=yes", "s"),
    ],
)
def test_the_easiest_entrance_is_taken(west: str, east: str, door: str) -> None:
    """A house with two doors; toilets in its middle, nearer to the west."""
    town = drawn(
        """
        a---------------b

         h-----------i
         r   t       s
         k-----------j

        c---------------d
        """,
        ways={
            "acdb": "highway=footway",
            "ab": "highway=footway",
            "ar": "highway=footway",
            "bs": "highway=footway",
            "hisjkrh": "building=yes",
        },
        nodes={"r": west, "s": east, "t": "amenity=toilets"},
    )
    raw = town.graph.elements
    entrances = Entrances(raw, town.router.plane)
    building = f"w{next(way.id for way in raw.ways if 'building' in way.tags)}"
    assert entrances.into(building, town.at["t"]) == pytest.approx(town.at[door])
    assert entrances.into("n1", town.at["t"]) == pytest.approx(town.at[door])
    assert entrances.into("n1", town.at["a"]) is None
    (found,) = nearby(
        town.router, Places(raw, town.router.plane, entrances), Waypoint(*town.at["c"]), PlaceKind.TOILETS, WALK
    )[0]
    assert found.door == pytest.approx(town.at[door])
    town.close()


def test_benches_of_a_real_city_are_in_order(sample_graph: StreetGraph) -> None:
    router = Router(sample_graph)
    raw = sample_graph.elements
    places = Places(raw, router.plane, Entrances(raw, router.plane))
    found, revision = nearby(router, places, Waypoint(24.9414, 60.1719), PlaceKind.BENCH, WHEELCHAIR)
    assert revision == 0
    reached = [one.way.seconds for one in found if one.way is not None]
    assert len(reached) > 20
    assert all(a <= b for a, b in pairwise(reached))
    assert all(one.way is None for one in found[len(reached) :])
    assert all(one.way.metres >= one.straight_m - 60 for one in found if one.way is not None)
    router.close()
