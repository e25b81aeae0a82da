"""What is measured, each in a process of its own so that memory and caches are its own too.

``python -m pipeline.benchmark.tasks NAME ARGUMENT…`` prints one JSON object.
"""

from __future__ import annotations

import resource
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from pipeline.synthetic import compose

SEED = 11
MEGABYTE = 1024.0  # ru_maxrss counts kilobytes on Linux


def texts(count: int) -> list[str]:
    """The synthetic announcements that all speeds are measured on."""
    return [compose(SEED, number) for number in range(count)]


def ours(count: str) -> dict[str, Any]:
    """Seconds of each stage of this pipeline on one core, models loaded beforehand."""
    from pipeline.annotate import load_annotator
    from pipeline.prepare import prepared
    from pipeline.records import Post
    from pipeline.single import facts

    annotator = load_annotator()
    seconds: defaultdict[str, float] = defaultdict(float)

    def timed(stage: str, step: Callable[[], Any]) -> Any:
        started = perf_counter()
        result = step()
        seconds[stage] += perf_counter() - started
        return result

    def one(number: int, text: str) -> None:
        post = Post(source=f"{number}.txt", raw_sha256="", text=text)
        announcement = timed("repair and language", lambda: prepared(post))
        if announcement.status == "ok":
            doc = timed("annotate", lambda: annotator.annotate(announcement.text))
            timed("extract", lambda: facts(announcement, doc))

    corpus = texts(int(count))
    one(0, corpus[0])  # whatever is loaded on first use
    seconds.clear()
    for number, text in enumerate(corpus):
        one(number, text)
    return {"seconds": sum(seconds.values()), "stages": dict(seconds), **_size(corpus)}


def afternoon(count: str) -> dict[str, Any]:
    """Seconds of an afternoon's script: ftfy, the whole spaCy pipeline, ``search_dates``."""
    import ftfy
    import spacy
    from dateparser.search import search_dates

    name = "spacy_fi_experimental_web_md"
    try:
        nlp, left_out = spacy.load(name), ""
    except Exception:
        # Its lemmatizer needs a library of the system (libvoikko) that may not be there.
        nlp, left_out = spacy.load(name, exclude=["lemmatizer"]), "lemmatizer"
    corpus = texts(int(count))
    nlp(corpus[0])
    search_dates(corpus[0], languages=["fi"])
    started = perf_counter()
    for text in corpus:
        mended = ftfy.fix_text(text)
        nlp(mended)
        search_dates(mended, languages=["fi"])
    return {"seconds": perf_counter() - started, "left_out": left_out, **_size(corpus)}


def _size(corpus: list[str]) -> dict[str, int]:
    return {"announcements": len(corpus), "words": sum(len(text.split()) for text in corpus)}


def run(folder: str, output: str, workers: str) -> dict[str, Any]:
    """A whole run of the main job."""
    from pipeline.options import Options
    from pipeline.run import run

    started = perf_counter()
    report = run(Options(input=Path(folder), output=Path(output), workers=int(workers)))
    return {
        "seconds": perf_counter() - started,
        "extracted": report.extracted,
        "failures": len(report.failures),
        "rows": sum(report.counts.values()),
        "spacy": "spacy" in sys.modules,
    }


def replay(records: str, copies: str, count: str) -> dict[str, Any]:
    """Store ``count`` records made from those of a run, each under a source of its own."""
    from pipeline.ids import document_id
    from pipeline.record_store import encode_record
    from pipeline.record_store import records as stored
    from pipeline.records import Record
    from pipeline.store import Store, store_key

    source = Store(records)
    originals = [record for _, record in stored(source, sorted(source.keys()))]

    def copied() -> Iterator[tuple[str, Record]]:
        for number, record in enumerate(islice(cycle(originals), int(count))):
            post = record.announcement
            name = f"{number}/{post.source}"
            own = msgspec.structs.replace(
                post, source=name, doc_id=document_id(name, post.raw_sha256)
            )
            yield store_key(name), msgspec.structs.replace(record, announcement=own)

    with Store(copies).writer() as writer:
        for key, record in copied():
            writer.put(key, encode_record(record))
    return {"records": int(count)}


def resolve(copies: str, columns: str) -> dict[str, Any]:
    """Resolve all records of a store."""
    from pipeline.resolve import resolve_stored
    from pipeline.store import Store

    store = Store(copies)
    started = perf_counter()
    with resolve_stored(store, sorted(store.keys()), Path(columns)) as tables:
        rows = sum(tables.counts().values())
    return {"seconds": perf_counter() - started, "records": len(store), "rows": rows}


def kill(place: str, times: str) -> dict[str, Any]:
    """Kill runs at random moments."""
    from pipeline.benchmark.kills import kills

    return kills(Path(place), int(times))


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    task.__name__: task for task in (ours, afternoon, run, replay, resolve, kill)
}


def peak_megabytes() -> float:
    """The most memory this process, and the largest of its children, ever held."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return float(max(own, children)) / MEGABYTE


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    result = TASKS[name](*arguments)
    print(msgspec.json.encode({**result, "peak_mb": round(peak_megabytes(), 1)}).decode())
