"""What can be reported: the kinds of barrier with their words and effects, as data."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from msgspec import Meta, Struct, field

from accessibility.kind_words import KIND_WORDS, LANGUAGES, SEVERITY_WORDS, words
from accessibility.kinds import KINDS, SEVERITY_SCALE, SUSPECTED_S_PER_SEVERITY, VALID_FROM, Cell, Kind
from accessibility.profiles import built_in
from api.errors import invalid
from api.operations import Operation, json_answer, query_of

CHINESE = frozenset({"zh", "zh-hans", "zh-cn", "zh-sg", "zh-hans-cn"})


class KindsQuery(Struct, frozen=True):
    """The language of the words."""

    language: Annotated[str, Meta(min_length=1, max_length=35)] | None = None


class EffectAnswer(Struct, frozen=True, omit_defaults=True):
    """What a confirmed barrier of this kind does to a profile; nothing at all when it does not concern it."""

    concerns: bool
    blocks_from_severity: int | None = None
    penalty_s: int | None = None
    at_night: bool = False
    fact: str | None = None


class KindAnswer(Struct, frozen=True):
    """One kind. `lifetime_s`: how long it is believed without a new sign of it, null = permanent."""

    code: str
    words: str
    group: str
    danger_from_severity: int | None
    effects: dict[str, EffectAnswer]
    measured: str | None
    lifetime_s: int | None
    asked_again: bool
    class_: str | None = field(name="class")
    operators_only: bool = False


class SeverityAnswer(Struct, frozen=True):
    """A severity, its words, and how it scales seconds of cost."""

    severity: int
    words: str
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
    description="With words in `language` (en, zh-Hans, de; else English), also from `Accept-Language`.",
    query=KindsQuery, answer=KindsAnswer, group="Reports and barriers",
)  # fmt: skip


@get("/v1/kinds", opt={"operation": OPERATION})
async def kinds(request: Request[Any, Any, Any]) -> Response[bytes]:
    asked = query_of(request, KindsQuery).language
    if asked is not None and not asked.isprintable():
        raise invalid("language", "a language tag is wanted", code="invalid_query")
    language = spoken(asked or request.headers.get("accept-language", ""))
    severities = [
        SeverityAnswer(number, words(row, language), SEVERITY_SCALE[number]) for number, row in SEVERITY_WORDS.items()
    ]
    shown = [_kind(kind, language) for kind in KINDS.values()]
    answer = KindsAnswer(VALID_FROM.isoformat(), language, SUSPECTED_S_PER_SEVERITY, severities, shown)
    return json_answer(answer)


def spoken(wanted: str) -> str:
    """The first language of a list that we speak; the header's weights only order what is sent in order anyway."""
    for part in wanted.split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag in CHINESE:
            return "zh-Hans"
        for language in LANGUAGES:
            if tag.partition("-")[0] == language.lower():
                return language
    return "en"


def _kind(kind: Kind, language: str) -> KindAnswer:
    return KindAnswer(
        code=kind.code, words=words(KIND_WORDS[kind.code], language), group=kind.group,
        danger_from_severity=kind.danger_from,
        effects={profile: _effect(kind.cell(profile)) for profile in built_in}, measured=kind.measured,
        lifetime_s=None if kind.lifetime is None else int(kind.lifetime.total_seconds()),
        asked_again=kind.asked_again, class_=kind.urgency, operators_only=kind.operators_only,
    )  # fmt: skip


def _effect(cell: Cell) -> EffectAnswer:
    return EffectAnswer(cell.concerns, cell.blocks_from, cell.penalty_s, cell.at_night, cell.fact)


ROUTE_HANDLERS = [kinds]
