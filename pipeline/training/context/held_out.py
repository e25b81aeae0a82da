"""What networks without a fold of announcements tell of it: what evidence is fitted on.

What later decisions are fitted on must be as unsure as in use. ``models/held_out`` holds spans
of each announcement by the SHA-256 of its text, the rows of its words, and the networks of
relations that read those rows: one of each fold's sister, and those that were shipped when
announcements came that they had not learnt from (``tell``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from spacy.tokens import Doc, SpanGroup

from pipeline.annotate import load_annotator
from pipeline.annotate.annotator import lines_of, rows_of, set_rows
from pipeline.annotate.contextual import ContextReader
from pipeline.annotate.meanings import Rows, WordMeanings
from pipeline.annotate.spans import SpanFinder
from pipeline.annotate.tokens import pieces
from pipeline.extract.relations.network import RelationNetwork
from pipeline.learned import LEARNED
from pipeline.training.folds import digest

FOLDER = "held_out"
OF_MEANINGS = frozenset({"meaning_weights", "meaning_bias"})
"""What of a network of relations runs where words are annotated."""
SPANS, MEANINGS, RELATIONS = "spans.json", "meanings.npz", "relations.npz"


class Found(NamedTuple):
    """A span found in a text, in characters, and how sure the network is."""

    start: int
    end: int
    label: str
    score: float


class HeldOut(NamedTuple):
    """Spans and rows of texts by the SHA-256 of each, and what reads the rows.

    ``by`` numbers the network of ``networks`` that reads the rows of a text.
    """

    spans: Mapping[str, Sequence[Found]]
    rows: Mapping[str, Rows]
    by: Mapping[str, int]
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
        key = digest(text)
        return self.networks[self.by[key]] if key in self.rows else None


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


def tell(models: Path, texts: Iterable[str]) -> int:
    """Add what the shipped networks tell of texts that they have not learnt from.

    Returns how many were added: what is known of the others stays.
    """
    annotator = load_annotator(models)
    spans, rows, by = read_spans(models), *_read_rows(models)
    weights = _read_networks(models)
    with np.load(models / "relations.npz") as archive:
        shipped = {n: archive[n] for n in archive.files if n not in OF_MEANINGS}
    number = _number_of(shipped, weights)
    added = 0
    for text in texts:
        key = digest(text)
        if key not in rows:
            doc = annotator.annotate(text)
            spans[key] = _spans_of(doc)
            rows[key], by[key] = rows_of(doc), number
            added += 1
    write_held_out(models, spans, rows, by, weights)
    return added


def _number_of(network: dict[str, Any], among: list[dict[str, Any]]) -> int:
    """The number of a network among others, which it joins where it is not there yet.

    What was told before is read by the network of its time.
    """
    for number, one in enumerate(among):
        if one.keys() == network.keys() and all(np.array_equal(one[n], network[n]) for n in one):
            return number
    among.append(network)
    return len(among) - 1


def _spans_of(doc: Doc) -> list[Found]:
    group = doc.spans[LEARNED]
    scores = group.attrs["scores"]
    return [
        Found(span.start_char, span.end_char, span.label_, score)
        for span, score in zip(group, scores, strict=True)
    ]


def write_held_out(
    models: Path,
    spans: Mapping[str, Sequence[Found]],
    rows: Mapping[str, Rows],
    by: Mapping[str, int],
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
        by=np.array([by[key] for key in keys], np.uint8),
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
    rows, by = _read_rows(models)
    networks = [RelationNetwork(weights) for weights in _read_networks(models)]
    return HeldOut(read_spans(models), rows, by, networks)


def _read_rows(models: Path) -> tuple[dict[str, Rows], dict[str, int]]:
    """Of each text its rows, and the number of the network that reads them."""
    with np.load(models / FOLDER / MEANINGS) as archive:
        ends = np.cumsum(archive["words"])
        texts = archive["texts"].tolist()
        rows = dict(zip(texts, np.split(archive["rows"], ends[:-1]), strict=True))
        return rows, dict(zip(texts, archive["by"].tolist(), strict=True))


def _read_networks(models: Path) -> list[dict[str, Any]]:
    """The weights of each network of relations."""
    found: dict[int, dict[str, Any]] = {}
    with np.load(models / FOLDER / RELATIONS) as archive:
        for name in archive.files:
            number, _, own = name.partition("/")
            found.setdefault(int(number), {})[own] = archive[name]
    return [found[number] for number in sorted(found)]


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
