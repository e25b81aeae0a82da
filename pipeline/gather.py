"""From a folder's files to records in the ledger: what is missing is prepared, then extracted.

Both steps go through a crew, chunk by chunk; whatever comes back is in the ledger at once, so an
end at any moment loses nothing that was finished.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from pipeline.forgotten import Forgotten
from pipeline.ledger import Ledger, post_key
from pipeline.limits import DEFAULT, Limits
from pipeline.prepare import NOBODY, failed
from pipeline.progress import Progress
from pipeline.read import InputFile, contents, feed_rows, is_feed
from pipeline.read.feeds import FeedRow
from pipeline.records import Announcement, Post, Record, Unreadable
from pipeline.single import spoilt
from pipeline.work import Done, Item, Known, Prepared, RawFile, RawRow
from pipeline.workers import Crew, Died, chunked

CHUNK = 8
MANY = sys.maxsize  # items: more than any crew can share out
LOOKED_UP = 256  # announcements looked up in the ledger at a time


@dataclass(slots=True)
class Gathered:
    """Where the records of a folder are.

    ``files`` (of feeds also each row) and ``posts`` are keys in the ledger; ``failures`` are
    records that aren't kept there, by their post's key; ``extracted`` counts what this run added.
    ``forgotten`` are people to be taken out of what is read.
    """

    files: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    failures: dict[str, Record] = field(default_factory=dict)
    extracted: int = 0
    forgotten: Forgotten = NOBODY

    def kept(self) -> list[str]:
        """Keys of the posts whose records the ledger has."""
        return [post for post in self.posts if post not in self.failures]


def gather(
    inputs: Iterable[InputFile],
    ledger: Ledger,
    crew: Callable[[int], Crew[Item, Done]],
    progress: Progress,
    limits: Limits = DEFAULT,
    forgotten: Forgotten = NOBODY,
) -> Gathered:
    """See to it that the ledger has a record of every post of ``inputs`` within the ``limits``.

    ``crew(items)`` gives who works on so many items.
    """
    gathered = Gathered(forgotten=forgotten)
    progress.phase("looking")
    unread = _look(list(inputs), ledger, gathered, limits)
    known = _missing(gathered, ledger)
    if not unread and not known:
        return gathered
    # How many posts a feed holds is not known before it is read.
    feeds = any(is_feed(file.source) for file in unread)
    with crew(MANY if feeds else len(unread) + len(known)) as workers:
        if unread:
            progress.phase("reading", len(unread))
            _prepare(unread, ledger, workers, gathered, progress, limits)
        if missing := _missing(gathered, ledger):
            progress.phase("extracting", len(missing))
            _extract(missing, ledger, workers, gathered, progress)
    return gathered


def _missing(gathered: Gathered, ledger: Ledger) -> list[str]:
    """Posts that have no record yet."""
    return [
        post
        for post in gathered.posts
        if post not in gathered.failures and not ledger.has_record(post)
    ]


def _look(
    inputs: list[InputFile], ledger: Ledger, gathered: Gathered, limits: Limits
) -> list[InputFile]:
    """Files whose posts are not all in the ledger; the posts of the others are noted."""
    keys = {_key(file, file.version, ledger): file for file in inputs if file.version}
    unread: list[InputFile] = []
    for file, raw in contents((file for file in inputs if not file.version), limits):
        if isinstance(raw, Unreadable):
            _note_failure(raw, failed(raw, raw.reason, gathered.forgotten), gathered)
        else:
            keys[_key(file, raw, ledger)] = file
    known = ledger.posts_of(keys)
    feeds = []
    for key, file in keys.items():
        posts = known.get(key)
        if posts is None or not _are_there(posts, ledger):
            unread.append(file)
        else:
            gathered.files.append(key)
            gathered.posts += posts
            if is_feed(file.source):
                feeds.append(key)
    gathered.files += [*map(ledger.rows_key, feeds), *ledger.rows_of(feeds)]
    return unread


def _key(file: InputFile, content: bytes | str, ledger: Ledger) -> str:
    return ledger.file_key(file.source, content, file.url)


def _are_there(posts: list[str], ledger: Ledger) -> bool:
    return all(ledger.has_record(post) or ledger.has_text(post) for post in posts)


def _prepare(
    unread: list[InputFile],
    ledger: Ledger,
    workers: Crew[Item, Done],
    gathered: Gathered,
    progress: Progress,
    limits: Limits,
) -> None:
    """Read and prepare files; a feed's file is done when all its posts are."""
    feeds: dict[str, _Feed] = {}
    keys: dict[str, str] = {}

    def items() -> Iterator[Item]:
        for file, raw in contents(unread, limits):
            if isinstance(raw, Unreadable):
                _note_failure(raw, failed(raw, raw.reason, gathered.forgotten), gathered)
                progress.advance()
                continue
            key = _key(file, file.version or raw, ledger)
            if is_feed(file.source):
                feed = feeds.setdefault(file.source, _Feed(key))
                yield from _new_rows(file.source, raw, feed, ledger, gathered, limits)
                progress.advance()
            else:
                keys[file.source] = key
                yield RawFile(file.source, raw, file.url)

    for chunk, answers in workers.through(chunked(items(), CHUNK)):
        for item, made in zip(chunk, answers, strict=True):
            done = Prepared([_lost(item, made, gathered)]) if isinstance(made, Died) else made
            assert isinstance(done, Prepared)
            posts = [_note(post, said, ledger, gathered) for post, said in done.posts]
            match item:
                case RawFile(source):
                    _settle(keys.pop(source), posts, ledger, gathered)
                    progress.advance()
                case RawRow(source, key):
                    feeds[source].posts += posts
                    feeds[source].rows.append(key)
                    if not _failed(posts, gathered):
                        ledger.put_posts(key, posts)
    for feed in feeds.values():
        gathered.files += [ledger.put_rows(feed.key, feed.rows), *feed.rows]
        _settle(feed.key, feed.posts, ledger, gathered)


