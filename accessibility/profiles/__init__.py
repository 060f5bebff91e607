"""Eight people as data, and how one person's own numbers take the place of theirs."""

from accessibility.profiles.overrides import describe, with_overrides
from accessibility.profiles.people import built_in
from accessibility.profiles.shape import (
    Count,
    Gait,
    Grade,
    Heeds,
    Limits,
    Metres,
    Options,
    Prefer,
    Profile,
    Seconds,
    Share,
    Soft,
    Speed,
    Unknown,
    Unsure,
)
from accessibility.profiles.sources import SOURCES

__all__ = [
    "SOURCES",
    "Count",
    "Gait",
    "Grade",
    "Heeds",
    "Limits",
    "Metres",
    "Options",
    "Prefer",
    "Profile",
    "Seconds",
    "Share",
    "Soft",
    "Speed",
    "Unknown",
    "Unsure",
    "built_in",
    "describe",
    "with_overrides",
]
