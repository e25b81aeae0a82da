"""Reads whose beginning or end a clause tells: the project's, or something else's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from spacy.tokens import Token

from pipeline import lexicon
from pipeline.extract.context import Context
from pipeline.extract.finds import DateFind, EntityFind
from pipeline.extract.projects import names
from pipeline.patterns import Pattern

RELATIVE = re.compile(r",\s(?:jo(?:ka|nka|ta|tka|lle)\b)")
_WE = re.compile(r"(?:aloit|lopet|käynnist)\w*mme\b", re.IGNORECASE)
_BEGUN = re.compile(r"(?:aloite|ava)t(?:aan|tiin|iin)\b", re.IGNORECASE)
_REFERS = re.compile(r"\b(?:[Ss](?:e|en|itä|ille|iinä|iihen|illä)|jo(?:ka|nka|ta|tka|lle|ssa))\b")
_PASSIVE = re.compile(r"\w{2,}(?:[tdlnr](?:aan|ään)|tiin)\b")  # "laiturit tehdään": by us
_JOINED = re.compile(r"[,\s]*ja\s(?!(?:se|sen|sitä|sille)\b)")  # the subject stands before
_BULLET = re.compile(r"[\s*•·–—-]*")
_ANTECEDENT = 3  # words before a comma among which a relative clause's noun stands


@cache
def cue(name: str) -> Pattern:
    """Words of ``lexicon/date_cues.toml``'s list ``name``, at the beginning of a word."""
    return Pattern(rf"(?<!\w)(?:{'|'.join(lexicon.settings('date_cues')[name])})\w*", re.IGNORECASE)


def speaks_of_own_work(text: str, clause: tuple[int, int]) -> bool:
    """``Töihin päästiin …``, ``Starttasimme …``, ``Päättyy …``: nothing else begins or ends.

    So do wordings of the work of whoever writes, and a clause that begins with its verb.
    """
    opening = _BULLET.match(text, clause[0])
    begins = opening.end() if opening else clause[0]
    return cue("own").search(text, *clause) is not None or any(
        cue(name).match(text, begins, clause[1]) for name in ("start", "end", "lasting", "period")
    )


def of_antecedent(context: Context, clause: tuple[int, int]) -> bool:
    """``ajatus mökistä, jonka netti toimii``: a relative clause about no project."""
    text = context.text
    if RELATIVE.match(text, clause[0]) is None:
        return False
    inside = [word for word in re.findall(r"[\w-]+", text[slice(*clause)]) if project_word(word)]
    if inside or context.named_in(*clause):
        return False
    low, _ = context.sentence(clause[0])
    before = list(re.finditer(r"[\w-]+", text[low : clause[0]]))[-_ANTECEDENT:]
    if not before:
        return False
    start = low + before[0].start()
    return not any(project_word(word.group()) for word in before) and not any(
        start < m.end <= clause[0] for m, _ in context.mentions
    )


def another_begins(
    context: Context,
    verb: int,
    clause: tuple[int, int],
    item: DateFind,
    people: Sequence[EntityFind],
) -> bool:
    """Is it a person, a course or a group that begins or ends, not the project?"""
    text = context.text
    manned = any(clause[0] <= p.start < clause[1] for p in people)
    if manned and text.startswith("aloit", verb):
        return True
    if _WE.match(text, verb):
        return _has_object(context, clause, item)
    tokens = list(context.doc.char_span(*clause, alignment_mode="contract") or ())
    ours = bool(context.named_in(*clause)) or any(project_word(token.text) for token in tokens)
    if not ours and _BEGUN.match(text, verb) and _in_a_place(tokens, item):
        return True
    within = item.start <= verb < item.end  # "näyttely on auki vuoden loppuun"
    told = _REFERS.search(text, *clause) or _PASSIVE.search(text, *clause)
    if within and (ours or manned or told):
        return False
    idiom = not ours and cue("idioms").match(text, verb)
    if not (within or idiom or cue("intransitive").match(text, verb)):
        return False
    subject = _subject(context, verb, clause, item, people)
    if subject is None and not ours and _JOINED.match(text, clause[0]):
        earlier = _clause_before(context, clause)
        if _REFERS.search(text, *earlier):
            return False
        if any(earlier[0] <= p.start < earlier[1] for p in people):
            return True
        subject = _subject(context, verb, (earlier[0], clause[1]), item, people)
    if within and (subject is None or subject.pos_ == "PROPN"):
        return False
    return subject is not None and not (
        project_word(subject.text) or context.spans.touches(subject.idx, subject.idx + 1)
    )


