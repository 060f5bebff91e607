"""What the map says of a stretch in the direction of travel, read off its facts once for all who come along."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from accessibility.facts import WayFacts, WayRole
from accessibility.verdict import unknowns
from routing.labels import Label, label_of


class Said:
    """One row of facts in one direction; `None` = nobody has said."""

    def __init__(self, facts: WayFacts, reverse: bool) -> None:
        self.facts = replace(facts, flight_share=1.0) if facts.flight_share != 1.0 else facts
        """As of a flight that is climbed whole."""
        incline = facts.incline if facts.incline is not None else facts.incline_coarse
        self.incline = -incline if reverse and incline else incline
        """Positive uphill in the direction of travel."""
        self.incline_source = None if incline is None else "dem" if facts.incline is None else facts.incline_source
        self.surface = None if facts.surface is None else facts.surface.value
        self.smoothness = None if facts.smoothness is None else facts.smoothness.value
        self.unsaid = list(unknowns(facts))
        """What nobody has said: incline, surface, width."""
        self.steps = facts.role is WayRole.STEPS
        self.plain = facts.role not in (WayRole.STEPS, WayRole.ESCALATOR, WayRole.LIFT)
        """One just walks here: no flight, no escalator, no lift."""


class Sayings:
    """Every row of facts in both directions, and under every name; made when first asked for."""

    def __init__(self, way_facts: Sequence[WayFacts], names: Sequence[str]) -> None:
        self._way_facts, self._names = way_facts, names
        self._labels: dict[tuple[int, int], Label] = {}
        self._known: dict[tuple[int, bool], Said] = {}

    def of(self, row: int, reverse: bool) -> Said:
        """What is said in this row, going against its way when `reverse`."""
        found = self._known.get((row, reverse))
        if found is None:
            found = self._known[row, reverse] = Said(self._way_facts[row], reverse)
        return found

    def label(self, row: int, name: int) -> Label:
        """What people call a way with these facts and this name (an index, −1 = nameless)."""
        found = self._labels.get((row, name))
        if found is None:
            facts = self._way_facts[row]
            found = self._labels[row, name] = label_of(self._names[name] if name >= 0 else None, facts)
        return found
