"""Speed on slopes and ground: the test vectors of PROFILES §3, metres per second."""

from __future__ import annotations

import pytest

from accessibility.profiles import built_in
from tests.support.table import Row, person, spec, way_seconds


@spec("""
who               | -8.33 | -5   | -3   | 0    | 3    | 5    | 6    | 8.33
manual_wheelchair | 0.44  | 0.61 | 0.75 | 0.75 | 0.44 | 0.30 | 0.25 | 0.17
power_wheelchair  | 1.13  | 1.29 | 1.40 | 1.40 | 1.24 | 1.15 | 1.10 | 1.00
mobility_scooter  | 1.29  | 1.48 | 1.60 | 1.60 | 1.42 | 1.31 | 1.26 | 1.15
rollator          | 0.39  | 0.51 | 0.60 | 0.60 | 0.49 | 0.42 | 0.39 | 0.33
cane_elderly      | 0.61  | 0.72 | 0.80 | 0.80 | 0.69 | 0.62 | 0.59 | 0.53
stroller          | 0.92  | 1.09 | 1.20 | 1.20 | 1.03 | 0.93 | 0.89 | 0.79
low_vision        | 0.83  | 0.93 | 1.00 | 1.00 | 0.90 | 0.84 | 0.81 | 0.75
walk              | 1.38  | 1.55 | 1.44 | 1.30 | 1.17 | 1.09 | 1.05 | 0.97
""")
def test_speed_on_a_slope(row: Row) -> None:
    for percent, speed in list(row.cells.items())[1:]:
        seconds = way_seconds(f"highway=footway surface=asphalt incline={percent}%", row.who, length_m=100)[0]
        assert 100 / seconds == pytest.approx(float(speed), abs=0.0051), percent
        back = way_seconds(f"highway=footway incline={percent}%", row.who, length_m=100, against=True)[0]
        climb = way_seconds(f"highway=footway incline={-float(percent)}%", row.who, length_m=100)[0]
        assert back == pytest.approx(climb), "against the way is along the mirrored way"


@pytest.mark.parametrize("who", built_in)
def test_a_limit_never_changes_speed(who: str) -> None:
    steep = "highway=footway incline=7%"
    own = f"{who} incline_up_max=0.2 incline_down_max=0.2 cross_slope_max=0.2"
    assert way_seconds(steep, own) == way_seconds(steep, who)


@pytest.mark.parametrize(("option", "speed"), [("manual_wheelchair +assisted", 1.0), ("low_vision +guided", 1.2)])
def test_help_is_faster(option: str, speed: float) -> None:
    assert 10 / way_seconds("highway=footway", option)[0] == pytest.approx(speed)
    assert 10 / way_seconds("highway=footway", f"{option} speed_mps=0.5")[0] == pytest.approx(0.5)


@spec("""
across | factor
2%     | 1
5.24%  | 0.66
10.51% | 0.42
""")
def test_a_leaning_way_slows_a_manual_wheelchair_alone(row: Row) -> None:
    lean = f"highway=footway incline:across={row.across}"
    level = way_seconds("highway=footway", "manual_wheelchair")[0]
    assert level / way_seconds(lean, "manual_wheelchair")[0] == pytest.approx(float(row.factor), abs=0.01)
    assert way_seconds(lean, "power_wheelchair")[0] == way_seconds("highway=footway", "power_wheelchair")[0]


@pytest.mark.parametrize("who", built_in)
def test_no_slope_takes_for_ever(who: str) -> None:
    cliff = way_seconds("highway=footway incline=100%", who, length_m=1)[0]
    assert cliff <= 10 / person(who).speed_mps + 1e-9


@pytest.mark.parametrize("who", built_in)
def test_steps_at_half_a_metre_a_second(who: str) -> None:
    assert way_seconds("highway=steps", who, length_m=10)[0] == 20
