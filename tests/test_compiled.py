"""Derived data is kept under what it was made from, and made anew where it is damaged."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline.compiled
from pipeline.compiled import KEPT, Table, compiled, content_key, joined, packed, parted


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def only() -> Iterator[Path]:
        yield tmp_path / "kept"

    monkeypatch.setattr(pipeline.compiled, "_folders", only)
    return tmp_path / "kept"


def never() -> bytes:
    raise AssertionError("this is already there")


def test_it_is_made_once_for_a_key(folder: Path) -> None:
    assert bytes(compiled("words", "one", lambda: b"kunta")) == b"kunta"
    assert bytes(compiled("words", "one", never)) == b"kunta"


def test_another_key_is_another_content(folder: Path) -> None:
    compiled("words", "one", lambda: b"kunta")
    assert bytes(compiled("words", "two", lambda: b"kaupunki")) == b"kaupunki"
    assert bytes(compiled("words", "one", never)) == b"kunta"


@pytest.mark.parametrize("damage", [b"", b"short", bytes(32) + b"kunta", bytes(40)])
def test_what_is_damaged_is_made_anew(folder: Path, damage: bytes) -> None:
    compiled("words", "one", lambda: b"kunta")
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert bytes(compiled("words", "one", lambda: b"kunta")) == b"kunta"
    assert file.read_bytes() == whole


def test_it_is_held_in_memory_where_nothing_can_be_written(folder: Path) -> None:
    folder.write_bytes(b"no folder")
    assert bytes(compiled("words", "one", lambda: b"kunta")) == b"kunta"


def test_old_editions_go(folder: Path) -> None:
    for number in range(KEPT + 3):
        compiled("words", str(number), lambda: b"kunta")
    assert len(list(folder.iterdir())) == KEPT


WORDS = st.text(st.characters(exclude_characters="\n\t", exclude_categories=["Cs"]))


@given(st.dictionaries(WORDS, WORDS, max_size=40), WORDS)
def test_a_table_answers_as_a_dictionary(entries: dict[str, str], other: str) -> None:
    table = Table(memoryview(packed(entries)))
    assert dict(table) == entries
    assert len(table) == len(entries)
    assert table.get(other) == entries.get(other)
    assert (other in table) == (other in entries)
    assert packed(dict(reversed(entries.items()))) == packed(entries)


@given(st.dictionaries(st.text("abc", min_size=1), st.binary(max_size=200), max_size=5))
def test_parts_come_back_as_they_were(parts: dict[str, bytes]) -> None:
    found = parted(memoryview(joined(parts)))
    assert {name: bytes(part) for name, part in found.items()} == parts


def test_an_edit_gives_another_key() -> None:
    assert content_key("names") != content_key("lexicon") != content_key("names", "lexicon")
    assert len(content_key("compiled.py")) == 64


def test_spacy_comes_without_its_command_line_and_finds_it_when_asked() -> None:
    code = (
        "import sys, pipeline, spacy; print('spacy.cli' in sys.modules); "
        "print(spacy.info(silent=True, exclude=['pipelines'])['spacy_version'])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    spared, version = ran.stdout.split()[:2]
    assert spared == "False"
    assert version[0].isdigit()
