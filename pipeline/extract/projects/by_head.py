"""Names before or after a generic head: ``SILTA-hanke``, ``Torin tie -hanke``, ``hanke ”X”``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from spacy.tokens import Doc, Token

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.projects import bounds, names
from pipeline.extract.projects.names import OPEN, make_find
from pipeline.names import is_given_name
from pipeline.patterns import Pattern


@cache
def _headed() -> Pattern:
    """``… -hanke``, ``…-hanke``, ``… -niminen hanke``: a head after a hyphen."""
    return Pattern(
        rf"""
        (?P<quote> [{OPEN}] )?
        (?P<gap> \s+[–—-]\s? | [-–] )
        (?: nimi(?: nen | s\w{{1,6}} ) \s (?: \w+\s ){{0,2}} )?
        (?P<head> {names.head_forms()} )
        (?![\w-])
        """,
        re.VERBOSE,
    )


@cache
def _announced() -> Pattern:
    """``hanke ”X”``, ``yhteishanke X – alaotsikko``, ``hankkeessa nimeltä X``."""
    return Pattern(
        rf"""
        (?<![\w-]) (?P<head> {names.head_forms()} )
        (?P<called> ,?\s(?:nimeltä(?:än)?|nimellä) )?
        [^\S\t]+ (?: [{OPEN}](?P<quoted>[^{OPEN}\n]{{3,120}})[{OPEN}]
              | (?P<bare>[A-ZÅÄÖ][^\n]{{2,140}}) )
        """,
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _quoted() -> Pattern:
    return Pattern(
        rf"[{OPEN}](?P<name>[^{OPEN}\n]{{2,140}})[{OPEN}]\s*[–-]\s?(?P<head>{names.head_forms()})(?!\w)"
    )


def from_quotes(text: str) -> Iterator[EntityFind]:
    """``”Silta Savoon” -hanke``: the quotation marks say where the name begins."""
    for match in _quoted().finditer(text):
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
                found = bounds.begins(doc, block.start, core, organisations, trusted)
                if found is None or bracket < 0:
                    continue
                start, sure = found
            name = text[start:end]
            if match["gap"].strip() != match["gap"] and "-" not in match["gap"] and sure < 0.95:
                sure = 0.8  # "– hankkeen" may be a clause of its own
            find = make_find(text, start, match.end(), name, "name-before-head", sure, head.kind)
            if find:
                yield find


_FURTHEST = 12  # words before a head that a name may begin at


def from_other_beginnings(doc: Doc, blocks: Sequence[Block]) -> Iterator[EntityFind]:
    """``Virtaa Ylä-Savon metsiin -hanke`` begun at each word, ``Ranta Roihu-hanke`` too."""
    text = text_of(doc)
    for block in blocks:
        for match in _headed().finditer(text, block.start, block.end):
            head = names.head_of(match["head"])
            if head is None or head.kind == "none" or match["quote"]:
                continue
            end = match.start("gap")
            glued = match["gap"] in {"-", "–"}
            words = doc.char_span(block.start, end, alignment_mode="contract")
            for number, token in enumerate(reversed(list(words or ()))):
                if number >= _FURTHEST or (number and token.text in {".", "!", "?", ";", ":"}):
                    break
                if not (token.text[0].isalnum() or token.text[0] == "#") or token.is_space:
                    continue
                find = make_find(
                    text,
                    token.idx,
                    match.end(),
                    text[token.idx : end],
                    "compound-begun-here" if glued else "begun-here",
                    0.3,
                    head.kind,
                )
                if find:
                    yield find


def from_plain_heads(doc: Doc, blocks: Sequence[Block]) -> Iterator[EntityFind]:
    """``Metsähotelli hanke``, ``KIMPPAKONEET hankkeella``: no hyphen, begun at each capital."""
    text = text_of(doc)
    for block in blocks:
        for match in names.plain_heads().finditer(text, block.start + 2, block.end):
            head = names.head_of(match.group())
            before = text[match.start() - 1]
            if head is None or head.kind == "none" or before != " ":
                continue
            words = doc.char_span(block.start, match.start() - 1, alignment_mode="contract")
            for number, token in enumerate(reversed(list(words or ()))):
                if number >= _FURTHEST or token.text in {".", "!", "?", ";", ":", ","}:
                    break
                if token.text[0].isupper():
                    end = match.start() - 1
                    find = make_find(
                        text,
                        token.idx,
                        match.end(),
                        text[token.idx : end],
                        "plain-head",
                        0.3,
                        head.kind,
                    )
                    if find:
                        yield find


_CLOSES = re.compile(r"[.;:!?](?=\s|$)|,\s|\s\(|\n|$")


def from_after_heads(doc: Doc, blocks: Sequence[Block]) -> Iterator[EntityFind]:
    """``kunnan hankkeelle Sahanmäen puiston esiselvitys.``: right behind a head, up to a stop.

    Ends at punctuation, before a verb, and where the capitalised words do.
    """
    text = text_of(doc)
    for block in blocks:
        for match in names.plain_heads().finditer(text, block.start, block.end):
            head = names.head_of(match.group())
            start = match.end() + 1
            if head is None or head.kind == "none" or text[match.end() : start] != " ":
                continue
            if start >= block.end or not (text[start].isupper() or text[start] in "#" + OPEN):
                continue
            closing = _CLOSES.search(text, start, block.end)
            limit = closing.start() if closing else block.end
            ends = {limit, bounds.ends(doc, start, limit), bounds.phrase_end(doc, start, limit)}
            for end in sorted(ends):
                find = make_find(text, start, end, text[start:end], "after-head", 0.3, head.kind)
                if find and len(find.name.split()) <= 18:
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
        yield from _listed(doc, block, others)
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


_SET = Pattern(
    r"""
    \b (?: kahte | kolme | neljä | viite | kuute | molem | näihi | seuraav )\w* \s (?:\w+\s)?
    \w*? (?: hank | projekt | pilot )\w* : \s+
    (?P<list> [A-ZÅÄÖ][^.:;\n]{5,200} ) (?=[.;\n]|$)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PARTS = re.compile(r"\b(?:osa|ala|tytär)(?:hank|projekt)", re.IGNORECASE)
