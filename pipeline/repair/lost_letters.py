"""Letters and marks that "?" or the replacement character stands for: "p��t�s" is "päätös".

What was lost cannot be known, only told from its surroundings: "ä" or "ö" by the word, a dash
between spaces or years, quotation marks by what they enclose. Question marks are taken for losses
only where they stand inside words time and again.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.lexicon import settings
from pipeline.repair.changes import Change
from pipeline.repair.hyphens import is_head

_LOST = "\ufffd"
_INSIDE = re.compile(r"(?<=[A-Za-z])\?+(?=[a-z])")
# Question marks that end no question: inside a word, before one, before a word in small letters.
_NO_QUESTION = re.compile(
    r"(?<=[A-Za-z?])\?(?=[?a-z])|(?<!\S)\?(?=[?a-z])|\?(?= [a-z])|(?<= )\?(?= )"
)
_ADDRESS = re.compile(r"://|www\.|@|/[^\s?]*\?|=")
_CONTEXT = 400  # characters before a word that are looked at
_LONGEST_NAME = 40  # letters of a known name, and more than one
_ENOUGH = 3  # question marks inside words
_OWN = re.compile("[äöÄÖ]")
_TOKEN = re.compile(rf"(?:[^\W\d_]|{_LOST})+")
_OPENING = re.compile(rf"(?<![^\s(]){_LOST}(?=[A-ZÄÖÅ](?:[a-zäöå\s]|{_LOST}))")
_AFTER_BACK_VOWEL = re.compile(rf"[aou][^aeiouyäöå{_LOST}]*{_LOST}$", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(rf"(?<=[a-zäöå]){_LOST}(?=[A-ZÄÖÅ][a-zäöå{_LOST}])")
_AMOUNT = re.compile(r"(?<![\d.,])(?!(?:19|20)\d\d $)\d(?:[\d., ]*\d)? $")  # and no year
_SENTENCE_START = re.compile(r"(?:^|\n|[.!?:]\s|[–•]\s|[”\"(])$")


def lost_letters(text: str) -> list[Change]:
    """Put in the letters, dashes and quotation marks that were most likely lost."""
    marked = _with_lost_marks(text)
    if _LOST not in marked:
        return []
    tokens = [token for token in _TOKEN.finditer(marked) if _LOST in token.group()]
    unit = 2 if _come_in_pairs(tokens) else 1
    changes = []
    for token in tokens:
        before = marked[max(0, token.start() - _CONTEXT) : token.start()]
        after = marked[token.end() : token.end() + 2]
        found = _restored(token.group().replace(_LOST * unit, _LOST), before, after)
        if found != text[token.start() : token.end()]:
            changes.append(Change(token.start(), token.end(), found))
    return changes


def lost_capital(rest: str, text: str) -> str:
    """The capital that was lost before ``rest`` of a word: "Ä" unless word or text tell better."""
    if _is_sami(text):
        return "Á"
    name = _name(_LOST + rest)
    return name[0] if name else "Ä"


@lru_cache(maxsize=1)  # asked for every lost capital of a text
def _is_sami(text: str) -> bool:
    return any(letter in text for letter in settings("lost_letters")["sami"])


def _with_lost_marks(text: str) -> str:
    """The text with U+FFFD for each "?" that replaces a letter; of the same length."""
    if "?" not in text or _OWN.search(text):
        return text
    words = re.split(r"(\s+)", text)
    prose = [not _ADDRESS.search(word) for word in words]
    inside = sum(
        len(_INSIDE.findall(word)) for word, is_prose in zip(words, prose, strict=True) if is_prose
    )
    if inside < _ENOUGH:
        return text
    marked = _NO_QUESTION.sub(_LOST, text)
    parts, at = [], 0
    for word, is_prose in zip(words, prose, strict=True):
        parts.append(marked[at : at + len(word)] if is_prose else word)
        at += len(word)
    return "".join(parts)


def _come_in_pairs(tokens: list[re.Match[str]]) -> bool:
    """Whether each lost letter left two characters, one for each byte of its UTF-8."""
    runs = [run for token in tokens for run in re.findall(f"{_LOST}+", token.group())]
    return any(len(run) > 1 for run in runs) and all(
        len(run) % 2 == 0
        for token in tokens
        if token.group().strip(_LOST)
        for run in re.findall(f"{_LOST}+", token.group())
    )


def _restored(token: str, before: str, after: str) -> str:
    if not token.strip(_LOST):
        return _mark(before[-20:], after)
    if token[0] == _LOST and is_head(token[1:]) and before[-1:] in " \n":
        return f"–{token[1:]}"
    line = before.rsplit("\n", 1)[-1]
    head = tail = ""
    if _OPENING.match(before[-1:] + token, len(before[-1:])) and not _name(token):
        head, token = "”", token[1:]
    if _AFTER_BACK_VOWEL.search(token) and (head or _OPENING.search(f"{line} ")):
        token, tail = token[:-1], "”"
    at_start = bool(head) or bool(_SENTENCE_START.search(before[-3:]))
    words = _BETWEEN_NAMES.split(token)
    restored = [_word(words[0], at_start=at_start)]
    restored += [_word(word, at_start=False) for word in words[1:]]
    return head + "–".join(restored) + tail


def _mark(before: str, after: str) -> str:
    """A mark that stands by itself: the euro sign, a quotation mark, or a dash."""
    if _AMOUNT.search(before) and not re.match(r"\w| [\d–]", after):
        return "€"
    return "”" if before[-1:] and before[-1] in ".,!?…" else "–"


def _word(word: str, *, at_start: bool) -> str:
    """A word with "ä", "ö" or "å" for each lost letter."""
    known, at = [], 0
    while name := _name(word, at):
        known.append(name)
        at += len(name)
    return "".join(known) + _rest_of_word(word[at:], at_start=at_start and not at)


def _rest_of_word(word: str, *, at_start: bool) -> str:
    """The same for a word that begins with no known name."""
    shape = "".join(letter.lower()[0] for letter in word)  # of the same length
    letters = list(shape.replace(_LOST, "ä"))
    for known, pattern in _shapes("words"):
        for match in pattern.finditer(shape):
            letters[match.start() : match.end()] = known
    known_letters = [letter for letter in word if letter != _LOST]
    all_capitals = len(known_letters) > 1 and all(letter.isupper() for letter in known_letters)
    capital_first = at_start and not any(letter.isupper() for letter in known_letters)
    for at, letter in enumerate(word):
        if letter != _LOST:
            letters[at] = letter
        elif all_capitals or (capital_first and at == 0):
            letters[at] = letters[at].upper()
    return "".join(letters)


def _name(word: str, at: int = 0) -> str | None:
    """The known beginning of a name that starts there, whose first letter is lost."""
    if not word.startswith(_LOST, at):
        return None
    beginning = word[at : at + _LONGEST_NAME]
    return next((name for name, pattern in _shapes("names") if pattern.match(beginning)), None)


@cache
def _shapes(key: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Known words, the longest last, and what they look like with letters lost."""
    known = sorted(settings("lost_letters")[key], key=lambda word: (len(word), word))
    return tuple((word.strip("^$"), _shape(word)) for word in known)


def _shape(word: str) -> re.Pattern[str]:
    pattern = re.escape(word).replace(r"\^", "^").replace(r"\$", "$")
    return re.compile(re.sub("[äöåÄÖÅ]", _LOST, pattern))
