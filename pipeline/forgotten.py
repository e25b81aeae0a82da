"""People who are to be forgotten: known by keyed hashes of their names' forms, taken out of texts.

The list holds no name. Whoever has the list and its key can find out whether a given name is on it,
nothing else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import cache
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
_JOINTS = frozenset(("-", "_", ".", ".-"))  # in a double name, a slug, a file's name, "A.-M."
_CAPITAL_BEFORE = re.compile(r"(?:[A-ZÅÄÖÉŠŽ][^\W\d_]+-)+\Z")
_CAPITAL_BEHIND = re.compile(r"(?:-[A-ZÅÄÖÉŠŽ][^\W\d_]+)+")
HANDLE = frozenset("@#/")  # before what people call themselves: "@mkeksikoski"
_NAME_BEFORE = re.compile(
    r"(?<![^\W_])(?:(?P<initial>[A-ZÅÄÖÉŠŽ])\.|(?P<name>[A-ZÅÄÖÉŠŽ][\w-]+))[ \xa0\n]\Z"
)
_SHORTEST = 3  # letters of a part that is written together with another

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
    both: frozenset[int]  # people whose given and family name it is, nothing between them

    def of(self, people: frozenset[int]) -> bool:
        return bool(people & (self.given | self.family | self.both))


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
        return [
            [span for span, _ in spans] + list(_alone(text or "", words, met, known=known))
            for text, (spans, words) in zip(texts, found, strict=True)
        ]

    def find(self, text: str) -> list[Span]:
        """Where somebody forgotten is named in full, or by an address or number."""
        return [span for span, _ in self._look(text)[0]] if self.people else []

    def _look(self, text: str) -> tuple[list[tuple[Span, frozenset[int]]], list[_Word]]:
        words = [self._with_particles(text, word) for word in self._words(text)]
        spans: list[tuple[Span, frozenset[int]]] = []
        for at, word in enumerate(words):
            if word.both:
                spans.append((_whole(text, words, at, at, word.both), word.both))
        for at, (one, other) in enumerate(pairwise(words)):
            gap = text[one.end : other.start]
            people: frozenset[int] = frozenset()
            if beside(gap):
                people = (one.given & other.family) | (one.family & other.given)
            elif between(gap.removeprefix(".") if one.end - one.start == 1 else gap):
                people = one.given & other.family
            if people:
                spans.append((_whole(text, words, at, at + 1, people), people))
        for pattern, plain in ((email(), address), (DIGITS, number)):
            for match in pattern.finditer(text):
                digest = self.hashed(plain(match.group()))
                people = frozenset(n for n, p in enumerate(self.people) if digest in p.contacts)
                if pattern is not DIGITS:
                    people |= self._glued(folded("".join(takewhile(str.isalpha, match.group()))))
                if people:
                    spans.append((match.span(), people))
        return spans, words

    def _glued(self, word: str, shortest: int = 1) -> frozenset[int]:
        """Whose given and family name a folded word is, nothing between them."""
        return _together(self.hashed, word, self._parts("given"), self._parts("family"), shortest)

    def _words(self, text: str) -> Iterator[_Word]:
        """Words that are some part of a forgotten name."""
        given, family = self._parts("given"), self._parts("family")
        known: dict[tuple[str, bool], tuple[frozenset[int], ...]] = {}
        nobody: frozenset[int] = frozenset()
        for match in _WORD.finditer(text):
            word, handle = match.group(), text[match.start() - 1 : match.start()] in HANDLE
            if (word, handle) not in known:
                plain = folded(word)
                digest = self.hashed(plain)
                shortest = 1 if handle else _SHORTEST
                both = _together(self.hashed, plain, given, family, shortest)
                known[word, handle] = given.get(digest, nobody), family.get(digest, nobody), both
            if any(found := known[word, handle]):
                yield _Word(*match.span(), word[0].isupper(), *found)

    def _with_particles(self, text: str, word: _Word) -> _Word:
        """A family name with the particles before it that are its own: ``von der Heide``."""
        low = max(0, word.start - _LONGEST_GAP)
        before = _particles_before().search(text, low, word.start) if word.family else None
        if before is None:
            return word
        whole = self.hashed(folded(text[before.start() : word.end]))
        own = frozenset(one for one in word.family if whole in self.people[one].family)
        return word._replace(start=before.start()) if own else word

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
    """May this stand between a given and a family name: other names, an initial, "von der"?"""
    return len(gap) <= _LONGEST_GAP and _between().fullmatch(gap) is not None


@cache
def _between() -> re.Pattern[str]:
    # "Irmeli M. K.", "Irmeli-Maria K.", "Irmeli (Ira) K.", "Irmeli ja Matti K."; with particles
    # also a slug, "irmeli.von.der.k".
    return re.compile(
        rf"""
        (?:
            [\s-]+
            (?:
                (?: [“”"'’(] \w+ [“”"'’)] | [^\W\d_] \.? | ja | sekä | & | [A-ZÅÄÖÉŠŽ][\w'’]* )
                [\s-]+
            ){{1,2}}
            (?: {_particle()} [\s-]+ ){{0,3}}
        |   [\s._-]+ (?: {_particle()} [\s._-]+ ){{1,3}}
        )
        """,
        re.VERBOSE,
    )


@cache
def _particles_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{_particle()}[\s._-]+){{1,3}}\Z")


def _particle() -> str:
    from pipeline.names.person import PARTICLES

    return rf"(?i:{'|'.join(sorted(PARTICLES))})"


def _together(
    hashed: Callable[[str], str],
    word: str,
    given: dict[str, frozenset[int]],
    family: dict[str, frozenset[int]],
    shortest: int,
) -> frozenset[int]:
    """Whose given and family name a word is, in either order, of so many letters at least."""
    nobody: frozenset[int] = frozenset()
    found = nobody
    if len(word) > _LONGEST_GAP:
        return found
    for at in range(shortest, len(word) - shortest + 1):
        one = hashed(word[:at])
        if one in given or one in family:
            other = hashed(word[at:])
            found |= given.get(one, nobody) & family.get(other, nobody)
            found |= family.get(one, nobody) & given.get(other, nobody)
    return found


def _whole(text: str, words: list[_Word], at: int, to: int, people: frozenset[int]) -> Span:
    """From one of the words to another, and on over what is joined to them of a double name."""
    while at and words[at - 1].of(people) and text[words[at - 1].end : words[at].start] in _JOINTS:
        at -= 1
    last = len(words) - 1
    while (
        to < last
        and words[to + 1].of(people)
        and text[words[to].end : words[to + 1].start] in _JOINTS
    ):
        to += 1
    start, end = words[at].start, words[to].end
    before = _CAPITAL_BEFORE.search(text, max(0, start - _LONGEST_GAP), start)
    behind = _CAPITAL_BEHIND.match(text, end)
    return before.start() if before else start, behind.end() if behind else end


def _alone(text: str, words: list[_Word], met: set[int], *, known: bool) -> Iterator[Span]:
    """Where parts of the names of people stand alone; joined ones are one."""
    start = end = -1
    for word in words:
        if not (word.capital and word.end - word.start > 1 and met & (word.given | word.family)):
            continue
        if not known and _of_another(text, word):
            continue
        if text[end : word.start] == "-":
            end = word.end
            continue
        if end > 0:
            yield start, end
        start, end = word.start, word.end
    if end > 0:
        yield start, end


def _of_another(text: str, word: _Word) -> bool:
    """Is this the family name of somebody whose given name, or initial, stands before it?

    A given name of the forgotten person would have made the two a find; such finds stay.
    """
    from pipeline.names.person import is_given_name

    if not word.capital or word.given:
        return False
    before = _NAME_BEFORE.search(text, max(0, word.start - _LONGEST_GAP), word.start)
    return before is not None and (before["name"] is None or is_given_name(before["name"]))


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
