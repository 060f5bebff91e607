"""How much the evidence about a barrier weighs at a moment: suspected, confirmed, cleared, expired or refuted.

Pure: the whole history goes in, the moment is an argument. The rules are CONTRACT §5; each is one row of `_CLAUSES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from msgspec import Struct, field, structs

from accessibility.barriers import Measured
from accessibility.kinds import Kind

CONFIRM_NET = 3  # verified reporters who say it is there, minus those who say it is gone
CONFIRM_WITHIN = timedelta(hours=72)
CLEAR_NET = 3  # verified gone − still_there since the last confirmation
CREW_QUIET = timedelta(hours=48)  # a verified still_there this fresh outweighs a crew's photo
DANGER_BLOCKS = timedelta(hours=6)  # an unconfirmed danger of severity 4

Value = Literal["suspected", "confirmed", "cleared", "expired", "refuted"]
Weight = Literal["unverified", "verified", "authority"]  # authority = moderator, crew, operator
Said = Literal[
    "report", "still_there", "gone", "unsure", "confirm", "refute", "crew_photo", "closed", "opened", "callback_fixed",
    "withdrawn",
]  # fmt: skip


class Evidence(Struct, frozen=True):
    """One thing somebody said at one time. `blocks`: a severity-4 danger that was granted its 6 hours."""

    kind: Said
    at: datetime
    reporter: UUID
    weight: Weight
    severity: int | None = None
    measured: Measured = Measured()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    blocks: bool = False


class Standing(Struct, frozen=True):
    """The outcome at a moment. It stays the same until `next_check` while nothing is added; None = for ever."""

    value: Value
    blocks: bool
    active: bool
    severity: int
    measured: Measured
    starts_at: datetime | None
    until: datetime | None
    next_check: datetime | None


def standing(evidence: Sequence[Evidence], now: datetime, kind: Kind) -> Standing:
    """The standing at `now` of a barrier of this kind; what was said after `now` is not known yet.

    Time orders the evidence; of what was said in the same instant the later in the sequence comes later.
    Raises ValueError when nothing was said up to `now`.
    """
    said = sorted((one for one in evidence if one.at <= now), key=lambda one: one.at)
    if not said:
        raise ValueError("a barrier without evidence has no standing")
    case = _Case(kind)
    for case.order, item in enumerate(said):
        case.pass_time(item.at)
        _CLAUSES[item.kind](case, item)
    case.pass_time(now)
    return case.outcome(now)


class _Stance(Struct, frozen=True):
    """What one person last said."""

    there: bool
    voted: bool  # by a vote, not by a report
    at: datetime
    verified: bool
    order: int


class _Case(Struct):
    """What is known after the evidence so far."""

    kind: Kind
    value: Value = "suspected"
    order: int = 0
    stances: dict[UUID, _Stance] = field(default_factory=dict)
    reports: list[tuple[int, Evidence]] = field(default_factory=list)
    confirmed_order: int = -1  # what was said after it counts for clearing
    vouched_order: int = -1  # an authority stands behind every report up to here
    seen_at: datetime | None = None  # last sign that it is there
    block_from: datetime | None = None
    crew_clears_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.value in ("suspected", "confirmed")

    def confirm(self, item: Evidence) -> None:
        self.value, self.seen_at = "confirmed", item.at
        self.confirmed_order = self.order
        self.crew_clears_at = None

    def end(self, value: Value) -> None:
        """Cleared, expired or refuted: what was said before counts no longer."""
        self.value, self.stances = value, {}
        self.block_from = self.crew_clears_at = None

    def net(self, *, after_order: int = -1, since: datetime | None = None) -> int:
        """Verified people who say it is there minus those who say it is gone."""
        counted = [
            stance
            for stance in self.stances.values()
            if stance.verified and stance.order > after_order and (since is None or stance.at >= since)
        ]
        return sum(1 if stance.there else -1 for stance in counted)

    def expires_at(self) -> datetime | None:
        """The end that was named, or the lifetime of the kind after the last sign of it; None = it stays."""
        if not self.open or self.seen_at is None:
            return None
        if self.ends_at is not None and (self.kind.operators_only or self.ends_at > self.seen_at):
            return self.ends_at
        if self.kind.lifetime is None:
            return None
        return max(self.seen_at, self.starts_at or self.seen_at) + self.kind.lifetime

    def pass_time(self, now: datetime) -> None:
        """What happens by itself up to and including `now`."""
        expires_at = self.expires_at()
        if self.crew_clears_at is not None and self.crew_clears_at <= min(now, expires_at or now):
            self.end("cleared")
        elif expires_at is not None and expires_at <= now:
            self.end("expired")

    def trusted(self) -> list[Evidence]:
        """Reports by verified people or vouched for by an authority."""
        return [one for order, one in self.reports if one.weight != "unverified" or order <= self.vouched_order]

    def measured(self) -> Measured:
        """The latest values; once confirmed only trusted ones, or a stranger could turn a block into a fact."""
        pool = self.trusted() if self.value == "confirmed" else [one for _, one in self.reports]
        merged: dict[str, float] = {}
        for one in pool:
            merged |= {name: value for name, value in structs.asdict(one.measured).items() if value is not None}
        return Measured(**merged)

    def outcome(self, now: datetime) -> Standing:
        block_until = self.block_from + DANGER_BLOCKS if self.block_from and self.value == "suspected" else None
        starts_later = self.starts_at is not None and self.starts_at > now
        moments = [self.expires_at(), self.crew_clears_at, block_until, self.starts_at if self.open else None]
        severities = [one.severity or 1 for one in self.trusted() or [one for _, one in self.reports]]
        return Standing(
            value=self.value,
            blocks=block_until is not None and now < block_until,
            active=self.open and not starts_later,
            severity=max(severities, default=4 if self.kind.operators_only else 1),
            measured=self.measured(),
            starts_at=self.starts_at,
            until=self.expires_at() if self.open else self.ends_at,
            next_check=min((one for one in moments if one is not None and one > now), default=None),
        )


def _there(case: _Case, item: Evidence) -> None:
    """Report, still_there: an authority confirms at once, three verified people within 72 h do, one alone suspects."""
    authority, verified = item.weight == "authority", item.weight != "unverified"
    if item.kind == "report":
        case.reports.append((case.order, item))
    if case.kind.operators_only or (case.value == "refuted" and not authority) or not (case.open or verified):
        return
    first = case.seen_at is None or not case.open
    if not case.open:
        case.value, case.stances, case.starts_at, case.ends_at = "suspected", {}, None, None
    _take_span(case, item, first=first)
    if verified or case.value == "suspected":
        case.seen_at = item.at
    if verified:
        case.crew_clears_at = None
    if item.blocks and case.block_from is None:
        case.block_from = item.at
    case.stances[item.reporter] = _Stance(True, item.kind == "still_there", item.at, verified, case.order)
    if authority:
        _confirm(case, item)
    else:
        _count(case, item)


def _take_span(case: _Case, item: Evidence, *, first: bool) -> None:
    """The first report names the time span; later ones change it only when verified, and never postpone the start."""
    if item.kind != "report":
        return
    if first:
        case.starts_at, case.ends_at = item.starts_at, item.ends_at
    elif item.weight != "unverified":
        case.ends_at = item.ends_at or case.ends_at
        if case.starts_at is not None and (item.starts_at or item.at) < case.starts_at:
            case.starts_at = item.starts_at


def _gone(case: _Case, item: Evidence) -> None:
    """One vote against; an unverified one is only shown."""
    case.stances[item.reporter] = _Stance(False, True, item.at, item.weight != "unverified", case.order)
    _count(case, item)


def _count(case: _Case, item: Evidence) -> None:
    """Net three verified within 72 h confirm; net three against since the last confirmation clear all but closures."""
    if case.value == "suspected" and case.net(since=item.at - CONFIRM_WITHIN) >= CONFIRM_NET:
        case.confirm(item)
    elif case.open and not case.kind.operators_only and -case.net(after_order=case.confirmed_order) >= CLEAR_NET:
        case.end("cleared")


def _unsure(case: _Case, item: Evidence) -> None:
    """Takes back what this person said before."""
    case.stances.pop(item.reporter, None)
    _count(case, item)


def _confirm(case: _Case, item: Evidence) -> None:
    """An authority stands behind what was reported so far."""
    case.vouched_order = case.order
    case.confirm(item)


def _refute(case: _Case, item: Evidence) -> None:
    """A moderator finds it untrue; only an authority brings it back."""
    case.end("refuted")


def _crew_photo(case: _Case, item: Evidence) -> None:
    """A crew's photo from the spot clears, unless a verified still_there is younger than 48 h: then once it is not."""
    if case.open and not case.kind.operators_only:
        votes = [one.at for one in case.stances.values() if one.voted and one.there and one.verified]
        case.crew_clears_at = max([item.at, *(at + CREW_QUIET for at in votes)])
        case.pass_time(item.at)


