"""Spaces lost where elements of a page ran together: "VetäjäLohjan kaupunki", "tuki8 770 €"."""

from __future__ import annotations

import re
from functools import cache

from pipeline.lexicon import settings
from pipeline.repair.changes import Change, substitute

_BESIDE_SUM = re.compile(
    r"(?<=[a-zåäö])(?=\d{1,3}(?:[ \u00a0]\d{3})+(?:,\d+)?[ \u00a0]?(?:€|euroa))"
    r"|(?<=€)(?=[A-ZÅÄÖ][a-zåäö])"
)


def lost_spaces(text: str) -> list[Change]:
    """Put a colon or space between a known label and its value, a space between a word and a sum.

    A name may be written so ("TukiVerkko"): a label of one word counts where others stand so, too.
    """
    labels = [match for match in _labels().finditer(text) if match["label"][-1].islower()]
    glued = {match["label"] for match in labels if not match["colon"]}
    spaces = {change.start: change for change in substitute(_BESIDE_SUM, lambda _: " ", text)}
    for match in labels:
        if match["colon"] or len(glued) > 1 or " " in match["label"]:
            spaces[match.end()] = Change(match.end(), match.end(), " " if match["colon"] else ": ")
    return sorted(spaces.values())


@cache
def _labels() -> re.Pattern[str]:
    """Labels of ``lexicon/form_labels.toml`` at a line's start that a value follows at once."""
    known = {label for labels in settings("form_labels")["labels"].values() for label in labels}
    words = [
        f"[{label[0].upper()}]{re.escape(label[1:])}"
        for label in sorted(known, key=lambda label: (-len(label), label))
    ]
    return re.compile(
        rf"^[ \t]*(?:[-*•]\s+)?(?P<label>{'|'.join(words)})(?P<colon>:?)(?=[A-ZÅÄÖ]|\d)",
        re.MULTILINE,
    )
