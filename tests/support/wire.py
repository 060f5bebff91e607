"""What an answer says it knows, for answers that no server gave."""

from __future__ import annotations

from datetime import UTC, datetime

from api.wire import AsOf

AS_OF = AsOf("drawn", 0, datetime(2026, 11, 26, 8, 0, tzinfo=UTC))
