"""What the tags of words are learnt from: annotated passages, and varied copies of them."""

from __future__ import annotations

import csv
import random
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipeline.annotate.spans import LABELS
from pipeline.lexicon import table
from pipeline.training.passages import Passage

BESIDE = ("PERSON", "GPE", "LOC", "DATE", "MONEY", "PERCENT")  # types learnt beside ours
ORDER = (*LABELS, *BESIDE)
WHOLE = frozenset({"PERSON"})  # of them those whose first words are told apart
TAGS = (
    "O",
    *(f"{place}-{label}" for label in LABELS for place in "BILU"),
    *(
        f"{place}-{label}"
        for label in ORDER[len(LABELS) :]
        for place in ("BI" if label in WHOLE else "I")
    ),
)
LONGEST_NAME = 120  # letters
COMMON_NAMES = 6_000  # the commonest family names are drawn
SWAPPED = {"PROJECT": 0.6, "ROLE": 0.25, "PERSON": 0.3}  # share of names put in another's place

_NAME_ENDS = re.compile(
    r"\s?-\s?\w|[\n,.():;–]|\s\(|$"
    r"|\s(?:on|alkoi|päättyi|sai|tuo|oli|jatkaa|käynnisty\w+|alkaa|kokoaa|vie|yhdistää|aloitti)\b"
)
_TITLE_ENDS = re.compile(r"\s[A-ZÅÄÖ]|[,\n.)]|$")
_PERSON_ENDS = re.compile(r"[,.\n(;)]|\s(?:on|kerto|sano|ja)|$")
_LOCAL = ("ssa", "ssä", "sta", "stä", "lla", "llä")
_NOMINATIVE_TITLE = re.compile(r"(?:ja|kkö|ri|ti|tti|jä|nikko|sti|ija|ijä|ores|ari|öri)$")


def tags_of(offsets: Sequence[tuple[int, int]], passage: Passage) -> list[str]:
    """The tag of each word of a line; a word belongs to the first type of ``ORDER`` it touches."""
    tags = ["O"] * len(offsets)
    for start, end, label in sorted(passage.spans, key=lambda span: (ORDER.index(span[2]), span)):
        words = [n for n, (low, high) in enumerate(offsets) if low < end and start < high]
        if not words or any(tags[word] != "O" for word in words):
            continue
        for word in words:
            tags[word] = f"I-{label}"
        if label in LABELS:
            tags[words[-1]] = f"L-{label}"
        if label in LABELS or label in WHOLE:
            tags[words[0]] = f"{'U' if label in LABELS and len(words) == 1 else 'B'}-{label}"
    return tags


def known_names(passages: Iterable[Passage]) -> list[str]:
    """Project names that stand before a hyphen and a head, so in the nominative."""
    return sorted(
        {
            passage.text[start:end]
            for passage in passages
            for start, end, label in passage.spans
            if label == "PROJECT" and re.match(r"\s?-\w", passage.text[end : end + 3])
        }
    )


def register_names(path: Path) -> list[str]:
    """Names of real projects, as a register lists them: CSV with a column ``name``."""
    with path.open(encoding="utf-8", newline="") as stream:
        names = {row["name"].strip() for row in csv.DictReader(stream)}
    return sorted(name for name in names if 2 < len(name) <= LONGEST_NAME)


@cache
def _words() -> dict[str, list[str]]:
    data = tomllib.loads(files(__package__).joinpath("spans.toml").read_text(encoding="utf-8"))
    family = sorted(table("names_family"), key=lambda row: int(row["rank"]))[:COMMON_NAMES]
    return {
        "PROJECT": data["projects"],
        "ROLE": data["roles"],
        "given": [row["name"] for row in table("names_given")],
        "family": [row["name"] for row in family],
    }


def varied(passage: Passage, names: Sequence[str], draw: random.Random) -> Passage:
    """The passage with other names in the place of some: projects, titles, people.

    Only what seems to stand in the nominative is replaced; ``names`` are project names to draw from
    beside those of ``spans.toml``.
    """
    renamed: dict[str, str] = {}
    plain: list[str] = []
    spans: list[tuple[int, int, str]] = []
    done = length = 0
    for start, end, label in passage.spans:
        name = passage.text[start:end]
        chosen = name
        if draw.random() < SWAPPED.get(label, 0) and _replaceable(
            name, label, passage.text[end : end + 12]
        ):
            chosen = renamed.setdefault(name, _drawn(name, label, names, draw))
        before = passage.text[done:start]
        plain += (before, chosen)
        spans.append((length + len(before), length + len(before) + len(chosen), label))
        length, done = spans[-1][1], end
    plain.append(passage.text[done:])
    return Passage("".join(plain), tuple(spans))


def _replaceable(name: str, label: str, behind: str) -> bool:
    tests: dict[str, Callable[[], bool]] = {
        "PROJECT": lambda: bool(_NAME_ENDS.match(behind)) and not name.endswith(_LOCAL),
        "ROLE": lambda: bool(_TITLE_ENDS.match(behind) and _NOMINATIVE_TITLE.search(name)),
        "PERSON": lambda: len(name.split()) == 2 and bool(_PERSON_ENDS.match(behind)),
    }
    return tests[label]()


def _drawn(name: str, label: str, names: Sequence[str], draw: random.Random) -> str:
    words = _words()
    if label == "PERSON":
        return f"{draw.choice(words['given'])} {draw.choice(words['family'])}"
    if label == "PROJECT":
        return draw.choice([*words["PROJECT"], *names])
    title = draw.choice(words["ROLE"])
    return title[0].upper() + title[1:] if name[0].isupper() else title
