"""Finnish sounds: vowel harmony and the gradation of consonants (kk:k, t:d, nt:nn …)."""

from __future__ import annotations

import re

VOWELS = "aeiouyäöåéáíóúýèàüøæêâ"

# Strong cluster -> weak one, for the consonants before the last vowels of a stem.
_WEAKEN = {
    "kk": "k", "pp": "p", "tt": "t", "gg": "g", "bb": "b",
    "nk": "ng", "mp": "mm", "nt": "nn", "lt": "ll", "rt": "rr",
    "ht": "hd", "lp": "lv", "rp": "rv", "hk": "h", "lk": "l", "rk": "r",
    "p": "v", "t": "d", "k": "",
}  # fmt: skip
# Clusters that look gradable by their last letter and aren't.
_STABLE = tuple("sk tk st sp ts ks ps tr ck ct pt kt ft dt ngk".split())  # noqa: SIM905
_ROUNDED = ("u", "y")


def is_back(word: str, default: bool = False) -> bool:
    """Whether a word takes back vowels in its endings (-ssa, not -ssä), by its last such vowel."""
    for letter in reversed(word.lower()):
        if letter in "aouåáóú":
            return True
        if letter in "äöyøæü":
            return False
    return default


def harmonise(template: str, back: bool) -> str:
    """Write the archiphonemes ``A O U`` of an ending as a o u or ä ö y."""
    return template.translate(_BACK if back else _FRONT)


_BACK = str.maketrans("AOU", "aou")
_FRONT = str.maketrans("AOU", "äöy")


def gradable(root: str) -> str | None:
    """The strong consonants that ``root`` (a stem without its last vowels) ends in, if they grade.

    ``Virt`` -> ``rt``; ``Kosk`` -> ``None``.
    """
    low = root.lower()
    if low.endswith(_STABLE):
        return None
    for size in (2, 1):
        cluster = low[-size:]
        if len(cluster) == size and cluster in _WEAKEN:
            if size == 1 and not (len(low) > 1 and low[-2] in VOWELS):
                return None
            if cluster in ("k", "p", "t") and len(low) < 2:
                return None
            return cluster
    return None


def weaken(root: str, following: str) -> str | None:
    """``root`` with its last consonants weakened before the vowels ``following``, if they grade.

    ``Virt``, ``a`` -> ``Virr``; ``kylk``, ``e`` -> ``kylj``; ``puk``, ``u`` -> ``puv``.
    """
    cluster = gradable(root)
    if cluster is None:
        return None
    kept = root[: len(root) - len(cluster)]
    if cluster in ("lk", "rk", "hk") and following[:1] in ("e",):
        return kept + cluster[0] + "j"
    if cluster == "k" and kept:
        before, after = kept[-1].lower(), following[:1]
        if before == after and before in _ROUNDED and kept[-2:-1].lower() not in VOWELS:
            return kept + "v"
        if before == after and kept[-2:-1].lower() in VOWELS and kept[-2:-1] != "":
            return kept + "'"
    return kept + _WEAKEN[cluster]


# Weak cluster -> the strong ones it may come from, with those that depend on the vowels around.
_IRREGULAR = {"lj": "lk", "rj": "rk", "hj": "hk", "v": "k", "'": "k"}
_STRENGTHEN: dict[str, tuple[str, ...]] = {}
for _strong, _weak in [*_WEAKEN.items(), *((s, w) for w, s in _IRREGULAR.items())]:
    _STRENGTHEN[_weak] = (*_STRENGTHEN.get(_weak, ()), _strong)


def strengthen(root: str, following: str) -> list[str]:
    """All roots that :func:`weaken` would turn into ``root`` before ``following``."""
    plain = root.replace("’", "'")
    found = []
    for size in (2, 1, 0):
        weak = plain[len(plain) - size :].lower()
        if len(weak) < size:
            continue
        for strong in _STRENGTHEN.get(weak, ()):
            candidate = plain[: len(plain) - size] + strong
            if weaken(candidate, following) == plain:
                found.append(candidate)
    return found


_FOREIGN = re.compile(
    rf"""
      [bcfqwxzåšž] | (?<!n)g | (?<!h)d      # letters of loans
    | ^[^{VOWELS}]{{2}} | [^{VOWELS}]{{4}}  # clusters at the start, long ones anywhere
    | [sz]h | th | ph | [^{VOWELS}][jv]$
    """,
    re.VERBOSE,
)


def looks_foreign(root: str) -> bool:
    """Whether a root has letters or clusters that native Finnish names don't have."""
    return _FOREIGN.search(root.lower()) is not None


def syllable_nuclei(word: str) -> int:
    """How many groups of vowels a word has: a rough count of its syllables."""
    return len(re.findall(rf"[{VOWELS}]+", word.lower()))
