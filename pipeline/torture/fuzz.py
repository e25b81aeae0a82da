"""Texts at random, thrown at repair, dates, money, pages and feeds: what must hold of any text."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf

import ftfy.bad_codecs  # noqa: F401  registers the sloppy code pages

from pipeline.extract.finds import MoneyFind
from pipeline.read.decode import NotText
from pipeline.read.feeds import csv_rows, jsonl_rows, row_post
from pipeline.read.html import page_text, read_html
from pipeline.records import Unreadable
from pipeline.repair import repair, replay
from pipeline.repair.misreadings import CODE_PAGES
from pipeline.torture.hostile import BETWEEN, PIECES
from pipeline.torture.pages import page

KEPT = 5  # failures shown of each kind
_LETTERS = "aäöåeinstlkmo"
_MARKS = (
    " ", "  ", "\n", "\n\n", "\r\n", "\t", "-", "–", "„", "”", "‰", "ˆ", "Š", "š", "Ã", "Â", "â",
    "¤", "&", "&amp;", "&#228;", "&auml;", "<b>", "<br>", "\\u00e4", "=C3=A4", "=E4", "=\n", "?",
    "\ufffd",
    "\u00ad", "\u200b", "\u0308", "¨", "˚", "{", "|", "}", "[", "\\", "]", "\x85", "\x96", "\x0b",
    "1.1.2024", "²", "½", "12 000 €", "50 %", "kevät", "vuonna ", "milj. ", "00", ".", ",", ":",
    "(",
)  # fmt: skip


@dataclass(slots=True)
class Fuzzed:
    """How many cases of a kind were tried, in how many seconds, and those that failed."""

    cases: int = 0
    seconds: float = 0.0
    failed: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, failure: str | None) -> None:
        """Count a case; ``failure`` says what is wrong with it, ``None`` that nothing is."""
        if failure is not None:
            self.failed += 1
            self.failures += [f"{self.cases}: {failure}"][: KEPT - len(self.failures)]
        self.cases += 1


def text(chance: random.Random) -> str:
    """A text as nobody writes it: words, marks, pieces of hostile texts, read as a code page."""
    parts = []
    for _ in range(chance.randrange(1, 30)):
        draw = chance.random()
        if draw < 0.45:
            parts.append("".join(chance.choices(_LETTERS, k=chance.randrange(1, 9))))
        elif draw < 0.8:
            parts.append(chance.choice(_MARKS))
        elif draw < 0.9:
            parts.append(chance.choice(_PIECES) * chance.randrange(1, 4))
        else:
            parts.append(chr(chance.randrange(1, 0x2100)))
    whole = "".join(parts)
    if chance.random() < 0.2:
        whole = _misread(chance, whole)
    return whole


_PIECES = (*PIECES.values(), *(piece for _, piece, _ in BETWEEN.values()))


def _misread(chance: random.Random, whole: str) -> str:
    written = chance.choice(("utf-8", "cp850", "mac_roman", "sloppy-windows-1252"))
    read = chance.choice(CODE_PAGES)
    return whole.encode(written, errors="replace").decode(read, errors="replace")


def repair_holds(chance: random.Random) -> str | None:
    """What is wrong with a repair: not replayable, or not idempotent; ``None`` when it is right."""
    raw = text(chance)
    repaired = repair(raw)
    if replay(raw, repaired.edits) != repaired.text:
        return f"not replayable: {raw!r}"
    if repair(repaired.text).text != repaired.text:
        return f"not idempotent: {raw!r}"
    return None


def dates_hold(chance: random.Random) -> str | None:
    """Whether each date stands where it says, and ends no earlier than it begins."""
    from pipeline.extract.dates import find_dates

    raw = text(chance)
    for found in find_dates(raw, None):
        if not 0 <= found.start < found.end <= len(raw):
            return f"outside the text: {raw!r}"
        if found.first and found.last and found.last < found.first:
            return f"backwards: {raw!r}"
    return None


def money_holds(chance: random.Random) -> str | None:
    """Whether each amount stands where it says and is no negative or endless number."""
    from pipeline.extract.money import find_money

    raw = text(chance)
    for found in find_money(raw):
        if not 0 <= found.start < found.end <= len(raw):
            return f"outside the text: {raw!r}"
        value = found.amount if isinstance(found, MoneyFind) else found.percent
        if not 0 <= value < inf:
            return f"no amount: {raw!r}"
    return None


def pages_hold(chance: random.Random) -> str | None:
    """Whether a page ends as text or in the one error it may."""
    raw = page(chance)
    with suppress(NotText):
        read_html("a.html", raw.encode("utf-8", errors="surrogatepass"))
    page_text(raw)
    return None


def feeds_hold(chance: random.Random) -> str | None:
    """Whether a feed ends, each row as a post or as one that says what is wrong with it."""
    try:
        if chance.random() < 0.5:
            rows = [json.dumps({"id": chance.randrange(3), "text": text(chance)}) for _ in range(3)]
            rows[1] = _spoilt(chance, rows[1])
            found = jsonl_rows("a.jsonl", "\n".join(rows).encode("utf-8", errors="replace"))
        else:
            raw = "id,text\n" + _spoilt(chance, f'1,"{text(chance)}"\n2,"b"\n')
            found = csv_rows("a.csv", raw.encode("utf-8", errors="replace"))
        names = [row.source for row in found if isinstance(row, Unreadable) or row_post(row)]
    except NotText:
        return None
    return None if len(set(names)) == len(names) else f"one name twice: {names}"


def _spoilt(chance: random.Random, raw: str) -> str:
    at = chance.randrange(len(raw))
    return raw[:at] + chance.choice(('"', "\\", "\0", "{", "\r", "[", "")) + raw[at + 1 :]


KINDS: dict[str, Callable[[random.Random], str | None]] = {
    "repair": repair_holds,
    "dates": dates_hold,
    "money": money_holds,
    "pages": pages_hold,
    "feeds": feeds_hold,
}


def fuzz(kind: str, seed: int, seconds: float, most: int) -> Fuzzed:
    """Try ``most`` cases of one kind, each drawn from the seed and its number.

    It ends earlier where ``seconds`` are over.
    """
    holds = KINDS[kind]
    tried = Fuzzed()
    started = time.perf_counter()
    for number in range(most):
        if time.perf_counter() - started > seconds:
            break
        try:
            failure = holds(random.Random(f"{kind} {seed} {number}"))
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"
        tried.add(failure)
    tried.seconds = time.perf_counter() - started
    return tried
