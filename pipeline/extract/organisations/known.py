"""Bodies of ``bodies.csv`` in the text."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import word as make_word
from pipeline.extract.organisations.bodies import find_known, known_bodies
from pipeline.extract.organisations.heads import word_set
from pipeline.extract.organisations.scene import AREA_AFTER, GUARDED, KNOWN, Scene, of_body


def known(scene: Scene) -> Iterator[EntityFind]:
    """Bodies of the data; a guarded name has the rule ``GUARDED`` until it is supported."""
    for hit in find_known(scene.words):
        alias = hit.entry.item
        if hit.entry.plural and hit.entry.item.body.type not in ("other", "association"):
            continue
        if alias.body.type == "wellbeing_county" and AREA_AFTER.match(scene.text, hit.end):
            continue
        yield of_body(
            alias.body,
            scene.words[hit.first].start,
            hit.end,
            rule=GUARDED if alias.guarded else KNOWN,
            confidence=0.6 if alias.guarded else 0.97,
            case=hit.entry.case,
        )
    yield from _known_prefixes(scene)


def _known_prefixes(scene: Scene) -> Iterator[EntityFind]:
    """The acronym that starts a compound: a fund's (``JTF-haku``), another's if about money."""
    for word in scene.words:
        stem, hyphen, tail = word.text.replace("–", "-").partition("-")
        if not hyphen or not tail or not stem[:1].isupper():
            continue
        alone = make_word(word.start, word.start + len(stem), stem)
        hits = [hit for hit in known_bodies().at([alone], 0) if hit.entry.case == "Nom"]
        if hits and not hits[0].entry.item.guarded:
            body = hits[0].entry.item.body
            if body.type == "fund" or tail.startswith(tuple(word_set("money_tails", "stems"))):
                yield of_body(body, alone.start, alone.end, rule=KNOWN, confidence=0.93, case="Gen")
