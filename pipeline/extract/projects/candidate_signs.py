"""What tells for and against a candidate's being a project's name: votes, shape, places, rivals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from pipeline import lexicon
from pipeline.evidence.votes import OUTRIGHT
from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold
from pipeline.extract.layout import Block, Layout
from pipeline.extract.places import place_names
from pipeline.extract.projects import names
from pipeline.extract.projects.candidates import PLACES, Candidate, Others, is_outright
from pipeline.extract.projects.learned import AS_WRITTEN, LEARNED
from pipeline.extract.projects.scene import Scene
from pipeline.extract.projects.signs import OTHER, Phrase, signs
from pipeline.extract.projects.structure import Structure
from pipeline.extract.spans import Spans
from pipeline.extract.titles import read_title

_YEAR = re.compile(r"(?:19|20)\d\d")
_DASH = re.compile(r"\s[–—-]\s|\s-|-\s")

Signs = Mapping[str, float]
"""Signs of a candidate and how strong each is, mostly 1."""


class Lines:
    """The lines of a page that may name something."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.spans = Spans(blocks)
        self._number = {block.start: number for number, block in enumerate(blocks)}

    def number(self, position: int) -> int | None:
        """Which line holds a place."""
        block = next(self.spans.touching(position, position + 1), None)
        return None if block is None else self._number[block.start]


class Rivals:
    """What else is named in the text, so laid out that each candidate looks where it stands."""

    def __init__(self, organisations: Sequence[EntityFind], people: Sequence[EntityFind]) -> None:
        self.bodies, self.people = Spans(organisations), Spans(people)
        self.body_names = {fold(name.name) for find in organisations for name in find.names}
        self.bodies_ending: defaultdict[int, list[EntityFind]] = defaultdict(list)
        for find in organisations:
            self.bodies_ending[find.end].append(find)


def signs_of_all(
    scene: Scene,
    page: Layout,
    candidates: Sequence[Candidate],
    rivals: Rivals,
    title: str | None,
) -> list[Signs]:
    """The signs of each candidate; ``title`` is the page's own, as its metadata say."""
    outright = [c for c in candidates if any(map(is_outright, c.votes))]
    labelled = any("label:project_name" in c.votes for c in candidates)
    of_page = {
        f"page_outright_{min(len(outright), 4)}": 1.0,
        f"page_unnamed_{min(scene.unnamed, 4)}": 1.0,
        "page_labelled": float(labelled),
    }
    lines = Lines(page.shown)
    folded_text = scene.text.casefold()
    structure = Structure(scene.text, page, rivals.bodies, rivals.people)
    others = Others(candidates, outright)
    folded_title = fold(title) if title else ""
    told: list[Signs] = []
    for candidate in candidates:
        found: dict[str, float] = {}
        found.update(_votes(candidate))
        found.update(dict.fromkeys(_shape(candidate), 1.0))
        found.update(dict.fromkeys(_written(folded_text, candidate), 1.0))
        found.update(_places(scene, candidate))
        found.update(dict.fromkeys(_page(candidate, lines, folded_title, scene.text), 1.0))
        for start, _ in candidate.spans[:PLACES]:
            found.update(dict.fromkeys(structure.signs(start), 1.0))
        found.update(dict.fromkeys(_rivals(candidate, others, rivals), 1.0))
        found.update(of_page)
        told.append({sign: value for sign, value in found.items() if value})
    return told


def _votes(candidate: Candidate) -> Iterator[tuple[str, float]]:
    votes = candidate.votes
    for rule, confidence in votes.items():
        yield f"vote:{rule}", confidence
        if rule in (LEARNED, AS_WRITTEN):
            yield "score:learned", confidence
            for limit in (0.1, 0.3, 0.6, 0.9):
                if confidence >= limit:
                    yield f"score:learned>={limit}", 1.0
    outright = sum(map(is_outright, votes))
    if outright:
        yield OUTRIGHT, max(votes[rule] for rule in votes if is_outright(rule))
    yield f"outright_{min(outright, 3)}", 1.0
    yield f"rules_{min(len(votes), 5)}", 1.0


