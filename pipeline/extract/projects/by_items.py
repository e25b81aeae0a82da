"""Names that open the items of a list: ``* Uusi ranta. Hakija on …``, ``- X ry: Uusi ranta, 9 t€``.

News of several projects are often told item by item: a name, perhaps its applicant, and then
money, dates or a sentence. What kind of thing each piece of an item is tells which is the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout, label_key
from pipeline.extract.places import places
from pipeline.extract.projects import names
from pipeline.extract.projects.names import OPEN, make_find
from pipeline.extract.titles import read_title
from pipeline.names import is_given_name

_BULLET = re.compile(r"(?:[-–—•*·▪‣»]|\d{1,2}[.)])\s+(?=\S)")
# A piece ends where a sentence, a bracket, a comma or a dash does; "2.0." ends after its zero.
_CUT = re.compile(r"[.:;]\s+(?=\S)|[.:;]$|,\s+(?=\S)|\s+[–—-]\s+|\s+\(|\)[,.:]?\s*|\t\s*|\s{2,}")
_MONEY = re.compile(r"\d\s?(?:€|euroa?\b|e\b|t€|k€|milj)|\d{1,3}(?:[ .]\d{3})+(?!\d)")
_YEARS = re.compile(r"(?:19|20)\d\d(?!\d)")
_NUMBERS = re.compile(r"[\d\s.,%€–—/-]+(?:€|euroa|e|t€|%|prosenttia)?\.?")
_TIMES = frozenset({"years", "time"})  # events have times too
_LONGEST = 8  # words of a name that opens an item

Piece = tuple[int, int]


def from_items(
    doc: Doc, page: Layout, others: Sequence[EntityFind], taken: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """Names at the beginnings of list items that tell of projects.

    ``others`` are organisations and people, ``taken`` the names found by surer signs: an item
    that has one needs none. A list counts where most of its items have a name's shape and speak
    of money, years or applicants; an item alone needs two such signs.
    """
    text = text_of(doc)
    for items in (*_lists(text, page), *_run_in(text, page)):
        named = [
            (item, span)
            for item in items
            if not any(_opens(text, item, find) for find in taken)
            and (span := _name(doc, item, others)) is not None
        ]
        known = len(items) - len(named)
        told = [(item, span) for item, span in named if _signs(text, item, span) - _TIMES]
        strong = [pair for pair in told if len(_signs(text, *pair)) > 1]
        if not strong and len(told) < 2:
            continue
        if items[0].kind != "item" and len(told) < len(items):
            continue  # lines without bullets: all of them, or none
        if len(told) * 2 < len(named) or (len(items) == 1 and not strong):
            continue
        sure = 0.88 if len(told) > 1 or known else 0.8
        for _, (start, end) in told:
            find = make_find(text, start, end, text[start:end], "heading-of-item", sure)
            if find is not None:
                yield find


def _lists(text: str, page: Layout) -> Iterator[list[Block]]:
    """Runs of items, each item with the lines right behind it that are no heading."""
    run: list[Block] = []
    for block in page.blocks:
        if block.kind == "item":
            run.append(block)
        elif run and (
            block.kind in {"heading", "furniture", "label"}
            or text.count("\n", run[-1].end, block.start) > 1
        ):
            yield run
            run = []
    if run:
        yield run


_SHORT = re.compile(r"[A-ZÅÄÖ][^.:;!?\n]{2,60}?\.\s(?=[A-ZÅÄÖ])")


def _run_in(text: str, page: Layout) -> Iterator[list[Block]]:
    """Runs of lines without bullets, two at least, of which each could begin with a name.

    Paragraphs that begin with a few words and a full stop, or lines with a body for their label
    (``Rantakylän seura ry: Tuvan katto, 8 900 e``).
    """
    unlabelled = {field.label_start for field in page.fields if field.key is None}
    run: list[Block] = []
    for block in page.blocks:
        short = block.kind == "paragraph" and _SHORT.match(text, block.start, block.end)
        labelled = block.kind == "field" and block.start in unlabelled
        if (short or labelled) and (not run or run[-1].kind == block.kind):
            run.append(block)
            continue
        if len(run) > 1:
            yield run
        run = [block] if short or labelled else []
    if len(run) > 1:
        yield run


def _opens(text: str, item: Block, find: EntityFind) -> bool:
    """Does a name that is known already stand at the beginning of the item?"""
    return item.start <= find.start < item.end and not _CUT.search(text, item.start + 3, find.start)


def _name(doc: Doc, item: Block, others: Sequence[EntityFind]) -> Piece | None:
    """The piece of an item that is its project's name: the first, or the one behind a body."""
    text = text_of(doc)
    bullet = _BULLET.match(text, item.start)
    pieces = list(_pieces(text, bullet.end() if bullet else item.start, item.end))
    for number, (start, end, stop) in enumerate(pieces[:3]):
        if _is_body(text, start, end, others):
            continue
        if _NUMBERS.fullmatch(text, start, end):
            return None
        if not _may_open(doc, start, end, stop, others):
            return None
        while stop.startswith(",") and number + 1 < len(pieces):
            # "Kolme polvea, yksi tarina": a lower-case word goes on with the name
            number += 1
            low, high, after = pieces[number]
            if not text[low].islower() or after.startswith(",") or len(text[low:high].split()) > 4:
                break
            end, stop = high, after
        return start, end
    return None


