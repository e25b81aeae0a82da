"""Names in capitals, as the heads of letters and minutes have them: ``RAAHEN SEURAKUNTA``."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word, word
from pipeline.extract.organisations.headed import headed
from pipeline.extract.organisations.heads import head_of
from pipeline.extract.organisations.scene import Scene
from pipeline.extract.places import of_genitive

_SURE = 0.85


def shouted(scene: Scene) -> Iterator[EntityFind]:
    """Bodies of a place whose whole name stands in capitals, read as if it didn't."""
    loud = [_is_loud(one.text) for one in scene.words]
    if not any(loud):
        return
    quiet = [
        _quiet(one) if is_loud else one for one, is_loud in zip(scene.words, loud, strict=True)
    ]
    blocked = [held and not is_loud for held, is_loud in zip(scene.blocked, loud, strict=True)]
    for find in headed(Scene(scene.text, quiet, blocked)):
        words = scene.text[find.start : find.end].split()
        if all(map(_is_loud, words)) and any(of_genitive(one) for one in words):
            yield msgspec.structs.replace(find, rule="shouted", confidence=_SURE)


def _is_loud(text: str) -> bool:
    return len(text) > 2 and text.isupper() and text.replace("-", "").isalpha()


def _quiet(loud: Word) -> Word:
    """The word as it is written in running text: a head in small letters, a name capitalised."""
    text = loud.text.lower() if head_of(loud.text) else loud.text.title()
    return word(loud.start, loud.end, text, loud.before)
