"""Read Finnish numbers: digits in groups (``277 440``, ``418.600,50``) and written out
(``kahdensadantuhannen``, ``puolitoista``).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline import lexicon

GROUP_SPACES = " \u00a0\u202f\u2009"  # space, no-break, narrow no-break, thin

# A number as Finnish writes it: groups of three, or plain digits, with or without decimals.
DIGITS = rf"""(?:
    \d{{1,3}}(?:[{GROUP_SPACES}]\d{{3}})+(?!\d)(?:,\d{{1,2}}(?!\d))?   # 277 440,50
  | \d{{1,3}}(?:\.\d{{3}})+(?!\d)(?:,\d{{1,2}}(?!\d))?                 # 418.600,50
  | \d{{1,3}}(?:[’']\d{{3}})+(?!\d)                                    # 12'000
  | \d{{1,3}}(?:,\d{{3}}){{2,}}(?!\d)                                  # 1,200,000
  | \d+(?:[.,]\d+)?                                                    # 350, 1,2, 1.2
)"""


@lru_cache(maxsize=4096)
def read_digits(raw: str, scaled: bool = False) -> float:
    """Value of digits that match ``DIGITS``.

    ``scaled``: a multiplier follows, so that one point before three digits is a decimal point
    (``1.250 milj.``), else it groups thousands (``486.300``).
    """
    text = re.sub(rf"[{GROUP_SPACES}’']", "", raw)
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}", text):
        return float(text.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        single = text.count(".") == 1 and "," not in text
        if not (single and (scaled or text.startswith("0."))):
            text = text.replace(".", "")
    elif re.fullmatch(r"[1-9]\d{0,2},\d{3}", text) and not scaled:
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


@lru_cache(maxsize=4096)
def read_written(word: str) -> float | None:
    """Value of one written-out number in any case, ``None`` when the word is none."""
    lower = word.lower().replace("-", "")
    if (fraction := _fractions().get(lower)) is not None:
        return fraction
    if not lower.startswith(_openings()) or not _compound().fullmatch(lower):
        return None
    return float(_sum(lower))


@cache
def _fractions() -> dict[str, float]:
    rows = lexicon.settings("numerals")["fraction"]
    return {form: row["value"] for row in rows for form in row["forms"]}


@cache
def _units() -> dict[str, int]:
    rows = lexicon.settings("numerals")["unit"]
    return {form: row["value"] for row in rows for form in row["forms"]}


@cache
def _openings() -> tuple[str, ...]:
    """What a written number may begin with: most words end here, before the pattern is made."""
    data = lexicon.settings("numerals")
    return (
        *_units(),
        *(form for name in ("ten", "hundred", "thousand") for form in data[name]["forms"]),
    )


def _alternatives(forms: list[str]) -> str:
    return "|".join(sorted(forms, key=len, reverse=True))


@cache
def _compound() -> re.Pattern[str]:
    """``[hundreds]thousands[hundreds][tens][unit]``, each part in any case."""
    data = lexicon.settings("numerals")
    unit = f"(?:{_alternatives(list(_units()))})"
    ten, teen, hundred, thousand = (
        f"(?:{_alternatives(data[name]['forms'])})"
        for name in ("ten", "teen", "hundred", "thousand")
    )
    below_100 = rf"(?:{unit}{teen}|{unit}{ten}{unit}|{unit}?{ten}|{unit})"
    below_1000 = rf"(?:{unit}?{hundred}{below_100}?|{below_100})"
    return re.compile(rf"(?:{below_1000}?{thousand}{below_1000}?|{below_1000})")


def _sum(word: str) -> int:
    """Value of a compound that is known to be well formed."""
    data = lexicon.settings("numerals")
    head, tail = _split(word, data["thousand"]["forms"])
    if head is not None:
        return (_sum(head) if head else 1) * 1000 + (_sum(tail) if tail else 0)
    head, tail = _split(word, data["hundred"]["forms"])
    if head is not None:
        return (_sum(head) if head else 1) * 100 + (_sum(tail) if tail else 0)
    if word in _units():
        return _units()[word]
    for form in data["teen"]["forms"]:
        if word.endswith(form):
            return 10 + _units()[word.removesuffix(form)]
    head, tail = _split(word, data["ten"]["forms"])
    return (_units()[head] if head else 1) * 10 + (_units()[tail] if tail else 0)


def _split(word: str, forms: list[str]) -> tuple[str | None, str]:
    """What stands before and behind the first of ``forms`` that leaves readable sides."""
    for form in sorted(forms, key=len, reverse=True):
        at = word.find(form)
        while at >= 0:
            head, tail = word[:at], word[at + len(form) :]
            if all(not side or _compound().fullmatch(side) for side in (head, tail)):
                return head, tail
            at = word.find(form, at + 1)
    return None, ""
