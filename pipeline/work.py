"""What a worker does with one item: prepare a raw file or row, or extract a known announcement.

Everything that goes to a worker or comes back is a plain record, so that it travels to another
process or machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pipeline.errors import PipelineError
from pipeline.forgotten import Forgotten
from pipeline.model_files import verify_models
from pipeline.prepare import NOBODY, prepared
from pipeline.read import read_bytes
from pipeline.read.feeds import FeedRow, row_post
from pipeline.records import Announcement, Post, Record, Unreadable
from pipeline.single import Annotates, facts, spoilt
from pipeline.stages import StageFailed, at_stage

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.workers import Work


class RawFile(msgspec.Struct, frozen=True):
    """A file of one post, to be read and prepared."""

    source: str
    raw: bytes
    url: str | None = None


class RawRow(msgspec.Struct, frozen=True):
    """A row of the feed ``feed``, to be read and prepared; ``key`` is its key in the ledger."""

    feed: str
    key: str
    row: FeedRow


class Known(msgspec.Struct, frozen=True):
    """An announcement to extract, with its stored annotation where there is one."""

    key: str
    announcement: Announcement
    annotation: bytes | None


class Prepared(msgspec.Struct, frozen=True):
    """The posts of a raw file, or the one of a row: each with what preparing made of it."""

    posts: list[tuple[Post | Unreadable, Announcement]]


class Extracted(msgspec.Struct, frozen=True):
    """The record of a known announcement, and its annotation when it was made anew."""

    key: str
    record: Record
    annotation: bytes | None


# What every worker reads first, so that no announcement's time goes into loading.
FIRST = Post(
    source="",
    raw_sha256="",
    text="Kunnan hanke alkaa 1.1.2024, ja sitä johtaa johtaja Aino Esimerkki 100 eurolla.",
)

Item = RawFile | RawRow | Known
Done = Prepared | Extracted


class LoadWork(msgspec.Struct, frozen=True):
    """Gives what is done with items; models are loaded when one first needs them.

    ``forgotten`` are people to be taken out of texts. It travels to other processes and machines,
    which call it once.
    """

    forgotten: Forgotten = NOBODY

    def __call__(self) -> Work[Item, Done]:
        """What is done with items."""
        return _Work(self.forgotten)


class _Work:
    """Keeps the models between items."""

    def __init__(self, forgotten: Forgotten) -> None:
        self._forgotten = forgotten
        self._annotator: Annotates | None = None
        self._reads = False

    def is_ready(self, item: Item) -> bool:
        """Whether all that reading, or extracting, needs is loaded."""
        return self._annotator is not None if isinstance(item, Known) else self._reads

    def load(self, item: Item) -> None:
        """Load models, rules and lexicon, by what an announcement asks of them.

        Broken code stops the run here, at once: raises ``PipelineError``.
        """
        try:
            said = prepared(FIRST)
            self._reads = True
            if isinstance(item, Known):
                from pipeline.annotate import load_annotator
                from pipeline.extract import extract

                verify_models()
                annotator = load_annotator()
                extract(said, annotator.annotate(said.text))
                self._annotator = annotator
        except PipelineError:
            raise
        except Exception as error:
            fault = f"The rules or models cannot be loaded: {type(error).__name__}: {error}"
            raise PipelineError(fault) from error

    def __call__(self, item: Item) -> Done:
        """What becomes of an item."""
        match item:
            case RawFile(source, raw, url):
                posts = read_bytes(source, raw, url=url)
                return Prepared([(post, prepared(post, self._forgotten)) for post in posts])
            case RawRow(row=row):
                post = row_post(row)
                return Prepared([(post, prepared(post, self._forgotten))])
            case Known():
                return self._extracted(item)

    def _extracted(self, known: Known) -> Extracted:
        from pipeline.annotations import encode_doc

        made: bytes | None = None
        try:
            doc = self._stored(known)
            if doc is None:
                annotator = self._annotator
                assert annotator is not None
                doc = at_stage("annotate", lambda: annotator.annotate(known.announcement.text))
                made = encode_doc(doc)
            record = facts(known.announcement, doc)
        except StageFailed as error:
            record = spoilt(known.announcement, str(error))
        return Extracted(known.key, record, made)

    def _stored(self, known: Known) -> Doc | None:
        from pipeline.annotations import decode_doc

        if known.annotation is None:
            return None
        return decode_doc(known.annotation, known.announcement.text)
