"""Letters written as a base and a combining accent: "a" and U+0308 are "ä".

Only such pairs are composed (NFC). No compatibility form is touched: "½", "m²" and "ﬁ" stay.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from pipeline.repair.changes import Change, substitute

_DECOMPOSED = re.compile("[^\\W\\d_][\u0300-\u036f]+")
# TeX and some PDF writers put a spacing accent before the letter: "p¨a¨at¨os".
_SPACING = re.compile("¨(?=[aouAOU])|˚(?=[aA])")
_ANY = re.compile("[\u0300-\u036f¨˚]")
_SPACING_ACCENTS = {"¨": "\u0308", "˚": "\u030a"}


def composition(text: str) -> list[Change]:
    """Compose a letter with the accents that follow it, or a spacing diaeresis before it."""
    if not _ANY.search(text):
        return []
    changes = substitute(_DECOMPOSED, lambda match: normalize("NFC", match.group()), text)
    for match in _SPACING.finditer(text):
        letter = text[match.end()] + _SPACING_ACCENTS[match.group()]
        changes.append(Change(match.start(), match.end() + 1, normalize("NFC", letter)))
    return _disjoint(sorted(changes))


def _disjoint(changes: list[Change]) -> list[Change]:
    kept: list[Change] = []
    for change in changes:
        if not kept or change.start >= kept[-1].end:
            kept.append(change)
    return kept
