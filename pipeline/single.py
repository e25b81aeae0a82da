"""One announcement's way from post to record: repair, language, annotate, extract.

Whatever a stage raises ends in the record of that announcement (``status`` is ``failed``, the
reason names the stage), never in the run.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from pipeline.ids import document_id
from pipeline.records import Announcement, Post, Record, Unreadable

if TYPE_CHECKING:
    from spacy.tokens import Doc

FINNISH = "fi"
UNKNOWN = "unknown"
Result = TypeVar("Result")

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


class StageFailed(Exception):
    """A stage raised on one announcement: which stage, and what it said."""

    def __init__(self, stage: str, cause: Exception) -> None:
        super().__init__(f"{stage} failed: {type(cause).__name__}: {cause}")


class Annotates(Protocol):
    """Gives a text's document, with ``doc.text`` the text."""

    def annotate(self, text: str) -> Doc:
        """Annotate a text."""
        ...


def at_stage(stage: str, step: Callable[[], Result]) -> Result:
    """What ``step`` returns; raises ``StageFailed`` with the stage's name for any exception."""
    try:
        return step()
    except StageFailed:
        raise
    except Exception as error:
        raise StageFailed(stage, error) from error


def announced(post: Post) -> Announcement:
    """The post repaired, its language known: ``ok`` to go on with, or ``skipped``.

    Raises ``StageFailed``.
    """
    from pipeline.annotate.language import detect_language
    from pipeline.repair import repair

    repaired = at_stage("repair", lambda: repair(post.text))
    title = at_stage("repair", lambda: repair(post.title).text if post.title else None)
    announcement = Announcement(
        doc_id=document_id(post.source, post.raw_sha256),
        source=post.source,
        raw_sha256=post.raw_sha256,
        text=repaired.text,
        title=title or None,
        url=post.url,
        published=post.published,
        updated=post.updated,
        repairs=repaired.steps,
    )
    if not repaired.text.strip():
        return msgspec.structs.replace(
            announcement, language=UNKNOWN, status="skipped", reason="no text"
        )
    language = at_stage("language", lambda: detect_language(repaired.text))
    if language == FINNISH:
        return msgspec.structs.replace(announcement, language=language)
    reason = "language unknown" if language == UNKNOWN else f"not Finnish ({language})"
    return msgspec.structs.replace(announcement, language=language, status="skipped", reason=reason)


def extracted(announcement: Announcement, annotator: Annotates) -> Record:
    """All facts of an announcement that is ``ok``; one that is not is a record without facts.

    A stage that raises makes the record ``failed``; its text stays.
    """
    if announcement.status != "ok":
        return Record(announcement=announcement)
    try:
        doc = at_stage("annotate", lambda: annotator.annotate(announcement.text))
        return facts(announcement, doc)
    except StageFailed as error:
        return Record(
            announcement=msgspec.structs.replace(announcement, status="failed", reason=str(error))
        )


def facts(announcement: Announcement, doc: Doc) -> Record:
    """The facts that rules read off an annotated announcement. Raises ``StageFailed``."""
    from pipeline.extract import extract

    return at_stage("extract", lambda: checked(extract(announcement, doc)))


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
    if isinstance(post, Unreadable):
        return failed(post, post.reason)
    try:
        announcement = announced(post)
    except StageFailed as error:
        return failed(post, str(error))
    return extracted(announcement, annotator)


def failed(source: Post | Unreadable, reason: str) -> Record:
    """The record of an announcement that could not be read or worked on."""
    raw = source.raw_sha256 or sha256(source.source.encode("utf-8", "surrogatepass")).hexdigest()
    return Record(
        announcement=Announcement(
            doc_id=document_id(source.source, raw),
            source=source.source,
            raw_sha256=raw,
            text="",
            status="failed",
            reason=reason,
        )
    )
