"""Takes a project's name apart: subtitle, acronym, generic head; and finds where it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

import msgspec
from spacy.tokens import Doc, Token

from pipeline import lexicon
from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.titles import read_title
from pipeline.records import Name

OPEN = "”“\"„»«‘’'"
QUOTES = "\"'”“„’‘»«"
_DASH = re.compile(r"\s+[–—−-]\s*|(?<=\w)[–—](?=\s)|(?<=\w)-\s+(?=\w)")
_ACRONYM = re.compile(r"\s*\(([^()\n]{2,30})\)\s*$")
_NUMBERED = re.compile(
    r"^(?P<stem>.+?)(?:,?\s+osa)?\s+(?P<number>\d{1,2}(?:\.0)?|I{1,3}|IV|V)$|^(?P<plain>.+?)(?P<plus>\+)$"
)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """A generic head of project names and the kind of project it makes."""

    head: str
    kind: str


@cache
def heads() -> tuple[tuple[re.Pattern[str], Head], ...]:
    """Heads of ``lexicon/project_heads.toml`` with their inflected forms as patterns."""
    return tuple(
        (
            re.compile(rf"\w*?(?:{entry['forms']})", re.IGNORECASE),
            Head(head=entry["head"], kind=entry["kind"]),
        )
        for entry in lexicon.settings("project_heads")["head"]
    )


@cache
def head_forms() -> str:
    """One alternation of all heads' forms with any compound prefix, for building patterns."""
    forms = "|".join(entry["forms"] for entry in lexicon.settings("project_heads")["head"])
    return rf"(?:[a-zåäöé]*?-?)(?:{forms})"


def head_of(word: str) -> Head | None:
    """The head a word is a form of (``muutosohjelmasta`` → ``ohjelma``), ``None`` if of none."""
    folded = word.casefold()
    for part in lexicon.settings("project_heads")["heads"]["not_projects"]:
        if folded.startswith(part[:-1]):
            return None
    return next((head for pattern, head in heads() if pattern.fullmatch(word)), None)


def clean(name: str) -> str:
    """A name without the quotes, brackets and dashes around it and with plain white space."""
    name = re.sub(r"\s+", " ", name).strip()
    name = name.strip(" ,;:.–—-" + QUOTES).strip()
    if name.count("(") < name.count(")"):
        name = name.rstrip(")").rstrip()
    return re.sub(rf"[{QUOTES}](?=\s[–—-]\s)|(?<=\s[–—-]\s)[{QUOTES}]", "", name)


def is_acronym(text: str) -> bool:
    """Short and shouted: ``TUULIKE``, ``KAVE``, ``SuperTuu``; not a place or a year."""
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return (
        len(text.split()) <= 2
        and 2 <= len(letters) <= 14
        and capitals >= 2
        and capitals * 2 >= len(letters)
    )


def names_of(name: str) -> tuple[Name, ...]:
    """All names that one full name licenses, the fullest first.

    ``Yhteinen ranta – Väkeä vesille (YRA)`` gives the whole, ``Yhteinen ranta``, the subtitle
    and ``HIFI``.
    """
    name = clean(name)
    acronym = _ACRONYM.search(name)
    extra: list[Name] = []
    if acronym:
        inner = clean(acronym.group(1))
        name = clean(name[: acronym.start()])
        extra.append(Name(inner, "acronym" if is_acronym(inner) else "alias"))
    names = [Name(name, "full"), *extra]
    parts = [clean(part) for part in _DASH.split(name, maxsplit=1)]
    if len(parts) == 2 and all(len(part) > 2 for part in parts):
        first, second = parts
        names.append(Name(first, "acronym" if is_acronym(first) else "short"))
        if len(second.split()) > 1:
            names.append(Name(second, "alias"))
    return tuple(dict.fromkeys(n for n in names if n.name))


def numbered(name: str) -> tuple[str, str] | None:
    """``SILTA 2`` → (``SILTA``, ``2``); ``None`` for a name without a number at its end."""
    match = _NUMBERED.match(name)
    if match is None:
        return None
    return (match["plain"], "2") if match["plus"] else (match["stem"], match["number"])


NOMINATIVES = ("hanke", "projekti", "ohjelma", "pilotti", "kokeilu", "kokonaisuus", "hankkeemme")


def ends(doc: Doc, start: int, limit: int, *, subject: bool = False) -> int:
    """Where the name that begins at ``start`` ends, at ``limit`` at the latest.

    Capitalised words belong to it. Lower-case words do where punctuation closes them and no verb
    stands before their last one ("Ääni kantaa, jonka"), and after a dash up to the next verb.
    An acronym in brackets behind the name is taken along. ``subject`` says that the name is known
    to be the subject of what follows: then all words before the verb, or "ja", belong to it.
    """
    span = doc.char_span(start, limit, alignment_mode="contract")
    tokens: list[Token] = []
    for token in span if span is not None else ():
        if token.text in {",", ".", ":", ";", "!", "?", "("} or "\n" in token.text:
            break
        tokens.append(token)
    verbs = [n for n, t in enumerate(tokens) if n and "Fin" in t.morph.get("VerbForm", [])]
    if subject:
        stop = next((n for n, t in enumerate(tokens) if n in verbs or t.text == "ja"), None)
        tokens = tokens[:stop]
        verbs = []
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


def begins(
    doc: Doc,
    start: int,
    end: int,
    organisations: Sequence[EntityFind],
    trusted: Callable[[str], bool],
) -> tuple[int, float] | None:
    """Where the name that ends at ``end`` begins, not before ``start``, and how sure that is.

    Walks left from the head over the words. A capitalised word is a possible beginning. A verb,
    a participle, a conjunction, a date or an organisation ends the walk once there is one;
    the end of a sentence ends it always. ``trusted`` says that a name is known from elsewhere.
    Returns ``None`` where nothing looks like a name.
    """
    words = [
        t for t in doc.char_span(start, end, alignment_mode="contract") or [] if not t.is_space
    ]
    options: list[Token] = []
    stopped_by = None
    for token in reversed(words):
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
    text = text_of(doc)
    for token in reversed(options):  # from the left
        if trusted(clean(text[token.idx : end])):
            return token.idx, 0.95
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
    if read_title(token.text) is not None or _plain_noun(token):
        return True
    if token.ent_type_ in {"GPE", "LOC"} and {"Ine", "Ade"} & set(token.morph.get("Case", [])):
        return True
    return any(o.start <= token.idx < o.end < end and o.case == "Gen" for o in organisations)


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


def make_find(
    text: str, start: int, end: int, name: str, rule: str, confidence: float, kind: str = "project"
) -> EntityFind | None:
    """A project find for ``name`` at ``start:end``; ``None`` where it can be no project's name."""
    names = names_of(name)
    if not names or not may_be_name(names[0].name):
        return None
    return EntityFind(
        start=start,
        end=end,
        rule=rule,
        confidence=confidence,
        type="project",
        name=names[0].name,
        names=names,
        label="PROGRAMME" if kind == "programme" else "PROJECT",
        subtype=kind,
    )


def may_be_name(name: str) -> bool:
    """Not a fund, a kind of project or a generic word; capitalised, or long enough without."""
    folded = name.casefold()
    data = lexicon.settings("project_heads")
    if folded in data["heads"]["not_names"] or folded in data["stops"]["generic"]:
        return False
    return (
        len(name) > 1
        and any(c.isalpha() for c in name)
        and (name[0].isupper() or name[0].isdigit() or name[1].isupper() or len(name.split()) > 2)
    )
