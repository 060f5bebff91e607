"""One action, one walk, one remark in the sentences of a catalogue; each is put together once and then remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from accessibility.facts import Barrier, Crossing
from accessibility.verdict.view import KERB_ASSUMED_M
from routing.labels import NOTHING, Label
from routing.landmarks import Landmark
from routing.phrases import actions, lengths, remarks
from routing.phrases.catalogue import Catalogue
from routing.phrases.lengths import Length, Said, Scale, Units
from routing.phrases.nouns import called
from routing.telling import Remark

KERB_TOLD_M = 0.01
"""A lower edge is not worth a word."""

_ASSUMED_M = frozenset(KERB_ASSUMED_M.values())
_MUTE = str.maketrans("", "", '„“”«»"')
"""Signs that only the eye needs."""


class Ways(NamedTuple):
    """How a voice tells lengths."""

    units: Units
    scale: Scale
    measured: Callable[[float], Length]


class Action(NamedTuple):
    """All that the first sentences of a step depend on: values of a `Move`, rounded to what is said."""

    kind: str
    label: Label
    before: Label
    onto: Label = NOTHING
    turn: str = ""
    """The kind of turn into something that is no turn itself."""
    crossing: Crossing | None = None
    mapped: bool = True
    kerb_m: float | None = None
    steps: int | None = None
    handrail: bool | None = None
    rising: int | None = None
    level: float | None = None
    barrier: Barrier | None = None
    heading: int | None = None
    """Eighths of the compass, 0 north."""
    near: Landmark | None = None
    hour: int | None = None
    itself: Remark | None = None


def action(words: Catalogue, it: Action, ways: Ways) -> Said:
    """What to do, and what to mind while doing it."""
    said: list[Said] = []
    if it.turn:
        said.append(_same(words(actions.TURNS[it.turn].bare)))
        said += _clock(words, it.hour)
    if it.itself is not None:
        said.append(remark(words, it.itself, ways))
    else:
        said.append(_main(words, it))
    if not it.turn:
        said += _clock(words, it.hour)
    said += _warnings(words, it, ways.units)
    gap = words.tongue.gap
    return Said(gap.join(one.text for one in said), gap.join(one.spoken for one in said))


def walk(words: Catalogue, length: Length, along: Label | None, ways: Ways, *, then: bool) -> Said:
    """How far to go; `then`: after something else was done."""
    said = lengths.said(words, length, ways.scale)
    if along is not None:
        way = called(words, along).along
        return _both(*(words(actions.THEN_GO_ALONG, length=one, along=way) for one in said))
    return Said(*(words(actions.THEN_GO if then else actions.GO, length=one) for one in said))


def remark(words: Catalogue, it: Remark, ways: Ways) -> Said:
    if it.code in ("surface", "surface_ahead") and it.surface is not None:
        sentence = remarks.SURFACE if it.code == "surface" else remarks.SURFACE_AHEAD
        return _same(words(sentence, surface=words(remarks.SURFACES[it.surface])))
    if it.code == "slope_end":
        return _same(words(actions.SLOPE_ENDS[it.rising or 1]))
    if it.code == "slope" and it.percent is not None and it.metres is not None:
        sentence = remarks.SLOPE[it.rising or 1, it.measured]
        pairs = zip(
            lengths.said(words, ways.measured(it.metres), ways.scale), lengths.grade(words, it.percent), strict=True
        )
        return Said(*(words(sentence, length=far, grade=steep) for far, steep in pairs))
    if it.code == "slope_ahead" and it.percent is not None:
        sentence = remarks.SLOPE_AHEAD[it.rising or 1, it.measured]
        return Said(*(words(sentence, grade=steep) for steep in lengths.grade(words, it.percent)))
    return _same(words(remarks.PLAIN[it.code]))


def _main(words: Catalogue, it: Action) -> Said:
    if it.kind in actions.TURNS:
        return _turn(words, it)
    if it.kind in ("steps_up", "steps_down"):
        counted = actions.STEPS_COUNTED[it.rising]
        return _same(words.counted(counted, it.steps) if it.steps else words(actions.STEPS[it.rising]))
    if it.kind == "lift" and it.level is not None:
        return Said(*(words(actions.LIFT_TO, level=level) for level in _level(words, it.level)))
    if it.kind == "gate":
        return _same(words(actions.GATES[it.barrier or Barrier.OTHER]))
    if it.kind == "depart":
        on = called(words, it.label).on
        sentence = actions.DEPART_ON if on else actions.DEPART
        return _both_same(words(sentence, compass=words(actions.COMPASS[it.heading or 0]), on=on))
    if it.kind == "continue":
        along = called(words, it.label).along if _is_new(it) else ""
        return _both_same(words(actions.CONTINUE_ALONG if along else actions.CONTINUE, along=along))
    if it.kind in ("cross_road", "change_side"):
        table = actions.CROSS if it.kind == "cross_road" else actions.CROSS_OVER
        return _both_same(words(table[it.crossing], the=called(words, it.label).the))
    if it.kind in ("kerb_down", "kerb_up"):
        return _kerb(words, it)
    return _same(words(_plain(it)))


def _plain(it: Action) -> str:
    """The sentence of a kind that takes no values, or hardly any."""
    return {
        "crossing_wait": actions.WAIT,
        "arrive": actions.ARRIVE,
        "ramp": actions.RAMP[it.rising],
        "lift": actions.LIFT,
        "escalator": actions.ESCALATOR[it.rising],
        "enter_building": actions.ENTER,
        "exit_building": actions.EXIT,
    }[it.kind]


def _turn(words: Catalogue, it: Action) -> Said:
    turn = actions.TURNS[it.kind]
    what = called(words, it.label)
    near = "" if it.near is None else _near(words, it.near)
    if (it.label.name or it.label.numbers) and it.label == it.before:
        return _both_same(words(turn.stay, on=what.on))
    if what.onto and _is_new(it):
        return _both_same(words(turn.near_onto if near else turn.onto, near=near, onto=what.onto))
    return _both_same(words(turn.near if near else turn.bare, near=near))


def _is_new(it: Action) -> bool:
    """Whether what one comes onto is worth a word: it has a name, or is another sort of thing than before."""
    return bool(it.label.name or it.label.numbers) or it.label.noun != it.before.noun


def _kerb(words: Catalogue, it: Action) -> Said:
    if it.kind == "kerb_down":
        onto = called(words, it.onto if it.onto.noun not in ("", "crossing") else it.label).onto
        return _both_same(words(actions.KERB_DOWN, onto=onto))
    walkway = it.onto if it.onto.noun not in ("", "crossing", "road") else Label(None, "footpath")
    return _both_same(words(actions.KERB_UP, onto=called(words, walkway).onto))


def _near(words: Catalogue, landmark: Landmark) -> str:
    plain, named = remarks.LANDMARKS[landmark.kind]
    return words(plain) if landmark.name is None else words(named, name=landmark.name)


def _clock(words: Catalogue, hour: int | None) -> list[Said]:
    return [] if hour is None else [_same(words(remarks.CLOCK, hour=hour))]


def _level(words: Catalogue, level: float) -> Said:
    if level >= 0:
        return _same(f"{level:g}")
    return Said(*(words(form, level=f"{-level:g}") for form in actions.BELOW_ZERO))


def _warnings(words: Catalogue, it: Action, units: Units) -> list[Said]:
    said = []
    if it.kind in ("cross_road", "change_side") and not it.mapped and it.crossing is None:
        said.append(_same(words(actions.UNMAPPED)))
    kerb = it.kind in ("cross_road", "change_side", "kerb_up", "kerb_down")
    if kerb and it.kerb_m is not None and it.kerb_m >= KERB_TOLD_M:
        # What a word like "lowered" stands for is no measured height.
        sentence = actions.KERB_ABOUT if it.kerb_m in _ASSUMED_M else actions.KERB
        said.append(Said(*(words(sentence, height=one) for one in lengths.height(words, it.kerb_m, units))))
    if it.kind in ("steps_up", "steps_down") and it.handrail is not None:
        said.append(_same(words(actions.HANDRAIL[it.handrail])))
    return said


def _same(sentence: str) -> Said:
    return Said(sentence, sentence)


def _both_same(sentence: str) -> Said:
    return Said(sentence, sentence.translate(_MUTE))


def _both(text: str, spoken: str) -> Said:
    return Said(text, spoken.translate(_MUTE))
