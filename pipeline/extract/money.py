"""Find amounts of money and percentages in Finnish text.

A small grammar over tokens: number, multiplier, currency in the orders that Finnish knows
(``1,2 milj. euroa``, ``350 t€``, ``EUR 12 000``, ``puolitoista miljoonaa euroa``,
``50 000–75 000 €``), and lone numbers behind the money labels of forms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline import lexicon
from pipeline.extract.finds import MoneyFind, PercentFind
from pipeline.extract.money_elliptic import find_elliptic
from pipeline.extract.money_layout import find_in_layout
from pipeline.extract.money_tokens import CASE_ENDING, END, Token, cut_tokens
from pipeline.extract.numerals import read_digits
from pipeline.extract.percent import read_percent
from pipeline.extract.spans import Taken

_UNIT_OF_TABLE = re.compile(
    r"\((?:1[ \u00a0]?000|t|1000)\s?(?:€|eur\w*)\)\s*(?:\t|\||:|$)", re.M | re.I
)
_BEGINNINGS = frozenset({"number", "written", "multiplier", "sign"})  # of an amount
MOST = 1e13  # euros; what is more is no sum but a number that looks like one
_SENTENCE = re.compile(r"[.!?]\s|\n")


class Amount(NamedTuple):
    """A number with its multiplier, read from ``tokens[...:end]``."""

    value: float
    end: int
    plain: float  # before the multiplier
    scaled: bool


def find_money(text: str) -> list[MoneyFind | PercentFind]:
    """Amounts and percentages of ``text`` in order, none crossing another.

    In a range ``amount`` is the upper end. ``approximate``: ``noin``, ``vajaat``, ``yli`` …
    """
    tokens = cut_tokens(text)
    found: list[MoneyFind | PercentFind] = []
    index = 0
    while (token := tokens[index]).kind != "end":
        begins = token.kind in _BEGINNINGS or token.text == "EUR"
        if begins and (money := _money(text, tokens, index)) is not None:
            found.append(money[0])
            index = money[1]
        elif (percents := read_percent(text, tokens, index)) is not None:
            found += percents[0]
            index = percents[1]
        else:
            index += 1
    taken = Taken((find.start, find.end) for find in found)
    found += [find for find in find_in_layout(text) if taken.take(find.start, find.end)]
    found += list(find_elliptic(text, found))
    real = (one for one in found if not isinstance(one, MoneyFind) or one.amount < MOST)
    return sorted(real, key=lambda find: find.start)


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


def _money(text: str, tokens: Sequence[Token], index: int) -> tuple[MoneyFind, int] | None:
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
    high = _upper(tokens, left[2] if left else low.end)
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
    if _UNIT_OF_TABLE.match(text, max(0, token.start - 1)):
        return None
    return _found(text, tokens, index, left[2], low.value * left[0], None, left[1])


def _upper(tokens: Sequence[Token], index: int) -> Amount | None:
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
) -> tuple[MoneyFind, int]:
    start, end = tokens[index].start, tokens[after - 1].end
    suffix = CASE_ENDING.match(text, end)
    if suffix:
        end = suffix.end()
        while tokens[after].kind != "end" and tokens[after].start < end:
            after += 1
    before = tokens[index - 1] if index else END
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
    return find, after


def _unitless(
    text: str, tokens: Sequence[Token], index: int, amount: Amount
) -> tuple[MoneyFind, int] | None:
    """``kaksi miljoonaa`` with no currency, in a sentence about money."""
    if not amount.scaled or tokens[index].kind == "multiplier":
        return None
    follower = tokens[amount.end]
    cues = lexicon.settings("money")["cues"]
    if follower.kind not in ("end", "blank", "other") and (
        follower.text.lower() not in cues["followers"]
    ):
        return None
    start, end = tokens[index].start, tokens[amount.end - 1].end
    left = max((m.end() for m in _SENTENCE.finditer(text, start - 300, start)), default=0)
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
