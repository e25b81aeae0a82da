"""Names in lists of a project's parts: ``kolme osahanketta: A, B ja C``, bulleted or in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.projects.names import QUOTES, make_find
from pipeline.patterns import Pattern

_OPENING = Pattern(
    r"(?<!\w)(?:osa|ala|tytär)(?:hank(?:keet|etta|keita|keeseen|keesta)|projekt(?:it|ia|eja|iin)"
    r"|kokonaisuu(?:det|tta|ksia))(?:\s(?:ovat|nimeltään|nimiltään))?(?P<colon>\s?:)?(?=\s|$)",
    re.IGNORECASE,
)
# "osahankkeita on kaksi: A ja B": the colon behind some words of the sentence.
_COUNTED = re.compile(r"\s(?:on|ovat|oli|tulee)\s[^.:;\n]{2,40}:(?=\s)")
# Whose part it is, before its name: "kaupungin oma X", "Oulun yliopiston vetämä X".
_OWNED = re.compile(r"\s*(?:[\w-]+\s+){0,5}(?:oma|[\w-]{3,}m[aä])\s+(?=[A-ZÅÄÖ\"”“'’»])")
_HEAD = re.compile(r"[\s-]-?(?:osa|ala)?(?:hanke|projekti)$")
_SPLIT = re.compile(
    r",\s+(?:ja\s+|sekä\s+)?|\s+(?:ja|sekä)\s+"
    r"(?=[A-ZÅÄÖ\"”“'’»0-9]|(?:[\w-]+\s+){0,4}(?:oma|[\w-]{3,}m[aä])\s+[A-ZÅÄÖ\"”“'’»])"
)
_NOTE = re.compile(r"\s*(?:\([^()]*\)|[–—:].*|\s-\s.*)$")
_WORDS = 7  # a part's name is short; longer is a sentence


def from_part_lists(
    text: str, blocks: Sequence[Block], organisations: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """The names of a list of sub-projects that their common noun opens.

    In a row they stand behind a colon or "ovat" up to the sentence's end; as items, in the lines
    below. A list of bodies is none of names.
    """
    for number, block in enumerate(blocks):
        for opening in _OPENING.finditer(text, block.start, block.end):
            rest = text[opening.end() : block.end]
            counted = _COUNTED.match(text, opening.end(), block.end)
            if counted is not None:
                spans = _row(text, counted.end(), block.end)
                yield from _named(text, spans, organisations)
                continue
            if rest.strip():
                if opening["colon"] or opening.group().endswith(("ovat", "nimeltään")):
                    spans = _row(text, opening.end(), block.end)
                    yield from _named(text, spans, organisations)
            elif opening["colon"]:
                yield from _named(text, _items(text, blocks[number + 1 :]), organisations)


def _row(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the names in a row, up to the sentence's end."""
    stop = re.search(r"[.;!?](?=\s|$)|\n", text[start:end])
    end = start + stop.start() if stop else end
    spans = []
    while start < end:
        cut = _SPLIT.search(text, start, end)
        spans.append((start, cut.start() if cut else end))
        start = cut.end() if cut else end
    return spans


def _items(text: str, below: Sequence[Block]) -> list[tuple[int, int]]:
    """Spans of the names in the list items right below."""
    spans = []
    for block in below:
        if block.kind != "item":
            break
        line = text[block.start : block.end]
        bullet = re.match(r"(?:[-–—•*·▪‣»]|\d{1,2}[.)])?\s*", line)
        note = _NOTE.search(line, 2)
        at = block.start + (bullet.end() if bullet else 0)
        spans.append((at, block.start + note.start() if note else block.end))
    return spans


def _named(
    text: str, spans: Sequence[tuple[int, int]], organisations: Sequence[EntityFind]
) -> list[EntityFind]:
    """Finds for spans that look like names; none at all unless two or more do."""
    finds = []
    for low, end in spans:
        owned = _OWNED.match(text, low, end)
        start = owned.end() if owned else low
        shown = _NOTE.sub("", text[start:end])
        name = _HEAD.sub("", shown.strip().strip(QUOTES)).strip(QUOTES)
        begin = start + len(shown) - len(shown.lstrip())
        body = any(o.start < end and start < o.end for o in organisations)
        if not name or body or len(name.split()) > _WORDS or not name[0].isupper():
            break
        find = make_find(text, begin, begin + len(shown.strip()), name, "part-list", 0.8)
        if find is not None:
            finds.append(find)
    return finds if len(finds) > 1 else []
