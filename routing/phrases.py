"""Moves in plain English: one action a sentence; `spoken` without symbols, figures of length or abbreviations.

Tables first: what is said for each kind. Nothing here decides a route.
"""

from __future__ import annotations

from accessibility.facts import Barrier, Crossing
from routing.labels import Label
from routing.moves import Move
from routing.turns import CARRIES_ON, TURNING_DEG, turn_kind

COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")

NOUNS = {
    "footpath": "the footpath",
    "path": "the path",
    "pedestrian_street": "the pedestrian street",
    "square": "the square",
    "corridor": "the corridor",
    "platform": "the platform",
    "steps": "the steps",
    "lift": "the lift",
    "cycle_path": "the cycle path",
    "track": "the track",
    "driveway": "the driveway",
    "road": "the road",
    "crossing": "the crossing",
}

TURNS = {
    "turn_slight_left": "Bear left",
    "turn_slight_right": "Bear right",
    "turn_left": "Turn left",
    "turn_right": "Turn right",
    "turn_sharp_left": "Turn sharp left",
    "turn_sharp_right": "Turn sharp right",
}

SHORT = {
    "depart": "Start",
    "arrive": "Arrive",
    "continue": "Straight on",
    "turn_slight_left": "Slight left",
    "turn_slight_right": "Slight right",
    "turn_left": "Left",
    "turn_right": "Right",
    "turn_sharp_left": "Sharp left",
    "turn_sharp_right": "Sharp right",
    "cross_road": "Cross",
    "kerb_up": "Off the road",
    "kerb_down": "Onto the road",
    "steps_up": "Steps up",
    "steps_down": "Steps down",
    "ramp": "Ramp",
    "lift": "Lift",
    "escalator": "Escalator",
    "gate": "Barrier",
    "enter_building": "Go inside",
    "exit_building": "Go outside",
}

GATES = {
    Barrier.GAP: "Go between the posts",
    Barrier.GATE: "Go through the gate",
    Barrier.LIFT_GATE: "Go past the boom barrier",
    Barrier.CHAIN: "Go past the chain",
    Barrier.CYCLE_BARRIER: "Go through the cycle barrier",
    Barrier.KISSING_GATE: "Go through the kissing gate",
    Barrier.STILE: "Climb over the stile",
    Barrier.TURNSTILE: "Go through the turnstile",
    Barrier.REVOLVING_DOOR: "Go through the revolving door",
    Barrier.DOOR: "Go through the door",
    Barrier.CATTLE_GRID: "Go over the cattle grid",
    Barrier.SOLID: "Find a way past the barrier",
    Barrier.STEPS: "Take the step",
    Barrier.OTHER: "Go past the barrier",
}

CROSSINGS = {
    Crossing.SIGNALS: " at the traffic lights",
    Crossing.MARKED: " at the marked crossing",
    Crossing.UNMARKED: "",
}

KERB_TOLD_M = 0.01
"""A lower edge is not worth a word."""


def text(move: Move, before: Label, *, spoken: bool = False) -> str:
    """The instruction for one move; `before` is what one walked on until here."""
    sentences = [_turning(move), _action(move, before), *_warnings(move, spoken), _distance(move, spoken)]
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def short(move: Move) -> str:
    """For a small screen: a word or two and the metres."""
    words = SHORT[move.kind]
    if move.kind in ("steps_up", "steps_down") and move.count:
        words = f"{move.count} {words.lower()}"
    return f"{words}, {length(move.distance_m)}" if move.distance_m >= 1 else words


def length(metres: float, *, spoken: bool = False) -> str:
    """Metres as one would say them: by ones up to 20, by fives up to 100, by tens up to 1,000, then kilometres."""
    step = 1 if metres < 20 else 5 if metres < 100 else 10
    whole = max(1, round(metres / step) * step)
    if whole >= 1000:
        return f"{metres / 1000:.1f} {'kilometres' if spoken else 'km'}"
    return f"{whole} {('metre' if whole == 1 else 'metres') if spoken else 'm'}"


