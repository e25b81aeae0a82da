"""Random announcements resolved in two orders, and bit by bit: the tables are the same bytes."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.annotate import Annotator
from pipeline.record_store import put_records
from pipeline.records import Post, Record
from pipeline.resolve import resolve, resolve_stored
from pipeline.single import record
from pipeline.store import Store, store_key
from pipeline.synthetic import compose
from pipeline.tables.check import problems
from pipeline.tables.schema import TABLES
from pipeline.tables.tables import Tables
from pipeline.torture.fuzz import Fuzzed

MOST = 6  # announcements resolved together


def orders(annotator: Annotator, seed: int, seconds: float, most: int) -> Fuzzed:
    """Try ``most`` sets of announcements, each drawn from the seed and its number."""
    tried = Fuzzed()
    started = time.perf_counter()
    while tried.cases < most and time.perf_counter() - started < seconds:
        chance = random.Random(f"orders {seed} {tried.cases}")
        try:
            failure = orders_hold(annotator, chance)
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"
        tried.add(failure)
    tried.seconds = time.perf_counter() - started
    return tried


def orders_hold(annotator: Annotator, chance: random.Random) -> str | None:
    """What is wrong with the tables of some announcements; ``None`` when all is well."""
    records = _records(annotator, chance)
    with resolve(records) as tables:
        if broken := problems(tables):
            return str(broken[0])
    expected = _bytes(resolve(records))
    if _bytes(resolve(chance.sample(records, len(records)))) != expected:
        return "another order, other tables"
    keyed = {store_key(post.announcement.doc_id): post for post in records}
    with TemporaryDirectory(prefix="hankepoimuri-") as place:
        store, columns = Store(Path(place) / "records"), Path(place) / "columns"
        put_records(store, keyed)
        some = chance.sample(sorted(keyed), chance.randrange(len(keyed) + 1))
        resolve_stored(store, some, columns).close()
        if _bytes(resolve_stored(store, list(keyed), columns)) != expected:
            return f"resolved after {len(some)} of {len(keyed)}, other tables"
    return None


def _records(annotator: Annotator, chance: random.Random) -> Sequence[Record]:
    """Of one seed, so that projects, bodies and people come again."""
    seed, found = chance.randrange(1_000), []
    for number in range(chance.randrange(1, MOST + 1)):
        said = compose(seed, chance.randrange(MOST))
        digest = sha256(said.encode()).hexdigest()
        post = Post(source=f"{number}.txt", raw_sha256=digest, text=said)
        found.append(record(post, annotator))
    return found


def _bytes(tables: Tables) -> list[bytes]:
    with tables:
        return [tables.path(table.name).read_bytes() for table in TABLES]
