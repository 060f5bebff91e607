"""Tag values → numbers, as the judge reads them, and that no text can break it."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.judge import words
from bench.judge.tables import KERB_M


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1.5", 1.5), ("1,5", 1.5), ("1.5 m", 1.5), ("150cm", 1.5), ("30 mm", 0.03), ("2 metres", 2.0)),
        *(("3'4\"", 40 * 0.0254), ('12"', 0.3048), ("3'", 0.9144), ("3 ft", 0.9144), (" 2 ", 2.0)),
        *(("narrow", None), ("", None), ("4.6+", None), ("2-3", None), ("m", None), ("'", None)),
    ],
)
def test_lengths(text: str, value: float | None) -> None:
    assert words.metres(text) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "sure", "feared"),
    [
        *(("6%", 0.06, 0.06), ("-4 %", -0.04, -0.04), ("1:12", 1 / 12, 1 / 12), ("-1:20", -0.05, -0.05)),
        *(
            (
                "6°",
                math.tan(math.radians(6)),
            )
            * 1
            + (math.tan(math.radians(6)),),
        ),
        *(("0", 0.0, 0.0), ("14", None, 0.14), ("0.06", None, 0.06), ("5%;9%", None, 0.09), ("1,5%", 0.015, 0.015)),
        *(("up", None, None), ("down", None, None), ("yes", None, None), ("±3.9%", None, None), ("900%", None, None)),
    ],
)
def test_grades(text: str, sure: float | None, feared: float | None) -> None:
    for fearful, value in ((False, sure), (True, feared)):
        got = words.grade(text, fearful=fearful)
        assert got == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "sure", "feared"),
    [
        ("1;2", 2.0, 1.0),
        ("0.5;wide", None, 0.5),
        ("2", 2.0, 2.0),
        ("wide", None, None),
        (None, None, None),
        ("0", None, None),
    ],
)
def test_widths_of_several_values(text: str | None, sure: float | None, feared: float | None) -> None:
    assert words.narrowest(text, fearful=False) == sure
    assert words.narrowest(text, fearful=True) == feared


@pytest.mark.parametrize(
    ("text", "value"), [("3 cm", 0.03), ("3cm", 0.03), ("0.06", 0.06), ("15", 0.15), ("0.15 m", 0.15), ("high", None)]
)
def test_kerb_heights(text: str, value: float | None) -> None:
    for fearful in (False, True):
        assert words.kerb_height(text, fearful=fearful) == (None if value is None else pytest.approx(value))


def test_kerb_words() -> None:
    assert [
        words.kerb_word(w, KERB_M, fearful=False) for w in ("flush", "no", "lowered", "rolled", "raised", "yes")
    ] == [*(0.0, 0.0, 0.03, 0.04, 0.16, None)]
    assert words.kerb_word("flush;lowered", KERB_M, fearful=False) == 0.0
    assert words.kerb_word("flush;lowered", KERB_M, fearful=True) == 0.03
    assert words.kerb_word("regular", KERB_M, fearful=False) is None
    assert words.kerb_word("regular", KERB_M, fearful=True) == 0.16


@settings(max_examples=200, deadline=None)
@example("²", True)
@example("٤%", True)
@given(st.text(max_size=20) | st.text("0123456789.,;:%°'\"-+ mcft", max_size=12), st.booleans())
def test_no_text_breaks_the_reader(text: str, fearful: bool) -> None:
    for value in (
        words.metres(text),
        words.narrowest(text, fearful=fearful),
        words.kerb_height(text, fearful=fearful),
        words.kerb_word(text, KERB_M, fearful=fearful),
        words.grade(text, fearful=fearful),
        words.whole(text),
    ):
        assert value is None or math.isfinite(value)
    words.levels(text)