def _shape(candidate: Candidate) -> Iterator[str]:
    """What the name itself looks like."""
    name = candidate.finds[0].name
    words = name.split()
    count = len(words)
    yield f"words_{count if count < 5 else '5-6' if count < 7 else '7-10' if count < 11 else '11+'}"
    if _DASH.search(name):
        yield "dash"
    if "(" in name or any(n.kind == "acronym" for n in candidate.finds[0].names[1:]):
        yield "bracket"
    if names.is_acronym(name):
        yield "acronym"
    elif name.isupper():
        yield "all_capitals"
    if _YEAR.search(name):
        yield "has_year"
    if words[-1].isdigit():
        yield "number_last"
    if "," in name:
        yield "comma"
    if ":" in name:
        yield "colon"
    if name.endswith(("?", "!")):
        yield "mark_last"
    if re.search(r"[.!?]\s", name):
        yield "sentence_inside"
    if not name[0].isupper():
        yield "lower_first"
    first, last = words[0].casefold().strip("”\"'"), words[-1].casefold().strip("”\"'")
    stops = lexicon.settings("project_heads")["stops"]
    if first in stops["words"]:
        yield "stop_first"
    if first in stops["generic"] or candidate.key in stops["generic"]:
        yield "generic_first"
    if read_title(words[-1]) is not None:
        yield "title_last"
    if read_title(words[0]) is not None:
        yield "title_first"
    if any(names.head_of(word) is not None for word in words[:-1]):
        yield "head_inside"
    if names.head_of(last) is not None:
        yield "head_last"
    if name in place_names() or words[0] in place_names():
        yield "place_first" if count > 1 else "is_place"
    if last.endswith(_doing()):
        yield "doing_last"
    yield f"kind_{candidate.finds[0].subtype}"


@cache
def _doing() -> tuple[str, ...]:
    """Ends of nouns of doing, which many plain names end with: ``kehittäminen``."""
    return ("minen", "misen", "uus", "yys", "eet", "nti", "os", "ös", "us", "ys")


def _written(text: str, candidate: Candidate) -> Iterator[str]:
    """Whether the name stands so in the folded text, or an inflected form was made into it."""
    name = candidate.finds[0].name.casefold()
    so = [find for find in candidate.finds if text.startswith(name, find.start)]
    yield "as_written" if so else "never_as_written"
    if so and len(so) < len(candidate.finds):
        yield "inflected_too"


def _places(scene: Scene, candidate: Candidate) -> Iterator[tuple[str, float]]:
    """Signs of the places where it stands, and how many there are."""
    spans = candidate.spans
    found: dict[str, int] = {}
    looked = 0
    taken: set[int] = set()
    for find in candidate.finds:
        if find.start in taken or looked >= PLACES:
            continue
        taken.add(find.start)
        phrase = _phrase(scene, find)
        if phrase is None:
            continue
        looked += 1
        for sign in signs(scene, phrase):
            found[sign] = found.get(sign, 0) + 1
    for sign, times in found.items():
        yield f"any:{sign}", 1.0
        if times == looked:
            yield f"all:{sign}", 1.0
    starts = {start for start, _ in spans}
    yield f"times_{min(len(starts), 4)}", 1.0


def _phrase(scene: Scene, find: EntityFind) -> Phrase | None:
    """The words of a find's name, without a head behind them."""
    end = find.end
    if scene.text.startswith(find.name, find.start):
        end = find.start + len(find.name)
    else:
        tail = re.search(rf"[{names.OPEN}]?\s?[-–]\s?\w[\w-]*$", scene.text[find.start : find.end])
        if tail is not None and find.rule != "line":
            end = find.start + tail.start()
    span = scene.doc.char_span(find.start, max(end, find.start + 1), alignment_mode="expand")
    if span is None:
        return None
    sentence = scene.sentences[scene.sentence_of[span.start]]
    heading = scene.headings.touches(find.start, find.start + 1)
    opens = sentence.first == span.start
    return Phrase(find.start, end, span.start, span.end, opens, heading)


