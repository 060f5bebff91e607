"""Readings that ways and nodes share: access, kerbs, crossings, yes and no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accessibility import quantities
from accessibility.facts import Access, Crossing, Kerb, Ramp
from accessibility.tags import words

Tags = Mapping[str, str]

_YES = frozenset({"yes", "true", "1", "both", "left", "right", "center", "both;center", "on"})
_NO = frozenset({"no", "false", "0", "none"})


def truth(text: str | None) -> bool | None:
    """Yes, no, or nobody has said."""
    value = (text or "").strip().lower()
    return True if value in _YES else False if value in _NO else None


def lit(tags: Tags) -> bool | None:
    """Is it lit at night?"""
    value = (tags.get("lit") or "").strip().lower()
    if value in ("yes", "24/7", "sunset-sunrise", "automatic", "limited", "dusk-dawn"):
        return True
    return False if value in ("no", "disused") else None


def tactile(text: str | None) -> bool | None:
    """Tactile paving that a cane can follow; laid wrongly it is none."""
    if text in ("yes", "contrasted", "primitive"):
        return True
    return False if text in ("no", "incorrect") else None


def access(tags: Tags) -> Access | None:
    """Who may pass on foot: `foot` speaks before `access`; of several words the strictest holds."""
    foot = words.worst(words.ACCESS, tags.get("foot"))
    return foot if foot is not None else words.worst(words.ACCESS, tags.get("access"))


def conditional(tags: Tags) -> str | None:
    """The condition under which access changes, as written; judged at the hour of arrival, not here.

    As with the plain words, what is said of everybody does not speak where something is said of walkers.
    """
    return tags.get("foot:conditional") or (None if "foot" in tags else tags.get("access:conditional"))


def kerb(tags: Tags) -> tuple[Kerb | None, float | None]:
    """(word, height in metres) of a kerb; the word from the older keys when the plain one is silent."""
    word = words.worst(words.KERBS, tags.get("kerb")) or words.worst(words.KERBS, tags.get("curb"))
    height = quantities.kerb_height_m(tags.get("kerb:height"))
    sloped = tags.get("sloped_curb")
    if word is None and sloped is not None:
        word = words.word(words.SLOPED_CURBS, sloped)
        height = quantities.kerb_height_m(sloped) if height is None else height
    return word, height


def ramps(tags: Tags) -> tuple[Ramp | None, Ramp | None]:
    """(for wheelchairs, for strollers): `ramp=yes` alone does not say for whom, `ramp=no` says for nobody."""
    general = tags.get("ramp")
    for_all = {"no": Ramp.NO, "separate": Ramp.SEPARATE}.get(general or "")
    wheelchair = words.word(words.RAMPS, tags.get("ramp:wheelchair")) or (
        Ramp.YES if general == "wheelchair" else for_all
    )
    stroller = words.word(words.RAMPS, tags.get("ramp:stroller")) or (Ramp.YES if general == "stroller" else for_all)
    return wheelchair, stroller


def handrail(tags: Tags) -> bool | None:
    """A handrail on any side."""
    said = [truth(tags.get(key)) for key in ("handrail", "handrail:left", "handrail:right", "handrail:center")]
    return True if True in said else False if False in said else None


def crossing(tags: Tags) -> dict[str, Any]:
    """The layout of a crossing, as the fields that way and node facts share."""
    markings = _markings(tags)
    signals = _signals(tags)
    kind = (
        Crossing.SIGNALS
        if signals
        else None
        if markings is None
        else Crossing.MARKED
        if markings
        else Crossing.UNMARKED
    )
    island = truth(tags.get("crossing:island"))
    if island is None and (
        tags.get("crossing") in ("island", "traffic_signals;island") or tags.get("traffic_calming") == "island"
    ):
        island = True
    return {
        "crossing_kind": kind,
        "markings": markings,
        "signals": signals,
        "island": island,
        "sound": _given(tags.get("traffic_signals:sound")),
        "vibration": _given(tags.get("traffic_signals:vibration") or tags.get("crossing:vibration")),
        "button": truth(tags.get("button_operated")),
        "tactile": tactile(tags.get("tactile_paving")),
        "lanes": quantities.count(tags.get("lanes")),
    }


def _given(text: str | None) -> bool | None:
    """A signal for ear or hand: any word but `no` names a kind of it."""
    return None if text is None or text == "unknown" else truth(text) is not False


def _markings(tags: Tags) -> bool | None:
    painted = tags.get("crossing:markings")
    if painted is not None:
        return painted != "no"
    if tags.get("crossing_ref") in ("zebra", "tiger") or tags.get("crossing") in (
        "marked",
        "zebra",
        "uncontrolled",
        "tiger",
    ):
        return True
    return False if tags.get("crossing") in ("unmarked", "informal") else None


def _signals(tags: Tags) -> bool | None:
    said = truth(tags.get("crossing:signals"))
    if said is not None:
        return said
    value = tags.get("crossing")
    if value in ("traffic_signals", "pedestrian_signals", "traffic_signals;island") or tags.get("crossing_ref") in (
        "toucan",
        "pelican",
        "puffin",
    ):
        return True
    return False if value in ("marked", "zebra", "uncontrolled", "unmarked", "informal", "tiger") else None
