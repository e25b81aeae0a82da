"""Sees the page in the text: headings, paragraphs, list items, form fields and furniture."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache, cached_property
from typing import Literal

import msgspec

from pipeline import lexicon
from pipeline.extract.furniture import furniture_of
from pipeline.extract.spans import Spans

BlockKind = Literal["heading", "paragraph", "item", "field", "label", "furniture"]


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the text and what it is; ``text[start:end]`` has no outer white space."""

    start: int
    end: int
    kind: BlockKind


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A label and its value on a form-like page.

    ``key`` is the label's key in ``lexicon/form_labels.toml``, ``None`` for a label that is not
    there (a role title, an organisation, a project's name). ``note`` is the text of a parenthesis
    in the label. A value on several lines is several fields with the same label span.
    """

    key: str | None
    label_start: int
    label_end: int
    start: int
    end: int
    note: str | None = None


class Layout(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The blocks of a text in order, and the fields among them."""

    blocks: tuple[Block, ...]
    fields: tuple[Field, ...]

    def block(self, position: int) -> Block | None:
        """The line at ``position``, its end included."""
        number = bisect_left(self._ends, position)
        if number < len(self.blocks) and self.blocks[number].start <= position:
            return self.blocks[number]
        return None

    @cached_property
    def shown(self) -> tuple[Block, ...]:
        """The lines that are the announcement's own, not the page's furniture."""
        return tuple(block for block in self.blocks if block.kind != "furniture")

    def on_furniture(self, position: int) -> bool:
        """Is the line at ``position`` the page's, not the announcement's?"""
        block = self.block(position)
        return block is not None and block.kind == "furniture"

    def value_at(self, position: int) -> Field | None:
        """The field whose value holds ``position``."""
        return next(self._values.touching(position, position + 1), None)

    def field_at(self, position: int) -> Field | None:
        """The field whose label or value holds ``position``; of several under one the first."""
        number = bisect_right(self._label_starts, position) - 1
        labelled = self._labels[self._label_starts[number]] if number >= 0 else None
        if labelled is not None and position < labelled.label_end:
            return labelled
        return self.value_at(position)

    @cached_property
    def _ends(self) -> list[int]:
        return [block.end for block in self.blocks]

    @cached_property
    def _values(self) -> Spans[Field]:
        return Spans(self.fields)

    @cached_property
    def _labels(self) -> dict[int, Field]:
        """By where its label begins the first field that has it."""
        return {field.label_start: field for field in reversed(self.fields)}

    @cached_property
    def _label_starts(self) -> list[int]:
        return sorted(self._labels)


_LINE = re.compile(r"[^\n]+")
_FIELD = re.compile(
    r"""
    (?P<label> [^\W\d_][^:\n]{1,70}? | \d{1,2}(?:\.\d{1,2})?\.?\ [^\W\d_][^:\n]{1,60}? )
    \s* : (?: (?=\s|$) | (?<=[a-zåäö]{3}:)(?=[A-ZÅÄÖ][a-zåäö]{2}) ) [^\S\n]*
    (?P<value> .*)
    """,
    re.VERBOSE,
)
_NOTE = re.compile(r"\(([^()]*)\)\s*$")
_NUMBERING = re.compile(r"^\d{1,2}(?:\.\d{1,2})?\.?\s+")
_OWNER = re.compile(r"^(?:hankkeen|projektin|ohjelman|hanke)\s+")
_BULLET = re.compile(r"^(?:[-–—•*·▪‣»]|\d{1,2}[.)])\s+(?=\S)")
_DIVIDER = re.compile(r"\t|\s\|\s")
_CELL = re.compile(r"[^\t|\s][^\t|]*")
_WIDE_CELL = re.compile(r"\S+(?: \S+)*")  # columns set with runs of spaces
_SENTENCE_END = re.compile(r"[.!?…][”\"')\]]*$")
_HEADING_WORDS = 16


def layout(text: str) -> Layout:
    """Classify every line of ``text`` and read its form fields."""
    lines = [
        (m.start() + _lead(m.group()), m.start() + len(m.group().rstrip()))
        for m in _LINE.finditer(text)
    ]
    lines = [(start, end) for start, end in lines if end > start]
    furniture = furniture_of(text, lines)
    blocks: list[Block] = []
    fields: list[Field] = []
    open_label: Field | None = None  # a label waiting for its value on the following lines
    previous_end = 0
    header: list[tuple[int, int]] = []  # cells of a table's heading line
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        cells = _cells(line, start)
        if header and len(cells) == len(header):
            blocks.append(Block(start=start, end=end, kind="field"))
            fields += _row(text, header, cells)
            previous_end = end
            continue
        header = cells if _is_header(text, cells) else []
        if header:
            blocks.append(Block(start=start, end=end, kind="label"))
            previous_end, open_label = end, None
            continue
        gap = text.count("\n", previous_end, start) > 1
        previous_end = end
        if number in furniture:
            blocks.append(Block(start=start, end=end, kind="furniture"))
            open_label = None
            continue
        alone = label_key(line.rstrip(":").rstrip())
        following = _next_line(lines, furniture, number)
        match = _FIELD.fullmatch(line) or _uncoloned(line)
        if match and match["value"] and _is_label(match["label"]):
            fields.append(_field(match, start))
            blocks.append(Block(start=start, end=end, kind="field"))
            open_label = None
        elif (
            alone is not None
            and following
            and (line.endswith(":") or not _SENTENCE_END.search(line))
        ):
            blocks.append(Block(start=start, end=end, kind="label"))
            open_label = Field(key=alone, label_start=start, label_end=end, start=start, end=end)
        elif open_label is not None and not (gap and _taken(fields, open_label)):
            bullet = _BULLET.match(line)
            begin = start + (bullet.end() if bullet else 0)
            fields.append(msgspec.structs.replace(open_label, start=begin, end=end))
            blocks.append(Block(start=start, end=end, kind="field"))
            if open_label.key not in _many():
                open_label = None
        else:
            open_label = None
            blocks.append(Block(start=start, end=end, kind=_kind(line)))
    return Layout(blocks=tuple(blocks), fields=tuple(fields))


@cache
def _leading_label() -> re.Pattern[str]:
    """A known label of money, time or parts and a value behind it, no colon between."""
    keys = {"total", "grant", "own", "other_money", "share", "period", "start", "end", "funder"}
    labels = lexicon.settings("form_labels")["labels"]
    words = {label for key in keys for label in labels[key] if len(label) > 5}
    body = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?P<label>(?:{body})(?:\s\([^()\n]+\))?)\s+(?P<value>[\d€A-ZÅÄÖ].*)", re.I)


