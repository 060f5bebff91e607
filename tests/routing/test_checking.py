"""A drawn line, matched to streets and judged: what a person would meet on exactly that way."""

from __future__ import annotations

import math
import random
from uuid import uuid4

import pytest

from accessibility.barriers import Barrier
from accessibility.profiles import Profile, built_in
from accessibility.refusals import Refused
from routing.answers import RouteAnswer, RouteRequest, Waypoint
from routing.checking import Verdict
from routing.graph import StreetGraph
from routing.router import Router
from tests.support.drawn import Town, drawn
from tests.support.table import Row, spec, tags_of

GOOD = "highway=footway incline=0% surface=asphalt smoothness=good width=2"
METRE = 1 / 111_195
"""Degrees of latitude."""


def street(way: str = "", node: str = "") -> Town:
    """a----b----n----c----d in a row of 100 m, a byway from b by e to c; `way`: other tags of b-n-c."""
    return drawn(
        """
             e---------f
             |         |
             |         |
             |         |
             |         |
        a----b----n----c----d
        """,
        ways={"ab": GOOD, "bnc": tags_of(GOOD) | tags_of(way), "cd": GOOD, "be": GOOD, "ef": GOOD, "fc": GOOD},
        nodes={"n": tags_of(node)} if node else None,
    )


def checked(
    town: Town, line: str | list[tuple[float, float]], *, north_m: float = 0.0, profile: str = "manual_wheelchair"
) -> Verdict:
    """The verdict on a line through letters, moved to the north."""
    places = [town.at[letter] for letter in line] if isinstance(line, str) else line
    return town.router.check([(lon, lat + north_m * METRE) for lon, lat in places], built_in[profile])


def ways_of(town: Town, found: Verdict) -> list[str]:
    return [town.way_names[segment.way_id] for segment in found.segments if segment.way_id]


@spec("""
way                         | node                          | status       | codes       | forbidden
                            |                               | ok           |             |
highway=steps step_count=3  |                               | least_bad    | steps       |
incline=12%                 |                               | least_bad    | incline     |
surface=sand                |                               | least_bad    | surface     |
width=0.5                   |                               | least_bad    | width       |
access=no                   |                               | not_passable |             | access
access=private              |                               | not_passable |             | private
highway=construction        |                               | not_passable |             | construction
                            | barrier=stile                 | not_passable |             | barrier
                            | barrier=gate locked=yes       | not_passable |             | locked
                            | barrier=cycle_barrier         | least_bad    | barrier     |
incline=12%                 | barrier=stile                 | not_passable | incline     | barrier
""")  # fmt: skip
def test_what_lies_on_the_line_is_named(row: Row) -> None:
    town = street(row.way, row.node)
    found = checked(town, "ad", north_m=3)
    town.close()
    assert (found.status, found.usable) == (row.status, row.status == "ok")
    assert sorted({one.code for one in found.violations}) == row.codes.split()
    assert sorted({one.code for one in found.forbidden}) == row.cells["forbidden"].split()
    assert found.matched_share == 1.0
    assert list(dict.fromkeys(ways_of(town, found))) == ["ab", "bnc", "cd"]


def test_the_line_is_followed_and_not_the_short_cut() -> None:
    town = street("highway=steps")
    found = checked(town, "abefcd")
    town.close()
    assert found.usable
    assert list(dict.fromkeys(ways_of(town, found))) == ["ab", "be", "ef", "fc", "cd"]
    assert sum(segment.length_m for segment in found.segments) == pytest.approx(150, abs=1)


@pytest.mark.parametrize(("line", "codes"), [("ad", ["incline"]), ("da", [])])
def test_the_direction_of_the_line_counts(line: str, codes: list[str]) -> None:
    town = street("incline=8%")
    found = checked(town, line)
    town.close()
    assert [one.code for one in found.violations] == codes


def test_places_and_numbers_are_given() -> None:
    town = street(node="barrier=bollard maxwidth:physical=0.7")
    found = checked(town, "ad")
    town.close()
    (broken,) = found.violations
    assert (broken.value, broken.limit, town.letters[broken.node_id]) == (0.7, 0.9, "n")  # type: ignore[index]
    assert broken.at == pytest.approx(town.at["n"])


@pytest.mark.parametrize(
    ("north_m", "share", "status"), [(0, 1.0, "ok"), (14, 1.0, "ok"), (17, 0.0, "unmatched"), (200, 0.0, "unmatched")]
)
def test_fifteen_metres_from_a_street_there_is_nothing(north_m: float, share: float, status: str) -> None:
    town = drawn("a---------b", ways={"ab": GOOD})
    found = checked(town, "ab", north_m=north_m)
    town.close()
    assert (found.matched_share, found.status) == (share, status)
    assert len(found.unmatched) == (0 if share else 1)


