"""Light: a wish that moves the way at most so far, and that never refuses anything."""

from __future__ import annotations

import pytest

from tests.support.drawn import Town, drawn
from tests.support.questions import answered
from tests.support.table import Row, spec

GOOD = "highway=footway incline=0% surface=asphalt smoothness=good width=2"


def park(straight: str, around: str, rows: int) -> Town:
    """Straight from b to c is 200 m; around by e and f so many rows of 20 m more on each side."""
    sides = ["     |         |"] * (rows - 1)
    picture = "\n".join(["     e---------f", *sides, "a----b---------c----d"])
    ways = {"ab": GOOD, "cd": GOOD, "bc": f"{GOOD} {straight}", "be": f"{GOOD} {around}"}
    ways |= {"ef": f"{GOOD} {around}", "fc": f"{GOOD} {around}"}
    return drawn(picture, ways=ways, cell_m=20)


@spec("""
straight | around  | rows | prefer.lit | way
lit=no   | lit=yes | 1    | no         | straight
lit=no   | lit=yes | 1    | yes        | around
lit=no   | lit=yes | 3    | yes        | straight
         | lit=yes | 1    | yes        | straight
lit=no   |         | 1    | yes        | around
lit=yes  | lit=yes | 1    | yes        | straight
lit=no   | lit=no  | 1    | yes        | straight
""")
def test_light_moves_the_way(row: Row) -> None:
    """Unlit costs half as much again: 40 m more are worth it, 120 m are not. Unknown costs a tenth: neither is."""
    cells = row.cells
    town = park(cells["straight"], cells["around"], int(cells["rows"]))
    wished = {"prefer": {"lit": True}} if cells["prefer.lit"] == "yes" else {}
    answer = answered(town, "a", "d", profile="walk", person=wished)
    path = town.path(answer)
    town.close()
    assert answer.status == "ok"
    assert ("e" in path) == (cells["way"] == "around")


@pytest.mark.parametrize("straight", ["lit=no", ""])
def test_darkness_breaks_no_limit(straight: str) -> None:
    town = drawn("a----b----c", ways={"ab": GOOD, "bc": f"{GOOD} {straight}"}, cell_m=20)
    answer = answered(town, "a", "c", profile="walk", person={"prefer": {"lit": True}})
    town.close()
    assert (answer.status, answer.routes[0].violations) == ("ok", [])
