"""Barriers as a table and as waypoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from accessibility.complaints.answers import BarrierRecord
from accessibility.kind_words import KIND_WORDS
from api import exports
from api.wire_barriers import BarriersAnswer

COLUMNS = (
    "id", "kind", "severity", "standing", "active", "lon", "lat", "from", "until", "kerb_m", "width_m", "incline",
    "still_there", "gone", "unsure", "reports", "revision", "effect", "street", "level", "reason", "complaint_id",
    "updated_at",
)  # fmt: skip


def barrier_table(answer: BarriersAnswer, found: Sequence[BarrierRecord]) -> str:
    """One row a barrier; `lon` and `lat` are one place of it."""
    return exports.table(COLUMNS, _rows(answer, found))


def _rows(answer: BarriersAnswer, found: Sequence[BarrierRecord]) -> Iterator[dict[str, Any]]:
    for feature, record in zip(answer.features, found, strict=True):
        lon, lat = record.barrier.place
        plain = msgspec.structs.asdict(feature.properties)
        measured, votes = msgspec.structs.asdict(plain["measured"]), msgspec.structs.asdict(plain["votes"])
        yield {**plain, **measured, **votes, "from": plain["from_"], "lon": lon, "lat": lat}


def barrier_waypoints(answer: BarriersAnswer, found: Sequence[BarrierRecord]) -> str:
    """One waypoint a barrier, named by what it is."""
    points = []
    for record in found:
        barrier = record.barrier
        words = [barrier.standing, f"severity {barrier.severity}", barrier.street, record.reason]
        points.append(
            exports.Waypoint(
                *barrier.place, KIND_WORDS[barrier.kind][0], ", ".join(word for word in words if word), barrier.kind,
                record.updated_at,
            )
        )  # fmt: skip
    return exports.waypoints("Barriers", answer.attribution, points)
