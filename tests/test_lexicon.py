"""The lexicon's files: one that an analyst broke is named by the error that tells of it."""

from __future__ import annotations

import tomllib

import pytest

from pipeline.errors import PipelineError
from pipeline.lexicon import NotSaid, rows_of, settings_of
from pipeline.work import LoadWork, RawFile

FILE = "lexicon/money.toml"


def test_a_file_says_what_stands_in_it() -> None:
    said = settings_of(FILE, '[labels]\nstems = ["kustannu"]')
    assert said == {"labels": {"stems": ["kustannu"]}}
    assert said.get("approximate") is None


@pytest.mark.parametrize("text", ["", "[approximate]"])
def test_a_key_that_is_not_there_is_told_with_its_file(text: str) -> None:
    with pytest.raises(NotSaid) as missing:
        settings_of(FILE, text)["approximate"]["words"]
    said = "words" if text else "approximate"
    assert str(missing.value) == f"{FILE} says nothing of '{said}'"


def test_a_file_that_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match=r"^lexicon/money\.toml: .*line 2"):
        settings_of(FILE, "[labels]\nstems\n")


def test_a_table_without_a_header_is_told() -> None:
    with pytest.raises(ValueError, match="it is empty"):
        rows_of("# head;weak\n\n")


def test_a_run_on_a_broken_lexicon_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def emptied(*_: object) -> None:
        settings_of(FILE, "")["approximate"]

    monkeypatch.setattr("pipeline.work.prepared", emptied)
    with pytest.raises(PipelineError, match=r"cannot be loaded: .*lexicon/money\.toml"):
        LoadWork()().load(RawFile("a.txt", b""))
