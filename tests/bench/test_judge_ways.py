"""One row per rule about ways: what breaks it, what just keeps it; both directions of travel, both of wrongness."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bench.judge_drawn import Tags, line

MW, PW, SC, RO = "manual_wheelchair", "power_wheelchair", "mobility_scooter", "rollator"
CA, ST, LV, WA = "cane_elderly", "stroller", "low_vision", "walk"
EVERYONE = (MW, PW, SC, RO, CA, ST, LV, WA)


def foot(**tags: str) -> Tags:
    return {"highway": "footway"} | {k.replace("__", ":"): v for k, v in tags.items()}


def road(**tags: str) -> Tags:
    return {"highway": "residential"} | {k.replace("__", ":"): v for k, v in tags.items()}


def steps(**tags: str) -> Tags:
    return {"highway": "steps"} | {k.replace("__", ":"): v for k, v in tags.items()}


# fmt: off
DECIDED: list[tuple[Any, ...]] = [
    # name, tags of a 100 m way, profiles, what is broken along it, what against it (where it differs)
    ("a bare footway breaks nothing", foot(), EVERYONE, ""),
    ("a bare street breaks nothing", road(), EVERYONE, ""),
    ("6 % keeps the manual limit", foot(incline="6%"), (MW, RO), ""),
    ("6.04 % keeps it within the tolerance", foot(incline="6.04%"), (MW, RO), ""),
    ("6.2 % for 100 m is no ramp", foot(incline="6.2%"), (MW,), "incline", ""),
    ("8 % up is too much, down is allowed", foot(incline="8%"), (MW,), "incline", ""),
    ("8 % is above the rollator both ways", foot(incline="8 %"), (RO,), "incline"),
    ("a negative incline turns with the way", foot(incline="-8%"), (MW,), "", "incline"),
    ("9 % down is too steep for manual", foot(incline="-9%"), (MW,), "incline"),
    ("12 % is the power chair's limit", foot(incline="12%"), (PW,), ""),
    ("13 % is above it", foot(incline="13%"), (PW,), "incline"),
    ("10 % is the limit of these", foot(incline="10%"), (SC, CA, ST), ""),
    ("1:9 is above it", foot(incline="1:9"), (SC, CA, ST), "incline"),
    ("degrees are degrees", foot(incline="6°"), (SC,), "incline"),
    ("steepness has no limit for these", foot(incline="30%"), (LV, WA), ""),
    ("up has no number", foot(incline="up"), EVERYONE, ""),
    ("nonsense has no number", foot(incline="quite"), EVERYONE, ""),
    ("cross-slope 6 %", foot(incline__across="-6%"), (MW, PW, SC), ""),
    ("cross-slope 7 %, whatever its sign", foot(incline__across="-7%"), (MW, PW, SC, RO), "cross_slope"),
    ("cross-slope 5 % for the rollator", foot(incline__across="5%"), (RO,), ""),
    ("cross-slope has no limit for these", foot(incline__across="20%"), (CA, ST, LV, WA), ""),
    ("0.9 m is wide enough", foot(width="0.9"), (MW, PW, RO, CA, ST, LV, WA), ""),
    ("0.9 m is narrow for a scooter", foot(width="90 cm"), (SC,), "width"),
    ("0.85 m", foot(width="0,85 m"), (MW, PW, RO, CA), "width"),
    ("0.8 m is a stroller's", foot(width="0.8"), (ST, LV, WA), ""),
    ("0.5 m is nobody's", foot(width="0.5"), EVERYONE, "width"),
    ("a physical gap counts", foot(width="2", maxwidth__physical="0.7"), (MW, ST), "width"),
    ("a legal width does not", foot(width="2", maxwidth="0.5"), EVERYONE, ""),
    ("sand", foot(surface="sand"), (MW, PW, SC, RO, CA, ST), "surface"),
    ("sand stops neither of these", foot(surface="sand"), (LV, WA), ""),
    ("grass", foot(surface="grass"), (MW, RO), "surface"),
    ("grass is not refused by these", foot(surface="grass"), (PW, SC, CA, ST), ""),
    ("sett shakes and is allowed", foot(surface="sett"), EVERYONE, ""),
    ("wheelchair=yes lifts the surface", foot(surface="grass", wheelchair="yes"), (MW, RO), ""),
    ("wheelchair=yes lifts no width", foot(width="0.5", wheelchair="yes"), (MW,), "width"),
    ("wheelchair=yes lifts no incline", foot(incline="20%", wheelchair="yes"), (MW,), "incline"),
    ("wheelchair=yes lifts no steps", steps(wheelchair="yes"), (MW,), "steps"),
    ("intermediate smoothness", foot(smoothness="intermediate"), EVERYONE, ""),
    ("bad smoothness", foot(smoothness="bad"), (MW, SC, RO, ST), "smoothness"),
    ("bad is allowed on foot", foot(smoothness="bad"), (CA, LV, WA), ""),
    ("very bad", foot(smoothness="very_bad"), (PW, CA, LV), "smoothness"),
    ("wheelchair=no", foot(wheelchair="no"), (MW, PW, SC), "wheelchair"),
    ("wheelchair=no binds no others", foot(wheelchair="no"), (RO, CA, ST, LV, WA), ""),
    ("wheelchair=limited is no refusal", foot(wheelchair="limited"), EVERYONE, ""),
    ("steps for wheels", steps(step_count="2"), (MW, PW, SC, RO, ST), "steps"),
    ("steps on foot", steps(step_count="40"), (LV, WA), ""),
    ("13 steps with a cane", steps(step_count="13"), (CA,), ""),
    ("14 steps with a cane", steps(step_count="14", handrail="yes"), (CA,), "steps"),
    ("3 steps without a rail", steps(step_count="3", handrail="no"), (CA,), "steps"),
    ("2 steps without a rail", steps(step_count="2", handrail="no"), (CA,), ""),
    ("a wheelchair ramp", steps(ramp="yes", ramp__wheelchair="yes"), (MW, PW, SC, RO, ST), ""),
    ("a ramp beside is another way", steps(ramp__wheelchair="separate"), (MW,), "steps"),
    ("the grade of steps is no incline", steps(step_count="5", incline="60%"), (CA, LV), ""),
    ("an escalator has steps", steps(conveying="yes"), (MW, PW, SC, RO, ST), "steps"),
    ("an escalator runs one way", steps(conveying="forward"), (WA, LV, CA), "", "escalator"),
    ("a moving walk runs one way", foot(conveying="backward"), (WA,), "escalator", ""),
    ("a street beside its sidewalks", road(sidewalk="separate"), EVERYONE, "carriageway"),
    ("a separate side, none opposite", road(sidewalk__right="separate", sidewalk__left="no"), (MW, WA), "carriageway"),
    ("a footway is no carriageway", foot(sidewalk="separate"), EVERYONE, ""),
    ("private in the middle is judged below", foot(access="yes", foot="yes"), EVERYONE, ""),
    ("foot wins over access", foot(access="private", foot="yes"), EVERYONE, ""),
    ("access=no", foot(access="no"), EVERYONE, "access"),
    ("foot=no", road(foot="no"), EVERYONE, "access"),
    ("a motorway", {"highway": "motorway", "foot": "yes"}, EVERYONE, "access"),
    ("a motorroad", {"highway": "trunk", "motorroad": "yes"}, EVERYONE, "access"),
    ("a trunk road may be walked", {"highway": "trunk"}, EVERYONE, ""),
    ("a cycleway may be walked", {"highway": "cycleway"}, EVERYONE, ""),
    ("construction", {"highway": "construction", "construction": "footway"}, EVERYONE, "access"),
    ("a platform is a way", {"railway": "platform"}, EVERYONE, ""),
]
# fmt: on


@pytest.mark.parametrize("row", DECIDED, ids=[row[0] for row in DECIDED])
def test_a_rule_blames_and_searches_alike(tmp_path: Path, row: tuple[Any, ...]) -> None:
    _, tags, profiles, *broken = row
    along, against = ([code] if code else [] for code in (broken[0], broken[-1]))
    drawn = line(tmp_path, tags)
    for profile in profiles:
        assert drawn.codes(profile, drawn.route((1, "a b c"))) == along, profile
        assert drawn.codes(profile, drawn.route((1, "c b a"))) == against, profile
        assert drawn.ok(profile, "a", "c") is (not along), profile
        assert drawn.ok(profile, "c", "a") is (not against), profile


UNDECIDED: list[tuple[str, Tags, str]] = [
    ("two surfaces, one refused", foot(surface="ground;sand"), MW),
    ("an incline without a unit", foot(incline="14"), MW),
    ("an estimated width", foot(est_width="0.5"), MW),
    ("bad smoothness for a power chair", foot(smoothness="bad"), PW),
    ("a ramp for strollers without carry", steps(ramp__stroller="yes"), ST),
    ("an unusual access", foot(access="permit"), WA),
    ("use_sidepath", road(foot="use_sidepath"), WA),
    ("access by the clock", foot(access__conditional="no @ (22:00-06:00)"), WA),
    ("a bridleway", {"highway": "bridleway"}, WA),
    ("a footway with counted steps", foot(step_count="6"), MW),
    ("a motorway ramp said to be open", {"highway": "motorway_link", "foot": "yes"}, WA),
    ("a surface that may be another", foot(surface="cobblestone:rounded"), MW),
    ("an old sided width", {"highway": "residential", "footway:left.width": "0.5"}, MW),
    ("one separate side, the other not told", road(sidewalk__right="separate"), WA),
    ("uncounted steps without a rail", steps(handrail="no"), CA),
]


@pytest.mark.parametrize(("name", "tags", "profile"), UNDECIDED, ids=[row[0] for row in UNDECIDED])
def test_what_the_contract_leaves_open_is_neither_blamed_nor_used(
    tmp_path: Path, name: str, tags: Tags, profile: str
) -> None:
    drawn = line(tmp_path, tags)
    assert drawn.codes(profile, drawn.route((1, "a b c"))) == []
    assert not drawn.ok(profile, "a", "c")


OWN: list[tuple[str, Tags, str, dict[str, Any], list[str]]] = [
    ("a tighter incline", foot(incline="5%"), MW, {"limits": {"incline_up_max": 0.04}}, ["incline"]),
    ("a looser incline", foot(incline="9%"), RO, {"limits": {"incline_up_max": 0.1, "incline_down_max": 0.1}}, []),
    ("its short limit follows", foot(incline="7%"), MW, {"limits": {"incline_up_max": 0.07}}, []),
    ("down stays", foot(incline="-9%"), MW, {"limits": {"incline_up_max": 0.2}}, ["incline"]),
    ("a wider need", foot(width="1.0"), MW, {"limits": {"width_min_m": 1.1}}, ["width"]),
    ("a wider need within the tolerance", foot(width="1.1"), MW, {"limits": {"width_min_m": 1.1000005}}, []),
    ("own surfaces", foot(surface="sett"), MW, {"limits": {"surfaces_refused": ["sett"]}}, ["surface"]),
    ("own surfaces replace", foot(surface="grass"), MW, {"limits": {"surfaces_refused": ["sett"]}}, []),
    ("own smoothness", foot(smoothness="intermediate"), MW, {"limits": {"smoothness_worst": "good"}}, ["smoothness"]),
    ("own cross-slope", foot(incline__across="5%"), MW, {"limits": {"cross_slope_max": 0.04}}, ["cross_slope"]),
    ("own steps", steps(step_count="3"), MW, {"limits": {"steps_max": 3}}, []),
    ("fewer steps", steps(step_count="3"), CA, {"limits": {"steps_max": 2}}, ["steps"]),
    ("pushed by somebody", foot(incline="8%"), MW, {"options": {"assisted": True}}, []),
    ("with a guide", foot(width="1.1"), LV, {"options": {"guided": True}}, ["width"]),
    ("a double stroller", foot(width="0.85"), ST, {"options": {"double": True}}, ["width"]),
    ("carried over three steps", steps(step_count="3"), ST, {"options": {"carry": True}}, []),
    ("not over four", steps(step_count="4"), ST, {"options": {"carry": True}}, ["steps"]),
    ("a stroller ramp with carry", steps(step_count="9", ramp__stroller="yes"), ST, {"options": {"carry": True}}, []),
    (
        "avoiding the unknown",
        foot(),
        MW,
        {"unknown": "avoid"},
        ["unknown_incline", "unknown_surface", "unknown_width"],
    ),
    ("wheelchair=yes lifts the unknown", foot(wheelchair="yes"), MW, {"unknown": "avoid"}, []),
    ("all is told", foot(surface="asphalt", width="2", incline="0%"), MW, {"unknown": "avoid"}, []),
]


@pytest.mark.parametrize(("name", "tags", "profile", "more", "codes"), OWN, ids=[row[0] for row in OWN])
def test_own_limits_and_options_decide(
    tmp_path: Path, name: str, tags: Tags, profile: str, more: dict[str, Any], codes: list[str]
) -> None:
    drawn = line(tmp_path, tags)
    assert drawn.codes(profile, drawn.route((1, "a b c")), **more) == codes
    assert drawn.ok(profile, "a", "c", **more) is (not codes)


RAMPS: list[tuple[str, str, float, list[str]]] = [
    ("1:12 for 8 m fits its row", "8.33%", 8.0, []),
    ("1:12 for 11 m does not", "8.33%", 11.0, ["incline"]),
    ("7 % for 8 m is judged by the 1:12 row", "7%", 8.0, []),
    ("6.25 % may be 13 m long", "6.25%", 13.0, []),
    ("6.25 % may not be 16 m long", "6.25%", 16.0, ["incline"]),
    ("above the short limit no length fits", "9%", 2.0, ["incline"]),
]


@pytest.mark.parametrize(("name", "incline", "metres", "codes"), RAMPS, ids=[row[0] for row in RAMPS])
def test_a_run_of_steep_edges_fits_the_ramp_table_or_not(
    tmp_path: Path, name: str, incline: str, metres: float, codes: list[str]
) -> None:
    drawn = line(tmp_path, foot(incline=incline), metres=metres)
    assert drawn.codes(MW, drawn.route((1, "a b c"))) == codes
    assert drawn.ok(MW, "a", "c") is (not codes)


def test_a_run_goes_on_over_ways_and_around_the_path(tmp_path: Path) -> None:
    drawn = line(tmp_path, foot(incline="8%"), metres=12.0, then=foot(incline="8%", surface="asphalt"))
    assert drawn.codes(MW, drawn.route((1, "a b"))) == ["incline"], "the run is of the map, not of the path"
    turned = line(tmp_path, foot(incline="8%"), metres=12.0, then=foot(incline="-8%"))
    assert turned.codes(MW, turned.route((1, "a b"), (2, "b c"))) == [], "up, then down: two runs of 6 m"


def test_steeper_than_one_in_eight_is_never_a_ramp(tmp_path: Path) -> None:
    drawn = line(tmp_path, foot(incline="14%"), metres=2.0)
    limits = {"incline_up_max": 0.06, "incline_up_short_max": 0.2, "incline_down_max": 0.2}
    assert drawn.codes(MW, drawn.route((1, "a b c")), limits=limits) == ["incline"]
    gentle = line(tmp_path, foot(incline="12%"), metres=2.0)
    assert gentle.codes(MW, gentle.route((1, "a b c")), limits=limits) == []


def test_an_attached_sidewalk_is_judged_by_its_own_tags(tmp_path: Path) -> None:
    tags = road(sidewalk="both", surface="sand", sidewalk__left__surface="asphalt", sidewalk__right__surface="grass")
    drawn = line(tmp_path, tags)
    assert drawn.codes(MW, drawn.route((1, "a b c", {"side": "left"}))) == []
    assert drawn.codes(MW, drawn.route((1, "a b c", {"side": "right"}))) == ["surface"]
    assert drawn.codes(MW, drawn.route((1, "a b c"))) == [], "nobody said the person is in the middle"
    assert not drawn.ok(MW, "a", "c"), "and nobody is promised the good side"


def test_an_attached_side_is_no_carriageway_beside_a_separate_one(tmp_path: Path) -> None:
    drawn = line(tmp_path, road(sidewalk__left="yes", sidewalk__right="separate"))
    assert drawn.codes(MW, drawn.route((1, "a b c", {"side": "left"}))) == []
    assert drawn.codes(MW, drawn.route((1, "a b c", {"side": "right"}))) == []
    assert drawn.codes(MW, drawn.route((1, "a b c"))) == []
    assert drawn.ok(MW, "a", "c"), "the attached sidewalk opposite is there to be walked"


@pytest.mark.parametrize(
    ("tags", "profile", "points"),
    [
        (steps(step_count="4"), MW, 70.0),
        (steps(), MW, 100.0),
        (steps(step_count="4", wheelchair="no"), MW, 70.0),
        (foot(width="0.85"), MW, 5.0),
        (foot(incline="8%"), MW, 100.0),
        (foot(incline__across="7%"), MW, 50.0),
        (foot(surface="sand"), MW, 50.0),
        (foot(smoothness="bad", surface="sand"), MW, 100.0),
        (foot(wheelchair="no"), MW, 30.0),
        (road(sidewalk="separate"), MW, 20.0),
        (foot(), MW, 0.0),
    ],
)
def test_harm_weighs_as_the_contract_says(tmp_path: Path, tags: Tags, profile: str, points: float) -> None:
    drawn = line(tmp_path, tags)
    assert drawn.points(profile, drawn.route((1, "a b c"))) == pytest.approx(points, abs=0.01)
    least = drawn.least(profile, "a", "c")
    extra = 30.0 if tags.get("wheelchair") == "no" and tags["highway"] == "steps" else 0.0
    assert least == pytest.approx(points + extra, abs=0.01)


def test_a_part_of_a_flight_weighs_fifty_and_its_own_steps(tmp_path: Path) -> None:
    drawn = line(tmp_path, steps(step_count="8"))
    assert drawn.points(MW, drawn.route((1, "a b"))) == pytest.approx(70.0, abs=0.01)
    assert drawn.points(MW, drawn.route((1, "a b c"))) == pytest.approx(90.0, abs=0.01)
    assert drawn.least(MW, "a", "b") == pytest.approx(90.0, abs=0.01), "the judge's own path is never flattered"
