"""German articles of street names: told by how a name ends, left open where it does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Gender = Literal["f", "m", "n"]

_ENDINGS: tuple[tuple[Gender, str], ...] = (
    ("f", "straße strasse str. gasse allee brücke promenade chaussee zeile twiete passage treppe stiege anlage "
          "meile insel terrasse wiese galerie unterführung überführung arkade"),
    ("m", "weg platz ring steig damm markt park graben pfad stieg steg wall kai garten bogen plan anger berg hof "
          "tunnel durchgang quai"),
    ("n", "ufer tor gässchen gässle"),
)  # fmt: skip
_BY_ENDING: Mapping[str, Gender] = {ending: kind for kind, endings in _ENDINGS for ending in endings.split()}
_LONGEST = max(map(len, _BY_ENDING))

_NO_ARTICLE = frozenset((
    "am", "an", "auf", "außer", "bei", "beim", "bis", "hinter", "hinterm", "im", "in", "neben", "ob", "ober",
    "über", "um", "unter", "unterm", "vom", "von", "vor", "vorm", "zu", "zum", "zur", "zwischen", "der", "die",
    "das", "den", "dem", "des",
))  # fmt: skip
"""A name that begins so brings its own article, or none."""

_ADJECTIVES = frozenset((
    "alt", "breit", "eng", "groß", "hoh", "klein", "kurz", "lang", "mittler", "neu", "nieder", "ober", "schmal",
    "unter", "vorder", "hinter", "weiß", "rot", "grün", "steil", "lieb", "schön", "krumm", "schwarz", "inner",
    "äußer",
))  # fmt: skip
"""What bends before a noun; "Heidelberger" does not."""
_BENDING = re.compile(r"(\w+?)(er|es|e|en)")


def gender(name: str) -> Gender | None:
    """Of a German street name; `None` where its end does not tell, or where it stands without an article."""
    first = name.partition(" ")[0]
    if first.lower() in _NO_ARTICLE or any(letter.isdigit() for letter in name):
        return None
    last = re.split(r"[ -]", name)[-1].lower()
    for size in range(min(len(last), _LONGEST), 2, -1):
        found = _BY_ENDING.get(last[-size:])
        if found is not None:
            return found
    return None


def declined(name: str, kind: Gender, *, dative: bool) -> str:
    """The name after a definite article: "Alter Markt" → (auf den) "Alten Markt", (auf der) "Langen Straße"."""
    weak = "e" if not dative and kind != "m" else "en"
    out = []
    words = name.split(" ")
    for word in words[:-1]:
        bends = _BENDING.fullmatch(word)
        out.append(bends[1] + weak if bends and bends[1].lower() in _ADJECTIVES else word)
    return " ".join([*out, words[-1]])
