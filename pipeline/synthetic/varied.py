"""Announcements made of real-like ones: other names, sums, dates, words and sentences in each.

Speed is measured on these where there must be many: their lines hardly ever repeat, so that nothing
is gained by remembering lines. Words give way to others with the same ending and sentences to
those of other announcements, so that it stays Finnish to look at, if not to understand.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from random import Random

from pipeline.lexicon import table

SENTENCES, WORDS = 0.35, 0.3  # shares that give way to others
ENDING, LONG = 3, 4  # letters of a word's end that stay, of a word that may give way
_SENTENCE = re.compile(r"(?<=[.!?])[ ](?=[A-ZÅÄÖ])")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)\b")
_SUM = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0.]\d{3})+(?!\d)")
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")


class Variations:
    """Announcements like those of ``texts``, any number of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._alike: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
        self._sentences: list[str] = []
        words: dict[str, None] = {}
        for text in texts:
            for line in text.splitlines():
                parts = _SENTENCE.split(line)
                if len(parts) > 1:
                    self._sentences += parts
                words |= dict.fromkeys(_WORD.findall(line))
        for word in words:
            if len(word) >= LONG:
                self._alike[_kind(word)].append(word)

    def compose(self, seed: int, number: int) -> str:
        """The announcement ``number`` of the corpus ``seed``; the same two give the same text."""
        random = Random(f"{seed} {number}")
        names: dict[str, str] = {}
        lines = random.choice(self._texts).splitlines()
        return "\n".join(self._line(random, line, names) for line in lines) + "\n"

    def _line(self, random: Random, line: str, names: dict[str, str]) -> str:
        if _ADDRESS.search(line):
            return _NUMBER.sub(lambda match: _digits(random, match.group()), line)
        parts = _SENTENCE.split(line)
        if len(parts) > 1:
            parts = [
                random.choice(self._sentences) if random.random() < SENTENCES else part
                for part in parts
            ]
        before = " ".join(parts)
        line = _WORD.sub(lambda match: self._word(random, match.group(), names), before)
        if line == before:  # a label or a link: at least one word
            line = _WORD.sub(lambda match: self._other(random, match.group()), line, count=1)
        line = _DATE.sub(lambda match: _date(random, match), line)
        return _SUM.sub(lambda match: _digits(random, match.group()), line)

    def _word(self, random: Random, word: str, names: dict[str, str]) -> str:
        """A person's name becomes another, the same throughout; some words become others."""
        for listed in (_given(), _family()):
            if word in listed:
                return names.setdefault(word, random.choice(listed[word]))
        return self._other(random, word) if random.random() < WORDS else word

    def _other(self, random: Random, word: str) -> str:
        """Another word of the same ending, where one is long enough and there is one."""
        return random.choice(self._alike.get(_kind(word), [word])) if len(word) >= LONG else word


_NUMBER = re.compile(r"\d{4,}")


def repeated_lines(texts: Iterable[str]) -> float:
    """The share of lines that stand elsewhere, too, among all with a letter."""
    lines = Counter(
        line.strip() for text in texts for line in text.splitlines() if any(map(str.isalpha, line))
    )
    return sum(count for count in lines.values() if count > 1) / max(1, lines.total())


def _kind(word: str) -> tuple[str, bool]:
    return word[-ENDING:].lower(), word[:1].isupper()


def _date(random: Random, match: re.Match[str]) -> str:
    day, month, year = random.randint(1, 28), random.randint(1, 12), int(match[3])
    return f"{day}.{month}.{year + random.randint(-1, 1)}"


def _digits(random: Random, number: str) -> str:
    """Another number of the same length and grouping."""
    first, rest = number[0], number[1:]
    others = [str(random.randrange(10)) if digit.isdigit() else digit for digit in rest]
    return "".join([first if first == "0" else str(random.randint(1, 9)), *others])


@cache
def _given() -> dict[str, Sequence[str]]:
    names = [row["name"] for row in table("names_given")]
    return dict.fromkeys(names, names)


@cache
def _family() -> dict[str, Sequence[str]]:
    names = [row["name"] for row in table("names_family")]
    return dict.fromkeys(names, names)
