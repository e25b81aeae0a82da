"""Lines of a text as hard line breaks see them: blocks, list items, labels, contacts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.lexicon import settings

NARROWEST, WIDEST = 40, 120  # characters: widths that texts are wrapped to

_LABEL = re.compile(r"[A-ZÄÖÅ][^:.!?]{1,60}:(?:\s|$)")
_NUMBERED = re.compile(r"(?:\d{1,2}|[a-zA-Z])[.)]\s|\(\d{1,2}\)\s")
_CONTACT_END = re.compile(
    r"(?:\S@\S+|\(at\)\S+|www\.\S+|https?://\S+|(?:\+\d|\(?0)\d[\d ()-]{4,}\d)$"
)
_LONGEST_CONTACT = 100
_DIVIDED = re.compile(r"[^\W_]{2}-\n[^\W_]|\d[–-]\n\d")


@dataclass(frozen=True)
class Line:
    """A line without the white space around it; ``start`` is its offset in the text."""

    start: int
    text: str
    indent: int

    @property
    def begins_lower(self) -> bool:
        """Whether its first letter is a small one, behind a dash or quotation mark too."""
        return self.text.lstrip('-–(”"’')[:1].islower()

    @property
    def begins_as_rest(self) -> bool:
        """Whether it begins as the rest of a sentence or value may: no capital."""
        return self.begins_lower or self.text[0].isdigit() or self.text[0] == "("

    @property
    def is_open(self) -> bool:
        """Whether it ends in the middle of a sentence."""
        return self.text[-1] not in ".!?:;" and not self.ends_with_contact

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends as prose does."""
        return self.text[-1] in ".!?”"

    @property
    def ends_with_contact(self) -> bool:
        """Whether it ends with an address or a telephone number."""
        return bool(_CONTACT_END.search(self.text[-_LONGEST_CONTACT:]))

    @property
    def is_bullet(self) -> bool:
        """Whether it begins like an item of a list."""
        return bool(_bullet().match(self.text))

    @property
    def is_label(self) -> bool:
        """Whether it begins like a line of a form: "Rahoittaja: …"."""
        return bool(_LABEL.match(self.text)) or self.is_whole_label

    @property
    def is_whole_label(self) -> bool:
        """Whether it is a form's label whose value stands on the next line."""
        return self.text.rstrip(" :").casefold() in _form_labels()


def is_divided(line: Line, following: Line) -> bool:
    """Whether a word or a range of years falls on both lines."""
    return bool(_DIVIDED.search(f"{line.text[-3:]}\n{following.text[0]}"))


def goes_on(line: Line, following: Line) -> bool:
    """Whether a sentence, word or number clearly goes on from one line to the next."""
    return is_divided(line, following) or (line.is_open and following.begins_as_rest)


def units(text: str) -> Iterator[list[Line]]:
    """Lines that may be one paragraph: no blank line, list item or label among them."""
    for block in _blocks(text):
        dashed = sum(1 for line in block if re.match(r"-\w", line.text)) > 1
        form = sum(1 for line in block if line.is_label) > 1
        unit: list[Line] = []
        for line in block:
            if unit and _begins_item(line, unit[-1], dashed=dashed, form=form):
                yield unit
                unit = []
            unit.append(line)
        yield unit


def _blocks(text: str) -> Iterator[list[Line]]:
    block: list[Line] = []
    offset = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            indent = len(raw) - len(raw.lstrip())
            block.append(Line(offset + indent, stripped, indent))
        elif block:
            yield block
            block = []
        offset += len(raw) + 1
    if block:
        yield block


def _begins_item(line: Line, before: Line, *, dashed: bool, form: bool) -> bool:
    if line.is_whole_label or before.is_whole_label:
        return True
    # Inside a wrapped sentence a line may begin with a dash, or hold a colon early on.
    inside = before.is_open and len(before.text) >= NARROWEST
    if line.is_bullet:
        return not (inside and line.begins_lower and not before.is_bullet)
    if dashed and line.text.startswith("-"):
        return not (inside and not before.text.startswith("-"))
    return bool(_NUMBERED.match(line.text)) or (line.is_label and (form or not inside))


@cache
def _form_labels() -> frozenset[str]:
    kinds = settings("form_labels")["labels"].values()
    return frozenset(label for labels in kinds for label in labels)


@cache
def _bullet() -> re.Pattern[str]:
    marks = "|".join(map(re.escape, settings("line_breaks")["bullets"]))
    return re.compile(rf"(?:{marks})\s")