_NEXT = re.compile(r",\s(?:ja\s|sekä\s)?(?=[A-ZÅÄÖ])|\s(?:ja|sekä)\s(?=[A-ZÅÄÖ])")


def _listed(doc: Doc, block: Block, others: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """``kahteen hankkeeseen: Suolaa siioille ja Ranta soi``: each of a list behind a colon."""
    text = text_of(doc)
    for match in _SET.finditer(text, block.start, block.end):
        low, high = match.span("list")
        if _PARTS.search(text, match.start(), low):
            continue  # ``by_parts`` reads lists of sub-projects
        cuts = [low, *(m.end() for m in _NEXT.finditer(text, low, high))]
        ends = [*(m.start() for m in _NEXT.finditer(text, low, high)), high]
        spans = list(zip(cuts, ends, strict=True))
        if len(spans) < 2 or not all(text[start].isupper() for start, _ in spans):
            continue
        if any(o.start < end and start < o.end for o in others for start, end in spans):
            continue
        for start, end in spans:
            if _headed().search(text, start, end) or len(text[start:end].split()) > 12:
                continue
            find = make_find(text, start, end, text[start:end], "listed-after-colon", 0.8)
            if find:
                yield find


# What only a name is followed by: years in brackets, a clause that tells more of it.
_DELIMITED = re.compile(
    r"\s\((?:\d{1,2}[./]){0,2}(?:19|20)\d\d|,\sjo(?:ka|ta|nka|lle|ssa|hon|sta|lla)\b"
)


def _barred(first: Token, *, called: bool, delimited: bool) -> frozenset[str]:
    """Kinds of tagged names that can't begin a project's name here.

    Of a name that brackets or a relative clause close, the tagger's ORG and PERSON are no
    evidence against, unless a given name begins it.
    """
    if called:
        return frozenset()
    if delimited and not is_given_name(first.text):
        return frozenset({"GPE", "LOC", "DATE"})
    return frozenset({"PERSON", "GPE", "LOC", "ORG", "DATE"})


def _unquoted_after_head(
    doc: Doc, match: re.Match[str], others: Sequence[EntityFind], kind: str
) -> EntityFind | None:
    """``yhteishanke Juuret – …``, ``osahanke Ääni kantaa, jonka``: up to where a name can end."""
    text, start = match.string, match.start("bare")
    if not text[start].isupper() or any(o.start <= start < o.end for o in others):
        return None
    first = next(iter(doc.char_span(start, start + 1, alignment_mode="expand") or ()), None)
    if first is None or first.is_sent_start:
        return None
    end = bounds.ends(doc, start, match.end("bare"))
    if _headed().search(text, start, end):
        return None  # "hankkeen X -pilotti": the name is another head's
    nominative = match["head"].casefold().endswith(names.NOMINATIVES)
    closed = text[end : end + 1] in {",", ".", ""} or text[end - 1] == ")"
    delimited = text[end - 1] == ")" or _DELIMITED.match(text, end) is not None
    if first.ent_type_ in _barred(first, called=bool(match["called"]), delimited=delimited):
        return None
    if not (nominative or match["called"] or closed or delimited):
        return None
    return make_find(text, start, end, text[start:end], "name-after-head", 0.85, kind)
