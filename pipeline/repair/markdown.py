"""Markdown as HTML converters leave it: emphasis, headings, links, images, rules of tables."""

from __future__ import annotations

import re

from pipeline.repair.changes import Change, substitute

# Any of these says that a text is Markdown; an asterisk alone may be a bullet or a footnote.
_TELLING = re.compile(
    r"""
    \]\((?:https?:|/|\#|mailto:|tel:) | (?<![\w*])\*\*(?=[^\s*]) | ^\#{1,6}[ ]\S
    | ^\|?(?:\s?:?-{3,}:?\s?\|)+
    """,
    re.MULTILINE | re.VERBOSE,
)
_MARK = re.compile(
    r"""
    (?P<image> \[?!\[[^\[\]\n]*\]\([^()\s]*(?:\s"[^"\n]*")?\) (?: \]\([^()\s]*\) )? )
  | \[(?P<link>[^\[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s"[^"\n]*")?\)
  | ^(?P<heading>\#{1,6}[ ]+)(?=\S)
  | ^(?P<quote>>[ ]?)(?=\S)
  | ^(?P<rule>\|?(?:[ ]?:?-{3,}:?[ ]?\|)+(?:[ ]?:?-{3,}:?[ ]?)?\|?[ ]*\n?)
  | ^\|[ ]?(?P<row>[^\n]*?)[ ]?\|[ ]*$
  | (?<![\w*\\])(?P<bold>\*{2,3}|__)(?=[^\s*])(?P<strong>[^\n]*?[^\s*])(?P=bold)(?!\w)
  | (?<![\w*\\])\*(?=[^\s*])(?P<italic>[^\n*]*?[^\s*])\*(?![\w*])
  | \\(?P<escaped>[\\`*_{}\[\]()\#+.!-])
    """,
    re.VERBOSE | re.MULTILINE,
)


def markdown(text: str) -> list[Change]:
    """Leave of Markdown what a reader sees: a link's text, a table's cells, no marks.

    A text without a telling mark is left alone. Addresses of links go; addresses that are written
    out stay.
    """
    return substitute(_MARK, _seen, text) if _TELLING.search(text) else []


def _seen(match: re.Match[str]) -> str:
    if match["image"] or match["heading"] or match["quote"] or match["rule"]:
        return ""
    for name in ("link", "row", "strong", "italic", "escaped"):
        if match[name] is not None:
            inner = match[name]
            # Marks within marks: a bold link, italics in a table's row.
            return inner if name == "escaped" else _MARK.sub(_seen, inner)
    return match.group()
