"""The steps of a repair, in the order they run."""

from __future__ import annotations

from pipeline.repair.changes import Step
from pipeline.repair.code_pages import code_pages
from pipeline.repair.composition import composition
from pipeline.repair.html_entities import html_entities
from pipeline.repair.invisible import (
    c1_controls,
    control_characters,
    invisible,
    line_endings,
    unusual_spaces,
)
from pipeline.repair.line_breaks import line_breaks
from pipeline.repair.lost_bytes import lost_bytes
from pipeline.repair.lost_hyphens import lost_hyphens
from pipeline.repair.lost_letters import lost_letters
from pipeline.repair.lost_spaces import lost_spaces
from pipeline.repair.markdown import markdown
from pipeline.repair.markup import escapes, html_tags
from pipeline.repair.mojibake import mojibake
from pipeline.repair.spaces import spaces

#: Name (as ``documents.repairs`` shows it) and step. The order matters: wrong decodings come
#: before anything that would touch the spaces, quotes and control characters they consist of.
STEPS: tuple[tuple[str, Step], ...] = (
    ("escapes", escapes),
    ("html_entities", html_entities),
    ("html_tags", html_tags),
    ("markdown", markdown),
    ("mojibake", mojibake),
    ("code_pages", code_pages),
    ("lost_bytes", lost_bytes),
    ("lost_letters", lost_letters),
    ("c1_controls", c1_controls),
    ("line_endings", line_endings),
    ("control_characters", control_characters),
    ("invisible", invisible),
    ("unusual_spaces", unusual_spaces),
    ("composition", composition),
    ("lost_spaces", lost_spaces),
    ("line_breaks", line_breaks),
    ("lost_hyphens", lost_hyphens),
    ("spaces", spaces),
)