def _closed(case: _Case, item: Evidence) -> None:
    """An operator closes the place from … until, or changes the closure."""
    case.starts_at, case.ends_at = item.starts_at, item.ends_at
    _confirm(case, item)


def _opened(case: _Case, item: Evidence) -> None:
    """The operator opens the place again."""
    case.end("cleared")


def _only_voice(case: _Case, reporter: UUID) -> bool:
    """Nobody else says it is there. A moderator's word on that report is a judgement, not a second witness."""
    return not any(stance.there for other, stance in case.stances.items() if other != reporter)


def _callback_fixed(case: _Case, item: Evidence) -> None:
    """The resident's own verdict: one verified gone, and enough where nobody else says it is there."""
    if case.kind.operators_only or not case.open:
        return
    if _only_voice(case, item.reporter):
        case.end("cleared")
        return
    case.stances[item.reporter] = _Stance(False, True, item.at, True, case.order)
    _count(case, item)


def _withdrawn(case: _Case, item: Evidence) -> None:
    """The reporter takes the report back; it stays if anybody else, or an authority, stands behind it."""
    case.stances.pop(item.reporter, None)
    if case.value == "suspected" and _only_voice(case, item.reporter):
        case.end("cleared")


_CLAUSES: Mapping[Said, Callable[[_Case, Evidence], None]] = MappingProxyType({
    "report": _there,
    "still_there": _there,
    "gone": _gone,
    "unsure": _unsure,
    "confirm": _confirm,
    "refute": _refute,
    "crew_photo": _crew_photo,
    "closed": _closed,
    "opened": _opened,
    "callback_fixed": _callback_fixed,
    "withdrawn": _withdrawn,
})  # fmt: skip
