"""The table of kinds: complete, readable, and what it says about a few barriers everybody agrees on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accessibility.kind_words import KIND_WORDS, LANGUAGES, SEVERITY_WORDS, words
from accessibility.kinds import KINDS, Cell, read_cell

CONTRACT_KINDS = """
kerb_too_high missing_kerb_ramp steps_without_ramp entrance_step obstacle overhead_obstacle parked_vehicle
construction surface_damaged slippery flooded too_narrow too_steep lift_out_of_order escalator_stopped
gate_locked no_sidewalk missing_tactile_paving missing_crossing_sound unsafe_crossing green_too_short
lighting_out seat_missing toilet_closed other
"""


def test_every_kind_of_the_contract_is_there_and_closures_belong_to_operators() -> None:
    assert {code for code, kind in KINDS.items() if not kind.operators_only} == set(CONTRACT_KINDS.split())
    assert [code for code, kind in KINDS.items() if kind.operators_only] == ["closure"]


def test_every_kind_and_severity_has_words_in_every_language() -> None:
    assert set(KIND_WORDS) == set(KINDS)
    assert set(SEVERITY_WORDS) == {1, 2, 3, 4}
    for row in (*KIND_WORDS.values(), *SEVERITY_WORDS.values()):
        assert len(row) == len(LANGUAGES)
        assert all(row)
    assert words(KIND_WORDS["flooded"], "zh-Hans") == "积水"
    assert words(KIND_WORDS["flooded"], "fr") == "Flooded"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("-", Cell(concerns=False)),
        ("X", Cell(concerns=True, blocks_from=1)),
        ("X≥3 +60", Cell(concerns=True, blocks_from=3, penalty_s=60)),
        ("+15 night", Cell(concerns=True, penalty_s=15, at_night=True)),
        ("F seat_gone", Cell(concerns=True, fact="seat_gone")),
    ],
)
def test_a_cell_reads(text: str, cell: Cell) -> None:
    assert read_cell(text) == cell


@pytest.mark.parametrize("text", ["", "x", "X≥5 +1", "60", "+", "F", "- "])
def test_what_is_no_cell_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a cell"):
        read_cell(text)


@pytest.mark.parametrize(
    ("kind", "severity", "urgency"),
    [
        ("overhead_obstacle", 3, "P2"),
        ("overhead_obstacle", 4, "P0"),
        ("surface_damaged", 4, "P0"),
        ("surface_damaged", 3, "P2"),
        ("other", 4, "P0"),
        ("obstacle", 4, "P2"),
        ("lift_out_of_order", 1, "P1"),
        ("flooded", 2, "P1"),
        ("no_sidewalk", 4, "P3"),
    ],
)
def test_urgency(kind: str, severity: int, urgency: str) -> None:
    assert KINDS[kind].urgency_at(severity) == urgency


def test_what_blows_over_by_itself_has_a_lifetime() -> None:
    assert KINDS["parked_vehicle"].lifetime == timedelta(hours=12)
    assert KINDS["construction"].lifetime == timedelta(days=30)
    assert KINDS["missing_kerb_ramp"].lifetime is None
    assert KINDS["lift_out_of_order"].asked_again
