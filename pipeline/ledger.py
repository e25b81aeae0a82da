"""What has been worked out before, layer by layer, each under a key of all it was made from.

    files        a file's bytes              → the keys of its posts
    texts        a post                      → its announcement: repaired text, language
    annotations  a repaired text             → its annotated document
    records      a post                      → its record: the facts that rules read

Each key also holds the digest of the code, lexicon and models behind its layer. So an edited rule
leaves texts and annotations as they are, and a changed model leaves the texts.
Failures are never kept: they are tried again in the next run.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from hashlib import sha256

import msgspec

from pipeline.annotations import lemmas_of
from pipeline.limits import DEFAULT, Limits
from pipeline.record_store import decode_record, encode_record
from pipeline.records import Announcement, Post, Record, Unreadable
from pipeline.store import Store, Writer, store_key
from pipeline.versions import stage_digest

LAYERS = ("files", "texts", "annotations", "records")

_PACK = msgspec.msgpack.Encoder(order="deterministic")
_POSTS = msgspec.msgpack.Decoder(list[str])
_ANNOUNCEMENT = msgspec.msgpack.Decoder(Announcement)


def post_key(post: Post | Unreadable) -> str:
    """Key of a post by everything its reader found."""
    return store_key(sha256(_PACK.encode(post)).hexdigest())


class Ledger(AbstractContextManager["Ledger"]):
    """The four stores below one address (a folder, or any fsspec address), and their keys.

    A context: what was put is kept, however the block ends.
    """

    def __init__(
        self,
        address: str,
        limits: Limits = DEFAULT,
        forgotten: str = "",
        *,
        shared: bool = False,
    ) -> None:
        address = address.rstrip("/")
        self._files, self._texts, self._annotations, self._records = (
            Store(f"{address}/{layer}") for layer in LAYERS
        )
        self._writers: dict[str, Writer] = {}
        # What may be read is one of the things that a file's posts depend on.
        sizes = f"{limits.announcement_bytes} {limits.feed_bytes}"
        self._read = store_key(stage_digest("pipeline.read", packages=True), sizes)
        self._prepare = stage_digest("pipeline.prepare", packages=True)
        if forgotten:  # digest of the people that are taken out of texts
            self._prepare = store_key(self._prepare, forgotten)
        self._annotate = stage_digest(
            "pipeline.annotate.annotator", "pipeline.annotations", models=True
        )
        # Who shares a store may keep other people out: then no record serves both.
        others = [forgotten] if forgotten and shared else []
        self._rules = store_key(stage_digest("pipeline.work", models=True), *others)

    # Files: which posts they hold.

    def file_key(self, source: str, content: bytes | str, url: str | None = None) -> str:
        """Key of a file by its place and its bytes, or what its file system calls these bytes, and
        by the address that it is known to come from."""
        named = content if isinstance(content, str) else sha256(content).hexdigest()
        return store_key("file", source, named, url or "", self._read)

    def posts_of(self, files: Iterable[str]) -> dict[str, list[str]]:
        """The keys of the posts of those files that were read before."""
        return {key: _POSTS.decode(payload) for key, payload in self._files.read(files)}

    def put_posts(self, file: str, posts: list[str]) -> None:
        """Note which posts a file holds."""
        self._writer("files", self._files).put(file, _PACK.encode(posts))

    def rows_of(self, feeds: Iterable[str]) -> list[str]:
        """The keys of all rows of those feeds that were read before."""
        keys = map(self.rows_key, feeds)
        return [row for _, payload in self._files.read(keys) for row in _POSTS.decode(payload)]

    def rows_key(self, feed: str) -> str:
        """Key of what is known of a feed's rows."""
        return store_key("rows", feed)

    def put_rows(self, feed: str, rows: list[str]) -> str:
        """Note which rows a feed holds, each with ``put_posts`` of its own; the note's key."""
        key = self.rows_key(feed)
        self._writer("files", self._files).put(key, _PACK.encode(rows))
        return key

    # Texts.

    def text_key(self, post: str) -> str:
        """Key of a post's announcement."""
        return store_key("text", post, self._prepare)

    def has_text(self, post: str) -> bool:
        """Whether the post's announcement is there."""
        return self.text_key(post) in self._texts

    def texts(self, posts: Iterable[str]) -> Iterator[tuple[str, Announcement]]:
        """The announcements of those posts that are there, each with its post's key."""
        by_key = {self.text_key(post): post for post in posts}
        for key, payload in self._texts.read(by_key):
            yield by_key[key], _ANNOUNCEMENT.decode(zlib.decompress(payload))

    def put_text(self, post: str, announcement: Announcement) -> None:
        """Keep a post's announcement."""
        payload = zlib.compress(_PACK.encode(announcement), 1)
        self._writer("texts", self._texts).put(self.text_key(post), payload)

    # Annotations.

    def annotation_key(self, text: str) -> str:
        """Key of a text's annotation."""
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return store_key("annotation", digest, self._annotate)

    def annotations(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The annotations under those of ``keys`` that are there."""
        return dict(self._annotations.read(keys))

    def lemmas(self, texts: Iterable[str]) -> dict[str, str]:
        """Every lemma of each text that has an annotation, once, with spaces between."""
        keys = {self.annotation_key(text): text for text in texts}
        found = self._annotations.read(keys)
        return {keys[key]: lemmas_of(payload) or "" for key, payload in found}

    def put_annotation(self, text: str, payload: bytes) -> None:
        """Keep a text's annotation."""
        self._writer("annotations", self._annotations).put(self.annotation_key(text), payload)

    # Records.

    def record_key(self, post: str) -> str:
        """Key of a post's record."""
        return store_key("record", post, self._rules)

    def has_record(self, post: str) -> bool:
        """Whether the post's record is there."""
        return self.record_key(post) in self._records

    @property
    def record_store(self) -> Store:
        """The store of records, to resolve from."""
        return self._records

    def put_record(self, post: str, record: Record) -> None:
        """Keep a post's record."""
        self._writer("records", self._records).put(self.record_key(post), encode_record(record))

    def _writer(self, name: str, store: Store) -> Writer:
        if name not in self._writers:
            self._writers[name] = store.writer()
        return self._writers[name]

    # All there is, of whatever edition.

    def texts_but(self, known: set[str]) -> Iterator[tuple[str, Announcement | None]]:
        """Every announcement with its key in the layer, ``None`` for one that cannot be read.

        Those under the ``known`` keys are left out.
        """
        for key, payload in self._texts.read(self._texts.keys() - known):
            try:
                yield key, _ANNOUNCEMENT.decode(zlib.decompress(payload))
            except (zlib.error, msgspec.MsgspecError):
                yield key, None

    def records_but(self, known: set[str]) -> Iterator[tuple[str, Announcement | None]]:
        """The announcement of every record, likewise."""
        for key, payload in self._records.read(self._records.keys() - known):
            record = decode_record(payload)
            yield key, None if record is None else record.announcement

    def keep_only(self, *, texts: Collection[str], records: Collection[str]) -> int:
        """Drop all but these entries, now; how many went."""
        return self._texts.keep_only(texts) + self._records.keep_only(records)

    def keep_annotations(self) -> None:
        """Drop all annotations but those of the announcements that are there."""
        found = (*self.texts_but(set()), *self.records_but(set()))
        self._annotations.keep_only(
            {self.annotation_key(post.text) for _, post in found if post is not None}
        )

    @property
    def damaged(self) -> int:
        """How many entries were found not to be what was put; they are made anew."""
        stores = (self._files, self._texts, self._annotations, self._records)
        return sum(store.damaged for store in stores)

    def flush(self) -> None:
        """Finish what is being written."""
        with ExitStack() as closing:
            for writer in self._writers.values():
                closing.callback(writer.close)
            self._writers.clear()

    def tidy(self, files: Iterable[str], posts: Iterable[str]) -> None:
        """Drop what no present file or post needs, once it is the greater part; merge the rest."""
        self.flush()
        kept = list(posts)
        if len(self._annotations) > 2 * len(kept):
            texts = {self.annotation_key(post.text) for _, post in self.texts(kept)}
            self._annotations.tidy(keep=texts)
        self._files.tidy(keep=set(files))
        self._texts.tidy(keep={self.text_key(post) for post in kept})
        self._records.tidy(keep={self.record_key(post) for post in kept})
        for store in (self._files, self._texts, self._annotations, self._records):
            store.tidy()

    def __exit__(self, *_: object) -> None:
        """Finish what is being written; all of it stays."""
        self.flush()
