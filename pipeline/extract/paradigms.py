"""All case forms of a name from its principal parts, for matching inflected names in text.

The nominative's other forms are derived from the genitive (weak stem), the illative (strong stem)
and the partitive; words of ``lexicon/paradigms.csv`` give those, also as last part of a compound.
A name that no row covers gets every form it could have: matching can afford to overgenerate.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline import lexicon

VOWELS = "aeiouyåäö"
_WEAK_ENDINGS = {
    "Ine": "ssa",
    "Ela": "sta",
    "Ade": "lla",
    "Abl": "lta",
    "All": "lle",
    "Tra": "ksi",
    "Abe": "tta",
}
_HARMONY = str.maketrans("ao", "äö")


class Form(NamedTuple):
    """One inflected form and what it is: UD case, singular or plural."""

    text: str
    case: str
    plural: bool = False


class Parts(NamedTuple):
    """Principal parts of a noun; empty plural parts mean that the plural is not known."""

    nominative: str
    genitive: str
    partitive: str
    illative: str
    plural_genitive: str = ""
    plural_partitive: str = ""
    plural_inessive: str = ""


@cache
def _rows() -> dict[str, Parts]:
    columns = ("genitive", "partitive", "illative")
    plural = ("plural_genitive", "plural_partitive", "plural_inessive")
    return {
        row["word"]: Parts(row["word"], *(row[name] for name in columns + plural))
        for row in lexicon.table("paradigms")
    }


def base_of(word: str) -> str | None:
    """The longest row of ``paradigms.csv`` that the word equals or ends in, if any."""
    folded = word.casefold()
    for start in range(len(folded) - 1):
        if folded[start:] in _rows():
            return folded[start:]
    return None


def back_harmony(word: str) -> bool:
    """Whether endings take a and o: the last part of the compound decides."""
    last = base_of(word) or word.casefold().replace("–", "-").rpartition("-")[2]
    last = last or word.casefold()
    for letter in reversed(last):
        if letter in "aouäöy":
            return letter in "aou"
    return False


def harmonise(ending: str, back: bool) -> str:
    """The ending with a, o or with ä, ö (``ssa`` → ``ssä``)."""
    return ending if back else ending.translate(_HARMONY)


def strong_stem(illative: str) -> str:
    """The strong vowel stem that an illative shows (``alueeseen`` → ``aluee``)."""
    if illative.endswith("seen") and illative[-5:-4] in VOWELS:
        return illative[:-4]
    if len(illative) > 3 and illative[-3] == "h":
        return illative[:-3]
    return illative[:-2]


def decline(parts: Parts) -> Iterator[Form]:
    """Every case form that the principal parts give, most usual reading first."""
    back = any(letter in "aou" for letter in parts.partitive[-4:]) or parts.partitive.endswith("a")
    strong = strong_stem(parts.illative)
    weak = strong if parts.nominative.endswith("t") else parts.genitive[:-1]  # Saamelaiskäräjät
    yield Form(parts.nominative, "Nom")
    yield Form(parts.genitive, "Gen")
    yield Form(parts.partitive, "Par")
    yield Form(parts.illative, "Ill")
    for case, ending in _WEAK_ENDINGS.items():
        yield Form(weak + harmonise(ending, back), case)
    yield Form(strong + harmonise("na", back), "Ess")
    if parts.plural_partitive:
        yield from _plural(parts, weak, back)


def _plural(parts: Parts, weak: str, back: bool) -> Iterator[Form]:
    yield Form(weak + "t", "Nom", True)
    yield Form(parts.plural_genitive, "Gen", True)
    yield Form(parts.plural_partitive, "Par", True)
    stem = parts.plural_inessive[:-3]
    for case, ending in _WEAK_ENDINGS.items():
        yield Form(stem + harmonise(ending, back), case, True)
    vowel_stem = parts.plural_partitive[:-1]
    if vowel_stem.endswith("j"):
        yield Form(vowel_stem[:-1] + "ihin", "Ill", True)
        yield Form(vowel_stem[:-1] + "ina".translate({} if back else _HARMONY), "Ess", True)
    elif vowel_stem.endswith("it"):
        yield Form(vowel_stem[:-1] + "siin", "Ill", True)
        yield Form(vowel_stem[:-1] + "hin", "Ill", True)
        yield Form(vowel_stem[:-1] + harmonise("na", back), "Ess", True)
    elif vowel_stem.endswith("i"):
        yield Form(vowel_stem + "in", "Ill", True)
        yield Form(vowel_stem + harmonise("na", back), "Ess", True)
    # An alternative genitive of the same stem: yhdistyksien, keskuksien.
    if vowel_stem.endswith("i"):
        yield Form(vowel_stem + "en", "Gen", True)


def _generic(word: str, genitive: str | None) -> Iterator[Parts]:
    """Principal parts of a name that no row covers: all that its ending allows."""
    back = back_harmony(word)
    a = harmonise("a", back)
    if genitive and word.endswith("t"):
        yield from _plural_name(word, genitive, a)
        return
    if word.endswith("nen") and (genitive is None or genitive.endswith("sen")):
        stem = word[:-3] + "s"
        yield Parts(word, stem + "en", stem + "t" + a, stem + "een")
        return
    if word.endswith("nen") and genitive:  # a plural: Huittinen, Huittisten, Huittisissa
        stem = word[:-3] + "si"
        yield Parts(word, genitive, stem + a, stem + "in")
        yield Parts(word, stem + "n", stem + a, stem + "in")
        return
    last = word[-1:].casefold()
    if last not in VOWELS:
        yield from _consonant_stem(word, genitive, a)
        return
    strong = genitive[:-1] if genitive and word.endswith("e") else word
    if genitive and genitive.endswith("en") and last == "i":
        strong = word[:-1] + "e"
    weak_genitive = genitive or word + "n"
    lowered = strong.casefold()
    if lowered[-2:-1] == lowered[-1:]:
        partitive = word + ("tt" if last == "e" and strong != word else "t") + a
        yield Parts(word, weak_genitive, partitive, strong + "seen")
        yield Parts(word, weak_genitive, word + "t" + a, strong + "h" + lowered[-1] + "n")
        return
    if last == "e" and genitive is None:
        yield Parts(word, word + "en", word + "tt" + a, word + "eseen")
    if len(lowered) > 1 and lowered[-2] in VOWELS:
        yield Parts(word, weak_genitive, strong + "t" + a, strong + lowered[-1] + "n")
    yield Parts(word, weak_genitive, strong + a, strong + lowered[-1] + "n")


def _plural_name(word: str, genitive: str, a: str) -> Iterator[Parts]:
    """A name that is a plural (``Virrat``): its cases are those of the plural."""
    stem = word[:-1]
    for end in ("o", "") if stem[-1:] in "aä" else ("",):
        plural = (stem[:-1] + end if stem[-1:] in "aäei" else stem) + "i"
        yield Parts(word, genitive, plural.removesuffix("i") + "j" + a, plural + "hin")
        yield Parts(word, plural + "n", plural + a, plural + "in")


def _consonant_stem(word: str, genitive: str | None, a: str) -> Iterator[Parts]:
    if genitive and not genitive.endswith("in"):
        strong = genitive[:-1]
        ill = strong + "seen" if strong[-2:-1] == strong[-1:] else strong + strong[-1] + "n"
        if genitive.endswith("den"):
            ill = strong[:-2] + "teen"
        partitive = word[:-1] + "tt" + a if genitive.endswith("den") else word + "t" + a
        yield Parts(word, genitive, partitive, ill)
        return
    yield Parts(word, word + "in", word + "i" + a, word + "iin")
    if genitive is None and word[-1:] == "s" and word[-2:-1] in "uyoöi":
        yield Parts(word, word[:-1] + "ksen", word + "t" + a, word[:-1] + "kseen")


@cache
def forms(word: str, genitive: str | None = None) -> tuple[Form, ...]:
    """Every form of one word; ``genitive`` where the data gives it (``Pohde``, ``Pohteen``)."""
    base = base_of(word)
    if base is not None and genitive:
        regular = word[: len(word) - len(base)] + _rows()[base].genitive
        if genitive.casefold() != regular.casefold():
            base = None
    found: list[Form] = []
    if base is not None:
        kept = word[: len(word) - len(base)]
        end = word[len(kept) :]
        for form in decline(_rows()[base]):
            text = form.text
            if end[:1].isupper():
                text = (
                    text.upper() if end.isupper() and len(end) > 1 else text[:1].upper() + text[1:]
                )
            found.append(Form(kept + text, form.case, form.plural))
    else:
        for parts in _generic(word, genitive or None):
            found.extend(decline(parts))
    return tuple(dict.fromkeys(found))
