"""People who are to be forgotten: known by keyed hashes of their names' forms, taken out of texts.

The list holds no name. Whoever has the list and its key can find out whether a given name is on it,
nothing else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import blake2b, sha256
from itertools import pairwise, takewhile
from pathlib import Path
from secrets import token_bytes
from typing import NamedTuple
from unicodedata import normalize

import msgspec

from pipeline.contact_forms import DIGITS, address, email, number
from pipeline.errors import OutputUnusable

FILE = ".forgotten"  # in the output folder: it outlives the store
REMOVED = "[poistettu]"  # what stands in a text for what was taken out
BREAK = " ¶¶¶¶ "  # between texts looked at together: no name goes on behind it
_DIGITS = 12  # bytes of a hash
_WORD = re.compile(r"[^\W\d_]+(?:[’'´][^\W\d_]+)*")
_LONGEST_GAP = 60  # characters
_BESIDE = re.compile(r"[\W_]{0,3}|\s+")
# "Irmeli M. K.", "Irmeli-Maria K.", "Irmeli (Ira) K.", "Irmeli ja Matti K.".
_BETWEEN = re.compile(
    r"""
    [\s-]+
    (?:
        (?: [“”"'’(] \w+ [“”"'’)] | [^\W\d_] \.? | ja | sekä | & | [A-ZÅÄÖÉŠŽ][\w'’]* )
        [\s-]+
    ){1,2}
    """,
    re.VERBOSE,
)

Span = tuple[int, int]


class Person(msgspec.Struct, frozen=True):
    """Hashes of all forms of a person's given and family names, e-mail addresses and numbers."""

    given: frozenset[str]
    family: frozenset[str]
    contacts: frozenset[str] = frozenset()


class _Word(NamedTuple):
    start: int
    end: int
    capital: bool
    given: frozenset[int]  # people that it is a given name of
    family: frozenset[int]


class Forgotten(msgspec.Struct, frozen=True):
    """A key and the people hashed with it."""

    key: bytes = b""
    people: tuple[Person, ...] = ()

    @property
    def digest(self) -> str:
        """Of the whole list; empty where it is empty."""
        if not self.people:
            return ""
        return sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    def hashed(self, form: str) -> str:
        """The hash of a folded form."""
        return blake2b(form.encode(), key=self.key, digest_size=_DIGITS).hexdigest()

    def without_them(self, *texts: str | None) -> tuple[str | None, ...]:
        """The texts of one announcement without its forgotten people.

        Where one of them is named in full, or by an address or number, family and given names of
        theirs that stand alone go too.
        """
        spans = self.spans(*texts)
        return tuple(
            _cut(text, found) if text and found else text
            for text, found in zip(texts, spans, strict=True)
        )

    def spans(self, *texts: str | None, known: bool = False) -> list[list[Span]]:
        """Where the texts of one announcement name forgotten people; spans may overlap.

        Those who are ``known`` to be meant need not be named in full.
        """
        if not self.people:
            return [[] for _ in texts]
        found = [self._look(text or "") for text in texts]
        met = {person for spans, _ in found for _, people in spans for person in people}
        if known:
            met = set(range(len(self.people)))
        return [[span for span, _ in spans] + list(_alone(words, met)) for spans, words in found]

    def find(self, text: str) -> list[Span]:
        """Where somebody forgotten is named in full, or by an address or number."""
        return [span for span, _ in self._look(text)[0]] if self.people else []

    def _look(self, text: str) -> tuple[list[tuple[Span, frozenset[int]]], list[_Word]]:
        words = list(self._words(text))
        spans: list[tuple[Span, frozenset[int]]] = []
        for one, other in pairwise(words):
            gap = text[one.end : other.start]
            people: frozenset[int] = frozenset()
            if beside(gap):
                people = (one.given & other.family) | (one.family & other.given)
            elif between(gap):
                people = one.given & other.family
            if people:
                spans.append(((one.start, other.end), people))
        for pattern, plain in ((email(), address), (DIGITS, number)):
            for match in pattern.finditer(text):
                digest = self.hashed(plain(match.group()))
                people = frozenset(n for n, p in enumerate(self.people) if digest in p.contacts)
                if pattern is not DIGITS:
                    people |= self._glued(folded("".join(takewhile(str.isalpha, match.group()))))
                if people:
                    spans.append((match.span(), people))
        return spans, words

    def _glued(self, local: str) -> frozenset[int]:
        """Whose given and family name an address's first part is, nothing between them."""
        given, family = self._parts("given"), self._parts("family")
        nobody: frozenset[int] = frozenset()
        found = nobody
        for at in range(1, min(len(local), _LONGEST_GAP)):
            one, other = self.hashed(local[:at]), self.hashed(local[at:])
            found |= given.get(one, nobody) & family.get(other, nobody)
            found |= family.get(one, nobody) & given.get(other, nobody)
        return found

    def _words(self, text: str) -> Iterator[_Word]:
        """Words that are some part of a forgotten name."""
        given, family = self._parts("given"), self._parts("family")
        known: dict[str, tuple[frozenset[int], frozenset[int]]] = {}
        for match in _WORD.finditer(text):
            word = match.group()
            if word not in known:
                digest = self.hashed(folded(word))
                nobody: frozenset[int] = frozenset()
                known[word] = given.get(digest, nobody), family.get(digest, nobody)
            first, last = known[word]
            if first or last:
                yield _Word(*match.span(), word[0].isupper(), first, last)

    def _parts(self, part: str) -> dict[str, frozenset[int]]:
        people: dict[str, set[int]] = {}
        for place, person in enumerate(self.people):
            for digest in getattr(person, part):
                people.setdefault(digest, set()).add(place)
        return {digest: frozenset(numbers) for digest, numbers in people.items()}


