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
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import msgspec

from pipeline.synthetic.__main__ import FOLDER_SIZE

if TYPE_CHECKING:
    from pipeline.records import Record

MEGABYTE = 1024.0  # ru_maxrss counts kilobytes on Linux
WARM = 20  # announcements read before the clock starts, of other texts than those it times


def texts(folder: str) -> list[str]:
    """What the posts below a folder say, in the order of their files."""
    from pipeline.read import read_bytes
    from pipeline.records import Post

    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    posts = (post for path in paths for post in read_bytes(path.name, path.read_bytes()))
    return [post.text for post in posts if isinstance(post, Post)]


def ours(folder: str) -> dict[str, Any]:
    """Processor time of each stage of this pipeline, once all is loaded."""
    from pipeline.annotate import load_annotator
    from pipeline.prepare import prepared
    from pipeline.records import Post
    from pipeline.single import facts

    annotator = load_annotator()
    seconds: defaultdict[str, float] = defaultdict(float)

    def timed(stage: str, step: Callable[[], Any]) -> Any:
        started = process_time()
        result = step()
        seconds[stage] += process_time() - started
        return result

    def one(number: int, text: str) -> None:
        post = Post(source=f"{number}.txt", raw_sha256="", text=text)
        announcement = timed("repair and language", lambda: prepared(post))
        if announcement.status == "ok":
            doc = timed("annotate", lambda: annotator.annotate(announcement.text))
            timed("extract", lambda: facts(announcement, doc))

    corpus = texts(folder)
    for number, text in enumerate(corpus):
        if number == WARM:
            seconds.clear()
        one(number, text)
    return {"seconds": sum(seconds.values()), "stages": dict(seconds), **_size(corpus[WARM:])}


def afternoon(folder: str) -> dict[str, Any]:
    """Processor time of an afternoon's script: ftfy, the whole spaCy pipeline, ``search_dates``."""
    import ftfy
    import spacy
    from dateparser.search import search_dates

    name = "spacy_fi_experimental_web_md"
    try:
        nlp, left_out = spacy.load(name), ""
    except Exception:
        # Its lemmatizer needs a library of the system (libvoikko) that may not be there.
        nlp, left_out = spacy.load(name, exclude=["lemmatizer"]), "lemmatizer"
    corpus = texts(folder)
    started = 0.0
    for number, text in enumerate(corpus):
        if number == WARM:
            started = process_time()
        mended = ftfy.fix_text(text)
        nlp(mended)
        search_dates(mended, languages=["fi"])
    spent = process_time() - started
    return {"seconds": spent, "left_out": left_out, **_size(corpus[WARM:])}


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
        "announcements": sum(report.statuses.values()),
        "extracted": report.extracted,
        "failures": len(report.failures),
        "rows": sum(report.counts.values()),
        "spacy": "spacy" in sys.modules,
    }


def replay(records: str, copies: str, count: str) -> dict[str, Any]:
    """Store ``count`` records made from those of a run, each under a source of its own."""
    from pipeline.record_store import encode_record
    from pipeline.store import Store, store_key

    with Store(copies).writer() as writer:
        for record in _copied(records, int(count)):
            writer.put(store_key(record.announcement.source), encode_record(record))
    return {"records": int(count)}


def _copied(records: str, count: int) -> Iterator[Record]:
    """So many records made from those in a store, each of an announcement of its own."""
    from pipeline.ids import document_id
    from pipeline.record_store import records as stored
    from pipeline.store import Store

    source = Store(records)
    originals = [record for _, record in stored(source, sorted(source.keys()))]
    for number, record in enumerate(islice(cycle(originals), count)):
        post = record.announcement
        name = f"{number // FOLDER_SIZE}/{number}.txt"
        own = msgspec.structs.replace(post, source=name, doc_id=document_id(name, post.raw_sha256))
        yield msgspec.structs.replace(record, announcement=own)


def fill(records: str, folder: str, output: str, count: str) -> dict[str, Any]:
    """Files of ``count`` announcements, and a store that has read them all.

    Their records are copies of those of a run, as are their texts: what it costs that there are
    many can be measured without reading many.
    """
    from pipeline.ledger import Ledger, post_key
    from pipeline.options import LEDGER
    from pipeline.prepare import prepared
    from pipeline.read import read_bytes

    with Ledger(str(Path(output) / LEDGER)) as ledger:
        for record in _copied(records, int(count)):
            said = record.announcement
            path = Path(folder) / said.source
            path.parent.mkdir(parents=True, exist_ok=True)
            raw = said.text.encode()
            path.write_bytes(raw)
            (post,) = read_bytes(said.source, raw)
            announcement = prepared(post)
            key = post_key(post)
            ledger.put_posts(ledger.file_key(said.source, raw), [key])
            ledger.put_text(key, announcement)
            ledger.put_record(key, msgspec.structs.replace(record, announcement=announcement))
    return {"announcements": int(count)}


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
    task.__name__: task for task in (ours, afternoon, run, replay, fill, resolve, kill)
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
