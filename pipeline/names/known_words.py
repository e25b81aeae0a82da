"""Words seen in a document: evidence for what an inflected name is of, looked up, not searched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

_AROUND = "\"”“„»«'’‘,.()"
_ALIKE = 2  # letters that forms of a word have in common at least


class KnownWords:
    """The words of names; each look-up costs the same, however many there are."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_fold: defaultdict[str, set[str]] = defaultdict(set)
        self._by_start: defaultdict[str, set[str]] = defaultdict(set)
        self._without: Collection[str] = ()
        self._more: KnownWords | None = None
        for name in names:
            for written in name.split():
                if len(written) > 1:
                    word = written.strip(_AROUND)
                    self._by_fold[word.lower()].add(word)
                    self._by_start[_start(word)].add(word)

    def __bool__(self) -> bool:
        """Is any word known?"""
        return bool(self._by_fold) or bool(self._more)

    def __contains__(self, word: str) -> bool:
        """Is the word known, in capitals or not?"""
        if self._more is not None and word in self._more:
            return True
        return any(w not in self._without for w in self._by_fold.get(word.lower(), ()))

    def alike(self, word: str) -> Iterator[str]:
        """Other words that begin alike: forms of one word do."""
        for other in self._by_start.get(_start(word), ()):
            if other != word and other not in self._without:
                yield other
        if self._more is not None:
            yield from self._more.alike(word)

    def without(self, words: Collection[str], more: Iterable[str] = ()) -> KnownWords:
        """The same but for some words, and with ``more``; what is known is not copied."""
        found = KnownWords(())
        found._by_fold, found._by_start = self._by_fold, self._by_start
        found._without = {*self._without, *words}
        found._more = KnownWords(more)
        return found


def _start(word: str) -> str:
    return word[:_ALIKE].lower()
