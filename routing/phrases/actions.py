"""What is said for each kind of step. Tables first: one sentence for each way a thing is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from accessibility.facts import Barrier, Crossing
from routing.phrases.catalogue import C_, N_, P_, Phrase, Plural


class Turning(NamedTuple):
    """A turn: bare, onto something, staying on it, near a landmark, and near it onto something."""

    bare: str
    onto: str
    stay: str
    near: str
    near_onto: str


TURNS: Mapping[str, Turning] = {
    "turn_slight_left": Turning(
        N_("Bear left."), N_("Bear left {onto}."), N_("Bear left and stay {on}."),
        N_("Bear left {near}."), N_("Bear left {near}, {onto}."),
    ),
    "turn_slight_right": Turning(
        N_("Bear right."), N_("Bear right {onto}."), N_("Bear right and stay {on}."),
        N_("Bear right {near}."), N_("Bear right {near}, {onto}."),
    ),
    "turn_left": Turning(
        N_("Turn left."), N_("Turn left {onto}."), N_("Turn left and stay {on}."),
        N_("Turn left {near}."), N_("Turn left {near}, {onto}."),
    ),
    "turn_right": Turning(
        N_("Turn right."), N_("Turn right {onto}."), N_("Turn right and stay {on}."),
        N_("Turn right {near}."), N_("Turn right {near}, {onto}."),
    ),
    "turn_sharp_left": Turning(
        N_("Turn sharp left."), N_("Turn sharp left {onto}."), N_("Turn sharp left and stay {on}."),
        N_("Turn sharp left {near}."), N_("Turn sharp left {near}, {onto}."),
    ),
    "turn_sharp_right": Turning(
        N_("Turn sharp right."), N_("Turn sharp right {onto}."), N_("Turn sharp right and stay {on}."),
        N_("Turn sharp right {near}."), N_("Turn sharp right {near}, {onto}."),
    ),
}  # fmt: skip

DEPART, DEPART_ON = N_("Start towards the {compass}."), N_("Start towards the {compass} {on}.")
COMPASS = (
    C_("compass", "north"),
    C_("compass", "north-east"),
    C_("compass", "east"),
    C_("compass", "south-east"),
    C_("compass", "south"),
    C_("compass", "south-west"),
    C_("compass", "west"),
    C_("compass", "north-west"),
)
CONTINUE, CONTINUE_ALONG = N_("Go straight on."), N_("Go straight on {along}.")
ARRIVE = N_("You have arrived.")

GO = N_("Go {length}.")
THEN_GO, THEN_GO_ALONG = N_("Then go {length}."), N_("Then go {length} {along}.")

CROSS: Mapping[Crossing | None, str] = {
    Crossing.SIGNALS: N_("Cross {the} at the traffic lights."),
    Crossing.MARKED: N_("Cross {the} at the marked crossing."),
    Crossing.UNMARKED: N_("Cross {the}."),
    None: N_("Cross {the}."),
}
CROSS_OVER: Mapping[Crossing | None, str] = {
    Crossing.SIGNALS: N_("Cross {the} at the traffic lights to the other side."),
    Crossing.MARKED: N_("Cross {the} at the marked crossing to the other side."),
    Crossing.UNMARKED: N_("Cross {the} to the other side."),
    None: N_("Cross {the} to the other side."),
}
"""From one sidewalk of a street to the other."""
UNMAPPED = N_("There is no marked crossing here.")
KERB, KERB_ABOUT = N_("The kerb is {height} high."), N_("The kerb is about {height} high.")
KERB_DOWN = N_("Go down {onto}.")
KERB_UP = N_("Go off the road {onto}.")

STEPS: Mapping[int | None, str] = {
    1: N_("Go up the steps."),
    -1: N_("Go down the steps."),
    None: N_("Take the steps."),
}
"""Rising: ±1, `None` = nobody has said."""
STEPS_COUNTED: Mapping[int | None, Plural] = {
    1: P_("steps", "Go up {n} step.", "Go up {n} steps."),
    -1: P_("steps", "Go down {n} step.", "Go down {n} steps."),
    None: P_("steps", "Take {n} step.", "Take {n} steps."),
}
HANDRAIL: Mapping[bool, str] = {True: N_("There is a handrail."), False: N_("There is no handrail.")}
RAMP: Mapping[int | None, str] = {
    1: N_("Go up the ramp beside the steps."),
    -1: N_("Go down the ramp beside the steps."),
    None: N_("Take the ramp beside the steps."),
}
ESCALATOR: Mapping[int | None, str] = {
    1: N_("Take the escalator up."),
    -1: N_("Take the escalator down."),
    None: N_("Take the escalator."),
}
LIFT, LIFT_TO = N_("Take the lift."), N_("Take the lift to level {level}.")
BELOW_ZERO = (C_("level", "-{level}"), C_("level, spoken", "minus {level}"))

GATES: Mapping[Barrier, str] = {
    Barrier.GAP: N_("Go between the posts."),
    Barrier.GATE: N_("Go through the gate."),
    Barrier.LIFT_GATE: N_("Go past the boom barrier."),
    Barrier.CHAIN: N_("Go past the chain."),
    Barrier.CYCLE_BARRIER: N_("Go through the cycle barrier."),
    Barrier.KISSING_GATE: N_("Go through the kissing gate."),
    Barrier.STILE: N_("Climb over the stile."),
    Barrier.TURNSTILE: N_("Go through the turnstile."),
    Barrier.REVOLVING_DOOR: N_("Go through the revolving door."),
    Barrier.DOOR: N_("Go through the door."),
    Barrier.CATTLE_GRID: N_("Go over the cattle grid."),
    Barrier.SOLID: N_("Find a way past the barrier."),
    Barrier.STEPS: N_("Take the step."),
    Barrier.OTHER: N_("Go past the barrier."),
}
ENTER, EXIT = N_("Go into the building."), N_("Go out of the building.")

WAIT = N_("Wait for the green light.")
SLOPE_ENDS: Mapping[int, str] = {1: N_("The climb ends here."), -1: N_("The descent ends here.")}

SHORT: Mapping[str, Phrase] = {
    "depart": C_("short", "Start"),
    "arrive": C_("short", "Arrive"),
    "continue": C_("short", "Straight on"),
    "turn_slight_left": C_("short", "Slight left"),
    "turn_slight_right": C_("short", "Slight right"),
    "turn_left": C_("short", "Left"),
    "turn_right": C_("short", "Right"),
    "turn_sharp_left": C_("short", "Sharp left"),
    "turn_sharp_right": C_("short", "Sharp right"),
    "cross_road": C_("short", "Cross"),
    "change_side": C_("short", "Change sides"),
    "crossing_wait": C_("short", "Wait for green"),
    "kerb_up": C_("short", "Off the road"),
    "kerb_down": C_("short", "Onto the road"),
    "steps_up": C_("short", "Steps up"),
    "steps_down": C_("short", "Steps down"),
    "steps": C_("short", "Steps"),
    "ramp": C_("short", "Ramp"),
    "lift": C_("short", "Lift"),
    "escalator": C_("short", "Escalator"),
    "gate": C_("short", "Barrier"),
    "enter_building": C_("short", "Go inside"),
    "exit_building": C_("short", "Go outside"),
    "surface_change": C_("short", "New surface"),
    "slope_begin": C_("short", "Slope"),
    "slope_end": C_("short", "Slope ends"),
    "rest": C_("short", "Rest"),
}
SHORT_STEPS: Mapping[str, Plural] = {
    "steps_up": P_("short", "{n} step up", "{n} steps up"),
    "steps_down": P_("short", "{n} step down", "{n} steps down"),
}
SHORT_SLOPE: Mapping[int, Phrase] = {1: C_("short", "Uphill {grade}"), -1: C_("short", "Downhill {grade}")}
SHORT_SURFACE = C_("short", "Now {surface}")
SHORT_FOR = C_("short", "{what}, {length}")
