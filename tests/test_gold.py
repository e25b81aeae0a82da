"""The project's own gold: complete, consistent with itself, and about its text.

Announcements may be garbled on purpose, so names are sought by their ASCII letters alone: those
survive every wrong decoding used, where the other letters do not.
"""

import html
import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SETS = {
    ROOT / "corpus" / "gold": ROOT / "corpus" / "announcements",
    ROOT / "tests" / "unseen" / "gold": ROOT / "tests" / "unseen" / "announcements",
}
FILES = [(gold, texts) for folder, texts in SETS.items() for gold in sorted(folder.glob("*.json"))]
LISTS = {
    "projects",
    "people",
    "organisations",
    "areas",
    "roles",
    "participations",
    "budgets",
    "project_areas",
    "links",
}
PARTS = {"lead", "coordinator", "implementer", "funder", "partner"}
MONEY = {"total", "grant", "own", "share", "other"}
CODE_DIGITS = {
    "municipality": 3,
    "region": 2,
    "subregion": 3,
    "wellbeing_county": 2,
    "country": 0,
    "other": 0,
}

Gold = dict[str, Any]


def letters(text: str) -> str:
    """ASCII letters and digits of a text, lower-case, whatever became of its other letters."""
    text = unicodedata.normalize("NFC", html.unescape(text))
    return re.sub(r"[^a-z0-9]", "", text.lower())


def stems(name: str) -> list[str]:
    """Beginnings of a name's words that stay the same when the name is inflected."""
    words = [letters(word) for word in re.split(r"[\s–-]+", name)]
    words = [word[:2] if word.startswith("uusi") else word for word in words]  # Uudellamaalla
    return [word[: max(2, len(word) // 2)] for word in words if word]


@pytest.fixture(params=FILES, ids=lambda pair: f"{pair[0].parent.parent.name}/{pair[0].stem}")
def announcement(request: pytest.FixtureRequest) -> tuple[Gold, Path]:
    """One gold annotation and the raw text it is about."""
    path, texts = request.param
    gold = json.loads(path.read_text(encoding="utf-8"))
    assert Path(gold["source"]).stem == path.stem
    return gold, texts / gold["source"]


def test_sets_are_not_empty() -> None:
    assert all(list(folder.glob("*.json")) for folder in SETS)


def test_every_announcement_has_gold() -> None:
    for folder, texts in SETS.items():
        raw = {f.stem for f in texts.iterdir() if f.suffix in {".txt", ".html"}}
        assert raw == {f.stem for f in folder.glob("*.json")}


def test_shape(announcement: tuple[Gold, Path]) -> None:
    gold, text = announcement
    assert text.is_file()
    assert set(gold) > LISTS
    assert gold["status"] in {"ok", "skipped"}
    if gold["status"] == "skipped":
        assert gold["language"] != "fi"
        assert not any(gold[key] for key in LISTS)
    for key in ("published", "updated"):
        assert gold[key] is None or date.fromisoformat(gold[key])
    for project in gold["projects"]:
        assert project["kind"] in {"project", "programme"}
        for side in ("start", "end"):
            if side in project:
                first, last = map(date.fromisoformat, project[side])
                assert first <= last
        if "start" in project and "end" in project:
            assert project["start"][0] <= project["end"][1]
    for area in gold["areas"]:
        assert len(area["code"] or "") in {0, CODE_DIGITS[area["type"]]}
        assert bool(area["code"]) == bool(CODE_DIGITS[area["type"]]), area
    assert {p["part"] for p in gold["participations"]} <= PARTS
    for budget in gold["budgets"]:
        assert budget["kind"] in MONEY
        value = "share_pct" if budget["kind"] == "share" else "amount"
        assert budget[value] > 0


def test_facts_name_listed_entities(announcement: tuple[Gold, Path]) -> None:
    gold, _ = announcement
    listed = {
        table: [name for entry in gold[table] for name in entry["names"]]
        for table in ("projects", "people", "organisations", "areas")
    }
    for table, names in listed.items():
        assert len({n.lower() for n in names}) == len(names), f"{table}: one name, two entries"
    where = {
        "project": "projects",
        "related": "projects",
        "person": "people",
        "organisation": "organisations",
        "area": "areas",
    }
    for key in ("roles", "participations", "budgets", "project_areas", "links"):
        seen = []
        for fact in gold[key]:
            for field, table in where.items():
                if fact.get(field) is not None:
                    assert fact[field] in listed[table], f"{key}: {fact[field]}"
            assert fact not in seen, f"{key}: twice {fact}"
            seen.append(fact)


def test_names_come_from_the_text(announcement: tuple[Gold, Path]) -> None:
    gold, path = announcement
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    text = letters(re.sub(r"-\n", "", text))
    for table in ("projects", "people", "organisations", "areas"):
        for entry in gold[table]:
            if entry.get("optional"):  # may be read between the lines
                continue
            assert any(all(stem in text for stem in stems(name)) for name in entry["names"]), entry
