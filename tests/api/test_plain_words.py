"""What a person reads: figures with units, sentences for what is broken."""

from __future__ import annotations

import pytest

from api import plain_words
from routing.answers import Note, Violation

AT = (24.94, 60.17)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Violation("kerb", 0.07, 0.03, False, AT, node_id=1), "A kerb: 7 cm, limit 3 cm"),
        (
            Violation("incline", -0.094, 0.08, False, AT, length_m=12.4, way_id=1),
            "A slope: 9.4 %, limit 8.0 %, for 12 m",
        ),
        (Violation("width", 0.72, 0.9, False, AT, length_m=3.0), "A narrow place: 72 cm, limit 90 cm, for 3 m"),
        (
            Violation("steps", 10.0, 0.0, True, AT, length_m=4.0, way_id=1),
            "Steps: 10, limit 0, for 4 m (assumed, the map does not say)",
        ),
        (
            Violation("surface", "unhewn_cobblestone", None, False, AT, length_m=1234.0),
            "A difficult surface: unhewn cobblestone, for 1.2 km",
        ),
        (
            Violation("last_metres", 31.0, 0.0, False, AT, length_m=31.0),
            "The last metres are not on any usable way: 31 m",
        ),
        (Violation("unknown_kerb", None, None, True, AT), "Unknown kerb (assumed, the map does not say)"),
    ],
)
def test_violations_in_words(found: Violation, words: str) -> None:
    assert plain_words.violation(found) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(20, "less than a minute"), (95, "2 min"), (3570, "1 h 0 min"), (4000, "1 h 7 min")]
)
def test_durations(seconds: float, words: str) -> None:
    assert plain_words.duration(seconds) == words


@pytest.mark.parametrize(("metres", "words"), [(0.4, "0 m"), (999.4, "999 m"), (1049.0, "1.0 km")])
def test_distances(metres: float, words: str) -> None:
    assert plain_words.distance(metres) == words


def test_notes() -> None:
    assert "private" in plain_words.note(Note("private_end", AT))
    assert plain_words.note(Note("lift_state_unknown", AT)) == "Lift state unknown."
    assert "battery" in plain_words.note(Note("beyond_range", AT))
    assert "way back" in plain_words.note(Note("no_range_for_return", AT))
