"""Words and marks make room for each other."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from api.picture_frame import Frame
from api.picture_labels import MARK_PX, NAME_MAX, Room, halves, letters, plain, text, width
from routing.plane import Plane

FRAME = Frame(Plane(0, 0), 0, 0, 1, 64, 742)


def test_marks_of_one_place_stand_beside_each_other() -> None:
    room = Room(FRAME)
    placed = [room.mark(500, 400) for _ in range(12)]
    assert placed[0] == (500, 400)
    assert len(set(placed)) == 12
    for i, (x, y) in enumerate(placed):
        assert all(math.hypot(x - a, y - b) >= 2 * MARK_PX - 1e-6 for a, b in placed[:i])


def test_a_label_needs_room_and_a_stretch_long_enough() -> None:
    room = Room(FRAME)
    stretch = np.array([[300.0, 300.0], [500.0, 320.0]])
    first = room.label("Hauptstraße", stretch, above=0, longest=1)
    assert first is not None
    assert ">Hauptstraße</text>" in first
    assert room.label("Hauptstraße", stretch, above=0, longest=1) is None, "there is one already"
    assert room.label("Hauptstraße", stretch, above=40, longest=1) is not None
    assert room.label("x" * 80, stretch, above=-60, longest=1) is None, "too long"
    assert room.label("Randstrasse", np.array([[990.0, 300.0], [1020.0, 300.0]]), above=0, longest=9) is None, "cut off"


@given(st.text(alphabet="ab ü路线，。", max_size=80), st.integers(2, 40))
def test_two_lines_hold_all_of_a_text(words: str, longest: int) -> None:
    words = plain(words, 1000)
    first, rest = halves(words, longest)
    assert letters(first) <= longest
    assert (first + rest).replace(" ", "") == words.replace(" ", "")


def test_a_line_ends_between_words_or_chinese_letters() -> None:
    assert halves("one two three", 9) == ("one two", "three")
    assert halves("路线的起点，在私人场地", 9) == ("路线的起", "点，在私人场地")
    assert halves("onetwothree", 6) == ("onetwo", "three")
    assert plain("路线的起点或终点", 9) == "路线的起…", "cut by width"


def test_a_label_is_never_upside_down() -> None:
    found = Room(FRAME).label("Weg", np.array([[500.0, 320.0], [300.0, 300.0]]), above=0, longest=1)
    assert found is not None
    turn = float(found.split("rotate(")[1].split(")")[0])
    assert -90 <= turn <= 90


def test_nothing_is_written_on_the_way() -> None:
    room = Room(FRAME)
    room.take_line(np.array([[300.0, 300.0], [500.0, 300.0]]))
    assert room.label("Weg", np.array([[300.0, 300.0], [500.0, 300.0]]), above=0, longest=1) is None
    assert room.label("Weg", np.array([[300.0, 300.0], [500.0, 300.0]]), above=17, longest=1) is not None


@given(st.text(max_size=200))
def test_names_are_short_and_steer_nothing(name: str) -> None:
    found = plain(name)
    assert len(found) <= NAME_MAX
    assert not set(found) & set("\u202e\u202d\u2066\u2069\u200f\n\r\t")
    assert width(found) <= NAME_MAX * 12


def test_text_is_escaped() -> None:
    assert text(1, 2, "<a>&\x00", 9) == '<text x="1.0" y="2.0" font-size="9">&lt;a&gt;&amp;</text>'
