"""From post to announcement: repaired text, its language, and whether there is anything to read."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from pipeline.ids import document_id
from pipeline.records import Announcement, Post, Unreadable
from pipeline.stages import StageFailed, at_stage

FINNISH = "fi"
UNKNOWN = "unknown"


def prepared(post: Post | Unreadable) -> Announcement:
    """The post repaired, its language known; ``failed`` with the reason where that failed."""
    if isinstance(post, Unreadable):
        return failed(post, post.reason)
    try:
        return announced(post)
    except StageFailed as error:
        return failed(post, str(error))


def failed(post: Post | Unreadable, reason: str) -> Announcement:
    """What is known of an announcement that could not be read or repaired."""
    raw = post.raw_sha256 or sha256(post.source.encode("utf-8", "surrogatepass")).hexdigest()
    return Announcement(
        doc_id=document_id(post.source, raw),
        source=post.source,
        raw_sha256=raw,
        text="",
        status="failed",
        reason=reason,
    )


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
        reason=post.remark,
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
