"""Wrongly decoded marks that lost a byte on the way, so that no decoder can take them back.

Programs drop what they cannot show (the second or third byte of "–", "”", "à"), put "?" or the
replacement character in its place, or turn a no-break space into a plain one. What is left
("â€Ensin", "2021â2023", "Ã la carte") tells the character only together with its neighbours.
"""

from __future__ import annotations

import re

from pipeline.repair.changes import Change, substitute
from pipeline.repair.lost_letters import lost_capital

_LOST = "[\x80-\x9f\ufffd?]"  # what stands where a byte was
_REST = re.compile(r"\w{0,40}")  # of a word, as long as a known name may be

_FRAGMENT = re.compile(
    rf"""
    (?P<quote>   â€Â?(?:[\x80-\x9f\ufffd]|\?(?=\w))? )       # U+201D: cp1252 has no byte 9D
  | (?P<range>   (?<=\d) â{_LOST}{{0,2}} (?=\d) )            # 2021â2023
  | (?P<dash>    (?:^|(?<=\s)) â{_LOST}{{0,2}} (?=\s|-?$) )  # a dash between spaces
  | (?P<quoted>  (?:^|(?<=[\s(])) â{_LOST}{{0,2}}            # âKukaan ei jää yksinâ
                 (?P<words> (?=[A-ZÄÖÅ]) [^â\n]{{2,400}} [^â\s] )
                 â{_LOST}{{0,2}} (?=[\s,.;:!?)]|$) )
  | (?P<head>    ^ â{_LOST}{{0,2}}\ (?=\S) )                 # a dash that begins a line
  | (?P<grave>   Ã\ {{1,2}}(?=\S) | Ã(?=-) )                 # "à": its byte A0 became a space
  | (?P<capital> (?<!\w) Ã{_LOST}? (?=[a-zäöå]) )             # Ãhtäri: no word begins with Ã
  | (?P<space>   (?<![^\W\d_a-zäöå])Â(?=[ \u00a0€%§°]) )  # a no-break space
    """,
    re.VERBOSE | re.MULTILINE,
)


def lost_bytes(text: str) -> list[Change]:
    """Restore dashes, quotes, "à" and spaces from what a lossy reading left of them."""
    if "â" not in text and "Ã" not in text and "Â" not in text:
        return []
    return substitute(_FRAGMENT, _restored, text)


def _restored(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "quote":
            return "”"
        case "range" | "dash":
            return "–"
        case "head":
            return "– "
        case "grave":
            return "à" if match.group() == "Ã" else "à "
        case "space":
            return "" if match.string[match.end()].isspace() else " "
        case "capital":
            rest = _REST.match(match.string, match.end())
            return lost_capital(rest[0] if rest else "", match.string)
        case _:
            return f"”{match['words']}”"
