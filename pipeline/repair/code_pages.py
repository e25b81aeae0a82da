"""One-byte text that was read as another code page: "p„„t”s" (DOS) or "p‰‰tˆs" (Mac) is "päätös".

Here nothing is encoded twice, so every wrong character stands for one right one, and only their
place tells: no clean text has "„" or "‰" between two small letters. A text is believed to be read
wrongly when that happens often enough, and mended in those lines that have no "ä" or "ö" of
their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.repair.changes import Change, substitute
from pipeline.repair.characters import clean_letters, weights

#: The code page a text was written in, and the one it was read as.
_READINGS = (
    ("cp850", "sloppy-windows-1252"),
    ("cp850", "latin-1"),
    ("mac_roman", "sloppy-windows-1252"),
    ("mac_roman", "latin-1"),
    ("mac_roman", "cp850"),
    ("sloppy-windows-1252", "mac_roman"),
    ("sloppy-windows-1252", "mac_latin2"),
    ("sloppy-windows-1252", "cp850"),
    ("sloppy-windows-1252", "cp437"),
    ("sloppy-windows-1252", "cp852"),
    ("sloppy-windows-1252", "cp1251"),
    ("sloppy-windows-1252", "cp1253"),
    ("sloppy-windows-1252", "koi8-r"),
)
#: The Finnish seven-bit code (SFS 4017) read as ASCII; only "{" tells, for "|" parts words too.
_SEVEN_BIT = dict(zip("{|}[\\]", "äöåÄÖÅ", strict=True))

_ENOUGH = 3  # wrong characters between small letters
_EURO = re.compile(r"(?<=\d)(\s?)¤")  # the byte of ISO-8859-15's euro sign in cp1252


@dataclass(frozen=True)
class _Confusion:
    right: dict[str, str]  # by wrong character
    own: re.Pattern[str]  # a letter that a line read so cannot have
    telling: str  # wrong characters that clean text never has between small letters
    wrong: re.Pattern[str]

    def read(self, wrong: str) -> str:
        """What ``wrong`` should have been."""
        return "".join(self.right[character] for character in wrong)

    def evidence(self, text: str) -> int:
        """How often a telling character stands between small letters."""
        if not self.telling:
            return 0
        some = re.escape(self.telling)
        return len(re.findall(f"(?<=[a-z])[{some}]+(?=[a-z])", text))


def code_pages(text: str) -> list[Change]:
    """Put right what a one-byte code page made of a text's letters and marks."""
    euros = substitute(_EURO, lambda match: f"{match[1]}€", text) if "¤" in text else []
    if not _telling_anything().search(text):
        return euros
    told = [(confusion.evidence(text), confusion) for confusion in _confusions()]
    most, confusion = max(told, key=lambda pair: pair[0])
    return _mended(text, confusion) if most >= _ENOUGH else euros


def _mended(text: str, confusion: _Confusion) -> list[Change]:
    changes, start = [], 0
    for line in text.split("\n"):
        if not confusion.own.search(line):
            changes += [
                Change(start + at, start + end, after)
                for at, end, after in substitute(
                    confusion.wrong, lambda match: confusion.read(match.group()), line
                )
            ]
        start += len(line) + 1
    return changes


@cache
def _confusions() -> tuple[_Confusion, ...]:
    one_byte = tuple(_confusion(_right(written, read)) for written, read in _READINGS)
    beside_letters = re.compile(r"(?<=[^\W\d_])[{|}\[\\\]]+|[{|}\[\\\]]+(?=[^\W\d_])")
    seven_bit = _Confusion(_SEVEN_BIT, _any_of("äö"), "{", beside_letters)
    return (*one_byte, seven_bit)


def _right(written: str, read: str) -> dict[str, str]:
    right = {}
    for character in weights():
        try:
            wrong = character.encode(written).decode(read)
        except UnicodeError:
            continue
        if wrong != character:
            right[wrong] = character
    return right


def _confusion(right: dict[str, str]) -> _Confusion:
    telling = (
        wrong
        for wrong, letter in right.items()
        if letter in "äö" and (wrong not in clean_letters() or wrong.isupper())
    )
    # A small "ä" or "ö" is what it is, also where it could stand for another letter: taken for one,
    # it would be the sign of the next repair.
    own = (letter for letter in "äöÄÖ" if letter in "äö" or letter not in right)
    return _Confusion(right, _any_of(own), "".join(telling), _any_of(right))


@cache
def _telling_anything() -> re.Pattern[str]:
    marks = {mark for confusion in _confusions() for mark in confusion.telling}
    return re.compile(f"[a-z][{re.escape(''.join(sorted(marks)))}]")


def _any_of(characters: Iterable[str]) -> re.Pattern[str]:
    some = re.escape("".join(characters))
    return re.compile(f"[{some}]" if some else "(?!)")
