"""Finds where a project's name begins and ends among the words of its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from spacy.tokens import Doc, Token

from pipeline import lexicon
from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.projects.names import QUOTES, is_acronym
from pipeline.extract.titles import read_title


def ends(doc: Doc, start: int, limit: int) -> int:
    """Where the name that begins at ``start`` ends, at ``limit`` at the latest.

    Capitalised words belong to it. Lower-case words do where punctuation closes them and no verb
    stands before their last one ("Ääni kantaa, jonka"), and after a dash up to the next verb.
    An acronym in brackets behind the name is taken along.
    """
    span = doc.char_span(start, limit, alignment_mode="contract")
    tokens: list[Token] = []
    for token in span if span is not None else ():
        if token.text in {",", ".", ":", ";", "!", "?", "("} or "\n" in token.text:
            break
        tokens.append(token)
    verbs = [n for n, t in enumerate(tokens) if n and "Fin" in t.morph.get("VerbForm", [])]
    dash = next((n for n, t in enumerate(tokens) if t.text in {"–", "—"}), None)
    if dash is not None and dash <= 5 and not any(v < dash - 1 for v in verbs):
        after = next((v for v in verbs if v > dash + 1), len(tokens))
        kept = tokens[:after]
    else:
        run = next(
            (
                n
                for n, t in enumerate(tokens)
                if n and not (t.text[0].isupper() or t.text.isdigit())
            ),
            len(tokens),
        )
        whole = len(tokens) <= 6 and all(v == len(tokens) - 1 for v in verbs)
        kept = tokens if whole else tokens[:run]
    while kept and (kept[-1].text in {"–", "—", "-"} or kept[-1].is_space):
        kept = kept[:-1]
    end = kept[-1].idx + len(kept[-1]) if kept else start
    bracket = re.match(r"\s\([^()\n]{2,60}\)", text_of(doc)[end:limit])
    return end + bracket.end() if bracket and not bracket.group()[2].isdigit() else end


_FARTHEST = 1_000  # characters left of a head that are walked; no name is so long
_PART = re.compile(r",?\sosa\s(?:\d{1,2}|I{1,3}|IV)\b")
# A question or a remark behind a dash is no subtitle: "X – mistä on kyse?".
_SUBTITLE = re.compile(r"\s–\s(?=\w)(?!(?:mi[kstlt]|kuka|missä|mihin|näin|nyt|entä|katso)\w*\s)")


def with_subtitle(doc: Doc, start: int, end: int, limit: int) -> int:
    """Where a name ends with its subtitle or part: ``Vihreä viiva – kävellen``, ``Joki, osa 3``."""
    part = _PART.match(text_of(doc), end)
    if part is not None:
        return part.end()
    if not _SUBTITLE.match(text_of(doc), end):
        return end
    return max(end, ends(doc, start, limit))


def begins(
    doc: Doc,
    start: int,
    end: int,
    organisations: Sequence[EntityFind],
) -> tuple[int, float] | None:
    """Where the name that ends at ``end`` begins, not before ``start``, and how sure that is.

    Walks left from the head over the words. A capitalised word is a possible beginning. A verb,
    a participle, a conjunction, a date or an organisation ends the walk once there is one;
    the end of a sentence ends it always.
    Returns ``None`` where nothing looks like a name.
    """
    start = max(start, end - _FARTHEST)
    words = [
        t for t in doc.char_span(start, end, alignment_mode="contract") or [] if not t.is_space
    ]
    options: list[Token] = []
    stopped_by = None
    for token in reversed(words):
        if not options and token.text in {"!", "?"}:
            continue  # "Kuule kyliä! -hanke"
        if token.text in {".", "!", "?", ":", ";", ","} or token.text in QUOTES + "(":
            if token.text == "," and not options:
                continue
            if token.text == "." and token.i and doc[token.i - 1].text.isdigit():
                continue
            stopped_by = token
            break
        owner = next((o for o in organisations if o.start <= token.idx < o.end), None)
        if options and owner is not None and owner.end < options[-1].idx:
            stopped_by = token
            break
        if options and _soft_stop(token, options[-1]):
            stopped_by = token
            break
        if _may_begin(token):
            options.append(token)
    if not options:
        return None
    chosen = options[-1]
    if len(options) > 1 and _weak_beginning(chosen, organisations, end):
        chosen = options[-2]
    sure = 0.9 if stopped_by is not None or chosen.idx == start else 0.85
    return chosen.idx, sure


def _may_begin(token: Token) -> bool:
    return token.text[0].isupper() or (
        token.text[0].isdigit() and any(c.isupper() for c in token.text)
    )


def _soft_stop(token: Token, beginning: Token) -> bool:
    """A word that stands before names, not in them: verb, participle, conjunction, adposition."""
    text = token.text.casefold()
    if token.text[0].isupper() and not (token.is_sent_start and token.pos_ in {"VERB", "AUX"}):
        return False
    follows = token.i + 1 == beginning.i
    form = token.morph.get("VerbForm", [])
    if token.pos_ in {"VERB", "AUX"} and "Fin" in form:
        return True
    if follows and "Part" in form:
        return True
    if token.pos_ in {"SCONJ", "PRON", "ADP"} or text in {
        "eli",
        "että",
        "jolloin",
        "nimeltä",
        "mukaan",
    }:
        return True
    if follows and token.pos_ in {"ADV", "CCONJ", "ADJ", "NOUN", "NUM"}:
        return not _place_like(beginning)
    return text in lexicon.settings("project_heads")["stops"]["words"]


def _place_like(token: Token) -> bool:
    """A place stands inside a name more often than at its head: "Hyvä arki Itä-Lappiin"."""
    case = token.morph.get("Case", [])
    if token.ent_type_ in {"GPE", "LOC"}:
        return True
    if token.ent_type_ == "ORG" and "Gen" in case:
        return True
    return bool({"Ill", "Ine", "Ela", "All", "Ade", "Abl"} & set(case))


def _weak_beginning(token: Token, organisations: Sequence[EntityFind], end: int) -> bool:
    """A sentence's first function word, or a genitive owner, begins no name if it need not."""
    text = token.text.casefold()
    if text in lexicon.settings("project_heads")["stops"]["words"]:
        return True
    if token.is_sent_start and token.pos_ in {
        "CCONJ",
        "SCONJ",
        "ADV",
        "PRON",
        "ADP",
        "VERB",
        "AUX",
    }:
        return True
    if read_title(token.text) is not None or _plain_noun(token) or _owner(token):
        return True
    if token.ent_type_ in {"GPE", "LOC"} and {"Ine", "Ade"} & set(token.morph.get("Case", [])):
        return True
    return any(o.start <= token.idx < o.end < end and o.case == "Gen" for o in organisations)


