"""A route in plain words of a language: for files, pictures, the page and the terminal; JSON says it in codes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, reduce

from msgspec import UNSET

from accessibility.facts import Smoothness, Surface
from accessibility.kind_words import KIND_WORDS, words
from routing.answers import BarrierOnRoute, Note, Route, Summary, Violation
from routing.phrases import broken, lengths, overview, remarks
from routing.phrases.catalogue import Phrase, catalogue
from routing.phrases.lengths import Units

_SHARES = ("incline", "cross_slope")
_METRES = ("kerb", "width", "last_metres")
_METRES_FROM = 2.0
"""What is longer is told in metres, not in centimetres."""


class PlainWords:
    """What is said of routes beside their steps, in one language; lengths in metres or in feet."""

    def __init__(self, language: str, units: Units = "metric") -> None:
        """`units`: paces are for the steps alone, all else is told in metres then. Raises `KeyError` as `catalogue`."""
        self.language = language
        self._say = catalogue(language)
        self.in_feet = units == "imperial"

    def status(self, code: str) -> str:
        """Whether every limit holds, in a sentence or two."""
        return self._say(overview.STATUS[code])

    def title(self, role: str, index: int | None) -> str:
        """What a way of an answer is called; `index`: its place among the routes."""
        if role == "alternative":
            return self._say(overview.OTHER_WAY, number=index)
        return self._say(overview.WAY_BACK if role == "return" else overview.ROUTE)

    def size(self, route: Route) -> str:
        """How far and how long."""
        return self._say(overview.SIZE, length=self.distance(route.distance_m), time=self.duration(route.duration_s))

    def size_and_steps(self, route: Route) -> str:
        """How far, how long, and whether there are steps."""
        steps = self._say(overview.NO_STEPS if route.summary.step_free else overview.NOT_STEP_FREE)
        return self._say(overview.SIZE_AND_STEPS, size=self.size(route), steps=steps)

    def distance(self, metres: float) -> str:
        """ "812 m" or "1.2 km", "850 ft" or "0.4 mi"."""
        if self.in_feet:
            return lengths.said(self._say, lengths.imperial(metres), lengths.IMPERIAL).text
        whole = round(metres)
        if whole < 1000:
            return self._say.counted(lengths.METRES.written, whole)
        return self._say.counted(lengths.KILOMETRES.written, 2, self._decimal(metres / 1000))

    def round_length(self, count: int, unit: lengths.Measure) -> str:
        """A whole number of a unit, as it stands on a scale."""
        return self._say.counted(unit.written, count)

    def duration(self, seconds: float) -> str:
        """ "less than a minute", "17 min", "1 h 5 min"."""
        minutes = round(seconds / 60)
        if minutes < 1:
            return self._say(overview.MOMENT)
        if minutes < 60:
            return self._say(overview.MINUTES, n=minutes)
        return self._say(overview.HOURS, hours=minutes // 60, minutes=minutes % 60)

    def violation(self, found: Violation, places: int = 1) -> str:
        """What breaks which limit, by how much, for how long, at how many places."""
        said = self._broken(found)
        if details := self._listed(self._details(found), broken.DETAILS):
            said = self._say(broken.WITH_DETAILS, broken=said, details=details)
        if found.assumed:
            said = self._say(broken.ASSUMED, broken=said)
        if places > 1:
            said = self._say(broken.IN_PLACES, broken=said, places=self._say.counted(broken.AT_PLACES, places))
        return said

    def broken_here(self) -> str:
        """One sentence for the place where a limit is broken."""
        return self._say(broken.BROKEN_HERE)

    def note(self, found: Note) -> str:
        """One sentence for something that breaks no limit."""
        return self._say(broken.NOTES[found.code])

    def kind(self, code: str) -> str:
        """What a kind of barrier is called."""
        return words(KIND_WORDS[code], self.language)

    def barrier(self, found: BarrierOnRoute) -> str:
        """A reported barrier: whether it is sure, and what it does to the way."""
        standing, effect = self._say(broken.STANDINGS[found.standing]), self._say(broken.EFFECTS[found.effect])
        return self._say(broken.BARRIER, kind=self.kind(found.kind), standing=standing, effect=effect)

    def labelled(self, label: str, said: str) -> str:
        """ "Length: 812 m"."""
        return self._say(overview.LABELLED, label=label, words=said)

    def in_a_row(self, facts: Iterable[tuple[str, str]]) -> str:
        """Facts with their labels, one after the other."""
        return self._listed([self.labelled(*fact) for fact in facts], overview.FACTS)

    def sentences(self, said: Iterable[str]) -> str:
        """Phrases and sentences as one text."""
        ended = (one if one.endswith((".", "。")) else self._say(overview.SENTENCE, words=one) for one in said)
        return self._say.tongue.gap.join(ended)

    def map_data(self, attribution: str) -> str:
        """Who made the map."""
        return self._say(overview.MAP_DATA, attribution=attribution)

    def north(self) -> str:
        """The letter on a compass."""
        return self._say(overview.NORTH)

    def more(self, count: int) -> str:
        """How many a list has left out."""
        return self._say.counted(overview.MORE, count)

    def facts(self, summary: Summary, route: Route) -> list[tuple[str, str]]:
        """The route in figures, as (label, words)."""
        say = self._say
        rows = [
            (overview.LENGTH, self.distance(route.distance_m)),
            (overview.TIME, self.duration(route.duration_s)),
            (overview.STEPS, str(summary.steps) if summary.steps else say(overview.NONE)),
            *self._extremes(summary),
            (overview.SEATS, self._seats(summary)),
        ]
        if summary.range is not UNSET:
            rows.append((overview.BATTERY, say(overview.RANGE[summary.range])))
        rows.append((overview.KNOWN, say(overview.CONFIDENCE[summary.confidence])))
        shares = [(phrase, getattr(summary.unknown_share, name)) for name, phrase in overview.UNKNOWN.items()]
        silent = [say(phrase, share=self._percent(f"{share * 100:.0f}")) for phrase, share in shares if share > 0]
        if silent:
            rows.append((overview.SILENT, self._listed(silent, broken.DETAILS)))
        return [(say(label), said) for label, said in rows]

    def _extremes(self, summary: Summary) -> list[tuple[Phrase, str]]:
        rows = [
            (overview.STEEPEST_UP, "incline", summary.incline_up_max or None),
            (overview.STEEPEST_DOWN, "incline", summary.incline_down_max or None),
            (overview.HIGHEST_KERB, "kerb", summary.kerb_max_m),
            (overview.NARROWEST, "width", summary.width_min_m),
        ]
        return [(label, self._amount(code, value)) for label, code, value in rows if value is not None]

    def _seats(self, summary: Summary) -> str:
        gap = self.distance(summary.longest_gap_without_seat_m)
        if not summary.seats:
            return self._say(overview.NO_SEATS, length=gap)
        return self._say(overview.SOME_SEATS, number=summary.seats, length=gap)

    def _broken(self, found: Violation) -> str:
        if found.code == "barrier" and found.value in KIND_WORDS:
            return self._say(broken.REPORTED, kind=self.kind(str(found.value)))
        if found.code == "barrier" and found.value == "cycle_barrier":
            return self._say(broken.CYCLE_BARRIER)
        return self._say(broken.VIOLATIONS[found.code])

    def _details(self, found: Violation) -> list[str]:
        details = [self._amount(found.code, found.value)]
        if found.code != "last_metres":
            if limit := self._amount(found.code, found.limit):
                details.append(self._say(broken.LIMIT, amount=limit))
            if isinstance(found.length_m, float):
                details.append(self._say(broken.FOR_LENGTH, length=self.distance(found.length_m)))
        return [part for part in details if part]

    def _amount(self, code: str, value: float | str | None) -> str:
        """How much; nothing where the name of what is broken says it all."""
        if isinstance(value, str):
            if code == "surface":
                return self._say(remarks.SURFACES[Surface(value)])
            return self._say(broken.SMOOTHNESS[Smoothness(value)]) if code == "smoothness" else ""
        if value is None:
            return ""
        if code.removeprefix("unknown_").startswith(_SHARES):
            return self._percent(self._decimal(abs(value) * 100))
        if code.removeprefix("unknown_").startswith(_METRES):
            return self._height(value) if value < _METRES_FROM else self.distance(value)
        return f"{value:g}"

    def _height(self, metres: float) -> str:
        """Inches have tenths: a limit of 3 cm is not one of 2.5."""
        if self.in_feet:
            return self._say.counted(broken.INCHES, 2, self._decimal(metres / lengths.M_PER_INCH))
        return self._say.counted(lengths.CENTIMETRES[0], round(metres * 100))

    def _percent(self, number: str) -> str:
        return self._say(lengths.PERCENT[0], n=number)

    def _decimal(self, value: float) -> str:
        return f"{value:.1f}".replace(".", self._say.tongue.decimal)

    def _listed(self, said: list[str], between: Phrase) -> str:
        return reduce(lambda some, one: self._say(between, some=some, next=one), said) if said else ""


@cache
def plain_words(language: str = "en", units: Units = "metric") -> PlainWords:
    """Put together once for each language and unit."""
    return PlainWords(language, units)
