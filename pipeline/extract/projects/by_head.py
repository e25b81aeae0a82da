"""Names before or after a generic head: ``SILTA-hanke``, ``Torin tie -hanke``, ``hanke ”X”``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from spacy.tokens import Doc

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.projects import names
from pipeline.extract.projects.names import OPEN, make_find


@cache
def _headed() -> re.Pattern[str]:
    """``… -hanke``, ``…-hanke``: a head after a hyphen, with what stands right before it."""
    return re.compile(
        rf"""
        (?P<quote> [{OPEN}] )?
        (?P<gap> \s+[–—-]\s? | [-–] )
        (?P<head> {names.head_forms()} )
        (?![\w-])
        """,
        re.VERBOSE,
    )


@cache
def _announced() -> re.Pattern[str]:
    """``hanke ”X”``, ``yhteishanke X – alaotsikko``, ``hankkeessa nimeltä X``."""
    return re.compile(
        rf"""
        (?<![\w-]) (?P<head> {names.head_forms()} )
        (?P<called> ,?\s(?:nimeltä(?:än)?|nimellä) )?
        \s+ (?: [{OPEN}](?P<quoted>[^{OPEN}\n]{{3,120}})[{OPEN}]
              | (?P<bare>[A-ZÅÄÖ][^\n]{{2,140}}) )
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def from_quotes(text: str) -> Iterator[EntityFind]:
    """``”Silta Savoon” -hanke``: the quotation marks say where the name begins."""
    pattern = re.compile(
        rf"[{OPEN}](?P<name>[^{OPEN}\n]{{2,140}})[{OPEN}]\s*[–-]\s?(?P<head>{names.head_forms()})(?!\w)"
    )
    for match in pattern.finditer(text):
        head = names.head_of(match["head"])
        if head is None or head.kind == "none":
            continue
        find = make_find(
            text, match.start("name"), match.end(), match["name"], "quoted-name", 0.96, head.kind
        )
        if find:
            yield find


def from_heads(
    doc: Doc,
    blocks: Sequence[Block],
    organisations: Sequence[EntityFind],
    trusted: Callable[[str], bool],
) -> Iterator[EntityFind]:
    """``Torin tie -hanke`` and ``SILTA-hanke``, the beginning found by walking left."""
    text = text_of(doc)
    for block in blocks:
        for match in _headed().finditer(text, block.start, block.end):
            head = names.head_of(match["head"])
            if head is None or head.kind == "none" or match["quote"]:
                continue
            end = match.start("gap")
            if match["gap"] in {"-", "–"}:
                start = _compound_start(text, block.start, end)
                sure = 0.95
            else:
                bracket = text.rfind("(", block.start, end) if text[end - 1] == ")" else end
                core = len(text[:bracket].rstrip())
                found = names.begins(doc, block.start, core, organisations, trusted)
                if found is None or bracket < 0:
                    continue
                start, sure = found
            name = text[start:end]
            if match["gap"].strip() != match["gap"] and "-" not in match["gap"] and sure < 0.95:
                sure = 0.8  # "– hankkeen" may be a clause of its own
            find = make_find(text, start, match.end(), name, "name-before-head", sure, head.kind)
            if find:
                yield find


def _compound_start(text: str, floor: int, end: int) -> int:
    """Start of the compound that ends at ``end``; a number takes the word before it along."""
    start = end
    while start > floor and not text[start - 1].isspace() and text[start - 1] not in "(" + OPEN:
        start -= 1
    if text[start:end].isdigit():
        before = re.search(r"[A-ZÅÄÖ][\w-]*\s+$", text[floor:start])
        if before:
            start = floor + before.start()
    return start


def from_announcing_heads(
    doc: Doc, blocks: Sequence[Block], others: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """``hanke ”X”`` and ``yhteishanke X – alaotsikko (XYZ)``."""
    text = text_of(doc)
    for block in blocks:
        for match in _announced().finditer(text, block.start, block.end):
            head = names.head_of(match["head"])
            if head is None or head.kind == "none":
                continue
            if match["quoted"]:
                find = make_find(
                    text,
                    match.start("quoted"),
                    match.end("quoted"),
                    match["quoted"],
                    "quoted-after-head",
                    0.93,
                    head.kind,
                )
            else:
                find = _unquoted_after_head(doc, match, others, head.kind)
            if find:
                yield find


def _unquoted_after_head(
    doc: Doc, match: re.Match[str], others: Sequence[EntityFind], kind: str
) -> EntityFind | None:
    """``yhteishanke Juuret – …``, ``osahanke Ääni kantaa, jonka``: up to where a name can end."""
    text, start = match.string, match.start("bare")
    if not text[start].isupper() or any(o.start <= start < o.end for o in others):
        return None
    first = next(iter(doc.char_span(start, start + 1, alignment_mode="expand") or ()), None)
    barred = set() if match["called"] else {"PERSON", "GPE", "LOC", "ORG", "DATE"}
    if first is None or first.ent_type_ in barred or first.is_sent_start:
        return None
    end = names.ends(doc, start, match.end("bare"))
    nominative = match["head"].casefold().endswith(names.NOMINATIVES)
    closed = text[end : end + 1] in {",", ".", ""} or text[end - 1] == ")"
    if not (nominative or match["called"] or closed):
        return None
    return make_find(text, start, end, text[start:end], "name-after-head", 0.85, kind)
