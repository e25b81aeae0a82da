"""Hard line breaks: a paragraph cut into lines of similar length becomes one line again.

A break is undone only where the text shows that its lines were filled up to some width: the next
line's first word would not have fitted, and most lines go on in the middle of a sentence. Form
lines, lists, headings and addresses are shorter than that or begin with a capital, and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline.lexicon import settings
from pipeline.repair.changes import Change
from pipeline.repair.hyphens import glue, is_head

_NARROWEST, _WIDEST = 40, 120  # characters: widths that texts are wrapped to
_LOOSE, _TIGHT = 0.85, 0.93  # part of the width a line must fill; loose where many lines agree
_MANY = 4  # breaks that agree
_SURE = 3  # breaks that prove a text wrapped all through
_SHORT_LABEL = 40

_LABEL = re.compile(r"[A-ZÄÖÅ][^:.!?]{1,60}:(?:\s|$)")
_NUMBERED = re.compile(r"(?:\d{1,2}|[a-zA-Z])[.)]\s|\(\d{1,2}\)\s")
_CONTACT_END = re.compile(r"(?:\S@\S+|\(at\)\S+|www\.\S+|https?://\S+|\d[\d ()+-]{5,}\d)$")
_DIVIDED = re.compile(r"[^\W_]{2}-\n[^\W_]|\d[–-]\n\d")


@dataclass(frozen=True)
class _Line:
    start: int  # of its first character that is no white space
    end: int  # after its last such character
    text: str
    indent: int

    @property
    def begins_lower(self) -> bool:
        first = self.text.lstrip('-–(”"’')[:1]
        return first.islower()


@cache
def _bullet() -> re.Pattern[str]:
    marks = "|".join(map(re.escape, settings("line_breaks")["bullets"]))
    return re.compile(rf"(?:{marks})\s")


def line_breaks(text: str) -> list[Change]:
    """Join the lines of hard-wrapped paragraphs, mending words divided at a line's end."""
    if not re.search(r"\S[ \t]*\n[ \t]*\S", text):
        return []
    units = [unit for block in _blocks(text) for unit in _units(block)]
    proven = [run for unit in units for run in _wrapped_runs(unit)]
    width = max((_width(run) for run in proven), default=0)
    sure = sum(len(run) - 1 for run in proven) >= _SURE
    breaks = {pair for run in proven for pair in pairwise(run)}
    for unit in units:
        breaks |= set(_breaks_within(unit, width, sure=sure))
    return sorted(_joined(line, following, text) for line, following in breaks)


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Lines that no blank line parts."""
    block: list[_Line] = []
    offset = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            indent = len(raw) - len(raw.lstrip())
            start = offset + indent
            block.append(_Line(start, start + len(stripped), stripped, indent))
        elif block:
            yield block
            block = []
        offset += len(raw) + 1
    if block:
        yield block


def _units(block: list[_Line]) -> Iterator[list[_Line]]:
    """Parts of a block that begin with a list item or a label."""
    dashed = sum(1 for line in block if re.match(r"-\w", line.text)) > 1
    form = sum(1 for line in block if _LABEL.match(line.text)) > 1
    unit: list[_Line] = []
    for line in block:
        if unit and _begins_item(line.text, unit[-1], dashed=dashed, form=form):
            yield unit
            unit = []
        unit.append(line)
    if unit:
        yield unit


def _begins_item(line: str, before: _Line, *, dashed: bool, form: bool) -> bool:
    if _bullet().match(line) or _NUMBERED.match(line) or (dashed and line.startswith("-")):
        return True
    # A lone "Kaupungit ovat mukana: ne…" may also be a sentence that began on the line before.
    inside = not form and _is_open(before) and len(before.text) >= _NARROWEST
    return bool(_LABEL.match(line)) and not inside


def _width(unit: list[_Line]) -> int:
    return max(len(line.text) for line in unit)


def _wrapped_runs(unit: list[_Line]) -> Iterator[list[_Line]]:
    """Lines of a unit that by themselves prove to be one wrapped paragraph."""
    width = _width(unit)
    if not _NARROWEST <= width <= _WIDEST:
        return
    run = unit[:1]
    for pair in [*pairwise(unit), None]:
        if pair and _is_full(*pair, _LOOSE * width):
            run.append(pair[1])
            continue
        if _is_proven(run, whole=run == unit):
            yield run
        run = [pair[1]] if pair else []


def _is_proven(run: list[_Line], *, whole: bool) -> bool:
    pairs = list(pairwise(run))
    if len(pairs) < (2 if whole else 3) or run[0].begins_lower:
        return False
    if len(pairs) < _MANY and not all(_is_full(*pair, _TIGHT * _width(run)) for pair in pairs):
        return False
    return _mostly_goes_on(pairs)


def _breaks_within(unit: list[_Line], width: int, *, sure: bool) -> Iterator[tuple[_Line, _Line]]:
    """Breaks to undo in a unit that is no proven paragraph, given the text's proven width."""
    run: list[tuple[_Line, _Line]] = []
    for pair in [*pairwise(unit), None]:
        if pair and width and _is_full(*pair, _TIGHT * width):
            run.append(pair)
            continue
        if run and _is_believed(run, unit, sure=sure):
            yield from run
        run = []
        if pair and _is_evident(*pair, unit):
            yield pair


def _is_believed(run: list[tuple[_Line, _Line]], unit: list[_Line], *, sure: bool) -> bool:
    """Whether a run of full lines in a unit is prose that was wrapped."""
    first = run[0][0]
    if first.begins_lower or len(first.text) > _WIDEST:
        return False
    if len(run) == 1 and first is not unit[0] and unit[0].text.endswith(":"):
        return False  # a list of contacts under its label
    ends_as_prose = unit[-1].text[-1] in ".!?”"
    if sure and ends_as_prose and 2 * sum(_is_open(line) for line, _ in run) >= len(run):
        return True
    return _mostly_goes_on(run)


def _is_evident(line: _Line, following: _Line, unit: list[_Line]) -> bool:
    """Whether a break lies inside a word, a name or a list item, whatever the width."""
    if _is_divided(line, following):
        return True
    if re.match(r"-[^\W\d_]", following.text) and is_head(following.text[1:]):
        return True
    indented = following.indent > line.indent and following.begins_lower
    return (
        indented
        and line is unit[0]
        and len(line.text) >= _NARROWEST
        and bool(_bullet().match(line.text))
    )


def _is_full(line: _Line, following: _Line, width: float) -> bool:
    """Whether the next line's first word would have made the line longer than ``width``."""
    if _CONTACT_END.search(line.text) or line.text.endswith(":"):
        return False
    first_word = following.text.split(maxsplit=1)[0]
    return len(line.text) + 1 + len(first_word) > width or _is_divided(line, following)


def _is_divided(line: _Line, following: _Line) -> bool:
    """Whether a word or a range of years falls on both lines."""
    return bool(_DIVIDED.search(f"{line.text[-3:]}\n{following.text[0]}"))


def _is_open(line: _Line) -> bool:
    """Whether a line ends in the middle of a sentence."""
    return line.text[-1] not in ".!?:;" and not _CONTACT_END.search(line.text)


def _goes_on(line: _Line, following: _Line) -> bool:
    return _is_open(line) and following.begins_lower


def _mostly_goes_on(pairs: list[tuple[_Line, _Line]]) -> bool:
    return 2 * sum(1 for pair in pairs if _goes_on(*pair)) >= len(pairs)


def _joined(line: _Line, following: _Line, text: str) -> Change:
    kept, between = glue(line.text, following.text, text)
    return Change(line.start + len(kept), following.start, between)
