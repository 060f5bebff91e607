"""Structured logs: one JSON object a line on standard error, ours and the web server's alike."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import msgspec
import structlog
from msgspec import Struct

_ENCODER = msgspec.json.Encoder()
_OURS = logging.getLogger("stepfree")
"""Asked for its level only; what is logged goes through structlog."""
_OURS.setLevel(logging.INFO)


class RequestLine(Struct, frozen=True):
    """One answered request; `ms` from its head to its answer."""

    request_id: str
    method: str
    route: str
    status: int
    ms: float
    event: str = "request"
    level: str = "info"
    timestamp: datetime = msgspec.field(default_factory=lambda: datetime.now(UTC))


def request_answered(request_id: str, method: str, route: str, status: int, seconds: float) -> None:
    """Log one request: the same line as any other's, past structlog, as a tenth of a request's time is not for logs."""
    if _OURS.isEnabledFor(logging.INFO):
        line = RequestLine(request_id, method, route, status, round(seconds * 1000, 2))
        sys.stderr.write(_ENCODER.encode(line).decode() + "\n")


def start_logs(level: str) -> None:
    """Set up logging for this process; `level` is debug, info, warning or error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # asked anew each time: tests replace it
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    _OURS.setLevel(number)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))