def _owner(token: Token) -> bool:
    """A somebody's genitive before a name with a capital of its own: ``Rajamuseon Luohti lea``."""
    following = token.nbor() if token.i + 1 < len(token.doc) else None
    if following is None or not following.text[0].isupper():
        return False
    owns = token.ent_type_ in {"PERSON", "ORG"} or is_body_word(token.lemma_)
    return owns and "Gen" in token.morph.get("Case", []) and following.pos_ != "PUNCT"


@cache
def _body_words() -> tuple[str, ...]:
    return tuple(row["head"].casefold() for row in lexicon.table("org_heads")) + tuple(
        lexicon.settings("project_evidence")["words"]["institutions"]
    )


def is_body_word(word: str) -> bool:
    """Does a word say what kind of body something is: ``kansalaisopisto``, ``rajamuseo``?"""
    return word.casefold().endswith(_body_words())


def _plain_noun(token: Token) -> bool:
    """A sentence's first common noun before a capitalised name: ``Osallistuminen Luokka …``."""
    following = token.nbor() if token.i + 1 < len(token.doc) else None
    return (
        token.is_sent_start is True
        and token.pos_ in {"NOUN", "NUM"}
        and following is not None
        and following.text[0].isupper()
        and not is_acronym(token.text)
        and not _place_like(following)
    )
