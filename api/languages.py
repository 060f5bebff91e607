"""Which of our languages somebody wants to read: `language` of a body, or `Accept-Language` (CONTRACT §2)."""

from __future__ import annotations

from accessibility.kind_words import LANGUAGES

_SPOKEN = {"en": "en", "de": "de", "zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans"}


def spoken(tag: str) -> str | None:
    """The language of ours that a tag means: `de-AT` → `de`, `zh-CN` → `zh-Hans`, `zh-TW` → None."""
    tag = tag.strip().lower()
    if tag in _SPOKEN:
        return _SPOKEN[tag]
    main, _, rest = tag.partition("-")
    if main == "zh":
        return "zh-Hans" if rest.startswith(("hans-", "cn-", "sg-")) else None
    return _SPOKEN.get(main)


def wanted(accept_language: str | None) -> str:
    """The best of ours for an `Accept-Language` header; English when there is none."""
    best, weight = LANGUAGES[0], 0.0
    for part in (accept_language or "").split(","):
        tag, _, quality = part.partition(";")
        found, given = spoken(tag), _quality(quality)
        if found is not None and given > weight:
            best, weight = found, given
    return best


def asked(language: str | None, accept_language: str | None) -> str:
    """The `language` of a body decides; without it the header does. English where it is none of ours."""
    return wanted(accept_language) if language is None else spoken(language) or LANGUAGES[0]


def _quality(text: str) -> float:
    name, _, value = text.replace(" ", "").partition("=")
    if name != "q":
        return 1.0
    try:
        found = float(value)
    except ValueError:
        return 0.0
    return found if 0 <= found <= 1 else 0.0
