"""Bodies that work on the map served, for the API description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def body_examples(question: Mapping[str, Any]) -> dict[str, object]:
    """By "method path"; `question` is a routing question that this map answers well."""
    examples: dict[str, object] = {"post /v1/routes": dict(question)}
    at = next(iter(question.get("waypoints", [])), None)
    if at is None:
        return examples
    report = {"kind": "kerb_too_high", "at": at, "severity": 2, "measured": {"kerb_m": 0.08}}
    waiting = {"idempotency_key": "5f0c2a9e7b1d4e38", "at_time": "2026-11-24T08:00:00Z"}
    works = {"geometry": {"type": "Point", "coordinates": at}, "reason": "Works on a water pipe"}
    complaint = "/v1/complaints/{complaint_id}"
    return examples | {
        "post /v1/reports": report,
        "post /v1/reports/batch": {"reports": [report | waiting]},
        "post /v1/barriers/{barrier_id}/votes": {"vote": "still_there"},
        "post /v1/barriers/{barrier_id}/moderate": {"action": "confirm"},
        "post /v1/closures": works | {"from": "2090-05-01T06:00:00Z", "until": "2090-05-03T18:00:00Z"},
        "patch /v1/closures/{closure_id}": {"until": "2090-05-04T18:00:00Z"},
        f"post {complaint}/steps": {"step": "dispatch", "version": 2, "unit": "roads"},
        f"post {complaint}/callback": {"answer": "fixed", "satisfaction": 5},
    }
