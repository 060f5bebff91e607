"""Refusals: what cannot be done, as an exception with a stable code that never changes with language."""

from __future__ import annotations


class Refused(Exception):
    """A request that is refused for a reason the caller can act on.

    `code` is stable and public; `field` names the input at fault (dotted path) when there is one; `details` carries
    further public members of the problem (such as `allowed`, `version`, `waypoint`). Only `api/errors.py` knows HTTP.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.details = details
