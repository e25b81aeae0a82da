"""How e-mail addresses and telephone numbers are written, whoever they belong to."""

from __future__ import annotations

import re
from functools import cache

from pipeline import lexicon

_DASHES = "\u2010-\u2015-"
_APART = rf"[ ()./{_DASHES}]{{0,3}}"  # what may stand between two digits of a number
# In digits that are a date, or hours from and to, nobody is called.
_NO_CALL = rf"(?!\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}})(?!\d{{1,2}}[.:]\d{{2}}\s?[{_DASHES}]\s?\d)"
# A stroke stands behind an area or country code alone: "0123/2020" is a case.
_SLASH = r"(?:(?<=0\d\d)|(?<=358)|(?<=/\d\d))/(?=\d(?:[ /]?\d){4})"
_DASH = r"(?:(?<=\d{3})\s?[–—]\s?(?=\d{3}))"

DIGITS = re.compile(rf"\+?\d(?:{_APART}\d){{6,14}}")
"""Any digits that could be a number: to be compared with one that is known."""

IDENTITY = re.compile(
    r"(?<![^\W_])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d"
    rf"[+{_DASHES}A-FU-Y]\d{{3}}[0-9A-FHJ-NPR-Y](?![^\W_])",
    re.IGNORECASE,
)
"""A Finnish personal identity code: day of birth, mark of the century, three digits, a check."""


@cache
def phone() -> re.Pattern[str]:
    """A telephone number, told from sums, dates and codes.

    Behind a word for one the group ``behind`` is the number.
    """
    labels = (label for label in lexicon.settings("identifiers")["phone"]["labels"] if label != "p")
    return re.compile(
        # With its country or area code, so that no sum of money is one; a Y-tunnus isn't either.
        rf"(?<![\w.,/-])(?!\d{{7}}-\d){_NO_CALL}"
        r"(?:\+\d|\(?0)"
        rf"(?:(?:[ ().\u2010\u2011-]{{0,2}}|{_SLASH}|{_DASH})\d){{5,13}}(?![\w/])"
        # Behind a word for one, whatever it begins with.
        rf"|(?<=\bp\.)\s?\+?\d(?:{_APART}\d){{5,14}}"
        rf"|\b(?:{'|'.join(labels)})\b[.:]?\s?(?P<behind>\+?\d(?:{_APART}\d){{4,14}})",
        re.IGNORECASE,
    )


@cache
def email() -> re.Pattern[str]:
    """An e-mail address, its @ as it is or hidden from machines."""
    # One look from where a run of such characters begins, and a bounded one behind each full stop
    # ("one@x.example.....other@x.example"): looks from everywhere would grow with the square.
    local = r"(?:(?<![\w.+-])[\w.+-]+|(?<=[.+])[\w-][\w.+-]{0,63})"
    return re.compile(rf"{local}{_at()}[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


def address(written: str) -> str:
    """An address as it is compared."""
    return re.sub(_at(), "@", written, flags=re.IGNORECASE).casefold()


def is_office(written: str) -> bool:
    """Whether an e-mail address is an office's, nobody's own: ``kirjaamo.oulu@kunta.example``."""
    local, at, _ = address(written).partition("@")
    return bool(at) and not _offices().isdisjoint(re.split(r"[._-]", local))


@cache
def _offices() -> frozenset[str]:
    return frozenset(lexicon.settings("identifiers")["email"]["offices"])


@cache
def _at() -> str:
    hidden = "|".join(lexicon.settings("identifiers")["email"]["at"])
    return rf"(?:\s?(?:{hidden})\s?|\s(?:at|ät)\s)"


def number(written: str) -> str:
    """A number as it is compared: its last nine digits."""
    return re.sub(r"\D", "", written)[-9:]
