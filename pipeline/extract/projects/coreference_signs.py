"""What speaks for two names being one project's: their words, what is known of them, where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold
from pipeline.extract.projects.names import head_of, is_acronym, phase
from pipeline.extract.surroundings import Signs, Surroundings

NEAR = 24  # characters between two names that are looked at
PLACES = 8  # of a name that are looked at
PIECE = 3  # letters of a word that tell from within it
LONGEST = 12  # letters of a word that are looked at
CUES = ("continue", "part_of", "past")  # kinds of trigger words in the sentence of a name

_WORD = re.compile(r"\w+")
_HEAD = re.compile(r"\s?-?\s?(?P<word>[a-zåäö]+)")  # of the first name: "SILTA-hanke (Sillat auki)"
# What stands between two names in the text.
_BETWEEN = {
    "bracket": re.compile(r"\W{0,2}\("),
    "eli": re.compile(r"\W*eli\b"),
    "and": re.compile(r"\W*(?:ja|sekä|tai)\b"),
    "line": re.compile(r"[^\w\n]*\n"),
    "comma": re.compile(r"\W?,"),
    "dash": re.compile(r"\W{0,2}[–—-]\s"),
    "colon": re.compile(r"\W{0,2}:"),
    "slash": re.compile(r"\s?[/|]"),
    "space": re.compile(r"\s?$"),
}
# What stands in a name beside the words that it shares with another.
_BESIDE = {
    "comma": re.compile(r"\s*,"),
    "colon": re.compile(r"\s*:"),
    "dash": re.compile(r"\s*[–—]|\s+-\s"),
    "bracket": re.compile(r"\s*[()]"),
    "stop": re.compile(r"\s*[.!?]"),
    "hyphen": re.compile(r"-"),
    "word": re.compile(r"\s"),
}


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """One name of a project, with its words and all finds of it in text order."""

    name: str
    words: tuple[str, ...]
    finds: tuple[EntityFind, ...]

    @property
    def sure(self) -> float:
        """How likely it is a project's name."""
        return max(find.confidence for find in self.finds)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name without what stands between them."""
    return tuple(_WORD.findall(name)) or (name,)


def of_words(longer: Called, shorter: Called) -> Signs:
    """How the words of the two are to each other."""
    long, short = longer.words, shorter.words
    plain = [_plain("".join(words)) for words in (long, short)]
    digits = [{word for word in words if word.isdigit()} for words in (long, short)]
    (_, first), (_, second) = phase(longer.name), phase(shorter.name)
    signs: Signs = {
        "long_words": float(min(len(long), 8)),
        "short_words": float(min(len(short), 8)),
        "short_letters": float(min(len(plain[1]), 12)),
        "short_held": sum(any(alike(w, v) for v in long) for w in short) / len(short),
        "long_held": sum(any(alike(w, v) for v in short) for w in long) / len(long),
        "first_same": float(long[0] == short[0]),
        "first_alike": float(alike(long[0], short[0])),
        "last_alike": float(alike(long[-1], short[-1])),
        "letters_same": float(plain[0] == plain[1]),
        "letters_open": float(plain[0].startswith(plain[1])),
        "numbers_differ": float(first != second and bool(first) and bool(second)),
        "one_numbered": float(bool(first) != bool(second)),
        "digits_differ": float(digits[0] != digits[1]),
    }
    at = _place(long, short)
    if at is not None:
        signs["inside"] = 1.0
        if at == 0:
            signs["opens"] = 1.0
            signs[f"opens_before_{_beside(longer.name, len(short))}"] = 1.0
        if at + len(short) == len(long):
            signs["closes"] = 1.0
            signs[f"closes_behind_{_beside(longer.name, at)}"] = 1.0
    if len(short) == 1 and len(long) > 1:
        signs.update(_of_acronym(longer, shorter))
    return signs


def _of_acronym(longer: Called, shorter: Called) -> Signs:
    """Is the one word of the shorter name made of the beginnings of the longer one's words?"""
    letters = _plain(shorter.words[0])
    words = tuple(_plain(word) for word in longer.words)
    initials = "".join(word[:1] for word in words)
    if not letters or not initials:
        return {}
    return {
        "is_acronym": float(is_acronym(shorter.name)),
        "initials": float(letters == initials),
        "initials_held": float(letters in initials or initials in letters),
        "beginnings": _share_from(letters, words, within=False),
        "pieces": _share_from(letters, words, within=True),
        "same_initial": float(letters[0] == initials[0]),
    }


