"""The dates a page gives of itself, wherever they stand, and dates that are not its own."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence import SHIPPED
from pipeline.extract.publication import Publication, find_publication
from pipeline.extract.single_date import read_date

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "eval"
CASES = tomllib.loads((ROOT / "tests/cases/publication.toml").read_text(encoding="utf-8"))["page"]
# A page with a reason is not understood yet; the day it is, its test fails until the reason goes.
PAGES = [
    pytest.param(
        page,
        id=page["comment"],
        marks=pytest.mark.xfail(strict=True, reason=page["reason"]) if "reason" in page else (),
    )
    for page in CASES
]


def _found(text: str) -> Publication:
    return find_publication(text, SHIPPED.model("publication"))


@pytest.mark.parametrize("page", PAGES)
def test_pages(page: dict[str, Any]) -> None:
    found = _found(page["text"])
    said = {
        name: find.first.isoformat()
        for name, find in (("published", found.published), ("updated", found.updated))
        if find is not None and find.first is not None
    }
    assert said == {name: page[name] for name in ("published", "updated") if name in page}


@pytest.mark.parametrize("page", CASES, ids=lambda page: page["comment"])
def test_the_span_is_the_date(page: dict[str, Any]) -> None:
    found = _found(page["text"])
    for find in (found.published, found.updated):
        if find is not None:
            assert read_date(page["text"][find.start : find.end]) == find.first


def plain_announcements() -> list[str]:
    return sorted(path.stem for path in (SHARED / "announcements").glob("*.txt"))


@pytest.mark.skipif(not SHARED.exists(), reason="the shared evaluation set isn't beside the repo")
@pytest.mark.parametrize("stem", plain_announcements())
def test_shared_announcements(stem: str) -> None:
    gold = json.loads((SHARED / "gold" / f"{stem}.json").read_text(encoding="utf-8"))
    text = (SHARED / "announcements" / f"{stem}.txt").read_text(encoding="utf-8", errors="replace")
    found = _found(text)
    for name in ("published", "updated"):
        find = getattr(found, name)
        assert (find.first.isoformat() if find else None) == gold[name], name


@given(st.dates(date(1995, 1, 1), date(2060, 1, 1)), st.booleans())
def test_label_and_date_are_found_at_either_end(day, at_the_top) -> None:
    line = f"Julkaistu {day.day}.{day.month}.{day.year}"
    body = "Hanke alkaa 1.2.2021. Se kestää kaksi vuotta."
    text = f"{line}\n\n{body}" if at_the_top else f"{body}\n\n{line}"
    published = _found(text).published
    assert published is not None
    assert published.first == day


@given(st.text(max_size=300))
def test_any_text_is_safe(text) -> None:
    found = _found(text)
    for find in (found.published, found.updated):
        assert find is None or 0 <= find.start < find.end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.5.2024", date(2024, 5, 3)),
        ("2024-05-03T09:30:00Z", date(2024, 5, 3)),
        ("3. toukokuuta 2024 klo 9", date(2024, 5, 3)),
        ("May 3, 2024", date(2024, 5, 3)),
        ("7.8.2019", date(2019, 8, 7)),  # never 8 July
        ("Fri, 03 May 2024 09:30:00 +0300", date(2024, 5, 3)),
        ("toukokuu 2024", None),  # a day is never filled in
        ("2024", None),
        ("eilen", None),
        ("3 vuotta", None),
        ("Huom.", None),
        ("1.1.2023–31.12.2025", None),
        ("", None),
    ],
)
def test_read_date(text: str, expected: date | None) -> None:
    assert read_date(text) == expected
