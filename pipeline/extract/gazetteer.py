"""Words of a text with exact offsets, and a trie that finds inflected names of one or more words.

Names are data; the trie holds every case form of every name, so that finding costs one look-up
per word. ``STM:ltä`` is the acronym with a case ending; ``ESR-rahoitus`` starts with a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from pipeline.extract.paradigms import Form, forms
from pipeline.patterns import Pattern

T = TypeVar("T")

_WORD = re.compile(
    r"""
    ev\.\s?lut\. | \b r\.(?:[fys]\.)      # r.y., r.f.
  |
    \w+ (?: [-–‑&’'] \w+ )*      # Mänttä-Vilppula, Nivala–Haapajärvi, Veej'jakaja
    \+?                          # ESR+
    (?: : [a-zåäö]{1,8} )?       # STM:ltä
    (?: -(?!\w) )?               # sosiaali- ja terveys…
    """,
    re.VERBOSE,
)
# What has no address in it from the first letter of a run on has none further on: each is tried
# once, at the beginning of its run of letters, so that a long run takes time as its length.
_NOT_WORDS = Pattern(
    r"""
    (?: https?:// | www\. ) \S+ | (?<!\S) \S+ (?: @ | \(at\) | \[at\] ) \S+
    | \b (?<!\w) (?<!\w[.-]) (?<!\w--) (?<!\w-\.) (?<!\w\.-)
      [\w-]{1,100} (?: \. [\w-]{1,100} ){0,20}
      \. (?: fi | com | org | net | eu | info | io ) \b (?: /\S* )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLITICS = ("kin", "kaan", "kään")
_CLITIC = re.compile(rf"(?<=\w{{4}})(?:{'|'.join(_CLITICS)})$")
_ENDINGS = re.compile(
    r"""
    (?P<Ine>ss[aä]) | (?P<Ela>st[aä]) | (?P<Ade>ll[aä]) | (?P<Abl>lt[aä]) | (?P<All>lle)
    | (?P<Tra>ksi) | (?P<Ess>n[aä]) | (?P<Ill>h\wn|seen|[aeiouyäö]{1,2}n) | (?P<Gen>n|in)
    | (?P<Par>[aä]{1,2}|t[aä]|i?t[aä]|i[aä]) | (?P<Nom>t)
    """,
    re.VERBOSE,
)


class Word(NamedTuple):
    """A word ``text[start:end]``; ``before`` stands between it and the word before it.

    ``key`` is the word as the trie knows it; ``capital`` whether it starts with a capital letter,
    or with a digit before one (``4H-liitto``).
    """

    start: int
    end: int
    text: str
    before: str
    key: str
    capital: bool


class Entry(NamedTuple, Generic[T]):
    """A name of ``item`` in one form: the words as the data writes them, case and number."""

    item: T
    words: tuple[str, ...]
    case: str
    plural: bool


class Hit(NamedTuple, Generic[T]):
    """A name found at ``words[first:last]``; ``end`` is its last character's offset."""

    first: int
    last: int
    end: int
    entry: Entry[T]


def word(start: int, end: int, text: str, before: str = "") -> Word:
    """A word with its key."""
    return Word(start, end, text, before, *_spelling(text))


@lru_cache(maxsize=50_000)
def _spelling(word: str) -> tuple[str, bool]:
    """A word's key, and whether it is capital."""
    letters = word.lstrip("0123456789")
    brand = letters.isalpha() and not letters.islower() and len(letters) > 3  # goSaimaa
    return folded(word), letters[:1].isupper() or brand


@lru_cache(maxsize=4)  # one text's words are asked for by several readings
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, without those of addresses of the web and of e-mail."""
    masked = _NOT_WORDS.sub(lambda m: "\x00" * len(m.group()), text)
    found: list[Word] = []
    last = 0
    for match in _WORD.finditer(masked):
        start, end = match.span()
        found.append(word(start, end, text[start:end], text[last:start]))
        last = end
    return tuple(found)


_DASHES = str.maketrans("–‑‐’", "---'")


def folded(word: str) -> str:
    """The word without differences of case, dash and apostrophe."""
    return word.casefold().translate(_DASHES)


def colon_case(word: str) -> tuple[str, str | None]:
    """A word and the case its colon ending says: ``STM:ltä`` → ``STM``, ``Abl``."""
    if ":" not in word:
        return word, None
    stem, colon, ending = word.partition(":")
    match = _ENDINGS.fullmatch(ending) if colon else None
    return (stem, match.lastgroup) if match else (word, None)


@lru_cache(maxsize=50_000)
def _last_capital(word: str) -> int:
    """Where the last capital letter of a word stands, -1 if it has none."""
    return max((i for i, letter in enumerate(word) if letter.isupper()), default=-1)


def written_alike(data: str, text: str, *, first: bool) -> bool:
    """Whether a word of the text may stand for the data's: capitals of names must be there."""
    inner = _last_capital(data)
    if inner < 0:
        return True
    if inner == 0 or "-" in data:
        return text[:1].isupper() or (text[:1] == data[:1])
    if text.startswith(data[: inner + 1]):
        return True
    return not first and data[1:].islower() and text.isupper()


def _content(words: Iterable[str]) -> tuple[str, ...]:
    """The words without dashes that stand alone (``CSC – Tieteen …``)."""
    return tuple(word.rstrip(",").lstrip("-") for word in words if any(map(str.isalnum, word)))


@lru_cache(maxsize=20_000)
def inflected(
    name: str, genitive: str | None = None
) -> tuple[tuple[tuple[str, ...], tuple[str, ...], Form], ...]:
    """Every form of a name of several words, as words and as keys of the trie.

    Its last word declines, ``~`` words agree with it.
    """
    found = []
    for written, form in _inflected(name, genitive):
        words = _content(written)
        found.append((words, tuple(map(folded, words)), form))
    return tuple(found)


def _inflected(name: str, genitive: str | None) -> Iterator[tuple[tuple[str, ...], Form]]:
    parts = name.split()
    fixed, last = parts[:-1], parts[-1].lstrip("~")
    agreeing = {i: _by_case(part[1:]) for i, part in enumerate(fixed) if part.startswith("~")}
    for form in forms(last, genitive):
        case = "Gen" if form.case == "Acc" else form.case
        head = []
        for i, part in enumerate(fixed):
            head.append(agreeing[i].get((case, form.plural), "") if i in agreeing else part)
        if all(head):
            yield (*head, form.text), form


@cache
def _by_case(word: str) -> dict[tuple[str, bool], str]:
    found: dict[tuple[str, bool], str] = {}
    for form in forms(word):
        found.setdefault((form.case, form.plural), form.text)
    return found


def named(
    name: str, item: T, genitive: str | None = None, extra: Iterable[Form] = ()
) -> Iterator[tuple[tuple[str, ...], Entry[T]]]:
    """All forms of a nominative name: the keys of each, and its entry."""
    data = _content(part.lstrip("~") for part in name.split())
    for _, keys, form in inflected(name, genitive):
        yield keys, Entry(item, data, form.case, form.plural)
    for form in extra:
        keys = tuple(map(folded, _content(form.text.split())))
        yield keys, Entry(item, data, form.case, form.plural)


class Trie(Generic[T]):
    """Names in all their forms, found at a word of a text; the longest one wins."""

    def __init__(
        self, forms: Callable[[str], Iterable[tuple[Sequence[str], Entry[T]]]] | None = None
    ) -> None:
        """Make an empty trie; ``forms`` gives what is to be added that begins with a key, in order.

        It is asked for a key when a text first has it.
        """
        self._root: dict[str, object] = {}
        self._forms = forms
        self._begun: set[str] = set()

    def add(self, words: Sequence[str], entry: Entry[T]) -> None:
        """Add one form of a name, given as its keys; an earlier entry of the same item stays."""
        node = self._root
        for word in words:
            node = node.setdefault(word, {})  # type: ignore[assignment]
        entries: list[Entry[T]] = node.setdefault("", [])  # type: ignore[assignment]
        item = entry.item
        if not any(known.item is item or known.item == item for known in entries):
            entries.append(entry)

    def add_name(self, name: str, item: T, among: frozenset[str]) -> None:
        """Add the forms of a nominative name that need no other keys than these: ``keys_of``."""
        for keys, entry in named(name, item):
            if among.issuperset(keys):
                self.add(keys, entry)

    def _from(self, key: str) -> object:
        """What begins with a key."""
        if self._forms is not None and key not in self._begun:
            self._begun.add(key)
            for words, entry in self._forms(key):
                self.add(words, entry)
        return self._root.get(key)

    def at(self, words: Sequence[Word], first: int) -> list[Hit[T]]:
        """All names that start at ``words[first]``, longest first."""
        word = words[first]
        begun = self._from(word.key)
        if begun is None and ":" not in word.key and not word.key.endswith(_CLITICS):
            return []
        found: list[Hit[T]] = []
        node: dict[str, object] | None = None
        for at in range(first, len(words)):
            word = words[at]
            if at > first and not _joined(words[at - 1], word):
                break
            if ":" in word.text:
                stem, case = colon_case(word.text)
                if case is not None:
                    ended = self._from(folded(stem)) if node is None else node.get(folded(stem))
                    found.extend(self._hits(ended, words, first, at, word.start + len(stem), case))
            following = begun if node is None else node.get(word.key)
            if following is None and word.key.endswith(_CLITICS):
                key = _CLITIC.sub("", word.key)
                following = self._from(key) if node is None else node.get(key)
            if not isinstance(following, dict):
                break
            node = following
            found.extend(self._hits(node, words, first, at, word.end, None))
        return found[::-1]

    def _hits(
        self,
        node: object,
        words: Sequence[Word],
        first: int,
        at: int,
        end: int,
        case: str | None,
    ) -> Iterator[Hit[T]]:
        entries: list[Entry[T]] = node.get("", []) if isinstance(node, dict) else []
        for entry in reversed(entries):
            if case is not None:
                if entry.case != "Nom":
                    continue
                entry = entry._replace(case=case)
                end = words[at].end
            long = at - first > 1
            pairs = zip(entry.words, words[first : at + 1], strict=False)
            if all(
                (long and i > 0 and a[1:].islower()) or written_alike(a, b.text, first=i == 0)
                for i, (a, b) in enumerate(pairs)
            ):
                yield Hit(first, at + 1, end, entry)


def keys_of(words: Iterable[Word]) -> frozenset[str]:
    """The keys under which ``Trie.at`` looks a word up, of all words."""
    keys = {word.key for word in words}
    keys |= {_CLITIC.sub("", key) for key in keys if key.endswith(_CLITICS)}
    return frozenset(keys | {folded(colon_case(key)[0]) for key in keys if ":" in key})


def _joined(one: Word, other: Word) -> bool:
    """Whether two words stand side by side in one name: a space, or a comma after a hyphen."""
    between = other.before
    if between in (" ", "\u00a0", "  "):
        return True
    if between == ", ":
        return one.text.endswith("-")
    return between in (" – ", " - ", " / ", " & ", " -", " –")


def adjacent(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether ``words[first:last]`` have nothing but spaces between them."""
    return all(other.before.strip(" \u00a0") == "" for _, other in pairwise(words[first:last]))
