"""One announcement's way: Finnish goes on, others are skipped, a raising stage is named."""

from __future__ import annotations

import re
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

from pipeline import prepare, single
from pipeline.records import Announcement, Entity, Mention, Participation, Post, Record, Unreadable

FINNISH = (
    "Utsjoen kunta käynnistää keväällä hankkeen, jossa kylien asukkaat suunnittelevat "
    "palveluja yhdessä. Hanke kestää kaksi vuotta."
)
SWEDISH = (
    "Kommunen inleder i vår ett projekt där byarnas invånare planerar tjänster tillsammans. "
    "Projektet pågår i två år och finansieras av kommunen."
)


class Whitespace:
    """An annotator that knows words only."""

    def __init__(self) -> None:
        self.nlp = spacy.blank("fi")

    def annotate(self, text: str) -> Doc:
        return self.nlp(text)


class Broken:
    def annotate(self, text: str) -> Doc:
        raise MemoryError("the model does not fit")


def post(text: str, **fields: Any) -> Post:
    return Post(source="a.txt", raw_sha256="0" * 64, text=text, **fields)


@pytest.mark.parametrize(
    ("text", "status", "language"),
    [
        (FINNISH, "ok", "fi"),
        (SWEDISH, "skipped", "sv"),
        ("Hei!", "skipped", "unknown"),
        (" \n\t", "skipped", "unknown"),
    ],
)
def test_only_finnish_goes_on(text: str, status: str, language: str) -> None:
    announcement = prepare.announced(post(text))
    assert (announcement.status, announcement.language) == (status, language)
    assert (announcement.reason is None) == (status == "ok")


def test_title_and_text_are_repaired_and_the_steps_named() -> None:
    broken = FINNISH.encode().decode("mac_roman")
    announcement = prepare.announced(post(broken, title="Kyli√§ ja palveluja"))
    assert announcement.text == FINNISH
    assert announcement.title == "Kyliä ja palveluja"
    assert announcement.repairs


def test_an_unreadable_file_is_a_failed_record() -> None:
    unreadable = Unreadable(source="b.csv", raw_sha256=None, reason="no column text")
    made = single.record(unreadable, Whitespace()).announcement
    assert (made.status, made.reason, made.source) == ("failed", "no column text", "b.csv")


def test_the_stage_that_raised_is_named_and_the_text_kept() -> None:
    made = single.record(post(FINNISH), Broken()).announcement
    assert made.status == "failed"
    assert made.reason is not None
    assert re.fullmatch(r"annotate failed: MemoryError \(\w+\.py:\d+\)", made.reason)
    assert made.text == FINNISH


def test_what_repair_raises_ends_in_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(_: str) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("pipeline.repair.repair", raising)
    made = single.record(post(FINNISH), Whitespace()).announcement
    assert made.status == "failed"
    assert (made.reason or "").startswith("repair failed: RecursionError (prepare.py:")


ANNOUNCEMENT = Announcement(doc_id="d", source="a.txt", raw_sha256="0", text="Inarin kunta tukee.")
BODY = Entity(key="o1", type="organisation", name="Inarin kunta", names=())


def mention(**changes: Any) -> Mention:
    fields = {
        "start": 0, "end": 12, "rule": "r", "confidence": 1.0, "text": "Inarin kunta",
        "label": "ORG", "entity_type": "organisation", "entity": "o1", "lemma": None,
    }  # fmt: skip
    return Mention(**{**fields, **changes})


def test_a_sound_record_passes() -> None:
    sound = Record(announcement=ANNOUNCEMENT, entities=(BODY,), mentions=(mention(),))
    assert single.checked(sound) is sound


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"mentions": (mention(start=1, end=13),)}, "does not stand at 1"),
        ({"mentions": (mention(entity="o2"),)}, "no known entity: 'o2'"),
        ({"entities": (BODY, BODY)}, "share a key"),
        (
            {
                "participations": (
                    Participation(
                        start=0, end=99, rule="r", confidence=1.0, project=None,
                        organisation="o1", part="lead",
                    ),
                )
            },
            "outside the text",
        ),
    ],
)  # fmt: skip
def test_an_unsound_record_is_refused(facts: dict[str, Any], complaint: str) -> None:
    record = Record(**{"announcement": ANNOUNCEMENT, "entities": (BODY,), **facts})
    with pytest.raises(ValueError, match=complaint):
        single.checked(record)
