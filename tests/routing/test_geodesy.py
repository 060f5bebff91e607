"""Distances on the ground: arrays and single pairs say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.geodesy import apart_m, distance_m

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@given(LON, LAT, LON, LAT)
def test_a_pair_is_as_far_apart_as_its_array(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> None:
    assert apart_m(lon_a, lat_a, lon_b, lat_b) == pytest.approx(float(distance_m(lon_a, lat_a, lon_b, lat_b)), abs=1e-6)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert apart_m(24.9, 60.0, 24.9, 61.0) == pytest.approx(111_195, abs=1)
