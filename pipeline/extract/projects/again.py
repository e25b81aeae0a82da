"""Known names that stand alone later, inflected or not: ``Arkiaskeleen``, ``Vihreä ranta 2``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.doc_text import sentences_of, text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.projects.names import make_find, numbered
from pipeline.extract.spans import Spans

_SEQUEL = re.compile(
    r"\s(?P<number>[2-9](?:\.0(?!\d))?|II|III|IV)(?=[\s.,:;!?)]|$)(?!\s?(?:%|€|euro|prosent|vuo|kuukau|\d))"
)

# The number of the part before one.
_BEFORE_IT = {
    **{"2": "1", "3": "2", "4": "3", "5": "4", "2.0": "1.0", "3.0": "2.0"},
    **{"II": "I", "III": "II", "IV": "III", "V": "IV"},
}


def bare_mentions(
    doc: Doc, blocks: Sequence[Block], finds: Sequence[EntityFind], others: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """Names found above that stand alone elsewhere: ``Arkiaskeleen``, ``Vihreä ranta 2``."""
    text = text_of(doc)
    taken, lines = Spans([*finds, *others]), Spans(blocks)
    starts = {start for start, _ in sentences_of(doc)} | {b.start for b in blocks}
    distinct = _distinct(finds)
    first_words = Counter(find.name.split()[0] for find in distinct)
    for find in distinct:
        for name, whole in _callable_names(find, first_words):
            if not whole and _genitive(doc, find):
                continue  # "Krunnun valot" is not called "Krunnun"
            for start, end in occurrences(text, name):
                if not lines.touches(start, start + 1) or taken.touches(start, end):
                    continue
                if not whole and start in starts and text[start:end] != name:
                    continue
                sequel = _SEQUEL.match(text, end) if numbered(name) is None else None
                if sequel and whole:
                    number = f"{text[start:end]} {sequel['number']}"
                    later = make_find(text, start, sequel.end(), number, "numbered-sequel", 0.85)
                    if later:
                        yield later
                    continue
                yield EntityFind(
                    start=start,
                    end=end,
                    rule="name-again",
                    confidence=min(0.85, find.confidence),
                    type="project",
                    name=find.name,
                    names=find.names,
                    label=find.label,
                    subtype=find.subtype,
                )


def predecessors(
    doc: Doc, blocks: Sequence[Block], finds: Sequence[EntityFind], others: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """The first part of a numbered name, where the sentence looks back on it: ``Pärinä``."""
    taken, lines = Spans([*finds, *others]), Spans(blocks)
    known = {name.name for find in finds for name in find.names}
    past = lexicon.settings("links")["first_part"]
    text = text_of(doc)
    for find in _distinct(finds):
        stem, number = numbered(find.names[-1].name) or numbered(find.name) or ("", "")
        before = _BEFORE_IT.get(number)
        if not stem or before is None:
            continue
        for start, end, name in _earlier(text, stem, find.name, number, before):
            if name in known:
                continue
            low, high = next((s for s in sentences_of(doc) if s[0] <= start < s[1]), (start, end))
            free = not taken.touches(start, end)
            inside = lines.touches(start, start + 1)
            follows = name == stem and _SEQUEL.match(text, end) is not None
            if free and inside and not follows and re.search(past, text[low:high], re.IGNORECASE):
                first = make_find(text, start, end, name, "first-of-numbered", 0.8)
                if first is not None:
                    yield first


def _earlier(
    text: str, stem: str, name: str, number: str, before: str
) -> Iterator[tuple[int, int, str]]:
    """Where the part before ``name`` is named: "X, osa 2" before "X, osa 3"; "X" before "X 2"."""
    numbered_one = name.removesuffix(number) + before
    for match in re.finditer(rf"(?<![\w-]){re.escape(numbered_one)}(?![\w-])", text):
        yield match.start(), match.end(), numbered_one
    if number in {"2", "2.0", "II"}:
        yield from ((start, end, stem) for start, end in occurrences(text, stem))


def _distinct(finds: Sequence[EntityFind]) -> list[EntityFind]:
    seen: dict[str, EntityFind] = {}
    for find in finds:
        seen.setdefault(find.name.casefold(), find)
    return sorted(seen.values(), key=lambda find: -len(find.name))


def _callable_names(find: EntityFind, first_words: Counter[str]) -> list[tuple[str, bool]]:
    """Names of a project that may stand alone, and whether each is a whole name.

    The first word of a longer name may stand for it where no other project begins with it:
    ``first_words`` says how many do.
    """
    names = {name.name: True for name in find.names if len(name.name) > 2}
    first = find.name.split()[0]
    if (
        len(first) >= 6
        and first_words[first] == 1
        and first[0].isupper()
        and find.subtype == "project"
    ):
        names.setdefault(first, False)
    return sorted(names.items(), key=lambda item: -len(item[0]))


def _genitive(doc: Doc, find: EntityFind) -> bool:
    """Does a name begin with a genitive: ``Krunnun valot``?"""
    span = doc.char_span(find.start, find.end, alignment_mode="contract")
    first = next(iter(span or ()), None)
    return first is not None and "Gen" in first.morph.get("Case", [])


_SPACES = re.compile(r"\s+")
_INFLECTION = re.compile(r"(?::\w{1,4}|\w{0,6})(?!\w|-\w)")
_NO_INFLECTION = re.compile(r"(?!\w|-\w)")
_IN_WORD = re.compile(r"[\w-]")


def occurrences(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where ``name`` stands as a phrase, its last word inflected or not."""
    *lead, last = name.split()
    stem = last if len(last) < 4 else last[: max(3, len(last) - 2)]
    ending = _INFLECTION if len(last) >= 3 and not last.isdigit() else _NO_INFLECTION
    start = text.find(name.split()[0] if lead else stem)
    while start >= 0:
        begins = start == 0 or _IN_WORD.match(text, start - 1) is None
        last_start = _behind(text, start, lead) if begins else None
        end = None
        if last_start is not None and text.startswith(stem, last_start):
            end = ending.match(text, last_start + len(stem))
        if last_start is not None and end is not None:
            form = text[last_start : end.end()]
            # Its first letters are the name's, to all but the last two.
            if form == last or (len(form) >= len(last) and form[-1] in "naäeiotlsöu"):
                yield start, end.end()
        start = text.find(lead[0] if lead else stem, end.end() if end else start + 1)


def _behind(text: str, start: int, words: Sequence[str]) -> int | None:
    """Where the word behind these words begins, ``None`` where they don't stand at ``start``."""
    for word in words:
        gap = _SPACES.match(text, start + len(word)) if text.startswith(word, start) else None
        if gap is None:
            return None
        start = gap.end()
    return start
