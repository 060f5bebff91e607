"""A line reads like the list of its pairs, and is the same JSON."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.answers import LineString
from routing.line import Line, encoded

PLACES = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), max_size=12)


def line_of(places: list[tuple[float, float]]) -> Line:
    return Line(np.array(places, np.float64).reshape(-1, 2))


@given(PLACES)
def test_the_same_json_as_its_pairs(places: list[tuple[float, float]]) -> None:
    back = msgspec.json.decode(encoded(LineString(line_of(places))), type=LineString)
    assert [tuple(at) for at in back.coordinates] == places


@given(PLACES.filter(bool), st.data())
def test_reads_like_the_list(places: list[tuple[float, float]], data: st.DataObject) -> None:
    line, at = line_of(places), data.draw(st.integers(-len(places), len(places) - 1))
    part = slice(data.draw(st.none() | st.integers(-3, 12)), data.draw(st.none() | st.integers(-3, 12)))
    assert (len(line), list(line), line[at]) == (len(places), places, places[at])
    assert all(type(value) is float for value in line[at])
    assert line == places
    assert line[part] == places[part]
    assert line != [*places, (0.0, 0.0)]


def test_one_column_of_a_wider_array_is_the_same() -> None:
    """Rows need not lie one behind the other in memory."""
    wide = np.arange(12.0).reshape(4, 3)
    assert encoded(Line(wide[:, :2])) == b"[[0.0,1.0],[3.0,4.0],[6.0,7.0],[9.0,10.0]]"


def test_what_nobody_knows_is_no_json() -> None:
    with pytest.raises(NotImplementedError):
        encoded(object())
