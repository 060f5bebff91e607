"""Moves in the words of a language: whole sentences from gettext catalogues, nothing decided here.

`voice(language, units, step_m)` gives the `Voice` that says them; the catalogues lie beside this file, and
`make words` brings them up to date with the sentences that the code asks for.
"""

from routing.phrases.catalogue import LANGUAGES
from routing.phrases.lengths import Units
from routing.phrases.voices import PLAIN, Voice, voice

__all__ = ["LANGUAGES", "PLAIN", "Units", "Voice", "voice"]
