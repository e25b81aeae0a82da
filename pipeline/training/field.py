"""The field corpus: announcements with gold, in parts that stay apart (``corpus/field``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

import msgspec

from pipeline.prepare import prepared
from pipeline.read import read_folder
from pipeline.records import Announcement
from pipeline.scoring.gold import GoldDocument, load_gold
from pipeline.scoring.outputs import source_name

FIELD = Path("corpus/field")
FieldPart = Literal["train", "calibration", "dev", "test", "unread"]
FIELD_PARTS: tuple[FieldPart, ...] = get_args(FieldPart)


class FieldText(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement of the corpus, read and repaired, with its gold."""

    stem: str
    part: FieldPart
    announcement: Announcement
    gold: GoldDocument


def read_field(wanted: FieldPart, folder: Path = FIELD) -> Iterator[FieldText]:
    """The announcements of a part in the order of their names.

    Raises ``ValueError`` for an announcement without gold or gold without an announcement.
    """
    place = folder / wanted
    gold = {source_name(g.source): g for g in load_gold(place / "gold")}
    for post in read_folder(place / "announcements"):
        document = gold.get(source_name(post.source))
        if document is None:
            raise ValueError(f"{folder}: {post.source} has no gold")
        stem = source_name(post.source).split(".", 1)[0]
        yield FieldText(stem=stem, part=wanted, announcement=prepared(post), gold=document)