def _pieces(text: str, start: int, limit: int) -> Iterator[tuple[int, int, str]]:
    """Pieces of an item and what ends each."""
    while start < limit:
        cut = _CUT.search(text, start, limit)
        end = cut.start() if cut else limit
        if end > start:
            yield start, end, cut.group() if cut else ""
        if cut is None:
            return
        start = cut.end()


def _is_body(text: str, start: int, end: int, others: Sequence[EntityFind]) -> bool:
    """Is a piece, or nearly all of it, an organisation?"""
    return any(
        o.type == "organisation"
        and o.start < end
        and start < o.end
        and (min(o.end, end) - max(o.start, start)) * 3 >= (end - start) * 2
        for o in others
    )


def _may_open(doc: Doc, start: int, end: int, stop: str, others: Sequence[EntityFind]) -> bool:
    """Has a piece the shape of a name: capitalised, short, no label, person, place or title?"""
    text = text_of(doc)
    piece = text[start:end].strip(OPEN)
    words = piece.split()
    if not words or len(words) > _LONGEST or not stop or stop.startswith(";"):
        return False
    if not (piece[0].isupper() or piece[0].isdigit()) or not piece[-1].isalnum():
        return False
    stops = lexicon.settings("project_heads")["stops"]
    if words[0].casefold() in stops["words"] or piece.casefold() in stops["generic"]:
        return False
    if label_key(piece) is not None or read_title(words[-1]) is not None:
        return False
    if any(o.type == "person" and o.start < end and start < o.end for o in others):
        return False
    if piece in _places() or _MONEY.search(piece) or names.head_of(words[-1]) is not None:
        return False
    span = doc.char_span(start, end, alignment_mode="expand")
    tokens = list(span or ())
    if any(t.ent_type_ in {"DATE", "TIME"} for t in tokens) or _is_person(words):
        return False
    # A line of a dialogue begins with a dash too.
    bullet = text[max(0, start - 2) : start].strip()
    quoted = bullet in {"–", "—", "-", ""} and stop.startswith(".")
    return not any(
        _of_sentence(str(t.morph)) or (quoted and "Fin" in t.morph.get("VerbForm", []))
        for t in tokens
    )


def _is_person(words: Sequence[str]) -> bool:
    """A given name and another capital: ``Kaisa Virtanen``."""
    return len(words) in {2, 3} and is_given_name(words[0]) and words[-1][0].isupper()


def _of_sentence(morph: str) -> bool:
    """Passives, first and second persons: a sentence's verbs, not a name's."""
    return (
        "VerbForm=Fin" in morph
        and "Mood=Imp" not in morph
        and ("Voice=Pass" in morph or "Person=1" in morph or "Person=2" in morph)
    )


def _signs(text: str, item: Block, name: Piece) -> frozenset[str]:
    """What tells that an item speaks of a project, the name left out."""
    rest = text[item.start : name[0]] + " " + text[name[1] : item.end]
    kinds = {
        "amount": _MONEY.search(rest) is not None,
        "years": _YEARS.search(rest) is not None,
        **{kind: words.search(rest) is not None for kind, words in _words().items()},
    }
    return frozenset(kind for kind, there in kinds.items() if there)


@cache
def _words() -> dict[str, re.Pattern[str]]:
    """Words of items on projects, by the kind of thing they tell."""
    data = lexicon.settings("project_evidence")["items"]
    return {
        kind: re.compile(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE)
        for kind, words in data.items()
    }


@cache
def _places() -> frozenset[str]:
    return frozenset(name.name for place in places() for name in place.names)
