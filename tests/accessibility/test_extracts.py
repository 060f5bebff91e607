"""All distinct values of the shared extracts: each is understood, or listed with the reason why it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from accessibility import tags
from tests.accessibility.test_quantities import GOLDEN, READERS


def _way(key: str, *facts: str, **others: str) -> Callable[[str], object]:
    """Read through the facts of a way: the first of these facts that is not None."""

    def read(value: str) -> object:
        found = tags.way_facts({"highway": "footway", **others, key: value})
        return next((got for name in facts if (got := getattr(found, name)) not in (None, ())), None)

    return read


def _node(key: str, *facts: str, **others: str) -> Callable[[str], object]:
    def read(value: str) -> object:
        found = tags.node_facts({**others, key: value})
        return next((got for name in facts if (got := getattr(found, name)) not in (None, False)), None)

    return read


UNDERSTOOD: dict[str, Callable[[str], object]] = {
    "surface": _way("surface", "surface"),
    "smoothness": _way("smoothness", "smoothness"),
    "tracktype": _way("tracktype", "tracktype"),
    "kerb": _node("kerb", "kerb"),
    "curb": _node("curb", "kerb"),
    "sloped_curb": _node("sloped_curb", "kerb", "kerb_height_m"),
    "kerb:height": _node("kerb:height", "kerb_height_m"),
    "barrier": _node("barrier", "barrier", "mentions_kerb"),
    "incline": _way("incline", "incline", "incline_sign"),
    "incline:across": _way("incline:across", "cross_slope"),
    "width": _way("width", "width_m"),
    "est_width": _way("est_width", "width_m"),
    "maxwidth:physical": _way("maxwidth:physical", "width_m"),
    "wheelchair": _way("wheelchair", "wheelchair"),
    "access": _way("access", "access"),
    "foot": _way("foot", "access"),
    "step_count": _way("step_count", "step_count"),
    "level": _way("level", "levels"),
    "ramp:wheelchair": _way("ramp:wheelchair", "ramp_wheelchair", highway="steps"),
    "ramp:stroller": _way("ramp:stroller", "ramp_stroller", highway="steps"),
    "step:condition": _way("step:condition", "treads", highway="steps"),
    "handrail": _way("handrail", "handrail", highway="steps"),
}


@pytest.fixture(scope="module")
def values(shared_data: Path) -> dict[str, set[str]]:
    """Key → every distinct value, over all elements of all shared extracts."""
    import osmium

    found: dict[str, set[str]] = defaultdict(set)
    extracts = sorted((shared_data / "osm").glob("*.osm.pbf"))
    assert len(extracts) >= 10
    for extract in extracts:
        for element in osmium.FileProcessor(str(extract)).with_filter(osmium.filter.KeyFilter(*UNDERSTOOD)):
            for tag in element.tags:
                if tag.k in UNDERSTOOD:
                    found[tag.k].add(tag.v)
    return found


@pytest.mark.real_map
@pytest.mark.parametrize("key", UNDERSTOOD)
def test_every_value_is_understood_or_ignored_with_a_reason(key: str, values: dict[str, set[str]]) -> None:
    read, ignored = UNDERSTOOD[key], tags.IGNORED.get(key, {})
    silent = {value for value in values[key] if read(value) is None}
    assert silent <= set(ignored), "neither understood nor ignored"


@pytest.mark.real_map
def test_the_golden_file_holds_every_value(values: dict[str, set[str]]) -> None:
    written = defaultdict(set)
    for line in GOLDEN.read_text().splitlines():
        if not line.startswith("#"):
            key, value, _ = line.split("\t")
            written[key].add(value)
    for key in set(READERS) & set(UNDERSTOOD):
        assert values[key] <= written[key], key


def test_what_is_ignored_is_really_unread_and_says_why() -> None:
    for key, reasons in tags.IGNORED.items():
        for value, reason in reasons.items():
            assert UNDERSTOOD[key](value) is None, f"{key}={value} is read after all"
            assert len(reason) > 8
