"""Moments people name: with their zone, and near enough that every clock and calendar can hold them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from api.errors import invalid

YEARS = range(2000, 2200)

Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with its zone")]


def checked(given: datetime | None, name: str) -> datetime | None:
    """The same moment; `invalid_field` for a year that some zone, or a sum of days, could not hold."""
    if given is not None and given.year not in YEARS:
        raise invalid(name, f"a year from {YEARS[0]} to {YEARS[-1]} is wanted")
    return given
