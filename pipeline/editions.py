"""Editions of the rules: which records made under an earlier one hold under the present one.

An edit of the lexicon makes a new edition. Records of announcements that it cannot matter to
(``pipeline.reach``) are carried over: they stay under the keys they have, and a note says so.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import cached_property

import msgspec

from pipeline.reach import SECTIONS
from pipeline.store import Store, store_key
from pipeline.versions import LEXICON, file_sha256, lexicon_files, stage_digest

KEPT = 4  # editions, so that an edit taken back costs nothing


class Edition(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What records are made with: digests of everything, of all but the lexicon, of each stage.

    ``number`` counts editions; ``lexicon`` holds the lexicon's files by name.
    """

    digest: str
    code: str
    prepare: str
    annotate: str
    number: int
    lexicon: dict[str, bytes]


class Carried(msgspec.Struct, frozen=True, tag=True):
    """Of the edition ``digest``: posts whose records were carried over, by the edition they have.

    ``posts`` are keys of posts, by the digest of the edition that made their records.
    """

    digest: str
    posts: dict[str, list[str]]

    def origins(self) -> dict[str, str]:
        """The digest of the edition that made its record, for each post."""
        return {post: digest for digest, posts in self.posts.items() for post in posts}


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Edition | Carried)


class Editions:
    """The present edition and what is known of earlier ones, in a store of their own."""

    def __init__(self, address: str, *, prepare: str, annotate: str, forgotten: str = "") -> None:
        self._store = Store(address)
        self._prepare, self._annotate = prepare, annotate
        # What may be carried over makes an edition too: whoever mends it wants all read anew.
        self.digest = store_key(
            stage_digest("pipeline.work", models=True),
            file_sha256(LEXICON / SECTIONS),
            *filter(None, [forgotten]),
        )
        noted = self._read([_key(Carried, self.digest)])
        self._origins = noted[0].origins() if noted and isinstance(noted[0], Carried) else {}

    def origin(self, post: str) -> str:
        """Digest of the edition under whose key the post's record is, or is to be, kept."""
        return self._origins.get(post, self.digest)

    @cached_property
    def lexicon(self) -> dict[str, bytes]:
        """The present lexicon's files by name."""
        return lexicon_files()

    @cached_property
    def earlier(self) -> list[tuple[Edition, dict[str, str]]]:
        """Editions that differ in the lexicon only, latest first, each with its ``origins``."""
        noted = self._all()
        origins = {one.digest: one.origins() for one in noted if isinstance(one, Carried)}
        return [
            (edition, origins.get(edition.digest, {}))
            for edition in _latest(noted)
            if edition.digest != self.digest
            and (edition.code, edition.annotate) == (_code(), self._annotate)
        ]

    def carry(self, origins: dict[str, str]) -> None:
        """Note that the records of posts hold which the editions ``origins`` made."""
        if not origins:
            return
        self._origins |= origins
        posts: dict[str, list[str]] = {}
        for post, digest in self._origins.items():
            posts.setdefault(digest, []).append(post)
        self._put(Carried(self.digest, posts))

    def note(self) -> None:
        """Remember the present edition, for the next one to carry over from."""
        if _key(Edition, self.digest) in self._store:
            return
        numbers = (edition.number for edition in _latest(self._all()))
        self._put(
            Edition(
                digest=self.digest,
                code=_code(),
                prepare=self._prepare,
                annotate=self._annotate,
                number=max(numbers, default=0) + 1,
                lexicon=self.lexicon,
            )
        )

    def tidy(self, posts: Iterable[str]) -> None:
        """Forget all but the latest editions, and what was carried over for posts now gone."""
        kept = {self.digest, *(edition.digest for edition in _latest(self._all())[:KEPT])}
        present = set(posts)
        if self._origins.keys() - present:
            self._origins = {p: d for p, d in self._origins.items() if p in present}
            self.carry(dict(self._origins))
        self._store.tidy(keep={_key(kind, one) for one in kept for kind in (Edition, Carried)})
        self._store.tidy()

    def _all(self) -> list[Edition | Carried]:
        return self._read(self._store.keys())

    def _read(self, keys: Iterable[str]) -> list[Edition | Carried]:
        noted = []
        for _, payload in self._store.read(keys):
            try:
                noted.append(_DECODER.decode(zlib.decompress(payload)))
            except (zlib.error, msgspec.MsgspecError):  # of another version of this project
                continue
        return noted

    def _put(self, noted: Edition | Carried) -> None:
        with self._store.writer() as writer:
            key = bytes.fromhex(_key(type(noted), noted.digest))
            writer.add(key, zlib.compress(_ENCODER.encode(noted), 1))


def _code() -> str:
    """Digest of everything behind records but the lexicon."""
    return stage_digest("pipeline.work", models=True, lexicon=False)


def _latest(noted: Iterable[Edition | Carried]) -> list[Edition]:
    editions = [one for one in noted if isinstance(one, Edition)]
    return sorted(editions, key=lambda edition: -edition.number)


def _key(kind: type[Edition | Carried], digest: str) -> str:
    return store_key(kind.__name__, digest)