def _uncoloned(line: str) -> re.Match[str] | None:
    """``Hyväksytyt kokonaiskustannukset 728 400 €``: a label that no colon follows."""
    if len(line) > 90 or _SENTENCE_END.search(line) or not line[0].isupper():
        return None
    match = _leading_label().fullmatch(line) if label_key(line) is None else None
    if match is None or not (match["value"][0].isdigit() or match["value"][0].isupper()):
        return None
    return match


def _cells(line: str, offset: int) -> list[tuple[int, int]]:
    """Spans of the cells of a table's line, tabs, bars or runs of spaces between them."""
    if _DIVIDER.search(line):
        pattern = _CELL
    elif "  " in line:
        pattern = _WIDE_CELL
    else:
        return []
    cells = [
        (offset + m.start(), offset + m.start() + len(m.group().rstrip()))
        for m in pattern.finditer(line)
    ]
    return cells if len(cells) > 1 else []


def _is_header(text: str, cells: list[tuple[int, int]]) -> bool:
    """A heading line has two labels that we know, one of them a project's name or its lead.

    "Nimi" beside nothing but titles, addresses and phones is a person's name.
    """
    keys = {label_key(re.sub(r",?\s*\(?€\)?$", "", text[start:end])) for start, end in cells}
    words = [text[start:end].casefold() for start, end in cells]
    staff = lexicon.settings("form_labels")["staff_table"]["columns"]
    if all(word in staff for word in words):
        return False
    return len(keys - {None}) >= 2 and bool(keys & {"project_name", "lead"})


def _row(text: str, header: list[tuple[int, int]], cells: list[tuple[int, int]]) -> list[Field]:
    return [
        Field(
            key=label_key(re.sub(r",?\s*\(?€\)?$", "", text[low:high])),
            label_start=low,
            label_end=high,
            start=start,
            end=end,
        )
        for (low, high), (start, end) in zip(header, cells, strict=True)
    ]


def _lead(line: str) -> int:
    return len(line) - len(line.lstrip())


def _taken(fields: list[Field], label: Field) -> bool:
    return bool(fields) and fields[-1].label_start == label.label_start


def _kind(line: str) -> BlockKind:
    if _BULLET.match(line):
        return "item"
    words = line.split()
    if (
        len(words) <= _HEADING_WORDS
        and not _SENTENCE_END.search(line)
        and not line.endswith((",", ";"))
    ):
        return "heading"
    return "paragraph"


def _field(match: re.Match[str], offset: int) -> Field:
    note = _NOTE.search(match["label"])
    return Field(
        key=label_key(match["label"]),
        label_start=offset + match.start("label"),
        label_end=offset + match.end("label"),
        start=offset + match.start("value"),
        end=offset + match.end("value"),
        note=note.group(1).strip() if note else None,
    )


def _is_label(label: str) -> bool:
    """A label is short, starts a line with a capital and is no clause of a sentence."""
    if label_key(label) is not None:
        return True
    words = _NOTE.sub("", label).split()
    return len(words) <= 5 and label[:1].isupper() and not re.search(r"[.!?,;]\s", label)


def _next_line(lines: list[tuple[int, int]], furniture: set[int], number: int) -> bool:
    """Is there a line after this one that could hold its value?"""
    after = number + 1
    return after < len(lines) and after not in furniture


@cache
def _labels() -> dict[str, str]:
    return {
        label: key
        for key, labels in lexicon.settings("form_labels")["labels"].items()
        for label in labels
    }


@cache
def _many() -> frozenset[str]:
    return frozenset(lexicon.settings("form_labels")["many"]["keys"])


@cache
def _described() -> re.Pattern[str]:
    """Words before a label that leave it what it is: ``Arvioidut kokonaiskustannukset``."""
    words = lexicon.settings("form_labels")["described"]["words"]
    return re.compile(rf"^(?:(?:{'|'.join(words)})\s+)+")


def label_key(label: str) -> str | None:
    """Key of a label of ``lexicon/form_labels.toml``, ``None`` where it is not there."""
    folded = _NUMBERING.sub("", _NOTE.sub("", label).strip()).strip(" :").casefold()
    labels = _labels()
    bare = _OWNER.sub("", folded)
    return labels.get(folded) or labels.get(bare) or labels.get(_described().sub("", bare))
