"""What stands between two lines that belong together: a space, a hyphen or nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import Any

from pipeline.lexicon import settings

_WORD = re.compile(r"\w[\w-]*")
_VOWELS = "aeiouyäöå"
_LAST_WORD = re.compile(r"([^\W_]+)-$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"(?:^|[.!?:”»]\s+|[–•]\s+)\S*$")
_LONGEST_WORD = 200  # characters before a hyphen
_STEM_LENGTH = 4  # letters of the next line's word that another place in the text must share


@cache
def _words() -> dict[str, Any]:
    return settings("line_breaks")


def is_head(word: str) -> bool:
    """Whether ``word`` is a form of a head that names take: "hankkeesta", "ohjelma"."""
    return word.casefold().startswith(tuple(_words()["heads"]))


class Vocabulary:
    """Words of a text as it spells them: evidence how a divided word is written."""

    def __init__(self, text: str) -> None:
        self._words = sorted({word.casefold() for word in _WORD.findall(text)})

    def has_beginning(self, beginning: str) -> bool:
        """Whether a word of the text begins so, whatever its case."""
        beginning = beginning.casefold()
        at = bisect_left(self._words, beginning)
        return at < len(self._words) and self._words[at].startswith(beginning)


def glue(line: str, following: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return ``line`` as it goes on, and what comes between it and ``following``.

    ``line`` has no white space at its end, ``following`` none at its start; other spellings of a
    divided word in the text's ``vocabulary`` are taken as evidence. Examples:
    "hank-" / "keessa" → "hank", ""; "Malli-" / "ammattikorkeakoulu" → "Malli-", "";
    "sosiaali-" / "ja" → "sosiaali-", " "; "2021–" / "2027" → "2021–", "".
    """
    if line.endswith((" -", "/")):
        return line, ""
    if line.endswith("–"):
        return line, "" if len(line) > 1 and not line[-2].isspace() else " "
    if (
        following[0] in "-–"
        and len(following) > 1
        and line[-1].isdigit()
        and following[1].isdigit()
    ):
        return line, ""
    divided = _LAST_WORD.search(line, max(0, len(line) - _LONGEST_WORD))
    if not divided:
        return line, " "
    word = _FIRST_WORD.match(following)
    if word is None:
        return line, "" if following[0].isalnum() else " "
    rest = word.group()
    if following.split(maxsplit=1)[0].casefold() in _words()["conjunctions"]:
        return line, " "
    sentence_start = bool(_SENTENCE_END.search(line))
    if _keeps_hyphen(divided[1], rest, vocabulary, sentence_start=sentence_start):
        return line, ""
    return line[:-1], ""


def _keeps_hyphen(start: str, rest: str, vocabulary: Vocabulary, *, sentence_start: bool) -> bool:
    """Whether "start-rest" is written with its hyphen also within a line."""
    if rest[0].isupper() or start[-1].isdigit():
        return True
    if len(start) == 1 or any(letter.isupper() for letter in start[1:]):
        return True  # "e-lasku", "ESR-rahoitus"
    stem = rest[:_STEM_LENGTH]
    if vocabulary.has_beginning(f"{start}-{stem}"):
        return True
    if vocabulary.has_beginning(start + stem):
        return False
    if start[-1].casefold() == rest[0] and rest[0] in _VOWELS:
        return True  # no Finnish syllable ends where the same vowel begins the next
    if start[0].isupper() and is_head(rest):
        return not (sentence_start and start[-1] in "sn")
    # A name is not divided between two vowels: "Ruralia-instituutti".
    return start[0].isupper() and not sentence_start and start[-1] in _VOWELS and rest[0] in _VOWELS
