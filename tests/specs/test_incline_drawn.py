"""Slopes by direction of travel, and ramps that are fine while they are short (CONTRACT §3 "Incline")."""

from __future__ import annotations

import pytest

from routing.answers import RouteAnswer
from tests.support.drawn import Town, drawn

FLAT = "highway=footway surface=asphalt width=2 incline=0%"


def ramps(*pieces: tuple[str, int], node: str = "") -> Town:
    """Flat, then pieces of (incline, metres) one behind the other, then flat; `node` are tags of every joint."""
    letters = "bcdefghijk"[: len(pieces) + 1]
    picture = "a" + "-" * 9
    ways = {"ab": FLAT}
    for number, (incline, metres) in enumerate(pieces):
        picture += letters[number] + "-" * (metres - 1)
        ways[letters[number : number + 2]] = f"highway=footway surface=asphalt width=2 incline={incline}"
    picture += letters[-1] + "-" * 9 + "z"
    ways[letters[-1] + "z"] = FLAT
    return drawn(picture, ways=ways, nodes=dict.fromkeys(letters, node) if node else {}, cell_m=1.0)


def both(town: Town, profile: str = "manual_wheelchair", **overrides: object) -> tuple[str, str]:
    found = [town.ask(*ends, profile=profile, **overrides) for ends in (("a", "z"), ("z", "a"))]
    return tuple(answer.status if isinstance(answer, RouteAnswer) else "no" for answer in found)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("incline", "metres", "there_and_back"),
    [
        ("0%", 50, ("ok", "ok")),
        ("6%", 50, ("ok", "ok")),
        ("6.04%", 50, ("ok", "ok")),  # tolerance of 5e-4
        ("8%", 9, ("ok", "ok")),  # 1:12 for at most 9 m
        ("8%", 10, ("least_bad", "ok")),
        ("-8%", 10, ("ok", "least_bad")),
        ("8.33%", 9, ("ok", "ok")),
        ("8.33%", 10, ("least_bad", "ok")),
        ("7%", 9, ("ok", "ok")),  # between two rows the steeper one counts: 1:12
        ("7%", 10, ("least_bad", "ok")),
        ("9%", 5, ("least_bad", "least_bad")),  # steeper than the short limit, and than the one downhill
        ("12.5%", 2, ("least_bad", "least_bad")),
        ("15%", 1, ("least_bad", "least_bad")),
        ("up", 50, ("ok", "ok")),
        ("1:12", 9, ("ok", "ok")),
        ("4°", 9, ("ok", "ok")),
    ],
)
def test_a_wheelchair_on_one_ramp(incline: str, metres: int, there_and_back: tuple[str, str]):
    assert both(ramps((incline, metres))) == there_and_back


@pytest.mark.parametrize(
    ("pieces", "there_and_back"),
    [
        ([("8%", 4), ("8%", 5)], ("ok", "ok")),
        ([("8%", 4), ("8%", 4), ("8%", 4)], ("least_bad", "ok")),
        ([("8%", 6), ("0%", 2), ("8%", 6)], ("ok", "ok")),  # a landing between
        ([("8%", 6), ("5%", 2), ("8%", 6)], ("ok", "ok")),  # below 6 % it is none of the run
        ([("8%", 6), ("-8%", 6)], ("ok", "ok")),  # over a bridge
        ([("6.2%", 8), ("8%", 4)], ("least_bad", "ok")),  # the steepest piece decides for the whole run
        ([("6.2%", 8), ("6.2%", 6)], ("ok", "ok")),  # 1:16 for at most 14.4 m
        ([("6.2%", 8), ("6.2%", 7)], ("least_bad", "ok")),
    ],
)
def test_ramps_one_behind_the_other_are_one_run(pieces: list[tuple[str, int]], there_and_back: tuple[str, str]):
    assert both(ramps(*pieces)) == there_and_back