def _clause_before(context: Context, clause: tuple[int, int]) -> tuple[int, int]:
    """From the sentence's beginning, or its last joint, to the clause."""
    low, _ = context.sentence(clause[0])
    at = max(context.text.rfind(mark, low, clause[0]) for mark in ("; ", ": ", " – "))
    return max(low, at), clause[0]


def _has_object(context: Context, clause: tuple[int, int], item: DateFind) -> bool:
    """``aloitimme syksyllä kyselyn``: we begin something that is not the project."""
    return any(
        token.pos_ == "NOUN"
        and not item.start <= token.idx < item.end
        and {"Gen", "Par", "Nom"} & set(token.morph.get("Case", []))
        and not project_word(token.text)
        and not cue("no_noun").match(token.text)
        for token in context.doc.char_span(*clause, alignment_mode="contract") or ()
    )


def _in_a_place(tokens: Sequence[Token], item: DateFind) -> bool:
    """``Seurakuntakodilla aloitettiin lokakuussa``: one place of several."""
    return any(
        token.pos_ in {"NOUN", "PROPN"}
        and not item.start <= token.idx < item.end
        and {"Ine", "Ade"} & set(token.morph.get("Case", []))
        for token in tokens
    )


def _subject(
    context: Context,
    verb: int,
    clause: tuple[int, int],
    item: DateFind,
    people: Sequence[EntityFind],
) -> Token | None:
    """The nominative noun or pronoun nearest to the verb, those before it first.

    ``None`` for a pronoun, and where a project's name stands before the verb in the nominative.
    """
    if any(_nominative(context, m) for m, _ in context.named_in(clause[0], verb)):
        return None
    barred = [(item.start, item.end), *((p.start, p.end) for p in people)]
    before: Token | None = None
    for token in context.doc.char_span(*clause, alignment_mode="contract") or ():
        if token.idx > verb and token.text == ",":
            break
        if token.pos_ not in {"NOUN", "PROPN", "PRON"} or "Nom" not in token.morph.get("Case", []):
            continue
        if any(s <= token.idx < e for s, e in barred) or cue("no_noun").match(token.text):
            continue
        if token.pos_ == "PRON" and token.idx > verb:
            continue
        if token.idx < verb:
            before = token
        else:
            before = before or token
            break
    return None if before is None or before.pos_ == "PRON" else before


def _nominative(context: Context, mention: EntityFind) -> bool:
    """Is a project named without a head, or with one in the nominative?"""
    words = context.text[mention.start : mention.end].replace("-", " ").rstrip(") ").split()
    last = words[-1] if words else ""
    return names.head_of(last) is None or last.casefold().endswith(names.NOMINATIVES)


def project_word(word: str) -> bool:
    """A word for a project, a part of it, or its work: ``kehittämistyö``, ``jatkohankkeen``."""
    head = names.head_of(word)
    return (head is not None and head.kind != "none") or (
        cue("subject").match(word) is not None or _ending().search(word) is not None
    )


@cache
def _ending() -> re.Pattern[str]:
    endings = "|".join(lexicon.settings("date_cues")["subject_endings"])
    return re.compile(rf"(?:{endings})$", re.IGNORECASE)


def without_names(text: str, clause: tuple[int, int], named: Iterable[EntityFind]) -> str:
    """The clause's words but for the names that begin in it, which say nothing of its subject."""
    low, high = clause
    kept, at = [], low
    for find in named:
        kept.append(text[at : find.start])
        at = max(at, find.end)
    return " ".join([*kept, text[at:high]])