def folded(word: str) -> str:
    """A word as names are compared: no case, no accents, letters only."""
    return "".join(filter(str.isalpha, normalize("NFKD", word.casefold())))


def beside(gap: str) -> bool:
    """May this stand between two parts of a name, in either order?"""
    return _BESIDE.fullmatch(gap) is not None


def between(gap: str) -> bool:
    """May this stand between a given and a family name: other names, an initial, a nickname?"""
    return len(gap) <= _LONGEST_GAP and _BETWEEN.fullmatch(gap) is not None


def _alone(words: list[_Word], met: set[int]) -> Iterator[Span]:
    for word in words:
        if word.capital and word.end - word.start > 1 and met & (word.given | word.family):
            yield word.start, word.end


def _cut(text: str, spans: list[Span]) -> str:
    parts, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            parts += [text[at:start], REMOVED]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def contact(written: str) -> str:
    """An e-mail address or telephone number as its hash is made of it."""
    return address(written) if "@" in written else number(written)


def read_forgotten(output: Path) -> Forgotten:
    """The list of an output folder, empty where there is none. Raises ``OutputUnusable``."""
    path = output / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Forgotten)
    except FileNotFoundError:
        return Forgotten()
    except NotADirectoryError as error:
        raise OutputUnusable(f"{output} cannot be written to: it is no folder") from error
    except (OSError, msgspec.MsgspecError) as error:
        raise OutputUnusable(
            f"{path}, the list of people to keep out, cannot be read ({type(error).__name__}). "
            "Without it they would come back: put it back from a copy, or delete it to forget it."
        ) from error


def write_forgotten(output: Path, forgotten: Forgotten) -> None:
    """Replace the list of an output folder at once; only its owner may read it."""
    draft = output / f"{FILE}.draft"
    draft.unlink(missing_ok=True)
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(msgspec.json.encode(forgotten))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(output / FILE)


def fresh_key() -> bytes:
    """A key for a new list."""
    return token_bytes(32)
