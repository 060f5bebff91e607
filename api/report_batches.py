"""Reports that waited on a device: many at once, each taken or refused by itself (CONTRACT §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from msgspec import Meta, Raw, Struct, structs

from accessibility.refusals import Refused
from api.auth import AtDesk, at_desk
from api.errors import PROBLEMS
from api.moments import Moment, checked
from api.operations import Operation, body_of, decode, json_answer
from api.reports import GROUP, received
from api.wire_reports import ReportBody, report_of

BATCH_MAX = 50

Key = Annotated[str, Meta(min_length=16, max_length=128, pattern="^[!-~]+$")]


class BatchedReport(ReportBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A report with the client's own name for it, and when it was seen (in the last seven days)."""

    idempotency_key: Key
    at_time: Moment


_EACH = (
    "In the order they were made. Each as POST /v1/reports takes it, with `idempotency_key` (16 to 128 visible "
    "ASCII characters, its own name) and `at_time` (when it was seen, in the last seven days)."
)


class BatchBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Reports, still unread: each is judged by itself."""

    reports: Annotated[list[Raw], Meta(min_length=1, max_length=BATCH_MAX, description=_EACH)]


class BatchedAnswer(Struct, frozen=True, omit_defaults=True):
    """What became of one report: `status` and the rest as a report of its own would have been answered."""

    status: int
    idempotency_key: str | None = None
    report_id: UUID | None = None
    barrier_id: UUID | None = None
    complaint_id: UUID | None = None
    standing: str | None = None
    joined: bool | None = None
    revision: int | None = None
    reporter_token: str | None = None
    code: str | None = None
    detail: str | None = None
    errors: list[dict[str, str]] = []
    retry_after_s: int | None = None


class BatchAnswer(Struct, frozen=True):
    """In the order of the reports sent. `reporter_token` comes with the first report of somebody who had none."""

    reports: list[BatchedAnswer]


BATCH = Operation(
    "Report what waited on a device",
    description=(
        "Up to 50 reports, each taken or refused by itself and, by its `idempotency_key`, once: send what was not "
        "answered, or answered with 429 or 503, again. Without a bearer all are one new reporter's."
    ),
    body=BatchBody,
    answer=BatchAnswer,
    errors=("database_unavailable", "overloaded", "not_ready"),
    group=GROUP,
    bearer="optional",
)
_one = msgspec.json.Decoder(BatchedReport)


@post("/v1/reports/batch", status_code=200, opt={"operation": BATCH})
async def batch(request: Request[Any, Any, Any]) -> Response[bytes]:
    at, answers = await at_desk(request), []
    for raw in body_of(request, BatchBody).reports:
        at, answer = await _taken(at, bytes(raw))
        answers.append(answer)
    return json_answer(BatchAnswer(answers))


async def _taken(at: AtDesk, raw: bytes) -> tuple[AtDesk, BatchedAnswer]:
    """One report, and who sends the next: a stranger is known from the first one on."""
    key = None
    try:
        given = decode(raw, _one)
        key = given.idempotency_key
        asked = structs.replace(report_of(given), seen_at=_seen(given.at_time))
        stored = await received(replace(at, key=key), asked)
    except Refused as refused:
        if refused.code not in PROBLEMS:
            raise
        return at, _refused(refused, key)
    if stored.reporter_token is not None and at.actor.key_id is None:
        at = replace(at, actor=await at.desk.who(stored.reporter_token, at.address))
    return at, BatchedAnswer(201, key, **structs.asdict(stored))


def _seen(given: datetime) -> datetime:
    found = checked(given, "at_time")
    assert found is not None
    return found


def _refused(refused: Refused, key: str | None) -> BatchedAnswer:
    wait = refused.details.get("retry_after_s")
    errors = [] if refused.field is None else [{"field": refused.field, "message": refused.message}]
    return BatchedAnswer(
        PROBLEMS[refused.code].status, key, code=refused.code, detail=refused.message, errors=errors,
        retry_after_s=wait if isinstance(wait, int) else None,
    )  # fmt: skip


ROUTE_HANDLERS = [batch]
