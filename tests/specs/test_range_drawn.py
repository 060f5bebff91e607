"""The range of a battery against the way there and the way back."""

from __future__ import annotations

import pytest

from tests.support.drawn import Town, drawn
from tests.support.questions import answered

GOOD = "highway=footway incline=0% surface=asphalt smoothness=good width=3"


def two_ways(straight: str) -> Town:
    """a to d: 500 m straight, or 580 m round by e and f."""
    return drawn(
        """
                  e-----------------------------f
                  |                             |
                  |                             |
                  |                             |
        a---------b-----------------------------c---------d
        """,
        ways={"ab": GOOD, "bc": f"{GOOD} {straight}", "cd": GOOD, "be": GOOD, "ef": GOOD, "fc": GOOD},
        cell_m=10,
    )


ROUGH = "surface=sett smoothness=intermediate"
"""A scooter rather goes 80 m farther than over this."""


@pytest.mark.parametrize(
    ("range_m", "enough", "notes"),
    [
        (5000.0, "ok", []),
        (1000.5, "ok", []),
        (999.0, "one_way", ["no_range_for_return"]),
        (501.0, "one_way", ["no_range_for_return"]),
        (400.0, "no", ["beyond_range"]),
    ],
)
def test_the_summary_says_how_far_the_battery_goes(range_m: float, enough: str, notes: list[str]) -> None:
    town = two_ways("")
    route = answered(town, "a", "d", profile="mobility_scooter", range_m=range_m).routes[0]
    town.close()
    assert (route.summary.range, [note.code for note in route.notes]) == (enough, notes)
    assert route.distance_m == pytest.approx(500, abs=0.5)
    assert route.summary.there_and_back_m == pytest.approx(1000, abs=1)


def test_a_way_beyond_the_range_is_shown_with_the_place_where_the_battery_is_empty() -> None:
    town = two_ways("")
    route = answered(town, "a", "d", profile="mobility_scooter", range_m=100.0).routes[0]
    b = town.at["b"]
    town.close()
    [note] = route.notes
    assert note.at == pytest.approx(b, abs=1e-6)


@pytest.mark.parametrize(
    ("range_m", "why", "metres", "enough"),
    [
        (None, "shortest", 580, None),
        (1200.0, "shortest", 580, "ok"),  # enough for the smooth way, there and back
        (1100.0, "shortest", 580, "ok"),  # enough for the smooth way there and the straight one back
        (1010.0, "within_range", 500, "ok"),  # straight, both times
        (590.0, "shortest", 580, "one_way"),  # the straight one would not bring one back either
        (510.0, "within_range", 500, "one_way"),
        (400.0, "shortest", 580, "no"),  # neither way: the better one
    ],
)
def test_a_way_within_the_range_is_preferred(
    range_m: float | None, why: str, metres: float, enough: str | None
) -> None:
    town = two_ways(ROUGH)
    route = answered(town, "a", "d", profile="mobility_scooter", range_m=range_m).routes[0]
    town.close()
    assert (route.why, route.distance_m) == (why, pytest.approx(metres, abs=1))
    assert enough is None or route.summary.range == enough


def test_the_way_back_is_the_one_that_was_counted() -> None:
    town = two_ways(ROUGH)
    answer = answered(town, "a", "d", profile="mobility_scooter", range_m=1100.0, way_back=True)
    town.close()
    assert answer.back is not None
    assert answer.back.route is not None
    both = answer.routes[0].distance_m + answer.back.route.distance_m
    assert both == pytest.approx(answer.routes[0].summary.there_and_back_m, abs=0.2)
    assert both == pytest.approx(1080, abs=1)


def test_the_range_is_no_reason_to_break_a_limit() -> None:
    """Straight there is a kerb too many: the way round stays, whatever the battery says."""
    town = two_ways("width=0.5")
    answer = answered(town, "a", "d", profile="mobility_scooter", range_m=510.0)
    town.close()
    assert (answer.status, answer.routes[0].distance_m) == ("ok", pytest.approx(580, abs=1))
    assert answer.routes[0].summary.range == "no"


def test_with_no_way_back_the_battery_is_enough_for_one_way_only() -> None:
    town = drawn("a----b----c", ways={"ab": GOOD, "bc": f"{GOOD} conveying=forward"}, cell_m=20)
    summary = answered(town, "a", "c", profile="walk", range_m=5000.0).routes[0].summary
    town.close()
    assert (summary.return_, summary.range, summary.there_and_back_m) == ("no", "one_way", None)
