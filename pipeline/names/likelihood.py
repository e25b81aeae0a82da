"""How likely a string is as the nominative of a name: a suffix model over the listed names."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from pipeline import lexicon
from pipeline.compiled import Table, compiled, content_key, joined, packed, parted
from pipeline.names.entries import family_names, given_names, is_word, last_part, nouns
from pipeline.names.paradigms import Domain

_DEPTH = 6
_LETTERS = 40.0
# Sequences whose probability is kept: enough for a long run, bounded for an endless one.
_REMEMBERED = 60_000
# Shares of the three ways a name comes about: listed, like the listed ones, ends in a listed noun.
_LISTED, _ALIKE, _COMPOUND = 0.4, 0.35, 0.25
# Cost in nats of a compound's first part that is a listed noun.
_NOUN_COST = 8.0
# A noun alone as a name, where the lists of names ought to have it.
_ALONE_COST = 2.5
# How much oftener than any noun one that names use ends a compound.
_USED = 8.0


class SuffixModel:
    """Letters read from the end of a word, each given the (up to five) letters after it.

    Interpolated by Witten-Bell; ``^`` and ``$`` stand for the word's start and end.
    """

    def __init__(self, counts: Mapping[str, str], followed: Mapping[str, str]) -> None:
        """``counts`` of letter sequences, and how many stand before each: in all, and of kinds."""
        self._counts, self._followed = counts, followed
        self._chances: dict[str, float] = {}
        self._logs: dict[str, float] = {}

    def log_probability(self, word: str) -> float:
        """Natural logarithm of the probability of ``word`` (lower case)."""
        padded = f"^{word}$"
        total = 0.0
        for at in range(len(padded) - 1):
            sequence = padded[at : at + _DEPTH]
            value = self._logs.get(sequence)
            if value is None:
                value = math.log(self._chance(sequence))
                if len(self._logs) < _REMEMBERED:
                    self._logs[sequence] = value
            total += value
        return total

    def _chance(self, sequence: str) -> float:
        """Probability of a sequence's first letter before the rest of it."""
        if not sequence:
            return 1.0 / _LETTERS
        known = self._chances.get(sequence)
        if known is None:
            after = sequence[1:]
            known = self._chance(sequence[:-1])
            followed = self._followed.get(after)
            if followed:
                total, kinds = map(int, followed.split())
                known = (int(self._counts.get(sequence, "0")) + kinds * known) / (total + kinds)
            if len(self._chances) < _REMEMBERED:
                self._chances[sequence] = known
        return known


def counted(words: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What a ``SuffixModel`` of ``words`` (lower case) is made of."""
    text = "".join(f"^{word}$" for word in words)
    counts: Counter[str] = Counter()
    for size in range(1, _DEPTH + 1):
        counts.update(text[at : at + size] for at in range(len(text) - size + 1))
    total: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for sequence, count in counts.items():
        total[sequence[1:]] += count
        kinds[sequence[1:]] += 1
    followed = {after: f"{total[after]} {kinds[after]}" for after in total}
    return {sequence: str(count) for sequence, count in counts.items()}, followed


@cache
def _model(domain: Domain) -> SuffixModel:
    key = content_key("compiled.py", "lexicon", "names")
    parts = parted(compiled(f"letters-{domain}", key, lambda: _tables(domain)))
    return SuffixModel(Table(parts["counts"]), Table(parts["followed"]))


def _tables(domain: Domain) -> bytes:
    counts, followed = counted(_words(domain))
    return joined({"counts": packed(counts), "followed": packed(followed)})


def _words(domain: Domain) -> Iterable[str]:
    if domain == "given":
        return given_names()
    if domain == "family":
        return family_names()
    if domain == "place":
        return [*sorted(_places()), *(word for word, n in nouns().items() if "place" in n.uses)]
    return nouns()


@cache
def _places() -> frozenset[str]:
    return frozenset(
        row["name"].lower().rpartition(" ")[2]
        for row in lexicon.table("places")
        if row["name"][-1:].isalpha() and not row["name"].isupper()
    )


@cache
def _ranks(domain: Domain) -> dict[str, int]:
    if domain == "given":
        return given_names()
    if domain == "family":
        return family_names()
    if domain == "place":
        large = {r["name"].lower() for r in lexicon.table("places") if r["code"]}
        return {word: 50 if word in large else 300 for word in _places()}
    return dict.fromkeys(nouns(), 1500)


@cache
def _harmonic(domain: Domain) -> float:
    return sum(1.0 / (rank + 20) for rank in _ranks(domain).values())


@lru_cache(maxsize=16384)
def _first_part_cost(rest: str, domain: Domain) -> float:
    """How unlikely a compound's first part is, in nats: a noun, or what looks like a name."""
    if not rest:
        return 0.0 if domain == "noun" else _ALONE_COST
    by_letters = max(_NOUN_COST + 1.0, -_model(domain).log_probability(rest.rstrip("-")))
    return min(by_letters, _NOUN_COST) if is_word(rest) else by_letters


@cache
def _noun_mass() -> float:
    return sum(_USED if noun.uses - {""} else 1.0 for noun in nouns().values())


def is_listed(word: str, domain: Domain) -> bool:
    """Whether the lexicon lists ``word`` (any case) in a domain."""
    return word.lower() in _ranks(domain)


def log_likelihood(nominative: str, domain: Domain) -> float:
    """Natural logarithm of how likely ``nominative`` is as a name (or noun) of the domain."""
    return _log_likelihood(nominative.lower(), domain)


@lru_cache(maxsize=16384)
def _log_likelihood(word: str, domain: Domain) -> float:
    rank = _ranks(domain).get(word)
    spelt = _model(domain).log_probability(word)
    chance = _ALIKE * math.exp(spelt)
    if rank is not None:
        chance += _LISTED / (rank + 20) / _harmonic(domain)
    if domain != "given":
        part = last_part(word, named=domain in ("family", "place"))
        if part is not None:
            noun, entry = part
            rest = word[: len(word) - len(noun)]
            share = (_USED if entry.uses - {""} else 1.0) / _noun_mass()
            chance += _COMPOUND * share * math.exp(-_first_part_cost(rest, domain))
    # The chance of hundreds of letters is too small for a number, its logarithm is not.
    return math.log(chance) if chance else math.log(_ALIKE) + spelt
