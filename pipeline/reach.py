"""Which announcements an edit of the lexicon can matter to.

Most entries of the lexicon are words that must stand in an announcement to matter to it;
``lexicon/reach.toml`` names the sections of which this is so. An edit of such entries reaches only
announcements whose text or lemmas hold what the entries need; any other edit reaches all.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.lexicon import rows_of
from pipeline.needs import runs_of_letters

SECTIONS = "reach.toml"
COMMENT = "comment"  # a column that nothing reads
KEY = "="  # marks keys among the leaves of an entry
DECLINED = "declined"  # the mode of words of which only the beginning is sure
# Endings change at most so many letters of a declined word, and leave so many.
CHANGING, STAYING = 3, 3

Entry = tuple[Any, ...]  # keys, strings and numbers, in order
Sections = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Reach:
    """An edit reaches announcements that hold one of ``fragments``."""

    fragments: frozenset[str]

    def touches(self, text: str) -> bool:
        """Whether the edit can matter to an announcement with this text and these lemmas."""
        lowered = text.lower()
        return any(fragment in lowered for fragment in self.fragments)


def reach(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Reach | None:
    """What an edit reaches that made the files ``after`` of ``before``; ``None``: everything.

    Both hold the lexicon's files by name. Comments, layout and the order of TOML's keys reach
    nothing.
    """
    edited = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    if not edited:
        return Reach(frozenset())
    if SECTIONS in edited or not set(edited) <= before.keys() & after.keys():
        return None
    sections = tomllib.loads(after[SECTIONS].decode())
    fragments: set[str] = set()
    for name in edited:
        old, new = (dict(entries(name, files[name])) for files in (before, after))
        for path in old.keys() | new.keys():
            if old.get(path) == new.get(path):
                continue
            changed = _changed(old.get(path, ()), new.get(path, ()))
            found = None if changed is None else _needs(path, changed, sections)
            if found is None:
                return None
            fragments |= found
    return Reach(frozenset(fragments))


def entries(name: str, raw: bytes) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The entries of each list of a file, by the way to the list."""
    stem, _, kind = name.rpartition(".")
    text = raw.decode("utf-8")
    if kind == "toml":
        yield from _in_table(stem, tomllib.loads(text))
    else:
        rows = rows_of(text)
        columns = dict.fromkeys(column for row in rows for column in row)
        yield stem, tuple(tuple(_leaves(_cells(row))) for row in rows)
        yield f"{stem} columns", tuple((column,) for column in columns)


def _cells(row: Mapping[str, str]) -> dict[str, str]:
    return {column: cell for column, cell in row.items() if cell and column != COMMENT}


def _in_table(path: str, value: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _in_table(f"{path}.{key}", inner)
    elif isinstance(value, list):
        yield path, tuple(tuple(_leaves(item)) for item in value)
    else:
        yield path, (tuple(_leaves(value)),)


def _leaves(value: Any) -> Iterator[Any]:
    """A value taken apart: its keys, strings and numbers, in order."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield f"{KEY}{key}"
            yield from _leaves(value[key])
    elif isinstance(value, list):
        yield len(value)
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> list[Any] | None:
    """Entries that came or went; ``None`` where those that stayed changed their order."""
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if [one for one in before if one not in gone] != [one for one in after if one not in come]:
        return None
    return [*gone, *come]


def _needs(path: str, entries: Iterable[Entry], sections: Sections) -> set[str] | None:
    """Fragments, of which a text that one of the entries matters to holds one."""
    found: set[str] = set()
    for entry in entries:
        words = [(word, mode) for word, mode in _words(path, entry, sections) if _has_letters(word)]
        if not words:
            return None
        for word, mode in words:
            if not (runs := runs_of_letters(word)):
                return None
            found |= {_beginning(run) for run in runs} if mode == DECLINED else runs
    return found


def _words(path: str, entry: Entry, sections: Sections) -> Iterator[tuple[str, str]]:
    """An entry's strings that some section names, with how they stand in texts."""
    key = ""
    for leaf in entry:
        if isinstance(leaf, str) and leaf.startswith(KEY):
            key = leaf.removeprefix(KEY)
        elif isinstance(leaf, str):
            for mode, names in sections.items():
                if f"{path}.{key}" in names or _is_within(path, names):
                    yield leaf, mode


def _is_within(path: str, sections: Iterable[str]) -> bool:
    return any(f"{path}.".startswith(f"{name}.") for name in sections)


def _has_letters(word: str) -> bool:
    return any(map(str.isalpha, word))


def _beginning(word: str) -> str:
    """What stays of a word in all its forms."""
    return word[: max(STAYING, len(word) - CHANGING)]