def _page(candidate: Candidate, lines: Lines, title: str, text: str) -> Iterator[str]:
    """Where on the page it stands."""
    spans = candidate.spans
    first = spans[0][0]
    number = lines.number(first)
    if number is not None:
        yield f"first_in_block_{number if number < 3 else '3+'}"
    yield f"first_at_{min(int(5 * first / max(len(text), 1)), 4)}"
    kinds = {
        (b.kind, s == b.start or text[b.start : s].strip(" -–•*·0123456789.)#") == "", e >= b.end)
        for s, e in spans
        for b in lines.spans.touching(s, s + 1)
    }
    for kind, opens, closes in kinds:
        yield f"in_{kind}"
        if opens:
            yield f"opens_{kind}"
        if opens and closes:
            yield f"whole_{kind}"
    if title and candidate.key:
        if candidate.key == title:
            yield "is_title"
        elif title.startswith(candidate.key):
            yield "opens_title"
        elif candidate.key in title:
            yield "in_title"


def _rivals(candidate: Candidate, others: Others, rivals: Rivals) -> Iterator[str]:
    """What else claims its words."""
    if candidate.key in rivals.body_names:
        yield "is_body"
    spans = candidate.spans
    for start, _ in spans[:PLACES]:
        for gap in (1, 2):
            for find in rivals.bodies_ending[start - gap]:
                yield f"after_body_{find.case or 'none'}"
    yield from _beginnings(candidate, spans, others)
    yield from _overlaps("body", spans[:PLACES], rivals.bodies)
    yield from _overlaps("person", spans[:PLACES], rivals.people)
    words = f" {candidate.key} "
    for other, theirs in others.outright.sharing(candidate):
        if theirs.startswith(words) or theirs.startswith(f" {candidate.key}-"):
            yield "begins_outright"
        elif words in theirs:
            yield "inside_outright"
        elif words.startswith(theirs) or words.startswith(f" {other.key}-"):
            yield "begun_by_outright"
        elif theirs in words:
            yield "around_outright"
    for _, theirs in others.repeated.sharing(candidate):
        if len(theirs) > len(words) and words in theirs:
            yield "inside_repeated"
        if len(theirs) < len(words) and theirs in words:
            yield "around_repeated"


def _beginnings(
    candidate: Candidate, spans: Sequence[tuple[int, int]], others: Others
) -> Iterator[str]:
    """Whether longer or shorter names are proposed that end, or begin, where this one does."""
    ends = {end for _, end in spans}
    starts = {start for start, _ in spans}
    longer = shorter = ahead = 0
    for end in ends:
        for other, start in others.by_end[end]:
            if other is not candidate and start not in starts:
                inside = any(start < mine <= end for mine in starts)
                longer += inside
                shorter += not inside
    for start in starts:
        for other, end in others.by_start[start]:
            if other is not candidate and end not in ends:
                ahead += any(end > mine for mine in ends)
    yield f"begun_earlier_{min(longer, 4)}"
    yield f"begun_later_{min(shorter, 4)}"
    yield f"ended_later_{min(ahead, 4)}"


def _overlaps(
    what: str, spans: Sequence[tuple[int, int]], finds: Spans[EntityFind]
) -> Iterator[str]:
    for start, end in spans:
        for find in finds.touching(start, end):
            sure = "ner" if find.rule.startswith("ner") else "said"
            if find.start <= start and end <= find.end:
                yield f"{what}_{sure}_covers"
            elif start <= find.start and find.end <= end:
                yield f"{what}_{sure}_inside"
                if find.start == start:
                    yield f"{what}_{sure}_opens"
            else:
                yield f"{what}_{sure}_crosses"


__all__ = ["OTHER", "Rivals", "Signs", "is_outright", "signs_of_all"]
