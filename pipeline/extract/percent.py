"""Read percentages from the tokens of ``money_tokens``: ``80 %``, ``70-prosenttinen``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline import lexicon
from pipeline.extract.finds import PercentFind
from pipeline.extract.money_tokens import CASE_ENDING, Token
from pipeline.extract.numerals import read_digits, read_written

_MOST_PARTS = 9  # of a range: "10–20–30 %"


def read_percent(
    text: str, tokens: Sequence[Token], index: int
) -> tuple[list[PercentFind], int] | None:
    """``80 %``, ``12,5 %:n``, ``70-prosenttinen``, ``kahdeksankymmentä prosenttia``."""
    token = tokens[index]
    if token.kind == "word" and (joined := _joined_percent(token.text)):
        return [_percent_find(token.start, token.end, joined, "percent")], index + 1
    if token.kind not in ("number", "written"):
        return None
    lower: list[PercentFind] = []
    while (
        tokens[index + 1].kind == "dash"
        and tokens[index + 2].kind in ("number", "written")
        and len(lower) < _MOST_PARTS
    ):
        lower.append(_percent_find(token.start, token.end, _value(token), "percent-range"))
        index += 2
        token = tokens[index]
    after = index + 1
    if tokens[after].kind == "dash" and _is_adjective(tokens[after + 1].text):
        after += 1
    unit = tokens[after]
    if unit.text != "%" and unit.kind != "percent" and not _is_adjective(unit.text):
        return None
    end, after = unit.end, after + 1
    if tokens[after].kind == "dash" and tokens[after + 1].text.lower().startswith("yksik"):
        return None
    if suffix := CASE_ENDING.match(text, end):
        end = suffix.end()
    return [*lower, _percent_find(token.start, end, _value(token), "percent")], after


def _value(token: Token) -> float:
    return read_digits(token.text) if token.kind == "number" else token.value


@lru_cache(maxsize=50_000)
def _joined_percent(word: str) -> float | None:
    """``sataprosenttinen``, ``kahdeksankymmentä-prosenttinen``."""
    stem = lexicon.settings("money")["percent"]["adjective"]
    head, found, tail = word.lower().partition(stem)
    return read_written(head.rstrip("-")) if found and tail[:1] in ("n", "s") else None


def _is_adjective(word: str) -> bool:
    stem = lexicon.settings("money")["percent"]["adjective"]
    return word.lower().startswith((stem + "nen", stem + "s"))


def _percent_find(start: int, end: int, value: float, rule: str) -> PercentFind:
    return PercentFind(start=start, end=end, rule=rule, confidence=0.95, percent=round(value, 4))
