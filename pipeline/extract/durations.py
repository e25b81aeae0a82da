"""Find lengths of time: ``kolmivuotinen``, ``kestää kaksi vuotta``, ``24 kk``, in months."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline import lexicon
from pipeline.extract.finds import DurationFind
from pipeline.extract.numerals import read_digits, read_written
from pipeline.extract.spans import Taken
from pipeline.patterns import Pattern

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_MONTHS = 12 * 20  # longer ones are ages and history


def find_durations(text: str) -> list[DurationFind]:
    """All lengths of time of ``text`` in months, in order, none crossing another.

    Not ages (``70 vuotta täyttänyt``), distances (``vuosi sitten``) or rates (``vuodessa``).
    """
    taken = Taken()
    every = (*_adjectives(text), *_phrases(text), *_single(text))
    found = [find for find in every if taken.take(find.start, find.end)]
    return sorted(found, key=lambda find: find.start)


def _adjectives(text: str) -> Iterator[DurationFind]:
    """``kolmivuotinen``, ``3-vuotiseksi``, ``puolitoistavuotinen``, ``kolmivuotiskausi``."""
    lower = text.lower()
    if not any(stem in lower for stem in _stems()):
        return
    combining: dict[str, float] = lexicon.settings("numerals")["combining"]
    for match in _adjective().finditer(text):
        raw, stem = match["number"].lower().rstrip("-–‑ "), match["stem"].lower()
        number = combining.get(raw)
        if number is None:
            number = read_digits(raw) if raw[0].isdigit() else read_written(raw)
        if number is None:
            continue
        unit = next(
            row["months"]
            for row in lexicon.settings("durations")["adjectives"].values()
            if stem in row["stems"]
        )
        # "kolmivuotias" is an age, "viisivuotisjuhla" a birthday: neither lasts.
        if match["rest"].lower().startswith(("juhl", "syntymä", "päiv")):
            continue
        yield from _find(match.span(), number * unit, "duration-adjective", 0.9)


@cache
def _stems() -> tuple[str, ...]:
    rows = lexicon.settings("durations")["adjectives"].values()
    return tuple(sorted((stem for row in rows for stem in row["stems"]), key=len, reverse=True))


@cache
def _adjective() -> Pattern:
    return Pattern(
        rf"(?<![\w,.–-])(?P<number>\d{{1,2}}(?:,5)?\s?[-–‑]\s?|[^\W\d_]+?-?)"
        rf"(?P<stem>{'|'.join(_stems())})(?P<rest>[^\W\d_]*)",
        re.IGNORECASE,
    )


def _phrases(text: str) -> Iterator[DurationFind]:
    """``kaksi vuotta``, ``puolentoista vuoden``, ``24 kk``, ``2 vuotta 6 kuukautta``."""
    for match in _phrase().finditer(text):
        first, second = _length(match, "one", "unit"), _length(match, "two", "unit2")
        if first is None or not _is_length(text, match):
            continue
        # "kaksi vuotta ensi vuoden alusta": what follows is no more of the length.
        span = match.span() if second is not None else (match.start(), match.end("unit"))
        confidence = 0.9 if _lasting(text, match) else 0.6
        yield from _find(span, first + (second or 0.0), "duration", confidence)


def _length(match: re.Match[str], number: str, unit: str) -> float | None:
    """Months that one number with its unit comes to."""
    value = _number(match[number]) if match[number] is not None else None
    factor = _units().get(match[unit].lower().rstrip(".")) if match[unit] is not None else None
    return value * factor if value is not None and factor is not None else None


def _single(text: str) -> Iterator[DurationFind]:
    """One unit without a number: ``kestää vuoden``, ``kuukauden mittainen``."""
    for match in _lone_unit().finditer(text):
        unit = match["lasting"] or match["extent"]
        span = match.span("lasting") if match["lasting"] else match.span("extent")
        if match["extent"] and _counted(text, span[0]):
            continue
        confidence = 0.8 if match["lasting"] else 0.6
        yield from _find(span, _units()[unit.lower()], "duration-single", confidence)


def _counted(text: str, start: int) -> bool:
    """``yli 25 vuoden ajan``, ``usean vuoden``: the unit belongs to what stands before it."""
    before = re.findall(r"\w+", text[max(0, start - 40) : start])
    if not before:
        return False
    word = before[-1].lower()
    counted = lexicon.settings("durations")["other"]["counted"]
    return word[-1].isdigit() or word in counted or read_written(word) is not None


@cache
def _lone_unit() -> Pattern:
    data = lexicon.settings("durations")
    single = "|".join(data["extent"]["singular"])
    extent = "|".join(word for word in data["extent"]["words"] if word != "aikana")
    return Pattern(
        rf"""\bkest\w+[ \xa0](?:noin[ ])?(?P<lasting>{single})\b
             (?![ \xa0](?:\d|[^\W\d_]+(?:ssa|sta|uun)\b))     # not "vuoden 2024 loppuun"
           | (?<!\w)(?P<extent>{single})[ \xa0](?:{extent})\b""",
        re.IGNORECASE | re.VERBOSE,
    )


@cache
def _units() -> dict[str, float]:
    rows = lexicon.settings("durations")["units"].values()
    return {form: row["months"] for row in rows for form in row["words"] + row["abbreviations"]}


@cache
def _phrase() -> Pattern:
    units = "|".join(sorted(map(re.escape, _units()), key=len, reverse=True))
    number = r"\d{1,3}(?:[.,]\d)?|[^\W\d_]{3,}(?:\sja\spuoli|\sja\spuolen)?"
    return Pattern(
        rf"(?<![\w.,–-])(?P<one>{number})[ \xa0\n](?P<unit>{units})\b"
        rf"(?:[ \xa0](?:ja[ \xa0])?(?P<two>\d{{1,2}}|[^\W\d_]{{3,}})[ \xa0](?P<unit2>{units})\b)?",
        re.IGNORECASE,
    )


def _number(raw: str) -> float | None:
    head, _, half = raw.lower().partition(" ja puol")
    value = read_digits(head) if head[0].isdigit() else read_written(head)
    if value is None:
        return None
    return value + 0.5 if half or " ja puol" in raw.lower() else value


def _is_length(text: str, match: re.Match[str]) -> bool:
    data = lexicon.settings("durations")["other"]
    after = [word.lower() for word in _WORD.findall(text, match.end(), match.end() + 40)[:2]]
    before = [
        word.lower() for word in _WORD.findall(text, max(0, match.start() - 30), match.start())
    ]
    if after and after[0].startswith(tuple(data["stems"])):
        return False
    if before and before[-1] in data["before"]:
        return False
    # "70 vuotta" alone, "yli 65 vuotta": an age more often than a project's length.
    plain = _number(match["one"]) or 0
    return not (plain > 20 and _units()[match["unit"].lower()] == 12 and not _lasting(text, match))


def _lasting(text: str, match: re.Match[str]) -> bool:
    data = lexicon.settings("durations")
    before = text[max(0, match.start() - 30) : match.start()].lower()
    after = _WORD.search(text, match.end(), match.end() + 20)
    if after and after.group().lower() in data["extent"]["words"]:
        return True
    return any(stem in before for stem in data["lasting"]["stems"])


def _find(
    span: tuple[int, int], months: float, rule: str, confidence: float
) -> Iterator[DurationFind]:
    if 0 < months <= _LONGEST_MONTHS:
        start, end = span
        yield DurationFind(
            start=start, end=end, rule=rule, confidence=confidence, months=round(float(months), 2)
        )
