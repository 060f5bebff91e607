"""What can be reported: the kinds of barrier with their words and effects, as data."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from msgspec import Struct, field

from accessibility.kind_words import KIND_WORDS, SEVERITY_WORDS, words
from accessibility.kinds import KINDS, SEVERITY_SCALE, SUSPECTED_S_PER_SEVERITY, VALID_FROM, Cell, Kind
from accessibility.profiles import built_in
from api.languages import wanted
from api.operations import Operation, json_answer


class EffectAnswer(Struct, frozen=True, omit_defaults=True):
    """What a confirmed barrier of this kind does to a profile.

    `blocks_from_severity`: from there on it blocks; otherwise it costs `penalty_s` seconds times the severity's factor,
    or sets `fact`. Nothing but `concerns: false` when it does not concern this profile.
    """

    concerns: bool
    blocks_from_severity: int | None = None
    penalty_s: int | None = None
    at_night: bool = False
    fact: str | None = None


class KindAnswer(Struct, frozen=True):
    """One kind. `lifetime_s`: how long it is believed without a new sign of it, null = permanent.

    `danger_from_severity`: from there on it endangers people; `measured`: the value that, once measured, decides.
    """

    kind: str
    word: str
    group: str
    danger_from_severity: int | None
    effects: dict[str, EffectAnswer]
    measured: str | None
    lifetime_s: int | None
    asked_again: bool
    class_: str | None = field(name="class")
    operators_only: bool


class SeverityAnswer(Struct, frozen=True):
    """A severity, its words, and how it scales seconds of cost."""

    severity: int
    word: str
    penalty_factor: float


class KindsAnswer(Struct, frozen=True):
    """All kinds; numbers are defaults in force since `valid_from`."""

    valid_from: str
    language: str
    suspected_s_per_severity: int
    severities: list[SeverityAnswer]
    kinds: list[KindAnswer]


OPERATION = Operation(
    "Kinds of barrier",
    description="What can be reported and what it does to whom; words by `Accept-Language` (en, zh-Hans, de).",
    answer=KindsAnswer,
    headers=("Accept-Language",),
    group="Reports and barriers",
)


@get("/v1/kinds", opt={"operation": OPERATION})
async def kinds(request: Request[Any, Any, Any]) -> Response[bytes]:
    language = wanted(request.headers.get("accept-language"))
    severities = [SeverityAnswer(n, words(row, language), SEVERITY_SCALE[n]) for n, row in SEVERITY_WORDS.items()]
    shown = [_kind(kind, language) for kind in KINDS.values()]
    answer = KindsAnswer(VALID_FROM.isoformat(), language, SUSPECTED_S_PER_SEVERITY, severities, shown)
    return json_answer(answer, headers={"Content-Language": language, "Vary": "Accept-Language"})


def _kind(kind: Kind, language: str) -> KindAnswer:
    return KindAnswer(
        kind=kind.code, word=words(KIND_WORDS[kind.code], language), group=kind.group,
        danger_from_severity=kind.danger_from, effects={profile: _effect(kind.cell(profile)) for profile in built_in},
        measured=kind.measured,
        lifetime_s=None if kind.lifetime is None else int(kind.lifetime.total_seconds()),
        asked_again=kind.asked_again, class_=kind.urgency, operators_only=kind.operators_only,
    )  # fmt: skip


def _effect(cell: Cell) -> EffectAnswer:
    return EffectAnswer(cell.concerns, cell.blocks_from, cell.penalty_s, cell.at_night, cell.fact)


ROUTE_HANDLERS = [kinds]
