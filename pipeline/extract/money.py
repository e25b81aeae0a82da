"""Find amounts of money and percentages in Finnish text.

A small grammar over tokens: number, multiplier, currency in the orders that Finnish knows
(``1,2 milj. euroa``, ``350 t€``, ``EUR 12 000``, ``puolitoista miljoonaa euroa``,
``50 000–75 000 €``), and lone numbers behind the money labels of forms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from pipeline import lexicon
from pipeline.extract.finds import MoneyFind, PercentFind
from pipeline.extract.money_words import glued, signs, vocabulary
from pipeline.extract.numerals import DIGITS, GROUP_SPACES, read_digits, read_written

_TOKEN = re.compile(
    rf"""
    (?P<number>(?<![\w%])(?<!\d[.,]){DIGITS})
  | (?P<word>  [^\W\d_]+(?:-(?=prosentti)[^\W\d_]+)? )
  | (?P<sign>  [€$£%] )
  | (?P<dash>  [–—‑-] )
  | (?P<blank> \n\s*\n )
  | (?P<other> [^\s{GROUP_SPACES}] )
    """,
    re.VERBOSE,
)
_SUFFIX = re.compile(r":[a-zåäö]{1,5}\b")  # "€:n", "%:lla"
_SENTENCE = re.compile(r"[.!?]\s|\n")


class Token(NamedTuple):
    """A piece of text; ``value`` is a factor, a currency code or the written number."""

    kind: str
    start: int
    end: int
    text: str
    value: Any = None


class Amount(NamedTuple):
    """A number with its multiplier, read from ``tokens[...:end]``."""

    value: float
    end: int
    plain: float  # before the multiplier
    scaled: bool


_END = Token("end", -1, -1, "")


def find_money(text: str) -> list[MoneyFind | PercentFind]:
    """Amounts and percentages of ``text`` in order, none crossing another.

    In a range ``amount`` is the upper end. ``approximate``: ``noin``, ``vajaat``, ``yli`` …
    """
    tokens = _tokens(text)
    found: list[MoneyFind | PercentFind] = []
    index = 0
    while tokens[index].kind != "end":
        read = _money(text, tokens, index) or _percent(text, tokens, index)
        if read is None:
            index += 1
            continue
        finds, index = read
        found += finds
    return sorted([*found, *_labelled(text, found)], key=lambda find: find.start)


def _tokens(text: str) -> list[Token]:
    words, joined = vocabulary(), glued()
    found = []
    for match in _TOKEN.finditer(text):
        kind, raw, (start, end) = match.lastgroup or "other", match.group(), match.span()
        value: Any = signs().get(raw) if kind == "sign" else None
        if kind == "word":
            known = joined.get(raw) or words.get(raw.lower())
            if known:
                kind, value = known
            elif (number := read_written(raw)) is not None:
                kind, value = "written", number
        found.append(Token(kind, start, end, raw, value))
    return found + [_END] * 6


def _number(tokens: Sequence[Token], index: int) -> Amount | None:
    """A number with its multiplier: ``1,2 milj.``, ``kaksi ja puoli miljoonaa``, ``sata``."""
    token, after = tokens[index], index + 1
    if token.kind == "multiplier":
        return Amount(float(token.value), after, 1, True)
    if token.kind == "number":
        if re.match(r"0\d", token.text):
            return None  # the end of a number that a line break cut
        follows = tokens[after].kind in ("multiplier", "short_multiplier", "glued")
        value = read_digits(token.text, scaled=follows)
    elif token.kind == "written":
        value = token.value
    else:
        return None
    if tokens[after].kind == "and" and tokens[after + 1].value == 0.5:  # "kaksi ja puoli"
        value, after = value + 0.5, after + 2
    plain, scaled = value, False
    while tokens[after].kind in ("multiplier", "short_multiplier"):
        short = tokens[after].kind == "short_multiplier"
        beyond = after + 1 + (short and tokens[after + 1].text == ".")
        if short and tokens[beyond].kind not in ("currency", "sign"):
            break  # "5 m" is metres
        value, after, scaled = value * tokens[after].value, beyond, True
    return Amount(value, after, plain, scaled)


def _currency(tokens: Sequence[Token], index: int, amount: Amount) -> tuple[float, str, int] | None:
    """What follows the number: factor, ISO code and position behind."""
    token = tokens[index]
    if token.kind == "country" and tokens[index + 1].kind == "currency":
        return 1, token.value, index + 2
    if token.kind == "currency" or (token.kind == "sign" and token.value):
        return 1, token.value, index + 1
    if token.kind == "glued" and not _year_like(amount):
        return token.value, "EUR", index + 1
    if token.text in ("e", "E"):  # "75 000 e", "100e"
        before = tokens[index - 1]
        if " " in before.text or "\xa0" in before.text or before.end == token.start:
            return 1, "EUR", index + 1
    if token.text == "," and tokens[index + 1].kind == "dash":  # "12 000,-"
        dash, before = tokens[index + 1], tokens[index - 1]
        if before.end == token.start and token.end == dash.start:
            return 1, "EUR", index + 2
    return None


def _year_like(amount: Amount) -> bool:
    return not amount.scaled and 1900 <= amount.plain <= 2099


def _money(
    text: str, tokens: Sequence[Token], index: int
) -> tuple[list[MoneyFind | PercentFind], int] | None:
    token = tokens[index]
    if (token.kind == "sign" and token.value) or token.text == "EUR":
        amount = _number(tokens, index + 1)
        if amount is None or tokens[index + 1].kind != "number":
            return None
        if _currency(tokens, amount.end, amount):
            return None  # "EUR 12 000 €": the sign belongs to what stands before
        return _found(text, tokens, index, amount.end, amount.value, None, token.value)
    low = _number(tokens, index)
    if low is None or (index and tokens[index - 1].kind == "vague"):
        return None
    left = _currency(tokens, low.end, low)
    high = _upper(tokens, left[2] if left else low.end, low)
    if high is not None:
        right = _currency(tokens, high.end, high)
        if right is not None:
            factor, code, after = right
            after += tokens[after].kind == "between"
            top = high.value * factor
            bottom = low.value * left[0] if left else _lower_end(low, high, factor)
            if bottom <= top:
                return _found(text, tokens, index, after, top, bottom, code)
    if left is None:
        return _unitless(text, tokens, index, low)
    return _found(text, tokens, index, left[2], low.value * left[0], None, left[1])


def _upper(tokens: Sequence[Token], index: int, low: Amount) -> Amount | None:
    """The second number of ``50 000–75 000`` or ``50 000 ja 75 000 euron välillä``."""
    joint = tokens[index]
    if joint.kind == "dash" and tokens[index - 1].text != ",":
        return _number(tokens, index + 1)
    if joint.kind == "and":
        high = _number(tokens, index + 1)
        if high and any(token.kind == "between" for token in tokens[high.end : high.end + 3]):
            return high
    return None


def _lower_end(low: Amount, high: Amount, factor: float) -> float:
    """``1–2 miljoonaa`` gives both ends the multiplier, ``5–10 000`` the thousands."""
    value = low.value
    if not low.scaled:
        if high.scaled and low.value < high.plain:
            value = low.value * (high.value / high.plain)
        elif not high.scaled and high.plain % 1000 == 0 and 1 <= low.value < high.plain / 1000:
            value = low.value * 1000
    return value * factor


def _found(
    text: str,
    tokens: Sequence[Token],
    index: int,
    after: int,
    amount: float,
    low: float | None,
    code: str,
    *,
    rule: str = "amount",
    confidence: float = 0.95,
) -> tuple[list[MoneyFind | PercentFind], int]:
    start, end = tokens[index].start, tokens[after - 1].end
    suffix = _SUFFIX.match(text, end)
    if suffix:
        end = suffix.end()
        while tokens[after].kind != "end" and tokens[after].start < end:
            after += 1
    before = tokens[index - 1] if index else _END
    if before.text == "." and index > 1:
        before = tokens[index - 2]
    find = MoneyFind(
        start=start,
        end=end,
        rule=rule if low is None else "amount-range",
        confidence=confidence,
        amount=round(amount, 2),
        currency=code,
        low=round(amount if low is None else low, 2),
        high=round(amount, 2),
        approximate=before.kind == "approximate",
    )
    return [find], after


def _unitless(
    text: str, tokens: Sequence[Token], index: int, amount: Amount
) -> tuple[list[MoneyFind | PercentFind], int] | None:
    """``kaksi miljoonaa`` with no currency, in a sentence about money."""
    if not amount.scaled or amount.value < 1_000_000 or tokens[index].kind == "multiplier":
        return None
    follower = tokens[amount.end]
    cues = lexicon.settings("money")["cues"]
    if follower.kind not in ("end", "blank", "other") and (
        follower.text.lower() not in cues["followers"]
    ):
        return None
    start, end = tokens[index].start, tokens[amount.end - 1].end
    left = max((m.end() for m in _SENTENCE.finditer(text, max(0, start - 300), start)), default=0)
    right = _SENTENCE.search(text, end)
    sentence = text[left : right.start() if right else len(text)].lower()
    if not any(stem in sentence for stem in cues["stems"]):
        return None
    return _found(
        text,
        tokens,
        index,
        amount.end,
        amount.value,
        None,
        "EUR",
        rule="amount-without-unit",
        confidence=0.6,
    )


def _percent(
    text: str, tokens: Sequence[Token], index: int
) -> tuple[list[MoneyFind | PercentFind], int] | None:
    """``80 %``, ``12,5 %:n``, ``70-prosenttinen``, ``kahdeksankymmentä prosenttia``."""
    token = tokens[index]
    if token.kind == "word" and (joined := _joined_percent(token)):
        return [joined], index + 1
    if token.kind not in ("number", "written"):
        return None
    value = read_digits(token.text) if token.kind == "number" else token.value
    after = index + 1
    if tokens[after].kind == "dash" and tokens[after + 1].kind in ("number", "written"):
        rest = _percent(text, tokens, after + 1)
        if rest is None or not isinstance(rest[0][0], PercentFind):
            return None
        lower = _percent_find(token.start, token.end, value, "percent-range")
        return [lower, *rest[0]], rest[1]
    if tokens[after].kind == "dash" and _is_adjective(tokens[after + 1].text):
        after += 1
    unit = tokens[after]
    if unit.text != "%" and unit.kind != "percent" and not _is_adjective(unit.text):
        return None
    end, after = unit.end, after + 1
    if tokens[after].kind == "dash" and tokens[after + 1].text.lower().startswith("yksik"):
        return None
    if suffix := _SUFFIX.match(text, end):
        end = suffix.end()
    return [_percent_find(token.start, end, value, "percent")], after


def _joined_percent(token: Token) -> PercentFind | None:
    """``sataprosenttinen``, ``kahdeksankymmentä-prosenttinen``."""
    stem = lexicon.settings("money")["percent"]["adjective"]
    head, found, tail = token.text.lower().partition(stem)
    value = read_written(head.rstrip("-")) if found and tail[:1] in ("n", "s") else None
    return _percent_find(token.start, token.end, value, "percent") if value else None


def _is_adjective(word: str) -> bool:
    stem = lexicon.settings("money")["percent"]["adjective"]
    return word.lower().startswith((stem + "nen", stem + "s"))


def _percent_find(start: int, end: int, value: float, rule: str) -> PercentFind:
    return PercentFind(start=start, end=end, rule=rule, confidence=0.95, percent=round(value, 4))


@cache
def _label() -> re.Pattern[str]:
    """``Kokonaiskustannukset: 786 500`` or the number alone on the next line."""
    stems = sorted(lexicon.settings("money")["labels"]["stems"], key=len, reverse=True)
    return re.compile(
        rf"""^[^\S\n]*[^\n:]{{0,60}}?\b(?:{"|".join(map(re.escape, stems))})[^\n:]{{0,60}}
             (?: :[^\S\n]* | :?[^\S\n]*\n\s* )
             (?P<number>{DIGITS})[^\S\n]*$""",
        re.VERBOSE | re.IGNORECASE | re.MULTILINE,
    )


def _labelled(text: str, found: Sequence[MoneyFind | PercentFind]) -> list[MoneyFind]:
    finds = []
    for match in _label().finditer(text):
        start, end = match.span("number")
        amount = read_digits(match["number"])
        plain_year = re.fullmatch(r"(?:19|20)\d\d", match["number"])
        taken = any(find.start < end and start < find.end for find in found)
        if amount >= 1000 and not plain_year and not taken:
            finds.append(
                MoneyFind(
                    start=start,
                    end=end,
                    rule="labelled-amount",
                    confidence=0.8,
                    amount=round(amount, 2),
                    currency="EUR",
                    low=round(amount, 2),
                    high=round(amount, 2),
                )
            )
    return finds