def _called(label: Label) -> str:
    """With its article or name; empty for nothing in particular."""
    if label.name:
        return label.name
    if label.numbers:
        *some, last = label.numbers
        return f"platforms {', '.join(some)} and {last}" if some else f"platform {last}"
    return NOUNS.get(label.noun, "")


def _turning(move: Move) -> str:
    """The turn into something that is not a turn itself."""
    turning = move.kind not in TURNS and move.kind not in ("depart", "continue", "arrive", "lift", "escalator")
    return TURNS[turn_kind(move.turn_deg)] if turning and abs(move.turn_deg) >= TURNING_DEG else ""


def _action(move: Move, before: Label) -> str:
    if move.kind in TURNS or move.kind in ("depart", "continue"):
        return _walk(move, before)
    if move.kind in ("steps_up", "steps_down"):
        return _steps(move)
    road = _called(before if before.noun == "road" and move.kind == "kerb_up" else move.label)
    onto = _called(move.onto) if move.onto.noun != "crossing" else ""
    levels = "" if move.level is None else f" to level {move.level:g}"
    up = {1: " up", -1: " down", None: ""}[move.rising]
    return {
        "arrive": "You have arrived",
        "cross_road": f"Cross {road}{CROSSINGS.get(move.crossing, '') if move.crossing else ''}",
        "kerb_down": f"Go down onto {onto or road}",
        "kerb_up": f"Leave {road} for {onto or NOUNS['footpath']}",
        "ramp": f"Take the ramp{up} beside the steps",
        "lift": f"Take the lift{levels}",
        "escalator": f"Take the escalator{up}",
        "gate": GATES[move.barrier] if move.barrier else "",
        "enter_building": "Go into the building",
        "exit_building": "Go out of the building",
    }[move.kind]


def _walk(move: Move, before: Label) -> str:
    where = _called(move.label)
    if move.kind == "depart":
        compass = COMPASS[round((move.heading_deg or 0.0) / 45) % 8]
        return f"Start towards the {compass}{f' on {where}' if where else ''}"
    named = bool(move.label.name or move.label.numbers)
    if move.kind == "continue":
        return f"Go straight on{f' along {where}' if named or move.label.noun != before.noun else ''}"
    turn = TURNS[move.kind]
    if named and move.label == before:
        return f"{turn} and stay on {where}"
    return f"{turn} onto {where}" if where and (named or move.label.noun != before.noun) else turn


def _steps(move: Move) -> str:
    steps = "the step" if move.count == 1 else f"{move.count} steps" if move.count else "the steps"
    return f"Take {steps}" if move.rising is None else f"Go {'up' if move.rising > 0 else 'down'} {steps}"


def _warnings(move: Move, spoken: bool) -> list[str]:
    said = []
    if move.kind == "cross_road" and not move.mapped:
        said.append("There is no marked crossing here")
    if move.kind in ("cross_road", "kerb_up", "kerb_down") and move.kerb_m is not None and move.kerb_m >= KERB_TOLD_M:
        unit = "centimetres" if spoken else "cm"
        said.append(f"Mind the kerb of {round(move.kerb_m * 100)} {unit}")
    if move.kind in ("steps_up", "steps_down") and move.handrail is not None:
        said.append("There is a handrail" if move.handrail else "There is no handrail")
    return said


def _distance(move: Move, spoken: bool) -> str:
    walks = move.kind in TURNS or move.kind in ("depart", "continue")
    if move.distance_m < 1 or not (walks or move.kind in CARRIES_ON):
        return ""
    along = ""
    if move.kind in ("gate", "enter_building", "exit_building") and (move.onto.name or move.onto.numbers):
        along = f" along {_called(move.onto)}"
    return f"{'Go' if walks else 'Then go'} {length(move.distance_m, spoken=spoken)}{along}"
