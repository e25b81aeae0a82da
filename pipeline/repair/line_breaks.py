"""Hard line breaks: a paragraph cut into lines of similar length becomes one line again.

A break is undone only where the text shows that its lines were filled up to some width: the next
line's first word would not have fitted, and most lines go on in the middle of a sentence. Form
lines, lists, headings and addresses are shorter than that or begin with a capital, and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.repair.changes import Change
from pipeline.repair.hyphens import Vocabulary, glue, is_head
from pipeline.repair.lines import NARROWEST, WIDEST, Line, goes_on, is_divided, units

_LOOSE, _TIGHT = 0.85, 0.93  # part of the width a line must fill; loose where many lines agree
_HALF, _FEW = 0.5, 0.3  # part of the breaks over which a sentence must clearly go on
_MANY = 4  # breaks that agree
_SURE = 3  # breaks that prove a text wrapped all through

Break = tuple[Line, Line]


def line_breaks(text: str) -> list[Change]:
    """Join the lines of hard-wrapped paragraphs, mending words divided at a line's end."""
    if not re.search(r"\S[ \t]*\n[ \t]*\S", text):
        return []
    paragraphs = list(units(text))
    proven = [run for unit in paragraphs for run in _wrapped_runs(unit)]
    width = max((_width(run) for run in proven), default=0)
    sure = sum(len(run) - 1 for run in proven) >= _SURE
    breaks = {pair for run in proven for pair in pairwise(run)}
    for unit in paragraphs:
        breaks.update(_breaks_within(unit, width, sure=sure))
    vocabulary = Vocabulary(text if breaks else "")
    return sorted(_joined(line, following, vocabulary) for line, following in breaks)


def _width(lines: list[Line]) -> int:
    return max(len(line.text) for line in lines)


def _wrapped_runs(unit: list[Line]) -> Iterator[list[Line]]:
    """Lines of a unit that by themselves prove to be one wrapped paragraph."""
    width = _width(unit)
    if not NARROWEST <= width <= WIDEST:
        return
    run = unit[:1]
    for pair in [*pairwise(unit), None]:
        if pair and _is_full(*pair, _LOOSE * width) and not _is_heading(*pair, unit):
            run.append(pair[1])
            continue
        if _is_proven(run, whole=run == unit):
            yield run
        run = [pair[1]] if pair else []


def _is_proven(run: list[Line], *, whole: bool) -> bool:
    pairs = list(pairwise(run))
    if len(pairs) < (2 if whole else 3) or run[0].begins_lower:
        return False
    tight = all(_is_full(*pair, _TIGHT * _width(run)) for pair in pairs)
    if len(pairs) < _MANY and not tight:
        return False
    # Names at the beginning of a line hide that a sentence goes on.
    needed = _FEW if whole and tight and run[-1].ends_sentence else _HALF
    return _share(pairs) >= needed


def _breaks_within(unit: list[Line], width: int, *, sure: bool) -> Iterator[Break]:
    """Breaks to undo in a unit that is no proven paragraph, given the text's proven width."""
    run: list[Break] = []
    for pair in [*pairwise(unit), None]:
        if pair and _is_filled(*pair, width) and not _is_heading(*pair, unit):
            run.append(pair)
            continue
        if run and _is_believed(run, unit, sure=sure):
            yield from run
        run = []
        if pair and _is_evident(*pair, unit):
            yield pair


def _is_believed(run: list[Break], unit: list[Line], *, sure: bool) -> bool:
    """Whether a run of full lines in a unit is a paragraph, item or form line that was wrapped."""
    first = run[0][0]
    if len(first.text) > WIDEST:
        return False
    if sure and first is unit[0]:
        whole = len(run) == len(unit) - 1
        prose = whole and unit[-1].ends_sentence and any(line.is_open for line, _ in run)
        item = first.is_bullet and whole
        value = first.is_label and all(line.begins_as_rest for _, line in run)
        number = run[0][1].text[0].isdigit() and first.text[-1].isdigit()
        if prose or item or value or number:
            return True
    under_label = len(run) == 1 and first is not unit[0] and unit[0].text.endswith(":")
    return not (first.begins_lower or under_label) and _share(run) >= _HALF


def _is_heading(line: Line, following: Line, unit: list[Line]) -> bool:
    """Whether a unit's last line is a heading right below a paragraph."""
    return (
        following is unit[-1]
        and line.ends_sentence
        and not following.ends_sentence
        and not following.begins_as_rest
    )


def _is_evident(line: Line, following: Line, unit: list[Line]) -> bool:
    """Whether a break lies inside a word, a name or a list item, whatever the width."""
    if is_divided(line, following):
        return True
    if re.match(r"-[^\W\d_]", following.text) and is_head(following.text[1:]):
        return True
    indented = following.indent > line.indent and following.begins_lower
    return indented and line is unit[0] and len(line.text) >= NARROWEST and line.is_bullet


def _is_filled(line: Line, following: Line, width: int) -> bool:
    """Whether a line is filled to the text's proven width; labels and names are shorter."""
    return bool(width) and len(line.text) >= NARROWEST and _is_full(line, following, _TIGHT * width)


def _is_full(line: Line, following: Line, width: float) -> bool:
    """Whether the next line's first word would have made the line longer than ``width``."""
    if is_divided(line, following):
        return True
    if (line.ends_with_contact and not following.text[0].isdigit()) or (
        line.text.endswith(":") and not following.begins_as_rest
    ):
        return False
    return len(line.text) + 1 + len(following.text.split(maxsplit=1)[0]) > width


def _share(pairs: list[Break]) -> float:
    """Share of breaks over which a sentence, word or number clearly goes on."""
    return sum(goes_on(*pair) for pair in pairs) / len(pairs)


def _joined(line: Line, following: Line, vocabulary: Vocabulary) -> Change:
    kept, between = glue(line.text, following.text, vocabulary)
    return Change(line.start + len(kept), following.start, between)
