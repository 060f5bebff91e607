"""Ground and pixels: everything asked for is inside, shapes are true, the scale says what it measures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.picture_frame import HEIGHT, MARGIN, SCALE_BAR, WIDTH, Frame, arrow_heads, path, thinned
from routing.geodesy import distance_m
from routing.plane import Plane

PLANE = Plane(8.69, 49.41)
NEAR = st.tuples(st.floats(8.2, 9.2), st.floats(49.0, 49.8))


@given(st.lists(NEAR, min_size=1, max_size=30))
def test_all_places_are_inside_the_margins(places: list[tuple[float, float]]) -> None:
    frame = Frame.around(PLANE, places, 64, HEIGHT - 26)
    x, y = frame.pixels(places).T
    assert (x >= MARGIN - 0.1).all()
    assert (x <= WIDTH - MARGIN + 0.1).all()
    assert (y >= 64 + MARGIN - 0.1).all()
    assert (y <= HEIGHT - 26 - MARGIN + 0.1).all()


@given(NEAR, NEAR, st.sampled_from([1.0, 0.3048]))
def test_the_scale_measures_the_ground(one: tuple[float, float], other: tuple[float, float], unit_m: float) -> None:
    frame = Frame.around(PLANE, [one, other], 64, HEIGHT - 26)
    count, pixels = frame.scale(unit_m)
    assert frame.scale(1e9) == (0, 0.0)
    assert pixels <= SCALE_BAR
    assert str(count)[0] in "125"
    drawn = float(np.hypot(*(frame.pixels([one])[0] - frame.pixels([other])[0])))
    ground = float(distance_m(*one, *other))
    assert drawn * count * unit_m / pixels == pytest.approx(ground, rel=2e-3, abs=0.01)


def test_north_is_up_and_east_is_right() -> None:
    frame = Frame.around(PLANE, [(8.69, 49.41), (8.70, 49.42)], 0, HEIGHT)
    (x0, y0), (x1, y1) = frame.pixels([(8.69, 49.41), (8.70, 49.42)]).tolist()
    assert x1 > x0
    assert y1 < y0
    west, south, east, north = frame.box_m
    assert frame.of_plane(np.array([[west, north], [east, south]])) == pytest.approx(
        np.array([[0, 0], [WIDTH, HEIGHT]])
    )


def test_vertices_in_one_pixel_are_drawn_once_but_ends_always() -> None:
    pixels = np.array([[0.0, 0.0], [0.1, 0.1], [0.2, 0.2], [5.0, 5.0], [5.0, 5.1], [5.0, 5.1]])
    line = np.array([0, 0, 0, 0, 0, 1])
    assert thinned(pixels, line).tolist() == [True, False, False, True, True, True]


def test_arrows_stand_on_the_line_and_point_along_it() -> None:
    heads = list(arrow_heads(np.array([[0.0, 0.0], [400.0, 0.0]]), every=100))
    assert len(heads) == 4
    for head in heads:
        left, tip, right = ([float(n) for n in pair.split(",")] for pair in head[1:].split())
        assert tip[0] > left[0] == right[0]
        assert tip[1] == 0
    assert list(arrow_heads(np.array([[0.0, 0.0]]))) == []


def test_a_line_as_a_path() -> None:
    assert path(np.array([[1.0, 2.04], [3.26, -4.0]])) == "M1.0,2.0 3.3,-4.0"