@lru_cache(maxsize=5_000)
def _share_from(letters: str, words: tuple[str, ...], *, within: bool) -> float:
    """The share of the letters that open words, one word after the other: ``LUVA``, ``SataMeri``.

    ``within``: letters in a row from within a word count, too.
    """
    spans = [
        (at, behind)
        for at in range(len(letters))
        for behind in range(at + 1, min(len(letters), at + LONGEST) + 1)
    ]
    told = [0] * (len(letters) + 1)  # of the first letters, how many are told
    for word in words:
        before = told if within else list(told)
        for at, behind in spans:
            part = letters[at:behind]
            if word.startswith(part) or (within and behind - at >= PIECE and part in word):
                told[behind] = max(told[behind], before[at] + behind - at)
        for at in range(len(letters)):
            told[at + 1] = max(told[at + 1], told[at])
    return told[-1] / len(letters)


def of_names(longer: Called, shorter: Called) -> Signs:
    """What is known of the two beside their words: other names, kinds, rules, how sure they are."""
    own = [_names(called, aliases=False) for called in (longer, shorter)]
    every = [_names(called, aliases=True) for called in (longer, shorter)]
    stems = [[phase(name) for name in names] for names in own]
    kinds = {called.finds[0].subtype for called in (longer, shorter)}
    sequels = any(a == b and m != n for (a, m), (b, n) in product(*stems))
    shared = bool(own[0] & own[1])
    named_by = fold(longer.name) in every[1] or fold(shorter.name) in every[0]
    signs: Signs = {
        "kinds_differ": float(len(kinds) > 1),
        "programmes": float(kinds == {"programme"}),
        "own_shared": float(shared),
        "named_by": float(named_by),
        "alias_shared": float(bool(every[0] & every[1])),
        "sequels": float(sequels),
        "vote": 0.9 * float((shared or named_by) and not sequels),
    }
    for side, called in (("long", longer), ("short", shorter)):
        signs[f"{side}_sure"] = called.sure
        signs[f"{side}_times"] = float(min(len(called.finds), 5))
        signs[f"{side}_rule_{max(called.finds, key=lambda find: find.confidence).rule}"] = 1.0
    return signs


def _names(called: Called, *, aliases: bool) -> set[str]:
    return {
        fold(name.name)
        for find in called.finds
        for name in find.names
        if aliases or name.kind != "alias"
    }


def of_places(text: str, around: Surroundings, longer: Called, shorter: Called) -> Signs:
    """How the two stand to each other in the text."""
    a, b = min(
        product(longer.finds[:PLACES], shorter.finds[:PLACES]),
        key=lambda pair: abs(pair[0].start - pair[1].start),
    )
    first, second = sorted((a, b), key=lambda find: find.start)
    signs: Signs = {
        "short_first": float(shorter.finds[0].start < longer.finds[0].start),
        "distance": min(max(second.start - first.end, 0) / 200, 5.0),
        "same_sentence": float(around.sentence(a.start) == around.sentence(b.start)),
    }
    gap = text[first.end : second.start]
    if len(gap) <= NEAR:
        signs["near"] = 1.0
        head = _HEAD.match(gap)
        if head is not None and head_of(head["word"]) is not None:
            gap = gap[head.end() :]
        said = next((name for name, form in _BETWEEN.items() if form.match(gap)), "other")
        signs[f"between_{said}"] = 1.0
    for side, called in (("long", longer), ("short", shorter)):
        find = called.finds[0]
        block = around.page.block(find.start)
        if block is not None:
            signs[f"{side}_in_{block.kind}"] = 1.0
            signs[f"{side}_opens"] = float(find.start - block.start < 3)
        for kind in around.kinds(*around.sentence(find.start)) & {*CUES}:
            signs[f"{side}_{kind}"] = 1.0
    signs["both_open"] = signs.get("long_opens", 0.0) * signs.get("short_opens", 0.0)
    return signs


def _place(long: Sequence[str], short: Sequence[str]) -> int | None:
    """At which word of the longer name the shorter one stands, its last word inflected or not."""
    for at in range(len(long) - len(short) + 1):
        part = long[at : at + len(short)]
        if part[:-1] == short[:-1] and alike(part[-1], short[-1]):
            return at
    return None


def _beside(name: str, words: int) -> str:
    """What stands in a name between its first ``words`` words and the next."""
    found = list(_WORD.finditer(name))
    if words >= len(found):
        return "end"
    gap = name[found[words - 1].end() if words else 0 : found[words].start()]
    return next((said for said, form in _BESIDE.items() if form.match(gap)), "other")


@lru_cache(maxsize=50_000)
def alike(one: str, two: str) -> bool:
    """Can the two be forms of one word?"""
    if one == two:
        return True
    least = min(len(one), len(two))
    shared = next((n for n in range(least) if one[n] != two[n]), least)
    return shared >= max(3, least - 2) and not (one.isdigit() or two.isdigit())


@lru_cache(maxsize=20_000)
def _plain(words: str) -> str:
    """Letters and digits, small and without dots: ``VÄ`` → ``va``."""
    return "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if c.isalnum())
