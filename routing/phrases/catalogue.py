"""A gettext catalogue, and the marks by which `pybabel extract` finds what belongs into it.

A message is a whole sentence, or a phrase in the one form in which a sentence takes it: what an English "the" hides is
told apart by its context. Values come in by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import NamedTuple

DOMAIN = "directions"
FOLDER = Path(__file__).parent


class Tongue(NamedTuple):
    """What a language does that no sentence says; `folder` as gettext names it."""

    folder: str
    decimal: str
    gap: str
    """Between two sentences."""


TONGUES: Mapping[str, Tongue] = {
    "en": Tongue("en", ".", " "),
    "zh-Hans": Tongue("zh_Hans", ".", ""),
    "de": Tongue("de", ",", " "),
}
LANGUAGES = tuple(TONGUES)


class Plural(NamedTuple):
    """A message about `{n}` things."""

    context: str
    one: str
    many: str


class Phrase(NamedTuple):
    """A message that means what it does in its context alone."""

    context: str
    text: str


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Marks a sentence."""
    return text


def C_(context: str, text: str) -> Phrase:  # noqa: N802
    """Marks a phrase in a context."""
    return Phrase(context, text)


def P_(context: str, one: str, many: str) -> Plural:  # noqa: N802
    """Marks a counted phrase in a context."""
    return Plural(context, one, many)


class Catalogue:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        """Raises `KeyError` for a language that we do not speak."""
        self.language = language
        self.tongue = TONGUES[language]
        with (FOLDER / self.tongue.folder / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
            self._said = GNUTranslations(file)

    def __call__(self, message: str | Phrase, **values: object) -> str:
        """The message with its values; what is empty leaves no gap."""
        if isinstance(message, str):
            return self._said.gettext(message).format(**values)
        return self._said.pgettext(*message).format(**values)

    def counted(self, message: Plural, n: int, shown: str | None = None) -> str:
        """The form for `n` things; `shown` is how the number is written."""
        return self._said.npgettext(*message, n).format(n=n if shown is None else shown)


@cache
def catalogue(language: str) -> Catalogue:
    """Read once."""
    return Catalogue(language)
