"""Words that tell what stands near them, looked up by lemma (``lexicon/triggers.csv``)."""

from __future__ import annotations

from functools import cache, lru_cache

from pipeline import lexicon

SHORTEST = 4  # letters of a compound's last part that is looked up


@cache
def _kinds() -> dict[str, frozenset[str]]:
    return {row["lemma"]: frozenset(row["kinds"].split(";")) for row in lexicon.table("triggers")}


@lru_cache(maxsize=20_000)
def kinds_of(lemma: str) -> frozenset[str]:
    """What a lemma may speak of; a compound speaks of what its last part does."""
    table = _kinds()
    folded = lemma.casefold()
    if folded in table:
        return table[folded]
    tail = folded.rsplit("-", 1)[-1]
    for start in range(len(tail) - SHORTEST + 1):
        if tail[start:] in table:
            return table[tail[start:]]
    return frozenset()
