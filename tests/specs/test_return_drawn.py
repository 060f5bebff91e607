"""Could this person come back? A way that is fine downhill may be too steep on the way home."""

from __future__ import annotations

import pytest

from tests.support.drawn import Town, drawn
from tests.support.questions import answered

WALL = "highway=footway incline=0% surface=asphalt width=2"


def hill(slope: str, **more: str) -> Town:
    """a ---- b ==slope== c ---- d; `slope` is the incline from b to c. A letter names another way."""
    ways = {"ab": WALL, "bc": f"highway=footway surface=asphalt width=2 incline={slope}", "cd": WALL, **more}
    return drawn(
        """
                   e------f
                   |      |
                   |      |
                   |      |
                   |      |
                   |      |
                   |      |
                   |      |
                   |      |
                   |      |
                   |      |
        a----------b------c----------d
        """,
        ways=ways,
    )


@pytest.mark.parametrize(
    ("slope", "there", "back"),
    [
        ("0%", "ok", "ok"),
        ("5%", "ok", "ok"),
        ("-8%", "ok", "least_bad"),  # down within 8.33 %; up it is too long for 8 %
        ("8%", "least_bad", "ok"),
        ("-9%", "least_bad", "least_bad"),
    ],
)
def test_the_way_back_is_judged_in_its_own_direction(slope: str, there: str, back: str) -> None:
    town = hill(slope)
    answer = answered(town, "a", "d")
    town.close()
    assert (answer.status, answer.routes[0].summary.return_) == (there, back)
    assert answer.back is None, "the way itself only where it is asked for"


def test_the_way_back_is_given_when_asked_for() -> None:
    town = hill("-8%", bef=WALL, fc=WALL)
    answer = answered(town, "a", "d", way_back=True)
    town.close()
    assert answer.routes[0].summary.return_ == "ok"
    back = answer.back
    assert back is not None
    assert back.route is not None
    assert back.status == "ok"
    assert back.route.geometry.coordinates[0] == answer.routes[0].geometry.coordinates[-1]
    assert back.route.distance_m > answer.routes[0].distance_m, "uphill it goes round"
    assert back.route.violations == []
    assert back.route.summary.return_ == "ok", "and from there one gets here"


def test_the_way_back_names_what_it_breaks() -> None:
    town = hill("-8%")
    back = answered(town, "a", "d", way_back=True).back
    town.close()
    assert back is not None
    assert back.route is not None
    assert (back.status, [found.code for found in back.route.violations]) == ("least_bad", ["incline"])


def test_down_a_moving_walk_there_is_no_way_back() -> None:
    town = hill("0%", bc="highway=footway conveying=forward surface=asphalt width=2 incline=0%")
    there = answered(town, "a", "d", profile="walk", way_back=True)
    town.close()
    assert there.status == "ok"
    assert there.routes[0].summary.return_ == "no"
    assert there.back is not None
    assert (there.back.status, there.back.route) == ("no", None)


def test_via_points_are_passed_in_turn_on_the_way_back() -> None:
    town = hill("0%", bef=WALL, fc=WALL)
    answer = answered(town, "a", "e", "d", way_back=True)
    town.close()
    assert answer.back is not None
    assert answer.back.route is not None
    assert answer.back.route.geometry.coordinates == answer.routes[0].geometry.coordinates[::-1]
    assert len(answer.back.route.legs) == 2