@pytest.mark.parametrize("node", ["kerb=flush", "barrier=bollard maxwidth:physical=1.2", "highway=crossing"])
def test_what_stands_on_a_ramp_does_not_part_it(node: str):
    assert both(ramps(("8%", 5), ("8%", 5), node=node)) == ("least_bad", "ok")


def test_a_run_follows_the_way_up_whichever_branch():
    """Two ramps that meet: each is judged with the longest way up through it."""
    town = drawn(
        """
        a---b-----c--------d---z
                  |
                  e
                  |
                  f
        """,
        ways={
            "ab": FLAT,
            "bc": "highway=footway incline=8% surface=asphalt width=2",
            "cd": "highway=footway incline=8% surface=asphalt width=2",
            "dz": FLAT,
            "ce": FLAT,
            "ef": FLAT,
        },
        cell_m=1.0,
    )
    assert town.route("a", "f").status == "least_bad", "bc alone is 6 m, but belongs to a run of 15 m"


@pytest.mark.parametrize(
    ("profile", "incline", "there_and_back"),
    [
        ("rollator", "6%", ("ok", "ok")),
        ("rollator", "7%", ("least_bad", "least_bad")),  # no run rule
        ("power_wheelchair", "12%", ("ok", "ok")),
        ("power_wheelchair", "13%", ("least_bad", "least_bad")),
        ("mobility_scooter", "10%", ("ok", "ok")),
        ("mobility_scooter", "11%", ("least_bad", "least_bad")),
        ("stroller", "11%", ("least_bad", "least_bad")),
        ("cane_elderly", "-11%", ("least_bad", "least_bad")),
        ("walk", "40%", ("ok", "ok")),
        ("low_vision", "40%", ("ok", "ok")),
    ],
)
def test_other_people_on_a_ramp(profile: str, incline: str, there_and_back: tuple[str, str]):
    assert both(ramps((incline, 5)), profile) == there_and_back


def test_own_limits_move_the_answer():
    town = ramps(("8%", 9))
    assert both(town, limits={"incline_up_max": 0.08}) == ("ok", "ok")
    assert both(town, limits={"incline_up_max": 0.05}) == ("least_bad", "ok")
    assert both(town, limits={"incline_up_short_max": 0.07}) == ("least_bad", "ok")
    assert both(town, limits={"incline_down_max": 0.05}) == ("ok", "least_bad")


def test_the_incline_is_told_in_the_direction_of_travel():
    town = ramps(("8%", 12))
    there, back = (town.route(*ends).routes[0] for ends in (("a", "z"), ("z", "a")))
    assert [segment.incline for segment in there.segments] == [0.0, 0.08, 0.0]
    assert [segment.incline for segment in back.segments] == [0.0, -0.08, 0.0]
    assert (there.summary.incline_up_max, there.summary.incline_down_max) == (0.08, 0.0)
    assert (back.summary.incline_up_max, back.summary.incline_down_max) == (0.0, 0.08)
    assert (there.ascent_m, there.descent_m) == (pytest.approx(1.0, abs=0.1), 0.0)
    [broken] = there.violations
    assert (broken.code, broken.value, broken.limit) == ("incline", pytest.approx(0.08), 0.06)


def test_a_way_drawn_downhill_is_the_same_hill():
    up, down = ramps(("8%", 12)), ramps(("-8%", 12))
    assert both(up) == both(down)[::-1]
    assert up.seconds("a", "z", harm=True) == pytest.approx(down.seconds("z", "a", harm=True))


def test_the_longer_gentle_way_is_taken():
    town = drawn(
        """
             e-----f
             |     |
             |     |
             |     |
             |     |
             |     |
        a----b-----c----z
        """,
        ways={"ab": FLAT, "bc": "highway=footway incline=10% surface=asphalt width=2", "befc": FLAT, "cz": FLAT},
    )
    assert town.path(town.route("a", "z")) == "abefcz"
    assert town.path(town.route("a", "z", profile="walk")) == "abcz"
