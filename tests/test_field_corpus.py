"""The field corpus: its parts stay apart, and its gold holds against its texts."""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from pipeline.lexicon import table
from pipeline.scoring.agreement import agreement
from pipeline.scoring.gold import GoldDocument, GoldEntity, folded, load_gold
from pipeline.scoring.outputs import source_name
from pipeline.training.field import FIELD_PARTS, read_field

FIELD = Path(__file__).parents[1] / "corpus" / "field"
ROWS = list(csv.DictReader((FIELD / "parts.csv").open(encoding="utf-8", newline="")))
# Names that damage breaks in the middle, or that inflect there ("Vähäänkyröön").
HARD_TO_FIND = {
    *("a3-06", "a3-16", "a14-02", "t1-10"),
    *("b1-01", "b1-11", "b1-12", "b2-05", "b4-12", "c4-09"),
    *("d1-03", "d2-08", "d5-06", "d5-09", "d5-10"),
    *("e3-02", "e5-11", "f2-11", "g2-12", "h5-09", "h6-05"),
    *("i1-15", "i3-03", "i3-15", "i7-15", "j6-10", "j6-11", "j7-02"),
    *("k1-13", "k2-18", "k5-04", "k6-10", "l1-06", "l1-18", "l2-18", "l3-17", "l6-12"),
    *("n1-20", "n4-07", "n4-08", "n4-23", "n5-06", "n6-11", "n8-25", "o1-18", "o2-02"),
    *("o4-13", "o6-11", "o6-17", "o7-14", "o7-23"),
    *("p2-17", "p2-25", "p3-21", "p4-23", "q5-21", "q5-25", "q5-26", "q6-11"),
    *("r4-05", "r4-12", "r6-03", "r6-25", "r8-26", "s1-19", "s1-25"),
    *("s2-05", "s2-12", "s2-16", "s2-21", "s3-02", "s3-16", "s3-22", "s5-04"),
    *(
        "ab2-26",
        "ab3-04",
        "ab4-21",
        "v1-26",
        "v2-09",
        "v2-26",
        "v5-10",
        "v5-16",
        "v6-17",
        "u6-16",
        "u8-16",
    ),
    *("y4-05", "y5-12", "y7-07", "y7-17", "y8-05", "z1-14", "z3-13", "w1-05", "w1-22", "w1-23"),
    *("x3-01", "x6-06", "x7-02", "x7-22"),
    *("aa2-23", "aa4-13", "aa4-15"),
}


@cache
def _texts() -> dict[str, tuple[str, GoldDocument]]:
    return {
        text.stem: (_shown(part, text.stem, text.announcement.text), text.gold)
        for part in FIELD_PARTS
        for text in read_field(part, FIELD)
    }


def _shown(part: str, stem: str, text: str) -> str:
    """The repaired text, of a page also what its furniture and head show."""
    page = FIELD / part / "announcements" / f"{stem}.html"
    if not page.exists():
        return text
    source = page.read_bytes().decode("utf-8", "replace")
    return text + " " + html.unescape(re.sub(r"<[^>]+>", " ", source))


def test_every_announcement_is_in_one_part_and_has_gold() -> None:
    assert len(ROWS) == len({row["stem"] for row in ROWS}) == len(_texts()) >= 300
    for part in FIELD_PARTS:
        stems = {row["stem"] for row in ROWS if row["part"] == part}
        for kind in ("announcements", "gold"):
            found = {path.name.split(".")[0] for path in (FIELD / part / kind).iterdir()}
            assert found == stems, f"{part}/{kind}"


def test_the_parts_are_as_large_and_as_spread_as_promised() -> None:
    parts = Counter(row["part"] for row in ROWS)
    assert parts["train"] / len(ROWS) >= 0.6
    assert parts["dev"] >= 60
    assert parts["test"] >= 60
    projects = Counter(row["projects"] for row in ROWS)
    assert projects["none"] >= len(ROWS) / 10
    formats = Counter(row["format"] for row in ROWS)
    assert formats["html"] >= len(ROWS) / 5
    kinds = {row["kind"] for row in ROWS}
    assert {row["kind"] for row in ROWS if row["part"] == "test"} >= kinds - {
        "whole pages of sixteen content systems",
        "several kinds of sites",
    }


def _stands(name: str, text: str) -> bool:
    """Do all words of a name stand in a text in some form?"""
    words = re.sub(r"[^\w]+", " ", name.casefold()).split()
    return all(word in text or word[: max(3, min(5, len(word) - 2))] in text for word in words)


@pytest.mark.parametrize("stem", [row["stem"] for row in ROWS])
def test_gold_holds(stem: str) -> None:
    text, gold = _texts()[stem]
    words = re.sub(r"[^\w]+", " ", text.casefold())
    entities: dict[str, set[str]] = {}
    for kind in ("projects", "people", "organisations", "areas"):
        for entry in getattr(gold, kind):
            entities.setdefault(kind, set()).update(map(folded, entry.names))
            _entity_holds(entry, kind, words if stem not in HARD_TO_FIND else None)

    def known(kind: str, name: str | None) -> bool:
        return name is None or folded(name) in entities.get(kind, set())

    for role in gold.roles:
        assert known("people", role.person), role.person
        assert known("projects", role.project), role.project
        assert known("organisations", role.organisation), role.organisation
    for part in gold.participations:
        assert known("projects", part.project), part.project
        assert known("organisations", part.organisation), part.organisation
        assert part.part in {"lead", "coordinator", "implementer", "funder", "partner"}
    for sum_ in gold.budgets:
        assert known("projects", sum_.project), sum_.project
        assert (sum_.share_pct if sum_.kind == "share" else sum_.amount) is not None
    for area in gold.project_areas:
        assert known("projects", area.project), area.project
        assert known("areas", area.area), area.area
    for link in gold.links:
        assert known("projects", link.project), link.project
        assert known("projects", link.related), link.related
    if gold.status == "skipped":
        assert not entities


def _entity_holds(entry: GoldEntity, kind: str, words: str | None) -> None:
    assert entry.names
    if words is not None and not entry.optional:
        assert any(_stands(name, words) for name in entry.names), entry.names
    if kind == "projects":
        assert entry.kind in {"project", "programme"}
        for interval in (entry.start, entry.end):
            assert interval is None or interval[0] <= interval[1]
    if kind == "areas" and entry.type == "municipality":
        assert entry.code in _codes()


@cache
def _codes() -> frozenset[str]:
    return frozenset(row["code"] for row in table("places") if row["type"] == "municipality")


def test_two_annotators_agree() -> None:
    # The second annotation was made without sight of the first.
    gold: dict[str, Path] = {
        path.stem: path for part in FIELD_PARTS for path in (FIELD / part / "gold").iterdir()
    }
    assert all(source_name(g.source).split(".")[0] in gold for g in load_gold(FIELD / "second"))
    measured = [agreement(FIELD / part / "gold", FIELD / "second") for part in FIELD_PARTS]
    found = [part for part in measured if part]  # none of calibration was annotated twice
    for name in found[0]:
        required = sum(part[name].required for part in found)
        shared = sum(part[name].shared for part in found)
        both = sum(part[name].required_by_both for part in found)
        assert shared / required >= 0.96, name
        assert both / required >= 0.83, name