def _new_rows(
    source: str, raw: bytes, feed: _Feed, ledger: Ledger, gathered: Gathered, limits: Limits
) -> Iterator[Item]:
    """Rows of a feed that were never read; the others are noted."""
    rows = feed_rows(source, raw, limits)
    while batch := list(islice(rows, LOOKED_UP)):
        keyed = []
        for row in batch:
            if isinstance(row, Unreadable):
                feed.posts.append(
                    _note(row, failed(row, row.reason, gathered.forgotten), ledger, gathered)
                )
            else:
                keyed.append((ledger.file_key(row.source, f"{row.encoding} {row.sha256}"), row))
        known = ledger.posts_of(key for key, _ in keyed)
        for key, row in keyed:
            if key in known and _are_there(known[key], ledger):
                feed.posts += known[key]
                feed.rows.append(key)
            else:
                yield RawRow(source, key, row)


@dataclass(slots=True)
class _Feed:
    """A feed's key, those of its rows, and of its posts."""

    key: str
    rows: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)


def _settle(file: str, posts: list[str], ledger: Ledger, gathered: Gathered) -> None:
    """Remember which posts a file holds, unless some failed and must be tried again."""
    gathered.files.append(file)
    gathered.posts += [post for post in posts if post not in gathered.failures]
    if not _failed(posts, gathered):
        ledger.put_posts(file, posts)


def _failed(posts: list[str], gathered: Gathered) -> bool:
    return any(post in gathered.failures for post in posts)


def _note(
    post: Post | Unreadable, announcement: Announcement, ledger: Ledger, gathered: Gathered
) -> str:
    key = post_key(post)
    if announcement.status == "failed":
        gathered.failures[key] = Record(announcement=announcement)
    else:
        ledger.put_text(key, announcement)
    return key


def _lost(item: Item, died: Died, gathered: Gathered) -> tuple[Post | Unreadable, Announcement]:
    """A post for an item that took its worker down while it was prepared."""
    match item:
        case RawFile(source) | RawRow(row=FeedRow(source)):
            unread = Unreadable(source=source, raw_sha256=None, reason=str(died))
            return unread, failed(unread, str(died), gathered.forgotten)
        case Known():
            raise TypeError("a known announcement is not prepared")


def _note_failure(post: Post | Unreadable, announcement: Announcement, gathered: Gathered) -> None:
    gathered.failures[post_key(post)] = Record(announcement=announcement)


def _extract(
    missing: list[str],
    ledger: Ledger,
    workers: Crew[Item, Done],
    gathered: Gathered,
    progress: Progress,
) -> None:
    for chunk, answers in workers.through(chunked(_known(missing, ledger, progress), CHUNK)):
        for item, done in zip(chunk, answers, strict=True):
            assert isinstance(item, Known)
            assert not isinstance(done, Prepared)
            if isinstance(done, Died):
                gathered.failures[item.key] = spoilt(item.announcement, str(done))
                continue
            if done.annotation is not None:
                ledger.put_annotation(item.announcement.text, done.annotation)
            if done.record.announcement.status == "failed":
                gathered.failures[done.key] = done.record
            else:
                ledger.put_record(done.key, done.record)
                gathered.extracted += 1
        progress.advance(len(chunk))


def _known(missing: list[str], ledger: Ledger, progress: Progress) -> Iterator[Item]:
    """What is to extract; what is not Finnish has its record at once."""
    posts = iter(missing)
    while batch := list(islice(posts, LOOKED_UP)):
        found = list(ledger.texts(batch))
        wanted = {
            post: ledger.annotation_key(announcement.text)
            for post, announcement in found
            if announcement.status == "ok"
        }
        annotations = ledger.annotations(wanted.values())
        for post, announcement in found:
            if post in wanted:
                yield Known(post, announcement, annotations.get(wanted[post]))
            else:
                ledger.put_record(post, Record(announcement=announcement))
                progress.advance()
