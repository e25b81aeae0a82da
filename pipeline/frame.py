"""Facts of a data frame of posts as a data frame, for engines that map over frames.

Spark's ``mapInPandas``, Ray Data's ``map_batches`` and Dask's ``map_partitions`` can all call
``extract_frame``: it needs nothing but the frame, loads the models once a process, and always
returns the same columns. A process of its own does the work, so that a post which takes it down,
or hangs in native code, costs nobody else's. Entities keep the names their announcement gives them;
what is one entity across announcements is for ``resolve`` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from multiprocessing import current_process
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from pipeline.limits import DEFAULT
from pipeline.model_files import verify_models
from pipeline.prepare import failed
from pipeline.records import Post, Provenance, Record, Unreadable
from pipeline.single import record
from pipeline.workers import Alone, Crew, Died, Processes, chunked

if TYPE_CHECKING:
    from pipeline.annotate import Annotator

CHUNK = 8  # posts that its process is given at a time
_TURN = Lock()  # the process does one frame after the other

TEXT: Final = "string"
NUMBER: Final = "Float64"
WHOLE: Final = "Int64"
DAY: Final = "datetime64[s]"
TRUTH: Final = "boolean"

# Every column and its dtype. ``kind`` says what a row is: ``document`` (one for each post, whatever
# became of it), an entity (``project``, ``person``, ``organisation``, ``area``) or a fact
# (``mention``, ``role``, ``participation``, ``date``, ``budget``, ``project_area``,
# ``identifier``, ``project_link``). ``value`` is the role, part, relation, identifier or kind of
# date or budget. Spans count code points of the repaired text, which is ``text`` of the document.
COLUMNS: Mapping[str, str] = {
    "source": TEXT,
    "doc_id": TEXT,
    "kind": TEXT,
    "status": TEXT,
    "language": TEXT,
    "reason": TEXT,
    "name": TEXT,
    "project": TEXT,
    "person": TEXT,
    "organisation": TEXT,
    "area": TEXT,
    "related": TEXT,
    "value": TEXT,
    "code": TEXT,
    "first": DAY,
    "last": DAY,
    "precision": TEXT,
    "amount": NUMBER,
    "currency": TEXT,
    "share_pct": NUMBER,
    "valid": TRUTH,
    "text": TEXT,
    "start_char": WHOLE,
    "end_char": WHOLE,
    "rule": TEXT,
    "confidence": NUMBER,
}
_SPARK = {
    TEXT: "string",
    NUMBER: "double",
    WHOLE: "bigint",
    DAY: "timestamp",
    TRUTH: "boolean",
}
SPARK_SCHEMA = ", ".join(f"`{column}` {_SPARK[dtype]}" for column, dtype in COLUMNS.items())
FACTS = {
    "mentions": "mention",
    "roles": "role",
    "participations": "participation",
    "dates": "date",
    "budgets": "budget",
    "project_areas": "project_area",
    "identifiers": "identifier",
    "project_links": "project_link",
}
_ENTITY_FIELDS = ("project", "person", "organisation", "area", "related")
_SAME_FIELDS = (
    "first",
    "last",
    "precision",
    "amount",
    "currency",
    "share_pct",
    "text",
    "code",
    "valid",
    "rule",
    "confidence",
)
_VALUE_OF = {
    "roles": "role",
    "participations": "part",
    "dates": "kind",
    "budgets": "kind",
    "identifiers": "value",
    "project_links": "relation",
    "mentions": "label",
}


def extract_frame(posts: pd.DataFrame) -> pd.DataFrame:
    """Facts of the posts in a frame, one row each, in the columns of ``COLUMNS``.

    ``posts`` has the columns of a feed: ``text`` or ``html``, and as far as known ``id``, ``url``,
    ``title``, ``published``, ``updated``. The rows of a post come together, its ``document`` row
    first; ``source`` is the post's ``id``, or its place in the index. Raises ``ValueError`` when
    there is neither a column ``text`` nor ``html``.

    A post larger, or that takes longer, than ``limits.DEFAULT`` allows has status ``failed``.
    """
    if not {"text", "html"} & set(posts.columns):
        raise ValueError(
            f"the frame needs a column text or html; it has {', '.join(map(str, posts.columns))}"
        )
    numbered = list(enumerate(_posts(posts)))
    made: dict[int, Record] = {}
    with _TURN:
        for chunk, answers in _crew().through(chunked(numbered, CHUNK)):
            for (number, post), answer in zip(chunk, answers, strict=True):
                if isinstance(answer, Died):
                    answer = Record(announcement=failed(post, str(answer)))
                made[number] = answer
    return _as_frame(row for number in sorted(made) for row in record_rows(made[number]))


Numbered = tuple[int, Post | Unreadable]


class _Reading:
    """Makes the record of a post; its models are loaded."""

    def is_ready(self, item: Numbered) -> bool:
        return True

    def load(self, item: Numbered) -> None:
        """Nothing is left to load."""

    def __call__(self, item: Numbered) -> Record:
        return record(item[1], _annotator())


def _reading() -> _Reading:
    _annotator()
    return _Reading()


@cache
def _crew() -> Crew[Numbered, Record]:
    """Who does the work, started with the first frame: a process, where this one may have some.

    One that an engine started as its daemon may not (Dask's, as it comes): it does the work itself.
    """
    if current_process().daemon:
        return Alone(_reading)
    return Processes(_reading, count=1)


def empty() -> pd.DataFrame:
    """No facts: what engines that want the columns beforehand (Dask's ``meta``) are given."""
    return _as_frame(())


@cache
def _annotator() -> Annotator:
    """The models, loaded once a process."""
    from pipeline.annotate import load_annotator

    verify_models()
    return load_annotator()


def _posts(frame: pd.DataFrame) -> Iterator[Post | Unreadable]:
    from pipeline.read.feeds import read_row

    for index, values in zip(frame.index, frame.to_dict("records"), strict=True):
        row = {str(name): _plain(value) for name, value in values.items() if not _is_missing(value)}
        yield read_row(str(row.get("id", index)), row, DEFAULT.announcement_bytes)


def _is_missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _plain(value: Any) -> Any:
    """A cell as a feed would hold it: no type of pandas or numpy's own."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def record_rows(record: Record) -> Iterator[dict[str, Any]]:
    """The rows of one record: the document, its entities, its facts."""
    post = record.announcement
    common = {"source": post.source, "doc_id": post.doc_id}
    yield {
        **common,
        "kind": "document",
        "status": post.status,
        "language": post.language,
        "reason": post.reason,
        "name": post.title,
        "text": post.text,
    }
    names = {entity.key: entity.name for entity in record.entities}
    for entity in record.entities:
        yield {
            **common,
            "kind": entity.type,
            "name": entity.name,
            "value": entity.subtype,
            "code": entity.code,
        }
    for table, kind in FACTS.items():
        for fact in getattr(record, table):
            yield {**common, "kind": kind, **_fact_row(table, fact, names)}


def _fact_row(table: str, fact: Provenance, names: Mapping[str, str]) -> dict[str, Any]:
    row = {field: getattr(fact, field) for field in _SAME_FIELDS if hasattr(fact, field)}
    row["start_char"], row["end_char"] = fact.start, fact.end
    for field in _ENTITY_FIELDS:
        key = getattr(fact, field, None)
        row[field] = None if key is None else names[key]
    key = getattr(fact, "entity", None)
    if key is not None:
        row["name"] = names[key]
    if table in _VALUE_OF:
        row["value"] = getattr(fact, _VALUE_OF[table])
    return row


def _as_frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(dict(COLUMNS))