def test_the_part_that_leaves_the_streets_is_told_and_the_rest_is_judged() -> None:
    town = drawn(
        """
        a---------b                    c---------d
        """,
        ways={"ab": GOOD, "cd": "highway=footway surface=sand width=2 incline=0%"},
    )
    found = checked(town, "ad")
    town.close()
    assert found.status == "unmatched"
    assert [one.code for one in found.violations] == ["surface"]
    (stray,) = found.unmatched
    assert 75 <= stray.length_m <= 105
    assert found.matched_share == pytest.approx(1 - stray.length_m / 205, abs=0.02)
    assert town.at["a"][0] < stray.start[0] < stray.end[0] < town.at["d"][0]
    assert len(found.lines) == 2
    first, second = map(len, found.lines)
    assert [segment.geometry_index for segment in found.segments] == [(0, first - 1), (first, first + second - 1)]


def test_streets_that_do_not_meet_are_not_joined() -> None:
    """Two ways 8 m apart, both within reach of the line: crossing over is no way."""
    town = drawn("a-------b c-------d", ways={"ab": GOOD, "cd": GOOD}, cell_m=8)
    found = checked(town, "ad")
    town.close()
    assert len(found.lines) == 2


@pytest.mark.parametrize(("private", "status", "notes"), [("ab", "ok", ["private_end"]), ("bn", "not_passable", [])])
def test_private_ways_only_at_the_ends(private: str, status: str, notes: list[str]) -> None:
    ways = {way: tags_of(GOOD) | ({"access": "private"} if way == private else {}) for way in ("ab", "bn", "nc")}
    town = drawn("a----b----n----c", ways=ways)
    found = checked(town, "ac")
    town.close()
    assert (found.status, [note.code for note in found.notes]) == (status, notes)


def test_a_closure_on_the_line_forbids_it() -> None:
    town = street()
    place = town.at["n"]
    town.router.apply(
        [Barrier(uuid4(), "closure", 4, place, {"type": "Point", "coordinates": place}, "confirmed", True, 7)], 7
    )
    found = checked(town, "ad")
    elsewhere = checked(town, "abefcd")
    town.close()
    assert (found.status, [one.code for one in found.forbidden], found.revision) == ("not_passable", ["barrier"], 7)
    assert [barrier.kind for barrier in found.barriers] == ["closure"]
    assert elsewhere.usable


def test_what_nobody_has_said_is_summed_up() -> None:
    town = drawn("a---------b----c", ways={"ab": "highway=footway surface=asphalt", "bc": GOOD})
    found = checked(town, "ac")
    town.close()
    assert {one.attribute: one.length_m for one in found.unknown} == {"incline": 50.0, "width": 50.0}
    assert found.usable


def test_there_and_back_again_is_walked_twice() -> None:
    town = street()
    found = checked(town, "ada")
    town.close()
    assert sum(segment.length_m for segment in found.segments) == pytest.approx(200, abs=2)


@pytest.mark.parametrize(
    "line", [[(0.0, 0.0), (0.001, 0.0)], [(179.9, 89.9), (-179.9, -89.9)], [(-171.3, -49.4), (-171.3, -49.41)]]
)
def test_lines_anywhere_on_earth_are_answered(line: list[tuple[float, float]]) -> None:
    town = street()
    found = checked(town, line)
    town.close()
    assert (found.status, found.matched_share, found.segments) == ("unmatched", 0.0, [])


@pytest.mark.parametrize("seed", range(4))
def test_the_line_of_a_route_gets_the_verdict_of_the_route(sample_graph: StreetGraph, seed: int) -> None:
    """On the bundled map: a route's own line, drawn with a trembling hand, is that route again."""
    router = Router(sample_graph)
    chance = random.Random(seed)
    west, south, east, north = sample_graph.meta.bbox
    profile = list(built_in.values())[seed]
    compared = 0
    try:
        while compared < 6:
            a, b = (Waypoint(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(2))
            answer = _routed(router, a, b, profile)
            if answer is None:
                continue
            route = answer.routes[0]
            line = [_trembling(chance, at) for at in route.geometry.coordinates]
            found = router.check(line, profile)
            compared += 1
            assert found.matched_share > 0.97
            followed = {segment.way_id or segment.area_id for segment in found.segments}
            missed = sum(s.length_m for s in route.segments if (s.way_id or s.area_id) not in followed)
            assert missed <= 0.05 * route.distance_m + 5
            if answer.status == "ok" and not found.unmatched:
                assert found.status == "ok", found.violations + found.forbidden
    finally:
        router.close()


def _trembling(chance: random.Random, at: tuple[float, float]) -> tuple[float, float]:
    """Up to half a metre beside."""
    east, north = (chance.uniform(-0.5, 0.5) * METRE for _ in range(2))
    return at[0] + east / math.cos(math.radians(at[1])), at[1] + north


def _routed(router: Router, a: Waypoint, b: Waypoint, profile: Profile) -> RouteAnswer | None:
    try:
        answer = router.route(RouteRequest((a, b), profile))
    except Refused as refusal:
        if refusal.code != "outside_map":
            raise
        return None
    return answer if isinstance(answer, RouteAnswer) and answer.routes[0].segments else None
