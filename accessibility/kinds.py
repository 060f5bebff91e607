"""What each kind of barrier means for whom: one row a kind, in words a non-programmer can check.

Cells: `-` does not concern this person; `X` blocks; `X≥3 +60` blocks from that severity on, else costs so many seconds;
`+60` seconds of cost; `night` only then; `F name` sets a fact. `measured` names the value that, once measured, replaces
X and + by that fact. A danger of severity 4 blocks everybody it concerns. Every number is a default, in force since
VALID_FROM.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec import Struct

VALID_FROM = date(2026, 11, 1)

SEVERITY_SCALE = {1: 0.5, 2: 1.0, 3: 2.0, 4: 4.0}  # factor of "+" cells
SUSPECTED_S_PER_SEVERITY = 60  # CONTRACT §5

# Profiles that share a column; an unlisted profile has its own.
WHEELS = frozenset({"manual_wheelchair", "power_wheelchair", "mobility_scooter", "rollator", "stroller"})


class Cell(Struct, frozen=True):
    """What a confirmed barrier does to one group of people."""

    concerns: bool
    blocks_from: int | None = None  # severity
    penalty_s: int | None = None
    at_night: bool = False
    fact: str | None = None


class Kind(Struct, frozen=True):
    """One row of the table."""

    code: str
    group: str
    danger_from: int | None  # severity from which it is a danger to life or limb; None = never
    wheels: Cell
    cane_elderly: Cell
    low_vision: Cell
    walk: Cell
    measured: str | None
    lifetime: timedelta | None  # None = permanent
    urgency: str | None  # P0 … P3; None = no complaint is opened
    never_passed: bool = False  # once confirmed not even with broken limits (CONTRACT §3), danger or not
    asked_again: bool = False  # the reporter is asked before it expires
    operators_only: bool = False

    def cell(self, profile: str) -> Cell:
        """The column of a profile."""
        if profile in WHEELS:
            return self.wheels
        found: Cell = {"cane_elderly": self.cane_elderly, "low_vision": self.low_vision, "walk": self.walk}[profile]
        return found

    def is_danger(self, severity: int) -> bool:
        """Whether a barrier of this kind and severity endangers people."""
        return self.danger_from is not None and severity >= self.danger_from

    def urgency_at(self, severity: int) -> str:
        """Urgency class of a complaint: a danger at severity 4 is P0."""
        return "P0" if severity == 4 and self.is_danger(severity) else self.urgency or "P3"


_CELL = re.compile(
    r"X(?:≥(?P<from>[1-4]) \+(?P<else>\d+))?|(?P<plus>\+\d+)(?P<night> night)?|F (?P<fact>\w+)|(?P<none>-)"
)


def read_cell(text: str) -> Cell:
    """One cell of the table; anything that is not a cell raises ValueError."""
    found = _CELL.fullmatch(text)
    if found is None:
        raise ValueError(f"not a cell: {text!r}")
    if found["none"]:
        return Cell(concerns=False)
    if found["fact"]:
        return Cell(concerns=True, fact=found["fact"])
    if found["plus"]:
        return Cell(concerns=True, penalty_s=int(found["plus"]), at_night=bool(found["night"]))
    if found["from"]:
        return Cell(concerns=True, blocks_from=int(found["from"]), penalty_s=int(found["else"]))
    return Cell(concerns=True, blocks_from=1)


# Danger: the severity from which it is one. Life: how long it is believed without a new sign of it; empty = permanent.
_TABLE = """
kind                   | group    | danger | wheels   | cane_elderly | low_vision | walk     | measured | life | class
kerb_too_high          | kerb     |        | X        | +30          | -          | -        | kerb_m   |      | P2
missing_kerb_ramp      | kerb     |        | X        | +30          | -          | -        |          |      | P3
steps_without_ramp     | steps    |        | X        | +30          | +15        | -        |          |      | P3
entrance_step          | steps    |        | X        | +15          | +15        | -        |          |      | P3
obstacle               | block    |        | X        | +30          | +60        | +10      | width_m  | 7 d  | P2
overhead_obstacle      | block    | 1      | +15      | +30          | X          | +10      |          | 7 d  | P2
parked_vehicle         | block    |        | X        | +30          | +60        | +10      | width_m  | 12 h | P2
construction           | block    |        | X        | +60          | X          | +60      |          | 30 d | P2
surface_damaged        | surface  | 4      | X≥3 +60  | +60          | +60        | +10      |          |      | P2
slippery               | weather  | 1      | X≥3 +60  | X≥3 +90      | +60        | +20      |          | 24 h | P2
flooded                | weather  | 1      | X        | X            | X          | +60      |          | 48 h | P1
too_narrow             | width    |        | X        | -            | +15        | -        | width_m  |      | P3
too_steep              | slope    |        | X        | +60          | -          | -        | incline  |      | P3
lift_out_of_order      | lift     |        | X        | X            | X          | X        |          | 24 h | P1
escalator_stopped      | lift     |        | -        | +60          | +30        | -        |          | 48 h | P2
gate_locked            | gate     |        | X        | X            | X          | X        |          | 7 d  | P2
no_sidewalk            | path     |        | +120     | +60          | +120       | +10      |          |      | P3
missing_tactile_paving | tactile  |        | -        | -            | +60        | -        |          |      | P3
missing_crossing_sound | tactile  |        | -        | -            | +60        | -        |          |      | P3
unsafe_crossing        | crossing | 4      | +90      | +120         | +180       | +20      |          |      | P2
green_too_short        | crossing |        | +60      | +60          | +60        | -        |          |      | P3
lighting_out           | comfort  |        | -        | +15 night    | +30 night  | -        |          | 30 d | P2
seat_missing           | comfort  |        | -        | F seat_gone  | -          | -        |          |      | P3
toilet_closed          | comfort  |        | F closed | F closed     | F closed   | F closed |          | 7 d  | P2
closure                | closure  | 1      | X        | X            | X          | X        |          |      |
other                  | other    | 4      | +60      | +30          | +60        | -        |          | 30 d | P2
"""

# CONTRACT §3: a locked gate and a dead lift are never passed, not even with broken limits.
_NEVER_PASSED = frozenset({"gate_locked", "lift_out_of_order", "closure"})


def _lifetime(text: str) -> timedelta | None:
    number, _, unit = text.partition(" ")
    return int(number) * {"h": timedelta(hours=1), "d": timedelta(days=1)}[unit] if text else None


def read_row(line: str) -> Kind:
    """One row of the table; a row that cannot be read raises ValueError."""
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != 10:
        raise ValueError(f"not a row: {line!r}")
    code, group, danger, wheels, cane, sight, walk, measured, life, urgency = cells
    return Kind(
        code=code,
        group=group,
        danger_from=int(danger) if danger else None,
        wheels=read_cell(wheels),
        cane_elderly=read_cell(cane),
        low_vision=read_cell(sight),
        walk=read_cell(walk),
        measured=measured or None,
        lifetime=_lifetime(life),
        urgency=urgency or None,
        never_passed=code in _NEVER_PASSED,
        asked_again=code == "lift_out_of_order",
        operators_only=code == "closure",
    )


KINDS: dict[str, Kind] = {kind.code: kind for kind in map(read_row, _TABLE.strip().splitlines()[1:])}
