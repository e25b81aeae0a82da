"""Names: what agreement adds on TurkuONE dev, and how well announcements' names agree with gold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.annotate.annotator import lines_of
from pipeline.annotate.ner import NameFinder
from pipeline.annotate.network import load_base
from pipeline.annotate.tokens import pieces
from pipeline.names import nominative
from pipeline.names.candidates import Kind
from pipeline.prepare import prepared
from pipeline.read import read_folder
from pipeline.scoring.gold import GoldDocument, GoldEntity, folded, load_gold
from pipeline.scoring.outputs import source_name
from pipeline.training.cards.measured import Agreement, Names
from pipeline.training.evaluate import NameAll, all_names, measure, own_names
from pipeline.training.peers import spacy_names

KINDS: Mapping[str, tuple[frozenset[str], Kind]] = {
    "people": (frozenset({"PERSON"}), "person"),
    "bodies": (frozenset({"ORG"}), "organisation"),
    "places": (frozenset({"GPE", "LOC"}), "place"),
}


class Counted(NamedTuple):
    """Entities that were found, names that are none, entities that were missed."""

    found: int
    extra: int
    missed: int

    def plus(self, other: Counted) -> Counted:
        """The sum of both."""
        return Counted(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def f1(self) -> float:
        """F1 of all that was counted, 0 where nothing was."""
        total = 2 * self.found + self.extra + self.missed
        return 2 * self.found / total if total else 0.0


def name_figures(data: Path, models: Path) -> Names:
    """F1 on TurkuONE dev: each sentence a text of its own; the base's weights, agreeing."""
    dev = data / "ner" / "turku-one-dev.tsv"
    own = own_names(models)
    alone = measure(None, dev, None, lambda lines: [own([line])[0] for line in lines])
    base = measure(None, dev, None, all_names(NameFinder(load_base(["ner"]))))
    return Names(alone.ner_f1 or 0.0, base.ner_f1 or 0.0)


def announced_names(announcements: Path, gold: Path, models: Path) -> dict[str, Agreement]:
    """F1 of the sets of names found in each announcement, by system: this project, its base."""
    texts = {source_name(source): text for source, text in readable(announcements)}
    wanted = [document for document in load_gold(gold) if document.source in texts]
    systems = {
        "project": own_names(models),
        "base": spacy_names(),
    }
    return {
        system: _agreement([(texts[document.source], document) for document in wanted], find)
        for system, find in systems.items()
    }


def readable(announcements: Path) -> Iterator[tuple[str, str]]:
    """The source and the repaired text of each announcement that a run would read."""
    for post in read_folder(announcements):
        announcement = prepared(post)
        if announcement.status == "ok":
            yield announcement.source, announcement.text


def _agreement(texts: Iterable[tuple[str, GoldDocument]], find: NameAll) -> Agreement:
    totals = dict.fromkeys(KINDS, Counted(0, 0, 0))
    for text, document in texts:
        names = names_in(text, find)
        wanted = {
            "people": document.people,
            "bodies": document.organisations,
            "places": document.areas,
        }
        for kind in KINDS:
            totals[kind] = totals[kind].plus(compared(names[kind], wanted[kind]))
    together = Counted(0, 0, 0)
    for counted in totals.values():
        together = together.plus(counted)
    return Agreement({kind: counted.f1 for kind, counted in totals.items()}, together.f1)


def names_in(text: str, find: NameAll) -> dict[str, set[str]]:
    """The names of each kind in a text, folded nominatives."""
    sentences = list(sentences_of(text))
    names: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for words, spans in zip(sentences, find(sentences), strict=True):
        for first, after, label in spans:
            for kind, (labels, sort) in KINDS.items():
                if label in labels:
                    names[kind].add(folded(nominative(" ".join(words[first:after]), sort)))
    return names


def sentences_of(text: str) -> Iterator[list[str]]:
    """The words of each sentence; a line's end ends one too."""
    for row in lines_of(text, pieces(text)):
        words: list[str] = []
        for piece in row:
            if piece.opens_sentence and words:
                yield words
                words = []
            words.append(text[piece.start : piece.end])
        yield words


def compared(found: set[str], wanted: Sequence[GoldEntity]) -> Counted:
    """Entities with a name among the found; an optional one, found or missed, is no matter."""
    met = [entity for entity in wanted if any(folded(name) in found for name in entity.names)]
    known = {folded(name) for entity in wanted for name in entity.names}
    must = [entity for entity in wanted if not entity.optional]
    hits = sum(not entity.optional for entity in met)
    return Counted(hits, len(found - known), len(must) - hits)
