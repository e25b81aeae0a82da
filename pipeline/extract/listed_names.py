"""Names that the lexicon lists, inflected once and kept; those a text may have are looked up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pipeline.compiled import Table, compiled, content_key, packed
from pipeline.extract.gazetteer import Entry, Trie, named
from pipeline.extract.paradigms import Form

T = TypeVar("T")

# A name, the number of its item, its genitive where the rules give another, forms of no rule.
Listed = tuple[str, int, str | None, Sequence[Form]]


def trie_of(what: str, items: Sequence[T], names: Callable[[], Iterable[Listed]]) -> Trie[T]:
    """All names in all their forms, as ``Trie.add_name`` would add one after the other."""
    key = content_key("compiled.py", "lexicon", "extract")
    forms = Table(compiled(f"forms-{what}", key, lambda: _forms(names())))

    def beginning(word: str) -> Iterable[tuple[Sequence[str], Entry[T]]]:
        told = forms.get(word)
        for number, keys, words, case, plural in json.loads(told) if told else ():
            yield keys, Entry(items[number], tuple(words), case, plural)

    return Trie(beginning)


def _forms(names: Iterable[Listed]) -> bytes:
    by_first: dict[str, list[object]] = {}
    for name, number, genitive, extra in names:
        for keys, entry in named(name, number, genitive, extra):
            form = (entry.item, keys, entry.words, entry.case, entry.plural)
            by_first.setdefault(keys[0], []).append(form)
    return packed(
        {first: json.dumps(forms, ensure_ascii=False) for first, forms in by_first.items()}
    )
