"""The code pages that UTF-8 gets read as by mistake, and how to take one such reading back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import ftfy.bad_codecs  # noqa: F401  registers "sloppy" codecs: undefined bytes are C1 controls

from pipeline.repair.characters import clean_letters, clean_marks, weight, weights

#: In this order: the earlier wins between readings that are equally good.
CODE_PAGES = (
    "sloppy-windows-1252",
    "latin-1",
    "iso-8859-15",
    "mac_roman",
    "mac_latin2",
    "sloppy-windows-1250",
    "iso-8859-2",
    "cp850",
    "cp858",
    "cp437",
    "cp865",
    "cp852",
    "sloppy-windows-1257",
    "sloppy-windows-1254",
    "mac_iceland",
)

_FOUR_BYTE_LEAD = 0xF0  # of emoji


@dataclass(frozen=True)
class Misreading:
    """UTF-8 read as one code page: ``sequence`` matches what one character came out as."""

    code_page: str
    byte_of: dict[str, int]
    sequence: re.Pattern[str]

    def is_certain(self, text: str) -> bool:
        """Whether ``text`` holds a sequence that clean text does not."""
        return any(not is_weak(sequence) for sequence in self.sequence.findall(text))

    def plausible(self, text: str) -> int:
        """How many sequences of ``text`` are certain and stand for a plausible character."""
        return sum(
            1
            for match in self.sequence.finditer(text)
            if not is_weak(match.group()) and all(map(weight, self._decoded(match)))
        )

    def taken_back(self, text: str) -> str:
        """Return ``text`` with each sequence decoded as it should have been, if it is UTF-8."""
        return self.sequence.sub(self._decoded, text)

    def _decoded(self, match: re.Match[str]) -> str:
        sequence = match.group()
        try:
            return bytes(self.byte_of[character] for character in sequence).decode("utf-8")
        except UnicodeDecodeError:
            return sequence


def is_weak(sequence: str) -> bool:
    """Whether a sequence may as well be two characters of clean text side by side."""
    return len(sequence) == 2 and all(
        character in clean_letters() or character in clean_marks() for character in sequence
    )


@cache
def misreadings() -> tuple[Misreading, ...]:
    """One misreading for every code page, in the order of ``CODE_PAGES``."""
    return tuple(_misreading(code_page) for code_page in CODE_PAGES)


@cache
def suspect() -> re.Pattern[str]:
    """Match two characters that may begin a misread sequence: a quick test for a whole text."""
    leads = {character.encode()[0] for character in weights() if character >= "\x80"}
    leads.add(_FOUR_BYTE_LEAD)
    pairs = {
        (
            "".join(_characters(code_page, sorted(leads))),
            "".join(_characters(code_page, range(0x80, 0xC0))),
        )
        for code_page in CODE_PAGES
    }
    # The look ahead is the same for all pairs and lets the search pass over clean text quickly.
    ahead = "".join(sorted({lead for leads, _ in pairs for lead in leads}))
    each = "|".join(f"[{re.escape(a)}][{re.escape(b)}]" for a, b in sorted(pairs))
    return re.compile(f"(?=[{re.escape(ahead)}])(?:{each})")


def _characters(code_page: str, values: range | list[int]) -> list[str]:
    return [bytes([value]).decode(code_page) for value in values]


def _misreading(code_page: str) -> Misreading:
    high = range(0x80, 0x100)
    byte_of = dict(zip(_characters(code_page, high), high, strict=True))
    trail, two, three, four = (
        re.escape("".join(_characters(code_page, values)))
        for values in (range(0x80, 0xC0), range(0xC2, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF5))
    )
    sequence = re.compile(f"[{four}][{trail}]{{3}}|[{three}][{trail}]{{2}}|[{two}][{trail}]")
    return Misreading(code_page, byte_of, sequence)
