"""What an announcement is called where its container does not say: its first line that tells."""

from __future__ import annotations

import re

from pipeline import lexicon
from pipeline.extract.layout import Block
from pipeline.extract.named import Named

LONGEST = 300  # letters
_WORD = re.compile(r"[^\W\d_]+")


def headline(text: str, named: Named) -> str | None:
    """The first heading or paragraph that says more than who speaks, when and in what."""
    blocks = [b for b in named.page.blocks if b.kind in {"heading", "paragraph"}]
    told = (block for block in blocks if not _is_masthead(text, block, named))
    block = next(told, next(iter(blocks), None))
    return text[block.start : block.end][:LONGEST] if block is not None else None


def _is_masthead(text: str, block: Block, named: Named) -> bool:
    """``Uutinen 12.6.2023``, ``Puumalan kunta | Tiedote``: nothing but such words."""
    known = lexicon.settings("furniture")["lines"]
    dates = [d for d in (named.publication.published, named.publication.updated) if d is not None]
    rest, at = "", block.start
    for find in sorted((*dates, *named.organisations), key=lambda find: find.start):
        if block.start <= find.start < block.end:
            rest += text[at : max(at, find.start)] + " "
            at = max(at, find.end)
    rest += text[at : block.end]
    return all(word.casefold() in known for word in _WORD.findall(rest))
