"""What networks without a fold of announcements tell of it: what evidence is fitted on.

What later decisions are fitted on must be as unsure as in use. ``models/held_out`` holds spans
of each announcement by the SHA-256 of its text, the rows of its words, and the networks of
relations that read those rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from spacy.tokens import Doc, SpanGroup

from pipeline.annotate.annotator import lines_of, set_rows
from pipeline.annotate.contextual import ContextReader
from pipeline.annotate.meanings import Rows, WordMeanings
from pipeline.annotate.spans import SpanFinder
from pipeline.annotate.tokens import pieces
from pipeline.extract.relations.network import RelationNetwork
from pipeline.learned import LEARNED
from pipeline.training.folds import SISTERS, digest, fold_of

FOLDER = "held_out"
SPANS, MEANINGS, RELATIONS = "spans.json", "meanings.npz", "relations.npz"


class Found(NamedTuple):
    """A span found in a text, in characters, and how sure the network is."""

    start: int
    end: int
    label: str
    score: float


class HeldOut(NamedTuple):
    """Spans and rows of texts by the SHA-256 of each, and of each fold the network of relations."""

    spans: Mapping[str, Sequence[Found]]
    rows: Mapping[str, Rows]
    networks: Sequence[RelationNetwork]

    def annotated(self, doc: Doc) -> Doc:
        """The document with the held-out spans and rows of its text in the place of its own.

        Raises ``ValueError`` where there are none: the shipped networks may have seen the text.
        """
        key = digest(doc.text)
        if key not in self.spans or key not in self.rows:
            raise ValueError(
                f"no network held out {doc.text[:40]!r}: python -m pipeline.training context"
            )
        set_rows(doc, self.rows[key])
        return with_spans(doc, self.spans[key])

    def network(self, text: str) -> RelationNetwork | None:
        """The network that reads the rows of a text; ``None`` for the shipped one."""
        return self.networks[fold_of(text)] if digest(text) in self.rows else None


def told_of(
    text: str, reader: ContextReader, finder: SpanFinder, meanings: WordMeanings
) -> tuple[list[Found], Rows]:
    """The spans of a text and the rows of its words."""
    lines = lines_of(text, pieces(text))
    vectors = reader.vectors(text, lines)
    chances = finder.chances(vectors)
    found = [
        Found(line[span.first].start, line[span.after - 1].end, span.label, span.score)
        for line, spans in zip(lines, finder.find(chances, list(map(len, lines))), strict=True)
        for span in spans
    ]
    return found, np.hstack([meanings.of(vectors), finder.rows(chances)])


def write_held_out(
    models: Path,
    spans: Mapping[str, Sequence[Found]],
    rows: Mapping[str, Rows],
    networks: Sequence[Mapping[str, Any]],
) -> None:
    """Write the three files into ``models/held_out``."""
    folder = models / FOLDER
    folder.mkdir(exist_ok=True)
    listed = {key: [list(span) for span in spans[key]] for key in sorted(spans)}
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":")).replace("]],", "]],\n")
    (folder / SPANS).write_text(text + "\n", encoding="utf-8")
    keys = sorted(rows)
    np.savez_compressed(
        folder / MEANINGS,
        texts=np.array(keys),
        words=np.array([len(rows[key]) for key in keys]),
        rows=np.vstack([rows[key] for key in keys]),
    )
    np.savez_compressed(
        folder / RELATIONS,
        **{f"{n}/{name}": values for n, one in enumerate(networks) for name, values in one.items()},
    )


def read_spans(models: Path) -> dict[str, list[Found]]:
    """The held-out spans of texts; none before anything was taught."""
    path = models / FOLDER / SPANS
    if not path.exists():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {key: [Found(*span) for span in spans] for key, spans in rows.items()}


def read_held_out(models: Path) -> HeldOut:
    """What ``write_held_out`` wrote. Raises ``FileNotFoundError``."""
    with np.load(models / FOLDER / MEANINGS) as archive:
        ends = np.cumsum(archive["words"])
        parts = np.split(archive["rows"], ends[:-1])
        rows = dict(zip(archive["texts"].tolist(), parts, strict=True))
    with np.load(models / FOLDER / RELATIONS) as archive:
        networks = [
            RelationNetwork(
                {
                    name.partition("/")[2]: archive[name]
                    for name in archive.files
                    if name.startswith(f"{fold}/")
                }
            )
            for fold in range(SISTERS)
        ]
    return HeldOut(read_spans(models), rows, networks)


def with_spans(doc: Doc, spans: Sequence[Found]) -> Doc:
    """The document with these learned spans in the place of its own."""
    marked = [
        (span, found.score)
        for found in spans
        if (span := doc.char_span(found.start, found.end, label=found.label)) is not None
    ]
    doc.spans[LEARNED] = SpanGroup(
        doc,
        name=LEARNED,
        spans=[span for span, _ in marked],
        attrs={"scores": [score for _, score in marked]},
    )
    return doc
