"""Signs for and against each candidate for a mention of a body."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from pipeline.evidence.votes import VOTE
from pipeline.extract.doc_text import tagged, text_of, words_in
from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold
from pipeline.extract.layout import Layout
from pipeline.extract.learned import PROJECTS, learned
from pipeline.extract.organisations.candidates import BODIES, LEARNED, TAGGED
from pipeline.extract.organisations.heads import head_of, legal_forms
from pipeline.extract.organisations.scene import GUARDED
from pipeline.extract.places import by_genitive, of_genitive
from pipeline.extract.spans import Spans
from pipeline.extract.surroundings import Signs
from pipeline.extract.tag_chances import TagChances
from pipeline.extract.triggers import kinds_of
from pipeline.names import is_given_name, is_surname

_PROJECT_BEHIND = re.compile(r"[”\"’]?\s?[-–]?\s?(?:hank[ek]|projekt|ohjelm)\w*", re.IGNORECASE)
_NETWORKS = frozenset({LEARNED, TAGGED})


class _Span(NamedTuple):
    start: int
    end: int
    label: str
    score: float


def signs_of(doc: Doc, page: Layout, candidates: Sequence[EntityFind]) -> list[Signs]:
    """The signs of each candidate, in order."""
    scene = _Scene(doc, page, candidates)
    return [
        {sign: value for sign, value in scene.signs(number) if value}
        for number in range(len(candidates))
    ]


class _Scene:
    """What is looked up for the candidates of one announcement."""

    def __init__(self, doc: Doc, page: Layout, candidates: Sequence[EntityFind]) -> None:
        self._text = text_of(doc)
        self._finds = candidates
        self._spans = Spans(candidates)
        self._chances = TagChances(doc).signs(
            [(find.start, find.end) for find in candidates], "body"
        )
        self._networks = {
            "learned": Spans(
                _Span(f.start, f.end, f.label, f.confidence)
                for f in learned(doc, BODIES | PROJECTS)
            ),
            "tagged": Spans(_Span(e.start, e.end, e.label, 1.0) for e in tagged(doc)),
        }
        self._words = words_in(doc)
        self._word_starts = [word.idx for word in self._words]
        self._page = page
        self._values = Spans(_Span(f.start, f.end, f.key or "unknown", 1.0) for f in page.fields)
        self._labels = Spans(_Span(f.label_start, f.label_end, "", 1.0) for f in page.fields)
        self._sentences = {word.idx for word in self._words if word.is_sent_start}
        self._alike: defaultdict[str, list[EntityFind]] = defaultdict(list)
        for find in candidates:
            self._alike[fold(find.name)].append(find)

    def signs(self, number: int) -> Iterator[tuple[str, float]]:
        """Signs of the candidate with that number; some stand with the strength 0."""
        find = self._finds[number]
        yield f"vote:{find.rule}", find.confidence
        yield VOTE, find.confidence if self._voted(find) else 0.0
        yield f"type_{find.subtype or 'other'}", 1.0
        yield f"case_{find.case or 'none'}", 1.0
        yield from self._of_networks(find)
        yield from ((f"tags:{name}", sure) for name, sure in self._chances[number].items())
        yield from self._of_rivals(number)
        yield from self._of_name(find)
        yield from self._of_place(find)

    def _voted(self, find: EntityFind) -> bool:
        """Does a rule say so? A guarded name must be named otherwise, too."""
        if find.rule == GUARDED:
            return any(o.rule not in {GUARDED, *_NETWORKS} for o in self._alike[fold(find.name)])
        return find.rule not in _NETWORKS

    def _of_networks(self, find: EntityFind) -> Iterator[tuple[str, float]]:
        """What the networks see at the span: exactly it, or spans that cross it."""
        for name, spans in self._networks.items():
            crossing: dict[str, float] = {}
            for span in spans.touching(find.start, find.end):
                same = (span.start, span.end) == (find.start, find.end)
                key = f"{name}_{span.label}{'' if same else '_crossing'}"
                crossing[key] = max(crossing.get(key, 0.0), span.score)
            yield from crossing.items()

    def _of_rivals(self, number: int) -> Iterator[tuple[str, float]]:
        """Other candidates that share its words, and others of its name."""
        find = self._finds[number]
        for other in self._spans.touching(find.start, find.end):
            if other is find:
                continue
            inside = find.start <= other.start and other.end <= find.end
            around = other.start <= find.start and find.end <= other.end
            place = "inside" if inside else "around" if around else "crossing"
            by = "network" if other.rule in _NETWORKS else "rule"
            yield f"rival_{place}_{by}", 1.0
            yield f"rival_{place}:{other.rule}", 1.0
        alike = self._alike[fold(find.name)]
        yield f"times_{min(len(alike), 4)}", 1.0
        others = [other for other in alike if other is not find]
        yield "elsewhere_by_rule", float(any(o.rule not in _NETWORKS for o in others))
        yield "elsewhere", max((o.confidence for o in others), default=0.0)

    def _of_name(self, find: EntityFind) -> Iterator[tuple[str, float]]:
        """What the name itself looks like."""
        written = self._text[find.start : find.end]
        words = written.split()
        yield f"words_{min(len(words), 6)}", 1.0
        yield "capital_first", float(written[:1].isupper())
        yield "capitals", float(written.isupper() and len(written) > 1)
        yield "all_words_capital", float(all(word[:1].isupper() for word in words))
        yield "lower_words", float(sum(word[:1].islower() for word in words))
        yield "digits", float(any(map(str.isdigit, written)))
        yield "comma", float("," in written)
        yield "joined", float(any(word in {"ja", "sekä", "&"} for word in words))
        yield "bracket", float("(" in written)
        yield "hyphen_last", float(written.endswith("-"))
        last = find.name.split()[-1] if find.name.split() else ""
        head = head_of(last)
        yield "legal", float(last in legal_forms())
        if head is not None:
            yield "head", 1.0
            yield f"head_{head.head.word}", 1.0
            yield "bare_head", float(len(words) == 1 and not head.prefix)
            yield "may_refer", float(len(words) == 1 and "anaphor" in head.head.flags)
        yield "place_first", float(bool(words) and of_genitive(words[0]) is not None)
        yield "place_alone", float(find.name + "n" in by_genitive())
        yield "given_first", float(bool(words) and is_given_name(words[0]))
        yield "surname_last", float(bool(words) and is_surname(words[-1]))
        yield "known", float(len(find.names) > 2)

    def _of_place(self, find: EntityFind) -> Iterator[tuple[str, float]]:
        """Where on the page it stands, and its neighbours."""
        text = self._text
        block = self._page.block(find.start)
        if block is not None:
            yield f"block_{block.kind}", 1.0
            opens, closes = find.start - block.start < 3, block.end - find.end < 2
            yield "opens_block", float(opens)
            yield "closes_block", float(closes)
            yield "whole_block", float(opens and closes)
        for field in self._values.touching(find.start, find.start + 1):
            yield f"label_{field.label}", 1.0
        yield "in_label", float(self._labels.touches(find.start, find.start + 1))
        yield "opens_sentence", float(find.start in self._sentences)
        yield "project_behind", float(_PROJECT_BEHIND.match(text, find.end) is not None)
        yield f"behind_{text[find.end : find.end + 1].strip() or 'space'}", 1.0
        yield f"before_{text[max(0, find.start - 1) : find.start].strip() or 'space'}", 1.0
        first = bisect_left(self._word_starts, find.start)
        last = bisect_left(self._word_starts, find.end)
        for side, at in (("left", first - 1), ("right", last)):
            if 0 <= at < len(self._words):
                word = self._words[at]
                yield f"{side}_{word.pos_}", 1.0
                yield f"{side}_capital", float(word.text[:1].isupper())
                for kind in kinds_of(word.lemma_):
                    yield f"{side}_{kind}", 1.0
