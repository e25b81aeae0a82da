"""Words set in capitals as running text writes them, so that the rules for bodies can read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.extract.gazetteer import Word, colon_case
from pipeline.extract.gazetteer import word as make_word
from pipeline.extract.organisations.heads import head_of, legal_forms
from pipeline.extract.organisations.scene import Scene

_SMALL = frozenset({"ja", "sekä", "tai", "och"})


def in_plain_case(scene: Scene) -> Scene:
    """The runs of words in capitals alone: ``IMATRAN KAUPUNKI`` reads ``Imatran kaupunki``.

    Characters stay where they are.
    """
    text = list(scene.text)
    words: list[Word] = []
    blocked: list[bool] = []
    for run in _runs(scene.words):
        for at in run:
            word = scene.words[at]
            first = at == run.start
            plain = _plain(word.text, first)
            if len(plain) != len(word.text):  # "İ" is two characters in small letters
                plain = word.text
            text[word.start : word.end] = plain
            before = "\n" if first else word.before
            words.append(make_word(word.start, word.end, plain, before))
            blocked.append(scene.blocked[at])
    return Scene("".join(text), words, blocked)


def _runs(words: Sequence[Word]) -> Iterator[range]:
    """Two words or more on one line that have no small letter."""
    first = 0
    for at in range(len(words) + 1):
        inside = at < len(words) and words[at].text.isupper()
        if inside and at > first and "\n" not in words[at].before:
            continue
        if at - first > 1:
            yield range(first, at)
        first = at if inside else at + 1


@cache
def _legal() -> dict[str, str]:
    return {form.upper(): form for form in reversed(legal_forms())}  # the usual way stands first


def _plain(word: str, first: bool) -> str:
    """One word in small letters; all but a head behind others keep the first letter."""
    stem, case = colon_case(word)
    if stem in _legal():
        return _legal()[stem] + (word[len(stem) :].lower() if case else "")
    small = word.lower()
    head = head_of(small)
    if small in _SMALL or (head is not None and not head.prefix and not first):
        return small
    return "-".join(part.capitalize() for part in word.split("-"))
