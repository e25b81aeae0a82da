"""One announcement's way from post to record.

Whatever a stage raises ends in the record of that announcement (``status`` is ``failed``, the
reason names the stage), never in the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from pipeline.prepare import prepared
from pipeline.records import Announcement, Post, Record, Unreadable
from pipeline.stages import StageFailed, at_stage

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Which fields of a record's facts hold keys of its entities.
REFERENCES = {
    "mentions": ("entity",),
    "roles": ("person", "project", "organisation"),
    "participations": ("project", "organisation"),
    "dates": ("project",),
    "budgets": ("project", "organisation"),
    "project_areas": ("project", "area"),
    "identifiers": ("entity",),
    "project_links": ("project", "related"),
}


class Annotates(Protocol):
    """Gives a text's document, with ``doc.text`` the text."""

    def annotate(self, text: str) -> Doc:
        """Annotate a text."""
        ...


def facts(announcement: Announcement, doc: Doc) -> Record:
    """The facts that rules read off an annotated announcement. Raises ``StageFailed``."""
    from pipeline.extract import extract

    return at_stage("extract", lambda: checked(extract(announcement, doc)))


def spoilt(announcement: Announcement, reason: str) -> Record:
    """The record of an announcement whose text is known but on which a later stage failed."""
    return Record(
        announcement=msgspec.structs.replace(announcement, status="failed", reason=reason)
    )


def checked(record: Record) -> Record:
    """The record, if its facts refer to its own entities and its own text.

    Raises ``ValueError`` naming the first that does not, before it can spoil the tables of all.
    """
    text = record.announcement.text
    keys = {entity.key for entity in record.entities}
    if len(keys) < len(record.entities):
        raise ValueError("two entities share a key")
    for mention in record.mentions:
        if text[mention.start : mention.end] != mention.text:
            raise ValueError(f"the mention {mention.text!r} does not stand at {mention.start}")
    for table, references in REFERENCES.items():
        for fact in getattr(record, table):
            if not 0 <= fact.start <= fact.end <= len(text):
                raise ValueError(f"a fact of {table} lies outside the text ({fact.rule})")
            for reference in references:
                key = getattr(fact, reference)
                if key is not None and key not in keys:
                    raise ValueError(f"{table} name no known entity: {key!r} ({fact.rule})")
    return record


def record(post: Post | Unreadable, annotator: Annotates) -> Record:
    """One post's whole way; never raises for what is wrong with the post."""
    announcement = prepared(post)
    if announcement.status != "ok":
        return Record(announcement=announcement)
    try:
        doc = at_stage("annotate", lambda: annotator.annotate(announcement.text))
        return facts(announcement, doc)
    except StageFailed as error:
        return spoilt(announcement, str(error))
