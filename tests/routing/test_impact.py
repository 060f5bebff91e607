"""Whether a closed place is the last way to somewhere."""

from __future__ import annotations

from uuid import UUID

import pytest

from accessibility.barriers import Barrier
from routing.impact import cuts_last_way
from tests.support.drawn import Town, drawn


def closure(at: tuple[float, float]) -> Barrier:
    place = {"type": "Point", "coordinates": at}
    return Barrier(UUID(int=1), "construction", 4, at, place, "suspected", True, 1)


def between(town: Town, a: str, b: str) -> tuple[float, float]:
    (x, y), (u, v) = town.at[a], town.at[b]
    return (x + u) / 2, (y + v) / 2


RING = """
    a-------b-------e
    |       |
    d-------c
"""


@pytest.mark.parametrize(
    ("ways", "closed", "cuts"),
    [
        ({"abcda": "highway=footway", "be": "highway=footway"}, "ab", False),
        ({"abcda": "highway=footway", "be": "highway=footway"}, "be", True),
        # Round the block there are steps: on foot there is another way, on wheels there is none.
        ({"abc": "highway=footway", "cd": "highway=steps", "da": "highway=footway"}, "ab", True),
        ({"abcd": "highway=footway", "da": "highway=footway access=private"}, "ab", True),
    ],
)
def test_the_last_way(ways: dict[str, str], closed: str, cuts: bool) -> None:
    town = drawn(RING, ways=ways)
    assert cuts_last_way(town.router, closure(between(town, *closed))) is cuts
    town.close()


def test_what_lies_on_nothing_cuts_nothing() -> None:
    town = drawn(RING, ways={"abcda": "highway=footway"})
    far = (town.at["a"][0] + 0.01, town.at["a"][1])
    assert not cuts_last_way(town.router, closure(far))
    town.close()
