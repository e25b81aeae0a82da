"""What has been worked out before, layer by layer, each under a key of all it was made from.

    files        a file's bytes              → the keys of its posts
    texts        a post                      → its announcement: repaired text, language
    annotations  a repaired text             → its annotated document
    records      a post                      → its record: the facts that rules read

Each key also holds the digest of the code, lexicon and models behind its layer. So an edited rule
leaves texts and annotations as they are, and a changed model leaves the texts. Where the edit was
one of the lexicon, records that it cannot matter to are carried over from the edition before.
Failures are never kept: they are tried again in the next run.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from hashlib import sha256

import msgspec

from pipeline.annotations import lemmas_of
from pipeline.editions import Edition, Editions
from pipeline.limits import DEFAULT, Limits
from pipeline.reach import reach
from pipeline.record_store import decode_record, encode_record
from pipeline.records import Announcement, Post, Record, Unreadable
from pipeline.store import Store, Writer, store_key
from pipeline.versions import stage_digest

LAYERS = ("files", "texts", "annotations", "records")
EDITIONS = "editions"
LOOKED_AT = 256  # texts whose words are looked at together

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
        self._editions = Editions(
            f"{address}/{EDITIONS}",
            prepare=self._prepare,
            annotate=self._annotate,
            # Who shares a store may keep other people out: then no record serves both.
            forgotten=forgotten if shared else "",
        )

    # Files: which posts they hold.

    def file_key(self, source: str, content: bytes | str) -> str:
        """Key of a file by its place and its bytes, or what its file system calls these bytes."""
        named = content if isinstance(content, str) else sha256(content).hexdigest()
        return store_key("file", source, named, self._read)

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

    def text_key(self, post: str, prepare: str | None = None) -> str:
        """Key of a post's announcement; of one that stages with another digest prepared."""
        return store_key("text", post, prepare or self._prepare)

    def has_text(self, post: str) -> bool:
        """Whether the post's announcement is there."""
        return self.text_key(post) in self._texts

    def texts(
        self, posts: Iterable[str], prepare: str | None = None
    ) -> Iterator[tuple[str, Announcement]]:
        """The announcements of those posts that are there, each with its post's key."""
        by_key = {self.text_key(post, prepare): post for post in posts}
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
        return store_key("record", post, self._editions.origin(post))

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

    def carry_over(self, posts: Iterable[str]) -> list[str]:
        """Carry over what records of the posts there are that hold still; the posts left.

        Notes the present edition of the rules, for the next one to carry over from.
        """
        left = list(posts)
        for edition, origins in self._editions.earlier:
            edit = reach(edition.lexicon, self._editions.lexicon)
            if not left or edit is None:
                continue
            made = {post: origins.get(post, edition.digest) for post in left}
            held = [post for post in left if store_key("record", post, made[post]) in self._records]
            carried = {
                post: made[post]
                for start in range(0, len(held), LOOKED_AT)
                for post, words in self._words(held[start : start + LOOKED_AT], edition)
                if not edit.touches(words)
            }
            self._editions.carry(carried)
            left = [post for post in left if post not in carried]
        self._editions.note()
        return left

    def _words(self, posts: Iterable[str], edition: Edition) -> Iterator[tuple[str, str]]:
        """What the posts say and their lemmas, where it is what it was in an earlier edition."""
        now = dict(self.texts(posts))
        if edition.prepare != self._prepare:
            before = dict(self.texts(now, edition.prepare))
            now = {post: said for post, said in now.items() if before.get(post) == said}
        keys = {p: self.annotation_key(said.text) for p, said in now.items() if said.status == "ok"}
        annotations = self.annotations(keys.values())
        for post, said in now.items():
            lemmas: str | None = ""
            if post in keys:
                payload = annotations.get(keys[post])
                lemmas = None if payload is None else lemmas_of(payload)
            if lemmas is not None:
                yield post, "\n".join([said.source, said.title or "", said.text, lemmas])

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
        self._editions.tidy(kept)
        self._files.tidy(keep=set(files))
        self._texts.tidy(keep={self.text_key(post) for post in kept})
        self._records.tidy(keep={self.record_key(post) for post in kept})
        for store in (self._files, self._texts, self._annotations, self._records):
            store.tidy()

    def __exit__(self, *_: object) -> None:
        """Finish what is being written; all of it stays."""
        self.flush()
