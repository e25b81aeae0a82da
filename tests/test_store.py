"""The store keeps what is put, survives being killed, and forgets what is damaged."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_cases import person, record

from pipeline import store as stores
from pipeline.record_store import decode_record, encode_record, put_records, records
from pipeline.store import Store, store_key

KEYS = [store_key(str(n)) for n in range(40)]


def fill(folder: Path, keys: list[str], text: bytes = b"text ") -> Store:
    store = Store(folder)
    with store.writer() as writer:
        for key in keys:
            writer.put(key, text + key.encode())
    return store


def test_what_is_put_is_there_for_every_later_store(tmp_path: Path) -> None:
    fill(tmp_path, KEYS[:3])
    store = fill(tmp_path, KEYS[2:5])
    assert Store(tmp_path).keys() == store.keys() == set(KEYS[:5])
    assert store.get(KEYS[4]) == b"text " + KEYS[4].encode()
    assert store.get(KEYS[9]) is None
    assert store.missing([KEYS[9], KEYS[0], KEYS[8]]) == [KEYS[9], KEYS[8]]
    assert len(store) == 5


def test_a_payload_once_kept_never_changes(tmp_path: Path) -> None:
    fill(tmp_path, KEYS[:1], b"first ")
    again = fill(tmp_path, KEYS[:1], b"second ")
    assert again.get(KEYS[0]) == b"first " + KEYS[0].encode()
    assert len(list(tmp_path.iterdir())) == 1


def test_stores_see_one_another_after_refresh(tmp_path: Path) -> None:
    one = fill(tmp_path, KEYS[:2])
    writer = Store(tmp_path).writer()
    writer.put(KEYS[7], b"seven")
    assert KEYS[7] not in one
    one.refresh()
    assert one.get(KEYS[7]) == b"seven"
    writer.put(KEYS[8], b"eight")
    writer.close()
    one.refresh()
    assert one.get(KEYS[8]) == b"eight"


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(min_value=0), closed=st.booleans())
def test_a_segment_cut_anywhere_keeps_its_whole_entries(
    tmp_path_factory: pytest.TempPathFactory, cut: int, closed: bool
) -> None:
    folder = tmp_path_factory.mktemp("store")
    store = Store(folder)
    writer = store.writer()
    ends = []
    for key in KEYS[:5]:
        writer.put(key, b"payload " + key.encode())
        ends.append(next(folder.iterdir()).stat().st_size)
    if closed:
        writer.close()
    path = next(folder.iterdir())
    cut %= path.stat().st_size + 1
    os.truncate(path, cut)
    left = Store(folder)
    whole = {key for key, end in zip(KEYS, ends, strict=False) if end <= cut}
    assert left.keys() == whole
    assert all(left.get(key) == b"payload " + key.encode() for key in whole)
    writer.close()


@settings(max_examples=60, deadline=None)
@given(at=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_a_damaged_byte_never_gives_a_wrong_payload(
    tmp_path_factory: pytest.TempPathFactory, at: int, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("store")
    fill(folder, KEYS[:5])
    path = next(folder.iterdir())
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= flip
    path.write_bytes(data)
    store = Store(folder)
    for key in KEYS[:5]:
        assert store.get(key) in (None, b"text " + key.encode())
    redone = fill(folder, [*store.missing(KEYS[:5]), KEYS[6]])
    for key in KEYS[:5]:
        if redone.get(key) is None:
            # Found out on reading only: from then on it is missing, and done once more for good.
            fill_again = redone.missing([key])
            with redone.writer() as writer:
                writer.put(fill_again[0], b"text " + key.encode())
        assert Store(folder).get(key) == b"text " + key.encode()


def test_foreign_and_empty_files_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "00000009-aa.seg").write_bytes(b"not a segment at all")
    (tmp_path / "00000010-bb.seg").write_bytes(b"")
    (tmp_path / "README").write_text("hello")
    assert fill(tmp_path, KEYS[:2]).keys() == set(KEYS[:2])


KILLED = """
import sys
from pipeline.store import Store, store_key
with Store(sys.argv[1]).writer() as writer:
    for n in range(1_000_000):
        writer.put(store_key(str(n)), b"x" * 3000)
        print(n, flush=True)
"""


def test_kill_9_loses_nothing_that_was_put(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    last = 0
    for _ in range(200):
        last = int(child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    child.wait()
    found = Store(tmp_path)
    assert not found.missing([store_key(str(n)) for n in range(last + 1)])
    assert found.get(store_key("0")) == b"x" * 3000


def test_many_small_segments_become_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "MANY", 5)
    for key in KEYS[:6]:
        fill(tmp_path, [key])
    store = Store(tmp_path)
    store.tidy()
    assert len(list(tmp_path.iterdir())) == 1
    assert Store(tmp_path).keys() == set(KEYS[:6])
    assert all(store.get(key) == b"text " + key.encode() for key in KEYS[:6])


def test_what_nobody_wants_is_dropped_once_it_is_the_greater_part(tmp_path: Path) -> None:
    store = fill(tmp_path, KEYS[:10])
    store.tidy(keep=KEYS[:6])
    assert len(store) == 10
    store.tidy(keep=KEYS[:4])
    assert Store(tmp_path).keys() == store.keys() == set(KEYS[:4])
    assert store.get(KEYS[3]) == b"text " + KEYS[3].encode()


def test_an_object_store_gets_whole_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "REMOTE_BATCH", 4)
    address = "memory://records-of-test"
    store = Store(address)
    with store.writer() as writer:
        for key in KEYS[:10]:
            writer.put(key, key.encode())
    assert Store(address).keys() == set(KEYS[:10])
    assert dict(Store(address).read(KEYS[:10])) == {key: key.encode() for key in KEYS[:10]}
    store.tidy(keep=KEYS[:2])
    assert Store(address).keys() == set(KEYS[:2])


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    made = {
        store_key(name): record(name, [person("h", "Aino Esimerkki")])
        for name in ("a.txt", "b.txt")
    }
    store = Store(tmp_path)
    put_records(store, made)
    assert dict(records(store, made)) == made
    assert decode_record(b"something else") is None
    whole = next(iter(made.values()))
    assert decode_record(encode_record(whole)) == whole


def test_ten_thousand_keys_are_listed_without_their_values(tmp_path: Path) -> None:
    store = Store(tmp_path)
    keys = [store_key(str(n)) for n in range(10_000)]
    for start in range(0, 10_000, 500):
        with store.writer() as writer:
            for key in keys[start : start + 500]:
                writer.put(key, b"x" * 2000)
    tracemalloc.start()
    listed = Store(tmp_path)
    assert len(listed.keys()) == 10_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(len(listed.get(key) or b"") for key in keys) == 20_000_000
    assert most < 10_000_000  # bytes; the values alone are twice as many
