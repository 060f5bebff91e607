"""Quantities: every form in the wild is a number or None, and nothing raises."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accessibility import quantities

GOLDEN = Path(__file__).with_name("golden_quantities.tsv")
READERS = {
    "width": quantities.length_m,
    "est_width": quantities.length_m,
    "maxwidth:physical": quantities.length_m,
    "kerb:height": quantities.kerb_height_m,
    "incline": quantities.grade,
    "step_count": quantities.count,
    "maxspeed": quantities.speed_kmh,
    "level": quantities.levels,
}


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("2", 2.0),
        ("2.5", 2.5),
        ("1,5", 1.5),
        (".9", 0.9),
        ("2 m", 2.0),
        ("2m", 2.0),
        ("5.50 m", 5.5),
        ("1.80 mt", 1.8),
        ("80 cm", 0.8),
        ("80cm", 0.8),
        ("900 mm", 0.9),
        ("3'4\"", 1.016),
        ("3'", 0.9144),
        ("3 ft", 0.9144),
        ("3 ft 4 in", 1.016),
        ('12"', 0.3048),
        ("12 in", 0.3048),
        ("5′", 1.524),
        ("ca. 2", 2.0),
        ("~2", 2.0),
        (">1.5 m", 1.5),
        ("4.6+", 4.6),
        ("2 - 2.5 m", 2.0),
        ("2-3", 2.0),
        ("80-90 cm", 0.8),
        ("1.2;0.9", 0.9),
        ("0", 0.0),
        (" 2 ", 2.0),
        ("-2", None),
        ("narrow", None),
        ("", None),
        (None, None),
        ("2 x 3", None),
        ("2;wide", None),
        ("1.2.3", None),
        ("999", None),
        ("nan", None),
        ("inf", None),
        ("1e5", None),
        ("2 furlongs", None),
        ("٣", None),
    ],
)
def test_lengths(text: str | None, metres: float | None) -> None:
    assert quantities.length_m(text) == (None if metres is None else pytest.approx(metres))


def test_the_safe_end_of_a_range_is_the_callers_choice() -> None:
    assert quantities.length_m("0.8 - 1.2 m") == 0.8
    assert quantities.length_m("0.8 - 1.2 m", pick="greatest") == 1.2


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3 cm", 0.03),
        ("3cm", 0.03),
        ("0.03", 0.03),
        ("0.15 m", 0.15),
        ("0,03", 0.03),
        ("30 mm", 0.03),
        ("15", 0.15),
        ("3", 0.03),
        ("2.5", 0.025),
        ("3-6 cm", 0.06),
        ("0.03;0.06", 0.06),
        ('6"', 0.1524),
        ("0", 0.0),
        ("0 cm", 0.0),
        ("777", None),
        ("120", None),
        ("0.9", None),
        ("high", None),
        ("-3 cm", None),
    ],
)
def test_kerb_heights(text: str, metres: float | None) -> None:
    assert quantities.kerb_height_m(text) == (None if metres is None else pytest.approx(metres))


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("6 %", 0.06),
        ("6%", 0.06),
        ("6 ％", 0.06),
        ("-4%", -0.04),
        ("+4%", 0.04),
        ("-4 %", -0.04),
        ("1.5%", 0.015),
        ("1,5 %", 0.015),
        ("6°", math.tan(math.radians(6))),
        ("-10°", -math.tan(math.radians(10))),
        ("6 deg", math.tan(math.radians(6))),
        ("45°", 1.0),
        ("1:12", 1 / 12),
        ("-1:12", -1 / 12),
        ("1/20", 0.05),
        ("8", 0.08),
        ("-7", -0.07),
        ("1", 0.01),
        ("0", 0.0),
        ("-0%", 0.0),
        ("5-8%", 0.08),
        ("5%;8%", 0.08),
        ("-5%;-8%", -0.08),
        ("<10%", 0.1),
        ("100%", 1.0),
        ("up", None),
        ("down", None),
        ("steep", None),
        ("yes", None),
        ("0.6", None),
        ("-0.05", None),
        ("5%;-5%", None),
        ("5%;up", None),
        ("455%", None),
        ("60°", None),
        ("1:0", None),
        ("777%", None),
        ("", None),
        (None, None),
    ],
)
def test_grades(text: str | None, fraction: float | None) -> None:
    assert quantities.grade(text) == (None if fraction is None else pytest.approx(fraction))


def test_level_ground_has_no_sign() -> None:
    assert math.copysign(1, quantities.grade("-0%") or 0.0) == 1


@pytest.mark.parametrize(("text", "sign"), [("up", 1), ("down", -1), (" Up ", 1), ("6%", None), ("steep", None)])
def test_signs(text: str, sign: int | None) -> None:
    assert quantities.grade_sign(text) == sign


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("ca. 20", 20),
        ("10-12", 12),
        ("5;7", 7),
        ("30+", 30),
        ("3.0", 3),
        ("-3", None),
        ("many", None),
        ("", None),
    ],
)
def test_counts(text: str, number: int | None) -> None:
    assert quantities.count(text) == number


@pytest.mark.parametrize(
    ("text", "kmh"), [("30", 30), ("20 mph", 32.19), ("50 km/h", 50), ("walk", 7), ("none", None), ("DE:urban", None)]
)
def test_speeds(text: str, kmh: float | None) -> None:
    assert quantities.speed_kmh(text) == (None if kmh is None else pytest.approx(kmh, abs=0.01))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0", (0.0,)),
        ("-1;0", (-1.0, 0.0)),
        ("0;-1;-4", (-4.0, -1.0, 0.0)),
        ("-0,5", (-0.5,)),
        ("0-3", (0.0, 1.0, 2.0, 3.0)),
        ("-2-0", (-2.0, -1.0, 0.0)),
        ("-0", (0.0,)),
        ("E", ()),
        ("", ()),
        ("1;E", (1.0,)),
    ],
)
def test_levels(text: str, found: tuple[float, ...]) -> None:
    assert quantities.levels(text) == found


def test_the_golden_file_holds() -> None:
    """Every distinct value of the shared extracts, as it was last understood and looked through by a person."""
    lines = [line.split("\t") for line in GOLDEN.read_text().splitlines() if not line.startswith("#")]
    assert len(lines) > 300
    wrong = [(key, text, told) for key, text, told in lines if shown(READERS[key](text)) != told]
    assert not wrong


def shown(value: object) -> str:
    """A reading as the golden file writes it."""
    if value is None or value == ():
        return "-"
    if isinstance(value, tuple):
        return " ".join(f"{part:g}" for part in value)
    return f"{value:.6g}"


_numberish = st.text(alphabet="0123456789.,-+:;/'\"°% cmftinup~<>", max_size=12)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30) | _numberish)
@example("1" * 400)
@example("-" * 300)
@example("1:" * 100)
def test_nothing_raises_and_every_number_is_finite_and_sane(text: str) -> None:
    for pick in ("least", "greatest"):
        length = quantities.length_m(text, pick)  # type: ignore[arg-type]
        assert length is None or (math.isfinite(length) and length >= 0)
    kerb, grade = quantities.kerb_height_m(text), quantities.grade(text)
    assert kerb is None or 0 <= kerb <= quantities.KERB_HIGHEST_M
    assert grade is None or abs(grade) <= quantities.GRADE_STEEPEST + 1e-9
    number, speed = quantities.count(text), quantities.speed_kmh(text)
    assert number is None or 0 <= number <= 9999
    assert speed is None or (math.isfinite(speed) and speed >= 0)
    assert all(math.isfinite(level) for level in quantities.levels(text))
    assert quantities.grade_sign(text) in (None, 1, -1)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 4000), st.sampled_from(["{} m", "{}m", "{}", "{} M"]))
def test_metres_are_read_back(millimetres: int, form: str) -> None:
    written = form.format(f"{millimetres / 1000:.3f}")
    assert quantities.length_m(written) == pytest.approx(millimetres / 1000)


@settings(max_examples=100, deadline=None)
@given(st.integers(-1000, 1000), st.sampled_from(["{:+.1f}%", "{:.1f} %", "{:.1f}%"]))
def test_percents_are_read_back_with_their_sign(permille: int, form: str) -> None:
    assert quantities.grade(form.format(permille / 10)) == pytest.approx(permille / 1000)
