"""From post to announcement: repaired text, its language, and whether there is anything to read."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from pipeline.forgotten import Forgotten
from pipeline.ids import document_id
from pipeline.records import Announcement, Post, Unreadable
from pipeline.stages import StageFailed, at_stage

FINNISH = "fi"
UNKNOWN = "unknown"
NOBODY = Forgotten()


def prepared(post: Post | Unreadable, forgotten: Forgotten = NOBODY) -> Announcement:
    """The post repaired, its language known; ``failed`` with the reason where that failed.

    People who are to be forgotten are taken out.
    """
    if isinstance(post, Unreadable):
        return failed(post, post.reason, forgotten)
    try:
        return announced(post, forgotten)
    except StageFailed as error:
        return failed(post, str(error), forgotten)


def failed(post: Post | Unreadable, reason: str, forgotten: Forgotten = NOBODY) -> Announcement:
    """What is known of an announcement that could not be read or repaired, or was not meant to."""
    raw = post.raw_sha256 or sha256(post.source.encode("utf-8", "surrogatepass")).hexdigest()
    return Announcement(
        doc_id=document_id(post.source, raw),
        source=_kept(post.source, forgotten),
        raw_sha256=raw,
        text="",
        status="skipped" if isinstance(post, Unreadable) and post.skipped else "failed",
        reason=_kept(reason, forgotten),
    )


def _kept(said: str, forgotten: Forgotten) -> str:
    (kept,) = forgotten.without_them(said)
    return kept or said


def announced(post: Post, forgotten: Forgotten = NOBODY) -> Announcement:
    """The post repaired, its language known: ``ok`` to go on with, or ``skipped``.

    Raises ``StageFailed``.
    """
    from pipeline.annotate.language import detect_language
    from pipeline.repair import repair

    repaired = at_stage("repair", lambda: repair(post.text))
    title = at_stage("repair", lambda: repair(post.title).text if post.title else None)
    text, title, url, source = at_stage(
        "repair", lambda: forgotten.without_them(repaired.text, title, post.url, post.source)
    )
    text = text or ""
    announcement = Announcement(
        doc_id=document_id(post.source, post.raw_sha256),
        source=source or post.source,
        raw_sha256=post.raw_sha256,
        text=text,
        title=title or None,
        url=url,
        published=post.published,
        updated=post.updated,
        repairs=repaired.steps,
        reason=post.remark,
    )
    if not text.strip():
        return msgspec.structs.replace(
            announcement, language=UNKNOWN, status="skipped", reason=_with("no text", post.remark)
        )
    language = at_stage("language", lambda: detect_language(text))
    if language == FINNISH:
        return msgspec.structs.replace(announcement, language=language)
    reason = "language unknown" if language == UNKNOWN else f"not Finnish ({language})"
    return msgspec.structs.replace(
        announcement, language=language, status="skipped", reason=_with(reason, post.remark)
    )


def _with(reason: str, remark: str | None) -> str:
    """Why an announcement is skipped, and what of its file could not be read."""
    return f"{reason}; {remark}" if remark else reason
